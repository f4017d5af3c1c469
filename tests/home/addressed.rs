//! Posts that are addressed to somebody: until when they wait, and for whom they never do.

use serde_json::{Value, json};

use super::network;
use crate::both;
use crate::harness::{Client, Response, TestApp};

/// The network `halte` of ann, with bob and eve in it.
async fn three(app: &TestApp) -> (Client, Client, Client) {
    let (ann, bob, eve) = (app.member("ann").await, app.member("bob").await, app.member("eve").await);
    network(&ann, "halte", "open").await;
    for who in [&bob, &eve] {
        who.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
    }
    (ann, bob, eve)
}

/// Starts a thread; returns its id.
async fn start(who: &Client, body: &str) -> String {
    let thread = json!({ "title": "Perron te laag", "body": body });
    who.post("/v1/networks/halte/threads", thread).await.expect(201).text("/id")
}

/// Answers a thread or a reply in it; returns the id of the answer.
async fn answer(who: &Client, thread: &str, parent: Option<&str>, body: &str) -> String {
    let reply = json!({ "body": body, "parent": parent });
    who.post(&format!("/v1/threads/{thread}/replies"), reply).await.expect(201).text("/id")
}

async fn read(who: &Client, thread: &str, reply: Option<&str>) {
    let state = json!({ "reply": reply });
    who.put(&format!("/v1/threads/{thread}/read-state"), state).await.expect(200);
}

async fn edit(who: &Client, path: &str, body: &str) -> Response {
    who.patch(path, json!({ "body": body })).await.expect(200)
}

/// What is addressed to somebody: kind and id of the reply, which the thread itself lacks.
async fn waiting(who: &Client) -> Vec<(String, Value)> {
    let home = who.get("/v1/home").await.expect(200);
    let told = &home["waiting"]["addressedToMe"];
    let items = told["items"].as_array().expect("items");
    assert_eq!(told["count"], items.len(), "{home}");
    items
        .iter()
        .map(|item| (item["kind"].as_str().unwrap().to_owned(), item["reply"].clone()))
        .collect()
}

fn mention(reply: &str) -> (String, Value) {
    ("mention".into(), json!(reply))
}

fn answered(reply: &str) -> (String, Value) {
    ("answer".into(), json!(reply))
}

const NOTHING: [(String, Value); 0] = [];

both! {
    async fn a_mention_waits_until_it_is_read(app: &TestApp) {
        let (ann, bob, eve) = three(app).await;
        let thread = start(&ann, "Weet **@bob** hier meer van?").await;
        let home = bob.get("/v1/home").await.expect(200);
        let told = &home["waiting"]["addressedToMe"];
        assert_eq!(told["count"], 1);
        let item = &told["items"][0];
        assert_eq!((&item["kind"], &item["reply"]), (&json!("mention"), &Value::Null));
        assert_eq!((&item["thread"], &item["title"]), (&json!(thread), &json!("Perron te laag")));
        assert_eq!(item["network"], json!({ "slug": "halte", "name": "Netwerk halte" }));
        assert_eq!((&item["author"]["handle"], &item["author"]["role"]), (&json!("ann"), &json!("coordinator")));
        assert_eq!((&item["excerpt"], &item["language"]), (&json!("Weet @bob hier meer van?"), &json!("nl")));
        assert_eq!(item["createdAt"], "2026-11-23T09:00:00.000Z");
        assert_eq!((waiting(&ann).await, waiting(&eve).await), (NOTHING.into(), NOTHING.into()));
        read(&bob, &thread, None).await;
        assert_eq!(waiting(&bob).await, NOTHING);

        let first = answer(&ann, &thread, None, "En @Bob, kun jij bellen?").await;
        let second = answer(&eve, &thread, Some(&first), "Of ik, @bob?").await;
        assert_eq!(waiting(&bob).await, [mention(&second), mention(&first)], "newest first");
        read(&bob, &thread, Some(&first)).await;
        assert_eq!(waiting(&bob).await, [mention(&second)]);
        read(&bob, &thread, None).await;
        assert_eq!(waiting(&bob).await, NOTHING);
    }

    async fn an_answer_to_my_thread_or_reply_waits_until_it_is_read(app: &TestApp) {
        let (ann, bob, eve) = three(app).await;
        let thread = start(&bob, "Wie herkent dit?").await;
        let first = answer(&ann, &thread, None, "Ik.").await;
        let second = answer(&eve, &thread, Some(&first), "Ik ook.").await;
        assert_eq!(waiting(&bob).await, [answered(&first)], "what answers ann is not for bob");
        assert_eq!(waiting(&ann).await, [answered(&second)]);
        assert_eq!(waiting(&eve).await, NOTHING);
        read(&bob, &thread, None).await;
        assert_eq!(waiting(&bob).await, NOTHING);
        let own = answer(&bob, &thread, Some(&second), "Waar dan?").await;
        assert_eq!(waiting(&eve).await, [answered(&own)]);
        let third = answer(&eve, &thread, Some(&own), "Bij de kerk.").await;
        assert_eq!(waiting(&bob).await, [answered(&third)]);
        read(&bob, &thread, None).await;
        assert_eq!(waiting(&bob).await, NOTHING);
    }

    async fn what_mentions_and_answers_waits_once(app: &TestApp) {
        let (ann, bob, _) = three(app).await;
        let thread = start(&bob, "Wie herkent dit?").await;
        let first = answer(&ann, &thread, None, "Ik, @bob.").await;
        let own = answer(&bob, &thread, None, "Nog iemand?").await;
        let second = answer(&ann, &thread, Some(&own), "@bob, @bob en @bob!").await;
        assert_eq!(waiting(&bob).await, [mention(&second), mention(&first)]);
    }

    async fn a_mention_that_was_edited_away_waits_no_more(app: &TestApp) {
        let (ann, bob, eve) = three(app).await;
        let thread = start(&ann, "Weet @bob meer?").await;
        let reply = answer(&ann, &thread, None, "Of @bob en @eve?").await;
        edit(&ann, &format!("/v1/threads/{thread}"), "Weet @eve meer?").await;
        assert_eq!(waiting(&bob).await, [mention(&reply)]);
        assert_eq!(waiting(&eve).await, [mention(&reply), ("mention".into(), Value::Null)], "and who came in its place");
        edit(&ann, &format!("/v1/replies/{reply}"), "Of @eve?").await;
        assert_eq!(waiting(&bob).await, NOTHING);
        assert_eq!(waiting(&eve).await.len(), 2);
        // A change of anything else leaves it alone.
        ann.patch(&format!("/v1/threads/{thread}"), json!({ "title": "Halte" })).await.expect(200);
        assert_eq!(waiting(&eve).await.len(), 2);
    }

    async fn what_was_deleted_waits_for_nobody(app: &TestApp) {
        let (ann, bob, _) = three(app).await;
        let thread = start(&ann, "Weet @bob meer?").await;
        let mentioning = answer(&ann, &thread, None, "Of @bob?").await;
        let own = answer(&bob, &thread, None, "Nee.").await;
        let answering = answer(&ann, &thread, Some(&own), "Jammer.").await;
        assert_eq!(waiting(&bob).await.len(), 3);
        for reply in [mentioning, answering] {
            ann.delete(&format!("/v1/replies/{reply}")).await.expect(204);
        }
        assert_eq!(waiting(&bob).await, [("mention".to_owned(), Value::Null)]);
        ann.delete(&format!("/v1/threads/{thread}")).await.expect(204);
        assert_eq!(waiting(&bob).await, NOTHING);
    }

    async fn what_somebody_wrote_themselves_never_waits_for_them(app: &TestApp) {
        let (_, bob, _) = three(app).await;
        let thread = start(&bob, "Ik, @bob, vraag dit.").await;
        let own = answer(&bob, &thread, None, "@bob antwoordt zelf.").await;
        answer(&bob, &thread, Some(&own), "En nog eens.").await;
        edit(&bob, &format!("/v1/replies/{own}"), "Nog steeds @bob.").await;
        assert_eq!(waiting(&bob).await, NOTHING);
    }

    async fn who_left_sees_nothing_of_it_until_they_are_back(app: &TestApp) {
        let (ann, bob, _) = three(app).await;
        let thread = start(&bob, "Wie herkent dit?").await;
        answer(&ann, &thread, None, "Ik, @bob.").await;
        answer(&ann, &thread, None, "En wij.").await;
        assert_eq!(waiting(&bob).await.len(), 2);
        bob.delete("/v1/networks/halte/memberships/bob").await.expect(204);
        assert_eq!(waiting(&bob).await, NOTHING);
        bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
        assert_eq!(waiting(&bob).await.len(), 2);
    }

    async fn a_mention_tells_nobody_of_a_network_that_is_not_theirs(app: &TestApp) {
        let (ann, bob, eve) = (app.member("ann").await, app.member("bob").await, app.member("eve").await);
        let hidden = json!({
            "slug": "halte", "name": "Onder ons", "description": "Voor ons.", "visibility": "hidden",
        });
        ann.post("/v1/networks", hidden).await.expect(201);
        ann.post("/v1/networks/halte/memberships", json!({ "handle": "bob" })).await.expect(201);
        start(&ann, "Is dit iets voor @bob en @eve?").await;
        for who in [&bob, &eve] {
            assert_eq!(waiting(who).await, NOTHING, "who is only invited reads nothing either");
        }
        assert!(!eve.get("/v1/home").await.expect(200).body().contains("Onder ons"));
        bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
        assert_eq!(waiting(&bob).await.len(), 1);
    }

    async fn of_much_the_newest_is_shown_and_all_is_counted(app: &TestApp) {
        let (ann, bob, _) = three(app).await;
        let thread = start(&bob, "Wie herkent dit?").await;
        let own = answer(&bob, &thread, None, "Niemand?").await;
        let mut written = Vec::new();
        for number in 0..9 {
            written.push(mention(&answer(&ann, &thread, None, &format!("@bob, {number}")).await));
            written.push(answered(&answer(&ann, &thread, None, &format!("Ik, {number}")).await));
            written.push(answered(&answer(&ann, &thread, Some(&own), &format!("Wij, {number}")).await));
        }
        let home = bob.get("/v1/home").await.expect(200);
        let told = &home["waiting"]["addressedToMe"];
        assert_eq!(told["count"], 27);
        let shown = told["items"].as_array().unwrap().iter();
        let shown: Vec<_> = shown.map(|item| (item["kind"].as_str().unwrap().to_owned(), item["reply"].clone())).collect();
        written.reverse();
        assert_eq!(shown, written[..20]);
    }
}
