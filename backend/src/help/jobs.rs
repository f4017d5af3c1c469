//! What follows for help from what happened elsewhere.

use kring_db::Tx;

use super::queries;
use crate::accounts::PersonId;
use crate::error::Result;
use crate::jobs::outbox::Fact;

/// Somebody closed their account: their offers end, and what they wrote to others for a network goes.
pub fn end(tx: &mut Tx, closed: &Fact) -> Result<()> {
    queries::remove_all_of(tx, PersonId(closed.subject))
}
