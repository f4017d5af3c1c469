//! Who may do what in a network: pure rules. Each returns a proof that the queries ask for.

use super::model::*;
use crate::accounts::PersonId;
use crate::accounts::policy::IsAdmin;
use crate::error::{Code, NOT_FOUND, Result};

/// How a viewer stands to a network: what the rules go by.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    pub network: &'a Network,
    /// `None` for those who are not signed in.
    pub person: Option<PersonId>,
    pub membership: Option<&'a Membership>,
}

impl Standing<'_> {
    fn state(&self) -> Option<MemberState> {
        self.membership.map(|membership| membership.state)
    }

    /// Is the viewer a member now?
    pub fn is_member(&self) -> bool {
        self.state() == Some(MemberState::Active)
    }

    /// The viewer's role, where they are a member now.
    pub fn role(&self) -> Option<MemberRole> {
        self.membership.filter(|_| self.is_member()).map(|membership| membership.role)
    }

    fn archived(&self) -> Result<()> {
        if self.network.state == NetworkState::Archived {
            Err(Code::NetworkArchived.into())
        } else {
            Ok(())
        }
    }
}

/// Proof: the viewer may know that the network is there.
#[derive(Debug)]
pub struct MaySee(());

/// Proof: the viewer may read what is in the network.
#[derive(Clone, Copy, Debug)]
pub struct MayRead(());

/// Proof: the person may write in the network.
#[derive(Clone, Copy, Debug)]
pub struct MayContribute {
    network: NetworkId,
    person: PersonId,
}

impl MayContribute {
    pub fn network(&self) -> NetworkId {
        self.network
    }

    pub fn person(&self) -> PersonId {
        self.person
    }
}

/// Whatever the home of a network tells that somebody did in it, they were allowed to do: the home decides that, and what
/// is kept of it here follows.
pub fn decided_at_home(network: &Network, person: PersonId) -> Result<MayContribute> {
    if network.slug.host().is_empty() {
        return Err(Code::MembersOnly.into());
    }
    Ok(MayContribute { network: network.id, person })
}

/// Proof: the person may moderate: pin, lock, remove.
#[derive(Debug)]
pub struct MayModerate(());

/// Proof: the person may run the network: settings, members, roles.
#[derive(Debug)]
pub struct MayCoordinate(());

/// A hidden network is there for those who belong to it or are invited; others get 404.
pub fn may_see(at: &Standing<'_>) -> Result<MaySee> {
    let inside = matches!(at.state(), Some(MemberState::Active | MemberState::Invited));
    if at.network.visibility == Visibility::Hidden && !inside {
        Err(NOT_FOUND)
    } else {
        Ok(MaySee(()))
    }
}

/// Lists of a `members` network are for members; the network itself may be known.
pub fn may_read(at: &Standing<'_>) -> Result<MayRead> {
    may_see(at)?;
    if at.network.visibility == Visibility::Public || at.is_member() {
        Ok(MayRead(()))
    } else {
        Err(Code::MembersOnly.into())
    }
}

/// Members write, while the network is not archived.
pub fn may_contribute(at: &Standing<'_>) -> Result<MayContribute> {
    may_see(at)?;
    let person = at.person.ok_or(Code::SignInRequired)?;
    if !at.is_member() {
        return Err(Code::MembersOnly.into());
    }
    at.archived()?;
    Ok(MayContribute { network: at.network.id, person })
}

/// Facilitators and coordinators moderate.
pub fn may_moderate(at: &Standing<'_>) -> Result<MayModerate> {
    may_contribute(at)?;
    match at.role() {
        Some(MemberRole::Facilitator | MemberRole::Coordinator) => Ok(MayModerate(())),
        _ => Err(Code::ModeratorsOnly.into()),
    }
}

/// What stands in a network elsewhere its home moderates; what that says is done here.
pub fn home_moderates(network: &Network) -> Result<MayModerate> {
    match network.slug.host() {
        "" => Err(Code::ModeratorsOnly.into()),
        _ => Ok(MayModerate(())),
    }
}

/// Coordinators run the network, archived or not: they may open it again.
pub fn may_coordinate(at: &Standing<'_>) -> Result<MayCoordinate> {
    may_see(at)?;
    at.person.ok_or(Code::SignInRequired)?;
    if at.role() == Some(MemberRole::Coordinator) {
        Ok(MayCoordinate(()))
    } else {
        Err(Code::CoordinatorsOnly.into())
    }
}

/// [`may_coordinate`], for what its home alone keeps: settings, who is let in.
pub fn may_coordinate_here(at: &Standing<'_>) -> Result<MayCoordinate> {
    let may = may_coordinate(at)?;
    if at.network.slug.host().is_empty() {
        Ok(may)
    } else {
        Err(Code::LivesElsewhere.into())
    }
}

/// Proof: the person may let a network that lives elsewhere come to live here.
#[derive(Clone, Copy, Debug)]
pub struct MayContinue(());

/// Its coordinators, by the copy that stands here: whoever else could would take over what is not theirs.
pub fn may_continue(at: &Standing<'_>) -> Result<MayContinue> {
    may_see(at)?;
    at.person.ok_or(Code::SignInRequired)?;
    match at.role() {
        Some(MemberRole::Coordinator) if at.network.slug.host().is_empty() => Err(Code::LivesHere.into()),
        Some(MemberRole::Coordinator) => Ok(MayContinue(())),
        _ => Err(Code::CoordinatorsOnly.into()),
    }
}

/// Proof: the person may invite people by their e-mail address.
#[derive(Clone, Copy, Debug)]
pub struct MayInviteByMail {
    network: NetworkId,
    person: PersonId,
}

impl MayInviteByMail {
    pub fn network(&self) -> NetworkId {
        self.network
    }

    pub fn person(&self) -> PersonId {
        self.person
    }
}

/// Coordinators invite by e-mail address, while the network is not archived: mail to people who did not ask for it is
/// for those who answer for the network.
pub fn may_invite_by_mail(at: &Standing<'_>) -> Result<MayInviteByMail> {
    may_coordinate_here(at)?;
    at.archived()?;
    let person = at.person.ok_or(Code::SignInRequired)?;
    Ok(MayInviteByMail { network: at.network.id, person })
}

/// Names of members are for members: belonging to a network can say much about a person.
pub fn may_list_members(at: &Standing<'_>) -> Result<MayRead> {
    may_see(at)?;
    if at.is_member() {
        Ok(MayRead(()))
    } else {
        Err(Code::MembersOnly.into())
    }
}

/// Proof: the person may take along what is in the network.
#[derive(Clone, Copy, Debug)]
pub struct MayArchive {
    read: MayRead,
    with_members: bool,
}

impl MayArchive {
    /// Whoever may take it along may read it.
    pub fn reading(&self) -> &MayRead {
        &self.read
    }

    /// Does the list of members go with it?
    pub fn with_members(&self) -> bool {
        self.with_members
    }
}

/// Members take along what they read, so that it is not lost with whoever happens to run the instance. Who wrote
/// something is credited in it; the list of all who belong to the network can say much about a person, and goes with
/// those who run it.
pub fn may_archive(at: &Standing<'_>) -> Result<MayArchive> {
    may_see(at)?;
    at.person.ok_or(Code::SignInRequired)?;
    if !at.is_member() {
        return Err(Code::MembersOnly.into());
    }
    let with_members = at.role() == Some(MemberRole::Coordinator);
    Ok(MayArchive { read: MayRead(()), with_members })
}

/// Whoever sits at the machine has its database: the command line asks for no more.
pub fn operator_may_archive() -> MayArchive {
    MayArchive { read: MayRead(()), with_members: true }
}

/// Proof: somebody may bring a network in with everything that others wrote.
#[derive(Clone, Copy, Debug)]
pub struct MayImport(());

impl MayImport {
    /// Writing down what somebody wrote elsewhere, in a network that is being brought in.
    pub fn for_author(&self, network: NetworkId, person: PersonId) -> MayContribute {
        MayContribute { network, person }
    }
}

/// An archive can claim that anybody wrote anything: only who answers for the instance brings one in.
pub fn may_import(_admin: &IsAdmin) -> MayImport {
    MayImport(())
}

/// As [`operator_may_archive`].
pub fn operator_may_import() -> MayImport {
    MayImport(())
}

/// Proof: the viewer may know who coordinates the network.
#[derive(Debug)]
pub struct MaySeeCoordinators(());

/// Coordinators of a public network are its contact, for everyone. Elsewhere members see who coordinates, and those
/// who are invited: they should know by whom.
pub fn may_see_coordinators(at: &Standing<'_>) -> Result<MaySeeCoordinators> {
    may_see(at)?;
    if at.state() != Some(MemberState::Invited) {
        may_read(at)?;
    }
    Ok(MaySeeCoordinators(()))
}

/// Does a change show what members show of themselves to more people?
pub fn widens(before: Visibility, after: Visibility) -> bool {
    let width = |visibility| match visibility {
        Visibility::Hidden => 0,
        Visibility::Members => 1,
        Visibility::Public => 2,
    };
    width(after) > width(before)
}

/// How a wish to join ends.
#[derive(Debug, PartialEq, Eq)]
pub enum Entry {
    /// A member at once.
    Joins,
    /// A coordinator decides.
    Asks,
}

/// May the viewer join, and does it need a decision?
pub fn may_join(at: &Standing<'_>) -> Result<Entry> {
    may_see(at)?;
    at.person.ok_or(Code::SignInRequired)?;
    at.archived()?;
    match (at.state(), at.network.join_policy) {
        (Some(MemberState::Active), _) => Err(Code::AlreadyMember.into()),
        (Some(MemberState::Invited), _) => Ok(Entry::Joins),
        (Some(MemberState::Removed), _) => Err(Code::Removed.into()),
        (Some(MemberState::Requested), _) => Err(Code::AlreadyRequested.into()),
        // Its home decides.
        _ if !at.network.slug.host().is_empty() => Ok(Entry::Asks),
        (_, JoinPolicy::Open) => Ok(Entry::Joins),
        (_, JoinPolicy::Request) => Ok(Entry::Asks),
        (_, JoinPolicy::Invitation) => Err(Code::InvitationNeeded.into()),
    }
}

/// Every member may invite members where anyone may join; elsewhere, and to other roles, coordinators do.
pub fn may_invite(at: &Standing<'_>, role: MemberRole) -> Result<MayContribute> {
    let may = may_contribute(at)?;
    if role != MemberRole::Member || at.network.join_policy != JoinPolicy::Open {
        may_coordinate(at)?;
    }
    Ok(may)
}

/// Members choose a coordinator only where there is none; those who were members when the last one went. Whoever could
/// join now and choose would take over a network that anyone may join.
pub fn may_choose_coordinator(at: &Standing<'_>) -> Result<MayContribute> {
    let may = may_contribute(at)?;
    if at.network.coordinator_count > 0 {
        return Err(Code::HasCoordinator.into());
    }
    let joined = at.membership.and_then(|membership| membership.joined_at);
    if at
        .network
        .without_coordinator_since
        .is_some_and(|since| joined.is_none_or(|joined| joined > since))
    {
        return Err(Code::JoinedLater.into());
    }
    Ok(may)
}

/// Is there another member who could coordinate?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Successor {
    There,
    /// All others read by mail alone, or there are none.
    Nobody,
}

/// Is this the one coordinator a network has?
pub fn is_last_coordinator(network: &Network, membership: &Membership) -> bool {
    let coordinates = membership.state == MemberState::Active && membership.role == MemberRole::Coordinator;
    coordinates && network.coordinator_count == 1
}

/// A network keeps its last coordinator, as long as somebody else is there to follow them. Where all others read by mail
/// alone nobody is, and nobody is held for ever: the network goes on without, until one of them becomes a full member.
pub fn may_stop_coordinating(at: &Standing<'_>, membership: &Membership, successor: Successor) -> Result<()> {
    if is_last_coordinator(at.network, membership) && successor == Successor::There {
        Err(Code::LastCoordinator.into())
    } else {
        Ok(())
    }
}

/// Members leave, save the last coordinator of others; who is invited declines, who asked withdraws.
pub fn may_leave(at: &Standing<'_>, successor: Successor) -> Result<()> {
    may_see(at)?;
    at.person.ok_or(Code::SignInRequired)?;
    match at.membership {
        Some(own) if own.state == MemberState::Active => may_stop_coordinating(at, own, successor),
        Some(own) if matches!(own.state, MemberState::Requested | MemberState::Invited) => Ok(()),
        _ => Err(Code::MembersOnly.into()),
    }
}

/// How many must choose the same person: three, or half of those who may choose.
pub fn choices_needed(members: i64) -> i64 {
    (members / 2 + members % 2).clamp(1, 3)
}

/// How many founders make a proposal a network.
const FOUNDERS: i64 = 3;

/// Three people and a coordinator make a proposal a network.
pub fn becomes_active(network: &Network) -> bool {
    let enough = network.founder_count >= FOUNDERS && network.coordinator_count >= 1;
    network.state == NetworkState::Proposed && enough
}

/// Closing and opening again makes no proposal a network: it takes the people, though some may have left since.
pub fn state_when_opened_again(founders_ever: i64) -> NetworkState {
    if founders_ever >= FOUNDERS {
        NetworkState::Active
    } else {
        NetworkState::Proposed
    }
}

#[cfg(test)]
mod tests;
