//! What federation looks up by itself.

use diesel::prelude::*;
use kring_db::Conn;
use kring_db::schema::{memberships, networks, persons};

use crate::error::Result;
use crate::networks::MemberState;
use crate::peers::Host;

/// How many people of an instance are members of networks here, and people of here of networks there.
pub fn memberships_with(conn: &mut Conn, host: &Host) -> Result<i64> {
    let active = memberships::state.eq(MemberState::Active);
    let there = persons::table.filter(persons::host.eq(host)).select(persons::id);
    let theirs = networks::table.filter(networks::host.eq(host)).select(networks::id);
    let theirs: i64 = memberships::table
        .filter(active.and(memberships::person_id.eq_any(there).or(memberships::network_id.eq_any(theirs))))
        .count()
        .get_result(conn)?;
    Ok(theirs)
}
