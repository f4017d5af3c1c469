//! Activities.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use url::Url;

use super::{Refusal, address, id_of, ids_of, kind, member_id, moment, same_host, text};

/// Something that an actor did.
#[derive(Clone, Debug)]
pub struct Activity {
    pub id: Url,
    pub kind: String,
    pub actor: Url,
    /// What it was done to: an address, or the whole thing.
    pub object: Value,
    pub target: Option<Url>,
    /// Whom it is for: `to` and `cc`.
    pub for_whom: Vec<Url>,
    pub audience: Option<Url>,
    /// The reason that is given. Of a `Delete`, that there is one says that a moderator did it.
    pub summary: Option<String>,
    /// Of a `Like`, which reaction it is.
    pub content: Option<String>,
    /// Of an `Add` to moderators, their office, where its server knows several.
    pub role: Option<String>,
    /// And since when they hold it.
    pub starts: Option<DateTime<Utc>>,
    /// Of a `Block` or the `Delete` of an actor: what they wrote goes too.
    pub removes_data: bool,
    /// Of a `Block`, until when.
    pub ends: Option<DateTime<Utc>>,
}

impl Activity {
    /// Reads an activity. Its id is of its actor's server.
    pub fn parse(object: &Map<String, Value>) -> Result<Self, Refusal> {
        let id = object.get("id").and_then(Value::as_str).and_then(address);
        let id = id.ok_or(Refusal("an activity has an id"))?;
        let actor = member_id(object, "actor").ok_or(Refusal("an activity has an actor"))?;
        if !same_host(&id, &actor) {
            return Err(Refusal("the id of an activity is of its actor's server"));
        }
        let mut for_whom = ids_of(object.get("to"));
        for_whom.extend(ids_of(object.get("cc")));
        Ok(Self {
            kind: kind(object).ok_or(Refusal("an activity has a type"))?,
            object: object.get("object").cloned().ok_or(Refusal("an activity has an object"))?,
            target: member_id(object, "target"),
            audience: member_id(object, "audience"),
            summary: text(object, "summary"),
            content: text(object, "content"),
            role: text(object, "role"),
            removes_data: object.get("removeData").and_then(Value::as_bool).unwrap_or(false),
            starts: moment(object, "startTime"),
            ends: moment(object, "endTime"),
            for_whom,
            actor,
            id,
        })
    }

    /// The address of what it was done to.
    pub fn object_id(&self) -> Option<Url> {
        id_of(&self.object)
    }

    /// The addresses of everything it was done to.
    pub fn object_ids(&self) -> Vec<Url> {
        ids_of(Some(&self.object))
    }

    /// The activity inside, of an `Undo`, `Accept`, `Reject` or `Announce`; `None` where only its address is told or
    /// it is none.
    pub fn inner(&self) -> Option<Result<Self, Refusal>> {
        let inner = self.object.as_object()?;
        inner.contains_key("actor").then(|| Self::parse(inner))
    }

    /// What it belongs with: those of one thread are taken in their order.
    pub fn order_key(&self) -> String {
        fn key(object: &Value, depth: u8) -> Option<String> {
            let map = object.as_object()?;
            if let Some(context) = map.get("context").and_then(id_of) {
                return Some(context.into());
            }
            match map.get("object") {
                Some(inner) if depth > 0 => key(inner, depth - 1).or_else(|| id_of(inner).map(Into::into)),
                _ => id_of(object).map(Into::into),
            }
        }
        key(&self.object, 3)
            .or_else(|| self.object_id().map(Into::into))
            .unwrap_or_else(|| self.actor.to_string())
    }
}
