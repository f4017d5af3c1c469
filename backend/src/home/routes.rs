//! `/v1/home`.

use actix_web::get;
use utoipa_actix_web::service_config::ServiceConfig;

use super::view::{HomeView, home_view};
use crate::app::App;
use crate::error::Result;
use crate::web::{Caller, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config.service(get_home);
}

/// Read your home
///
/// A screen is one request: what waits for you (invitations, requests to join, posts that are addressed to you, files
/// that ask for a description), your networks with how much you have not read, the documents that changed, and help that
/// fits: offers for networks of yours that seek it, and networks that seek what you offer.
#[utoipa::path(tag = "home", security(("bearer" = [])), responses((status = 200, description = "Your home.", body = HomeView)))]
#[get("/home")]
async fn get_home(app: App, caller: Caller) -> Result<Seen<HomeView>> {
    app.read(&caller, |conn, _, viewer| Ok(Seen(home_view(conn, viewer.signed_in()?)?))).await
}
