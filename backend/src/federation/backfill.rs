//! What was written in a network before somebody here followed it.

use kring_activitypub::wire;
use serde_json::Value;

use super::actors::Remote;
use super::taking::Outcome;
use super::{asking, taking};
use crate::app::App;
use crate::error::Result;

/// Most of what is in the outbox.
const MOST: usize = 50;

/// Takes what the outbox of a network tells, oldest first.
pub async fn outbox(app: &App, home: &Remote) -> Result<()> {
    let Some(actor) = wire::address(&home.uri) else { return Ok(()) };
    let actor = asking::object(app, &actor).await?;
    let Ok(actor) = actor else { return Ok(()) };
    let Some(outbox) = actor.get("outbox").and_then(wire::id_of) else { return Ok(()) };
    let told = asking::object(app, &outbox).await?;
    let Ok(told) = told else { return Ok(()) };
    let items = told.get("orderedItems").and_then(Value::as_array).cloned().unwrap_or_default();
    for item in items.iter().take(MOST).rev() {
        let inner = item.get("object").unwrap_or(item);
        let outcome = taking::announced(app, inner, home).await;
        match outcome {
            Ok(Outcome::Done) => {}
            Ok(other) => tracing::info!(network = home.uri, ?other, "something of an outbox was not taken"),
            Err(cause) => {
                tracing::warn!(network = home.uri, %cause, "something of an outbox could not be taken")
            }
        }
    }
    Ok(())
}
