//! Copies that can be proved: what was written, as its author signed it, and the keys of those who signed.
//!
//! Invariants:
//!
//! - what was signed is kept as it came; what it became here stands beside it, and both are held against each other each
//!   time that somebody asks;
//! - a key that was seen once stays known: a copy is proved from what is kept here, without asking anybody, also when its
//!   home and the address of the key are gone;
//! - a key that another instance told of says by whom; it counts only until its owner is heard, and never beside a key that
//!   was seen of them;
//! - of what has no history here, threads and replies, the newest is kept, and nothing once it was deleted.

mod actions;
mod model;
mod queries;
pub mod routes;
mod said;
mod verifying;
mod view;

pub use actions::{
    all_of, all_of_many, be_told_key, forget, forget_from, keep, keep_labels, keys_of, of, of_document,
    of_posts, see_key, see_no_key, with_labels,
};
pub use model::{CopyKind, SeenKey, SignedCopy, Subject, Verdict, judge};
pub use said::Said;
pub use verifying::{Finding, document, sweep_through};
