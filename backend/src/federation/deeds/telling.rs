//! What members here did to things that are there, as activities.

use kring_db::Tx;
use serde_json::{Value, json};

use super::{flags, named, reactions};
use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::error::{Error, Result};
use crate::federation::actors::{self, Remote};
use crate::federation::addresses::Local;
use crate::federation::keys::{self, Owner};
use crate::federation::objects;
use crate::federation::outgoing::{self, Audience};
use crate::federation::{serving, written};
use crate::jobs::outbox::{EventKind, Fact};
use crate::moderation::{self, ReportId};
use crate::networks::{self, MemberRole, MemberState, Network};
use crate::peers::Reach;
use crate::threads::{self, Reaction, ReactionKind, ReplyId, ThreadId};

/// Tells others what a fact comes to, where somebody of this instance did it: others' deeds were told on when they came.
pub fn tell(tx: &mut Tx, cx: &Context, network: &Network, fact: &Fact) -> Result<()> {
    let Some(by) = fact.actor.map(PersonId) else { return Ok(()) };
    if !accounts::person_by_id(tx, by)?.host.is_empty() {
        return Ok(());
    }
    let teller = Teller { network, by, fact };
    let thread = ThreadId(fact.subject);
    match fact.kind {
        EventKind::Reacted => teller.reacted(tx, cx, true),
        EventKind::ReactionTakenBack => teller.reacted(tx, cx, false),
        EventKind::NetworkChanged => teller.network_changed(tx, cx),
        EventKind::ReportMade => teller.reported(tx, cx, ReportId(fact.subject)),
        EventKind::ThreadPinned => teller.of_thread(tx, cx, "Add", thread),
        EventKind::ThreadUnpinned => teller.of_thread(tx, cx, "Remove", thread),
        EventKind::ThreadLocked => teller.of_thread(tx, cx, "Lock", thread),
        EventKind::ThreadUnlocked => teller.of_thread(tx, cx, "Undo", thread),
        EventKind::RoleChanged | EventKind::MemberJoined => teller.office(tx, cx, PersonId(fact.subject)),
        EventKind::MemberLeft => teller.put_out(tx, cx, PersonId(fact.subject)),
        EventKind::MemberInvited => teller.let_back(tx, cx, PersonId(fact.subject)),
        _ => Ok(()),
    }
}

/// Somebody of this instance says something else of themselves: networks of here tell it on to those who read their name
/// in them, and the homes of those elsewhere, which know that they belong there, are told.
pub fn tell_of_person(tx: &mut Tx, cx: &Context, fact: &Fact) -> Result<()> {
    let person = accounts::person_by_id(tx, PersonId(fact.subject))?;
    let Some(keys) = keys::made(tx, Owner::Person(person.id))? else { return Ok(()) };
    let told = objects::person(cx.config(), &person, &objects::Keyed::from(&keys));
    let mut places = named::networks_naming(tx, person.id)?;
    let theirs = networks::memberships_of(tx, person.id)?.into_iter().map(|(network, _)| network);
    places.extend(theirs.filter(|network| !network.slug.host().is_empty()));
    for network in places {
        if network.federates().reach() == Reach::None {
            continue;
        }
        let teller = Teller { network: &network, by: person.id, fact };
        let update = teller.activity(tx, cx, "Update", Value::Object(told.clone()), json!({}))?;
        teller.send(tx, cx, update, None)?;
    }
    Ok(())
}

/// Who did something here, in which network.
struct Teller<'a> {
    network: &'a Network,
    by: PersonId,
    fact: &'a Fact,
}

impl Teller<'_> {
    /// An activity of its doer, in the shape in which networks tell it on; `more` in place of what is always the same.
    fn activity(&self, tx: &mut Tx, cx: &Context, kind: &str, object: Value, more: Value) -> Result<Value> {
        let audience = serving::audience(tx, cx.config(), self.network)?;
        let mut activity = json!({
            "id": cx.config().public(&format!("/activities/{}-{}", kind.to_ascii_lowercase(), self.fact.id)),
            "type": kind,
            "actor": outgoing::owner_address(tx, cx, Owner::Person(self.by))?,
            "to": audience.to(),
            "cc": [audience.group()],
            "audience": audience.group(),
            "object": object,
        });
        if let (Some(activity), Value::Object(more)) = (activity.as_object_mut(), more) {
            activity.extend(more);
        }
        Ok(activity)
    }

    /// The undoing of an activity.
    fn undo(&self, tx: &mut Tx, cx: &Context, mut undone: Value) -> Result<Value> {
        if let Some(id) = undone["id"].as_str() {
            undone["id"] = format!("{id}-undone").into();
        }
        self.activity(tx, cx, "Undo", undone, json!({}))
    }

    fn like(&self, tx: &mut Tx, cx: &Context, of: &Local, kind: ReactionKind) -> Result<Value> {
        let address = written::address(tx, cx.config(), of)?;
        self.activity(tx, cx, "Like", address.into(), reactions::content(kind))
    }

    fn reacted(&self, tx: &mut Tx, cx: &Context, given: bool) -> Result<()> {
        let Reaction { thread, kind } = self.fact.payload.read().map_err(Error::internal)?;
        let of = match self.fact.subject {
            id if id == thread.0 => Local::Thread(thread),
            id => Local::Reply(ReplyId(id)),
        };
        let like = self.like(tx, cx, &of, kind)?;
        if given {
            return self.send(tx, cx, like, Some(thread));
        }
        let undo = self.undo(tx, cx, like)?;
        self.send(tx, cx, undo, Some(thread))?;
        // Who knows but one like has taken it back by that; where another reaction stands, it is one still.
        match threads::own_reactions(tx, self.by, self.fact.subject)?.first() {
            Some(other) => {
                let like = self.like(tx, cx, &of, *other)?;
                self.send(tx, cx, like, Some(thread))
            }
            None => Ok(()),
        }
    }

    /// What a network of here says of itself is another now.
    fn network_changed(&self, tx: &mut Tx, cx: &Context) -> Result<()> {
        if !self.network.slug.host().is_empty() {
            return Ok(());
        }
        // Who never asked for its keys never heard of it.
        let Some(keys) = keys::made(tx, Owner::Network(self.network.id))? else { return Ok(()) };
        let codes = self.network.municipalities.list();
        let places = networks::MunicipalityNames::of(tx, codes)?.views(self.network.municipalities.list());
        let group = objects::group(cx.config(), self.network, &places, &objects::Keyed::from(&keys));
        let update = self.activity(tx, cx, "Update", Value::Object(group), json!({}))?;
        self.send(tx, cx, update, None)
    }

    /// Something in a network elsewhere was reported: its home is told. Of one of here nobody is.
    fn reported(&self, tx: &mut Tx, cx: &Context, report: ReportId) -> Result<()> {
        if self.network.slug.host().is_empty() {
            return Ok(());
        }
        let Some(report) = moderation::reported(tx, report)? else { return Ok(()) };
        let (object, more) = flags::flag(tx, cx, self.network, &report)?;
        let flag = self.activity(tx, cx, "Flag", object, more)?;
        self.send(tx, cx, flag, None)
    }

    /// A thread was pinned, locked, or not any more.
    fn of_thread(&self, tx: &mut Tx, cx: &Context, kind: &str, thread: ThreadId) -> Result<()> {
        let address = written::address(tx, cx.config(), &Local::Thread(thread))?;
        let activity = match kind {
            "Undo" => {
                let lock = self.activity(tx, cx, "Lock", address.into(), json!({}))?;
                self.undo(tx, cx, lock)?
            }
            "Lock" => self.activity(tx, cx, kind, address.into(), json!({}))?,
            _ => {
                let featured = self.part(tx, cx, "featured")?;
                self.activity(tx, cx, kind, address.into(), json!({ "target": featured }))?
            }
        };
        self.send(tx, cx, activity, Some(thread))
    }

    /// A collection of the network, where it lives.
    fn part(&self, tx: &mut Tx, cx: &Context, part: &str) -> Result<String> {
        let of = Local::Network(self.network.slug.clone());
        if self.network.slug.host().is_empty() {
            return Ok(of.part(cx.config(), part));
        }
        let home = actors::of_network(tx, self.network.id)?;
        let named = home.as_ref().and_then(|home| match part {
            "featured" => home.featured.clone(),
            _ => home.moderators.clone(),
        });
        let guessed = || home.as_ref().map(|home| format!("{}/{part}", home.uri.trim_end_matches('/')));
        Ok(named.or_else(guessed).unwrap_or_default())
    }

    /// Somebody has another office now, or came with one.
    fn office(&self, tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
        let (_, membership) = networks::standing_in(tx, self.network.id, Some(person))?;
        let active = membership.filter(|membership| membership.state == MemberState::Active);
        let role = active.map_or(MemberRole::Member, |membership| membership.role);
        if role == MemberRole::Member && self.fact.kind == EventKind::MemberJoined {
            return Ok(());
        }
        let Some(address) = address(tx, cx, person)? else { return Ok(()) };
        let kind = if role == MemberRole::Member { "Remove" } else { "Add" };
        let target = self.part(tx, cx, "moderators")?;
        let more = match role {
            MemberRole::Member => json!({ "target": target }),
            named => json!({ "target": target, "role": named, "startTime": self.fact.created_at }),
        };
        let activity = self.activity(tx, cx, kind, address.into(), more)?;
        self.send(tx, cx, activity, None)
    }

    /// Somebody elsewhere was put out: their own instance is told, and nobody else, for not everyone has to know that
    /// they belonged here.
    fn put_out(&self, tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
        let (_, membership) = networks::standing_in(tx, self.network.id, Some(person))?;
        let removed = membership.is_some_and(|membership| membership.state == MemberState::Removed);
        let Some(remote) = actors::of_person(tx, person)?.filter(|_| removed) else { return Ok(()) };
        let block = self.block(tx, cx, &remote)?;
        self.tell_one(tx, cx, block, &remote)
    }

    /// Somebody elsewhere may come back.
    fn let_back(&self, tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
        let Some(remote) = actors::of_person(tx, person)? else { return Ok(()) };
        let block = self.block(tx, cx, &remote)?;
        let undo = self.undo(tx, cx, block)?;
        self.tell_one(tx, cx, undo, &remote)
    }

    fn block(&self, tx: &mut Tx, cx: &Context, whom: &Remote) -> Result<Value> {
        let target = serving::audience(tx, cx.config(), self.network)?.group().to_owned();
        let more = json!({ "target": target, "removeData": false });
        self.activity(tx, cx, "Block", whom.uri.clone().into(), more)
    }

    /// The network tells one instance on, or its home is told.
    fn tell_one(&self, tx: &mut Tx, cx: &Context, activity: Value, remote: &Remote) -> Result<()> {
        if !self.network.slug.host().is_empty() {
            return self.send(tx, cx, activity, None);
        }
        let of = Local::Network(self.network.slug.clone()).address(cx.config());
        let order = format!("{} {of}", remote.uri);
        outgoing::announce(tx, cx, self.network, activity, Audience::Actor(remote), order).map(|_| ())
    }

    /// Lets the network tell on, or its home.
    fn send(&self, tx: &mut Tx, cx: &Context, activity: Value, thread: Option<ThreadId>) -> Result<()> {
        let of = thread.map_or(Local::Network(self.network.slug.clone()), Local::Thread);
        let order = of.address(cx.config());
        if self.network.slug.host().is_empty() {
            let audience = Audience::Followers(self.network.id);
            return outgoing::announce(tx, cx, self.network, activity, audience, order).map(|_| ());
        }
        match actors::of_network(tx, self.network.id)? {
            Some(home) => {
                outgoing::directly(tx, cx, self.by, activity, Audience::Actor(&home), order).map(|_| ())
            }
            None => Ok(()),
        }
    }
}

/// The address of a person as an actor.
fn address(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<Option<String>> {
    let known = accounts::person_by_id(tx, person)?;
    match known.host.is_empty() {
        // Who is known by mail alone has none.
        true => Ok(known.handle.given().map(|_| Local::Person(known.handle.clone()).address(cx.config()))),
        false => Ok(actors::of_person(tx, person)?.map(|remote| remote.uri)),
    }
}
