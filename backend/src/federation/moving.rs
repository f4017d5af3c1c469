//! A network goes to live somewhere else: who of here belongs to it follows it there, without being asked again, and
//! what they wrote and its former home did not get goes along.

use chrono::Duration;
use diesel::prelude::*;
use kring_activitypub::wire::Actor;
use kring_db::schema::{persons, replies, threads};
use kring_db::{Conn, Time, Tx};
use serde_json::{Value, json};

use super::actors::{self, Remote};
use super::addresses::Local;
use super::keys::Owner;
use super::moves::{self, Move, MoveState};
use super::outgoing::{self, Audience, Deed};
use super::{articles, continuing, follows, homes, notices, serving, telling};
use crate::accounts::{self, Handle, PersonId, SignedIn, Viewer};
use crate::app::{App, Context};
use crate::documents;
use crate::drafts;
use crate::error::{Code, Error, Result};
use crate::networks::{self, Joining, Network, NetworkId, Showing, Slug};
use crate::peers::{DEAD, Host};
use crate::threads::{ReplyId, ThreadId};

/// What was written so long before the former home was last heard is sent once more: it may not have been told on.
const BEFORE: Duration = Duration::days(7);

/// The group that a network moves to, asked for now: it must say that it was the other one. In words why not.
pub async fn target(app: &App, to: &url::Url, from: &str) -> Result<std::result::Result<Actor, String>> {
    let told = match super::asking::object(app, to).await? {
        Ok(told) => told,
        Err(why) => return Ok(Err(why)),
    };
    let also = kring_activitypub::wire::ids_of(told.get("alsoKnownAs"));
    let group = match Actor::parse(&told) {
        Ok(group) if group.kind == kring_activitypub::wire::ActorKind::Group && group.id == *to => group,
        Ok(_) => return Ok(Err("what a network moves to is none".to_owned())),
        Err(refusal) => return Ok(Err(refusal.to_string())),
    };
    match also.iter().any(|it| it.as_str() == from) {
        true => Ok(Ok(group)),
        false => Ok(Err("what a network moves to does not say that it was that one".to_owned())),
    }
}

/// The address of a group as people write it.
pub fn address_of(group: &Actor) -> Result<Slug> {
    let host = Host::of(&group.id).ok_or_else(|| Error::internal("an actor without a host"))?;
    format!("{}@{host}", group.name).parse().map_err(|_| Code::TargetNotReady.into())
}

/// A network of here moves to another instance, whose group was just asked for.
pub fn move_away(tx: &mut Tx, cx: &Context, who: &SignedIn, slug: &Slug, group: &Actor) -> Result<Move> {
    let (network, _) = networks::coordinating(tx, &Viewer::SignedIn(who.clone()), slug)?;
    let own = Local::Network(network.slug.clone()).address(cx.config());
    let mut told = moved(cx, &network, &own, group)?;
    let activity = continuing::object(cx, &told, json!({ "actor": own }));
    told.activity = Value::Object(activity).to_string();
    tell(tx, cx, &network, &own, group, Audience::Followers(network.id))?;
    let target = go(tx, cx, &mut told, group)?;
    // Whether or not anybody there belongs to it.
    tell(tx, cx, &network, &own, group, Audience::Actor(&target))?;
    moves::put(tx, &told)?;
    Ok(told)
}

fn moved(cx: &Context, network: &Network, from: &str, group: &Actor) -> Result<Move> {
    let address = address_of(group)?;
    Ok(Move::new(cx, network.id, from, (group.id.as_str(), &address), MoveState::Done))
}

fn tell(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    own: &str,
    group: &Actor,
    audience: Audience<'_>,
) -> Result<()> {
    let deed = Deed {
        owner: Owner::Network(network.id),
        actor: own.to_owned(),
        kind: "Move",
        object: own.into(),
        more: json!({ "target": group.id.as_str(), "to": [super::objects::PUBLIC], "cc": [format!("{own}/followers")] }),
        audience,
        order_key: own.to_owned(),
    };
    outgoing::push(tx, cx, deed).map(|_| ())
}

/// A network that people here belong to moves, as was made sure.
pub fn over(tx: &mut Tx, cx: &Context, told: &mut Move, group: &Actor) -> Result<()> {
    told.state = MoveState::Done;
    told.to_address = address_of(group)?;
    told.updated_at = cx.now();
    go(tx, cx, told, group)?;
    moves::put(tx, told)
}

/// Moves the rows of a network, follows it, and sends what may have got lost.
fn go(tx: &mut Tx, cx: &Context, told: &mut Move, group: &Actor) -> Result<Remote> {
    let since = lost_since(tx, cx, told)?;
    let taken = networks::with_address(tx, &told.to_address)?;
    let people = match taken {
        // Somebody here found it there before: both histories stay, and its members go on in the one that lives.
        Some(there) if there.id != told.network_id => {
            told.state = MoveState::Elsewhere;
            join(tx, cx, told.network_id, &there)?
        }
        _ => {
            let before = networks::by_id(tx, told.network_id)?.slug;
            drafts::network_moved(tx, &before, &told.to_address)?;
            networks::goes_to(tx, cx, told.network_id, &told.to_address)?
        }
    };
    actors::part(tx, told.network_id)?;
    let target = actors::keep(tx, cx, group)?;
    let network = target.network_id.ok_or(Code::TargetNotReady)?;
    if network == told.network_id {
        // Also who asked to be let in where it lived, and was not answered.
        let asking = networks::asking_here(tx, network)?;
        for person in people.iter().chain(&asking) {
            follows::ask(tx, cx, network, *person)?;
        }
        articles::send_again(tx, cx, network, since)?;
    } else {
        // What was on its way to where it lived has no document there.
        documents::turn_down_all(tx, cx, told.network_id)?;
    }
    send_again(tx, cx, told.network_id, &target, since)?;
    notices::moved(tx, cx, network, target.host.as_str())?;
    Ok(target)
}

fn join(tx: &mut Tx, cx: &Context, from: NetworkId, there: &Network) -> Result<Vec<PersonId>> {
    let people = networks::members_here(tx, from)?;
    for person in &people {
        let acting = accounts::acting_elsewhere(tx, *person)?;
        let joining = Joining::Myself { message: String::new(), showing: Showing::default() };
        match networks::join(tx, cx, &acting, &there.slug, &joining) {
            Ok(_) | Err(Error::Rule(_)) => {}
            Err(cause) => return Err(cause),
        }
    }
    Ok(people)
}

/// From when on what people here wrote may not have reached everybody.
fn lost_since(conn: &mut Conn, cx: &Context, told: &Move) -> Result<Time> {
    let mut since = cx.now();
    let known = moves::of(conn, told.network_id)?;
    for from in known.iter().map(|it| it.from_uri.as_str()).chain([told.from_uri.as_str()]) {
        if let Some(silent) = homes::silent_since(conn, &homes::host_of(from)?)? {
            since = since.min(silent);
        }
    }
    for earlier in known.iter().filter(|it| matches!(it.state, MoveState::Done | MoveState::Elsewhere)) {
        // When it was said, which may be long before it was heard here.
        let said = earlier.published().unwrap_or(earlier.created_at).min(earlier.created_at);
        since = since.min(said - homes::wait(cx));
    }
    Ok(since - BEFORE)
}

/// An instance is back that was silent since a moment. What was for it was kept for as long as it was not given up; after
/// that it gets once more what people here wrote in its networks, and hears which of them are continued here.
pub fn returned(tx: &mut Tx, cx: &Context, host: &Host, since: Time) -> Result<()> {
    if since + DEAD > cx.now() {
        return Ok(());
    }
    for home in actors::networks_at(tx, host)? {
        if let Some(network) = home.network_id {
            send_again(tx, cx, network, &home, since - BEFORE)?;
            articles::send_again(tx, cx, network, since - BEFORE)?;
        }
    }
    for told in moves::signed(tx)? {
        if homes::host_of(&told.from_uri)? == *host {
            continuing::tell(tx, cx, &told, host)?;
        }
    }
    Ok(())
}

/// Something that somebody of here wrote: its place, its author, and the thread that it belongs to.
type Own = (Local, PersonId, Handle, ThreadId);

/// Sends what people of here wrote since a moment to where the network lives now. What is there already is not taken
/// twice: it has an id.
fn send_again(tx: &mut Tx, cx: &Context, network: NetworkId, home: &Remote, since: Time) -> Result<()> {
    for (of, person, handle, thread) in written_here(tx, network, since)? {
        let object = match serving::written_here(tx, cx.config(), &of) {
            Ok(object) => object,
            Err(Error::Rule(Code::NotFound)) => continue,
            Err(cause) => return Err(cause),
        };
        let actor = Local::Person(handle).address(cx.config());
        let object = telling::prove(tx, cx, person, &actor, object)?;
        let deed = Deed {
            owner: Owner::Person(person),
            kind: "Create",
            more: json!({ "to": object.get("to"), "cc": [home.uri], "audience": home.uri }),
            object: Value::Object(object),
            audience: Audience::Actor(home),
            order_key: Local::Thread(thread).address(cx.config()),
            actor,
        };
        let uri = outgoing::push(tx, cx, deed)?;
        if let Local::Thread(ThreadId(post)) | Local::Reply(ReplyId(post)) = of {
            outgoing::tells_of(tx, &uri, post)?;
        }
    }
    Ok(())
}

fn written_here(conn: &mut Conn, network: NetworkId, since: Time) -> Result<Vec<Own>> {
    let here = persons::host.eq("").and(persons::closed_at.is_null());
    let begun: Vec<(ThreadId, PersonId, Handle)> = threads::table
        .inner_join(persons::table.on(persons::id.eq(threads::author_id)))
        .filter(threads::network_id.eq(network))
        .filter(threads::created_at.ge(since).or(threads::edited_at.ge(since).assume_not_null()))
        .filter(threads::deleted_at.is_null().and(here))
        .order(threads::id)
        .select((threads::id, persons::id, persons::handle))
        .load(conn)?;
    let answers: Vec<(ReplyId, PersonId, Handle, ThreadId)> = replies::table
        .inner_join(threads::table.on(threads::id.eq(replies::thread_id)))
        .inner_join(persons::table.on(persons::id.eq(replies::author_id)))
        .filter(threads::network_id.eq(network))
        .filter(replies::created_at.ge(since).or(replies::edited_at.ge(since).assume_not_null()))
        .filter(replies::deleted_at.is_null().and(here))
        .order(replies::id)
        .select((replies::id, persons::id, persons::handle, threads::id))
        .load(conn)?;
    let begun = begun.into_iter().map(|(id, person, handle)| (Local::Thread(id), person, handle, id));
    let answers = answers
        .into_iter()
        .map(|(id, person, handle, thread)| (Local::Reply(id), person, handle, thread));
    Ok(begun.chain(answers).collect())
}

/// A network of here that is to move, for who may say so.
pub fn may_move(conn: &mut Conn, viewer: &Viewer, slug: &Slug) -> Result<Network> {
    viewer.signed_in()?;
    let (network, _) = networks::coordinating(conn, viewer, slug)?;
    match network.slug.host() {
        "" => Ok(network),
        _ => Err(Code::LivesElsewhere.into()),
    }
}
