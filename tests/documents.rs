//! What a network writes together: documents, every save of them, and what differs between two.

#[path = "documents/finding.rs"]
mod finding;
#[path = "documents/revisions.rs"]
mod revisions;

use chrono::Duration;
use serde_json::{Value, json};

use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Client, Response, TestApp};

/// The network `halte` of ann, who coordinates, and bob.
async fn network(app: &TestApp, settings: Value) -> (Client, Client) {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let mut network = json!({
        "slug": "halte", "name": "Toegankelijke haltes", "description": "Voor iedereen.", "language": "nl",
    });
    network.as_object_mut().unwrap().extend(settings.as_object().unwrap().clone());
    ann.post("/v1/networks", network).await.expect(201);
    ann.post("/v1/networks/halte/memberships", json!({ "handle": "bob" })).await.expect(201);
    bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
    (ann, bob)
}

async fn public(app: &TestApp) -> (Client, Client) {
    network(app, json!({ "visibility": "public" })).await
}

const DOCUMENTS: &str = "/v1/networks/halte/documents";

/// A plan of somebody in `halte`.
async fn plan(who: &Client, title: &str, body: &str) -> Response {
    who.post(DOCUMENTS, json!({ "kind": "plan", "title": title, "body": body })).await.expect(201)
}

/// Saves new words, made from what `seen` shows.
async fn save(who: &Client, seen: &Response, title: &str, body: &str) -> Response {
    let words = json!({ "title": title, "body": body });
    who.put(&path(seen), words).header("if-match", seen.header("etag")).await
}

fn path(document: &Response) -> String {
    format!("/v1/documents/{}", document.text("/id"))
}

both! {
    async fn a_document_comes_back_as_it_was_written(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let document = json!({
            "kind": "plan", "title": "Alle haltes in tien jaar", "body": "# Visie\n\nIedereen *kan* mee.",
            "language": "nl-NL", "municipalities": ["GM0344", "GM0193"], "themes": ["Openbaar vervoer", "haltes"],
            "crpdArticles": [20, 9, 9],
        });
        let created = ann.post(DOCUMENTS, document).await.expect(201);
        assert_eq!(created.header("location"), path(&created));
        assert_eq!(created["kind"], "plan");
        assert_eq!(created["title"], "Alle haltes in tien jaar");
        assert_eq!(created["body"], "# Visie\n\nIedereen *kan* mee.");
        assert_eq!(created["bodyHtml"], "<h2>Visie</h2>\n<p>Iedereen <em>kan</em> mee.</p>\n");
        assert_eq!(created["excerpt"], "Iedereen kan mee.");
        assert_eq!(created["language"], "nl-NL");
        assert_eq!(created["network"]["slug"], "halte");
        assert_eq!(created["municipalities"], json!([
            { "code": "GM0193", "name": "Zwolle" }, { "code": "GM0344", "name": "Utrecht" },
        ]));
        assert_eq!(created["themes"], json!(["haltes", "openbaar-vervoer"]));
        assert_eq!(created["crpdArticles"], json!([9, 20]));
        assert_eq!(created["revision"], 1);
        assert_eq!(created["createdBy"]["handle"], "ann");
        assert_eq!(created["changedBy"]["role"], "coordinator");
        assert_eq!(created["changedAt"], created["createdAt"]);
        assert_eq!(created["attachments"], json!([]));

        let seen = bob.get(&path(&created)).await.expect(200);
        let anonymous = app.anonymous().get(&path(&created)).await.expect(200);
        assert_eq!(seen.json, anonymous.json, "the same for everyone");
        assert_eq!(seen.header("etag"), created.header("etag"));
        assert_eq!(seen["body"], created["body"]);
        assert_eq!(seen.json.get("attachments"), None, "only where asked for");

        let shown = app.anonymous().get("/v1/networks").await.expect(200);
        assert_eq!(shown["items"][0]["documentCount"], 1);
    }

    async fn a_document_takes_the_language_of_its_network(app: &TestApp) {
        let (ann, _) = network(app, json!({ "language": "fy" })).await;
        let document = plan(&ann, "Haltes", "Oer haltes.").await;
        assert_eq!(document["language"], "fy");
    }

    async fn members_write_and_strangers_read(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let (stranger, anonymous) = (app.member("carla").await, app.anonymous());
        let document = plan(&ann, "Haltes", "Elke halte.").await;
        let new = json!({ "kind": "note", "title": "Van buiten", "body": "Tekst." });
        stranger.post(DOCUMENTS, new.clone()).await.problem(403, "members_only");
        anonymous.post(DOCUMENTS, new).await.problem(401, "sign_in_required");
        for outsider in [&stranger, &anonymous] {
            outsider.get(&path(&document)).await.expect(200);
            assert_eq!(outsider.get(DOCUMENTS).await.expect(200).each("title"), ["Haltes"]);
        }
        save(&stranger, &document, "Haltes", "Van buiten.").await.problem(403, "members_only");
        save(&anonymous, &document, "Haltes", "Van buiten.").await.problem(401, "sign_in_required");
        // A document is the network's: whoever wrote it makes no difference.
        let changed = save(&bob, &document, "Haltes", "Elke halte en elke bus.").await.expect(200);
        assert_eq!((&changed["createdBy"]["handle"], &changed["changedBy"]["handle"]), (&json!("ann"), &json!("bob")));
    }

    async fn what_is_in_a_network_for_members_is_for_members(app: &TestApp) {
        let (ann, bob) = network(app, json!({ "visibility": "members" })).await;
        let (stranger, anonymous) = (app.member("carla").await, app.anonymous());
        let document = plan(&ann, "Haltes", "Elke halte.").await;
        bob.get(&path(&document)).await.expect(200);
        for outsider in [&stranger, &anonymous] {
            outsider.get(DOCUMENTS).await.problem(403, "members_only");
            for piece in ["", "/revisions", "/revisions/1", "/revisions/1/differences"] {
                outsider.get(&format!("{}{piece}", path(&document))).await.problem(404, "not_found");
            }
        }
        save(&stranger, &document, "Haltes", "Van buiten.").await.problem(404, "not_found");
    }

    async fn a_stranger_cannot_see_that_a_hidden_document_exists(app: &TestApp) {
        let (ann, bob) = network(app, json!({ "visibility": "hidden" })).await;
        let stranger = app.member("carla").await;
        let document = plan(&ann, "Haltes", "Elke halte.").await;
        bob.get(&path(&document)).await.expect(200);
        stranger.get(DOCUMENTS).await.problem(404, "not_found");
        let hidden = stranger.get(&path(&document)).await.problem(404, "not_found");
        let nowhere = stranger.get("/v1/documents/0000000000000").await.problem(404, "not_found");
        assert_eq!(hidden.json, nowhere.json, "as if there were none");
        stranger.patch(&path(&document), json!({})).header("if-match", "*").await.problem(404, "not_found");
        stranger.put(&format!("{}/read-state", path(&document)), json!({})).await.problem(404, "not_found");
    }

    async fn a_network_may_leave_its_documents_to_its_coordinators(app: &TestApp) {
        let (ann, bob) = network(app, json!({ "documentsEditedBy": "coordinators" })).await;
        let document = plan(&bob, "Haltes", "Elke halte.").await;
        save(&bob, &document, "Haltes", "Anders.").await.problem(403, "coordinators_only");
        let label = bob.patch(&path(&document), json!({ "kind": "note" })).header("if-match", "*");
        label.await.problem(403, "coordinators_only");
        save(&ann, &document, "Haltes", "Anders.").await.expect(200);
        let restore = format!("{}/revisions/1/_restore", path(&document));
        let restored = bob.call("POST", &restore).header("if-match", "*").await;
        restored.problem(403, "coordinators_only");

        ann.patch("/v1/networks/halte", json!({ "documentsEditedBy": "members" })).await.expect(200);
        let seen = bob.get(&path(&document)).await.expect(200);
        save(&bob, &seen, "Haltes", "Weer anders.").await.expect(200);
    }

    async fn the_screen_says_what_its_viewer_may_do(app: &TestApp) {
        let (ann, bob) = network(app, json!({ "documentsEditedBy": "coordinators" })).await;
        let document = plan(&ann, "Haltes", "Elke halte.").await;
        let screen = format!("{}?include=viewer", path(&document));
        let viewer = ann.get(&screen).await.expect(200)["viewer"].clone();
        assert_eq!(viewer["allowed"], json!(["edit", "restore", "label", "attach", "create", "remove"]));
        assert_eq!((&viewer["role"], &viewer["unread"]), (&json!("coordinator"), &json!(0)));

        let seen = bob.get(&screen).header("accept-language", "nl").await.expect(200);
        assert_eq!(seen["viewer"]["allowed"], json!(["create"]));
        assert_eq!(seen["viewer"]["unread"], 1);
        assert_eq!(seen["reading"], json!({ "revision": null, "unread": 1 }));
        assert_eq!(seen["viewer"]["denied"][0], json!({
            "action": "edit", "code": "coordinators_only",
            "sentence": "Dit kan alleen een coördinator van het netwerk.",
        }));

        let anonymous = app.anonymous().get(&screen).await.expect(200);
        assert_eq!(anonymous["viewer"]["allowed"], json!([]));
        assert_eq!(anonymous["viewer"]["denied"][0]["code"], "sign_in_required");
        assert_eq!(anonymous.json.get("reading"), None);
    }

    async fn an_archived_network_keeps_its_documents_as_they_are(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let document = plan(&ann, "Haltes", "Elke halte.").await;
        ann.patch("/v1/networks/halte", json!({ "archived": true })).await.expect(200);
        for who in [&ann, &bob] {
            let new = json!({ "kind": "note", "title": "T", "body": "B" });
            who.post(DOCUMENTS, new).await.problem(403, "network_archived");
            save(who, &document, "Haltes", "Anders.").await.problem(403, "network_archived");
            let restore = format!("{}/revisions/1/_restore", path(&document));
            let restored = who.call("POST", &restore).header("if-match", "*").await;
            restored.problem(403, "network_archived");
            who.get(&path(&document)).await.expect(200);
            who.put(&format!("{}/read-state", path(&document)), json!({})).await.expect(200);
        }
    }

    async fn the_list_shows_what_changed_last_and_pages(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let mut written = Vec::new();
        for number in 1..=5 {
            app.pass(Duration::minutes(1));
            written.push(plan(&ann, &format!("Plan {number}"), "Tekst.").await);
        }
        app.pass(Duration::minutes(1));
        save(&bob, &written[1], "Plan 2", "Nieuwe tekst.").await.expect(200);

        let first = bob.get(&format!("{DOCUMENTS}?limit=2")).await.expect(200);
        assert_eq!(first.each("title"), ["Plan 2", "Plan 5"]);
        assert_eq!(first["items"][0]["reading"], json!({ "revision": 2, "unread": 0 }), "he wrote it");
        assert_eq!(first["items"][1]["reading"], json!({ "revision": null, "unread": 1 }));
        assert_eq!(first["items"][0].get("body"), None, "a list is no place for long texts");
        assert_eq!(first["items"][0]["excerpt"], "Nieuwe tekst.");
        let mut titles = first.each("title");
        let mut next = first["nextCursor"].clone();
        while let Some(cursor) = next.as_str() {
            // What is written meanwhile comes in front and disturbs nothing.
            app.pass(Duration::minutes(1));
            plan(&ann, "Intussen", "Tekst.").await;
            let page = bob.get(&format!("{DOCUMENTS}?limit=2&cursor={cursor}")).await.expect(200);
            titles.extend(page.each("title"));
            next = page["nextCursor"].clone();
        }
        assert_eq!(titles, ["Plan 2", "Plan 5", "Plan 4", "Plan 3", "Plan 1"]);

        for broken in ["cursor=x", "cursor=1-2", "limit=-1", "limit=0", "limit=101"] {
            let name = broken.split('=').next().unwrap();
            let faults = bob.get(&format!("{DOCUMENTS}?{broken}")).await.faults();
            assert_eq!(faults, [format!("?{name} {name}")]);
        }
    }

    async fn the_list_finds_by_kind_and_subject(app: &TestApp) {
        let (ann, _) = public(app).await;
        let write = async |kind: &str, title: &str, municipality: &str, theme: &str, article: i64| {
            let document = json!({
                "kind": kind, "title": title, "body": "Tekst.", "municipalities": [municipality],
                "themes": [theme], "crpdArticles": [article],
            });
            ann.post(DOCUMENTS, document).await.expect(201)
        };
        write("plan", "Haltes", "GM0344", "vervoer", 9).await;
        let house = write("guide", "Wonen", "GM0193", "wonen", 19).await;
        write("plan", "Bussen", "GM0193", "vervoer", 20).await;
        for (query, titles) in [
            ("kind=plan", vec!["Bussen", "Haltes"]),
            ("municipality=GM0193", vec!["Bussen", "Wonen"]),
            ("municipality=GM0193&theme=vervoer", vec!["Bussen"]),
            ("crpdArticle=19", vec!["Wonen"]),
            ("kind=minutes", vec![]),
        ] {
            assert_eq!(ann.get(&format!("{DOCUMENTS}?{query}")).await.expect(200).each("title"), titles, "{query}");
        }
        let relabelled = ann.patch(&path(&house), json!({ "themes": ["vervoer"], "kind": "note" }));
        relabelled.header("if-match", "*").await.expect(200);
        let found = ann.get(&format!("{DOCUMENTS}?theme=vervoer&kind=note")).await.expect(200);
        assert_eq!(found.each("title"), ["Wonen"]);
        assert_eq!(ann.get(&format!("{DOCUMENTS}?theme=wonen")).await.expect(200).each("title"), [""; 0]);
        let wrong = format!("{DOCUMENTS}?kind=poem&municipality=?&theme=!&crpdArticle=51");
        assert_eq!(ann.get(&wrong).await.faults(), [
            "?crpdArticle article", "?kind not_allowed", "?municipality municipality_code", "?theme theme",
        ]);
        assert_eq!(ann.get(&format!("{DOCUMENTS}?colour=blue")).await.faults(), ["?colour unknown_parameter"]);
    }

    async fn what_stands_beside_the_text_changes_without_a_revision(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let document = plan(&ann, "Haltes", "Elke halte.").await;
        let label = |seen: &Response, change: Value| {
            bob.patch(&path(seen), change).header("if-match", seen.header("etag"))
        };
        app.pass(Duration::minutes(5));
        let change = json!({ "kind": "guide", "municipalities": ["GM0344"], "crpdArticles": [9] });
        let labelled = label(&document, change.clone()).await.expect(200);
        assert_eq!(labelled["kind"], "guide");
        assert_eq!(labelled["municipalities"][0]["name"], "Utrecht");
        assert_eq!((&labelled["revision"], &labelled["changedAt"]), (&json!(1), &document["changedAt"]));
        assert_ne!(labelled.header("etag"), document.header("etag"), "the ETag moves");
        let stale = label(&document, json!({ "kind": "note" })).await.problem(412, "stale");
        assert_eq!(stale["currentEtag"], labelled.header("etag"));
        save(&ann, &document, "Haltes", "Van eerder.").await.problem(412, "stale");

        let same = label(&labelled, change).await.expect(200);
        assert_eq!(same.header("etag"), labelled.header("etag"), "nothing changed");
        assert_eq!(label(&labelled, json!({})).await.expect(200).header("etag"), labelled.header("etag"));
        let cleared = label(&labelled, json!({ "municipalities": [] })).await.expect(200);
        assert_eq!((&cleared["municipalities"], &cleared["crpdArticles"]), (&json!([]), &json!([9])));
        let revised = save(&ann, &cleared, "Haltes", "Elke bus.").await.expect(200);
        assert_eq!((&revised["kind"], &revised["crpdArticles"]), (&json!("guide"), &json!([9])));
        bob.patch(&path(&document), json!({ "kind": "note" })).await.problem(428, "if_match_required");
    }

    async fn a_wrong_request_hears_of_every_fault_at_once(app: &TestApp) {
        let (ann, _) = public(app).await;
        assert_eq!(ann.post(DOCUMENTS, json!({})).await.faults(), ["/body required", "/kind required", "/title required"]);
        let everything = json!({
            "kind": "poem", "title": "  ", "body": "\u{0}", "language": "double dutch", "municipalities": ["De Bilt"],
            "themes": ["!"], "crpdArticles": [51], "attachments": ["x"], "colour": "blue",
        });
        assert_eq!(ann.post(DOCUMENTS, everything).await.faults(), [
            "/attachments/0 unknown_attachment", "/body control_characters", "/colour unknown_field",
            "/crpdArticles/0 article", "/kind not_allowed", "/language language",
            "/municipalities/0 municipality_code", "/themes/0 theme", "/title empty",
        ]);
        let unknown = json!({ "kind": "plan", "title": "T", "body": "B", "municipalities": ["GM9999"] });
        assert_eq!(ann.post(DOCUMENTS, unknown).await.faults(), ["/municipalities unknown_municipality"]);

        let document = plan(&ann, "Haltes", "Elke halte.").await;
        let put = async |body: Value| ann.put(&path(&document), body).header("if-match", "*").await;
        assert_eq!(put(json!({})).await.faults(), ["/body required", "/title required"]);
        let mixed = json!({ "title": 5, "body": "", "language": null, "kind": "note" });
        assert_eq!(put(mixed).await.faults(), ["/body empty", "/kind unknown_field", "/title wrong_type"]);
        let patch = async |body: Value| ann.patch(&path(&document), body).header("if-match", "*").await;
        assert_eq!(patch(json!({ "title": "T", "kind": null, "themes": "x", "municipalities": ["GM9999x!"] })).await.faults(), [
            "/kind not_null", "/municipalities/0 municipality_code", "/themes wrong_type", "/title unknown_field",
        ]);
        assert_eq!(patch(json!({ "municipalities": ["GM9999"] })).await.faults(), ["/municipalities unknown_municipality"]);
        let include = ann.get(&format!("{}?include=replies", path(&document))).await;
        assert_eq!(include.faults(), ["?include not_allowed"]);
        for nowhere in ["/revisions/0", "/revisions/2", "/revisions/-1", "/revisions/x", "/revisions/9223372036854775808"] {
            ann.get(&format!("{}{nowhere}", path(&document))).await.problem(404, "not_found");
        }
        let seen = ann.get(&path(&document)).await.expect(200);
        assert_eq!((&seen["revision"], seen.header("etag")), (&json!(1), document.header("etag")));
    }

    async fn a_document_may_be_long(app: &TestApp) {
        let (ann, _) = public(app).await;
        let most = "é".repeat(300_000);
        let document = plan(&ann, "Lang", &most).await;
        assert_eq!(document["body"].as_str().unwrap().chars().count(), 300_000);
        assert_eq!(save(&ann, &document, "Lang", &format!("{most}x")).await.faults(), ["/body too_long"]);
        let too_much = json!({ "title": "Lang", "body": "x".repeat(10 * 1024 * 1024) });
        let answer = ann.put(&path(&document), too_much).header("if-match", "*").await;
        answer.problem(413, "too_large");
    }

    async fn sending_twice_under_one_key_makes_one_document(app: &TestApp) {
        let (ann, _) = public(app).await;
        let send = |title: &str| {
            let document = json!({ "kind": "note", "title": title, "body": "Tekst." });
            ann.post(DOCUMENTS, document).header("idempotency-key", "k1")
        };
        let first = send("Een").await.expect(201);
        let again = send("Een").await.expect(201);
        assert_eq!((again.json.clone(), again.header("etag")), (first.json.clone(), first.header("etag")));
        assert_eq!(again.header("idempotency-replayed"), "true");
        send("Twee").await.problem(409, "idempotency_key_reused");
        assert_eq!(ann.get(DOCUMENTS).await.expect(200).each("title"), ["Een"]);
    }

    async fn a_document_carries_files(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let upload = async |who: &Client, name: &str| {
            let part = reqwest::multipart::Part::bytes(b"Inhoud.".to_vec()).file_name(name.to_owned());
            let form = reqwest::multipart::Form::new().text("network", "halte").part("file", part);
            who.call("POST", "/v1/attachments").form(form).await.expect(201)
        };
        let (first, second) = (upload(&ann, "een.txt").await, upload(&bob, "twee.txt").await);
        let document = json!({ "kind": "plan", "title": "Haltes", "body": "Zie de bijlage.", "attachments": [first["id"]] });
        let document = ann.post(DOCUMENTS, document.clone()).await.expect(201);
        assert_eq!(document["attachments"][0]["fileName"], "een.txt");
        assert_eq!(document["attachments"][0]["target"], json!({ "kind": "document", "id": document["id"] }));
        app.anonymous().get(&first.text("/content")).await.expect(200);

        let add = |who: &Client, file: &Response, etag: &str| {
            who.patch(&path(&document), json!({ "attachments": [file["id"]] })).header("if-match", etag)
        };
        let not_hers = add(&ann, &second, document.header("etag")).await;
        assert_eq!(not_hers.faults(), ["/attachments unknown_attachment"]);
        let added = add(&bob, &second, document.header("etag")).await.expect(200);
        assert_eq!(added["attachments"].as_array().unwrap().len(), 2);
        assert_ne!(added.header("etag"), document.header("etag"));
        let again = add(&bob, &second, added.header("etag")).await.expect(200);
        assert_eq!(again.header("etag"), added.header("etag"), "it is there already");

        ann.delete(first.header("location")).await.expect(204);
        let seen = ann.get(&format!("{}?include=attachments", path(&document))).await.expect(200);
        assert_eq!(seen["attachments"][0]["fileName"], "twee.txt");
        assert_eq!(seen["attachments"].as_array().unwrap().len(), 1);
    }

    async fn what_somebody_wrote_stays_when_they_go(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let document = plan(&bob, "Haltes", "Elke halte.").await;
        bob.delete("/v1/account").await.expect(204);
        app.settle().await;
        let seen = ann.get(&path(&document)).await.expect(200);
        assert_eq!(seen["body"], "Elke halte.");
        assert_eq!((&seen["changedBy"]["closed"], &seen["changedBy"]["role"]), (&json!(true), &json!(null)));
        let history = ann.get(&format!("{}/revisions", path(&document))).await.expect(200);
        assert_eq!(history["items"][0]["author"]["closed"], true);
        save(&ann, &seen, "Haltes", "Elke halte en elke bus.").await.expect(200);
    }

    async fn a_member_knows_what_is_new_to_them(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let document = plan(&ann, "Haltes", "Elke halte.").await;
        let read_state = format!("{}/read-state", path(&document));
        let reading = async |who: &Client| {
            who.get(&format!("{}?include=viewer", path(&document))).await.expect(200)["reading"].clone()
        };
        assert_eq!(reading(&ann).await, json!({ "revision": 1, "unread": 0 }), "she wrote it");
        let read = bob.put(&read_state, json!({})).await.expect(200);
        assert_eq!(read.json, json!({ "revision": 1, "unread": 0 }));
        let second = save(&ann, &document, "Haltes", "Elke bus.").await.expect(200);
        save(&ann, &second, "Haltes", "Elke tram.").await.expect(200);
        assert_eq!(reading(&bob).await, json!({ "revision": 1, "unread": 2 }));
        let read = bob.put(&read_state, json!({ "revision": 2 })).await.expect(200);
        assert_eq!(read.json, json!({ "revision": 2, "unread": 1 }));
        let back = bob.put(&read_state, json!({ "revision": 1 })).await.expect(200);
        assert_eq!(back.json, json!({ "revision": 2, "unread": 1 }), "never goes back");
        for unknown in [0, 4] {
            let answer = bob.put(&read_state, json!({ "revision": unknown })).await;
            assert_eq!(answer.faults(), ["/revision unknown_revision"]);
        }
        let bob = app.anonymous().sign_in("bob", PASSWORD).await;
        bob.put(&read_state, json!({})).await.expect(200);
        assert_eq!(reading(&bob).await, json!({ "revision": 3, "unread": 0 }));
        app.anonymous().put(&read_state, json!({})).await.problem(401, "sign_in_required");
    }
}
