//! Rows of preferences and digests, and what arrived.

mod arrivals;
mod digests;
mod preferences;

pub use arrivals::*;
pub use digests::*;
pub use preferences::*;
