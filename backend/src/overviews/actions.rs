//! Reading what a screen shows, and changing a network.

use kring_db::{Conn, Tx};

use crate::accounts::{PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::drafts::{self, Content, DraftKind, Further, Reference, Target};
use crate::error::{Error, Result};
use crate::networks::policy::{Standing, Successor};
use crate::networks::{self, Membership, Network, NetworkChange, Slug};
use crate::text::summary::PlainSummary;
use crate::web::{IfMatch, Saved, Words};
use crate::{documents, threads};

/// What a network's page embeds.
#[derive(Clone, Copy, Debug)]
pub struct Parts {
    pub advice: bool,
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

/// Changes a network; the draft that its words came from goes. Words that came too late are kept as a draft.
pub fn change(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    known: &IfMatch,
    change: &NetworkChange,
    from: Option<Reference>,
) -> Result<Saved<Network>> {
    let target = Target::in_network(DraftKind::Network, slug);
    match networks::change(tx, cx, who, slug, known, change) {
        Ok(network) => {
            if change.writes() {
                drafts::published(tx, who, &target, from, &words(&network))?;
            }
            Ok(Saved::Done(network))
        }
        Err(Error::Stale(etag)) if change.writes() => {
            let (network, _) = networks::seen(tx, &Viewer::SignedIn(who.clone()), slug)?;
            let sent = sent(&network, change, known);
            drafts::refuse(tx, cx, who, &target, words(&network).at(etag), &sent).map(Saved::Refused)
        }
        Err(other) => Err(other),
    }
}

/// What a network says of itself now, as far as drafts have it.
fn words(network: &Network) -> Words {
    Words {
        title: Some(network.name.to_string()),
        body: Some(network.description.clone()),
        plain_summary: PlainSummary::told(network.plain_summary.as_ref()),
        language: Some(network.language.to_string()),
    }
}

/// What was sent, as a draft. What was not sent would have stayed.
fn sent(network: &Network, change: &NetworkChange, known: &IfMatch) -> Content {
    Content {
        title: change.name.as_ref().map(ToString::to_string),
        body: change.description.as_ref().unwrap_or(&network.description).clone(),
        base: known.sent().map(str::to_owned),
        further: Further {
            plain_summary: PlainSummary::told(change.plain_summary.as_ref().and_then(Option::as_ref)),
            language: change.language.as_ref().map(ToString::to_string),
            ..Further::default()
        },
    }
}
