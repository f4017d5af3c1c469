//! Revisions: written, listed, compared, brought back.

use kring_db::{Conn, Tx};

use super::documents::{Telling, current_revision, excerpt};
use super::elsewhere::propose;
use super::variants::follow_language;
use super::{InNetwork, enter, find};
use crate::accounts::{self, LanguageTag, SignedIn, Viewer};
use crate::app::Context;
use crate::documents::model::*;
use crate::documents::policy::{self, MayEdit};
use crate::documents::queries;
use crate::error::{Error, Fault, NOT_FOUND, Result};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::text::markdown;
use crate::text::summary::PlainSummary;
use crate::web::{IfMatch, Paging};

/// Changes a document's words: a new revision. Words that are the same already make none.
pub fn revise(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    known: &IfMatch,
    text: &DocumentText,
) -> Result<InNetwork> {
    let (may, place) = hold(tx, who, id, known)?;
    let body = &text.body;
    let (rendered, _) = accounts::with_mentions(tx, cx, &body.markdown, &body.rendered)?;
    let words = Words {
        title: text.title.clone(),
        plain_summary: text.plain_summary.clone().unwrap_or_else(|| place.row.0.plain_summary.clone()),
        language: text.language.clone().unwrap_or_else(|| place.row.0.language.clone()),
        text: LongText { body: body.markdown.clone(), body_html: rendered.html },
        mentions: rendered.mentions,
        restored_from: None,
    };
    write(tx, cx, &may, &place, words)?;
    find(tx, &Viewer::SignedIn(who.clone()), id)
}

/// A revision of the demo, at the moment of `cx`.
pub fn revise_for_demo(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    text: &DocumentText,
) -> Result<()> {
    revise(tx, cx, who, id, &IfMatch::anything(), text).map(|_| ())
}

/// Brings the words of an earlier revision back, as a new one: what stood in between stays too.
pub fn restore(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    number: i64,
    known: &IfMatch,
) -> Result<InNetwork> {
    let (may, place) = hold(tx, who, id, known)?;
    let ((earlier, ..), text) = revision(tx, &place, number)?.ok_or(NOT_FOUND)?;
    let words = Words {
        text,
        title: earlier.title,
        plain_summary: earlier.plain_summary,
        language: earlier.language,
        // Whoever was mentioned then was told then.
        mentions: Vec::new(),
        restored_from: Some(number),
    };
    write(tx, cx, &may, &place, words)?;
    find(tx, &Viewer::SignedIn(who.clone()), id)
}

/// Revisions of a document, newest first.
pub fn list_revisions(
    conn: &mut Conn,
    viewer: &Viewer,
    id: DocumentId,
    paging: &Paging<i64>,
) -> Result<Vec<RevisionRow>> {
    let place = find(conn, viewer, id)?;
    queries::revisions(conn, &place.may_read, id, paging.after, paging.limit)
}

/// One revision with its text.
pub fn read_revision(
    conn: &mut Conn,
    viewer: &Viewer,
    id: DocumentId,
    number: i64,
) -> Result<(InNetwork, RevisionRow, LongText)> {
    let place = find(conn, viewer, id)?;
    let (row, text) = revision(conn, &place, number)?.ok_or(NOT_FOUND)?;
    Ok((place, row, text))
}

fn revision(conn: &mut Conn, place: &InNetwork, number: i64) -> Result<Option<(RevisionRow, LongText)>> {
    let id = place.row.0.id;
    let Some(row) = queries::revision(conn, &place.may_read, id, number)? else { return Ok(None) };
    Ok(Some((row, queries::long_text(conn, id, number)?)))
}

/// Two revisions to compare, with their texts. Before the first there was an empty page.
pub struct Compared {
    pub from: Option<(Revision, LongText)>,
    pub to: (Revision, LongText),
}

/// Finds two revisions to compare: `number`, and `from` or, without one, the revision before it.
pub fn compare(
    conn: &mut Conn,
    viewer: &Viewer,
    id: DocumentId,
    number: i64,
    from: Option<i64>,
) -> Result<Compared> {
    let place = find(conn, viewer, id)?;
    let ((to, ..), text) = revision(conn, &place, number)?.ok_or(NOT_FOUND)?;
    let other = revision(conn, &place, from.unwrap_or(number - 1))?;
    if from.is_some() && other.is_none() {
        return Err(Fault::new("unknown_revision").at("?from"));
    }
    let from = other.map(|((revision, ..), text)| (revision, text));
    Ok(Compared { from, to: (to, text) })
}

/// A document that the caller may edit, its row locked, and still what the caller saw.
pub(super) fn hold(
    tx: &mut Tx,
    who: &SignedIn,
    id: DocumentId,
    known: &IfMatch,
) -> Result<(MayEdit, InNetwork)> {
    let viewer = Viewer::SignedIn(who.clone());
    let may = policy::may_edit(&find(tx, &viewer, id)?.standing())?;
    queries::lock(tx, &may, id)?;
    // Once more: what another wrote while this one waited for the lock counts.
    let place = find(tx, &viewer, id)?;
    known.check_whole(&place.row.0.etag())?;
    Ok((may, place))
}

/// What a new revision says.
pub(super) struct Words {
    pub title: Title,
    pub plain_summary: Option<PlainSummary>,
    pub language: LanguageTag,
    pub text: LongText,
    pub mentions: Vec<String>,
    pub restored_from: Option<i64>,
}

/// Writes a new revision down; words that are the same already make none. Of what lives elsewhere its home says what
/// becomes a revision: what somebody here writes is sent there.
pub(super) fn write(tx: &mut Tx, cx: &Context, may: &MayEdit, place: &InNetwork, words: Words) -> Result<()> {
    let before = &place.row.0;
    let old = queries::long_text(tx, before.id, before.revision)?;
    let same = before.title == words.title
        && before.plain_summary == words.plain_summary
        && before.language == words.language;
    if same && old.body == words.text.body {
        return Ok(());
    }
    if !place.network.slug.host().is_empty() {
        return propose(tx, cx, may, before, &words);
    }
    write_down(tx, cx, may, before, words, (before.revision + 1, Telling::Mentioned))
}

/// Writes down what is a revision now, with its number.
pub(super) fn write_down(
    tx: &mut Tx,
    cx: &Context,
    may: &MayEdit,
    before: &Document,
    words: Words,
    (number, telling): (i64, Telling),
) -> Result<()> {
    let old = queries::long_text(tx, before.id, before.revision)?;
    let document = Document {
        title: words.title,
        plain_summary: words.plain_summary,
        excerpt: excerpt(&words.text.body),
        language: words.language,
        revision: number,
        changed_by: may.person(),
        changed_at: cx.now(),
        ..before.clone()
    };
    let revision = in_order(tx, current_revision(cx, &document, words.restored_from))?;
    let revision = revision.ok_or_else(|| Error::internal("there is always room behind the last"))?;
    queries::insert_revision(tx, may.contributing(), &revision, &words.text)?;
    queries::set_current(tx, may, &document)?;
    queries::mark_read(tx, may.person(), document.id, document.revision, cx.now())?;
    let variant = queries::variant_of(tx, &[document.id])?.pop();
    let kind = variant.as_ref().map(|(variant, _)| variant.kind);
    if let Some(variant) = variant {
        follow_language(tx, may.contributing(), &document, variant)?;
    }
    enter(tx, &document, kind, &words.text.body)?;
    if telling == Telling::Nothing {
        return Ok(());
    }
    let mentions = newly_mentioned(words.mentions, &old.body);
    let event = Event::new(EventKind::DocumentRevised, document.id.0)
        .network(document.network_id.0)
        .actor(may.person().0)
        .payload(&serde_json::json!({ "revision": document.revision, "mentions": mentions }));
    outbox::push(tx, cx, event)
}

/// A revision with an id that stands between those of the revisions before and after it: who copies a network reads them in
/// that order. Of one moment (as a clock that is behind writes them, told by others) chance alone would put them in any.
/// `None` where there is no room between them.
pub(super) fn in_order(conn: &mut Conn, revision: Revision) -> Result<Option<Revision>> {
    let (before, after) = queries::neighbours(conn, revision.document_id, revision.number)?;
    let first = before.map_or(0, |before| before.0 + 1);
    let last = after.map_or(i64::MAX, |after| after.0 - 1);
    Ok((first <= last).then(|| Revision { id: RevisionId(revision.id.0.clamp(first, last)), ..revision }))
}

/// Those who were not mentioned before: nobody is told twice because somebody mended a comma.
fn newly_mentioned(mut mentions: Vec<String>, old: &str) -> Vec<String> {
    if !mentions.is_empty() {
        let known = markdown::render(old).mentions;
        mentions.retain(|handle| !known.contains(handle));
    }
    mentions
}
