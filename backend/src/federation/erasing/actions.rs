//! Who reads what was asked of whom: admins all of it, coordinators what is of their network, everybody what is theirs.

use kring_db::Conn;

use super::rows::{self, Asked, Erasure, ErasureId, ErasureRow, Whose};
use crate::accounts::Viewer;
use crate::accounts::policy::is_admin;
use crate::error::{NOT_FOUND, Result};
use crate::networks::policy::{Standing, may_coordinate};
use crate::networks::{self, Slug};
use crate::peers::Host;
use crate::web::Paging;

/// What others were asked to delete of a network.
pub fn listed(
    conn: &mut Conn,
    viewer: &Viewer,
    slug: &Slug,
    paging: &Paging<ErasureId>,
) -> Result<Vec<ErasureRow>> {
    let (network, membership) = networks::seen(conn, viewer, slug)?;
    may_coordinate(&Standing {
        network: &network,
        person: viewer.person(),
        membership: membership.as_ref(),
    })?;
    rows::listed(conn, Whose::Network(network.id), paging.after, paging.limit)
}

/// The same of everything, for admins; or of what is the caller's own.
pub fn of_all(
    conn: &mut Conn,
    viewer: &Viewer,
    mine: bool,
    paging: &Paging<ErasureId>,
) -> Result<Vec<ErasureRow>> {
    let who = viewer.signed_in()?;
    let whose = match mine {
        true => Whose::Person(who.person),
        false => {
            is_admin(who)?;
            Whose::All
        }
    };
    rows::listed(conn, whose, paging.after, paging.limit)
}

/// Of whom something was asked, and how that stands; 404 for whom it does not concern.
pub fn erased_at(
    conn: &mut Conn,
    viewer: &Viewer,
    id: ErasureId,
    paging: &Paging<Host>,
) -> Result<Vec<(Asked, Option<String>)>> {
    let who = viewer.signed_in()?;
    let erasure = rows::erasure(conn, id)?.ok_or(NOT_FOUND)?;
    let concerned =
        who.admin || erasure.person_id == Some(who.person) || coordinates(conn, viewer, &erasure)?;
    if !concerned {
        return Err(NOT_FOUND);
    }
    rows::asked(conn, id, paging.after.as_ref(), paging.limit)
}

fn coordinates(conn: &mut Conn, viewer: &Viewer, erasure: &Erasure) -> Result<bool> {
    let Some(network) = erasure.network_id else { return Ok(false) };
    let (network, membership) = networks::standing_in(conn, network, viewer.person())?;
    let at = Standing {
        network: &network,
        person: viewer.person(),
        membership: membership.as_ref(),
    };
    Ok(may_coordinate(&at).is_ok())
}
