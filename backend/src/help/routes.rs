//! `/v1/help-offers`.

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::*;
use super::view::*;
use crate::app::App;
use crate::error::{NOT_FOUND, Result};
use crate::jobs::idempotency::Answer;
use crate::municipalities::MunicipalityCode;
use crate::networks::Theme;
use crate::web::fields::yes;
use crate::web::respond::etag_of;
use crate::web::{Body, Caller, Created, Fields, IfMatch, NoContent, Page, Paging, Path, Query, Tagged};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_help_offers)
        .service(create_help_offer)
        .service(get_help_offer)
        .service(change_help_offer)
        .service(delete_help_offer)
        .service(ask_for_help);
}

/// Which offers are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListHelpOffers {
    /// With this theme, or with anything.
    #[param(
        min_length = 2,
        max_length = 40,
        pattern = "^[a-z0-9][a-z0-9-]*[a-z0-9]$",
        example = "vervoer"
    )]
    theme: Option<String>,
    /// In this municipality, or anywhere.
    #[param(pattern = "^[A-Za-z0-9-]{1,24}$", example = "GM0344")]
    municipality: Option<String>,
    /// Only your own, those you paused too.
    #[param(value_type = Option<bool>)]
    mine: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListHelpOffers {
    fn parse(self) -> Result<(OfferFilter, Paging<HelpOfferId>)> {
        let mut f = Fields::of_query();
        let filter = OfferFilter {
            theme: f.may("theme", self.theme.into(), Theme::parse),
            municipality: f.may("municipality", self.municipality.into(), MunicipalityCode::parse),
            mine: f.may("mine", self.mine.into(), yes).unwrap_or(false),
        };
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| Some((filter, paging?)))
    }
}

/// List offers of help
///
/// What people offer networks to help with, newest first; found by theme and municipality. For people who are signed
/// in. To see which offers fit your networks, read your home.
#[utoipa::path(tag = "help", security(("bearer" = [])), params(ListHelpOffers), responses((status = 200, description = "A piece of the list.", body = Page<HelpOfferView>)))]
#[get("/help-offers")]
async fn list_help_offers(
    app: App,
    caller: Caller,
    query: Query<ListHelpOffers>,
) -> Result<Page<HelpOfferView>> {
    let (filter, paging) = query.parse(ListHelpOffers::parse)?;
    app.read(&caller, move |conn, _, viewer| {
        let rows = actions::list(conn, viewer.signed_in()?, &filter, paging.after, paging.limit)?;
        let page = Page::cut(rows, paging.limit, |last| last.0.id.to_string(), |row| row);
        Ok(Page {
            items: offer_views(conn, page.items)?,
            next_cursor: page.next_cursor,
        })
    })
    .await
}

/// Offer help
///
/// A sentence about what you can help networks with, with themes and municipalities, so that those who seek it find
/// you. Everyone who is signed in reads it with your name; nobody sees your address. Coordinators may ask you, each
/// network once: you get a mail and an invitation, and join or do nothing.
#[utoipa::path(tag = "help", request_body = CreateHelpOffer, responses((status = 201, description = "Offered.", body = HelpOfferView, headers(("ETag" = String, description = "Its version.")))))]
#[post("/help-offers")]
async fn create_help_offer(
    app: App,
    caller: Caller,
    body: Body<CreateHelpOffer>,
) -> Result<Answer<HelpOfferView>> {
    let (once, lang) = (body.once.clone(), caller.lang);
    let new = body.parse(|sent| sent.parse(lang))?;
    app.create(&caller, once, move |tx, cx, who| {
        let row = actions::offer(tx, cx, who, &new)?;
        let (location, version) = (format!("/help-offers/{}", row.0.id), row.0.version);
        let value = one(tx, row)?;
        Ok(Created { location, etag: Some(etag_of(version, &value)), value })
    })
    .await
}

fn one(conn: &mut kring_db::Conn, row: OfferRow) -> Result<HelpOfferView> {
    offer_views(conn, vec![row])?.pop().ok_or(NOT_FOUND)
}

/// Read an offer of help
///
/// Of your own it also says which networks asked, and what they wrote. One that its owner paused is there for nobody
/// else.
#[utoipa::path(tag = "help", security(("bearer" = [])), responses((status = 200, description = "The offer.", body = HelpOfferView, headers(("ETag" = String, description = "Its version.")))))]
#[get("/help-offers/{offer}")]
async fn get_help_offer(
    app: App,
    caller: Caller,
    Path(id): Path<HelpOfferId>,
) -> Result<Tagged<HelpOfferView>> {
    app.read(&caller, move |conn, _, viewer| {
        let (row, asks) = actions::read(conn, viewer.signed_in()?, id)?;
        let version = row.0.version;
        let view = one(conn, row)?;
        Ok(Tagged::exact(version, HelpOfferView { asks: asks.map(ask_views), ..view }))
    })
    .await
}

/// Change an offer of help
///
/// Your own. Pause it when you have no time: nobody else sees it then, and no network is told of it.
#[utoipa::path(tag = "help", request_body = ChangeHelpOffer, params(("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, description = "As it is now.", body = HelpOfferView, headers(("ETag" = String, description = "Its version.")))))]
#[patch("/help-offers/{offer}")]
async fn change_help_offer(
    app: App,
    caller: Caller,
    Path(id): Path<HelpOfferId>,
    known: IfMatch,
    body: Body<ChangeHelpOffer>,
) -> Result<Tagged<HelpOfferView>> {
    let known = known.required()?;
    let change = body.parse(ChangeHelpOffer::parse)?;
    app.write(&caller, move |tx, cx, who| {
        let row = actions::change(tx, cx, who, id, &known, &change)?;
        Ok(Tagged::exact(row.0.version, one(tx, row)?))
    })
    .await
}

/// Withdraw an offer of help
///
/// Your own; an administrator withdraws one that is not for others to read. What networks asked goes with it.
#[utoipa::path(tag = "help", params(("If-Match" = String, Header, description = "The ETag you read.")), responses((status = 204, description = "It is gone.")))]
#[delete("/help-offers/{offer}")]
async fn delete_help_offer(
    app: App,
    caller: Caller,
    Path(id): Path<HelpOfferId>,
    known: IfMatch,
) -> Result<NoContent> {
    let known = known.required()?;
    app.write(&caller, move |tx, _, who| actions::remove(tx, who, id, &known)).await?;
    Ok(NoContent)
}

/// Ask somebody who offers help
///
/// For coordinators. They get a mail with your message, your name and that of the network, and are invited to it: their
/// answer is that they join. Each network asks once with the same offer, and one person asks ten times a day at most.
#[utoipa::path(tag = "help", request_body = AskForHelp, responses((status = 204, description = "They are told.")))]
#[post("/help-offers/{offer}/_ask")]
async fn ask_for_help(
    app: App,
    caller: Caller,
    Path(id): Path<HelpOfferId>,
    body: Body<AskForHelp>,
) -> Result<NoContent> {
    let asking = body.parse(AskForHelp::parse)?;
    app.write(&caller, move |tx, cx, who| actions::ask(tx, cx, who, id, &asking)).await?;
    Ok(NoContent)
}
