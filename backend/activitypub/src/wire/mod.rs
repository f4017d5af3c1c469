//! What other servers send, read leniently and held against the rules that keep them from speaking for others.
//!
//! Lenient: one or many, an address or a whole object, unknown members, missing ones that nothing hangs on. Strict
//! (FEP-fe34): the host of an id is that of whoever is said to have made it.

mod activity;
mod actor;
mod article;
mod post;

pub use activity::Activity;
pub use actor::{Actor, ActorKind};
pub use article::Article;
pub use post::{Attached, Mention, Post};

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use url::Url;

/// Who may read it, as ActivityStreams names everyone.
pub const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Longest address that is taken, in letters.
const LONGEST: usize = 2000;

/// Most addresses of one member that are looked at.
const MANY: usize = 100;

/// Why something is not taken. The words are for a log and for whoever builds the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal(pub &'static str);

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Refusal {}

/// Reads bytes as an object.
pub fn object(bytes: &[u8]) -> Result<Map<String, Value>, Refusal> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Refusal("this is no JSON object")),
        Err(_) => Err(Refusal("this is no JSON")),
    }
}

/// An address of the web. Its fragment stays: Mastodon tells activities apart by it.
pub fn address(text: &str) -> Option<Url> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= LONGEST)?;
    (matches!(url.scheme(), "http" | "https") && url.has_host()).then_some(url)
}

/// The address of something that is told as an address or whole.
pub fn id_of(value: &Value) -> Option<Url> {
    match value {
        Value::String(text) => address(text),
        Value::Object(object) => address(object.get("id")?.as_str()?),
        Value::Array(values) => id_of(values.first()?),
        _ => None,
    }
}

/// The addresses of one or many things.
pub fn ids_of(value: Option<&Value>) -> Vec<Url> {
    let id = |value: &Value| match value.as_str() {
        // Other spellings of everyone (ActivityPub, 5.6).
        Some("as:Public" | "Public") => address(PUBLIC),
        _ => id_of(value),
    };
    match value {
        Some(Value::Array(values)) => values.iter().take(MANY).filter_map(id).collect(),
        Some(one) => id(one).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Is it made by who is said to have made it? Two addresses of one server, port included.
pub fn same_host(one: &Url, other: &Url) -> bool {
    one.host_str() == other.host_str() && one.port_or_known_default() == other.port_or_known_default()
}

fn member_id(object: &Map<String, Value>, name: &str) -> Option<Url> {
    id_of(object.get(name)?)
}

fn text(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// The first kind that is told; servers may tell several.
fn kind(object: &Map<String, Value>) -> Option<String> {
    match object.get("type")? {
        Value::String(kind) => Some(kind.clone()),
        Value::Array(kinds) => kinds.iter().find_map(Value::as_str).map(str::to_owned),
        _ => None,
    }
}

fn moment(object: &Map<String, Value>, name: &str) -> Option<DateTime<Utc>> {
    let text = object.get(name)?.as_str()?;
    DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.with_timezone(&Utc))
}

#[cfg(test)]
mod tests;
