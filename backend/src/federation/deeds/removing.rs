//! What somebody wrote goes with them: where whoever puts them out, or they themselves, say so (`removeData`).

use diesel::prelude::*;
use kring_db::schema::{replies, threads};
use kring_db::{Conn, Tx};

use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::error::{Error, Result};
use crate::networks::NetworkId;
use crate::threads::{self as posts, ReplyId, ThreadId};

/// Takes away what somebody wrote in a network, or anywhere, as if they did it themselves.
pub fn all_of(tx: &mut Tx, cx: &Context, person: PersonId, only: Option<NetworkId>) -> Result<()> {
    let who = accounts::acting_elsewhere(tx, person)?;
    for reply in replies_of(tx, person, only)? {
        passing(posts::delete_reply(tx, cx, &who, reply))?;
    }
    for thread in threads_of(tx, person, only)? {
        passing(posts::delete_thread(tx, cx, &who, thread))?;
    }
    Ok(())
}

/// What a rule keeps where it is stays.
fn passing(outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(Error::Rule(_)) => Ok(()),
        other => other,
    }
}

fn replies_of(conn: &mut Conn, person: PersonId, only: Option<NetworkId>) -> Result<Vec<ReplyId>> {
    let theirs = replies::table
        .inner_join(threads::table.on(threads::id.eq(replies::thread_id)))
        .filter(replies::author_id.eq(person).and(replies::deleted_at.is_null()))
        .select(replies::id);
    Ok(match only {
        Some(network) => theirs.filter(threads::network_id.eq(network)).load(conn)?,
        None => theirs.load(conn)?,
    })
}

fn threads_of(conn: &mut Conn, person: PersonId, only: Option<NetworkId>) -> Result<Vec<ThreadId>> {
    let theirs = threads::table
        .filter(threads::author_id.eq(person).and(threads::deleted_at.is_null()))
        .select(threads::id);
    Ok(match only {
        Some(network) => theirs.filter(threads::network_id.eq(network)).load(conn)?,
        None => theirs.load(conn)?,
    })
}
