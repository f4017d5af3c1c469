//! Where networks live, on the wire.

use kring_db::{Conn, Time};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::networks::model::*;
use crate::networks::queries;
use crate::peers::{self, Reach, Silent};

/// The other instance where a network lives.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = NetworkHome)]
pub struct NetworkHomeView {
    #[schema(example = "kring.utrecht.example")]
    pub host: String,
    /// It answers. Where it does not, what is written waits here, and is sent when it is back.
    pub reachable: bool,
    /// Since when it does not answer.
    #[schema(required)]
    pub unreachable_since: Option<Time>,
    /// From when on a coordinator on this instance can continue the network here, should the home stay away.
    #[schema(required)]
    pub continuable_from: Option<Time>,
}

/// Where many networks live and lived, looked up at once.
pub struct Homes {
    silent: Vec<Silent>,
    former: Vec<(NetworkId, Slug)>,
    continued: Vec<(NetworkId, Slug)>,
}

impl Homes {
    /// Nothing is looked up where none of them ever left its instance.
    pub fn of<'n>(conn: &mut Conn, networks: impl Iterator<Item = &'n Network>) -> Result<Self> {
        let away: Vec<&Network> =
            networks.filter(|network| network.federation.reach() != Reach::None).collect();
        let hosts: Vec<&str> =
            away.iter().map(|network| network.slug.host()).filter(|it| !it.is_empty()).collect();
        let ids: Vec<NetworkId> = away.iter().map(|network| network.id).collect();
        let none = ids.is_empty();
        Ok(Self {
            silent: if hosts.is_empty() {
                Vec::new()
            } else {
                peers::silent(conn, &hosts)?
            },
            former: if none { Vec::new() } else { queries::former_addresses(conn, &ids)? },
            continued: if none { Vec::new() } else { queries::continued_as(conn, &ids)? },
        })
    }

    /// Where a network lives, if not here.
    pub fn home(&self, network: &Network) -> Option<NetworkHomeView> {
        let host = network.slug.host();
        let silent = self.silent.iter().find(|silent| silent.host == host);
        (!host.is_empty()).then(|| NetworkHomeView {
            host: host.to_owned(),
            reachable: silent.is_none(),
            unreachable_since: silent.and_then(|silent| silent.since),
            continuable_from: silent.and_then(|silent| silent.continuable_at),
        })
    }

    /// The addresses that it had before.
    pub fn former(&self, network: &Network) -> Vec<String> {
        let its = self.former.iter().filter(|(id, _)| *id == network.id);
        its.map(|(_, slug)| slug.to_string()).collect()
    }

    /// The address under which it is continued elsewhere, besides here.
    pub fn continued(&self, network: &Network) -> Option<String> {
        let its = self.continued.iter().rev().find(|(id, _)| *id == network.id);
        its.map(|(_, slug)| slug.to_string())
    }
}
