//! What other instances ask for: discovery, actors, objects, collections. Not part of the API: FEDERATION.md tells of it.
//!
//! Actors and objects stand at the addresses of the pages for people. Which is sent depends on `Accept`; whoever does
//! not ask for ActivityStreams gets the page.

use actix_web::guard::{self, GuardContext};
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Route, web};
use kring_db::Conn;
use serde::Deserialize;
use serde_json::Value;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::accounts::Handle;
use crate::app::App;
use crate::config::Config;
use crate::documents::DocumentId;
use crate::error::{NOT_FOUND, Result};
use crate::federation::addresses::Local;
use crate::federation::discovery;
use crate::federation::objects::{self, MEDIA_TYPE, Object};
use crate::federation::receiving::{self, Received};
use crate::federation::serving::{self, Part};
use crate::networks::Slug;
use crate::threads::{ReplyId, ThreadId};
use crate::web::Path;
use crate::web::html::read;

/// Before the pages: the same addresses, for who asks otherwise.
pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/.well-known/webfinger", read().to(webfinger))
        .route("/.well-known/host-meta", read().to(host_meta))
        .route("/.well-known/nodeinfo", read().to(nodeinfo_links))
        .route("/nodeinfo/2.1", read().to(nodeinfo))
        .route("/", asked().to(instance))
        .route("/networks/{slug}", asked().to(network))
        .route("/networks/{slug}/outbox", read().to(outbox))
        .route("/networks/{slug}/followers", read().to(followers))
        .route("/networks/{slug}/featured", read().to(featured))
        .route("/networks/{slug}/moderators", read().to(moderators))
        .route("/threads/{thread}", asked().to(thread))
        .route("/threads/{thread}/context", read().to(context))
        .route("/replies/{reply}", asked().to(reply))
        .route("/replies/{reply}", read().to(reply_page))
        .route("/documents/{document}", asked().to(document))
        .route("/@{handle}", asked().to(person))
        .route("/@{handle}/outbox", read().to(persons_outbox))
        .route("/outbox", read().to(instances_outbox))
        .route("/inbox", web::post().to(inbox))
        .route("/networks/{slug}/inbox", web::post().to(inbox))
        .route("/@{handle}/inbox", web::post().to(inbox));
}

/// GET and HEAD, where ActivityStreams is asked for.
fn asked() -> Route {
    read().guard(guard::fn_guard(wants_activity))
}

fn wants_activity(cx: &GuardContext<'_>) -> bool {
    let accepts = cx.head().headers().get_all(header::ACCEPT);
    accepts
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|range| {
            let kind = range.split(';').next().unwrap_or_default().trim();
            kind.eq_ignore_ascii_case(MEDIA_TYPE) || kind.eq_ignore_ascii_case("application/ld+json")
        })
}

/// Sends an object. Who was closed or deleted is 410, with what is left.
fn send(object: Object) -> HttpResponse {
    let object = match object.contains_key("@context") {
        true => object,
        false => objects::standing_alone(object),
    };
    let gone = object.get("type").and_then(Value::as_str) == Some("Tombstone");
    let mut answer = if gone { HttpResponse::Gone() } else { HttpResponse::Ok() };
    answer
        .content_type(format!("{MEDIA_TYPE}; charset=utf-8"))
        .insert_header((header::CACHE_CONTROL, "no-cache"))
        .json(object)
}

async fn instance(app: App) -> Result<HttpResponse> {
    serving::actor(&app, Local::Instance).await.map(send)
}

async fn network(app: App, Path(slug): Path<Slug>) -> Result<HttpResponse> {
    serving::actor(&app, Local::Network(slug)).await.map(send)
}

async fn person(app: App, Path(handle): Path<Handle>) -> Result<HttpResponse> {
    serving::actor(&app, Local::Person(handle)).await.map(send)
}

async fn thread(app: App, Path(id): Path<ThreadId>) -> Result<HttpResponse> {
    serving::object(&app, Local::Thread(id)).await.map(send)
}

async fn reply(app: App, Path(id): Path<ReplyId>) -> Result<HttpResponse> {
    serving::object(&app, Local::Reply(id)).await.map(send)
}

async fn document(app: App, Path(id): Path<DocumentId>) -> Result<HttpResponse> {
    serving::object(&app, Local::Document(id)).await.map(send)
}

/// A reply has no page of its own: it stands in its thread.
async fn reply_page(app: App, Path(id): Path<ReplyId>) -> Result<HttpResponse> {
    let thread = app
        .db
        .read(move |conn| {
            Ok::<_, crate::error::Error>(
                crate::threads::read_reply(conn, &crate::accounts::Viewer::Anonymous, id)?.1.0.thread_id,
            )
        })
        .await?;
    let to = crate::web::links::reply(&app.config, thread, id);
    Ok(HttpResponse::Found().insert_header((header::LOCATION, to)).finish())
}

/// Looks something up for whoever asks, and sends it.
async fn tell<F>(app: App, look: F) -> Result<HttpResponse>
where
    F: FnOnce(&mut Conn, &Config) -> Result<Object> + Send + 'static,
{
    let config = app.config.clone();
    app.db.read(move |conn| look(conn, &config)).await.map(send)
}

async fn outbox(app: App, Path(slug): Path<Slug>) -> Result<HttpResponse> {
    tell(app, move |conn, config| serving::collection(conn, config, &slug, Part::Outbox)).await
}

async fn followers(app: App, Path(slug): Path<Slug>) -> Result<HttpResponse> {
    tell(app, move |conn, config| serving::collection(conn, config, &slug, Part::Followers)).await
}

async fn featured(app: App, Path(slug): Path<Slug>) -> Result<HttpResponse> {
    tell(app, move |conn, config| serving::collection(conn, config, &slug, Part::Featured)).await
}

async fn moderators(app: App, Path(slug): Path<Slug>) -> Result<HttpResponse> {
    tell(app, move |conn, config| serving::collection(conn, config, &slug, Part::Moderators)).await
}

async fn context(app: App, Path(id): Path<ThreadId>) -> Result<HttpResponse> {
    tell(app, move |conn, config| serving::context(conn, config, id)).await
}

/// People's outboxes are empty: what they write is told by the network they write it in.
async fn persons_outbox(app: App, Path(handle): Path<Handle>) -> Result<HttpResponse> {
    tell(app, move |conn, config| {
        serving::open(conn)?;
        crate::accounts::person_by_handle(conn, &handle)?.ok_or(NOT_FOUND)?;
        Ok(objects::ordered(&Local::Person(handle).part(config, "outbox"), 0, Vec::new()))
    })
    .await
}

async fn instances_outbox(app: App) -> Result<HttpResponse> {
    tell(app, |conn, config| {
        serving::open(conn)?;
        Ok(objects::ordered(&Local::Instance.part(config, "outbox"), 0, Vec::new()))
    })
    .await
}

/// Every inbox takes what is for anybody here: whom it is for stands in the message.
async fn inbox(app: App, req: HttpRequest, body: web::Bytes) -> Result<HttpResponse> {
    let told = |status: StatusCode, why: String| {
        HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(why)
    };
    Ok(match receiving::receive(&app, &req, &body).await? {
        Received::Accepted => HttpResponse::Accepted().finish(),
        Received::Malformed(why) => told(StatusCode::BAD_REQUEST, why),
        Received::Unproved(why) => told(StatusCode::UNAUTHORIZED, why),
        Received::Barred => told(StatusCode::FORBIDDEN, "nothing is exchanged with your instance".to_owned()),
        Received::OtherKind => told(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send application/activity+json, not compressed".to_owned(),
        ),
        Received::TooLarge => told(StatusCode::PAYLOAD_TOO_LARGE, "a message has 1 MB at most".to_owned()),
    })
}

/// What is looked for.
#[derive(Deserialize)]
struct Resource {
    resource: String,
}

async fn webfinger(app: App, query: web::Query<Resource>) -> Result<HttpResponse> {
    let config = app.config.clone();
    let found = app.db.read(move |conn| discovery::webfinger(conn, &config, &query.resource)).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/jrd+json"))
        // RFC 7033, 5.
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .json(found))
}

async fn host_meta(app: App) -> Result<HttpResponse> {
    app.db.read(serving::open).await?;
    Ok(HttpResponse::Ok().content_type("application/xrd+xml").body(discovery::host_meta(&app.config)))
}

async fn nodeinfo_links(app: App) -> Result<HttpResponse> {
    app.db.read(serving::open).await?;
    Ok(HttpResponse::Ok().json(discovery::nodeinfo_links(&app.config)))
}

async fn nodeinfo(app: App) -> Result<HttpResponse> {
    let config = app.config.clone();
    let found = app.db.read(move |conn| discovery::nodeinfo(conn, &config)).await?;
    let profile = r#"application/json; profile="http://nodeinfo.diaspora.software/ns/schema/2.1#""#;
    Ok(HttpResponse::Ok().insert_header((header::CONTENT_TYPE, profile)).json(found))
}
