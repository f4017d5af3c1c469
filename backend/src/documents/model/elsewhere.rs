//! The types of documents that live elsewhere.

use diesel::prelude::*;
use kring_db::schema::{proposed_revisions, removed_documents};
use kring_db::{Time, word_type};
use serde::{Deserialize, Serialize};

use super::{DocumentId, DocumentKind, DocumentText, Licence, Title};
use crate::accounts::{LanguageTag, PersonId};
use crate::drafts::DraftKind;
use crate::networks::{NetworkId, Subjects};
use crate::text::summary::PlainSummary;

/// A revision as its home tells it, with what stands beside the words.
#[derive(Clone, Debug)]
pub struct Told {
    pub number: i64,
    pub text: DocumentText,
    pub labels: Labels,
    /// It happened before anybody here followed: nobody hears of it as if it happened now.
    pub long_ago: bool,
}

/// What stands beside the words of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    pub kind: DocumentKind,
    pub subjects: Subjects,
    pub licence: Licence,
}

/// Words that somebody here wrote, on their way to the document's home.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = proposed_revisions)]
pub struct Proposal {
    pub document_id: DocumentId,
    pub person_id: PersonId,
    /// The revision that they were written from.
    pub base: i64,
    pub title: Title,
    pub plain_summary: Option<PlainSummary>,
    pub language: LanguageTag,
    pub body: String,
    pub created_at: Time,
}

word_type! {
    /// Why words that somebody sent to the home of a document came back to them.
    Returned {
        /// The home did not take them.
        Refused = "refused",
        /// Somebody else's revision came first.
        Overtaken = "overtaken",
        /// The document was taken away.
        Removed = "removed",
        /// The home got them, and never said what became of them.
        Unanswered = "unanswered",
        /// The home is silent for so long that others may take its place.
        HomeGone = "home-gone",
        /// The network lives somewhere else now.
        Moved = "moved",
    }
}

/// What the event of words that came back says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReturnedWords {
    pub why: Returned,
    /// The draft that they are now.
    pub kind: DraftKind,
    pub target: String,
    pub number: i64,
}

/// What the event of a document that was taken away says: what stood there is gone by then.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Removal {
    /// Who began it.
    pub begun_by: PersonId,
    /// Whoever took it away had written all of it.
    pub alone: bool,
    /// The home of its network said so, or never had it.
    pub told: bool,
}

/// What is left of a document that was taken away.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = removed_documents)]
pub struct Removed {
    pub id: DocumentId,
    pub network_id: NetworkId,
    pub removed_by: PersonId,
    pub removed_at: Time,
}
