//! Schemas: names, and what holds for a property wherever it stands.

use serde_json::{Map, Value, json};

use crate::{accounts, municipalities, networks};

/// Text without control characters.
pub const NO_CONTROLS: &str = r"^[^\x00-\x1F\x7F-\x9F]*$";

/// Completes the schemas of the document.
pub fn complete(spec: &mut Value) {
    rename_schemas(spec);
    name_items(spec);
    for (_, schema) in spec["components"]["schemas"].as_object_mut().into_iter().flatten() {
        for (name, property) in properties(schema) {
            describe_items(name, property);
            show(name, property);
        }
    }
    for (name, method) in sent(spec) {
        let schema = &mut spec["components"]["schemas"][&name];
        close(schema);
        if method != "patch" {
            allow_null(schema);
        }
    }
}

fn properties(schema: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
}

/// The schemas of JSON bodies that clients send, and the methods they go with.
fn sent(spec: &Value) -> Vec<(String, String)> {
    let paths = spec["paths"].as_object().into_iter().flatten();
    let operations = paths.flat_map(|(_, path)| path.as_object().into_iter().flatten());
    let named = operations.filter_map(|(method, operation)| {
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        let name = body["$ref"].as_str()?.rsplit('/').next()?;
        Some((name.to_owned(), method.clone()))
    });
    named.collect()
}

/// Examples of properties whose own schema has none: the same wherever they stand.
const EXAMPLES: &[(&str, &str)] = &[
    (
        "accessToken",
        "eyJhbGciOiJFZERTQSIsImtpZCI6ImsxIn0.eyJzdWIiOiIwMWs5cTN2OHIwYTdjIn0.c2lnbmF0dXJl",
    ),
    ("alt", "De halte Kerkplein: de stoep is hoger dan de instap van de bus."),
    ("bio", "Ik rijd met een rolstoel en ken elke halte in Utrecht."),
    ("body", "Met een rolstoel kom ik hier de bus niet in."),
    ("bodyHtml", "<p>Met een rolstoel kom ik hier de bus niet in.</p>\n"),
    ("code", "members_only"),
    ("currentEtag", "\"8\""),
    ("currentPassword", "een lange zin is prima"),
    ("description", "Voor iedereen die wil dat haltes en bussen voor iedereen werken."),
    ("descriptionHtml", "<p>Voor iedereen die wil dat haltes en bussen voor iedereen werken.</p>\n"),
    ("detail", "Kijk in uw mailbox: daar vindt u een mail met een link. Open die om verder te gaan."),
    ("device", "Firefox op Linux"),
    ("displayName", "Ann de Boer"),
    ("email", "ann@example.org"),
    ("excerpt", "Met een rolstoel kom ik hier de bus niet in."),
    ("file", "halte-kerkplein.jpg"),
    ("fromLanguage", "nl"),
    ("handle", "ann"),
    ("language", "nl"),
    ("message", "Ik woon in Utrecht en wil graag meedoen."),
    ("name", "Toegankelijk openbaar vervoer"),
    ("newPassword", "perron achttien centimeter"),
    ("nextCursor", "01k9q3v8r0a7c"),
    ("organisation", "Gemeente Utrecht"),
    ("password", "een lange zin is prima"),
    ("pointer", "/title"),
    ("previousCursor", "01k9q3v8r0a7c"),
    ("refreshToken", "Q2hvb3NlIGEgbG9uZyB3b3JkIGZvciB0aGlzIG9uZQ"),
    ("role", "member"),
    ("sentence", "Alleen leden zien dit. Vraag of u lid mag worden."),
    ("title", "Halte bij het ziekenhuis: perron te laag"),
    ("toLanguage", "nl"),
    ("token", "Zm9yLXdob2V2ZXItcmVhZHMtdGhlLXNwZWM-d29yZA"),
    ("type", "urn:kring:problem:members_only"),
    ("validFrom", "2026-01-01"),
    ("validTo", "2026-12-31"),
    ("version", "0.1.0"),
];

fn show(name: &str, property: &mut Value) {
    if ["example", "examples", "enum", "$ref", "oneOf"].iter().any(|own| property.get(own).is_some()) {
        return;
    }
    let text = property["type"] == "string" || property["type"] == json!(["string", "null"]);
    let list = property["type"] == "array" && property["items"]["type"] == "string";
    let example = match name {
        "authors" if list => json!(["ann"]),
        "languages" if list => json!(["nl", "en"]),
        "municipalities" if list => json!(["GM0344"]),
        "themes" if list => json!(["vervoer"]),
        _ => match EXAMPLES.iter().find(|(known, _)| *known == name) {
            Some((_, example)) if text => json!(example),
            _ => return,
        },
    };
    property["example"] = example;
}

/// What is sent holds nothing unknown, and no text of it holds control characters, whatever else it may hold.
fn close(schema: &mut Value) {
    schema["additionalProperties"] = json!(false);
    for (_, property) in properties(schema) {
        let text = property["type"] == "string" && property["format"] != "email";
        if text && property.get("pattern").is_none() {
            property["pattern"] = json!(NO_CONTROLS);
        }
    }
}

/// A text or a number that may be left out of a whole thing may be null, too: the same (`Fields::may`). In a merge
/// patch null clears.
fn allow_null(schema: &mut Value) {
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, property) in properties(schema) {
        if required.iter().any(|needed| needed == name) {
            continue;
        }
        if let Some(kind @ ("string" | "integer")) = property["type"].as_str() {
            property["type"] = json!([kind, "null"]);
        } else if let Some(target) = property.as_object_mut().and_then(|members| members.remove("$ref")) {
            property["oneOf"] = json!([{ "$ref": target }, { "type": "null" }]);
        }
    }
}

/// Lists that have the same kind of item wherever they stand.
fn describe_items(name: &str, property: &mut Value) {
    let pattern = match name {
        "themes" | "seekingHelp" => networks::THEME_PATTERN,
        "municipalities" => municipalities::CODE_PATTERN,
        "languages" => accounts::LANGUAGE_PATTERN,
        _ => "",
    };
    let Some(items) = property.get_mut("items") else { return };
    if !pattern.is_empty() && items["type"] == "string" {
        items["pattern"] = json!(pattern);
    }
    if name == "crpdArticles" {
        items["minimum"] = json!(1);
        items["maximum"] = json!(50);
    }
}

/// `Page_Thread` is no UpperCamelCase: `ThreadList`. (`ThreadPage` is the page of one thread.)
fn rename_schemas(spec: &mut Value) {
    let renamed = |name: &str| match name.split_once('_') {
        Some(("Page", inner)) => format!("{}List", inner.replace('_', "")),
        Some((outer, inner)) => format!("{}{outer}", inner.replace('_', "")),
        None => name.to_owned(),
    };
    if let Some(schemas) = spec["components"]["schemas"].as_object_mut() {
        *schemas = std::mem::take(schemas)
            .into_iter()
            .map(|(name, schema)| (renamed(&name), schema))
            .collect::<Map<_, _>>();
    }
    rename_refs(spec, &renamed);
}

/// Items of lists are written out where they stand; where they have a name, the name is enough.
fn name_items(spec: &mut Value) {
    let Some(schemas) = spec["components"]["schemas"].as_object_mut() else { return };
    let lists: Vec<String> = schemas.keys().filter(|name| name.ends_with("List")).cloned().collect();
    for list in lists {
        let item = list.trim_end_matches("List").to_owned();
        let Some(written) = schemas[&list].pointer("/properties/items/items").cloned() else { continue };
        let known = schemas.entry(&item).or_insert_with(|| written.clone());
        if *known == written {
            schemas[&list]["properties"]["items"]["items"] =
                json!({ "$ref": format!("#/components/schemas/{item}") });
        }
    }
}

fn rename_refs(value: &mut Value, renamed: &impl Fn(&str) -> String) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(target) if name == "$ref" => {
                        if let Some(schema) = target.strip_prefix("#/components/schemas/") {
                            *target = format!("#/components/schemas/{}", renamed(schema));
                        }
                    }
                    member => rename_refs(member, renamed),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rename_refs(item, renamed)),
        _ => {}
    }
}
