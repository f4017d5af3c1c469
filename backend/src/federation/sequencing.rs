//! Gives activities their positions, and says which instances they are for.
//!
//! Invariants: a position is given under one lock, which lasts until it is committed, so nothing slips in behind who reads
//! in their order; what follows from events gets its in the transaction that handles them, so that it is in their order,
//! whichever process handled each and whatever clock that has; an instance that something is for is marked in the same transaction (`peers.wanted`). One that nothing is for is not
//! touched: with a thousand instances, what goes to one of them costs no more than with one.

use std::collections::BTreeMap;

use diesel::dsl::case_when;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kring_db::schema::{activities, erasure_hosts, memberships, peers, persons};
use kring_db::{Conn, Tx, each_dialect};

use super::erasing::ErasureId;
use super::known;
use super::outgoing::ActivityId;
use crate::error::Result;
use crate::networks::{MemberState, NetworkId};
use crate::peers::Host;

/// How many activities get their position in one transaction.
const BATCH: i64 = 500;

/// Is there an activity that has no position yet?
pub fn any(conn: &mut Conn) -> Result<bool> {
    let fresh = activities::table.filter(activities::position.is_null()).select(activities::id);
    Ok(fresh.first::<ActivityId>(conn).optional()?.is_some())
}

/// For whom an activity is, as its row has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum For {
    Followers(NetworkId),
    Host(Host),
    Asked(ErasureId),
}

/// Gives what a transaction wrote its positions, with whatever has none yet.
pub fn sequence_now(tx: &mut Tx) -> Result<()> {
    if any(tx)? { sequence(tx) } else { Ok(()) }
}

/// Gives activities that have none their positions, oldest first.
pub fn sequence(tx: &mut Tx) -> Result<()> {
    known::lock(tx)?;
    let fresh: Vec<(ActivityId, Option<NetworkId>, Option<Host>, Option<ErasureId>)> = activities::table
        .filter(activities::position.is_null())
        .order(activities::id)
        .limit(BATCH)
        .select((activities::id, activities::network_id, activities::host, activities::erasure_id))
        .load(tx.conn())?;
    let mut last = known::last_position(tx)?;
    // The first and the last that is for each.
    let mut spans: BTreeMap<For, (i64, i64)> = BTreeMap::new();
    let mut placed = Vec::with_capacity(fresh.len());
    for (id, network, host, erasure) in fresh {
        last += 1;
        placed.push((id.0, last));
        if let Some(whom) = host.map(For::Host).or(erasure.map(For::Asked)).or(network.map(For::Followers)) {
            spans.entry(whom).or_insert((last, last)).1 = last;
        }
    }
    place(tx, &placed)?;
    // By the first: an instance that two of them are for moves to before the first of both.
    let mut spans: Vec<_> = spans.into_iter().collect();
    spans.sort_by_key(|(_, span)| *span);
    for (whom, span) in spans {
        want(tx, &whom, span)?;
    }
    Ok(())
}

/// Gives activities their positions, all at once.
fn place(tx: &mut Tx, placed: &[(i64, i64)]) -> Result<()> {
    if placed.is_empty() {
        return Ok(());
    }
    // Numbers alone. What VALUES tells is named so by both databases.
    let rows: Vec<String> = placed.iter().map(|(id, position)| format!("({id}, {position})")).collect();
    let update = format!(
        "UPDATE activities SET position = placed.column2 FROM (VALUES {}) AS placed WHERE activities.id = placed.column1",
        rows.join(", ")
    );
    each_dialect!(tx.conn(), |c| diesel::sql_query(update).execute(c))?;
    Ok(())
}

/// Marks every instance that something is for. One that waited for nothing moves to just before the first of it: what
/// was written for others meanwhile is not looked at again.
fn want(tx: &mut Tx, whom: &For, (first, last): (i64, i64)) -> Result<()> {
    let idle = peers::position.ge(peers::wanted).and(peers::position.lt(first - 1));
    let position = case_when(idle, (first - 1).into_sql::<BigInt>()).otherwise(peers::position);
    let wanted = case_when(peers::wanted.lt(last), last.into_sql::<BigInt>()).otherwise(peers::wanted);
    let marked = (peers::position.eq(position), peers::wanted.eq(wanted));
    match whom {
        For::Host(host) => diesel::update(peers::table.find(host)).set(marked).execute(tx.conn())?,
        For::Asked(erasure) => {
            let its = erasure_hosts::table
                .filter(erasure_hosts::erasure_id.eq(erasure))
                .select(erasure_hosts::host);
            diesel::update(peers::table.filter(peers::host.eq_any(its))).set(marked).execute(tx.conn())?
        }
        For::Followers(network) => {
            let there = persons::table
                .inner_join(memberships::table.on(memberships::person_id.eq(persons::id)))
                .filter(memberships::network_id.eq(network))
                .filter(memberships::state.eq(MemberState::Active))
                .select(persons::host);
            diesel::update(peers::table.filter(peers::host.eq_any(there))).set(marked).execute(tx.conn())?
        }
    };
    Ok(())
}
