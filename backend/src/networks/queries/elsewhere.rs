//! Rows of networks that live on other instances.

use diesel::prelude::*;
use kring_db::schema::{memberships, networks, peers, persons};
use kring_db::{Conn, Time, Tx};

use super::folded;
use crate::error::Result;
use crate::networks::model::{MemberState, Network, NetworkId};
use crate::peers::Host;

/// Nobody shows any more that they are an expert by experience in a network that lives elsewhere.
pub fn hide_experiences_elsewhere(tx: &mut Tx, network: &Network) -> Result<()> {
    diesel::update(memberships::table.filter(memberships::network_id.eq(network.id)))
        .set(memberships::shows_experience.eq(false))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes what its own instance tells of a network.
pub fn retell(tx: &mut Tx, network: &Network) -> Result<()> {
    diesel::update(networks::table.find(network.id))
        .set((
            networks::name.eq(&network.name),
            networks::description.eq(&network.description),
            networks::description_html.eq(&network.description_html),
            networks::folded.eq(folded(network)),
            networks::visibility.eq(network.visibility),
            networks::join_policy.eq(network.join_policy),
            networks::municipalities.eq(&network.municipalities),
            networks::themes.eq(&network.themes),
            networks::crpd_articles.eq(&network.crpd_articles),
            networks::home_url.eq(&network.home_url),
            networks::documents_edited_by.eq(network.documents_edited_by),
            networks::federation.eq(&network.federation),
            networks::updated_at.eq(network.updated_at),
            networks::version.eq(network.version),
        ))
        .execute(tx.conn())?;
    super::set_tags(tx, network)
}

/// Members of a network who are at another instance.
#[derive(Clone, Debug, Queryable)]
pub struct MembersThere {
    pub network: NetworkId,
    pub host: Host,
    /// Since when that instance takes nothing.
    pub failing_since: Option<Time>,
    pub members: i64,
}

/// At which instances members of these networks are, by network and name.
pub fn members_elsewhere(conn: &mut Conn, of: &[NetworkId]) -> Result<Vec<MembersThere>> {
    let place = (memberships::network_id, persons::host, peers::failing_since);
    Ok(memberships::table
        .inner_join(persons::table.on(persons::id.eq(memberships::person_id)))
        .inner_join(peers::table.on(peers::host.eq(persons::host)))
        .filter(memberships::network_id.eq_any(of).and(memberships::state.eq(MemberState::Active)))
        .group_by(place)
        .order((memberships::network_id, persons::host))
        .select((memberships::network_id, persons::host, peers::failing_since, diesel::dsl::count_star()))
        .load(conn)?)
}
