//! From a draft to what others read, and back where somebody was first.

use chrono::Duration;
use serde_json::{Value, json};

use super::{NEW, network, refreshed, thread};
use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Client, TestApp};

/// What is only on one side of a comparison.
fn only(told: &Value, kind: &str) -> String {
    let blocks = told["differences"]["blocks"].as_array().expect("blocks").iter();
    let parts = blocks.flat_map(|block| block["parts"].as_array().expect("parts"));
    let there = parts.filter(|part| part["kind"] == kind);
    there.map(|part| part["text"].as_str().expect("text")).collect()
}

async fn addresses(who: &Client) -> Vec<String> {
    let list = who.get("/v1/drafts").await.expect(200).each("address");
    let mut found: Vec<String> = list.iter().map(|one| one.as_str().unwrap().to_owned()).collect();
    found.sort();
    found
}

both! {
    async fn a_document_that_came_too_late_is_kept_told_and_compared(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let plan = json!({ "kind": "plan", "title": "Haltes", "body": "Elke halte wordt hoog." });
        let plan = ann.post("/v1/networks/halte/documents", plan).await.expect(201);
        let path = format!("/v1/documents/{}", plan.text("/id"));
        let draft = format!("/v1/drafts/document/{}", plan.text("/id"));
        bob.put(&draft, json!({ "body": "Een heel ander begin." })).await.expect(200);
        let newer = json!({ "title": "Haltes", "body": "Elke halte wordt hoog en droog." });
        let newer = ann.put(&path, newer).header("if-match", plan.header("etag")).await.expect(200);

        let mine = json!({ "title": "Alle haltes", "body": "Elke halte wordt hoog en licht.", "plainSummary": "Kort." });
        for _ in 0..2 {
            let late = bob.put(&path, mine.clone()).header("if-match", plan.header("etag")).await;
            let late = late.problem(412, "stale");
            assert_eq!(late["draft"], format!("{draft}~2"), "beside what was there, and once");
            assert_eq!(late["current"], json!({
                "etag": newer.header("etag"), "title": "Haltes", "body": "Elke halte wordt hoog en droog.",
                "plainSummary": null, "language": "nl",
            }));
            assert_eq!((&late["currentEtag"], late.header("etag")), (&late["current"]["etag"], newer.header("etag")));
            assert_eq!((only(&late.json, "insert"), only(&late.json, "delete")), ("licht".into(), "droog".into()));
            assert_eq!(late["differences"]["title"][0], json!({ "kind": "delete", "text": "Haltes" }));
            assert!(late.text("/detail").contains("als concept bewaard"), "{late}");
        }
        assert_eq!(ann.get(&path).await.expect(200)["body"], "Elke halte wordt hoog en droog.");
        assert_eq!(addresses(&bob).await, [draft.clone(), format!("{draft}~2")]);
        assert_eq!(bob.get(&draft).await.expect(200)["body"], "Een heel ander begin.");
        let kept = bob.get(&format!("{draft}~2")).await.expect(200);
        assert_eq!((&kept["origin"], &kept["base"]), (&json!("refused"), &json!(plan.header("etag"))));
        for (member, value) in mine.as_object().unwrap() {
            assert_eq!(&kept[member.as_str()], value);
        }

        // He reads both, goes on in what was kept, and publishes that.
        let merged = json!({
            "title": "Alle haltes", "body": "Elke halte wordt hoog, droog en licht.", "draft": kept["version"],
        });
        bob.put(&path, merged).header("if-match", late_etag(&bob, &path).await.as_str()).await.expect(200);
        assert_eq!(addresses(&bob).await, [draft], "what he wrote before stays his");

        // Nobody gets a draft for what they may not write, or for what holds no words.
        let stranger = app.member("cem").await;
        let no = stranger.put(&path, json!({ "title": "T", "body": "B" })).header("if-match", "\"1.0\"").await;
        no.problem(403, "members_only");
        let label = ann.patch(&path, json!({ "kind": "note" })).header("if-match", "\"1.0\"").await;
        assert_eq!(label.problem(412, "stale")["draft"], json!(null));
        assert!(addresses(&stranger).await.is_empty() && addresses(&ann).await.is_empty());
    }

    async fn a_thread_or_reply_that_came_too_late_is_kept_too(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let first = thread(&ann, "Perron te laag", "Wie herkent dit?").await;
        let path = format!("/v1/threads/{}", first.text("/id"));
        let reply = ann.post(&format!("{path}/replies"), json!({ "body": "Ik." })).await.expect(201);
        let reply_path = format!("/v1/replies/{}", reply.text("/id"));
        ann.patch(&path, json!({ "body": "Van de telefoon." })).await.expect(200);
        ann.patch(&reply_path, json!({ "body": "Ik, op de telefoon." })).await.expect(200);
        for (path, kind, etag) in
            [(&path, "thread", first.header("etag")), (&reply_path, "reply", reply.header("etag"))]
        {
            let mine = json!({ "body": "Van de laptop." });
            let late = ann.patch(path, mine.clone()).header("if-match", etag).await.problem(412, "stale");
            let id = path.rsplit('/').next().unwrap();
            assert_eq!(late["draft"], format!("/v1/drafts/{kind}/{id}"));
            assert_eq!(only(&late.json, "insert").trim(), if kind == "thread" { "laptop" } else { "Van de laptop." });
            let kept = ann.get(&late.text("/draft")).await.expect(200);
            assert_eq!((&kept["body"], &kept["base"]), (&json!("Van de laptop."), &json!(etag)));
            assert_eq!(kept["about"]["title"], "Perron te laag");
            let foreign = bob.patch(path, mine.clone()).header("if-match", etag).await;
            foreign.problem(403, "author_only");
            // With what the answer told, the same words go through, and their draft goes.
            let etag = late.text("/current/etag");
            ann.patch(path, mine).header("if-match", &etag).await.expect(200);
        }
        let pin = ann.patch(&path, json!({ "pinned": true })).header("if-match", first.header("etag")).await;
        assert_eq!(pin.problem(412, "stale")["draft"], json!(null));
        assert!(addresses(&ann).await.is_empty() && addresses(&bob).await.is_empty());
    }

    async fn what_a_network_says_of_itself_and_came_too_late_is_kept_too(app: &TestApp) {
        let (ann, bob) = network(app, "hidden").await;
        let (path, draft) = ("/v1/networks/halte", "/v1/drafts/network/halte");
        let known = ann.get(path).await.expect(200).header("etag").to_owned();
        ann.patch(path, json!({ "description": "Voor iedereen, overal." })).await.expect(200);
        let mine = json!({ "description": "Voor iedereen, altijd.", "plainSummary": "Kort.", "seekingPeople": true });
        for _ in 0..2 {
            let late = ann.patch(path, mine.clone()).header("if-match", &known).await.problem(412, "stale");
            assert_eq!(late["draft"], draft);
            assert_eq!(late["current"], json!({
                "etag": late["currentEtag"], "title": "Toegankelijke haltes", "body": "Voor iedereen, overal.",
                "plainSummary": null, "language": "nl",
            }));
            assert_eq!((only(&late.json, "insert"), only(&late.json, "delete")), ("altijd".into(), "overal".into()));
        }
        let kept = ann.get(draft).await.expect(200);
        assert_eq!((&kept["body"], &kept["plainSummary"], &kept["title"]), (&mine["description"], &json!("Kort."), &Value::Null));
        assert_eq!((&kept["kind"], &kept["about"]["title"]), (&json!("network"), &json!("Toegankelijke haltes")));
        // Settings alone hold no words, and who may not change it has nothing kept.
        let late = ann.patch(path, json!({ "seekingPeople": true })).header("if-match", &known).await.problem(412, "stale");
        assert_eq!(late["draft"], Value::Null);
        bob.patch(path, mine.clone()).header("if-match", &known).await.problem(403, "coordinators_only");
        app.member("cem").await.put(draft, json!({ "body": "B" })).await.problem(404, "not_found");
        // She goes on in what was kept, and publishes that.
        let broken = ann.patch(path, json!({ "name": "", "draft": "mine" })).await.faults();
        assert_eq!(broken, ["/draft draft_reference", "/name empty"]);
        let merged = json!({ "description": "Voor iedereen, overal en altijd.", "draft": kept["version"] });
        ann.patch(path, merged).header("if-match", &late.text("/currentEtag")).await.expect(200);
        ann.put(draft, json!({ "body": "Voor iedereen, en nu." })).await.expect(200);
        ann.patch(path, json!({ "description": "Voor iedereen, en nu." })).await.expect(200);
        assert!(addresses(&ann).await.is_empty() && addresses(&bob).await.is_empty());
    }

    async fn what_is_published_goes_from_the_drafts_and_nothing_else_does(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let phone = app.anonymous().sign_in("ann", PASSWORD).await;
        let first = thread(&bob, "Perron te laag", "Wie herkent dit?").await;
        let replies = format!("/v1/threads/{}/replies", first.text("/id"));
        let reply = bob.post(&replies, json!({ "body": "Niemand?" })).await.expect(201);
        let (to_thread, to_reply) = (
            format!("/v1/drafts/new-reply/{}", first.text("/id")),
            format!("/v1/drafts/answer/{}", reply.text("/id")),
        );
        // The last words were never saved as a draft: the name of the draft tells that they are its end.
        let half = ann.put(NEW, json!({ "title": "Lift", "body": "De lift is" })).await.expect(200);
        let sent = json!({ "title": "Lift stuk", "body": "De lift is stuk.", "draft": half["version"] });
        ann.post("/v1/networks/halte/threads", sent).await.expect(201);
        // Something else entirely stays, and so does what another device wrote since.
        let other = ann.put(NEW, json!({ "body": "Over de bus." })).await.expect(200);
        let newer = json!({ "body": "Over de bus, en over de tram." });
        phone.put(NEW, newer).header("if-match", other.header("etag")).await.expect(200);
        thread(&ann, "Roltrap", "De roltrap ook.").await;
        let sent = json!({ "title": "Bus", "body": "Over de bus.", "draft": other["version"] });
        ann.post("/v1/networks/halte/threads", sent).await.expect(201);
        assert_eq!(ann.get(NEW).await.expect(200)["body"], "Over de bus, en over de tram.");
        ann.delete(NEW).await.expect(204);
        // An answer and a reply are two.
        ann.put(&to_thread, json!({ "body": "Ik herken het." })).await.expect(200);
        ann.put(&to_reply, json!({ "body": "Jawel!" })).await.expect(200);
        ann.post(&replies, json!({ "body": "Jawel!", "parent": reply["id"] })).await.expect(201);
        assert_eq!(addresses(&ann).await, [to_thread]);
        ann.post(&replies, json!({ "body": "Ik herken het.\n" })).await.expect(201);
        let document = "/v1/drafts/new-document/halte";
        ann.put(document, json!({ "title": "Plan", "body": "B", "documentKind": "plan" })).await.expect(200);
        let plan = json!({ "kind": "plan", "title": "Plan", "body": "B" });
        ann.post("/v1/networks/halte/documents", plan).await.expect(201);
        assert!(addresses(&ann).await.is_empty());
        let broken = json!({ "title": "T", "body": "B", "draft": "mine" });
        let faults = ann.post("/v1/networks/halte/threads", broken).await.faults();
        assert_eq!(faults, ["/draft draft_reference"]);
    }

    async fn who_writes_for_twenty_hours_with_a_token_of_fifteen_minutes_loses_nothing(app: &TestApp) {
        let (mut ann, _) = network(app, "public").await;
        let mut etag = ann.put(NEW, json!({ "body": "Uur 0." })).await.expect(200).header("etag").to_owned();
        for hour in 1..=20 {
            app.pass(Duration::hours(1));
            let words = json!({ "title": "Dag", "body": format!("Uur {hour}.") });
            ann.put(NEW, words.clone()).header("if-match", &etag).await.problem(401, "token_expired");
            ann = refreshed(&ann).await;
            assert_eq!(ann.get(NEW).await.expect(200)["excerpt"], format!("Uur {}.", hour - 1), "nothing half done");
            etag = ann.put(NEW, words).header("if-match", &etag).await.expect(200).header("etag").to_owned();
        }
        // A holiday of four weeks, and then out with it: the same request again, after a 401 and after an answer that
        // never arrived.
        app.pass(Duration::days(28));
        let draft = etag.trim_matches('"').to_owned();
        let sent = json!({ "title": "Een dag", "body": "Uur 1 tot en met 20.", "draft": draft });
        let publish = async |who: &Client| {
            who.post("/v1/networks/halte/threads", sent.clone()).header("idempotency-key", "een-dag").await
        };
        publish(&ann).await.problem(401, "token_expired");
        let ann = refreshed(&ann).await;
        let first = publish(&ann).await.expect(201);
        app.pass(Duration::hours(20));
        publish(&ann).await.problem(401, "token_expired");
        let ann = refreshed(&ann).await;
        let again = publish(&ann).await.expect(201);
        assert_eq!((again.header("idempotency-replayed"), &again["id"]), ("true", &first["id"]));
        assert_eq!(ann.get("/v1/networks/halte/threads").await.expect(200).each("title"), ["Een dag"]);
        assert!(addresses(&ann).await.is_empty());
    }
}

async fn late_etag(who: &Client, path: &str) -> String {
    who.get(path).await.expect(200).header("etag").to_owned()
}
