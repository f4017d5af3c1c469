//! Templates: how a network or a document can begin.
//!
//! Those that come with Kring stand in `backend/starters/`, one file for each key and language, compiled in. An
//! instance adds its own, changes one that came along, hides it, and brings it back. Invariants:
//!
//! - a template is named by its key and its language (`minutes.nl`); a row of an instance stands in for the one of the
//!   same name that came with Kring, as long as it is there;
//! - what came with Kring can be hidden and never be lost;
//! - a template is copied when it is used: a change of it changes nobody's text;
//! - what a person has to write themselves stands in brackets (`[vul in: …]`, `[fill in: …]`), so that it can be found by
//!   eye, ear and machine; what Kring knows stands in braces (`{{network}}`) and is filled in in the template's
//!   language. Nothing is left unmarked.
//!
//! Which kinds of documents there are is said here, and not in [`crate::documents`], which uses this.

mod actions;
mod built_in;
mod filling;
mod model;
mod policy;
mod queries;
pub mod routes;
mod view;

pub use actions::{Filled, change_for_demo, filled_document, note_use, offered};
pub use filling::{blanks, is_blank_left};
pub use model::{Change, Content, DocumentKind, ID_PATTERN, TemplateId, What};
pub use queries::first_use;
