//! The search index: what is written into it, and how texts and questions become terms. Machinery beneath the
//! domains, so that each can index what it writes in the same transaction; who may find what is the business of the
//! search domain.
//!
//! Invariants:
//!
//! - a text is analysed here and nowhere else ([`analysis`]), so both databases hold the same terms and give the
//!   same hits; neither's own tokenizer, stemmer or dictionary has a say;
//! - an entry's id is the id of the thing; its rank is an id of the moment it is news of, so that the order of ranks is
//!   the order in time, whatever changes later;
//! - `search_entries` holds what is shown; what it is found by lies beside it in SQLite (FTS5) and in it in PostgreSQL
//!   (`tsvector`). These are the only tables in which the two differ: [`sqlite`] and [`postgres`].

pub mod analysis;
pub mod postgres;
pub mod sqlite;

use diesel::prelude::*;
use kring_db::search_schema::search_entries;
use kring_db::types::id_of;
use kring_db::{Conn, Time, Tx, id_type, word_type};

use crate::accounts::LanguageTag;
use crate::error::Result;

word_type! {
    /// What can be found.
    EntryKind {
        Network = "network",
        Thread = "thread",
        Reply = "reply",
        Document = "document",
        /// The words in a file.
        Attachment = "attachment",
    }
}

id_type! {
    /// A row of `search_entries`, and the id of the thing that it stands for.
    EntryId
}

/// Something that can be found.
#[derive(Clone, Debug)]
pub struct Entry {
    pub kind: EntryKind,
    /// The id of the thing itself.
    pub id: i64,
    /// What it is part of: the thread of a reply; what a file is attached to.
    pub parent: Option<i64>,
    /// The network whose readers may find it.
    pub network: i64,
    pub title: String,
    /// Plain text.
    pub body: String,
    pub language: LanguageTag,
    /// The moment it is news of.
    pub published_at: Time,
}

/// Puts something into the index, or what it is now in place of what it was.
pub fn put(tx: &mut Tx, entry: &Entry) -> Result<()> {
    let terms = analysis::terms(&entry.title, &entry.body, &entry.language);
    remove(tx, entry.kind, entry.id)?;
    let rank = free_rank(tx, entry)?;
    match tx.conn() {
        Conn::Sqlite(conn) => sqlite::insert(conn, entry, rank, &terms),
        Conn::Postgres(conn) => postgres::insert(conn, entry, rank, &terms),
    }
}

/// The rank of an entry: its own id where its moment is the one it was made, an id of its moment where that is later.
fn free_rank(conn: &mut Conn, entry: &Entry) -> Result<i64> {
    let mut rank = id_of(entry.published_at, entry.id);
    loop {
        let taken = search_entries::table.filter(search_entries::rank.eq(rank));
        if taken.select(search_entries::id).first::<i64>(conn).optional()?.is_none() {
            return Ok(rank);
        }
        rank += 1;
    }
}

/// Takes something out of the index.
pub fn remove(tx: &mut Tx, kind: EntryKind, id: i64) -> Result<()> {
    match tx.conn() {
        Conn::Sqlite(conn) => sqlite::delete(conn, kind, id),
        Conn::Postgres(conn) => postgres::delete(conn, kind, id),
    }
}
