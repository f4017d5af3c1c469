//! Documents are found: at once after every change, by who may read them, those that are worked on first.

use chrono::Duration;
use serde_json::json;

use super::{network, path, plan, public, save};
use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Client, TestApp};

/// The titles of what is found, in order.
async fn found(who: &Client, query: &str) -> Vec<String> {
    let answer = who.get(&format!("/v1/search?query={query}")).await.expect(200);
    answer
        .each("title")
        .iter()
        .map(|title| title.as_str().unwrap_or_default().to_owned())
        .collect()
}

both! {
    async fn what_a_document_says_is_found_at_once_after_every_change(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let first = plan(&ann, "Haltes", "Elke stoeprand wordt hoger.").await;
        let nothing: [&str; 0] = [];
        for who in [&ann, &bob, &app.anonymous()] {
            assert_eq!(found(who, "stoepranden").await, ["Haltes"]);
        }
        let second = save(&bob, &first, "Haltes en perrons", "Elk perron wordt langer.").await.expect(200);
        assert_eq!(found(&ann, "perron").await, ["Haltes en perrons"]);
        assert_eq!(found(&ann, "stoepranden").await, nothing, "only what it says now");
        let restore = format!("{}/revisions/1/_restore", path(&first));
        bob.call("POST", &restore).header("if-match", second.header("etag")).await.expect(200);
        assert_eq!(found(&ann, "stoepranden").await, ["Haltes"]);
        assert_eq!(found(&ann, "perron").await, nothing);
        let hit = ann.get("/v1/search?query=stoeprand&kind=document").await.expect(200);
        assert_eq!(hit.text("/items/0/path"), format!("/documents/{}", first.text("/id")));
    }

    async fn in_a_network_for_members_only_members_find_a_document(app: &TestApp) {
        found_by_members_only(app, "members").await;
    }

    async fn in_a_hidden_network_only_members_find_a_document(app: &TestApp) {
        found_by_members_only(app, "hidden").await;
    }

    async fn what_is_worked_on_is_found_before_what_was_written_in_between(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let plan = plan(&ann, "Perron van Zwolle", "Hoger.").await;
        for title in ["Perron een", "Perron twee"] {
            app.pass(Duration::minutes(1));
            let thread = json!({ "title": title, "body": "Wie denkt er mee?" });
            ann.post("/v1/networks/halte/threads", thread).await.expect(201);
        }
        assert_eq!(found(&ann, "perron").await, ["Perron twee", "Perron een", "Perron van Zwolle"]);
        app.pass(Duration::minutes(1));
        save(&bob, &plan, "Perron van Zwolle", "Hoger en langer.").await.expect(200);
        let newest_first = ["Perron van Zwolle", "Perron twee", "Perron een"];
        assert_eq!(found(&ann, "perron").await, newest_first);
        // Page by page it is the same order.
        let (mut pieces, mut cursor) = (Vec::new(), String::new());
        loop {
            let piece = ann.get(&format!("/v1/search?query=perron&limit=1{cursor}")).await.expect(200);
            pieces.extend(piece.each("title"));
            let Some(next) = piece["nextCursor"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(pieces, newest_first);
        let moments = ann.get("/v1/search?query=perron").await.expect(200).each("publishedAt");
        let moments: Vec<&str> = moments.iter().filter_map(|moment| moment.as_str()).collect();
        assert!(moments.is_sorted_by(|a, b| a >= b), "{moments:?}");
    }
}

async fn found_by_members_only(app: &TestApp, visibility: &str) {
    let (ann, bob) = network(app, json!({ "visibility": visibility })).await;
    let eve = app.member("eve").await;
    let first = plan(&ann, "Haltes", "Elke stoeprand wordt hoger.").await;
    save(&bob, &first, "Haltes", "Elke stoeprand wordt nog hoger.").await.expect(200);
    assert_eq!(found(&ann, "stoeprand").await, ["Haltes"]);
    assert_eq!(found(&bob, "stoeprand").await, ["Haltes"]);
    let nothing: [&str; 0] = [];
    for other in [&eve, &app.anonymous()] {
        assert_eq!(found(other, "stoeprand").await, nothing);
        assert_eq!(found(other, "%22Haltes%22&kind=document").await, nothing);
    }
    bob.delete("/v1/networks/halte/memberships/bob").await.expect(204);
    assert_eq!(found(&bob, "stoeprand").await, nothing, "nor who left");
    app.pass(Duration::days(1));
    let ann = app.anonymous().sign_in("ann", PASSWORD).await;
    assert_eq!(found(&ann, "stoeprand").await, ["Haltes"]);
}
