//! Networks taken along, and brought in.

use kring_db::{Conn, Tx};

use super::networks::entry;
use crate::accounts::{PersonId, Viewer};
use crate::app::Context;
use crate::error::{Code, NOT_FOUND, Result};
use crate::index::{self, EntryKind};
use crate::networks::model::*;
use crate::networks::policy::{self, MayArchive, MayImport, Standing};
use crate::networks::queries;

/// A network that the viewer may take along.
pub fn archiving(conn: &mut Conn, viewer: &Viewer, slug: &Slug) -> Result<(Network, MayArchive)> {
    let (network, membership) = super::seen(conn, viewer, slug)?;
    let at = Standing {
        network: &network,
        person: viewer.person(),
        membership: membership.as_ref(),
    };
    let may = policy::may_archive(&at)?;
    Ok((network, may))
}

/// Does the person belong to the network, and do they coordinate it?
pub fn read_by(conn: &mut Conn, id: NetworkId, person: PersonId) -> Result<Option<MemberRole>> {
    let (network, membership) = queries::standing_in(conn, id, Some(person))?;
    let at = Standing {
        network: &network,
        person: Some(person),
        membership: membership.as_ref(),
    };
    Ok(at.role())
}

/// Who belongs to the network, and who belonged to it where it was brought here from: credit for what was done together.
pub fn roster(conn: &mut Conn, may: &MayArchive, id: NetworkId) -> Result<Vec<Credit>> {
    if !may.with_members() {
        return Ok(Vec::new());
    }
    let mut found = queries::active_credits(conn, may, id)?;
    let earlier = queries::kept_credits(conn, may, id)?;
    let here: Vec<PersonId> = found.iter().map(|credit| credit.person.id).collect();
    found.extend(earlier.into_iter().filter(|credit| !here.contains(&credit.person.id)));
    found.sort_by_key(|credit| credit.person.address());
    Ok(found)
}

/// Makes room for a network that is being brought in: hidden, and nobody belongs to it, until [`finish_import`].
pub fn begin_import(tx: &mut Tx, _may: &MayImport, network: &Network) -> Result<()> {
    if queries::slug_taken(tx, &network.slug)? {
        return Err(Code::SlugTaken.into());
    }
    queries::insert(tx, &Network { visibility: Visibility::Hidden, ..network.clone() })
}

/// Shows a network that was brought in whole, as `network` says. Nobody becomes a member by it; who brings it in may
/// coordinate it, so that somebody can let the others in.
pub fn finish_import(
    tx: &mut Tx,
    cx: &Context,
    may: &MayImport,
    network: &Network,
    coordinator: Option<PersonId>,
) -> Result<()> {
    queries::show_imported(tx, may, network)?;
    queries::set_tags(tx, network)?;
    if let Some(person) = coordinator {
        let first = super::networks::first_membership(cx, network, person);
        queries::save_membership(tx, &Membership { founder: false, ..first })?;
    }
    queries::recount(tx, network.id, cx.now())?;
    index::put(tx, &entry(network))
}

/// Takes away what came of an import that did not end, once everything in the network is gone.
pub fn drop_import(tx: &mut Tx, may: &MayImport, id: NetworkId) -> Result<()> {
    let network = queries::by_ids(tx, &[id])?.pop().ok_or(NOT_FOUND)?;
    // One that is shown was brought in whole, or was always here.
    if network.visibility != Visibility::Hidden || network.member_count > 0 {
        return Err(Code::AlreadyHere.into());
    }
    index::remove(tx, EntryKind::Network, id.0)?;
    queries::drop_network(tx, may, id)
}
