//! `/v1/erasures`, `/v1/networks/{network}/erasures`: what other instances were asked to delete, and who confirmed.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::error::Result;
use crate::federation::erasing::{self, ErasureId, ErasureInstanceView, ErasureRow, ErasureView};
use crate::networks::Slug;
use crate::peers::Host;
use crate::web::fields::yes;
use crate::web::paging::PageQuery;
use crate::web::{Caller, Fields, Page, Paging, Path, Query};

pub fn configure(config: &mut ServiceConfig) {
    config.service(list_network_erasures).service(list_erasures).service(list_erasure_instances);
}

fn page(conn: &mut kring_db::Conn, rows: Vec<ErasureRow>, limit: i64) -> Result<Page<ErasureView>> {
    let page = Page::cut(rows, limit, |last| last.erasure.id.to_string(), |row| row);
    Ok(Page {
        items: erasing::erasure_views(conn, page.items)?,
        next_cursor: page.next_cursor,
    })
}

/// List what others were asked to delete of a network
///
/// For coordinators, newest first: what was deleted, and all of the network where it no longer goes to an instance. Each
/// with how many instances were asked and how many confirmed. They are asked; whether they keep a copy all the same
/// nobody can see from here.
#[utoipa::path(tag = "federation", security(("bearer" = [])), params(PageQuery), responses((status = 200, description = "A piece of the list.", body = Page<ErasureView>)))]
#[get("/networks/{network}/erasures")]
async fn list_network_erasures(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    query: Query<PageQuery>,
) -> Result<Page<ErasureView>> {
    let paging = query.parse(PageQuery::parse::<ErasureId>)?;
    app.read(&caller, move |conn, _, viewer| {
        viewer.signed_in()?;
        let rows = erasing::listed(conn, viewer, &slug, &paging)?;
        page(conn, rows, paging.limit)
    })
    .await
}

/// Whose erasures are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListErasures {
    /// Only of what you wrote, and of your account.
    #[param(value_type = Option<bool>)]
    mine: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListErasures {
    fn parse(self) -> Result<(bool, Paging<ErasureId>)> {
        let mut f = Fields::of_query();
        let mine = f.may("mine", self.mine.into(), yes).unwrap_or(false);
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| Some((mine, paging?)))
    }
}

/// List what others were asked to delete
///
/// With `mine`: of what you wrote, wherever it went. All of it is for administrators.
#[utoipa::path(tag = "federation", security(("bearer" = [])), params(ListErasures), responses((status = 200, description = "A piece of the list, newest first.", body = Page<ErasureView>)))]
#[get("/erasures")]
async fn list_erasures(app: App, caller: Caller, query: Query<ListErasures>) -> Result<Page<ErasureView>> {
    let (mine, paging) = query.parse(ListErasures::parse)?;
    app.read(&caller, move |conn, _, viewer| {
        let rows = erasing::of_all(conn, viewer, mine, &paging)?;
        page(conn, rows, paging.limit)
    })
    .await
}

/// List who was asked
///
/// Each instance with its answer, by name. For administrators, for coordinators of the network, and for whose it was.
#[utoipa::path(tag = "federation", security(("bearer" = [])), params(PageQuery), responses((status = 200, description = "A piece of the list.", body = Page<ErasureInstanceView>)))]
#[get("/erasures/{erasure}/instances")]
async fn list_erasure_instances(
    app: App,
    caller: Caller,
    Path(id): Path<ErasureId>,
    query: Query<PageQuery>,
) -> Result<Page<ErasureInstanceView>> {
    let paging = query.parse(PageQuery::parse::<Host>)?;
    app.read(&caller, move |conn, _, viewer| {
        let rows = erasing::erased_at(conn, viewer, id, &paging)?;
        Ok(Page::cut(rows, paging.limit, |(last, _)| last.host.to_string(), Into::into))
    })
    .await
}
