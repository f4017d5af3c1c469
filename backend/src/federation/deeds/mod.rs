//! What is done to things that are there: reactions, pins, locks, offices, bans, and their undoing.
//!
//! In a network of this instance people elsewhere do what its rules let them do, like everybody; what was done is told
//! on in their own words. In a network elsewhere its home decides: what it tells on is done here, whoever did it, and so
//! is what one of its moderators on its own instance says.

mod flags;
mod moderating;
mod named;
mod offices;
mod profiles;
mod reactions;
mod removing;
mod telling;

pub use profiles::{said_gone, said_gone_id, said_to_be_gone};
pub use removing::remove;
pub use telling::{tell, tell_of_person};

use kring_activitypub::wire::Activity;
use kring_db::Tx;
use serde_json::{Map, Value};
use url::Url;

use super::actors::{self, Remote};
use super::addresses::Local;
use super::outgoing::Audience;
use super::taking::Outcome;
use super::{outgoing, posts};
use crate::accounts::{self, PersonId, SignedIn};
use crate::app::{App, Context};
use crate::error::{Code, Error, Result};
use crate::networks::{self, MemberRole, MemberState, Network};
use crate::threads::{self, ReplyId, ThreadId};

/// Is it for [`take`]?
pub fn concerns(activity: &Activity) -> bool {
    match activity.kind.as_str() {
        "Like" | "Dislike" | "Lock" | "Add" | "Remove" | "Block" | "Flag" => true,
        "Update" | "Delete" => profiles::concerns(activity),
        "Undo" => matches!(activity.inner(), Some(Ok(inner)) if inner.kind != "Follow"),
        _ => false,
    }
}

/// Is it done also where nobody follows the network any more? What was taken away; and that somebody is kept out, which
/// may come behind the end of what they followed, or may come back.
pub fn parts(activity: &Activity) -> bool {
    let undone = activity.inner().and_then(std::result::Result::ok).map(|inner| inner.kind);
    matches!(activity.kind.as_str(), "Delete" | "Block") || undone.as_deref() == Some("Block")
}

/// Something that was done, or undone.
#[derive(Clone, Debug)]
struct Deed {
    what: Activity,
    undone: bool,
    sender: Remote,
    /// The network that told it on; `None` where its doer sent it.
    home: Option<Remote>,
}

/// Does what somebody did elsewhere, or undoes it.
pub async fn take(
    app: &App,
    raw: &Map<String, Value>,
    activity: &Activity,
    sender: &Remote,
    home: Option<&Remote>,
) -> Result<Outcome> {
    if profiles::concerns(activity) {
        return profiles::take(app, raw, activity, sender, home).await;
    }
    let (what, undone) = match activity.inner().filter(|_| activity.kind == "Undo") {
        Some(Ok(inner)) if inner.actor == activity.actor => (inner, true),
        Some(_) => return dropped("what is undone is somebody else's"),
        None => (activity.clone(), false),
    };
    // Whom it is about is asked for before, for that may take a while.
    if matches!(what.kind.as_str(), "Add" | "Block")
        && let Some(id) = what.object_id()
        && what.target.as_ref().is_some_and(|target| !target.path().ends_with("/featured"))
        && Local::at(&app.config, &id).is_none()
        && let Err(why) = actors::find(app, &id).await?
    {
        return Ok(Outcome::Early(why));
    }
    let raw = Value::Object(raw.clone());
    let deed = Deed { what, undone, sender: sender.clone(), home: home.cloned() };
    app.write_for_anyone(move |tx, cx| {
        let taken = match deed.what.kind.as_str() {
            "Like" => reactions::take(tx, cx, &deed)?,
            "Lock" => moderating::lock(tx, cx, &deed)?,
            "Add" | "Remove" => moderating::listed(tx, cx, &deed)?,
            "Block" => offices::block(tx, cx, &deed)?,
            "Flag" => flags::take(tx, cx, &deed)?,
            // Nothing here has the form of a dislike, and what was deleted is gone.
            kind => Taken::Dropped(format!("{kind} has no form here")),
        };
        match taken {
            Taken::Done(network, thread) => {
                tell_on(tx, cx, &network, thread, raw.clone())?;
                Ok(Outcome::Done)
            }
            Taken::DoneTo(network, remote) => {
                let of = Local::Network(network.slug.clone()).address(cx.config());
                let order = format!("{} {of}", remote.uri);
                outgoing::announce(tx, cx, &network, raw.clone(), Audience::Actor(&remote), order)?;
                Ok(Outcome::Done)
            }
            Taken::Kept => Ok(Outcome::Done),
            Taken::Dropped(why) => Ok(Outcome::Dropped(why)),
            Taken::Early(why) => Ok(Outcome::Early(why)),
        }
    })
    .await
}

fn dropped(why: &str) -> Result<Outcome> {
    Ok(Outcome::Dropped(why.to_owned()))
}

/// What became of a deed.
#[derive(Debug)]
enum Taken {
    /// Done in this network, to this thread where it was to one.
    Done(Box<Network>, Option<ThreadId>),
    /// Done in this network to somebody elsewhere, whose instance alone is told on.
    DoneTo(Box<Network>, Box<Remote>),
    /// Done, and told to nobody else.
    Kept,
    Dropped(String),
    Early(String),
}

impl Taken {
    fn dropped(why: impl std::fmt::Display) -> Self {
        Self::Dropped(why.to_string())
    }

    /// `Done`, or why a rule says no. What is not there needs no more.
    fn ruled<T>(outcome: Result<T>, network: Network, thread: Option<ThreadId>) -> Result<Self> {
        match outcome {
            Ok(_) | Err(Error::Rule(Code::NotFound)) => Ok(Self::Done(Box::new(network), thread)),
            Err(Error::Rule(code)) => Ok(Self::dropped(code.as_str())),
            Err(Error::Invalid(_)) => Ok(Self::dropped("it does not fit")),
            Err(cause) => Err(cause),
        }
    }
}

/// In whose name something is done.
#[derive(Debug)]
enum By {
    /// The home of the network says so.
    Home,
    /// Somebody elsewhere, by the rules for everybody.
    Member(SignedIn),
}

impl Deed {
    /// In whose name it is done in a network; `None` where it is not theirs to say (FEP-fe34).
    fn by(&self, tx: &mut Tx, network: &Network) -> Result<Option<By>> {
        let here = network.slug.host().is_empty();
        match (&self.home, self.sender.person_id) {
            (None, Some(person)) if here => Ok(Some(By::Member(accounts::acting_elsewhere(tx, person)?))),
            (Some(home), _) if !here && home.network_id == Some(network.id) => Ok(Some(By::Home)),
            (None, Some(person))
                if network.slug.host() == self.sender.host.as_str() && moderates(tx, network, person)? =>
            {
                Ok(Some(By::Home))
            }
            _ => Ok(None),
        }
    }

    /// The thread, or reply of it, that it is done to, and the network.
    fn post(&self, tx: &mut Tx, cx: &Context) -> Result<Option<(Network, ThreadId, Option<ReplyId>)>> {
        let Some(id) = self.what.object_id() else { return Ok(None) };
        let Some((thread, reply)) = posts::place(tx, cx.config(), &id)? else { return Ok(None) };
        let Some(network) = threads::network_of(tx, thread)? else { return Ok(None) };
        Ok(Some((networks::by_id(tx, network)?, thread, reply)))
    }

    /// The person that it is done to.
    fn person(&self, tx: &mut Tx, cx: &Context) -> Result<Option<PersonId>> {
        let Some(id) = self.what.object_id() else { return Ok(None) };
        Ok(actors::person_at(tx, cx.config(), &id)?.map(|person| person.id))
    }
}

/// The network that an address is of, here or elsewhere.
fn network_at(tx: &mut Tx, cx: &Context, address: &Url) -> Result<Option<Network>> {
    match Local::at(cx.config(), address) {
        Some(Local::Network(slug)) => networks::with_slug(tx, &slug),
        Some(_) => Ok(None),
        None => {
            let known = actors::by_uri(tx, address.as_str())?.and_then(|actor| actor.network_id);
            known.map(|id| networks::by_id(tx, id)).transpose()
        }
    }
}

/// Does somebody moderate a network, as far as this instance knows?
fn moderates(tx: &mut Tx, network: &Network, person: PersonId) -> Result<bool> {
    let (_, membership) = networks::standing_in(tx, network.id, Some(person))?;
    let active = membership.filter(|membership| membership.state == MemberState::Active);
    Ok(active.is_some_and(|membership| membership.role != MemberRole::Member))
}

/// A network of this instance tells on what somebody elsewhere did in it, in their own words.
pub fn tell_on(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    thread: Option<ThreadId>,
    raw: Value,
) -> Result<()> {
    if !network.slug.host().is_empty() {
        return Ok(());
    }
    let of = Local::Network(network.slug.clone());
    let order = thread.map_or(of, Local::Thread).address(cx.config());
    outgoing::announce(tx, cx, network, raw, outgoing::Audience::Followers(network.id), order).map(|_| ())
}
