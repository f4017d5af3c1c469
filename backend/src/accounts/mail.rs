//! The mails of accounts. Each says why it came and what to do when one did not ask for it.

use kring_db::Tx;

use super::model::{Email, PersonId};
use crate::app::Context;
use crate::error::Result;
use crate::mail::{self, Notice};
use crate::text::lang::Lang;
use crate::web::links;

/// Whom a mail of this domain goes to: the address may not be confirmed yet.
pub struct To<'a> {
    pub person: Option<PersonId>,
    pub email: &'a Email,
    pub name: &'a str,
    pub handle: &'a str,
    pub lang: Lang,
}

fn send(
    tx: &mut Tx,
    cx: &Context,
    to: &To<'_>,
    key: &'static str,
    word: Option<(&str, String)>,
) -> Result<()> {
    send_about(tx, cx, to, to.handle, key, word)
}

/// [`send`], about somebody else.
fn send_about(
    tx: &mut Tx,
    cx: &Context,
    to: &To<'_>,
    handle: &str,
    key: &'static str,
    word: Option<(&str, String)>,
) -> Result<()> {
    let instance = cx.config().instance_name.clone();
    let args = vec![("instance", instance), ("name", to.name.to_owned()), ("handle", handle.to_owned())];
    let say = |part: &str| to.lang.say_with(&format!("mail-{key}-{part}"), &args);
    let notice = Notice {
        lang: to.lang,
        subject: say("subject"),
        heading: say("subject"),
        paragraphs: say("text").split("\n\n").map(str::to_owned).collect(),
        action: word.as_ref().map(|(_, link)| (say("action"), link.clone())),
        word: word.map(|(word, _)| word.to_owned()),
        footer: say("why"),
        stop: None,
    };
    let letter = mail::Letter::notice(key, to.person, (to.name, to.email.as_str()), &notice)?;
    mail::queue(tx, cx, letter)
}

/// Confirm the address of a new account.
pub fn verify(tx: &mut Tx, cx: &Context, to: &To<'_>, word: &str) -> Result<()> {
    send(tx, cx, to, "verify", Some((word, links::verify_email(cx.config(), word))))
}

/// Confirm a new address of an account that stands.
pub fn change(tx: &mut Tx, cx: &Context, to: &To<'_>, word: &str) -> Result<()> {
    send(tx, cx, to, "change", Some((word, links::verify_email(cx.config(), word))))
}

/// Somebody registered with an address that has an account: only its owner learns so.
pub fn already_registered(tx: &mut Tx, cx: &Context, to: &To<'_>) -> Result<()> {
    send(tx, cx, to, "known", None)
}

/// Somebody wanted this address for their own account: only its owner learns so.
pub fn taken(tx: &mut Tx, cx: &Context, to: &To<'_>) -> Result<()> {
    send(tx, cx, to, "taken", None)
}

/// Somebody wanted this address, which belongs to a member by mail: only they learn so.
pub fn taken_by_mail(tx: &mut Tx, cx: &Context, to: &To<'_>) -> Result<()> {
    send(tx, cx, to, "taken-by-mail", None)
}

/// A member by mail wants to become a full one: choose a name and a password.
pub fn full(tx: &mut Tx, cx: &Context, to: &To<'_>, word: &str) -> Result<()> {
    send(tx, cx, to, "full", Some((word, links::full_member(cx.config(), word))))
}

/// An admin declined to make a member by mail a full one.
pub fn declined_by_mail(tx: &mut Tx, cx: &Context, to: &To<'_>) -> Result<()> {
    send(tx, cx, to, "declined-by-mail", None)
}

/// An admin made an account: choose a password.
pub fn begin(tx: &mut Tx, cx: &Context, to: &To<'_>, word: &str) -> Result<()> {
    send(tx, cx, to, "begin", Some((word, links::reset_password(cx.config(), word))))
}

/// Choose a new password.
pub fn reset(tx: &mut Tx, cx: &Context, to: &To<'_>, word: &str) -> Result<()> {
    send(tx, cx, to, "reset", Some((word, links::reset_password(cx.config(), word))))
}

/// The password was changed: a warning, should it not have been the owner.
pub fn password_changed(tx: &mut Tx, cx: &Context, to: &To<'_>) -> Result<()> {
    send(tx, cx, to, "password-changed", None)
}

/// The address was changed: goes to the old one.
pub fn email_changed(tx: &mut Tx, cx: &Context, to: &To<'_>) -> Result<()> {
    send(tx, cx, to, "email-changed", None)
}

/// An admin approved: signing in works now.
pub fn approved(tx: &mut Tx, cx: &Context, to: &To<'_>) -> Result<()> {
    send(tx, cx, to, "approved", None)
}

/// An admin declined.
pub fn declined(tx: &mut Tx, cx: &Context, to: &To<'_>) -> Result<()> {
    send(tx, cx, to, "declined", None)
}

/// For admins: `waiting` waits for approval.
pub fn approval_wanted(tx: &mut Tx, cx: &Context, to: &To<'_>, waiting: &str) -> Result<()> {
    send_about(tx, cx, to, waiting, "approval-wanted", None)
}
