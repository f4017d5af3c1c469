//! Proposing, reading and changing networks.

use kring_db::{Conn, JsonText, Tx};

use crate::accounts::{PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::error::{Code, Fault, NOT_FOUND, Result};
use crate::index::{self, Entry, EntryKind};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::jobs::queue::{self, JobKind};
use crate::municipalities;
use crate::networks::model::*;
use crate::networks::policy::{self, MayContribute, MayRead, Standing};
use crate::networks::queries;
use crate::peers::{self, Reach};
use crate::text::markdown;
use crate::text::summary::PlainSummary;
use crate::web::IfMatch;

/// Proposes a network. Whoever proposes it coordinates it, until somebody else does.
pub fn propose(tx: &mut Tx, cx: &Context, who: &SignedIn, new: &NewNetwork) -> Result<Network> {
    if cx.config().led_by_experts_required && !new.led_by_experts {
        return Err(Fault::new("led_by_experts").at("/ledByExperts"));
    }
    if queries::slug_taken(tx, &new.slug)? {
        return Err(Code::SlugTaken.into());
    }
    known_municipalities(tx, &new.subjects)?;
    let (municipalities, themes, crpd_articles) = queries::subject_texts(&new.subjects);
    let network = Network {
        id: cx.id(),
        slug: new.slug.clone(),
        name: new.name.clone(),
        description_html: markdown::render(&new.description).html,
        description: new.description.clone(),
        plain_summary: new.plain_summary.clone(),
        language: new.language.clone(),
        visibility: new.visibility,
        join_policy: new.join_policy,
        documents_edited_by: new.documents_edited_by,
        state: NetworkState::Proposed,
        seeking_people: new.seeking_people,
        led_by_experts: new.led_by_experts,
        municipalities,
        themes,
        crpd_articles,
        member_count: 1,
        coordinator_count: 1,
        founder_count: 1,
        thread_count: 0,
        document_count: 0,
        created_by: who.person,
        created_at: cx.now(),
        updated_at: cx.now(),
        archived_at: None,
        without_coordinator_since: None,
        version: 1,
        seeking_help: new.seeking_help.as_ref().map(JsonText::of),
        federation: new.federation.keeping(new.copies),
        home_url: None,
    };
    may_leave(tx, &network)?;
    queries::insert(tx, &network)?;
    queries::set_tags(tx, &network)?;
    queries::save_membership(tx, &first_membership(cx, &network, who.person))?;
    index::put(tx, &entry(&network))?;
    let event =
        Event::new(EventKind::NetworkProposed, network.id.0).network(network.id.0).actor(who.person.0);
    outbox::push(tx, cx, event)?;
    Ok(network)
}

pub(super) fn first_membership(cx: &Context, network: &Network, person: PersonId) -> Membership {
    Membership {
        id: cx.id(),
        network_id: network.id,
        person_id: person,
        role: MemberRole::Coordinator,
        state: MemberState::Active,
        founder: true,
        capacity: None,
        organisation: None,
        shows_experience: false,
        message: String::new(),
        invited_by: None,
        joined_at: Some(cx.now()),
        created_at: cx.now(),
        updated_at: cx.now(),
        shown: false,
    }
}

/// A fault at `/municipalities` where one of them is not known.
pub fn known_municipalities(conn: &mut Conn, subjects: &Subjects) -> Result<()> {
    if municipalities::exist(conn, &subjects.municipalities)? {
        Ok(())
    } else {
        Err(Fault::new("unknown_municipality").at("/municipalities"))
    }
}

/// A fault at `/federation` where a network cannot exchange what it chose to.
fn may_leave(conn: &mut Conn, network: &Network) -> Result<()> {
    if network.federation.reach() == Reach::None {
        return Ok(());
    }
    if network.visibility == Visibility::Hidden {
        return Err(Fault::new("hidden_stays_here").at("/federation"));
    }
    match peers::choice(conn)? {
        Reach::None => Err(Fault::new("federation_off").at("/federation")),
        Reach::Named | Reach::Open => Ok(()),
    }
}

/// Networks the viewer may know of, newest first.
pub fn list(
    conn: &mut Conn,
    viewer: &Viewer,
    filter: &NetworkFilter,
    after: Option<NetworkId>,
    limit: i64,
) -> Result<Vec<Network>> {
    if filter.mine {
        viewer.signed_in()?;
    }
    queries::list(conn, viewer.person(), filter, after, limit)
}

/// A network the viewer may know of, and how they stand to it; 404 for others.
pub fn seen(conn: &mut Conn, viewer: &Viewer, slug: &Slug) -> Result<(Network, Option<Membership>)> {
    let (network, membership) = queries::by_slug(conn, slug, viewer.person())?.ok_or(NOT_FOUND)?;
    policy::may_see(&standing(&network, membership.as_ref(), viewer.person()))?;
    Ok((network, membership))
}

/// How a viewer stands to a network.
fn standing<'a>(
    network: &'a Network,
    membership: Option<&'a Membership>,
    person: Option<PersonId>,
) -> Standing<'a> {
    Standing { network, person, membership }
}

/// A network by its id for reading what is in it: with the proof, or 404 for a thing whose network the viewer
/// may not read. (Items of a network that only shows itself do not exist for others.)
pub fn reading(
    conn: &mut Conn,
    viewer: &Viewer,
    id: NetworkId,
) -> Result<(Network, Option<Membership>, MayRead)> {
    let (network, membership) = queries::standing_in(conn, id, viewer.person())?;
    let may =
        policy::may_read(&standing(&network, membership.as_ref(), viewer.person())).map_err(|_| NOT_FOUND)?;
    Ok((network, membership, may))
}

/// A network by its id for writing in it: 404 where it may not even be read, 403 where only writing is barred.
pub fn contributing(
    conn: &mut Conn,
    who: &SignedIn,
    id: NetworkId,
) -> Result<(Network, Membership, MayContribute)> {
    let viewer = Viewer::SignedIn(who.clone());
    let (network, membership, _) = reading(conn, &viewer, id)?;
    let may = policy::may_contribute(&standing(&network, membership.as_ref(), Some(who.person)))?;
    let membership = membership.ok_or(Code::MembersOnly)?;
    Ok((network, membership, may))
}

/// Changes a network's description and settings, archives it, or opens it again.
pub fn change(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    known: &IfMatch,
    change: &NetworkChange,
) -> Result<Network> {
    let viewer = Viewer::SignedIn(who.clone());
    let (network, _) = seen(tx, &viewer, slug)?;
    // What is compared below must still be so when it is written.
    queries::lock(tx, network.id)?;
    let (mut network, membership) = seen(tx, &viewer, slug)?;
    let may = policy::may_coordinate_here(&standing(&network, membership.as_ref(), Some(who.person)))?;
    known.check(network.version)?;
    if cx.config().led_by_experts_required && change.led_by_experts == Some(false) {
        return Err(Fault::new("led_by_experts").at("/ledByExperts"));
    }
    if network.state == NetworkState::Archived && change.archived != Some(false) {
        return Err(Code::NetworkArchived.into());
    }
    let subjects = Subjects::read(&network.municipalities, &network.themes, &network.crpd_articles)
        .changed(&change.subjects);
    known_municipalities(tx, &subjects)?;
    let founders = queries::founders_ever(tx, network.id)?;
    if policy::widens(network.visibility, change.visibility.unwrap_or(network.visibility)) {
        // It was shown to a smaller circle; each shows it to the larger one by a choice of their own.
        queries::hide_experiences_in(tx, &may, network.id)?;
    }
    let (before, was_hidden) = (network.federation.clone(), network.visibility == Visibility::Hidden);
    apply(cx, &mut network, change, &subjects, founders);
    // What was chosen before stays chosen while the instance is closed.
    if network.federation != before || (network.visibility == Visibility::Hidden) != was_hidden {
        may_leave(tx, &network)?;
    }
    queries::update(tx, &may, &network)?;
    queries::set_tags(tx, &network)?;
    index::put(tx, &entry(&network))?;
    if network.federation != before || network.visibility == Visibility::Hidden {
        // Whoever is left out now is asked to delete what they have.
        queue::enqueue(tx, cx, JobKind::Recall, &Some(network.id), cx.now())?;
    }
    if change.is_told() {
        let event =
            Event::new(EventKind::NetworkChanged, network.id.0).network(network.id.0).actor(who.person.0);
        outbox::push(tx, cx, event)?;
    }
    if network.archived_at == Some(cx.now()) {
        let event =
            Event::new(EventKind::NetworkArchived, network.id.0).network(network.id.0).actor(who.person.0);
        outbox::push(tx, cx, event)?;
    }
    Ok(network)
}

fn apply(cx: &Context, network: &mut Network, change: &NetworkChange, subjects: &Subjects, founders: i64) {
    fn set<T: Clone>(to: &mut T, from: &Option<T>) {
        if let Some(value) = from {
            *to = value.clone();
        }
    }
    set(&mut network.name, &change.name);
    set(&mut network.description, &change.description);
    set(&mut network.plain_summary, &change.plain_summary);
    network.description_html = markdown::render(&network.description).html;
    set(&mut network.language, &change.language);
    set(&mut network.visibility, &change.visibility);
    set(&mut network.join_policy, &change.join_policy);
    set(&mut network.documents_edited_by, &change.documents_edited_by);
    set(&mut network.seeking_people, &change.seeking_people);
    set(&mut network.led_by_experts, &change.led_by_experts);
    if let Some(wanted) = &change.seeking_help {
        network.seeking_help = wanted.as_ref().map(JsonText::of);
    }
    let copies = change.copies.unwrap_or(network.copies());
    set(&mut network.federation, &change.federation);
    network.federation = network.federation.keeping(copies);
    (network.municipalities, network.themes, network.crpd_articles) = queries::subject_texts(subjects);
    match change.archived {
        Some(true) if network.archived_at.is_none() => {
            network.state = NetworkState::Archived;
            network.archived_at = Some(cx.now());
        }
        Some(false) if network.archived_at.is_some() => {
            network.state = policy::state_when_opened_again(founders);
            network.archived_at = None;
        }
        _ => {}
    }
    network.updated_at = cx.now();
    network.version += 1;
}

/// What search finds of a network.
pub(super) fn entry(network: &Network) -> Entry {
    Entry {
        kind: EntryKind::Network,
        id: network.id.0,
        parent: None,
        network: network.id.0,
        title: network.name.to_string(),
        body: PlainSummary::before(network.plain_summary.as_ref(), markdown::plain(&network.description)),
        language: network.language.clone(),
        published_at: network.created_at,
    }
}
