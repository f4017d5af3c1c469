//! `/digests/{word}`, `/unsubscribe/{token}` and `/digest-preferences/{token}`, outside `/v1`: for who reads only
//! mail. No session is needed, the word from the mail is enough. A GET changes nothing; mail programs post
//! (RFC 8058), and so do buttons.

use actix_web::web;
use askama::Template;
use utoipa_actix_web::service_config::ServiceConfig;

use super::preferences;
use crate::accounts::PersonId;
use crate::app::App;
use crate::digests::actions::{self, Stopped};
use crate::digests::sheet::Sheet;
use crate::error::{NOT_FOUND, Result};
use crate::web::Path;
use crate::web::html::{self, Asked, Frame, Html, paragraphs};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/digests/{word}", html::read().to(read))
        .route("/unsubscribe/{token}", html::read().to(ask_to_stop))
        .route("/unsubscribe/{token}", web::post().to(stop))
        .route("/digest-preferences/{token}", html::read().to(preferences::ask))
        .route("/digest-preferences/{token}", web::post().to(preferences::choose))
        .route("/digest-preferences/{token}/full-membership", html::read().to(preferences::ask_full))
        .route("/digest-preferences/{token}/full-membership", web::post().to(preferences::send_full))
        .route("/digest-preferences/{token}/networks/{network}", html::read().to(preferences::ask_to_leave))
        .route("/digest-preferences/{token}/networks/{network}", web::post().to(preferences::leave));
}

#[derive(Template)]
#[template(path = "pages/unsubscribe.html")]
struct StopPage {
    frame: Frame,
    heading: String,
    paragraphs: Vec<String>,
    /// The button; none once it was pressed.
    button: Option<String>,
    /// What can be done then: the words of the link, and where it leads.
    link: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "pages/digest.html")]
struct DigestPage {
    frame: Frame,
    sheet: Sheet,
}

async fn read(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    let (cx, lang) = (app.context(), asked.lang);
    let sheet = app.db.read(move |conn| actions::sheet_by_word(conn, &cx, &word, lang)).await?;
    let frame = asked.frame(asked.lang.say("digest-heading")).private();
    let page = DigestPage { frame, sheet: sheet.ok_or(NOT_FOUND)? };
    Html::of(&page.frame, &page)
}

/// Whose word is it? 404 for one that this instance did not make.
pub(super) fn owner(app: &App, word: &str) -> Result<PersonId> {
    actions::unsubscriber(&app.context(), word).ok_or(NOT_FOUND)
}

async fn ask_to_stop(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    let (person, cx) = (owner(&app, &word)?, app.context());
    let text = match app.db.read(move |conn| actions::stopping(conn, &cx, person)).await? {
        Stopped::Off => "digest-page-stop-text",
        Stopped::Leaves { .. } => "digest-page-leave-text",
        Stopped::Gone => return stopped(&asked, &word, Stopped::Gone),
    };
    let frame = asked.frame(asked.lang.say("digest-page-stop")).private();
    let page = StopPage {
        heading: frame.say("digest-page-stop"),
        paragraphs: paragraphs(&frame.say_with(text, "instance", frame.instance())),
        button: Some(frame.say("digest-page-stop-button")),
        link: None,
        frame,
    };
    Html::of(&page.frame, &page)
}

async fn stop(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    let person = owner(&app, &word)?;
    let outcome = app.write_for_anyone(move |tx, cx| actions::stop(tx, cx, person)).await?;
    stopped(&asked, &word, outcome)
}

fn stopped(asked: &Asked, word: &str, outcome: Stopped) -> Result<Html> {
    let frame = asked.frame(asked.lang.say("digest-page-stopped")).private();
    let (text, link) = match outcome {
        Stopped::Off => {
            let again = frame.to(&format!("/digest-preferences/{word}"));
            ("digest-page-stopped-text", Some((frame.say("digest-page-again"), again)))
        }
        Stopped::Leaves { refusal } => {
            let never = frame.to(&format!("/no-invitations/{refusal}"));
            ("digest-page-left-text", Some((frame.say("digest-page-never"), never)))
        }
        Stopped::Gone => ("digest-page-left-text", None),
    };
    let page = StopPage {
        heading: frame.say("digest-page-stopped"),
        paragraphs: paragraphs(&frame.say_with(text, "instance", frame.instance())),
        button: None,
        link,
        frame,
    };
    Html::of(&page.frame, &page)
}
