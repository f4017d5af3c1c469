//! Documents that others write, change or take away in networks of this instance: by the same actions as those of here.

use kring_activitypub::wire::{Activity, same_host};
use kring_db::{Time, Tx};
use serde_json::{Map, Value, json};
use url::Url;

use super::reading::{self, Read};
use super::sent::{Sent, Writer, concerns, dropped, known, read};
use super::{at, making};
use crate::accounts::{self, SignedIn};
use crate::app::{App, Context};
use crate::copies;
use crate::documents::{self, Document, DocumentId};
use crate::error::Result;
use crate::federation::actors::Remote;
use crate::federation::addresses::Local;
use crate::federation::taking::Outcome;
use crate::federation::{outgoing, posts, privacy};
use crate::networks::{self, Network, NetworkId};
use crate::web::IfMatch;

/// Takes what somebody elsewhere sent to a network of this instance; `None` where it is about no document.
pub async fn take(
    app: &App,
    raw: &Map<String, Value>,
    activity: &Activity,
    sender: &Remote,
) -> Result<Option<Outcome>> {
    if !concerns(app, activity).await? {
        return Ok(None);
    }
    let Some(person) = sender.person_id else { return Ok(Some(dropped("only people write"))) };
    let writer = Writer {
        person,
        uri: sender.uri.clone(),
        host: Some(sender.host.clone()),
    };
    let (activity, sender) = (activity.clone(), sender.clone());
    if activity.kind == "Delete" {
        let taken = app.write_for_anyone(move |tx, cx| wish_gone(tx, cx, &activity, &writer));
        return taken.await.map(Some);
    }
    let sent = match read(raw, &activity) {
        Ok(sent) => sent,
        Err(outcome) => {
            let taken = app.write_for_anyone(move |tx, cx| refuse_unread(tx, cx, &activity, &sender));
            return taken.await.map(|()| Some(outcome));
        }
    };
    let taken = app.write_for_anyone(move |tx, cx| match at(tx, cx.config(), &sent.article.post.id)? {
        None => begin(tx, cx, &sent, &writer, &activity, &sender),
        Some(id) => change(tx, cx, &sent, &writer, id, &sender),
    });
    taken.await.map(Some)
}

/// Who sent what cannot be read is told so, where that would have been taken.
fn refuse_unread(tx: &mut Tx, cx: &Context, activity: &Activity, sender: &Remote) -> Result<()> {
    let Some(object) = activity.object_id() else { return Ok(()) };
    let document = at(tx, cx.config(), &object)?;
    let within = document.map(|id| documents::any_document(tx, id)).transpose()?.flatten();
    let network = match within {
        Some(document) => Some(networks::by_id(tx, document.network_id)?),
        None => named_here(tx, cx, activity.audience.iter().chain(&activity.for_whom))?,
    };
    match network.filter(|network| network.slug.host().is_empty()) {
        Some(network) => {
            refuse_with(tx, cx, network.id, sender, (activity.id.as_str(), &activity.kind, &object))
        }
        None => Ok(()),
    }
}

/// The network of this instance that something is for.
fn network_here(tx: &mut Tx, cx: &Context, sent: &Sent, activity: &Activity) -> Result<Option<Network>> {
    let post = &sent.article.post;
    named_here(
        tx,
        cx,
        post.audience.iter().chain(&activity.audience).chain(&post.for_whom).chain(&activity.for_whom),
    )
}

fn named_here<'a>(
    tx: &mut Tx,
    cx: &Context,
    named: impl Iterator<Item = &'a Url>,
) -> Result<Option<Network>> {
    for address in named {
        if let Some(Local::Network(slug)) = Local::at(cx.config(), address)
            && let Some(network) = networks::with_slug(tx, &slug)?
        {
            return Ok(Some(network));
        }
    }
    Ok(None)
}

/// A document that somebody elsewhere writes in a network of this instance.
fn begin(
    tx: &mut Tx,
    cx: &Context,
    sent: &Sent,
    writer: &Writer,
    activity: &Activity,
    sender: &Remote,
) -> Result<Outcome> {
    let post = &sent.article.post;
    let Some(network) = network_here(tx, cx, sent, activity)? else {
        return Ok(dropped("it is for no network here"));
    };
    let mut refuse = |why| refuse(tx, cx, &network, sent, (sender, why));
    if post.author.as_str() != writer.uri {
        return refuse("it is attributed to somebody else");
    }
    if !same_host(&post.id, &post.author) || sent.article.version != 1 {
        return refuse("nobody begins a document of another server, nor in its middle");
    }
    if !privacy::fits(&network, post, &sent.deed) {
        return refuse(privacy::FOR_FEW);
    }
    let Ok(read) = Read::of(tx, cx.config(), &sent.article)? else {
        return self::refuse(tx, cx, &network, sent, (sender, "there is no text in it, or too much"));
    };
    let then = cx.at(post.published.map_or(cx.now(), |moment| Time::at(moment).min(cx.now())));
    let who = accounts::acting_elsewhere(tx, writer.person)?;
    let made = posts::ruled(write(tx, &then, &who, &network, &read))?;
    match made {
        Ok(id) => {
            known(tx, cx, sent, id)?;
            copies::keep(tx, cx, sent.subject(id), &writer.uri, &sent.activity)?;
            reading::link(tx, cx, &who, id, &sent.article)?;
            Ok(Outcome::Done)
        }
        Err(code) => self::refuse(tx, cx, &network, sent, (sender, code.as_str())),
    }
}

fn write(tx: &mut Tx, cx: &Context, who: &SignedIn, network: &Network, read: &Read) -> Result<DocumentId> {
    posts::belongs(tx, cx, who, network, None)?;
    documents::bring_in(tx, cx, who, &network.slug, &read.new_document())
}

/// Somebody elsewhere changes a document of a network of this instance. It must be written from what stands there now:
/// the number of the revision says from which. What was written from an older one is refused, so that no words vanish.
fn change(
    tx: &mut Tx,
    cx: &Context,
    sent: &Sent,
    writer: &Writer,
    id: DocumentId,
    sender: &Remote,
) -> Result<Outcome> {
    let Some(document) = documents::any_document(tx, id)? else {
        return taken_away(tx, cx, sent, id, sender);
    };
    let network = networks::by_id(tx, document.network_id)?;
    if !network.slug.host().is_empty() {
        // Whoever still sends it here hears of its move, and sends it there.
        return Ok(dropped("it lives elsewhere: its home is to be asked"));
    }
    if sent.is_kept(tx, id)? || is_its_beginning(tx, sent, writer, &document)? {
        return Ok(Outcome::Done);
    }
    let Ok(read) = Read::of(tx, cx.config(), &sent.article)? else {
        return refuse(tx, cx, &network, sent, (sender, "there is no text in it, or too much"));
    };
    let who = accounts::acting_elsewhere(tx, writer.person)?;
    if sent.article.version == document.revision && read.says(tx, &document)? {
        if !same_words(tx, cx, (&network, &document), sent)? {
            return refuse(tx, cx, &network, sent, (sender, "other words"));
        }
        return match posts::ruled(relabel(tx, cx, &who, &network, &document, (sent, &read)))? {
            Ok(None) => Ok(Outcome::Done),
            Ok(Some(labels)) => {
                copies::keep_labels(tx, cx, (sent.subject(id), labels), &writer.uri, &sent.activity)?;
                Ok(Outcome::Done)
            }
            Err(code) => refuse(tx, cx, &network, sent, (sender, code.as_str())),
        };
    }
    let from_now = sent.article.version == document.revision + 1;
    if !from_now || sent.article.post.author.as_str() != writer.uri {
        return refuse(tx, cx, &network, sent, (sender, "stale"));
    }
    match posts::ruled(revise(tx, cx, &who, &network, &document, (sent, &read)))? {
        Ok(true) => {
            copies::keep(tx, cx, sent.subject(id), &writer.uri, &sent.activity)?;
            Ok(Outcome::Done)
        }
        // The same words already: no revision.
        Ok(false) => refuse(tx, cx, &network, sent, (sender, "the same words already")),
        Err(code) => refuse(tx, cx, &network, sent, (sender, code.as_str())),
    }
}

/// It was taken away. Who sends a change of it may not have heard that.
fn taken_away(tx: &mut Tx, cx: &Context, sent: &Sent, id: DocumentId, sender: &Remote) -> Result<Outcome> {
    let Some(removed) = documents::removed(tx, id)? else { return Ok(Outcome::Done) };
    let network = networks::by_id(tx, removed.network_id)?;
    match network.slug.host() {
        "" => refuse(tx, cx, &network, sent, (sender, "it was taken away")),
        _ => Ok(Outcome::Done),
    }
}

/// Is it how the document began, sent once more? It may have gone on since, and nobody is to take it back for that.
fn is_its_beginning(tx: &mut Tx, sent: &Sent, writer: &Writer, document: &Document) -> Result<bool> {
    if sent.deed.kind != "Create" || sent.article.version != 1 {
        return Ok(false);
    }
    let first = documents::any_revision(tx, document.id, 1)?;
    Ok(first.is_some_and(|first| first.author_id == writer.person))
}

/// Are the words those that their author signed, in every form in which somebody reads them?
fn same_words(
    tx: &mut Tx,
    cx: &Context,
    (network, document): (&Network, &Document),
    sent: &Sent,
) -> Result<bool> {
    let Some(revision) = documents::any_revision(tx, document.id, document.revision)? else {
        return Ok(false);
    };
    let brought = making::brought(tx, cx, (network, document), &revision)?;
    let object = |activity: &Value| activity.get("object").cloned().unwrap_or_default();
    let new = object(&sent.activity);
    Ok(brought
        .map(|kept| object(&kept))
        .is_some_and(|kept| making::WORDS.iter().all(|name| kept.get(name) == new.get(name))))
}

fn revise(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    network: &Network,
    document: &Document,
    (sent, read): (&Sent, &Read),
) -> Result<bool> {
    posts::belongs(tx, cx, who, network, None)?;
    let moment = sent.article.post.updated.map_or(cx.now(), |moment| Time::at(moment).min(cx.now()));
    let then = cx.at(moment.max(document.changed_at));
    let known = IfMatch::exactly(document.etag());
    let place = documents::revise(tx, &then, who, document.id, &known, &read.text)?;
    if place.row.0.revision == document.revision {
        return Ok(false);
    }
    Ok(true)
}

/// Changes what stands beside the words; how often that was changed by now, where it was.
fn relabel(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    network: &Network,
    document: &Document,
    (sent, read): (&Sent, &Read),
) -> Result<Option<i64>> {
    posts::belongs(tx, cx, who, network, None)?;
    documents::change(tx, cx, who, document.id, &IfMatch::anything(), &read.change())?;
    reading::link(tx, cx, who, document.id, &sent.article)?;
    let after = documents::any_document(tx, document.id)?.map_or(document.version, |after| after.version);
    Ok((after != document.version).then_some(after))
}

/// Tells somebody elsewhere that what they wrote was not taken, so that they keep it.
fn refuse(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    sent: &Sent,
    (sender, why): (&Remote, &str),
) -> Result<Outcome> {
    let what = (sent.id.as_str(), sent.deed.kind.as_str(), &sent.article.post.id);
    refuse_with(tx, cx, network.id, sender, what)?;
    Ok(dropped(why))
}

fn refuse_with(
    tx: &mut Tx,
    cx: &Context,
    network: NetworkId,
    sender: &Remote,
    (id, kind, object): (&str, &str, &Url),
) -> Result<()> {
    let what = json!({ "id": id, "type": kind, "actor": sender.uri, "object": object.as_str() });
    outgoing::refuse(tx, cx, network, sender, what).map(|_| ())
}

fn wish_gone(tx: &mut Tx, cx: &Context, activity: &Activity, writer: &Writer) -> Result<Outcome> {
    let Some(id) = activity.object_id() else { return Ok(dropped("nobody knows what is deleted")) };
    let Some(id) = at(tx, cx.config(), &id)? else { return Ok(Outcome::Done) };
    let Some(document) = documents::any_document(tx, id)? else { return Ok(Outcome::Done) };
    if !networks::by_id(tx, document.network_id)?.slug.host().is_empty() {
        return Ok(dropped("it lives elsewhere: its home is to be asked"));
    }
    let who = accounts::acting_elsewhere(tx, writer.person)?;
    match posts::ruled(documents::remove(tx, cx, &who, id, &IfMatch::anything()))? {
        Ok(()) => Ok(Outcome::Done),
        Err(code) => Ok(dropped(code.as_str())),
    }
}
