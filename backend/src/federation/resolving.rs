//! Finding actors that are not known yet, by name: `haltes@kring.example`, `@ann@kring.example`.

use kring_activitypub::fetch::{Failure, Wanted, is_wanted};
use kring_activitypub::signature::Headers;
use kring_activitypub::wire::{self, Actor};
use serde_json::{Map, Value};
use url::Url;

use super::actors::{self, Found, Remote};
use super::{asking, hearing, moving, rules};
use crate::app::App;
use crate::error::{Code, Error, Result};
use crate::networks::{self, Slug};
use crate::peers::Host;

/// What an actor is wanted as, where several share a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Network,
    Person,
}

/// Makes a network elsewhere known here, if it is not. Nothing to do for networks of this instance.
pub async fn network(app: &App, slug: &Slug) -> Result<()> {
    let Ok(host) = Host::parse(slug.host().to_owned()) else { return Ok(()) };
    let wanted = slug.clone();
    let known = app.db.read(move |conn| networks::slug_taken(conn, &wanted)).await?;
    if known {
        return Ok(());
    }
    match actor(app, slug.name(), &host, Sort::Network).await?.network_id {
        Some(_) => Ok(()),
        None => Err(Code::NotThere.into()),
    }
}

/// The actor of this name at an instance: asked for by WebFinger, then itself. Says in a code why there is none.
pub async fn actor(app: &App, name: &str, host: &Host, sort: Sort) -> Result<Remote> {
    if !rules::may_exchange(app, host).await? {
        return Err(Code::NotExchanged.into());
    }
    let address = by_name(app, name, host, sort).await?;
    let found = match asking::object(app, &address).await? {
        Ok(told) => met(app, &told).await?,
        Err(why) => Err(why),
    };
    match found {
        Ok(actor) => Ok(actor),
        Err(why) => {
            tracing::info!(name, %host, why, "an actor elsewhere could not be made known");
            Err(Code::NotReached.into())
        }
    }
}

/// Makes an actor known that was looked up, as its own server told of it just now. Where it is a group that continues one
/// that people here belong to, they go along.
pub async fn met(app: &App, told: &Map<String, Value>) -> Result<Found> {
    hearing::found(app, told).await?;
    actors::of_itself(app, told).await
}

/// A group at another instance that says it is to be the one that `from` is now; asked for, and not kept.
pub async fn group_to_be(app: &App, slug: &Slug, from: &str) -> Result<Actor> {
    let host = Host::parse(slug.host().to_owned()).map_err(|_| Code::TargetNotReady)?;
    if !rules::may_exchange(app, &host).await? {
        return Err(Code::NotExchanged.into());
    }
    let address = match by_name(app, slug.name(), &host, Sort::Network).await {
        Ok(address) => address,
        Err(Error::Rule(_)) => return Err(Code::TargetNotReady.into()),
        Err(cause) => return Err(cause),
    };
    match moving::target(app, &address, from).await? {
        Ok(group) => Ok(group),
        Err(why) => {
            tracing::info!(%slug, why, "a network cannot move there");
            Err(Code::TargetNotReady.into())
        }
    }
}

/// Where the actor of this name is, by WebFinger: among several the last that says it is of the sort that is wanted.
async fn by_name(app: &App, name: &str, host: &Host, sort: Sort) -> Result<Url> {
    let resource = format!("/.well-known/webfinger?resource=acct:{name}@{host}");
    let told = match discover(app, host, &resource).await {
        Ok(told) => told,
        Err(failure) => {
            tracing::info!(%host, name, %failure, "a name could not be looked up");
            return Err(why_not(app, host, &failure).await.into());
        }
    };
    let own = wanted(&told, sort);
    own.and_then(wire::address).ok_or_else(|| Code::NotThere.into())
}

/// Asks an instance for a document of discovery.
async fn discover(app: &App, host: &Host, path: &str) -> std::result::Result<Value, Failure> {
    let scheme = if app.config.dev_federation { "http" } else { "https" };
    let url = wire::address(&format!("{scheme}://{host}{path}")).ok_or(Failure::OtherKind)?;
    let unsigned = |_: &Url| Some(Headers::default());
    let answer = app.fetcher.get(&url, Wanted::Json, &unsigned).await?;
    wire::object(&answer.body).map(Value::Object).map_err(|_| Failure::OtherKind)
}

/// What it means that a name was not found: a server that exchanges anything knows other names (NodeInfo).
async fn why_not(app: &App, host: &Host, failure: &Failure) -> Code {
    match failure {
        Failure::Status(_) | Failure::OtherKind => match discover(app, host, "/.well-known/nodeinfo").await {
            Ok(_) => Code::NotThere,
            Err(Failure::Status(_) | Failure::OtherKind) => Code::NotFederated,
            Err(_) => Code::NotReached,
        },
        _ => Code::NotReached,
    }
}

fn wanted(told: &Value, sort: Sort) -> Option<&str> {
    let links = told.get("links").and_then(Value::as_array)?;
    let own: Vec<&Value> = links
        .iter()
        .filter(|link| link.get("rel").and_then(Value::as_str) == Some("self"))
        .filter(|link| {
            let kind = link.get("type").and_then(Value::as_str).unwrap_or_default();
            is_wanted(kind, Wanted::Activity)
        })
        .collect();
    let kind = |link: &Value| {
        let kinds =
            link.get("properties").and_then(|it| it.get("https://www.w3.org/ns/activitystreams#type"));
        kinds.and_then(Value::as_str).map(str::to_owned)
    };
    let fits = |link: &&&Value| match (kind(link).as_deref(), sort) {
        (Some("Group"), Sort::Network) => true,
        (Some("Group") | None, _) => false,
        (Some(_), sort) => sort == Sort::Person,
    };
    // Lemmy names the network last.
    let best = own.iter().rev().find(fits).or(match sort {
        Sort::Network => own.last(),
        Sort::Person => own.first(),
    });
    best.and_then(|link| link.get("href")).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use serde_json::json;

    use super::*;

    #[test]
    fn who_shares_a_name_is_told_apart() {
        let link = |href: &str, kind: Option<&str>| {
            let mut link = json!({ "rel": "self", "type": "application/activity+json", "href": href });
            if let Some(kind) = kind {
                link["properties"] = json!({ "https://www.w3.org/ns/activitystreams#type": kind });
            }
            link
        };
        let (person, group) = (link("p", Some("Person")), link("g", Some("Group")));
        for (links, network, somebody) in [
            (vec![person.clone(), group.clone()], "g", "p"),
            (vec![group, person], "g", "p"),
            (vec![link("a", None), link("b", None)], "b", "a"),
        ] {
            let told = json!({ "links": links });
            assert_eq!(wanted(&told, Sort::Network).unwrap(), network, "{told}");
            assert_eq!(wanted(&told, Sort::Person).unwrap(), somebody, "{told}");
        }
        assert_eq!(wanted(&json!({ "links": [{ "rel": "self", "href": "x" }] }), Sort::Person), None);
    }
}
