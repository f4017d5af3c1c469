//! The mail of a digest.

use askama::Template;
use kring_db::Tx;

use super::sheet::{Around, Sheet};
use crate::accounts::Recipient;
use crate::app::Context;
use crate::error::{Error, Result};
use crate::mail::{self, Letter, MailId};

#[derive(Template)]
#[template(path = "mail/digest.html")]
struct DigestHtml<'a> {
    lang: crate::text::lang::Lang,
    subject: &'a str,
    sheet: &'a Sheet,
    around: &'a Around,
}

#[derive(Template)]
#[template(path = "mail/digest.txt", escape = "none")]
struct DigestText<'a> {
    sheet: &'a Sheet,
    around: &'a Around,
}

/// The HTML part.
pub fn html(sheet: &Sheet, around: &Around) -> Result<String> {
    let template = DigestHtml { lang: sheet.lang, subject: &sheet.subject, sheet, around };
    template.render().map_err(Error::internal)
}

/// The text part, of the same data.
pub fn text(sheet: &Sheet, around: &Around) -> Result<String> {
    DigestText { sheet, around }.render().map_err(Error::internal)
}

/// Queues the mail, in the transaction of the digest.
pub fn queue(tx: &mut Tx, cx: &Context, to: &Recipient, sheet: &Sheet, around: &Around) -> Result<MailId> {
    let domain = cx.config().mail_from.email.domain();
    let mut letter = Letter {
        kind: mail::DIGEST,
        person: Some(to.person),
        to: (to.name.to_string(), to.email.to_string()),
        lang: sheet.lang,
        subject: sheet.subject.clone(),
        html: html(sheet, around)?,
        text: text(sheet, around)?,
        headers: mail::unsubscribing(&around.stop),
    };
    // RFC 2919: so that people can sort their digests.
    letter
        .headers
        .push(("List-Id", format!("{} <digest.{domain}>", list_name(&cx.config().instance_name))));
    mail::queue_as(tx, cx, letter)
}

/// The instance's name as a phrase (RFC 5322): what could not stand there bare is left out.
fn list_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric() || *c == ' ').collect::<String>().trim().to_owned()
}
