//! One document, to take along as one file.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt as _;
use kring_archive::safe_name;
use kring_db::word_type;

use super::sheets::{Sheet, SheetFile, Written, document_page, size};
use crate::accounts::Viewer;
use crate::app::App;
use crate::attachments::{self, AttachmentView, Target};
use crate::documents::{self, Document, DocumentId, LongText};
use crate::error::{Error, Result};
use crate::text::lang::Lang;
use crate::web::links;

word_type! {
    /// As what a document is taken along.
    ExportFormat { Markdown = "markdown", Html = "html" }
}

/// A document, ready to be sent.
pub struct Exported {
    pub text: String,
    pub media_type: &'static str,
    pub file_name: String,
    /// The revision and what stands beside it, in this format.
    pub etag: String,
}

/// What the database says of a document.
struct Found {
    document: Document,
    text: LongText,
    authors: Vec<String>,
    files: Vec<AttachmentView>,
    /// Whom to credit, where it was adopted.
    attribution: Option<String>,
}

/// Images that are put into a page, in bytes: each, and all together. Larger ones are links.
const IMAGE: i64 = 5 * 1024 * 1024;
const IMAGES: i64 = 20 * 1024 * 1024;

/// A document that the viewer may read, in one file.
pub async fn export(
    app: &App,
    caller: &crate::web::Caller,
    id: DocumentId,
    format: ExportFormat,
) -> Result<Exported> {
    let found = app.read(caller, move |conn, _, viewer| find(conn, viewer, id)).await?;
    let document = &found.document;
    let ending = match format {
        ExportFormat::Markdown => "md",
        ExportFormat::Html => "html",
    };
    let file_name = format!("{}.{ending}", safe_name(document.title.as_str(), 80));
    let etag = format!("\"{}.{}.{ending}\"", document.revision, document.version);
    let (text, media_type) = match format {
        ExportFormat::Markdown => (markdown(app, &found), "text/markdown; charset=utf-8"),
        ExportFormat::Html => (html(app, found, caller.lang).await?, "text/html; charset=utf-8"),
    };
    Ok(Exported { text, media_type, file_name, etag })
}

fn find(conn: &mut kring_db::Conn, viewer: &Viewer, id: DocumentId) -> Result<Found> {
    let place = documents::read(conn, viewer, id)?;
    let document = place.row.0;
    let attribution = documents::attribution(conn, &document)?;
    let text = documents::long_text(conn, id, document.revision)?;
    let writers = documents::writers(conn, &[id])?.into_iter();
    let authors = writers.map(|(_, person, _)| person.display_name.to_string()).collect();
    let target = Target::document(id.0);
    let files = attachments::take_views(&mut attachments::of(conn, &[target])?, target);
    Ok(Found { document, text, authors, files, attribution })
}

/// Markdown with what is known of it in front, as YAML. What JSON says, YAML says too (YAML 1.2, 1.3).
fn markdown(app: &App, found: &Found) -> String {
    let document = &found.document;
    let subjects = document.subjects();
    let mut text = String::from("---\n");
    let mut line = |name: &str, value: serde_json::Value| text.push_str(&format!("{name}: {value}\n"));
    line("title", document.title.as_str().into());
    line("lang", document.language.as_str().into());
    line("kind", document.kind.as_str().into());
    line("author", found.authors.clone().into());
    line("created", document.created_at.to_string().into());
    line("date", document.changed_at.to_string().into());
    line("revision", document.revision.into());
    line("license", document.licence.as_str().into());
    if let Some(url) = document.licence.url() {
        line("licenseUrl", url.into());
    }
    line("source", links::document(&app.config, document.id).into());
    if let Some(attribution) = &found.attribution {
        line("attribution", attribution.as_str().into());
    }
    for (name, list) in [
        ("municipalities", subjects.municipalities.iter().map(ToString::to_string).collect::<Vec<_>>()),
        ("keywords", subjects.themes.iter().map(ToString::to_string).collect()),
        ("crpdArticles", subjects.crpd_articles.iter().map(ToString::to_string).collect()),
    ] {
        if !list.is_empty() {
            line(name, list.into());
        }
    }
    text.push_str("---\n\n");
    // Links to its files lead somewhere from anywhere.
    let base = app.config.public("/v1/attachments/");
    text.push_str(&found.text.body.replace("](/v1/attachments/", &format!("]({base}")));
    if !text.ends_with('\n') {
        text.push('\n');
    }
    // The credit goes wherever the text goes.
    if let Some(attribution) = &found.attribution {
        text.push_str(&format!("\n---\n\n{attribution}\n"));
    }
    text
}

/// A page that stands by itself: its images are in it.
async fn html(app: &App, found: Found, asked: Lang) -> Result<String> {
    let document = found.document;
    let mut files = Vec::with_capacity(found.files.len());
    let mut room = IMAGES;
    for view in found.files {
        let image = view.inline && view.media_type.image().is_some();
        let inside = image && view.size <= IMAGE.min(room);
        let link = if inside {
            room -= view.size;
            data(app, &view).await?
        } else {
            app.config.public(&view.content)
        };
        files.push(SheetFile {
            id: view.id.to_string(),
            name: view.file_name,
            link,
            size: size(view.size.unsigned_abs()),
            image: inside,
            alt: view.alt,
            decorative: view.decorative,
        });
    }
    // In the language of the document where Kring speaks it, for whoever it is passed on to.
    let lang = Lang::of_tag(document.language.as_str()).unwrap_or(asked);
    let written = Written {
        title: document.title.to_string(),
        language: document.language.to_string(),
        kind: document.kind,
        licence: document.licence,
        authors: found.authors,
        created_at: document.created_at,
        changed_at: document.changed_at,
        body: &found.text.body,
        files,
        address: Some(links::document(&app.config, document.id)),
        attribution: found.attribution.as_deref(),
    };
    document_page(&Sheet { lang }, None, &written)
}

/// An image as an address of its own (RFC 2397).
async fn data(app: &App, view: &AttachmentView) -> Result<String> {
    let mut pieces = app.storage.whole(&attachments::key(view.id)).await?;
    let mut bytes = Vec::with_capacity(view.size.unsigned_abs() as usize);
    while let Some(piece) = pieces.next().await {
        bytes.extend_from_slice(&piece.map_err(|cause| Error::Unavailable(cause.into()))?);
    }
    Ok(format!("data:{};base64,{}", view.media_type, STANDARD.encode(bytes)))
}
