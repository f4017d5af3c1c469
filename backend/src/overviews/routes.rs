//! `/v1/networks/{network}`.

use actix_web::{get, patch};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Parts};
use super::view::{NetworkOverview, overview};
use crate::app::App;
use crate::drafts::Reference;
use crate::error::Result;
use crate::networks::{ChangeNetwork, SavedNetwork, Slug};
use crate::web::fields::includes;
use crate::web::{Body, Caller, Fields, IfMatch, Path, Query, Tagged};

pub fn configure(config: &mut ServiceConfig) {
    config.service(get_network).service(change_network);
}

/// What a network's page needs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReadNetwork {
    /// What to embed, with commas between: `advice`, `threads`, `documents`, `coordinators`, `viewer`.
    #[param(
        pattern = "^(advice|threads|documents|coordinators|viewer)(,(advice|threads|documents|coordinators|viewer))*$",
        example = "threads,documents,coordinators,viewer"
    )]
    include: Option<String>,
}

impl ReadNetwork {
    fn parse(self) -> Result<Parts> {
        let mut f = Fields::of_query();
        let include = f.may("include", self.include.into(), |text: String| {
            includes(&text, &["advice", "threads", "documents", "coordinators", "viewer"])
        });
        let include = f.finish(|| Some(include.unwrap_or_default()))?;
        Ok(Parts {
            advice: include.contains(&"advice"),
            threads: include.contains(&"threads"),
            documents: include.contains(&"documents"),
            coordinators: include.contains(&"coordinators"),
            viewer: include.contains(&"viewer"),
        })
    }
}

/// Read a network
///
/// A screen is one request: `include=threads,documents,coordinators,viewer` embeds the beginning of both lists, who
/// coordinates, and what you may do; `advice` says what would make its description easier to read. What you may not see
/// of it is left out; `leftOut` says what and why. Everyone sees who coordinates a public network; of other networks only
/// members and those who are invited do.
#[utoipa::path(tag = "networks", params(ReadNetwork), responses((status = 200, description = "The network.", body = NetworkOverview, headers(("ETag" = String, description = "Its version.")))))]
#[get("/networks/{network}")]
async fn get_network(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    query: Query<ReadNetwork>,
) -> Result<Tagged<NetworkOverview>> {
    let (parts, lang) = (query.parse(ReadNetwork::parse)?, caller.lang);
    app.read(&caller, move |conn, _, viewer| {
        let place = actions::open(conn, viewer, &slug)?;
        let version = place.network.version;
        Ok(Tagged::exact(version, overview(conn, place, parts, lang)?))
    })
    .await
}

/// Change a network
///
/// For coordinators. With `archived` it is closed or opened again; nothing is deleted. Send `If-Match` to be sure
/// that nobody changed it since you read it: where somebody did, nothing is overwritten. The words that you sent are then
/// kept as a draft, and the answer (412) says where, with the present text and what differs.
#[utoipa::path(tag = "networks", request_body = ChangeNetwork, params(("If-Match" = Option<String>, Header, description = "The ETag you read.")),
    responses((status = 200, description = "As it is now.", body = SavedNetwork, headers(("ETag" = String, description = "Its version.")))))]
#[patch("/networks/{network}")]
async fn change_network(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    known: IfMatch,
    body: Body<ChangeNetwork>,
) -> Result<Tagged<SavedNetwork>> {
    let ((change, draft), lang) = (body.parse(|sent| sent.parse(Reference::parse))?, caller.lang);
    let saved = app.write(&caller, move |tx, cx, who| {
        actions::change(tx, cx, who, &slug, &known, &change, draft)?.map(|network| {
            let (etag, value) = SavedNetwork::of(tx, network, lang)?;
            Ok(Tagged { etag, value })
        })
    });
    saved.await?.or_tell(&app).await
}
