//! Everything in an archive has the shape that is published: as much of JSON Schema as those schemas use.

use std::io::Cursor;

use kring_archive::{Address, Archive, Id, Limits, Moment, schema};
use serde_json::{Value, json};

use crate::harness::files::unzipped;

const BASE: &str = "urn:kring:archive-1:";

/// Holds every JSON entry of an archive against its schema.
pub fn check(bytes: &[u8]) {
    let mut archive = Archive::open(Cursor::new(bytes), Limits::default()).unwrap();
    let names: Vec<String> = archive.entries().map(|(name, _)| name.to_owned()).collect();
    let mut seen = 0;
    for name in names.iter().filter(|name| name.ends_with(".json") && !name.starts_with("schemas/")) {
        let kind = match name.split_once('/') {
            None => name.trim_end_matches(".json"),
            Some(("threads", _)) => "thread",
            Some(_) => "document",
        };
        let value: Value = serde_json::from_str(&archive.text(name, 1 << 30).unwrap()).unwrap();
        holds(&of(kind), &value, name);
        seen += 1;
    }
    assert!(seen > 5, "{names:?}");
    for schema in schema::NETWORK {
        let kept = archive.text(&format!("schemas/{}", schema.file_name()), 1 << 30).unwrap();
        assert_eq!(kept, schema.text, "every archive explains itself");
    }
}

/// The same of an archive of everything of somebody's own: each file has the shape that is defined under its name, and
/// each definition is of a file.
pub fn check_own(bytes: &[u8]) {
    let schema = of("account");
    let entries = unzipped(bytes);
    let mut defined: Vec<&String> = schema["$defs"].as_object().unwrap().keys().collect();
    for (name, text) in entries.iter().filter(|(name, _)| name.ends_with(".json") && !name.contains('/')) {
        let kind = name.trim_end_matches(".json");
        defined.retain(|known| *known != kind);
        let value: Value = serde_json::from_str(text).unwrap();
        holds(&schema["$defs"][kind], &value, name);
        // It counts what it lists, so that who reads it knows that nothing is lost.
        if let Some(items) = value["items"].as_array() {
            let manifest: Value = serde_json::from_str(&entries["manifest.json"]).unwrap();
            assert_eq!(manifest["counts"][kind], items.len(), "{name}");
            items
                .iter()
                .filter_map(|item| item["path"].as_str())
                .for_each(|path| assert!(entries.contains_key(path), "{path}"));
        }
    }
    assert_eq!(defined, [""; 0], "a definition of nothing");
    for schema in schema::ACCOUNT {
        assert_eq!(
            entries[&format!("schemas/{}", schema.file_name())],
            schema.text,
            "every archive explains itself"
        );
    }
}

fn of(kind: &str) -> Value {
    let schema = schema::of(kind).unwrap_or_else(|| panic!("no schema of {kind}"));
    let schema: Value = serde_json::from_str(schema.text).unwrap();
    let id = if kind == "account" {
        "urn:kring:account-1".to_owned()
    } else {
        format!("{BASE}{kind}")
    };
    assert_eq!(schema["$id"], id);
    schema
}

fn referred(reference: &str) -> Value {
    let name = reference.rsplit('/').next().unwrap();
    of("common")["$defs"][name].clone()
}

/// May there be nothing?
fn may_be_null(schema: &Value) -> bool {
    let kinds = schema["type"].as_array().is_some_and(|kinds| kinds.contains(&json!("null")));
    kinds || schema["anyOf"].as_array().is_some_and(|any| any.contains(&json!({ "type": "null" })))
}

fn holds(schema: &Value, value: &Value, at: &str) {
    assert!(schema.is_object(), "{at}: no schema of it");
    if value.is_null() && may_be_null(schema) {
        return;
    }
    if let Some(reference) = schema["$ref"].as_str() {
        holds(&referred(reference), value, at);
        let text = || value.as_str().unwrap().to_owned();
        match reference.rsplit('/').next().unwrap() {
            "id" => assert!(Id::parse(text()).is_some(), "{at}: {value}"),
            "moment" => assert!(Moment::parse(text()).is_some(), "{at}: {value}"),
            "address" => assert!(Address::parse(text()).is_some(), "{at}: {value}"),
            _ => {}
        }
    }
    if let Some(any) = schema["anyOf"].as_array() {
        holds(&any[0], value, at);
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match kind {
        Some("object") => assert!(value.is_object(), "{at}: {value}"),
        Some("array") => assert!(value.is_array(), "{at}: {value}"),
        Some("string") => assert!(value.is_string(), "{at}: {value}"),
        Some("integer") => assert!(value.is_i64(), "{at}: {value}"),
        Some("boolean") => assert!(value.is_boolean(), "{at}: {value}"),
        Some(other) => panic!("{at}: a type {other}"),
        None => {}
    }
    if let Some(words) = schema["enum"].as_array() {
        assert!(words.contains(value), "{at}: {value}");
    }
    if let Some(one) = schema.get("const") {
        assert_eq!(one, value, "{at}");
    }
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(value.get(name.as_str().unwrap()).is_some(), "{at} lacks {name}");
    }
    if let Some(members) = value.as_object() {
        for (name, member) in members {
            match schema["properties"].get(name) {
                Some(known) => holds(known, member, &format!("{at}/{name}")),
                None => assert_ne!(schema["additionalProperties"], false, "{at} has {name}"),
            }
        }
    }
    if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
        assert!(list.len() as u64 >= schema["minItems"].as_u64().unwrap_or(0), "{at} is empty");
        list.iter().for_each(|item| holds(items, item, &format!("{at}/-")));
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        assert!(value.as_str().unwrap().chars().count() as u64 <= most, "{at} is long");
    }
    // A tombstone names nobody and says nothing; what is there has an author.
    if schema.get("allOf").is_some() {
        assert_eq!(value.get("deletedAt").is_some(), value.get("author").is_none(), "{at}");
        assert!(value.get("deletedAt").is_none() || value["body"] == "", "{at}");
    }
}
