//! Asking other instances for something, signed as this one.

use std::time::{Duration, SystemTime};

use kring_activitypub::fetch::Wanted;
use kring_activitypub::signature::{self, Headers, Scheme};
use kring_activitypub::wire;
use serde_json::{Map, Value};
use url::Url;

use super::addresses::{Local, request_key};
use super::keys::{self, Owner};
use super::{known, rules};
use crate::app::App;
use crate::error::{Error, Result};
use crate::peers::Host;

/// The time, as signatures have it.
pub fn now(app: &App) -> SystemTime {
    let millis = u64::try_from(app.clock.now().millis()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
}

/// An answer, or in words why there is none.
pub type Answered = std::result::Result<Map<String, Value>, String>;

/// Asks for an object. Its id must be of the server that it came from: what is at one address must not speak for
/// another (FEP-fe34).
pub async fn object(app: &App, url: &Url) -> Result<Answered> {
    let host = Host::of(url).ok_or_else(|| Error::internal("an address without a host"))?;
    if !rules::may_exchange(app, &host).await? {
        return Ok(Err(format!("nothing is exchanged with {host}")));
    }
    let keys = keys::keys_of(app, Owner::Instance).await?;
    let key_id = request_key(&Local::Instance.address(&app.config));
    let scheme = if known::takes_rfc9421(app, &host).await? {
        Scheme::Rfc9421
    } else {
        Scheme::Cavage
    };
    let moment = now(app);
    let sign = |url: &Url| -> Option<Headers> {
        signature::sign(("GET", url, b""), (&keys.request, &key_id), scheme, moment).ok()
    };
    let answer = match app.fetcher.get(url, Wanted::Activity, &sign).await {
        Ok(answer) => answer,
        Err(failure) => return Ok(Err(failure.to_string())),
    };
    let object = match wire::object(&answer.body) {
        Ok(object) => object,
        Err(refusal) => return Ok(Err(refusal.to_string())),
    };
    match object.get("id").and_then(Value::as_str).and_then(wire::address) {
        // The same server, not the same address: a key may stand in the document of its owner.
        Some(id) if wire::same_host(&id, &answer.url) => Ok(Ok(object)),
        _ => Ok(Err("what was found there has the id of something else".to_owned())),
    }
}
