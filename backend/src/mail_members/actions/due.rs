//! What happens by itself: the invitation, its reminder, its end; and what follows from members who go.

use chrono::Duration;
use kring_db::Tx;

use super::{end, others, word};
use crate::accounts::{self, Email, PersonId};
use crate::app::Context;
use crate::digests;
use crate::error::Result;
use crate::jobs::queue::{self, JobKind};
use crate::mail::MailId;
use crate::mail_members::mail::{self, About, Occasion};
use crate::mail_members::model::*;
use crate::mail_members::policy::{self, Address};
use crate::mail_members::queries;
use crate::networks::{self, NetworkId, NetworkState};

/// After so long without an answer comes the reminder.
const REMINDED_AFTER: Duration = Duration::days(7);

/// What is due for an invitation: its mail, its one reminder, or its end. Nothing where it no longer waits.
pub fn due(tx: &mut Tx, cx: &Context, due: Due) -> Result<()> {
    let Some(held) = queries::hold(tx, due.invitation)? else { return Ok(()) };
    let Some(email) = held.email.clone().filter(|_| held.state == InvitationState::Invited) else {
        return Ok(());
    };
    if held.expires_at <= cx.now() {
        return end(tx, cx, &held, InvitationState::Expired);
    }
    let (at, manner) = match due.begun {
        None => (cx.now(), begin(tx, cx, &held, &email, due.again)?),
        Some(Begun { at, manner: Manner::Waits }) => (at, look_again(tx, cx, &held, &email)?),
        Some(begun) => (begun.at, begun.manner),
    };
    let mut reminded = held.reminded_at.is_some();
    if !reminded && at + REMINDED_AFTER <= cx.now() {
        let mail = match manner {
            Manner::Mailed => tell(tx, cx, &held, &email, Occasion::Reminder)?,
            Manner::Waits | Manner::Silent => None,
        };
        queries::reminded(tx, held.id, mail, cx.now())?;
        reminded = true;
    }
    let next = match (manner, reminded) {
        // Counted from the beginning: the time of the reminder is to the same second whether or not one goes out.
        (Manner::Waits, _) => at + Duration::days((cx.now().utc() - at.utc()).num_days() + 1),
        (_, false) => at + REMINDED_AFTER,
        (_, true) => held.expires_at,
    };
    let due = Due { begun: Some(Begun { at, manner }), ..due };
    queue::enqueue(tx, cx, JobKind::EmailInvitation, &due, next.min(held.expires_at))
}

/// The first look: a mail goes out, or not.
fn begin(tx: &mut Tx, cx: &Context, held: &Invitation, email: &Email, again: bool) -> Result<Manner> {
    // In one mail with others, before it was looked at.
    if held.sent_at.is_some() {
        return Ok(Manner::Silent);
    }
    let (asked, yes) = queries::history(tx, held)?;
    let manner = policy::manner(Address {
        refused: queries::refused(tx, &held.email_hash)?,
        confirmed: again || yes || accounts::known_address(tx, email)?.is_some(),
        asked,
    });
    if manner != Manner::Mailed {
        return Ok(manner);
    }
    match tell(tx, cx, held, email, Occasion::First)? {
        Some(mail) => queries::mailed(tx, held.id, Some(mail), cx.now()).map(|()| Manner::Mailed),
        None => Ok(Manner::Silent),
    }
}

/// A later look at one that was not mailed because its address was not confirmed. Once it is, one mail tells of all such:
/// a day later at most, so that who answered them on the page that followed their yes gets none.
fn look_again(tx: &mut Tx, cx: &Context, held: &Invitation, email: &Email) -> Result<Manner> {
    if held.sent_at.is_some() {
        return Ok(Manner::Silent);
    }
    let Some(known) = accounts::known_address(tx, email)? else { return Ok(Manner::Waits) };
    let mut open = others::unmailed(tx, cx, &held.email_hash, known.person)?;
    if open.iter().all(|one| one.invitation != held.id) {
        // It is settled, or too many wait before it.
        return Ok(Manner::Waits);
    }
    // The oldest leads, whichever of them is looked at first.
    let Some(lead) = queries::invitation(tx, open.remove(0).invitation)? else {
        return Ok(Manner::Waits);
    };
    if let Some(mail) = tell(tx, cx, &lead, email, Occasion::Belated(&open))? {
        // What tells of several goes out even where the first of them is taken back meanwhile.
        queries::mailed(tx, lead.id, open.is_empty().then_some(mail), cx.now())?;
        for other in &open {
            queries::mailed(tx, other.invitation, None, cx.now())?;
        }
    }
    Ok(Manner::Silent)
}

/// Writes the mail, where there is anybody to decide anything: they may belong to the network, or want no mail.
fn tell(
    tx: &mut Tx,
    cx: &Context,
    held: &Invitation,
    email: &Email,
    occasion: Occasion<'_>,
) -> Result<Option<MailId>> {
    let known = accounts::known_address(tx, email)?;
    let person = known.as_ref().map(|known| known.person);
    let (network, own) = networks::standing_in(tx, held.network_id, person)?;
    let wanted = match person {
        Some(person) => digests::wants_mail(tx, cx, person)?,
        None => true,
    };
    if network.state == NetworkState::Archived || others::settled(held, own.as_ref()) || !wanted {
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
        word: &word(cx, held.id),
        occasion,
    };
    mail::queue(tx, cx, email, held.name.as_str(), &about).map(Some)
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
