//! Rows of threads and replies.

mod marks;
mod replies;
mod threads;

pub use marks::*;
pub use replies::*;
pub use threads::*;
