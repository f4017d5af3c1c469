//! Rows of threads and replies.

mod addressed;
mod archives;
mod beginnings;
mod marks;
mod public;
mod replies;
mod threads;

pub use addressed::*;
pub use archives::*;
pub use beginnings::*;
pub use marks::*;
pub use public::*;
pub use replies::*;
pub use threads::*;
