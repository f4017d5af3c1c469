//! Taking along and bringing back: a document, a network, everything of one's own.

#[path = "archives/hostile.rs"]
mod hostile;
#[path = "archives/moved.rs"]
mod moved;
#[path = "archives/office.rs"]
mod office;
#[path = "archives/shape.rs"]
mod shape;
#[path = "archives/told.rs"]
mod told;
#[path = "archives/world.rs"]
mod world;

use std::collections::BTreeMap;
use std::io::Cursor;
use std::process::Output;

use chrono::Duration;
use kring::clock::Clock;
use kring_archive::{Archive, Limits};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::both;
use crate::cli::{printed, refused};
use crate::harness::app::PASSWORD;
use crate::harness::files::unzipped;
use crate::harness::{Client, On, Response, TestApp, kring};
use world::{documents, network};

/// Where the first instance is.
const HOME: &str = "https://kring.example";

/// Runs `kring` on the data of the application, as the instance that it is.
fn beside(app: &TestApp, arguments: &[&str]) -> Output {
    let data = app.data();
    kring(&data, arguments)
        .env("KRING_DATA", &data)
        .env("KRING_DATABASE_URL", &app.kring.config.database_url)
        .env("KRING_PUBLIC_URL", app.kring.config.public_url.as_str())
        .output()
        .unwrap()
}

/// Another instance, on this database.
fn another(on: On, address: &str) -> Option<TestApp> {
    TestApp::start_with(on, |settings| settings.public_url = address.into())
}

/// The database that the application is on, and the other one.
fn here_and_there(app: &TestApp) -> (On, On) {
    match app.kring.db.dialect() {
        kring_db::Dialect::Sqlite => (On::Sqlite, On::Postgres),
        kring_db::Dialect::Postgres => (On::Postgres, On::Sqlite),
    }
}

/// The job that an answer began, once it has ended.
async fn ended(app: &TestApp, who: &Client, begun: Response) -> Response {
    let path = begun.expect(202).header("location").to_owned();
    app.settle().await;
    who.get(&path).await.expect(200)
}

/// What came of a job that went well.
async fn result(app: &TestApp, who: &Client, begun: Response) -> Value {
    let job = ended(app, who, begun).await;
    assert_eq!(job["state"], "done", "{job}");
    job["result"].clone()
}

/// What the problem of a job that did not go well says: its code, and the codes of its fields.
async fn problem(app: &TestApp, who: &Client, begun: Response) -> Vec<String> {
    let job = ended(app, who, begun).await;
    assert_eq!(job["state"], "failed", "{job}");
    let fields = job["problem"]["errors"].as_array().cloned().unwrap_or_default();
    let code = job["problem"]["code"].clone();
    [code]
        .iter()
        .chain(fields.iter().map(|field| &field["code"]))
        .map(|code| code.as_str().unwrap().to_owned())
        .collect()
}

/// Sends an archive to be brought in.
async fn send(who: &Client, bytes: Vec<u8>, fields: &[(&'static str, &'static str)]) -> Response {
    let form = Form::new().part("file", Part::bytes(bytes).file_name("archief.zip"));
    let form = fields.iter().fold(form, |form, (name, value)| form.text(*name, *value));
    who.call("POST", "/v1/network-imports").form(form).await
}

/// The checksum of every entry of an archive, save those that tell of its making.
fn entries(bytes: &[u8]) -> BTreeMap<String, [u8; 32]> {
    let archive = Archive::open(Cursor::new(bytes), Limits::default()).unwrap();
    let all = archive.checksums().into_iter();
    all.filter(|(name, _)| *name != "manifest.json")
        .map(|(name, sum)| (name.to_owned(), sum))
        .collect()
}

/// A page that stands by itself has its style in it, and is else as all pages.
fn readable(html: &str) {
    let (before, rest) = html.split_once("<style>").unwrap();
    crate::harness::html::check(&format!("{before}{}", rest.split_once("</style>").unwrap().1));
}

/// The archive that whoever runs the server makes by the command line.
fn exported(app: &TestApp, slug: &str) -> Vec<u8> {
    let path = app.data().join(format!("{slug}.zip"));
    let _ = std::fs::remove_file(&path);
    printed(&beside(app, &["export", "--network", slug, "--out", path.to_str().unwrap()]));
    std::fs::read(path).unwrap()
}

both! {
    [|settings| settings.public_url = HOME.into()]
    async fn a_network_is_taken_along_and_brought_back_as_it_was(app: &TestApp) {
        let (ann, bob) = network(app).await;
        bob.put("/v1/drafts/new-document/halte", json!({ "body": "Een half plan." })).await.expect(200);
        // It is over, and what was learned in it is not.
        ann.patch("/v1/networks/halte", json!({ "archived": true })).header("if-match", "*").await.expect(200);
        let taken = result(app, &ann, ann.call("POST", "/v1/networks/halte/archives").await).await;
        let path = taken["location"].as_str().unwrap();
        let archive = ann.get(path).await.expect(200);
        assert_eq!(archive.header("content-disposition"), "attachment; filename=\"kring-halte-2026-11-23.zip\"; filename*=UTF-8''kring-halte-2026-11-23.zip");
        assert_eq!(archive.bytes.len(), taken["size"].as_u64().unwrap() as usize);
        let part = ann.get(path).header("range", "bytes=0-3").await.expect(206);
        assert_eq!(part.bytes, b"PK\x03\x04");
        // It names the members, and is for those who run the network.
        bob.get(path).await.problem(404, "not_found");
        let bytes = archive.bytes.clone();
        let all: String = unzipped(&bytes).into_values().collect();
        for private in ["@example.org", "Een half plan."] {
            assert!(!all.contains(private), "{private}");
        }
        assert_eq!(entries(&bytes), entries(&exported(app, "halte")), "the command line makes the same");
        shape::check(&bytes);
        let mut opened = Archive::open(Cursor::new(&bytes), Limits::default()).unwrap();
        let pages: Vec<String> = opened.entries().map(|(name, _)| name.to_owned()).filter(|name| name.ends_with(".html")).collect();
        assert_eq!(pages.len(), 8, "the way in, three conversations and four documents: {pages:?}");
        let mut credits = 0;
        for page in pages {
            let html = opened.text(&page, 1 << 20).unwrap();
            readable(&html);
            credits += html.matches("‘Plan van elders’, geschreven in het netwerk De bron van kring.example").count();
            assert!(!html.contains("src=\"/") && !html.contains("src=\"http") && !html.contains("href=\"/"), "{page} reads without internet\n{html}");
        }
        assert_eq!(credits, 1, "who wrote the adopted plan is told with it");

        // On another instance, on the other database.
        let (here, there) = here_and_there(app);
        if let Some(elsewhere) = another(there, "https://elders.example") {
            brought_in(&elsewhere, &bytes).await;
        }
        // And on a new one in place of the first, by whoever runs it.
        let again = another(here, HOME).unwrap();
        let zip = app.data().join("halte.zip");
        let told = printed(&beside(&again, &["import", zip.to_str().unwrap()]));
        assert!(told.starts_with("halte: 3 conversations, 6 replies, 4 documents, 4 files, as they were on kring.example"), "{told}");
        assert_eq!(entries(&bytes), entries(&exported(&again, "halte")));
        // Handles are addresses: who had one here is not somebody new.
        let person = again.anonymous().get("/v1/persons/bob").await.expect(200);
        assert_eq!(person["displayName"], "bob de Vries");
        given_back(&again).await;
        // What comes after that is his, too.
        exported(app, "bron");
        printed(&beside(&again, &["import", app.data().join("bron.zip").to_str().unwrap()]));

        // A week later it is gone.
        app.pass(Duration::days(8));
        let ann = app.anonymous().sign_in("ann", PASSWORD).await;
        ann.get(path).await.problem(404, "not_found");
        let kept = app.data().join("files/archives");
        let app = app.kring.clone();
        tokio::task::spawn_blocking(move || kring::archives::jobs::sweep(&app)).await.unwrap().unwrap();
        assert_eq!(std::fs::read_dir(kept).unwrap().count(), 0);
    }

    [|settings| settings.public_url = HOME.into()]
    async fn members_take_along_what_they_read_and_no_list_of_each_other(app: &TestApp) {
        let (ann, bob) = network(app).await;
        let taken = result(app, &bob, bob.call("POST", "/v1/networks/halte/archives").await).await;
        let path = taken["location"].as_str().unwrap();
        let bytes = bob.get(path).await.expect(200).bytes;
        let names: Vec<String> = entries(&bytes).into_keys().collect();
        assert!(!names.iter().any(|name| name == "members.json"), "{names:?}");
        assert!(names.iter().any(|name| name == "persons.json"));
        ann.get(path).await.expect(200);
        let stranger = app.member("stranger").await;
        stranger.get(path).await.problem(404, "not_found");
        stranger.call("POST", "/v1/networks/halte/archives").await.problem(403, "members_only");
        // Who left has no way to it any more.
        bob.delete("/v1/networks/halte/memberships/bob").await.expect(204);
        bob.get(path).await.problem(404, "not_found");
        ann.get(path).await.expect(200);
    }
}

/// Three jobs of somebody that no worker comes to, or all that they asked for ended at a moment.
async fn under_way(app: &TestApp, handle: &str, ended: Option<kring_db::Time>) {
    use diesel::prelude::*;
    use kring_db::schema::{accounts, asked_jobs, persons};
    let handle = handle.to_owned();
    let write = move |tx: &mut kring_db::Tx, cx: &kring::app::Context| {
        let account: i64 = accounts::table
            .inner_join(persons::table)
            .filter(persons::handle.eq(&handle))
            .select(accounts::id)
            .first(tx.conn())?;
        if let Some(ended) = ended {
            let open = asked_jobs::table
                .filter(asked_jobs::finished_at.is_null().and(asked_jobs::account_id.eq(account)));
            let change = (asked_jobs::state.eq("failed"), asked_jobs::finished_at.eq(ended));
            diesel::update(open).set(change).execute(tx.conn())?;
            return Ok(());
        }
        for _ in 0..3 {
            let row = (
                asked_jobs::id.eq(cx.id::<i64>()),
                asked_jobs::account_id.eq(account),
                asked_jobs::kind.eq("account_export"),
                asked_jobs::state.eq("running"),
                asked_jobs::request.eq("{}"),
                asked_jobs::done.eq(0),
                asked_jobs::has_file.eq(false),
                asked_jobs::created_at.eq(cx.now()),
            );
            diesel::insert_into(asked_jobs::table).values(row).execute(tx.conn())?;
        }
        Ok(())
    };
    app.kring.write_for_anyone(write).await.unwrap();
}

both! {
    async fn everything_of_ones_own_is_taken_along_and_nothing_of_others(app: &TestApp) {
        let (_, bob) = network(app).await;
        world::own(&bob).await;
        app.pass(Duration::days(7));
        app.settle().await;
        let anew = async |handle: &str| app.anonymous().sign_in(handle, PASSWORD).await;
        let (ann, bob) = (anew("ann").await, anew("bob").await);
        let taken = result(app, &bob, bob.call("POST", "/v1/account/exports").await).await;
        for (list, count) in [("threads", 1), ("replies", 5), ("revisions", 7), ("files", 2), ("reactions", 1), ("drafts", 1)] {
            assert_eq!(taken["counts"][list], count, "{list} in {taken}");
        }
        assert!(taken["counts"].as_object().unwrap().values().all(|count| *count != 0), "something of everything: {taken}");
        // The plan that she adopted came with a file of his, which is no file of hers.
        let hers = result(app, &ann, ann.call("POST", "/v1/account/exports").await).await;
        assert_eq!(hers["counts"]["files"], 2, "{hers}");
        under_way(app, "bob", None).await;
        bob.call("POST", "/v1/account/exports").await.problem(409, "too_many_jobs");
        bob.call("POST", "/v1/networks/halte/archives").await.problem(409, "too_many_jobs");
        ann.call("POST", "/v1/account/exports").await.expect(202);
        under_way(app, "bob", Some(app.clock.now())).await;
        // One was made and three were begun; ten a day are kept for a week.
        for _ in 0..6 {
            bob.call("POST", "/v1/account/exports").await.expect(202);
            app.settle().await;
        }
        bob.call("POST", "/v1/account/exports").await.problem(429, "too_many");
        let path = taken["location"].as_str().unwrap();
        ann.get(path).await.problem(404, "not_found");
        let bytes = bob.get(path).await.expect(200).bytes;
        shape::check_own(&bytes);
        let texts = unzipped(&bytes);
        assert!(texts["drafts.json"].contains("Een half plan."), "{:?}", texts.keys());
        for list in ["threads.json", "earlier-versions.json", "revisions.json", "drafts.json"] {
            assert!(texts[list].contains("\"plainSummary\":\""), "{list}: {}", texts[list]);
        }
        assert!(texts["account.json"].contains("bob@example.org"));
        assert!(texts["replies.json"].contains("\"threadTitle\":\"De stoep is te hoog\""), "{}", texts["replies.json"]);
        assert!(texts["earlier-versions.json"].contains("Bij de kerk."));
        assert!(texts.values().any(|text| text == "Twaalf centimeter."), "his file");
        let all: String = texts.values().cloned().collect();
        for others in ["Wie herkent dit", "ann@example.org", "cleo@example.org", "Dank je."] {
            assert!(!all.contains(others), "{others}");
        }
        readable(&texts["index.html"]);
        readable(&texts["written.html"]);
        assert!(texts["written.html"].contains("noordkant"));
    }
}

/// Whoever runs the new instance gives bob his handle back, with what stands under it.
async fn given_back(app: &TestApp) {
    let give = |handle: &str, email: &str| {
        beside(app, &["admin", "accounts", "create", handle, email, "--brought-in"])
    };
    let taken = refused(&beside(app, &["admin", "accounts", "create", "bob", "bob@example.org"]));
    assert!(taken.contains("the handle bob is taken"), "{taken}");
    let told = printed(&give("bob", "bob@example.org"));
    assert_eq!(told, "@bob has an account and gets a mail to choose a password.\n");
    for (handle, email, complaint) in [
        ("bob", "eve@example.org", "the handle bob is taken"),
        ("cleo", "cleo@example.org", "no archive brought in anybody with the handle cleo"),
        ("nobody", "nobody@example.org", "no archive brought in anybody with the handle nobody"),
    ] {
        let told = refused(&give(handle, email));
        assert!(told.contains(complaint), "{handle}: {told}");
    }
    // The other process goes by the clock on the wall.
    app.clock.set(Clock::default().now());
    let chosen = json!({ "token": app.mail_to("bob@example.org").await.word(), "newPassword": PASSWORD });
    app.anonymous().post("/v1/password-resets/_complete", chosen).await.expect(204);
    let bob = app.anonymous().sign_in("bob", PASSWORD).await;
    let taken = result(app, &bob, bob.call("POST", "/v1/account/exports").await).await;
    assert_eq!(
        (&taken["counts"]["replies"], &taken["counts"]["memberships"]),
        (&json!(4), &json!(0)),
        "{taken}"
    );
}

/// Brings the network in on another instance, looks at it there, and makes the same archive of it.
async fn brought_in(app: &TestApp, bytes: &[u8]) {
    let (admin, member) = (app.admin("ada_admin").await, app.member("ann").await);
    send(&member, bytes.to_vec(), &[]).await.problem(403, "admin_only");
    let brought = result(app, &admin, send(&admin, bytes.to_vec(), &[("coordinate", "true")]).await).await;
    assert_eq!(brought["location"], "/v1/networks/halte");
    assert_eq!(brought["from"], "kring.example");
    assert_eq!(brought["counts"]["replies"], 6);

    let network = admin.get("/v1/networks/halte?include=threads,documents").await.expect(200);
    assert_eq!((&network["threadCount"], &network["documentCount"]), (&json!(2), &json!(4)));
    assert_eq!(
        (&network["state"], &network["seekingHelp"]),
        (&json!("archived"), &json!(["taal", "vervoer"]))
    );
    assert_eq!(network["plainSummary"], "Iedereen moet met de bus kunnen.\nDoe je mee?");
    assert_eq!(network["memberCount"], 1, "nobody becomes a member but who says so");
    let threads = admin.get("/v1/networks/halte/threads").await.expect(200);
    let pinned = &threads["items"][0];
    assert_eq!(pinned["title"], "De stoep is te hoog");
    assert_eq!(pinned["author"]["handle"], "ann@kring.example");
    assert_eq!(
        (&pinned["pinned"], &pinned["locked"], &pinned["reactions"]["recognise"]),
        (&json!(true), &json!(true), &json!(1))
    );
    let id = pinned["id"].as_str().unwrap();
    assert_eq!(pinned["plainSummary"], "Je komt met een rolstoel de bus niet in.");
    let earlier = admin.get(&format!("/v1/threads/{id}/versions")).await.expect(200);
    assert_eq!(earlier.each("plainSummary"), ["De stoep."]);
    let tree = admin.get(&format!("/v1/threads/{id}/replies")).await.expect(200);
    let told: Vec<(Value, Value)> = tree.each("depth").into_iter().zip(tree.each("deleted")).collect();
    let plain = |depth: i64, deleted: bool| (json!(depth), json!(deleted));
    assert_eq!(told, [plain(0, false), plain(1, true), plain(2, false), plain(3, false), plain(0, false)]);
    let edited = tree["items"][2]["id"].as_str().unwrap().to_owned();
    let versions = admin.get(&format!("/v1/replies/{edited}/versions")).await.expect(200);
    assert_eq!(versions.each("body"), ["Bij de kerk."]);
    // Its photo came along, and is shown where it was.
    let image = pinned["attachments"][0]["content"].as_str().unwrap();
    assert!(admin.get(&format!("/v1/threads/{id}")).await.expect(200).text("/bodyHtml").contains(image));
    assert_eq!(admin.get(image).await.expect(200).header("content-type"), "image/jpeg");
    // It is found, also by whom it is not from here; somebody with the same handle is somebody else.
    let found = admin.get("/v1/search?query=noordkant").await.expect(200);
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    member.get("/v1/networks/halte/threads").await.problem(403, "members_only");
    let documents = admin.get("/v1/networks/halte/documents").await.expect(200);
    let called = |title: &str| {
        let found = documents["items"].as_array().unwrap().iter().find(|document| document["title"] == title);
        found.unwrap_or_else(|| panic!("no {title} in {documents}")).clone()
    };
    let plan = called("Plan voor haltes: het begin");
    assert_eq!((&plan["revision"], &plan["createdAt"]), (&json!(4), &json!("2026-11-23T09:07:00.000Z")));
    // Where it comes from stays with it: here nobody else knows.
    let page = async |document: &Value| {
        let path = format!("/v1/documents/{}?include=attachments", document["id"].as_str().unwrap());
        admin.get(&path).await.expect(200)
    };
    let adopted = page(&called("Plan van elders")).await;
    let (lineage, source) = (&adopted["lineage"], &adopted["lineage"]["source"]);
    assert_eq!(
        (&source["network"]["name"], &source["revision"], &lineage["seenRevision"]),
        (&json!("Ertussen"), &json!(1), &json!(2)),
        "{adopted}"
    );
    assert_eq!(lineage["origins"][0]["network"]["name"], "De bron", "{adopted}");
    assert!(
        adopted.text("/body").contains("In mei.")
            && adopted.text("/lineage/attribution").contains("bob de Vries")
    );
    assert_eq!(
        adopted["attachments"][0]["uploader"]["handle"], "bob@kring.example",
        "whose file it was: {adopted}"
    );
    let variant = |of: &Response| {
        json!([of["variantOf"]["document"], of["variantOf"]["kind"], of["variantOf"]["behind"]])
    };
    assert_eq!(variant(&page(&called("Haltes, makkelijk")).await), json!([plan["id"], "easyRead", 0]));
    assert_eq!(variant(&page(&called("All stops")).await), json!([plan["id"], "translation", 2]));
    // What stands in its files is found as well.
    let found = admin.get("/v1/search?query=aanwezig").await.expect(200);
    assert_eq!(found.each("title"), ["Plan van elders"], "{found}");
    assert_eq!(app.mails_to("ann@example.org").await, [], "history is no news");
    assert_eq!(app.mails_to("ada_admin@example.org").await, []);

    assert_eq!(problem(app, &admin, send(&admin, bytes.to_vec(), &[]).await).await, ["already_here"]);
    let other = send(&admin, bytes.to_vec(), &[("slug", "haltes")]).await;
    assert_eq!(problem(app, &admin, other).await, ["already_here"]);
    send(&admin, bytes.to_vec(), &[("slug", "halte")]).await.problem(409, "slug_taken");

    // Who coordinates it here is in no archive of what came.
    let mut there = entries(&exported(app, "halte"));
    let mut here = entries(bytes);
    let (with, without) = (there.remove("members.json"), here.remove("members.json"));
    assert_ne!(with, without);
    let strange: Vec<&String> = there.keys().filter(|name| there.get(*name) != here.get(*name)).collect();
    // She is a person of it now, as whoever wrote something is.
    assert_eq!(strange, ["persons.json"]);
    assert_eq!(there.len(), here.len());
}

both! {
    async fn a_document_is_taken_along_as_one_file(app: &TestApp) {
        let ann = app.member("ann").await;
        let network = json!({ "slug": "halte", "name": "Haltes", "description": "Voor iedereen." });
        ann.post("/v1/networks", network).await.expect(201);
        documents(app, &ann, &ann).await;
        let document = ann.get("/v1/networks/halte/documents").await.expect(200);
        let id = document["items"][0]["id"].as_str().unwrap();
        let markdown = app.anonymous().get(&format!("/v1/documents/{id}/export")).await.expect(200);
        assert_eq!(markdown.header("content-type"), "text/markdown; charset=utf-8");
        assert_eq!(
            markdown.header("content-disposition"),
            "attachment; filename=\"Plan-voor-haltes-het-begin.md\"; filename*=UTF-8''Plan-voor-haltes-het-begin.md"
        );
        let text = markdown.body();
        let (front, body) = text.strip_prefix("---\n").unwrap().split_once("\n---\n\n").unwrap();
        for line in [
            "title: \"Plan voor haltes: het begin\"",
            "lang: \"nl\"",
            "author: [\"ann de Vries\"]",
            "license: \"CC-BY-4.0\"",
            "revision: 4",
            "keywords: [\"vervoer\"]",
        ] {
            assert!(front.lines().any(|known| known == line), "{line} in\n{front}");
        }
        assert!(body.starts_with("# Visie\n\n![halte](http://127.0.0.1"), "{body}");
        let known = app.anonymous().get(&format!("/v1/documents/{id}/export"));
        known.header("if-none-match", markdown.header("etag")).await.expect(304);

        let page = app.anonymous().get(&format!("/v1/documents/{id}/export?format=html")).await.expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        let html = page.body();
        readable(&html);
        assert!(html.contains("<html lang=\"nl\""), "{html}");
        assert!(html.contains("<th scope=\"col\">maat</th>"), "{html}");
        assert!(html.contains("data:image/jpeg;base64,"), "its image is in it");
        assert!(!html.contains("<script") && !html.contains("src=\"http"), "it loads nothing");
        let faults = app.anonymous().get(&format!("/v1/documents/{id}/export?format=docx")).await.faults();
        assert_eq!(faults, ["?format not_allowed"]);
    }
}
