//! Rows of instances that anything was exchanged with: how far each has come, and how it is.

use chrono::Duration;
use diesel::prelude::*;
use kring_db::schema::{activities, memberships, peers, persons};
use kring_db::{Conn, Time, Tx, each_dialect};

use crate::app::App;
use crate::error::Result;
use crate::networks::NetworkId;
use crate::peers::{DEAD, Host};

/// An instance that was met is asked what it runs after a while: not while it has something else to do with us.
const ACQUAINTANCE: Duration = Duration::minutes(1);

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
                peers::wanted.eq(position),
                peers::ahead.eq(""),
                peers::software_due_at.eq(now + ACQUAINTANCE),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}

/// Notes where an instance takes what is for its followers.
pub fn delivers_at(tx: &mut Tx, host: &Host, inbox: &str) -> Result<()> {
    let other = peers::inbox.is_null().or(peers::inbox.ne(inbox).assume_not_null());
    diesel::update(peers::table.filter(peers::host.eq(host).and(other)))
        .set(peers::inbox.eq(inbox))
        .execute(tx.conn())?;
    Ok(())
}

/// Whoever writes to the rows of many instances does so one after another; on PostgreSQL they would lock each other out
/// otherwise. SQLite has one writer anyway.
pub fn lock(tx: &mut Tx) -> Result<()> {
    if let Conn::Postgres(c) = tx.conn() {
        diesel::sql_query("SELECT pg_advisory_xact_lock(7239847202)").execute(c)?;
    }
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

/// Every instance that was ever met.
pub fn everybody(conn: &mut Conn) -> Result<Vec<Host>> {
    Ok(peers::table.order(peers::host).select(peers::host).load(conn)?)
}

/// Where an instance takes what is for its followers.
pub fn inbox(conn: &mut Conn, host: &Host) -> Result<Option<String>> {
    Ok(peers::table
        .find(host)
        .select(peers::inbox)
        .first::<Option<String>>(conn)
        .optional()?
        .flatten())
}

/// Instances where somebody belongs to a network, or did.
pub fn where_members_are(conn: &mut Conn, network: NetworkId) -> Result<Vec<Host>> {
    let theirs =
        memberships::table.filter(memberships::network_id.eq(network)).select(memberships::person_id);
    let there = persons::table.filter(persons::id.eq_any(theirs).and(persons::host.ne("")));
    Ok(there.order(persons::host).select(persons::host).distinct().load(conn)?)
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

/// Is there news in it that an instance spoke just now, with such a signature? Looked at first: what others send comes
/// often, and a transaction for nothing would keep others' writes waiting.
pub fn is_news(conn: &mut Conn, host: &Host, rfc9421: bool, now: Time) -> Result<bool> {
    let found: Option<(bool, i64, Time, Option<Time>, Option<Time>)> = peers::table
        .find(host)
        .select((
            peers::takes_rfc9421,
            peers::attempts,
            peers::next_try_at,
            peers::failing_since,
            peers::silent_since,
        ))
        .first(conn)
        .optional()?;
    Ok(found.is_some_and(|(takes, attempts, next, since, silent)| {
        (rfc9421 && !takes) || (attempts > 0 && next > now) || gave_up(since, now) || silent.is_some()
    }))
}

/// An instance spoke: it lives, and is tried at once. One that asked to come later is left alone until then.
pub fn alive(tx: &mut Tx, host: &Host, now: Time) -> Result<()> {
    let row = peers::table.filter(peers::host.eq(host));
    let waiting = row.filter(peers::attempts.gt(0).and(peers::next_try_at.gt(now)));
    diesel::update(waiting).set(peers::next_try_at.eq(now)).execute(tx.conn())?;
    let dead = row.filter(peers::failing_since.le(now - DEAD).assume_not_null());
    diesel::update(dead)
        .set((peers::failing_since.eq(None::<Time>), peers::attempts.eq(0), peers::next_try_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

fn gave_up(failing_since: Option<Time>, now: Time) -> bool {
    failing_since.is_some_and(|since| since <= now - DEAD)
}
