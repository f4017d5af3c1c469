//! `/v1/networks/{network}/documents`, `/v1/documents`.

mod adoptions;
mod variants;

use actix_web::{delete, get, patch, post, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::*;
use super::view::*;
use crate::app::App;
use crate::error::{Fault, Result};
use crate::jobs::idempotency::Answer;
use crate::municipalities::MunicipalityCode;
use crate::networks::{Slug, Theme, parse_article};
use crate::text::lang::Lang;
use crate::web::fields::{includes, word};
use crate::web::paging::PageQuery;
use crate::web::{
    AdviceView, Body, Caller, Created, Fields, IfMatch, NoContent, Page, Paging, Path, Path2, Query, Seen,
    Tagged,
};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_documents)
        .service(create_document)
        .service(get_document)
        .service(replace_document)
        .service(change_document)
        .service(delete_document)
        .service(list_revisions)
        .service(get_revision)
        .service(get_differences)
        .service(restore_revision)
        .service(mark_document_read)
        .configure(adoptions::configure)
        .configure(variants::configure);
}

/// Which documents are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
struct ListDocuments {
    /// Of this kind.
    #[param(value_type = Option<DocumentKind>, inline)]
    kind: Option<String>,
    /// About this municipality.
    #[param(pattern = "^[A-Za-z0-9-]{1,24}$", example = "GM0344")]
    municipality: Option<String>,
    /// About this theme.
    #[param(
        min_length = 2,
        max_length = 40,
        pattern = "^[a-z0-9-]+$",
        example = "vervoer"
    )]
    theme: Option<String>,
    /// About this article of the UN Convention on the Rights of Persons with Disabilities.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 50, example = 9)]
    crpd_article: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListDocuments {
    fn parse(self) -> Result<(DocumentFilter, Paging<Place>)> {
        let mut f = Fields::of_query();
        let article = |text: String| text.parse().map_err(|_| Fault::new("article")).and_then(parse_article);
        let filter = DocumentFilter {
            kind: f.may("kind", self.kind.into(), word),
            municipality: f.may("municipality", self.municipality.into(), MunicipalityCode::parse),
            theme: f.may("theme", self.theme.into(), Theme::parse),
            crpd_article: f.may("crpdArticle", self.crpd_article.into(), article),
        };
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| Some((filter, paging?)))
    }
}

/// List documents
///
/// Of a network, newest change first: documents live for years, and this shows what is worked on. A document that
/// changes while you page goes to the front; what you have seen stays where it is.
#[utoipa::path(tag = "documents", params(ListDocuments), responses((status = 200, description = "A piece of the list.", body = Page<DocumentView>)))]
#[get("/networks/{network}/documents")]
async fn list_documents(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    query: Query<ListDocuments>,
) -> Result<Page<DocumentView>> {
    let (filter, paging) = query.parse(ListDocuments::parse)?;
    app.read(&caller, move |conn, _, viewer| {
        let (network, rows) = actions::list(conn, viewer, &slug, &filter, &paging)?;
        let page = Page::cut(rows, paging.limit, |last| Place::of(&last.0).to_string(), |row| row);
        Ok(Page {
            items: document_views(conn, &[network], page.items, viewer.person())?,
            next_cursor: page.next_cursor,
        })
    })
    .await
}

/// Create a document
///
/// Your network owns it. What you send is its first revision. With `template` it begins as a template says: the text is
/// yours from then on, and what you have to write yourself stands in brackets.
#[utoipa::path(tag = "documents", request_body = CreateDocument, responses((status = 201, description = "Created.", body = DocumentPage, headers(("ETag" = String, description = "Its revision.")))))]
#[post("/networks/{network}/documents")]
async fn create_document(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    body: Body<CreateDocument>,
) -> Result<Answer<DocumentPage>> {
    let once = body.once.clone();
    let (wish, draft) = body.parse(CreateDocument::parse)?;
    let lang = caller.lang;
    app.create(&caller, once, move |tx, cx, who| {
        let place = actions::publish(tx, cx, who, &slug, &wish, draft)?;
        let document = &place.row.0;
        let (location, etag) = (format!("/documents/{}", document.id), Some(document.etag()));
        Ok(Created { location, etag, value: created_page(tx, &place, lang)? })
    })
    .await
}

/// What a document's screen needs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReadDocument {
    /// What to embed, with commas between: `adoptions`, `advice`, `attachments`, `lastChange`, `viewer`.
    #[param(
        pattern = "^(adoptions|advice|attachments|lastChange|viewer)(,(adoptions|advice|attachments|lastChange|viewer))*$",
        example = "attachments,adoptions,lastChange,viewer"
    )]
    include: Option<String>,
}

impl ReadDocument {
    fn parse(self, lang: Lang) -> Result<Included> {
        let mut f = Fields::of_query();
        let known = ["adoptions", "advice", "attachments", "lastChange", "viewer"];
        let wanted = f.may("include", self.include.into(), |text: String| includes(&text, &known));
        let wanted = f.finish(|| Some(wanted.unwrap_or_default()))?;
        Ok(Included {
            advice: wanted.contains(&"advice"),
            attachments: wanted.contains(&"attachments"),
            adoptions: wanted.contains(&"adoptions"),
            last_change: wanted.contains(&"lastChange"),
            viewer: wanted.contains(&"viewer").then_some(lang),
        })
    }
}

/// Read a document
///
/// A screen is one request: `include=attachments,adoptions,lastChange,viewer` embeds its files, who adopted it, who
/// changed it last and what, and what you may do; `advice` says what would make it easier to read. The ETag names the
/// revision and is the same for everyone: send it as `If-Match` to change
/// the document.
#[utoipa::path(tag = "documents", params(ReadDocument), responses((status = 200, description = "The document.", body = DocumentPage, headers(("ETag" = String, description = "Its revision.")))))]
#[get("/documents/{document}")]
async fn get_document(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
    query: Query<ReadDocument>,
) -> Result<DocumentAnswer> {
    let included = query.parse(|sent| sent.parse(caller.lang))?;
    let embeds = included.attachments || included.adoptions || included.last_change || included.advice;
    let included_nothing = !embeds && included.viewer.is_none();
    let found = app.read(&caller, move |conn, _, viewer| {
        let place = actions::read(conn, viewer, id)?;
        let last_change = included.last_change.then(|| last_change(conn, &place)).transpose()?;
        // Its files tell which images are decoration.
        let looked_up = Included {
            attachments: included.attachments || included.advice,
            ..included
        };
        Ok((place.row.0.etag(), document_page(conn, &place, looked_up)?, last_change))
    });
    let (etag, mut value, last_change) = found.await?;
    if let Some((revision, compared)) = last_change {
        let differences = match compared {
            Some(compared) => Some(app.comparing.differences(compared).await?),
            None => None,
        };
        value.last_change = Some(LastChangeView::of(revision, differences));
    }
    // What a variant says of its source, and a source of its variants, changes with the other document.
    let alone = value.document.variant_of.is_none() && value.document.variants.is_empty();
    let plain = included_nothing && alone;
    if included.advice {
        advise(&app, &mut value, caller.lang).await?;
        value.attachments = value.attachments.filter(|_| included.attachments);
    }
    Ok(DocumentAnswer { plain, tagged: Tagged { etag, value } })
}

/// The ETag tells of the document alone: only an answer that embeds nothing may be 304.
struct DocumentAnswer {
    plain: bool,
    tagged: Tagged<DocumentPage>,
}

impl actix_web::Responder for DocumentAnswer {
    type Body = actix_web::body::BoxBody;
    fn respond_to(self, req: &actix_web::HttpRequest) -> actix_web::HttpResponse {
        if self.plain {
            self.tagged.respond_to(req)
        } else {
            self.tagged.whole()
        }
    }
}

/// Change a document's words
///
/// A new revision: what stood there before stays in the history. Send the ETag of the revision that you changed as
/// `If-Match`; where somebody else was first, nothing is overwritten: what you sent is kept as a draft, and the answer
/// (412) says where, with the present text and what differs. Words that are the same already make no revision. In a
/// network that lives elsewhere they are sent to its home: until it answers, the document is as it was and `proposed` has
/// your words; what the home does not take is kept as a draft of yours, with origin `refused`.
#[utoipa::path(tag = "documents", request_body = ReplaceDocument, params(("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, description = "As it is now.", body = DocumentPage, headers(("ETag" = String, description = "Its revision.")))))]
#[put("/documents/{document}")]
async fn replace_document(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
    known: IfMatch,
    body: Body<ReplaceDocument>,
) -> Result<Changed> {
    let known = known.required()?;
    let (text, draft) = body.parse(ReplaceDocument::parse)?;
    let saved = app.write(&caller, move |tx, cx, who| {
        actions::save(tx, cx, who, id, &known, &text, draft)?
            .map(|place| Ok(Tagged { etag: place.row.0.etag(), value: changed_page(tx, &place)? }))
    });
    advised(&app, saved.await?.or_tell(&app).await?, caller.lang).await
}

/// A document after a change, with advice on its text.
async fn advised(app: &App, mut tagged: Tagged<DocumentPage>, lang: Lang) -> Result<Changed> {
    advise(app, &mut tagged.value, lang).await?;
    Ok(Changed(tagged))
}

/// Puts advice on its text into a document's page, which has its files.
async fn advise(app: &App, page: &mut DocumentPage, lang: Lang) -> Result<()> {
    let files = page.attachments.clone().unwrap_or_default();
    let (body, language) = (page.body.clone(), page.document.language.clone());
    page.advice = Some(AdviceView::in_turn(app, body, language, files, lang).await?);
    Ok(())
}

/// Change what stands beside a document's text
///
/// Its kind, what it is about, its licence, what it is a variant of, and its files. It makes no revision, but it moves
/// the ETag.
#[utoipa::path(tag = "documents", request_body = ChangeDocument, params(("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, description = "As it is now.", body = DocumentPage, headers(("ETag" = String, description = "Its revision.")))))]
#[patch("/documents/{document}")]
async fn change_document(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
    known: IfMatch,
    body: Body<ChangeDocument>,
) -> Result<Changed> {
    let known = known.required()?;
    let change = body.parse(ChangeDocument::parse)?;
    let changed = app.write(&caller, move |tx, cx, who| {
        let place = actions::change(tx, cx, who, id, &known, &change)?;
        Ok(Tagged { etag: place.row.0.etag(), value: changed_page(tx, &place)? })
    });
    advised(&app, changed.await?, caller.lang).await
}

/// A document after a change: always whole, whatever the caller had.
struct Changed(Tagged<DocumentPage>);

impl actix_web::Responder for Changed {
    type Body = actix_web::body::BoxBody;
    fn respond_to(self, _: &actix_web::HttpRequest) -> actix_web::HttpResponse {
        self.0.whole()
    }
}

/// Take a document away
///
/// For what must not stand there: documents are kept, and earlier words stay in their history. A coordinator takes one
/// away with all its revisions, and whoever wrote it where nobody else worked on it. Plans that were adopted from it stay,
/// with their credit. Who takes it away in a network that lives elsewhere asks its home to do the same.
#[utoipa::path(tag = "documents", responses((status = 204, description = "It is gone.")))]
#[delete("/documents/{document}")]
async fn delete_document(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
    known: IfMatch,
) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| actions::remove(tx, cx, who, id, &known)).await?;
    Ok(NoContent)
}

/// List a document's revisions
///
/// Every save with its author and time, newest first.
#[utoipa::path(tag = "documents", params(PageQuery), responses((status = 200, description = "A piece of the history.", body = Page<RevisionView>)))]
#[get("/documents/{document}/revisions")]
async fn list_revisions(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
    query: Query<PageQuery>,
) -> Result<Page<RevisionView>> {
    let paging = query.parse(PageQuery::parse::<i64>)?;
    app.read(&caller, move |conn, _, viewer| {
        let rows = actions::list_revisions(conn, viewer, id, &paging)?;
        Ok(Page::cut(rows, paging.limit, |last| last.0.number.to_string(), Into::into))
    })
    .await
}

/// Read a revision
///
/// As it was written. It never changes.
#[utoipa::path(tag = "documents", responses((status = 200, description = "The revision.", body = RevisionPage)))]
#[get("/documents/{document}/revisions/{number}")]
async fn get_revision(
    app: App,
    caller: Caller,
    Path2(id, number): Path2<DocumentId, i64>,
) -> Result<Seen<RevisionPage>> {
    app.read(&caller, move |conn, _, viewer| {
        let (place, row, text) = actions::read_revision(conn, viewer, id, number)?;
        let attribution = attribution(conn, &place.row.0)?;
        Ok(Seen(revision_page(row, text, attribution)))
    })
    .await
}

/// What to compare a revision with.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CompareWith {
    /// The number of the older revision; the one before where left out.
    #[param(value_type = Option<i64>, minimum = 1, example = 1)]
    from: Option<String>,
}

impl CompareWith {
    fn parse(self) -> Result<Option<i64>> {
        let mut f = Fields::of_query();
        let from = f.may("from", self.from.into(), |text: String| {
            text.parse().map_err(|_| Fault::new("unknown_revision"))
        });
        f.finish(|| Some(from))
    }
}

/// Compare two revisions
///
/// Word by word, in paragraphs that can be read one at a time: what came, what went, what stayed. Without `from` a
/// revision is compared with the one before it, the first one with an empty page.
#[utoipa::path(tag = "documents", params(CompareWith), responses((status = 200, description = "What differs.", body = DifferencesView)))]
#[get("/documents/{document}/revisions/{number}/differences")]
async fn get_differences(
    app: App,
    caller: Caller,
    Path2(id, number): Path2<DocumentId, i64>,
    query: Query<CompareWith>,
) -> Result<Seen<DifferencesView>> {
    let from = query.parse(CompareWith::parse)?;
    let compared = app
        .read(&caller, move |conn, _, viewer| actions::compare(conn, viewer, id, number, from))
        .await?;
    app.comparing.differences(compared).await.map(Seen)
}

/// Bring an earlier revision back
///
/// Its words become a new revision, with `restoredFrom`; what was written in between stays in the history too.
#[utoipa::path(tag = "documents", params(("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, description = "The document as it is now.", body = DocumentPage, headers(("ETag" = String, description = "Its revision.")))))]
#[post("/documents/{document}/revisions/{number}/_restore")]
async fn restore_revision(
    app: App,
    caller: Caller,
    Path2(id, number): Path2<DocumentId, i64>,
    known: IfMatch,
) -> Result<Changed> {
    let known = known.required()?;
    let restored = app.write(&caller, move |tx, cx, who| {
        let place = actions::restore(tx, cx, who, id, number, &known)?;
        Ok(Tagged { etag: place.row.0.etag(), value: changed_page(tx, &place)? })
    });
    advised(&app, restored.await?, caller.lang).await
}

/// Mark a document as read
///
/// Up to a revision, or up to now. Never goes back.
#[utoipa::path(tag = "documents", request_body = MarkDocumentRead, responses((status = 200, description = "What you have read.", body = DocumentReading)))]
#[put("/documents/{document}/read-state")]
async fn mark_document_read(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
    body: Body<MarkDocumentRead>,
) -> Result<Seen<DocumentReading>> {
    let revision = body.parse(MarkDocumentRead::parse)?;
    let (read, current) =
        app.write(&caller, move |tx, cx, who| actions::mark_read(tx, cx, who, id, revision)).await?;
    Ok(Seen(DocumentReading::of(Some(read), current)))
}
