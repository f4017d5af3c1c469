//! The addresses of pages. Not part of the API: the OpenAPI document tells of them in words.

mod finding;
mod mailbox;
mod reading;
mod words;

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::http::header;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::web::html::head::{CARD, CARD_PATH};
use crate::web::html::{self, read};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route(&html::STYLE_PATH, read().to(style))
        .route("/assets/icon.svg", read().to(icon))
        .route(CARD_PATH, read().to(card));
    finding::configure(config);
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

/// What is shown of pages that have no picture of their own, where somebody shares them.
async fn card() -> HttpResponse {
    asset("image/png", "public, max-age=86400", CARD)
}

fn asset(media_type: &str, kept: &str, content: impl MessageBody + 'static) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CACHE_CONTROL, kept))
        .body(content)
}
