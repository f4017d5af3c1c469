//! What is done with invitations by mail, one function a use.

mod answering;
mod due;
mod inviting;
mod others;

pub use answering::{confirm, decline, join_for_demo, opened, readable, refuse};
pub use due::{declined, due, gone, left};
pub use inviting::{Counts, counts, invite, invite_all, invite_for_demo, list, try_all, withdraw};

use kring_db::Tx;

use super::model::*;
use super::queries;
use crate::app::Context;
use crate::error::Result;

/// Letters of an id at the beginning of a word.
const ID: usize = kring_db::types::ID_LENGTH;

/// The word in the mails of an invitation: the same in both, so that each works as long as the invitation waits. Nothing
/// of it is kept.
fn word(cx: &Context, id: InvitationId) -> String {
    format!("{id}{}", cx.keys().derive("email-invitation", &id.to_string()))
}

/// Which invitation a word is of; `None` where this instance did not make it.
fn of_word(cx: &Context, word: &str) -> Option<InvitationId> {
    let (id, seal) = word.split_at_checked(ID)?;
    let id: InvitationId = id.parse().ok()?;
    cx.keys().derived("email-invitation", &id.to_string(), seal).then_some(id)
}

/// Ends an invitation that waits: its address is forgotten, and a mail that has not gone out does not.
fn end(tx: &mut Tx, cx: &Context, invitation: &Invitation, state: InvitationState) -> Result<()> {
    if let Some(mail) = invitation.mail_id {
        crate::mail::hold_back(tx, mail)?;
    }
    queries::end(tx, invitation.id, state, None, cx.now())
}
