//! `/digest-preferences/{token}` and what is below it: when the digest comes, and for members by mail everything else
//! that is theirs to choose.

use actix_web::web;
use askama::Template;

use super::pages::owner;
use crate::accounts::{self, DisplayName, PersonId};
use crate::app::App;
use crate::digests::actions::{self, Choices, MailMember, MailMemberChange};
use crate::digests::model::*;
use crate::digests::view::SetDigestPreferences;
use crate::error::{Error, NOT_FOUND, Result};
use crate::networks::{Network, NetworkId};
use crate::text::lang::Lang;
use crate::web::extract::ClientIp;
use crate::web::html::{self, Asked, Frame, Html};
use crate::web::{Path, Path2};

#[derive(Template)]
#[template(path = "pages/digest-preferences.html")]
struct WishPage {
    frame: Frame,
    wish: Wish,
    saved: bool,
    choices: Choices,
    /// What was wrong with the name that they gave, and that name.
    wrong: Option<(String, String)>,
    /// The address of this page without its language.
    here: String,
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

    /// How often it may come. For who reads by mail alone to want none is to leave, which has a link of its own.
    fn frequencies(&self) -> impl Iterator<Item = &Frequency> {
        let all = match &self.choices {
            Choices::WhenItComes => true,
            Choices::WithANewerLink => false,
            Choices::Everything(member) => member.waits,
        };
        Frequency::ALL.iter().filter(move |frequency| all || **frequency != Frequency::Off)
    }

    fn full(&self) -> String {
        self.frame.to(&format!("{}/full-membership", self.here))
    }

    fn leaving(&self, network: &Network) -> String {
        self.frame.to(&format!("{}/networks/{}", self.here, network.id))
    }

    /// What stands in the field for a name.
    fn name(&self) -> &str {
        let known = match &self.choices {
            Choices::Everything(member) => member.name.as_str(),
            _ => "",
        };
        self.wrong.as_ref().map_or(known, |(_, given)| given)
    }
}

pub async fn ask(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    page(&app, &asked, &word, false, None).await
}

pub async fn choose(app: App, asked: Asked, Path(word): Path<String>, form: web::Bytes) -> Result<Html> {
    let person = owner(&app, &word)?;
    let by_mail = actions::may_choose(&app.context(), person, asked.key.as_deref())
        && app.db.read(move |conn| accounts::mail_profile(conn, person)).await?.is_some();
    let mut sent = Sent::of(&form);
    let wish = std::mem::take(&mut sent.wish).parse()?;
    if !by_mail {
        app.write_for_anyone(move |tx, cx| actions::change_subscription(tx, cx, person, &wish)).await?;
        return page(&app, &asked, &word, true, None).await;
    }
    match sent.save(&app, person, wish).await {
        Ok(()) => page(&app, &asked, &word, true, None).await,
        Err(Error::Invalid(faults)) => {
            let fault = faults.first().ok_or(NOT_FOUND)?;
            let told = asked.lang.say_with(&format!("fault-{}", fault.fault.code), &fault.fault.args);
            page(&app, &asked, &word, false, Some((told, sent.name))).await
        }
        Err(other) => Err(other),
    }
}

/// What the form says. Its choices are all there is, so anything else is a fault.
#[derive(Default)]
struct Sent {
    wish: SetDigestPreferences,
    name: String,
    language: String,
    shown: Vec<String>,
}

impl Sent {
    fn of(form: &[u8]) -> Self {
        let mut sent = Self::default();
        for (name, value) in url::form_urlencoded::parse(form) {
            match name.as_ref() {
                "displayName" => sent.name = value.trim().to_owned(),
                "language" => sent.language = value.into_owned(),
                "shown" => sent.shown.push(value.into_owned()),
                _ => sent.wish.take(&name, value.into_owned()),
            }
        }
        sent
    }

    async fn save(&self, app: &App, person: PersonId, wish: WishChange) -> Result<()> {
        let name = (!self.name.is_empty()).then(|| DisplayName::parse(self.name.clone())).transpose();
        let shown = self.shown.iter().map(|id| id.parse::<NetworkId>().map_err(|_| NOT_FOUND));
        let change = MailMemberChange {
            name: name.map_err(|fault| fault.at("/displayName"))?,
            language: self.language.parse::<Lang>().map_err(|_| NOT_FOUND)?,
            shown: shown.collect::<Result<_>>()?,
        };
        app.write_for_anyone(move |tx, cx| actions::change_mail_member(tx, cx, person, &change, &wish))
            .await
    }
}

async fn page(
    app: &App,
    asked: &Asked,
    word: &str,
    saved: bool,
    wrong: Option<(String, String)>,
) -> Result<Html> {
    let (cx, person) = (app.context(), owner(app, word)?);
    let key = asked.key.clone();
    let found = app.db.read(move |conn| actions::subscription(conn, &cx, person, key.as_deref())).await?;
    let (wish, choices) = found.ok_or(NOT_FOUND)?;
    let mut title = asked.lang.say(if saved { "digest-page-saved" } else { "digest-page-wish" });
    if wrong.is_some() {
        title = asked.lang.say_with("page-title-wrong", &[("title", title)]);
    }
    let (frame, here) = (asked.frame(title).private(), format!("/digest-preferences/{word}"));
    let status = if wrong.is_some() { 400 } else { 200 };
    let page = WishPage { frame, wish, saved, choices, wrong, here };
    Ok(Html::of(&page.frame, &page)?.status(status))
}

/// Who reads by mail alone and comes with a word to choose, or 404.
async fn member(app: &App, asked: &Asked, word: &str) -> Result<MailMember> {
    let (cx, person, key) = (app.context(), owner(app, word)?, asked.key.clone());
    let found = app.db.read(move |conn| actions::subscription(conn, &cx, person, key.as_deref())).await?;
    match found {
        Some((_, Choices::Everything(member))) => Ok(member),
        _ => Err(NOT_FOUND),
    }
}

pub async fn ask_full(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    // The word to choose is not asked for: the mail goes to the own address, whoever asks.
    let person = owner(&app, &word)?;
    app.db.read(move |conn| accounts::mail_profile(conn, person)).await?.ok_or(NOT_FOUND)?;
    let frame = asked.frame(asked.lang.say("page-full-ask")).private();
    html::button(frame, &asked.lang.say("page-full-ask-text"), asked.lang.say("page-full-ask-button"))
}

pub async fn send_full(app: App, asked: Asked, ip: ClientIp, Path(word): Path<String>) -> Result<Html> {
    app.attempts.count(ip)?;
    let person = owner(&app, &word)?;
    app.write_for_anyone(move |tx, cx| accounts::ask_full(tx, cx, person)).await?;
    html::said(
        asked.frame(asked.lang.say("page-sent")).private(),
        &asked.lang.say("page-full-sent-text"),
        None,
    )
}

/// The network to leave, and whether nothing is left of who leaves it; by its id: a slug would stand in the histories of browsers.
async fn to_leave(app: &App, asked: &Asked, word: &str, network: NetworkId) -> Result<(Network, bool)> {
    let member = member(app, asked, word).await?;
    let last = member.networks.len() == 1 && !member.waits;
    let found = member.networks.into_iter().find(|(known, _)| known.id == network).ok_or(NOT_FOUND)?;
    Ok((found.0, last))
}

pub async fn ask_to_leave(
    app: App,
    asked: Asked,
    Path2(word, network): Path2<String, NetworkId>,
) -> Result<Html> {
    let (network, last) = to_leave(&app, &asked, &word, network).await?;
    let args = [("network", network.name.to_string())];
    let text = if last { "page-leave-last-text" } else { "page-leave-text" };
    let frame = asked.frame(asked.lang.say_with("page-leave", &args)).private();
    html::button(frame, &asked.lang.say_with(text, &args), asked.lang.say("page-leave-button"))
}

pub async fn leave(app: App, asked: Asked, Path2(word, network): Path2<String, NetworkId>) -> Result<Html> {
    let (known, last) = to_leave(&app, &asked, &word, network).await?;
    let its = word.clone();
    app.write_for_anyone(move |tx, cx| actions::leave_one(tx, cx, &its, network)).await?;
    let args = [("network", known.name.to_string())];
    let frame = asked.frame(asked.lang.say_with("page-left", &args)).private();
    let text = if last { "page-left-last-text" } else { "page-left-text" };
    let back = (asked.lang.say("page-left-back"), asked.to(&format!("/digest-preferences/{word}")));
    html::said(frame, &asked.lang.say_with(text, &args), (!last).then_some(back))
}
