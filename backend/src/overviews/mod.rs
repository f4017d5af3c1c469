//! Screens that show things of several domains at once: a network's page.
//!
//! Invariants:
//!
//! - a screen is one request, and a bounded number of queries whatever it shows;
//! - nothing here decides who may see what: the rules of the domains do. What they keep from the viewer is left out,
//!   and the answer says why;
//! - nothing here is written.

mod actions;
pub mod routes;
mod view;
