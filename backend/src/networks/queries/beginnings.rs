//! How a network came together.

use diesel::prelude::*;
use kring_db::schema::memberships;
use kring_db::{Conn, Time};

use crate::error::Result;
use crate::networks::model::{MemberState, NetworkId};
use crate::networks::policy::MayCoordinate;

/// When those who founded a network joined, first one first; who left since still did.
pub fn founded(conn: &mut Conn, _may: &MayCoordinate, network: NetworkId) -> Result<Vec<Time>> {
    let founders =
        memberships::table.filter(memberships::network_id.eq(network).and(memberships::founder.eq(true)));
    Ok(founders
        .filter(memberships::joined_at.is_not_null())
        .order(memberships::joined_at)
        .limit(3)
        .select(memberships::joined_at.assume_not_null())
        .load(conn)?)
}

/// When somebody was first invited; of those who declined or left, too.
pub fn first_invitation(conn: &mut Conn, _may: &MayCoordinate, network: NetworkId) -> Result<Option<Time>> {
    let invited = memberships::table
        .filter(memberships::network_id.eq(network))
        .filter(memberships::invited_by.is_not_null().or(memberships::state.eq(MemberState::Invited)));
    Ok(invited.order(memberships::created_at).select(memberships::created_at).first(conn).optional()?)
}
