//! What workers do for digests.

use kring_db::Tx;

use super::actions;
use crate::accounts::PersonId;
use crate::app::Context;
use crate::error::Result;
use crate::jobs::outbox::{EventKind, Fact};

/// What follows for digests from what happened elsewhere.
pub fn follow(tx: &mut Tx, cx: &Context, fact: &Fact) -> Result<()> {
    match (fact.kind, fact.actor) {
        (EventKind::MemberJoined, _) => actions::begin(tx, cx, PersonId(fact.subject), fact.created_at),
        (EventKind::NetworkProposed, Some(founder)) => {
            actions::begin(tx, cx, PersonId(founder), fact.created_at)
        }
        (EventKind::AccountClosed, _) => actions::end(tx, cx, PersonId(fact.subject)),
        _ => Ok(()),
    }
}
