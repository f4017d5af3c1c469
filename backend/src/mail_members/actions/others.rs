//! What else waits for the owner of a confirmed address: what other networks asked while they had not confirmed it.

use kring_db::{Conn, Time};

use super::word;
use crate::accounts::{self, Person, PersonId};
use crate::app::Context;
use crate::error::Result;
use crate::mail_members::model::*;
use crate::mail_members::queries;
use crate::networks::{self, MemberState, Membership, NetworkState};

/// So many at once: the next come when these are answered.
const AT_ONCE: usize = 10;

/// What else waits for who answered an invitation, and is to be shown where they did. Nothing to an address that is not
/// confirmed; and nothing that was asked after the answer: the word works as long as the mail is kept, and is not to tell
/// for ever what comes.
pub fn after(conn: &mut Conn, cx: &Context, answered: &Invitation, until: Time) -> Result<Vec<Other>> {
    let mut waiting = queries::asking(conn, &answered.email_hash)?;
    waiting.retain(|(other, _)| other.created_at <= until);
    let email = waiting.first().and_then(|(other, _)| other.email.clone());
    let known = match email {
        Some(email) => accounts::known_address(conn, &email)?,
        None => None,
    };
    match known {
        Some(known) => {
            waiting.retain(|(other, _)| other.id != answered.id);
            open(conn, cx, waiting, known.person)
        }
        None => Ok(Vec::new()),
    }
}

/// What waits for somebody and was not mailed yet, the oldest first.
pub fn unmailed(conn: &mut Conn, cx: &Context, hash: &str, person: PersonId) -> Result<Vec<Other>> {
    let mut waiting = queries::asking(conn, hash)?;
    waiting.retain(|(other, _)| other.sent_at.is_none());
    open(conn, cx, waiting, person)
}

/// Those that they can still say yes to.
fn open(
    conn: &mut Conn,
    cx: &Context,
    waiting: Vec<(Invitation, Person)>,
    person: PersonId,
) -> Result<Vec<Other>> {
    let mut found = Vec::new();
    for (invitation, inviter) in waiting {
        if found.len() == AT_ONCE {
            break;
        }
        if invitation.expires_at <= cx.now() {
            continue;
        }
        let (network, own) = networks::standing_in(conn, invitation.network_id, Some(person))?;
        if network.state == NetworkState::Archived || settled(&invitation, own.as_ref()) {
            continue;
        }
        found.push(Other {
            invitation: invitation.id,
            word: word(cx, invitation.id),
            network,
            inviter: inviter.display_name.to_string(),
        });
    }
    Ok(found)
}

/// Is there nothing left to decide? They belong to the network, or were taken out since they were asked.
pub fn settled(invitation: &Invitation, own: Option<&Membership>) -> bool {
    own.is_some_and(|own| match own.state {
        MemberState::Active => true,
        MemberState::Removed => own.updated_at >= invitation.created_at,
        _ => false,
    })
}
