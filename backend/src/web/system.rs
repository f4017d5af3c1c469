//! What is about the server itself: the spec, its page, health, metrics, keys, and who runs it.

use actix_web::http::header;
use actix_web::{HttpResponse, get, web};
use kring_db::Migrations;
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::openapi;
use super::respond::Seen;
use crate::app::App;
use crate::config::Registration;
use crate::error::{Error, Result};
use crate::text::lang::Lang;

pub fn configure(config: &mut ServiceConfig) {
    config.service(get_instance).service(get_openapi);
}

/// Outside `/v1`, and not in the spec.
pub fn configure_outside(config: &mut ServiceConfig) {
    config.route("/healthz", web::get().to(healthz));
    config.route("/readyz", web::get().to(readyz));
    config.route("/metrics", web::get().to(metrics_page));
    config.route("/.well-known/jwks.json", web::get().to(jwks));
    config.route(
        "/docs",
        web::get().to(async || HttpResponse::Found().insert_header((header::LOCATION, "/docs/")).finish()),
    );
    config.route("/docs/{file:.*}", web::get().to(docs));
}

/// This instance.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Instance {
    #[schema(example = "Kring Utrecht")]
    pub name: String,
    pub version: String,
    pub default_language: Lang,
    #[schema(example = "Europe/Amsterdam")]
    pub time_zone: String,
    /// Who may get an account: `open`, `approval` (an admin looks first) or `closed`.
    #[schema(example = "approval")]
    pub registration: String,
    /// Must whoever proposes a network state that experts by experience lead it?
    pub led_by_experts_required: bool,
    /// Most bytes of an uploaded file.
    pub upload_limit: u64,
}

/// Read about this instance
///
/// What a client needs before anybody signs in: its name and languages, whether and how one registers, and what it
/// allows.
#[utoipa::path(tag = "instance", security(()), responses((status = 200, description = "This instance.", body = Instance)))]
#[get("/instance")]
async fn get_instance(app: App) -> Seen<Instance> {
    let registration = match app.config.registration {
        Registration::Open => "open",
        Registration::Approval => "approval",
        Registration::Closed => "closed",
    };
    Seen(Instance {
        name: app.config.instance_name.clone(),
        version: super::server::API_VERSION.to_owned(),
        default_language: app.config.default_language,
        time_zone: app.config.time_zone.to_string(),
        registration: registration.to_owned(),
        led_by_experts_required: app.config.led_by_experts_required,
        upload_limit: app.config.upload_limit,
    })
}

/// Read this specification
///
/// The OpenAPI 3.1 document that you are reading, for generating clients.
#[utoipa::path(tag = "instance", security(()), responses((status = 200, description = "This document.", body = serde_json::Value)))]
#[get("/openapi.json")]
async fn get_openapi() -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .content_type("application/json")
        .body(openapi::json())
}

async fn healthz() -> &'static str {
    "ok\n"
}

/// Can it serve? The database answers and every migration is applied.
async fn readyz(app: App) -> Result<&'static str> {
    app.db
        .read(|conn| match Migrations::pending(conn)? {
            false => Ok("ready\n"),
            true => Err(Error::Unavailable(anyhow::anyhow!("migrations are missing: run `kring migrate`"))),
        })
        .await
}

/// The one recorder of this process; installed at first use.
pub fn recorder() -> &'static PrometheusHandle {
    static RECORDER: std::sync::OnceLock<PrometheusHandle> = std::sync::OnceLock::new();
    RECORDER.get_or_init(|| {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        // Another recorder can only be there when a program embeds Kring; then its own page shows the numbers.
        let _ = metrics::set_global_recorder(recorder);
        handle
    })
}

async fn metrics_page(app: App) -> Result<HttpResponse> {
    // First: what is counted before it is there is lost.
    let recorder = recorder();
    let now = app.clock.now();
    let (mails, (waiting, given_up), set_aside, others) = app
        .db
        .read(move |conn| {
            let (mails, jobs) = (crate::mail::troubles(conn, now)?, crate::jobs::queue::depth(conn)?);
            let others = crate::federation::watching::totals(conn, now)?;
            Ok::<_, Error>((mails, jobs, crate::jobs::outbox::set_aside(conn)?, others))
        })
        .await?;
    for (state, count) in mails {
        metrics::gauge!("kring_mails", "state" => state).set(count as f64);
    }
    metrics::gauge!("kring_jobs", "state" => "waiting").set(waiting as f64);
    metrics::gauge!("kring_jobs", "state" => "given_up").set(given_up as f64);
    metrics::gauge!("kring_events", "state" => "set_aside").set(set_aside as f64);
    tell_others(&others, app.backlog.now(&app).await?, now);
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(recorder.render()))
}

/// How it is with other instances.
fn tell_others(
    others: &crate::federation::watching::Totals,
    (waiting_out, counted_ago): (i64, i64),
    now: kring_db::Time,
) {
    for (state, count) in &others.peers {
        metrics::gauge!("kring_federation_peers", "state" => state.to_string()).set(*count as f64);
    }
    for (direction, waiting, parked) in
        [("in", others.waiting_in, others.parked_in), ("out", waiting_out, others.parked_out)]
    {
        metrics::gauge!("kring_federation_waiting", "direction" => direction).set(waiting as f64);
        metrics::gauge!("kring_federation_parked", "direction" => direction).set(parked as f64);
    }
    metrics::gauge!("kring_federation_waiting_counted_seconds", "direction" => "out").set(counted_ago as f64);
    let age = others.oldest_in.map_or(0, |since| (now - since).num_seconds().max(0));
    metrics::gauge!("kring_federation_oldest_message_seconds").set(age as f64);
}

async fn jwks(app: App) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "public, max-age=300"))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .json(app.keys.jwks())
}

/// The page about the API, with everything it needs built in.
async fn docs(file: web::Path<String>) -> Result<HttpResponse> {
    let config = std::sync::Arc::new(utoipa_swagger_ui::Config::from("/v1/openapi.json"));
    let found = utoipa_swagger_ui::serve(&file, config).map_err(Error::internal)?;
    let found = found.ok_or(crate::error::NOT_FOUND)?;
    Ok(HttpResponse::Ok()
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
        ))
        .content_type(found.content_type)
        .body(found.bytes.into_owned()))
}
