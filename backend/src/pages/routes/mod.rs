//! The addresses of pages. Not part of the API: none stands in the OpenAPI document.

mod mailbox;
mod reading;
mod words;

use actix_web::HttpResponse;
use actix_web::http::header;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::web::html::{self, read};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route(&html::STYLE_PATH, read().to(style))
        .route("/assets/icon.svg", read().to(icon))
        .route("/robots.txt", read().to(robots));
    reading::configure(config);
    words::configure(config);
    mailbox::configure(config);
}

async fn style() -> HttpResponse {
    asset("text/css; charset=utf-8", "public, max-age=31536000, immutable", html::STYLE)
}

async fn icon() -> HttpResponse {
    asset("image/svg+xml", "public, max-age=86400", html::ICON)
}

/// Pages may be found; what is for machines, for one reader, or costs work may not be crawled.
async fn robots() -> &'static str {
    "User-agent: *\nDisallow: /v1/\nDisallow: /docs/\nDisallow: /dev/\n"
}

fn asset(media_type: &str, kept: &str, content: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CACHE_CONTROL, kept))
        .body(content)
}
