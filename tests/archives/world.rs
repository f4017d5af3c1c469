//! A network in which there is something of everything that an archive can hold.

use chrono::Duration;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::attachments::{file, photo, upload};
use crate::harness::files::fixture;
use crate::harness::{Client, TestApp};

/// A network with everything that people do in one. Returns who coordinates it and who belongs to it.
pub async fn network(app: &TestApp) -> (Client, Client) {
    let (ann, bob, cleo) = (app.member("ann").await, app.member("bob").await, app.member("cleo").await);
    let network = json!({
        "slug": "halte", "name": "Toegankelijke haltes", "description": "Voor **iedereen**, ook voor @bob.",
        "visibility": "members", "themes": ["vervoer"], "municipalities": ["GM0344"], "crpdArticles": [9], "language": "nl",
        "plainSummary": "Iedereen moet met de bus kunnen.\nDoe je mee?", "seekingHelp": ["vervoer", "taal"],
        "seekingPeople": true, "joinPolicy": "request", "documentsEditedBy": "members",
    });
    ann.post("/v1/networks", network).await.expect(201);
    for who in [&bob, &cleo] {
        let handle = who.handle();
        ann.post("/v1/networks/halte/memberships", json!({ "handle": handle })).await.expect(201);
        who.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
    }
    conversations(app, &ann, &bob).await;
    app.pass(Duration::minutes(3));
    let plan = documents(app, &ann, &bob).await;
    adopted(&ann, &bob, &plan).await;
    // What she wrote stays, under her handle; and what she deleted says nothing of her.
    let gone = json!({ "title": "Weg", "body": "Dit is geheim.", "language": "nl" });
    let gone = cleo.post("/v1/networks/halte/threads", gone).await.expect(201);
    let kept = json!({ "body": "Jammer, @cleo." });
    bob.post(&format!("{}/replies", gone.header("location")), kept).await.expect(201);
    cleo.delete(gone.header("location")).header("if-match", "*").await.expect(204);
    let last = json!({ "title": "Ik stop ermee", "body": "Het ga jullie goed." });
    cleo.post("/v1/networks/halte/threads", last).await.expect(201);
    cleo.delete("/v1/account").await.expect(204);
    app.settle().await;
    (ann, bob)
}

/// What bob has besides: of everything that an archive of one's own lists, something.
pub async fn own(bob: &Client) {
    let draft = json!({ "body": "Een half plan.", "plainSummary": "Half.", "themes": ["vervoer"] });
    bob.put("/v1/drafts/new-document/halte", draft).await.expect(200);
    let thread =
        json!({ "title": "Wie komt er?", "body": "Ik neem taart mee.", "plainSummary": "Er is taart." });
    let thread =
        bob.post("/v1/networks/bron/threads", thread).await.expect(201).header("location").to_owned();
    let later = json!({ "body": "Ik neem koek mee.", "plainSummary": "Er is koek." });
    bob.patch(&thread, later).header("if-match", "*").await.expect(200);
    let reply = bob.post(&format!("{thread}/replies"), json!({ "body": "Tot dan." })).await.expect(201);
    bob.put(&format!("{thread}/read-state"), json!({ "reply": reply["id"] })).await.expect(200);
    let offer =
        json!({ "sentence": "Ik help met vervoer.", "themes": ["vervoer"], "municipalities": ["GM0344"] });
    bob.post("/v1/help-offers", offer).await.expect(201);
}

async fn conversations(app: &TestApp, ann: &Client, bob: &Client) {
    let kept = upload(ann, file("stoep.jpg", photo()).text("alt", "Een hoge \"stoep\".")).await.expect(201);
    let body = format!("Zie ![de stoep]({}). Wie herkent dit, @bob?", kept.text("/content"));
    let thread = json!({
        "title": "De stoep <is> te hoog", "body": body, "attachments": [kept.text("/id")], "plainSummary": "De stoep.",
    });
    let thread = ann.post("/v1/networks/halte/threads", thread).await.expect(201);
    let path = thread.header("location").to_owned();
    let replies = format!("{path}/replies");
    let mut parent: Option<String> = None;
    let mut written = Vec::new();
    for (who, body) in [(bob, "Ik ook."), (ann, "Waar?"), (bob, "Bij de kerk."), (ann, "Dank je.")] {
        app.pass(Duration::minutes(1));
        let mut reply = json!({ "body": body });
        if let Some(parent) = &parent {
            reply["parent"] = json!(parent);
        }
        let reply = who.post(&replies, reply).await.expect(201);
        parent = Some(reply.text("/id"));
        written.push(reply);
    }
    let notes = upload(bob, file("notities.txt", "Twaalf centimeter.")).await.expect(201);
    let aside = json!({ "body": "# Terzijde\n\nIn het Engels.", "language": "en", "attachments": [notes.text("/id")] });
    bob.post(&replies, aside).await.expect(201);
    let edit = json!({ "body": "Bij de kerk, aan de noordkant." });
    bob.patch(written[2].header("location"), edit).header("if-match", "*").await.expect(200);
    ann.delete(written[1].header("location")).header("if-match", "*").await.expect(204);
    bob.put(&format!("{path}/reactions/recognise"), json!({})).await.expect(200);
    ann.put(&format!("/v1/replies/{}/reactions/thanks", written[0].text("/id")), json!({}))
        .await
        .expect(200);
    let clearer =
        json!({ "title": "De stoep is te hoog", "plainSummary": "Je komt met een rolstoel de bus niet in." });
    ann.patch(&path, clearer).header("if-match", "*").await.expect(200);
    ann.patch(&path, json!({ "pinned": true, "locked": true }))
        .header("if-match", "*")
        .await
        .expect(200);
}

/// A plan with a file that came by way of two networks and took over what changed since, and the plan at `path` in easy
/// words and in another language, which lags behind.
async fn adopted(ann: &Client, bob: &Client, path: &str) {
    for (slug, name) in [("bron", "De bron"), ("tussen", "Ertussen")] {
        let other = json!({ "slug": slug, "name": name, "description": "Voor iedereen." });
        bob.post("/v1/networks", other).await.expect(201);
    }
    let notes = Part::bytes(fixture("kop.docx")).file_name("verslag.docx");
    let notes = Form::new().text("network", "bron").part("file", notes);
    let notes = bob.call("POST", "/v1/attachments").form(notes).await.expect(201);
    let plan = json!({
        "kind": "plan", "title": "Plan van elders", "body": "Elke bus.\n\n## Wie\n\nDe gemeente.",
        "plainSummary": "De bus is voor iedereen.", "attachments": [notes.text("/id")],
    });
    let plan = bob.post("/v1/networks/bron/documents", plan).await.expect(201);
    let between = adopt(bob, plan.header("location"), "tussen", "GM0193").await;
    let here = adopt(ann, &between, "halte", "GM0344").await;
    let later = json!({ "title": "Plan van elders", "body": "Elke bus.\n\n## Wie\n\nDe gemeente.\n\n## Wanneer\n\nIn mei." });
    bob.put(&between, later).header("if-match", "*").await.expect(200);
    let taken = json!({ "revision": 2, "others": "theirs" });
    ann.post(&format!("{here}/upstream/_takeover"), taken)
        .header("if-match", "*")
        .await
        .expect(200);
    let easy = json!({ "kind": "easyRead", "title": "Haltes, makkelijk", "body": "Elke halte is goed.", "plainSummary": "Haltes worden beter." });
    bob.post(&format!("{path}/variants"), easy).await.expect(201);
    let english = json!({ "kind": "translation", "title": "All stops", "body": "Every stop.", "language": "en", "revision": 2 });
    bob.post(&format!("{path}/variants"), english).await.expect(201);
}

/// Adopts a document; the path of the new one.
pub async fn adopt(who: &Client, document: &str, network: &str, municipality: &str) -> String {
    let wish = json!({ "network": network, "municipality": municipality });
    let adopted = who.post(&format!("{document}/adoptions"), wish).await.expect(201);
    adopted.header("location").to_owned()
}

pub async fn documents(app: &TestApp, ann: &Client, bob: &Client) -> String {
    let kept = upload(ann, file("halte.jpg", photo()).text("descriptionWanted", "true")).await.expect(201);
    let body =
        format!("# Visie\n\n![halte]({})\n\n| maat | cm |\n|---|---|\n| stoep | 12 |", kept.text("/content"));
    let plan = json!({
        "kind": "plan", "title": "Plan voor haltes: het begin", "body": body, "themes": ["vervoer"],
        "municipalities": ["GM0344"], "crpdArticles": [9], "attachments": [kept.text("/id")],
        "plainSummary": "Een plan.",
    });
    let plan = ann.post("/v1/networks/halte/documents", plan).await.expect(201);
    let path = plan.header("location").to_owned();
    for (body, summary) in [
        ("## Visie\n\nElke halte.", json!("Elke halte wordt beter.")),
        ("## Visie\n\nElke halte, elke bus.", json!(null)),
    ] {
        app.pass(Duration::minutes(1));
        let revision = json!({ "title": "Plan voor haltes", "body": body, "plainSummary": summary });
        bob.put(&path, revision).header("if-match", "*").await.expect(200);
    }
    let restore = ann.call("POST", &format!("{path}/revisions/1/_restore"));
    restore.header("if-match", "*").await.expect(200);
    path
}
