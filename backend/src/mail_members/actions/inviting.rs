//! What coordinators do: invite, look, take back.

use std::collections::HashMap;

use chrono::Duration;
use kring_db::{Conn, Tx};

use super::end;
use crate::accounts::{self, DisplayName, Email, Person, SignedIn, Viewer};
use crate::app::Context;
use crate::error::{Code, Fault, NOT_FOUND, Result};
use crate::jobs::queue::{self, JobKind};
use crate::mail_members::model::*;
use crate::mail_members::policy;
use crate::mail_members::queries;
use crate::networks::{self, MayInviteByMail, Network, Slug};
use crate::text::lang::Lang;

/// How long an invitation waits.
const WAITS: Duration = Duration::days(30);

/// Invites one address. What stands in the way is told at its field.
pub fn invite(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    new: &NewInvitation,
    lang: Lang,
) -> Result<(Invitation, Person)> {
    let (network, may) = networks::held_for_inviting(tx, who, slug)?;
    let mut list = List::of(tx, cx, &may, std::slice::from_ref(new))?;
    let taken = list.take(new).map_err(|fault| fault.at("/email"))?;
    let invitation = write(tx, cx, &may, &network, &taken, lang)?;
    Ok((invitation, accounts::person_by_id(tx, who.person)?))
}

/// Somebody whom the demo invites, and who has not answered.
pub fn invite_for_demo(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    email: Email,
    name: Option<DisplayName>,
) -> Result<()> {
    let new = NewInvitation { email, language: None, name };
    invite(tx, cx, who, slug, &new, cx.config().default_language).map(|_| ())
}

/// Invites those of a file, as far as they can be; tells what was wrong with each other line.
pub fn invite_all(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    lines: &[Line],
    lang: Lang,
) -> Result<Report> {
    let (network, may) = networks::held_for_inviting(tx, who, slug)?;
    let (taken, report) = sorted(tx, cx, &may, lines)?;
    for one in &taken {
        write(tx, cx, &may, &network, one, lang)?;
    }
    Ok(report)
}

/// What would come of a file.
pub fn try_all(conn: &mut Conn, cx: &Context, who: &SignedIn, slug: &Slug, lines: &[Line]) -> Result<Report> {
    let (_, may) = networks::inviting_by_mail(conn, who, slug)?;
    Ok(sorted(conn, cx, &may, lines)?.1)
}

/// Somebody who may be invited.
struct Taken<'l> {
    new: &'l NewInvitation,
    /// They said yes before, and were taken out.
    again: bool,
}

/// Those of a file who may be invited, and what is wrong with each other line.
fn sorted<'l>(
    conn: &mut Conn,
    cx: &Context,
    may: &MayInviteByMail,
    lines: &'l [Line],
) -> Result<(Vec<Taken<'l>>, Report)> {
    let good: Vec<NewInvitation> = lines.iter().filter_map(|line| line.parsed.clone().ok()).collect();
    let mut list = List::of(conn, cx, may, &good)?;
    let mut seen: HashMap<String, u64> = HashMap::new();
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for line in lines {
        let taken = line.parsed.as_ref().map_err(Clone::clone).and_then(|new| {
            if let Some(first) = seen.get(&new.email.key()) {
                return Err(Fault::new("twice_in_file").with("line", first));
            }
            seen.insert(new.email.key(), line.number);
            list.take(new)
        });
        match taken {
            Ok(new) => found.push(new),
            Err(fault) => {
                problems.push(Problem { line: line.number, email: line.email.clone(), fault });
            }
        }
    }
    let created = found.len();
    Ok((found, Report { created, problems }))
}

/// What is known of the addresses of one request, looked up at once.
struct List<'a> {
    cx: &'a Context,
    /// How each of them stands in this network; of others nothing is looked up.
    earlier: HashMap<String, InvitationState>,
    /// How many more may be invited today.
    left: i64,
}

impl<'a> List<'a> {
    fn of(conn: &mut Conn, cx: &'a Context, may: &MayInviteByMail, new: &[NewInvitation]) -> Result<Self> {
        let hashes: Vec<String> = new.iter().map(|new| accounts::address_hash(cx, &new.email)).collect();
        let earlier = queries::earlier(conn, may, &hashes)?.into_iter().collect();
        let lately = queries::lately(conn, may, cx.now())?;
        Ok(Self {
            cx,
            earlier,
            left: i64::from(cx.config().email_invitations_per_day) - lately,
        })
    }

    /// One more, or why not.
    fn take<'l>(&mut self, new: &'l NewInvitation) -> Result<Taken<'l>, Fault> {
        let here = self.earlier.get(&accounts::address_hash(self.cx, &new.email)).copied();
        policy::may_be_invited(here)?;
        if self.left <= 0 {
            return Err(
                Fault::new("invitation_limit").with("max", self.cx.config().email_invitations_per_day)
            );
        }
        self.left -= 1;
        Ok(Taken { new, again: here == Some(InvitationState::Removed) })
    }
}

/// Writes an invitation down. Its mail is a job's, where it gets one: whether the address has an account, and what others
/// asked of it, is looked at there, so that no answer and no time of one tells.
fn write(
    tx: &mut Tx,
    cx: &Context,
    may: &MayInviteByMail,
    network: &Network,
    taken: &Taken<'_>,
    lang: Lang,
) -> Result<Invitation> {
    let new = taken.new;
    let spoken = Lang::of_tag(network.language.as_str()).unwrap_or(lang);
    let invitation = Invitation {
        id: cx.id(),
        network_id: may.network(),
        email: Some(new.email.clone()),
        email_hash: accounts::address_hash(cx, &new.email),
        name: new.name.clone().unwrap_or_default(),
        language: new.language.unwrap_or(spoken),
        invited_by: may.person(),
        state: InvitationState::Invited,
        mail_id: None,
        person_id: None,
        created_at: cx.now(),
        sent_at: None,
        reminded_at: None,
        expires_at: cx.now() + WAITS,
        ended_at: None,
    };
    if taken.again {
        queries::forget_removed(tx, may, &invitation.email_hash)?;
    }
    queries::invite(tx, may, &invitation)?;
    let due = Due { invitation: invitation.id, again: taken.again, begun: None };
    queue::enqueue(tx, cx, JobKind::EmailInvitation, &due, cx.now())?;
    Ok(invitation)
}

/// Invitations to a network, newest first. An address stands in those that its reader wrote and that still wait.
pub fn list(
    conn: &mut Conn,
    cx: &Context,
    viewer: &Viewer,
    slug: &Slug,
    filter: &InvitationFilter,
    (after, limit): (Option<InvitationId>, i64),
) -> Result<Vec<(Invitation, Person)>> {
    let (network, may) = networks::coordinating(conn, viewer, slug)?;
    let who = viewer.signed_in()?.person;
    let own = filter.email.as_ref().map(|email| (who, accounts::address_hash(cx, email)));
    let mut found = queries::list(conn, &may, network.id, filter.state, own, after, limit)?;
    for (invitation, _) in found.iter_mut().filter(|(invitation, _)| invitation.invited_by != who) {
        invitation.email = None;
        invitation.name = DisplayName::default();
    }
    Ok(found)
}

/// How many members by mail a network has, how many of them others see, and how many invitations wait.
#[derive(Clone, Copy, Debug)]
pub struct Counts {
    pub members: i64,
    pub shown: i64,
    pub waiting: i64,
}

pub fn counts(conn: &mut Conn, viewer: &Viewer, slug: &Slug) -> Result<Counts> {
    let (network, may) = networks::coordinating(conn, viewer, slug)?;
    let (members, shown) = networks::mail_members(conn, &may, network.id)?;
    Ok(Counts {
        members,
        shown,
        waiting: queries::waiting(conn, &may, network.id)?,
    })
}

/// Takes an invitation back; or takes the member by mail out who said yes to it, whom no handle names.
pub fn withdraw(tx: &mut Tx, cx: &Context, who: &SignedIn, slug: &Slug, id: InvitationId) -> Result<()> {
    let (network, _) = networks::coordinating(tx, &Viewer::SignedIn(who.clone()), slug)?;
    let held = queries::hold(tx, id)?.filter(|held| held.network_id == network.id).ok_or(NOT_FOUND)?;
    match (held.state, held.person_id) {
        (InvitationState::Invited, _) => end(tx, cx, &held, InvitationState::Withdrawn),
        (InvitationState::Confirmed, Some(person)) if accounts::mail_profile(tx, person)?.is_some() => {
            networks::take_out_by_mail(tx, cx, who, network.id, person)?;
            queries::gone(tx, network.id, person, InvitationState::Removed, cx.now())
        }
        _ => Err(Code::NotWaiting.into()),
    }
}
