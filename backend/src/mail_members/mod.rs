//! Members by mail: invited by their e-mail address, without handle or password, reading the digest and nothing else.
//!
//! A coordinator invites an address, or many from a CSV file. Its owner says yes on one page, and is a member: a person
//! without handle (see [`crate::accounts`]), whose digest is like anybody's. Invariants:
//!
//! - an address that did not confirm gets one invitation and its one reminder, and then nothing, ever, whichever network
//!   was first: not after it expired, was withdrawn or declined, and not from others. What these ask waits in silence;
//! - once it is confirmed, what waits reaches its owner: on the page that answers their yes, where one click says yes to
//!   each, and a day later at most, where anything is left, in one mail for all of it, without reminder;
//! - an address whose owner said "never again" gets mail from nobody. Any mail program's button says so, too (RFC 8058);
//! - what an address said to other networks is not told to who invites it: where no mail may go out, the invitation is
//!   written down all the same, counts, and waits in silence until its time is over;
//! - nobody learns from an answer, a list or a mail whether an address has an account: who has one gets the same invitation
//!   and stands in the same list, and joins by saying yes. The mail is written by a job, so that time tells nothing either;
//! - an address is kept as long as it is needed (GDPR, article 5(1)(c) and (e)): until its invitation ends, and then while
//!   its owner is a member. What stays is a keyed hash, so that nobody is asked twice. Only who invited it sees it, and only
//!   while it waits; afterwards nobody does;
//! - whether others see a member by mail is their own choice, network by network; nobody does unless they say so. They
//!   count as members, and not as co-founders or voices;
//! - leaving is one click, and takes their address, their name and their digests with it.
//!
//! Nothing here reads mail that comes back. Who answers an invitation by mail reaches nobody yet.

mod actions;
mod csv;
pub mod jobs;
mod mail;
mod model;
mod policy;
mod queries;
pub mod routes;
mod view;

pub use actions::{invite_for_demo, join_for_demo};
pub use queries::first_by_mail;
