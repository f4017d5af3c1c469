//! `/verify-email` and `/reset-password`.

use actix_web::web::{self, Form};
use kring_db::Conn;
use serde::Deserialize;
use utoipa_actix_web::service_config::ServiceConfig;

use super::read;
use crate::accounts::{self, Email, Handle, Password, WordState};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::pages::words::{self, Again};
use crate::web::Path;
use crate::web::extract::ClientIp;
use crate::web::html::{Asked, Html};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/verify-email", read().to(ask_verification))
        .route("/verify-email", web::post().to(send_verification))
        .route("/verify-email/{word}", read().to(show_verification))
        .route("/verify-email/{word}", web::post().to(verify))
        .route("/reset-password", read().to(ask_reset))
        .route("/reset-password", web::post().to(send_reset))
        .route("/reset-password/{word}", read().to(show_reset))
        .route("/reset-password/{word}", web::post().to(reset));
}

/// What the forms send.
#[derive(Deserialize)]
struct Sent {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
}

async fn ask_verification(asked: Asked) -> Result<Html> {
    words::again(&asked, Again::Verification, "", None)
}

async fn send_verification(app: App, ip: ClientIp, asked: Asked, sent: Form<Sent>) -> Result<Html> {
    app.attempts.count(ip)?;
    let email = match Email::parse(sent.email.clone()) {
        Ok(email) => email,
        Err(fault) => return words::again(&asked, Again::Verification, &sent.email, Some(&fault)),
    };
    app.write_for_anyone(move |tx, cx| accounts::ask_verification_again(tx, cx, &email)).await?;
    words::asked_again(&asked, Again::Verification)
}

async fn show_verification(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    let cx = app.context();
    let read = move |conn: &mut Conn| {
        Ok::<_, Error>((accounts::verify_word(conn, &cx, &word)?, accounts::confirms(conn, &word)?))
    };
    let (state, handle) = app.db.read(read).await?;
    words::verify(&asked, state, handle.as_ref().map_or("", Handle::as_str))
}

async fn verify(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    match app.write_for_anyone(move |tx, cx| accounts::verify(tx, cx, &word)).await {
        Ok(can_sign_in) => words::verified(&asked, Some(can_sign_in)),
        Err(Error::Rule(Code::LinkUsedUp)) => words::verified(&asked, None),
        Err(other) => Err(other),
    }
}

async fn ask_reset(asked: Asked) -> Result<Html> {
    words::again(&asked, Again::Reset, "", None)
}

async fn send_reset(app: App, ip: ClientIp, asked: Asked, sent: Form<Sent>) -> Result<Html> {
    app.attempts.count(ip)?;
    let email = match Email::parse(sent.email.clone()) {
        Ok(email) => email,
        Err(fault) => return words::again(&asked, Again::Reset, &sent.email, Some(&fault)),
    };
    app.write_for_anyone(move |tx, cx| accounts::ask_reset(tx, cx, &email)).await?;
    words::asked_again(&asked, Again::Reset)
}

async fn show_reset(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    words::reset(&asked, reset_word(&app, word).await?, None)
}

async fn reset_word(app: &App, word: String) -> Result<WordState> {
    let cx = app.context();
    app.db.read(move |conn| accounts::reset_word(conn, &cx, &word)).await
}

async fn reset(
    app: App,
    ip: ClientIp,
    asked: Asked,
    Path(word): Path<String>,
    sent: Form<Sent>,
) -> Result<Html> {
    app.attempts.count(ip)?;
    let password = match Password::parse(sent.into_inner().password) {
        Ok(password) => password,
        Err(fault) => return words::reset(&asked, reset_word(&app, word).await?, Some(&fault)),
    };
    let hash = app.hashing.hash(&password).await?;
    match app.write_for_anyone(move |tx, cx| accounts::complete_reset(tx, cx, &word, &hash)).await {
        Ok(()) => words::reset_done(&asked),
        Err(Error::Rule(Code::LinkUsedUp)) => words::reset(&asked, WordState::Over, None),
        Err(other) => Err(other),
    }
}
