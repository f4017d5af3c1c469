//! Threads: started, read, edited with a history, deleted to a tombstone, pinned, locked. Replies are in `replies.rs`.

use serde_json::{Value, json};

use crate::both;
use crate::harness::{Client, Response, TestApp};

const THREADS: &str = "/v1/networks/haltes/threads";

/// The network `haltes` of ann, who coordinates, and bob.
async fn network(app: &TestApp) -> (Client, Client) {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let network =
        json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "language": "nl" });
    ann.post("/v1/networks", network).await.expect(201);
    bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
    (ann, bob)
}

async fn start(who: &Client, title: &str, body: &str) -> Response {
    who.post(THREADS, json!({ "title": title, "body": body })).await
}

async fn reply(who: &Client, thread: &Response, body: &str) -> Response {
    who.post(&format!("{}/replies", thread.header("location")), json!({ "body": body })).await
}

/// What happened to threads, as those hear of it who act on it later.
async fn told(app: &TestApp) -> Vec<String> {
    let told = app.kring.db.read(|conn| {
        use diesel::prelude::*;
        use kring_db::schema::events;
        let about_threads = events::table.filter(events::kind.like("thread_%")).order(events::id);
        Ok::<Vec<String>, kring::error::Error>(about_threads.select(events::kind).load(conn)?)
    });
    told.await.unwrap()
}

both! {
    async fn a_thread_is_started_by_members_and_read_by_everyone(app: &TestApp) {
        let (_, bob) = network(app).await;
        start(&app.member("eve").await, "Perron", "Te laag.").await.problem(403, "members_only");
        let started = start(&bob, " Perron te laag ", "**Wie** herkent dit?").await.expect(201);
        assert_eq!(started.header("location"), format!("/v1/threads/{}", started.text("/id")));
        let read = app.anonymous().get(started.header("location")).await.expect(200);
        assert_eq!(read["title"], "Perron te laag");
        assert_eq!((&read["body"], &read["language"]), (&json!("**Wie** herkent dit?"), &json!("nl")));
        assert_eq!(read["bodyHtml"], "<p><strong>Wie</strong> herkent dit?</p>\n");
        assert_eq!((&read["author"]["handle"], &read["author"]["role"]), (&json!("bob"), &json!("member")));
        assert_eq!(read["network"], json!({ "slug": "haltes", "name": "Haltes" }));
        assert_eq!(read["createdAt"], crate::harness::app::START);
        assert_eq!((&read["unread"], &read["editedAt"]), (&Value::Null, &Value::Null));
    }

    async fn what_people_write_cannot_do_anything_in_a_browser(app: &TestApp) {
        let (_, bob) = network(app).await;
        let evil = "<script>alert(1)</script> <img src=x onerror=alert(1)>\n\n[klik](javascript:alert(1)) \
                    [ok](https://example.org) ![x](data:text/html,x)";
        let html = start(&bob, "<b>", evil).await.expect(201).text("/bodyHtml");
        for part in ["<script", "<img src=\"x", "javascript:", "onerror=\"", "data:text"] {
            assert!(!html.contains(part), "{part}: {html}");
        }
        assert!(html.contains("rel=\"nofollow noopener ugc\""), "{html}");
    }

    async fn an_edit_keeps_how_it_read_before(app: &TestApp) {
        let (ann, bob) = network(app).await;
        let thread = start(&bob, "Perron", "Te laag.").await.expect(201);
        let path = thread.header("location");
        app.pass(chrono::Duration::minutes(1));
        ann.patch(path, json!({ "body": "Prima." })).await.problem(403, "author_only");
        let edited = bob.patch(path, json!({ "title": "Perron bij de kerk" })).await.expect(200);
        assert_eq!((&edited["title"], &edited["body"]), (&json!("Perron bij de kerk"), &json!("Te laag.")));
        assert_eq!(edited["editedAt"], "2026-11-23T09:01:00.000Z");
        app.pass(chrono::Duration::minutes(1));
        bob.patch(path, json!({ "body": "Veel te laag.", "language": "nl-NL" })).await.expect(200);
        let history = app.anonymous().get(&format!("{path}/versions")).await.expect(200);
        assert_eq!(history.each("title"), ["Perron bij de kerk", "Perron"]);
        assert_eq!(history.each("body"), ["Te laag.", "Te laag."]);
        assert_eq!(history.each("writtenAt"), ["2026-11-23T09:01:00.000Z", crate::harness::app::START]);
        let first = app.anonymous().get(&format!("{path}/versions?limit=1")).await.expect(200);
        let rest = format!("{path}/versions?limit=1&cursor={}", first.text("/nextCursor"));
        let rest = app.anonymous().get(&rest).await.expect(200);
        assert_eq!((rest.each("title"), &rest["nextCursor"]), (vec![json!("Perron")], &Value::Null));
    }

    async fn an_edit_that_changes_nothing_leaves_no_trace(app: &TestApp) {
        let (_, bob) = network(app).await;
        let thread = start(&bob, "Perron", "Te laag.").await.expect(201);
        let path = thread.header("location");
        for nothing in [json!({}), json!({ "title": "Perron", "body": "Te laag." })] {
            assert_eq!(bob.patch(path, nothing).await.expect(200)["editedAt"], Value::Null);
        }
        assert_eq!(bob.get(&format!("{path}/versions")).await.expect(200).each("title"), [""; 0]);
        assert_eq!(told(app).await, ["thread_created"], "nobody is told either");
    }

    async fn of_a_deleted_thread_nothing_but_its_replies_is_left(app: &TestApp) {
        let (ann, bob) = network(app).await;
        let thread = start(&bob, "Perron", "Te laag.").await.expect(201);
        let path = thread.header("location");
        reply(&ann, &thread, "Klopt.").await.expect(201);
        bob.delete(path).await.expect(204);
        for who in [&ann, &bob] {
            let viewer = who.get(&format!("{path}?include=viewer")).await.expect(200)["viewer"].clone();
            assert_eq!(viewer["allowed"], json!([]), "{viewer}");
            let codes: Vec<&Value> = viewer["denied"].as_array().unwrap().iter().map(|it| &it["code"]).collect();
            assert_eq!(codes, ["thread_locked", "thread_deleted", "thread_deleted", "thread_deleted", "thread_deleted", "thread_deleted"]);
        }
        ann.call("PUT", &format!("{path}/reactions/thanks")).await.problem(404, "not_found");
    }

    async fn nobody_overwrites_what_they_have_not_read(app: &TestApp) {
        let (ann, bob) = network(app).await;
        let thread = start(&bob, "Perron", "Te laag.").await.expect(201);
        let (path, known) = (thread.header("location"), thread.header("etag"));
        reply(&ann, &thread, "Klopt.").await.expect(201);
        ann.call("PUT", &format!("{path}/reactions/thanks")).await.expect(200);
        // Replies and reactions are no edits.
        let edited = bob.patch(path, json!({ "body": "Lager." })).header("if-match", known).await.expect(200);
        let stale = bob.patch(path, json!({ "body": "Hoger." })).header("if-match", known).await;
        let told = stale.problem(412, "stale");
        assert!(!told.text("/currentEtag").is_empty(), "{told}");
        let sent = bob.patch(path, json!({ "body": "Hoger." }));
        sent.header("if-match", &format!("\"999\", {}", edited.header("etag"))).await.expect(200);
        let strange = bob.call("PATCH", path).json(&json!({ "body": "Weg." })).header("if-match", "\u{e9}t\u{e9}");
        strange.await.problem(412, "stale");
        assert_eq!(bob.get(path).await.expect(200)["body"], "Hoger.");
        bob.patch(path, json!({ "body": "Altijd." })).header("if-match", "*").await.expect(200);
    }

    async fn a_reader_is_spared_what_they_have(app: &TestApp) {
        let (ann, bob) = network(app).await;
        let thread = start(&bob, "Perron", "Te laag.").await.expect(201);
        let path = thread.header("location");
        let etag = async |who: &Client| who.get(path).await.expect(200).header("etag").to_owned();
        let before = etag(&ann).await;
        let spared = ann.get(path).header("if-none-match", &before).await.expect(304);
        assert_eq!((spared.header("etag"), spared.body().as_str()), (before.as_str(), ""));
        ann.call("PUT", &format!("{path}/reactions/thanks")).await.expect(200);
        ann.get(path).header("if-none-match", &before).await.expect(200);
        assert_ne!(etag(&ann).await, etag(&bob).await, "her own reaction is hers");
        let whole = format!("{path}?include=replies");
        let before = ann.get(&whole).await.expect(200).header("etag").to_owned();
        reply(&bob, &thread, "Klopt.").await.expect(201);
        ann.get(&whole).header("if-none-match", &before).await.expect(200);
    }

    async fn a_deleted_thread_is_gone_or_holds_its_replies_in_place(app: &TestApp) {
        let (ann, bob) = network(app).await;
        let alone = start(&bob, "Alleen", "Niemand.").await.expect(201);
        let answered = start(&bob, "Perron", "Geheim.").await.expect(201);
        bob.patch(answered.header("location"), json!({ "body": "Ook geheim." })).await.expect(200);
        ann.call("PUT", &format!("{}/reactions/thanks", answered.header("location"))).await.expect(200);
        let kept = reply(&ann, &answered, "Wat jammer.").await.expect(201);
        app.member("eve").await.delete(alone.header("location")).await.problem(403, "members_only");
        bob.delete(alone.header("location")).await.expect(204);
        bob.delete(answered.header("location")).await.expect(204);
        bob.delete(answered.header("location")).await.problem(404, "not_found");
        assert_eq!(bob.get(THREADS).await.expect(200).each("id"), [""; 0]);
        assert_eq!(app.anonymous().get("/v1/networks").await.expect(200)["items"][0]["threadCount"], 0);
        bob.get(alone.header("location")).await.problem(404, "not_found");
        let tombstone = bob.get(&format!("{}?include=replies,viewer", answered.header("location"))).await.expect(200);
        assert_eq!((&tombstone["deleted"], &tombstone["author"]), (&json!(true), &Value::Null));
        assert!(!tombstone.body().contains("eheim"), "{tombstone}");
        assert_eq!(tombstone["reactions"]["thanks"], 0);
        assert_eq!(tombstone["replies"]["items"][0]["body"], "Wat jammer.");
        let versions = format!("{}/versions", answered.header("location"));
        assert_eq!(bob.get(&versions).await.expect(200).each("body"), [""; 0]);
        reply(&ann, &answered, "Nog iets.").await.problem(403, "thread_locked");
        bob.patch(answered.header("location"), json!({ "body": "Terug." })).await.problem(404, "not_found");
        let react = bob.call("PUT", &format!("{}/reactions/thanks", answered.header("location")));
        react.await.problem(404, "not_found");
        ann.delete(kept.header("location")).await.expect(204);
        bob.get(answered.header("location")).await.problem(404, "not_found");
    }

    async fn who_deletes_twice_at_once_deletes_once(app: &TestApp) {
        let (ann, bob) = network(app).await;
        start(&ann, "Blijft", "Staan.").await.expect(201);
        let thread = start(&bob, "Perron", "Te laag.").await.expect(201);
        let path = thread.header("location");
        let (one, other) = tokio::join!(bob.delete(path), ann.delete(path));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 404]);
        assert_eq!(app.anonymous().get("/v1/networks").await.expect(200)["items"][0]["threadCount"], 1);
    }

    async fn moderators_remove_what_harms_and_members_only_their_own(app: &TestApp) {
        let (ann, bob) = network(app).await;
        let (hers, his) = (start(&ann, "Een", "A").await.expect(201), start(&bob, "Twee", "B").await.expect(201));
        bob.delete(hers.header("location")).await.problem(403, "moderators_only");
        ann.delete(his.header("location")).await.expect(204);
    }

    async fn pinned_threads_come_first_on_every_page(app: &TestApp) {
        let (ann, bob) = network(app).await;
        let mut started = Vec::new();
        for number in 1..=6 {
            started.push(start(&bob, &format!("{number}"), "B").await.expect(201));
        }
        for number in [1, 3] {
            let path = started[number].header("location");
            bob.patch(path, json!({ "pinned": true })).await.problem(403, "moderators_only");
            assert_eq!(ann.patch(path, json!({ "pinned": true })).await.expect(200)["pinned"], true);
        }
        let expected = ["4", "2", "6", "5", "3", "1"];
        for limit in 1..=6 {
            let mut found = Vec::new();
            let mut next = Some(format!("{THREADS}?limit={limit}"));
            while let Some(path) = next.take() {
                let page = app.anonymous().get(&path).await.expect(200);
                found.extend(page.each("title"));
                if !page["nextCursor"].is_null() {
                    let link = page.header("link").trim_start_matches('<').split('>').next().map(str::to_owned);
                    next = link;
                }
            }
            assert_eq!(found, expected, "{limit} at a time");
        }
        let unpinned = ann.patch(started[3].header("location"), json!({ "pinned": false })).await.expect(200);
        assert_eq!((&unpinned["pinned"], &unpinned["editedAt"]), (&json!(false), &Value::Null));
    }

    async fn a_cursor_of_another_list_is_told(app: &TestApp) {
        let (_, bob) = network(app).await;
        let thread = start(&bob, "Perron", "B").await.expect(201);
        for cursor in ["nonsense", "", "t", "p0", &thread.text("/id"), "tzzzzzzzzzzzzz", "%E2%82%AC", "x0000000000000"] {
            let answer = bob.get(&format!("{THREADS}?cursor={cursor}")).await;
            assert_eq!(answer.faults(), ["?cursor cursor"], "{cursor}");
        }
    }

    async fn in_a_locked_thread_only_moderators_reply(app: &TestApp) {
        let (ann, bob) = network(app).await;
        let thread = start(&bob, "Perron", "Te laag.").await.expect(201);
        let path = thread.header("location");
        bob.patch(path, json!({ "locked": true })).await.problem(403, "moderators_only");
        assert_eq!(ann.patch(path, json!({ "locked": true })).await.expect(200)["locked"], true);
        reply(&bob, &thread, "Toch nog.").await.problem(403, "thread_locked");
        reply(&ann, &thread, "Gesloten.").await.expect(201);
        let viewer = bob.get(&format!("{path}?include=viewer")).header("accept-language", "en").await.expect(200);
        let denied = viewer["viewer"]["denied"].as_array().cloned().unwrap_or_default();
        let told = denied.iter().find(|denied| denied["action"] == "reply").expect("reply");
        assert_eq!(told["code"], "thread_locked");
        assert_eq!(told["sentence"], "This conversation is closed. You can read it, but not reply any more.");
        ann.patch(path, json!({ "locked": false })).await.expect(200);
        reply(&bob, &thread, "Dank.").await.expect(201);
    }

    async fn mentions_lead_to_people_who_are_here_and_to_nobody_else(app: &TestApp) {
        let (_, bob) = network(app).await;
        let body = "Dag @Ann, @nobody en bob@example.org. `@ann` [@ann](https://example.org) https://a.example/@ann";
        let thread = start(&bob, "Perron", body).await.expect(201);
        let html = thread.text("/bodyHtml");
        let link = format!("href=\"{}/@ann\"", app.base);
        assert_eq!(html.matches(&link).count(), 1, "{html}");
        assert!(html.contains(">@Ann</a>, @nobody en"), "{html}");
        assert!(html.contains("<code>@ann</code>"), "{html}");
        let replied = reply(&bob, &thread, "@ann @bob").await.expect(201).text("/bodyHtml");
        assert_eq!(replied.matches(&format!("href=\"{}/@", app.base)).count(), 2, "{replied}");
        let edited = bob.patch(thread.header("location"), json!({ "body": "@bob" })).await.expect(200);
        assert!(edited.text("/bodyHtml").contains("/@bob\""), "{edited}");
        // Who only registered is nobody yet.
        let account = json!({
            "handle": "newcomer", "displayName": "N", "email": "n@example.org", "password": "een lange zin",
        });
        app.anonymous().post("/v1/accounts", account).await.expect(202);
        let html = reply(&bob, &thread, "@newcomer").await.expect(201).text("/bodyHtml");
        assert_eq!(html, "<p>@newcomer</p>\n");
    }

    async fn a_screen_is_one_request(app: &TestApp) {
        let (ann, bob) = network(app).await;
        let thread = start(&bob, "Perron", "Te laag.").await.expect(201);
        let path = thread.header("location");
        let first = reply(&ann, &thread, "Een.").await.expect(201);
        reply(&bob, &thread, "Twee.").await.expect(201);
        let around = format!("{path}?include=replies,viewer&around={}", first.text("/id"));
        let screen = ann.get(&around).await.expect(200);
        assert_eq!(screen["replies"]["items"][0]["author"]["handle"], "ann");
        assert_eq!(screen["viewer"]["role"], "coordinator");
        assert_eq!(screen["viewer"]["allowed"], json!(["reply", "react", "delete", "pin", "lock"]));
        assert_eq!(screen["viewer"]["denied"][0]["code"], "author_only");
        let plain = app.anonymous().get(path).await.expect(200);
        assert!(plain.json.get("viewer").is_none() && plain.json.get("replies").is_none(), "{plain}");
        let stranger = app.anonymous().get(&format!("{path}?include=viewer")).await.expect(200);
        assert_eq!((&stranger["viewer"]["role"], &stranger["viewer"]["allowed"]), (&Value::Null, &json!([])));
        let alone = format!("{path}?around={}", first.text("/id"));
        assert_eq!(ann.get(&alone).await.faults(), ["?around needs_replies"]);
        assert_eq!(ann.get(&format!("{path}?include=likes&around=x")).await.faults(), [
            "?around unknown_reply", "?include not_allowed",
        ]);
    }

    async fn a_thread_that_is_sent_twice_is_one(app: &TestApp) {
        let (_, bob) = network(app).await;
        let send = async || {
            bob.post(THREADS, json!({ "title": "Perron", "body": "B" })).header("idempotency-key", "k").await
        };
        // At once, as a nervous finger does.
        let (first, second) = tokio::join!(send(), send());
        assert_eq!(first.expect(201)["id"], second.expect(201)["id"]);
        assert_eq!(bob.get(THREADS).await.expect(200).each("title"), ["Perron"]);
        for key in ["", &"k".repeat(201)] {
            let post = bob.post(THREADS, json!({ "title": "Perron", "body": "B" }));
            assert_eq!(post.header("idempotency-key", key).await.faults(), ["idempotency-key idempotency_key"]);
        }
    }

    async fn a_thread_names_every_fault_at_once(app: &TestApp) {
        let (_, bob) = network(app).await;
        let wrong = json!({
            "title": "", "body": "x".repeat(40_001), "language": "dutch?", "attachments": ["a"], "pinned": true,
        });
        assert_eq!(bob.post(THREADS, wrong).await.faults(), [
            "/attachments/0 unknown_attachment", "/body too_long", "/language language", "/pinned unknown_field",
            "/title empty",
        ]);
        assert_eq!(bob.post(THREADS, json!({})).await.faults(), ["/body required", "/title required"]);
        let thread = start(&bob, "Perron", "B").await.expect(201);
        let wrong = json!({ "title": null, "body": 5, "locked": "no", "deleted": true });
        assert_eq!(bob.patch(thread.header("location"), wrong).await.faults(), [
            "/body wrong_type", "/deleted unknown_field", "/locked wrong_type", "/title not_null",
        ]);
    }
}
