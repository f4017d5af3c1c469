//! Rows of preferences.

use diesel::prelude::*;
use kring_db::schema::{digest_preferences as preferences, digests};
use kring_db::{Conn, Time, Tx};

use crate::accounts::PersonId;
use crate::digests::model::*;
use crate::error::Result;

pub fn preferences(conn: &mut Conn, person: PersonId) -> Result<Option<Preferences>> {
    Ok(preferences::table.find(person).select(Preferences::as_select()).first(conn).optional()?)
}

/// Writes preferences down: the first of this person, or in place of what stood.
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
    if diesel::update(preferences::table.find(new.person_id)).set(columns).execute(tx.conn())? == 0 {
        diesel::insert_into(preferences::table)
            .values((preferences::person_id.eq(new.person_id), columns))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Forgets a person's preferences.
pub fn forget(tx: &mut Tx, person: PersonId) -> Result<()> {
    diesel::delete(preferences::table.find(person)).execute(tx.conn())?;
    Ok(())
}

/// Was there a digest for this period?
pub fn has_digest(conn: &mut Conn, person: PersonId, period: &str) -> Result<bool> {
    let same = digests::table.filter(digests::person_id.eq(person).and(digests::period_key.eq(period)));
    Ok(same.select(digests::id).first::<DigestId>(conn).optional()?.is_some())
}
