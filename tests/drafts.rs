//! Drafts: nothing that somebody writes is lost, however slowly, wherever and on however many devices they write it.

#[path = "drafts/publishing.rs"]
mod publishing;

use chrono::Duration;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Client, Response, TestApp};

/// The network `halte` of ann, who coordinates, and bob.
async fn network(app: &TestApp, visibility: &str) -> (Client, Client) {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let network = json!({
        "slug": "halte", "name": "Toegankelijke haltes", "description": "Voor iedereen.", "language": "nl",
        "visibility": visibility,
    });
    ann.post("/v1/networks", network).await.expect(201);
    ann.post("/v1/networks/halte/memberships", json!({ "handle": "bob" })).await.expect(201);
    bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
    (ann, bob)
}

async fn thread(who: &Client, title: &str, body: &str) -> Response {
    who.post("/v1/networks/halte/threads", json!({ "title": title, "body": body }))
        .await
        .expect(201)
}

async fn refreshed(who: &Client) -> Client {
    let answer = who.post("/v1/sessions/_refresh", json!({ "refreshToken": who.refresh })).await;
    who.with_tokens(&answer.expect(200))
}

const NEW: &str = "/v1/drafts/new-thread/halte";

both! {
    async fn a_draft_takes_what_is_there_and_is_its_writer_s_alone(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let thread = thread(&bob, "Perron te laag", "Wie herkent dit?").await;
        let first = ann.put(NEW, json!({ "body": "Gisteren stond ik" })).await.expect(200);
        assert_eq!((&first["title"], &first["body"]), (&json!(null), &json!("Gisteren stond ik")));
        assert_eq!(first["about"], json!({
            "network": { "slug": "halte", "name": "Toegankelijke haltes" }, "title": "Toegankelijke haltes",
        }));
        app.pass(Duration::minutes(1));
        let reply = format!("/v1/drafts/new-reply/{}", thread.text("/id"));
        let draft = json!({
            "title": "Nog geen titel", "body": "Ik **ook", "plainSummary": "Kort.", "language": "nl-NL",
            "documentKind": "plan", "municipalities": ["GM0344"], "themes": ["Vervoer"], "crpdArticles": [9, 99],
            "base": "\"3\"",
        });
        let second = ann.put(&reply, draft.clone()).await.expect(200);
        for (member, value) in draft.as_object().unwrap() {
            assert_eq!(&second[member.as_str()], value, "{member}");
        }
        assert_eq!((&second["excerpt"], &second["about"]["title"]), (&json!("Ik **ook"), &json!("Perron te laag")));
        assert_eq!(second["keptUntil"], "2027-12-24T09:01:00.000Z");

        let list = ann.get("/v1/drafts?limit=1").await.expect(200);
        assert_eq!(list.each("address"), [json!(reply)]);
        assert_eq!(list["items"][0]["body"], json!(null), "a list does not carry long texts");
        let rest = ann.get(&format!("/v1/drafts?cursor={}", list.text("/nextCursor"))).await.expect(200);
        assert_eq!((rest.each("address"), &rest["nextCursor"]), (vec![json!(NEW)], &json!(null)));

        assert_eq!(bob.get("/v1/drafts").await.expect(200)["items"], json!([]));
        bob.get(&reply).await.problem(404, "not_found");
        bob.delete(&reply).await.problem(404, "not_found");
        let found = ann.get("/v1/search?query=gisteren").await.expect(200);
        assert_eq!(found["items"], json!([]), "search does not know drafts");
        for (path, body) in [
            ("/v1/drafts/new-thread/weg", json!({})),
            ("/v1/drafts/thread/halte", json!({})),
            ("/v1/drafts/poem/halte", json!({})),
            ("/v1/drafts/new-thread/halte~2", json!({})),
            ("/v1/drafts/document/01k9q3v8r0a7c", json!({})),
        ] {
            ann.put(path, body).await.problem(404, "not_found");
        }
        let faults = ann.put(NEW, json!({ "title": 5, "language": "x".repeat(101), "colour": "red" })).await.faults();
        assert_eq!(faults, ["/colour unknown_field", "/language too_long", "/title wrong_type"]);
        app.anonymous().get("/v1/drafts").await.problem(401, "sign_in_required");
        app.anonymous().put(NEW, json!({})).await.problem(401, "sign_in_required");

        ann.delete(NEW).header("if-match", "\"old\"").await.problem(412, "stale");
        ann.delete(NEW).header("if-match", first.header("etag")).await.expect(204);
        ann.get(NEW).await.problem(404, "not_found");
        ann.call("DELETE", "/v1/account").await.expect(204);
        app.settle().await;
        let left = app.kring.db.read(|conn| {
            use diesel::prelude::*;
            Ok::<i64, kring::error::Error>(kring_db::schema::drafts::table.count().get_result(conn)?)
        });
        assert_eq!(left.await.unwrap(), 0, "they go with the account");
    }

    async fn two_devices_never_write_over_each_other_unseen(app: &TestApp) {
        let (laptop, _) = network(app, "public").await;
        let phone = app.anonymous().sign_in("ann", PASSWORD).await;
        let seen = laptop.put(NEW, json!({ "body": "Van de laptop." })).await.expect(200);
        let seen_on_phone = phone.get(NEW).await.expect(200);
        assert_eq!(seen_on_phone.header("etag"), seen.header("etag"));
        let newer = phone
            .put(NEW, json!({ "body": "Van de laptop. En van de telefoon." }))
            .header("if-match", seen.header("etag"))
            .await
            .expect(200);

        // The laptop, which did not listen, saves every few seconds.
        for body in ["Van de laptop. Nog", "Van de laptop. Nog een zin."] {
            let late = laptop.put(NEW, json!({ "body": body })).header("if-match", seen.header("etag")).await;
            let late = late.problem(412, "stale");
            assert_eq!(late["draft"], format!("{NEW}~2"));
            assert_eq!(late["current"]["body"], "Van de laptop. En van de telefoon.");
            assert_eq!((&late["current"]["etag"], late.header("etag")), (&json!(newer.header("etag")), newer.header("etag")));
            let blocks = late["differences"]["blocks"].as_array().unwrap().iter();
            let parts: Vec<&Value> = blocks.flat_map(|block| block["parts"].as_array().unwrap()).collect();
            let only = |kind| parts.iter().filter(move |part| part["kind"] == kind).map(|part| part["text"].to_string());
            assert!(only("insert").any(|text| text.contains("Nog")), "{late}");
            assert!(only("delete").any(|text| text.contains("telefoon")), "{late}");
        }
        let beside = laptop.get(&format!("{NEW}~2")).await.expect(200);
        assert_eq!((&beside["body"], &beside["number"]), (&json!("Van de laptop. Nog een zin."), &json!(2)));
        assert_eq!(laptop.get(NEW).await.expect(200)["body"], "Van de laptop. En van de telefoon.");

        // A program that knows no ETags writes over what another device wrote: that is kept beside.
        laptop.put(NEW, json!({ "body": "Opnieuw begonnen." })).await.expect(200);
        laptop.put(NEW, json!({ "body": "Opnieuw begonnen, en verder." })).await.expect(200);
        let texts = phone.get("/v1/drafts").await.expect(200);
        let mut texts: Vec<Value> = texts.each("excerpt");
        texts.sort_by_key(Value::to_string);
        assert_eq!(texts, [
            "Opnieuw begonnen, en verder.", "Van de laptop. En van de telefoon.", "Van de laptop. Nog een zin.",
        ]);

        // What was thrown away elsewhere does not come back unasked, and is not lost either.
        let old = phone.get(NEW).await.expect(200);
        laptop.delete(NEW).await.expect(204);
        let gone = phone.put(NEW, json!({ "body": "Toch nog." })).header("if-match", old.header("etag")).await;
        let gone = gone.problem(412, "stale");
        assert_eq!((&gone["draft"], &gone["current"]), (&json!(NEW), &json!(null)));
        let kept = phone.get(NEW).await.expect(200);
        assert_eq!((&kept["body"], &kept["origin"]), (&json!("Toch nog."), &json!("refused")));
    }

    async fn a_file_in_a_draft_waits_as_long_as_the_draft(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let mut files = Vec::new();
        for name in ["halte.txt", "los.txt"] {
            let file = Form::new().text("network", "halte").part("file", Part::text("Te hoog.").file_name(name));
            files.push(ann.call("POST", "/v1/attachments").form(file).await.expect(201).text("/id"));
        }
        let draft = json!({ "body": "Zie de foto.", "attachments": [files[0]] });
        let saved = ann.put(NEW, draft).await.expect(200);
        assert_eq!(saved["attachments"][0]["id"], files[0]);
        app.pass(Duration::days(29));
        let kring = app.kring.clone();
        tokio::task::spawn_blocking(move || kring::attachments::jobs::sweep(&kring)).await.unwrap().unwrap();
        let ann = refreshed(&ann).await;
        ann.get(&format!("/v1/attachments/{}", files[1])).await.problem(404, "not_found");
        ann.get(&format!("/v1/attachments/{}", files[0])).await.expect(200);
        let thread = json!({ "title": "Halte", "body": "Zie de foto.", "attachments": [files[0]] });
        let thread = ann.post("/v1/networks/halte/threads", thread).await.expect(201);
        assert_eq!(thread["attachments"][0]["id"], files[0]);
    }

    async fn a_draft_outlives_what_it_is_about_and_a_year(app: &TestApp) {
        let (ann, bob) = network(app, "members").await;
        let thread = thread(&ann, "Perron te laag", "Wie herkent dit?").await;
        let reply = format!("/v1/drafts/new-reply/{}", thread.text("/id"));
        bob.put(&reply, json!({ "body": "Ik heb het gemeten:" })).await.expect(200);
        ann.delete("/v1/networks/halte/memberships/bob").await.expect(204);
        bob.get(&format!("/v1/threads/{}", thread.text("/id"))).await.problem(404, "not_found");
        let mine = bob.get(&reply).await.expect(200);
        assert_eq!((&mine["body"], &mine["about"]), (&json!("Ik heb het gemeten:"), &json!(null)));
        bob.put(&reply, json!({ "body": "Ik heb het gemeten: 18 cm." })).await.expect(200);
        let other = format!("/v1/drafts/thread/{}", thread.text("/id"));
        bob.put(&other, json!({ "body": "Mag ik niet zien." })).await.problem(404, "not_found");

        app.pass(Duration::days(380));
        app.settle().await;
        let bob = app.anonymous().sign_in("bob", PASSWORD).await;
        assert_eq!(bob.get(&reply).await.expect(200)["excerpt"], "Ik heb het gemeten: 18 cm.");
        app.pass(Duration::days(17));
        let now = app.clock.now();
        app.kring.write_for_anyone(move |tx, _| kring::drafts::jobs::sweep(tx, now)).await.unwrap();
        let bob = refreshed(&bob).await;
        bob.get(&reply).await.problem(404, "not_found");
    }
}
