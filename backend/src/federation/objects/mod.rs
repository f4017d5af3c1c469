//! Things of this instance as ActivityStreams: pure, from rows to JSON.
//!
//! What other servers need of each is in FEDERATION.md, with the reason for what looks odd.

mod actors;
mod articles;
mod collections;
mod posts;

pub use actors::{Keyed, group, instance, person};
pub use articles::{Article, Words};
pub use collections::{counted, ordered, page, paged};
pub use posts::{Audience, Note, Page};

use kring_activitypub::keys::PrivateKey;
use serde_json::{Map, Value, json};

use crate::accounts::LanguageTag;
use crate::error::{Error, Result};
use crate::federation::addresses::proof_key;
use crate::text::lang::Lang;

pub use kring_activitypub::wire::PUBLIC;

/// The kind of what is sent.
pub const MEDIA_TYPE: &str = "application/activity+json";

/// An object.
pub type Object = Map<String, Value>;

/// Explains every name that is used, for who reads JSON-LD.
pub fn context() -> Value {
    json!([
        "https://www.w3.org/ns/activitystreams",
        "https://w3id.org/security/v1",
        kring_activitypub::proof::CONTEXT,
        {
            "Hashtag": "as:Hashtag",
            "sensitive": "as:sensitive",
            "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
            "discoverable": "http://joinmastodon.org/ns#discoverable",
            "featured": { "@id": "http://joinmastodon.org/ns#featured", "@type": "@id" },
            "language": "https://schema.org/inLanguage",
            "license": { "@id": "https://schema.org/license", "@type": "@id" },
            "version": "https://schema.org/version",
            "genre": "https://schema.org/genre",
            "identifier": "https://schema.org/identifier",
            "kring": "urn:kring:",
            "theme": "kring:theme",
            "copies": "kring:copies",
            "documents": { "@id": "kring:documents", "@type": "@id" },
            "posts": { "@id": "kring:posts", "@type": "@id" },
            "documentsEditedBy": "kring:documentsEditedBy",
            "variant": "kring:variant",
            "variantOf": { "@id": "kring:variantOf", "@type": "@id" },
            "variantOfVersion": "kring:variantOfVersion",
            "postingRestrictedToMods": "https://join-lemmy.org/ns#postingRestrictedToMods",
            "alsoKnownAs": { "@id": "as:alsoKnownAs", "@type": "@id" },
            "movedTo": { "@id": "as:movedTo", "@type": "@id" },
            "distinguished": "https://join-lemmy.org/ns#distinguished",
            "implements": { "@id": "https://w3id.org/fep/844e#implements", "@container": "@list" },
            "Multikey": "https://w3id.org/security#Multikey",
            "assertionMethod": { "@id": "https://w3id.org/security#assertionMethod", "@type": "@id", "@container": "@set" },
            "publicKeyMultibase": "https://w3id.org/security#publicKeyMultibase"
        }
    ])
}

/// The object in `json!({…})`.
fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}

/// Puts the context in, which only what stands by itself has.
pub fn standing_alone(mut object: Object) -> Object {
    object.insert("@context".to_owned(), context());
    object
}

/// An object that stands by itself, with the proof of who wrote it (FEP-8b32): `actor`, whose key this is.
pub fn proved(object: Object, key: &PrivateKey, actor: &str) -> Result<Object> {
    let mut object = standing_alone(object);
    let created = object.get("updated").or_else(|| object.get("published")).and_then(Value::as_str);
    let created = created.unwrap_or_default().to_owned();
    kring_activitypub::proof::put(&mut object, key, &proof_key(actor), &created)
        .map_err(|_| Error::internal("an object could not be proved"))?;
    Ok(object)
}

/// Do they say the same, whoever proves it?
pub fn same_but_for_proof(one: &Object, other: &Object) -> bool {
    let bare = |object: &Object| object.len() - usize::from(object.contains_key("proof"));
    bare(one) == bare(other)
        && one.iter().all(|(name, value)| name == "proof" || other.get(name) == Some(value))
}

/// What is left of something that was deleted, or of somebody who is gone.
pub fn tombstone(id: &str) -> Object {
    object(json!({ "id": id, "type": "Tombstone" }))
}

/// Links and images of this instance, as others need them: with the whole address.
fn absolute(config: &crate::config::Config, html: &str) -> String {
    let base = config.public("/");
    html.replace("href=\"/", &format!("href=\"{base}"))
        .replace("src=\"/", &format!("src=\"{base}"))
}

/// Markdown as it was written, beside its HTML.
fn source(markdown: &str) -> Value {
    json!({ "content": markdown, "mediaType": "text/markdown" })
}

/// A language as Lemmy names it: by tag and by name.
fn language(tag: &LanguageTag) -> Value {
    let tag = tag.as_str();
    let name = match Lang::of_tag(tag) {
        Some(Lang::Nl) => "Nederlands",
        Some(Lang::En) => "English",
        None => tag,
    };
    json!({ "identifier": tag, "name": name })
}

/// A keyword that Mastodon and others find things by: without hyphens, for there a tag ends at one.
pub fn hashtag(config: &crate::config::Config, word: &str) -> Value {
    let href = config.public(&format!("/networks?theme={word}"));
    json!({ "type": "Hashtag", "href": href, "name": format!("#{}", word.replace('-', "")), "theme": word })
}
