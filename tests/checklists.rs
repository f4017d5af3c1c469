//! A network's checklist: every item turns when the thing is done, and none before.

use chrono::Duration;
use serde_json::{Value, json};

use crate::attachments::{file, photo, upload};
use crate::both;
use crate::digests::back;
use crate::harness::{Client, TestApp};

const PATH: &str = "/v1/networks/halte/checklist";

async fn items(who: &Client) -> Vec<Value> {
    who.get(PATH).await.expect(200)["items"].as_array().cloned().unwrap_or_default()
}

/// The codes of what is done.
async fn done(who: &Client) -> Vec<String> {
    let done = items(who).await.into_iter().filter(|item| item["done"] == true);
    done.map(|item| item["code"].as_str().unwrap_or_default().to_owned()).collect()
}

async fn item(who: &Client, code: &str) -> Value {
    let found = items(who).await.into_iter().find(|item| item["code"] == code);
    found.unwrap_or_else(|| panic!("no {code}"))
}

/// That doing something made `code` done, and nothing else.
#[track_caller]
fn turned(before: &[String], after: &[String], code: &str) {
    let mut expected = before.to_vec();
    expected.push(code.to_owned());
    let (mut expected, mut after) = (expected, after.to_vec());
    expected.sort();
    after.sort();
    assert_eq!(after, expected, "{code}");
}

async fn thread(who: &Client, title: &str) -> String {
    let thread = json!({ "title": title, "body": "Wie weet hier meer van?" });
    who.post("/v1/networks/halte/threads", thread).await.expect(201).text("/id")
}

both! {
    async fn every_item_turns_when_it_is_done(app: &TestApp) {
        let (ann, bob, carla) = (app.member("ann").await, app.member("bob").await, app.member("carla").await);
        let network = json!({
            "slug": "halte", "name": "Toegankelijke haltes", "language": "nl",
            "description": "In dit netwerk delen mensen wat zij weten over [vul in: het onderwerp], en wat er in hun gemeente al goed geregeld is.",
        });
        ann.post("/v1/networks", network).await.expect(201);
        let first = ann.get(PATH).await.expect(200);
        assert_eq!((&first["network"]["slug"], &first["done"], &first["open"]), (&json!("halte"), &json!(0), &json!(15)));
        let mut before = done(&ann).await;
        macro_rules! turns {
            ($code:literal) => {
                let after = done(&ann).await;
                turned(&before, &after, $code);
                before = after;
            };
        }

        let described = "In dit netwerk delen mensen wat zij weten over haltes, en wat er in hun gemeente al goed geregeld is voor reizigers.";
        ann.patch("/v1/networks/halte", json!({ "description": described })).await.expect(200);
        turns!("description");
        ann.patch("/v1/networks/halte", json!({ "plainSummary": "Hier gaat het over haltes." })).await.expect(200);
        turns!("plain-summary");
        ann.patch("/v1/networks/halte", json!({ "themes": ["vervoer"] })).await.expect(200);
        assert_eq!(done(&ann).await, before, "a theme, and no municipality yet");
        ann.patch("/v1/networks/halte", json!({ "municipalities": ["GM0344"] })).await.expect(200);
        turns!("subjects");
        ann.patch("/v1/networks/halte", json!({ "ledByExperts": true })).await.expect(200);
        turns!("led-by-experts");
        let welcome = thread(&ann, "Welkom").await;
        turned(&before, &done(&ann).await, "first-thread");
        ann.patch(&format!("/v1/threads/{welcome}"), json!({ "pinned": true })).await.expect(200);
        let after = done(&ann).await;
        assert!(after.contains(&"welcome-thread".into()) && !after.contains(&"first-thread".into()), "a welcome asks nothing: {after:?}");
        before = after;
        let question = thread(&ann, "Wie kent een goede halte?").await;
        turns!("first-thread");
        ann.post("/v1/networks/halte/memberships", json!({ "handle": "bob" })).await.expect(201);
        turns!("invitations");
        let by_mail = json!({ "email": "dirk@example.org" });
        ann.post("/v1/networks/halte/invitations", by_mail).await.expect(201);
        turns!("mail-invitations");
        for who in [&bob, &carla] {
            assert!(!before.contains(&"founders".into()));
            who.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
        }
        turns!("founders");
        ann.patch("/v1/networks/halte/memberships/bob", json!({ "role": "coordinator" })).await.expect(200);
        turns!("second-coordinator");
        bob.post("/v1/networks/halte/documents", json!({ "template": "minutes.nl" })).await.expect(201);
        turns!("first-document");
        bob.post("/v1/networks/halte/documents", json!({ "template": "accessible-meetings.en" })).await.expect(201);
        turns!("agreements");
        let image = file("halte.jpg", photo()).text("descriptionWanted", "true");
        let image = upload(&ann, image).await.expect(201).text("/id");
        let shown = json!({ "title": "De halte", "body": "Zie de foto.", "attachments": [image] });
        let shown = ann.post("/v1/networks/halte/threads", shown).await.expect(201).text("/id");
        assert_eq!(done(&ann).await, before, "an image that nobody described yet");
        bob.patch(&format!("/v1/attachments/{image}"), json!({ "alt": "Een stoep, hoger dan de bus." })).await.expect(200);
        turns!("described-image");

        // Within a week somebody else answers what was asked; and the digest of Tuesday tells of it.
        for (who, asked) in [(&bob, &question), (&ann, &question), (&carla, &shown)] {
            who.post(&format!("/v1/threads/{asked}/replies"), json!({ "body": "Bij ons in de straat." })).await.expect(201);
        }
        assert_eq!(done(&ann).await, before);
        app.pass(Duration::days(2));
        app.settle().await;
        let ann = back(app, "ann").await;
        let after = done(&ann).await;
        turned(&before, &after, "first-digest");
        before = after;
        assert_eq!(item(&ann, "first-digest").await["doneAt"].as_str().map(|at| &at[..10]), Some("2026-11-25"));
        let late = thread(&ann, "Wie weet een lift?").await;
        app.pass(Duration::days(6));
        let ann = back(app, "ann").await;
        let after = done(&ann).await;
        turned(&before, &after, "answers");
        assert_eq!(ann.get(PATH).await.expect(200)["open"], 0);
        // The late one went eight days without an answer of somebody else.
        ann.post(&format!("/v1/threads/{late}/replies"), json!({ "body": "Niemand?" })).await.expect(201);
        app.pass(Duration::days(2));
        let carla = back(app, "carla").await;
        carla.post(&format!("/v1/threads/{late}/replies"), json!({ "body": "Bij het station." })).await.expect(201);
        let ann = back(app, "ann").await;
        assert_eq!(done(&ann).await, before, "done and undone is open again");
    }

    async fn the_list_says_what_to_do_and_what_does_not_suit_is_put_aside(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let network = json!({ "slug": "halte", "name": "Toegankelijke haltes", "description": "Voor iedereen.", "language": "nl" });
        ann.post("/v1/networks", network).await.expect(201);
        bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
        bob.get(PATH).await.problem(403, "coordinators_only");
        let agreements = item(&ann, "agreements").await;
        assert_eq!(agreements["sentence"], "Spreek af hoe u toegankelijk samenkomt.");
        assert_eq!(agreements["action"], json!({
            "operation": "createDocument", "method": "POST", "path": "/networks/halte/documents", "template": "accessible-meetings.nl",
        }));
        let english = ann.get(PATH).header("accept-language", "en").await.expect(200);
        assert_eq!(english["items"][0]["sentence"], "Write in ordinary words what the network is about and whom you look for.");
        let known = kring::web::openapi::value()["paths"].as_object().expect("paths");
        for item in items(&ann).await {
            let action = &item["action"];
            let path = action["path"].as_str().expect("a path").replace("/halte", "/{network}");
            let method = action["method"].as_str().expect("a method").to_lowercase();
            assert_eq!(known[&path][&method]["operationId"], action["operation"], "{item}");
            assert!(item["why"].as_str().is_some_and(|why| why.len() > 20), "{item}");
        }

        let aside = format!("{PATH}/described-image/dismissal");
        bob.put(&aside, json!({})).await.problem(403, "coordinators_only");
        for _ in 0..2 {
            ann.call("PUT", &aside).await.expect(204);
        }
        let list = ann.get(PATH).await.expect(200);
        assert_eq!((&list["done"], &list["open"]), (&json!(0), &json!(14)));
        assert_eq!(item(&ann, "described-image").await["dismissed"], true);
        ann.delete(&aside).await.expect(204);
        assert_eq!(item(&ann, "described-image").await["dismissed"], false);
        ann.call("PUT", &format!("{PATH}/nothing/dismissal")).await.problem(404, "not_found");
        app.pass(Duration::days(30));
        assert_eq!(app.mails_to("ann@example.org").await, [], "it nags nobody");
    }
}
