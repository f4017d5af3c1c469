//! Instances and what was parked, on the wire of the API.

use kring_db::Time;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{Found, ParkedDelivery, ParkedMessage};
use crate::config::Config;
use crate::federation::inbox::MessageId;
use crate::federation::sending::DeliveryId;
use crate::networks::{self, MembersThere};
use crate::peers::{PeerState, Rule};
use crate::text::lang::Lang;

/// An instance that anything was exchanged with, and how it is.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Peer)]
pub struct PeerView {
    #[schema(example = "kring.utrecht.example")]
    pub host: String,
    pub state: PeerState,
    /// What an admin decided about it.
    #[schema(required)]
    pub rule: Option<Rule>,
    /// What it runs, as it says itself.
    #[schema(required, example = "lemmy")]
    pub software: Option<String>,
    #[schema(required, example = "1.0.0")]
    pub version: Option<String>,
    /// When it was met.
    pub created_at: Time,
    /// When it last took something.
    #[schema(required)]
    pub last_success_at: Option<Time>,
    /// Since when it takes nothing.
    #[schema(required)]
    pub failing_since: Option<Time>,
    /// How often in a row it took nothing.
    #[schema(example = 0)]
    pub attempts: i64,
    /// When it is tried next; null where nothing waits for it, and where it is not tried any more.
    #[schema(required)]
    pub next_try_at: Option<Time>,
    /// What it last said, or why it was not reached.
    #[schema(required, example = "the server took longer than 10 seconds")]
    pub last_error: Option<String>,
    /// How many activities wait for it.
    #[schema(example = 12)]
    pub waiting: i64,
    pub memberships: PeerMembershipsView,
    pub parked: PeerParkedView,
}

/// Who belongs where, between this instance and another.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PeerMemberships)]
pub struct PeerMembershipsView {
    /// Of its people in networks of here.
    #[schema(example = 14)]
    pub theirs_here: i64,
    /// Of people of here in its networks.
    #[schema(example = 3)]
    pub ours_there: i64,
}

/// What was given up, and waits for an admin.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PeerParked)]
pub struct PeerParkedView {
    /// What it sent and this instance could not take.
    #[schema(example = 0)]
    pub messages: i64,
    /// What it fell over.
    #[schema(example = 1)]
    pub deliveries: i64,
}

impl From<Found> for PeerView {
    fn from(found: Found) -> Self {
        let row = found.row;
        let tried = found.waiting > 0 && !matches!(found.state, PeerState::Dead | PeerState::Blocked);
        Self {
            host: row.host.to_string(),
            state: found.state,
            rule: found.rule,
            software: row.software,
            version: row.software_version.filter(|version| !version.is_empty()),
            created_at: row.created_at,
            last_success_at: row.last_success_at,
            failing_since: row.failing_since,
            attempts: row.attempts,
            next_try_at: tried.then_some(row.next_try_at),
            last_error: row.last_error,
            waiting: found.waiting,
            memberships: PeerMembershipsView { theirs_here: found.theirs_here, ours_there: found.ours_there },
            parked: PeerParkedView {
                messages: found.parked_messages,
                deliveries: found.parked_deliveries,
            },
        }
    }
}

/// What an activity is, without what anybody wrote in it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ActivityAbout)]
pub struct ActivityAboutView {
    /// Its address.
    #[schema(required, example = "https://kring.utrecht.example/activities/01k9q3v8r0a7c")]
    pub id: Option<String>,
    /// What was done.
    #[serde(rename = "type")]
    #[schema(required, example = "Announce")]
    pub kind: Option<String>,
    /// What a network tells on: what somebody did in it.
    #[schema(required, example = "Create")]
    pub announces: Option<String>,
    /// Who did it.
    #[schema(required, example = "https://kring.utrecht.example/networks/haltes")]
    pub actor: Option<String>,
    /// What it was done to.
    #[schema(required, example = "https://kring.utrecht.example/threads/01k9q3v8r0a7c")]
    pub object: Option<String>,
}

impl ActivityAboutView {
    fn of(body: &str) -> Self {
        let activity: Value = serde_json::from_str(body).unwrap_or_default();
        let text = |of: &Value, member: &str| of.get(member).and_then(Value::as_str).map(str::to_owned);
        let object = activity.get("object").cloned().unwrap_or_default();
        let told_on =
            text(&activity, "type").as_deref() == Some("Announce") && object.get("object").is_some();
        let about = if told_on {
            object.get("object").cloned().unwrap_or_default()
        } else {
            object.clone()
        };
        Self {
            id: text(&activity, "id"),
            kind: text(&activity, "type"),
            announces: text(&object, "type").filter(|_| told_on),
            actor: text(&activity, "actor"),
            object: about.as_str().map(str::to_owned).or_else(|| text(&about, "id")),
        }
    }
}

/// Something that another instance sent and this one could not take.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ParkedMessage)]
pub struct ParkedMessageView {
    pub id: MessageId,
    /// Who sent it.
    #[schema(example = "kring.utrecht.example")]
    pub host: String,
    pub activity: ActivityAboutView,
    /// Why it was not taken.
    #[schema(example = "a worker died over it")]
    pub error: String,
    #[schema(example = 6)]
    pub attempts: i64,
    pub received_at: Time,
    #[schema(required)]
    pub parked_at: Option<Time>,
}

impl From<ParkedMessage> for ParkedMessageView {
    fn from(row: ParkedMessage) -> Self {
        Self {
            id: row.id,
            host: row.host.to_string(),
            activity: ActivityAboutView::of(&row.body),
            error: row.last_error.unwrap_or_default(),
            attempts: row.attempts,
            received_at: row.created_at,
            parked_at: row.parked_at,
        }
    }
}

/// Something that another instance fell over, time and again.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ParkedDelivery)]
pub struct ParkedDeliveryView {
    pub id: DeliveryId,
    /// Who fell over it.
    #[schema(example = "lemmy.example")]
    pub host: String,
    pub activity: ActivityAboutView,
    /// What it said.
    #[schema(example = "status 500: couldnt_find_object")]
    pub error: String,
    #[schema(example = 5)]
    pub attempts: i64,
    pub written_at: Time,
    #[schema(required)]
    pub parked_at: Option<Time>,
}

impl From<ParkedDelivery> for ParkedDeliveryView {
    fn from(row: ParkedDelivery) -> Self {
        Self {
            id: row.id,
            host: row.host.to_string(),
            activity: ActivityAboutView::of(&row.payload),
            error: row.last_error,
            attempts: row.attempts,
            written_at: row.created_at,
            parked_at: row.parked_at,
        }
    }
}

/// An instance where members of a network are.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NetworkInstance)]
pub struct NetworkInstanceView {
    #[schema(example = "buurt.example")]
    pub host: String,
    /// How many members.
    #[schema(example = 3)]
    pub members: i64,
    pub state: PeerState,
    /// Does what is written in the network go there, by what it and the instances chose?
    pub reached: bool,
    /// Since when nothing is taken there.
    #[schema(required)]
    pub since: Option<Time>,
    /// What that means for those members, in a plain sentence; null where they get everything.
    #[schema(
        required,
        example = "3 leden op buurt.example krijgen niets sinds 12 november 2026. Wat er geschreven wordt, wacht op hen."
    )]
    pub sentence: Option<String>,
}

impl NetworkInstanceView {
    pub fn of(config: &Config, lang: Lang, there: &MembersThere, reached: bool, now: Time) -> Self {
        let state = match reached {
            true => PeerState::since(there.failing_since, now),
            false => PeerState::Blocked,
        };
        Self {
            host: there.host.to_string(),
            members: there.members,
            state,
            reached,
            since: there.failing_since.filter(|_| reached),
            sentence: networks::away(there, state, lang, config.time_zone),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_parked_is_told_without_anybodys_words() {
        let of = |body: &str| {
            let about = ActivityAboutView::of(body);
            [about.kind, about.announces, about.actor, about.object].map(Option::unwrap_or_default)
        };
        let create = r#"{"type":"Create","actor":"https://a.example/ann","object":{"id":"https://a.example/1","content":"x"}}"#;
        assert_eq!(of(create), ["Create", "", "https://a.example/ann", "https://a.example/1"]);
        let announce = format!(r#"{{"type":"Announce","actor":"https://a.example/g","object":{create}}}"#);
        assert_eq!(of(&announce), ["Announce", "Create", "https://a.example/g", "https://a.example/1"]);
        let by_id = r#"{"type":"Announce","actor":"https://a.example/g","object":"https://a.example/1"}"#;
        assert_eq!(of(by_id), ["Announce", "", "https://a.example/g", "https://a.example/1"]);
        assert_eq!(of("no json"), [""; 4]);
    }
}
