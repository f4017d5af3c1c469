//! Rows of networks that are taken along or brought in.

use diesel::prelude::*;
use kring_db::schema::{memberships, network_credits, network_tags, networks, persons};
use kring_db::{Conn, Tx};

use crate::accounts::{PersonId, mail_only};
use crate::error::Result;
use crate::networks::model::*;
use crate::networks::policy::{MayArchive, MayImport};

/// Who belongs to the network now. Not who reads by mail alone: they have no name by which others could credit them, and
/// each decides for themselves who sees that they belong to it.
pub fn active_credits(conn: &mut Conn, _may: &MayArchive, network: NetworkId) -> Result<Vec<Credit>> {
    let active = memberships::table
        .inner_join(persons::table.on(persons::id.eq(memberships::person_id)))
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active)))
        .filter(memberships::person_id.ne_all(mail_only()));
    Ok(active
        .select((AuthorPerson::as_select(), memberships::role, memberships::founder, memberships::joined_at))
        .load(conn)?)
}

/// Who belonged to it where it was brought here from.
pub fn kept_credits(conn: &mut Conn, _may: &MayArchive, network: NetworkId) -> Result<Vec<Credit>> {
    let kept = network_credits::table
        .inner_join(persons::table.on(persons::id.eq(network_credits::person_id)))
        .filter(network_credits::network_id.eq(network));
    let columns = (network_credits::role, network_credits::co_founder, network_credits::joined_at);
    Ok(kept.select((AuthorPerson::as_select(), columns.0, columns.1, columns.2)).load(conn)?)
}

/// A network of this instance, for whoever runs it.
pub fn with_slug(conn: &mut Conn, slug: &Slug) -> Result<Option<Network>> {
    let found = networks::table.filter(networks::slug.eq(slug).and(networks::host.eq("")));
    Ok(found.select(Network::as_select()).first(conn).optional()?)
}

/// Keeps who belonged to a network that is being brought in.
pub fn keep_credit(
    tx: &mut Tx,
    _may: &MayImport,
    network: NetworkId,
    person: PersonId,
    (role, co_founder, joined_at): (MemberRole, bool, Option<kring_db::Time>),
) -> Result<()> {
    diesel::insert_into(network_credits::table)
        .values((
            network_credits::network_id.eq(network),
            network_credits::person_id.eq(person),
            network_credits::role.eq(role),
            network_credits::co_founder.eq(co_founder),
            network_credits::joined_at.eq(joined_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Shows a network to those who may see it, with its counts.
pub fn show_imported(tx: &mut Tx, _may: &MayImport, network: &Network) -> Result<()> {
    diesel::update(networks::table.find(network.id))
        .set((
            networks::visibility.eq(network.visibility),
            networks::thread_count.eq(network.thread_count),
            networks::document_count.eq(network.document_count),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Removes a network in which nothing is left.
pub fn drop_network(tx: &mut Tx, _may: &MayImport, id: NetworkId) -> Result<()> {
    diesel::delete(network_credits::table.filter(network_credits::network_id.eq(id))).execute(tx.conn())?;
    diesel::delete(network_tags::table.filter(network_tags::network_id.eq(id))).execute(tx.conn())?;
    diesel::delete(networks::table.find(id)).execute(tx.conn())?;
    Ok(())
}
