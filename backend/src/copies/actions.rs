//! Keeping what was signed.

use kring_db::{Conn, Time, Tx};
use serde_json::Value;

use super::model::*;
use super::queries;
use crate::app::Context;
use crate::error::Result;

/// Keeps what somebody signed. Of a document each revision once and for ever; of a thread or reply the newest.
pub fn keep(tx: &mut Tx, cx: &Context, subject: Subject, actor: &str, activity: &Value) -> Result<()> {
    if subject.kind != CopyKind::Document {
        queries::remove(tx, subject.kind, subject.id)?;
    }
    write(tx, cx, subject, 0, actor, activity)
}

/// Keeps what stands beside the words of a document since somebody changed it, `labels` times by now: signed by them.
pub fn keep_labels(
    tx: &mut Tx,
    cx: &Context,
    (subject, labels): (Subject, i64),
    actor: &str,
    activity: &Value,
) -> Result<()> {
    write(tx, cx, subject, labels, actor, activity)
}

fn write(
    tx: &mut Tx,
    cx: &Context,
    subject: Subject,
    labels: i64,
    actor: &str,
    activity: &Value,
) -> Result<()> {
    let copy = SignedCopy {
        id: cx.id(),
        kind: subject.kind,
        subject_id: subject.id,
        revision: subject.revision,
        labels,
        actor: actor.to_owned(),
        activity: activity.to_string(),
        kept_at: cx.now(),
    };
    queries::insert(tx, &copy).map(|_| ())
}

/// Forgets what is kept of something that was taken away.
pub fn forget(tx: &mut Tx, kind: CopyKind, id: i64) -> Result<()> {
    queries::remove(tx, kind, id)
}

/// Forgets what is kept of a document's revisions from a number on: others take their place.
pub fn forget_from(tx: &mut Tx, document: i64, revision: i64) -> Result<()> {
    queries::remove_from(tx, document, revision)
}

/// What was signed of these words.
pub fn of(conn: &mut Conn, subject: Subject) -> Result<Option<SignedCopy>> {
    queries::copy(conn, &subject)
}

/// What was signed when what stands beside these words was changed for the time that `labels` says.
pub fn with_labels(conn: &mut Conn, subject: Subject, labels: i64) -> Result<Option<SignedCopy>> {
    queries::labels(conn, &subject, labels)
}

/// What was signed of these words, and of what stood beside them since, in that order.
pub fn all_of(conn: &mut Conn, subject: Subject) -> Result<Vec<SignedCopy>> {
    queries::all(conn, &subject)
}

/// What was signed of these threads and replies, looked up at once.
pub fn of_posts(conn: &mut Conn, ids: &[i64]) -> Result<Vec<SignedCopy>> {
    queries::of_posts(conn, ids)
}

/// The same of many words, looked up at once; those of one stand together.
pub fn all_of_many(conn: &mut Conn, subjects: &[Subject]) -> Result<Vec<SignedCopy>> {
    queries::all_of_many(conn, subjects)
}

/// What was signed last of a document, what stands beside its words included.
pub fn of_document(conn: &mut Conn, document: i64) -> Result<Option<SignedCopy>> {
    queries::newest(conn, document)
}

/// Notes that somebody was seen to prove with a key. What others told of theirs counts no more.
pub fn see_key(tx: &mut Tx, actor: &str, key_id: &str, public_key: &str, now: Time) -> Result<()> {
    let known = queries::seen_or_told(tx, &[actor.to_owned()])?;
    if known.iter().any(|key| key.told_by.is_some()) {
        queries::forget_told(tx, actor, public_key)?;
    }
    if known.iter().any(|key| key.public_key == public_key) {
        return Ok(());
    }
    queries::insert_key(tx, &key(actor, key_id, public_key, now, None))
}

/// Somebody was met who proves with no key. What others told of theirs counts no more.
pub fn see_no_key(tx: &mut Tx, actor: &str) -> Result<()> {
    queries::forget_told(tx, actor, "")
}

/// Notes a key that another instance tells of, because its owner's own cannot be asked. Of whom a key was seen, nobody
/// else tells another.
pub fn be_told_key(
    tx: &mut Tx,
    (actor, key_id, public_key): (&str, &str, &str),
    by: &str,
    now: Time,
) -> Result<()> {
    let known = queries::seen_or_told(tx, &[actor.to_owned()])?;
    if known.iter().any(|key| key.told_by.is_none()) {
        return Ok(());
    }
    queries::insert_key(tx, &key(actor, key_id, public_key, now, Some(by)))
}

fn key(actor: &str, key_id: &str, public_key: &str, now: Time, told_by: Option<&str>) -> SeenKey {
    SeenKey {
        actor: actor.to_owned(),
        public_key: public_key.to_owned(),
        key_id: key_id.to_owned(),
        seen_at: now,
        told_by: told_by.map(str::to_owned),
    }
}

/// The keys that were seen of these people, oldest first; where none was, those that were told of them.
pub fn keys_of(conn: &mut Conn, actors: &[String]) -> Result<Vec<SeenKey>> {
    queries::keys(conn, actors)
}
