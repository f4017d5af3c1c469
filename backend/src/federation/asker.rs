//! Who asks for something, and what they may read of it.
//!
//! Invariants:
//!
//! - what is for everyone is for whoever asks: no signature is looked at, so none keeps anybody waiting;
//! - what is written in a network for members goes to instances with an approved follower of it, what goes to named
//!   instances to those, and to nobody who did not prove who they are;
//! - an instance reads through the eyes of its follower, by the one filter that counts for everybody;
//! - to all others it is not there, and the answer is that for something that is not there.

use actix_web::HttpRequest;
use kring_activitypub::wire;
use kring_db::Conn;
use url::Url;

use super::actors::NoKey;
use super::addresses::Local;
use super::{actors, asking, queries, rules, signed};
use crate::accounts::{self, Viewer};
use crate::app::App;
use crate::documents;
use crate::error::{NOT_FOUND, Result};
use crate::networks::{self, Network, NetworkId, Slug, Visibility};
use crate::peers::{self, Host, Instance, Reach};
use crate::threads;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Whoever it is.
    Anyone,
    /// An instance with which something is exchanged.
    Instance(Host),
    /// One of which the home of this network, elsewhere, says that somebody there follows it.
    Follower(Host, NetworkId),
}

/// Who signed a request for something: the instance, and the address of its actor. `None` where nobody proved it, or
/// nothing is exchanged with them.
pub async fn of(app: &App, req: &HttpRequest) -> Result<Option<(Host, Url)>> {
    let signed = ["signature", "signature-input"].iter().any(|name| req.headers().contains_key(*name));
    if !signed {
        return Ok(None);
    }
    app.db.read(super::serving::open).await?;
    let signer = match signed::signer(app, req, b"").await? {
        Ok(signer) => signer,
        Err(NoKey { why, .. }) => {
            tracing::info!(why, path = req.path(), "a signature on a question was not taken");
            return Ok(None);
        }
    };
    let exchanged = rules::may_exchange(app, &signer.host).await?;
    Ok(wire::address(&signer.uri).filter(|_| exchanged).map(|actor| (signer.host, actor)))
}

impl Asker {
    fn host(&self) -> Option<&Host> {
        match self {
            Self::Anyone => None,
            Self::Instance(host) | Self::Follower(host, _) => Some(host),
        }
    }

    /// Does what a network says of itself go to them? 404 otherwise.
    pub fn may_know(&self, conn: &mut Conn, network: &Network) -> Result<()> {
        let choice = network.federates();
        let may = match self.host() {
            None => {
                Instance::for_choices(conn, std::iter::once(&choice))?.goes_to(&choice).reach == Reach::Open
            }
            Some(host) => rules::reaches(conn, network, host)?,
        };
        if may { Ok(()) } else { Err(NOT_FOUND) }
    }

    /// Do they know of the people here? Everyone does, unless this instance exchanges with named ones alone.
    pub fn may_know_people(&self, conn: &mut Conn) -> Result<()> {
        let may = match (peers::choice(conn)?, self.host()) {
            (Reach::None, _) | (Reach::Named, None) => false,
            (Reach::Open, _) => true,
            (Reach::Named, Some(host)) => rules::exchanges(conn, host)?,
        };
        if may { Ok(()) } else { Err(NOT_FOUND) }
    }

    /// Whose eyes they read a network with: those of a member of theirs, else anybody's.
    pub fn eyes(&self, conn: &mut Conn, network: NetworkId) -> Result<Viewer> {
        match self {
            Self::Anyone => Ok(Viewer::Anonymous),
            Self::Follower(_, followed) if *followed == network => insider(conn, network),
            Self::Instance(host) | Self::Follower(host, _) => {
                if networks::by_id(conn, network)?.slug.host() == host.as_str() {
                    // Its own home.
                    return insider(conn, network);
                }
                let member = queries::member_from(conn, network, Some(host))?;
                viewer(conn, member)
            }
        }
    }
}

fn viewer(conn: &mut Conn, member: Option<accounts::PersonId>) -> Result<Viewer> {
    Ok(match member {
        Some(member) => Viewer::SignedIn(accounts::acting_elsewhere(conn, member)?),
        None => Viewer::Anonymous,
    })
}

/// The eyes of somebody who belongs to a network: for what goes to all who do.
pub fn insider(conn: &mut Conn, network: NetworkId) -> Result<Viewer> {
    let member = queries::member_from(conn, network, None)?;
    viewer(conn, member)
}

/// Does an instance follow a network of here that is for members? Asked by another that does, about something that
/// stands on its side (as Lemmy asks it).
pub fn confirms(conn: &mut Conn, slug: &Slug, asking: &Host, about: &Url) -> Result<bool> {
    let Some(network) = networks::with_slug(conn, slug)?.filter(|it| it.slug.host().is_empty()) else {
        return Ok(false);
    };
    let Some(about) = Host::of(about).filter(|_| network.visibility == Visibility::Members) else {
        return Ok(false);
    };
    for host in [asking, &about] {
        let follows = queries::member_from(conn, network.id, Some(host))?.is_some();
        if !follows || !rules::reaches(conn, &network, host)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Who asks for something that somebody of here wrote in a network elsewhere that is for members: whether they follow it
/// only its home knows, and is asked.
pub async fn vouched(app: &App, of: &Local, (host, actor): &(Host, Url)) -> Result<Option<Asker>> {
    let of = of.clone();
    let found = app
        .db
        .read(move |conn| {
            let thread = match of {
                Local::Thread(id) => Some(id),
                Local::Reply(id) => threads::thread_of(conn, id)?,
                _ => None,
            };
            let network = match of {
                Local::Document(id) => documents::network_of(conn, id)?,
                _ => thread.map(|id| threads::network_of(conn, id)).transpose()?.flatten(),
            };
            let network = network.map(|id| networks::by_id(conn, id)).transpose()?;
            let elsewhere = network.filter(|network| {
                !network.slug.host().is_empty() && network.visibility == Visibility::Members
            });
            let Some(network) = elsewhere else { return Ok(None) };
            Ok::<_, crate::error::Error>(actors::of_network(conn, network.id)?.zip(Some(network.id)))
        })
        .await?;
    let Some((home, network)) = found else { return Ok(None) };
    let Some(mut followers) = home.followers.as_deref().and_then(wire::address) else {
        return Ok(None);
    };
    followers.query_pairs_mut().append_pair("is_follower", actor.as_str());
    let follows = asking::says_yes(app, &followers).await?;
    Ok(follows.then(|| Asker::Follower(host.clone(), network)))
}
