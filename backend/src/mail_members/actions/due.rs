//! What happens by itself: the invitation, its reminder, its end; and what follows from members who go.

use chrono::Duration;
use kring_db::{Conn, Time, Tx};

use super::{end, word};
use crate::accounts::{self, Email, PersonId, Recipient};
use crate::app::Context;
use crate::digests;
use crate::error::Result;
use crate::jobs::queue::{self, JobKind};
use crate::mail::MailId;
use crate::mail_members::mail::{self, About};
use crate::mail_members::model::*;
use crate::mail_members::queries;
use crate::networks::{self, MemberState, Network, NetworkId, NetworkState};

/// After so long without an answer comes the reminder.
const REMINDED_AFTER: Duration = Duration::days(7);

/// What is due for an invitation: its mail, its one reminder, or its end. Nothing where it no longer waits.
pub fn due(tx: &mut Tx, cx: &Context, due: Due) -> Result<()> {
    let id = due.invitation;
    let Some(held) = queries::hold(tx, id)? else { return Ok(()) };
    let Some(email) = held.email.clone().filter(|_| held.state == InvitationState::Invited) else {
        return Ok(());
    };
    if held.expires_at <= cx.now() {
        return end(tx, cx, &held, InvitationState::Expired);
    }
    let reminder = held.sent_at.is_some();
    if held.reminded_at.is_none() {
        let mail = if due.silent { None } else { tell(tx, cx, &held, &email, reminder)? };
        queries::written(tx, id, reminder, mail, cx.now())?;
    }
    let next = if reminder { held.expires_at } else { cx.now() + REMINDED_AFTER };
    queue::enqueue(tx, cx, JobKind::EmailInvitation, &due, next.min(held.expires_at))
}

/// Writes the mail, where there is anybody to decide anything.
fn tell(
    tx: &mut Tx,
    cx: &Context,
    held: &Invitation,
    email: &Email,
    reminder: bool,
) -> Result<Option<MailId>> {
    let network = networks::by_id(tx, held.network_id)?;
    let known = accounts::known_address(tx, email)?;
    if network.state == NetworkState::Archived || !decides(tx, cx, &network, known.as_ref(), held.created_at)?
    {
        return Ok(None);
    }
    let inviter = accounts::person_by_id(tx, held.invited_by)?;
    let about = About {
        network: &network,
        inviter: inviter.display_name.as_str(),
        known: match &known {
            None => Known::New,
            Some(known) if known.by_mail => Known::ByMail,
            Some(_) => Known::Account,
        },
        lang: known.as_ref().map_or(held.language, |known| known.language),
        word: &word(cx, held),
        reminder,
    };
    mail::queue(tx, cx, email, held.name.as_str(), &about).map(Some)
}

/// Is there anything left to decide for whose address this is? They may belong to the network; or want no mail.
fn decides(
    conn: &mut Conn,
    cx: &Context,
    network: &Network,
    known: Option<&Recipient>,
    asked_at: Time,
) -> Result<bool> {
    let Some(known) = known else { return Ok(true) };
    let (_, membership) = networks::standing_in(conn, network.id, Some(known.person))?;
    let settled = membership.is_some_and(|membership| match membership.state {
        MemberState::Active => true,
        // Taken out since they were asked.
        MemberState::Removed => membership.updated_at >= asked_at,
        _ => false,
    });
    Ok(!settled && digests::wants_mail(conn, cx, known.person)?)
}

/// Somebody is no member of a network any more. Who reads by mail alone and belongs to none is forgotten: there is nothing
/// left to write to them about. Who asked to be a full member is not: an admin answers that first.
pub fn left(tx: &mut Tx, cx: &Context, network: NetworkId, person: PersonId, by: PersonId) -> Result<()> {
    let state = if by == person {
        InvitationState::Left
    } else {
        InvitationState::Removed
    };
    queries::gone(tx, network, person, state, cx.now())?;
    let mail_only = accounts::mail_profile(tx, person)?.is_some_and(|known| known.is_mail_only());
    match mail_only && !networks::belongs(tx, person)? {
        true if by == person => accounts::close(tx, cx, person),
        true => accounts::close_for_others(tx, cx, person),
        false => Ok(()),
    }
}

/// An admin did not make somebody a full member, and they read by mail again. Who left every network since they asked, or
/// stopped the mail, has nothing to read, and is forgotten.
pub fn declined(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
    // Asked again meanwhile, they have the answer coming.
    if !accounts::mail_profile(tx, person)?.is_some_and(|known| known.is_mail_only()) {
        return Ok(());
    }
    if networks::belongs(tx, person)? && digests::wants_mail(tx, cx, person)? {
        accounts::tell_declined(tx, cx, person)
    } else {
        accounts::close_declined(tx, cx, person)
    }
}

/// The owner of an address closed their account or left: nothing that waits for them keeps it.
pub fn gone(tx: &mut Tx, cx: &Context, hash: &str) -> Result<()> {
    for invitation in queries::waiting_for(tx, hash)? {
        end(tx, cx, &invitation, InvitationState::Declined)?;
    }
    Ok(())
}
