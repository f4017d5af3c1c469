//! Screens that show things of several domains at once: a network's page; and what touches several of them: changing what
//! a network says of itself, which drafts know of.
//!
//! Invariants:
//!
//! - a screen is one request, and a bounded number of queries whatever it shows;
//! - nothing here decides who may see what: the rules of the domains do. What they keep from the viewer is left out,
//!   and the answer says why;
//! - nothing here is written but by the domains: text of a network that came too late is kept as a draft, and the draft
//!   of what was published goes, in the transaction of the change.

mod actions;
pub mod routes;
mod view;
