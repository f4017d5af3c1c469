//! Pages that a word from a mail leads to: confirm an address, choose a password, and ask for either again.

use askama::Template;

use crate::accounts::WordState;
use crate::error::{Fault, Result};
use crate::text::lang::Lang;
use crate::web::html::{self, Asked, Frame, Html};

/// What mail is asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Again {
    Verification,
    Reset,
}

impl Again {
    /// Where the form is.
    const fn path(self) -> &'static str {
        match self {
            Self::Verification => "/verify-email",
            Self::Reset => "/reset-password",
        }
    }
}

/// A form for an address.
#[derive(Template)]
#[template(path = "pages/email.html")]
struct EmailPage {
    frame: Frame,
    heading: String,
    text: String,
    action: &'static str,
    field: &'static str,
    email: String,
    error: Option<String>,
}

/// The form that has a mail sent again; `fault` says what was wrong with the address that was given.
pub fn again(asked: &Asked, what: Again, given: &str, fault: Option<&Fault>) -> Result<Html> {
    let heading = asked.lang.say(match what {
        Again::Verification => "page-verify-again",
        Again::Reset => "page-reset-again",
    });
    let text = asked.lang.say(match what {
        Again::Verification => "page-verify-again-text",
        Again::Reset => "page-reset-again-text",
    });
    ask(asked, what, heading, text, given, fault)
}

/// For a word that does nothing any more: says so, with the form for a new one.
fn over(asked: &Asked, what: Again) -> Result<Html> {
    let text = asked.lang.say(match what {
        Again::Verification => "page-verify-over",
        Again::Reset => "page-reset-over",
    });
    Ok(ask(asked, what, asked.lang.say("page-word-over"), text, "", None)?.status(410))
}

fn ask(
    asked: &Asked,
    what: Again,
    heading: String,
    text: String,
    given: &str,
    fault: Option<&Fault>,
) -> Result<Html> {
    let error = fault.map(|fault| sentence(asked.lang, fault));
    let page = EmailPage {
        frame: asked.frame(titled(asked.lang, &heading, error.is_some())).private(),
        heading,
        text,
        action: what.path(),
        field: "email",
        email: given.to_owned(),
        error,
    };
    let status = if fault.is_some() { 400 } else { 200 };
    Ok(Html::of(&page.frame, &page)?.status(status))
}

/// The mail is on its way, where there is somebody to send it to.
pub fn asked_again(asked: &Asked, what: Again) -> Result<Html> {
    let text = asked.lang.say(match what {
        Again::Verification => "page-verify-sent-text",
        Again::Reset => "page-reset-sent-text",
    });
    html::said(asked.frame(asked.lang.say("page-sent")).private(), &text, None)
}

/// Before confirming an address for `handle`: one button.
pub fn verify(asked: &Asked, state: WordState, handle: &str) -> Result<Html> {
    let frame = |key: &str| asked.frame(asked.lang.say(key)).private();
    match state {
        WordState::Works => html::button(
            frame("page-verify"),
            &asked.lang.say_with("page-verify-text", &[("handle", handle.to_owned())]),
            asked.lang.say("page-verify-button"),
        ),
        WordState::Used => {
            html::said(frame("page-verified"), &asked.lang.say("page-verified-before"), Some(home(asked)))
        }
        WordState::Over => over(asked, Again::Verification),
    }
}

/// An address was confirmed, or the word did nothing any more.
pub fn verified(asked: &Asked, can_sign_in: Option<bool>) -> Result<Html> {
    let Some(can_sign_in) = can_sign_in else { return over(asked, Again::Verification) };
    let text = asked.lang.say(if can_sign_in {
        "page-verified-text"
    } else {
        "page-verified-waiting"
    });
    html::said(asked.frame(asked.lang.say("page-verified")).private(), &text, Some(home(asked)))
}

#[derive(Template)]
#[template(path = "pages/password.html")]
struct PasswordPage {
    frame: Frame,
    heading: String,
    field: &'static str,
    error: Option<String>,
}

/// The form for a new password; `fault` says what was wrong with the one that was given.
pub fn reset(asked: &Asked, state: WordState, fault: Option<&Fault>) -> Result<Html> {
    if state != WordState::Works {
        return over(asked, Again::Reset);
    }
    let heading = asked.lang.say("page-reset");
    let error = fault.map(|fault| sentence(asked.lang, fault));
    let page = PasswordPage {
        frame: asked.frame(titled(asked.lang, &heading, error.is_some())).private(),
        heading,
        field: "password",
        error,
    };
    let status = if fault.is_some() { 400 } else { 200 };
    Ok(Html::of(&page.frame, &page)?.status(status))
}

/// The new password works.
pub fn reset_done(asked: &Asked) -> Result<Html> {
    let frame = asked.frame(asked.lang.say("page-reset-done")).private();
    html::said(frame, &asked.lang.say("page-reset-done-text"), Some(home(asked)))
}

fn home(asked: &Asked) -> (String, String) {
    (asked.lang.say("page-to-home"), asked.to("/"))
}

/// A title that says at once that something is wrong: it is what a screen reader speaks first.
fn titled(lang: Lang, heading: &str, wrong: bool) -> String {
    if wrong {
        lang.say_with("page-title-wrong", &[("title", heading.to_owned())])
    } else {
        heading.to_owned()
    }
}

fn sentence(lang: Lang, fault: &Fault) -> String {
    lang.say_with(&format!("fault-{}", fault.code), &fault.args)
}
