//! Documents that people bring along: a file of Word, a page, Markdown, or a folder of them.
//!
//! A file becomes a document of a network, written by whoever brought it: from then on it is like any other.
//! Invariants:
//!
//! - files are read by the [converter](crate::converter), in a process of its own, never here;
//! - a file that is made to do harm, or brings programs along, is refused with what to do instead;
//! - what could not be taken over is told in plain words, with where it stood;
//! - images become attachments with the description that they bring, or ask the network for one;
//! - of a folder, each file is taken or not by itself, and the report says which; it is done once, whatever dies.

mod actions;
pub mod jobs;
mod model;
mod refusals;
pub mod routes;
mod view;

pub use actions::bring_for_demo;
