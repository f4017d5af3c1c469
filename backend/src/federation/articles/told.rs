//! What the home of a network tells of its documents: it goes as the home says.

use kring_activitypub::keys::PublicKey;
use kring_activitypub::proof::Claim;
use kring_activitypub::wire::{Activity, same_host};
use kring_db::{Conn, Time, Tx};
use serde_json::{Map, Value};
use url::Url;

use super::at;
use super::reading::{self, Read};
use super::sent::{Sent, Writer, concerns, dropped, known, read};
use super::telling;
use crate::accounts;
use crate::app::{App, Context};
use crate::copies;
use crate::documents::{self, Document};
use crate::error::Result;
use crate::federation::actors::{self, Remote};
use crate::federation::addresses::Local;
use crate::federation::moves::{self, MoveState};
use crate::federation::taking::Outcome;
use crate::federation::{departed, homes, privacy, rules};
use crate::networks;
use crate::peers::Host;

/// Takes what the home of a network tells of one of its documents; `None` where it is about none. `long_ago`: it is
/// copied from what was there before anybody here followed.
pub async fn announced(
    app: &App,
    raw: &Map<String, Value>,
    activity: &Activity,
    home: &Remote,
    long_ago: bool,
) -> Result<Option<Outcome>> {
    if !concerns(app, activity).await? {
        return Ok(None);
    }
    if activity.kind == "Delete" {
        let (activity, home) = (activity.clone(), home.clone());
        let taken = app.write_for_anyone(move |tx, cx| gone(tx, cx, &activity, &home));
        return taken.await.map(Some);
    }
    let sent = match read(raw, activity) {
        Ok(sent) => sent,
        Err(outcome) => return Ok(Some(outcome)),
    };
    let writer = match writer(app, &activity.actor, (home, long_ago)).await? {
        Ok(writer) => writer,
        Err(outcome) => return Ok(Some(outcome)),
    };
    let home = home.clone();
    let taken = app.write_for_anyone(move |tx, cx| told(tx, cx, &sent, &writer, (&home, long_ago)));
    taken.await.map(Some)
}

/// Whom the home of a network says that something is of. Of its own people it may say so also when they are gone; of people
/// of an instance that is gone only what they signed counts, by a key that is known of them.
async fn writer(
    app: &App,
    uri: &Url,
    (home, long_ago): (&Remote, bool),
) -> Result<std::result::Result<Writer, Outcome>> {
    if let Some(Local::Person(handle)) = Local::at(&app.config, uri) {
        let person = app.db.read(move |conn| accounts::person_by_handle(conn, &handle)).await?;
        return Ok(match person {
            Some(person) => Ok(Writer { person: person.id, uri: uri.to_string(), host: None }),
            None => Err(dropped("there is nobody of that name here")),
        });
    }
    let why = match actors::find(app, uri).await? {
        Ok(Remote { person_id: Some(person), uri, host, .. }) => {
            return Ok(Ok(Writer { person, uri, host: Some(host) }));
        }
        Ok(_) => return Ok(Err(dropped("only people write"))),
        Err(why) => why,
    };
    let Some(host) = Host::of(uri) else { return Ok(Err(Outcome::Early(why))) };
    let address = uri.clone();
    let own = host == home.host;
    let known = own || (long_ago && app.db.read(move |conn| departed::is_known(conn, &address)).await?);
    if !known {
        return Ok(Err(Outcome::Early(why)));
    }
    let address = uri.clone();
    let person = app.write_for_anyone(move |tx, cx| departed::person(tx, cx, &address)).await?;
    Ok(match person {
        Some(person) => Ok(Writer { person, uri: uri.to_string(), host: Some(host) }),
        None => Err(Outcome::Early(why)),
    })
}

/// Did its writer sign this very object, by a key that was seen of them?
fn proved(conn: &mut Conn, sent: &Sent, writer: &Writer) -> Result<bool> {
    let Some(Ok(claim)) = sent.activity.get("object").map(Claim::of) else { return Ok(false) };
    let keys = copies::keys_of(conn, std::slice::from_ref(&writer.uri))?;
    Ok(keys.iter().filter(|key| key.key_id == claim.key_id).any(|key| {
        PublicKey::from_multibase(&key.public_key).is_ok_and(|public| claim.proves(&public).is_ok())
    }))
}

/// What the home of a network tells: a document that is new here, a revision, or what stands beside the words.
fn told(
    tx: &mut Tx,
    cx: &Context,
    sent: &Sent,
    writer: &Writer,
    (home, long_ago): (&Remote, bool),
) -> Result<Outcome> {
    let Some(network) = home.network_id else {
        return Ok(dropped("only networks tell on what others did"));
    };
    let post = &sent.article.post;
    // A network vouches for its own people, and for nobody else.
    if writer.host.as_ref() != Some(&home.host) && !proved(tx, sent, writer)? {
        return Ok(dropped("nobody proved who wrote it"));
    }
    if let Some(host) = &writer.host
        && !rules::exchanges(tx, host)?
    {
        return Ok(dropped("nothing is exchanged with whoever wrote it"));
    }
    if !privacy::fits(&networks::by_id(tx, network)?, post, &sent.deed) {
        return Ok(dropped(privacy::FOR_FEW));
    }
    let known = at(tx, cx.config(), &post.id)?;
    let document = known.map(|id| documents::any_document(tx, id)).transpose()?.flatten();
    match (known, document) {
        (None, _) => begun(tx, cx, sent, writer, (home, long_ago)),
        // It was taken away.
        (Some(_), None) => Ok(Outcome::Done),
        (Some(_), Some(document)) if document.network_id != network => {
            Ok(dropped("a network says only what stands in it"))
        }
        (Some(_), Some(document)) => continued(tx, cx, sent, writer, &document, (home, long_ago)),
    }
}

fn begun(
    tx: &mut Tx,
    cx: &Context,
    sent: &Sent,
    writer: &Writer,
    (home, long_ago): (&Remote, bool),
) -> Result<Outcome> {
    let post = &sent.article.post;
    if !same_host(&post.id, &post.author) && Host::of(&post.id).as_ref() != Some(&home.host) {
        return Ok(dropped("its id is of neither its author's server nor its home"));
    }
    if sent.article.version > 1 && !long_ago {
        return missing(tx, cx, home);
    }
    if post.author.as_str() != writer.uri {
        return Ok(dropped("it is attributed to somebody else"));
    }
    let (Some(network), Ok(read)) = (home.network_id, Read::of(tx, cx.config(), &sent.article)?) else {
        return Ok(dropped("there is no text in it, or too much"));
    };
    let began = if sent.article.version == 1 {
        post.published
    } else {
        post.updated.or(post.published)
    };
    let then = cx.at(began.map_or(cx.now(), |moment| Time::at(moment).min(cx.now())));
    if !long_ago && writer.host.is_some() {
        networks::takes_part(tx, cx, network, writer.person)?;
    }
    let told = read.told(sent.article.version, long_ago);
    let id = documents::begin_told(tx, &then, writer.person, network, &told)?;
    known(tx, cx, sent, id)?;
    copies::keep(tx, cx, sent.subject(id), &writer.uri, &sent.activity)?;
    reading::relate(tx, cx, writer.person, id, &sent.article)?;
    Ok(Outcome::Done)
}

fn continued(
    tx: &mut Tx,
    cx: &Context,
    sent: &Sent,
    writer: &Writer,
    document: &Document,
    (home, long_ago): (&Remote, bool),
) -> Result<Outcome> {
    let version = sent.article.version;
    if sent.is_kept(tx, document.id)? {
        return Ok(Outcome::Done);
    }
    let Ok(read) = Read::of(tx, cx.config(), &sent.article)? else {
        return Ok(dropped("there is no text in it, or too much"));
    };
    if version > document.revision + 1 && !long_ago {
        return missing(tx, cx, home);
    }
    let words_are_theirs = sent.article.post.author.as_str() == writer.uri;
    if words_are_theirs && version > 1 && is_of_before(tx, cx, sent, writer, document)? {
        let moment = sent.article.post.updated.map_or(cx.now(), |moment| Time::at(moment).min(cx.now()));
        documents::replace_told(tx, &cx.at(moment), writer.person, document.id, &read.told(version, true))?;
        copies::forget_from(tx, document.id.0, version)?;
        copies::keep(tx, cx, sent.subject(document.id), &writer.uri, &sent.activity)?;
        return Ok(Outcome::Done);
    }
    if version > document.revision {
        if !words_are_theirs {
            return Ok(dropped("it is attributed to somebody else"));
        }
        let moment = sent.article.post.updated.map_or(cx.now(), |moment| Time::at(moment).min(cx.now()));
        if !long_ago && writer.host.is_some() {
            networks::takes_part(tx, cx, document.network_id, writer.person)?;
        }
        let told = read.told(version, long_ago);
        documents::revise_told(tx, &cx.at(moment), writer.person, document.id, &told)?;
        copies::keep(tx, cx, sent.subject(document.id), &writer.uri, &sent.activity)?;
        reading::relate(tx, cx, writer.person, document.id, &sent.article)?;
        return Ok(Outcome::Done);
    }
    if version == document.revision {
        reading::relate(tx, cx, writer.person, document.id, &sent.article)?;
        let labels = documents::label_told(tx, writer.person, document.id, &read.labels)?;
        if let Some(labels) = labels {
            let subject = (sent.subject(document.id), labels);
            copies::keep_labels(tx, cx, subject, &writer.uri, &sent.activity)?;
        }
    }
    let mut revision = documents::any_revision(tx, document.id, version)?;
    if revision.is_none() && words_are_theirs && version < document.revision {
        // It could not be had when what came after it was.
        let moment = sent.article.post.updated.filter(|_| version > 1).or(sent.article.post.published);
        let then = cx.at(moment.map_or(cx.now(), |moment| Time::at(moment).min(cx.now())));
        documents::bring_earlier(tx, &then, writer.person, document.id, &read.told(version, true))?;
        revision = documents::any_revision(tx, document.id, version)?;
    }
    // What is here already: its proof may still be missing.
    if words_are_theirs && revision.is_some_and(|revision| revision.author_id == writer.person) {
        copies::keep(tx, cx, sent.subject(document.id), &writer.uri, &sent.activity)?;
    }
    Ok(Outcome::Done)
}

/// Do other words stand here in the place of these, of somebody else, written since the network was split: where it lived for
/// a while, by people of there or of here? What was written before that nobody replaces, not even its home.
fn is_of_before(
    tx: &mut Tx,
    cx: &Context,
    sent: &Sent,
    writer: &Writer,
    document: &Document,
) -> Result<bool> {
    let Some(kept) = documents::any_revision(tx, document.id, sent.article.version)? else {
        return Ok(false);
    };
    if kept.author_id == writer.person {
        return Ok(false);
    }
    let author = accounts::person_by_id(tx, kept.author_id)?;
    for told in moves::of(tx, document.network_id)? {
        let split = told.published().unwrap_or(told.created_at).min(told.created_at) - homes::wait(cx);
        let there = author.host.is_empty() || homes::host_of(&told.from_uri)?.as_str() == author.host;
        if matches!(told.state, MoveState::Done | MoveState::Elsewhere) && there && kept.created_at >= split {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Something in between did not arrive: it is copied, and this waits for it.
fn missing(tx: &mut Tx, cx: &Context, home: &Remote) -> Result<Outcome> {
    if let Some(network) = home.network_id {
        super::wake(tx, cx, network)?;
    }
    Ok(Outcome::Early("an earlier revision is not here yet".to_owned()))
}

/// The home of a network took a document away.
fn gone(tx: &mut Tx, cx: &Context, activity: &Activity, home: &Remote) -> Result<Outcome> {
    let Some(id) = activity.object_id() else { return Ok(dropped("nobody knows what is deleted")) };
    let Some(id) = at(tx, cx.config(), &id)? else { return Ok(Outcome::Done) };
    let Some(document) = documents::any_document(tx, id)? else { return Ok(Outcome::Done) };
    if home.network_id != Some(document.network_id) {
        return Ok(dropped("a network says only what is taken away in it"));
    }
    let by = match actors::by_uri(tx, activity.actor.as_str())?.and_then(|actor| actor.person_id) {
        Some(person) => person,
        None => accounts::nobody(tx, cx)?,
    };
    documents::remove_told(tx, cx, by, id)?;
    Ok(Outcome::Done)
}

/// The home of a network did not take what somebody here wrote in one of its documents; `None` where it answers something
/// else.
pub async fn refused(app: &App, activity: &Activity, home: &Remote) -> Result<Option<Outcome>> {
    let Some(Ok(inner)) = activity.inner() else { return Ok(None) };
    if activity.kind != "Reject" || !matches!(inner.kind.as_str(), "Create" | "Update") {
        return Ok(None);
    }
    let Some(id) = inner.object_id() else { return Ok(Some(dropped("nobody knows what is refused"))) };
    let home = home.clone();
    let taken = app.write_for_anyone(move |tx, cx| {
        let (Some(Local::Person(handle)), Some(id)) =
            (Local::at(cx.config(), &inner.actor), at(tx, cx.config(), &id)?)
        else {
            return Ok(dropped("it is of nobody here"));
        };
        let (person, document) = (accounts::person_by_handle(tx, &handle)?, documents::any_document(tx, id)?);
        let (Some(person), Some(document)) = (person, document) else { return Ok(Outcome::Done) };
        if home.network_id != Some(document.network_id) {
            return Ok(dropped("a network answers only for itself"));
        }
        match inner.kind.as_str() {
            "Create" => documents::unbegin(tx, cx, id, person.id)?,
            _ => telling::refused(tx, cx, (id, person.id), &inner.id)?,
        }
        Ok(Outcome::Done)
    });
    taken.await.map(Some)
}
