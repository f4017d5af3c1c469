//! Maps of the site (sitemaps.org) and what robots may read.
//!
//! `/sitemap.xml` names the parts: one of municipalities, and as many of networks, documents and conversations as it
//! takes. A part holds at most [`PART`] addresses, a fifth of what the protocol allows, and is made by itself, so no
//! answer takes more memory than that. A part begins after the last id of the one before it: what was listed stays in
//! its part when more is written.

use std::fmt::Write as _;

use kring_db::{Conn, Time};

use super::{Reader, municipalities};
use crate::config::Config;
use crate::documents::{self, DocumentId};
use crate::error::{NOT_FOUND, Result};
use crate::networks::{self, NetworkId};
use crate::threads::{self, ThreadId};
use crate::web::{Whole, links};

/// Most addresses in a part.
const PART: i64 = 10_000;

/// Most parts of one kind: what one map may name (50 000), shared by three.
const PARTS: usize = 16_000;

const MEDIA_TYPE: &str = "application/xml; charset=utf-8";

/// A part of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Where one begins, and municipalities.
    Places,
    /// Networks after this one.
    Networks(NetworkId),
    /// Documents after this one.
    Documents(DocumentId),
    /// Conversations after this one.
    Threads(ThreadId),
}

impl std::str::FromStr for Part {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text.split_once('-') {
            None if text == "places" => Ok(Self::Places),
            Some(("networks", id)) => id.parse().map(Self::Networks).map_err(|_| ()),
            Some(("documents", id)) => id.parse().map(Self::Documents).map_err(|_| ()),
            Some(("threads", id)) => id.parse().map(Self::Threads).map_err(|_| ()),
            _ => Err(()),
        }
    }
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Places => f.write_str("places"),
            Self::Networks(after) => write!(f, "networks-{after}"),
            Self::Documents(after) => write!(f, "documents-{after}"),
            Self::Threads(after) => write!(f, "threads-{after}"),
        }
    }
}

/// The map: which parts there are. None where search engines are kept out.
pub fn index(conn: &mut Conn, reader: &Reader<'_>) -> Result<Whole> {
    listed(reader)?;
    let mut parts = vec![Part::Places];
    parts
        .extend(pieces(NetworkId(0), |after| networks::end_of_piece(conn, after, PART))?.map(Part::Networks));
    parts.extend(
        pieces(DocumentId(0), |after| documents::end_of_piece(conn, after, PART))?.map(Part::Documents),
    );
    parts.extend(pieces(ThreadId(0), |after| threads::end_of_piece(conn, after, PART))?.map(Part::Threads));
    let mut xml = Xml::new("sitemapindex");
    for part in parts {
        xml.add("sitemap", &reader.config.public(&format!("/sitemap-{part}.xml")), None);
    }
    Ok(xml.end())
}

/// Where the parts of one kind begin. `end` finds the last thing of the part that begins after one.
fn pieces<I: Copy>(first: I, mut end: impl FnMut(I) -> Result<Option<I>>) -> Result<impl Iterator<Item = I>> {
    let mut found = vec![first];
    let mut after = first;
    while let Some(last) = end(after)?.filter(|_| found.len() < PARTS) {
        found.push(last);
        after = last;
    }
    Ok(found.into_iter())
}

/// One part of the map.
pub fn part(conn: &mut Conn, reader: &Reader<'_>, part: Part) -> Result<Whole> {
    listed(reader)?;
    let config = reader.config;
    let mut xml = Xml::new("urlset");
    match part {
        Part::Places => places(conn, reader, &mut xml)?,
        Part::Networks(after) => {
            for (_, slug, changed) in networks::readable_by_everyone(conn, after, PART)? {
                xml.add("url", &links::network(config, slug.as_str()), Some(changed));
            }
        }
        Part::Documents(after) => {
            for (id, changed) in documents::readable_by_everyone(conn, after, PART)? {
                xml.add("url", &links::document(config, id), Some(changed));
            }
        }
        Part::Threads(after) => {
            for (id, changed) in threads::readable_by_everyone(conn, after, PART)? {
                xml.add("url", &links::thread(config, id), Some(changed));
            }
        }
    }
    Ok(xml.end())
}

fn places(conn: &mut Conn, reader: &Reader<'_>, xml: &mut Xml) -> Result<()> {
    let config = reader.config;
    xml.add("url", &links::home(config), None);
    xml.add("url", &links::municipalities(config), None);
    for (code, told) in municipalities::told(conn, reader)? {
        xml.add("url", &links::municipality(config, code), told.changed);
    }
    Ok(())
}

fn listed(reader: &Reader<'_>) -> Result<()> {
    if reader.config.search_engines { Ok(()) } else { Err(NOT_FOUND) }
}

/// A list of addresses, being written.
struct Xml {
    root: &'static str,
    text: String,
}

impl Xml {
    fn new(root: &'static str) -> Self {
        let text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n"
        );
        Self { root, text }
    }

    fn add(&mut self, element: &str, address: &str, changed: Option<Time>) {
        // An address holds no `<`; what else XML minds is written as it wants it.
        let address = address.replace('&', "&amp;").replace('\'', "&apos;");
        let changed = changed.map(|time| format!("<lastmod>{time}</lastmod>")).unwrap_or_default();
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "<{element}><loc>{address}</loc>{changed}</{element}>");
    }

    fn end(mut self) -> Whole {
        let _ = writeln!(self.text, "</{}>", self.root);
        Whole::new(MEDIA_TYPE, self.text)
    }
}

/// What robots may read: pages and the files on them. Not the API, which costs work and tells nothing more; not what
/// leads there from one mail; nothing at all where the instance is not to be found.
pub fn robots(config: &Config) -> String {
    if !config.search_engines {
        return "User-agent: *\nDisallow: /\n".to_owned();
    }
    let barred = [
        "/v1/",
        "/docs/",
        "/dev/",
        "/digests/",
        "/digest-preferences/",
        "/unsubscribe/",
        "/email-invitations/",
        "/no-invitations/",
        "/full-membership/",
        "/verify-email",
        "/reset-password",
        "/*?key=",
        "/*&key=",
    ];
    let mut text = "User-agent: *\nAllow: /v1/attachments/\n".to_owned();
    for path in barred {
        let _ = writeln!(text, "Disallow: {path}");
    }
    let _ = writeln!(text, "\nSitemap: {}", config.public("/sitemap.xml"));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_reads_back_from_its_name() {
        for part in [Part::Places, Part::Documents(DocumentId(0)), Part::Threads(ThreadId(1 << 40))] {
            assert_eq!(part.to_string().parse(), Ok(part));
        }
        for wrong in ["", "places-1", "threads", "threads-x", "persons-0000000000000"] {
            assert_eq!(wrong.parse::<Part>(), Err(()), "{wrong}");
        }
    }
}
