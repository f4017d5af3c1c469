//! Taking back what left: what was deleted is gone everywhere, and what was asked of whom and who confirmed is on record.

use diesel::prelude::*;
use kring::error::Error;
use kring_db::schema::{activities, remote_objects, signed_copies};
use serde_json::{Value, json};

use super::across::{beside, host, items, open, replies, settle, threads, trying};
use super::documents::hold;
use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Client, TestApp};

/// How many rows still tell of a text: of what was sent, of what came, and of what is kept as it was signed.
async fn telling(app: &TestApp, text: &'static str) -> i64 {
    let count = app.kring.db.read(move |conn| {
        let like = format!("%{text}%");
        let sent: i64 = activities::table.filter(activities::payload.like(&like)).count().get_result(conn)?;
        let came: i64 =
            remote_objects::table.filter(remote_objects::activity.like(&like)).count().get_result(conn)?;
        let kept: i64 =
            signed_copies::table.filter(signed_copies::activity.like(&like)).count().get_result(conn)?;
        Ok::<_, Error>(sent + came + kept)
    });
    count.await.unwrap()
}

/// How often something was asked to be deleted.
async fn asked_to_delete(app: &TestApp, address: String) -> i64 {
    let count = app.kring.db.read(move |conn| {
        let like = format!("%\"{address}\"%");
        let deletes = activities::payload.like("%\"Delete\"%").and(activities::payload.like(like));
        Ok::<_, Error>(activities::table.filter(deletes).count().get_result(conn)?)
    });
    count.await.unwrap()
}

/// How often a network told on that a person did something to themselves.
async fn announced(app: &TestApp, network: &str, kind: &str, person: &str) -> usize {
    let payloads = app
        .kring
        .db
        .read(|conn| Ok::<_, Error>(activities::table.select(activities::payload).load(conn)?));
    let payloads: Vec<String> = payloads.await.unwrap();
    let told = payloads.iter().map(|payload| serde_json::from_str::<Value>(payload).unwrap());
    let about = |it: &Value| it["object"]["object"] == *person || it["object"]["object"]["id"] == *person;
    told.filter(|it| it["actor"] == *network && it["object"]["type"] == *kind && about(it)).count()
}

/// What an erasure comes to: what, why, how many things, how many were asked and confirmed.
fn told(erasure: &Value) -> (&str, &str, i64, i64, i64) {
    let number = |name: &str| erasure[name].as_i64().unwrap();
    let word = |name: &str| erasure[name].as_str().unwrap();
    (word("kind"), word("reason"), number("objects"), number("asked"), number("confirmed"))
}

async fn network(who: &Client, slug: &str) {
    let network =
        json!({ "slug": slug, "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
    who.post("/v1/networks", network).await.expect(201);
}

async fn start(who: &Client, network: &str, title: &str, body: &str) -> Value {
    let thread = json!({ "title": title, "body": body });
    who.post(&format!("/v1/networks/{network}/threads"), thread).await.expect(201).json
}

async fn note(who: &Client, network: &str, body: &str) -> String {
    let note = json!({ "kind": "note", "title": "Afspraak", "body": body });
    who.post(&format!("/v1/networks/{network}/documents"), note).await.expect(201).text("/id")
}

both! {
    [trying]
    async fn what_is_deleted_or_left_out_is_taken_back_from_everybody_who_got_it(home: &TestApp) {
        let away = beside();
        open(home).await;
        open(&away).await;
        let (ann, bob) = (home.member("ann").await, home.member("bob").await);
        let (eva, iris, otto) = (away.member("eva").await, away.member("iris").await, away.member("otto").await);
        for slug in ["haltes", "liften"] {
            network(&ann, slug).await;
        }
        let there = |slug: &str| format!("{slug}@{}", host(home));
        for slug in ["haltes", "liften"] {
            bob.post(&format!("/v1/networks/{slug}/memberships"), json!({})).await.expect(201);
        }
        for (who, slug) in [(&eva, "haltes"), (&iris, "haltes"), (&otto, "haltes"), (&eva, "liften")] {
            who.post(&format!("/v1/networks/{}/memberships", there(slug)), json!({})).await.expect(201);
        }
        let gone = start(&ann, "haltes", "Perron", "Mijn geheime telefoonnummer.").await;
        let stays = start(&bob, "haltes", "Klep", "Te steil.").await;
        start(&ann, "liften", "Lift", "Kapot.").await;
        settle(home, &away).await;
        let hers = threads(&eva, &there("haltes")).await;
        assert_eq!(hers.len(), 2);
        let klep = hers.iter().find(|it| it["title"] == "Klep").unwrap().clone();
        for who in [&eva, &iris] {
            let own = json!({ "body": "Hier ook." });
            who.post(&format!("/v1/threads/{}/replies", klep["id"].as_str().unwrap()), own).await.expect(201);
        }
        settle(home, &away).await;
        assert!(telling(home, "telefoonnummer").await > 0 && telling(&away, "telefoonnummer").await > 0);

        // One thing: gone there too, text and all, and everybody whom it concerns sees who confirmed.
        ann.delete(&format!("/v1/threads/{}", gone["id"].as_str().unwrap())).await.expect(204);
        settle(home, &away).await;
        assert_eq!(threads(&eva, &there("haltes")).await.len(), 1);
        assert_eq!((telling(home, "telefoonnummer").await, telling(&away, "telefoonnummer").await), (0, 0));
        let record = items(&ann, "/v1/networks/haltes/erasures").await;
        assert_eq!(told(&record[0]), ("thread", "deleted", 1, 1, 1));
        assert_eq!(items(&ann, "/v1/erasures?mine=true").await, record);
        let asked = items(&ann, &format!("/v1/erasures/{}/instances", record[0]["id"].as_str().unwrap())).await;
        assert_eq!((&asked[0]["host"], &asked[0]["state"], &asked[0]["problem"]), (&json!(host(&away)), &json!("confirmed"), &json!(null)));
        assert_eq!(items(&bob, "/v1/erasures?mine=true").await, [json!(null); 0]);
        bob.get("/v1/networks/haltes/erasures").await.problem(403, "coordinators_only");

        // A document: asked of who follows no more, too.
        let (listed, eva_there) = (format!("/v1/networks/{}/documents", there("liften")), format!("/v1/networks/{}/memberships", there("liften")));
        let plan = note(&ann, "liften", "Mijn geheime pincode.").await;
        settle(home, &away).await;
        assert_eq!(items(&away.anonymous(), &listed).await.len(), 1);
        assert!(telling(home, "pincode").await > 0 && telling(&away, "pincode").await > 0);
        eva.delete(&format!("{eva_there}/eva")).await.expect(204);
        settle(home, &away).await;
        ann.delete(&format!("/v1/documents/{plan}")).await.expect(204);
        settle(home, &away).await;
        assert_eq!(items(&away.anonymous(), &listed).await, [json!(null); 0]);
        assert_eq!((telling(home, "pincode").await, telling(&away, "pincode").await), (0, 0));
        let record = items(&ann, "/v1/networks/liften/erasures").await;
        assert_eq!((record.len(), told(&record[0])), (1, ("document", "deleted", 1, 1, 1)));
        assert_eq!(items(&ann, "/v1/erasures?mine=true").await[0], record[0]);
        // One that still waits for who is away is not told after all.
        eva.post(&eva_there, json!({})).await.expect(201);
        settle(home, &away).await;
        hold(home, &away, 2).await;
        let plan = note(&ann, "liften", "Mijn geheime kluiscode.").await;
        home.settle().await;
        assert!(telling(home, "kluiscode").await > 0);
        ann.delete(&format!("/v1/documents/{plan}")).await.expect(204);
        home.settle().await;
        assert_eq!(telling(home, "kluiscode").await, 0);
        hold(home, &away, 0).await;
        settle(home, &away).await;
        assert_eq!((telling(&away, "kluiscode").await, items(&eva, &listed).await.len()), (0, 0));
        assert_eq!(told(&items(&ann, "/v1/networks/liften/erasures").await[0]), ("document", "deleted", 1, 1, 1));
        // Her own, of a network elsewhere: its home is asked, once, and asks those who follow it.
        let hers = note(&eva, &there("liften"), "Mijn geheime adres.").await;
        settle(home, &away).await;
        assert_eq!(items(&ann, "/v1/networks/liften/documents").await.len(), 1);
        eva.delete(&format!("/v1/documents/{hers}")).await.expect(204);
        settle(home, &away).await;
        assert_eq!(items(&ann, "/v1/networks/liften/documents").await.len(), 0);
        assert_eq!((telling(home, "geheime adres").await, telling(&away, "geheime adres").await), (0, 0));
        assert_eq!(asked_to_delete(&away, format!("{}/documents/{hers}", away.base)).await, 1);
        assert_eq!(told(&items(&eva, "/v1/erasures?mine=true").await[0]), ("document", "deleted", 1, 1, 1));
        assert_eq!(told(&items(&ann, "/v1/networks/liften/erasures").await[0]), ("document", "deleted", 1, 1, 1));

        // Somebody says something else of themselves, and then goes, on either side. What they wrote stays. A network in
        // which nobody read their name tells nothing of it: that they belong there is nobody's to know.
        bob.patch("/v1/account", json!({ "displayName": "Bob Jansen" })).await.expect(200);
        settle(home, &away).await;
        assert_eq!(threads(&eva, &there("haltes")).await[0]["author"]["displayName"], "Bob Jansen");
        let (haltes, liften) = (format!("{}/networks/haltes", home.base), format!("{}/networks/liften", home.base));
        let him = format!("{}/@bob", home.base);
        assert_eq!((announced(home, &haltes, "Update", &him).await, announced(home, &liften, "Update", &him).await), (1, 0));
        for leaver in [&bob, &iris, &otto] {
            leaver.delete("/v1/account").json(&json!({ "password": PASSWORD })).await.expect(204);
        }
        settle(home, &away).await;
        for (who, times) in [("iris", 1), ("otto", 0)] {
            let them = format!("{}/@{who}", away.base);
            assert_eq!(announced(home, &haltes, "Delete", &them).await, times, "{who}");
        }
        let author = threads(&eva, &there("haltes")).await[0]["author"].clone();
        assert_eq!((&author["closed"], author["displayName"].as_str()), (&json!(true), Some("bob")));
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);
        let admin = home.anonymous().sign_in("ada", PASSWORD).await;
        let all = items(&admin, "/v1/erasures").await;
        assert_eq!(told(&all[0]), ("person", "closed", 1, 1, 1));

        // A network goes to nobody any more: everything of it is taken back, and it stands at home as before.
        let tag = ann.get("/v1/networks/haltes").await.expect(200).header("etag").to_owned();
        ann.patch("/v1/networks/haltes", json!({ "federation": "none" })).header("if-match", &tag).await.expect(200);
        settle(home, &away).await;
        assert_eq!(threads(&away.anonymous(), &there("haltes")).await.len(), 0);
        let membership = format!("/v1/networks/{}/memberships/eva", there("haltes"));
        assert_eq!(eva.get(&membership).await.expect(200)["state"], "refused");
        assert_eq!((threads(&ann, "haltes").await.len(), replies(&ann, &stays).await.len()), (1, 2));
        let record = items(&ann, "/v1/networks/haltes/erasures").await;
        assert_eq!(told(&record[0]), ("network", "narrowed", 3, 1, 1));
        start(&ann, "haltes", "Later", "Alleen hier.").await;
        settle(home, &away).await;
        assert_eq!(threads(&away.anonymous(), &there("haltes")).await.len(), 0);

        // An instance is blocked: it is asked all the same, and answers.
        let block = json!({ "rule": "block", "reason": "Stuurt reclame." });
        admin.put(&format!("/v1/peer-rules/{}", host(&away)), block).await.expect(200);
        settle(home, &away).await;
        assert_eq!(threads(&away.anonymous(), &there("liften")).await.len(), 0);
        assert_eq!(ann.get("/v1/networks/liften").await.expect(200)["memberCount"], 1);
        assert_eq!(told(&items(&admin, "/v1/erasures").await[0]), ("network", "narrowed", 1, 1, 1));
    }
}
