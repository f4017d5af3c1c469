//! Rows of documents.

mod adoptions;
mod documents;
mod marks;
mod revisions;

pub use adoptions::*;
pub use documents::*;
pub use marks::*;
pub use revisions::*;
