//! Reading what a screen shows.

use kring_db::Conn;

use crate::accounts::{PersonId, Viewer};
use crate::error::Result;
use crate::networks::policy::{Standing, Successor};
use crate::networks::{self, Membership, Network, Slug};
use crate::{documents, threads};

/// What a network's page embeds.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    pub threads: bool,
    pub documents: bool,
    pub coordinators: bool,
    pub viewer: bool,
}

/// A network, as the viewer stands to it.
pub struct Place {
    pub network: Network,
    pub membership: Option<Membership>,
    pub person: Option<PersonId>,
}

impl Place {
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            network: &self.network,
            person: self.person,
            membership: self.membership.as_ref(),
        }
    }
}

/// A network that the viewer may know of; 404 for others.
pub fn open(conn: &mut Conn, viewer: &Viewer, slug: &Slug) -> Result<Place> {
    let (network, membership) = networks::seen(conn, viewer, slug)?;
    Ok(Place { network, membership, person: viewer.person() })
}

/// How many threads and documents of the network a member has not read; nothing waits for others.
pub fn unread(conn: &mut Conn, place: &Place) -> Result<i64> {
    let Some(person) = place.person.filter(|_| place.standing().is_member()) else { return Ok(0) };
    let here = [place.network.id];
    let threads = threads::unread_counts(conn, person, &here)?;
    let documents = documents::unread_counts(conn, person, &here)?;
    Ok(threads.into_iter().chain(documents).map(|(_, count)| count).sum())
}

/// Whether somebody could coordinate the network after the viewer.
pub fn successor(conn: &mut Conn, place: &Place) -> Result<Successor> {
    match &place.membership {
        Some(own) => networks::successor(conn, &place.network, own),
        None => Ok(Successor::Nobody),
    }
}
