//! Rows of documents.

mod adoptions;
mod archives;
mod documents;
mod elsewhere;
mod marks;
mod public;
mod revisions;
mod variants;

pub use adoptions::*;
pub use archives::*;
pub use documents::*;
pub use elsewhere::*;
pub use marks::*;
pub use public::*;
pub use revisions::*;
pub use variants::*;
