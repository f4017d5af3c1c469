//! Rows of threads.

use diesel::prelude::*;
use kring_db::schema::{memberships, persons, post_versions, read_states, threads};
use kring_db::{Conn, Time, Tx};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::policy::{MayContribute, MayModerate, MayRead};
use crate::networks::{AuthorPerson, AuthorRole, NetworkId};
use crate::text::summary::PlainSummary;
use crate::threads::model::*;
use crate::threads::policy::{MayDelete, MayEdit};

/// Threads with their authors and how far `$viewer` has read: what every list and page loads.
macro_rules! rows {
    ($viewer:expr) => {
        threads::table
            .inner_join(persons::table.on(persons::id.eq(threads::author_id)))
            .left_join(
                memberships::table.on(memberships::network_id
                    .eq(threads::network_id)
                    .and(memberships::person_id.eq(threads::author_id))),
            )
            .left_join(
                read_states::table.on(read_states::thread_id
                    .eq(threads::id)
                    .and(read_states::person_id.eq($viewer.unwrap_or(PersonId::NOBODY)))),
            )
            .select((
                Thread::as_select(),
                AuthorPerson::as_select(),
                Option::<AuthorRole>::as_select(),
                read_states::read_seq.nullable(),
            ))
    };
}

/// One thread, deleted or not.
pub fn thread(conn: &mut Conn, id: ThreadId, viewer: Option<PersonId>) -> Result<Option<ThreadRow>> {
    Ok(rows!(viewer).filter(threads::id.eq(id)).first(conn).optional()?)
}

/// Those of `ids` that there are, deleted ones left out, in no order.
pub fn thread_rows(conn: &mut Conn, ids: &[ThreadId], viewer: Option<PersonId>) -> Result<Vec<ThreadRow>> {
    Ok(rows!(viewer).filter(threads::id.eq_any(ids).and(threads::deleted_at.is_null())).load(conn)?)
}

/// Threads of a network: pinned ones first, then newest first. `after` is the last one of the piece before.
pub fn listed(
    conn: &mut Conn,
    _may: &MayRead,
    network: NetworkId,
    viewer: Option<PersonId>,
    after: Option<(bool, ThreadId)>,
    limit: i64,
) -> Result<Vec<ThreadRow>> {
    let found = rows!(viewer)
        .filter(threads::network_id.eq(network).and(threads::deleted_at.is_null()))
        .order((threads::pinned.desc(), threads::id.desc()))
        .limit(limit + 1);
    Ok(match after {
        None => found.load(conn)?,
        Some((true, id)) => found.filter(threads::pinned.eq(false).or(threads::id.lt(id))).load(conn)?,
        Some((false, id)) => found.filter(threads::pinned.eq(false).and(threads::id.lt(id))).load(conn)?,
    })
}

pub fn insert_thread(tx: &mut Tx, _may: &MayContribute, thread: &Thread) -> Result<()> {
    diesel::insert_into(threads::table)
        .values((
            threads::id.eq(thread.id),
            threads::network_id.eq(thread.network_id),
            threads::author_id.eq(thread.author_id),
            threads::title.eq(&thread.title),
            threads::plain_summary.eq(&thread.plain_summary),
            threads::body.eq(&thread.body),
            threads::body_html.eq(&thread.body_html),
            threads::language.eq(&thread.language),
            threads::reply_count.eq(0),
            threads::last_seq.eq(0),
            threads::last_activity_at.eq(thread.last_activity_at),
            threads::pinned.eq(false),
            threads::thanks_count.eq(0),
            threads::recognise_count.eq(0),
            threads::more_count.eq(0),
            threads::created_at.eq(thread.created_at),
            threads::version.eq(1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps how the thread read, then writes how it reads now.
pub fn edit_thread(
    tx: &mut Tx,
    _may: &MayEdit,
    before: &Thread,
    version: VersionId,
    after: &Thread,
) -> Result<()> {
    insert_version(
        tx,
        version,
        before.id,
        None,
        before.version,
        (before.title.as_str(), before.plain_summary.as_ref()),
        (&before.body, &before.body_html, before.language.as_str()),
        before.author_id,
        before.edited_at.unwrap_or(before.created_at),
    )?;
    diesel::update(threads::table.find(after.id))
        .set((
            threads::title.eq(&after.title),
            threads::plain_summary.eq(&after.plain_summary),
            threads::body.eq(&after.body),
            threads::body_html.eq(&after.body_html),
            threads::language.eq(&after.language),
            threads::edited_at.eq(after.edited_at),
            threads::version.eq(after.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps one earlier text of a thread (`reply` is `None`) or reply.
#[allow(clippy::too_many_arguments)] // the columns of one row
pub fn insert_version(
    tx: &mut Tx,
    id: VersionId,
    thread: ThreadId,
    reply: Option<ReplyId>,
    version: i64,
    (title, plain_summary): (&str, Option<&PlainSummary>),
    (body, body_html, language): (&str, &str, &str),
    editor: PersonId,
    written_at: Time,
) -> Result<()> {
    diesel::insert_into(post_versions::table)
        .values((
            post_versions::id.eq(id),
            post_versions::thread_id.eq(thread),
            post_versions::reply_id.eq(reply),
            post_versions::version.eq(version),
            post_versions::title.eq(title),
            post_versions::plain_summary.eq(plain_summary),
            post_versions::body.eq(body),
            post_versions::body_html.eq(body_html),
            post_versions::language.eq(language),
            post_versions::editor_id.eq(editor),
            post_versions::written_at.eq(written_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Earlier texts of a thread, newest first.
pub fn thread_versions(
    conn: &mut Conn,
    _may: &MayRead,
    id: ThreadId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<PostVersion>> {
    let of_thread = post_versions::table
        .filter(post_versions::thread_id.eq(id).and(post_versions::reply_id.is_null()))
        .filter(post_versions::version.lt(before.unwrap_or(i64::MAX)));
    Ok(of_thread
        .order(post_versions::version.desc())
        .limit(limit + 1)
        .select(PostVersion::as_select())
        .load(conn)?)
}

pub fn set_pinned_and_locked(
    tx: &mut Tx,
    _may: &MayModerate,
    id: ThreadId,
    pinned: bool,
    locked_at: Option<Time>,
) -> Result<()> {
    diesel::update(threads::table.find(id))
        .set((
            threads::pinned.eq(pinned),
            threads::locked_at.eq(locked_at),
            threads::version.eq(threads::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Pins these threads of a network, and no others.
pub fn pin_these(tx: &mut Tx, _may: &MayModerate, network: NetworkId, pinned: &[ThreadId]) -> Result<()> {
    let there = threads::network_id.eq(network);
    for (now, changed) in [
        (
            true,
            threads::table
                .filter(there.and(threads::pinned.eq(false).and(threads::id.eq_any(pinned))))
                .into_boxed(),
        ),
        (
            false,
            threads::table
                .filter(there.and(threads::pinned.eq(true).and(threads::id.ne_all(pinned))))
                .into_boxed(),
        ),
    ] {
        let ids: Vec<ThreadId> = changed.select(threads::id).load(tx.conn())?;
        diesel::update(threads::table.filter(threads::id.eq_any(ids)))
            .set((threads::pinned.eq(now), threads::version.eq(threads::version + 1)))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Locks a thread's row for the rest of the transaction: one change of it after the other.
pub fn lock(tx: &mut Tx, id: ThreadId) -> Result<()> {
    diesel::update(threads::table.find(id))
        .set(threads::version.eq(threads::version))
        .execute(tx.conn())?;
    Ok(())
}

/// Empties a thread to its tombstone. Its earlier texts and reactions go with it, and
/// whom it mentions: what was deleted is gone.
pub fn delete_thread(tx: &mut Tx, may: &MayDelete, id: ThreadId, now: Time) -> Result<()> {
    super::forget_reactions(tx, id.0)?;
    super::forget_mentions(tx, id.0)?;
    diesel::delete(
        post_versions::table.filter(post_versions::thread_id.eq(id).and(post_versions::reply_id.is_null())),
    )
    .execute(tx.conn())?;
    diesel::update(threads::table.find(id))
        .set((
            threads::title.eq(""),
            threads::plain_summary.eq(None::<PlainSummary>),
            threads::body.eq(""),
            threads::body_html.eq(""),
            threads::pinned.eq(false),
            threads::thanks_count.eq(0),
            threads::recognise_count.eq(0),
            threads::more_count.eq(0),
            threads::deleted_at.eq(now),
            threads::deleted_by.eq(may.by),
            threads::version.eq(threads::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes the next number for a reply and counts it, under the thread's row lock.
pub fn next_seq(tx: &mut Tx, id: ThreadId, now: Time) -> Result<i64> {
    diesel::update(threads::table.find(id))
        .set((
            threads::last_seq.eq(threads::last_seq + 1),
            threads::reply_count.eq(threads::reply_count + 1),
            threads::last_activity_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(threads::table.find(id).select(threads::last_seq).first(tx.conn())?)
}

/// One reply less to read.
pub fn uncount_reply(tx: &mut Tx, id: ThreadId) -> Result<()> {
    diesel::update(threads::table.find(id))
        .set(threads::reply_count.eq(threads::reply_count - 1))
        .execute(tx.conn())?;
    Ok(())
}
