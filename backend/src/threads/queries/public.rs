//! Threads that everyone may read, across networks: what maps of the site tell.

use diesel::prelude::*;
use kring_db::schema::{networks, replies, threads};
use kring_db::{Conn, Time};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::{NetworkId, readable_by};
use crate::threads::model::*;

/// In networks that everyone may read, and not deleted; after `$after`.
macro_rules! open {
    ($after:expr) => {
        threads::network_id
            .eq_any(
                networks::table
                    .filter(readable_by(PersonId::NOBODY).and(networks::host.eq("")))
                    .select(networks::id),
            )
            .and(threads::deleted_at.is_null())
            .and(threads::id.gt($after))
    };
}

/// Threads, oldest first, from after `after`: and when something was written in each.
pub fn readable_by_everyone(conn: &mut Conn, after: ThreadId, limit: i64) -> Result<Vec<(ThreadId, Time)>> {
    let found = threads::table.filter(open!(after)).order(threads::id).limit(limit);
    Ok(found.select((threads::id, threads::last_activity_at)).load(conn)?)
}

/// The last thread of the piece of `size` that begins after `after`; none where no further piece follows it.
pub fn end_of_piece(conn: &mut Conn, after: ThreadId, size: i64) -> Result<Option<ThreadId>> {
    let found = threads::table.filter(open!(after)).order(threads::id).offset(size - 1).limit(2);
    let pair: Vec<ThreadId> = found.select(threads::id).load(conn)?;
    Ok((pair.len() == 2).then(|| pair[0]))
}

/// The network that a thread stands in.
pub fn network_of(conn: &mut Conn, thread: ThreadId) -> Result<Option<NetworkId>> {
    Ok(threads::table.find(thread).select(threads::network_id).first(conn).optional()?)
}

/// The thread that a reply stands in.
pub fn thread_of(conn: &mut Conn, reply: ReplyId) -> Result<Option<ThreadId>> {
    Ok(replies::table.find(reply).select(replies::thread_id).first(conn).optional()?)
}

/// Who wrote a thread or reply.
pub fn author_of(conn: &mut Conn, id: i64) -> Result<Option<PersonId>> {
    let thread = threads::table.find(ThreadId(id)).select(threads::author_id).first(conn).optional()?;
    match thread {
        Some(author) => Ok(Some(author)),
        None => Ok(replies::table.find(ReplyId(id)).select(replies::author_id).first(conn).optional()?),
    }
}

/// Who wrote some threads and replies.
pub fn authors_of(conn: &mut Conn, ids: &[i64]) -> Result<Vec<(i64, PersonId)>> {
    let begun: Vec<ThreadId> = ids.iter().copied().map(ThreadId).collect();
    let begun = threads::table.filter(threads::id.eq_any(begun)).select((threads::id, threads::author_id));
    let begun: Vec<(ThreadId, PersonId)> = begun.load(conn)?;
    let answers: Vec<ReplyId> = ids.iter().copied().map(ReplyId).collect();
    let answers =
        replies::table.filter(replies::id.eq_any(answers)).select((replies::id, replies::author_id));
    let answers: Vec<(ReplyId, PersonId)> = answers.load(conn)?;
    let begun = begun.into_iter().map(|(id, author)| (id.0, author));
    Ok(begun.chain(answers.into_iter().map(|(id, author)| (id.0, author))).collect())
}

/// Threads (`true`) and replies of a network that are not deleted, in the order of their ids, from after `after`.
pub fn posts_after(conn: &mut Conn, network: NetworkId, after: i64, limit: i64) -> Result<Vec<(i64, bool)>> {
    let of_network = threads::network_id.eq(network).and(threads::deleted_at.is_null());
    let begun: Vec<ThreadId> = threads::table
        .filter(of_network.and(threads::id.gt(ThreadId(after))))
        .order(threads::id)
        .limit(limit)
        .select(threads::id)
        .load(conn)?;
    let answered: Vec<ReplyId> = replies::table
        .inner_join(threads::table)
        .filter(of_network.and(replies::deleted_at.is_null()).and(replies::id.gt(ReplyId(after))))
        .order(replies::id)
        .limit(limit)
        .select(replies::id)
        .load(conn)?;
    let begun = begun.into_iter().map(|thread| (thread.0, true));
    let mut found: Vec<(i64, bool)> =
        begun.chain(answered.into_iter().map(|reply| (reply.0, false))).collect();
    found.sort_unstable();
    found.truncate(limit as usize);
    Ok(found)
}

/// How many threads and replies a network has.
pub fn count_posts(conn: &mut Conn, network: NetworkId) -> Result<i64> {
    let of_network = threads::network_id.eq(network).and(threads::deleted_at.is_null());
    let begun: i64 = threads::table.filter(of_network).count().get_result(conn)?;
    let answered = replies::table.inner_join(threads::table);
    let answered: i64 =
        answered.filter(of_network.and(replies::deleted_at.is_null())).count().get_result(conn)?;
    Ok(begun + answered)
}
