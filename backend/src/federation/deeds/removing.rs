//! What somebody wrote goes with them: where whoever puts them out, or they themselves, say so (`removeData`).

use diesel::prelude::*;
use kring_db::schema::{replies, threads};
use kring_db::{Conn, Tx};

use crate::accounts::{PersonId, SignedIn};
use crate::app::Context;
use crate::error::{Error, Result};
use crate::networks::{self, Network, NetworkId};
use crate::threads::{self as posts, ReplyId, ThreadId};

/// Takes away what somebody wrote in a network, or anywhere, where `who` may: they themselves, or who moderates.
pub fn all_of(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    person: PersonId,
    only: Option<NetworkId>,
) -> Result<()> {
    for reply in replies_of(tx, person, only)? {
        passing(posts::delete_reply(tx, cx, who, reply))?;
    }
    for thread in threads_of(tx, person, only)? {
        passing(posts::delete_thread(tx, cx, who, thread))?;
    }
    Ok(())
}

/// The same in a network elsewhere, as its home says.
pub fn as_home_says(tx: &mut Tx, cx: &Context, network: &Network, person: PersonId) -> Result<()> {
    let home = networks::policy::home_moderates(network)?;
    for reply in replies_of(tx, person, Some(network.id))? {
        passing(posts::delete_reply_as_home_says(tx, cx, (&home, network.id), reply))?;
    }
    for thread in threads_of(tx, person, Some(network.id))? {
        passing(posts::delete_thread_as_home_says(tx, cx, &home, thread))?;
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
