//! Memberships of those who read by mail alone.

use diesel::prelude::*;
use kring_db::schema::{memberships, networks};
use kring_db::{Conn, Tx};

use crate::accounts::{PersonId, mail_only};
use crate::error::Result;
use crate::networks::model::*;
use crate::networks::policy::MayCoordinate;

/// Notes whether other members of a network may see somebody who reads by mail alone.
pub fn set_shown(tx: &mut Tx, network: NetworkId, person: PersonId, shown: bool) -> Result<()> {
    let theirs =
        memberships::table.filter(memberships::network_id.eq(network).and(memberships::person_id.eq(person)));
    diesel::update(theirs).set(memberships::shown.eq(shown)).execute(tx.conn())?;
    Ok(())
}

/// The networks a person belongs to now, by name, and whether other members of each see them there.
pub fn shown_in(conn: &mut Conn, person: PersonId) -> Result<Vec<(Network, bool)>> {
    let mine = memberships::table
        .inner_join(networks::table)
        .filter(memberships::person_id.eq(person).and(memberships::state.eq(MemberState::Active)));
    Ok(mine
        .order((networks::folded, networks::id))
        .select((Network::as_select(), memberships::shown))
        .load(conn)?)
}

/// How many read by mail alone, and how many of them others see.
pub fn mail_members(conn: &mut Conn, _may: &MayCoordinate, network: NetworkId) -> Result<(i64, i64)> {
    let theirs = || {
        memberships::table
            .filter(memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active)))
            .filter(memberships::person_id.eq_any(mail_only()))
    };
    let all = theirs().count().get_result(conn)?;
    let shown = theirs().filter(memberships::shown.eq(true)).count().get_result(conn)?;
    Ok((all, shown))
}
