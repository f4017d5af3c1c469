//! Documents and the drafts they come from: what is published goes from the drafts, what came too late goes to them.

use kring_db::{Conn, Tx};

use super::documents::begin;
use super::upstream::{take_over, written};
use super::{InNetwork, find, revise};
use crate::accounts::{SignedIn, Viewer};
use crate::app::Context;
use crate::attachments::copying::Copied;
use crate::documents::model::*;
use crate::documents::queries;
use crate::drafts::{self, Content, DraftKind, Further, Reference, Target};
use crate::error::{Error, Result};
use crate::networks::Slug;
use crate::text::summary::PlainSummary;
use crate::web::{CurrentText, IfMatch, Saved, Words};

/// Brings a document in; the draft that it came from goes.
pub fn publish(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    wish: &DocumentWish,
    from: Option<Reference>,
) -> Result<InNetwork> {
    let (place, text) = begin(tx, cx, who, slug, wish)?;
    let target = Target::in_network(DraftKind::NewDocument, slug);
    drafts::published(tx, who, &target, from, &words(&place.row.0, text.body.markdown))?;
    Ok(place)
}

/// Changes a document's words; the draft that they came from goes. Where somebody was first, they are kept as a draft.
pub fn save(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    known: &IfMatch,
    text: &DocumentText,
    from: Option<Reference>,
) -> Result<Saved<InNetwork>> {
    let target = Target::of(DraftKind::Document, id.0);
    match revise(tx, cx, who, id, known, text) {
        Ok(place) => {
            drafts::published(tx, who, &target, from, &words(&place.row.0, text.body.markdown.clone()))?;
            Ok(Saved::Done(place))
        }
        Err(Error::Stale(_)) => {
            let current = current(tx, who, id)?;
            drafts::refuse(tx, cx, who, &target, current, &sent(text, known)).map(Saved::Refused)
        }
        Err(other) => Err(other),
    }
}

/// Takes sections of the source over; the draft that they came from goes. Where somebody was first, what was written for
/// sections is kept as a draft: the document as it is now, with those in it. Who only chose makes the same choices again.
pub fn take(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    (known, copies): (&IfMatch, &[Copied]),
    wish: &TakeOver,
    from: Option<Reference>,
) -> Result<Saved<InNetwork>> {
    let target = Target::of(DraftKind::Document, id.0);
    match take_over(tx, cx, who, id, (known, copies), wish) {
        Ok(place) => {
            let document = &place.row.0;
            let body = queries::long_text(tx, id, document.revision)?.body;
            drafts::published(tx, who, &target, from, &words(document, body))?;
            Ok(Saved::Done(place))
        }
        Err(Error::Stale(etag)) => {
            let Some(written) = written(tx, who, id, wish)? else { return Err(Error::Stale(etag)) };
            let current = current(tx, who, id)?;
            let sent = Content {
                title: Some(written.title.to_string()),
                body: written.body,
                base: known.sent().map(str::to_owned),
                further: Further {
                    plain_summary: current.plain_summary.clone(),
                    language: current.language.clone(),
                    ..Further::default()
                },
            };
            drafts::refuse(tx, cx, who, &target, current, &sent).map(Saved::Refused)
        }
        Err(other) => Err(other),
    }
}

/// A document's words as they stand now, at its ETag.
fn current(conn: &mut Conn, who: &SignedIn, id: DocumentId) -> Result<CurrentText> {
    let document = find(conn, &Viewer::SignedIn(who.clone()), id)?.row.0;
    let body = queries::long_text(conn, id, document.revision)?.body;
    Ok(words(&document, body).at(document.etag()))
}

/// What stands there, as far as drafts have it.
fn words(document: &Document, body: String) -> Words {
    Words {
        title: Some(document.title.to_string()),
        body: Some(body),
        plain_summary: PlainSummary::told(document.plain_summary.as_ref()),
        language: Some(document.language.to_string()),
    }
}

/// What was sent, as a draft.
fn sent(text: &DocumentText, known: &IfMatch) -> Content {
    Content {
        title: Some(text.title.to_string()),
        body: text.body.markdown.clone(),
        base: known.sent().map(str::to_owned),
        further: Further {
            plain_summary: PlainSummary::told(text.plain_summary.as_ref().and_then(Option::as_ref)),
            language: text.language.as_ref().map(ToString::to_string),
            ..Further::default()
        },
    }
}
