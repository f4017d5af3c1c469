//! Screens: a network's page in one request, and what is left out of it for whom.

use serde_json::{Value, json};

use crate::both;
use crate::harness::{Client, Response, TestApp};

const ALL: &str = "/v1/networks/halte?include=threads,documents,coordinators,viewer";

/// The network `halte` of ann, who coordinates, bob, who joined, and a thread of bob's.
async fn network(app: &TestApp, visibility: &str) -> (Client, Client) {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let network = json!({
        "slug": "halte", "name": "Toegankelijke haltes", "description": "Voor iedereen.", "visibility": visibility,
        "municipalities": ["GM0344"],
    });
    ann.post("/v1/networks", network).await.expect(201);
    ann.post("/v1/networks/halte/memberships", json!({ "handle": "bob" })).await.expect(201);
    bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
    thread(&bob, "Perron te laag").await;
    (ann, bob)
}

async fn thread(who: &Client, title: &str) -> Response {
    who.post("/v1/networks/halte/threads", json!({ "title": title, "body": "Wie herkent dit?" }))
        .await
        .expect(201)
}

/// What the viewer may do, and the code of what they may not.
fn judged(page: &Response) -> (Vec<String>, Vec<(String, String)>) {
    let list = |name: &str| page["viewer"][name].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    (
        list("allowed").iter().map(text).collect(),
        list("denied").iter().map(|no| (text(&no["action"]), text(&no["code"]))).collect(),
    )
}

both! {
    async fn a_proposed_network_is_found_where_the_answer_says(app: &TestApp) {
        let ann = app.member("ann").await;
        let network = json!({ "slug": "halte", "name": "Haltes", "description": "Voor iedereen." });
        let made = ann.post("/v1/networks", network).await.expect(201);
        let read = ann.get(made.header("location")).await.expect(200);
        let mut told = made.json.clone();
        let advice = told.as_object_mut().unwrap().remove("advice").expect("advice");
        assert_eq!((&read.json, read.header("etag")), (&told, made.header("etag")));
        let advised = ann.get(&format!("{}?include=advice", made.header("location"))).await.expect(200);
        assert_eq!(advised["advice"], advice);
    }

    async fn a_network_s_page_is_one_request(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let page = ann.get(ALL).await.expect(200);
        assert_eq!(page["slug"], "halte");
        assert_eq!(page["municipalities"], json!([{ "code": "GM0344", "name": "Utrecht" }]));
        assert_eq!(page["threads"]["items"][0]["title"], "Perron te laag");
        assert_eq!(page["threads"]["items"][0]["author"]["handle"], "bob");
        assert_eq!(page["threads"]["items"][0]["isNew"], true);
        assert_eq!(page["threads"]["nextCursor"], json!(null));
        assert_eq!(page["coordinators"][0]["handle"], "ann");
        assert_eq!(page["coordinators"][0]["role"], "coordinator");
        assert_eq!(page["viewer"]["role"], "coordinator");
        assert_eq!(page["viewer"]["unread"], 1);
        assert_eq!(page["viewer"]["following"], true);
        assert_eq!(page["viewer"]["membership"], "active");
        assert_eq!(page.json.get("leftOut"), None);
        let bare = ann.get("/v1/networks/halte").await.expect(200);
        for part in ["threads", "coordinators", "viewer", "leftOut"] {
            assert_eq!(bare.json.get(part), None, "{part} was not asked for");
        }
    }

    async fn the_lists_of_the_page_go_on_where_they_stop(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        for number in 2..=21 {
            thread(&bob, &format!("Vraag {number}")).await;
        }
        let page = ann.get(ALL).await.expect(200);
        assert_eq!(page["threads"]["items"].as_array().map(Vec::len), Some(20));
        let cursor = page.text("/threads/nextCursor");
        let rest = ann.get(&format!("/v1/networks/halte/threads?cursor={cursor}")).await.expect(200);
        assert_eq!(rest.each("title"), ["Perron te laag"]);
    }

    async fn a_stranger_sees_of_a_members_network_that_it_is_there(app: &TestApp) {
        network(app, "members").await;
        let eve = app.member("eve").await;
        for (who, join) in [(&eve, None), (&app.anonymous(), Some("sign_in_required"))] {
            let page = who.get(ALL).header("accept-language", "nl").await.expect(200);
            assert_eq!(page["name"], "Toegankelijke haltes");
            assert_eq!(page.json.get("threads"), None);
            assert_eq!(page.json.get("coordinators"), None);
            let sentence = "Dit is alleen voor leden. Word lid van het netwerk om het te zien.";
            assert_eq!(page["leftOut"], json!([
                { "part": "threads", "code": "members_only", "sentence": sentence },
                { "part": "documents", "code": "members_only", "sentence": sentence },
                { "part": "coordinators", "code": "members_only", "sentence": sentence },
            ]));
            let (allowed, denied) = judged(&page);
            assert_eq!(allowed.contains(&"join".to_owned()), join.is_none(), "{page}");
            assert!(denied.contains(&("read".into(), "members_only".into())), "{page}");
            assert_eq!(page["viewer"]["role"], json!(null));
            assert_eq!(page["viewer"]["membership"], json!(null));
            assert_eq!(page["viewer"]["unread"], 0);
        }
    }

    async fn everyone_sees_who_coordinates_a_public_network_and_nobody_else(app: &TestApp) {
        network(app, "public").await;
        let page = app.anonymous().get(ALL).await.expect(200);
        let coordinators = page["coordinators"].as_array().unwrap();
        assert_eq!(coordinators.len(), 1);
        assert_eq!(coordinators[0]["handle"], "ann");
        assert_eq!(page["threads"]["items"][0]["unread"], json!(null));
        app.anonymous().get("/v1/networks/halte/memberships").await.problem(403, "members_only");
    }

    async fn a_hidden_network_is_there_for_those_who_are_invited(app: &TestApp) {
        let (ann, _) = network(app, "hidden").await;
        let eve = app.member("eve").await;
        eve.get(ALL).await.problem(404, "not_found");
        app.anonymous().get("/v1/networks/halte").await.problem(404, "not_found");
        ann.post("/v1/networks/halte/memberships", json!({ "handle": "eve" })).await.expect(201);
        let page = eve.get(ALL).await.expect(200);
        assert_eq!(page["viewer"]["membership"], "invited");
        assert_eq!(page["coordinators"][0]["handle"], "ann", "by whom they are invited");
        assert_eq!(page["leftOut"][0]["part"], "threads");
        assert_eq!(judged(&page).0, ["join", "leave"]);
        eve.delete("/v1/networks/halte/memberships/eve").await.expect(204);
        eve.get(ALL).await.problem(404, "not_found");
    }

    async fn what_the_page_allows_is_what_then_works(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let page = bob.get(ALL).await.expect(200);
        let (allowed, denied) = judged(&page);
        assert_eq!(allowed, ["read", "start_thread", "write_document", "invite", "leave"]);
        assert_eq!(
            denied,
            [
                ("join".into(), "already_member".into()),
                ("change".into(), "coordinators_only".into()),
                ("choose_coordinator".into(), "has_coordinator".into()),
            ]
        );
        bob.patch("/v1/networks/halte", json!({ "name": "Anders" })).await.problem(403, "coordinators_only");
        let page = ann.get(ALL).await.expect(200);
        let (allowed, denied) = judged(&page);
        assert!(allowed.contains(&"change".to_owned()));
        assert!(denied.contains(&("leave".into(), "last_coordinator".into())));
        ann.delete("/v1/networks/halte/memberships/ann").await.problem(409, "last_coordinator");
        ann.delete("/v1/account").await.expect(204);
        app.settle().await;
        let page = bob.get(ALL).await.expect(200);
        assert_eq!(page["withoutCoordinator"], true);
        assert_eq!(page["coordinators"], json!([]));
        assert!(judged(&page).0.contains(&"choose_coordinator".to_owned()));
    }

    async fn an_etag_tells_the_truth(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let bare = "/v1/networks/halte";
        let first = ann.get(bare).await.expect(200);
        let known = async |path: &str, tag: &str| ann.get(path).header("if-none-match", tag).await.status;
        assert_eq!(known(bare, first.header("etag")).await, 304);
        assert_eq!(known(ALL, first.header("etag")).await, 200, "it says nothing about threads and the viewer");
        let page = ann.get(ALL).await.expect(200);
        assert_eq!(known(ALL, page.header("etag")).await, 304);
        assert_eq!(bob.get(ALL).header("if-none-match", page.header("etag")).await.status, 200, "it is ann's page");
        thread(&bob, "Nog een").await;
        assert_eq!(known(bare, first.header("etag")).await, 200);
        ann.delete("/v1/account").await.expect(204);
        app.settle().await;
        let alone = bob.get(bare).await.expect(200);
        assert_eq!(alone["withoutCoordinator"], true);
        let choice = json!({ "handle": "bob" });
        bob.put("/v1/networks/halte/coordinator-choice", choice).await.expect(200);
        let led = bob.get(bare).header("if-none-match", alone.header("etag")).await.expect(200);
        assert_eq!(led["withoutCoordinator"], false);
        let change = bob.patch(bare, json!({ "name": "Anders" })).header("if-match", led.header("etag"));
        change.await.expect(200);
    }

    async fn unknown_words_are_refused(app: &TestApp) {
        let anonymous = app.anonymous();
        let faults = anonymous.get("/v1/networks/halte?include=everything").await.faults();
        assert_eq!(faults, ["?include not_allowed"]);
        let faults = anonymous.get("/v1/networks/halte?inclde=threads").await.faults();
        assert_eq!(faults, ["?inclde unknown_parameter"]);
    }

    async fn a_thread_s_page_is_one_request(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let id = thread(&ann, "Lift kapot").await.text("/id");
        let mut replies = Vec::new();
        for number in 1..=3 {
            let body = json!({ "body": format!("Reactie {number}") });
            let reply = bob.post(&format!("/v1/threads/{id}/replies"), body).await.expect(201);
            replies.push(reply.text("/id"));
        }
        let path = format!("/v1/threads/{id}?include=replies,viewer&around={}", replies[1]);
        let page = ann.get(&path).await.expect(200);
        assert_eq!(page["title"], "Lift kapot");
        assert_eq!(page["network"]["slug"], "halte");
        let found: Vec<&str> =
            page["replies"]["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
        assert_eq!(found, replies);
        assert_eq!(page["replies"]["items"][0]["author"]["handle"], "bob");
        assert_eq!(page["viewer"]["unread"], 3);
        assert_eq!(page["viewer"]["role"], "coordinator");
        assert!(judged(&page).0.contains(&"reply".to_owned()));
        let read_state = format!("/v1/threads/{id}/read-state");
        ann.put(&read_state, json!({})).await.expect(200);
        let again = ann.get(&path).header("if-none-match", page.header("etag")).await.expect(200);
        assert_eq!(again["viewer"]["unread"], 0, "its ETag tells also of what somebody has read");
    }
}
