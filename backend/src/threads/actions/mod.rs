//! What is done with threads and replies, one function a use.

mod addressed;
mod archives;
mod marks;
mod publishing;
mod replies;
mod threads;

pub use addressed::{addressed_to, mentioned_outside};
pub use archives::{bring_reply, bring_thread, drop_some};
pub use marks::{Reacted, Subject, mark_read, own_reactions, react, react_for_demo, take_back};
pub use publishing::{publish_reply, publish_thread, save_reply, save_thread};
pub use replies::{
    Tree, delete_reply, delete_reply_as_decided, edit_reply, read_reply, reply, reply_as_home_says,
    reply_for_demo, reply_versions, tree,
};
pub use threads::{
    Place, as_home_says, change_thread, create, create_for_demo, delete_thread, delete_thread_as_decided,
    list, read, thread_versions,
};

use kring_db::{Conn, Tx};

use super::model::{ReplyId, ReplyRow, Text, ThreadId, ThreadRow};
use super::queries;
use crate::accounts::{self, PersonId, Viewer};
use crate::app::Context;
use crate::error::{NOT_FOUND, Result};
use crate::networks::policy::{MayRead, Standing};
use crate::networks::{self, Membership, Network};
use crate::text::markdown::Rendered;

/// A thread in the network it belongs to, for a viewer who may read it.
pub struct InNetwork {
    pub network: Network,
    pub membership: Option<Membership>,
    pub may_read: MayRead,
    pub row: ThreadRow,
    person: Option<PersonId>,
}

impl InNetwork {
    /// How the viewer stands to the network.
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            network: &self.network,
            person: self.person,
            membership: self.membership.as_ref(),
        }
    }
}

/// Finds a thread; 404 where there is none that the viewer may read. Its tombstone is found as long as replies
/// stand on it.
fn find(conn: &mut Conn, viewer: &Viewer, id: ThreadId) -> Result<InNetwork> {
    let row = queries::thread(conn, id, viewer.person())?.ok_or(NOT_FOUND)?;
    let (network, membership, may_read) = networks::reading(conn, viewer, row.0.network_id)?;
    if row.0.deleted_at.is_some() && row.0.reply_count == 0 {
        return Err(NOT_FOUND);
    }
    Ok(InNetwork { network, membership, may_read, row, person: viewer.person() })
}

/// [`find`] for changing: what is counted and compared stays so until it is written.
fn locked(tx: &mut Tx, viewer: &Viewer, id: ThreadId) -> Result<InNetwork> {
    find(tx, viewer, id)?;
    queries::lock(tx, id)?;
    find(tx, viewer, id)
}

/// [`find_reply`] for changing, under the lock of its thread.
fn locked_reply(tx: &mut Tx, viewer: &Viewer, id: ReplyId) -> Result<(InNetwork, ReplyRow)> {
    let (place, _) = find_reply(tx, viewer, id)?;
    queries::lock(tx, place.row.0.id)?;
    find_reply(tx, viewer, id)
}

/// Finds a reply and its thread; 404 where there is none that the viewer may read, tombstones included.
fn find_reply(conn: &mut Conn, viewer: &Viewer, id: ReplyId) -> Result<(InNetwork, ReplyRow)> {
    let row = queries::reply(conn, id)?.filter(|row| row.0.deleted_at.is_none()).ok_or(NOT_FOUND)?;
    let place = find(conn, viewer, row.0.thread_id)?;
    Ok((place, row))
}

/// The network that a thread is in.
pub fn network_around(conn: &mut Conn, thread: ThreadId) -> Result<Option<Network>> {
    let network = queries::network_of(conn, thread)?;
    network.map(|network| networks::by_id(conn, network)).transpose()
}

/// The network that a reply is in.
pub fn network_around_reply(conn: &mut Conn, reply: ReplyId) -> Result<Option<Network>> {
    match queries::thread_of(conn, reply)? {
        Some(thread) => network_around(conn, thread),
        None => Ok(None),
    }
}

/// A text as it is to be stored, with links to the people whom it mentions; and who they are.
fn linked(conn: &mut Conn, cx: &Context, text: &Text) -> Result<(Rendered, Vec<PersonId>)> {
    match &text.told {
        Some(told) => Ok(accounts::linking(cx, &text.markdown, told)),
        None => accounts::with_mentions(conn, cx, &text.markdown, &text.rendered),
    }
}
