//! Home on the wire.

use kring_db::Conn;
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::SignedIn;
use crate::documents::{self, DocumentView};
use crate::error::Result;
use crate::networks::{self, MemberRole, Network, NetworkId, NetworkRefView, NetworkState};
use crate::threads;

/// How many changed documents home shows; the networks have the rest.
const SHOWN: i64 = 10;

/// The first screen of somebody who signed in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Home)]
pub struct HomeView {
    pub waiting: Waiting,
    /// Your networks, by name.
    pub networks: Vec<HomeNetwork>,
    /// Documents of your networks that changed since you read them, newest change first.
    pub changed_documents: Vec<DocumentView>,
}

/// What waits for an answer of yours.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// Networks that you are invited to.
    pub invitations: Vec<NetworkRefView>,
    /// How many people wait for you, as a coordinator, to let them in; each network says its own.
    pub join_requests: i64,
}

/// A network of yours.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HomeNetwork {
    #[schema(example = "openbaar-vervoer")]
    pub slug: String,
    #[schema(example = "Toegankelijk openbaar vervoer")]
    pub name: String,
    pub state: NetworkState,
    /// Your role in it.
    pub role: MemberRole,
    /// Nobody coordinates it: you may choose somebody.
    pub without_coordinator: bool,
    /// How many ask to join; only coordinators are told.
    pub join_requests: i64,
    /// Threads with something that you have not read.
    pub unread_threads: i64,
    /// Documents with a revision that you have not read.
    pub changed_documents: i64,
}

/// Home as it is sent.
pub fn home_view(conn: &mut Conn, who: &SignedIn) -> Result<HomeView> {
    let mine = networks::memberships_of(conn, who.person)?;
    let ids: Vec<NetworkId> = mine.iter().map(|(network, _)| network.id).collect();
    let coordinated: Vec<NetworkId> = mine
        .iter()
        .filter(|(_, own)| own.role == MemberRole::Coordinator)
        .map(|(network, _)| network.id)
        .collect();
    let requests = networks::request_counts(conn, &coordinated)?;
    let threads = threads::unread_counts(conn, who.person, &ids)?;
    let documents = documents::unread_counts(conn, who.person, &ids)?;
    let changed = documents::unread_rows(conn, who.person, &ids, SHOWN)?;
    let of = |counts: &[(NetworkId, i64)], id| {
        counts.iter().find(|(network, _)| *network == id).map_or(0, |(_, count)| *count)
    };
    let networks = mine
        .iter()
        .map(|(network, own)| HomeNetwork {
            slug: network.slug.to_string(),
            name: network.name.to_string(),
            state: network.state,
            role: own.role,
            without_coordinator: network.coordinator_count == 0,
            join_requests: of(&requests, network.id),
            unread_threads: of(&threads, network.id),
            changed_documents: of(&documents, network.id),
        })
        .collect();
    let known: Vec<Network> = mine.into_iter().map(|(network, _)| network).collect();
    Ok(HomeView {
        waiting: Waiting {
            invitations: networks::invitations_of(conn, who.person)?.iter().map(Into::into).collect(),
            join_requests: requests.iter().map(|(_, count)| count).sum(),
        },
        networks,
        changed_documents: documents::document_views(conn, &known, changed, Some(who.person))?,
    })
}
