//! The start page, with the networks of this instance, and the page of one network.

use askama::Template;
use kring_db::Conn;

use super::Reader;
use crate::error::{Code, Error, Result};
use crate::networks::{
    self, JoinPolicy, NetworkFilter, NetworkId, NetworkState, NetworkView, Slug, Visibility, network_views,
};
use crate::text::markdown::excerpt;
use crate::threads::{self, Place, ThreadView, thread_views};
use crate::web::html::{Frame, Html};
use crate::web::{Page, Paging, links};

/// How many things a page lists.
const LISTED: i64 = 20;

/// Most characters of what a list says of a network or thread.
const EXCERPT: usize = 220;

/// A network in a list.
struct ListedNetwork {
    network: NetworkView,
    link: String,
    about: String,
}

/// A thread in a list.
struct ListedThread {
    thread: ThreadView,
    link: String,
    about: String,
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
        .standing_at(links::home(config), config.public("/v1/networks"));
    let page = HomePage {
        next: page.next_cursor.map(|cursor| frame.to(&format!("/?cursor={cursor}"))),
        networks: networks
            .into_iter()
            .map(|network| ListedNetwork {
                link: frame.to(&format!("/networks/{}", network.slug)),
                about: excerpt(&network.description, EXCERPT),
                network,
            })
            .collect(),
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
    /// May the reader see what is in it?
    open: bool,
    threads: Vec<ListedThread>,
    /// Is it the beginning of the list of threads?
    first: bool,
    next: Option<String>,
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

    /// The names of the municipalities it is about.
    fn municipalities(&self) -> String {
        let names: Vec<&str> = self.network.municipalities.iter().map(|one| one.name.as_str()).collect();
        names.join(", ")
    }

    /// The articles of the CRPD it is about.
    fn articles(&self) -> String {
        let numbers: Vec<String> = self.network.crpd_articles.iter().map(i64::to_string).collect();
        numbers.join(", ")
    }
}

/// One network: what it is about, and what is in it for who may read that.
pub fn network(conn: &mut Conn, reader: &Reader<'_>, slug: &Slug) -> Result<Html> {
    let (asked, viewer) = (reader.asked, &reader.viewer);
    let after: Option<Place> = asked.get("threads");
    let paging = Paging { limit: LISTED, after };
    let (network, rows, open) = match threads::list(conn, viewer, slug, &paging) {
        Ok((network, rows)) => (network, rows, true),
        // It shows itself and nothing else.
        Err(Error::Rule(Code::MembersOnly)) => (networks::seen(conn, viewer, slug)?.0, Vec::new(), false),
        Err(other) => return Err(other),
    };
    let cursor = |(last, ..): &threads::ThreadRow| Place { pinned: last.pinned, id: last.id }.to_string();
    let piece = Page::cut(rows, LISTED, cursor, |row| row);
    let threads = thread_views(conn, std::slice::from_ref(&network), piece.items, None)?;
    let network = network_views(conn, vec![network])?.pop().ok_or(crate::error::NOT_FOUND)?;
    let frame = asked
        .frame(network.name.clone())
        .described(excerpt(&network.description, EXCERPT))
        .standing_at(
            links::network(reader.config, slug.as_str()),
            reader.config.public(&format!("/v1/networks/{slug}")),
        );
    // Who may read a hidden network reads it with a word of their own.
    let frame = if network.visibility == Visibility::Hidden {
        frame.private()
    } else {
        frame
    };
    let page = NetworkPage {
        next: piece.next_cursor.map(|cursor| frame.to(&format!("/networks/{slug}?threads={cursor}"))),
        first: paging.after.is_none(),
        network,
        open,
        threads: threads
            .into_iter()
            .map(|thread| ListedThread {
                link: frame.to(&format!("/threads/{}", thread.id)),
                about: excerpt(&thread.body, EXCERPT),
                thread,
            })
            .collect(),
        frame,
    };
    Html::of(&page.frame, &page)
}
