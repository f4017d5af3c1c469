//! Rows of networks that seek help.

use diesel::prelude::*;
use kring_db::Tx;
use kring_db::schema::network_tags;

use crate::error::Result;
use crate::networks::model::Network;

/// The kind of the tags that say which help a network seeks.
pub const HELP: &str = "help";

/// Brings what finds helpers for a network in line with what it seeks. After [`super::set_tags`], which takes all tags
/// away: without themes of its own a network seeks help with what it is about.
pub fn set_help_tags(tx: &mut Tx, network: &Network) -> Result<()> {
    for theme in network.help_themes().unwrap_or_default() {
        diesel::insert_into(network_tags::table)
            .values((
                network_tags::network_id.eq(network.id),
                network_tags::kind.eq(HELP),
                network_tags::value.eq(theme.as_str()),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}
