//! Rows of preferences.

use chrono::Duration;
use diesel::prelude::*;
use kring_db::schema::{digest_preferences as preferences, digests};
use kring_db::{Conn, Time, Tx, each_dialect};

use crate::accounts::PersonId;
use crate::digests::model::*;
use crate::error::Result;

/// How long a digest that could not be made is left alone.
const REST: Duration = Duration::hours(1);

pub fn preferences(conn: &mut Conn, person: PersonId) -> Result<Option<Preferences>> {
    Ok(preferences::table.find(person).select(Preferences::as_select()).first(conn).optional()?)
}

/// A person's preferences as they are until `tx` ends: a run that moves them on meanwhile waits, and one that did
/// so before is seen.
pub fn hold(tx: &mut Tx, person: PersonId) -> Result<Option<Preferences>> {
    // To itself: on PostgreSQL that locks the row; SQLite has one writer anyway.
    let position = preferences::position.eq(preferences::position);
    diesel::update(preferences::table.find(person)).set(position).execute(tx.conn())?;
    preferences(tx, person)
}

/// Writes the first preferences of a person down; those that are there already stay.
pub fn begin(tx: &mut Tx, first: &Preferences) -> Result<()> {
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(preferences::table)
            .values((
                preferences::person_id.eq(first.person_id),
                preferences::frequency.eq(first.wish.frequency),
                preferences::weekday.eq(first.wish.weekday),
                preferences::hour.eq(first.wish.hour),
                preferences::time_zone.eq(&first.wish.time_zone),
                preferences::position.eq(first.position),
                preferences::next_at.eq(first.next_at),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}

/// Writes preferences in place of what stood; the caller holds them.
pub fn save(tx: &mut Tx, new: &Preferences) -> Result<()> {
    let columns = (
        preferences::frequency.eq(new.wish.frequency),
        preferences::weekday.eq(new.wish.weekday),
        preferences::hour.eq(new.wish.hour),
        preferences::time_zone.eq(&new.wish.time_zone),
        preferences::position.eq(new.position),
        preferences::next_at.eq(new.next_at),
        preferences::failed_at.eq(None::<Time>),
    );
    diesel::update(preferences::table.find(new.person_id)).set(columns).execute(tx.conn())?;
    Ok(())
}

/// Forgets a person's preferences.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    diesel::delete(preferences::table.find(person)).execute(tx.conn())?;
    Ok(())
}

/// Whose moment has come by `now`, longest ago first, after `past`. One step in an index for each of them,
/// however many there are whose moment has not come.
pub fn due(
    conn: &mut Conn,
    now: Time,
    past: Option<(Time, PersonId)>,
    limit: i64,
) -> Result<Vec<Preferences>> {
    let rested = preferences::failed_at.is_null().or(preferences::failed_at.le(now - REST).assume_not_null());
    let mut found = preferences::table
        .filter(preferences::next_at.le(now).assume_not_null())
        .filter(rested)
        .into_boxed();
    if let Some((at, person)) = past {
        let later = preferences::next_at
            .gt(at)
            .or(preferences::next_at.eq(at).and(preferences::person_id.gt(person)));
        found = found.filter(later.assume_not_null());
    }
    Ok(found
        .order((preferences::next_at, preferences::person_id))
        .limit(limit)
        .select(Preferences::as_select())
        .load(conn)?)
}

/// Moves a person on to their next moment, if they still are where `known` says and wish what it says: `true` for the
/// one run that did.
pub fn advance(tx: &mut Tx, known: &Preferences, position: i64, next_at: Option<Time>) -> Result<bool> {
    let unmoved = preferences::table
        .filter(preferences::person_id.eq(known.person_id).and(preferences::position.eq(known.position)))
        .filter(preferences::next_at.eq(known.next_at).assume_not_null())
        .filter(
            preferences::frequency
                .eq(known.wish.frequency)
                .and(preferences::weekday.eq(known.wish.weekday)),
        )
        .filter(preferences::hour.eq(known.wish.hour).and(preferences::time_zone.eq(&known.wish.time_zone)));
    let moved = diesel::update(unmoved)
        .set((
            preferences::position.eq(position),
            preferences::next_at.eq(next_at),
            preferences::failed_at.eq(None::<Time>),
        ))
        .execute(tx.conn())?;
    Ok(moved == 1)
}

/// Notes that a digest could not be made: its owner's row rests.
pub fn failed(tx: &mut Tx, person: PersonId, now: Time) -> Result<()> {
    diesel::update(preferences::table.find(person))
        .set(preferences::failed_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Was there a digest for this period?
pub fn has_digest(conn: &mut Conn, person: PersonId, period: &str) -> Result<bool> {
    let same = digests::table.filter(digests::person_id.eq(person).and(digests::period_key.eq(period)));
    Ok(same.select(digests::id).first::<DigestId>(conn).optional()?.is_some())
}
