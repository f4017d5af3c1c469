//! Rows of digests.

use diesel::prelude::*;
use kring_db::schema::{accounts, digests, memberships, persons};
use kring_db::types::first_id;
use kring_db::{Conn, Time, Tx};

use crate::accounts::{DisplayName, PersonId};
use crate::digests::model::*;
use crate::error::Result;
use crate::networks::policy::MayCoordinate;
use crate::networks::{MemberState, Network};

/// Writes a digest down, in the transaction that writes its mail.
pub fn insert(tx: &mut Tx, digest: &Digest, word_hash: &str) -> Result<()> {
    diesel::insert_into(digests::table)
        .values((
            digests::id.eq(digest.id),
            digests::person_id.eq(digest.person_id),
            digests::period_key.eq(&digest.period_key),
            digests::due_at.eq(digest.due_at),
            digests::from_position.eq(digest.from_position),
            digests::to_position.eq(digest.to_position),
            digests::language.eq(digest.language),
            digests::contents.eq(&digest.contents),
            digests::mail_id.eq(digest.mail_id),
            digests::word_hash.eq(word_hash),
            digests::word_expires_at.eq(digest.word_expires_at),
            digests::created_at.eq(digest.created_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// When a digest first told a member of a network of what happened in it. Goes through what was made since the network
/// is there, and ends with the first that did: most often in its second week.
pub fn first_told(conn: &mut Conn, _may: &MayCoordinate, network: &Network) -> Result<Option<Time>> {
    let members = memberships::table
        .filter(memberships::network_id.eq(network.id).and(memberships::state.eq(MemberState::Active)))
        .select(memberships::person_id);
    // As `NetworkNews` is written; an id has no wildcards.
    let told = format!("%\"network\":\"{}\"%", network.id);
    let found = digests::table
        .filter(digests::id.gt(DigestId(first_id(network.created_at))))
        .filter(digests::person_id.eq_any(members).and(digests::contents.like(told)));
    Ok(found.order(digests::id).select(digests::created_at).first(conn).optional()?)
}

/// A person's digests, newest first.
pub fn list(conn: &mut Conn, person: PersonId, after: Option<DigestId>, limit: i64) -> Result<Vec<Digest>> {
    let older = digests::table
        .filter(digests::person_id.eq(person).and(digests::id.lt(after.unwrap_or(DigestId(i64::MAX)))));
    Ok(older.order(digests::id.desc()).limit(limit + 1).select(Digest::as_select()).load(conn)?)
}

pub fn digest(conn: &mut Conn, id: DigestId) -> Result<Option<Digest>> {
    Ok(digests::table.find(id).select(Digest::as_select()).first(conn).optional()?)
}

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

/// Forgets what a person was told.
pub fn forget_digests(tx: &mut Tx, person: PersonId) -> Result<()> {
    diesel::delete(digests::table.filter(digests::person_id.eq(person))).execute(tx.conn())?;
    Ok(())
}

/// What these people are called, in no order.
pub fn names(conn: &mut Conn, people: &[PersonId]) -> Result<Vec<(PersonId, DisplayName)>> {
    let found = persons::table.filter(persons::id.eq_any(people));
    Ok(found.select((persons::id, persons::display_name)).load(conn)?)
}
