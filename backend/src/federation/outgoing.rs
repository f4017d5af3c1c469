//! What actors of this instance did, as rows that wait to be told: written in the transaction of what they tell of.
//!
//! Invariants: an instance that is met for the first time gets its place in the row (`peers`) in that same transaction,
//! so a first `Follow` or `Accept` is never passed over; positions are given after commit ([`super::sequencing`]), so
//! nothing slips in behind a reader.

use diesel::prelude::*;
use kring_db::schema::{activities, parked_deliveries, persons};
use kring_db::{Conn, Tx, id_type};
use serde_json::{Value, json};

use super::actors::Remote;
use super::addresses::Local;
use super::erasing::ErasureId;
use super::keys::Owner;
use super::known;
use super::{objects, serving};
use crate::accounts::PersonId;
use crate::app::Context;
use crate::error::{Error, Result};
use crate::networks::{self, Network, NetworkId};
use crate::peers::Host;

id_type! {
    /// A row of `activities`.
    ActivityId
}

/// Who is told.
#[derive(Clone, Debug)]
pub enum Audience<'a> {
    /// Every instance with somebody who follows the network.
    Followers(NetworkId),
    /// One actor.
    Actor(&'a Remote),
    /// One actor whom something in a network mentions: for as long as that goes there.
    Mentioned(NetworkId, &'a Remote),
    /// Every instance that is asked to delete something, whatever is exchanged with it.
    Asked(ErasureId),
    /// One actor that is.
    AskedActor(ErasureId, &'a Remote),
}

/// Something an actor of this instance did.
#[derive(Debug)]
pub struct Deed<'a> {
    pub owner: Owner,
    /// The owner's address.
    pub actor: String,
    /// `Follow`, `Announce` …
    pub kind: &'static str,
    /// What it was done to.
    pub object: Value,
    /// What else the activity says: `to`, `cc` and so on.
    pub more: Value,
    pub audience: Audience<'a>,
    /// Those of one thread go out in their order.
    pub order_key: String,
}

/// Writes an activity down, and gives its address.
pub fn push(tx: &mut Tx, cx: &Context, deed: Deed<'_>) -> Result<String> {
    let id: ActivityId = cx.id();
    let uri = cx.config().public(&format!("/activities/{id}"));
    let mut payload = json!({
        "@context": objects::context(),
        "id": uri,
        "type": deed.kind,
        "actor": deed.actor,
        "object": deed.object,
    });
    if let (Some(payload), Value::Object(more)) = (payload.as_object_mut(), deed.more) {
        payload.extend(more);
    }
    let (network, to, erasure) = match deed.audience {
        Audience::Followers(network) => (Some(network), None, None),
        Audience::Actor(actor) => (None, Some(actor), None),
        Audience::Mentioned(network, actor) => (Some(network), Some(actor), None),
        Audience::Asked(erasure) => (None, None, Some(erasure)),
        Audience::AskedActor(erasure, actor) => (None, Some(actor), Some(erasure)),
    };
    if let Some(actor) = to {
        known::meet(tx, &actor.host, cx.now())?;
    }
    let to = to.map(|actor| (&actor.host, actor.inbox.as_str()));
    put(tx, cx, (id, &uri), deed.owner, &payload, (network, to, erasure), &deed.order_key)?;
    Ok(uri)
}

/// Sends an instance an activity that has its id and its proof already.
pub fn push_again(
    tx: &mut Tx,
    cx: &Context,
    owner: Owner,
    payload: &Value,
    to: (&Host, &str),
    order_key: &str,
) -> Result<()> {
    let id: ActivityId = cx.id();
    known::meet(tx, to.0, cx.now())?;
    let uri = cx.config().public(&format!("/activities/{id}"));
    put(tx, cx, (id, &uri), owner, payload, (None, Some(to), None), order_key)
}

/// A network tells on something that was signed elsewhere.
pub fn tell_on(tx: &mut Tx, cx: &Context, network: NetworkId, actor: &str, signed: Value) -> Result<()> {
    let deed = Deed {
        owner: Owner::Network(network),
        actor: actor.to_owned(),
        kind: "Announce",
        object: signed,
        more: json!({ "to": [objects::PUBLIC], "cc": [format!("{actor}/followers")] }),
        audience: Audience::Followers(network),
        order_key: actor.to_owned(),
    };
    push(tx, cx, deed).map(|_| ())
}

/// Most of what was sent of one thing that is looked at.
const SENT: i64 = 20;

/// How something was told to single instances, the newest first.
pub fn sent_of(conn: &mut Conn, uri: &str) -> Result<Vec<Value>> {
    let its = activities::table.filter(activities::tells.eq(uri).and(activities::host.is_not_null()));
    let payloads: Vec<String> =
        its.order(activities::id.desc()).limit(SENT).select(activities::payload).load(conn)?;
    let object = |payload: String| serde_json::from_str::<Value>(&payload).ok()?.get("object").cloned();
    Ok(payloads.into_iter().filter_map(object).collect())
}

/// Notes which thread or reply an activity tells the home of its network of.
pub fn tells_of(tx: &mut Tx, uri: &str, post: i64) -> Result<()> {
    diesel::update(activities::table.filter(activities::uri.eq(uri)))
        .set(activities::post_id.eq(post))
        .execute(tx.conn())?;
    Ok(())
}

fn put(
    tx: &mut Tx,
    cx: &Context,
    (id, uri): (ActivityId, &str),
    owner: Owner,
    payload: &Value,
    (network, to, erasure): (Option<NetworkId>, Option<(&Host, &str)>, Option<ErasureId>),
    order_key: &str,
) -> Result<()> {
    let (owner_kind, owner_id) = owner.columns();
    diesel::insert_into(activities::table)
        .values((
            activities::id.eq(id),
            activities::uri.eq(uri),
            activities::owner_kind.eq(owner_kind),
            activities::owner_id.eq(owner_id),
            activities::payload.eq(payload.to_string()),
            activities::network_id.eq(network),
            activities::host.eq(to.map(|(host, _)| host)),
            activities::inbox.eq(to.map(|(_, inbox)| inbox)),
            activities::erasure_id.eq(erasure),
            activities::tells.eq(tells(payload)),
            activities::order_key.eq(order_key),
            activities::created_at.eq(cx.now()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A network of this instance tells on what somebody did in it.
pub fn announce(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    activity: Value,
    audience: Audience<'_>,
    order_key: String,
) -> Result<String> {
    let of = Local::Network(network.slug.clone());
    let to = serving::audience(tx, cx.config(), network)?.to();
    let deed = Deed {
        owner: Owner::Network(network.id),
        actor: of.address(cx.config()),
        kind: "Announce",
        object: activity,
        more: json!({ "to": to, "cc": [of.part(cx.config(), "followers")] }),
        audience,
        order_key,
    };
    push(tx, cx, deed)
}

/// Somebody of this instance tells others what they did: `activity`, which gets the address under which it is kept.
pub fn directly(
    tx: &mut Tx,
    cx: &Context,
    by: PersonId,
    activity: Value,
    audience: Audience<'_>,
    order_key: String,
) -> Result<String> {
    const KINDS: [&str; 9] = ["Like", "Undo", "Add", "Remove", "Lock", "Block", "Flag", "Update", "Delete"];
    let Value::Object(mut more) = activity else {
        return Err(Error::internal("an activity is an object"));
    };
    let named = more.remove("type");
    let kind = KINDS.into_iter().find(|kind| named.as_ref().is_some_and(|named| named == kind));
    let kind = kind.ok_or_else(|| Error::internal("an activity of a kind that is not sent"))?;
    let object = more.remove("object").unwrap_or_default();
    more.retain(|name, _| !matches!(name.as_str(), "id" | "actor" | "@context"));
    let owner = Owner::Person(by);
    let actor = owner_address(tx, cx, owner)?;
    push(
        tx,
        cx,
        Deed {
            owner,
            actor,
            kind,
            object,
            more: more.into(),
            audience,
            order_key,
        },
    )
}

/// The address of what an activity tells the text of.
fn tells(payload: &Value) -> Option<&str> {
    let mut innermost = payload;
    while let Some(object) = innermost.get("object").filter(|object| object.is_object()) {
        innermost = object;
    }
    innermost.get("attributedTo")?;
    innermost.get("id")?.as_str()
}

/// What tells the text of something tells it no more, also where it waits for somebody. Its row stays, for nobody: places
/// in the row are counted by it.
pub fn forget_text(tx: &mut Tx, uri: &str) -> Result<()> {
    let telling = activities::table.filter(activities::tells.eq(uri)).select(activities::id);
    diesel::delete(parked_deliveries::table.filter(parked_deliveries::activity_id.eq_any(telling)))
        .execute(tx.conn())?;
    diesel::update(activities::table.filter(activities::tells.eq(uri)))
        .set((
            activities::payload.eq("{}"),
            activities::network_id.eq(None::<NetworkId>),
            activities::host.eq(None::<String>),
            activities::tells.eq(None::<String>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The address of an owner.
pub fn owner_address(conn: &mut Conn, cx: &Context, owner: Owner) -> Result<String> {
    let local = match owner {
        Owner::Instance => Local::Instance,
        // One that moved away speaks as what it was here.
        Owner::Network(id) => match networks::address_here(conn, id)? {
            Some(slug) => Local::Network(slug),
            None => return Err(Error::internal("a network of another instance does nothing here")),
        },
        Owner::Person(id) => Local::Person(persons::table.find(id).select(persons::handle).first(conn)?),
    };
    Ok(local.address(cx.config()))
}

/// Somebody of this instance follows a network elsewhere.
pub fn follow(tx: &mut Tx, cx: &Context, person: PersonId, network: &Remote) -> Result<String> {
    let owner = Owner::Person(person);
    let actor = owner_address(tx, cx, owner)?;
    let deed = Deed {
        owner,
        order_key: format!("{actor} {}", network.uri),
        actor,
        kind: "Follow",
        object: network.uri.clone().into(),
        more: json!({ "to": [network.uri] }),
        audience: Audience::Actor(network),
    };
    push(tx, cx, deed)
}

/// Somebody of this instance follows a network elsewhere no more.
pub fn unfollow(
    tx: &mut Tx,
    cx: &Context,
    person: PersonId,
    network: &Remote,
    follow: &str,
) -> Result<String> {
    let owner = Owner::Person(person);
    let actor = owner_address(tx, cx, owner)?;
    let object = json!({ "id": follow, "type": "Follow", "actor": actor, "object": network.uri });
    let deed = Deed {
        owner,
        order_key: format!("{actor} {}", network.uri),
        actor,
        kind: "Undo",
        object,
        more: json!({ "to": [network.uri] }),
        audience: Audience::Actor(network),
    };
    push(tx, cx, deed)
}

/// A network answers who wanted to follow it: `Accept` or `Reject`, with the activity that asked.
pub fn answer(
    tx: &mut Tx,
    cx: &Context,
    network: NetworkId,
    follow: (&str, &Remote),
    kind: &'static str,
) -> Result<String> {
    let owner = Owner::Network(network);
    let actor = owner_address(tx, cx, owner)?;
    let (uri, who) = follow;
    let object = json!({ "id": uri, "type": "Follow", "actor": who.uri, "object": actor });
    let deed = Deed {
        owner,
        order_key: format!("{} {actor}", who.uri),
        actor,
        kind,
        object,
        more: json!({ "to": [who.uri] }),
        audience: Audience::Actor(who),
    };
    push(tx, cx, deed)
}

/// A network did not take what somebody elsewhere sent it, and says so.
pub fn refuse(tx: &mut Tx, cx: &Context, network: NetworkId, who: &Remote, what: Value) -> Result<String> {
    let owner = Owner::Network(network);
    let actor = owner_address(tx, cx, owner)?;
    let deed = Deed {
        owner,
        order_key: format!("{} {actor}", who.uri),
        actor,
        kind: "Reject",
        object: what,
        more: json!({ "to": [who.uri] }),
        audience: Audience::Actor(who),
    };
    push(tx, cx, deed)
}
