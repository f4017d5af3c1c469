//! An instance that joins a network only after it outlived its home gets all of it: also what people wrote whose instance
//! nobody reaches any more.

use chrono::Duration;
use diesel::prelude::*;
use kring::error::Error;
use kring_activitypub::keys::{Algorithm, PrivateKey};
use kring_db::schema::author_keys;
use serde_json::{Value, json};

use super::across::{beside, host, items, open, replies, threads, trying};
use super::continuing::{again, pass, settle};
use crate::both;
use crate::harness::TestApp;

/// The keys that an instance knows of somebody, with who told of each.
async fn keys(app: &TestApp, actor: &str) -> Vec<Option<String>> {
    let actor = actor.to_owned();
    let found = app.kring.db.read(move |conn| {
        let theirs = author_keys::table.filter(author_keys::actor.eq(actor));
        Ok::<_, Error>(theirs.select(author_keys::told_by).load(conn)?)
    });
    found.await.unwrap()
}

/// A home that tells of a key that is not somebody's.
async fn make_key_up(app: &TestApp, actor: &str) {
    let key = PrivateKey::from_pkcs8(&PrivateKey::generate(Algorithm::Ed25519).unwrap()).unwrap();
    let (actor, now, public) = (actor.to_owned(), app.clock.now(), key.public().to_multibase().unwrap());
    let made = app.kring.db.write::<_, Error, _>(move |tx| {
        let row = (
            author_keys::actor.eq(&actor),
            author_keys::public_key.eq(&public),
            author_keys::key_id.eq(format!("{actor}#proof-key")),
            author_keys::seen_at.eq(now),
        );
        Ok(diesel::insert_into(author_keys::table).values(row).execute(tx.conn())?)
    });
    assert_eq!(made.await.unwrap(), 1);
}

both! {
    [trying]
    async fn who_joins_a_network_that_outlived_its_home_gets_what_the_people_of_that_wrote(d: &TestApp) {
        let (a, b) = (beside(), beside());
        for app in [&a, &b, d] {
            open(app).await;
        }
        let (ann, eva) = (a.member("ann").await, b.member("eva").await);
        d.member("dan").await;
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let before = json!({ "title": "Van voor die tijd", "body": "Wie kent **dit**?" });
        let before = ann.post("/v1/networks/haltes/threads", before).await.expect(201).json.clone();
        let path = format!("/v1/threads/{}/replies", before["id"].as_str().unwrap());
        ann.post(&path, json!({ "body": "Ik zelf." })).await.expect(201);
        let plan = json!({ "kind": "plan", "title": "Alle haltes", "body": "Elke halte." });
        let plan = ann.post("/v1/networks/haltes/documents", plan).await.expect(201).text("/id");
        let there = format!("haltes@{}", host(&a));
        eva.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        settle(&[&a, &b]).await;
        let hers = threads(&eva, &there).await[0].clone();
        eva.post(&format!("/v1/threads/{}/replies", hers["id"].as_str().unwrap()), json!({ "body": "Ik ook." })).await.expect(201);
        let copy = items(&eva, &format!("/v1/networks/{there}/documents")).await[0]["id"].as_str().unwrap().to_owned();
        settle(&[&a, &b]).await;
        let seen = ann.get(&format!("/v1/documents/{plan}")).await.expect(200);
        ann.put(&format!("/v1/documents/{plan}"), json!({ "title": seen["title"], "body": "Elke halte, in tien jaar." })).header("if-match", seen.header("etag")).await.expect(200);
        let office = format!("/v1/networks/haltes/memberships/eva@{}", host(&b));
        ann.patch(&office, json!({ "role": "coordinator" })).await.expect(200);
        pass(&[&a, &b], Duration::hours(7)).await;

        // The home is gone; she continues the network, and words of its last day are kept by her instance alone.
        a.vanish();
        pass(&[&b], Duration::hours(7)).await;
        pass(&[&b], Duration::days(31)).await;
        let eva = again(&b, "eva").await;
        let change = async |body: &str| {
            let seen = eva.get(&format!("/v1/documents/{copy}")).await.expect(200);
            let words = json!({ "title": seen["title"], "body": body });
            eva.put(&format!("/v1/documents/{copy}"), words).header("if-match", seen.header("etag")).await.expect(200)
        };
        assert_eq!(change("Elke halte, in vijf jaar.").await["revision"], 2);
        eva.post(&format!("/v1/networks/{there}/continuations"), json!({})).await.expect(201);
        // What was on its way to it is hers again, and the document is written here.
        let seen = eva.get(&format!("/v1/documents/{copy}?include=viewer")).await.expect(200);
        assert_eq!(seen["proposed"], Value::Null);
        assert_eq!(eva.get(&seen.text("/returnedDraft")).await.expect(200)["body"], "Elke halte, in vijf jaar.");
        assert_eq!(change("Elke halte, in vijf jaar.").await["revision"], 3);
        eva.post("/v1/networks/haltes/threads", json!({ "title": "Verder", "body": "We gaan door." })).await.expect(201);
        settle(&[&b]).await;
        let author = format!("http://{}/@ann", host(&a));
        make_key_up(&b, &author).await;

        // Somebody of an instance that never heard of the home joins it there.
        d.until(b.clock.now());
        let dan = again(d, "dan").await;
        let here = format!("haltes@{}", host(&b));
        dan.post(&format!("/v1/networks/{here}/memberships"), json!({})).await.expect(201);
        settle(&[&b, d]).await;
        let found = threads(&dan, &here).await;
        let mut titles: Vec<&str> = found.iter().map(|thread| thread["title"].as_str().unwrap()).collect();
        titles.sort_unstable();
        assert_eq!(titles, ["Van voor die tijd", "Verder"]);
        let old = found.iter().find(|thread| thread["title"] == "Van voor die tijd").unwrap();
        let ann_there = format!("ann@{}", host(&a));
        assert_eq!((&old["author"]["handle"], &old["createdAt"]), (&json!(ann_there), &before["createdAt"]));
        let answers = replies(&dan, old).await;
        let mut said: Vec<(&str, &str)> = answers.iter().map(|it| (it["author"]["handle"].as_str().unwrap(), it["body"].as_str().unwrap())).collect();
        let eva_there = format!("eva@{}", host(&b));
        // Which of two that came by different ways stands first is all the same.
        said.sort_unstable();
        assert_eq!(said, [(ann_there.as_str(), "Ik zelf."), (eva_there.as_str(), "Ik ook.")]);
        let documents = items(&dan, &format!("/v1/networks/{here}/documents")).await;
        let document = format!("/v1/documents/{}", documents[0]["id"].as_str().unwrap());
        assert_eq!((documents.len(), &documents[0]["revision"], &documents[0]["changedBy"]["handle"]), (1, &json!(3), &json!(eva_there)));
        for number in [1, 2] {
            let proof = dan.get(&format!("{document}/proof?revision={number}")).await.expect(200);
            assert_eq!((&proof["verdict"], &proof["signedBy"]), (&json!("proves"), &json!(author)));
            // By a key that the new home told of, and says so.
            assert_eq!(proof["key"]["toldBy"], host(&b));
            assert!(proof.text("/sentence").contains(&host(&b)), "{proof}");
        }
        assert_eq!(keys(d, &author).await, [Some(host(&b)), Some(host(&b))]);
        // At hers it was seen of her herself.
        let proof = eva.get(&format!("/v1/documents/{copy}/proof?revision=2")).await.expect(200);
        assert_eq!((&proof["verdict"], &proof["key"]["toldBy"]), (&json!("proves"), &Value::Null));
        // Served again, nothing is signed anew: the pages are the same to the letter.
        let page = format!("/networks/haltes/posts?after={}", "0".repeat(13));
        let once = b.anonymous().get(&page).await.expect(200);
        assert_eq!(once["orderedItems"].as_array().unwrap().len(), 4);
        assert_eq!(b.anonymous().get(&page).await.expect(200).body(), once.body());

        // The author is heard again: what was told of her keys counts no more, and her own proves it still.
        a.until(d.clock.now());
        a.come_back();
        d.pass(Duration::minutes(2));
        a.until(d.clock.now());
        let resolved = dan.get(&format!("/v1/search?resolve=true&query=@{ann_there}")).await.expect(200);
        assert!(resolved.body().contains("ann"), "{resolved}");
        dan.get(&format!("/v1/search?resolve=true&query={author}")).await.expect(200);
        assert_eq!(keys(d, &author).await, [None]);
        let proof = dan.get(&format!("{document}/proof?revision=2")).await.expect(200);
        assert_eq!((&proof["verdict"], &proof["key"]["toldBy"]), (&json!("proves"), &Value::Null));
    }
}
