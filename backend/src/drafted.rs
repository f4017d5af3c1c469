//! Where the things are that drafts are about: the one place that knows drafts and content.

use kring_db::Conn;

use crate::documents::{self, DocumentId};
use crate::drafts::{DraftKind, Place, Target};
use crate::error::Result;
use crate::threads::{self, ReplyId, ThreadId};

/// Finds threads, replies and documents, what was deleted left out, in three queries at most. Whoever asks checks who
/// may see their networks.
pub fn where_are(conn: &mut Conn, targets: &[Target]) -> Result<Vec<Place>> {
    let ids = |wanted: &[DraftKind]| -> Vec<i64> {
        targets.iter().filter(|target| wanted.contains(&target.kind)).filter_map(Target::id).collect()
    };
    let documents = named(&ids(&[DraftKind::Document]), |ids| {
        let ids: Vec<DocumentId> = ids.iter().copied().map(DocumentId).collect();
        documents::document_rows(conn, &ids, None)
    })?;
    let replies = named(&ids(&[DraftKind::Reply, DraftKind::Answer]), |ids| {
        let ids: Vec<ReplyId> = ids.iter().copied().map(ReplyId).collect();
        threads::reply_rows(conn, &ids)
    })?;
    let mut of_threads = ids(&[DraftKind::Thread, DraftKind::NewReply]);
    of_threads.extend(replies.iter().map(|(reply, ..)| reply.thread_id.0));
    let threads = named(&of_threads, |ids| {
        let ids: Vec<ThreadId> = ids.iter().copied().map(ThreadId).collect();
        threads::thread_rows(conn, &ids, None)
    })?;
    let thread = |id: i64| {
        let found = threads.iter().map(|(thread, ..)| thread).find(|thread| thread.id.0 == id)?;
        Some((found.network_id, found.title.to_string()))
    };
    let place = |target: &Target| {
        let id = target.id()?;
        let (network, title) = match target.kind {
            DraftKind::NewThread | DraftKind::NewDocument | DraftKind::Network => return None,
            DraftKind::Thread | DraftKind::NewReply => thread(id)?,
            DraftKind::Reply | DraftKind::Answer => {
                let reply = replies.iter().map(|(reply, ..)| reply).find(|reply| reply.id.0 == id)?;
                thread(reply.thread_id.0)?
            }
            DraftKind::Document => {
                let found = documents.iter().map(|(document, ..)| document).find(|found| found.id.0 == id)?;
                (found.network_id, found.title.to_string())
            }
        };
        Some(Place { target: target.clone(), network, title })
    };
    Ok(targets.iter().filter_map(place).collect())
}

/// Asks only where there is something to ask.
fn named<T>(ids: &[i64], ask: impl FnOnce(&[i64]) -> Result<Vec<T>>) -> Result<Vec<T>> {
    if ids.is_empty() { Ok(Vec::new()) } else { ask(ids) }
}
