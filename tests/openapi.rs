//! The committed OpenAPI document is the one that the code makes.

use serde_json::Value;

use crate::both;
use crate::harness::TestApp;

#[test]
fn the_committed_document_is_what_the_code_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let made = kring::web::openapi::json();
    let differs = committed.lines().zip(made.lines()).position(|(old, new)| old != new);
    assert!(
        committed == made,
        "openapi/openapi.json is not what the code says (line {}): write it again with\n\n    \
         cargo run -- openapi > openapi/openapi.json\n\nand read the difference: it is what others build on.",
        differs.unwrap_or_else(|| committed.lines().count().min(made.lines().count())) + 1
    );
}

/// Every operation of the document, by the name of its method and path.
fn operations() -> Vec<(String, &'static Value)> {
    let paths = kring::web::openapi::value()["paths"].as_object().unwrap().iter();
    let each = paths.flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, operation)| (format!("{} {path}", method.to_uppercase()), operation))
    });
    each.collect()
}

/// A schema behind its `$ref`.
fn resolved(schema: &Value) -> &Value {
    match schema["$ref"].as_str() {
        Some(target) => {
            &kring::web::openapi::value()["components"]["schemas"][target.rsplit('/').next().unwrap()]
        }
        None => schema,
    }
}

/// Does a schema show what a value looks like? Truth values and numbers do by themselves.
fn shows(schema: &Value) -> bool {
    let schema = resolved(schema);
    let kinds = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    ["example", "examples", "enum", "default"].iter().any(|shown| schema.get(shown).is_some())
        || kinds
            .iter()
            .any(|kind| ["boolean", "integer", "number"].contains(&kind.as_str().unwrap_or_default()))
        || schema["oneOf"].as_array().is_some_and(|parts| parts.iter().any(shows))
        || schema["allOf"].as_array().is_some_and(|parts| parts.iter().all(shows))
        || schema.get("items").is_some_and(shows)
        || schema["properties"].as_object().is_some_and(|all| all.values().all(shows))
}

/// The bodies of an operation: what is sent, and what a success answers.
fn bodies(operation: &Value) -> Vec<&Value> {
    let sent = operation.get("requestBody").into_iter();
    let answers = operation["responses"].as_object().unwrap().iter();
    let good = answers.filter(|(status, _)| status.starts_with('2')).map(|(_, answer)| answer);
    let contents = sent.chain(good).filter_map(|body| body["content"].as_object());
    contents.flat_map(|content| content.values().map(|media| &media["schema"])).collect()
}

#[test]
fn every_operation_tells_what_a_client_needs() {
    let mut wrong = Vec::new();
    let mut ids = std::collections::BTreeSet::new();
    for (name, operation) in operations() {
        let mut check = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{name}: {what}"));
            }
        };
        let text = |member: &str| operation[member].as_str().unwrap_or_default();
        check(
            !text("operationId").is_empty() && ids.insert(text("operationId")),
            "no operationId of its own",
        );
        check(!text("summary").is_empty(), "no summary");
        check(
            text("description").len() > text("summary").len(),
            "the description says no more than the summary",
        );
        check(operation["security"].is_array(), "no security");
        let statuses: Vec<&String> = operation["responses"].as_object().unwrap().keys().collect();
        check(statuses.iter().any(|status| status.starts_with('4')), "no error");
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            let shown = parameter.get("example").is_some() || shows(&parameter["schema"]);
            check(shown, &format!("no example of {}", parameter["name"]));
            check(parameter["description"].is_string(), &format!("nothing about {}", parameter["name"]));
        }
        for body in bodies(operation) {
            for (member, schema) in resolved(body)["properties"].as_object().into_iter().flatten() {
                check(shows(schema), &format!("no example of {member}"));
            }
        }
    }
    assert!(wrong.is_empty(), "the document leaves clients guessing:\n{}", wrong.join("\n"));
}

#[test]
fn words_are_written_as_they_are_sent() {
    let schemas = &kring::web::openapi::value()["components"]["schemas"];
    assert_eq!(schemas["Visibility"]["enum"], serde_json::json!(["public", "members", "hidden"]));
    for (name, schema) in schemas.as_object().unwrap() {
        // Licences are called by their SPDX ids, and two words in one as members are.
        let known = ["CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0", "easyRead"];
        for word in schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            assert!(known.contains(&word) || word == word.to_lowercase(), "{name}: {word}");
        }
    }
}

both! {
    async fn the_document_is_served_to_everyone(app: &TestApp) {
        let served = app.anonymous().get("/v1/openapi.json").await.expect(200);
        assert_eq!(served.body(), kring::web::openapi::json());
    }

    async fn the_docs_page_brings_all_it_needs(app: &TestApp) {
        let moved = app.anonymous().get("/docs").await.expect(302);
        let page = app.anonymous().get(moved.header("location")).await.expect(200).body();
        assert!(!page.contains("https://"), "it loads something from elsewhere:\n{page}");
        for source in page.split("src=\"").skip(1).filter_map(|rest| rest.split('"').next()) {
            let path = format!("/docs/{}", source.trim_start_matches("./"));
            app.anonymous().get(&path).await.expect(200);
        }
    }
}
