//! Rows of documents.

mod documents;
mod marks;
mod revisions;

pub use documents::*;
pub use marks::*;
pub use revisions::*;
