//! What other instances ask for: discovery, actors, objects, collections. Not part of the API: FEDERATION.md tells of it.
//!
//! Actors and objects stand at the addresses of the pages for people. Which is sent depends on `Accept`; whoever does
//! not ask for ActivityStreams gets the page.

use actix_web::guard::{self, GuardContext};
use actix_web::http::header::HeaderValue;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Route, web};
use kring_activitypub::wire;
use kring_db::Conn;
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

use super::answering::{answer, by_signature, tell};
use crate::accounts::Handle;
use crate::app::App;
use crate::config::Config;
use crate::documents::DocumentId;
use crate::error::{NOT_FOUND, Result};
use crate::federation::addresses::Local;
use crate::federation::asker::{self, Asker};
use crate::federation::objects::{self, MEDIA_TYPE};
use crate::federation::receiving::{self, Received};
use crate::federation::serving::{self, Part};
use crate::federation::{articles, discovery, whole};
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
        .route("/networks/{slug}/documents", read().to(documents))
        .route("/networks/{slug}/posts", read().to(posts))
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

async fn instance(app: App, req: HttpRequest) -> Result<HttpResponse> {
    actor(&app, &req, Local::Instance).await
}

async fn network(app: App, req: HttpRequest, Path(slug): Path<Slug>) -> Result<HttpResponse> {
    actor(&app, &req, Local::Network(slug)).await
}

async fn person(app: App, req: HttpRequest, Path(handle): Path<Handle>) -> Result<HttpResponse> {
    actor(&app, &req, Local::Person(handle)).await
}

async fn actor(app: &App, req: &HttpRequest, of: Local) -> Result<HttpResponse> {
    answer(app, req, None, async |asker| serving::actor(app, of.clone(), asker).await).await
}

async fn thread(app: App, req: HttpRequest, Path(id): Path<ThreadId>) -> Result<HttpResponse> {
    object(&app, &req, Local::Thread(id)).await
}

async fn reply(app: App, req: HttpRequest, Path(id): Path<ReplyId>) -> Result<HttpResponse> {
    object(&app, &req, Local::Reply(id)).await
}

async fn document(app: App, req: HttpRequest, Path(id): Path<DocumentId>) -> Result<HttpResponse> {
    object(&app, &req, Local::Document(id)).await
}

async fn object(app: &App, req: &HttpRequest, of: Local) -> Result<HttpResponse> {
    let about = Some(of.clone());
    let told = answer(app, req, about, async |asker| serving::object(app, of.clone(), asker).await).await?;
    if told.status() != StatusCode::NOT_FOUND {
        return Ok(told);
    }
    // A copy of what was written elsewhere: its address here is what people have of it.
    Ok(match app.db.read(move |conn| serving::origin(conn, &of)).await? {
        Some(origin) => HttpResponse::Found().insert_header((header::LOCATION, origin)).finish(),
        None => told,
    })
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

async fn collection(app: &App, req: &HttpRequest, slug: Slug, part: Part) -> Result<HttpResponse> {
    answer(app, req, None, async |asker| serving::collection(app, slug.clone(), part, asker).await).await
}

async fn outbox(app: App, req: HttpRequest, Path(slug): Path<Slug>) -> Result<HttpResponse> {
    collection(&app, &req, slug, Part::Outbox).await
}

/// Who is asked about.
#[derive(Deserialize)]
struct About {
    is_follower: Option<String>,
}

/// How many follow a network; or, to an instance that does, whether another does (as Lemmy asks it).
async fn followers(
    app: App,
    req: HttpRequest,
    Path(slug): Path<Slug>,
    query: web::Query<About>,
) -> Result<HttpResponse> {
    let Some(about) = query.into_inner().is_follower else {
        return collection(&app, &req, slug, Part::Followers).await;
    };
    let (signer, about) = (asker::of(&app, &req).await?, wire::address(&about));
    let confirmed = match signer.zip(about) {
        Some(((host, _), about)) => {
            app.db.read(move |conn| asker::confirms(conn, &slug, &host, &about)).await?
        }
        None => false,
    };
    let status = if confirmed { StatusCode::OK } else { StatusCode::NOT_FOUND };
    Ok(by_signature(HttpResponse::new(status)))
}

async fn featured(app: App, req: HttpRequest, Path(slug): Path<Slug>) -> Result<HttpResponse> {
    collection(&app, &req, slug, Part::Featured).await
}

async fn moderators(app: App, req: HttpRequest, Path(slug): Path<Slug>) -> Result<HttpResponse> {
    collection(&app, &req, slug, Part::Moderators).await
}

/// Where a collection goes on.
#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

async fn documents(
    app: App,
    req: HttpRequest,
    Path(slug): Path<Slug>,
    query: web::Query<After>,
) -> Result<HttpResponse> {
    let after = query.into_inner().after.map(|after| after.parse().map_err(|_| NOT_FOUND)).transpose()?;
    let look = async |asker| articles::documents(&app, slug.clone(), after, asker).await;
    answer(&app, &req, None, look).await
}

async fn posts(
    app: App,
    req: HttpRequest,
    Path(slug): Path<Slug>,
    query: web::Query<After>,
) -> Result<HttpResponse> {
    let after = query.into_inner().after.map(|after| after.parse().map_err(|_| NOT_FOUND)).transpose()?;
    let after = after.map(|ThreadId(id)| id);
    answer(&app, &req, None, async |asker| whole::posts(&app, slug.clone(), after, asker).await).await
}

async fn context(app: App, req: HttpRequest, Path(id): Path<ThreadId>) -> Result<HttpResponse> {
    let look =
        move |conn: &mut Conn, config: &Config, asker: &Asker| serving::context(conn, config, id, asker);
    tell(&app, &req, Some(Local::Thread(id)), look).await
}

/// People's outboxes are empty: what they write is told by the network they write it in.
async fn persons_outbox(app: App, req: HttpRequest, Path(handle): Path<Handle>) -> Result<HttpResponse> {
    tell(&app, &req, None, move |conn, config, asker| {
        asker.may_know_people(conn)?;
        crate::accounts::person_by_handle(conn, &handle)?.ok_or(NOT_FOUND)?;
        Ok(objects::ordered(&Local::Person(handle).part(config, "outbox"), 0, Vec::new()))
    })
    .await
}

async fn instances_outbox(app: App, req: HttpRequest) -> Result<HttpResponse> {
    tell(&app, &req, None, |conn, config, _| {
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
        Received::KeyAway(why) => {
            let mut answer = told(StatusCode::SERVICE_UNAVAILABLE, why);
            // After that a server that did not answer is asked again.
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("60"));
            answer
        }
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
