//! Files that belong to a thread, a reply or a document of a network.
//!
//! A file is sent first and attached afterwards, by whoever writes the thread, reply or document. Invariants:
//!
//! - what a file is, its bytes say: neither its name nor the sender's word is believed, and only kinds that cannot
//!   do anything are shown in a browser;
//! - photos lose what they tell about who took them and where ([`images`]); kinds of images that cannot be rid of
//!   it are not taken;
//! - an image has an alternative text, or is decorative, or asks the network for a description: never nothing.
//!   Every member may describe, for whoever uploads may be blind;
//! - what belongs to nothing yet is there for its uploader alone, for a day, or as long as something that they are
//!   writing holds it;
//! - a row is there only for a file that was written whole before it. A file outlives its row's mark by moments,
//!   or until the sweep; a deleted row stays.
//!
//! What attachments are attached to is not known here: higher domains call [`attach`], [`of`] and [`let_go`], [`hold`]
//! and [`release`], and
//! ask with [`wanted`] what a member could describe. Another network's copy of a file is made in [`copying`].

mod actions;
mod archives;
pub mod copying;
mod images;
pub mod jobs;
mod media;
mod model;
mod policy;
mod queries;
pub mod routes;
mod upload;
mod view;

pub use actions::{
    attach, described, give_back, hold, let_go, loose, of, release, take_views, wanted, write_down,
};
pub use archives::{drop_brought, read_brought};
pub use media::MediaType;
pub use model::{Attachment, AttachmentId, FileName, Target, TargetKind, key, parse_alt};
pub use queries::{any_of, bring, first_described, some_of, to_archive};
pub use upload::{Stored, discard, examine, store};
pub use view::AttachmentView;
