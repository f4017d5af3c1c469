//! Forgets what was sent and what was given up.
//!
//! An activity is kept for a week, and then for as long as an instance that is not dead waits for something in front of
//! it: a dormant one resumes where it was. What was parked is kept as long as an instance can be away, for an admin to
//! decide.

use chrono::Duration;
use diesel::prelude::*;
use kring_db::schema::{activities, inbox_messages, parked_deliveries, peers};
use kring_db::types::first_id;
use kring_db::{Conn, Time, Tx};

use super::outgoing::ActivityId;
use super::sending::DeliveryId;
use super::{hearing, homes, inbox, known, moves, tombstones};
use crate::app::Context;
use crate::documents;
use crate::error::Result;
use crate::peers::DEAD;

/// How long an activity is kept at least.
const KEPT: Duration = Duration::days(7);

/// How many rows one run looks at: the next goes on.
const BATCH: i64 = 500;

/// Forgets what nobody needs any more.
pub fn sweep(tx: &mut Tx, cx: &Context) -> Result<()> {
    let now = cx.now();
    documents::turn_down_overdue(tx, cx)?;
    moves::forget_old(tx, now - homes::wait(cx) - hearing::AT_ONCE)?;
    inbox::sweep(tx, now)?;
    tombstones::sweep(tx, now)?;
    given_up(tx, now)?;
    sent(tx, now)
}

/// What was parked, or last tried, so long ago that nobody will decide about it any more.
fn given_up(tx: &mut Tx, now: Time) -> Result<()> {
    let long_ago = now - DEAD;
    let parked = parked_deliveries::parked_at.lt(long_ago).assume_not_null();
    let tried = parked_deliveries::parked_at.is_null();
    let out = parked.or(tried.and(parked_deliveries::id.lt(DeliveryId(first_id(long_ago)))));
    diesel::delete(parked_deliveries::table.filter(out)).execute(tx.conn())?;
    let taken_in = inbox_messages::parked_at.lt(long_ago).assume_not_null();
    diesel::delete(inbox_messages::table.filter(taken_in)).execute(tx.conn())?;
    Ok(())
}

fn sent(tx: &mut Tx, now: Time) -> Result<()> {
    let parked = parked_deliveries::table.select(parked_deliveries::activity_id);
    // The newest stays: by it the next one's position is known.
    let last = known::last_position(tx)?;
    let old: Vec<(ActivityId, Option<i64>)> = activities::table
        .filter(activities::id.lt(ActivityId(first_id(now - KEPT))))
        .filter(activities::position.lt(last).assume_not_null())
        .filter(activities::id.ne_all(parked))
        .order(activities::id)
        .limit(BATCH)
        .select((activities::id, activities::position))
        .load(tx.conn())?;
    if old.is_empty() {
        return Ok(());
    }
    let floor = floor(tx, now)?;
    let passed = |position: Option<i64>| floor.is_none_or(|floor| position.is_some_and(|at| at <= floor));
    let passed: Vec<ActivityId> =
        old.into_iter().filter(|(_, position)| passed(*position)).map(|(id, _)| id).collect();
    if !passed.is_empty() {
        diesel::delete(activities::table.filter(activities::id.eq_any(passed))).execute(tx.conn())?;
    }
    Ok(())
}

/// Where the last of those is who wait for something; `None` where nobody does.
fn floor(conn: &mut Conn, now: Time) -> Result<Option<i64>> {
    let alive = peers::failing_since.is_null().or(peers::failing_since.gt(now - DEAD).assume_not_null());
    let waiting = peers::table.filter(peers::position.lt(peers::wanted).and(alive));
    Ok(waiting.order(peers::position).select(peers::position).first(conn).optional()?)
}
