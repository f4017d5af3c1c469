//! Rows of instances as senders see them: who is due, whose it is, and what came of it.

use std::collections::BTreeMap;

use chrono::Duration;
use diesel::dsl::{auto_type, case_when};
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use kring_db::schema::{parked_deliveries, peers};
use kring_db::{Conn, Time, Tx};

use super::line::{Outcome, Trouble};
use crate::error::Result;
use crate::federation::{erasing, known};
use crate::peers::{DEAD, Host};

/// How long an instance is a process's to send to, from the last time that it said so: what a killed one held waits so
/// long.
pub const LEASE: Duration = Duration::minutes(1);

/// Longest pause between two tries, in seconds.
const LONGEST_PAUSE: i64 = 24 * 60 * 60;

/// An instance that is this process's to send to.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = peers)]
pub struct Peer {
    pub host: Host,
    pub position: i64,
    pub attempts: i64,
    pub takes_rfc9421: bool,
    /// What it took behind its position, as the column has it.
    pub ahead: String,
    pub again_at: Option<Time>,
    pub inbox: Option<String>,
}

impl Peer {
    /// Positions that it took behind its own.
    pub fn took_ahead(&self) -> impl Iterator<Item = i64> {
        self.ahead.split(' ').filter_map(|position| position.parse().ok())
    }
}

/// Instances that something waits for, that may be tried now, and that are nobody's.
#[auto_type(no_type_alias)]
fn due(now: Time) -> _ {
    let dead: Time = now - DEAD;
    let behind = peers::position.lt(peers::wanted).or(peers::again_at.is_not_null());
    let free = peers::claimed_until.is_null().or(peers::claimed_until.le(now).assume_not_null());
    let alive = peers::failing_since.is_null().or(peers::failing_since.gt(dead).assume_not_null());
    peers::table.filter(behind.and(peers::next_try_at.le(now)).and(free).and(alive))
}

/// Is any due? Looked at first: on SQLite a transaction for nothing would keep others' writes waiting.
pub fn any_due(conn: &mut Conn, now: Time) -> Result<bool> {
    Ok(due(now).select(peers::host).first::<Host>(conn).optional()?.is_some())
}

/// How many more instances a process takes on: those that took something the last time, and those that did not.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    pub healthy: i64,
    pub failing: i64,
}

/// Makes instances that are due this worker's, those that wait longest first.
pub fn claim(tx: &mut Tx, worker: &str, room: Room, now: Time) -> Result<Vec<Peer>> {
    known::lock(tx)?;
    let wait = (peers::next_try_at, peers::host);
    let healthy = due(now).filter(peers::attempts.eq(0)).order(wait).limit(room.healthy);
    let mut found: Vec<Peer> = healthy.select(Peer::as_select()).load(tx.conn())?;
    let failing = due(now).filter(peers::attempts.gt(0)).order(wait).limit(room.failing);
    found.extend(failing.select(Peer::as_select()).load::<Peer>(tx.conn())?);
    let hosts: Vec<&Host> = found.iter().map(|peer| &peer.host).collect();
    diesel::update(peers::table.filter(peers::host.eq_any(hosts)))
        .set((peers::claimed_by.eq(worker), peers::claimed_until.eq(now + LEASE)))
        .execute(tx.conn())?;
    Ok(found)
}

/// Keeps what this worker has for another lease.
pub fn renew(tx: &mut Tx, worker: &str, now: Time) -> Result<()> {
    known::lock(tx)?;
    diesel::update(peers::table.filter(peers::claimed_by.eq(worker)))
        .set(peers::claimed_until.eq(now + LEASE))
        .execute(tx.conn())?;
    Ok(())
}

/// Instances as long as they are `worker`'s: what another took over meanwhile is that one's.
#[auto_type(no_type_alias)]
fn mine<'a>(hosts: Vec<&'a Host>, worker: &'a str) -> _ {
    peers::table.filter(peers::host.eq_any(hosts).and(peers::claimed_by.eq(worker).assume_not_null()))
}

/// Where an instance is that took everything up to `position`. It may have moved on meanwhile, while it waited for
/// nothing but what was parked.
#[auto_type(no_type_alias)]
fn moved(position: i64) -> _ {
    let position = position.into_sql::<BigInt>();
    peers::position.eq(case_when(peers::position.lt(position), position).otherwise(peers::position))
}

/// Writes down what came of it, and gives the instances back. All that simply took what there was, in one statement.
pub fn settle(tx: &mut Tx, worker: &str, outcomes: &[Outcome], now: Time) -> Result<()> {
    known::lock(tx)?;
    let mut alike: BTreeMap<(i64, bool), Vec<&Host>> = BTreeMap::new();
    for outcome in outcomes {
        match outcome.is_plain() {
            true => alike.entry((outcome.position, outcome.sent)).or_default().push(&outcome.peer.host),
            false => settle_one(tx, worker, outcome, now)?,
        }
    }
    for ((position, sent), hosts) in alike {
        if sent {
            note_success(tx, worker, &hosts, now)?;
        }
        advance(tx, worker, hosts, position, "")?;
    }
    let hosts: Vec<&Host> = outcomes.iter().map(|outcome| &outcome.peer.host).collect();
    erasing::settle(tx, &hosts, now)
}

fn settle_one(tx: &mut Tx, worker: &str, outcome: &Outcome, now: Time) -> Result<()> {
    let host = &outcome.peer.host;
    if let Some(takes) = outcome.takes_rfc9421 {
        known::remember_scheme(tx, host, takes)?;
    }
    erasing::taken_after_all(tx, host, &outcome.settled)?;
    // What was parked just now is done with too, and stays for an admin to look at.
    let taken = parked_deliveries::activity_id
        .eq_any(&outcome.settled)
        .and(parked_deliveries::parked_at.is_null());
    diesel::delete(parked_deliveries::table.filter(parked_deliveries::host.eq(host).and(taken)))
        .execute(tx.conn())?;
    if outcome.tried_all_again {
        // Another that was asked for since keeps its moment.
        let same = peers::again_at.eq(outcome.peer.again_at).assume_not_null();
        diesel::update(peers::table.filter(peers::host.eq(host).and(same)))
            .set(peers::again_at.eq(None::<Time>))
            .execute(tx.conn())?;
    }
    match &outcome.trouble {
        Some(trouble) => note_trouble(tx, worker, outcome, trouble, now)?,
        None if outcome.sent => note_success(tx, worker, &[host], now)?,
        None => {}
    }
    advance(tx, worker, vec![host], outcome.position, &outcome.ahead())
}

fn note_success(tx: &mut Tx, worker: &str, hosts: &[&Host], now: Time) -> Result<()> {
    diesel::update(mine(hosts.to_vec(), worker))
        .set((
            peers::attempts.eq(0),
            peers::next_try_at.eq(now),
            peers::failing_since.eq(None::<Time>),
            peers::last_error.eq(None::<String>),
            peers::last_success_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Later again: each time after a longer while, where it took nothing, or after what it asks for.
fn note_trouble(tx: &mut Tx, worker: &str, outcome: &Outcome, trouble: &Trouble, now: Time) -> Result<()> {
    if outcome.sent {
        note_success(tx, worker, &[&outcome.peer.host], now)?;
    }
    let before = if outcome.sent { 0 } else { outcome.peer.attempts };
    let doubling = 1i64 << before.clamp(0, 17);
    let (pause, attempts) = match trouble.wait {
        // Who says when it will take something is not gone.
        Some(seconds) => (i64::try_from(seconds).unwrap_or(LONGEST_PAUSE).max(1), before),
        None => (doubling, before + 1),
    };
    let mine = mine(vec![&outcome.peer.host], worker);
    diesel::update(mine)
        .set((
            peers::attempts.eq(attempts),
            peers::next_try_at.eq(now + Duration::seconds(pause.min(LONGEST_PAUSE))),
            peers::last_error.eq(&trouble.cause),
        ))
        .execute(tx.conn())?;
    if !outcome.sent {
        let first = peers::host.eq(&outcome.peer.host).and(peers::failing_since.is_null());
        diesel::update(peers::table.filter(first))
            .set(peers::failing_since.eq(now))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Everything up to `position` is done with, and what stands in `ahead`. The instances are nobody's any more.
fn advance(tx: &mut Tx, worker: &str, hosts: Vec<&Host>, position: i64, ahead: &str) -> Result<()> {
    diesel::update(mine(hosts, worker))
        .set((
            moved(position),
            peers::ahead.eq(ahead),
            peers::claimed_by.eq(None::<String>),
            peers::claimed_until.eq(None::<Time>),
        ))
        .execute(tx.conn())?;
    Ok(())
}
