//! Rows of one person's own, from wherever they stand: each list behind an id, a page at a time.
//!
//! No visibility is asked about what somebody wrote: it is theirs, also in a network that they left. Where others' words
//! stand beside it (titles), it is.

use std::collections::HashSet;

use diesel::prelude::*;
use kring_db::schema::{
    accounts, adopted_files, asked_jobs, attachments, digest_preferences, digests, document_read_states,
    documents, drafts, help_offers, mails, memberships, networks, persons, post_versions, reactions,
    read_states, replies, revisions, sessions, threads,
};
use kring_db::types::write_id;
use kring_db::{Conn, Time};
use serde_json::{Value, json};

use super::Rows;
use crate::accounts::{AccountId, PersonId, SignedIn};
use crate::archives::making::file_path_of;
use crate::attachments::Attachment;
use crate::error::Result;
use crate::networks::{NetworkId, readable_by};
use crate::text::lang::Lang;

/// Rows in one page.
const PAGE: i64 = 200;

/// The account and what its owner says of themselves, and the language to tell it in.
pub fn account(conn: &mut Conn, who: &SignedIn) -> Result<(Value, Lang)> {
    let (name, bio, municipality, languages, person_since): (String, String, Option<String>, String, Time) =
        persons::table
            .find(who.person)
            .select((
                persons::display_name,
                persons::bio,
                persons::municipality,
                persons::languages,
                persons::created_at,
            ))
            .first(conn)?;
    let (email, language, role, expert, confirmed, approved, password_changed): (
        Option<String>,
        Lang,
        String,
        bool,
        Option<Time>,
        Option<Time>,
        Option<Time>,
    ) = accounts::table
        .find(who.account)
        .select((
            accounts::email,
            accounts::language,
            accounts::role,
            accounts::expert_by_experience,
            accounts::email_verified_at,
            accounts::approved_at,
            accounts::password_changed_at,
        ))
        .first(conn)?;
    let digest: Option<(String, String, i64, String)> = digest_preferences::table
        .find(who.person)
        .select((
            digest_preferences::frequency,
            digest_preferences::weekday,
            digest_preferences::hour,
            digest_preferences::time_zone,
        ))
        .first(conn)
        .optional()?;
    let digest = digest.map(|(frequency, weekday, hour, zone)| {
        json!({ "frequency": frequency, "weekday": weekday, "hour": hour, "timeZone": zone })
    });
    let told = json!({
        "handle": who.handle,
        "displayName": name,
        "bio": bio,
        "municipality": municipality,
        "languages": serde_json::from_str::<Value>(&languages).unwrap_or_default(),
        "email": email,
        "language": language,
        "role": role,
        "expertByExperience": expert,
        "createdAt": person_since,
        "emailConfirmedAt": confirmed,
        "approvedAt": approved,
        "passwordChangedAt": password_changed,
        "digest": digest,
    });
    Ok((told, language))
}

/// Every network that knows of them.
pub fn memberships(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    type Row = (
        i64,
        (String, String),
        (String, String, bool, bool),
        (Option<String>, Option<String>, String),
        (Option<Time>, Time, Time),
    );
    let rows: Vec<Row> = memberships::table
        .inner_join(networks::table)
        .filter(memberships::person_id.eq(person).and(memberships::id.gt(after)))
        .order(memberships::id)
        .limit(PAGE)
        .select((
            memberships::id,
            (networks::slug, networks::name),
            (memberships::role, memberships::state, memberships::founder, memberships::shows_experience),
            (memberships::capacity, memberships::organisation, memberships::message),
            (memberships::joined_at, memberships::created_at, memberships::updated_at),
        ))
        .load(conn)?;
    let told = rows.into_iter().map(
        |(id, (slug, name), (role, state, founder, shows), (capacity, organisation, message), times)| {
            let row = json!({
                "network": slug, "name": name, "role": role, "state": state, "coFounder": founder,
                "showsExperience": shows, "capacity": capacity, "organisation": organisation, "message": message,
                "joinedAt": times.0, "createdAt": times.1, "updatedAt": times.2,
            });
            (id, row)
        },
    );
    Ok(told.collect())
}

/// Conversations that they began.
pub fn threads(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    type Row = (i64, String, (String, String, String), (Time, Option<Time>), (i64, i64, i64, i64));
    let rows: Vec<Row> = threads::table
        .inner_join(networks::table)
        .filter(threads::author_id.eq(person).and(threads::deleted_at.is_null()).and(threads::id.gt(after)))
        .order(threads::id)
        .limit(PAGE)
        .select((
            threads::id,
            networks::slug,
            (threads::title, threads::body, threads::language),
            (threads::created_at, threads::edited_at),
            (threads::thanks_count, threads::recognise_count, threads::more_count, threads::reply_count),
        ))
        .load(conn)?;
    let told = rows.into_iter().map(|(id, network, (title, body, language), (created, edited), counts)| {
        let row = json!({
            "id": write_id(id), "network": network, "title": title, "body": body, "language": language,
            "createdAt": created, "editedAt": edited, "replies": counts.3,
            "reactions": { "thanks": counts.0, "recognise": counts.1, "more": counts.2 },
        });
        (id, row)
    });
    Ok(told.collect())
}

/// Of these networks, those that they may read now.
fn readable(conn: &mut Conn, person: PersonId, ids: Vec<NetworkId>) -> Result<HashSet<NetworkId>> {
    let found = networks::table.filter(networks::id.eq_any(ids)).filter(readable_by(person));
    Ok(found.select(networks::id).load::<NetworkId>(conn)?.into_iter().collect())
}

/// Their replies, with what each conversation is called.
pub fn replies(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    type Row = (
        i64,
        (i64, Option<i64>, NetworkId, String, String),
        (String, String),
        (Time, Option<Time>),
        (i64, i64, i64),
    );
    let rows: Vec<Row> = replies::table
        .inner_join(threads::table.inner_join(networks::table))
        .filter(replies::author_id.eq(person).and(replies::deleted_at.is_null()).and(replies::id.gt(after)))
        .order(replies::id)
        .limit(PAGE)
        .select((
            replies::id,
            (replies::thread_id, replies::parent_id, networks::id, networks::slug, threads::title),
            (replies::body, replies::language),
            (replies::created_at, replies::edited_at),
            (replies::thanks_count, replies::recognise_count, replies::more_count),
        ))
        .load(conn)?;
    let open = readable(conn, person, rows.iter().map(|(_, (_, _, network, ..), ..)| *network).collect())?;
    let told = rows.into_iter().map(
        |(id, (thread, parent, network, slug, title), (body, language), (created, edited), counts)| {
            let row = json!({
                "id": write_id(id), "network": slug, "thread": write_id(thread),
                "threadTitle": open.contains(&network).then_some(title), "parent": parent.map(write_id),
                "body": body, "language": language, "createdAt": created, "editedAt": edited,
                "reactions": { "thanks": counts.0, "recognise": counts.1, "more": counts.2 },
            });
            (id, row)
        },
    );
    Ok(told.collect())
}

/// How their posts read before they edited them.
pub fn versions(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, i64, Option<i64>, i64, String, String, Time)> = post_versions::table
        .filter(post_versions::editor_id.eq(person).and(post_versions::id.gt(after)))
        .order(post_versions::id)
        .limit(PAGE)
        .select((
            post_versions::id,
            post_versions::thread_id,
            post_versions::reply_id,
            post_versions::version,
            post_versions::title,
            post_versions::body,
            post_versions::written_at,
        ))
        .load(conn)?;
    let told = rows.into_iter().map(|(id, thread, reply, version, title, body, written)| {
        let row = json!({
            "thread": write_id(thread), "reply": reply.map(write_id), "version": version, "title": title,
            "body": body, "writtenAt": written,
        });
        (id, row)
    });
    Ok(told.collect())
}

fn revision_path(document: i64, number: i64) -> String {
    format!("revisions/{}-{number}.md", write_id(document))
}

/// The revision of theirs behind an id: where its text goes, and the text.
pub fn next_revision(conn: &mut Conn, person: PersonId, after: i64) -> Result<Option<(i64, String, String)>> {
    let next: Option<(i64, i64, i64, String)> = revisions::table
        .filter(revisions::author_id.eq(person).and(revisions::id.gt(after)))
        .order(revisions::id)
        .select((revisions::id, revisions::document_id, revisions::number, revisions::body))
        .first(conn)
        .optional()?;
    Ok(next.map(|(id, document, number, body)| (id, revision_path(document, number), body)))
}

/// The revisions that they wrote.
pub fn revisions(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, i64, i64, String, String, String, Option<i64>, Time)> = revisions::table
        .inner_join(documents::table.inner_join(networks::table))
        .filter(revisions::author_id.eq(person).and(revisions::id.gt(after)))
        .order(revisions::id)
        .limit(PAGE)
        .select((
            revisions::id,
            revisions::document_id,
            revisions::number,
            networks::slug,
            revisions::title,
            revisions::language,
            revisions::restored_from,
            revisions::created_at,
        ))
        .load(conn)?;
    let told = rows.into_iter().map(|(id, document, number, network, title, language, restored, created)| {
        let row = json!({
            "document": write_id(document), "number": number, "network": network, "title": title,
            "language": language, "restoredFrom": restored, "createdAt": created,
            "path": revision_path(document, number),
        });
        (id, row)
    });
    Ok(told.collect())
}

/// Files that they sent and that are there; not the copies that other networks made of them.
pub fn attachments(conn: &mut Conn, person: PersonId, after: i64) -> Result<Vec<Attachment>> {
    let copies = adopted_files::table.select(adopted_files::attachment_id);
    let theirs = attachments::table
        .filter(attachments::uploader_id.eq(person).and(attachments::deleted_at.is_null()))
        .filter(attachments::id.gt(after).and(attachments::id.ne_all(copies)));
    Ok(theirs.order(attachments::id).limit(PAGE).select(Attachment::as_select()).load(conn)?)
}

/// Where the file of an attachment goes.
pub fn file_path(attachment: &Attachment) -> Result<String> {
    file_path_of(attachment)
}

/// What is known of those files.
pub fn files(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let told = attachments(conn, person, after)?.into_iter().map(|file| {
        let row = json!({
            "id": file.id, "path": file_path(&file)?, "fileName": file.file_name, "mediaType": file.media_type,
            "size": file.size, "sha256": file.sha256, "alt": file.alt, "decorative": file.decorative,
            "descriptionWanted": file.description_wanted, "belongsTo": file.target_id.map(write_id),
            "kind": file.target_kind, "createdAt": file.created_at,
        });
        Ok((file.id.0, row))
    });
    told.collect()
}

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

/// What they are writing.
pub fn drafts(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, String, String, Option<String>, String, Time, Time)> = drafts::table
        .filter(drafts::person_id.eq(person).and(drafts::id.gt(after)))
        .order(drafts::id)
        .limit(PAGE)
        .select((
            drafts::id,
            drafts::kind,
            drafts::target,
            drafts::title,
            drafts::body,
            drafts::created_at,
            drafts::saved_at,
        ))
        .load(conn)?;
    let told = rows.into_iter().map(|(id, kind, target, title, body, created, saved)| {
        let row = json!({
            "kind": kind, "target": target, "title": title, "body": body, "createdAt": created,
            "savedAt": saved,
        });
        (id, row)
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
