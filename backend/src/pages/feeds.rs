//! Atom feeds (RFC 4287): what is new in a network, and about a municipality, for who reads neither mail nor pages.
//!
//! They tell what everyone may read, whoever asks; a network of which everyone may read nothing has none. Entries are
//! conversations and documents: a conversation changes when its first post is edited, a document with every revision.
//! Replies are left out: they would push out everything else. An entry's id is made of the host and the day the thing
//! was written (RFC 4151), and stays when the way to it changes.

use askama::Template;
use kring_db::{Conn, Time};

use super::Reader;
use super::describing::page_of;
use crate::accounts::Viewer;
use crate::documents::{self, About, DocumentFilter, DocumentId, DocumentRow};
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::municipalities::{self, MunicipalityCode};
use crate::networks::{AuthorView, Network, Slug};
use crate::text::addresses;
use crate::text::summary::{self, PlainSummary};
use crate::threads::{self, ThreadView};
use crate::web::{Paging, Whole, links};

const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

/// Most entries of a feed: the newest.
const ENTRIES: usize = 50;

/// Most characters of what an entry says of itself.
const SUMMARY: usize = 300;

/// Where the feed of a network is.
pub fn of_network(slug: &str) -> String {
    format!("/networks/{slug}/feed.atom")
}

/// Where the feed of a municipality is.
pub fn of_municipality(code: &MunicipalityCode) -> String {
    format!("/municipalities/{code}/feed.atom")
}

#[derive(Template)]
#[template(path = "pages/feed.xml")]
struct Feed {
    id: String,
    title: String,
    about: String,
    language: String,
    instance: String,
    /// Where the same can be read as a page, and where the feed itself is.
    page: String,
    address: String,
    icon: String,
    updated: Time,
    entries: Vec<Entry>,
}

struct Entry {
    id: String,
    title: String,
    language: String,
    page: String,
    published: Time,
    updated: Time,
    /// Names, each with where their page is.
    authors: Vec<(String, Option<String>)>,
    kind: String,
    summary: String,
    /// All of it, as HTML with whole addresses.
    html: Option<String>,
}

/// What is new in a network.
pub fn network(conn: &mut Conn, reader: &Reader<'_>, slug: &Slug) -> Result<Whole> {
    let paging = Paging { limit: ENTRIES as i64, after: None };
    let (network, rows) = match threads::list(conn, &Viewer::Anonymous, slug, &paging) {
        Err(Error::Rule(Code::MembersOnly)) => return Err(NOT_FOUND),
        found => found?,
    };
    let threads = threads::thread_views(conn, std::slice::from_ref(&network), rows, None)?;
    let paging = Paging { limit: ENTRIES as i64, after: None };
    let filter = DocumentFilter::default();
    let documents = documents::list(conn, &Viewer::Anonymous, slug, &filter, &paging)?.1;
    let mut entries: Vec<Entry> =
        threads.into_iter().map(|thread| thread_entry(reader, thread, &network)).collect();
    entries.extend(document_entries(conn, reader, documents)?);
    let feed = Feed {
        id: tag(reader, network.created_at, &format!("/networks/{slug}")),
        title: network.name.to_string(),
        about: summary::about(
            network.plain_summary.as_ref().map(PlainSummary::as_str),
            &network.description,
            SUMMARY,
        ),
        language: network.language.to_string(),
        instance: reader.config.instance_name.clone(),
        page: links::network(reader.config, slug.as_str()),
        address: reader.config.public(&of_network(slug.as_str())),
        icon: reader.config.public("/assets/icon.svg"),
        updated: network.updated_at,
        entries,
    };
    sent(feed)
}

/// What is new about a municipality: documents, of whichever network.
pub fn municipality(conn: &mut Conn, reader: &Reader<'_>, code: &MunicipalityCode) -> Result<Whole> {
    let (municipality, _) = municipalities::read(conn, code)?;
    let rows = documents::about_municipality(conn, None, code, About::Everything, None, ENTRIES as i64)?;
    let entries = document_entries(conn, reader, rows)?;
    let lang = reader.asked.lang;
    let feed = Feed {
        // A code is given once, and to no other: the day does not matter.
        id: format!("tag:{},2026:/municipalities/{code}", host(reader)),
        title: lang.say_with("page-municipality-title", &[("name", municipality.display_name.clone())]),
        about: lang.say_with("page-municipality-lead", &[("name", municipality.display_name)]),
        language: lang.as_str().to_owned(),
        instance: reader.config.instance_name.clone(),
        page: links::municipality(reader.config, code),
        address: reader.config.public(&of_municipality(code)),
        icon: reader.config.public("/assets/icon.svg"),
        // Where there is nothing to tell, nothing ever changed.
        updated: Time::at(chrono::DateTime::UNIX_EPOCH),
        entries,
    };
    sent(feed)
}

fn sent(mut feed: Feed) -> Result<Whole> {
    feed.entries.sort_by_key(|entry| std::cmp::Reverse(entry.updated));
    feed.entries.truncate(ENTRIES);
    feed.updated = feed.entries.iter().map(|entry| entry.updated).fold(feed.updated, Time::max);
    let xml = feed.render().map_err(Error::internal)?;
    Ok(Whole::new(MEDIA_TYPE, fit(&xml)).modified(feed.updated).unlisted())
}

fn thread_entry(reader: &Reader<'_>, thread: ThreadView, network: &Network) -> Entry {
    let path = format!("/threads/{}", thread.id);
    let page = links::thread(reader.config, thread.id);
    let site = reader.config.public("");
    Entry {
        id: tag(reader, thread.created_at, &path),
        title: thread.title,
        language: if thread.language.is_empty() {
            network.language.to_string()
        } else {
            thread.language
        },
        published: thread.created_at,
        updated: thread.edited_at.unwrap_or(thread.created_at),
        authors: thread.author.iter().map(|author| credited(reader, author)).collect(),
        kind: "thread".to_owned(),
        summary: summary::about(thread.plain_summary.as_deref(), &thread.body, SUMMARY),
        html: Some(addresses::whole(&thread.body_html, &site, &page)),
        page,
    }
}

/// Documents as entries, each with everyone who wrote at it. They tell how a text begins and lead to the rest.
fn document_entries(conn: &mut Conn, reader: &Reader<'_>, rows: Vec<DocumentRow>) -> Result<Vec<Entry>> {
    let ids: Vec<DocumentId> = rows.iter().map(|(document, ..)| document.id).collect();
    let writers = documents::writers(conn, &ids)?;
    let entry = |(document, ..): DocumentRow| {
        let its = writers.iter().filter(|(first, ..)| first.document_id == document.id);
        let authors = its.map(|(_, person, role)| AuthorView::of(person.clone(), role.clone()));
        Entry {
            id: tag(reader, document.created_at, &format!("/documents/{}", document.id)),
            title: document.title.to_string(),
            language: document.language.to_string(),
            page: links::document(reader.config, document.id),
            published: document.created_at,
            updated: document.changed_at,
            authors: authors.map(|author| credited(reader, &author)).collect(),
            kind: document.kind.as_str().to_owned(),
            summary: document.plain_summary.as_ref().map_or(document.excerpt, PlainSummary::line),
            html: None,
        }
    };
    Ok(rows.into_iter().map(entry).collect())
}

fn credited(reader: &Reader<'_>, author: &AuthorView) -> (String, Option<String>) {
    (author.display_name.clone(), page_of(reader, author))
}

/// A name for ever (RFC 4151): this host, on the day the thing was written.
fn tag(reader: &Reader<'_>, written: Time, path: &str) -> String {
    format!("tag:{},{}:{path}", host(reader), written.utc().format("%Y-%m-%d"))
}

fn host<'r>(reader: &'r Reader<'_>) -> &'r str {
    reader.config.public_url.host_str().unwrap_or("localhost")
}

/// The text without the characters that XML 1.0 has no way to write.
fn fit(xml: &str) -> String {
    let fits = |letter: &char| matches!(letter, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    xml.chars().filter(fits).collect()
}
