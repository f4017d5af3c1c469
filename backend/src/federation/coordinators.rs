//! Who moderates a network, as its home publishes it and as others keep it.
//!
//! The collection `moderators` has their addresses, as Lemmy wants it; `coordinators` beside it says who of them run the
//! network, and since when: others leave that out. Every copy keeps it, for it decides who may continue the network when
//! its home is gone.

use chrono::DateTime;
use diesel::prelude::*;
use kring_activitypub::wire::{self, Actor, ActorKind};
use kring_db::schema::remote_actors;
use kring_db::{Conn, Time};
use serde_json::{Map, Value, json};
use url::Url;

use super::actors::{self, Remote};
use super::addresses::Local;
use super::asking;
use super::moves::Office;
use super::objects::{self, Object};
use crate::accounts::PersonId;
use crate::app::App;
use crate::config::Config;
use crate::error::Result;
use crate::networks::{self, AuthorPerson, MemberRole, Moderator, NetworkId};

/// Most moderators of a network that are looked at.
const MOST: usize = 50;

/// Who moderates a network of this instance, for others.
pub fn collection(conn: &mut Conn, config: &Config, id: &str, network: NetworkId) -> Result<Object> {
    let found = networks::moderators(conn, network)?;
    let people: Vec<&AuthorPerson> = found.iter().map(|(person, ..)| person).collect();
    let addresses = addresses(conn, config, &people)?;
    let known = |person: &AuthorPerson| {
        addresses.iter().find(|(id, _)| *id == person.id).map(|(_, address)| address.clone())
    };
    let all: Vec<Value> = found.iter().filter_map(|(person, ..)| known(person)).map(Value::from).collect();
    let coordinators: Vec<Value> = found
        .iter()
        .filter(|(_, role, _)| *role == MemberRole::Coordinator)
        .filter_map(|(person, _, since)| Some(json!({ "id": known(person)?, "since": since })))
        .collect();
    let mut collection = objects::ordered(id, all.len() as i64, all);
    collection.insert("coordinators".to_owned(), coordinators.into());
    Ok(collection)
}

/// Who coordinates a network by the rows that stand here, each with since when.
pub fn offices(conn: &mut Conn, config: &Config, network: NetworkId) -> Result<Vec<Office>> {
    let found = networks::moderators(conn, network)?;
    let people: Vec<&AuthorPerson> = found.iter().map(|(person, ..)| person).collect();
    let addresses = addresses(conn, config, &people)?;
    let office = |(person, role, since): &(AuthorPerson, MemberRole, Option<Time>)| {
        let actor = addresses.iter().find(|(id, _)| *id == person.id)?.1.clone();
        let since = since.filter(|_| *role == MemberRole::Coordinator)?;
        Some(Office { actor, since })
    };
    Ok(found.iter().filter_map(office).collect())
}

/// The addresses of people as actors; those of elsewhere whom nobody asked for yet have none.
fn addresses(conn: &mut Conn, config: &Config, people: &[&AuthorPerson]) -> Result<Vec<(PersonId, String)>> {
    let elsewhere: Vec<Option<PersonId>> =
        people.iter().filter(|it| !it.host.is_empty()).map(|it| Some(it.id)).collect();
    let found: Vec<(Option<PersonId>, String)> = remote_actors::table
        .filter(remote_actors::person_id.eq_any(elsewhere))
        .select((remote_actors::person_id, remote_actors::uri))
        .load(conn)?;
    let here = people.iter().filter(|it| it.host.is_empty());
    let here = here.map(|it| (it.id, Local::Person(it.handle.clone()).address(config)));
    Ok(here.chain(found.into_iter().filter_map(|(id, uri)| Some((id?, uri)))).collect())
}

/// Asks the home of a network who moderates it, and keeps that. `actor`: what it told of the network, where that was just
/// asked.
pub async fn refresh(app: &App, home: &Remote, actor: Option<Map<String, Value>>) -> Result<()> {
    let Some(network) = home.network_id else { return Ok(()) };
    let Some(address) = wire::address(&home.uri) else { return Ok(()) };
    let told = match actor {
        Some(told) => Ok(told),
        None => asking::object(app, &address).await?,
    };
    let Some(actor) = told.ok().and_then(|told| Actor::parse(&told).ok()) else { return Ok(()) };
    let of_group = actor.kind == ActorKind::Group && actor.id == address;
    let moderators = actor.moderators.filter(|at| of_group && wire::same_host(at, &address));
    let Some(moderators) = moderators else { return Ok(()) };
    let Ok(collection) = asking::object(app, &moderators).await? else { return Ok(()) };
    let mut told = Vec::new();
    for (address, role, since) in read(&collection) {
        if let Some(person) = person(app, &address).await? {
            told.push(Moderator { person, role, since });
        }
    }
    if told.is_empty() {
        return Ok(());
    }
    app.write_for_anyone(move |tx, cx| networks::moderators_are(tx, cx, network, &told)).await
}

/// Whom a collection of moderators names. Where it tells nobody's office apart, all of them coordinate.
fn read(collection: &Map<String, Value>) -> Vec<(Url, MemberRole, Option<Time>)> {
    let many = |name: &str| collection.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let offices: Vec<(Url, Option<Time>)> = many("coordinators")
        .iter()
        .filter_map(|one| {
            let since = one.get("since").and_then(Value::as_str);
            let since = since.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
            Some((wire::id_of(one)?, since.map(|since| Time::at(since.to_utc()))))
        })
        .collect();
    let told = collection.contains_key("coordinators");
    let all = wire::ids_of(collection.get("orderedItems"));
    all.into_iter()
        .take(MOST)
        .map(|address| match offices.iter().find(|(id, _)| *id == address) {
            Some((_, since)) => (address, MemberRole::Coordinator, *since),
            None if told => (address, MemberRole::Facilitator, None),
            None => (address, MemberRole::Coordinator, None),
        })
        .collect()
}

/// The person that an address is of, wherever they are.
async fn person(app: &App, address: &Url) -> Result<Option<PersonId>> {
    if Local::at(&app.config, address).is_none() {
        return Ok(actors::find(app, address).await?.ok().and_then(|actor| actor.person_id));
    }
    let (config, address) = (app.config.clone(), address.clone());
    let found = app.db.read(move |conn| actors::person_at(conn, &config, &address)).await?;
    Ok(found.filter(|person| person.closed_at.is_none()).map(|person| person.id))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn roles(collection: Value) -> Vec<(String, MemberRole, bool)> {
        let read = read(collection.as_object().unwrap());
        read.into_iter().map(|(url, role, since)| (url.to_string(), role, since.is_some())).collect()
    }

    #[test]
    fn all_moderators_coordinate_unless_their_home_tells_them_apart() {
        let (ann, bob) = ("https://a.example/@ann", "https://b.example/@bob");
        let plain = json!({ "orderedItems": [ann, bob] });
        assert!(roles(plain).iter().all(|(_, role, since)| *role == MemberRole::Coordinator && !since));
        let apart = json!({
            "orderedItems": [ann, bob],
            "coordinators": [{ "id": bob, "since": "2026-01-02T03:04:05Z" }, { "id": "https://c.example/@zoe" }],
        });
        assert_eq!(
            roles(apart),
            [
                (ann.to_owned(), MemberRole::Facilitator, false),
                (bob.to_owned(), MemberRole::Coordinator, true)
            ]
        );
    }
}
