//! What workers do for invitations by mail.

use kring_db::Tx;

use super::actions;
use crate::accounts::PersonId;
use crate::app::Context;
use crate::error::{Error, Result};
use crate::jobs::outbox::{EventKind, Fact};
use crate::jobs::queue::Job;
use crate::networks::NetworkId;

/// What is due for an invitation.
pub fn due(tx: &mut Tx, cx: &Context, job: &Job) -> Result<()> {
    actions::due(tx, cx, job.payload.read().map_err(Error::internal)?)
}

/// An address is nobody's any more.
pub fn address_gone(tx: &mut Tx, cx: &Context, job: &Job) -> Result<()> {
    let hash: String = job.payload.read().map_err(Error::internal)?;
    actions::gone(tx, cx, &hash)
}

/// What follows for members by mail from what happened elsewhere.
pub fn follow(tx: &mut Tx, cx: &Context, fact: &Fact) -> Result<()> {
    match (fact.kind, fact.network, fact.actor) {
        (EventKind::FullMembershipDeclined, ..) => actions::declined(tx, cx, PersonId(fact.subject)),
        (EventKind::MemberLeft, Some(network), Some(by)) => {
            actions::left(tx, cx, NetworkId(network), PersonId(fact.subject), PersonId(by))
        }
        _ => Ok(()),
    }
}
