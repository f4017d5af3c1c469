//! Rows of replies.

use diesel::prelude::*;
use kring_db::schema::{memberships, persons, post_versions, replies, threads};
use kring_db::{Conn, Time, Tx};

use super::insert_version;
use crate::error::Result;
use crate::networks::policy::MayRead;
use crate::networks::{AuthorPerson, AuthorRole};
use crate::threads::model::*;
use crate::threads::policy::{MayDelete, MayEdit, MayReply};

/// Replies with their authors.
macro_rules! rows {
    () => {
        replies::table
            .inner_join(threads::table.on(threads::id.eq(replies::thread_id)))
            .inner_join(persons::table.on(persons::id.eq(replies::author_id)))
            .left_join(
                memberships::table.on(memberships::network_id
                    .eq(threads::network_id)
                    .and(memberships::person_id.eq(replies::author_id))),
            )
            .select((Reply::as_select(), AuthorPerson::as_select(), Option::<AuthorRole>::as_select()))
    };
}

/// One reply, deleted or not.
pub fn reply(conn: &mut Conn, id: ReplyId) -> Result<Option<ReplyRow>> {
    Ok(rows!().filter(replies::id.eq(id)).first(conn).optional()?)
}

/// Those of `ids` that there are, deleted ones left out, in no order.
pub fn reply_rows(conn: &mut Conn, ids: &[ReplyId]) -> Result<Vec<ReplyRow>> {
    Ok(rows!().filter(replies::id.eq_any(ids).and(replies::deleted_at.is_null())).load(conn)?)
}

/// Replies of a thread in the order of reading, from after `path`.
pub fn replies_after(
    conn: &mut Conn,
    _may: &MayRead,
    thread: ThreadId,
    path: &str,
    limit: i64,
) -> Result<Vec<ReplyRow>> {
    let later = rows!().filter(replies::thread_id.eq(thread).and(replies::path.gt(path)));
    Ok(later.order(replies::path).limit(limit).load(conn)?)
}

/// Replies that stand before `path`, nearest first.
pub fn replies_before(
    conn: &mut Conn,
    _may: &MayRead,
    thread: ThreadId,
    path: &str,
    limit: i64,
) -> Result<Vec<ReplyRow>> {
    let earlier = rows!().filter(replies::thread_id.eq(thread).and(replies::path.lt(path)));
    Ok(earlier.order(replies::path.desc()).limit(limit).load(conn)?)
}

pub fn insert_reply(tx: &mut Tx, _may: &MayReply, reply: &Reply) -> Result<()> {
    diesel::insert_into(replies::table)
        .values((
            replies::id.eq(reply.id),
            replies::thread_id.eq(reply.thread_id),
            replies::parent_id.eq(reply.parent_id),
            replies::author_id.eq(reply.author_id),
            replies::seq.eq(reply.seq),
            replies::depth.eq(reply.depth),
            replies::path.eq(&reply.path),
            replies::body.eq(&reply.body),
            replies::body_html.eq(&reply.body_html),
            replies::language.eq(&reply.language),
            replies::thanks_count.eq(0),
            replies::recognise_count.eq(0),
            replies::more_count.eq(0),
            replies::created_at.eq(reply.created_at),
            replies::version.eq(1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps how the reply read, then writes how it reads now.
pub fn edit_reply(
    tx: &mut Tx,
    _may: &MayEdit,
    before: &Reply,
    version: VersionId,
    after: &Reply,
) -> Result<()> {
    let text = (before.body.as_str(), before.body_html.as_str(), before.language.as_str());
    let written_at = before.edited_at.unwrap_or(before.created_at);
    insert_version(
        tx,
        version,
        before.thread_id,
        Some(before.id),
        before.version,
        ("", None),
        text,
        before.author_id,
        written_at,
    )?;
    diesel::update(replies::table.find(after.id))
        .set((
            replies::body.eq(&after.body),
            replies::body_html.eq(&after.body_html),
            replies::language.eq(&after.language),
            replies::edited_at.eq(after.edited_at),
            replies::version.eq(after.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Earlier texts of a reply, newest first.
pub fn reply_versions(
    conn: &mut Conn,
    _may: &MayRead,
    id: ReplyId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<PostVersion>> {
    let of_reply = post_versions::table
        .filter(post_versions::reply_id.eq(id).and(post_versions::version.lt(before.unwrap_or(i64::MAX))));
    Ok(of_reply
        .order(post_versions::version.desc())
        .limit(limit + 1)
        .select(PostVersion::as_select())
        .load(conn)?)
}

/// Empties a reply to its tombstone, which keeps its place in the tree. Its earlier texts and reactions go with it,
/// and whom it mentions.
pub fn delete_reply(tx: &mut Tx, may: &MayDelete, id: ReplyId, now: Time) -> Result<()> {
    super::forget_reactions(tx, id.0)?;
    super::forget_mentions(tx, id.0)?;
    diesel::delete(post_versions::table.filter(post_versions::reply_id.eq(id))).execute(tx.conn())?;
    diesel::update(replies::table.find(id))
        .set((
            replies::body.eq(""),
            replies::body_html.eq(""),
            replies::thanks_count.eq(0),
            replies::recognise_count.eq(0),
            replies::more_count.eq(0),
            replies::deleted_at.eq(now),
            replies::deleted_by.eq(may.by),
            replies::version.eq(replies::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}
