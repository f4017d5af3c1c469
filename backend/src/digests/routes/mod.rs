//! `/v1/digest-preferences` and `/v1/digests`; the pages of both are in [`pages`].

pub mod pages;
mod preferences;

use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::digests::actions;
use crate::digests::model::DigestId;
use crate::digests::view::*;
use crate::error::{NOT_FOUND, Result};
use crate::web::paging::PageQuery;
use crate::web::{Body, Caller, NoContent, Page, Path, Query, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get_digest_preferences)
        .service(set_digest_preferences)
        .service(revoke_digest_links)
        .service(list_digests)
        .service(get_digest);
}

/// Read when your digest comes
///
/// How often, on which day and at which hour where you live, and when the next one is due.
#[utoipa::path(tag = "digests", security(("bearer" = [])), responses((status = 200, description = "When it comes.", body = DigestPreferences)))]
#[get("/digest-preferences")]
async fn get_digest_preferences(app: App, caller: Caller) -> Result<Seen<DigestPreferences>> {
    app.read(&caller, |conn, cx, viewer| {
        let who = viewer.signed_in()?;
        actions::wish_of(conn, cx, who.person).map(|wish| Seen(DigestPreferences::of(wish)))
    })
    .await
}

/// Choose when your digest comes
///
/// Weekday and hour are by the clock in `timeZone`, in summer and winter alike. What was not told yet comes with the
/// next one; a week never brings two.
#[utoipa::path(tag = "digests", request_body = SetDigestPreferences, responses((status = 200, description = "When it comes from now on.", body = DigestPreferences)))]
#[put("/digest-preferences")]
async fn set_digest_preferences(
    app: App,
    caller: Caller,
    body: Body<SetDigestPreferences>,
) -> Result<Seen<DigestPreferences>> {
    let change = body.parse(SetDigestPreferences::parse)?;
    app.write(&caller, move |tx, cx, who| {
        actions::change_wish(tx, cx, who.person, &change).map(|wish| Seen(DigestPreferences::of(wish)))
    })
    .await
}

/// Revoke the links of your digests
///
/// Links in digests let their reader see what you may see, without signing in, for 60 days. This ends all that were
/// sent so far, for when a mail went to the wrong person.
#[utoipa::path(tag = "digests", responses((status = 204, description = "No link sent so far lets anybody read any more.")))]
#[post("/digests/_revoke")]
async fn revoke_digest_links(app: App, caller: Caller) -> Result<NoContent> {
    app.write(&caller, |tx, cx, who| actions::revoke_own_words(tx, cx, who).map(|()| NoContent))
        .await
}

/// List your digests
///
/// Those that were made for you, newest first.
#[utoipa::path(tag = "digests", security(("bearer" = [])), params(PageQuery), responses((status = 200, description = "A piece of the list.", body = Page<DigestSummary>)))]
#[get("/digests")]
async fn list_digests(app: App, caller: Caller, query: Query<PageQuery>) -> Result<Page<DigestSummary>> {
    let paging = query.parse(PageQuery::parse::<DigestId>)?;
    app.read(&caller, move |conn, cx, viewer| {
        let rows = actions::list(conn, viewer.signed_in()?, paging.after, paging.limit)?;
        let page = Page::cut(rows, paging.limit, |last| last.id.to_string(), |row| row);
        Ok(Page {
            items: summaries(conn, cx.config(), page.items)?,
            next_cursor: page.next_cursor,
        })
    })
    .await
}

/// Read a digest
///
/// What it told of, as far as that is still there and you may still read it.
#[utoipa::path(tag = "digests", security(("bearer" = [])), responses((status = 200, description = "The digest.", body = DigestView)))]
#[get("/digests/{digest}")]
async fn get_digest(app: App, caller: Caller, Path(id): Path<DigestId>) -> Result<Seen<DigestView>> {
    app.read(&caller, move |conn, cx, viewer| {
        let (digest, news) = actions::digest(conn, viewer.signed_in()?, id)?;
        DigestView::of(conn, cx.config(), digest, news)?.map(Seen).ok_or(NOT_FOUND)
    })
    .await
}
