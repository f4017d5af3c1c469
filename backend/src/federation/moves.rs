//! Networks that change their home, as rows; and the rule that decides where two continue the same network.
//!
//! A move is one of two kinds. A *planned* one is said by the network itself, while its home is alive (FEP-7628): the
//! home's own signature says it, and the network it moves to says that it expects it (`alsoKnownAs`). A *continuation* is
//! said by a coordinator elsewhere, when the home is gone. Invariants:
//!
//! - a continuation counts where it is proved (FEP-8b32) by somebody whom *the copy here* lists as coordinator, and only
//!   while the home does not answer *here*: a coordinator cannot take a living network away;
//! - where two continue one network, the coordinator longest in office goes on, and where both came at once the lower
//!   address: by the copy from before the first of them, so everyone who held it decides alike, without asking anybody;
//! - nothing is deleted: rows of what was written stay, and every address that a network had leads to it.

use diesel::prelude::*;
use kring_activitypub::wire;
use kring_db::schema::network_moves;
use kring_db::{Conn, JsonText, Time, Tx, id_type, word_type};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::addresses::Local;
use crate::app::Context;
use crate::config::Config;
use crate::error::Result;
use crate::networks::{Network, NetworkId, Slug};
use crate::peers::Host;

id_type! {
    /// A row of `network_moves`.
    MoveId
}

word_type! {
    /// How far a move is.
    MoveState {
        /// An address is kept here for a network that is to come.
        Prepared = "prepared",
        /// Somebody continues it, but its home may still come back.
        Kept = "kept",
        /// It lives there now.
        Done = "done",
        /// It lives here, and is continued there all the same.
        Elsewhere = "elsewhere",
    }
}

/// A coordinator by a copy of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Office {
    /// Their address.
    pub actor: String,
    pub since: Time,
}

/// A move of a network.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = network_moves)]
#[diesel(treat_none_as_null = true)]
pub struct Move {
    pub id: MoveId,
    pub network_id: NetworkId,
    pub from_uri: String,
    pub to_uri: String,
    pub to_address: Slug,
    pub state: MoveState,
    /// Who continues it; `None` where its home said so.
    pub by_uri: Option<String>,
    /// As it was signed; empty before there is one.
    pub activity: String,
    /// Of [`Office`]: who coordinated it by the last copy.
    pub coordinators: JsonText,
    pub created_at: Time,
    pub updated_at: Time,
}

impl Move {
    /// When it was said, as whoever said it tells.
    pub fn published(&self) -> Option<Time> {
        let told: Value = serde_json::from_str(&self.activity).ok()?;
        told.get("published")?.as_str()?.parse().ok()
    }

    pub fn new(cx: &Context, network: NetworkId, from: &str, to: (&str, &Slug), state: MoveState) -> Self {
        Self {
            id: cx.id(),
            network_id: network,
            from_uri: from.to_owned(),
            to_uri: to.0.to_owned(),
            to_address: to.1.clone(),
            state,
            by_uri: None,
            activity: String::new(),
            coordinators: JsonText::of(&Vec::<Office>::new()),
            created_at: cx.now(),
            updated_at: cx.now(),
        }
    }

    pub fn offices(&self) -> Vec<Office> {
        self.coordinators.list()
    }
}

/// May `newcomer` continue a network that `incumbent` continues already, by who coordinated it before either did? `None`:
/// they were no coordinator.
pub fn prevails(offices: &[Office], newcomer: &str, incumbent: &str) -> Option<bool> {
    let office = |actor: &str| offices.iter().find(|office| office.actor == actor);
    let rank = |office: &Office| (office.since, office.actor.clone());
    let newcomer = office(newcomer)?;
    Some(office(incumbent).is_none_or(|incumbent| rank(newcomer) < rank(incumbent)))
}

/// Writes a move down, or what became of it.
pub fn put(tx: &mut Tx, told: &Move) -> Result<()> {
    if diesel::update(network_moves::table.find(told.id)).set(told).execute(tx.conn())? == 0 {
        diesel::insert_into(network_moves::table).values(told).execute(tx.conn())?;
    }
    Ok(())
}

/// Forgets a move that waits, because it came to nothing or something else came of it.
pub fn forget(tx: &mut Tx, id: MoveId) -> Result<()> {
    let waiting = network_moves::table.find(id).filter(network_moves::state.eq(MoveState::Kept));
    diesel::delete(waiting).execute(tx.conn())?;
    Ok(())
}

/// Forgets what waited since before a moment: nobody will go along with it any more.
pub fn forget_old(tx: &mut Tx, before: Time) -> Result<()> {
    let waiting = network_moves::state.eq(MoveState::Kept).and(network_moves::updated_at.lt(before));
    diesel::delete(network_moves::table.filter(waiting)).execute(tx.conn())?;
    Ok(())
}

/// Moves of a network, oldest first.
pub fn of(conn: &mut Conn, network: NetworkId) -> Result<Vec<Move>> {
    let its = network_moves::table.filter(network_moves::network_id.eq(network));
    Ok(its.order(network_moves::id).select(Move::as_select()).load(conn)?)
}

/// Did a network come to live here, under the address that it has now?
pub fn came_here(conn: &mut Conn, config: &Config, network: &Network) -> Result<bool> {
    if !network.slug.host().is_empty() {
        return Ok(false);
    }
    let here = Local::Network(network.slug.clone()).address(config);
    let came = network_moves::to_uri.eq(here).and(network_moves::state.eq(MoveState::Done));
    let its = network_moves::table.filter(network_moves::network_id.eq(network.id).and(came));
    Ok(its.select(network_moves::id).first::<MoveId>(conn).optional()?.is_some())
}

/// Moves away from a group, oldest first.
pub fn away_from(conn: &mut Conn, group: &str) -> Result<Vec<Move>> {
    let its = network_moves::table.filter(network_moves::from_uri.eq(group));
    Ok(its.order(network_moves::id).select(Move::as_select()).load(conn)?)
}

/// Continuations, here and elsewhere.
pub fn signed(conn: &mut Conn) -> Result<Vec<Move>> {
    let done = network_moves::state.eq(MoveState::Done).and(network_moves::by_uri.is_not_null());
    let found = network_moves::table.filter(done.and(network_moves::activity.ne("")));
    Ok(found.order(network_moves::id).select(Move::as_select()).load(conn)?)
}

/// Moves away from networks of an instance that wait for whether it comes back. A coordinator has one of each network
/// ([`continued_by`]): there are as many as coordinators at most.
pub fn kept(conn: &mut Conn, home: &Host) -> Result<Vec<Move>> {
    // Names of hosts have neither of the letters that LIKE knows.
    let from = |scheme: &str| network_moves::from_uri.like(format!("{scheme}://{home}/%"));
    let waiting = network_moves::state.eq(MoveState::Kept).and(from("https").or(from("http")));
    let found = network_moves::table.filter(waiting).order(network_moves::id);
    Ok(found.limit(100).select(Move::as_select()).load(conn)?)
}

/// The homes that moves wait for, each once.
pub fn waited_for(conn: &mut Conn) -> Result<Vec<Host>> {
    let waiting = network_moves::table.filter(network_moves::state.eq(MoveState::Kept));
    let found: Vec<String> = waiting.select(network_moves::from_uri).distinct().load(conn)?;
    let mut hosts: Vec<Host> =
        found.iter().filter_map(|uri| wire::address(uri).as_ref().and_then(Host::of)).collect();
    hosts.sort_unstable();
    hosts.dedup();
    Ok(hosts)
}

/// The move that waits of a group that this coordinator continues.
pub fn continued_by(conn: &mut Conn, group: &str, actor: &str) -> Result<Option<Move>> {
    let theirs = network_moves::from_uri.eq(group).and(network_moves::by_uri.eq(actor).assume_not_null());
    let waiting = network_moves::table.filter(theirs.and(network_moves::state.eq(MoveState::Kept)));
    Ok(waiting.select(Move::as_select()).first(conn).optional()?)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_one_longest_in_office_goes_on_and_then_the_lower_address() {
        let office =
            |actor: &str, since: &str| Office { actor: actor.to_owned(), since: since.parse().unwrap() };
        let copy = [
            office("https://c.example/@carla", "2026-01-01T00:00:00Z"),
            office("https://b.example/@eva", "2026-01-02T00:00:00Z"),
            office("https://a.example/@zoe", "2026-01-02T00:00:00Z"),
        ];
        let (carla, eva, zoe) = (&copy[0].actor, &copy[1].actor, &copy[2].actor);
        for (newcomer, incumbent, wins) in
            [(carla, eva, true), (eva, carla, false), (zoe, eva, true), (eva, zoe, false), (eva, eva, false)]
        {
            assert_eq!(prevails(&copy, newcomer, incumbent), Some(wins), "{newcomer} {incumbent}");
        }
        assert_eq!(prevails(&copy, "https://x.example/@mallory", eva), None);
        assert_eq!(prevails(&copy, eva, "https://x.example/@mallory"), Some(true));
    }
}
