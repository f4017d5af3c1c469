//! The small world that the table of who may do what is played on.

use std::collections::BTreeMap;

use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::harness::app::PASSWORD;
use crate::harness::files::zipped;
use crate::harness::{Client, On, TestApp};

pub struct World {
    /// Where it was built. Calls are made on copies.
    pub app: TestApp,
    people: BTreeMap<&'static str, Client>,
    /// What `{name}`, `{…:name}` and `<name>` in a row stand for.
    names: BTreeMap<&'static str, String>,
}

/// Builds it by HTTP, as its people would. Whoever adds a kind of thing adds one of it here and names it.
pub async fn build() -> World {
    // So that somebody waits for approval.
    let app = TestApp::start_with(On::Sqlite, |settings| settings.registration = "approval".into());
    let app = app.expect("SQLite is always there");
    let mut people = BTreeMap::new();
    for who in ["stranger", "member", "coordinator"] {
        people.insert(who, app.member(who).await);
    }
    people.insert("admin", app.admin("ada_admin").await);
    let mut world = World { app, people, names: BTreeMap::new() };
    networks(&mut world).await;
    digest(&mut world).await;
    accounts(&mut world).await;
    // Copies are made of it: what is under way there would stay so in each of them.
    world.app.settle().await;
    world
}

/// The first digest of the member, who then reads on; access tokens do not last that long.
async fn digest(world: &mut World) {
    world.app.pass(chrono::Duration::days(2));
    world.app.settle().await;
    // Invitations and the digest: what comes next is what is asked for next.
    while world.app.mailbox.take("member@example.org").is_some() {}
    let anonymous = world.app.anonymous();
    for (who, client) in &mut world.people {
        let handle = if *who == "admin" { "ada_admin" } else { who };
        *client = anonymous.sign_in(handle, PASSWORD).await;
    }
    let digests = world.people["member"].get("/v1/digests").await.expect(200);
    world.name("digest", &digests.text("/items/0/id"));
}

async fn accounts(world: &mut World) {
    let anonymous = world.app.anonymous();
    let member = anonymous.sign_in("member", PASSWORD).await;
    world.name("password", PASSWORD);
    world.name("handle", "member");
    world.name("nobody", "nobody");
    world.name("unknown", "01k9q3v8r0a7c");
    world.name("code", "GM0344");
    world.name("session", member.session.as_deref().unwrap());
    world.name("refresh", member.refresh.as_deref().unwrap());

    // Somebody who is invited by mail.
    let coordinator = anonymous.sign_in("coordinator", PASSWORD).await;
    let new = json!({ "email": "lezer@example.org" });
    let invited = coordinator.post("/v1/networks/public/invitations", new).await.expect(201);
    world.name("invitation", &invited.text("/id"));
    let link = world.app.mail_to("lezer@example.org").await.link();
    world.name("word", link.rsplit('/').next().unwrap());

    let account = json!({
        "handle": "waiting", "displayName": "Wil", "email": "waiting@example.org", "password": PASSWORD,
    });
    anonymous.post("/v1/accounts", account).await.expect(202);
    let word = world.app.mail_to("waiting@example.org").await.word();
    world.name("verification", &word);
    world.name("waiting", "waiting");

    anonymous
        .post("/v1/password-resets", json!({ "email": "member@example.org" }))
        .await
        .expect(202);
    let word = world.app.mail_to("member@example.org").await.word();
    world.name("reset", &word);
}

/// A network of each visibility, with a thread that has an attachment, a reply and a document of the member in each.
async fn networks(world: &mut World) {
    let on = world.app.anonymous();
    let coordinator = on.as_person(&world.people["coordinator"]);
    let member = on.as_person(&world.people["member"]);
    for visibility in ["public", "members", "hidden"] {
        let network = json!({
            "slug": visibility, "name": "Haltes", "description": "Voor iedereen.", "visibility": visibility,
            "joinPolicy": "invitation",
        });
        coordinator.post("/v1/networks", network).await.expect(201);
        let memberships = format!("/v1/networks/{visibility}/memberships");
        coordinator.post(&memberships, json!({ "handle": "member" })).await.expect(201);
        member.post(&memberships, json!({})).await.expect(201);
        let file = Part::text("De stoep is te hoog.").file_name("halte.txt");
        let file = Form::new().text("network", visibility).part("file", file);
        let file = member.call("POST", "/v1/attachments").form(file).await.expect(201).text("/id");
        let thread = json!({ "title": "Perron te laag", "body": "Wie herkent dit?", "attachments": [file] });
        let thread = member.post(&format!("/v1/networks/{visibility}/threads"), thread).await.expect(201);
        let replies = format!("/v1/threads/{}/replies", thread.text("/id"));
        let reply = member.post(&replies, json!({ "body": "Ik ook." })).await.expect(201);
        let documents = format!("/v1/networks/{visibility}/documents");
        let document = json!({ "kind": "plan", "title": "Haltes", "body": "Elke halte." });
        let document = member.post(&documents, document).await.expect(201);
        let names = match visibility {
            "public" => ["network", "thread", "reply", "document", "attachment"],
            "members" => {
                ["membersNetwork", "membersThread", "membersReply", "membersDocument", "membersAttachment"]
            }
            _ => ["hiddenNetwork", "hiddenThread", "hiddenReply", "hiddenDocument", "hiddenAttachment"],
        };
        world.name(names[0], visibility);
        world.name(names[1], &thread.text("/id"));
        world.name(names[2], &reply.text("/id"));
        world.name(names[3], &document.text("/id"));
        world.name(names[4], &file);
    }
    coordinators_edit(world, &coordinator, &member).await;
    let draft = format!("/v1/drafts/document/{}", world.names["document"]);
    member.put(&draft, json!({ "body": "Elke halte en elke bus." })).await.expect(200);
    world.name("draftKind", "document");
    for (who, name) in [("member", "offer"), ("stranger", "strangersOffer")] {
        let offer = json!({ "sentence": "Ik kan helpen met haltes." });
        let offer = on.as_person(&world.people[who]).post("/v1/help-offers", offer).await.expect(201);
        world.name(name, &offer.text("/id"));
    }
    let report = json!({ "kind": "thread", "id": world.names["thread"], "reason": "Dit hoort hier niet." });
    let report = on.as_person(&world.people["stranger"]).post("/v1/networks/public/reports", report);
    world.name("report", &report.await.expect(201).text("/id"));
    world.name("erasure", "0000000000000");
    world.name("beleid", "beleid");
    world.name("template", "minutes.nl");
    world.name("item", "invitations");
    let adoption = json!({ "network": "public", "municipality": "GM0344" });
    let adoptions = format!("/v1/documents/{}/adoptions", world.fill("<document>"));
    let adopted = member.post(&adoptions, adoption).await.expect(201);
    world.name("adopted", &adopted.text("/id"));
    let asked = member.call("POST", "/v1/networks/public/archives").await.expect(202);
    world.app.settle().await;
    let job = member.get(asked.header("location")).await.expect(200);
    world.name("archive", &job.text("/result/archive"));
    let admin = on.as_person(&world.people["admin"]);
    let block = json!({ "rule": "block", "reason": "Stuurt reclame." });
    admin.put("/v1/peer-rules/reclame.example", block).await.expect(200);
    world.name("host", "reclame.example");
    world.name("schema", "thread");
    world.name("number", "1");
    let folder = Part::bytes(zipped(&[("haltes.md", b"# Haltes\n\nElke halte.")])).file_name("map.zip");
    let imports = member.call("POST", "/v1/networks/public/document-imports");
    let job = imports.form(Form::new().part("file", folder)).await.expect(202);
    world.name("job", &job.text("/id"));
    world.name("kind", "thanks");
}

/// A network that leaves its documents to its coordinators, with one of the member.
async fn coordinators_edit(world: &mut World, coordinator: &Client, member: &Client) {
    let network = json!({
        "slug": "beleid", "name": "Beleid", "description": "Voor iedereen.", "documentsEditedBy": "coordinators",
    });
    coordinator.post("/v1/networks", network).await.expect(201);
    member.post("/v1/networks/beleid/memberships", json!({})).await.expect(201);
    // Something for the member's digest.
    let thread = json!({ "title": "Wie beslist?", "body": "De coördinatoren." });
    coordinator.post("/v1/networks/beleid/threads", thread).await.expect(201);
    let document = json!({ "kind": "note", "title": "Regels", "body": "Wie mag wat." });
    let document = member.post("/v1/networks/beleid/documents", document).await.expect(201);
    world.name("coordinatorsDocument", &document.text("/id"));
}

impl World {
    /// From here on rows may call this by its name.
    pub fn name(&mut self, name: &'static str, what: &str) {
        self.names.insert(name, what.to_owned());
    }

    /// One of the columns, as they speak to `app`.
    pub fn as_who(&self, app: &TestApp, who: &str) -> Client {
        match self.people.get(who) {
            Some(person) => app.anonymous().as_person(person),
            None => app.anonymous(),
        }
    }

    /// The text of a row with its names filled in.
    pub fn fill(&self, text: &str) -> String {
        let mut filled = text.to_owned();
        for (name, what) in &self.names {
            filled = filled.replace(&format!("<{name}>"), what);
        }
        // In a path only: JSON has braces of its own.
        if !text.starts_with('/') {
            return filled;
        }
        let mut pieces = filled.split('{');
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |mut whole, piece| {
            let (parameter, rest) = piece.split_once('}').expect("a closed brace");
            let name = parameter.split(':').next_back().unwrap_or_default();
            let what = self.names.get(name).unwrap_or_else(|| panic!("the world has no {name:?} for {text}"));
            whole.push_str(what);
            whole.push_str(rest);
            whole
        })
    }
}
