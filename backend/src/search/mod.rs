//! Finding: networks, threads, replies, documents and attached files, by their words.
//!
//! Invariants:
//!
//! - nobody finds what they may not read: who may is asked at the moment of the question, by the one filter of
//!   networks, and stored nowhere; a `members` network is found, as it shows itself, but not what is in it;
//! - what was written is found at once: it is indexed in the transaction that writes it ([`crate::index`]). What
//!   stands in a file is read after that, by a worker;
//! - first what has all of the question in its title, then the rest, each newest first: a document by its last change,
//!   everything else by when it was made; the same on both databases;
//! - highlights are data, never HTML.

mod actions;
mod highlight;
mod model;
mod queries;
mod resolved;
pub mod routes;
mod view;

pub use resolved::{Resolved, ResolvedKind};
