//! What other instances run, as they say themselves (NodeInfo): asked now and then.

use kring_activitypub::fetch::Wanted;
use kring_activitypub::signature::Headers;
use kring_activitypub::wire;
use serde_json::{Map, Value};
use url::Url;

use super::queries;
use crate::app::App;
use crate::error::Result;
use crate::federation::rules;
use crate::peers::Host;

/// Where the link to the description stands, in every version of NodeInfo.
const SCHEMA: &str = "http://nodeinfo.diaspora.software/ns/schema/2.";

/// Longest name or version that is kept, in letters.
const LONGEST: usize = 60;

/// Asks every instance that is to be asked, one after another. Says whether there was any.
pub async fn ask(app: &App, stop: &dyn Fn() -> bool) -> Result<bool> {
    let mut any = false;
    loop {
        let now = app.clock.now();
        // Looked at first: on SQLite a transaction for nothing would keep others' writes waiting.
        if stop() || app.db.read(move |conn| queries::any_visit(conn, now)).await?.is_none() {
            return Ok(any);
        }
        let Some(host) = app.db.write(move |tx| queries::claim_visit(tx, now)).await? else { continue };
        any = true;
        if rules::may_exchange(app, &host).await?
            && let Some((name, version)) = told(app, &host).await
        {
            app.db.write(move |tx| queries::put_software(tx, &host, (&name, &version))).await?;
        }
    }
}

/// Name and version of what an instance runs; `None` where it does not say.
async fn told(app: &App, host: &Host) -> Option<(String, String)> {
    let scheme = if app.config.dev_federation { "http" } else { "https" };
    let links = document(app, &wire::address(&format!("{scheme}://{host}/.well-known/nodeinfo"))?).await?;
    let links = links.get("links")?.as_array()?;
    let newest = links
        .iter()
        .filter(|link| link.get("rel").and_then(Value::as_str).is_some_and(|rel| rel.starts_with(SCHEMA)))
        .max_by_key(|link| link.get("rel").and_then(Value::as_str))?;
    let address = wire::address(newest.get("href")?.as_str()?)?;
    // An instance speaks for itself alone.
    if Host::of(&address).as_ref() != Some(host) {
        return None;
    }
    let told = document(app, &address).await?;
    let software = told.get("software")?;
    let text = |member: &str| {
        let text = software.get(member).and_then(Value::as_str).unwrap_or_default();
        text.chars().filter(|letter| !letter.is_control()).take(LONGEST).collect::<String>()
    };
    let name = text("name");
    (!name.is_empty()).then(|| (name, text("version")))
}

async fn document(app: &App, url: &Url) -> Option<Map<String, Value>> {
    let unsigned = |_: &Url| Some(Headers::default());
    match app.fetcher.get(url, Wanted::Json, &unsigned).await {
        Ok(answer) => wire::object(&answer.body).ok(),
        Err(failure) => {
            tracing::debug!(%url, %failure, "an instance does not say what it runs");
            None
        }
    }
}
