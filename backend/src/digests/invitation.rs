//! The mail that tells somebody that they are invited to a network: for who is in none yet, no digest comes.

use kring_db::Tx;

use super::actions;
use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::error::Result;
use crate::jobs::outbox::{self, Fact};
use crate::mail::{self, Letter, Notice};
use crate::networks::{self, MemberState, NetworkId, NetworkState, Visibility};
use crate::web::links;

/// Writes it, once for a person and a network, whoever invites them how often. Not to who wants no mail, and not where
/// nothing is left to decide.
pub fn tell(tx: &mut Tx, cx: &Context, invited: &Fact) -> Result<()> {
    let (Some(network), Some(inviter)) = (invited.network, invited.actor) else { return Ok(()) };
    let person = PersonId(invited.subject);
    let Some(to) = accounts::recipient(tx, person)? else { return Ok(()) };
    let (network, membership) = networks::standing_in(tx, NetworkId(network), Some(person))?;
    let waits = membership.is_some_and(|membership| membership.state == MemberState::Invited);
    let off = !actions::wants_mail(tx, cx, person)?;
    if !waits || off || network.state == NetworkState::Archived || outbox::happened_before(tx, invited)? {
        return Ok(());
    }
    let inviter = accounts::person_by_id(tx, PersonId(inviter))?;
    let (lang, hidden) = (to.language, network.visibility == Visibility::Hidden);
    let args = [
        ("instance", cx.config().instance_name.clone()),
        ("name", to.name.to_string()),
        ("who", inviter.display_name.to_string()),
        ("network", network.name.to_string()),
    ];
    let say = |key: &str| lang.say_with(key, &args);
    // Kring's own page of a hidden network is no use to who cannot sign in there.
    let action = if hidden && cx.config().frontend_url.is_none() {
        (say("mail-invitation-home"), links::home(cx.config()))
    } else {
        (say("mail-invitation-network"), links::network(cx.config(), network.slug.as_str()))
    };
    let stop = links::unsubscribe(cx.config(), &actions::unsubscribe_word(cx, person));
    let notice = Notice {
        lang,
        // Who looks over their shoulder learns of no hidden network.
        subject: say(if hidden {
            "mail-invitation-subject-hidden"
        } else {
            "mail-invitation-subject"
        }),
        heading: say("mail-invitation-subject"),
        paragraphs: say("mail-invitation-text").split("\n\n").map(str::to_owned).collect(),
        action: Some(action),
        word: None,
        footer: say("mail-invitation-why"),
        stop: Some((say("mail-invitation-stop"), stop.clone())),
    };
    let mut letter =
        Letter::notice("invitation", Some(person), (to.name.as_str(), to.email.as_str()), &notice)?;
    letter.headers = mail::unsubscribing(&stop);
    mail::queue(tx, cx, letter)
}
