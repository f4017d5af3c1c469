//! Members who come by an invitation to their e-mail address. The domain `mail_members` invites; here they come in, choose
//! whether others see them, and go.

use kring_db::{Conn, Time, Tx};

use super::members::{arrive, begin, enter, leave};
use super::seen;
use crate::accounts::{self, PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::error::{Code, NOT_FOUND, Result};
use crate::networks::model::*;
use crate::networks::policy::{self, MayCoordinate, MayInviteByMail, Standing};
use crate::networks::queries;

/// A network for inviting to it by e-mail address, with the proof.
pub fn inviting_by_mail(conn: &mut Conn, who: &SignedIn, slug: &Slug) -> Result<(Network, MayInviteByMail)> {
    let (network, membership) = seen(conn, &Viewer::SignedIn(who.clone()), slug)?;
    let at = Standing {
        network: &network,
        person: Some(who.person),
        membership: membership.as_ref(),
    };
    let may = policy::may_invite_by_mail(&at)?;
    Ok((network, may))
}

/// [`inviting_by_mail`], with the network and the inviter held until `tx` ends: how many either of them invites in a day,
/// and whom, is looked at by one request at a time. The network first, always.
pub fn held_for_inviting(tx: &mut Tx, who: &SignedIn, slug: &Slug) -> Result<(Network, MayInviteByMail)> {
    let (network, _) = inviting_by_mail(tx, who, slug)?;
    queries::lock(tx, network.id)?;
    accounts::hold(tx, who.account)?;
    inviting_by_mail(tx, who, slug)
}

/// A network for those who run it, archived or not, with the proof.
pub fn coordinating(conn: &mut Conn, viewer: &Viewer, slug: &Slug) -> Result<(Network, MayCoordinate)> {
    let (network, membership) = seen(conn, viewer, slug)?;
    let at = Standing {
        network: &network,
        person: viewer.person(),
        membership: membership.as_ref(),
    };
    let may = policy::may_coordinate(&at)?;
    Ok((network, may))
}

/// Makes a member of somebody who said yes to an invitation by mail, whatever the network's way of joining: a
/// coordinator asked them. Who reads by mail alone counts as a member and not as a co-founder: a proposal becomes a
/// network by people who take part. Twice is once.
pub fn join_by_mail(
    tx: &mut Tx,
    cx: &Context,
    network: NetworkId,
    person: PersonId,
    (invited_by, invited_at): (PersonId, Time),
    shown: bool,
) -> Result<()> {
    queries::lock(tx, network)?;
    let network = queries::by_id(tx, network)?;
    if network.state == NetworkState::Archived {
        return Err(Code::NetworkArchived.into());
    }
    let earlier = queries::membership(tx, network.id, person)?;
    if earlier.as_ref().is_some_and(|membership| membership.state == MemberState::Active) {
        return Ok(());
    }
    // Whom a coordinator took out since is not let in by what was sent before.
    if earlier
        .as_ref()
        .is_some_and(|it| it.state == MemberState::Removed && it.updated_at >= invited_at)
    {
        return Err(Code::Removed.into());
    }
    let mut new = begin(cx, &network, person, earlier.as_ref());
    new.invited_by = Some(invited_by);
    if accounts::mail_profile(tx, person)?.is_some() {
        new.shown = shown;
        arrive(tx, cx, &network, &mut new, person)
    } else {
        enter(tx, cx, &network, &mut new, person)
    }
}

/// Who reads by mail alone leaves a network. Nothing happens where they are no member.
pub fn leave_by_mail(tx: &mut Tx, cx: &Context, network: NetworkId, person: PersonId) -> Result<()> {
    end(tx, cx, network, person, MemberState::Left, person)
}

/// A coordinator takes somebody out who reads by mail alone, and so has no handle to name them by.
pub fn take_out_by_mail(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    network: NetworkId,
    person: PersonId,
) -> Result<()> {
    accounts::mail_profile(tx, person)?.ok_or(NOT_FOUND)?;
    end(tx, cx, network, person, MemberState::Removed, who.person)
}

fn end(
    tx: &mut Tx,
    cx: &Context,
    network: NetworkId,
    person: PersonId,
    end: MemberState,
    by: PersonId,
) -> Result<()> {
    queries::lock(tx, network)?;
    let network = queries::by_id(tx, network)?;
    match queries::membership(tx, network.id, person)? {
        Some(mut membership) if membership.state == MemberState::Active => {
            leave(tx, cx, &network, &mut membership, end, by)
        }
        _ => Ok(()),
    }
}
