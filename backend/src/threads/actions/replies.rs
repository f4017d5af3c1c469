//! Replies: written, read as a tree, edited, deleted.

use kring_db::{Conn, Tx};

use super::{InNetwork, find_reply, linked, locked, locked_reply};
use crate::accounts::{SignedIn, Viewer};
use crate::app::Context;
use crate::attachments::{self, Target};
use crate::error::{Code, Error, Fault, NOT_FOUND, Result};
use crate::index::{self, Entry, EntryKind};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::networks::NetworkId;
use crate::networks::policy::{self as network_policy, MayModerate, MayRead};
use crate::text::markdown;
use crate::threads::model::*;
use crate::threads::policy::{Decider, MayDelete};
use crate::threads::queries::Post;
use crate::threads::{policy, queries};
use crate::web::{IfMatch, Paging};

/// A piece of the tree of replies, in the order of reading.
pub struct Tree {
    pub rows: Vec<ReplyRow>,
    /// Is there more before and after?
    pub more_before: bool,
    pub more_after: bool,
}

/// Reads a piece of a thread's replies.
pub fn tree(conn: &mut Conn, may: &MayRead, thread: ThreadId, piece: Piece, limit: i64) -> Result<Tree> {
    match piece {
        Piece::First => forward(conn, may, thread, "", limit, false),
        Piece::After(id) => {
            let (last, ..) = at(conn, thread, id, Fault::new("cursor").at("?cursor"))?;
            forward(conn, may, thread, &last.path, limit, true)
        }
        Piece::Before(id) => {
            let (first, ..) = at(conn, thread, id, Fault::new("cursor").at("?before"))?;
            let (rows, more_before) = backward(conn, may, thread, &first.path, limit)?;
            Ok(Tree { rows, more_before, more_after: true })
        }
        Piece::Around(id) => {
            let wished = at(conn, thread, id, Fault::new("unknown_reply").at("?around"))?;
            let path = wished.0.path.clone();
            let (mut rows, more_before) = backward(conn, may, thread, &path, limit / 2)?;
            rows.push(wished);
            let after = forward(conn, may, thread, &path, limit - rows.len() as i64, more_before)?;
            rows.extend(after.rows);
            Ok(Tree { rows, more_before, more_after: after.more_after })
        }
    }
}

/// A reply of the thread, deleted ones included: they keep their place.
fn at(conn: &mut Conn, thread: ThreadId, id: ReplyId, otherwise: Error) -> Result<ReplyRow> {
    queries::reply(conn, id)?.filter(|row| row.0.thread_id == thread).ok_or(otherwise)
}

fn forward(
    conn: &mut Conn,
    may: &MayRead,
    thread: ThreadId,
    path: &str,
    limit: i64,
    more_before: bool,
) -> Result<Tree> {
    let mut rows = queries::replies_after(conn, may, thread, path, limit + 1)?;
    let more_after = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    Ok(Tree { rows, more_before, more_after })
}

fn backward(
    conn: &mut Conn,
    may: &MayRead,
    thread: ThreadId,
    path: &str,
    limit: i64,
) -> Result<(Vec<ReplyRow>, bool)> {
    let mut rows = queries::replies_before(conn, may, thread, path, limit + 1)?;
    let more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    rows.reverse();
    Ok((rows, more))
}

/// Writes a reply.
pub fn reply(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    thread: ThreadId,
    new: &NewReply,
) -> Result<(InNetwork, ReplyRow)> {
    write(tx, cx, who, thread, new, None)
}

/// Writes a reply in a network elsewhere down, which its home tells of.
pub fn reply_as_home_says(
    tx: &mut Tx,
    cx: &Context,
    (who, home): (&SignedIn, &MayModerate),
    thread: ThreadId,
    new: &NewReply,
) -> Result<(InNetwork, ReplyRow)> {
    write(tx, cx, who, thread, new, Some(home))
}

fn write(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    thread: ThreadId,
    new: &NewReply,
    home: Option<&MayModerate>,
) -> Result<(InNetwork, ReplyRow)> {
    let place = locked(tx, &Viewer::SignedIn(who.clone()), thread)?;
    let may = match home {
        Some(home) => policy::home_may_reply(home, &place.standing(), &place.row.0)?,
        None => policy::may_reply(&place.standing(), &place.row.0)?,
    };
    let parent = match new.parent {
        None => None,
        Some(id) => Some(parent(tx, thread, id)?),
    };
    let id: ReplyId = cx.id();
    let (text, mentioned) = linked(tx, cx, &new.text)?;
    let reply = Reply {
        id,
        thread_id: thread,
        parent_id: new.parent,
        author_id: may.person(),
        // The thread's row is locked to the commit: numbers have no holes and no doubles.
        seq: queries::next_seq(tx, thread, cx.now())?,
        depth: parent.as_ref().map_or(0, |parent| parent.depth + 1),
        path: format!("{}{id}", parent.as_ref().map_or("", |parent| parent.path.as_str())),
        body: new.text.markdown.clone(),
        body_html: text.html,
        language: new.language.clone().unwrap_or_else(|| place.row.0.language.clone()),
        thanks_count: 0,
        recognise_count: 0,
        more_count: 0,
        created_at: cx.now(),
        edited_at: None,
        deleted_at: None,
        version: 1,
    };
    queries::insert_reply(tx, &may, &reply)?;
    queries::keep_mentions(tx, Post::Reply(thread, id), reply.seq, may.person(), &mentioned)?;
    queries::mark_own_read(tx, may.person(), thread, reply.seq, cx.now())?;
    let contributing = network_policy::may_contribute(&place.standing())?;
    attachments::attach(tx, cx, &contributing, &new.attachments, Target::reply(id.0))?;
    index::put(tx, &entry(place.network.id, &reply))?;
    let event = Event::new(EventKind::ReplyCreated, id.0)
        .network(place.network.id.0)
        .actor(may.person().0)
        .payload(&serde_json::json!({ "thread": thread, "mentions": text.mentions }));
    outbox::push(tx, cx, event)?;
    let row = queries::reply(tx, id)?.ok_or(NOT_FOUND)?;
    Ok((place, row))
}

/// A reply of the demo, at the moment of `cx`.
pub fn reply_for_demo(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    thread: ThreadId,
    new: &NewReply,
) -> Result<ReplyId> {
    reply(tx, cx, who, thread, new).map(|(_, (reply, ..))| reply.id)
}

fn parent(tx: &mut Tx, thread: ThreadId, id: ReplyId) -> Result<Reply> {
    let parent = queries::reply(tx, id)?.map(|(reply, ..)| reply).filter(|reply| reply.thread_id == thread);
    let parent = parent.ok_or_else(|| Fault::new("unknown_reply").at("/parent"))?;
    if parent.depth >= DEEPEST {
        Err(Code::TooDeep.into())
    } else {
        Ok(parent)
    }
}

/// What search finds of a reply.
pub(super) fn entry(network: NetworkId, reply: &Reply) -> Entry {
    Entry {
        kind: EntryKind::Reply,
        id: reply.id.0,
        parent: Some(reply.thread_id.0),
        network: network.0,
        title: String::new(),
        body: markdown::plain(&reply.body),
        language: reply.language.clone(),
        published_at: reply.created_at,
    }
}

/// One reply, in its thread.
pub fn read_reply(conn: &mut Conn, viewer: &Viewer, id: ReplyId) -> Result<(InNetwork, ReplyRow)> {
    find_reply(conn, viewer, id)
}

/// Changes what a reply says, by its author.
pub fn edit_reply(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: ReplyId,
    known: &IfMatch,
    change: &ReplyChange,
) -> Result<(InNetwork, ReplyRow)> {
    let viewer = Viewer::SignedIn(who.clone());
    let (place, (before, ..)) = locked_reply(tx, &viewer, id)?;
    known.check(before.version)?;
    let may = policy::may_edit(&place.standing(), before.author_id)?;
    let (mut after, mut mentioned) = (before.clone(), None);
    if let Some(text) = &change.text {
        let (rendered, people) = linked(tx, cx, text)?;
        after.body.clone_from(&text.markdown);
        after.body_html = rendered.html;
        mentioned = Some(people);
    }
    if let Some(language) = &change.language {
        after.language = language.clone();
    }
    let same = (&after.body, &after.language) == (&before.body, &before.language);
    if same && change.attachments.is_empty() {
        return find_reply(tx, &viewer, id);
    }
    after.edited_at = Some(cx.now());
    after.version += 1;
    queries::edit_reply(tx, &may, &before, cx.id(), &after)?;
    if let Some(people) = mentioned {
        queries::keep_mentions(tx, Post::Reply(before.thread_id, id), before.seq, before.author_id, &people)?;
    }
    let contributing = network_policy::may_contribute(&place.standing())?;
    attachments::attach(tx, cx, &contributing, &change.attachments, Target::reply(id.0))?;
    index::put(tx, &entry(place.network.id, &after))?;
    let event = Event::new(EventKind::ReplyEdited, id.0).network(place.network.id.0).actor(who.person.0);
    outbox::push(tx, cx, event)?;
    find_reply(tx, &viewer, id)
}

/// Takes a reply away. Its tombstone keeps what answers it in place.
pub fn delete_reply(tx: &mut Tx, cx: &Context, who: &SignedIn, id: ReplyId) -> Result<()> {
    let (place, (reply, ..)) = locked_reply(tx, &Viewer::SignedIn(who.clone()), id)?;
    let may = policy::may_delete(&place.standing(), reply.author_id)?;
    take_away(tx, cx, &may, place.network.id, &reply)
}

/// Takes a reply away, as was decided by whoever may without being a member.
pub fn delete_reply_as_decided(tx: &mut Tx, cx: &Context, by: &Decider, id: ReplyId) -> Result<()> {
    let found = queries::reply(tx, id)?.filter(|(reply, ..)| reply.deleted_at.is_none());
    let (reply, ..) = found.ok_or(NOT_FOUND)?;
    queries::lock(tx, reply.thread_id)?;
    let network = queries::network_of(tx, reply.thread_id)?.ok_or(NOT_FOUND)?;
    take_away(tx, cx, &policy::decided_delete(by, reply.author_id)?, network, &reply)
}

fn take_away(tx: &mut Tx, cx: &Context, may: &MayDelete, network: NetworkId, reply: &Reply) -> Result<()> {
    let id = reply.id;
    queries::delete_reply(tx, may, id, cx.now())?;
    queries::uncount_reply(tx, reply.thread_id)?;
    attachments::let_go(tx, cx, Target::reply(id.0))?;
    index::remove(tx, EntryKind::Reply, id.0)?;
    let event = Event::new(EventKind::ReplyDeleted, id.0).network(network.0).actor(may.by.0);
    outbox::push(tx, cx, event)
}

/// How a reply read before its edits, newest first.
pub fn reply_versions(
    conn: &mut Conn,
    viewer: &Viewer,
    id: ReplyId,
    paging: &Paging<i64>,
) -> Result<Vec<PostVersion>> {
    let (place, _) = find_reply(conn, viewer, id)?;
    queries::reply_versions(conn, &place.may_read, id, paging.after, paging.limit)
}
