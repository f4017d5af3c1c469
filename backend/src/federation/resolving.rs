//! Finding what is not known yet, by its name: `haltes@kring.example`.

use kring_activitypub::fetch::{Wanted, is_wanted};
use kring_activitypub::signature::Headers;
use kring_activitypub::wire::{self, Actor};
use serde_json::Value;
use url::Url;

use super::{actors, hearing, moving, rules};
use crate::app::App;
use crate::error::{Code, NOT_FOUND, Result};
use crate::networks::{self, Slug};
use crate::peers::Host;

/// Makes a network elsewhere known here, if it is not: asked by WebFinger, then itself. Nothing to do for networks of
/// this instance.
pub async fn network(app: &App, slug: &Slug) -> Result<()> {
    let Ok(host) = Host::parse(slug.host().to_owned()) else { return Ok(()) };
    let wanted = slug.clone();
    let known = app.db.read(move |conn| networks::slug_taken(conn, &wanted)).await?;
    if known {
        return Ok(());
    }
    if !rules::may_exchange(app, &host).await? {
        return Err(Code::NotExchanged.into());
    }
    let Some(address) = by_name(app, slug.name(), &host).await? else {
        return Err(Code::NotReached.into());
    };
    hearing::found(app, &address).await?;
    match actors::find(app, &address).await? {
        Ok(actor) if actor.network_id.is_some() => Ok(()),
        Ok(_) => Err(NOT_FOUND),
        Err(why) => {
            tracing::info!(%slug, why, "a network elsewhere could not be made known");
            Err(Code::NotReached.into())
        }
    }
}

/// A group at another instance that says it is to be the one that `from` is now; asked for, and not kept.
pub async fn group_to_be(app: &App, slug: &Slug, from: &str) -> Result<Actor> {
    let host = Host::parse(slug.host().to_owned()).map_err(|_| Code::TargetNotReady)?;
    if !rules::may_exchange(app, &host).await? {
        return Err(Code::NotExchanged.into());
    }
    let Some(address) = by_name(app, slug.name(), &host).await? else {
        return Err(Code::TargetNotReady.into());
    };
    match moving::target(app, &address, from).await? {
        Ok(group) => Ok(group),
        Err(why) => {
            tracing::info!(%slug, why, "a network cannot move there");
            Err(Code::TargetNotReady.into())
        }
    }
}

/// The group of this name at an instance, by WebFinger: the last that says it is one, else the last.
async fn by_name(app: &App, name: &str, host: &Host) -> Result<Option<Url>> {
    let scheme = if app.config.dev_federation { "http" } else { "https" };
    let url = format!("{scheme}://{host}/.well-known/webfinger?resource=acct:{name}@{host}");
    let Some(url) = wire::address(&url) else { return Ok(None) };
    let unsigned = |_: &Url| Some(Headers::default());
    let answer = match app.fetcher.get(&url, Wanted::Json, &unsigned).await {
        Ok(answer) => answer,
        Err(failure) => {
            tracing::info!(%host, name, %failure, "a name could not be looked up");
            return Ok(None);
        }
    };
    let Ok(told) = wire::object(&answer.body) else { return Ok(None) };
    let links = told.get("links").and_then(Value::as_array).cloned().unwrap_or_default();
    let own: Vec<&Value> = links
        .iter()
        .filter(|link| link.get("rel").and_then(Value::as_str) == Some("self"))
        .filter(|link| {
            let kind = link.get("type").and_then(Value::as_str).unwrap_or_default();
            is_wanted(kind, Wanted::Activity)
        })
        .collect();
    let says_group = |link: &&&Value| {
        let kinds =
            link.get("properties").and_then(|it| it.get("https://www.w3.org/ns/activitystreams#type"));
        kinds.and_then(Value::as_str) == Some("Group")
    };
    let best = own.iter().rev().find(says_group).or(own.last());
    Ok(best.and_then(|link| link.get("href")).and_then(Value::as_str).and_then(wire::address))
}
