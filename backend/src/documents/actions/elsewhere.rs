//! Documents of networks that live elsewhere: what is kept of them here follows what their home tells, revision by
//! revision. What somebody here writes is sent there, and becomes a revision when the home says so; what it does not take
//! is kept as a draft of whoever wrote it.

use kring_db::{Conn, JsonText, Tx};

use super::documents::{Telling, begin_at};
use super::removing::remove_told;
use super::revisions::{Words, write_down};
use super::variants::relate;
use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::attachments;
use crate::documents::model::*;
use crate::documents::policy::{self, MayEdit};
use crate::documents::queries;
use crate::drafts::{self, Content, DraftKind, Further, Target};
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

/// A revision that the home of its network tells of. What others here proposed on top of an earlier one is turned down.
pub fn revise_told(tx: &mut Tx, cx: &Context, person: PersonId, id: DocumentId, told: &Told) -> Result<()> {
    let before = queries::any_document(tx, id)?.ok_or(NOT_FOUND)?;
    let network = networks::by_id(tx, before.network_id)?;
    let may = policy::decided_at_home(&network, person)?;
    queries::lock(tx, &may, id)?;
    let before = queries::any_document(tx, id)?.ok_or(NOT_FOUND)?;
    if told.number <= before.revision {
        return Ok(());
    }
    let body = &told.text.body;
    let (rendered, _) = accounts::with_mentions(tx, cx, &body.markdown, &body.rendered)?;
    let words = Words {
        title: told.text.title.clone(),
        plain_summary: told.text.plain_summary.clone().flatten(),
        language: told.text.language.clone().unwrap_or_else(|| before.language.clone()),
        text: LongText { body: body.markdown.clone(), body_html: rendered.html },
        mentions: rendered.mentions,
        restored_from: None,
    };
    // Its own clock may be behind that of whoever wrote before.
    let then = cx.at(cx.now().max(before.changed_at));
    write_down(tx, &then, &may, &before, words, (told.number, telling(told)))?;
    for proposal in queries::proposals(tx, id)? {
        let theirs = proposal.person_id == person && proposal.body.trim() == body.markdown.trim();
        match theirs {
            true => queries::remove_proposal(tx, &proposal)?,
            false if proposal.base < told.number => keep_for(tx, cx, &proposal)?,
            false => {}
        }
    }
    label(tx, &may, id, &told.labels).map(|_| ())
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

/// The home of a document did not take what somebody here proposed: their words are kept as a draft.
pub fn turn_down(tx: &mut Tx, cx: &Context, id: DocumentId, person: PersonId) -> Result<()> {
    match queries::proposal(tx, id, person)? {
        Some(proposal) => keep_for(tx, cx, &proposal),
        None => Ok(()),
    }
}

/// The home of a network did not take a document that somebody here began: it is taken away again, and its words are kept
/// as a draft, with the files that they had put with it.
pub fn unbegin(tx: &mut Tx, cx: &Context, id: DocumentId, person: PersonId) -> Result<()> {
    let Some(document) = queries::any_document(tx, id)? else { return Ok(()) };
    if document.created_by != person || document.revision != 1 {
        return Ok(());
    }
    let network = networks::by_id(tx, document.network_id)?;
    let may = policy::decided_at_home(&network, person)?;
    let (subjects, its) = (document.subjects(), attachments::Target::document(id.0));
    let files = attachments::give_back(tx, person, its)?;
    let content = Content {
        title: Some(document.title.to_string()),
        body: queries::long_text(tx, id, 1)?.body,
        base: None,
        further: Further {
            plain_summary: PlainSummary::told(document.plain_summary.as_ref()),
            language: Some(document.language.to_string()),
            document_kind: Some(document.kind.to_string()),
            municipalities: Some(subjects.municipalities.iter().map(ToString::to_string).collect()),
            themes: Some(subjects.themes.iter().map(ToString::to_string).collect()),
            crpd_articles: Some(subjects.crpd_articles),
            attachments: files.clone(),
        },
    };
    let who = accounts::acting_elsewhere(tx, person)?;
    let target = Target::in_network(DraftKind::NewDocument, &network.slug);
    // Where they keep too many already, the document stays until they have room.
    match drafts::keep_refused(tx, cx, &who, &target, &content)? {
        Some(_) => remove_told(tx, cx, person, id),
        None => attachments::attach(tx, cx, may.contributing(), &files, its),
    }
}

/// Keeps proposed words as a draft. Where their writer keeps too many already they stay where they are.
fn keep_for(tx: &mut Tx, cx: &Context, proposal: &Proposal) -> Result<()> {
    let who = accounts::acting_elsewhere(tx, proposal.person_id)?;
    let content = Content {
        title: Some(proposal.title.to_string()),
        body: proposal.body.clone(),
        base: None,
        further: Further {
            plain_summary: PlainSummary::told(proposal.plain_summary.as_ref()),
            language: Some(proposal.language.to_string()),
            ..Further::default()
        },
    };
    let target = Target::of(DraftKind::Document, proposal.document_id.0);
    if drafts::keep_refused(tx, cx, &who, &target, &content)?.is_some() {
        queries::remove_proposal(tx, proposal)?;
    }
    Ok(())
}
