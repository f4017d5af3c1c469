//! What people and networks tell of themselves: `Update` of an actor, and `Delete` of a person.
//!
//! Of an actor only its own server is believed: what came says that there is something to ask for, and what is found
//! there counts. That somebody is gone is believed where they signed it themselves, or where their own server says so.

use kring_activitypub::wire::{Activity, same_host};
use kring_db::Tx;
use serde_json::{Map, Value, json};
use url::Url;

use super::{dropped, named, tell_on};
use crate::accounts::{self, PersonId};
use crate::app::{App, Context};
use crate::error::Result;
use crate::federation::actors::{self, Remote};
use crate::federation::addresses::Local;
use crate::federation::objects::PUBLIC;
use crate::federation::taking::Outcome;
use crate::federation::{articles, erasing};

/// Kinds of actors.
const ACTORS: [&str; 5] = ["Person", "Group", "Service", "Organization", "Application"];

/// Is it about an actor?
pub fn concerns(activity: &Activity) -> bool {
    let kind = activity.object.get("type").and_then(Value::as_str);
    match activity.kind.as_str() {
        "Update" => kind.is_some_and(|kind| ACTORS.contains(&kind)) || own(activity),
        "Delete" => kind.is_some_and(|kind| ACTORS.contains(&kind)) || own(activity),
        _ => false,
    }
}

/// Is it about whoever does it?
fn own(activity: &Activity) -> bool {
    activity.object_id().as_ref() == Some(&activity.actor)
}

/// An actor changed, or is gone. `proved`: they signed it themselves.
pub async fn take(
    app: &App,
    raw: &Map<String, Value>,
    activity: &Activity,
    sender: &Remote,
    home: Option<&Remote>,
) -> Result<Outcome> {
    let Some(id) = activity.object_id().filter(|id| Local::at(&app.config, id).is_none()) else {
        return dropped("it is about nobody elsewhere");
    };
    let uri = id.to_string();
    let Some(known) = app.db.read(move |conn| actors::by_uri(conn, &uri)).await? else {
        // Whoever is not known has nothing here to change.
        return Ok(Outcome::Done);
    };
    match activity.kind.as_str() {
        "Delete" => gone(app, raw, activity, sender, home, &known).await,
        _ => changed(app, &id, sender, home, &known).await,
    }
}

async fn changed(
    app: &App,
    id: &Url,
    sender: &Remote,
    home: Option<&Remote>,
    known: &Remote,
) -> Result<Outcome> {
    let theirs = known.address()?;
    let teller = home.unwrap_or(sender).address()?;
    // A network tells of its people wherever they are; else an actor is told of by its own server.
    if home.is_none() && !same_host(&theirs, &teller) {
        return dropped("that actor is not theirs to tell of");
    }
    if let Err(why) = actors::again(app, id).await? {
        return Ok(Outcome::Early(why));
    }
    if let Some(network) = known.network_id {
        // It may be to be kept whole from now on.
        app.write_for_anyone(move |tx, cx| articles::refresh(tx, cx, network)).await?;
    }
    Ok(Outcome::Done)
}

/// Somebody is said to be gone, and nobody signed that: their own server is asked.
pub async fn said_to_be_gone(app: &App, raw: &Map<String, Value>, activity: &Activity) -> Result<Outcome> {
    let uri = activity.actor.to_string();
    let Some(known) = app.db.read(move |conn| actors::by_uri(conn, &uri)).await? else {
        return Ok(Outcome::Done);
    };
    if !concerns(activity) || !erasing::closed(app, &known).await? {
        return dropped("their own server does not say that they are gone");
    }
    depart(app, raw.clone(), false, &known).await
}

/// The id under which it is kept that somebody is said to be gone: once a day.
pub fn said_gone_id(actor: &str, day: i64) -> String {
    format!("{actor}#said-to-be-gone-{day}")
}

/// That somebody is gone, and nothing else.
pub fn said_gone(actor: &str, day: i64) -> Value {
    json!({ "id": said_gone_id(actor, day), "type": "Delete", "actor": actor, "object": actor, "to": [PUBLIC] })
}

async fn gone(
    app: &App,
    raw: &Map<String, Value>,
    activity: &Activity,
    sender: &Remote,
    home: Option<&Remote>,
    known: &Remote,
) -> Result<Outcome> {
    let signed = home.is_none() && sender.uri == known.uri;
    if !signed && !erasing::closed(app, known).await? {
        return dropped("their own server does not say that they are gone");
    }
    // What they did not sign says nothing about what they wrote.
    depart(app, raw.clone(), signed && activity.removes_data, known).await
}

async fn depart(app: &App, raw: Map<String, Value>, data: bool, known: &Remote) -> Result<Outcome> {
    let Some(person) = known.person_id else { return dropped("only people are gone for good") };
    let raw = Value::Object(raw);
    app.write_for_anyone(move |tx, cx| {
        tell_networks(tx, cx, person, &raw)?;
        match data {
            true => super::removing::with_all(tx, cx, person)?,
            // Who goes with all that they wrote is gone when that is.
            false if super::removing::goes_with_all(tx, person)? => {}
            false => accounts::closed_elsewhere(tx, cx, person)?,
        }
        Ok(Outcome::Done)
    })
    .await
}

/// Networks of this instance in which others read their name tell them: those know them by these alone.
fn tell_networks(tx: &mut Tx, cx: &Context, person: PersonId, raw: &Value) -> Result<()> {
    for network in named::networks_naming(tx, person)? {
        tell_on(tx, cx, &network, None, raw.clone())?;
    }
    Ok(())
}
