//! `/dev/mail`: there in demo and development alone, and only for who sits at this machine.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use utoipa_actix_web::service_config::ServiceConfig;

use super::read;
use crate::app::App;
use crate::config::is_this_machine;
use crate::error::{Error, NOT_FOUND, Result};
use crate::mail::{self, StoredMail};
use crate::pages::mailbox::{self, As};
use crate::web::Path;
use crate::web::html::{Asked, Html};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/dev/mail", read().to(list))
        .route("/dev/mail/{mail}", read().to(as_html))
        .route("/dev/mail/{mail}/text", read().to(as_text))
        .route("/dev/mail/{mail}/source", read().to(as_source))
        .route("/dev/mail/{mail}/content", read().to(content));
}

/// Mails hold words that open accounts. So: only where the settings say so, and only to an address of this machine. A
/// page elsewhere whose name leads here (DNS rebinding) asks for its own name, and a proxy for the public one.
fn open(app: &App, req: &HttpRequest) -> Result<()> {
    // The header itself: what `Forwarded` and its like say, a script may say too.
    let host = req.headers().get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let host = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    if app.config.dev_mail && is_this_machine(host) {
        Ok(())
    } else {
        Err(NOT_FOUND)
    }
}

async fn list(app: App, req: HttpRequest, asked: Asked) -> Result<Html> {
    open(&app, &req)?;
    mailbox::mailbox(&asked, blocking(move || mail::read_mailbox(&app.config.mailbox())).await?)
}

async fn as_html(app: App, req: HttpRequest, asked: Asked, Path(name): Path<String>) -> Result<Html> {
    mailbox::mail(&asked, one(app, &req, name).await?, As::Html)
}

async fn as_text(app: App, req: HttpRequest, asked: Asked, Path(name): Path<String>) -> Result<Html> {
    mailbox::mail(&asked, one(app, &req, name).await?, As::Text)
}

async fn as_source(app: App, req: HttpRequest, asked: Asked, Path(name): Path<String>) -> Result<Html> {
    mailbox::mail(&asked, one(app, &req, name).await?, As::Source)
}

/// The HTML of a mail by itself, for the frame on its page. Nothing in it runs or loads; its links open in the whole
/// window, for Kring's pages stand in no frame.
async fn content(app: App, req: HttpRequest, Path(name): Path<String>) -> Result<HttpResponse> {
    let mail = one(app, &req, name).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .insert_header((header::X_FRAME_OPTIONS, "SAMEORIGIN"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation",
        ))
        .body(mail.html.replacen("<head>", "<head><base target=\"_top\">", 1)))
}

async fn one(app: App, req: &HttpRequest, name: String) -> Result<StoredMail> {
    open(&app, req)?;
    blocking(move || mail::read_mail(&app.config.mailbox(), &name)).await?.ok_or(NOT_FOUND)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}
