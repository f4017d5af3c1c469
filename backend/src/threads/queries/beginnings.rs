//! How conversations in a network begin, and whether people get an answer.

use chrono::Duration;
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use kring_db::schema::{replies, threads};
use kring_db::types::first_id;
use kring_db::{Conn, Time};

use crate::error::Result;
use crate::networks::NetworkId;
use crate::networks::policy::MayCoordinate;
use crate::threads::model::ThreadId;

/// Who asks something hears from somebody else within this time.
const SOON: Duration = Duration::days(7);

/// Older conversations say nothing about how a network is doing.
const LATELY: Duration = Duration::days(60);

/// What there is of conversations in a network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beginnings {
    /// When one was first pinned on top: when that thread was started.
    pub pinned: Option<Time>,
    /// When the first was started that is not pinned.
    pub first: Option<Time>,
    /// How many were started lately, and long enough ago to have been answered.
    pub due: i64,
    /// How many of those nobody else answered within a week.
    pub unanswered: i64,
}

/// Three or four short queries, however many conversations there are.
pub fn beginnings(
    conn: &mut Conn,
    _may: &MayCoordinate,
    network: NetworkId,
    now: Time,
) -> Result<Beginnings> {
    macro_rules! there {
        ($pinned:expr) => {
            threads::table
                .filter(threads::network_id.eq(network).and(threads::deleted_at.is_null()))
                .filter(threads::pinned.eq($pinned))
        };
    }
    let first = |conn: &mut Conn, pinned: bool| {
        let found = there!(pinned).order(threads::id).select(threads::created_at);
        found.first::<Time>(conn).optional()
    };
    let (pinned, first) = (first(conn, true)?, first(conn, false)?);
    // Ids are time: a week of them is a number.
    let week = first_id(now) - first_id(now - SOON);
    macro_rules! due {
        () => {
            there!(false)
                .filter(threads::id.gt(ThreadId(first_id(now - LATELY))))
                .filter(threads::id.lt(ThreadId(first_id(now - SOON))))
        };
    }
    let answer = replies::table
        .filter(replies::thread_id.eq(threads::id).and(replies::author_id.ne(threads::author_id)))
        .filter(replies::deleted_at.is_null().and(replies::id.lt(threads::id + week)));
    let due: i64 = due!().count().get_result(conn)?;
    let unanswered: i64 = match due {
        0 => 0,
        _ => due!().filter(not(exists(answer))).count().get_result(conn)?,
    };
    Ok(Beginnings { pinned, first, due, unanswered })
}
