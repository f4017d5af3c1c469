//! `/v1/drafts`.

use actix_web::{delete, get, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::*;
use super::view::*;
use crate::accounts::Viewer;
use crate::app::App;
use crate::error::{NOT_FOUND, Result};
use crate::web::paging::PageQuery;
use crate::web::{Body, Caller, IfMatch, NoContent, Page, Path2, Query, Tagged};

pub fn configure(config: &mut ServiceConfig) {
    config.service(list_drafts).service(get_draft).service(save_draft).service(delete_draft);
}

/// List your drafts
///
/// What you are writing and have not published, on whatever device; what you saved last comes first. Nobody else sees
/// them.
#[utoipa::path(tag = "drafts", params(PageQuery), security(("bearer" = [])), responses((status = 200, description = "A piece of the list.", body = Page<DraftView>)))]
#[get("/drafts")]
async fn list_drafts(app: App, caller: Caller, query: Query<PageQuery>) -> Result<Page<DraftView>> {
    let paging = query.parse(PageQuery::parse::<Cursor>)?;
    app.read(&caller, move |conn, cx, viewer| {
        let drafts = actions::list(conn, viewer, &paging)?;
        let cursor = |last: &Draft| Cursor { saved_at: last.saved_at, id: last.id }.to_string();
        let page = Page::cut(drafts, paging.limit, cursor, |draft| draft);
        Ok(Page {
            items: draft_views(conn, cx, viewer, &page.items)?,
            next_cursor: page.next_cursor,
        })
    })
    .await
}

/// Read a draft
///
/// All that you have written so far. It stays readable to you where what it is about went away or out of your sight.
#[utoipa::path(tag = "drafts", security(("bearer" = [])), responses((status = 200, description = "The draft.", body = DraftPage, headers(("ETag" = String, description = "Its version.")))))]
#[get("/drafts/{kind}/{target}")]
async fn get_draft(
    app: App,
    caller: Caller,
    Path2(kind, segment): Path2<DraftKind, Segment>,
) -> Result<Tagged<DraftPage>> {
    app.read(&caller, move |conn, cx, viewer| {
        viewer.signed_in()?;
        let at = Address::of(kind, &segment).ok_or(NOT_FOUND)?;
        let (draft, body) = actions::read(conn, viewer, &at)?;
        let etag = draft.etag();
        Ok(Tagged { etag, value: draft_page(conn, cx, viewer, draft, body)? })
    })
    .await
}

/// Save a draft
///
/// As often as you like: there is one draft of yours about each thing, and it takes what is there. Send the ETag you
/// got as `If-Match`: where another device of yours was first, nothing is written over. What you sent is then kept
/// beside the draft, and the answer (412) says where, with what stands in the draft and what differs. Without
/// `If-Match`, what another device wrote is kept beside.
#[utoipa::path(tag = "drafts", request_body = SaveDraft, params(("If-Match" = Option<String>, Header, description = "The ETag you got.")),
    responses((status = 200, description = "Saved.", body = DraftPage, headers(("ETag" = String, description = "Its version.")))))]
#[put("/drafts/{kind}/{target}")]
async fn save_draft(
    app: App,
    caller: Caller,
    Path2(kind, segment): Path2<DraftKind, Segment>,
    known: IfMatch,
    body: Body<SaveDraft>,
) -> Result<Tagged<DraftPage>> {
    let content = body.parse(SaveDraft::parse)?;
    let saved = app.write(&caller, move |tx, cx, who| {
        let at = Address::of(kind, &segment).ok_or(NOT_FOUND)?;
        actions::save(tx, cx, who, &at, &known, &content)?.map(|(draft, body)| {
            let etag = draft.etag();
            let viewer = Viewer::SignedIn(who.clone());
            Ok(Tagged { etag, value: draft_page(tx, cx, &viewer, draft, body)? })
        })
    });
    saved.await?.or_tell(&app).await
}

/// Throw a draft away
///
/// What you publish goes by itself: name the draft when you do.
#[utoipa::path(tag = "drafts", params(("If-Match" = Option<String>, Header, description = "The ETag you got.")), responses((status = 204, description = "Gone.")))]
#[delete("/drafts/{kind}/{target}")]
async fn delete_draft(
    app: App,
    caller: Caller,
    Path2(kind, segment): Path2<DraftKind, Segment>,
    known: IfMatch,
) -> Result<NoContent> {
    app.write(&caller, move |tx, _, who| {
        let at = Address::of(kind, &segment).ok_or(NOT_FOUND)?;
        actions::remove(tx, who, &at, &known)
    })
    .await?;
    Ok(NoContent)
}
