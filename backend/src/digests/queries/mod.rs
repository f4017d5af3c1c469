//! Rows of preferences and digests, and what arrived.

mod digests;
mod preferences;

pub use digests::*;
pub use preferences::*;
