//! `/v1/networks/{network}/reports`, `/v1/reports`.

use actix_web::{get, patch, post};
use kring_db::Conn;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::*;
use super::view::*;
use crate::app::App;
use crate::error::{NOT_FOUND, Result};
use crate::jobs::idempotency::Answer;
use crate::networks::{Network, Slug};
use crate::web::fields::{word, yes};
use crate::web::respond::etag_of;
use crate::web::{Body, Caller, Created, Fields, IfMatch, Page, Paging, Path, Query, Tagged};

pub fn configure(config: &mut ServiceConfig) {
    config.service(list_reports).service(create_report).service(get_report).service(change_report);
}

/// Which reports are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListReports {
    /// Only those in this state.
    #[param(value_type = Option<ReportState>)]
    state: Option<String>,
    /// Only your own.
    #[param(value_type = Option<bool>)]
    mine: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListReports {
    fn parse(self) -> Result<(ReportFilter, Paging<ReportId>)> {
        let mut f = Fields::of_query();
        let filter = ReportFilter {
            state: f.may("state", self.state.into(), word),
            mine: f.may("mine", self.mine.into(), yes).unwrap_or(false),
        };
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| Some((filter, paging?)))
    }
}

/// List reports
///
/// About what is in a network, newest first. For those who moderate it; with `mine` your own, and what became of them.
/// What people elsewhere report is among them.
#[utoipa::path(tag = "moderation", security(("bearer" = [])), params(ListReports), responses((status = 200, description = "A piece of the list.", body = Page<ReportView>)))]
#[get("/networks/{network}/reports")]
async fn list_reports(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    query: Query<ListReports>,
) -> Result<Page<ReportView>> {
    let (filter, paging) = query.parse(ListReports::parse)?;
    app.read(&caller, move |conn, _, viewer| {
        let (network, rows) = actions::list(conn, viewer, &slug, filter, &paging)?;
        let page = Page::cut(rows, paging.limit, |last| last.0.id.to_string(), |row| row);
        Ok(Page {
            items: report_views(conn, &network, page.items)?,
            next_cursor: page.next_cursor,
        })
    })
    .await
}

/// Report something
///
/// A thread, reply or document that you may read and think should not stand there. Those who moderate the network see
/// your report with your name, and decide; nobody else learns who reported. Where the network lives elsewhere, its home is
/// told too. Your own reports are at `mine`.
#[utoipa::path(tag = "moderation", request_body = CreateReport, responses((status = 201, description = "Reported.", body = ReportView, headers(("ETag" = String, description = "Its version.")))))]
#[post("/networks/{network}/reports")]
async fn create_report(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    body: Body<CreateReport>,
) -> Result<Answer<ReportView>> {
    let once = body.once.clone();
    let new = body.parse(CreateReport::parse)?;
    app.create(&caller, once, move |tx, cx, who| {
        let (network, row) = actions::report(tx, cx, who, &slug, &new)?;
        let (location, version) = (format!("/reports/{}", row.0.id), row.0.version);
        let value = one(tx, &network, row)?;
        Ok(Created { location, etag: Some(etag_of(version, &value)), value })
    })
    .await
}

fn one(conn: &mut Conn, network: &Network, row: ReportRow) -> Result<ReportView> {
    report_views(conn, network, vec![row])?.pop().ok_or(NOT_FOUND)
}

/// Read a report
///
/// For those who moderate the network, and for who made it.
#[utoipa::path(tag = "moderation", security(("bearer" = [])), responses((status = 200, description = "The report.", body = ReportView, headers(("ETag" = String, description = "Its version.")))))]
#[get("/reports/{report}")]
async fn get_report(app: App, caller: Caller, Path(id): Path<ReportId>) -> Result<Tagged<ReportView>> {
    app.read(&caller, move |conn, _, viewer| {
        let (network, row) = actions::read(conn, viewer, id)?;
        Ok(Tagged::exact(row.0.version, one(conn, &network, row)?))
    })
    .await
}

/// Decide about a report
///
/// For those who moderate the network: `resolved` with a sentence on what was done, which who reported it reads; or `open`
/// again. Nothing is taken away by it: delete, close or put out first what there is to.
#[utoipa::path(tag = "moderation", request_body = ChangeReport, params(("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, description = "As it is now.", body = ReportView, headers(("ETag" = String, description = "Its version.")))))]
#[patch("/reports/{report}")]
async fn change_report(
    app: App,
    caller: Caller,
    Path(id): Path<ReportId>,
    known: IfMatch,
    body: Body<ChangeReport>,
) -> Result<Tagged<ReportView>> {
    let known = known.required()?;
    let change = body.parse(ChangeReport::parse)?;
    app.write(&caller, move |tx, cx, who| {
        let (network, row) = actions::decide(tx, cx, who, id, &known, &change)?;
        Ok(Tagged::exact(row.0.version, one(tx, &network, row)?))
    })
    .await
}
