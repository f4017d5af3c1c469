//! The same in easy words and in other languages.

use serde_json::{Value, json};

use super::{join, network, path, write};
use crate::both;
use crate::harness::TestApp;

both! {
    async fn a_document_has_easy_words_and_translations_that_say_when_it_moved_on(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        network(&ann, "halte", "Haltes", "public").await;
        join(&bob, "halte").await;
        let plan = json!({ "kind": "plan", "title": "Alle haltes", "body": "Elke halte is goed.", "themes": ["vervoer"] });
        let plan = ann.post("/v1/networks/halte/documents", plan).await.expect(201);
        let (source, variants) = (path(&plan), format!("{}/variants", path(&plan)));

        let easy = json!({ "kind": "easyRead", "title": "Haltes makkelijk", "body": "De bus is voor iedereen." });
        assert_eq!(bob.post(&variants, json!({})).await.faults(), ["/body required", "/kind required", "/title required"]);
        let english = json!({ "kind": "translation", "title": "All stops", "body": "Every stop.", "language": "en" });
        let mut dutch = english.clone();
        dutch["language"] = json!("nl");
        assert_eq!(bob.post(&variants, dutch).await.faults(), ["/language same_language"]);
        bob.post(&variants, english).await.expect(201);
        let made = bob.post(&variants, easy.clone()).await.expect(201);
        let own = path(&made);
        assert_eq!((made.header("location"), &made["language"], &made["themes"]), (own.as_str(), &json!("nl"), &json!(["vervoer"])));
        assert_eq!(made["variantOf"], json!({
            "document": plan["id"], "title": "Alle haltes", "language": "nl", "kind": "easyRead", "revision": 1,
            "stale": false, "behind": 0,
        }));
        assert_eq!(bob.post(&variants, easy.clone()).await.problem(409, "variant_taken").text("/existing"), own);
        bob.post(&format!("{own}/variants"), easy).await.problem(409, "variant_of_variant");
        let listed = app.anonymous().get(&variants).await.expect(200);
        assert_eq!(listed.each("kind"), ["easyRead", "translation"], "easy to read first");
        let found = app.anonymous().get("/v1/search?query=makkelijk+lezen").await.expect(200);
        assert_eq!(found.each("id"), [made["id"].clone()], "it is found as what it is");

        // The source moves on; nobody who has the variant is told that it is fresh.
        write(&ann, &source, "Alle haltes", "Elke halte en elke bus is goed.").await;
        let stale = app.anonymous().get(&own).header("if-none-match", made.header("etag")).await.expect(200);
        assert_eq!((&stale["variantOf"]["stale"], &stale["variantOf"]["behind"]), (&json!(true), &json!(1)));
        let shown = app.anonymous().get(&source).await.expect(200);
        assert_eq!(shown["variants"].as_array().unwrap().iter().map(|it| it["stale"].clone()).collect::<Vec<_>>(), [true, true]);
        let lists = app.anonymous().get("/v1/networks/halte/documents").await.expect(200);
        assert_eq!(lists.each("variantOf").iter().filter(|of| **of != Value::Null).count(), 2);
        let page = app.anonymous().get(&source.replace("/v1", "")).await.expect(200).body();
        assert!(page.contains("Makkelijk lezen") && page.contains("hreflang=\"en\""), "{page}");
        let page = app.anonymous().get(&own.replace("/v1", "")).await.expect(200).body();
        assert!(page.contains("Alle haltes") && page.contains("hreflang=\"nl\""), "{page}");

        let at = |revision: i64| json!({ "variant": { "revision": revision } });
        let patch = async |document: &str, change: Value| bob.patch(document, change).header("if-match", "*").await;
        assert_eq!(patch(&own, at(3)).await.faults(), ["/variant/revision unknown_revision"]);
        let fresh = patch(&own, at(2)).await.expect(200);
        assert_eq!(fresh["variantOf"]["stale"], false);
        assert_ne!(fresh.header("etag"), made.header("etag"));

        // A text that is there already becomes one, and stands by itself again.
        let other = json!({ "kind": "note", "title": "Los", "body": "Gewoon.", "language": "fy" });
        let other = path(&bob.post("/v1/networks/halte/documents", other).await.expect(201));
        assert_eq!(patch(&other, at(1)).await.faults(), ["/variant not_a_variant"]);
        let become_easy = json!({ "variant": { "document": plan["id"], "kind": "easyRead" } });
        assert_eq!(patch(&other, become_easy.clone()).await.expect(200)["variantOf"]["revision"], 2);
        let words = json!({ "title": "Los", "body": "Gewoon.", "language": "nl" });
        bob.put(&other, words).header("if-match", "*").await.problem(409, "variant_taken");
        assert_eq!(patch(&other, json!({ "variant": null })).await.expect(200)["variantOf"], Value::Null);
        patch(&source, json!({ "variant": { "document": other.rsplit('/').next(), "kind": "easyRead" } })).await
            .problem(409, "variant_of_variant");
    }
}
