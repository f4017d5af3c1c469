//! Rows of networks that the viewer may read, across the instance: what pages of municipalities and maps of the site
//! tell. By the filter that stands behind every list of what networks hold, so nothing of other networks shows, in
//! counts neither.

use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use kring_db::schema::{network_tags, networks};
use kring_db::{Conn, Time};

use super::readable_by;
use crate::accounts::PersonId;
use crate::error::Result;
use crate::municipalities::MunicipalityCode;
use crate::networks::model::*;

/// Networks of this instance: maps of the site tell of no others, which have maps of their own.
const HERE: &str = "";

/// Networks about a municipality that the viewer may read, newest first.
pub fn about_municipality(
    conn: &mut Conn,
    viewer: Option<PersonId>,
    code: &MunicipalityCode,
    limit: i64,
) -> Result<Vec<Network>> {
    let about = network_tags::table
        .filter(network_tags::kind.eq("municipality").and(network_tags::value.eq(code.as_str())))
        .select(network_tags::network_id);
    let found = networks::table
        .filter(readable_by(viewer.unwrap_or(PersonId::NOBODY)))
        .filter(networks::id.eq_any(about));
    Ok(found.order(networks::id.desc()).limit(limit).select(Network::as_select()).load(conn)?)
}

/// Municipalities that networks which the viewer may read are about: how many, and when one of them changed last.
pub fn municipalities_of_networks(
    conn: &mut Conn,
    viewer: Option<PersonId>,
) -> Result<Vec<(MunicipalityCode, i64, Option<Time>)>> {
    let told = network_tags::table
        .inner_join(networks::table)
        .filter(network_tags::kind.eq("municipality"))
        .filter(readable_by(viewer.unwrap_or(PersonId::NOBODY)))
        .group_by(network_tags::value)
        .select((network_tags::value, count_star(), max(networks::updated_at)));
    let rows: Vec<(String, i64, Option<Time>)> = told.load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(code, count, changed)| Some((code.parse().ok()?, count, changed)))
        .collect())
}

/// Networks that everyone may read, oldest first, from after `after`: the address, and when what it says of itself
/// changed.
pub fn readable_by_everyone(
    conn: &mut Conn,
    after: NetworkId,
    limit: i64,
) -> Result<Vec<(NetworkId, Slug, Time)>> {
    let open = networks::table
        .filter(readable_by(PersonId::NOBODY).and(networks::host.eq(HERE)))
        .filter(networks::id.gt(after));
    Ok(open
        .order(networks::id)
        .limit(limit)
        .select((networks::id, networks::slug, networks::updated_at))
        .load(conn)?)
}

/// The last network of the piece of `size` that begins after `after`; none where no further piece follows it.
pub fn end_of_piece(conn: &mut Conn, after: NetworkId, size: i64) -> Result<Option<NetworkId>> {
    let open = networks::table
        .filter(readable_by(PersonId::NOBODY).and(networks::host.eq(HERE)))
        .filter(networks::id.gt(after));
    let pair: Vec<NetworkId> =
        open.order(networks::id).offset(size - 1).limit(2).select(networks::id).load(conn)?;
    Ok((pair.len() == 2).then(|| pair[0]))
}
