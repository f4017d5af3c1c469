//! Home on the wire.

use kring_db::{Conn, Time};
use serde::Serialize;
use utoipa::ToSchema;

use crate::accounts::SignedIn;
use crate::attachments::{self, AttachmentView};
use crate::documents::{self, DocumentId, DocumentView};
use crate::error::Result;
use crate::help::{self, HelpMatchesView};
use crate::networks::{
    self, AuthorView, Homes, MemberRole, Membership, Network, NetworkHomeView, NetworkId, NetworkRefView,
    NetworkState, Standing,
};
use crate::text::markdown::excerpt;
use crate::threads::{self, AddressedKind, AddressedPost, ReplyId, ThreadId};

/// How many changed documents home shows; the networks have the rest.
const SHOWN: i64 = 10;

/// How many posts that are addressed to the reader.
const POSTS: i64 = 20;

/// How many files that ask for a description.
const FILES: i64 = 5;

/// How many adopted documents whose source moved on.
const SOURCES: i64 = 5;

/// Most characters of what a post says.
const EXCERPT: usize = 220;

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
    /// Who and what fits, where your networks seek help or you offer it.
    pub help: HelpMatchesView,
}

/// What waits for an answer of yours.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Waiting {
    /// Networks that you are invited to.
    pub invitations: Vec<NetworkRefView>,
    /// How many people wait for you, as a coordinator, to let them in; each network says its own.
    pub join_requests: i64,
    /// Posts in your networks that are addressed to you and that you have not read; and those that mention you in a network
    /// elsewhere, which came here for that.
    pub addressed_to_me: AddressedToMe,
    /// Files that others put into your networks and that ask for a description.
    pub descriptions_wanted: DescriptionsWanted,
    /// Documents that your networks adopted and whose source moved on. Taken over or turned down, they are gone here.
    pub sources_moved_on: SourcesMovedOn,
}

/// Unread posts that mention you, that answer a reply of yours, or that answer a thread you started.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AddressedToMe {
    /// How many there are in all.
    pub count: i64,
    /// The newest of them, at most 20, newest first.
    pub items: Vec<AddressedPostView>,
}

/// A thread or reply that is addressed to you.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AddressedPost)]
pub struct AddressedPostView {
    /// What mentions you and answers you is a `mention`.
    pub kind: AddressedKind,
    pub network: NetworkRefView,
    pub thread: ThreadId,
    /// What the thread is called.
    #[schema(example = "Halte bij het ziekenhuis: perron te laag")]
    pub title: String,
    /// Which reply it is; null where it is the thread itself.
    #[schema(required)]
    pub reply: Option<ReplyId>,
    pub author: AuthorView,
    /// How it begins. Plain text.
    #[schema(example = "@ann, heb jij dit bij jou in de buurt ook gezien?")]
    pub excerpt: String,
    /// The language it is written in (BCP 47).
    #[schema(example = "nl")]
    pub language: String,
    pub created_at: Time,
}

/// Files that ask for a description: whoever put them there may not be able to see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DescriptionsWanted {
    /// How many there are in all.
    pub count: i64,
    /// The newest of them, at most 5, newest first; `target` says what each belongs to.
    pub items: Vec<AttachmentView>,
}

/// Adopted documents that you may change and whose source changed since your network last dealt with that.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SourcesMovedOn {
    /// How many there are in all.
    pub count: i64,
    /// At most 5, the source that changed last first; `/documents/{document}/upstream` tells what.
    pub items: Vec<SourceMovedOn>,
}

/// An adopted document whose source moved on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SourceMovedOn {
    /// Your document.
    pub document: DocumentId,
    #[schema(example = "Plan: alle haltes in Zwolle")]
    pub title: String,
    pub language: String,
    pub network: NetworkRefView,
    /// How many revisions the source is ahead.
    pub behind: i64,
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
    /// The other instance where it lives, and whether that answers; null where it is this one.
    #[schema(required)]
    pub home: Option<NetworkHomeView>,
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
    let waiting = waiting(conn, who, &mine, requests.iter().map(|(_, count)| count).sum())?;
    let belonging: Vec<(&Network, &Membership)> = mine.iter().map(|(network, own)| (network, own)).collect();
    let matches = help::matches(conn, who.person, &belonging)?;
    let help = help::matches_view(conn, matches)?;
    let of = |counts: &[(NetworkId, i64)], id| {
        counts.iter().find(|(network, _)| *network == id).map_or(0, |(_, count)| *count)
    };
    let homes = Homes::of(conn, mine.iter().map(|(network, _)| network))?;
    let networks = mine
        .iter()
        .map(|(network, own)| HomeNetwork {
            slug: network.slug.to_string(),
            name: network.name.to_string(),
            state: network.state,
            role: own.role,
            home: homes.home(network),
            without_coordinator: network.without_coordinator(),
            join_requests: of(&requests, network.id),
            unread_threads: of(&threads, network.id),
            changed_documents: of(&documents, network.id),
        })
        .collect();
    let known: Vec<Network> = mine.into_iter().map(|(network, _)| network).collect();
    Ok(HomeView {
        waiting,
        networks,
        changed_documents: documents::document_views(conn, &known, changed, Some(who.person))?,
        help,
    })
}

/// What waits for somebody who belongs to `mine`.
fn waiting(
    conn: &mut Conn,
    who: &SignedIn,
    mine: &[(Network, Membership)],
    join_requests: i64,
) -> Result<Waiting> {
    let known = || mine.iter().map(|(network, _)| network);
    let ids: Vec<NetworkId> = known().map(|network| network.id).collect();
    // Of what is archived nothing can be changed.
    let open = known().filter(|network| network.state != NetworkState::Archived);
    let open: Vec<NetworkId> = open.map(|network| network.id).collect();
    let outside = threads::mentioned_outside(conn, who.person, &ids)?;
    let within: Vec<NetworkId> = ids.iter().copied().chain(outside.iter().map(|it| it.id)).collect();
    let addressed = threads::addressed_to(conn, who.person, &within, None, POSTS)?;
    let (files, wanted) = attachments::wanted(conn, &open, who.person, FILES)?;
    let posts = addressed.posts.into_iter().filter_map(|post| {
        let network = known().chain(&outside).find(|network| network.id == post.network_id)?;
        Some(post_view(network, post))
    });
    let sources_moved_on = sources_moved_on(conn, who, mine)?;
    Ok(Waiting {
        invitations: networks::invitations_of(conn, who.person)?.iter().map(Into::into).collect(),
        join_requests,
        addressed_to_me: AddressedToMe { count: addressed.total, items: posts.collect() },
        descriptions_wanted: DescriptionsWanted { count: wanted, items: files },
        sources_moved_on,
    })
}

/// Tells only those who can do something about it.
fn sources_moved_on(
    conn: &mut Conn,
    who: &SignedIn,
    mine: &[(Network, Membership)],
) -> Result<SourcesMovedOn> {
    let edited = mine.iter().filter(|(network, membership)| {
        let at = Standing {
            network,
            person: Some(who.person),
            membership: Some(membership),
        };
        documents::policy::may_edit(&at).is_ok()
    });
    let edited: Vec<NetworkId> = edited.map(|(network, _)| network.id).collect();
    if edited.is_empty() {
        return Ok(SourcesMovedOn { count: 0, items: Vec::new() });
    }
    let (behind, count) = documents::behind(conn, who.person, &edited, SOURCES)?;
    let ids: Vec<DocumentId> = behind.iter().map(|(id, _)| *id).collect();
    let rows = match ids.as_slice() {
        [] => Vec::new(),
        ids => documents::document_rows(conn, ids, None)?,
    };
    let items = behind.into_iter().filter_map(|(id, behind)| {
        let (document, ..) = rows.iter().find(|row| row.0.id == id)?;
        let (network, _) = mine.iter().find(|(network, _)| network.id == document.network_id)?;
        Some(SourceMovedOn {
            document: id,
            title: document.title.to_string(),
            language: document.language.to_string(),
            network: network.into(),
            behind,
        })
    });
    Ok(SourcesMovedOn { count, items: items.collect() })
}

fn post_view(network: &Network, post: AddressedPost) -> AddressedPostView {
    AddressedPostView {
        kind: post.kind,
        network: network.into(),
        thread: post.thread_id,
        title: post.title.to_string(),
        reply: post.reply_id,
        author: AuthorView::of(post.author, post.role),
        excerpt: excerpt(&post.body, EXCERPT),
        language: post.language.to_string(),
        created_at: post.created_at,
    }
}
