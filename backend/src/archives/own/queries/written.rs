//! What somebody wrote: posts, revisions, files, drafts.

use std::collections::HashSet;

use diesel::prelude::*;
use kring_db::schema::{
    adopted_files, attachments, documents, drafts, networks, post_versions, replies, revisions, threads,
};
use kring_db::types::write_id;
use kring_db::{Conn, Time};
use serde_json::{Value, json};

use super::PAGE;
use crate::accounts::PersonId;
use crate::archives::making::file_path_of;
use crate::archives::own::Rows;
use crate::attachments::Attachment;
use crate::error::Result;
use crate::networks::{NetworkId, readable_by};

/// Conversations that they began.
pub fn threads(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    type Words = (String, Option<String>, String, String);
    type Row = (i64, String, Words, (Time, Option<Time>), (i64, i64, i64, i64));
    let rows: Vec<Row> = threads::table
        .inner_join(networks::table)
        .filter(threads::author_id.eq(person).and(threads::deleted_at.is_null()).and(threads::id.gt(after)))
        .order(threads::id)
        .limit(PAGE)
        .select((
            threads::id,
            networks::slug,
            (threads::title, threads::plain_summary, threads::body, threads::language),
            (threads::created_at, threads::edited_at),
            (threads::thanks_count, threads::recognise_count, threads::more_count, threads::reply_count),
        ))
        .load(conn)?;
    let told = rows.into_iter().map(
        |(id, network, (title, summary, body, language), (created, edited), counts)| {
            let row = json!({
                "id": write_id(id), "network": network, "title": title, "plainSummary": summary, "body": body,
                "language": language, "createdAt": created, "editedAt": edited, "replies": counts.3,
                "reactions": { "thanks": counts.0, "recognise": counts.1, "more": counts.2 },
            });
            (id, row)
        },
    );
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
    type Words = (String, Option<String>, String, String);
    let rows: Vec<(i64, i64, Option<i64>, i64, Words, Time)> = post_versions::table
        .filter(post_versions::editor_id.eq(person).and(post_versions::id.gt(after)))
        .order(post_versions::id)
        .limit(PAGE)
        .select((
            post_versions::id,
            post_versions::thread_id,
            post_versions::reply_id,
            post_versions::version,
            (
                post_versions::title,
                post_versions::plain_summary,
                post_versions::body,
                post_versions::language,
            ),
            post_versions::written_at,
        ))
        .load(conn)?;
    let told = rows.into_iter().map(|(id, thread, reply, version, words, written)| {
        let (title, summary, body, language) = words;
        let row = json!({
            "thread": write_id(thread), "reply": reply.map(write_id), "version": version, "title": title,
            "plainSummary": summary, "body": body, "language": language, "writtenAt": written,
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
    type Words = (String, Option<String>, String);
    let rows: Vec<(i64, i64, i64, String, Words, Option<i64>, Time)> = revisions::table
        .inner_join(documents::table.inner_join(networks::table))
        .filter(revisions::author_id.eq(person).and(revisions::id.gt(after)))
        .order(revisions::id)
        .limit(PAGE)
        .select((
            revisions::id,
            revisions::document_id,
            revisions::number,
            networks::slug,
            (revisions::title, revisions::plain_summary, revisions::language),
            revisions::restored_from,
            revisions::created_at,
        ))
        .load(conn)?;
    let told = rows.into_iter().map(|(id, document, number, network, words, restored, created)| {
        let (title, summary, language) = words;
        let row = json!({
            "document": write_id(document), "number": number, "network": network, "title": title,
            "plainSummary": summary, "language": language, "restoredFrom": restored, "createdAt": created,
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

/// What is known of those files.
pub fn files(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let told = attachments(conn, person, after)?.into_iter().map(|file| {
        let row = json!({
            "id": file.id, "path": file_path_of(&file)?, "fileName": file.file_name, "mediaType": file.media_type,
            "size": file.size, "sha256": file.sha256, "alt": file.alt, "decorative": file.decorative,
            "descriptionWanted": file.description_wanted, "belongsTo": file.target_id.map(write_id),
            "kind": file.target_kind, "createdAt": file.created_at,
        });
        Ok((file.id.0, row))
    });
    told.collect()
}

/// What they are writing.
pub fn drafts(conn: &mut Conn, person: PersonId, after: i64) -> Result<Rows> {
    let rows: Vec<(i64, String, String, Option<String>, String, String, (Time, Time))> = drafts::table
        .filter(drafts::person_id.eq(person).and(drafts::id.gt(after)))
        .order(drafts::id)
        .limit(PAGE)
        .select((
            drafts::id,
            drafts::kind,
            drafts::target,
            drafts::title,
            drafts::body,
            drafts::further,
            (drafts::created_at, drafts::saved_at),
        ))
        .load(conn)?;
    let told = rows.into_iter().map(|(id, kind, target, title, body, further, (created, saved))| {
        let further: Value = serde_json::from_str(&further).unwrap_or_default();
        let row = json!({
            "kind": kind, "target": target, "title": title, "plainSummary": further["plain_summary"],
            "body": body, "language": further["language"], "documentKind": further["document_kind"],
            "municipalities": further["municipalities"], "themes": further["themes"],
            "crpdArticles": further["crpd_articles"], "attachments": further["attachments"],
            "createdAt": created, "savedAt": saved,
        });
        (id, row)
    });
    Ok(told.collect())
}
