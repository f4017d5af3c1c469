//! What somebody wrote goes with them: where whoever puts them out, or they themselves, say so (`removeData`). It is asked for
//! in the transaction of that, and done in pieces, each a short one: who wrote for ten years keeps nobody else waiting.

use diesel::prelude::*;
use kring_db::schema::{replies, threads};
use kring_db::{Conn, Tx};
use serde::{Deserialize, Serialize};

use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::error::{Error, Result};
use crate::jobs::queue::{self, Job, JobKind};
use crate::networks::{self, NetworkId};
use crate::threads::policy::Decider;
use crate::threads::{self as posts, ReplyId, ThreadId};

/// How many things one piece takes away.
const PIECE: i64 = 100;

/// In whose name it is taken away: each thing only where they may.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub enum By {
    Person(PersonId),
    /// The home of the network elsewhere that all of it is in.
    Home(NetworkId),
    /// Whoever wrote it, who is gone for good: also where they belong no more.
    Departed,
}

/// What is taken away, and how far that is: the payload of the job.
#[derive(Debug, Serialize, Deserialize)]
struct Removal {
    of: PersonId,
    /// In this network; `None`: anywhere.
    only: Option<NetworkId>,
    by: By,
    /// Replies go before what they answer.
    stage: Stage,
    after: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Stage {
    Replies,
    Threads,
}

/// Takes away what somebody wrote in a network.
pub fn all_in(tx: &mut Tx, cx: &Context, network: NetworkId, of: PersonId, by: By) -> Result<()> {
    let removal = Removal { of, only: Some(network), by, stage: Stage::Replies, after: 0 };
    enqueue(tx, cx, &removal)
}

/// Somebody is gone, and takes all that they wrote along; they themselves go last.
pub fn with_all(tx: &mut Tx, cx: &Context, of: PersonId) -> Result<()> {
    let removal = Removal {
        of,
        only: None,
        by: By::Departed,
        stage: Stage::Replies,
        after: 0,
    };
    enqueue(tx, cx, &removal)
}

/// Is somebody on their way out with all that they wrote?
pub fn goes_with_all(conn: &mut Conn, person: PersonId) -> Result<bool> {
    for job in queue::open_of(conn, JobKind::RemoveWritten)? {
        let removal: Removal = job.payload.read().map_err(Error::internal)?;
        if removal.of == person && matches!(removal.by, By::Departed) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn enqueue(tx: &mut Tx, cx: &Context, removal: &Removal) -> Result<()> {
    queue::enqueue(tx, cx, JobKind::RemoveWritten, removal, cx.now())
}

/// Takes the next piece away, and puts what is left in the queue.
pub fn remove(tx: &mut Tx, cx: &Context, job: &Job) -> Result<()> {
    let mut removal: Removal = job.payload.read().map_err(Error::internal)?;
    let found = match removal.stage {
        Stage::Replies => replies_of(tx, &removal)?,
        Stage::Threads => threads_of(tx, &removal)?,
    };
    for id in &found {
        passing(take(tx, cx, &removal, *id))?;
    }
    match (found.last(), removal.stage) {
        (Some(last), _) => removal.after = *last,
        (None, Stage::Replies) => (removal.stage, removal.after) = (Stage::Threads, 0),
        (None, Stage::Threads) if matches!(removal.by, By::Departed) => {
            return accounts::closed_elsewhere(tx, cx, removal.of);
        }
        (None, Stage::Threads) => return Ok(()),
    }
    enqueue(tx, cx, &removal)
}

fn take(tx: &mut Tx, cx: &Context, removal: &Removal, id: i64) -> Result<()> {
    let decider = match removal.by {
        By::Person(person) => {
            let who = accounts::acting_elsewhere(tx, person)?;
            return match removal.stage {
                Stage::Replies => posts::delete_reply(tx, cx, &who, ReplyId(id)),
                Stage::Threads => posts::delete_thread(tx, cx, &who, ThreadId(id)),
            };
        }
        By::Home(network) => {
            let network = networks::by_id(tx, network)?;
            Decider::Home(networks::policy::home_moderates(&network)?)
        }
        By::Departed => Decider::Departed(removal.of),
    };
    match removal.stage {
        Stage::Replies => posts::delete_reply_as_decided(tx, cx, &decider, ReplyId(id)),
        Stage::Threads => posts::delete_thread_as_decided(tx, cx, &decider, ThreadId(id)),
    }
}

/// What a rule keeps where it is stays.
fn passing(outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(Error::Rule(_)) => Ok(()),
        other => other,
    }
}

fn replies_of(conn: &mut Conn, removal: &Removal) -> Result<Vec<i64>> {
    let theirs = replies::author_id.eq(removal.of).and(replies::deleted_at.is_null());
    let mut theirs = replies::table
        .inner_join(threads::table.on(threads::id.eq(replies::thread_id)))
        .filter(theirs.and(replies::id.gt(removal.after)))
        .select(replies::id)
        .into_boxed();
    if let Some(network) = removal.only {
        theirs = theirs.filter(threads::network_id.eq(network));
    }
    Ok(theirs.order(replies::id).limit(PIECE).load(conn)?)
}

fn threads_of(conn: &mut Conn, removal: &Removal) -> Result<Vec<i64>> {
    let theirs = threads::author_id.eq(removal.of).and(threads::deleted_at.is_null());
    let mut theirs = threads::table
        .filter(theirs.and(threads::id.gt(removal.after)))
        .select(threads::id)
        .into_boxed();
    if let Some(network) = removal.only {
        theirs = theirs.filter(threads::network_id.eq(network));
    }
    Ok(theirs.order(threads::id).limit(PIECE).load(conn)?)
}
