//! `/v1/peers`, what was parked, and at which instances members of a network are.

use actix_web::{delete, get, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::error::Result;
use crate::federation::inbox::MessageId;
use crate::federation::sending::DeliveryId;
use crate::federation::watching::view::*;
use crate::federation::watching::{self, Wanted};
use crate::networks::Slug;
use crate::peers::{Host, PeerState};
use crate::web::fields::{line, word};
use crate::web::{Caller, Fields, NoContent, Page, Paging, Path, Query, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_peers)
        .service(get_peer)
        .service(list_parked_messages)
        .service(retry_parked_message)
        .service(drop_parked_message)
        .service(list_parked_deliveries)
        .service(retry_parked_delivery)
        .service(drop_parked_delivery)
        .service(list_network_instances);
}

/// What is looked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListPeers {
    /// Only those that are so.
    #[param(value_type = Option<PeerState>)]
    state: Option<String>,
    /// A part of the name.
    #[param(max_length = 200, example = "utrecht")]
    q: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListPeers {
    fn parse(self) -> Result<(Wanted, Paging<Host>)> {
        let mut f = Fields::of_query();
        let state = f.may("state", self.state.into(), word);
        let name = f.may("q", self.q.into(), |text: String| line(&text, 0, 200));
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| {
            let letter = |letter: &char| letter.is_ascii_alphanumeric() || ".-:".contains(*letter);
            let name = name.map(|name| name.to_lowercase().chars().filter(letter).collect());
            Some((Wanted { state, name }, paging?))
        })
    }
}

/// List other instances
///
/// For administrators: every instance that anything was exchanged with, by name, with how it is, what it runs, when it
/// last took something, how much waits for it, who belongs where, and what was parked.
#[utoipa::path(tag = "federation", params(ListPeers), responses((status = 200, description = "A piece of the list.", body = Page<PeerView>)))]
#[get("/peers")]
async fn list_peers(app: App, caller: Caller, query: Query<ListPeers>) -> Result<Page<PeerView>> {
    let (wanted, paging) = query.parse(ListPeers::parse)?;
    app.read(&caller, move |conn, cx, viewer| {
        let found = watching::peers(conn, viewer, &wanted, &paging, cx.now())?;
        Ok(Page::cut(found, paging.limit, |last| last.row.host.to_string(), Into::into))
    })
    .await
}

/// Read about another instance
///
/// For administrators: the same as in the list, of one. 404 where nothing was ever exchanged with it.
#[utoipa::path(tag = "federation", responses((status = 200, description = "The instance.", body = PeerView)))]
#[get("/peers/{host}")]
async fn get_peer(app: App, caller: Caller, Path(host): Path<Host>) -> Result<Seen<PeerView>> {
    app.read(&caller, move |conn, cx, viewer| {
        Ok(Seen(watching::peer(conn, viewer, &host, cx.now())?.into()))
    })
    .await
}

/// Whose.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListParked {
    /// Only of this instance.
    #[param(max_length = 200, example = "lemmy.example")]
    host: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListParked {
    fn parse<C: std::str::FromStr>(self) -> Result<(Option<Host>, Paging<C>)> {
        let mut f = Fields::of_query();
        let host = f.may("host", self.host.into(), Host::parse);
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| Some((host, paging?)))
    }
}

/// List messages that could not be taken
///
/// For administrators: what other instances sent and this one fell over, time and again, oldest first, with the error.
/// Never what anybody wrote in it. Kept for 90 days.
#[utoipa::path(tag = "federation", params(ListParked), responses((status = 200, description = "A piece of the list.", body = Page<ParkedMessageView>)))]
#[get("/parked-messages")]
async fn list_parked_messages(
    app: App,
    caller: Caller,
    query: Query<ListParked>,
) -> Result<Page<ParkedMessageView>> {
    let (host, paging) = query.parse(ListParked::parse)?;
    app.read(&caller, move |conn, _, viewer| {
        let found = watching::parked_messages(conn, viewer, host.as_ref(), &paging)?;
        Ok(Page::cut(found, paging.limit, |last| last.id.to_string(), Into::into))
    })
    .await
}

/// Take a parked message in again
///
/// For administrators: as if it had just come. Where that fails again it is tried some times, and parked again.
#[utoipa::path(tag = "federation", responses((status = 204, description = "It is taken in again.")))]
#[post("/parked-messages/{message}/_retry")]
async fn retry_parked_message(app: App, caller: Caller, Path(id): Path<MessageId>) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| watching::retry_message(tx, cx, who, id)).await?;
    Ok(NoContent)
}

/// Drop a parked message
///
/// For administrators: it is never taken, not even when it is sent again within a week.
#[utoipa::path(tag = "federation", responses((status = 204, description = "It is dropped.")))]
#[delete("/parked-messages/{message}")]
async fn drop_parked_message(app: App, caller: Caller, Path(id): Path<MessageId>) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| watching::drop_message(tx, cx, who, id)).await?;
    Ok(NoContent)
}

/// List what other instances fell over
///
/// For administrators: what was sent to an instance and its server failed at, five times, oldest first, with what it
/// said. What came after it was sent. Kept for 90 days.
#[utoipa::path(tag = "federation", params(ListParked), responses((status = 200, description = "A piece of the list.", body = Page<ParkedDeliveryView>)))]
#[get("/parked-deliveries")]
async fn list_parked_deliveries(
    app: App,
    caller: Caller,
    query: Query<ListParked>,
) -> Result<Page<ParkedDeliveryView>> {
    let (host, paging) = query.parse(ListParked::parse)?;
    app.read(&caller, move |conn, _, viewer| {
        let found = watching::parked_deliveries(conn, viewer, host.as_ref(), &paging)?;
        Ok(Page::cut(found, paging.limit, |last| last.id.to_string(), Into::into))
    })
    .await
}

/// Send a parked delivery again
///
/// For administrators: now, with what else waits for its instance. Where its server fails again it is tried some times,
/// and parked again.
#[utoipa::path(tag = "federation", responses((status = 204, description = "It is sent again.")))]
#[post("/parked-deliveries/{delivery}/_retry")]
async fn retry_parked_delivery(app: App, caller: Caller, Path(id): Path<DeliveryId>) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| watching::retry_delivery(tx, cx, who, id)).await?;
    Ok(NoContent)
}

/// Drop a parked delivery
///
/// For administrators: its instance never gets it.
#[utoipa::path(tag = "federation", responses((status = 204, description = "It is dropped.")))]
#[delete("/parked-deliveries/{delivery}")]
async fn drop_parked_delivery(app: App, caller: Caller, Path(id): Path<DeliveryId>) -> Result<NoContent> {
    app.write(&caller, move |tx, _, who| watching::drop_delivery(tx, who, id)).await?;
    Ok(NoContent)
}

/// List at which instances members of a network are
///
/// For coordinators: how many members are at each other instance, and whether they get what is written here. An instance
/// that took nothing for a week is dormant: what is written waits for its people.
#[utoipa::path(tag = "networks", security(("bearer" = [])), responses((status = 200, description = "The list, whole.", body = Page<NetworkInstanceView>)))]
#[get("/networks/{network}/instances")]
async fn list_network_instances(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
) -> Result<Page<NetworkInstanceView>> {
    let lang = caller.lang;
    app.read(&caller, move |conn, cx, viewer| {
        let found = watching::instances_of(conn, viewer, &slug)?;
        let view = |(there, reached): &(_, bool)| {
            NetworkInstanceView::of(cx.config(), lang, there, *reached, cx.now())
        };
        Ok(Page::whole(found.iter().map(view).collect()))
    })
    .await
}
