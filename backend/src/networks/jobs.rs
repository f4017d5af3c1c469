//! What follows for networks from what happened elsewhere.

use kring_db::Tx;

use super::actions;
use crate::accounts::PersonId;
use crate::app::Context;
use crate::error::Result;
use crate::jobs::outbox::Fact;

/// Somebody closed their account: they leave every network.
pub fn leave_all(tx: &mut Tx, cx: &Context, closed: &Fact) -> Result<()> {
    actions::leave_everything(tx, cx, PersonId(closed.subject))
}

/// Somebody withdrew what they said about themselves: no network shows it any more.
pub fn hide_experience(tx: &mut Tx, _cx: &Context, withdrawn: &Fact) -> Result<()> {
    actions::hide_experience(tx, PersonId(withdrawn.subject))
}
