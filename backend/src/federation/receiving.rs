//! The inboxes: a message is proved, stored and answered for; what it means is looked at later.

use actix_web::HttpRequest;
use kring_activitypub::fetch::{Wanted, is_wanted};
use kring_activitypub::wire::{self, Activity};

use serde_json::Value;

use super::actors::NoKey;
use super::{actors, deeds, inbox, rules, serving, signed};
use crate::app::App;
use crate::error::{Error, Result};

/// Most bytes of a message.
pub const MOST: usize = 1024 * 1024;

/// How long senders are asked to wait when much is waiting, in seconds.
const LATER: u64 = 60;

/// In place of who signed a message, where nobody did.
pub const NOBODY: &str = "";

/// What a sender is told.
#[derive(Debug, PartialEq, Eq)]
pub enum Received {
    /// It is stored, or was before.
    Accepted,
    /// It cannot be read; why, for whoever builds the other side.
    Malformed(String),
    /// Nobody proved who sent it.
    Unproved(String),
    /// Whose key it is could not be asked for just now: it may be sent again.
    KeyAway(String),
    /// Nothing is exchanged with its sender.
    Barred,
    OtherKind,
    TooLarge,
}

/// Takes in what was sent to an inbox.
pub async fn receive(app: &App, req: &HttpRequest, body: &[u8]) -> Result<Received> {
    let received = take_in(app, req, body).await;
    let outcome = match &received {
        Ok(Received::Accepted) => "accepted",
        Ok(Received::Malformed(_)) => "malformed",
        Ok(Received::Unproved(_) | Received::KeyAway(_)) => "unproved",
        Ok(Received::Barred) => "barred",
        Ok(Received::OtherKind) => "other_kind",
        Ok(Received::TooLarge) => "too_large",
        Err(Error::TooMany(_)) => "deep",
        Err(_) => "failed",
    };
    metrics::counter!("kring_federation_received_total", "outcome" => outcome).increment(1);
    received
}

async fn take_in(app: &App, req: &HttpRequest, body: &[u8]) -> Result<Received> {
    app.db.read(serving::open).await?;
    let header = |name| req.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Nothing is unpacked: a small message must not become a large one.
    let plain = matches!(header("content-encoding"), "" | "identity");
    if !plain || !is_wanted(header("content-type"), Wanted::Activity) {
        return Ok(Received::OtherKind);
    }
    if body.len() > MOST {
        return Ok(Received::TooLarge);
    }
    let (object, activity) = match wire::object(body).and_then(|it| Ok((it.clone(), Activity::parse(&it)?))) {
        Ok(read) => read,
        Err(refusal) => return Ok(Received::Malformed(refusal.to_string())),
    };
    let sender = match signed::signer(app, req, body).await? {
        Ok(sender) => sender,
        // Whoever closed their account may have no key any more: their own server is asked, later.
        Err(_) if activity.kind == "Delete" && activity.object_id().as_ref() == Some(&activity.actor) => {
            return unproved(app, &activity).await;
        }
        Err(NoKey { why, may_pass: true }) => return Ok(Received::KeyAway(why)),
        Err(NoKey { why, .. }) => return Ok(Received::Unproved(why)),
    };
    if sender.uri != activity.actor.as_str() {
        return Ok(Received::Unproved("the signature is not that of the actor".to_owned()));
    }
    if !rules::may_exchange(app, &sender.host).await? {
        return Ok(Received::Barred);
    }
    let host = sender.host.clone();
    if app.db.read(move |conn| inbox::is_deep(conn, &host)).await? {
        return Err(Error::TooMany(LATER));
    }
    let (uri, key) = (activity.id.to_string(), activity.order_key());
    let body = Value::Object(object).to_string();
    app.write_for_anyone(move |tx, cx| inbox::store(tx, cx, &uri, (&sender.host, &sender.uri), &body, &key))
        .await?;
    Ok(Received::Accepted)
}

/// Somebody is said to be gone, and nobody signed that: kept, where they are known at all, with nobody as its signer.
/// Of what came only that: whoever sent it has no say in more, nor under which id it is kept.
async fn unproved(app: &App, activity: &Activity) -> Result<Received> {
    let uri = activity.actor.to_string();
    let Some(known) = app.db.read(move |conn| actors::by_uri(conn, &uri)).await? else {
        return Ok(Received::Accepted);
    };
    if !rules::may_exchange(app, &known.host).await? {
        return Ok(Received::Barred);
    }
    let host = known.host.clone();
    if app.db.read(move |conn| inbox::is_deep(conn, &host)).await? {
        return Err(Error::TooMany(LATER));
    }
    // Once a day: their server is not asked as often as anybody likes.
    let day = app.clock.now().millis() / (24 * 60 * 60 * 1000);
    let body = deeds::said_gone(&known.uri, day).to_string();
    let (uri, key) = (deeds::said_gone_id(&known.uri, day), activity.order_key());
    app.write_for_anyone(move |tx, cx| inbox::store(tx, cx, &uri, (&known.host, NOBODY), &body, &key))
        .await?;
    Ok(Received::Accepted)
}
