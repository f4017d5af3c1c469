//! Rows of networks that live on other instances.

use diesel::prelude::*;
use kring_db::Tx;
use kring_db::schema::{memberships, networks};

use super::folded;
use crate::error::Result;
use crate::networks::model::Network;

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
            networks::updated_at.eq(network.updated_at),
            networks::version.eq(network.version),
        ))
        .execute(tx.conn())?;
    super::set_tags(tx, network)
}
