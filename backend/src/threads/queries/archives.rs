//! Rows of threads that are taken along or brought in.

use diesel::prelude::*;
use kring_db::schema::{persons, post_versions, replies, threads};
use kring_db::{Conn, Time, Tx};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::policy::{MayArchive, MayImport};
use crate::networks::{AuthorPerson, NetworkId};
use crate::threads::model::*;

/// Threads of a network behind `after`, oldest first. A tombstone is there as long as replies stand on it.
pub fn threads_to_archive(
    conn: &mut Conn,
    _may: &MayArchive,
    network: NetworkId,
    after: ThreadId,
    limit: i64,
) -> Result<Vec<(Thread, AuthorPerson)>> {
    let there = threads::deleted_at.is_null().or(threads::reply_count.gt(0));
    let found = threads::table
        .inner_join(persons::table.on(persons::id.eq(threads::author_id)))
        .filter(threads::network_id.eq(network).and(threads::id.gt(after)).and(there));
    Ok(found
        .order(threads::id)
        .limit(limit)
        .select((Thread::as_select(), AuthorPerson::as_select()))
        .load(conn)?)
}

/// Replies of a thread behind `path`, in the order of reading, tombstones included.
pub fn replies_to_archive(
    conn: &mut Conn,
    _may: &MayArchive,
    thread: ThreadId,
    path: &str,
    limit: i64,
) -> Result<Vec<(Reply, AuthorPerson)>> {
    let found = replies::table
        .inner_join(persons::table.on(persons::id.eq(replies::author_id)))
        .filter(replies::thread_id.eq(thread).and(replies::path.gt(path)));
    Ok(found
        .order(replies::path)
        .limit(limit)
        .select((Reply::as_select(), AuthorPerson::as_select()))
        .load(conn)?)
}

/// Earlier texts of a thread and its replies behind `after`.
pub fn versions_to_archive(
    conn: &mut Conn,
    _may: &MayArchive,
    thread: ThreadId,
    after: VersionId,
    limit: i64,
) -> Result<Vec<(VersionId, Option<ReplyId>, PostVersion)>> {
    let found =
        post_versions::table.filter(post_versions::thread_id.eq(thread).and(post_versions::id.gt(after)));
    Ok(found
        .order(post_versions::id)
        .limit(limit)
        .select((post_versions::id, post_versions::reply_id, PostVersion::as_select()))
        .load(conn)?)
}

/// Is any of these threads, replies or earlier texts here already?
pub fn any_of(
    conn: &mut Conn,
    of_threads: &[ThreadId],
    of_replies: &[ReplyId],
    of_versions: &[VersionId],
) -> Result<bool> {
    let thread = threads::table.filter(threads::id.eq_any(of_threads)).count().get_result::<i64>(conn)?;
    let reply = replies::table.filter(replies::id.eq_any(of_replies)).count().get_result::<i64>(conn)?;
    let version = post_versions::table.filter(post_versions::id.eq_any(of_versions));
    Ok(thread + reply + version.count().get_result::<i64>(conn)? > 0)
}

/// Writes a thread as it was. What is counted of its replies comes with [`settle_thread`].
pub fn bring_thread(tx: &mut Tx, _may: &MayImport, thread: &Thread) -> Result<()> {
    diesel::insert_into(threads::table)
        .values((
            threads::id.eq(thread.id),
            threads::network_id.eq(thread.network_id),
            threads::author_id.eq(thread.author_id),
            threads::title.eq(&thread.title),
            threads::body.eq(&thread.body),
            threads::body_html.eq(&thread.body_html),
            threads::language.eq(&thread.language),
            threads::reply_count.eq(thread.reply_count),
            threads::last_seq.eq(thread.last_seq),
            threads::last_activity_at.eq(thread.last_activity_at),
            threads::pinned.eq(thread.pinned),
            threads::locked_at.eq(thread.locked_at),
            threads::thanks_count.eq(thread.thanks_count),
            threads::recognise_count.eq(thread.recognise_count),
            threads::more_count.eq(thread.more_count),
            threads::created_at.eq(thread.created_at),
            threads::edited_at.eq(thread.edited_at),
            threads::deleted_at.eq(thread.deleted_at),
            threads::version.eq(thread.version),
            threads::plain_summary.eq(&thread.plain_summary),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes a reply as it was.
pub fn bring_reply(tx: &mut Tx, _may: &MayImport, reply: &Reply) -> Result<()> {
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
            replies::thanks_count.eq(reply.thanks_count),
            replies::recognise_count.eq(reply.recognise_count),
            replies::more_count.eq(reply.more_count),
            replies::created_at.eq(reply.created_at),
            replies::edited_at.eq(reply.edited_at),
            replies::deleted_at.eq(reply.deleted_at),
            replies::version.eq(reply.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Says what was counted of a thread's replies.
pub fn settle_thread(
    tx: &mut Tx,
    _may: &MayImport,
    id: ThreadId,
    reply_count: i64,
    last_seq: i64,
    last_activity_at: Time,
) -> Result<()> {
    diesel::update(threads::table.find(id))
        .set((
            threads::reply_count.eq(reply_count),
            threads::last_seq.eq(last_seq),
            threads::last_activity_at.eq(last_activity_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes how a post read before an edit.
pub fn bring_version(
    tx: &mut Tx,
    _may: &MayImport,
    id: VersionId,
    (thread, reply): (ThreadId, Option<ReplyId>),
    author: PersonId,
    version: &PostVersion,
) -> Result<()> {
    let text = (version.body.as_str(), version.body_html.as_str(), version.language.as_str());
    let number = version.version;
    let title = (version.title.as_str(), version.plain_summary.as_ref());
    super::insert_version(tx, id, thread, reply, number, title, text, author, version.written_at)
}

/// Replies of a thread that is being taken away, those at its end first, so that none stands on what is gone.
pub fn last_replies(conn: &mut Conn, _may: &MayImport, thread: ThreadId, limit: i64) -> Result<Vec<ReplyId>> {
    let found = replies::table.filter(replies::thread_id.eq(thread)).order(replies::path.desc());
    Ok(found.limit(limit).select(replies::id).load(conn)?)
}

/// A thread of a network that is being taken away.
pub fn any_thread(conn: &mut Conn, _may: &MayImport, network: NetworkId) -> Result<Option<ThreadId>> {
    let found = threads::table.filter(threads::network_id.eq(network));
    Ok(found.select(threads::id).first(conn).optional()?)
}

/// Removes replies with their earlier texts.
pub fn drop_replies(tx: &mut Tx, _may: &MayImport, ids: &[ReplyId]) -> Result<()> {
    let versions =
        post_versions::table.filter(post_versions::reply_id.eq_any(ids.iter().map(|id| Some(*id))));
    diesel::delete(versions).execute(tx.conn())?;
    diesel::delete(replies::table.filter(replies::id.eq_any(ids))).execute(tx.conn())?;
    Ok(())
}

/// Removes a thread that has no replies.
pub fn drop_thread(tx: &mut Tx, _may: &MayImport, id: ThreadId) -> Result<()> {
    diesel::delete(post_versions::table.filter(post_versions::thread_id.eq(id))).execute(tx.conn())?;
    diesel::delete(threads::table.find(id)).execute(tx.conn())?;
    Ok(())
}
