//! The `kring-archive` format, version 1: a theme network as one ZIP that people can read, other programs can use, and
//! another Kring can take in whole.
//!
//! This crate knows files and bytes, and nothing of databases or HTTP. [`Writer`] makes an archive as a stream, in
//! memory that does not grow with what is in it; [`Archive`] reads one that anybody may have made, to do harm too.
//! Invariants:
//!
//! - the same content gives the same bytes of every entry: entries in one order, times taken from the content, nothing
//!   drawn by chance. What tells of the making (`manifest.json`) and of the rest (`checksums.sha256`) is apart;
//! - whatever is read is held against [`Limits`] before it is held in memory; a fault names its entry and what is wrong,
//!   and no input makes the reader panic or run away (`fuzz/` tries);
//! - a name in an archive is a label: nothing is ever written to a place that an archive names;
//! - who wrote something is named by address (`ann@kring.example`), which is the same on every instance. Posts that were
//!   deleted name nobody.
//!
//! ```text
//! manifest.json             what this is, when and where it was made, and how much is in it
//! index.html                the way in for people
//! network.json              the network
//! persons.json              everybody who wrote something
//! members.json              who belonged to it, in archives that coordinators make
//! threads/ID.json           a conversation: thread, replies in the order of reading, earlier versions
//! threads/ID.html           the same to read
//! documents/ID/document.json, documents/ID/1.md …, documents/ID/index.html
//! files/ID-name             attachments
//! schemas/*.schema.json     what each kind of JSON looks like ([`schema`])
//! checksums.sha256          of every other entry, for `sha256sum -c`
//! ```

mod fault;
mod limits;
mod reader;
pub mod schema;
mod stream;
pub mod types;
mod writer;
mod zip;

pub use fault::{Fault, FaultKind};
pub use limits::Limits;
pub use reader::{Archive, Owner, Visitor};
pub use types::*;
pub use writer::{ListWriter, Writer, safe_name};
pub use zip::write::EntryWriter;

/// What `manifest.json` says in `format`.
pub const FORMAT: &str = "kring-archive";

/// The version this crate writes and reads.
pub const VERSION: u32 = 1;

/// The media type of an archive.
pub const MEDIA_TYPE: &str = "application/zip";
