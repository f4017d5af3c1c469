//! The demo: networks of people who do not exist, about questions that do, in Dutch.
//!
//! Invariants:
//!
//! - everything is done by the actions that people use, each at its moment, so that what the demo shows is what Kring
//!   does: counts, events, the search index, digests;
//! - it is loaded whole or not at all, in one transaction, and once: what people did with it since stays;
//! - it never comes into a database that holds anybody else.
//!
//! Its passwords are known to everybody: it is for trying, on one's own machine.

mod content;
mod load;
mod story;

pub use content::{Content, DOCUMENTS, IMPORTED, NETWORKS, TEMPLATE_FILES};
pub use load::{Outcome, PASSWORD, load, load_second};
