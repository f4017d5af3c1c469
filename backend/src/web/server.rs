//! The HTTP server: routes, middleware, start and graceful stop.

use std::net::TcpListener;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App as Actix, HttpRequest, HttpResponse, HttpServer, guard, web};
use utoipa_actix_web::AppExt as _;
use utoipa_actix_web::service_config::ServiceConfig;

use super::extract::BODY_LIMIT;
use super::{openapi, problem};
use crate::app::App;
use crate::error::{Code, Error};
use crate::{
    accounts, archives, attachments, checklists, copies, digests, documents, drafts, federation, help, home,
    imports, jobs, mail_members, moderation, municipalities, networks, overviews, search, templates, threads,
};

/// The version of the API, in every answer (NLGov REST API Design Rules, `/core/version-header`).
pub const API_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Everything under `/v1`.
pub fn api(config: &mut ServiceConfig) {
    municipalities::routes::configure(config);
    accounts::routes::configure(config);
    networks::routes::configure(config);
    attachments::routes::configure(config);
    threads::routes::configure(config);
    digests::routes::configure(config);
    mail_members::routes::configure(config);
    overviews::routes::configure(config);
    home::routes::configure(config);
    documents::routes::configure(config);
    drafts::routes::configure(config);
    help::routes::configure(config);
    checklists::routes::configure(config);
    templates::routes::configure(config);
    archives::routes::configure(config);
    imports::routes::configure(config);
    moderation::routes::configure(config);
    search::routes::configure(config);
    copies::routes::configure(config);
    federation::routes::configure(config);
    federation::routes::configure_moves(config);
    jobs::routes::configure(config);
    super::advice::configure(config);
    super::system::configure(config);
}

/// A server on `listener`; run it by awaiting it.
pub fn serve(app: App, listener: TcpListener) -> std::io::Result<Server> {
    serve_with(app, listener, threads(), |_| {})
}

/// How many threads take requests: one a processor.
pub fn threads() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

/// [`serve`] with further routes in the same set-up, outside `/v1`: for what is measured beside Kring's own.
pub fn serve_with(
    app: App,
    listener: TcpListener,
    threads: usize,
    further: impl Fn(&mut ServiceConfig) + Clone + Send + 'static,
) -> std::io::Result<Server> {
    let table = web::Data::from(openapi::MethodTable::shared());
    let server = HttpServer::new(move || {
        let cors = cors(&app.config.cors_origins);
        let (actix, _) = Actix::new()
            .into_utoipa_app()
            .app_data(app.clone())
            .app_data(table.clone())
            .app_data(web::PayloadConfig::new(BODY_LIMIT))
            .map(|actix| actix.configure(other_methods))
            .service(utoipa_actix_web::scope("/v1").configure(api))
            .configure(super::system::configure_outside)
            .configure(federation::routes::configure_outside)
            .configure(digests::routes::pages::configure)
            .configure(mail_members::routes::pages::configure)
            .configure(crate::pages::routes::configure)
            .configure(&further)
            .default_service(web::route().to(nowhere))
            .split_for_parts();
        actix
            .wrap(from_fn(session_first))
            .wrap(from_fn(problem::tell))
            .wrap(cors)
            .wrap(from_fn(common_headers))
            .wrap(tracing_actix_web::TracingLogger::<Quiet>::new())
            .wrap(from_fn(head_as_get))
    });
    Ok(server
        .listen(listener)?
        .workers(threads)
        // Workers stop after it; docker-compose.yml leaves time for both.
        .shutdown_timeout(20)
        // Who runs it decides when it stops, by its handle.
        .disable_signals()
        .client_request_timeout(Duration::from_secs(30))
        .run())
}

/// Runs `work` to its end on this thread, with what a server needs around it.
pub fn block_on<T>(work: impl Future<Output = T>) -> T {
    actix_web::rt::System::new().block_on(work)
}

/// Logs at debug: what failed is logged where it failed.
struct Quiet;

impl tracing_actix_web::RootSpanBuilder for Quiet {
    fn on_request_start(request: &ServiceRequest) -> tracing::Span {
        // The path itself may hold a secret that came by mail.
        let path = request.match_pattern().unwrap_or_default();
        tracing::debug_span!("request", method = %request.method(), path)
    }

    fn on_request_end<B: MessageBody>(_: tracing::Span, _: &Result<ServiceResponse<B>, actix_web::Error>) {}
}

fn cors(origins: &[String]) -> Cors {
    let allowed = origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin));
    allowed
        .allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            "authorization",
            "content-type",
            "accept-language",
            "if-match",
            "if-none-match",
            "if-range",
            "idempotency-key",
            "range",
        ])
        .expose_headers([
            "etag",
            "link",
            "location",
            "api-version",
            "retry-after",
            "content-range",
            "content-disposition",
            "idempotency-replayed",
        ])
        .max_age(3600)
}

/// Operations as sub-resources (`POST /sessions/_refresh`), asked with another method: otherwise `_refresh` would be
/// taken for the id of a session.
fn other_methods(config: &mut web::ServiceConfig) {
    for path in openapi::operations() {
        let resource = web::resource(format!("/v1{path}"));
        config.service(resource.guard(guard::Not(guard::Post())).to(nowhere));
    }
}

/// Whoever needs a session and has none hears of that first, before anything is said about what they sent.
async fn session_first(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let writes = !matches!(*req.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if writes && !req.headers().contains_key(header::AUTHORIZATION) {
        let table = req.app_data::<web::Data<openapi::MethodTable>>();
        if table.is_some_and(|table| table.needs_session(req.method().as_str(), req.path())) {
            let lang = super::extract::language(req.request());
            let answer = problem::respond(&Code::SignInRequired.into(), lang);
            return Ok(req.into_response(answer).map_into_boxed_body());
        }
    }
    Ok(next.call(req).await?.map_into_boxed_body())
}

/// No such address; or there is one, for other methods.
async fn nowhere(req: HttpRequest, table: web::Data<openapi::MethodTable>) -> Result<HttpResponse, Error> {
    let allowed = table.allowed(req.path());
    if allowed.is_empty() {
        return Err(Code::NotFound.into());
    }
    let mut answer = problem::respond(&Code::MethodNotAllowed.into(), super::extract::language(&req));
    if let Ok(value) = HeaderValue::from_str(&allowed.join(", ")) {
        answer.headers_mut().insert(header::ALLOW, value);
    }
    Ok(answer)
}

/// Wherever GET answers, HEAD does, with the same headers (RFC 9110, 9.3.2): what is below sees a GET, and the server
/// keeps the body to itself.
async fn head_as_get(
    mut req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if req.method() == Method::HEAD {
        req.head_mut().method = Method::GET;
    }
    next.call(req).await
}

/// Headers of every answer: the API's version, and what keeps browsers from guessing, framing and leaking.
async fn common_headers(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let https = req.app_data::<App>().is_some_and(|app| app.config.https());
    let started = std::time::Instant::now();
    let mut response = next.call(req).await?;
    metrics::histogram!("kring_request_seconds").record(started.elapsed().as_secs_f64());
    metrics::counter!("kring_requests_total", "status" => response.status().as_str().to_owned()).increment(1);
    let headers = response.headers_mut();
    let mut set = |name: header::HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::HeaderName::from_static("api-version"), API_VERSION);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    set(header::CACHE_CONTROL, "private, no-cache");
    if https {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    headers.append(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization"));
    Ok(response)
}
