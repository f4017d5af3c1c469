//! `/v1/networks/{network}/checklist`.

use actix_web::{delete, get, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::Item;
use super::view::{ChecklistView, checklist_view};
use crate::app::App;
use crate::error::Result;
use crate::networks::Slug;
use crate::web::{Caller, NoContent, Path, Path2, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config.service(get_checklist).service(dismiss_checklist_item).service(restore_checklist_item);
}

/// Read a network's checklist
///
/// For coordinators: what makes a network work in its first weeks, what of that is there now, why it helps and what does
/// it. It is computed from what is there, and no mail comes of it. What does not suit your network you put aside.
#[utoipa::path(tag = "networks", security(("bearer" = [])), responses((status = 200, description = "The list.", body = ChecklistView)))]
#[get("/networks/{network}/checklist")]
async fn get_checklist(app: App, caller: Caller, Path(slug): Path<Slug>) -> Result<Seen<ChecklistView>> {
    let lang = caller.lang;
    app.read(&caller, move |conn, cx, viewer| {
        let list = actions::read(conn, cx, viewer, &slug)?;
        Ok(Seen(checklist_view(&list, lang)))
    })
    .await
}

/// Put an item of the checklist aside
///
/// For coordinators, for the whole network: it does not suit. It stays in the list, dismissed. Doing so twice is fine.
#[utoipa::path(tag = "networks", responses((status = 204, description = "It is put aside.")))]
#[put("/networks/{network}/checklist/{item}/dismissal")]
async fn dismiss_checklist_item(
    app: App,
    caller: Caller,
    Path2(slug, item): Path2<Slug, Item>,
) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| actions::dismiss(tx, cx, who, &slug, item)).await?;
    Ok(NoContent)
}

/// Bring an item of the checklist back
///
/// For coordinators. What was not put aside stays as it is.
#[utoipa::path(tag = "networks", responses((status = 204, description = "It is back.")))]
#[delete("/networks/{network}/checklist/{item}/dismissal")]
async fn restore_checklist_item(
    app: App,
    caller: Caller,
    Path2(slug, item): Path2<Slug, Item>,
) -> Result<NoContent> {
    app.write(&caller, move |tx, _, who| actions::bring_back(tx, who, &slug, item)).await?;
    Ok(NoContent)
}
