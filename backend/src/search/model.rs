//! The types of search.

use diesel::prelude::*;
use kring_db::Time;
use kring_db::types::{read_id, write_id};

use crate::accounts::LanguageTag;
use crate::error::Fault;
use crate::index::analysis::Query;
use crate::index::{EntryId, EntryKind};
use crate::networks::{NetworkId, Slug};
use crate::web::fields::line;

/// What somebody looks for.
#[derive(Clone, Debug)]
pub struct Asked {
    pub query: Query,
    /// Only these kinds.
    pub kinds: Vec<EntryKind>,
    /// Only in this network.
    pub network: Option<Slug>,
}

/// Checks the text of a question.
pub fn parse_query(text: String) -> Result<Query, Fault> {
    Query::parse(&line(&text, 1, 200)?)
}

/// Where a hit stands in the order: those by title come first, in each part the newest by the moment it is news of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub by_title: bool,
    pub rank: i64,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", if self.by_title { "t" } else { "b" }, write_id(self.rank))
    }
}

impl std::str::FromStr for Place {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let by_title = match text.get(..1) {
            Some("t") => true,
            Some("b") => false,
            _ => return Err(()),
        };
        Ok(Self { by_title, rank: read_id(&text[1..]).ok_or(())? })
    }
}

/// Something that was found.
#[derive(Clone, Debug, Queryable)]
pub struct Hit {
    pub id: EntryId,
    pub rank: i64,
    pub kind: EntryKind,
    pub parent: Option<EntryId>,
    pub network: NetworkId,
    pub language: LanguageTag,
    pub published_at: Time,
    pub title: String,
    pub body: String,
    /// What it is part of, as long as that is there.
    pub whole: Option<Whole>,
    /// The title of the thread that the reply is part of that this is part of.
    pub thread_title: Option<String>,
}

/// What something that was found is part of.
#[derive(Clone, Debug, Queryable)]
pub struct Whole {
    pub kind: EntryKind,
    pub title: String,
    pub parent: Option<EntryId>,
}
