//! The built-in mailbox: what Kring would have mailed, for demo and development.

use askama::Template;
use kring_db::Time;

use crate::error::Result;
use crate::mail::StoredMail;
use crate::web::html::{Asked, Frame, Html};

#[derive(Template)]
#[template(path = "pages/mailbox.html")]
struct MailboxPage {
    frame: Frame,
    mails: Vec<Listed>,
}

struct Listed {
    link: String,
    language: String,
    mail: StoredMail,
    sent_at: Option<Time>,
}

/// Every mail, newest first.
pub fn mailbox(asked: &Asked, mails: Vec<StoredMail>) -> Result<Html> {
    let frame = asked.frame(asked.lang.say("page-mailbox")).private();
    let mails = mails.into_iter().map(|mail| Listed {
        link: frame.to(&format!("/dev/mail/{}", mail.name)),
        language: language(&mail),
        sent_at: mail.date.parse().ok(),
        mail,
    });
    let page = MailboxPage { mails: mails.collect(), frame };
    Html::of(&page.frame, &page)
}

/// What a mail is written in, by its header.
fn language(mail: &StoredMail) -> String {
    let header = mail.raw.lines().find_map(|line| line.strip_prefix("Content-Language: "));
    header.unwrap_or_default().trim().to_owned()
}

/// How a mail is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum As {
    /// As most mail programs show it.
    Html,
    /// As it is read without HTML.
    Text,
    /// As it went out.
    Source,
}

#[derive(Template)]
#[template(path = "pages/mail.html")]
struct MailPage {
    frame: Frame,
    mail: StoredMail,
    language: String,
    sent_at: Option<Time>,
    /// The three ways, each with where it leads; none for the one that is shown.
    ways: Vec<(String, Option<String>)>,
    /// Where the HTML is, when that is shown.
    content: Option<String>,
    /// What is shown as it is.
    raw: String,
}

/// One mail.
pub fn mail(asked: &Asked, mail: StoredMail, shown: As) -> Result<Html> {
    let path = format!("/dev/mail/{}", mail.name);
    let ways = [
        (As::Html, asked.lang.say("page-mail-html"), ""),
        (As::Text, asked.lang.say("page-mail-text"), "/text"),
        (As::Source, asked.lang.say("page-mail-source"), "/source"),
    ];
    let page = MailPage {
        frame: asked.frame(mail.subject.clone()).private(),
        sent_at: mail.date.parse().ok(),
        language: language(&mail),
        ways: ways
            .into_iter()
            .map(|(way, name, at)| (name, (way != shown).then(|| asked.to(&format!("{path}{at}")))))
            .collect(),
        content: (shown == As::Html).then(|| format!("{path}/content")),
        raw: match shown {
            As::Html => String::new(),
            As::Text => mail.text.clone(),
            As::Source => mail.raw.clone(),
        },
        mail,
    };
    Ok(Html::of(&page.frame, &page)?.framing(shown == As::Html))
}
