//! Where others read somebody's name already. That they belong to a network besides is told to nobody in it: who only
//! reads is not named to the instances of all who follow it.

use std::collections::BTreeSet;

use diesel::prelude::*;
use kring_db::Conn;
use kring_db::schema::{documents, memberships, replies, revisions, threads};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::{self, MemberRole, MemberState, Network, NetworkId};

/// Networks of this instance in which somebody, of whatever instance, wrote what stands there still, or holds an office:
/// what the collections of a network name people by. Whether or not they belong to it is not looked at, and so not told
/// either.
pub fn networks_naming(conn: &mut Conn, person: PersonId) -> Result<Vec<Network>> {
    let began = threads::table
        .filter(threads::author_id.eq(person).and(threads::deleted_at.is_null()))
        .select(threads::network_id)
        .distinct();
    let answered = replies::table
        .inner_join(threads::table.on(threads::id.eq(replies::thread_id)))
        .filter(replies::author_id.eq(person).and(replies::deleted_at.is_null()))
        .select(threads::network_id)
        .distinct();
    let revised = revisions::table
        .inner_join(documents::table.on(documents::id.eq(revisions::document_id)))
        .filter(revisions::author_id.eq(person))
        .select(documents::network_id)
        .distinct();
    let moderates = memberships::table
        .filter(memberships::person_id.eq(person).and(memberships::state.eq(MemberState::Active)))
        .filter(memberships::role.eq_any([MemberRole::Coordinator, MemberRole::Facilitator]))
        .select(memberships::network_id);
    let mut found: BTreeSet<NetworkId> = BTreeSet::new();
    found.extend(began.load::<NetworkId>(conn)?);
    found.extend(answered.load::<NetworkId>(conn)?);
    found.extend(revised.load::<NetworkId>(conn)?);
    found.extend(moderates.load::<NetworkId>(conn)?);
    let found: Vec<NetworkId> = found.into_iter().collect();
    let mut networks = networks::by_ids(conn, &found)?;
    networks.retain(|network| network.slug.host().is_empty());
    networks.sort_by_key(|network| network.id);
    Ok(networks)
}
