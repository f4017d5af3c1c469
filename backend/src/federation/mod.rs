//! Networks live across instances: what is exchanged with other instances, by ActivityPub.
//!
//! Invariants:
//!
//! - nothing leaves and nothing comes in but where an admin and the network chose it ([`crate::peers`]);
//! - of people leaves what stands on their page: never an e-mail address, "expert by experience", access needs, or that
//!   somebody reads by mail alone.

mod actions;
mod actors;
mod addresses;
mod asking;
mod backfill;
mod discovery;
mod follows;
mod inbox;
mod keys;
mod known;
mod objects;
mod outgoing;
mod posts;
mod queries;
mod receiving;
pub mod resolving;
pub mod routes;
mod rules;
pub mod sending;
mod serving;
mod signed;
pub mod taking;
pub mod telling;
mod text;
mod tombstones;
mod view;
mod written;

use kring_db::{Time, Tx};

use crate::error::Result;

/// Forgets what was done long ago.
pub fn sweep(tx: &mut Tx, now: Time) -> Result<()> {
    inbox::sweep(tx, now)?;
    tombstones::sweep(tx, now)
}
