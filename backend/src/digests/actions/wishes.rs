//! When somebody wants their digest.

use chrono::Duration;
use kring_db::{Conn, Time, Tx};

use crate::accounts::PersonId;
use crate::app::Context;
use crate::digests::model::*;
use crate::digests::queries;
use crate::digests::schedule::{Moment, Schedule};
use crate::error::Result;
use crate::jobs::outbox;

/// Newcomers are told what went on just before they came; a first digest has something to say.
const WELCOME: Duration = Duration::days(7);

/// Who wants digests again after a time without is told of so long and no longer.
const AWAY: Duration = Duration::days(14);

/// What a person wishes, and when their next digest comes: `None` while off, and for those in no network yet.
pub fn wish_of(conn: &mut Conn, cx: &Context, person: PersonId) -> Result<(Wish, Option<Time>)> {
    Ok(match queries::preferences(conn, person)? {
        Some(known) => (known.wish, known.next_at),
        None => (Wish::usual(cx.config()), None),
    })
}

/// When a person's next digest is due; `None` where none is.
pub fn next_of(conn: &mut Conn, cx: &Context, person: PersonId) -> Result<Option<Time>> {
    wish_of(conn, cx, person).map(|(_, next_at)| next_at)
}

/// Does mail about networks reach this person? Not who turned it off.
pub fn wants_mail(conn: &mut Conn, cx: &Context, person: PersonId) -> Result<bool> {
    wish_of(conn, cx, person).map(|(wish, _)| wish.frequency != Frequency::Off)
}

/// Changes what a person wishes. What was not told yet still will be, in the first digest of the new kind.
pub fn change_wish(
    tx: &mut Tx,
    cx: &Context,
    person: PersonId,
    change: &WishChange,
) -> Result<(Wish, Option<Time>)> {
    let known = held(tx, cx, person)?;
    let wish = Wish {
        frequency: change.frequency.unwrap_or(known.wish.frequency),
        weekday: change.weekday.unwrap_or(known.wish.weekday),
        hour: change.hour.unwrap_or(known.wish.hour),
        time_zone: change.time_zone.clone().unwrap_or_else(|| known.wish.time_zone.clone()),
    };
    let position = match known.wish.frequency {
        Frequency::Off => known.position.max(outbox::position_before(tx, cx.now() - AWAY)?),
        _ => known.position,
    };
    let next = next_free(tx, person, &wish.schedule(), cx.now())?;
    let next_at = next.map(|moment| moment.at);
    let new = Preferences { person_id: person, wish, position, next_at };
    queries::save(tx, &new)?;
    Ok((new.wish, next_at))
}

/// What a person wishes, theirs to change until `tx` ends: a run that commits in between would be undone.
fn held(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<Preferences> {
    if let Some(known) = queries::hold(tx, person)? {
        return Ok(known);
    }
    let first = first(tx, cx, person, cx.now())?;
    queries::begin(tx, &first)?;
    Ok(queries::hold(tx, person)?.unwrap_or(first))
}

/// The first moment after `after` whose period has no digest yet.
pub fn next_free(
    conn: &mut Conn,
    person: PersonId,
    schedule: &Schedule,
    after: Time,
) -> Result<Option<Moment>> {
    let mut next = schedule.next(after);
    while let Some(moment) = &next {
        if !queries::has_digest(conn, person, &moment.period)? {
            break;
        }
        next = schedule.next(moment.at);
    }
    Ok(next)
}

/// Somebody joined a network: from now on they get digests, the first at the first moment.
pub fn begin(tx: &mut Tx, cx: &Context, person: PersonId, joined: Time) -> Result<()> {
    if queries::preferences(tx, person)?.is_some() {
        return Ok(());
    }
    let first = first(tx, cx, person, joined)?;
    queries::begin(tx, &first)
}

/// [`begin`] for somebody who joins now and said when they want their digest. Who gets digests already goes on as they
/// chose.
pub fn begin_as(tx: &mut Tx, cx: &Context, person: PersonId, wish: Wish) -> Result<()> {
    let first = first_of(tx, person, cx.now(), wish)?;
    queries::begin(tx, &first)
}

fn first(conn: &mut Conn, cx: &Context, person: PersonId, joined: Time) -> Result<Preferences> {
    first_of(conn, person, joined, Wish::usual(cx.config()))
}

fn first_of(conn: &mut Conn, person: PersonId, joined: Time, wish: Wish) -> Result<Preferences> {
    let next_at = wish.schedule().next(joined).map(|moment| moment.at);
    let position = outbox::position_before(conn, joined - WELCOME)?;
    Ok(Preferences { person_id: person, wish, position, next_at })
}

/// A person of the demo, whose digest of the week up to `cx` is due at once. Call it when everything it should
/// tell of has been written.
pub fn begin_for_demo(tx: &mut Tx, cx: &Context, person: PersonId, wish: Option<Wish>) -> Result<()> {
    // Only events that have their position can be before or after one.
    outbox::sequence(tx)?;
    let wish = wish.unwrap_or_else(|| Wish::usual(cx.config()));
    let next_at = wish.schedule().latest(cx.now()).map(|moment| moment.at);
    let position = outbox::position_before(tx, cx.now() - WELCOME)?;
    let new = Preferences { person_id: person, wish, position, next_at };
    queries::begin(tx, &new)?;
    queries::save(tx, &new)
}

/// Nothing for this person any more, and nothing of what they were told: their account was closed.
pub fn end(tx: &mut Tx, person: PersonId) -> Result<()> {
    queries::forget_digests(tx, person)?;
    queries::forget(tx, person)
}
