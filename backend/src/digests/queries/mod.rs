//! Rows of preferences and digests, and what arrived.

mod adoptions;
mod arrivals;
mod digests;
mod preferences;

pub use adoptions::*;
pub use arrivals::*;
pub use digests::*;
pub use preferences::*;
