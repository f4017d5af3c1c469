//! Two instances that talk over real HTTP: whoever is a member on one takes part in a network of the other.

use kring::config::Settings;
use serde_json::{Value, json};

use crate::both;
use crate::harness::{Client, On, TestApp};

pub fn trying(settings: &mut Settings) {
    settings.dev_federation = true;
}

/// Another instance beside `app`, on SQLite whatever that is on.
pub fn beside() -> TestApp {
    TestApp::start_with(On::Sqlite, trying).unwrap()
}

/// `127.0.0.1:PORT`
pub fn host(app: &TestApp) -> String {
    app.base.trim_start_matches("http://").to_owned()
}

/// Both do what is due, until each has heard what the other had to say; half a minute later again, where something is
/// to be tried again.
pub async fn settle(one: &TestApp, other: &TestApp) {
    for _ in 0..3 {
        for _ in 0..4 {
            one.settle().await;
            other.settle().await;
        }
        let again = [one.to_be_tried_again().await, other.to_be_tried_again().await].concat();
        if again.is_empty() {
            return;
        }
        println!("to be tried again: {again:#?}");
        one.pass(chrono::Duration::seconds(30));
        other.pass(chrono::Duration::seconds(30));
    }
}

pub async fn open(app: &TestApp) {
    app.admin("ada").await.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
}

pub async fn items(who: &Client, path: &str) -> Vec<Value> {
    who.get(path).await.expect(200)["items"].as_array().unwrap().clone()
}

pub async fn threads(who: &Client, network: &str) -> Vec<Value> {
    items(who, &format!("/v1/networks/{network}/threads")).await
}

pub async fn replies(who: &Client, thread: &Value) -> Vec<Value> {
    items(who, &format!("/v1/threads/{}/replies", thread["id"].as_str().unwrap())).await
}

both! {
    [trying]
    async fn a_member_elsewhere_reads_replies_and_starts_conversations_as_if_at_home(home: &TestApp) {
        let away = beside();
        open(home).await;
        open(&away).await;
        let (ann, eva) = (home.member("ann").await, away.member("eva").await);
        let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor *iedereen*.", "federation": "open" });
        ann.post("/v1/networks", network).await.expect(201);
        let before = json!({ "title": "Van voor die tijd", "body": "Wie kent **dit**?" });
        let before = ann.post("/v1/networks/haltes/threads", before).await.expect(201).json.clone();
        let before = format!("/v1/threads/{}", before["id"].as_str().unwrap());
        let first = ann.post(&format!("{before}/replies"), json!({ "body": "Ik niet." })).await.expect(201);
        let under = json!({ "body": "Ik wel.", "parent": first.text("/id") });
        ann.post(&format!("{before}/replies"), under).await.expect(201);
        ann.patch(&before, json!({ "pinned": true })).await.expect(200);

        // She joins by its name; its home lets her in, and what was written before comes along.
        let there = format!("haltes@{}", host(home));
        let joined = eva.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        assert_eq!(joined["state"], "requested");
        settle(home, &away).await;
        assert_eq!(eva.get(&format!("/v1/networks/{there}/memberships/eva")).await.expect(200)["state"], "active");
        let seen = eva.get(&format!("/v1/networks/{there}")).await.expect(200);
        assert_eq!((&seen["name"], &seen["description"]), (&json!("Haltes"), &json!("Voor *iedereen*.")));
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);
        let earlier = threads(&eva, &there).await;
        assert_eq!((&earlier[0]["title"], &earlier[0]["body"]), (&json!("Van voor die tijd"), &json!("Wie kent **dit**?")));
        assert_eq!((&earlier[0]["author"]["handle"], &earlier[0]["pinned"]), (&json!(format!("ann@{}", host(home))), &json!(true)));
        let answered = replies(&eva, &earlier[0]).await;
        assert_eq!((&answered[0]["body"], &answered[1]["body"]), (&json!("Ik niet."), &json!("Ik wel.")));
        assert_eq!(answered[1]["parent"], answered[0]["id"]);

        // What is written at home is there, and what she answers is at home.
        let thread = json!({ "title": "Perron te laag", "body": "Bij het ziekenhuis." });
        let thread = ann.post("/v1/networks/haltes/threads", thread).await.expect(201).json.clone();
        settle(home, &away).await;
        let hers = threads(&eva, &there).await.into_iter().find(|it| it["title"] == "Perron te laag").unwrap();
        let path = format!("/v1/threads/{}/replies", hers["id"].as_str().unwrap());
        let reply = eva.post(&path, json!({ "body": "Hier ook." })).await.expect(201);
        settle(home, &away).await;
        let at_home = replies(&ann, &thread).await;
        assert_eq!((&at_home[0]["body"], &at_home[0]["author"]["handle"]), (&json!("Hier ook."), &json!(format!("eva@{}", host(&away)))));
        assert_eq!(replies(&eva, &hers).await.len(), 1, "her own reply does not come back to her");

        // An answer to it, and changes of both.
        let answer = json!({ "body": "Sinds wanneer?", "parent": at_home[0]["id"] });
        ann.post(&format!("/v1/threads/{}/replies", thread["id"].as_str().unwrap()), answer).await.expect(201);
        home.pass(chrono::Duration::minutes(5));
        away.pass(chrono::Duration::minutes(5));
        ann.patch(&format!("/v1/threads/{}", thread["id"].as_str().unwrap()), json!({ "title": "Perron veel te laag" })).await.expect(200);
        eva.patch(&format!("/v1/replies/{}", reply.text("/id")), json!({ "body": "Hier ook, sinds mei." })).await.expect(200);
        settle(home, &away).await;
        let read = replies(&eva, &hers).await;
        assert_eq!((&read[0]["body"], &read[1]["body"]), (&json!("Hier ook, sinds mei."), &json!("Sinds wanneer?")));
        assert_eq!(eva.get(&format!("/v1/threads/{}", hers["id"].as_str().unwrap())).await.expect(200)["title"], "Perron veel te laag");
        assert_eq!(replies(&ann, &thread).await[0]["body"], "Hier ook, sinds mei.");

        // She starts one; who moderates at home takes a reply of hers away everywhere.
        let own = json!({ "title": "Bus zonder plank", "body": "Lijn 8." });
        eva.post(&format!("/v1/networks/{there}/threads"), own).await.expect(201);
        settle(home, &away).await;
        assert!(threads(&ann, "haltes").await.iter().any(|it| it["title"] == "Bus zonder plank"));
        ann.delete(&format!("/v1/replies/{}", at_home[0]["id"].as_str().unwrap())).await.expect(204);
        settle(home, &away).await;
        assert_eq!(replies(&eva, &hers).await[0]["deleted"], true);

        // Once she left, nothing more comes.
        eva.delete(&format!("/v1/networks/{there}/memberships/eva")).await.expect(204);
        settle(home, &away).await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 1);
        ann.post("/v1/networks/haltes/threads", json!({ "title": "Later", "body": "Nog iets." })).await.expect(201);
        settle(home, &away).await;
        assert!(!threads(&away.anonymous(), &there).await.iter().any(|it| it["title"] == "Later"));
    }
}
