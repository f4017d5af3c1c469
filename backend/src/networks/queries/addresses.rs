//! Which network an address leads to: the one in its row, one that it had before, or one that is kept for it.

use diesel::prelude::*;
use kring_db::schema::{memberships, network_addresses, network_moves, networks};
use kring_db::{Conn, Time, Tx, each_dialect};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::model::*;

/// States of moves, which federation keeps.
const PREPARED: &str = "prepared";
const ELSEWHERE: &str = "elsewhere";

/// A network by its address, and how the viewer stands to it: in one query, save where it is another than its own.
pub fn by_slug(
    conn: &mut Conn,
    slug: &Slug,
    viewer: Option<PersonId>,
) -> Result<Option<(Network, Option<Membership>)>> {
    let own = memberships::network_id
        .eq(networks::id)
        .and(memberships::person_id.eq(viewer.unwrap_or(PersonId::NOBODY)));
    let found = networks::table
        .left_join(memberships::table.on(own))
        .filter(networks::slug.eq(slug))
        .select((Network::as_select(), Option::<Membership>::as_select()));
    match found.first(conn).optional()? {
        Some(found) => Ok(Some(found)),
        None => other_address(conn, slug)?.map(|id| super::standing_in(conn, id, viewer)).transpose(),
    }
}

/// The network that an address leads to which is not its own.
pub fn other_address(conn: &mut Conn, slug: &Slug) -> Result<Option<NetworkId>> {
    let kept = network_addresses::table.find(slug).select(network_addresses::network_id);
    Ok(kept.first(conn).optional()?)
}

/// The network that an address leads to, whoever asks.
pub fn with_address(conn: &mut Conn, slug: &Slug) -> Result<Option<Network>> {
    Ok(by_slug(conn, slug, None)?.map(|(network, _)| network))
}

/// Is an address given out, or was it ever?
pub fn slug_taken(conn: &mut Conn, slug: &Slug) -> Result<bool> {
    let same = networks::table.filter(networks::slug.eq(slug)).select(networks::id);
    let taken = same.first::<NetworkId>(conn).optional()?.is_some();
    Ok(taken || other_address(conn, slug)?.is_some())
}

/// The other addresses of a network, oldest first.
pub fn other_addresses(conn: &mut Conn, network: NetworkId) -> Result<Vec<Slug>> {
    let its = network_addresses::table.filter(network_addresses::network_id.eq(network));
    let in_order = its.order((network_addresses::created_at, network_addresses::slug));
    Ok(in_order.select(network_addresses::slug).load(conn)?)
}

/// The addresses that some networks had before, oldest first; one that is kept for what is to come is none.
pub fn former_addresses(conn: &mut Conn, ids: &[NetworkId]) -> Result<Vec<(NetworkId, Slug)>> {
    let to_come = network_moves::table
        .filter(network_moves::state.eq(PREPARED))
        .select(network_moves::to_address);
    let its = network_addresses::table
        .filter(network_addresses::network_id.eq_any(ids).and(network_addresses::slug.ne_all(to_come)));
    let in_order = its.order((network_addresses::created_at, network_addresses::slug));
    Ok(in_order.select((network_addresses::network_id, network_addresses::slug)).load(conn)?)
}

/// Those of some networks that are continued somewhere else, each with where, oldest first.
pub fn continued_as(conn: &mut Conn, ids: &[NetworkId]) -> Result<Vec<(NetworkId, Slug)>> {
    let its = network_moves::table
        .filter(network_moves::network_id.eq_any(ids).and(network_moves::state.eq(ELSEWHERE)));
    let in_order = its.order(network_moves::id);
    Ok(in_order.select((network_moves::network_id, network_moves::to_address)).load(conn)?)
}

/// Lets an address lead to a network from now on, besides its own.
pub fn keep_address(tx: &mut Tx, slug: &Slug, network: NetworkId, now: Time) -> Result<()> {
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(network_addresses::table)
            .values((
                network_addresses::slug.eq(slug),
                network_addresses::network_id.eq(network),
                network_addresses::created_at.eq(now),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}

/// Gives a network another address; the one before leads to it still.
pub fn move_to(tx: &mut Tx, network: &Network, slug: &Slug, now: Time) -> Result<()> {
    diesel::delete(network_addresses::table.find(slug)).execute(tx.conn())?;
    keep_address(tx, &network.slug, network.id, now)?;
    diesel::update(networks::table.find(network.id))
        .set((
            networks::slug.eq(slug),
            networks::host.eq(slug.host()),
            // Where people read it there its home tells; here its page is its own.
            networks::home_url.eq(None::<String>),
            networks::updated_at.eq(now),
            networks::version.eq(networks::version + 1),
        ))
        .execute(tx.conn())?;
    Ok(())
}
