//! From what is to be said to the bytes of a message (RFC 5322).

use askama::Template;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::queries::MailId;
use crate::accounts::PersonId;
use crate::app::Context;
use crate::error::{Error, Result};
use crate::text::lang::Lang;

/// A mail in both its parts.
#[derive(Debug)]
pub struct Letter {
    /// What it is, for the list of mails: `verify`, `digest`.
    pub kind: &'static str,
    pub person: Option<PersonId>,
    /// Name, empty where none is known, and address.
    pub to: (String, String),
    pub lang: Lang,
    pub subject: String,
    pub html: String,
    pub text: String,
    /// Further headers, as `List-Id`.
    pub headers: Vec<(&'static str, String)>,
}

/// A short mail: a heading, a few sentences, at most one thing to do.
#[derive(Debug, Template)]
#[template(path = "mail/notice.html")]
pub struct Notice {
    pub lang: Lang,
    pub subject: String,
    pub heading: String,
    pub paragraphs: Vec<String>,
    /// What to do: the words of the link and where it leads.
    pub action: Option<(String, String)>,
    /// The secret by itself, for those who type or copy it.
    pub word: Option<String>,
    /// Why this mail came.
    pub footer: String,
    /// How to get no more of them: the words of the link and where it leads.
    pub stop: Option<(String, String)>,
}

/// Headers for the button of mail programs that stops a mail (RFC 8058).
pub fn unsubscribing(link: &str) -> Vec<(&'static str, String)> {
    vec![
        ("List-Unsubscribe", format!("<{link}>")),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
    ]
}

#[derive(Template)]
#[template(path = "mail/notice.txt", escape = "none")]
struct NoticeText<'a> {
    notice: &'a Notice,
}

impl Letter {
    /// A short mail to somebody.
    pub fn notice(
        kind: &'static str,
        person: Option<PersonId>,
        to: (&str, &str),
        notice: &Notice,
    ) -> Result<Self> {
        Ok(Self {
            kind,
            person,
            to: (to.0.to_owned(), to.1.to_owned()),
            lang: notice.lang,
            subject: notice.subject.clone(),
            html: notice.render().map_err(Error::internal)?,
            text: NoticeText { notice }.render().map_err(Error::internal)?,
            headers: Vec::new(),
        })
    }
}

/// A message ready to be handed over.
pub struct Written {
    pub message: String,
    pub message_id: String,
}

/// Writes the message. The Message-ID follows from the row's id, so the row and the message name each other.
pub fn write(cx: &Context, id: MailId, letter: &Letter) -> Result<Written> {
    let from = cx.config().mail_from.clone();
    let message_id = format!("<{}.{id}@{}>", letter.kind, from.email.domain());
    let address = letter.to.1.parse().map_err(Error::internal)?;
    let mut builder = lettre::Message::builder()
        .from(from)
        .to(Mailbox::new(Some(letter.to.0.clone()).filter(|name| !name.is_empty()), address))
        .subject(letter.subject.clone())
        .date(cx.now().utc().into())
        .message_id(Some(message_id.clone()))
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Content-Language"), letter.lang.as_str().to_owned()))
        // RFC 3834: no out-of-office answers to this.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()));
    for (name, value) in &letter.headers {
        let name = HeaderName::new_from_ascii((*name).to_owned()).map_err(Error::internal)?;
        builder = builder.raw_header(HeaderValue::new(name, value.clone()));
    }
    let parts = MultiPart::alternative()
        .singlepart(SinglePart::plain(letter.text.clone()))
        .singlepart(SinglePart::html(letter.html.clone()));
    let message = builder.multipart(parts).map_err(Error::internal)?;
    let message = String::from_utf8(message.formatted()).map_err(Error::internal)?;
    Ok(Written { message, message_id })
}
