//! Taking back what left: who got it is asked to delete it, and what was asked of whom and who confirmed is on record.
//!
//! Which instances got something is kept per network and instance (`copies`), not per thing: whoever followed a network
//! may have whatever stands in it, and a `Delete` of something that is not known harms nobody. So a thousand instances
//! cost a thousand rows for a network, however much is written in it.
//!
//! Invariants:
//!
//! - what is asked is one activity a thing, however many instances are asked;
//! - it goes out whatever is exchanged with them now: to be asked to delete is not to be told anything;
//! - an instance has confirmed when it took all of it. What it refused, or fell over time and again, is counted, with
//!   what it said;
//! - when a text goes, it goes from what waits to be sent and from what was kept as it came, too.

mod actions;
mod chunks;
mod people;
mod recall;
mod rows;
mod settling;
mod view;

pub use actions::{erased_at, listed, of_all};
pub use chunks::erase;
pub use people::{close, closed};
pub use recall::recall;
pub use rows::{ErasureId, ErasureRow, holds};
pub use settling::{not_taken, open, settle, taken_after_all};
pub use view::{ErasureInstanceView, ErasureView, erasure_views};

use kring_db::Tx;
use serde_json::Value;

use super::actors::Remote;
use super::addresses::Local;
use super::outgoing::{self, Audience};
use super::written;
use crate::accounts::PersonId;
use crate::app::Context;
use crate::error::Result;
use crate::networks::Network;
use rows::{ErasureReason, New};

/// A thread, reply or document was deleted: everybody who may hold a copy is asked to delete it. `delete` is the activity of whoever
/// did it.
pub fn deleted(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    of: &Local,
    writer: Option<PersonId>,
    delete: Value,
    order: String,
) -> Result<()> {
    let Some((kind, id)) = rows::subject(of) else { return Ok(()) };
    let hosts = rows::holders(tx, network.id)?;
    let new = New {
        network: Some(network.id),
        person: writer,
        subject: (kind, id),
        reason: ErasureReason::Deleted,
        objects: 1,
    };
    let Some(erasure) = rows::begin(tx, cx, &new, &hosts)? else { return Ok(()) };
    rows::all_asked(tx, cx, erasure)?;
    outgoing::announce(tx, cx, network, delete, Audience::Asked(erasure), order).map(|_| ())
}

/// Somebody of this instance took away what they, or others, wrote in a network elsewhere: its home is asked, which asks
/// others; and who got something from here, because it mentions somebody of theirs.
pub fn deleted_elsewhere(
    tx: &mut Tx,
    cx: &Context,
    (network, home): (&Network, &Remote),
    (of, writer): (&Local, Option<PersonId>),
    by: PersonId,
    delete: Value,
    order: String,
) -> Result<()> {
    let Some((kind, id)) = rows::subject(of) else { return Ok(()) };
    let new = New {
        network: Some(network.id),
        person: writer,
        subject: (kind, id),
        reason: ErasureReason::Deleted,
        objects: 1,
    };
    let mut hosts = rows::holders(tx, network.id)?;
    hosts.retain(|host| *host != home.host);
    let others = !hosts.is_empty();
    hosts.push(home.host.clone());
    let Some(erasure) = rows::begin(tx, cx, &new, &hosts)? else { return Ok(()) };
    rows::all_asked(tx, cx, erasure)?;
    let asked = match others {
        true => Audience::Asked(erasure),
        false => Audience::AskedActor(erasure, home),
    };
    outgoing::directly(tx, cx, by, delete, asked, order).map(|_| ())
}

/// The text of a thread, reply or document is gone: so it is from what tells of it, in and out.
pub fn forget_text(tx: &mut Tx, cx: &Context, of: &Local) -> Result<()> {
    let Some((_, id)) = rows::subject(of) else { return Ok(()) };
    outgoing::forget_text(tx, &of.address(cx.config()))?;
    if let Some(known) = written::of(tx, id)? {
        outgoing::forget_text(tx, &known.uri)?;
        written::forget_text(tx, &known.uri)?;
    }
    Ok(())
}
