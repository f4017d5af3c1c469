//! `/v1/digest-preferences`, `/v1/digests`, and `/unsubscribe` outside `/v1`.

use actix_web::{get, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::view::*;
use crate::app::App;
use crate::error::Result;
use crate::web::{Body, Caller, NoContent, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get_digest_preferences)
        .service(set_digest_preferences)
        .service(revoke_digest_links);
}

/// Read when your digest comes
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
#[post("/digest-preferences/_revoke-links")]
async fn revoke_digest_links(app: App, caller: Caller) -> Result<NoContent> {
    app.write(&caller, |tx, cx, who| actions::revoke_own_words(tx, cx, who).map(|()| NoContent))
        .await
}
