//! Rows of documents.

mod adoptions;
mod documents;
mod marks;
mod public;
mod revisions;
mod variants;

pub use adoptions::*;
pub use documents::*;
pub use marks::*;
pub use public::*;
pub use revisions::*;
pub use variants::*;
