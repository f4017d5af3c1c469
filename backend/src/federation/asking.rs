//! Asking other instances for something, signed as this one.
//!
//! Invariants: the same is asked once at a time; a server that just did not answer is left alone for a while; what is
//! asked because of one message, or one piece of a backfill, is counted, however deep in it the question comes up.

mod allowance;
mod flights;

pub use allowance::Allowance;
pub use flights::Flights;

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use kring_activitypub::fetch::{Failure, Wanted};
use kring_activitypub::signature::{self, Headers, Scheme};
use kring_activitypub::wire;
use serde_json::{Map, Value};
use url::Url;

use super::addresses::{Local, request_key};
use super::keys::{self, ActorKeys, Owner};
use super::{known, rules};
use crate::app::App;
use crate::error::Result;
use crate::peers::Host;

/// The time, as signatures have it.
pub fn now(app: &App) -> SystemTime {
    let millis = u64::try_from(app.clock.now().millis()).unwrap_or_default();
    SystemTime::UNIX_EPOCH + Duration::from_millis(millis)
}

/// What a server told.
#[derive(Debug)]
pub struct Told {
    /// Where it came from in the end.
    pub url: Url,
    pub object: Map<String, Value>,
}

/// Why there is no answer.
#[derive(Clone, Debug)]
pub enum Unanswered {
    /// Nothing is exchanged with this instance.
    Barred(Host),
    /// The server did not answer, or not with what was asked for.
    Failed(Failure),
    /// It did not answer a moment ago, and was not asked again: why.
    JustFailed(String),
    /// What it told cannot be used.
    Unusable(&'static str),
    /// Enough was asked because of one thing.
    Enough,
}

impl Unanswered {
    /// May the same be answered later?
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Failed(failure) => is_away(failure),
            Self::JustFailed(_) => true,
            Self::Barred(_) | Self::Unusable(_) | Self::Enough => false,
        }
    }
}

impl std::fmt::Display for Unanswered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Barred(host) => write!(f, "nothing is exchanged with {host}"),
            Self::Failed(failure) => failure.fmt(f),
            Self::JustFailed(why) => write!(f, "not asked again so soon: {why}"),
            Self::Unusable(why) => f.write_str(why),
            Self::Enough => f.write_str("it takes asking for more than is asked because of one thing"),
        }
    }
}

/// No answer, or none of the server itself: as with one that is away or overloaded.
fn is_away(failure: &Failure) -> bool {
    match failure {
        Failure::Unreachable(_) | Failure::TooSlow => true,
        Failure::Status(status) => *status >= 500 || *status == 429,
        _ => false,
    }
}

/// An answer, or in words why there is none.
pub type Answered = std::result::Result<Map<String, Value>, String>;

/// Asks for an object. Its id must be of the server that it came from: what is at one address must not speak for
/// another (FEP-fe34).
pub async fn object(app: &App, url: &Url) -> Result<Answered> {
    Ok(identified(app, url).await?.map_err(|why| why.to_string()))
}

/// [`object`], for who makes a difference between the reasons.
pub async fn identified(app: &App, url: &Url) -> Result<std::result::Result<Map<String, Value>, Unanswered>> {
    let told = match ask(app, url).await? {
        Ok(told) => told,
        Err(why) => return Ok(Err(why)),
    };
    match told.object.get("id").and_then(Value::as_str).and_then(wire::address) {
        // The same server, not the same address: a key may stand in the document of its owner.
        Some(id) if wire::same_host(&id, &told.url) => Ok(Ok(told.object.clone())),
        _ => Ok(Err(Unanswered::Unusable("what was found there has the id of something else"))),
    }
}

/// Addresses that no instance has: a name with an underscore, or with a dot at its end.
const NAMELESS: Unanswered = Unanswered::Unusable("no instance has such a name");

/// Is anything asked of an instance? Of this one nothing is: what is of here would be taken for somebody else's.
async fn may_ask(app: &App, host: &Host) -> Result<bool> {
    Ok(host.as_str() != app.config.host() && rules::may_exchange(app, host).await?)
}

/// Asks for whatever is at an address: pages of collections need no id.
pub async fn ask(app: &App, url: &Url) -> Result<std::result::Result<Arc<Told>, Unanswered>> {
    let Some(host) = Host::of(url) else { return Ok(Err(NAMELESS)) };
    if !may_ask(app, &host).await? {
        return Ok(Err(Unanswered::Barred(host)));
    }
    if let Some(why) = app.flights.just_failed(url, &host, app.clock.now()) {
        return Ok(Err(Unanswered::JustFailed(why)));
    }
    if !Allowance::spend() {
        return Ok(Err(Unanswered::Enough));
    }
    let told = app.flights.join(url, fetch(app, url, &host)).await?;
    if let Err(Unanswered::Failed(failure)) = &told
        && (is_away(failure) || matches!(failure, Failure::Forbidden(_)))
    {
        app.flights.note_failure(url, &host, failure, app.clock.now());
    }
    Ok(told)
}

/// Asks something that is answered by a status: does the server say yes?
pub async fn says_yes(app: &App, url: &Url) -> Result<bool> {
    let Some(host) = Host::of(url) else { return Ok(false) };
    let away = app.flights.just_failed(url, &host, app.clock.now()).is_some();
    if away || !may_ask(app, &host).await? || !Allowance::spend() {
        return Ok(false);
    }
    let keys = Arc::new(keys::keys_of(app, Owner::Instance).await?);
    let scheme = scheme_for(app, &host).await?;
    let answer = signed(app, url, &keys, scheme, Wanted::Nothing).await;
    if let Err(failure) = &answer
        && is_away(failure)
    {
        app.flights.note_failure(url, &host, failure, app.clock.now());
    }
    // A page of another server, to which it led, says nothing for this one.
    Ok(answer.is_ok_and(|answer| wire::same_host(&answer.url, url)))
}

async fn scheme_for(app: &App, host: &Host) -> Result<Scheme> {
    Ok(match known::takes_rfc9421(app, host).await? {
        true => Scheme::Rfc9421,
        false => Scheme::Cavage,
    })
}

async fn fetch(app: &App, url: &Url, host: &Host) -> Result<std::result::Result<Arc<Told>, Unanswered>> {
    let keys = Arc::new(keys::keys_of(app, Owner::Instance).await?);
    let first = scheme_for(app, host).await?;
    let mut answer = signed(app, url, &keys, first, Wanted::Activity).await;
    if matches!(answer, Err(Failure::Status(401))) {
        // It may take the other kind alone.
        let other = match first {
            Scheme::Cavage => Scheme::Rfc9421,
            Scheme::Rfc9421 => Scheme::Cavage,
        };
        answer = signed(app, url, &keys, other, Wanted::Activity).await;
        if answer.is_ok() {
            let its = host.clone();
            app.db.write(move |tx| known::remember_scheme(tx, &its, other == Scheme::Rfc9421)).await?;
        }
    }
    let answer = match answer {
        Ok(answer) => answer,
        Err(failure) => return Ok(Err(Unanswered::Failed(failure))),
    };
    // It may have led to another instance, with which nothing is exchanged.
    let Some(from) = Host::of(&answer.url) else { return Ok(Err(NAMELESS)) };
    if from != *host && !may_ask(app, &from).await? {
        return Ok(Err(Unanswered::Barred(from)));
    }
    Ok(match wire::object(&answer.body) {
        Ok(object) => Ok(Arc::new(Told { url: answer.url, object })),
        Err(refusal) => Err(Unanswered::Unusable(refusal.0)),
    })
}

/// Asks with a signature of this instance.
async fn signed(
    app: &App,
    url: &Url,
    keys: &Arc<ActorKeys>,
    scheme: Scheme,
    wanted: Wanted,
) -> std::result::Result<kring_activitypub::fetch::Answer, Failure> {
    let key_id = request_key(&Local::Instance.address(&app.config));
    let moment = now(app);
    let made = {
        let (keys, key_id) = (keys.clone(), key_id.clone());
        move |url: &Url| -> Option<Headers> {
            signature::sign(("GET", url, b""), (&keys.request, &key_id), scheme, moment).ok()
        }
    };
    // RSA takes a millisecond: not on the thread on which everything else waits for others. A redirect, which is rare,
    // is signed in place.
    let (make, first) = (made.clone(), url.clone());
    let first = tokio::task::spawn_blocking(move || make(&first)).await.ok().flatten();
    let sign = |to: &Url| if to == url { first.clone() } else { made(to) };
    let answer = app.fetcher.get(url, wanted, &sign).await;
    let outcome = if answer.is_ok() { "answered" } else { "failed" };
    metrics::counter!("kring_federation_fetches_total", "outcome" => outcome).increment(1);
    answer
}
