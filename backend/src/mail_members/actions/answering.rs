//! What the owner of an address does with the word from the mail.

use kring_db::{Conn, Tx};

use super::{end, gone, of_word, others};
use crate::accounts::{self, DisplayName, Email, PersonId};
use crate::app::Context;
use crate::digests;
use crate::error::{Code, Fault, NOT_FOUND, Result};
use crate::mail_members::model::*;
use crate::mail_members::queries;
use crate::networks::{self, NetworkId};
use crate::text::lang::Lang;

/// The invitation that a word is of; 404 where this instance did not make it.
pub fn opened(conn: &mut Conn, cx: &Context, word: &str) -> Result<Opened> {
    let id = of_word(cx, word).ok_or(NOT_FOUND)?;
    let invitation = queries::invitation(conn, id)?.ok_or(NOT_FOUND)?;
    let network = networks::by_id(conn, invitation.network_id)?;
    let inviter = accounts::person_by_id(conn, invitation.invited_by)?;
    let known = match &invitation.email {
        Some(email) => accounts::known_address(conn, email)?,
        None => None,
    };
    let others = match (invitation.state, invitation.ended_at) {
        // Whoever left has an older word; what waits for them comes by mail.
        (InvitationState::Left | InvitationState::Removed, _) | (_, None) => Vec::new(),
        (_, Some(answered)) => others::after(conn, cx, &invitation, answered)?,
    };
    Ok(Opened {
        network,
        inviter: inviter.display_name.to_string(),
        known: match &known {
            None => Known::New,
            Some(known) if known.by_mail => Known::ByMail,
            Some(_) => Known::Account,
        },
        handle: known.filter(|known| !known.by_mail).map(|known| known.handle),
        refusal: invitation.email.as_ref().map(|email| accounts::refusal_word(cx, email)),
        others,
        invitation,
    })
}

/// [`opened`], to be read: one that was taken back, or to which nobody answered in time, tells of its network no more.
pub fn readable(conn: &mut Conn, cx: &Context, word: &str) -> Result<Opened> {
    let opened = opened(conn, cx, word)?;
    match opened.invitation.state {
        InvitationState::Invited | InvitationState::Confirmed | InvitationState::Declined => Ok(opened),
        _ => Err(Code::LinkUsedUp.into()),
    }
}

/// The invitation that a word is of, its row locked, and its address; 409 where it no longer waits.
fn held(tx: &mut Tx, cx: &Context, word: &str) -> Result<(Invitation, Email)> {
    let id = of_word(cx, word).ok_or(NOT_FOUND)?;
    let invitation = queries::hold(tx, id)?.ok_or(NOT_FOUND)?;
    match invitation.email.clone() {
        Some(email) if invitation.state == InvitationState::Invited => Ok((invitation, email)),
        _ => Err(Code::LinkUsedUp.into()),
    }
}

/// Yes: the owner of the address is a member, as who they are here already or as somebody new who reads by mail.
pub fn confirm(tx: &mut Tx, cx: &Context, word: &str, answer: &Confirmation) -> Result<Confirmed> {
    let (invitation, email) = held(tx, cx, word)?;
    let known = accounts::known_address(tx, &email)?;
    let by_mail = known.as_ref().is_none_or(|known| known.by_mail);
    let person = match known {
        Some(known) => {
            accounts::change_mail_profile(tx, known.person, answer.name.as_ref(), answer.language)?;
            known.person
        }
        None => {
            let language = answer.language.unwrap_or(invitation.language);
            let person = accounts::admit(tx, cx, &email, answer.name.clone(), language)?;
            digests::begin_as(tx, cx, person, answer.wish.clone())?;
            person
        }
    };
    let named = accounts::mail_profile(tx, person)?.is_some_and(|member| !member.name.as_str().is_empty());
    if by_mail && answer.shown && !named {
        return Err(Fault::new("needs_name").at("/displayName"));
    }
    networks::join_by_mail(
        tx,
        cx,
        invitation.network_id,
        person,
        (invitation.invited_by, invitation.created_at),
        answer.shown,
    )?;
    if let Some(mail) = invitation.mail_id {
        crate::mail::hold_back(tx, mail)?;
    }
    queries::end(tx, invitation.id, InvitationState::Confirmed, Some(person), cx.now())?;
    Ok(Confirmed {
        network: networks::by_id(tx, invitation.network_id)?,
        person,
        by_mail,
        next_at: digests::next_of(tx, cx, person)?,
        others: others::after(tx, cx, &invitation, cx.now())?,
    })
}

/// No, to this network; with `never_again`, to everybody. Said twice, and where nobody waits for it any more, it is no
/// all the same.
pub fn decline(tx: &mut Tx, cx: &Context, word: &str, never_again: bool) -> Result<()> {
    let id = of_word(cx, word).ok_or(NOT_FOUND)?;
    let held = queries::hold(tx, id)?.ok_or(NOT_FOUND)?;
    match held.state {
        InvitationState::Invited => end(tx, cx, &held, InvitationState::Declined)?,
        InvitationState::Confirmed => return Err(Code::LinkUsedUp.into()),
        _ => {}
    }
    match never_again {
        true => never(tx, cx, &held.email_hash),
        false => Ok(()),
    }
}

/// No, to everybody, with the word for that.
pub fn refuse(tx: &mut Tx, cx: &Context, word: &str) -> Result<()> {
    let hash = accounts::refused_hash(cx, word).ok_or(NOT_FOUND)?;
    never(tx, cx, &hash)
}

/// For ever: what waits ends, and nobody invites the address again. Memberships stay.
fn never(tx: &mut Tx, cx: &Context, hash: &str) -> Result<()> {
    queries::refuse(tx, hash, cx.now())?;
    gone(tx, cx, hash)
}

/// A member by mail of the demo, who said yes at the moment of `cx`.
pub fn join_for_demo(
    tx: &mut Tx,
    cx: &Context,
    network: NetworkId,
    email: &Email,
    name: Option<DisplayName>,
    invited_by: PersonId,
) -> Result<PersonId> {
    let shown = name.is_some();
    let person = match accounts::known_address(tx, email)? {
        Some(known) => known.person,
        None => accounts::admit(tx, cx, email, name, Lang::Nl)?,
    };
    networks::join_by_mail(tx, cx, network, person, (invited_by, cx.now()), shown)?;
    Ok(person)
}
