//! What actors of this instance did, as rows that wait to be told: written in the transaction of what they tell of.
//!
//! Invariants: an instance that is met for the first time gets its place in the row (`peers`) in that same transaction,
//! so a first `Follow` or `Accept` is never passed over; positions are given after commit, so nothing slips in behind a
//! reader.

use diesel::prelude::*;
use kring_activitypub::wire;
use kring_db::schema::{activities, memberships, networks as network_rows, parked_deliveries, persons};
use kring_db::{Conn, Time, Tx, id_type};
use serde_json::{Value, json};

use super::actors::Remote;
use super::addresses::Local;
use super::keys::{Owner, OwnerKind};
use super::known;
use super::{objects, rules};
use crate::accounts::PersonId;
use crate::app::Context;
use crate::error::{Error, Result};
use crate::networks::{self, MemberState, NetworkId};
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
    let (network, to) = match deed.audience {
        Audience::Followers(network) => (Some(network), None),
        Audience::Actor(actor) => {
            known::meet(tx, &actor.host, cx.now())?;
            (None, Some((&actor.host, &actor.inbox)))
        }
    };
    let (owner_kind, owner_id) = deed.owner.columns();
    diesel::insert_into(activities::table)
        .values((
            activities::id.eq(id),
            activities::uri.eq(&uri),
            activities::owner_kind.eq(owner_kind),
            activities::owner_id.eq(owner_id),
            activities::payload.eq(payload.to_string()),
            activities::network_id.eq(network),
            activities::host.eq(to.map(|(host, _)| host)),
            activities::inbox.eq(to.map(|(_, inbox)| inbox)),
            activities::order_key.eq(deed.order_key),
            activities::created_at.eq(cx.now()),
        ))
        .execute(tx.conn())?;
    Ok(uri)
}

/// Is there an activity that has no position yet?
pub fn any_fresh(conn: &mut Conn) -> Result<bool> {
    let fresh = activities::table.filter(activities::position.is_null()).select(activities::id);
    Ok(fresh.first::<ActivityId>(conn).optional()?.is_some())
}

/// Gives every committed activity that has none its position.
pub fn sequence(tx: &mut Tx) -> Result<()> {
    if let Conn::Postgres(c) = tx.conn() {
        // SQLite has one writer anyway.
        diesel::sql_query("SELECT pg_advisory_xact_lock(7239847202)").execute(c)?;
    }
    let fresh: Vec<ActivityId> = activities::table
        .filter(activities::position.is_null())
        .order(activities::id)
        .select(activities::id)
        .load(tx.conn())?;
    let mut last = if fresh.is_empty() {
        return Ok(());
    } else {
        known::last_position(tx)?
    };
    for id in fresh {
        last += 1;
        diesel::update(activities::table.find(id))
            .set(activities::position.eq(last))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// An activity that is to go to an instance.
#[derive(Clone, Debug, Queryable)]
pub struct Waiting {
    pub id: ActivityId,
    pub position: Option<i64>,
    pub owner_kind: OwnerKind,
    pub owner_id: i64,
    pub payload: String,
    /// Where to; `None`: wherever the instance takes what is for its followers.
    pub inbox: Option<String>,
    pub order_key: String,
}

/// What is for an instance after `position`, in order; at most `limit`.
pub fn for_peer(conn: &mut Conn, host: &Host, position: i64, limit: i64) -> Result<Vec<Waiting>> {
    let there = persons::table.filter(persons::host.eq(host)).select(persons::id);
    let followed: Vec<Option<NetworkId>> = memberships::table
        .filter(memberships::person_id.eq_any(there).and(memberships::state.eq(MemberState::Active)))
        .select(memberships::network_id.nullable())
        .distinct()
        .load(conn)?;
    // What a network chose, or an admin, counts for what was written before as well.
    let ids: Vec<NetworkId> = followed.into_iter().flatten().collect();
    let mut followed = Vec::with_capacity(ids.len());
    for network in networks::by_ids(conn, &ids)? {
        if rules::reaches(conn, &network, host)? {
            followed.push(Some(network.id));
        }
    }
    let parked: Vec<ActivityId> = parked_deliveries::table
        .filter(parked_deliveries::host.eq(host).and(parked_deliveries::parked_at.is_not_null()))
        .select(parked_deliveries::activity_id)
        .load(conn)?;
    let for_it = activities::host.eq(host).or(activities::network_id.eq_any(followed));
    Ok(activities::table
        .filter(activities::position.gt(position).and(for_it).assume_not_null())
        .filter(activities::id.ne_all(parked))
        .order(activities::position)
        .limit(limit)
        .select((
            activities::id,
            activities::position,
            activities::owner_kind,
            activities::owner_id,
            activities::payload,
            activities::inbox,
            activities::order_key,
        ))
        .load(conn)?)
}

/// After so many errors of its server an activity is parked there.
const TRIES: i64 = 5;

/// Notes that a server fell over an activity; `true` where it is parked now, for an admin to look at.
pub fn fell_over(tx: &mut Tx, id: ActivityId, host: &Host, cause: &str, now: Time) -> Result<bool> {
    let row = parked_deliveries::table.find((id, host));
    let before: Option<i64> = row.select(parked_deliveries::attempts).first(tx.conn()).optional()?;
    let attempts = before.unwrap_or(0) + 1;
    let parked = attempts >= TRIES;
    let columns = (
        parked_deliveries::attempts.eq(attempts),
        parked_deliveries::last_error.eq(cause),
        parked_deliveries::parked_at.eq(parked.then_some(now)),
    );
    if diesel::update(row).set(columns).execute(tx.conn())? == 0 {
        let key = (parked_deliveries::activity_id.eq(id), parked_deliveries::host.eq(host));
        diesel::insert_into(parked_deliveries::table).values((key, columns)).execute(tx.conn())?;
    }
    Ok(parked)
}

/// A place where an instance takes what is for its followers: any inbox that its actors share.
pub fn shared_inbox(conn: &mut Conn, host: &Host) -> Result<Option<String>> {
    use kring_db::schema::remote_actors;
    let found = remote_actors::table
        .filter(remote_actors::host.eq(host))
        .order(remote_actors::fetched_at.desc());
    Ok(found.select(remote_actors::delivery).first(conn).optional()?)
}

/// The address of an owner.
pub fn owner_address(conn: &mut Conn, cx: &Context, owner: Owner) -> Result<String> {
    let local = match owner {
        Owner::Instance => Local::Instance,
        Owner::Network(id) => {
            Local::Network(network_rows::table.find(id).select(network_rows::slug).first(conn)?)
        }
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

/// An address that stands in a row.
pub fn url(text: &str) -> Result<url::Url> {
    wire::address(text).ok_or_else(|| Error::internal("a stored address is none"))
}
