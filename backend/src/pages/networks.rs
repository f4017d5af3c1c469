//! The start page, with the networks of this instance, and the page of one network.

use askama::Template;
use kring_db::Conn;

use super::documents::Listed;
use super::{Above, Home, Linked, Reader, describing, feeds, municipality_links, written};
use crate::documents::{self, DocumentFilter, DocumentRow};
use crate::error::{Code, Error, Result};
use crate::networks::{
    self, JoinPolicy, NetworkFilter, NetworkId, NetworkState, NetworkView, Slug, Visibility, network_views,
};
use crate::text::summary::about;
use crate::threads::{self, Place, ThreadView, thread_views};
use crate::web::html::head::HeadLink;
use crate::web::html::{Frame, Html};
use crate::web::{Page, Paging, links};

/// How many networks or threads a page lists.
const LISTED: i64 = 20;

/// How many documents the page of a network lists above its threads.
const DOCUMENTS: i64 = 10;

/// Most characters of what a list says of a network or thread.
const EXCERPT: usize = 220;

/// A network in a list.
pub struct ListedNetwork {
    pub network: NetworkView,
    pub link: String,
    pub about: String,
    /// What is to be known before opening it.
    pub state: Option<String>,
    pub members: String,
}

impl ListedNetwork {
    pub fn of(frame: &Frame, network: NetworkView) -> Self {
        let state = match (network.state, network.visibility) {
            (NetworkState::Archived, _) => Some(frame.say("page-state-archived")),
            (_, Visibility::Members) => Some(frame.say("page-state-members")),
            (NetworkState::Proposed, _) => Some(frame.say("page-state-proposed")),
            _ => None,
        };
        let on = network.host.as_ref().map(|host| frame.say_with("page-on-host", "host", host));
        let state = on.into_iter().chain(state).reduce(|on, state| format!("{on} · {state}"));
        Self {
            link: frame.to(&format!("/networks/{}", network.slug)),
            about: about(network.plain_summary.as_deref(), &network.description, EXCERPT),
            state,
            members: members(frame, &network),
            network,
        }
    }
}

/// How many take part, as far as that is known here.
fn members(frame: &Frame, network: &NetworkView) -> String {
    let key = if network.host.is_some() {
        "page-members-known"
    } else {
        "page-members"
    };
    frame.say_with(key, "count", network.member_count)
}

/// A thread in a list.
struct ListedThread {
    thread: ThreadView,
    link: String,
    about: String,
}

impl ListedThread {
    fn of(frame: &Frame, thread: ThreadView) -> Self {
        Self {
            link: frame.to(&format!("/threads/{}", thread.id)),
            about: about(thread.plain_summary.as_deref(), &thread.body, EXCERPT),
            thread,
        }
    }
}

#[derive(Template)]
#[template(path = "pages/home.html")]
struct HomePage {
    frame: Frame,
    networks: Vec<ListedNetwork>,
    next: Option<String>,
    first: bool,
}

/// The networks of this instance, newest first.
pub fn home(conn: &mut Conn, reader: &Reader<'_>) -> Result<Html> {
    let asked = reader.asked;
    let after: Option<NetworkId> = asked.get("cursor");
    let found = networks::list(conn, &reader.viewer, &NetworkFilter::default(), after, LISTED)?;
    let page = Page::cut(found, LISTED, |last| last.id.to_string(), |network| network);
    let networks = network_views(conn, page.items)?;
    let config = reader.config;
    let frame = asked
        .frame(asked.lang.say("page-home"))
        .described(asked.lang.say("page-home-lead"))
        .standing_at(links::home(config), config.public("/v1/networks"))
        .being(describing::website(reader));
    let page = HomePage {
        next: page.next_cursor.map(|cursor| frame.to(&format!("/?cursor={cursor}"))),
        networks: networks.into_iter().map(|network| ListedNetwork::of(&frame, network)).collect(),
        first: after.is_none(),
        frame,
    };
    Html::of(&page.frame, &page)
}

#[derive(Template)]
#[template(path = "pages/network.html")]
struct NetworkPage {
    frame: Frame,
    network: NetworkView,
    /// Where it lives, if not here, in words; and whether that answers.
    home: Option<(String, bool)>,
    /// Where it is read there.
    there: Option<Home>,
    members: String,
    municipalities: Vec<Linked>,
    /// Its feed; none where not everyone may read what is in it.
    feed: Option<String>,
    /// What it is about, as HTML.
    about: String,
    /// May the reader see what is in it?
    open: bool,
    documents: Vec<Listed>,
    more_documents: Option<String>,
    show_threads: bool,
    threads: Vec<ListedThread>,
    next: Option<String>,
    /// Is it the beginning of both lists?
    first: bool,
}

impl NetworkPage {
    /// How one becomes a member, in words.
    fn joining(&self) -> String {
        self.frame.say(match (self.network.state, self.network.join_policy) {
            (NetworkState::Archived, _) => "page-join-archived",
            (_, JoinPolicy::Open) => "page-join-open",
            (_, JoinPolicy::Request) => "page-join-request",
            (_, JoinPolicy::Invitation) => "page-join-invitation",
        })
    }

    fn proposed(&self) -> bool {
        self.network.state == NetworkState::Proposed
    }

    fn archived(&self) -> bool {
        self.network.state == NetworkState::Archived
    }

    /// The articles of the CRPD it is about.
    fn articles(&self) -> String {
        let numbers: Vec<String> = self.network.crpd_articles.iter().map(i64::to_string).collect();
        numbers.join(", ")
    }
}

/// One network: what it is about, and what is in it for who may read that: documents first, then conversations. Later
/// pieces of either list come without the rest.
pub fn network(conn: &mut Conn, reader: &Reader<'_>, slug: &Slug) -> Result<Html> {
    let (asked, viewer) = (reader.asked, &reader.viewer);
    let (threads_after, documents_after) = (asked.get("threads"), asked.get("documents"));
    let first = threads_after.is_none() && documents_after.is_none();
    let paging = Paging { limit: LISTED, after: threads_after };
    let (network, rows, open) = match threads::list(conn, viewer, slug, &paging) {
        Ok((network, rows)) => (network, rows, true),
        // It shows itself and nothing else.
        Err(Error::Rule(Code::MembersOnly)) => (networks::seen(conn, viewer, slug)?.0, Vec::new(), false),
        Err(other) => return Err(other),
    };
    let documents = if open && threads_after.is_none() {
        let paging = Paging { limit: DOCUMENTS, after: documents_after };
        documents::list(conn, viewer, slug, &DocumentFilter::default(), &paging)?.1
    } else {
        Vec::new()
    };
    let cursor = |(last, ..): &threads::ThreadRow| Place { pinned: last.pinned, id: last.id }.to_string();
    let piece = Page::cut(rows, LISTED, cursor, |row| row);
    let cursor = |(last, ..): &DocumentRow| documents::Place::of(last).to_string();
    let document_piece = Page::cut(documents, DOCUMENTS, cursor, |row| row);
    let threads = thread_views(conn, std::slice::from_ref(&network), piece.items, None)?;
    let network = network_views(conn, vec![network])?.pop().ok_or(crate::error::NOT_FOUND)?;
    let frame = frame(reader, &network);
    let more = |list: &str, cursor: String| frame.to(&format!("/networks/{slug}?{list}={cursor}"));
    let page = NetworkPage {
        more_documents: document_piece.next_cursor.map(|cursor| more("documents", cursor)),
        next: piece.next_cursor.map(|cursor| more("threads", cursor)),
        first,
        home: home_of(&frame, &network),
        show_threads: documents_after.is_none(),
        municipalities: municipality_links(&frame, &places(&network)),
        feed: (network.visibility == Visibility::Public).then(|| feeds::of_network(&network.slug)),
        about: written(&frame, &network.description_html, 1),
        documents: document_piece.items.into_iter().map(|row| Listed::of(&frame, row)).collect(),
        threads: threads.into_iter().map(|thread| ListedThread::of(&frame, thread)).collect(),
        members: members(&frame, &network),
        there: Home::of(&frame, "page-home-elsewhere", network.host.as_deref(), network.home_url.as_deref()),
        network,
        open,
        frame,
    };
    Html::of(&page.frame, &page)
}

/// Where a network lives, if not here, in words; and whether that answers.
fn home_of(frame: &Frame, network: &NetworkView) -> Option<(String, bool)> {
    let home = network.home.as_ref()?;
    let host = ("host", home.host.clone());
    Some(match home.unreachable_since {
        Some(since) => {
            let args = [host, ("since", frame.day(&since))];
            (frame.lang().say_with("page-home-silent", &args), false)
        }
        None => (frame.lang().say_with("page-home-elsewhere", &[host]), true),
    })
}

/// The municipalities it is about, each a code and a name.
fn places(network: &NetworkView) -> Vec<(String, String)> {
    network.municipalities.iter().map(|one| (one.code.to_string(), one.name.clone())).collect()
}

fn frame(reader: &Reader<'_>, network: &NetworkView) -> Frame {
    let slug = &network.slug;
    let address = network.home_url.clone().unwrap_or_else(|| links::network(reader.config, slug));
    let about = about(network.plain_summary.as_deref(), &network.description, EXCERPT);
    let area = places(network);
    let area = area.iter().map(|(code, name)| describing::municipality(reader, code, name));
    let told = describing::with(
        describing::collection(reader, &address, &network.name, &network.language),
        serde_json::json!({
            "description": about,
            "keywords": network.themes,
            "spatialCoverage": area.collect::<Vec<_>>(),
        }),
    );
    let frame = reader
        .asked
        .frame(network.name.clone())
        .described(about)
        .standing_at(address, reader.config.public(&format!("/v1/networks/{slug}")))
        .being(told);
    match network.visibility {
        Visibility::Public => {
            let title = reader.asked.lang.say_with("page-feed-title", &[("title", network.name.clone())]);
            let feed = reader.config.public(&feeds::of_network(slug));
            frame.linked(HeadLink::alternate("application/atom+xml", feed, title))
        }
        Visibility::Members => frame,
        // Who may read a hidden network reads it with a word of their own.
        Visibility::Hidden => frame.private(),
    }
}
