//! What others sent, as rows: stored once, taken in order, given up for an admin to look at.
//!
//! Invariants: a message is stored before it is answered for; the same id is not stored twice within a week; what
//! belongs to one thread is taken in the order in which it came.

use chrono::Duration;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use kring_db::schema::inbox_messages;
use kring_db::{Conn, Time, Tx, each_dialect, id_type};

use crate::app::Context;
use crate::error::Result;
use crate::peers::Host;

id_type! {
    /// A row of `inbox_messages`.
    MessageId
}

/// How long one worker may take.
const LEASE: Duration = Duration::minutes(1);

/// After so many failures a message is parked.
const TRIES: i64 = 6;

/// How long ids are remembered.
const KEPT: Duration = Duration::days(7);

/// With so many waiting, senders are asked to come later; and one that so many wait of.
const DEEP: i64 = 20_000;
const DEEP_OF_ONE: i64 = 5_000;

/// Something that was sent.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = inbox_messages)]
pub struct Message {
    pub id: MessageId,
    pub host: Host,
    pub signer: String,
    pub body: String,
    pub attempts: i64,
    pub created_at: Time,
}

/// Stores a message; `false` where it is there already.
pub fn store(
    tx: &mut Tx,
    cx: &Context,
    uri: &str,
    (host, signer): (&Host, &str),
    body: &str,
    order_key: &str,
) -> Result<bool> {
    let stored = each_dialect!(tx.conn(), |c| {
        diesel::insert_into(inbox_messages::table)
            .values((
                inbox_messages::id.eq(cx.id::<MessageId>()),
                inbox_messages::uri.eq(uri),
                inbox_messages::host.eq(host),
                inbox_messages::signer.eq(signer),
                inbox_messages::body.eq(body),
                inbox_messages::order_key.eq(order_key),
                inbox_messages::run_at.eq(cx.now()),
                inbox_messages::attempts.eq(0),
                inbox_messages::created_at.eq(cx.now()),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(stored == 1)
}

/// How many wait.
pub fn depth(conn: &mut Conn) -> Result<i64> {
    let open = inbox_messages::done_at.is_null().and(inbox_messages::parked_at.is_null());
    Ok(inbox_messages::table.filter(open).count().get_result(conn)?)
}

/// Do so many wait that an instance is asked to come later? One that sends more than is taken stands in nobody else's way.
pub fn is_deep(conn: &mut Conn, host: &Host) -> Result<bool> {
    let open = inbox_messages::done_at.is_null().and(inbox_messages::parked_at.is_null());
    let its: i64 = inbox_messages::table
        .filter(open.and(inbox_messages::host.eq(host)))
        .count()
        .get_result(conn)?;
    Ok(its >= DEEP_OF_ONE || depth(conn)? >= DEEP)
}

/// What an instance sent waits until then, and keeps no thread up meanwhile: the others in it are not its own.
pub fn put_off(tx: &mut Tx, host: &Host, then: Time) -> Result<()> {
    let open = inbox_messages::done_at.is_null().and(inbox_messages::parked_at.is_null());
    let its = open.and(inbox_messages::host.eq(host)).and(inbox_messages::run_at.lt(then));
    diesel::update(inbox_messages::table.filter(its))
        .set((inbox_messages::run_at.eq(then), inbox_messages::order_key.eq(inbox_messages::uri)))
        .execute(tx.conn())?;
    Ok(())
}

/// Does anything wait? Looked at first: on SQLite a transaction for nothing would keep others' writes waiting.
pub fn any(conn: &mut Conn) -> Result<bool> {
    let open = inbox_messages::done_at.is_null().and(inbox_messages::parked_at.is_null());
    let first = inbox_messages::table.filter(open).select(inbox_messages::id);
    Ok(first.first::<MessageId>(conn).optional()?.is_some())
}

diesel::alias!(inbox_messages as earlier: Earlier);

/// Claims the first message that is due, of those that nothing of the same thread is before.
pub fn claim(tx: &mut Tx, worker: &str, now: Time) -> Result<Option<Message>> {
    let open = inbox_messages::done_at.is_null().and(inbox_messages::parked_at.is_null());
    // Over these a worker died, time and again, without a word.
    let deadly = open.and(inbox_messages::attempts.gt(TRIES + 2)).and(inbox_messages::last_error.is_null());
    diesel::update(inbox_messages::table.filter(deadly))
        .set((inbox_messages::parked_at.eq(now), inbox_messages::last_error.eq("a worker died over it")))
        .execute(tx.conn())?;
    let free = inbox_messages::claimed_until
        .is_null()
        .or(inbox_messages::claimed_until.le(now).assume_not_null());
    // What waits, be it for its context, keeps up its own thread and nobody else's.
    let before = earlier
        .filter(earlier.field(inbox_messages::order_key).eq(inbox_messages::order_key))
        .filter(earlier.field(inbox_messages::id).lt(inbox_messages::id))
        .filter(earlier.field(inbox_messages::done_at).is_null())
        .filter(earlier.field(inbox_messages::parked_at).is_null());
    let due: Vec<MessageId> = inbox_messages::table
        .filter(open.and(inbox_messages::run_at.le(now)).and(free))
        .filter(not(exists(before.select(earlier.field(inbox_messages::id)))))
        .order(inbox_messages::id)
        .limit(8)
        .select(inbox_messages::id)
        .load(tx.conn())?;
    for id in due {
        // The condition again: on PostgreSQL another worker may have claimed it since.
        let claimed = diesel::update(inbox_messages::table.filter(inbox_messages::id.eq(id).and(free)))
            .set((
                inbox_messages::claimed_by.eq(worker),
                inbox_messages::claimed_until.eq(now + LEASE),
                inbox_messages::attempts.eq(inbox_messages::attempts + 1),
            ))
            .execute(tx.conn())?;
        if claimed == 1 {
            let row = inbox_messages::table.find(id).select(Message::as_select());
            return Ok(Some(row.first(tx.conn())?));
        }
    }
    Ok(None)
}

/// A message is done with.
pub fn done(tx: &mut Tx, id: MessageId, now: Time) -> Result<()> {
    diesel::update(inbox_messages::table.find(id))
        .set((
            inbox_messages::done_at.eq(now),
            inbox_messages::body.eq(""),
            inbox_messages::claimed_by.eq(None::<String>),
            inbox_messages::claimed_until.eq(None::<Time>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A message could not be taken: later again, or given up. `true` where it is parked now.
pub fn fail(tx: &mut Tx, message: &Message, cause: &str, now: Time) -> Result<bool> {
    let parked = message.attempts >= TRIES;
    let pause = Duration::seconds(5 << message.attempts.clamp(0, 10));
    diesel::update(inbox_messages::table.find(message.id))
        .set((
            inbox_messages::run_at.eq(now + pause),
            inbox_messages::last_error.eq(cause),
            inbox_messages::parked_at.eq(parked.then_some(now)),
            inbox_messages::claimed_by.eq(None::<String>),
            inbox_messages::claimed_until.eq(None::<Time>),
        ))
        .execute(tx.conn())?;
    Ok(parked)
}

/// A message came before what it is about: looked at again in a while, for as long as whoever asks likes.
pub fn wait(tx: &mut Tx, message: &Message, why: &str, now: Time) -> Result<()> {
    let pause = Duration::seconds(2 << message.attempts.clamp(0, 8));
    diesel::update(inbox_messages::table.find(message.id))
        .set((
            inbox_messages::run_at.eq(now + pause),
            // What it waits for may well be behind it: it is no part of the order of its thread any more.
            inbox_messages::order_key.eq(inbox_messages::uri),
            inbox_messages::last_error.eq(why),
            inbox_messages::claimed_by.eq(None::<String>),
            inbox_messages::claimed_until.eq(None::<Time>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets what was done long ago.
pub fn sweep(tx: &mut Tx, now: Time) -> Result<()> {
    let old = inbox_messages::done_at.lt(now - KEPT).assume_not_null();
    diesel::delete(inbox_messages::table.filter(old)).execute(tx.conn())?;
    Ok(())
}
