//! Schemas: names, and what holds for a property wherever it stands.

use serde_json::{Map, Value, json};

use crate::{accounts, municipalities, networks};

/// Text without control characters.
pub const NO_CONTROLS: &str = r"^[^\x00-\x1F\x7F-\x9F]*$";

/// Completes the schemas of the document.
pub fn complete(spec: &mut Value) {
    rename_schemas(spec);
    for (_, schema) in spec["components"]["schemas"].as_object_mut().into_iter().flatten() {
        for (name, property) in properties(schema) {
            describe_items(name, property);
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
        "themes" => networks::THEME_PATTERN,
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
