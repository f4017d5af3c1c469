//! Somebody is gone: `Delete` of a person. What they wrote stays with its networks, as it does when an account is closed
//! here, unless they say that it goes with them.

use kring_activitypub::fetch::Failure;
use kring_activitypub::wire;
use kring_db::Tx;
use serde_json::json;

use super::rows::{self, ErasedKind, ErasureReason, New};
use crate::accounts::{self, PersonId};
use crate::app::{App, Context};
use crate::error::Result;
use crate::federation::actors::Remote;
use crate::federation::asking::{self, Unanswered};
use crate::federation::objects::PUBLIC;
use crate::federation::outgoing::{self, Audience};
use crate::jobs::outbox::Fact;

/// Somebody of this instance closed their account: everybody who may know of them is told.
pub fn close(tx: &mut Tx, cx: &Context, fact: &Fact) -> Result<()> {
    let person = PersonId(fact.subject);
    let known = accounts::person_by_id(tx, person)?;
    if !known.host.is_empty() || known.handle.given().is_none() {
        return Ok(());
    }
    let hosts = rows::who_know(tx, person)?;
    let new = New {
        network: None,
        person: Some(person),
        subject: (ErasedKind::Person, person.0),
        reason: ErasureReason::Closed,
        objects: 1,
    };
    let Some(erasure) = rows::begin(tx, cx, &new, &hosts)? else { return Ok(()) };
    rows::all_asked(tx, cx, erasure)?;
    let actor = outgoing::owner_address(tx, cx, crate::federation::keys::Owner::Person(person))?;
    // Removing data would take away from networks what they keep.
    let delete = json!({
        "type": "Delete", "object": actor, "to": [PUBLIC], "cc": [], "removeData": false,
    });
    let order = actor.clone();
    outgoing::directly(tx, cx, person, delete, Audience::Asked(erasure), order).map(|_| ())
}

/// Is somebody elsewhere gone, as their own instance says (410, or a tombstone)? Asked where nobody proved it: a server that
/// does not find them (404) may be ill.
pub async fn closed(app: &App, who: &Remote) -> Result<bool> {
    let Some(address) = wire::address(&who.uri) else { return Ok(false) };
    Ok(match asking::identified(app, &address).await? {
        Err(Unanswered::Failed(Failure::Status(410))) => true,
        Ok(told) => told.get("type").and_then(serde_json::Value::as_str) == Some("Tombstone"),
        Err(_) => false,
    })
}
