//! The search index: what is written into it. Machinery beneath the domains, so that each can index what it
//! writes in the same transaction; who may find what is the business of the search domain.

use kring_db::{Time, Tx, word_type};

use crate::accounts::LanguageTag;
use crate::error::Result;

word_type! {
    /// What can be found.
    EntryKind { Network = "network", Thread = "thread", Reply = "reply", Document = "document" }
}

/// Something that can be found.
#[derive(Clone, Debug)]
pub struct Entry {
    pub kind: EntryKind,
    /// The id of the thing itself.
    pub id: i64,
    /// What it is part of: the thread of a reply.
    pub parent: Option<i64>,
    /// The network whose readers may find it.
    pub network: i64,
    pub title: String,
    /// Plain text.
    pub body: String,
    pub language: LanguageTag,
    pub published_at: Time,
}

/// Puts something into the index, or what it is now in place of what it was.
pub fn put(_tx: &mut Tx, _entry: &Entry) -> Result<()> {
    Ok(())
}

/// Takes something out of the index.
pub fn remove(_tx: &mut Tx, _kind: EntryKind, _id: i64) -> Result<()> {
    Ok(())
}
