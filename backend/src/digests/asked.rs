//! The mail that tells somebody who offers help that a network asks for it.

use kring_db::Tx;

use super::actions;
use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::error::Result;
use crate::help::{self, HelpOfferId};
use crate::jobs::outbox::Fact;
use crate::mail::{self, Letter, Notice};
use crate::networks::{self, MemberState, NetworkId, NetworkState, Visibility};
use crate::web::links;

/// Writes it. The network asks once, so it comes once. Not to who wants no mail, nor where nothing is left to decide:
/// the offer is gone, or they joined or declined meanwhile.
pub fn tell(tx: &mut Tx, cx: &Context, fact: &Fact) -> Result<()> {
    let (Some(network), Some(asker)) = (fact.network, fact.actor) else { return Ok(()) };
    let asked = help::asked(tx, HelpOfferId(fact.subject), NetworkId(network))?;
    let Some((offer, ask)) = asked else { return Ok(()) };
    let Some(to) = accounts::recipient(tx, offer.person_id)? else { return Ok(()) };
    let (network, membership) = networks::standing_in(tx, NetworkId(network), Some(to.person))?;
    let decided =
        !membership.is_some_and(|own| matches!(own.state, MemberState::Invited | MemberState::Requested));
    let off = !actions::wants_mail(tx, cx, to.person)?;
    if decided || off || offer.paused || network.state == NetworkState::Archived {
        return Ok(());
    }
    let asker = accounts::person_by_id(tx, PersonId(asker))?;
    let (lang, hidden) = (to.language, network.visibility == Visibility::Hidden);
    let args = [
        ("instance", cx.config().instance_name.clone()),
        ("name", to.name.to_string()),
        ("who", asker.display_name.to_string()),
        ("network", network.name.to_string()),
        ("offer", offer.sentence.to_string()),
    ];
    let say = |key: &str| lang.say_with(key, &args);
    // Kring's own page of a hidden network is no use to who cannot sign in there.
    let action = if hidden && cx.config().frontend_url.is_none() {
        (say("mail-help-home"), links::home(cx.config()))
    } else {
        (say("mail-help-network"), links::network(cx.config(), network.slug.as_str()))
    };
    let written = ask.message.split("\n\n").map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned);
    let mut paragraphs = vec![say("mail-help-text"), say("mail-help-offer"), say("mail-help-network-asks")];
    paragraphs.extend(written);
    paragraphs.push(say("mail-help-answer"));
    let stop = links::unsubscribe(cx.config(), &actions::unsubscribe_word(cx, to.person));
    let notice = Notice {
        lang,
        // Who looks over their shoulder learns of no hidden network.
        subject: say(if hidden { "mail-help-subject-hidden" } else { "mail-help-subject" }),
        heading: say("mail-help-subject"),
        paragraphs,
        action: Some(action),
        word: None,
        footer: say("mail-help-why"),
        stop: Some((say("mail-help-stop"), stop.clone())),
    };
    let address = (to.name.as_str(), to.email.as_str());
    let mut letter = Letter::notice("help", Some(to.person), address, &notice)?;
    letter.headers = mail::unsubscribing(&stop);
    mail::queue(tx, cx, letter)
}
