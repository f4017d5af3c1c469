//! Parameters of operations: those in paths by their name, and what is the same everywhere.

use serde_json::{Value, json};

use super::schemas::NO_CONTROLS;
use crate::{accounts, checklists, drafts, municipalities, networks, peers, templates};

/// The changing segments of paths, by name.
fn path_schema(path: &str, name: &str) -> (Value, &'static str) {
    match name {
        "kind" if path.starts_with("/drafts/") => (
            json!({
                "type": "string",
                "enum": drafts::DraftKind::ALL,
                "example": "document",
            }),
            "What it will be: something new in a network, a reply to a thread, an answer to a reply; or an edit of a \
                thread, a reply, a document, or what a network says of itself.",
        ),
        "target" => (
            json!({
                "type": "string", "pattern": "^([a-z][a-z0-9-]{2,49}|[0-9a-hjkmnp-tv-z]{13})(~[1-9][0-9]{0,5})?$",
                "example": "01k9q3v8r0a7c",
            }),
            "What it is about: the slug of a network for something new or its own text, the id of the thread or reply for what answers it, \
                the id of what an edit changes. `~2` and so on are texts that stand beside the draft.",
        ),
        "handle" if path.starts_with("/persons/") || path.contains("/memberships/") => (
            json!({ "type": "string", "pattern": accounts::PERSON_PATTERN, "example": "ann" }),
            "A person's handle; with `@` and their instance where they live elsewhere.",
        ),
        "handle" => (
            json!({ "type": "string", "pattern": accounts::HANDLE_PATTERN, "example": "ann" }),
            "A person's handle.",
        ),
        "network" => (
            json!({ "type": "string", "pattern": networks::ADDRESS_PATTERN, "example": "openbaar-vervoer" }),
            "A network's slug; with `@` and its instance where it lives elsewhere.",
        ),
        "word" => (
            json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,200}$", "example": "01k9q3v8r0a7cZm9yLXdob2V2ZXItcmVhZHMtdGhlLXNwZWM-d29yZA" }),
            "The word that came by mail.",
        ),
        "code" => (
            json!({ "type": "string", "pattern": municipalities::CODE_PATTERN, "example": "GM0344" }),
            "A municipality's code.",
        ),
        "host" => (
            json!({ "type": "string", "pattern": peers::HOST_PATTERN, "example": "kring.utrecht.example" }),
            "The name of an instance.",
        ),
        "number" => (
            json!({ "type": "integer", "format": "int64", "minimum": 1, "example": 1 }),
            "The number of a revision, from 1.",
        ),
        "kind" => {
            (json!({ "type": "string", "enum": ["thanks", "recognise", "more"] }), "A kind of reaction.")
        }
        "item" => (
            json!({ "type": "string", "enum": checklists::Item::ALL, "example": "invitations" }),
            "The code of an item of the checklist.",
        ),
        "template" => (
            json!({ "type": "string", "pattern": templates::ID_PATTERN, "example": "minutes.nl" }),
            "A template's id: its key and language.",
        ),
        "version" => (
            json!({ "type": "integer", "format": "int64", "minimum": 1, "example": 1 }),
            "The number of a version, from 1.",
        ),
        _ => (
            json!({ "type": "string", "pattern": kring_db::types::ID_PATTERN, "example": "01k9q3v8r0a7c" }),
            "An id.",
        ),
    }
}

/// What the cursor of a list looks like, as a pattern and an example. Clients hand back what they got; this is for
/// those that check, and for tests that make up requests.
fn cursor(id: &str) -> (String, &'static str) {
    let known = kring_db::types::ID_PATTERN.trim_matches(['^', '$']);
    match id {
        "listMunicipalities" => (r"^[A-Za-z0-9-]{1,24}\.[a-z0-9 ]+$".to_owned(), "GM0344.utrecht"),
        "listThreads" => (format!("^[pt]{known}$"), "t01k9q3v8r0a7c"),
        "listDocuments" | "listDrafts" => (format!("^[0-9]{{1,13}}-{known}$"), "1763975400000-01k9q3v8r0a7c"),
        "listTemplates" => (templates::ID_PATTERN.to_owned(), "minutes.nl"),
        "listErasureInstances" | "listPeerRules" | "listPeers" => {
            (peers::HOST_PATTERN.to_owned(), "kring.utrecht.example")
        }
        "search" => (format!("^[tb]{known}$"), "b01k9q3v8r0a7c"),
        "listThreadVersions" | "listReplyVersions" | "listRevisions" => ("^0*[0-9]{1,18}$".to_owned(), "2"),
        _ => (format!("^{known}$"), "01k9q3v8r0a7c"),
    }
}

/// Gives an operation its path parameters, the patterns that hold everywhere, and `Idempotency-Key`.
pub fn complete(id: &str, path: &str, operation: &mut Value, sessions: bool) {
    let mut parameters: Vec<Value> = operation["parameters"].as_array().cloned().unwrap_or_default();
    parameters.retain(|parameter| parameter["in"] != "path");
    let names = path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let in_path = names.map(|name| {
        let (schema, description) = path_schema(path, name);
        json!({ "name": name, "in": "path", "required": true, "description": description, "schema": schema })
    });
    let mut all: Vec<Value> = in_path.collect();
    for parameter in &mut parameters {
        if parameter["schema"]["type"] == "string" && parameter["schema"].get("pattern").is_none() {
            parameter["schema"]["pattern"] = json!(NO_CONTROLS);
        }
        match parameter["name"].as_str() {
            Some("cursor") => {
                let (pattern, example) = cursor(id);
                parameter["schema"]["pattern"] = json!(pattern);
                parameter["example"] = json!(example);
            }
            Some("limit") => parameter["example"] = json!(20),
            Some("If-None-Match") => parameter["example"] = json!("\"7\""),
            Some("If-Range") => parameter["example"] = json!("\"7\""),
            Some("Range") => parameter["example"] = json!("bytes=0-1023"),
            Some("If-Match") => parameter["example"] = json!("\"7\""),
            _ => {}
        }
    }
    all.append(&mut parameters);
    let responses = &operation["responses"];
    let begins = responses["202"]["headers"].get("Location").is_some();
    if sessions && (begins || responses.get("201").is_some()) {
        all.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same key gives the first answer again for 24 hours, so that sending twice makes one.",
            "example": "6f0f3c1e-8a55-4a2c-9a0e-0d6a1f0c2b7d",
            "schema": { "type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$" },
        }));
    }
    if !all.is_empty() {
        operation["parameters"] = Value::Array(all);
    }
}
