//! Words that somebody here sent to the home of a document, and that come back: they are a draft of whoever wrote them, who
//! is told.
//!
//! Invariants: no change that was sent waits for ever. It comes back when its home does not take it, or somebody was first;
//! when the document is taken away; when its network moves; when the home is silent for so long that others may take its
//! place; and when it got there and nobody said anything for days. Should the home take it after all, the draft goes.

use chrono::Duration;
use kring_db::{Conn, Tx};

use super::removing::remove_told;
use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::attachments;
use crate::documents::model::*;
use crate::documents::queries;
use crate::drafts::{self, Content, Draft, DraftKind, Further, Target};
use crate::error::Result;
use crate::jobs::outbox::{self, Event, EventKind};
use crate::networks::{self, Network, NetworkId};
use crate::text::summary::PlainSummary;

/// A home that got something answers within minutes. One that says nothing for so long will not.
const ANSWER: Duration = Duration::days(3);

/// After so long nothing is waited for, whatever keeps it from getting there.
const LONGEST: Duration = Duration::days(30);

/// The home of a document did not take what somebody here proposed.
pub fn turn_down(tx: &mut Tx, cx: &Context, id: DocumentId, person: PersonId) -> Result<()> {
    match queries::proposal(tx, id, person)? {
        Some(proposal) => give_back(tx, cx, &proposal, Returned::Refused),
        None => Ok(()),
    }
}

/// The network moved, and nobody knows what became of what was on its way to where it lived.
pub fn turn_down_all(tx: &mut Tx, cx: &Context, network: NetworkId) -> Result<()> {
    for proposal in queries::proposals_in(tx, network)? {
        give_back(tx, cx, &proposal, Returned::Moved)?;
    }
    Ok(())
}

/// What nobody will answer any more comes back.
pub fn turn_down_overdue(tx: &mut Tx, cx: &Context) -> Result<()> {
    let now = cx.now();
    for (proposal, why) in queries::overdue(tx, now, (now - ANSWER, now - LONGEST))? {
        give_back(tx, cx, &proposal, why)?;
    }
    Ok(())
}

/// Somebody closed their account: what they sent is not kept for them.
pub fn forget_proposals(tx: &mut Tx, person: PersonId) -> Result<()> {
    queries::remove_proposals_of(tx, person)
}

/// The home of a network did not take a document that somebody here began: it is taken away again, and its words are kept
/// as a draft, with the files that they had put with it.
pub fn unbegin(tx: &mut Tx, cx: &Context, id: DocumentId, person: PersonId) -> Result<()> {
    let Some(document) = queries::any_document(tx, id)? else { return Ok(()) };
    let network = networks::by_id(tx, document.network_id)?;
    if document.created_by != person || document.revision != 1 || network.slug.host().is_empty() {
        return Ok(());
    }
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
            attachments: files,
        },
    };
    let target = Target::in_network(DraftKind::NewDocument, &network.slug);
    keep(tx, cx, (person, &document, &network), &target, &content, Returned::Refused)?;
    remove_told(tx, cx, person, id)
}

/// Words that came back and are a draft now, the newest of a document.
pub fn returned_of(conn: &mut Conn, id: DocumentId, person: PersonId) -> Result<Option<Draft>> {
    drafts::returned_about(conn, person, &Target::of(DraftKind::Document, id.0))
}

/// Keeps proposed words as a draft of whoever wrote them.
pub(super) fn give_back(tx: &mut Tx, cx: &Context, proposal: &Proposal, why: Returned) -> Result<()> {
    match queries::remove_proposal(tx, proposal)? {
        true => return_words(tx, cx, proposal, why),
        // It was taken, or given back, a moment ago.
        false => Ok(()),
    }
}

/// Keeps words as a draft of whoever wrote them, proposed or not.
pub(super) fn return_words(tx: &mut Tx, cx: &Context, proposal: &Proposal, why: Returned) -> Result<()> {
    let Some(document) = queries::any_document(tx, proposal.document_id)? else { return Ok(()) };
    let network = networks::by_id(tx, document.network_id)?;
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
    let target = match why {
        // There is nothing left to change: it can be brought in as a document of its own.
        Returned::Removed => Target::in_network(DraftKind::NewDocument, &network.slug),
        _ => Target::of(DraftKind::Document, document.id.0),
    };
    keep(tx, cx, (proposal.person_id, &document, &network), &target, &content, why)
}

fn keep(
    tx: &mut Tx,
    cx: &Context,
    (person, document, network): (PersonId, &Document, &Network),
    target: &Target,
    content: &Content,
    why: Returned,
) -> Result<()> {
    let who = accounts::acting_elsewhere(tx, person)?;
    let Some(at) = drafts::keep_returned(tx, cx, &who, target, content)? else { return Ok(()) };
    let told = ReturnedWords {
        why,
        kind: at.target.kind,
        target: at.target.as_str().to_owned(),
        number: at.number,
    };
    let event = Event::new(EventKind::WordsReturned, document.id.0).network(network.id.0).actor(person.0);
    outbox::push(tx, cx, event.payload(&told))
}
