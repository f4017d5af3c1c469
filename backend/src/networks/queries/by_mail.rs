//! Memberships of those who read by mail alone.

use diesel::prelude::*;
use kring_db::schema::memberships;
use kring_db::{Conn, Tx};

use crate::accounts::{PersonId, mail_only};
use crate::error::Result;
use crate::networks::model::*;
use crate::networks::policy::MayCoordinate;

/// Notes in which of their networks other members may see somebody who reads by mail alone: in these, and nowhere else.
pub fn set_shown(tx: &mut Tx, person: PersonId, networks: &[NetworkId]) -> Result<()> {
    let theirs = memberships::table
        .filter(memberships::person_id.eq(person).and(memberships::state.eq(MemberState::Active)));
    diesel::update(theirs)
        .set(memberships::shown.eq(memberships::network_id.eq_any(networks)))
        .execute(tx.conn())?;
    Ok(())
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

/// Does a person belong to a network, or is there one that they are invited to or asked to join?
pub fn belongs(conn: &mut Conn, person: PersonId) -> Result<bool> {
    let open = MemberState::ALL.iter().filter(|state| state.open());
    let theirs = memberships::table
        .filter(memberships::person_id.eq(person).and(memberships::state.eq_any(open)))
        .select(memberships::id);
    Ok(theirs.first::<MembershipId>(conn).optional()?.is_some())
}

/// Is there a member besides `person` who could coordinate a network? Who reads by mail alone cannot.
pub fn another_could_coordinate(conn: &mut Conn, network: NetworkId, person: PersonId) -> Result<bool> {
    let others = memberships::table
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active)))
        .filter(memberships::person_id.ne(person).and(memberships::person_id.ne_all(mail_only())))
        .select(memberships::id);
    Ok(others.first::<MembershipId>(conn).optional()?.is_some())
}
