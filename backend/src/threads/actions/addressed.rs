//! What of all that was written is addressed to somebody.

use kring_db::types::first_id;
use kring_db::{Conn, Time};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::{self, Network, NetworkId};
use crate::threads::model::*;
use crate::threads::queries::{self, Addressee, Found};

/// Unread posts in `networks` that are addressed to a person, newest first: those that mention them, answers to
/// replies of theirs, and answers to threads that they started. At most `limit`, of those written from `since` on. The
/// person belongs to `networks`, or is mentioned in one of another instance ([`mentioned_outside`]): who left one sees
/// nothing of it.
///
/// Five queries, each of which begins with what the person wrote or where they are mentioned, so what others write
/// elsewhere costs nothing.
pub fn addressed_to(
    conn: &mut Conn,
    person: PersonId,
    networks: &[NetworkId],
    since: Option<Time>,
    limit: i64,
) -> Result<Addressed> {
    let to = Addressee { person, networks, since: since.map_or(0, first_id) };
    let found = [
        (AddressedKind::Mention, queries::mentioning(conn, &to, limit)?),
        (AddressedKind::Answer, queries::answering_replies(conn, &to, limit)?),
        (AddressedKind::Answer, queries::answering_threads(conn, &to, limit)?),
    ];
    let total = found.iter().filter_map(|(_, rows)| rows.first()).map(|(.., all)| all).sum();
    let mut places: Vec<(AddressedKind, Found)> = found
        .into_iter()
        .flat_map(|(kind, rows)| rows.into_iter().map(move |row| (kind, row)))
        .collect();
    places.sort_by_key(|(_, (_, id, _))| std::cmp::Reverse(*id));
    places.truncate(limit as usize);
    Ok(Addressed { posts: posts(conn, &places)?, total })
}

/// Networks elsewhere that a person does not belong to and in which somebody mentions them: what others wrote there came
/// here for that. Those that they left say nothing more. `mine`: those they belong to.
pub fn mentioned_outside(conn: &mut Conn, person: PersonId, mine: &[NetworkId]) -> Result<Vec<Network>> {
    match queries::mentioned_outside(conn, person, mine)?.as_slice() {
        [] => Ok(Vec::new()),
        found => networks::by_ids(conn, found),
    }
}

/// The posts at these places, as far as they are still there.
fn posts(conn: &mut Conn, places: &[(AddressedKind, Found)]) -> Result<Vec<AddressedPost>> {
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut threads: Vec<ThreadId> = places.iter().map(|(_, (thread, ..))| *thread).collect();
    threads.sort_unstable();
    threads.dedup();
    let replies = places.iter().filter(|(_, (thread, id, _))| thread.0 != *id);
    let replies: Vec<ReplyId> = replies.map(|(_, (_, id, _))| ReplyId(*id)).collect();
    let threads = queries::thread_rows(conn, &threads, None)?;
    let mut replies = queries::reply_rows(conn, &replies)?;
    let found = places.iter().filter_map(|(kind, (thread, id, _))| {
        let thread = threads.iter().find(|row| row.0.id == *thread)?;
        if thread.0.id.0 == *id {
            return Some(AddressedPost::thread(*kind, thread));
        }
        let place = replies.iter().position(|row| row.0.id.0 == *id)?;
        Some(AddressedPost::reply(*kind, &thread.0, replies.swap_remove(place)))
    });
    Ok(found.collect())
}

impl AddressedPost {
    fn thread(kind: AddressedKind, (thread, author, role, _): &ThreadRow) -> Self {
        Self {
            kind,
            network_id: thread.network_id,
            thread_id: thread.id,
            title: thread.title.clone(),
            title_language: thread.language.clone(),
            reply_id: None,
            author: author.clone(),
            role: role.clone(),
            body: thread.body.clone(),
            language: thread.language.clone(),
            created_at: thread.created_at,
        }
    }

    fn reply(kind: AddressedKind, thread: &Thread, (reply, author, role): ReplyRow) -> Self {
        Self {
            kind,
            network_id: thread.network_id,
            thread_id: thread.id,
            title: thread.title.clone(),
            title_language: thread.language.clone(),
            reply_id: Some(reply.id),
            author,
            role,
            body: reply.body,
            language: reply.language,
            created_at: reply.created_at,
        }
    }
}
