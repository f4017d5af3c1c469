//! Networks live across instances: what is exchanged with other instances, by ActivityPub.
//!
//! Invariants:
//!
//! - nothing leaves and nothing comes in but where an admin and the network chose it ([`crate::peers`]);
//! - of people leaves what stands on their page: never an e-mail address, "expert by experience", access needs, or that
//!   somebody reads by mail alone;
//! - a network outlives its home: [`moves`] says who may continue it, and what becomes of its copies.

mod actions;
mod actors;
mod addresses;
mod ancestors;
pub mod articles;
mod asker;
mod asking;
pub mod backfill;
mod continuing;
mod coordinators;
mod deeds;
mod departed;
mod discovery;
mod erasing;
pub mod finding;
mod follows;
mod found;
mod hearing;
pub mod homes;
mod inbox;
mod keys;
mod known;
mod later;
pub mod mentioning;
mod moves;
mod moves_view;
mod moving;
mod notices;
mod objects;
mod outgoing;
mod posts;
mod privacy;
mod queries;
mod receiving;
pub mod resolving;
mod returned;
pub mod routes;
mod rules;
pub mod sending;
mod sequencing;
mod serving;
mod signed;
mod subjects;
mod sweeping;
pub mod taking;
pub mod telling;
mod tombstones;
mod unfollowed;
mod view;
pub mod watching;
mod whole;
mod written;

pub use deeds::remove;
pub use erasing::{erase, recall};

pub use asking::Flights;
pub use inbox::MessageId;
pub use sequencing::sequence_now;
pub use sweeping::sweep;

use crate::text::received as text;
