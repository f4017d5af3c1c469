//! Who follows which network across instances: rows, and what they come to.

use diesel::prelude::*;
use kring_db::schema::follows;
use kring_db::{Conn, Tx};
use serde_json::json;

use super::actors::{self, Remote};
use super::erasing::ErasureId;
use super::keys::Owner;
use super::outgoing::{self, Audience, Deed};
use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::error::{Code, Error, Result};
use crate::networks::{self, Joining, MemberState, Network, NetworkId, Showing};

/// Notes by which activity somebody follows a network, in place of an earlier one.
fn put(tx: &mut Tx, cx: &Context, uri: &str, network: NetworkId, person: PersonId) -> Result<()> {
    let same = follows::network_id.eq(network).and(follows::person_id.eq(person));
    diesel::delete(follows::table.filter(same)).execute(tx.conn())?;
    diesel::insert_into(follows::table)
        .values((
            follows::uri.eq(uri),
            follows::network_id.eq(network),
            follows::person_id.eq(person),
            follows::created_at.eq(cx.now()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets how people of here followed a network, which lives here now.
pub fn forget(tx: &mut Tx, network: NetworkId) -> Result<()> {
    diesel::delete(follows::table.filter(follows::network_id.eq(network))).execute(tx.conn())?;
    Ok(())
}

fn uri_of(conn: &mut Conn, network: NetworkId, person: PersonId) -> Result<Option<String>> {
    let row = follows::table.filter(follows::network_id.eq(network).and(follows::person_id.eq(person)));
    Ok(row.select(follows::uri).first(conn).optional()?)
}

fn by_uri(conn: &mut Conn, uri: &str) -> Result<Option<(NetworkId, PersonId)>> {
    let row = follows::table.find(uri).select((follows::network_id, follows::person_id));
    Ok(row.first(conn).optional()?)
}

/// Somebody elsewhere wants to follow a network of this instance.
pub fn asked(tx: &mut Tx, cx: &Context, uri: &str, who: &Remote, network: &Network) -> Result<()> {
    let Some(person) = who.person_id else { return Ok(()) };
    let acting = accounts::acting_elsewhere(tx, person)?;
    let joining = Joining::Myself { message: String::new(), showing: Showing::default() };
    put(tx, cx, uri, network.id, person)?;
    match networks::join(tx, cx, &acting, &network.slug, &joining) {
        // Where they are in now, `tell_in` says yes; where somebody decides, that follows.
        Ok(_) | Err(Error::Rule(Code::AlreadyRequested)) => Ok(()),
        Err(Error::Rule(Code::AlreadyMember)) => {
            outgoing::answer(tx, cx, network.id, (uri, who), "Accept").map(|_| ())
        }
        Err(Error::Rule(_)) => outgoing::answer(tx, cx, network.id, (uri, who), "Reject").map(|_| ()),
        Err(cause) => Err(cause),
    }
}

/// Somebody elsewhere follows a network of this instance no more.
pub fn ended(tx: &mut Tx, cx: &Context, who: &Remote, network: &Network) -> Result<()> {
    let Some(person) = who.person_id else { return Ok(()) };
    let acting = accounts::acting_elsewhere(tx, person)?;
    networks::part(tx, cx, &acting, &network.slug)
}

/// The home of a network elsewhere answered somebody of this instance. `true` where they are in now.
pub fn answered(tx: &mut Tx, cx: &Context, by: &Remote, follow: &str, accepted: bool) -> Result<bool> {
    let Some((network, person)) = by_uri(tx, follow)? else { return Ok(false) };
    if by.network_id != Some(network) {
        return Ok(false);
    }
    match accepted {
        true => networks::let_in(tx, cx, network, person)?,
        false => networks::turned_down(tx, cx, network, person)?,
    }
    Ok(accepted)
}

/// Somebody of this instance asked to join a network elsewhere: its home is asked.
pub fn ask(tx: &mut Tx, cx: &Context, network: NetworkId, person: PersonId) -> Result<()> {
    let Some(remote) = actors::of_network(tx, network)? else { return Ok(()) };
    let uri = outgoing::follow(tx, cx, person, &remote)?;
    put(tx, cx, &uri, network, person)
}

/// Somebody of this instance left a network elsewhere: its home is told.
pub fn end(tx: &mut Tx, cx: &Context, network: NetworkId, person: PersonId) -> Result<()> {
    let (Some(remote), Some(uri)) = (actors::of_network(tx, network)?, uri_of(tx, network, person)?) else {
        return Ok(());
    };
    outgoing::unfollow(tx, cx, person, &remote, &uri).map(|_| ())
}

/// What was agreed by a `Follow` ends, because its instance is left out: told as part of an erasure, in its order.
pub fn take_back(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    person: PersonId,
    uri: &str,
    (erasure, order): (ErasureId, String),
) -> Result<()> {
    if let Some(home) = actors::of_network(tx, network.id)? {
        let actor = outgoing::owner_address(tx, cx, Owner::Person(person))?;
        let follow = json!({ "id": uri, "type": "Follow", "actor": actor, "object": home.uri });
        let undo = json!({ "type": "Undo", "object": follow, "to": [home.uri] });
        let audience = Audience::AskedActor(erasure, &home);
        return outgoing::directly(tx, cx, person, undo, audience, order).map(|_| ());
    }
    let Some(remote) = actors::of_person(tx, person)? else { return Ok(()) };
    let owner = Owner::Network(network.id);
    let actor = outgoing::owner_address(tx, cx, owner)?;
    let deed = Deed {
        owner,
        kind: "Reject",
        object: json!({ "id": uri, "type": "Follow", "actor": remote.uri, "object": actor }),
        more: json!({ "to": [remote.uri] }),
        audience: Audience::AskedActor(erasure, &remote),
        order_key: order,
        actor,
    };
    outgoing::push(tx, cx, deed).map(|_| ())
}

/// Somebody elsewhere was let into a network of this instance, or not: they are told.
pub fn tell(
    tx: &mut Tx,
    cx: &Context,
    network: NetworkId,
    person: PersonId,
    state: MemberState,
) -> Result<()> {
    let (Some(remote), Some(uri)) = (actors::of_person(tx, person)?, uri_of(tx, network, person)?) else {
        return Ok(());
    };
    let kind = match state {
        MemberState::Active => "Accept",
        MemberState::Refused | MemberState::Removed => "Reject",
        _ => return Ok(()),
    };
    outgoing::answer(tx, cx, network, (&uri, &remote), kind).map(|_| ())
}
