//! What is done to what is there, across two instances: reactions, pins, locks, offices, bans.

use serde_json::{Value, json};

use super::across::{beside, host, open, replies, settle, threads, trying};
use crate::both;
use crate::harness::{Client, TestApp};

/// The first thread of a network, as somebody reads it.
async fn first(who: &Client, network: &str) -> Value {
    threads(who, network).await.first().cloned().unwrap_or_default()
}

fn path(thread: &Value) -> String {
    format!("/v1/threads/{}", thread["id"].as_str().unwrap())
}

async fn react(who: &Client, to: &str, kind: &str) {
    who.call("PUT", &format!("{to}/reactions/{kind}")).await.expect(200);
}

both! {
    [trying]
    async fn what_is_done_in_a_network_is_done_on_every_instance_of_it(home: &TestApp) {
        let away = beside();
        open(home).await;
        open(&away).await;
        let (ann, eva) = (home.member("ann").await, away.member("eva").await);
        let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", network).await.expect(201);
        ann.post("/v1/networks/haltes/threads", json!({ "title": "Perron", "body": "Te laag." })).await.expect(201);
        let there = format!("haltes@{}", host(home));
        let eva_at_home = format!("/v1/networks/haltes/memberships/eva@{}", host(&away));
        eva.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        settle(home, &away).await;

        // What the network says of itself, and what is kept of it: what was written before, too.
        let tag = ann.get("/v1/networks/haltes").await.expect(200).header("etag").to_owned();
        let change = json!({ "name": "Haltes en perrons", "description": "Voor *iedereen*.", "themes": ["openbaar-vervoer"], "documentsEditedBy": "coordinators", "copies": "everything" });
        ann.patch("/v1/networks/haltes", change).header("if-match", &tag).await.expect(200);
        settle(home, &away).await;
        let seen = eva.get(&format!("/v1/networks/{there}")).await.expect(200);
        assert_eq!((&seen["name"], &seen["description"], &seen["themes"]), (&json!("Haltes en perrons"), &json!("Voor *iedereen*."), &json!(["openbaar-vervoer"])));
        assert_eq!((&seen["documentsEditedBy"], &seen["copies"]), (&json!("coordinators"), &json!("everything")));
        let proof = eva.get(&format!("{}/proof", path(&first(&eva, &there).await))).await.expect(200);
        assert_eq!(proof["verdict"], "proves", "{proof}");
        for (visibility, status) in [("members", 403), ("public", 200)] {
            let tag = ann.get("/v1/networks/haltes").await.expect(200).header("etag").to_owned();
            let change = json!({ "visibility": visibility });
            ann.patch("/v1/networks/haltes", change).header("if-match", &tag).await.expect(200);
            settle(home, &away).await;
            away.anonymous().get(&format!("/v1/networks/{there}/threads")).await.expect(status);
        }

        // Reactions, both ways, each of its kind; who takes one of two back still reacts.
        let (at_home, hers) = (first(&ann, "haltes").await, first(&eva, &there).await);
        let reply = eva.post(&format!("{}/replies", path(&hers)), json!({ "body": "Hier ook." })).await.expect(201);
        settle(home, &away).await;
        react(&eva, &path(&hers), "thanks").await;
        react(&eva, &path(&hers), "recognise").await;
        let answered = format!("/v1/replies/{}", replies(&ann, &at_home).await[0]["id"].as_str().unwrap());
        react(&ann, &answered, "more").await;
        settle(home, &away).await;
        assert_eq!(first(&ann, "haltes").await["reactions"], json!({ "thanks": 1, "recognise": 1, "more": 0, "own": [] }));
        let read = eva.get(&format!("/v1/replies/{}", reply.text("/id"))).await.expect(200);
        assert_eq!(read["reactions"], json!({ "thanks": 0, "recognise": 0, "more": 1, "own": [] }));
        eva.delete(&format!("{}/reactions/thanks", path(&hers))).await.expect(200);
        ann.delete(&format!("{answered}/reactions/more")).await.expect(200);
        settle(home, &away).await;
        assert_eq!(first(&ann, "haltes").await["reactions"], json!({ "thanks": 0, "recognise": 1, "more": 0, "own": [] }));
        assert_eq!(replies(&eva, &hers).await[0]["reactions"]["more"], 0);

        // What is pinned and closed at home is so there; who is no moderator pins nothing.
        ann.patch(&path(&at_home), json!({ "pinned": true, "locked": true })).await.expect(200);
        eva.patch(&path(&hers), json!({ "pinned": true })).await.problem(403, "moderators_only");
        settle(home, &away).await;
        let seen = first(&eva, &there).await;
        assert_eq!((&seen["pinned"], &seen["locked"]), (&json!(true), &json!(true)));
        eva.post(&format!("{}/replies", path(&hers)), json!({ "body": "Nog iets." })).await.problem(403, "thread_locked");

        // Once she moderates, she does from where she is.
        ann.patch(&eva_at_home, json!({ "role": "facilitator" })).await.expect(200);
        settle(home, &away).await;
        let membership = format!("/v1/networks/{there}/memberships/eva");
        assert_eq!(eva.get(&membership).await.expect(200)["role"], "facilitator");
        eva.patch(&path(&hers), json!({ "pinned": false, "locked": false })).await.expect(200);
        settle(home, &away).await;
        let seen = first(&ann, "haltes").await;
        assert_eq!((&seen["pinned"], &seen["locked"]), (&json!(false), &json!(false)));

        // Who is put out stays out, whatever is sent; who is asked back may come again.
        ann.delete(&eva_at_home).await.expect(204);
        let late = eva.post(&format!("{}/replies", path(&hers)), json!({ "body": "Te laat." })).await;
        settle(home, &away).await;
        assert!(late.status == 201 || late.status == 403, "{late}");
        assert_eq!(replies(&ann, &at_home).await.len(), 1);
        assert_eq!(eva.get(&membership).await.expect(200)["state"], "removed");
        eva.post(&format!("{}/replies", path(&hers)), json!({ "body": "Mag dit?" })).await.problem(403, "members_only");
        eva.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.problem(403, "removed_from_network");
        let invitation = json!({ "handle": format!("eva@{}", host(&away)) });
        ann.post("/v1/networks/haltes/memberships", invitation).await.expect(201);
        settle(home, &away).await;
        eva.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        settle(home, &away).await;
        assert_eq!(eva.get(&membership).await.expect(200)["state"], "active");
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);
    }
}
