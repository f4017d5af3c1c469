//! The first screen: what waits, one's networks with what is unread, what changed; in one request.

#[path = "home/addressed.rs"]
mod addressed;
#[path = "home/descriptions.rs"]
mod descriptions;

use serde_json::json;

use crate::both;
use crate::harness::{Client, TestApp};

pub async fn network(who: &Client, slug: &str, joining: &str) {
    let network = json!({
        "slug": slug, "name": format!("Netwerk {slug}"), "description": "Voor iedereen.", "joinPolicy": joining,
    });
    who.post("/v1/networks", network).await.expect(201);
}

both! {
    async fn home_is_one_request(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        network(&ann, "halte", "open").await;
        bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
        let thread = json!({ "title": "Perron te laag", "body": "Wie herkent dit?" });
        let thread = ann.post("/v1/networks/halte/threads", thread).await.expect(201).text("/id");
        let plan = json!({ "kind": "plan", "title": "Alle haltes", "body": "In tien jaar." });
        ann.post("/v1/networks/halte/documents", plan).await.expect(201);

        let home = bob.get("/v1/home").await.expect(200);
        assert_eq!(home["networks"].as_array().map(Vec::len), Some(1));
        assert_eq!(home["networks"][0]["slug"], "halte");
        assert_eq!(home["networks"][0]["role"], "member");
        assert_eq!(home["networks"][0]["withoutCoordinator"], false);
        assert_eq!(home["networks"][0]["unreadThreads"], 1);
        assert_eq!(home["networks"][0]["changedDocuments"], 1);
        assert_eq!(home["changedDocuments"][0]["title"], "Alle haltes");

        bob.put(&format!("/v1/threads/{thread}/read-state"), json!({})).await.expect(200);
        assert_eq!(bob.get("/v1/home").await.expect(200)["networks"][0]["unreadThreads"], 0);
        let replies = format!("/v1/threads/{thread}/replies");
        ann.post(&replies, json!({ "body": "Nog iets." })).await.expect(201);
        assert_eq!(bob.get("/v1/home").await.expect(200)["networks"][0]["unreadThreads"], 1);
        let own = ann.get("/v1/home").await.expect(200);
        assert_eq!(own["networks"][0]["unreadThreads"], 0, "what one wrote one has read");
        assert_eq!(own["changedDocuments"], json!([]));
        ann.delete(&format!("/v1/threads/{thread}")).await.expect(204);
        assert_eq!(bob.get("/v1/home").await.expect(200)["networks"][0]["unreadThreads"], 0);
    }

    async fn home_says_what_waits_for_an_answer(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        network(&ann, "halte", "request").await;
        bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
        let home = ann.get("/v1/home").await.expect(200);
        assert_eq!(home["waiting"]["joinRequests"], 1);
        assert_eq!(home["networks"][0]["joinRequests"], 1);
        ann.patch("/v1/networks/halte/memberships/bob", json!({ "state": "active" })).await.expect(200);
        assert_eq!(ann.get("/v1/home").await.expect(200)["waiting"]["joinRequests"], 0);

        network(&ann, "lift", "invitation").await;
        ann.post("/v1/networks/lift/memberships", json!({ "handle": "bob" })).await.expect(201);
        let home = bob.get("/v1/home").await.expect(200);
        assert_eq!(home["waiting"]["invitations"], json!([{ "slug": "lift", "name": "Netwerk lift" }]));
        bob.delete("/v1/networks/lift/memberships/bob").await.expect(204);
        assert_eq!(bob.get("/v1/home").await.expect(200)["waiting"]["invitations"], json!([]));
    }

    async fn home_is_for_those_who_sign_in(app: &TestApp) {
        app.anonymous().get("/v1/home").await.problem(401, "sign_in_required");
    }
}
