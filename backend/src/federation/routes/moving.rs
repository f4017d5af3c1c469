//! `/v1/networks/{network}/continuations` and `/v1/networks/{network}/moves`: a network comes to live here, or goes.

use actix_web::post;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::error::{Code, Result};
use crate::federation::moves_view::{CreateContinuation, CreateMove, NetworkMoveView};
use crate::federation::{addresses::Local, continuing, moving, resolving};
use crate::jobs::idempotency::Answer;
use crate::networks::Slug;
use crate::web::{Body, Caller, Created, Path};

pub fn configure(config: &mut ServiceConfig) {
    config.service(continue_network).service(move_network);
}

/// Continue a network that lives elsewhere
///
/// For its coordinators on this instance, when the instance where it lives has been unreachable for so long that the
/// network says `continuableFrom` and that moment is past. It then lives here: everything that was written stays, with who
/// wrote it; its old address leads here; members here stay, and instances where others are follow it. Where two
/// coordinators continue it, it goes on with the one who was in office for longer, and both histories stay.
///
/// With `planned`, while its home is alive, an address is kept for it here, and a coordinator there can move it
/// (`POST /networks/{network}/moves`).
#[utoipa::path(tag = "federation", request_body = CreateContinuation, responses((status = 201, description = "It lives here, or is expected.", body = NetworkMoveView)))]
#[post("/networks/{network}/continuations")]
async fn continue_network(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    body: Body<CreateContinuation>,
) -> Result<Answer<NetworkMoveView>> {
    let once = body.once.clone();
    let new = body.parse(CreateContinuation::parse)?;
    let asked = slug.clone();
    let may = app.read(&caller, move |conn, _, viewer| continuing::may(conn, viewer, &asked)).await;
    // Whoever may not is told so below, and who did so before gets the same answer again.
    if let (Ok(network), false) = (&may, new.planned) {
        continuing::look(&app, network).await?;
    }
    app.create(&caller, once, move |tx, cx, who| {
        let told = continuing::continue_here(tx, cx, who, &slug, &new)?;
        Ok(Created {
            location: format!("/networks/{}", told.to_address),
            etag: None,
            value: told.into(),
        })
    })
    .await
}

/// Move a network to another instance
///
/// For its coordinators. A coordinator there asks for it first (`POST /networks/{network}/continuations` with `planned`).
/// Its members here and everywhere go along; everything that was written stays, and the address here leads there.
#[utoipa::path(tag = "federation", request_body = CreateMove, responses((status = 201, description = "It moves.", body = NetworkMoveView)))]
#[post("/networks/{network}/moves")]
async fn move_network(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    body: Body<CreateMove>,
) -> Result<Answer<NetworkMoveView>> {
    let once = body.once.clone();
    let target = body.parse(CreateMove::parse)?;
    let asked = slug.clone();
    let may = app.read(&caller, move |conn, _, viewer| moving::may_move(conn, viewer, &asked)).await;
    let group = match &may {
        Ok(network) => {
            let own = Local::Network(network.slug.clone()).address(&app.config);
            Some(resolving::group_to_be(&app, &target, &own).await?)
        }
        Err(_) => None,
    };
    app.create(&caller, once, move |tx, cx, who| {
        let group =
            match (moving::may_move(tx, &crate::accounts::Viewer::SignedIn(who.clone()), &slug), &group) {
                (Ok(_), Some(group)) => group,
                (Ok(_), None) => return Err(Code::TargetNotReady.into()),
                (Err(no), _) => return Err(no),
            };
        let told = moving::move_away(tx, cx, who, &slug, group)?;
        Ok(Created {
            location: format!("/networks/{}", told.to_address),
            etag: None,
            value: told.into(),
        })
    })
    .await
}
