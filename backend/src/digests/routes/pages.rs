//! `/digests/{word}`, `/unsubscribe/{token}` and `/digest-preferences/{token}`, outside `/v1`: for who reads only
//! mail. No session is needed, the word from the mail is enough. A GET changes nothing; mail programs post
//! (RFC 8058), and so do buttons.

use actix_web::web;
use askama::Template;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::accounts::PersonId;
use crate::app::App;
use crate::digests::actions;
use crate::digests::model::*;
use crate::digests::sheet::Sheet;
use crate::digests::view::SetDigestPreferences;
use crate::error::{NOT_FOUND, Result};
use crate::web::Path;
use crate::web::html::{self, Asked, Frame, Html};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/digests/{word}", html::read().to(read))
        .route("/unsubscribe/{token}", html::read().to(ask_to_stop))
        .route("/unsubscribe/{token}", web::post().to(stop))
        .route("/digest-preferences/{token}", html::read().to(ask_when))
        .route("/digest-preferences/{token}", web::post().to(choose_when));
}

#[derive(Template)]
#[template(path = "pages/unsubscribe.html")]
struct StopPage {
    frame: Frame,
    heading: String,
    text: String,
    /// The button; none once it was pressed.
    button: Option<String>,
    /// Where to choose anew.
    again: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/digest-preferences.html")]
struct WishPage {
    frame: Frame,
    wish: Wish,
    saved: bool,
}

/// Zones that the form offers besides the one that was chosen: where Kring's readers are. The API takes any.
const ZONES: [&str; 20] = [
    "Europe/Amsterdam",
    "Europe/Athens",
    "Europe/Berlin",
    "Europe/Brussels",
    "Europe/Bucharest",
    "Europe/Dublin",
    "Europe/Helsinki",
    "Europe/Istanbul",
    "Europe/Kyiv",
    "Europe/Lisbon",
    "Europe/London",
    "Europe/Madrid",
    "Europe/Paris",
    "Europe/Rome",
    "Europe/Stockholm",
    "Europe/Vienna",
    "Europe/Warsaw",
    "America/Curacao",
    "America/Paramaribo",
    "UTC",
];

impl WishPage {
    fn zones(&self) -> Vec<&str> {
        let chosen = self.wish.time_zone.as_str();
        let other = Some(chosen).filter(|zone| !ZONES.contains(zone));
        other.into_iter().chain(ZONES).collect()
    }
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
fn owner(app: &App, word: &str) -> Result<PersonId> {
    actions::unsubscriber(&app.context(), word).ok_or(NOT_FOUND)
}

async fn ask_to_stop(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    owner(&app, &word)?;
    let frame = asked.frame(asked.lang.say("digest-page-stop")).private();
    let page = StopPage {
        heading: frame.say("digest-page-stop"),
        text: frame.say_with("digest-page-stop-text", "instance", frame.instance()),
        button: Some(frame.say("digest-page-stop-button")),
        again: None,
        frame,
    };
    Html::of(&page.frame, &page)
}

async fn stop(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    let person = owner(&app, &word)?;
    let off = WishChange { frequency: Some(Frequency::Off), ..WishChange::default() };
    app.write_for_anyone(move |tx, cx| actions::change_subscription(tx, cx, person, &off)).await?;
    let frame = asked.frame(asked.lang.say("digest-page-stopped")).private();
    let page = StopPage {
        heading: frame.say("digest-page-stopped"),
        text: frame.say_with("digest-page-stopped-text", "instance", frame.instance()),
        button: None,
        again: Some(frame.to(&format!("/digest-preferences/{word}"))),
        frame,
    };
    Html::of(&page.frame, &page)
}

async fn ask_when(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    wish_page(&app, &asked, owner(&app, &word)?, false).await
}

async fn choose_when(app: App, asked: Asked, Path(word): Path<String>, form: web::Bytes) -> Result<Html> {
    let person = owner(&app, &word)?;
    let change = sent(&form)?;
    app.write_for_anyone(move |tx, cx| actions::change_subscription(tx, cx, person, &change))
        .await?;
    wish_page(&app, &asked, person, true).await
}

async fn wish_page(app: &App, asked: &Asked, person: PersonId, saved: bool) -> Result<Html> {
    let cx = app.context();
    let wish = app.db.read(move |conn| actions::subscription(conn, &cx, person)).await?.ok_or(NOT_FOUND)?;
    let title = if saved { "digest-page-saved" } else { "digest-page-wish" };
    let frame = asked.frame(asked.lang.say(title)).private();
    let page = WishPage { frame, wish, saved };
    Html::of(&page.frame, &page)
}

/// What the form says. Its choices are all there is, so anything else is a fault.
fn sent(form: &[u8]) -> Result<WishChange> {
    let mut sent = SetDigestPreferences::default();
    for (name, value) in url::form_urlencoded::parse(form) {
        sent.take(&name, value.into_owned());
    }
    sent.parse()
}
