//! What instances answered: written down as senders learn of it.

use std::collections::HashMap;

use diesel::prelude::*;
use kring_db::schema::{activities, erasure_hosts, erasures, peers};
use kring_db::{Conn, Time, Tx};

use super::rows::ErasureId;
use crate::error::Result;
use crate::federation::outgoing::ActivityId;
use crate::peers::Host;

/// What is asked of instances and not answered yet.
pub fn open(conn: &mut Conn, hosts: &[&Host]) -> Result<HashMap<Host, Vec<ErasureId>>> {
    let rows: Vec<(Host, ErasureId)> = erasure_hosts::table
        .filter(erasure_hosts::host.eq_any(hosts).and(erasure_hosts::settled_at.is_null()))
        .select((erasure_hosts::host, erasure_hosts::erasure_id))
        .load(conn)?;
    let mut found: HashMap<Host, Vec<ErasureId>> = HashMap::new();
    for (host, erasure) in rows {
        found.entry(host).or_default().push(erasure);
    }
    Ok(found)
}

/// Notes who has answered to everything that is asked of them: their place is past the last of it.
pub fn settle(tx: &mut Tx, hosts: &[&Host], now: Time) -> Result<()> {
    let open = open(tx, hosts)?;
    if open.is_empty() {
        return Ok(());
    }
    let wanted: Vec<&Host> = open.keys().collect();
    let places: Vec<(Host, i64)> = peers::table
        .filter(peers::host.eq_any(wanted))
        .select((peers::host, peers::position))
        .load(tx.conn())?;
    let ends = Ends::of(tx, open.values().flatten().copied().collect())?;
    for (host, place) in places {
        let its = open.get(&host).into_iter().flatten().copied();
        let done: Vec<ErasureId> = its.filter(|id| ends.passed(*id, &host, place)).collect();
        if done.is_empty() {
            continue;
        }
        let its = erasure_hosts::host.eq(&host).and(erasure_hosts::erasure_id.eq_any(done));
        diesel::update(erasure_hosts::table.filter(its))
            .set(erasure_hosts::settled_at.eq(now))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Where erasures end, of those that are asked whole.
struct Ends {
    /// Nothing is sent for these: there was nothing.
    empty: Vec<ErasureId>,
    /// The last activity of each, for all of them or for one instance.
    last: Vec<(ErasureId, Option<Host>, i64)>,
}

impl Ends {
    fn of(conn: &mut Conn, ids: Vec<ErasureId>) -> Result<Self> {
        let whole: Vec<(ErasureId, i64)> = erasures::table
            .filter(erasures::id.eq_any(ids).and(erasures::asked_at.is_not_null()))
            .select((erasures::id, erasures::objects))
            .load(conn)?;
        let ids: Vec<Option<ErasureId>> = whole.iter().map(|(id, _)| Some(*id)).collect();
        let sent: Vec<(Option<ErasureId>, Option<Host>, Option<i64>, i64, i64)> = activities::table
            .filter(activities::erasure_id.eq_any(ids))
            .group_by((activities::erasure_id, activities::host))
            .select((
                activities::erasure_id,
                activities::host,
                diesel::dsl::max(activities::position),
                diesel::dsl::count_star(),
                diesel::dsl::count(activities::position),
            ))
            .load(conn)?;
        // One that has no position yet is after everybody.
        let end =
            |(id, host, last, all, placed): (Option<ErasureId>, Option<Host>, Option<i64>, i64, i64)| {
                let last = if all > placed { i64::MAX } else { last.unwrap_or(i64::MAX) };
                Some((id?, host, last))
            };
        let last: Vec<(ErasureId, Option<Host>, i64)> = sent.into_iter().filter_map(end).collect();
        let any = |id: ErasureId| last.iter().any(|(of, ..)| *of == id);
        let empty = whole.into_iter().filter(|(id, objects)| *objects == 0 && !any(*id));
        Ok(Self { empty: empty.map(|(id, _)| id).collect(), last })
    }

    /// Is an instance at this place past everything that an erasure asks of it?
    fn passed(&self, id: ErasureId, host: &Host, place: i64) -> bool {
        let mut its = self
            .last
            .iter()
            .filter(|(of, whom, _)| *of == id && whom.as_ref().is_none_or(|whom| whom == host))
            .peekable();
        let any = its.peek().is_some();
        self.empty.contains(&id) || (any && its.all(|(.., last)| *last <= place))
    }
}

/// An instance did not take an activity, for good or until an admin tries again: where it asks to delete something, that
/// is counted, with what it said.
pub fn not_taken(tx: &mut Tx, activity: ActivityId, host: &Host, said: &str) -> Result<()> {
    let Some(erasure) = of_activity(tx, activity)? else { return Ok(()) };
    diesel::update(erasure_hosts::table.find((erasure, host)))
        .set((erasure_hosts::refused.eq(erasure_hosts::refused + 1), erasure_hosts::last_error.eq(said)))
        .execute(tx.conn())?;
    Ok(())
}

/// What an instance fell over it took when it was tried again.
pub fn taken_after_all(tx: &mut Tx, host: &Host, settled: &[ActivityId]) -> Result<()> {
    for activity in settled {
        let Some(erasure) = of_activity(tx, *activity)? else { continue };
        let row = erasure_hosts::table
            .filter(erasure_hosts::erasure_id.eq(erasure).and(erasure_hosts::host.eq(host)))
            .filter(erasure_hosts::refused.gt(0));
        diesel::update(row)
            .set(erasure_hosts::refused.eq(erasure_hosts::refused - 1))
            .execute(tx.conn())?;
    }
    Ok(())
}

fn of_activity(conn: &mut Conn, activity: ActivityId) -> Result<Option<ErasureId>> {
    let found: Option<Option<ErasureId>> =
        activities::table.find(activity).select(activities::erasure_id).first(conn).optional()?;
    Ok(found.flatten())
}
