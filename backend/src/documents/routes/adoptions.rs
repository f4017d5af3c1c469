//! `/v1/documents/{document}/adoptions`, `/v1/documents/{document}/upstream`.

use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{Changed, advised};
use crate::app::App;
use crate::documents::model::*;
use crate::documents::view::*;
use crate::documents::{actions, adopting};
use crate::error::Result;
use crate::jobs::idempotency::Answer;
use crate::web::paging::PageQuery;
use crate::web::{Body, Caller, IfMatch, Page, Path, Query, Tagged};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_adoptions)
        .service(adopt_document)
        .service(get_upstream)
        .service(take_over_upstream);
}

/// List who adopted a document
///
/// Networks that made a document of their own out of it, and for which municipality, newest first: those that you may
/// see.
#[utoipa::path(tag = "documents", params(PageQuery), responses((status = 200, description = "A piece of the list.", body = Page<AdoptionView>)))]
#[get("/documents/{document}/adoptions")]
async fn list_adoptions(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
    query: Query<PageQuery>,
) -> Result<Page<AdoptionView>> {
    let paging = query.parse(PageQuery::parse::<DocumentId>)?;
    app.read(&caller, move |conn, _, viewer| {
        let rows = actions::list_adoptions(conn, viewer, id, paging.after, paging.limit)?;
        let page = Page::cut(rows, paging.limit, |last| last.0.document_id.to_string(), |row| row);
        Ok(Page {
            items: adoption_views(conn, page.items)?,
            next_cursor: page.next_cursor,
        })
    })
    .await
}

/// Adopt a document
///
/// Makes a document of your network out of one that you may read, with its files, for a municipality. Where it comes
/// from, who wrote it and under which licence stay with it for good. Its licence has to let others use it. Your network
/// adopts a document once for a municipality: a second time is answered with where the first one is.
#[utoipa::path(tag = "documents", request_body = AdoptDocument, responses((status = 201, description = "The new document.", body = DocumentPage, headers(("ETag" = String, description = "Its revision.")))))]
#[post("/documents/{document}/adoptions")]
async fn adopt_document(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
    body: Body<AdoptDocument>,
) -> Result<Answer<DocumentPage>> {
    let once = body.once.clone();
    let wish = body.parse(AdoptDocument::parse)?;
    adopting::adopt(app, caller, once, id, wish).await
}

/// Read what the source changed
///
/// Of an adopted document: what its source changed since that was last dealt with, section by section and word by word,
/// who changed it, and where you changed the same. The ETag is the document's: send it as `If-Match` when you take over.
#[utoipa::path(tag = "documents", responses((status = 200, description = "The document beside its source.", body = UpstreamView)))]
#[get("/documents/{document}/upstream")]
async fn get_upstream(app: App, caller: Caller, Path(id): Path<DocumentId>) -> Result<Beside> {
    let found = app.read(&caller, move |conn, _, viewer| actions::upstream(conn, viewer, id)).await?;
    let etag = found.place.row.0.etag();
    let value = app.comparing.upstream(found, caller.lang).await?;
    Ok(Beside(Tagged { etag, value }))
}

/// The ETag tells of the adopted document alone: never 304, for the source may have changed.
struct Beside(Tagged<UpstreamView>);

impl actix_web::Responder for Beside {
    type Body = actix_web::body::BoxBody;
    fn respond_to(self, _: &actix_web::HttpRequest) -> actix_web::HttpResponse {
        self.0.whole()
    }
}

/// Take over what the source changed
///
/// Section by section, as `…/upstream` names them: as the source has it, as you have it, or a text that you made of both.
/// Where you changed the same section you have to say which. What you turn down comes no more, until the source changes
/// that section again. A new revision where your words change; sections that you do not name stay undecided.
/// Where somebody else changed the document first, nothing is overwritten: what you wrote is kept as a draft of the
/// document with your sections in it, and the answer (412) says where, with the present text and what differs.
#[utoipa::path(tag = "documents", request_body = TakeOverSections, params(("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, description = "The document as it is now.", body = DocumentPage, headers(("ETag" = String, description = "Its revision.")))))]
#[post("/documents/{document}/upstream/_takeover")]
async fn take_over_upstream(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
    known: IfMatch,
    body: Body<TakeOverSections>,
) -> Result<Changed> {
    let known = known.required()?;
    let (wish, draft) = body.parse(TakeOverSections::parse)?;
    let lang = caller.lang;
    let taken = adopting::take_over(app.clone(), caller, id, known, (wish, draft)).await?;
    advised(&app, taken, lang).await
}
