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
pub mod routes;
mod sitemap;
mod threads;
mod words;

use crate::accounts::Viewer;
use crate::config::Config;
use crate::networks::Network;
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

/// What somebody wrote, as a part of a page whose own heading is of `level`. A table that is wider than the screen
/// scrolls by itself, by keyboard too.
fn written(frame: &Frame, html: &str, level: u8) -> String {
    scrolling(frame, &below(html, level))
}

fn scrolling(frame: &Frame, html: &str) -> String {
    let html = telling_addresses(html);
    if !html.contains("<table>") {
        return html;
    }
    let label = frame.say("page-table");
    html.replace(
        "<table>",
        &format!("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"{label}\"><table>"),
    )
    .replace("</table>", "</table></div>")
}

/// Marks links that say where they lead, as an address or as somebody's name (`@ann`): on paper no address need stand
/// behind them.
fn telling_addresses(html: &str) -> String {
    const START: &str = "<a href=\"";
    let mut told = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find(START) {
        let (before, link) = rest.split_at(start);
        told.push_str(before);
        let address = link[START.len()..].split('"').next().unwrap_or_default();
        let says = link.split_once('>').and_then(|(_, text)| text.split_once("</a>")).map(|(text, _)| text);
        let bare = |text: &str| text.trim_start_matches("https://").trim_start_matches("http://").to_owned();
        let itself = says.is_some_and(|says| bare(says) == bare(address) || says.starts_with('@'));
        told.push_str(if itself { "<a class=\"told\" href=\"" } else { START });
        rest = &link[START.len()..];
    }
    told.push_str(rest);
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_that_says_its_address_is_marked() {
        let html = "<p><a href=\"https://a.nl/b\" rel=\"x\">https://a.nl/b</a> <a href=\"http://c.nl\">hier</a> <a href=\"/@ann\">@ann</a></p>";
        let told = telling_addresses(html);
        assert!(
            told.contains("<a class=\"told\" href=\"https://a.nl/b\"")
                && told.contains("<a href=\"http://c.nl\"")
        );
        assert_eq!(telling_addresses("<a href=\"x"), "<a href=\"x");
    }
}
