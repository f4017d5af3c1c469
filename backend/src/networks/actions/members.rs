//! Joining, inviting, roles, leaving.

use kring_db::{Conn, Tx};

use super::{seen, settle};
use crate::accounts::{self, Person, PersonAddress, PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::error::{Code, Fault, NOT_FOUND, Result};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::networks::model::*;
use crate::networks::policy::{self, Entry, Standing, Successor};
use crate::networks::queries;

/// A network locked for changing who belongs to it: counts and rules then see what they will keep.
fn locked(tx: &mut Tx, who: &SignedIn, slug: &Slug) -> Result<(Network, Option<Membership>)> {
    let viewer = Viewer::SignedIn(who.clone());
    let (network, _) = seen(tx, &viewer, slug)?;
    queries::lock(tx, network.id)?;
    seen(tx, &viewer, slug)
}

fn standing<'a>(network: &'a Network, membership: Option<&'a Membership>, who: &SignedIn) -> Standing<'a> {
    Standing { network, person: Some(who.person), membership }
}

/// A membership that does not exist yet, or a new beginning of one that ended.
pub(super) fn begin(
    cx: &Context,
    network: &Network,
    person: PersonId,
    earlier: Option<&Membership>,
) -> Membership {
    Membership {
        id: earlier.map_or_else(|| cx.id(), |membership| membership.id),
        network_id: network.id,
        person_id: person,
        role: MemberRole::Member,
        state: MemberState::Requested,
        founder: earlier.is_some_and(|membership| membership.founder),
        capacity: earlier.and_then(|membership| membership.capacity),
        organisation: earlier.and_then(|membership| membership.organisation.clone()),
        shows_experience: false,
        message: String::new(),
        invited_by: None,
        joined_at: None,
        created_at: cx.now(),
        updated_at: cx.now(),
        shown: false,
    }
}

/// Joins the caller, or asks to; or invites somebody else.
pub fn join(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    joining: &Joining,
) -> Result<(Membership, Person)> {
    match joining {
        Joining::Myself { message, showing } => {
            let (network, membership) = locked(tx, who, slug)?;
            let entry = policy::may_join(&standing(&network, membership.as_ref(), who))?;
            let mut new = begin(cx, &network, who.person, membership.as_ref());
            let person = accounts::person_by_id(tx, who.person)?;
            show(tx, who, &mut new, showing)?;
            if let Some(invitation) = membership.filter(|membership| membership.state == MemberState::Invited)
            {
                new.role = invitation.role;
                new.invited_by = invitation.invited_by;
            }
            new.message = message.clone();
            match entry {
                Entry::Joins => enter(tx, cx, &network, &mut new, person.id)?,
                Entry::Asks => {
                    queries::save_membership(tx, &new)?;
                    tell(tx, cx, EventKind::JoinRequested, &network, who.person, who.person)?;
                }
            }
            Ok((new, person))
        }
        Joining::Invite { handle, role } => invite(tx, cx, who, slug, handle, *role),
    }
}

fn invite(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    handle: &PersonAddress,
    role: MemberRole,
) -> Result<(Membership, Person)> {
    let (network, membership) = locked(tx, who, slug)?;
    let at = standing(&network, membership.as_ref(), who);
    policy::may_invite(&at, role)?;
    let person = accounts::person_at(tx, handle)?.filter(|person| person.closed_at.is_none());
    let person = person.ok_or_else(|| Fault::new("unknown_person").at("/handle"))?;
    let theirs = queries::membership(tx, network.id, person.id)?;
    let coordinates = policy::may_coordinate(&at).is_ok();
    let mut new = begin(cx, &network, person.id, theirs.as_ref());
    new.role = role;
    new.invited_by = Some(who.person);
    match theirs.as_ref().map(|membership| membership.state) {
        Some(MemberState::Active) => return Err(Code::AlreadyMember.into()),
        // Whom a coordinator removed, only a coordinator lets in again.
        Some(MemberState::Removed) if !coordinates => return Err(Code::CoordinatorsOnly.into()),
        // An invitation stands as it is, to whatever role it invites: nobody is asked twice.
        Some(MemberState::Invited) if !coordinates => return theirs.map(|it| (it, person)).ok_or(NOT_FOUND),
        // They asked and are asked: both want it, where the inviter could have accepted.
        Some(MemberState::Requested) if coordinates => {
            enter(tx, cx, &network, &mut new, who.person)?;
            tell(tx, cx, EventKind::JoinDecided, &network, person.id, who.person)?;
        }
        _ => {
            new.state = MemberState::Invited;
            queries::save_membership(tx, &new)?;
            tell(tx, cx, EventKind::MemberInvited, &network, person.id, who.person)?;
        }
    }
    Ok((new, person))
}

/// Invites somebody who offered help, with no mail of its own: whoever asks them tells them why. Nobody's request to
/// join is turned into an invitation.
pub fn invite_helper(tx: &mut Tx, cx: &Context, who: &SignedIn, slug: &Slug, person: PersonId) -> Result<()> {
    let (network, membership) = locked(tx, who, slug)?;
    let at = standing(&network, membership.as_ref(), who);
    policy::may_coordinate(&at)?;
    policy::may_invite(&at, MemberRole::Member)?;
    let theirs = queries::membership(tx, network.id, person)?;
    match theirs.as_ref().map(|membership| membership.state) {
        Some(MemberState::Active) => Err(Code::AlreadyMember.into()),
        Some(MemberState::Invited | MemberState::Requested) => Ok(()),
        _ => {
            let mut new = begin(cx, &network, person, theirs.as_ref());
            new.invited_by = Some(who.person);
            new.state = MemberState::Invited;
            queries::save_membership(tx, &new)
        }
    }
}

/// Makes somebody a member, by whoever's doing.
pub(super) fn enter(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    membership: &mut Membership,
    by: PersonId,
) -> Result<()> {
    membership.founder |= network.state == NetworkState::Proposed;
    arrive(tx, cx, network, membership, by)
}

/// [`enter`], for who does not found anything by it.
pub(super) fn arrive(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    membership: &mut Membership,
    by: PersonId,
) -> Result<()> {
    membership.state = MemberState::Active;
    membership.joined_at = Some(cx.now());
    membership.updated_at = cx.now();
    queries::save_membership(tx, membership)?;
    settle(tx, cx, network)?;
    tell(tx, cx, EventKind::MemberJoined, network, membership.person_id, by)
}

/// A member of the demo: in, whatever the network's rules.
pub fn join_for_demo(
    tx: &mut Tx,
    cx: &Context,
    network: NetworkId,
    person: PersonId,
    membership: &Membership,
) -> Result<()> {
    let network = queries::by_id(tx, network)?;
    let mut new = Membership {
        id: cx.id(),
        network_id: network.id,
        person_id: person,
        ..membership.clone()
    };
    new.role = membership.role;
    enter(tx, cx, &network, &mut new, person)
}

fn tell(
    tx: &mut Tx,
    cx: &Context,
    kind: EventKind,
    network: &Network,
    about: PersonId,
    by: PersonId,
) -> Result<()> {
    outbox::push(tx, cx, Event::new(kind, about.0).network(network.id.0).actor(by.0))
}

/// Members in a state; requests and invitations are for coordinators.
pub fn list_members(
    conn: &mut Conn,
    viewer: &Viewer,
    slug: &Slug,
    state: MemberState,
    after: Option<MembershipId>,
    limit: i64,
) -> Result<Vec<(Membership, Person)>> {
    let (network, membership) = seen(conn, viewer, slug)?;
    let at = Standing {
        network: &network,
        person: viewer.person(),
        membership: membership.as_ref(),
    };
    let may = policy::may_list_members(&at)?;
    if state != MemberState::Active {
        policy::may_coordinate(&at)?;
    }
    let mut found = queries::members(conn, &may, network.id, state, after, limit)?;
    for (theirs, _) in &mut found {
        keep_message(&at, theirs);
    }
    Ok(found)
}

/// What somebody wrote with their request was for the coordinators: it can say much about a person.
fn keep_message(at: &Standing<'_>, theirs: &mut Membership) {
    if at.person != Some(theirs.person_id) && policy::may_coordinate(at).is_err() {
        theirs.message.clear();
    }
}

/// One membership: one's own always, another's where members may be listed.
pub fn read_membership(
    conn: &mut Conn,
    viewer: &Viewer,
    slug: &Slug,
    handle: &PersonAddress,
) -> Result<(Membership, Person)> {
    let (network, membership) = seen(conn, viewer, slug)?;
    let person = accounts::person_at(conn, handle)?.ok_or(NOT_FOUND)?;
    let at = Standing {
        network: &network,
        person: viewer.person(),
        membership: membership.as_ref(),
    };
    if viewer.person() != Some(person.id) {
        policy::may_list_members(&at)?;
    }
    let mut theirs = queries::membership(conn, network.id, person.id)?.ok_or(NOT_FOUND)?;
    keep_message(&at, &mut theirs);
    if theirs.state != MemberState::Active && viewer.person() != Some(person.id) {
        policy::may_coordinate(&at).map_err(|_| NOT_FOUND)?;
    }
    Ok((theirs, person))
}

/// Changes a membership: what its owner shows, or what a coordinator decides.
pub fn change_membership(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    handle: &PersonAddress,
    change: &MembershipChange,
) -> Result<(Membership, Person)> {
    let (network, own) = locked(tx, who, slug)?;
    let at = standing(&network, own.as_ref(), who);
    let (mut membership, person) = read_membership(tx, &Viewer::SignedIn(who.clone()), slug, handle)?;
    let showing = &change.showing;
    if showing.capacity.is_some() || showing.organisation.is_some() || showing.experience.is_some() {
        if person.id != who.person {
            return Err(Code::OwnMembershipOnly.into());
        }
        show(tx, who, &mut membership, showing)?;
    }
    if let Some(decision) = change.decision {
        policy::may_coordinate_here(&at)?;
        if membership.state != MemberState::Requested {
            return Err(Code::NotWaiting.into());
        }
        if decision == MemberState::Active {
            enter(tx, cx, &network, &mut membership, who.person)?;
        } else {
            membership.state = MemberState::Refused;
            membership.message.clear();
        }
        tell(tx, cx, EventKind::JoinDecided, &network, person.id, who.person)?;
    }
    if let Some(role) = change.role.filter(|role| *role != membership.role) {
        policy::may_coordinate(&at)?;
        if membership.state == MemberState::Active {
            policy::may_stop_coordinating(&at, &membership, successor(tx, &network, &membership)?)?;
        }
        membership.role = role;
        tell(tx, cx, EventKind::RoleChanged, &network, person.id, who.person)?;
    }
    membership.updated_at = cx.now();
    queries::save_membership(tx, &membership)?;
    settle(tx, cx, &network)?;
    Ok((membership, person))
}

/// Takes over what the owner shows of themselves. Only who says so in their own account can show experience.
fn show(tx: &mut Tx, who: &SignedIn, membership: &mut Membership, showing: &Showing) -> Result<()> {
    if let Some(capacity) = showing.capacity {
        membership.capacity = capacity;
    }
    if let Some(organisation) = &showing.organisation {
        membership.organisation.clone_from(organisation);
    }
    if membership.capacity.is_none() && membership.organisation.is_some() {
        return Err(Fault::new("needs_capacity").at("/capacity"));
    }
    match showing.experience {
        Some(true) if !accounts::shows_experience(tx, who)? => return Err(Code::NotExpertByExperience.into()),
        Some(shows) => membership.shows_experience = shows,
        None => {}
    }
    Ok(())
}

/// Leaves, declines an invitation, withdraws a request; or, as a coordinator, takes somebody out.
pub fn end_membership(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    handle: &PersonAddress,
) -> Result<()> {
    let (network, own) = locked(tx, who, slug)?;
    let at = standing(&network, own.as_ref(), who);
    let (mut membership, person) = read_membership(tx, &Viewer::SignedIn(who.clone()), slug, handle)?;
    let mine = person.id == who.person;
    if !membership.state.open() {
        return Err(NOT_FOUND);
    }
    if mine {
        policy::may_leave(&at, successor(tx, &network, &membership)?)?;
    } else {
        policy::may_coordinate(&at)?;
        if membership.state == MemberState::Active {
            policy::may_stop_coordinating(&at, &membership, successor(tx, &network, &membership)?)?;
        }
    }
    let end = match membership.state {
        _ if mine => MemberState::Left,
        MemberState::Active => MemberState::Removed,
        // A request that is turned down and an invitation that is taken back bar nobody.
        MemberState::Requested => MemberState::Refused,
        _ => MemberState::Left,
    };
    leave(tx, cx, &network, &mut membership, end, who.person)
}

/// Whether somebody could coordinate a network after the owner of `membership`: looked up where it matters.
pub fn successor(conn: &mut Conn, network: &Network, membership: &Membership) -> Result<Successor> {
    let asked = policy::is_last_coordinator(network, membership);
    Ok(match asked && queries::another_could_coordinate(conn, network.id, membership.person_id)? {
        true => Successor::There,
        false => Successor::Nobody,
    })
}

/// Ends the caller's own membership, request or invitation. Doing so twice is fine.
pub fn part(tx: &mut Tx, cx: &Context, who: &SignedIn, slug: &Slug) -> Result<()> {
    let (network, membership) = locked(tx, who, slug)?;
    match membership {
        Some(mut membership) if membership.state.open() => {
            // Whoever leaves by another instance cannot be told to stay.
            leave(tx, cx, &network, &mut membership, MemberState::Left, who.person)
        }
        _ => Ok(()),
    }
}

pub(super) fn leave(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    membership: &mut Membership,
    end: MemberState,
    by: PersonId,
) -> Result<()> {
    let was_member = membership.state == MemberState::Active;
    let asked = membership.state == MemberState::Requested;
    let coordinated = was_member && membership.role == MemberRole::Coordinator;
    let held_office = membership.role != MemberRole::Member;
    membership.state = end;
    membership.role = MemberRole::Member;
    membership.shows_experience = false;
    membership.message = String::new();
    // Who left is shown to nobody by a choice that they made as a member.
    membership.shown = false;
    membership.updated_at = cx.now();
    queries::save_membership(tx, membership)?;
    queries::forget_choice_of(tx, network.id, membership.person_id)?;
    settle(tx, cx, network)?;
    if was_member && held_office {
        tell(tx, cx, EventKind::RoleChanged, network, membership.person_id, by)?;
    }
    // Who asked another instance to be let in asks no more, and is told where they were turned down.
    if was_member || (asked && end == MemberState::Left && !network.slug.host().is_empty()) {
        tell(tx, cx, EventKind::MemberLeft, network, membership.person_id, by)?;
    } else if asked && end == MemberState::Refused {
        tell(tx, cx, EventKind::JoinDecided, network, membership.person_id, by)?;
    }
    let network = queries::by_id(tx, network.id)?;
    if coordinated && network.coordinator_count == 0 && network.member_count > 0 {
        outbox::push(tx, cx, Event::new(EventKind::CoordinatorMissing, network.id.0).network(network.id.0))?;
    }
    Ok(())
}

/// Somebody closed their account: they leave every network, the last coordinator too. Requests and invitations end
/// with it, and nothing stays of what they showed of themselves.
pub fn leave_everything(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
    for network in queries::networks_of(tx, person)? {
        queries::lock(tx, network)?;
        let network = queries::by_id(tx, network)?;
        let Some(mut membership) = queries::membership(tx, network.id, person)? else { continue };
        membership.capacity = None;
        membership.organisation = None;
        let end = if membership.state == MemberState::Removed {
            MemberState::Removed
        } else {
            MemberState::Left
        };
        leave(tx, cx, &network, &mut membership, end, person)?;
    }
    Ok(())
}

/// Somebody no longer says that they are an expert by experience: no network shows it any more.
pub fn hide_experience(tx: &mut Tx, person: PersonId) -> Result<()> {
    queries::hide_experience(tx, person)
}

/// Chooses a coordinator where there is none: three, or half of those who may choose, decide. Returns whether the
/// choice made one.
pub fn choose_coordinator(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    handle: &PersonAddress,
) -> Result<bool> {
    let (network, own) = locked(tx, who, slug)?;
    let may = policy::may_choose_coordinator(&standing(&network, own.as_ref(), who))?;
    let chosen = member(tx, &network, handle)?;
    let voices = queries::choose(tx, &may, chosen.person_id, cx.now())?;
    let voters = match network.without_coordinator_since {
        Some(since) => queries::members_since(tx, network.id, since)?,
        None => network.member_count,
    };
    if voices < policy::choices_needed(voters) {
        return Ok(false);
    }
    appoint(tx, cx, &network, chosen, who.person)?;
    Ok(true)
}

/// An admin of the instance appoints an interim coordinator where there is none.
pub fn interim_coordinator(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    handle: &PersonAddress,
) -> Result<()> {
    accounts::policy::is_admin(who)?;
    let (network, _) = queries::by_slug(tx, slug, Some(who.person))?.ok_or(NOT_FOUND)?;
    queries::lock(tx, network.id)?;
    let network = queries::by_id(tx, network.id)?;
    if network.coordinator_count > 0 {
        return Err(Code::HasCoordinator.into());
    }
    let chosen = member(tx, &network, handle)?;
    appoint(tx, cx, &network, chosen, who.person)
}

fn member(tx: &mut Tx, network: &Network, handle: &PersonAddress) -> Result<Membership> {
    let unknown = || Fault::new("unknown_person").at("/handle");
    let person = accounts::person_at(tx, handle)?.ok_or_else(unknown)?;
    let theirs = queries::membership(tx, network.id, person.id)?;
    theirs.filter(|membership| membership.state == MemberState::Active).ok_or_else(unknown)
}

fn appoint(tx: &mut Tx, cx: &Context, network: &Network, mut chosen: Membership, by: PersonId) -> Result<()> {
    chosen.role = MemberRole::Coordinator;
    chosen.updated_at = cx.now();
    queries::save_membership(tx, &chosen)?;
    queries::forget_choices(tx, network.id)?;
    settle(tx, cx, network)?;
    tell(tx, cx, EventKind::RoleChanged, network, chosen.person_id, by)
}
