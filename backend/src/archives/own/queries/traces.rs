//! What somebody did besides writing, and what was done for them: reactions, reading, help, mails, sessions, jobs.

use diesel::prelude::*;
use kring_db::schema::{
    asked_jobs, digests, document_read_states, help_offers, mails, reactions, read_states, sessions,
};
use kring_db::types::write_id;
use kring_db::{Conn, Time};
use serde_json::{Value, json};

use super::PAGE;
use crate::accounts::{AccountId, PersonId};
use crate::archives::own::Rows;
use crate::error::Result;

/// To what they reacted. Behind the id of the post; of one with several reactions all come together.
pub fn reactions(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, i64, String, Time)> = reactions::table
        .filter(reactions::person_id.eq(person).and(reactions::subject_id.gt(after)))
        .order((reactions::subject_id, reactions::kind))
        .limit(PAGE)
        .select((reactions::subject_id, reactions::thread_id, reactions::kind, reactions::created_at))
        .load(conn)?;
    let cut = cut(rows.iter().map(|(subject, ..)| *subject).collect());
    let told = rows.into_iter().take(cut).map(|(subject, thread, kind, created)| {
        let row = json!({
            "post": write_id(subject), "thread": write_id(thread), "kind": kind, "createdAt": created,
        });
        (subject, row)
    });
    Ok(told.collect())
}

/// How many of a page of sorted ids belong to it, so that what shares an id is not torn apart.
fn cut(ids: Vec<i64>) -> usize {
    match ids.last() {
        Some(last) if ids.len() as i64 == PAGE => match ids.iter().position(|id| id == last) {
            Some(first) if first > 0 => first,
            _ => ids.len(),
        },
        _ => ids.len(),
    }
}

/// How far they read conversations.
pub fn read_threads(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, i64, Time)> = read_states::table
        .filter(read_states::person_id.eq(person).and(read_states::thread_id.gt(after)))
        .order(read_states::thread_id)
        .limit(PAGE)
        .select((read_states::thread_id, read_states::read_seq, read_states::read_at))
        .load(conn)?;
    let told = rows.into_iter().map(|(thread, number, at)| {
        (thread, json!({ "thread": write_id(thread), "upTo": number, "readAt": at }))
    });
    Ok(told.collect())
}

/// How far they read documents.
pub fn read_documents(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, i64, Time)> = document_read_states::table
        .filter(document_read_states::person_id.eq(person).and(document_read_states::document_id.gt(after)))
        .order(document_read_states::document_id)
        .limit(PAGE)
        .select((
            document_read_states::document_id,
            document_read_states::revision,
            document_read_states::read_at,
        ))
        .load(conn)?;
    let told = rows.into_iter().map(|(document, revision, at)| {
        (document, json!({ "document": write_id(document), "revision": revision, "readAt": at }))
    });
    Ok(told.collect())
}

/// With what they offer to help.
pub fn help_offers(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, String, String, String, String, bool, Time)> = help_offers::table
        .filter(help_offers::person_id.eq(person).and(help_offers::id.gt(after)))
        .order(help_offers::id)
        .limit(PAGE)
        .select((
            help_offers::id,
            help_offers::sentence,
            help_offers::language,
            help_offers::themes,
            help_offers::municipalities,
            help_offers::paused,
            help_offers::created_at,
        ))
        .load(conn)?;
    let list = |text: String| serde_json::from_str::<Value>(&text).unwrap_or_default();
    let told = rows.into_iter().map(|(id, sentence, language, themes, municipalities, paused, created)| {
        let row = json!({
            "sentence": sentence, "language": language, "themes": list(themes),
            "municipalities": list(municipalities), "paused": paused, "createdAt": created,
        });
        (id, row)
    });
    Ok(told.collect())
}

/// The digests that they were sent.
pub fn digests(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, String, String, Time)> = digests::table
        .filter(digests::person_id.eq(person).and(digests::id.gt(after)))
        .order(digests::id)
        .limit(PAGE)
        .select((digests::id, digests::period_key, digests::language, digests::created_at))
        .load(conn)?;
    let told = rows.into_iter().map(|(id, period, language, created)| {
        let row = json!({
            "id": write_id(id), "period": period, "language": language, "createdAt": created,
        });
        (id, row)
    });
    Ok(told.collect())
}

/// Which mails went to them. Not what they said: they may hold a word that lets somebody in.
pub fn mails(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, String, String, String, Time, Option<Time>)> = mails::table
        .filter(mails::person_id.eq(person).and(mails::id.gt(after)))
        .order(mails::id)
        .limit(PAGE)
        .select((mails::id, mails::kind, mails::recipient, mails::subject, mails::created_at, mails::sent_at))
        .load(conn)?;
    let told = rows.into_iter().map(|(id, kind, recipient, subject, created, sent)| {
        let row = json!({
            "kind": kind, "recipient": recipient, "subject": subject, "createdAt": created, "sentAt": sent,
        });
        (id, row)
    });
    Ok(told.collect())
}

/// Where they were signed in.
pub fn sessions(conn: &mut Conn, account: AccountId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, String, Time, Time, Time, Option<Time>)> = sessions::table
        .filter(sessions::account_id.eq(account).and(sessions::id.gt(after)))
        .order(sessions::id)
        .limit(PAGE)
        .select((
            sessions::id,
            sessions::device,
            sessions::created_at,
            sessions::last_used_at,
            sessions::expires_at,
            sessions::ended_at,
        ))
        .load(conn)?;
    let told = rows.into_iter().map(|(id, device, created, used, expires, ended)| {
        let row = json!({
            "id": write_id(id), "device": device, "createdAt": created, "lastUsedAt": used,
            "expiresAt": expires, "endedAt": ended,
        });
        (id, row)
    });
    Ok(told.collect())
}

/// Long work that they asked for.
pub fn jobs(conn: &mut Conn, account: AccountId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, String, String, Time, Option<Time>)> = asked_jobs::table
        .filter(asked_jobs::account_id.eq(account).and(asked_jobs::id.gt(after)))
        .order(asked_jobs::id)
        .limit(PAGE)
        .select((
            asked_jobs::id,
            asked_jobs::kind,
            asked_jobs::state,
            asked_jobs::created_at,
            asked_jobs::finished_at,
        ))
        .load(conn)?;
    let told = rows.into_iter().map(|(id, kind, state, created, finished)| {
        let row = json!({
            "id": write_id(id), "kind": kind, "state": state, "createdAt": created, "finishedAt": finished,
        });
        (id, row)
    });
    Ok(told.collect())
}
