//! Drafts that go by themselves.

use chrono::Duration;
use kring_db::{Time, Tx};

use super::actions;
use super::queries;
use crate::accounts::PersonId;
use crate::app::Context;
use crate::error::Result;
use crate::jobs::outbox::Fact;

/// How long a draft is kept that nobody saves any more: a year and a month, told in every draft.
pub const KEPT: Duration = Duration::days(396);

/// How many drafts one sweep removes.
const BATCH: i64 = 100;

/// Somebody closed their account: what they did not publish goes.
pub fn forget_all(tx: &mut Tx, _cx: &Context, closed: &Fact) -> Result<()> {
    let person = PersonId(closed.subject);
    while let piece = queries::all(tx, person, None, BATCH)?
        && !piece.is_empty()
    {
        let ids: Vec<_> = piece.iter().map(|(draft, _)| draft.id).collect();
        actions::forget(tx, person, &ids)?;
    }
    Ok(())
}

/// Removes some of what nobody touched for too long.
pub fn sweep(tx: &mut Tx, now: Time) -> Result<()> {
    for (person, id) in queries::untouched(tx, now - KEPT, BATCH)? {
        actions::forget(tx, person, &[id])?;
    }
    Ok(())
}
