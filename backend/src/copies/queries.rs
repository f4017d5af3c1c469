//! Rows of copies and keys.

use std::collections::HashSet;

use diesel::prelude::*;
use kring_db::schema::{author_keys, remote_objects, signed_copies};
use kring_db::{Conn, Tx, each_dialect};

use super::model::*;
use crate::error::Result;

macro_rules! of_subject {
    ($subject:expr) => {
        signed_copies::table
            .filter(signed_copies::kind.eq($subject.kind).and(signed_copies::subject_id.eq($subject.id)))
    };
}

/// The copy of these words, with the labels of then.
pub fn copy(conn: &mut Conn, subject: &Subject) -> Result<Option<SignedCopy>> {
    let found = of_subject!(subject).filter(signed_copies::revision.eq(subject.revision));
    let first = found.order(signed_copies::labels).select(SignedCopy::as_select());
    Ok(first.first(conn).optional()?)
}

/// The copy of these words with these labels.
pub fn labels(conn: &mut Conn, subject: &Subject, labels: i64) -> Result<Option<SignedCopy>> {
    let found = of_subject!(subject)
        .filter(signed_copies::revision.eq(subject.revision).and(signed_copies::labels.eq(labels)));
    Ok(found.select(SignedCopy::as_select()).first(conn).optional()?)
}

/// The copies of these threads and replies, as far as there are any.
pub fn of_posts(conn: &mut Conn, ids: &[i64]) -> Result<Vec<SignedCopy>> {
    let posts = signed_copies::kind.eq_any([CopyKind::Thread, CopyKind::Reply]);
    let found = signed_copies::table.filter(posts.and(signed_copies::subject_id.eq_any(ids)));
    Ok(found.select(SignedCopy::as_select()).load(conn)?)
}

/// The newest copy of a document.
pub fn newest(conn: &mut Conn, document: i64) -> Result<Option<SignedCopy>> {
    let subject = Subject::document(document, 0);
    let order = (signed_copies::revision.desc(), signed_copies::labels.desc());
    Ok(of_subject!(subject).order(order).select(SignedCopy::as_select()).first(conn).optional()?)
}

/// All copies of these words.
pub fn all(conn: &mut Conn, subject: &Subject) -> Result<Vec<SignedCopy>> {
    let found = of_subject!(subject).filter(signed_copies::revision.eq(subject.revision));
    Ok(found.order(signed_copies::labels).select(SignedCopy::as_select()).load(conn)?)
}

/// All copies of many words, with what stood beside them since; those of one together, in that order.
pub fn all_of_many(conn: &mut Conn, subjects: &[Subject]) -> Result<Vec<SignedCopy>> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = signed_copies::table.select(SignedCopy::as_select()).into_boxed();
    for subject in subjects {
        let its = signed_copies::kind.eq(subject.kind).and(signed_copies::subject_id.eq(subject.id));
        found = found.or_filter(its.and(signed_copies::revision.eq(subject.revision)));
    }
    let order = (signed_copies::subject_id, signed_copies::revision, signed_copies::labels);
    Ok(found.order(order).load(conn)?)
}

pub fn insert(tx: &mut Tx, copy: &SignedCopy) -> Result<bool> {
    let written = each_dialect!(tx.conn(), |c| {
        diesel::insert_into(signed_copies::table)
            .values((
                signed_copies::id.eq(copy.id),
                signed_copies::kind.eq(copy.kind),
                signed_copies::subject_id.eq(copy.subject_id),
                signed_copies::revision.eq(copy.revision),
                signed_copies::labels.eq(copy.labels),
                signed_copies::actor.eq(&copy.actor),
                signed_copies::activity.eq(&copy.activity),
                signed_copies::kept_at.eq(copy.kept_at),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(written == 1)
}

/// Removes all copies of a document, thread or reply.
pub fn remove(tx: &mut Tx, kind: CopyKind, id: i64) -> Result<()> {
    let subject = Subject { kind, id, revision: 0 };
    diesel::delete(of_subject!(subject)).execute(tx.conn())?;
    Ok(())
}

/// Removes the copies of a document's revisions from a number on.
pub fn remove_from(tx: &mut Tx, document: i64, revision: i64) -> Result<()> {
    let subject = Subject::document(document, revision);
    diesel::delete(of_subject!(subject).filter(signed_copies::revision.ge(revision))).execute(tx.conn())?;
    Ok(())
}

/// All copies behind `after`, oldest first.
pub fn copies(conn: &mut Conn, after: CopyId, limit: i64) -> Result<Vec<SignedCopy>> {
    let behind = signed_copies::table.filter(signed_copies::id.gt(after));
    Ok(behind.order(signed_copies::id).limit(limit).select(SignedCopy::as_select()).load(conn)?)
}

/// The keys that were seen of these people; where none was, those that were told of them.
pub fn keys(conn: &mut Conn, actors: &[String]) -> Result<Vec<SeenKey>> {
    let mut found = seen_or_told(conn, actors)?;
    let seen: HashSet<String> =
        found.iter().filter(|key| key.told_by.is_none()).map(|key| key.actor.clone()).collect();
    found.retain(|key| key.told_by.is_none() || !seen.contains(&key.actor));
    Ok(found)
}

/// All keys that are noted of these people.
pub fn seen_or_told(conn: &mut Conn, actors: &[String]) -> Result<Vec<SeenKey>> {
    let found = author_keys::table.filter(author_keys::actor.eq_any(actors));
    Ok(found
        .order((author_keys::actor, author_keys::seen_at))
        .select(SeenKey::as_select())
        .load(conn)?)
}

/// Notes a key; one that is known stays as it was seen first.
pub fn insert_key(tx: &mut Tx, key: &SeenKey) -> Result<()> {
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(author_keys::table)
            .values((
                author_keys::actor.eq(&key.actor),
                author_keys::public_key.eq(&key.public_key),
                author_keys::key_id.eq(&key.key_id),
                author_keys::seen_at.eq(key.seen_at),
                author_keys::told_by.eq(&key.told_by),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}

/// What others told of somebody's keys counts no more, save that it was this one.
pub fn forget_told(tx: &mut Tx, actor: &str, public_key: &str) -> Result<()> {
    let theirs = author_keys::actor.eq(actor);
    diesel::update(author_keys::table.filter(theirs.and(author_keys::public_key.eq(public_key))))
        .set(author_keys::told_by.eq(None::<String>))
        .execute(tx.conn())?;
    diesel::delete(author_keys::table.filter(theirs.and(author_keys::told_by.is_not_null())))
        .execute(tx.conn())?;
    Ok(())
}

/// The id that something has for all, where it was begun elsewhere.
pub fn elsewhere(conn: &mut Conn, id: i64) -> Result<Option<String>> {
    let row = remote_objects::table.filter(remote_objects::object_id.eq(id));
    Ok(row.select(remote_objects::uri).first(conn).optional()?)
}
