//! `/v1/documents/{document}/variants`.

use actix_web::{get, post};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::documents::actions;
use crate::documents::model::*;
use crate::documents::view::*;
use crate::error::Result;
use crate::jobs::idempotency::Answer;
use crate::web::{Body, Caller, Created, Page, Path, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config.service(list_variants).service(create_variant);
}

/// List a document's variants
///
/// The same in easy words and in other languages: easy to read first, in its own language first. There is at most one of
/// each kind in a language, so the list is whole. Each says whether the document moved on since.
#[utoipa::path(tag = "documents", responses((status = 200, description = "All of them.", body = Page<VariantView>)))]
#[get("/documents/{document}/variants")]
async fn list_variants(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
) -> Result<Seen<Page<VariantView>>> {
    app.read(&caller, move |conn, _, viewer| {
        let (place, rows) = actions::list_variants(conn, viewer, id)?;
        Ok(Seen(Page::whole(variant_views(&place.row.0, rows))))
    })
    .await
}

/// Create a variant of a document
///
/// The same in easy words (`easyRead`) or in another language (`translation`), as a document of the same network. When
/// its document moves on it is marked as stale, until `PATCH /documents/{document}` with `variant` says which revision it
/// says now. A variant has no variants of its own.
#[utoipa::path(tag = "documents", request_body = CreateVariant, responses((status = 201, description = "The new document.", body = DocumentPage, headers(("ETag" = String, description = "Its revision.")))))]
#[post("/documents/{document}/variants")]
async fn create_variant(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
    body: Body<CreateVariant>,
) -> Result<Answer<DocumentPage>> {
    let once = body.once.clone();
    let (new, lang) = (body.parse(CreateVariant::parse)?, caller.lang);
    app.create(&caller, once, move |tx, cx, who| {
        let place = actions::create_variant(tx, cx, who, id, &new)?;
        let document = &place.row.0;
        let (location, etag) = (format!("/documents/{}", document.id), Some(document.etag()));
        Ok(Created { location, etag, value: created_page(tx, &place, lang)? })
    })
    .await
}
