//! Mails that tell people of this instance what became of the home of a network of theirs, or of what they sent there. Each
//! once, in their language; not to who wants no mail.

use diesel::prelude::*;
use kring_db::schema::{memberships, networks as network_rows};
use kring_db::{Conn, Tx};

use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::digests;
use crate::error::Result;
use crate::mail::{self, Letter, Notice};
use crate::networks::{self, MemberRole, MemberState, Network, NetworkId, Visibility};
use crate::peers::Host;
use crate::web::links;

/// What a mail tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// The home is silent for long: they may continue the network here.
    MayContinue,
    /// The network lives somewhere else now.
    Moved,
    /// The network lives here, and is continued elsewhere.
    ContinuedElsewhere,
}

impl Told {
    fn word(self) -> &'static str {
        match self {
            Self::MayContinue => "may-continue",
            Self::Moved => "moved",
            Self::ContinuedElsewhere => "continued",
        }
    }
}

/// The home of networks is silent for long: who coordinates one of them here may continue it.
pub fn may_continue(tx: &mut Tx, cx: &Context, host: &Host) -> Result<()> {
    let there = network_rows::table.filter(network_rows::host.eq(host)).select(network_rows::id);
    let ids: Vec<NetworkId> = there.load(tx.conn())?;
    for network in networks::by_ids(tx, &ids)? {
        for person in coordinators(tx, network.id)? {
            write(tx, cx, Told::MayContinue, &network, person, host.as_str())?;
        }
    }
    Ok(())
}

/// A network lives somewhere else now, or here: its members of this instance know.
pub fn moved(tx: &mut Tx, cx: &Context, network: NetworkId, host: &str) -> Result<()> {
    let network = networks::by_id(tx, network)?;
    for person in networks::members_here(tx, network.id)? {
        write(tx, cx, Told::Moved, &network, person, host)?;
    }
    Ok(())
}

/// A network of here is continued elsewhere: its coordinators know.
pub fn continued_elsewhere(tx: &mut Tx, cx: &Context, network: &Network, address: &str) -> Result<()> {
    for person in coordinators(tx, network.id)? {
        write(tx, cx, Told::ContinuedElsewhere, network, person, address)?;
    }
    Ok(())
}

fn coordinators(conn: &mut Conn, network: NetworkId) -> Result<Vec<PersonId>> {
    let its = memberships::table
        .filter(memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active)))
        .filter(memberships::role.eq(MemberRole::Coordinator));
    Ok(its.order(memberships::id).select(memberships::person_id).load(conn)?)
}

/// What a mail about a network says.
pub struct Text {
    /// The message of its subject.
    pub subject: String,
    /// Messages of its text, each of one or more paragraphs.
    pub texts: Vec<String>,
    /// What they name, besides the network.
    pub facts: Vec<(&'static str, String)>,
    /// Where it leads: the message, and the address.
    pub action: (&'static str, String),
}

fn write(
    tx: &mut Tx,
    cx: &Context,
    told: Told,
    network: &Network,
    person: PersonId,
    place: &str,
) -> Result<()> {
    let word = told.word();
    let text = Text {
        subject: format!("mail-home-{word}-subject"),
        texts: vec![format!("mail-home-{word}-text")],
        facts: vec![("place", place.to_owned()), ("days", cx.config().home_unreachable_days.to_string())],
        action: ("mail-home-network", links::network(cx.config(), network.slug.as_str())),
    };
    send(tx, cx, &text, network, person)
}

/// Sends somebody of this instance a mail about a network of theirs, where they want mail.
pub fn send(tx: &mut Tx, cx: &Context, text: &Text, network: &Network, person: PersonId) -> Result<()> {
    let Some(to) = accounts::recipient(tx, person)? else { return Ok(()) };
    if !digests::wants_mail(tx, cx, person)? {
        return Ok(());
    }
    let mut facts = vec![("network", network.name.to_string())];
    facts.extend(text.facts.iter().cloned());
    let say = |key: &str| to.language.say_with(key, &facts);
    // Who looks over their shoulder learns of no hidden network.
    let hidden = network.visibility == Visibility::Hidden;
    let subject = if hidden {
        to.language.say("mail-home-subject-hidden")
    } else {
        say(&text.subject)
    };
    let mut paragraphs = vec![digests::greeting(to.language, to.name.as_str())];
    for key in &text.texts {
        paragraphs.extend(say(key).split("\n\n").map(str::to_owned));
    }
    let stop = links::unsubscribe(cx.config(), &digests::unsubscribe_word(cx, person));
    let (action, href) = &text.action;
    let notice = Notice {
        lang: to.language,
        subject,
        heading: say(&text.subject),
        paragraphs,
        action: Some((to.language.say(action), href.clone())),
        word: None,
        footer: to.language.say("mail-home-why"),
        stop: Some((to.language.say("mail-home-stop"), stop.clone())),
    };
    let mut letter = Letter::notice("home", Some(person), (to.name.as_str(), to.email.as_str()), &notice)?;
    letter.headers = mail::unsubscribing(&stop);
    mail::queue(tx, cx, letter)
}
