//! Rows of digests.

use diesel::prelude::*;
use kring_db::schema::{accounts, digests};
use kring_db::{Conn, Time, Tx};

use crate::accounts::PersonId;
use crate::digests::model::*;
use crate::error::Result;

/// The digest whose links hold the word with this hash, while the word is good: not expired or revoked, its
/// owner's account open, and no password chosen since.
pub fn by_word(conn: &mut Conn, hash: &str, now: Time) -> Result<Option<Digest>> {
    let unchanged = accounts::password_changed_at
        .is_null()
        .or(accounts::password_changed_at.assume_not_null().lt(digests::created_at));
    let found = digests::table
        .inner_join(accounts::table.on(accounts::person_id.eq(digests::person_id)))
        .filter(digests::word_hash.eq(hash).and(digests::word_revoked_at.is_null()))
        .filter(digests::word_expires_at.gt(now).and(accounts::closed_at.is_null()))
        .filter(unchanged);
    Ok(found.select(Digest::as_select()).first(conn).optional()?)
}

/// Revokes the words of every digest of a person.
pub fn revoke_words(tx: &mut Tx, person: PersonId, now: Time) -> Result<()> {
    let good = digests::table.filter(digests::person_id.eq(person).and(digests::word_revoked_at.is_null()));
    diesel::update(good).set(digests::word_revoked_at.eq(now)).execute(tx.conn())?;
    Ok(())
}
