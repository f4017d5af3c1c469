//! The pages of a document: as it is now, its revisions, and one of them.

use askama::Template;
use kring_db::{Conn, Time};

use super::files::{File, files};
use super::threads::Author;
use super::{Reader, scrolling};
use crate::attachments::{self, Target};
use crate::documents::{self, Document, DocumentId, DocumentRow, Revision, RevisionRow};
use crate::error::{NOT_FOUND, Result};
use crate::municipalities;
use crate::networks::{AuthorView, Network, Visibility};
use crate::text::headings::{Heading, outline};
use crate::web::html::{Asked, Frame, Html};
use crate::web::{Page, links};

/// Revisions on one page.
const REVISIONS: i64 = 50;

/// From so many headings on a text has a list of them in front.
const LONG: usize = 3;

/// A document in a list.
pub struct Listed {
    pub title: String,
    pub language: String,
    pub link: String,
    pub about: String,
    pub kind: String,
    pub revision: i64,
    pub changed_at: Time,
}

impl Listed {
    pub fn of(frame: &Frame, (document, ..): DocumentRow) -> Self {
        Self {
            link: frame.to(&format!("/documents/{}", document.id)),
            kind: kind(frame, &document),
            title: document.title.to_string(),
            language: document.language.to_string(),
            about: document.excerpt,
            revision: document.revision,
            changed_at: document.changed_at,
        }
    }
}

/// What kind of document it is, in words.
fn kind(frame: &Frame, document: &Document) -> String {
    frame.say(&format!("page-kind-{}", document.kind))
}

#[derive(Template)]
#[template(path = "pages/document.html")]
struct DocumentPage {
    frame: Frame,
    network: (String, String),
    title: String,
    language: String,
    kind: String,
    /// Who wrote the revision that is shown.
    author: Author,
    revision: Revision,
    /// The newest revision's number, and where it is, when an earlier one is shown.
    newest: Option<(i64, String)>,
    revisions: Option<String>,
    municipalities: String,
    themes: String,
    articles: String,
    outline: Vec<Heading>,
    html: String,
    post: Files,
}

/// For `pages/files.html`.
struct Files {
    files: Vec<File>,
}

/// A document as it is now (`number` is `None`), or one of its revisions.
pub fn document(conn: &mut Conn, reader: &Reader<'_>, id: DocumentId, number: Option<i64>) -> Result<Html> {
    let place = documents::read(conn, &reader.viewer, id)?;
    let (document, network) = (&place.row.0, &place.network);
    let wanted = number.unwrap_or(document.revision);
    let (revision, person, role) =
        documents::revision(conn, &place.may_read, id, wanted)?.ok_or(NOT_FOUND)?;
    let text = documents::long_text(conn, id, wanted)?;
    let subjects = document.subjects();
    let known = municipalities::by_codes(conn, &subjects.municipalities)?;
    let names: Vec<&str> = known.iter().map(|one| one.display_name.as_str()).collect();
    let themes: Vec<&str> = subjects.themes.iter().map(|theme| theme.as_str()).collect();
    let articles: Vec<String> = subjects.crpd_articles.iter().map(i64::to_string).collect();
    let target = Target::document(id.0);
    let mut attached = attachments::of(conn, &[target])?;
    let frame = frame(reader, &revision, id).described(match number {
        None => document.excerpt.clone(),
        Some(_) => String::new(),
    });
    let (html, headings) = outline(&text.body_html);
    let page = DocumentPage {
        network: above(network),
        title: revision.title.to_string(),
        language: revision.language.to_string(),
        kind: kind(&frame, document),
        author: Author::of(&frame, &AuthorView::of(person, role)),
        newest: number
            .filter(|number| *number != document.revision)
            .map(|_| (document.revision, frame.to(&format!("/documents/{id}")))),
        revisions: (document.revision > 1).then(|| frame.to(&format!("/documents/{id}/revisions"))),
        municipalities: names.join(", "),
        themes: themes.join(", "),
        articles: articles.join(", "),
        outline: if headings.len() >= LONG { headings } else { Vec::new() },
        html: scrolling(&frame, &html),
        post: Files {
            files: files(
                &attachments::take_views(&mut attached, target),
                network.visibility == Visibility::Public,
            ),
        },
        revision,
        frame,
    };
    Html::of(&page.frame, &page)
}

/// The name and the address of the network, for the trail.
fn above(network: &Network) -> (String, String) {
    (network.name.to_string(), format!("/networks/{}", network.slug))
}

fn frame(reader: &Reader<'_>, revision: &Revision, id: DocumentId) -> Frame {
    reader
        .asked
        .frame(revision.title.to_string())
        .standing_at(links::document(reader.config, id), reader.config.public(&format!("/v1/documents/{id}")))
}

#[derive(Template)]
#[template(path = "pages/revisions.html")]
struct RevisionsPage {
    frame: Frame,
    network: (String, String),
    document: Document,
    document_path: String,
    revisions: Vec<ListedRevision>,
    next: Option<String>,
}

/// A revision in the list.
struct ListedRevision {
    revision: Revision,
    author: Author,
    link: String,
}

/// Every revision of a document, newest first.
pub fn revisions(conn: &mut Conn, reader: &Reader<'_>, id: DocumentId) -> Result<Html> {
    let asked: &Asked = reader.asked;
    let place = documents::read(conn, &reader.viewer, id)?;
    let rows = documents::revisions(conn, &place.may_read, id, asked.get("before"), REVISIONS)?;
    let cursor = |(last, ..): &RevisionRow| last.number.to_string();
    let piece = Page::cut(rows, REVISIONS, cursor, |row| row);
    let document = place.row.0;
    let title = asked.lang.say_with("page-revisions-of", &[("title", document.title.to_string())]);
    let frame = asked.frame(title).standing_at(
        links::document(reader.config, id),
        reader.config.public(&format!("/v1/documents/{id}/revisions")),
    );
    let listed = piece.items.into_iter().map(|(revision, person, role)| ListedRevision {
        author: Author::of(&frame, &AuthorView::of(person, role)),
        link: frame.to(&format!("/documents/{id}/revisions/{}", revision.number)),
        revision,
    });
    let page = RevisionsPage {
        revisions: listed.collect(),
        network: above(&place.network),
        document_path: frame.to(&format!("/documents/{id}")),
        next: piece.next_cursor.map(|number| frame.to(&format!("/documents/{id}/revisions?before={number}"))),
        document,
        frame,
    };
    Html::of(&page.frame, &page)
}
