//! Kring's own pages: where mails lead when no frontend is configured, and what search engines read.
//!
//! They show what the API shows to the same reader, by the same actions, and hold no rule of their own. Invariants
//! beyond those of [`crate::web::html`]:
//!
//! - a GET changes nothing: mail programs and scanners open links before people do. Buttons POST;
//! - what a reader may not see is the same 404 as what is not there;
//! - no cookies: a form carries the word that came by mail, and nothing else proves who sends it.
//!
//! With `KRING_FRONTEND_URL` set, mails lead to the frontend. These pages stay, and name the frontend's as the
//! address that counts (`rel="canonical"`).

mod describing;
mod documents;
mod feeds;
mod files;
mod lineage;
mod mailbox;
mod municipalities;
mod networks;
mod persons;
mod proofs;
pub mod routes;
mod sitemap;
mod threads;
mod words;

use crate::accounts::Viewer;
use crate::config::Config;
use crate::networks::Network;
use crate::text::fitting::fitted;
use crate::text::headings::below;
use crate::web::html::{Asked, Frame};

/// Who reads a page, and what they asked for.
struct Reader<'a> {
    viewer: Viewer,
    asked: &'a Asked,
    config: &'a Config,
}

/// What a page is in, for the trail to it.
struct Above {
    name: String,
    /// Its language, for a `lang` attribute.
    language: String,
    link: String,
}

impl Above {
    fn network(frame: &Frame, network: &Network) -> Self {
        Self {
            name: network.name.to_string(),
            language: network.language.to_string(),
            link: frame.to(&format!("/networks/{}", network.slug)),
        }
    }
}

/// Something that is at home on another instance: what a reader is to know of that.
struct Home {
    told: String,
    /// Where it is read there, and the words that lead to it.
    link: Option<(String, String)>,
}

/// The sentence about somebody who lives elsewhere.
const OF_PERSON: &str = "page-elsewhere-person";

impl Home {
    /// `told` names the sentence with the instance in it, `link` where it is read; `None` of what is at home here.
    fn of(frame: &Frame, told: &str, host: Option<&str>, link: Option<&str>) -> Option<Self> {
        let there = |link: &str| {
            let host = crate::peers::Host::parse(link.to_owned()).ok()?;
            let words = if told == OF_PERSON {
                "page-elsewhere-person-read"
            } else {
                "page-elsewhere-read"
            };
            Some((link.to_owned(), frame.say_with(words, "host", host)))
        };
        host.map(|host| Self {
            told: frame.say_with(told, "host", host),
            link: link.and_then(there),
        })
    }
}

/// A name that leads somewhere.
struct Linked {
    name: String,
    link: String,
}

/// Municipalities, each a code and a name, with the way to their pages.
fn municipality_links(frame: &Frame, municipalities: &[(String, String)]) -> Vec<Linked> {
    let link = |code: &String| frame.to(&format!("/municipalities/{code}"));
    municipalities
        .iter()
        .map(|(code, name)| Linked { name: name.clone(), link: link(code) })
        .collect()
}

/// What somebody wrote, as a part of a page whose own heading is of `level`.
fn written(frame: &Frame, html: &str, level: u8) -> String {
    fitted(&below(html, level), &frame.say("page-table"))
}
