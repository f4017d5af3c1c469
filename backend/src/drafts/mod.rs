//! What somebody is writing and has not published: kept by the server, across sessions and devices.
//!
//! Invariants:
//!
//! - a draft is its writer's alone. It is in no list, search, digest or feed of anybody else, and goes with their
//!   account;
//! - it takes what is there, however little: a draft without a title is a draft;
//! - no text is written over unseen. What cannot be saved over a draft, because another device was first, stands
//!   beside it as a draft of its own (`~2`, `~3` …); so does a change of a thread, a reply, a document or the
//!   words of a network that came too late ([`refuse`]);
//! - it goes when its very words are published, in the same transaction ([`published`]), when its writer throws it away,
//!   or when nobody touched it for a year and a bit; never because what it is about went away or out of sight.
//!
//! What drafts are about is not known here: a target is a kind and a text. Which network a target is in, higher domains
//! say by the [`WhereAre`] that `app.rs` hands in; whether the writer may see that network, the filter of networks says.

mod actions;
pub mod jobs;
mod model;
mod policy;
mod queries;
pub mod routes;
mod view;

pub use actions::{keep_returned, kept, may_send, network_moved, published, refuse, returned_about};
pub use model::{Address, Content, Draft, DraftKind, Further, Place, Reference, Target, WhereAre};
pub use view::DraftPage;
