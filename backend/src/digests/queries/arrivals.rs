//! What arrived in a window of positions, for one reader: of their networks, not their own, and not read.

use diesel::dsl::{count_star, max, min};
use diesel::prelude::*;
use kring_db::schema::{document_read_states, documents, events, read_states, replies, threads};
use kring_db::{Conn, JsonText};

use crate::accounts::PersonId;
use crate::documents::DocumentId;
use crate::error::Result;
use crate::jobs::outbox::EventKind;
use crate::networks::NetworkId;
use crate::threads::{ReplyId, ThreadId};

/// Whose eyes, which networks, and which positions: after `after`, up to and with `until`.
#[derive(Clone, Debug)]
pub struct Window<'a> {
    pub reader: PersonId,
    pub networks: &'a [NetworkId],
    pub after: i64,
    pub until: i64,
}

/// Events of a kind in the window, by others.
macro_rules! arrived {
    ($window:expr, $kinds:expr) => {
        events::network_id
            .eq_any($window.networks.to_vec())
            .assume_not_null()
            .and(events::position.gt($window.after).assume_not_null())
            .and(events::position.le($window.until).assume_not_null())
            .and(events::kind.eq_any($kinds))
            .and(events::actor_id.ne($window.reader).assume_not_null())
    };
}

/// A save of a document.
#[derive(Debug, Queryable)]
pub struct Save {
    pub network: NetworkId,
    pub document: DocumentId,
    pub kind: EventKind,
    pub author: PersonId,
    /// Holds the number of the revision.
    pub payload: JsonText,
    /// Up to which revision the reader has read.
    pub read: Option<i64>,
}

/// Saves of documents, newest first.
pub fn saves(conn: &mut Conn, window: &Window<'_>) -> Result<Vec<Save>> {
    let kinds = [EventKind::DocumentCreated, EventKind::DocumentRevised];
    let found = events::table
        .inner_join(documents::table.on(documents::id.eq(events::subject_id)))
        .left_join(
            document_read_states::table.on(document_read_states::document_id
                .eq(documents::id)
                .and(document_read_states::person_id.eq(window.reader))),
        )
        .filter(arrived!(window, kinds))
        .filter(
            document_read_states::revision
                .is_null()
                .or(document_read_states::revision.assume_not_null().lt(documents::revision)),
        );
    Ok(found
        .order(events::position.desc())
        .select((
            documents::network_id,
            documents::id,
            events::kind,
            events::actor_id.assume_not_null(),
            events::payload,
            document_read_states::revision.nullable(),
        ))
        .load(conn)?)
}

/// Threads that were started, newest first, and that the reader has not opened.
pub fn started(conn: &mut Conn, window: &Window<'_>) -> Result<Vec<(NetworkId, ThreadId)>> {
    let found = events::table
        .inner_join(threads::table.on(threads::id.eq(events::subject_id)))
        .left_join(
            read_states::table
                .on(read_states::thread_id.eq(threads::id).and(read_states::person_id.eq(window.reader))),
        )
        .filter(arrived!(window, [EventKind::ThreadCreated]))
        .filter(threads::deleted_at.is_null().and(read_states::read_seq.is_null()));
    Ok(found.order(events::position.desc()).select((threads::network_id, threads::id)).load(conn)?)
}

/// A thread with replies that the reader has not read.
#[derive(Debug, Queryable)]
pub struct Answered {
    pub network: NetworkId,
    pub thread: ThreadId,
    pub replies: i64,
    pub oldest: Option<ReplyId>,
    pub newest: Option<ReplyId>,
}

/// Threads with replies in the window, the one that was answered last first.
pub fn answered(conn: &mut Conn, window: &Window<'_>) -> Result<Vec<Answered>> {
    let found = events::table
        .inner_join(replies::table.on(replies::id.eq(events::subject_id)))
        .inner_join(threads::table.on(threads::id.eq(replies::thread_id)))
        .left_join(
            read_states::table
                .on(read_states::thread_id.eq(threads::id).and(read_states::person_id.eq(window.reader))),
        )
        .filter(arrived!(window, [EventKind::ReplyCreated]))
        .filter(threads::deleted_at.is_null().and(replies::deleted_at.is_null()))
        .filter(read_states::read_seq.is_null().or(read_states::read_seq.assume_not_null().lt(replies::seq)));
    Ok(found
        .group_by((threads::network_id, threads::id))
        .order(max(events::position).desc())
        .select((threads::network_id, threads::id, count_star(), min(replies::id), max(replies::id)))
        .load(conn)?)
}
