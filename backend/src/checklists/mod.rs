//! The first weeks of a network, as a list for its coordinators: what makes it work, and what of that is there.
//!
//! Invariants:
//!
//! - each item is computed from what is there, when it is asked for: nobody ticks anything off, and what was done and
//!   undone is open again;
//! - it is for coordinators, and waits until they look: no mail and no notification comes of it;
//! - what does not suit a network is put aside by a coordinator, and can be brought back;
//! - a bounded number of queries, however large the network.

mod actions;
mod model;
mod queries;
pub mod routes;
mod view;

pub use model::Item;
