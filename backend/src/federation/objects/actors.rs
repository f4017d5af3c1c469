//! Networks, people and the instance as actors.

use serde_json::json;

use super::{Object, language, object, source};
use crate::accounts::Person;
use crate::config::Config;
use crate::federation::addresses::{Local, proof_key, request_key};
use crate::federation::keys::ActorKeys;
use crate::federation::subjects;
use crate::networks::{NamedMunicipalityView, Network, Subjects, Visibility};
use crate::peers::Copies;

/// The keys of an actor, as they are published.
#[derive(Debug)]
pub struct Keyed {
    pem: String,
    multibase: Option<String>,
}

impl From<&ActorKeys> for Keyed {
    fn from(keys: &ActorKeys) -> Self {
        Self {
            pem: keys.request.public().to_pem(),
            multibase: keys.proof.public().to_multibase(),
        }
    }
}

/// What every actor has.
fn actor(config: &Config, of: &Local, kind: &str, name: &str, keys: &Keyed) -> Object {
    let id = of.address(config);
    let mut actor = object(json!({
        "id": id,
        "type": kind,
        "preferredUsername": name,
        "inbox": of.part(config, "inbox"),
        "outbox": of.part(config, "outbox"),
        "endpoints": { "sharedInbox": config.public("/inbox") },
        "publicKey": { "id": request_key(&id), "owner": id, "publicKeyPem": keys.pem },
        // RFC 9421 is taken (FEP-844e).
        "generator": {
            "type": "Application",
            "id": Local::Instance.address(config),
            "implements": [{ "href": "https://datatracker.ietf.org/doc/html/rfc9421", "name": "RFC-9421: HTTP Message Signatures" }],
        },
    }));
    if let Some(key) = &keys.multibase {
        let key = json!([{ "id": proof_key(&id), "type": "Multikey", "controller": id, "publicKeyMultibase": key }]);
        actor.insert("assertionMethod".to_owned(), key);
    }
    actor
}

/// A network (FEP-1b12).
pub fn group(config: &Config, network: &Network, places: &[NamedMunicipalityView], keys: &Keyed) -> Object {
    let of = Local::Network(network.slug.clone());
    let mut group = actor(config, &of, "Group", network.slug.as_str(), keys);
    let about = Subjects::read(&network.municipalities, &network.themes, &network.crpd_articles);
    // For Lemmy and Kring such a group is for members: what is for everyone in it they would refuse. Where a coordinator
    // decides who joins a network for everyone, whoever follows waits for the answer just so.
    let approves = network.visibility != Visibility::Public;
    let more = json!({
        "name": network.name.as_str(),
        "summary": network.description_html,
        "source": source(&network.description),
        "url": of.address(config),
        "followers": of.part(config, "followers"),
        "featured": of.part(config, "featured"),
        // Lemmy looks for the moderators here.
        "attributedTo": of.part(config, "moderators"),
        "manuallyApprovesFollowers": approves,
        "discoverable": true,
        "sensitive": false,
        "postingRestrictedToMods": false,
        "documents": of.part(config, "documents"),
        "documentsEditedBy": network.documents_edited_by,
        // What whoever follows it is asked to keep.
        "copies": network.copies(),
        "posts": (network.copies() == Copies::Everything).then(|| of.part(config, "posts")),
        "language": [language(&network.language)],
        "tag": subjects::told(config, &about, places),
        "published": network.created_at,
        "updated": network.updated_at,
    });
    group.extend(object(more));
    group.retain(|_, value| !value.is_null());
    group
}

/// A person: what stands on their page, and nothing else.
pub fn person(config: &Config, person: &Person, keys: &Keyed) -> Object {
    let of = Local::Person(person.handle.clone());
    let mut actor = actor(config, &of, "Person", person.handle.as_str(), keys);
    let bio = person.bio.as_str();
    let more = json!({
        "name": person.display_name.as_str(),
        "summary": crate::text::markdown::render(bio).html,
        "source": source(bio),
        "url": of.address(config),
        "manuallyApprovesFollowers": true,
        "discoverable": false,
        "published": person.created_at,
    });
    actor.extend(object(more));
    actor
}

/// The instance, which signs what it asks others for (FEP-d556, FEP-2677).
pub fn instance(config: &Config, keys: &Keyed) -> Object {
    let mut actor = actor(config, &Local::Instance, "Application", &config.host(), keys);
    actor.insert("name".to_owned(), config.instance_name.clone().into());
    actor.insert("url".to_owned(), Local::Instance.address(config).into());
    actor.insert("manuallyApprovesFollowers".to_owned(), true.into());
    actor
}
