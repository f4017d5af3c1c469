//! The pages of a document: as it is now, its revisions, and one of them. They are what somebody gets to see who was
//! sent a link: who wrote it, when, for whom, and what may be done with it stand with the text, on paper too.

use askama::Template;
use kring_db::{Conn, Time};
use serde_json::{Value, json};

use super::describing::{self, with};
use super::files::{File, files};
use super::lineage::Lineage;
use super::proofs::Proof;
use super::threads::Author;
use super::{Above, Home, Linked, Reader, municipality_links};
use crate::attachments::{self, AttachmentView, Target};
use crate::documents::{
    self, AdoptionRow, Document, DocumentId, DocumentRow, DocumentView, Revision, RevisionRow, VariantKind,
};
use crate::error::{Error, NOT_FOUND, Result};
use crate::municipalities;
use crate::networks::{AuthorView, Network, Visibility};
use crate::peers::homes_of;
use crate::text::fitting::fitted;
use crate::text::headings::{Heading, outline};
use crate::text::summary::{self, PlainSummary};
use crate::web::html::head::{HeadLink, Written, person};
use crate::web::html::{Asked, Frame, Html};
use crate::web::{Page, Whole, links};

/// Revisions on one page.
const REVISIONS: i64 = 50;

/// Most of those who adopted a document that its page names.
const ADOPTED: i64 = 50;

/// From so many headings on a text has a list of them in front.
const LONG: usize = 3;

/// Most characters of what search engines and those who share it say of a document.
const LEAD: usize = 220;

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
            about: document.plain_summary.as_ref().map_or(document.excerpt, PlainSummary::line),
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
    above: Above,
    home: Option<Home>,
    title: String,
    language: String,
    plain_summary: Option<String>,
    kind: String,
    /// Everyone who wrote at it, up to the revision that is shown, first writers first.
    authors: Vec<Author>,
    created_at: Time,
    revision: Revision,
    /// The newest revision's number, and where it is, when an earlier one is shown.
    newest: Option<(i64, String)>,
    revisions: Option<String>,
    municipalities: Vec<Linked>,
    themes: String,
    articles: String,
    outline: Vec<Heading>,
    lineage: Lineage,
    html: String,
    post: Files,
    /// What it is called, and where it can be read.
    licence: (String, Option<&'static str>),
    /// Who adopted it, as far as the reader may see them; more than the page lists.
    adopted: Vec<Adopted>,
    adopted_count: i64,
    /// Where it stays, as one writes it down.
    address: String,
    /// Where it is as it was written; none of earlier revisions.
    source: Option<String>,
    proof: Option<Proof>,
}

/// Somebody who adopted a document: what came of it.
struct Adopted {
    municipality: Linked,
    network: Above,
    document: Linked,
    language: String,
    at: Time,
}

impl Adopted {
    fn of(frame: &Frame, (adoption, document, network): AdoptionRow, names: &[(String, String)]) -> Self {
        let code = adoption.municipality.to_string();
        let name =
            names.iter().find(|(known, _)| *known == code).map_or(code.clone(), |(_, name)| name.clone());
        Self {
            municipality: Linked { name, link: frame.to(&format!("/municipalities/{code}")) },
            network: Above::network(frame, &network),
            document: Linked {
                name: document.title.to_string(),
                link: frame.to(&format!("/documents/{}", document.id)),
            },
            language: document.language.to_string(),
            at: adoption.created_at,
        }
    }
}

/// For `pages/files.html`.
struct Files {
    files: Vec<File>,
}

/// What a document's page is made of, and its head tells.
struct Shown {
    document: Document,
    network: Network,
    revision: Revision,
    authors: Vec<AuthorView>,
    /// Names of the municipalities that it is about, and of those that adopted it.
    names: Vec<(String, String)>,
    themes: Vec<String>,
    attachments: Vec<AttachmentView>,
    adopted: Vec<AdoptionRow>,
    adopted_count: i64,
    /// As lists show it, with where it comes from and what else says the same.
    view: DocumentView,
    /// What it was adopted from, as it is now.
    origin: Option<Document>,
    /// How it begins, in sentences.
    lead: String,
    /// Where it was written, where that is another instance.
    home_url: Option<String>,
    proof: Option<Proof>,
}

impl Shown {
    /// The municipalities that it is about, each a code and a name.
    fn about(&self) -> Vec<(String, String)> {
        let about = self.document.subjects().municipalities;
        let named = |code: &str| self.names.iter().find(|(known, _)| known == code).cloned();
        about.iter().filter_map(|code| named(code.as_str())).collect()
    }
}

/// A document as it is now (`number` is `None`), or one of its revisions.
pub fn document(conn: &mut Conn, reader: &Reader<'_>, id: DocumentId, number: Option<i64>) -> Result<Html> {
    let place = documents::read(conn, &reader.viewer, id)?;
    let wanted = number.unwrap_or(place.row.0.revision);
    let (revision, ..) = documents::revision(conn, &place.may_read, id, wanted)?.ok_or(NOT_FOUND)?;
    let text = documents::long_text(conn, id, wanted)?;
    let writers = documents::writers(conn, &[id])?.into_iter().filter(|(first, ..)| first.number <= wanted);
    let authors = writers.map(|(_, person, role)| AuthorView::of(person, role)).collect();
    let networks = std::slice::from_ref(&place.network);
    let view = documents::document_views(conn, networks, vec![place.row.clone()], None)?.pop();
    let view = view.ok_or(NOT_FOUND)?;
    let document = place.row.0;
    let subjects = document.subjects();
    let mut adopted = documents::adopted_by(conn, reader.viewer.person(), id, None, ADOPTED)?;
    adopted.truncate(ADOPTED as usize);
    let counted = documents::adoption_counts(conn, reader.viewer.person(), &[id])?;
    let mut codes = subjects.municipalities.clone();
    codes.extend(adopted.iter().map(|(adoption, ..)| adoption.municipality.clone()));
    let known = municipalities::by_codes(conn, &codes)?;
    let target = Target::document(id.0);
    let mut attached = attachments::of(conn, &[target])?;
    let shown = Shown {
        home_url: homes_of(conn, &[id.0])?.remove(&id.0),
        origin: origin(conn, reader, &view)?,
        proof: Proof::of(conn, reader, &place.network, &revision)?,
        view,
        adopted,
        adopted_count: counted.first().map_or(0, |(_, count)| *count),
        names: known.into_iter().map(|one| (one.code.to_string(), one.display_name)).collect(),
        themes: subjects.themes.iter().map(|theme| theme.to_string()).collect(),
        attachments: attachments::take_views(&mut attached, target),
        lead: summary::lead(revision.plain_summary.as_ref(), &text.body, LEAD),
        network: place.network,
        document,
        revision,
        authors,
    };
    page(reader, shown, &text.body_html, number)
}

/// What a document was adopted from, as it is now; `None` where it is elsewhere, or not for this reader.
fn origin(conn: &mut Conn, reader: &Reader<'_>, view: &DocumentView) -> Result<Option<Document>> {
    let lineage = view.lineage.as_ref().filter(|lineage| lineage.source.here);
    let Some(lineage) = lineage else { return Ok(None) };
    match documents::read(conn, &reader.viewer, lineage.source.document) {
        Ok(place) => Ok(Some(place.row.0)),
        Err(Error::Rule(_)) => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn page(reader: &Reader<'_>, shown: Shown, html: &str, number: Option<i64>) -> Result<Html> {
    let (id, document) = (shown.document.id, &shown.document);
    let frame = match number {
        None => current_frame(reader, &shown),
        Some(number) => revision_frame(reader, &shown, number),
    };
    let articles: Vec<String> = document.subjects().crpd_articles.iter().map(i64::to_string).collect();
    let (html, headings) = outline(html);
    let page = DocumentPage {
        above: Above::network(&frame, &shown.network),
        home: Home::of(
            &frame,
            "page-elsewhere-document",
            shown.network.slug.elsewhere().as_deref(),
            shown.home_url.as_deref().or(shown.network.home_url.as_deref()),
        ),
        title: shown.revision.title.to_string(),
        language: shown.revision.language.to_string(),
        plain_summary: PlainSummary::told(shown.revision.plain_summary.as_ref()),
        kind: kind(&frame, document),
        authors: shown.authors.iter().map(|author| Author::of(&frame, author)).collect(),
        created_at: document.created_at,
        newest: number
            .filter(|number| *number != document.revision)
            .map(|_| (document.revision, frame.to(&format!("/documents/{id}")))),
        revisions: (document.revision > 1).then(|| frame.to(&format!("/documents/{id}/revisions"))),
        municipalities: municipality_links(&frame, &shown.about()),
        licence: licence(&frame, document),
        adopted_count: shown.adopted_count,
        adopted: shown.adopted.into_iter().map(|row| Adopted::of(&frame, row, &shown.names)).collect(),
        themes: shown.themes.join(", "),
        articles: articles.join(", "),
        outline: if headings.len() >= LONG { headings } else { Vec::new() },
        lineage: Lineage::of(&frame, shown.view, shown.origin),
        html: fitted(&html, &frame.say("page-table")),
        post: Files {
            files: files(&shown.attachments, shown.network.visibility == Visibility::Public),
        },
        address: links::document(reader.config, id),
        source: number.is_none().then(|| frame.to(&format!("/documents/{id}.md"))),
        proof: shown.proof,
        revision: shown.revision,
        frame,
    };
    Html::of(&page.frame, &page)
}

/// What may be done with it: what the licence is called, and where it can be read.
fn licence(frame: &Frame, document: &Document) -> (String, Option<&'static str>) {
    let name = document.licence.name().map(str::to_owned);
    let name = name.unwrap_or_else(|| frame.say("licence-all-rights-reserved"));
    (name, document.licence.url())
}

/// The frame of a document as it is now.
fn current_frame(reader: &Reader<'_>, shown: &Shown) -> Frame {
    let (id, document) = (shown.document.id, &shown.document);
    let markdown = reader.asked.to(&format!("/documents/{id}.md"));
    let title = reader.asked.lang.say("page-source-title");
    let pages = shown.authors.iter().filter_map(|author| describing::page_of(reader, author));
    let picture = shown.attachments.iter().find_map(|file| {
        let pictured = file.media_type.to_string().starts_with("image/") && file.inline;
        let alt = file.alt.as_ref().filter(|_| pictured)?;
        Some((reader.config.public(&file.content), alt.clone()))
    });
    let licence = document.licence.url().map(|url| HeadLink::new("license", url));
    let mut frame = frame(reader, &shown.revision, id);
    // Of a copy, where it was written.
    if shown.network.slug.elsewhere().is_some() && shown.home_url.is_some() {
        frame.canonical.clone_from(&shown.home_url);
    }
    licence
        .into_iter()
        .chain(in_languages(reader, shown))
        .fold(frame, Frame::linked)
        .described(shown.lead.clone())
        .linked(HeadLink::alternate("text/markdown", markdown, title))
        .linked(HeadLink::new("version-history", reader.asked.to(&format!("/documents/{id}/revisions"))))
        .pictured(picture)
        .written(Written {
            language: document.language.to_string(),
            published: document.created_at,
            changed: document.changed_at,
            authors: pages.collect(),
            tags: shown.themes.clone(),
        })
        .being(data(reader, shown))
}

/// Where the same is in other languages, and in this one: each page names the others. None where there is one language.
fn in_languages(reader: &Reader<'_>, shown: &Shown) -> Vec<HeadLink> {
    let view = &shown.view;
    let translations = view.variants.iter().filter(|variant| variant.kind == VariantKind::Translation);
    let source = view.variant_of.iter().filter(|of| of.kind == VariantKind::Translation);
    let others: Vec<(DocumentId, &str)> = translations
        .map(|variant| (variant.document, variant.language.as_str()))
        .chain(source.map(|of| (of.document, of.language.as_str())))
        .collect();
    if others.is_empty() {
        return Vec::new();
    }
    let own = (shown.document.id, shown.document.language.as_str());
    let all = std::iter::once(own).chain(others);
    all.map(|(id, language)| HeadLink::translation(language, links::document(reader.config, id)))
        .collect()
}

/// What it was made from and what else says the same, by schema.org.
fn relations(reader: &Reader<'_>, shown: &Shown) -> Value {
    let view = &shown.view;
    let work = |id: DocumentId, title: &str, language: &str| {
        let address = links::document(reader.config, id);
        json!({ "@type": "Article", "@id": address, "url": address, "headline": title, "inLanguage": language })
    };
    let based = view.lineage.as_ref().map(|lineage| {
        let source = &lineage.source;
        let people = source.authors.iter().map(|author| person(&author.display_name, None));
        let told = json!({ "@type": "Article", "headline": source.title, "license": lineage.licence.url });
        let here = source.here;
        let url = here.then(|| links::document(reader.config, source.document));
        with(told, json!({ "url": url, "author": people.collect::<Vec<_>>() }))
    });
    let translations = view.variants.iter().filter(|variant| variant.kind == VariantKind::Translation);
    let translations = translations.map(|variant| work(variant.document, &variant.title, &variant.language));
    let source = view.variant_of.as_ref();
    let translated = source.filter(|of| of.kind == VariantKind::Translation);
    json!({
        "isBasedOn": based,
        "creditText": view.lineage.as_ref().map(|lineage| &lineage.attribution),
        "workTranslation": translations.collect::<Vec<_>>(),
        "translationOfWork": translated.map(|of| work(of.document, &of.title, &of.language)),
    })
}

/// The frame of a revision: it leads to what is there now, and no search engine lists it beside that.
fn revision_frame(reader: &Reader<'_>, shown: &Shown, number: i64) -> Frame {
    let id = shown.document.id;
    let lang = reader.asked.lang;
    let version = lang.say_with("page-revision", &[("number", number.to_string())]);
    let mut frame = reader.asked.frame(format!("{} – {version}", shown.revision.title));
    frame.unlisted = true;
    frame.json = Some(reader.config.public(&format!("/v1/documents/{id}/revisions/{number}")));
    frame.linked(HeadLink::new("latest-version", links::document(reader.config, id)))
}

/// The document by schema.org.
fn data(reader: &Reader<'_>, shown: &Shown) -> Value {
    let (document, network) = (&shown.document, &shown.network);
    let address = links::document(reader.config, document.id);
    let markdown = json!({
        "@type": "MediaObject",
        "encodingFormat": "text/markdown",
        "contentUrl": reader.config.public(&format!("/documents/{}.md", document.id)),
    });
    let files = shown.attachments.iter().map(|file| {
        let told = json!({
            "@type": "MediaObject",
            "name": file.file_name,
            "encodingFormat": file.media_type,
            "contentSize": format!("{} B", file.size),
            "contentUrl": reader.config.public(&file.content),
        });
        with(told, json!({ "description": file.alt }))
    });
    let about = shown.about();
    let places = about.iter().map(|(code, name)| describing::municipality(reader, code, name));
    let network = describing::collection(
        reader,
        &links::network(reader.config, network.slug.as_str()),
        network.name.as_str(),
        network.language.as_str(),
    );
    let told =
        describing::writing(reader, "Article", &address, document.title.as_str(), document.language.as_str());
    with(
        with(told, relations(reader, shown)),
        json!({
            "genre": document.kind,
            "description": shown.lead,
            "author": describing::authors(reader, &shown.authors),
            "datePublished": document.created_at,
            "dateModified": document.changed_at,
            "version": document.revision,
            "license": document.licence.url(),
            "keywords": shown.themes,
            "spatialCoverage": places.collect::<Vec<_>>(),
            "isPartOf": network,
            "encoding": markdown,
            "associatedMedia": files.collect::<Vec<_>>(),
        }),
    )
}

/// The Markdown of a document, as it was written.
pub fn source(conn: &mut Conn, reader: &Reader<'_>, id: DocumentId) -> Result<Whole> {
    let place = documents::read(conn, &reader.viewer, id)?;
    let document = &place.row.0;
    let text = documents::long_text(conn, id, document.revision)?;
    let body = match documents::attribution(conn, document)? {
        Some(credit) => format!("{}\n\n---\n\n{credit}\n", text.body.trim_end()),
        None => text.body,
    };
    let canonical = format!("<{}>; rel=\"canonical\"", links::document(reader.config, id));
    Ok(Whole::new("text/markdown; charset=utf-8", body)
        .modified(document.changed_at)
        .private(reader.asked.key.is_some())
        .unlisted()
        .header("content-language", document.language.to_string())
        .header("link", canonical)
        .header("content-disposition", format!("inline; filename=\"{id}.md\"")))
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
    above: Above,
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

/// Every revision of a document, newest first. Search engines list the document, not what it was.
pub fn revisions(conn: &mut Conn, reader: &Reader<'_>, id: DocumentId) -> Result<Html> {
    let asked: &Asked = reader.asked;
    let place = documents::read(conn, &reader.viewer, id)?;
    let rows = documents::revisions(conn, &place.may_read, id, asked.get("before"), REVISIONS)?;
    let cursor = |(last, ..): &RevisionRow| last.number.to_string();
    let piece = Page::cut(rows, REVISIONS, cursor, |row| row);
    let document = place.row.0;
    let title = asked.lang.say_with("page-revisions-of", &[("title", document.title.to_string())]);
    let mut frame = asked.frame(title);
    frame.unlisted = true;
    frame.json = Some(reader.config.public(&format!("/v1/documents/{id}/revisions")));
    let frame = frame.linked(HeadLink::new("latest-version", links::document(reader.config, id)));
    let listed = piece.items.into_iter().map(|(revision, person, role)| ListedRevision {
        author: Author::of(&frame, &AuthorView::of(person, role)),
        link: frame.to(&format!("/documents/{id}/revisions/{}", revision.number)),
        revision,
    });
    let page = RevisionsPage {
        revisions: listed.collect(),
        above: Above::network(&frame, &place.network),
        document_path: frame.to(&format!("/documents/{id}")),
        next: piece.next_cursor.map(|number| frame.to(&format!("/documents/{id}/revisions?before={number}"))),
        document,
        frame,
    };
    Html::of(&page.frame, &page)
}
