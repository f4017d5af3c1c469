//! Revisions and what differs between them, on the wire.

use kring_db::{Conn, Time};
use serde::Serialize;
use utoipa::ToSchema;

use crate::documents::actions::{Compared, InNetwork};
use crate::documents::model::*;
use crate::documents::queries;
use crate::error::{NOT_FOUND, Result};
use crate::networks::AuthorView;
use crate::text::differences::{Block, BlockKind, Comparison, Part, Side};
use crate::text::summary::PlainSummary;

/// One save of a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Revision)]
pub struct RevisionView {
    /// From 1, without holes.
    pub number: i64,
    #[schema(example = "Plan: alle haltes in tien jaar")]
    pub title: String,
    /// What it says in a few plain sentences; null where nobody wrote any.
    #[schema(
        required,
        example = "Iedereen moet met de bus kunnen. Hier praten we over hoe dat kan."
    )]
    pub plain_summary: Option<String>,
    pub language: String,
    pub author: AuthorView,
    pub created_at: Time,
    /// The revision whose words this one brought back.
    #[schema(required)]
    pub restored_from: Option<i64>,
}

impl From<RevisionRow> for RevisionView {
    fn from((revision, person, role): RevisionRow) -> Self {
        Self {
            number: revision.number,
            title: revision.title.to_string(),
            plain_summary: PlainSummary::told(revision.plain_summary.as_ref()),
            language: revision.language.to_string(),
            author: AuthorView::of(person, role),
            created_at: revision.created_at,
            restored_from: revision.restored_from,
        }
    }
}

/// A revision with its text.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RevisionPage {
    #[serde(flatten)]
    pub revision: RevisionView,
    pub document: DocumentId,
    /// Markdown, as it was written.
    pub body: String,
    /// The same as safe HTML; headings begin at `h2`.
    pub body_html: String,
    /// Of an adopted document, the credit to its source; it belongs to every revision.
    #[schema(
        required,
        example = "Dit plan is overgenomen van ‘Plan: alle haltes in tien jaar’ (versie 3), geschreven in het netwerk Toegankelijk openbaar vervoer door Ann de Boer."
    )]
    pub attribution: Option<String>,
}

pub fn revision_page(row: RevisionRow, text: LongText, attribution: Option<String>) -> RevisionPage {
    RevisionPage {
        attribution,
        document: row.0.document_id,
        revision: row.into(),
        body: text.body,
        body_html: text.body_html,
    }
}

/// What differs between two revisions, word by word. The equal and inserted parts of all blocks, one after another,
/// are the newer text, to the letter; the equal and deleted parts are the older one.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Differences)]
pub struct DifferencesView {
    /// The revision it is compared with; null where that is the empty page before the first.
    #[schema(required)]
    pub from: Option<i64>,
    pub to: i64,
    pub title: Vec<Part>,
    pub plain_summary: Vec<Part>,
    /// The languages they are written in.
    #[schema(required)]
    pub from_language: Option<String>,
    pub to_language: String,
    /// Paragraphs in their order; most often all but a few are `equal`.
    pub blocks: Vec<Block>,
    /// How many words came, and how many went, titles left out.
    pub inserted_words: i64,
    pub deleted_words: i64,
    /// The texts are so different that comparing them word by word would take too long: more is called replaced
    /// than was.
    pub approximate: bool,
}

/// Compares two revisions with their texts.
pub fn differences_view(compared: &Compared) -> DifferencesView {
    let Compared { from, to } = compared;
    let side = |(revision, text): &(Revision, LongText)| Side {
        title: revision.title.to_string(),
        plain_summary: PlainSummary::told(revision.plain_summary.as_ref()).unwrap_or_default(),
        body: text.body.clone(),
    };
    let (revision, _) = to;
    let found = Comparison::of(&from.as_ref().map(side).unwrap_or_default(), &side(to));
    DifferencesView {
        from: from.as_ref().map(|(revision, _)| revision.number),
        to: revision.number,
        title: found.title,
        plain_summary: found.plain_summary,
        from_language: from.as_ref().map(|(revision, _)| revision.language.to_string()),
        to_language: revision.language.to_string(),
        blocks: found.blocks,
        inserted_words: found.inserted_words,
        deleted_words: found.deleted_words,
        approximate: found.approximate,
    }
}

/// The last change of a document: who, when, and what.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LastChange)]
pub struct LastChangeView {
    pub revision: RevisionView,
    /// What differs from the revision before, without the paragraphs that stayed as they were. Null of the first
    /// revision: everything is new.
    #[schema(required)]
    pub differences: Option<DifferencesView>,
}

impl LastChangeView {
    pub fn of(revision: RevisionRow, differences: Option<DifferencesView>) -> Self {
        let differences = differences.map(|mut differences| {
            differences.blocks.retain(|block| block.kind != BlockKind::Equal);
            differences
        });
        Self { revision: revision.into(), differences }
    }
}

/// The last change of a document, and what is to be compared to tell it: nothing of the first revision.
pub fn last_change(conn: &mut Conn, place: &InNetwork) -> Result<(RevisionRow, Option<Compared>)> {
    let (id, current) = (place.row.0.id, place.row.0.revision);
    let row = queries::revision(conn, &place.may_read, id, current)?.ok_or(NOT_FOUND)?;
    let Some((before, ..)) = queries::revision(conn, &place.may_read, id, current - 1)? else {
        return Ok((row, None));
    };
    let from = Some((before, queries::long_text(conn, id, current - 1)?));
    let to = (row.0.clone(), queries::long_text(conn, id, current)?);
    Ok((row, Some(Compared { from, to })))
}
