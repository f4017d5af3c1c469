//! Actors.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use url::Url;

use super::{Refusal, address, kind, member_id, moment, same_host, text};
use crate::keys::PublicKey;

/// Most tags of one actor that are looked at.
const TAGS: usize = 150;

/// What an actor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// Somebody; a bot or an organisation counts as one.
    Person,
    Group,
    /// A server.
    Application,
}

/// An actor of another server.
#[derive(Clone, Debug)]
pub struct Actor {
    pub id: Url,
    pub kind: ActorKind,
    /// `preferredUsername`: what stands before the `@`.
    pub name: String,
    /// What people call it; the name where it has none.
    pub display_name: String,
    /// HTML, not to be trusted.
    pub summary: Option<String>,
    /// Markdown, where it says so.
    pub source: Option<String>,
    /// Where people read of it, where it says so.
    pub url: Option<Url>,
    pub inbox: Url,
    pub shared_inbox: Option<Url>,
    pub outbox: Option<Url>,
    pub followers: Option<Url>,
    pub featured: Option<Url>,
    /// Of groups, where the moderators are.
    pub moderators: Option<Url>,
    /// Of groups, what those who follow are asked to keep.
    pub copies: Option<String>,
    /// Of groups, who changes their documents.
    pub documents_edited_by: Option<String>,
    /// The address of the key that signs its requests, with its fragment.
    pub key_id: String,
    pub key: PublicKey,
    /// The address of the key that proves its objects, and the key (FEP-521a).
    pub proof_key: Option<(String, PublicKey)>,
    /// Must somebody there say yes to a follower?
    pub approves: bool,
    /// Does its server say that it takes RFC 9421 (FEP-844e)?
    pub takes_rfc9421: bool,
    pub published: Option<DateTime<Utc>>,
    /// What it is about, not looked at yet.
    pub tags: Vec<Map<String, Value>>,
}

impl Actor {
    /// Reads an actor. What belongs to it must be of its own server.
    pub fn parse(object: &Map<String, Value>) -> Result<Self, Refusal> {
        let id = object.get("id").and_then(Value::as_str).and_then(address);
        let id = id.ok_or(Refusal("an actor has an id"))?;
        let kind = match kind(object).as_deref() {
            Some("Person" | "Service" | "Organization") => ActorKind::Person,
            Some("Group") => ActorKind::Group,
            Some("Application") => ActorKind::Application,
            _ => return Err(Refusal("this is no actor")),
        };
        let own = |url: Url| {
            if same_host(&url, &id) {
                Ok(url)
            } else {
                Err(Refusal("an actor's inbox is on its own server"))
            }
        };
        let inbox = member_id(object, "inbox").ok_or(Refusal("an actor has an inbox")).and_then(own)?;
        let endpoints = object.get("endpoints").and_then(Value::as_object);
        let shared_inbox = endpoints.and_then(|it| member_id(it, "sharedInbox")).map(own).transpose()?;
        let name = text(object, "preferredUsername").ok_or(Refusal("an actor has a preferredUsername"))?;
        if !is_name(&name) {
            return Err(Refusal("the preferredUsername holds what no name holds"));
        }
        let (key_id, key) = request_key(object, &id)?;
        let in_source = object.get("source").and_then(Value::as_object);
        let markdown = in_source.filter(|it| text(it, "mediaType").as_deref() == Some("text/markdown"));
        Ok(Self {
            kind,
            display_name: text(object, "name")
                .filter(|it| !it.trim().is_empty())
                .unwrap_or_else(|| name.clone()),
            name,
            summary: text(object, "summary"),
            source: markdown.and_then(|it| text(it, "content")),
            // Of its own server: elsewhere somebody else speaks.
            url: member_id(object, "url").filter(|url| same_host(url, &id)),
            inbox,
            shared_inbox,
            outbox: member_id(object, "outbox"),
            followers: member_id(object, "followers"),
            featured: member_id(object, "featured"),
            moderators: member_id(object, "attributedTo"),
            copies: text(object, "copies"),
            documents_edited_by: text(object, "documentsEditedBy"),
            key_id,
            key,
            proof_key: proof_key(object, &id),
            approves: object.get("manuallyApprovesFollowers") == Some(&Value::Bool(true)),
            takes_rfc9421: takes_rfc9421(object),
            published: moment(object, "published"),
            tags: tags(object),
            id,
        })
    }

    /// Where people read of it.
    pub fn page(&self) -> &Url {
        self.url.as_ref().unwrap_or(&self.id)
    }

    /// Where to send what is for it: the inbox that its server shares, else its own.
    pub fn delivery(&self) -> &Url {
        self.shared_inbox.as_ref().unwrap_or(&self.inbox)
    }
}

/// Letters, digits and what servers allow between them: it becomes part of an address here.
fn is_name(name: &str) -> bool {
    (1..=100).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b':'))
}

fn request_key(object: &Map<String, Value>, id: &Url) -> Result<(String, PublicKey), Refusal> {
    let missing = Refusal("an actor has a publicKey");
    let key = match object.get("publicKey") {
        Some(Value::Array(keys)) => keys.first(),
        key => key,
    };
    let key = key.and_then(Value::as_object).ok_or(missing)?;
    let key_id = text(key, "id").ok_or(missing)?;
    let owner = member_id(key, "owner").ok_or(missing)?;
    let at = address(&key_id).ok_or(missing)?;
    if owner != *id || !same_host(&at, id) {
        return Err(Refusal("the publicKey is somebody else's"));
    }
    let pem = text(key, "publicKeyPem").ok_or(missing)?;
    Ok((
        key_id,
        PublicKey::from_pem(&pem).map_err(|_| Refusal("the publicKey cannot be read, or is too weak"))?,
    ))
}

/// The first Ed25519 key among those that prove; one that cannot be read is passed over, for objects need no proof.
fn proof_key(object: &Map<String, Value>, id: &Url) -> Option<(String, PublicKey)> {
    let methods = match object.get("assertionMethod")? {
        Value::Array(methods) => methods.as_slice(),
        one => std::slice::from_ref(one),
    };
    methods.iter().filter_map(Value::as_object).find_map(|method| {
        let key_id = text(method, "id")?;
        let own = member_id(method, "controller")? == *id && same_host(&address(&key_id)?, id);
        let key = PublicKey::from_multibase(&text(method, "publicKeyMultibase")?).ok()?;
        own.then_some((key_id, key))
    })
}

fn tags(object: &Map<String, Value>) -> Vec<Map<String, Value>> {
    let told = object.get("tag").and_then(Value::as_array).into_iter().flatten();
    told.filter_map(Value::as_object).take(TAGS).cloned().collect()
}

fn takes_rfc9421(object: &Map<String, Value>) -> bool {
    let implements = |it: &Value| it.get("implements").cloned();
    let told =
        implements(&Value::Object(object.clone())).or_else(|| object.get("generator").and_then(implements));
    let named = |it: &Value| {
        let href = it.get("href").or_else(|| it.get("id")).and_then(Value::as_str);
        href.or(it.as_str()).is_some_and(|href| href.to_ascii_lowercase().contains("rfc9421"))
    };
    match told {
        Some(Value::Array(told)) => told.iter().any(named),
        Some(one) => named(&one),
        None => false,
    }
}
