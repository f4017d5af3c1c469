//! Documents of networks that live elsewhere: what is kept of them here follows what their home tells, revision by
//! revision. What somebody here writes is sent there, and becomes a revision when the home says so; what comes back is
//! another matter ([`super::returning`]).

use std::collections::HashMap;

use kring_db::{Conn, JsonText, Tx};

use super::documents::{Telling, begin_at, current_revision};
use super::returning::{give_back, return_words};
use super::revisions::{Words, in_order, write_down};
use super::variants::relate;
use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::documents::model::*;
use crate::documents::policy::{self, MayEdit};
use crate::documents::queries;
use crate::drafts::{self, DraftKind, Target};
use crate::error::{Code, NOT_FOUND, Result};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::networks::{self, NetworkId};
use crate::text::summary::PlainSummary;

/// Sends words to the home of a document. One change of a person is on its way at a time: what they change after it, they
/// change in what the home makes of it.
pub(super) fn propose(
    tx: &mut Tx,
    cx: &Context,
    may: &MayEdit,
    before: &Document,
    words: &Words,
) -> Result<()> {
    if queries::proposal(tx, before.id, may.person())?.is_some() {
        return Err(Code::AwaitsHome.into());
    }
    drafts::may_send(tx, may.person())?;
    let proposal = Proposal {
        document_id: before.id,
        person_id: may.person(),
        base: before.revision,
        title: words.title.clone(),
        plain_summary: words.plain_summary.clone(),
        language: words.language.clone(),
        body: words.text.body.clone(),
        created_at: cx.now(),
    };
    queries::insert_proposal(tx, may, &proposal)?;
    let event = Event::new(EventKind::RevisionProposed, before.id.0)
        .network(before.network_id.0)
        .actor(may.person().0);
    outbox::push(tx, cx, event)
}

/// What somebody sent to the home of a document, which has not answered yet.
pub fn proposal_of(conn: &mut Conn, id: DocumentId, person: PersonId) -> Result<Option<Proposal>> {
    queries::proposal(conn, id, person)
}

/// A document that the home of its network tells of, by its first revision that is known.
pub fn begin_told(
    tx: &mut Tx,
    cx: &Context,
    person: PersonId,
    network: NetworkId,
    told: &Told,
) -> Result<DocumentId> {
    let network = networks::by_id(tx, network)?;
    let may = policy::decided_at_home(&network, person)?;
    let new = NewDocument {
        kind: told.labels.kind,
        text: told.text.clone(),
        subjects: told.labels.subjects.clone(),
        licence: told.labels.licence,
        attachments: Vec::new(),
    };
    begin_at(tx, cx, may.contributing(), (&network, None), &new, telling(told), told.number)
}

fn telling(told: &Told) -> Telling {
    if told.long_ago { Telling::Nothing } else { Telling::Mentioned }
}

/// A document whose home tells something of it, as it is until the transaction ends.
fn held(tx: &mut Tx, person: PersonId, id: DocumentId) -> Result<(Document, MayEdit)> {
    let network = queries::any_document(tx, id)?.ok_or(NOT_FOUND)?.network_id;
    let may = policy::decided_at_home(&networks::by_id(tx, network)?, person)?;
    queries::lock(tx, &may, id)?;
    Ok((queries::any_document(tx, id)?.ok_or(NOT_FOUND)?, may))
}

/// The words that are told; in the language of `beside` where they say none.
fn words_of(tx: &mut Tx, cx: &Context, told: &Told, beside: &Document) -> Result<Words> {
    let body = &told.text.body;
    let (rendered, _) = accounts::with_mentions(tx, cx, &body.markdown, &body.rendered)?;
    Ok(Words {
        title: told.text.title.clone(),
        plain_summary: told.text.plain_summary.clone().flatten(),
        language: told.text.language.clone().unwrap_or_else(|| beside.language.clone()),
        text: LongText { body: body.markdown.clone(), body_html: rendered.html },
        mentions: rendered.mentions,
        restored_from: None,
    })
}

/// A revision that the home of its network tells of. What others here proposed on top of an earlier one is turned down.
pub fn revise_told(tx: &mut Tx, cx: &Context, person: PersonId, id: DocumentId, told: &Told) -> Result<()> {
    let (before, may) = held(tx, person, id)?;
    if told.number <= before.revision {
        return Ok(());
    }
    let words = words_of(tx, cx, told, &before)?;
    // Its own clock may be behind that of whoever wrote before.
    let then = cx.at(cx.now().max(before.changed_at));
    write_down(tx, &then, &may, &before, words, (told.number, telling(told)))?;
    for proposal in queries::proposals(tx, id)? {
        let theirs = proposal.person_id == person && proposal.body.trim() == told.text.body.markdown.trim();
        match theirs {
            true => queries::remove_proposal(tx, &proposal).map(|_| ())?,
            false if proposal.base < told.number => give_back(tx, cx, &proposal, Returned::Overtaken)?,
            false => {}
        }
    }
    forget_returned(tx, person, id, told)?;
    label(tx, &may, id, &told.labels).map(|_| ())
}

/// A revision that the home of a network tells of after later ones came: it stands where it belongs, and nothing of how the
/// document is now changes.
pub fn bring_earlier(tx: &mut Tx, cx: &Context, person: PersonId, id: DocumentId, told: &Told) -> Result<()> {
    let (now, may) = held(tx, person, id)?;
    if told.number >= now.revision || queries::any_revision(tx, id, told.number)?.is_some() {
        return Ok(());
    }
    let words = words_of(tx, cx, told, &now)?;
    let then = Document {
        title: words.title,
        plain_summary: words.plain_summary,
        language: words.language,
        revision: told.number,
        changed_by: person,
        changed_at: cx.now(),
        ..now
    };
    let Some(revision) = in_order(tx, current_revision(cx, &then, None))? else { return Ok(()) };
    queries::insert_revision(tx, may.contributing(), &revision, &words.text)?;
    if queries::neighbours(tx, id, told.number)?.0.is_none() {
        queries::set_begun(tx, &may, id, (person, cx.now()))?;
    }
    Ok(())
}

/// Where a network lives now other words have the number of those that stand here, which were written where it lived for a
/// while. They take their place, and that of what was written from them; who of here wrote that has it as a draft.
pub fn replace_told(tx: &mut Tx, cx: &Context, person: PersonId, id: DocumentId, told: &Told) -> Result<()> {
    let (now, may) = held(tx, person, id)?;
    let Some(before) = queries::any_revision(tx, id, told.number - 1)? else { return Ok(()) };
    // The newest words of each: what they wrote before is in them.
    let mut theirs: HashMap<PersonId, Revision> = HashMap::new();
    for number in told.number..=now.revision {
        let revision = queries::any_revision(tx, id, number)?;
        theirs.extend(revision.map(|revision| (revision.author_id, revision)));
    }
    for (author, revision) in theirs {
        let author = accounts::person_by_id(tx, author)?;
        if author.host.is_empty() && author.closed_at.is_none() {
            let words = Proposal {
                document_id: id,
                person_id: author.id,
                base: told.number - 1,
                body: queries::long_text(tx, id, revision.number)?.body,
                title: revision.title,
                plain_summary: revision.plain_summary,
                language: revision.language,
                created_at: revision.created_at,
            };
            return_words(tx, cx, &words, Returned::Moved)?;
        }
    }
    queries::remove_revisions_from(tx, &may, id, told.number)?;
    let before = Document {
        title: before.title,
        plain_summary: before.plain_summary,
        language: before.language,
        revision: before.number,
        changed_by: before.author_id,
        changed_at: before.created_at,
        ..now
    };
    let words = words_of(tx, cx, told, &before)?;
    write_down(tx, cx, &may, &before, words, (told.number, Telling::Nothing))?;
    label(tx, &may, id, &told.labels).map(|_| ())
}

/// What came back to its writer and was taken by the home after all needs no draft.
fn forget_returned(tx: &mut Tx, person: PersonId, id: DocumentId, told: &Told) -> Result<()> {
    let who = accounts::acting_elsewhere(tx, person)?;
    let words = crate::web::Words {
        title: Some(told.text.title.to_string()),
        body: Some(told.text.body.markdown.clone()),
        plain_summary: PlainSummary::told(told.text.plain_summary.as_ref().and_then(Option::as_ref)),
        language: told.text.language.as_ref().map(ToString::to_string),
    };
    drafts::published(tx, &who, &Target::of(DraftKind::Document, id.0), None, &words)
}

/// What stands beside the words, as the home of the network tells it.
pub fn label_told(tx: &mut Tx, person: PersonId, id: DocumentId, labels: &Labels) -> Result<Option<i64>> {
    let document = queries::any_document(tx, id)?.ok_or(NOT_FOUND)?;
    let network = networks::by_id(tx, document.network_id)?;
    label(tx, &policy::decided_at_home(&network, person)?, id, labels)
}

/// Of which other a document is a variant, as the home of the network tells it.
pub fn relate_told(
    tx: &mut Tx,
    person: PersonId,
    id: DocumentId,
    told: Option<&VariantChange>,
) -> Result<()> {
    let document = queries::any_document(tx, id)?.ok_or(NOT_FOUND)?;
    let network = networks::by_id(tx, document.network_id)?;
    let may = policy::decided_at_home(&network, person)?;
    relate(tx, may.contributing(), &document, told)
}

/// Writes labels down where they are others than before; how often they changed by now.
fn label(tx: &mut Tx, may: &MayEdit, id: DocumentId, labels: &Labels) -> Result<Option<i64>> {
    let before = queries::any_document(tx, id)?.ok_or(NOT_FOUND)?;
    let (municipalities, themes, crpd_articles): (JsonText, JsonText, JsonText) =
        networks::subject_texts(&labels.subjects);
    let after = Document {
        kind: labels.kind,
        licence: labels.licence,
        municipalities,
        themes,
        crpd_articles,
        version: before.version + 1,
        ..before.clone()
    };
    let lists = |document: &Document| {
        [&document.municipalities, &document.themes, &document.crpd_articles].map(Clone::clone)
    };
    if (after.kind, after.licence, lists(&after)) == (before.kind, before.licence, lists(&before)) {
        return Ok(None);
    }
    queries::set_labels(tx, may, &after)?;
    queries::set_tags(tx, may.contributing(), id, &labels.subjects)?;
    Ok(Some(after.version))
}
