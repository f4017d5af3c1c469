//! Threads brought in with everything that others wrote, and taken away again where that did not end.
//!
//! No event tells of them: it is history, and nobody is to be told of it as if it happened now.

use kring_db::Tx;

use crate::error::Result;
use crate::index::{self, EntryKind};
use crate::networks::{MayImport, NetworkId};
use crate::threads::model::*;
use crate::threads::queries;

/// Brings a thread in as it was, where search finds it.
pub fn bring_thread(tx: &mut Tx, may: &MayImport, thread: &Thread) -> Result<()> {
    queries::bring_thread(tx, may, thread)?;
    match thread.deleted_at {
        None => index::put(tx, &super::threads::entry(thread)),
        Some(_) => Ok(()),
    }
}

/// Brings a reply of it in.
pub fn bring_reply(tx: &mut Tx, may: &MayImport, network: NetworkId, reply: &Reply) -> Result<()> {
    queries::bring_reply(tx, may, reply)?;
    match reply.deleted_at {
        None => index::put(tx, &super::replies::entry(network, reply)),
        Some(_) => Ok(()),
    }
}

/// Replies that one call of [`drop_some`] removes.
const AT_ONCE: i64 = 300;

/// Takes away a piece of what an import brought in that did not end. `false` where nothing is left.
pub fn drop_some(tx: &mut Tx, may: &MayImport, network: NetworkId) -> Result<bool> {
    let Some(thread) = queries::any_thread(tx, may, network)? else { return Ok(false) };
    let replies = queries::last_replies(tx, may, thread, AT_ONCE)?;
    for reply in &replies {
        index::remove(tx, EntryKind::Reply, reply.0)?;
    }
    queries::drop_replies(tx, may, &replies)?;
    if (replies.len() as i64) < AT_ONCE {
        index::remove(tx, EntryKind::Thread, thread.0)?;
        queries::drop_thread(tx, may, thread)?;
    }
    Ok(true)
}
