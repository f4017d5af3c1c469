//! Networks live across instances: what is exchanged with other instances, by ActivityPub.
//!
//! Invariants:
//!
//! - nothing leaves and nothing comes in but where an admin and the network chose it ([`crate::peers`]);
//! - of people leaves what stands on their page: never an e-mail address, "expert by experience", access needs, or that
//!   somebody reads by mail alone.

mod actions;
mod addresses;
mod discovery;
mod keys;
mod objects;
mod queries;
pub mod routes;
mod serving;
mod view;
