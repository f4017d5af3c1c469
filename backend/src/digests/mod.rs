//! Digests: the mail of what happened in somebody's networks; and the one mail that invites them to a network.
//!
//! Each person has a moment (weekday, hour, time zone; [`schedule`]) and a position: events up to it had their
//! chance. A run finds whose moment has come and for each, in one transaction, moves them on, collects what arrived
//! between the old position and the new one, and writes the digest and its mail. Invariants:
//!
//! - one digest and one mail for every person and period, whoever dies when: the row is claimed, rendered and
//!   queued in one transaction, and the pair is unique;
//! - by arrival, never by id: the window of positions is frozen with the digest, and windows of one person touch
//!   and never overlap, so a changed wish neither doubles nor skips anything;
//! - only what its reader may read when it is made, and again whenever it is shown: digests keep ids, no words, and
//!   go with the account;
//! - nothing its reader wrote or had read, and no mail where nothing is left;
//! - what waits for its reader is told along with news, as it is at the moment of making, and is never a reason for
//!   a mail; the mail alone tells it, not what its links open;
//! - the word in its links reads and never writes, and only in the networks that the digest tells of, as long as its
//!   owner belongs to them: who passes a mail on gives away nothing that does not stand in it. It expires, can be
//!   revoked, and ends with a new password and with the account;
//! - for members by mail to stop the mail is to leave: their address goes with it;
//! - what others see in passing, the subject of the mail, never names a hidden network or what is in it.

mod actions;
mod adoptions;
mod asked;
mod collect;
mod invitation;
pub mod jobs;
mod mail;
mod model;
mod queries;
pub mod routes;
pub mod schedule;
mod sheet;
mod view;
mod waiting;

pub use actions::{
    Holder, begin_as, begin_for_demo, choosing_word, holder, next_of, preview, unsubscribe_word,
    unsubscriber, wants_mail,
};
pub use model::{DigestId, Frequency, TimeZone, Weekday, Wish, WishChange, parse_hour};
pub use queries::first_told;
pub use sheet::greeting;
pub use view::SetDigestPreferences;
