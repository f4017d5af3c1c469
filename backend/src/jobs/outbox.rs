//! The outbox: facts, in order of arrival.
//!
//! Ids are drawn before a transaction commits and so can appear out of order; a consumer that remembered the
//! last id would lose events. A [`sequence`] run gives committed events their positions under one lock, and
//! consumers remember positions.

use diesel::prelude::*;
use kring_db::schema::{event_cursors, events};
use kring_db::{Conn, JsonText, Time, Tx, each_dialect, id_type, word_type};
use serde::Serialize;

use crate::app::Context;
use crate::error::Result;

id_type! {
    /// A row of `events`.
    EventId
}

word_type! {
    /// What happened.
    EventKind {
        AccountClosed = "account_closed",
        ExperienceWithdrawn = "experience_withdrawn",
        NetworkProposed = "network_proposed",
        NetworkActivated = "network_activated",
        NetworkArchived = "network_archived",
        MemberJoined = "member_joined",
        MemberLeft = "member_left",
        MemberInvited = "member_invited",
        JoinRequested = "join_requested",
        JoinDecided = "join_decided",
        RoleChanged = "role_changed",
        CoordinatorMissing = "coordinator_missing",
        ThreadCreated = "thread_created",
        ThreadEdited = "thread_edited",
        ThreadDeleted = "thread_deleted",
        ReplyCreated = "reply_created",
        ReplyEdited = "reply_edited",
        ReplyDeleted = "reply_deleted",
        DocumentCreated = "document_created",
        DocumentRevised = "document_revised",
        DescriptionWanted = "description_wanted",
    }
}

/// A fact about to be written down.
#[derive(Debug)]
pub struct Event {
    kind: EventKind,
    network: Option<i64>,
    subject: i64,
    actor: Option<i64>,
    payload: JsonText,
}

impl Event {
    /// Something happened to `subject`, the id of whatever the kind is about.
    pub fn new(kind: EventKind, subject: i64) -> Self {
        Self {
            kind,
            network: None,
            subject,
            actor: None,
            payload: JsonText::of(&serde_json::json!({})),
        }
    }

    /// In this network.
    pub fn network(mut self, id: i64) -> Self {
        self.network = Some(id);
        self
    }

    /// Done by this person.
    pub fn actor(mut self, id: i64) -> Self {
        self.actor = Some(id);
        self
    }

    /// What else a consumer needs; never what can be looked up.
    pub fn payload(mut self, payload: &impl Serialize) -> Self {
        self.payload = JsonText::of(payload);
        self
    }
}

/// A fact as consumers read it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = events)]
pub struct Fact {
    pub id: EventId,
    pub kind: EventKind,
    #[diesel(column_name = network_id)]
    pub network: Option<i64>,
    #[diesel(column_name = subject_id)]
    pub subject: i64,
    #[diesel(column_name = actor_id)]
    pub actor: Option<i64>,
    pub payload: JsonText,
    pub created_at: Time,
}

/// Writes a fact down, in the transaction of what it tells of.
pub fn push(tx: &mut Tx, cx: &Context, event: Event) -> Result<()> {
    diesel::insert_into(events::table)
        .values((
            events::id.eq(cx.id::<EventId>()),
            events::kind.eq(event.kind),
            events::network_id.eq(event.network),
            events::subject_id.eq(event.subject),
            events::actor_id.eq(event.actor),
            events::payload.eq(event.payload),
            events::created_at.eq(cx.now()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Gives every committed event that has none its position, and returns the highest one.
pub fn sequence(tx: &mut Tx) -> Result<i64> {
    lock(tx)?;
    let fresh: Vec<EventId> = events::table
        .filter(events::position.is_null())
        .order(events::id)
        .select(events::id)
        .load(tx.conn())?;
    let mut last = last_position(tx)?;
    for id in fresh {
        last += 1;
        diesel::update(events::table.find(id)).set(events::position.eq(last)).execute(tx.conn())?;
    }
    Ok(last)
}

/// The highest position given so far.
pub fn last_position(conn: &mut Conn) -> Result<i64> {
    let last: Option<Option<i64>> = events::table
        .filter(events::position.is_not_null())
        .order(events::position.desc())
        .select(events::position)
        .first(conn)
        .optional()?;
    Ok(last.flatten().unwrap_or(0))
}

/// The position of the last event written before `moment`; 0 where there is none. As exact as clocks and
/// transactions are: for "about a week ago", never for what must not be missed.
pub fn position_before(conn: &mut Conn, moment: Time) -> Result<i64> {
    let before = EventId(kring_db::types::first_id(moment));
    let last: Option<Option<i64>> = events::table
        .filter(events::id.lt(before).and(events::position.is_not_null()))
        .order(events::id.desc())
        .select(events::position)
        .first(conn)
        .optional()?;
    Ok(last.flatten().unwrap_or(0))
}

/// Facts after what `consumer` has seen, at most `limit`, and moves it past them. The caller handles them in
/// this same transaction, so each is handled once.
pub fn consume(tx: &mut Tx, consumer: &str, limit: i64) -> Result<Vec<Fact>> {
    // One consumer at a time: the row is locked until the transaction ends.
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(event_cursors::table)
            .values((event_cursors::consumer.eq(consumer), event_cursors::position.eq(0)))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    let cursor = event_cursors::table.find(consumer);
    diesel::update(cursor)
        .set(event_cursors::position.eq(event_cursors::position))
        .execute(tx.conn())?;
    let position: i64 = cursor.select(event_cursors::position).first(tx.conn())?;
    let facts: Vec<(Fact, Option<i64>)> = events::table
        .filter(events::position.gt(position))
        .order(events::position)
        .limit(limit)
        .select((Fact::as_select(), events::position))
        .load(tx.conn())?;
    if let Some((_, Some(reached))) = facts.last() {
        diesel::update(cursor).set(event_cursors::position.eq(*reached)).execute(tx.conn())?;
    }
    Ok(facts.into_iter().map(|(fact, _)| fact).collect())
}

/// SQLite has one writer anyway; PostgreSQL locks until the transaction ends.
fn lock(tx: &mut Tx) -> Result<()> {
    if let Conn::Postgres(c) = tx.conn() {
        diesel::sql_query("SELECT pg_advisory_xact_lock(7239847201)").execute(c)?;
    }
    Ok(())
}
