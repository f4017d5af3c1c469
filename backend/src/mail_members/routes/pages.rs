//! `/email-invitations/{word}`, `/no-invitations/{word}` and `/full-membership/{word}`, outside `/v1`: for who comes from
//! a mail and has no account. The word is enough. A GET changes nothing; buttons and mail programs post (RFC 8058).

use actix_web::web;
use askama::Template;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::accounts::{self, WordState};
use crate::app::App;
use crate::config::Registration;
use crate::digests::{self, Frequency, Weekday, Wish};
use crate::error::{Code, Error, Fault, FieldError, NOT_FOUND, Result};
use crate::mail_members::actions;
use crate::mail_members::model::*;
use crate::mail_members::view::{CompleteFullMembership, ConfirmInvitation};
use crate::networks::{NetworkState, Visibility};
use crate::text::headings::below;
use crate::text::lang::Lang;
use crate::web::Path;
use crate::web::extract::ClientIp;
use crate::web::html::{self, Asked, Frame, Html, paragraphs};
use crate::web::links;

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/email-invitations/{word}", html::read().to(show))
        .route("/email-invitations/{word}", web::post().to(answer))
        .route("/no-invitations/{word}", html::read().to(ask_never))
        .route("/no-invitations/{word}", web::post().to(never))
        .route("/full-membership/{word}", html::read().to(show_full))
        .route("/full-membership/{word}", web::post().to(become_full));
}

/// What was wrong with what was filled in: the field, and the sentence.
type Wrong = Vec<(String, String)>;

fn wrong(lang: Lang, faults: &[FieldError]) -> Wrong {
    let told = |fault: &FieldError| {
        let sentence = lang.say_with(&format!("fault-{}", fault.fault.code), &fault.fault.args);
        (fault.pointer.trim_start_matches('/').to_owned(), sentence)
    };
    faults.iter().map(told).collect()
}

/// What is wrong with one field.
fn of_field<'w>(wrong: &'w Wrong, field: &str) -> Option<&'w str> {
    wrong.iter().find(|(its, _)| its == field).map(|(_, sentence)| sentence.as_str())
}

/// What a field is called, for a link to it that says where it leads (WCAG 2.4.4).
fn label(frame: &Frame, field: &str) -> Option<String> {
    let key = match field {
        "displayName" => "page-member-name",
        "handle" => "page-full-handle",
        "password" => "page-full-password",
        _ => return None,
    };
    Some(frame.say(key))
}

/// A title that says at once that something is wrong: it is what a screen reader speaks first.
fn titled(lang: Lang, title: String, wrong: &Wrong) -> String {
    match wrong.is_empty() {
        true => title,
        false => lang.say_with("page-title-wrong", &[("title", title)]),
    }
}

#[derive(Template)]
#[template(path = "pages/email-invitation.html")]
struct InvitationPage {
    frame: Frame,
    opened: Opened,
    heading: String,
    /// What the network is about, below a heading.
    about: String,
    /// What stands in the form.
    form: Form,
    wrong: Wrong,
}

impl InvitationPage {
    /// How often the digest may come.
    fn frequencies(&self) -> impl Iterator<Item = &Frequency> {
        Frequency::ALL.iter().filter(|frequency| **frequency != Frequency::Off)
    }

    fn account(&self) -> Option<&str> {
        self.opened.handle.as_ref().map(|handle| handle.as_str())
    }

    /// A sentence about who invites to what.
    fn tell(&self, key: &str) -> String {
        let args = [
            ("who", self.opened.inviter.clone()),
            ("network", self.opened.network.name.to_string()),
            ("instance", self.frame.instance().to_owned()),
            ("handle", self.account().unwrap_or_default().to_owned()),
        ];
        self.frame.lang().say_with(key, &args)
    }

    fn never(&self) -> Option<String> {
        let refusal = self.opened.refusal.as_ref()?;
        Some(self.frame.to(&format!("/no-invitations/{refusal}")))
    }

    fn wrong_with(&self, field: &str) -> Option<&str> {
        of_field(&self.wrong, field)
    }

    fn label(&self, field: &str) -> Option<String> {
        label(&self.frame, field)
    }
}

/// What stands in the form: what is usual, or what was filled in.
#[derive(Clone, Debug)]
struct Form {
    language: String,
    frequency: String,
    weekday: String,
    hour: String,
    name: String,
    shown: bool,
}

impl Form {
    fn usual(wish: &Wish, invitation: &Invitation) -> Self {
        Self {
            language: invitation.language.to_string(),
            frequency: wish.frequency.to_string(),
            weekday: wish.weekday.to_string(),
            hour: wish.hour.to_string(),
            name: invitation.name.to_string(),
            shown: false,
        }
    }

    /// The same with what was sent.
    fn filled(mut self, sent: &[(String, String)]) -> Self {
        self.shown = false;
        for (name, value) in sent {
            let value = value.clone();
            match name.as_str() {
                "language" => self.language = value,
                "frequency" => self.frequency = value,
                "weekday" => self.weekday = value,
                "hour" => self.hour = value,
                "displayName" => self.name = value,
                "shown" => self.shown = true,
                _ => {}
            }
        }
        self
    }
}

async fn opened(app: &App, word: &str) -> Result<Opened> {
    let (cx, word) = (app.context(), word.to_owned());
    app.db.read(move |conn| actions::opened(conn, &cx, &word)).await
}

async fn show(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    let opened = opened(&app, &word).await?;
    if opened.invitation.state != InvitationState::Invited {
        return over(&asked, opened);
    }
    page(&app, &asked, opened, &[], Wrong::new())
}

fn page(app: &App, asked: &Asked, opened: Opened, sent: &[(String, String)], wrong: Wrong) -> Result<Html> {
    if opened.network.state == NetworkState::Archived {
        let frame = asked.frame(asked.lang.say("page-by-mail-over")).private();
        return html::said(frame, &asked.lang.say("page-by-mail-archived-text"), None);
    }
    let heading = asked.lang.say_with("page-by-mail", &[("network", opened.network.name.to_string())]);
    let usual = Form::usual(&Wish::usual(&app.config), &opened.invitation);
    let page = InvitationPage {
        frame: asked.frame(titled(asked.lang, heading.clone(), &wrong)).private(),
        heading,
        about: below(&opened.network.description_html, 2),
        form: if sent.is_empty() { usual } else { usual.filled(sent) },
        opened,
        wrong,
    };
    let status = if page.wrong.is_empty() { 200 } else { 400 };
    Ok(Html::of(&page.frame, &page)?.status(status))
}

#[derive(Template)]
#[template(path = "pages/email-invitation-answered.html")]
struct AnsweredPage {
    frame: Frame,
    paragraphs: Vec<String>,
    link: Option<(String, String)>,
    others: Vec<Other>,
    /// One click says yes; who has an account reads first who then knows what.
    at_once: bool,
}

impl AnsweredPage {
    /// A sentence about one of the others.
    fn tell(&self, key: &str, other: &Other) -> String {
        let args = [("who", other.inviter.clone()), ("network", other.network.name.to_string())];
        self.frame.lang().say_with(key, &args)
    }

    fn answering(&self, other: &Other) -> String {
        self.frame.to(&format!("/email-invitations/{}", other.word))
    }
}

/// What is said of an invitation that was answered, and what else waits.
fn answered(
    frame: Frame,
    text: &str,
    link: Option<(String, String)>,
    others: Vec<Other>,
    at_once: bool,
) -> Result<Html> {
    let page = AnsweredPage { frame, paragraphs: paragraphs(text), link, others, at_once };
    Html::of(&page.frame, &page)
}

/// For an invitation that no longer waits.
fn over(asked: &Asked, opened: Opened) -> Result<Html> {
    let (title, text, status) = match opened.invitation.state {
        InvitationState::Confirmed => ("page-by-mail-before", "page-by-mail-before-text", 200),
        InvitationState::Declined => ("page-by-mail-declined", "page-by-mail-declined-text", 200),
        _ => ("page-by-mail-over", "page-by-mail-over-text", 410),
    };
    let frame = asked.frame(asked.lang.say(title)).private();
    Ok(answered(frame, &asked.lang.say(text), None, opened.others, false)?.status(status))
}

async fn answer(
    app: App,
    ip: ClientIp,
    asked: Asked,
    Path(word): Path<String>,
    form: web::Bytes,
) -> Result<Html> {
    app.attempts.count(ip)?;
    let sent: Vec<(String, String)> = url::form_urlencoded::parse(&form).into_owned().collect();
    let known = opened(&app, &word).await?;
    if known.invitation.state != InvitationState::Invited {
        return over(&asked, known);
    }
    if sent.iter().any(|(name, value)| name == "answer" && value == "no") {
        let its = word.clone();
        app.write_for_anyone(move |tx, cx| actions::decline(tx, cx, &its, false)).await?;
        return over(&asked, opened(&app, &word).await?);
    }
    let mut fields = ConfirmInvitation::default();
    sent.iter().for_each(|(name, value)| fields.take(name, value.clone()));
    let confirmed = match fields.parse(&app.config) {
        Ok(answer) => {
            let word = word.clone();
            app.write_for_anyone(move |tx, cx| actions::confirm(tx, cx, &word, &answer)).await
        }
        Err(faults) => Err(faults),
    };
    match confirmed {
        Ok(confirmed) => welcome(&app, &asked, confirmed),
        Err(Error::Invalid(faults)) => page(&app, &asked, known, &sent, wrong(asked.lang, &faults)),
        // Another tab was faster.
        Err(Error::Rule(Code::LinkUsedUp)) => over(&asked, opened(&app, &word).await?),
        Err(Error::Rule(Code::NetworkArchived)) => {
            let archived = opened(&app, &word).await?;
            page(&app, &asked, archived, &[], Wrong::new())
        }
        Err(other) => Err(other),
    }
}

/// They are a member: what comes now, and where to change it.
fn welcome(app: &App, asked: &Asked, confirmed: Confirmed) -> Result<Html> {
    let network = &confirmed.network;
    let frame = asked
        .frame(asked.lang.say_with("page-by-mail-welcome", &[("network", network.name.to_string())]))
        .private();
    let when = confirmed.next_at.map(|at| frame.moment(&at));
    let mut text = match &when {
        Some(when) => asked.lang.say_with("page-by-mail-welcome-text", &[("when", when.clone())]),
        None => asked.lang.say("page-by-mail-welcome-account"),
    };
    let link = if confirmed.by_mail {
        let (cx, person) = (app.context(), confirmed.person);
        let path = asked.to(&format!("/digest-preferences/{}", digests::unsubscribe_word(&cx, person)));
        let choices = links::with_key(&path, &digests::choosing_word(&cx, person));
        text = format!("{text}\n\n{}", asked.lang.say("page-by-mail-welcome-stop"));
        Some((asked.lang.say("digest-change"), choices))
    } else if network.visibility == Visibility::Public {
        Some((asked.lang.say("mail-invitation-network"), links::network(&app.config, network.slug.as_str())))
    } else {
        None
    };
    answered(frame, &text, link, confirmed.others, confirmed.by_mail)
}

async fn ask_never(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    accounts::refused_hash(&app.context(), &word).ok_or(NOT_FOUND)?;
    let frame = asked.frame(asked.lang.say("page-never")).private();
    let text = asked.lang.say_with("page-never-text", &[("instance", frame.instance().to_owned())]);
    html::button(frame, &text, asked.lang.say("page-never-button"))
}

async fn never(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    app.write_for_anyone(move |tx, cx| actions::refuse(tx, cx, &word)).await?;
    let frame = asked.frame(asked.lang.say("page-never-done")).private();
    let text = asked.lang.say_with("page-never-done-text", &[("instance", frame.instance().to_owned())]);
    html::said(frame, &text, None)
}

#[derive(Template)]
#[template(path = "pages/full-membership.html")]
struct FullPage {
    frame: Frame,
    heading: String,
    handle: String,
    name: String,
    wrong: Wrong,
}

impl FullPage {
    fn wrong_with(&self, field: &str) -> Option<&str> {
        of_field(&self.wrong, field)
    }

    fn label(&self, field: &str) -> Option<String> {
        label(&self.frame, field)
    }
}

async fn full_word(app: &App, word: &str) -> Result<WordState> {
    let (cx, word) = (app.context(), word.to_owned());
    app.db.read(move |conn| accounts::full_word(conn, &cx, &word)).await
}

async fn show_full(app: App, asked: Asked, Path(word): Path<String>) -> Result<Html> {
    match full_word(&app, &word).await? {
        _ if app.config.registration == Registration::Closed => Err(Code::RegistrationClosed.into()),
        WordState::Works => full_page(&asked, String::new(), String::new(), Wrong::new()),
        WordState::Used => {
            let frame = asked.frame(asked.lang.say("page-full-done")).private();
            html::said(frame, &asked.lang.say("page-full-before-text"), None)
        }
        WordState::Over => full_over(&asked),
    }
}

fn full_over(asked: &Asked) -> Result<Html> {
    let frame = asked.frame(asked.lang.say("page-word-over")).private();
    Ok(html::said(frame, &asked.lang.say("page-full-over-text"), None)?.status(410))
}

fn full_page(asked: &Asked, handle: String, name: String, wrong: Wrong) -> Result<Html> {
    let heading = asked.lang.say("page-full");
    let frame = asked.frame(titled(asked.lang, heading.clone(), &wrong)).private();
    let page = FullPage { frame, heading, handle, name, wrong };
    let status = if page.wrong.is_empty() { 200 } else { 400 };
    Ok(Html::of(&page.frame, &page)?.status(status))
}

async fn become_full(
    app: App,
    ip: ClientIp,
    asked: Asked,
    Path(word): Path<String>,
    form: web::Bytes,
) -> Result<Html> {
    app.attempts.count(ip)?;
    let sent: Vec<(String, String)> = url::form_urlencoded::parse(&form).into_owned().collect();
    let field = |name: &str| {
        let found = sent.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let mut fields = CompleteFullMembership::default().with_word(&word);
    sent.iter().for_each(|(name, value)| fields.take(name, value.clone()));
    let done = match fields.parse() {
        Ok((word, new)) => {
            let hash = app.hashing.hash(&new.password).await?;
            app.write_for_anyone(move |tx, cx| accounts::become_full(tx, cx, &word, &new, &hash)).await
        }
        Err(faults) => Err(faults),
    };
    let again = |faults: &[FieldError]| {
        full_page(&asked, field("handle"), field("displayName"), wrong(asked.lang, faults))
    };
    match done {
        Ok(can_sign_in) => {
            let frame = asked.frame(asked.lang.say("page-full-done")).private();
            let text = if can_sign_in { "next-full" } else { "next-full-approval" };
            let home = (asked.lang.say("page-to-home"), asked.to("/"));
            html::said(frame, &asked.lang.say(text), Some(home))
        }
        Err(Error::Invalid(faults)) => again(&faults),
        Err(Error::Rule(Code::HandleTaken)) => {
            again(&[FieldError { pointer: "/handle".into(), fault: Fault::new("taken") }])
        }
        Err(Error::Rule(Code::LinkUsedUp)) => full_over(&asked),
        Err(other) => Err(other),
    }
}
