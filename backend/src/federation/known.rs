//! Rows of instances that anything was exchanged with: how far each has come, and how it is.

use chrono::Duration;
use diesel::prelude::*;
use kring_db::schema::{activities, peers};
use kring_db::{Conn, Time, Tx, each_dialect};

use crate::app::App;
use crate::error::Result;
use crate::peers::Host;

/// How long one process may send to an instance before another may.
pub const LEASE: Duration = Duration::minutes(2);

/// Longest pause between two tries, in seconds.
const LONGEST_PAUSE: i64 = 24 * 60 * 60;

/// Notes that an instance was met: what is written from now on, in this transaction too, is for it where it is for it
/// at all.
pub fn meet(tx: &mut Tx, host: &Host, now: Time) -> Result<()> {
    let position = last_position(tx)?;
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(peers::table)
            .values((
                peers::host.eq(host),
                peers::position.eq(position),
                peers::takes_rfc9421.eq(false),
                peers::attempts.eq(0),
                peers::next_try_at.eq(now),
                peers::created_at.eq(now),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}

/// The highest position that an activity has.
pub fn last_position(conn: &mut Conn) -> Result<i64> {
    let last: Option<Option<i64>> = activities::table
        .filter(activities::position.is_not_null())
        .order(activities::position.desc())
        .select(activities::position)
        .first(conn)
        .optional()?;
    Ok(last.flatten().unwrap_or(0))
}

/// Is an instance known to take signatures of RFC 9421?
pub async fn takes_rfc9421(app: &App, host: &Host) -> Result<bool> {
    let host = host.clone();
    app.db
        .read(move |conn| {
            let row = peers::table.find(&host).select(peers::takes_rfc9421);
            Ok(row.first(conn).optional()?.unwrap_or(false))
        })
        .await
}

/// Remembers which signatures an instance takes.
pub fn remember_scheme(tx: &mut Tx, host: &Host, takes: bool) -> Result<()> {
    diesel::update(peers::table.find(host))
        .set(peers::takes_rfc9421.eq(takes))
        .execute(tx.conn())?;
    Ok(())
}

/// Instances that something may be waiting for, and that may be tried now.
pub fn due(conn: &mut Conn, now: Time, limit: i64) -> Result<Vec<Host>> {
    let last = last_position(conn)?;
    let free = peers::claimed_until.is_null().or(peers::claimed_until.le(now).assume_not_null());
    Ok(peers::table
        .filter(peers::position.lt(last).and(peers::next_try_at.le(now)).and(free))
        .order(peers::next_try_at)
        .limit(limit)
        .select(peers::host)
        .load(conn)?)
}

/// Makes an instance this worker's to send to; `false` where it is another's.
pub fn claim(tx: &mut Tx, host: &Host, worker: &str, now: Time) -> Result<bool> {
    let free = peers::claimed_until
        .is_null()
        .or(peers::claimed_until.le(now).assume_not_null())
        .or(peers::claimed_by.eq(worker).assume_not_null());
    let claimed = diesel::update(peers::table.filter(peers::host.eq(host).and(free)))
        .set((peers::claimed_by.eq(worker), peers::claimed_until.eq(now + LEASE)))
        .execute(tx.conn())?;
    Ok(claimed == 1)
}

/// Gives it back.
pub fn release(tx: &mut Tx, host: &Host, worker: &str) -> Result<()> {
    let mine = peers::table.filter(peers::host.eq(host).and(peers::claimed_by.eq(worker)));
    diesel::update(mine)
        .set((peers::claimed_by.eq(None::<String>), peers::claimed_until.eq(None::<Time>)))
        .execute(tx.conn())?;
    Ok(())
}

pub fn position(conn: &mut Conn, host: &Host) -> Result<i64> {
    Ok(peers::table.find(host).select(peers::position).first(conn)?)
}

/// An instance took everything up to here.
pub fn reached(tx: &mut Tx, host: &Host, position: i64, now: Time) -> Result<()> {
    diesel::update(peers::table.find(host))
        .set((
            peers::position.eq(position),
            peers::attempts.eq(0),
            peers::next_try_at.eq(now),
            peers::failing_since.eq(None::<Time>),
            peers::last_error.eq(None::<String>),
            peers::last_success_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// An instance took everything up to here, and then something else happened.
pub fn advance(tx: &mut Tx, host: &Host, position: i64) -> Result<()> {
    let behind = peers::table.filter(peers::host.eq(host).and(peers::position.lt(position)));
    diesel::update(behind).set(peers::position.eq(position)).execute(tx.conn())?;
    Ok(())
}

/// An instance took nothing: later again, each time after a longer while, or after what it asks for in seconds.
pub fn failed(tx: &mut Tx, host: &Host, cause: &str, wait: Option<u64>, now: Time) -> Result<()> {
    let (attempts, since): (i64, Option<Time>) =
        peers::table.find(host).select((peers::attempts, peers::failing_since)).first(tx.conn())?;
    let pause = 1i64 << attempts.clamp(0, 17);
    let asked = wait.and_then(|seconds| i64::try_from(seconds).ok()).unwrap_or(0);
    let pause = pause.max(asked).min(LONGEST_PAUSE);
    diesel::update(peers::table.find(host))
        .set((
            peers::attempts.eq(attempts + 1),
            peers::next_try_at.eq(now + Duration::seconds(pause)),
            peers::failing_since.eq(since.unwrap_or(now)),
            peers::last_error.eq(cause),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// An instance spoke: it lives, and is tried at once.
pub fn alive(tx: &mut Tx, host: &Host, now: Time) -> Result<()> {
    let waiting = peers::table.filter(peers::host.eq(host).and(peers::next_try_at.gt(now)));
    diesel::update(waiting).set(peers::next_try_at.eq(now)).execute(tx.conn())?;
    Ok(())
}
