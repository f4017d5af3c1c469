//! What is known of instances where networks live, and of what waits for them: rows that federation keeps.

use std::collections::HashSet;

use diesel::prelude::*;
use kring_db::schema::{activities, event_cursors, events, peers};
use kring_db::{Conn, Time};

use crate::error::Result;
use crate::jobs::outbox::EventKind;

/// Who turns what happened into what is sent, among the consumers of the outbox.
const EFFECTS: &str = "effects";

/// An instance that does not answer.
#[derive(Clone, Debug, Queryable)]
pub struct Silent {
    pub host: String,
    pub since: Option<Time>,
    /// From when on its networks can be continued elsewhere.
    pub continuable_at: Option<Time>,
}

/// Those of some instances that do not answer.
pub fn silent(conn: &mut Conn, hosts: &[&str]) -> Result<Vec<Silent>> {
    let found = peers::table.filter(peers::host.eq_any(hosts).and(peers::silent_since.is_not_null()));
    Ok(found.select((peers::host, peers::silent_since, peers::continuable_at)).load(conn)?)
}

/// Those of some threads and replies of networks elsewhere that have not got to the instance where their network lives,
/// one of `hosts`.
pub fn waiting(conn: &mut Conn, hosts: &[&str], posts: &[i64]) -> Result<HashSet<i64>> {
    let behind = activities::position
        .is_null()
        .or(activities::position.gt(peers::position.nullable()).assume_not_null());
    let unsent: Vec<(Option<i64>, Option<i64>, String)> = activities::table
        .inner_join(peers::table.on(activities::host.eq(peers::host.nullable())))
        .filter(activities::post_id.eq_any(posts).assume_not_null().and(behind))
        .filter(peers::host.eq_any(hosts))
        .select((activities::post_id, activities::position, peers::ahead))
        .load(conn)?;
    // What was written a moment ago is not even on its way.
    let handled = event_cursors::table.find(EFFECTS).select(event_cursors::position);
    let handled: i64 = handled.first(conn).optional()?.unwrap_or(0);
    let fresh = events::position.is_null().or(events::position.gt(handled).assume_not_null());
    let untold: Vec<i64> = events::table
        .filter(fresh.and(events::subject_id.eq_any(posts)))
        .filter(events::kind.eq_any([EventKind::ThreadCreated, EventKind::ReplyCreated]))
        .select(events::subject_id)
        .load(conn)?;
    // What it took behind its position has nothing to wait for.
    let taken = |position: &Option<i64>, ahead: &str| {
        position.is_some_and(|position| ahead.split(' ').any(|it| it == position.to_string()))
    };
    let unsent = unsent.into_iter().filter(|(_, position, ahead)| !taken(position, ahead));
    Ok(unsent.filter_map(|(post, ..)| post).chain(untold).collect())
}
