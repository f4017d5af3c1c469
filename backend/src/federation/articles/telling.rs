//! What happened to documents becomes activities.

use diesel::prelude::*;
use kring_db::schema::activities;
use kring_db::{Conn, Time, Tx};
use serde_json::{Value, json};
use url::Url;

use super::making;
use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::copies::{self, Subject};
use crate::documents::{self, Document, DocumentId, LongText, Removal};
use crate::error::{Error, Result};
use crate::federation::addresses::Local;
use crate::federation::keys::OwnerKind;
use crate::federation::objects::{Object, Words};
use crate::federation::outgoing::ActivityId;
use crate::federation::telling::{Doer, home, prove, send};
use crate::federation::{erasing, serving, written};
use crate::jobs::outbox::{EventKind, Fact};
use crate::networks::{self, Network, NetworkId};
use crate::text::markdown;

/// Tells others what a fact about a document comes to.
pub fn tell(tx: &mut Tx, cx: &Context, network: &Network, fact: &Fact) -> Result<()> {
    let Some(person) = fact.actor.map(PersonId) else { return Ok(()) };
    let id = DocumentId(fact.subject);
    if fact.kind == EventKind::DocumentRemoved {
        return removed(tx, cx, network, id, (person, fact));
    }
    // Taken away since: that is told next.
    let Some(document) = documents::any_document(tx, id)? else { return Ok(()) };
    let at_home = network.slug.host().is_empty();
    match fact.kind {
        EventKind::DocumentCreated => revised(tx, cx, (network, &document), person, number(fact, "revision")),
        // What is written elsewhere was sent there before, and is a revision because its home said so.
        EventKind::DocumentRevised if at_home => {
            revised(tx, cx, (network, &document), person, number(fact, "revision"))
        }
        EventKind::RevisionProposed => proposed(tx, cx, (network, &document), person),
        EventKind::DocumentLabelled => labelled(tx, cx, (network, &document), person, fact),
        _ => Ok(()),
    }
}

fn number(fact: &Fact, name: &str) -> i64 {
    let payload: Value = fact.payload.read().unwrap_or_default();
    payload.get(name).and_then(Value::as_i64).unwrap_or(1)
}

/// Who did it, as those who tell of it need to know.
fn doer(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<Doer> {
    Ok(match making::actor_here(tx, cx.config(), person)? {
        Some(actor) => Doer::Here(person, actor),
        None => Doer::Elsewhere,
    })
}

fn revised(
    tx: &mut Tx,
    cx: &Context,
    (network, document): (&Network, &Document),
    person: PersonId,
    number: i64,
) -> Result<()> {
    let Some(revision) = documents::any_revision(tx, document.id, number)? else { return Ok(()) };
    let Some(told) = making::brought(tx, cx, (network, document), &revision)? else { return Ok(()) };
    let (home, doer) = (home(tx, network)?, doer(tx, cx, person)?);
    let new = told.get("type").and_then(Value::as_str) == Some("Create");
    send(tx, cx, network, home, doer, told, new, (document.id.0, order(cx, document.id)))
}

/// What people of here sent to where a network lived, and nobody there told on since a moment, is sent to where it lives
/// now. What is known there already is not taken twice; what was written from something older comes back.
pub fn send_again(tx: &mut Tx, cx: &Context, network: NetworkId, since: Time) -> Result<()> {
    let network = networks::by_id(tx, network)?;
    for document in documents::begun_here(tx, network.id, since)? {
        // For as long as people of here wrote on: in the name of others nothing is sent.
        for number in 1..=document.revision {
            let Some(revision) = documents::any_revision(tx, document.id, number)? else { break };
            if making::actor_here(tx, cx.config(), revision.author_id)?.is_none() {
                break;
            }
            revised(tx, cx, (&network, &document), revision.author_id, number)?;
        }
    }
    for proposal in documents::proposals_in(tx, network.id)? {
        if let Some(document) = documents::any_document(tx, proposal.document_id)? {
            proposed(tx, cx, (&network, &document), proposal.person_id)?;
        }
    }
    Ok(())
}

/// Does an activity tell a home of a document, in the name of somebody of here? Looked at first: on SQLite a transaction for
/// nothing would keep others' writes waiting.
pub fn may_come_back(conn: &mut Conn, id: ActivityId) -> Result<bool> {
    let row = activities::table.find(id).filter(activities::owner_kind.eq(OwnerKind::Person));
    let of: Option<Option<i64>> = row.select(activities::post_id).first(conn).optional()?;
    let document = of.flatten().map(|id| documents::any_document(conn, DocumentId(id))).transpose()?;
    Ok(document.flatten().is_some())
}

/// An instance understood an activity and does not want it, or fell over it time and again (`parked`): what it told the home
/// of a document comes back to who wrote it.
pub fn not_taken(tx: &mut Tx, cx: &Context, id: ActivityId, parked: bool) -> Result<()> {
    let row = activities::table.find(id).filter(activities::owner_kind.eq(OwnerKind::Person));
    let row = row.select((activities::owner_id, activities::post_id, activities::payload));
    let found: Option<(i64, Option<i64>, String)> = row.first(tx.conn()).optional()?;
    let Some((person, Some(document), payload)) = found else { return Ok(()) };
    let (person, document) = (PersonId(person), DocumentId(document));
    let told: Value = serde_json::from_str(&payload).map_err(Error::internal)?;
    match told.get("type").and_then(Value::as_str) {
        Some("Update") => turn_down(tx, cx, (document, person), Some(&told)),
        // What is parked may still be taken, when an admin tries again.
        Some("Create") if !parked => documents::unbegin(tx, cx, document, person),
        _ => Ok(()),
    }
}

/// The home of a document refused what somebody of here sent it with this activity: it comes back.
pub fn refused(tx: &mut Tx, cx: &Context, at: (DocumentId, PersonId), uri: &Url) -> Result<()> {
    let row = activities::table.filter(activities::uri.eq(uri.as_str())).select(activities::payload);
    let payload: Option<String> = row.first(tx.conn()).optional()?;
    let told = payload.map(|told| serde_json::from_str(&told).map_err(Error::internal)).transpose()?;
    turn_down(tx, cx, at, told.as_ref())
}

/// Turns down what somebody sent with an activity, where that is what waits now: what stands beside the words, and what came
/// back before, takes no later words along. What nobody knows any more is what waits.
fn turn_down(
    tx: &mut Tx,
    cx: &Context,
    (document, person): (DocumentId, PersonId),
    told: Option<&Value>,
) -> Result<()> {
    let Some(waits) = documents::proposal_of(tx, document, person)? else { return Ok(()) };
    let object = told.and_then(|told| told.get("object"));
    let is_it = object.is_none_or(|object| {
        object.get("version") == Some(&json!(waits.base + 1))
            && object.get("updated") == Some(&json!(waits.created_at))
    });
    match is_it {
        true => documents::turn_down(tx, cx, document, person),
        false => Ok(()),
    }
}

/// What belongs to one document is told in order.
fn order(cx: &Context, id: DocumentId) -> String {
    Local::Document(id).address(cx.config())
}

/// Somebody here changed what lives elsewhere: its home hears of it.
fn proposed(
    tx: &mut Tx,
    cx: &Context,
    (network, document): (&Network, &Document),
    person: PersonId,
) -> Result<()> {
    let Some(proposal) = documents::proposal_of(tx, document.id, person)? else { return Ok(()) };
    let Doer::Here(_, actor) = doer(tx, cx, person)? else { return Ok(()) };
    let rendered = markdown::render(&proposal.body);
    let (rendered, _) = accounts::with_mentions(tx, cx, &proposal.body, &rendered)?;
    let words = Words {
        // The number says what it was written from: the one before.
        number: proposal.base + 1,
        title: proposal.title,
        plain_summary: proposal.plain_summary,
        language: proposal.language,
        text: LongText { body: proposal.body, body_html: rendered.html },
        at: proposal.created_at,
    };
    let told = making::activity(tx, cx, (network, document), &words, (person, &actor))?;
    let home = home(tx, network)?;
    send(
        tx,
        cx,
        network,
        home,
        Doer::Here(person, actor),
        told,
        false,
        (document.id.0, order(cx, document.id)),
    )
}

/// What stands beside the words was changed: the same words with that, signed by who changed it. They stay of who wrote
/// them, whose own proof is kept.
fn labelled(
    tx: &mut Tx,
    cx: &Context,
    (network, document): (&Network, &Document),
    person: PersonId,
    fact: &Fact,
) -> Result<()> {
    let labels = number(fact, "labels");
    let subject = Subject::document(document.id.0, number(fact, "revision"));
    let doer = doer(tx, cx, person)?;
    let told = match &doer {
        Doer::Elsewhere => {
            copies::with_labels(tx, subject, labels)?.map(|kept| kept.activity()).transpose()?
        }
        Doer::Here(_, actor) => {
            let Some(revision) = documents::any_revision(tx, document.id, subject.revision)? else {
                return Ok(());
            };
            // Words that were never told are told before what stands beside them.
            let kept = making::brought(tx, cx, (network, document), &revision)?;
            let author = author(tx, cx, revision.author_id)?;
            let mut words = making::words(tx, &revision)?;
            words.at = fact.created_at;
            let mut object = making::object(tx, cx.config(), (network, document), &words, &author)?;
            object.insert("updated".to_owned(), json!(fact.created_at));
            if let Some(kept) = kept.as_ref().and_then(|kept| kept.get("object")) {
                in_words_of(&mut object, kept);
            }
            let object = prove(tx, cx, person, actor, object)?;
            let name = format!("update-{}-{}-{labels}", document.id, subject.revision);
            let told = making::activity_of(tx, cx, network, ("Update", &name, actor), object)?;
            copies::keep_labels(tx, cx, (subject, labels), actor, &told)?;
            Some(told)
        }
    };
    let Some(told) = told else { return Ok(()) };
    let home = home(tx, network)?;
    send(tx, cx, network, home, doer, told, false, (document.id.0, order(cx, document.id)))
}

/// The words as they were signed, also in the languages that they were there in then.
fn in_words_of(object: &mut Object, kept: &Value) {
    for name in making::WORDS {
        match kept.get(name) {
            Some(words) => object.insert(name.to_owned(), words.clone()),
            None => object.remove(name),
        };
    }
}

/// Where somebody is, whoever's instance that is.
fn author(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<String> {
    if let Some(actor) = making::actor_here(tx, cx.config(), person)? {
        return Ok(actor);
    }
    let known = crate::federation::actors::of_person(tx, person)?;
    Ok(known.map(|known| known.uri).unwrap_or_default())
}

/// A document was taken away. One that its home took away, or never had, is told of by its home.
fn removed(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    id: DocumentId,
    (person, fact): (PersonId, &Fact),
) -> Result<()> {
    let removal: Removal = fact.payload.read().map_err(Error::internal)?;
    let home = home(tx, network)?;
    if home.is_some() && removal.told {
        return Ok(());
    }
    let (of, doer) = (Local::Document(id), doer(tx, cx, person)?);
    let mut delete = delete(tx, cx, network, &of, &doer, fact)?;
    if !removal.alone {
        // For Lemmy a reason, be it empty, says that a moderator did it.
        delete["summary"] = "".into();
    }
    let (writer, order) = (Some(removal.begun_by), order(cx, id));
    match (home, doer) {
        (None, _) => erasing::deleted(tx, cx, network, &of, writer, delete, order),
        (Some(home), Doer::Here(person, _)) => {
            delete["cc"] = json!([home.uri]);
            erasing::deleted_elsewhere(tx, cx, (network, &home), (&of, writer), person, delete, order)
        }
        (Some(_), Doer::Elsewhere) => Ok(()),
    }
}

fn delete(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    of: &Local,
    doer: &Doer,
    fact: &Fact,
) -> Result<Value> {
    // Somebody elsewhere wished it, and the network says it: an activity has an id of its actor's own.
    let actor = match doer {
        Doer::Here(_, actor) => actor.clone(),
        Doer::Elsewhere => Local::Network(network.slug.clone()).address(cx.config()),
    };
    let audience = serving::audience(tx, cx.config(), network)?;
    Ok(json!({
        "id": cx.config().public(&format!("/activities/delete-{}", fact.id)),
        "type": "Delete",
        "actor": actor,
        "to": audience.to(),
        "cc": [],
        "audience": audience.group(),
        "object": written::address(tx, cx.config(), of)?,
    }))
}
