//! Searching.

use kring_db::Conn;

use super::model::*;
use super::queries::{self, Among};
use crate::accounts::{PersonId, Viewer};
use crate::error::{Code, Error, Fault, Result};
use crate::networks::policy::{Standing, may_read};
use crate::networks::{self, Network, NetworkId, Slug};
use crate::web::{Page, Paging};

/// Hits in their order, and the networks that they are in.
pub fn search(
    conn: &mut Conn,
    viewer: &Viewer,
    asked: &Asked,
    paging: &Paging<Place>,
) -> Result<(Page<Hit>, Vec<Network>)> {
    let network = asked.network.as_ref().map(|slug| within(conn, viewer, slug)).transpose()?;
    let among = Among {
        viewer: viewer.person().unwrap_or(PersonId::NOBODY),
        kinds: &asked.kinds,
        network,
    };
    let places = queries::places(conn, asked, &among, paging.after, paging.limit + 1)?;
    let page = Page::cut(places, paging.limit, Place::to_string, |place| place);
    let mut hits = queries::hits(conn, &page.items)?;
    let rank = |hit: &Hit| page.items.iter().position(|place| place.rank == hit.rank);
    hits.sort_by_key(rank);
    let mut wanted: Vec<NetworkId> = hits.iter().map(|hit| hit.network).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let networks = networks::by_ids(conn, &wanted)?;
    Ok((Page { items: hits, next_cursor: page.next_cursor }, networks))
}

/// The network to look in: 403 where only members may, a fault where the viewer cannot know of it.
fn within(conn: &mut Conn, viewer: &Viewer, slug: &Slug) -> Result<NetworkId> {
    let (network, membership) = networks::seen(conn, viewer, slug).map_err(|error| match error {
        Error::Rule(Code::NotFound) => Fault::new("unknown_network").at("?network"),
        other => other,
    })?;
    may_read(&Standing {
        network: &network,
        person: viewer.person(),
        membership: membership.as_ref(),
    })?;
    Ok(network.id)
}
