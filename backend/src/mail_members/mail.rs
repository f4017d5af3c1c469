//! The invitation and its one reminder; and what waited until an address was confirmed, in one mail.

use kring_db::Tx;

use super::model::{Known, Other};
use crate::accounts::{self, Email};
use crate::app::Context;
use crate::digests;
use crate::error::Result;
use crate::mail::{self, Letter, MailId, Notice};
use crate::networks::{Network, Visibility};
use crate::text::lang::Lang;
use crate::text::markdown;
use crate::web::links;

/// So many characters of what a network is about are shown.
const LEAD: usize = 240;

/// What an invitation is about.
pub struct About<'a> {
    pub network: &'a Network,
    /// Who invites, by name.
    pub inviter: &'a str,
    pub known: Known,
    pub lang: Lang,
    pub word: &'a str,
    pub occasion: Occasion<'a>,
}

/// Why the mail goes out.
#[derive(Clone, Copy, Debug)]
pub enum Occasion<'a> {
    First,
    Reminder,
    /// Their address is confirmed by now; these waited for that, too.
    Belated(&'a [Other]),
}

/// Writes the mail. It goes to an address, not to a person: whom it went to is forgotten with the hand-over.
pub fn queue(tx: &mut Tx, cx: &Context, email: &Email, name: &str, about: &About<'_>) -> Result<MailId> {
    let stop = links::no_invitations(cx.config(), &accounts::refusal_word(cx, email));
    let notice = notice(cx, name, about, &stop);
    let mut letter = Letter::notice("email_invitation", None, (name, email.as_str()), &notice)?;
    letter.headers = mail::unsubscribing(&stop);
    mail::queue_as(tx, cx, letter)
}

fn notice(cx: &Context, name: &str, about: &About<'_>, stop: &str) -> Notice {
    let (lang, network) = (about.lang, about.network);
    let args = [
        ("instance", cx.config().instance_name.clone()),
        ("who", about.inviter.to_owned()),
        ("network", network.name.to_string()),
    ];
    let say = |key: &str| lang.say_with(key, &args);
    let mut paragraphs = vec![digests::greeting(lang, name)];
    let reminder = matches!(about.occasion, Occasion::Reminder);
    if reminder {
        paragraphs.push(say("mail-by-mail-reminder"));
    }
    paragraphs.push(say("mail-by-mail-asks"));
    // In another language than the mail's it would be read out wrong (WCAG 3.1.2); the page shows it.
    if Lang::of_tag(network.language.as_str()) == Some(lang) {
        let lead = markdown::lead(&network.description, LEAD);
        paragraphs.push(lang.say_with("mail-by-mail-about", &[("lead", lead)]));
    }
    paragraphs.push(say(match about.known {
        Known::New => "mail-by-mail-new",
        Known::ByMail => "mail-by-mail-known",
        Known::Account => "mail-by-mail-account",
    }));
    if let Occasion::Belated(others @ [_, ..]) = about.occasion {
        paragraphs.push(say("mail-by-mail-others"));
        paragraphs.extend(others.iter().map(|other| {
            let args = [("who", other.inviter.clone()), ("network", other.network.name.to_string())];
            lang.say_with("by-mail-other", &args)
        }));
    }
    let subject = match (network.visibility, reminder) {
        // Who looks over their shoulder learns of no hidden network.
        (Visibility::Hidden, _) => say("mail-invitation-subject-hidden"),
        (_, false) => say("mail-by-mail-subject"),
        (_, true) => say("mail-by-mail-reminder-subject"),
    };
    Notice {
        lang,
        subject,
        heading: say("mail-by-mail-subject"),
        paragraphs,
        action: Some((say("mail-by-mail-action"), links::email_invitation(cx.config(), about.word))),
        word: None,
        footer: say(match about.occasion {
            Occasion::First => "mail-by-mail-why",
            Occasion::Reminder | Occasion::Belated([]) => "mail-by-mail-why-reminder",
            Occasion::Belated(_) => "mail-by-mail-why-others",
        }),
        stop: Some((say("mail-by-mail-stop"), stop.to_owned())),
    }
}
