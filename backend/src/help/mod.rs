//! Help for networks: who offers it, which networks seek it, and how the two find each other.
//!
//! Invariants:
//!
//! - an offer is its owner's: they change, pause and withdraw it, and it ends with their account;
//! - offers are for people who are signed in; one that is paused is there for nobody but its owner;
//! - no address is told: a network that asks gets no more than its owner shows of themselves, and its answer is that
//!   they join or do not;
//! - a network asks the owner of an offer once, and nobody asks many people in a day;
//! - asking invites, so that also a network that is hidden or by invitation can be joined;
//! - a match is told to a person in one digest and in no other.
//!
//! [`Interests::meets`] is the one rule of who fits; the queries before it only narrow down.

mod actions;
pub mod jobs;
mod model;
pub mod policy;
mod queries;
pub mod routes;
mod view;

pub use actions::{Matches, asked, mark_told, matches, offer_for_demo, untold};
pub use model::{Ask, HelpOffer, HelpOfferId, Interests, NewOffer, OfferMatch, SeekingMatch, Sentence};
pub use view::{HelpMatchesView, matches_view};
