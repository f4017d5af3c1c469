//! What happened here becomes activities: in the transaction that handles the event, which was written in that of the
//! action. So nothing that happened is forgotten, whenever the process dies.
//!
//! In a network of this instance the network tells on what anybody did, twice: the activity for Lemmy and Kring, the
//! object by itself for Mastodon. In a network elsewhere the person tells its home, which tells on.

use kring_db::Tx;
use serde_json::{Value, json};

use super::actors::{self, Remote};
use super::addresses::{Local, proof_key};
use super::keys::{self, Owner};
use super::objects::{self, Audience as For, Object};
use super::outgoing::{self, Audience, Deed};
use super::{articles, deeds, erasing, follows, mentioning, returned, serving, tombstones, whole, written};
use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::copies;
use crate::documents::DocumentId;
use crate::error::{Code, Error, Result};
use crate::jobs::outbox::{EventKind, Fact};
use crate::networks::{self, MemberState, Network, NetworkId};
use crate::peers::{self, Host, Reach};
use crate::threads::{ReplyId, ThreadId};

/// Tells others what a fact comes to, where they are to be told at all.
pub fn tell(tx: &mut Tx, cx: &Context, fact: &Fact) -> Result<()> {
    let Some(network) = fact.network else { return of_nobodys(tx, cx, fact) };
    let thread = Local::Thread(ThreadId(fact.subject));
    let reply = Local::Reply(ReplyId(fact.subject));
    match fact.kind {
        // Whatever is exchanged now: they sent it when something was.
        EventKind::WordsReturned => return returned::tell(tx, cx, fact),
        EventKind::ThreadDeleted => erasing::forget_text(tx, cx, &thread)?,
        EventKind::ReplyDeleted => erasing::forget_text(tx, cx, &reply)?,
        EventKind::DocumentRemoved => {
            erasing::forget_text(tx, cx, &Local::Document(DocumentId(fact.subject)))?;
        }
        _ => {}
    }
    if peers::choice(tx)? == Reach::None {
        return Ok(());
    }
    let network = networks::by_id(tx, NetworkId(network))?;
    if network.federates().reach() == Reach::None {
        return Ok(());
    }
    match fact.kind {
        EventKind::ThreadCreated => post(tx, cx, &network, &thread, "Create", fact),
        EventKind::ThreadEdited => post(tx, cx, &network, &thread, "Update", fact),
        EventKind::ThreadDeleted => gone(tx, cx, &network, &thread, fact),
        EventKind::ReplyCreated => post(tx, cx, &network, &reply, "Create", fact),
        EventKind::ReplyEdited => post(tx, cx, &network, &reply, "Update", fact),
        EventKind::ReplyDeleted => gone(tx, cx, &network, &reply, fact),
        EventKind::DocumentCreated
        | EventKind::DocumentRevised
        | EventKind::DocumentLabelled
        | EventKind::DocumentRemoved
        | EventKind::RevisionProposed => articles::tell(tx, cx, &network, fact),
        EventKind::JoinRequested
        | EventKind::MemberJoined
        | EventKind::JoinDecided
        | EventKind::MemberLeft => {
            // Before what ends a membership: who does not belong to a network is not told of it.
            deeds::tell(tx, cx, &network, fact)?;
            membership(tx, cx, &network, PersonId(fact.subject), fact.kind)
        }
        _ => deeds::tell(tx, cx, &network, fact),
    }
}

/// What happened in no network.
fn of_nobodys(tx: &mut Tx, cx: &Context, fact: &Fact) -> Result<()> {
    match fact.kind {
        // Who may know of them is asked, whatever is exchanged with them now.
        EventKind::AccountClosed => erasing::close(tx, cx, fact),
        EventKind::ProfileChanged if peers::choice(tx)? != Reach::None => deeds::tell_of_person(tx, cx, fact),
        _ => Ok(()),
    }
}

fn membership(tx: &mut Tx, cx: &Context, network: &Network, person: PersonId, kind: EventKind) -> Result<()> {
    let somebody = accounts::person_by_id(tx, person)?;
    match (network.slug.host().is_empty(), somebody.host.is_empty(), kind) {
        // Somebody elsewhere, in a network of here.
        (true, false, EventKind::MemberJoined) => {
            if let Ok(host) = Host::parse(somebody.host) {
                erasing::holds(tx, cx, network.id, &host)?;
            }
            follows::tell(tx, cx, network.id, person, MemberState::Active)
        }
        (true, false, EventKind::JoinDecided | EventKind::MemberLeft) => {
            let (_, membership) = networks::standing_in(tx, network.id, Some(person))?;
            match membership.map(|membership| membership.state) {
                Some(MemberState::Active) | None => Ok(()),
                Some(state) => follows::tell(tx, cx, network.id, person, state),
            }
        }
        // Somebody of here, in a network elsewhere.
        (false, true, EventKind::JoinRequested) => {
            if let Ok(home) = Host::parse(network.slug.host().to_owned()) {
                erasing::holds(tx, cx, network.id, &home)?;
            }
            follows::ask(tx, cx, network.id, person)
        }
        (false, true, EventKind::MemberLeft) => follows::end(tx, cx, network.id, person),
        _ => Ok(()),
    }
}

/// Who did something, as those who tell of it need to know.
pub(super) enum Doer {
    Here(PersonId, String),
    Elsewhere,
}

fn doer(tx: &mut Tx, cx: &Context, fact: &Fact) -> Result<Option<Doer>> {
    let Some(person) = fact.actor.map(PersonId) else { return Ok(None) };
    let somebody = accounts::person_by_id(tx, person)?;
    Ok(Some(match somebody.host.is_empty() {
        true => Doer::Here(person, Local::Person(somebody.handle).address(cx.config())),
        false => Doer::Elsewhere,
    }))
}

/// A thread or reply was written or changed.
fn post(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    of: &Local,
    kind: &'static str,
    fact: &Fact,
) -> Result<()> {
    let Some(doer) = doer(tx, cx, fact)? else { return Ok(()) };
    let home = home(tx, network)?;
    let inner = match &doer {
        Doer::Here(person, actor) => {
            let object = match serving::written_here(tx, cx.config(), of) {
                Ok(object) => object,
                // Deleted since: that is told next.
                Err(Error::Rule(Code::NotFound)) => return Ok(()),
                Err(cause) => return Err(cause),
            };
            let object = prove(tx, cx, *person, actor, object)?;
            activity(
                cx,
                kind,
                actor,
                &serving::audience(tx, cx.config(), network)?,
                Value::Object(object),
                fact,
            )
        }
        // As its author sent it.
        Doer::Elsewhere => match written::of(tx, fact.subject)? {
            // Deleted since, text and all.
            Some(written) if written.activity.is_empty() => return Ok(()),
            Some(written) => serde_json::from_str(&written.activity).map_err(Error::internal)?,
            None => return Ok(()),
        },
    };
    whole::keep(tx, cx, network, of, &inner)?;
    let order = order(tx, cx, of)?;
    if let Doer::Here(person, actor) = &doer {
        mentioning::deliver(tx, cx, network, (*person, actor), &inner, &order)?;
    }
    send(tx, cx, network, home, doer, inner, kind == "Create", (fact.subject, order))
}

/// A thread or reply was taken away, by its author or by who moderates.
fn gone(tx: &mut Tx, cx: &Context, network: &Network, of: &Local, fact: &Fact) -> Result<()> {
    let Some(doer) = doer(tx, cx, fact)? else { return Ok(()) };
    let home = home(tx, network)?;
    let address = written::address(tx, cx.config(), of)?;
    let told = address.clone();
    let inner = match &doer {
        Doer::Here(_, actor) => {
            let audience = serving::audience(tx, cx.config(), network)?;
            let mut inner = activity(cx, "Delete", actor, &audience, Value::String(address), fact);
            let writer = crate::threads::author_of(tx, fact.subject)?;
            if let Some(inner) = inner.as_object_mut()
                && writer.map(|writer| writer.0) != fact.actor
            {
                // For Lemmy a reason, be it empty, says that a moderator did it.
                inner.insert("summary".to_owned(), "".into());
            }
            inner
        }
        Doer::Elsewhere => match taken_away(tx, fact, &address)? {
            Some(told) => told,
            None if home.is_some() => return Ok(()),
            // It went along with all that somebody wrote, of which each thing was not told: the network says it.
            None => {
                let group = Local::Network(network.slug.clone()).address(cx.config());
                let audience = serving::audience(tx, cx.config(), network)?;
                let mut inner = activity(cx, "Delete", &group, &audience, Value::String(address), fact);
                inner["summary"] = "".into();
                inner
            }
        },
    };
    let order = order(tx, cx, of)?;
    let writer = crate::threads::author_of(tx, fact.subject)?;
    match (home, doer) {
        (None, _) => erasing::deleted(tx, cx, network, of, writer, inner, order),
        // It said so itself: told back, it would be taken for a wish of whoever wrote it.
        (Some(home), Doer::Here(..)) if tombstones::activity(tx, &told, &home.uri)?.is_some() => Ok(()),
        (Some(home), Doer::Here(person, _)) => {
            let mut inner = inner;
            inner["cc"] = json!([home.uri]);
            erasing::deleted_elsewhere(tx, cx, (network, &home), (of, writer), person, inner, order)
        }
        (Some(_), Doer::Elsewhere) => Ok(()),
    }
}

/// The activity with which somebody elsewhere took something away, as they sent it: in their name nothing is made up.
fn taken_away(tx: &mut Tx, fact: &Fact, address: &str) -> Result<Option<Value>> {
    let actor = fact.actor.map(|id| actors::of_person(tx, PersonId(id))).transpose()?.flatten();
    let Some(actor) = actor else { return Ok(None) };
    let told = tombstones::activity(tx, address, &actor.uri)?;
    told.map(|told| serde_json::from_str(&told).map_err(Error::internal)).transpose()
}

/// The home of a network, where that is elsewhere.
pub(super) fn home(tx: &mut Tx, network: &Network) -> Result<Option<Remote>> {
    match network.slug.host() {
        "" => Ok(None),
        _ => actors::of_network(tx, network.id),
    }
}

/// What belongs to one thread is told in order.
fn order(tx: &mut Tx, cx: &Context, of: &Local) -> Result<String> {
    let thread = match of {
        Local::Reply(id) => crate::threads::thread_of(tx, *id)?.map(Local::Thread),
        _ => None,
    };
    Ok(thread.as_ref().unwrap_or(of).address(cx.config()))
}

/// An object with the proof of who of here wrote it.
pub(super) fn prove(
    tx: &mut Tx,
    cx: &Context,
    person: PersonId,
    actor: &str,
    object: Object,
) -> Result<Object> {
    let key = keys::proof_key(tx, cx, Owner::Person(person))?;
    let object = objects::proved(object, &key, actor)?;
    if let Some(public) = key.public().to_multibase() {
        copies::see_key(tx, actor, &proof_key(actor), &public, cx.now())?;
    }
    Ok(object)
}

fn activity(cx: &Context, kind: &str, actor: &str, audience: &For, object: Value, fact: &Fact) -> Value {
    json!({
        "id": cx.config().public(&format!("/activities/{}-{}", kind.to_ascii_lowercase(), fact.id)),
        "type": kind,
        "actor": actor,
        "to": audience.to(),
        "cc": [],
        "audience": audience.group(),
        "object": object,
    })
}

/// Lets the network tell on, or its home.
#[allow(clippy::too_many_arguments)]
pub(super) fn send(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    home: Option<Remote>,
    doer: Doer,
    inner: Value,
    by_itself: bool,
    (post, order_key): (i64, String),
) -> Result<()> {
    let member = |name: &str| inner.get(name).cloned().unwrap_or(Value::Null);
    match (home, doer) {
        (Some(home), Doer::Here(person, actor)) => {
            let kind = match member("type").as_str() {
                Some("Create") => "Create",
                Some("Delete") => "Delete",
                _ => "Update",
            };
            let mut more = json!({ "to": member("to"), "cc": [home.uri], "audience": home.uri });
            if let (Some(more), Some(summary)) = (more.as_object_mut(), inner.get("summary")) {
                more.insert("summary".to_owned(), summary.clone());
            }
            let object = member("object");
            let owner = Owner::Person(person);
            let audience = Audience::Actor(&home);
            let uri = outgoing::push(tx, cx, Deed { owner, actor, kind, object, more, audience, order_key })?;
            outgoing::tells_of(tx, &uri, post)?;
        }
        (Some(_), Doer::Elsewhere) => {}
        // It lives elsewhere, and nobody knows where: it is told to nobody, least of all in its name.
        (None, _) if !network.slug.host().is_empty() => {}
        (None, _) => {
            let of = Local::Network(network.slug.clone());
            let actor = of.address(cx.config());
            let audience = serving::audience(tx, cx.config(), network)?;
            let object = member("object");
            let mut told = vec![inner];
            told.extend(by_itself.then(|| object.get("id").cloned()).flatten());
            for object in told {
                let deed = Deed {
                    owner: Owner::Network(network.id),
                    actor: actor.clone(),
                    kind: "Announce",
                    object,
                    more: json!({ "to": audience.to(), "cc": [of.part(cx.config(), "followers")] }),
                    audience: Audience::Followers(network.id),
                    order_key: order_key.clone(),
                };
                outgoing::push(tx, cx, deed)?;
            }
        }
    }
    Ok(())
}
