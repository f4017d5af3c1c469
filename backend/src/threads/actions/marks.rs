//! Reactions, and how far somebody has read.

use kring_db::{Conn, Tx};

use super::{find, find_reply};
use crate::accounts::{PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::error::{Fault, NOT_FOUND, Result};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::networks::{Network, policy as network_policy};
use crate::peers::Reach;
use crate::threads::model::*;
use crate::threads::queries::{self, Post};

/// What a reaction is to.
#[derive(Clone, Copy, Debug)]
pub enum Subject {
    Thread(ThreadId),
    Reply(ReplyId),
}

/// Reacts. Doing it twice is doing it once.
pub fn react(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    subject: Subject,
    kind: ReactionKind,
) -> Result<Reacted> {
    let viewer = Viewer::SignedIn(who.clone());
    let (place, post) = post(tx, &viewer, subject)?;
    let may = network_policy::may_contribute(&place.standing())?;
    if queries::add_reaction(tx, &may, post, kind, cx.now())? {
        tell(tx, cx, EventKind::Reacted, (&place.network, who), post, kind)?;
    }
    reacted(tx, who, subject)
}

/// Others are told where what happens in the network goes at all. Nobody here has to hear of it.
fn tell(
    tx: &mut Tx,
    cx: &Context,
    what: EventKind,
    (network, who): (&Network, &SignedIn),
    post: Post,
    kind: ReactionKind,
) -> Result<()> {
    if network.federates().reach() == Reach::None {
        return Ok(());
    }
    let event = Event::new(what, post.subject())
        .network(network.id.0)
        .actor(who.person.0)
        .payload(&Reaction { thread: post.thread(), kind });
    outbox::push(tx, cx, event)
}

/// A reaction of the demo.
pub fn react_for_demo(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    thread: ThreadId,
    reply: Option<ReplyId>,
    kind: ReactionKind,
) -> Result<()> {
    react(tx, cx, who, reply.map_or(Subject::Thread(thread), Subject::Reply), kind).map(|_| ())
}

/// Takes a reaction back.
pub fn take_back(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    subject: Subject,
    kind: ReactionKind,
) -> Result<Reacted> {
    let (place, post) = post(tx, &Viewer::SignedIn(who.clone()), subject)?;
    if queries::remove_reaction(tx, who.person, post, kind)? {
        tell(tx, cx, EventKind::ReactionTakenBack, (&place.network, who), post, kind)?;
    }
    reacted(tx, who, subject)
}

/// How somebody reacts to a thread or reply now.
pub fn own_reactions(conn: &mut Conn, person: PersonId, subject: i64) -> Result<Vec<ReactionKind>> {
    Ok(queries::own_reactions(conn, person, &[subject])?.into_iter().map(|(_, kind)| kind).collect())
}

/// The counts after a reaction, and the caller's own.
pub struct Reacted {
    pub thanks: i64,
    pub recognise: i64,
    pub more: i64,
    pub own: Vec<ReactionKind>,
}

fn reacted(tx: &mut Tx, who: &SignedIn, subject: Subject) -> Result<Reacted> {
    let (id, (thanks, recognise, more)) = match subject {
        Subject::Thread(id) => {
            let (thread, ..) = queries::thread(tx, id, None)?.ok_or(NOT_FOUND)?;
            (id.0, (thread.thanks_count, thread.recognise_count, thread.more_count))
        }
        Subject::Reply(id) => {
            let (reply, ..) = queries::reply(tx, id)?.ok_or(NOT_FOUND)?;
            (id.0, (reply.thanks_count, reply.recognise_count, reply.more_count))
        }
    };
    let own = own_reactions(tx, who.person, id)?;
    Ok(Reacted { thanks, recognise, more, own })
}

fn post(tx: &mut Tx, viewer: &Viewer, subject: Subject) -> Result<(super::InNetwork, Post)> {
    match subject {
        Subject::Thread(id) => {
            let place = find(tx, viewer, id)?;
            if place.row.0.deleted_at.is_some() {
                return Err(NOT_FOUND);
            }
            Ok((place, Post::Thread(id)))
        }
        Subject::Reply(id) => {
            let (place, (reply, ..)) = find_reply(tx, viewer, id)?;
            Ok((place, Post::Reply(reply.thread_id, id)))
        }
    }
}

/// Notes that the caller has read a thread, up to `reply` or, without one, up to now. Returns what is left.
pub fn mark_read(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: ThreadId,
    reply: Option<ReplyId>,
) -> Result<i64> {
    let place = find(tx, &Viewer::SignedIn(who.clone()), id)?;
    let thread = &place.row.0;
    let seq = match reply {
        None => thread.last_seq,
        Some(reply) => {
            let found = queries::reply(tx, reply)?.filter(|(reply, ..)| reply.thread_id == id);
            found.ok_or_else(|| Fault::new("unknown_reply").at("/reply"))?.0.seq
        }
    };
    queries::mark_read(tx, who.person, id, seq, cx.now())?;
    let read = queries::thread(tx, id, Some(who.person))?.and_then(|row| row.3).unwrap_or(seq);
    Ok(thread.last_seq - read)
}
