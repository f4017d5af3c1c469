//! The outbox: facts, in order of arrival.
//!
//! Ids are drawn before a transaction commits and so can appear out of order; a consumer that remembered the
//! last id would lose events. A [`sequence`] run gives committed events their positions under one lock, and
//! consumers remember positions. An event that a consumer fails to handle time and again is set aside, so that it
//! stops none of those behind it.

use diesel::prelude::*;
use kring_db::schema::{event_cursors, event_failures, events};
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
        FullMembershipDeclined = "full_membership_declined",
        ExperienceWithdrawn = "experience_withdrawn",
        NetworkProposed = "network_proposed",
        NetworkActivated = "network_activated",
        NetworkArchived = "network_archived",
        NetworkChanged = "network_changed",
        ProfileChanged = "profile_changed",
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
        Reacted = "reacted",
        ReactionTakenBack = "reaction_taken_back",
        ReportMade = "report_made",
        ThreadPinned = "thread_pinned",
        ThreadUnpinned = "thread_unpinned",
        ThreadLocked = "thread_locked",
        ThreadUnlocked = "thread_unlocked",
        DocumentCreated = "document_created",
        DocumentRevised = "document_revised",
        DocumentAdopted = "document_adopted",
        DocumentLabelled = "document_labelled",
        DocumentRemoved = "document_removed",
        RevisionProposed = "revision_proposed",
        WordsReturned = "words_returned",
        DescriptionWanted = "description_wanted",
        HelpAsked = "help_asked",
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

/// Did the same happen before, to the same in the same network? For what happens in networks.
pub fn happened_before(conn: &mut Conn, fact: &Fact) -> Result<bool> {
    let position: Option<i64> = events::table.find(fact.id).select(events::position).first(conn)?;
    let same = events::table
        .filter(events::network_id.eq(fact.network).assume_not_null().and(events::kind.eq(fact.kind)))
        .filter(events::subject_id.eq(fact.subject))
        .filter(events::position.lt(position).assume_not_null());
    Ok(same.select(events::id).first::<EventId>(conn).optional()?.is_some())
}

/// Facts after what `consumer` has seen, at most `limit`, and moves it past them. The caller handles them in
/// this same transaction, so each is handled once.
pub fn consume(tx: &mut Tx, consumer: &str, limit: i64) -> Result<Vec<Fact>> {
    let position = hold(tx, consumer)?;
    let facts = after(tx, position, limit)?;
    if let Some((_, Some(reached))) = facts.last() {
        move_on(tx, consumer, *reached)?;
    }
    Ok(facts.into_iter().map(|(fact, _)| fact).collect())
}

/// How far `consumer` has come. One at a time: its row is locked until the transaction ends.
fn hold(tx: &mut Tx, consumer: &str) -> Result<i64> {
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
    Ok(cursor.select(event_cursors::position).first(tx.conn())?)
}

fn after(conn: &mut Conn, position: i64, limit: i64) -> Result<Vec<(Fact, Option<i64>)>> {
    Ok(events::table
        .filter(events::position.gt(position))
        .order(events::position)
        .limit(limit)
        .select((Fact::as_select(), events::position))
        .load(conn)?)
}

fn move_on(tx: &mut Tx, consumer: &str, position: i64) -> Result<()> {
    diesel::update(event_cursors::table.find(consumer))
        .set(event_cursors::position.eq(position))
        .execute(tx.conn())?;
    Ok(())
}

/// After so many failures an event is set aside.
const TRIES: i64 = 5;

/// Notes that `consumer` could not handle the event that is next for it. One that failed too often is set aside for a
/// person to look at, and the consumer goes on: `true`.
pub fn failed(tx: &mut Tx, consumer: &str, event: EventId, cause: &str, now: Time) -> Result<bool> {
    let position = hold(tx, consumer)?;
    let next = after(tx, position, 1)?.pop().filter(|(fact, _)| fact.id == event);
    // Not the next one any more: another process has handled it since.
    let Some((_, Some(position))) = next else { return Ok(false) };
    let row = event_failures::table.find((consumer, event));
    let before: Option<i64> = row.select(event_failures::attempts).first(tx.conn()).optional()?;
    let attempts = before.unwrap_or(0) + 1;
    let set_aside = attempts >= TRIES;
    let columns = (
        event_failures::attempts.eq(attempts),
        event_failures::last_error.eq(cause),
        event_failures::set_aside_at.eq(set_aside.then_some(now)),
    );
    if diesel::update(row).set(columns).execute(tx.conn())? == 0 {
        let key = (event_failures::consumer.eq(consumer), event_failures::event_id.eq(event));
        diesel::insert_into(event_failures::table).values((key, columns)).execute(tx.conn())?;
    }
    if set_aside {
        move_on(tx, consumer, position)?;
    }
    Ok(set_aside)
}

/// Forgets the failures of an event that `consumer` handled after all.
pub fn handled(tx: &mut Tx, consumer: &str) -> Result<()> {
    let tried = event_failures::consumer.eq(consumer).and(event_failures::set_aside_at.is_null());
    diesel::delete(event_failures::table.filter(tried)).execute(tx.conn())?;
    Ok(())
}

/// How many events were set aside.
pub fn set_aside(conn: &mut Conn) -> Result<i64> {
    let aside = event_failures::table.filter(event_failures::set_aside_at.is_not_null());
    Ok(aside.count().get_result(conn)?)
}

/// SQLite has one writer anyway; PostgreSQL locks until the transaction ends.
fn lock(tx: &mut Tx) -> Result<()> {
    if let Conn::Postgres(c) = tx.conn() {
        diesel::sql_query("SELECT pg_advisory_xact_lock(7239847201)").execute(c)?;
    }
    Ok(())
}
