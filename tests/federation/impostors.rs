//! Who speaks is who they say, and nobody else: whatever an address leads to, and whosever key is named.

use chrono::Duration;
use serde_json::{Value, json};

use super::across::{beside, host, items, open, settle, threads, trying};
use super::continuing::again;
use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::elsewhere::{Elsewhere, Told};
use crate::harness::{Client, TestApp};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

fn elsewhere(to: &str) -> Told {
    Told {
        status: 302,
        headers: vec![("location", to.to_owned())],
        body: Vec::new(),
    }
}

/// The document of this title in a network.
async fn named(who: &Client, network: &str, title: &str) -> Value {
    let found = items(who, &format!("/v1/networks/{network}/documents")).await;
    found
        .iter()
        .find(|it| it["title"] == title)
        .unwrap_or_else(|| panic!("no {title} in {found:#?}"))
        .clone()
}

both! {
    [trying]
    async fn nobody_speaks_for_whom_their_address_leads_to_and_who_proves_nothing_leaves_nothing(app: &TestApp) {
        let (evil, victim) = (Elsewhere::open(), Elsewhere::open());
        open(app).await;
        let ann = app.member("ann").await;
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let own = format!("{}/networks/haltes", app.base);
        let (mia, bob) = (evil.actor("mia", "Person", json!({})), victim.actor("bob", "Person", json!({})));
        let page = json!({ "id": victim.at("/posts/1"), "type": "Page", "attributedTo": bob, "name": "Van Bob", "content": "<p>Blijft.</p>", "to": [own, PUBLIC] });
        victim.send(app, &json!({ "id": victim.at("/posts/1#create"), "type": "Create", "actor": bob, "to": [own, PUBLIC], "object": page })).await.expect(202);
        evil.send(app, &json!({ "id": evil.at("/follows/1"), "type": "Follow", "actor": mia, "object": own })).await.expect(202);
        app.settle().await;

        // A day later her address leads to his: what she signs is hers, and says nothing for him.
        app.pass(Duration::hours(25));
        evil.tell_as("/mia", elsewhere(&bob));
        let now = app.clock.now();
        let forged = json!({ "id": evil.at("/posts/2"), "type": "Page", "attributedTo": bob, "name": "Niet van Bob", "content": "<p>Vals.</p>", "to": [own, PUBLIC], "published": now.to_string() });
        for (number, deed) in [
            json!({ "type": "Create", "to": [own, PUBLIC], "object": forged }),
            json!({ "type": "Delete", "to": [own, PUBLIC], "object": victim.at("/posts/1") }),
            json!({ "type": "Delete", "to": [PUBLIC], "object": { "id": bob, "type": "Person" }, "removeData": true }),
        ]
        .into_iter()
        .enumerate()
        {
            let mut deed = deed;
            (deed["id"], deed["actor"]) = (json!(evil.at(&format!("/deeds/{number}"))), json!(mia));
            evil.send(app, &deed).await.expect(202);
        }
        app.settle().await;
        let ann = app.anonymous().sign_in("ann", PASSWORD).await;
        let found = ann.get("/v1/networks/haltes/threads").await.expect(200);
        assert_eq!(found.each("title"), [json!("Van Bob")]);
        assert_eq!(found["items"][0]["author"]["closed"], false);

        // Whom somebody names whose key they do not have stays unknown; and of this instance nothing is asked.
        let group = victim.group("gestolen", json!({}));
        // Her own key: theirs it is not, whatever she calls it.
        let ann_here = format!("{}/@ann", app.base);
        for (actor, key) in [(&group, "key"), (&own, "main-key"), (&ann_here, "main-key"), (&"https://a_b.example/mia".to_owned(), "key")] {
            let follow = json!({ "id": format!("{actor}#follow"), "type": "Follow", "actor": actor, "object": own });
            evil.send_as(app, &format!("{actor}#{key}"), &follow).await.expect(401);
        }
        let listed = app.anonymous().get("/v1/networks").await.expect(200);
        assert_eq!(listed.each("slug"), [json!("haltes")]);
    }

    [trying]
    async fn a_first_word_is_not_lost_because_its_key_was_away_and_who_asks_no_more_is_not_let_in(app: &TestApp) {
        let there = Elsewhere::open();
        open(app).await;
        let ann = app.member("ann").await;
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open", "joinPolicy": "request" });
        ann.post("/v1/networks", new).await.expect(201);
        let own = format!("{}/networks/haltes", app.base);
        let zoe = there.actor("zoe", "Person", json!({}));
        there.tell_as("/zoe", Told { status: 503, headers: Vec::new(), body: Vec::new() });
        let follow = json!({ "id": there.at("/follows/1"), "type": "Follow", "actor": zoe, "object": own });
        let told = there.send(app, &follow).await.expect(503);
        assert_eq!(told.header("retry-after"), "60");
        there.actor("zoe", "Person", json!({}));
        app.pass(Duration::minutes(1));
        there.send(app, &follow).await.expect(202);
        app.settle().await;
        let asks = format!("/v1/networks/haltes/memberships/zoe@{}", there.host());
        assert_eq!(ann.get(&asks).await.expect(200)["state"], "requested");

        // Turned down by taking the request away, she hears of it.
        ann.delete(&asks).await.expect(204);
        app.settle().await;
        let kinds: Vec<Value> = there.sent().iter().map(|sent| sent["type"].clone()).collect();
        assert_eq!(kinds, [json!("Reject")]);

        // Who of here asked another instance and thinks better of it is asked for no more there.
        let away = beside();
        open(&away).await;
        let eva = away.member("eva").await;
        let network = format!("haltes@{}", host(app));
        eva.post(&format!("/v1/networks/{network}/memberships"), json!({})).await.expect(201);
        settle(app, &away).await;
        let hers = format!("/v1/networks/haltes/memberships/eva@{}", host(&away));
        assert_eq!(ann.get(&hers).await.expect(200)["state"], "requested");
        eva.delete(&format!("/v1/networks/{network}/memberships/eva")).await.expect(204);
        settle(app, &away).await;
        let after = ann.get(&hers).await;
        assert!(after.status == 404 || after["state"] == "left", "{after}");
    }

    [trying]
    async fn what_could_not_be_had_because_its_server_was_away_comes_later(d: &TestApp) {
        let (a, c) = (beside(), beside());
        for app in [&a, &c, d] {
            open(app).await;
        }
        let (ann, carla) = (a.member("ann").await, c.member("carla").await);
        d.member("dan").await;
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open", "copies": "everything", "documentsEditedBy": "members" });
        ann.post("/v1/networks", new).await.expect(201);
        let there = format!("haltes@{}", host(&a));
        carla.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        settle(&a, &c).await;
        carla.post(&format!("/v1/networks/{there}/documents"), json!({ "kind": "plan", "title": "Van Carla", "body": "Elke halte." })).await.expect(201);
        carla.post(&format!("/v1/networks/{there}/threads"), json!({ "title": "Vraag van Carla", "body": "Wie weet dit?" })).await.expect(201);
        let plan = json!({ "kind": "plan", "title": "Samen", "body": "Elke halte." });
        let plan = ann.post("/v1/networks/haltes/documents", plan).await.expect(201).text("/id");
        settle(&a, &c).await;
        let write = async |who: &Client, id: &str, body: &str| {
            let path = format!("/v1/documents/{id}");
            let seen = who.get(&path).await.expect(200);
            who.put(&path, json!({ "title": seen["title"], "body": body })).header("if-match", seen.header("etag")).await.expect(200);
            settle(&a, &c).await;
        };
        let copy = named(&carla, &there, "Samen").await;
        write(&carla, copy["id"].as_str().unwrap(), "Elke halte, en de trein.").await;
        write(&ann, &plan, "Elke halte, en de trein, en de tram.").await;

        // Her instance is away just as he joins from one that never met her.
        c.vanish();
        let dan = again(d, "dan").await;
        dan.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        settle(&a, d).await;
        let shown = async |dan: &Client| {
            let mut titles = dan.get(&format!("/v1/networks/{there}/documents")).await.expect(200).each("title");
            titles.extend(threads(dan, &there).await.into_iter().map(|thread| thread["title"].clone()));
            titles.sort_by_key(Value::to_string);
            titles
        };
        assert_eq!(shown(&dan).await, [json!("Samen")]);
        let copy = named(&dan, &there, "Samen").await;
        assert_eq!((&copy["revision"], &copy["createdBy"]["handle"]), (&json!(3), &json!(format!("ann@{}", host(&a)))));
        let hers = format!("/v1/documents/{}/proof?revision=2", copy["id"].as_str().unwrap());
        dan.get(&hers).await.expect(404);

        // Some hours later it is back, and all of it is here: each revision by who wrote it.
        c.come_back();
        for app in [&a, &c, d] {
            app.pass(Duration::hours(2));
        }
        for _ in 0..3 {
            settle(&a, d).await;
            c.settle().await;
        }
        let dan = again(d, "dan").await;
        assert_eq!(shown(&dan).await, [json!("Samen"), json!("Van Carla"), json!("Vraag van Carla")]);
        let carla_there = format!("carla@{}", host(&c));
        assert_eq!(named(&dan, &there, "Van Carla").await["createdBy"]["handle"], json!(carla_there));
        let proof = dan.get(&hers).await.expect(200);
        assert_eq!((&proof["verdict"], &proof["author"]["handle"]), (&json!("proves"), &json!(carla_there)));
        // Nothing of how it is now changed for that.
        assert_eq!(named(&dan, &there, "Samen").await["revision"], 3);
    }
}
