//! Every save of a document: nothing is lost, and everything can be compared and brought back.

use std::collections::BTreeSet;

use chrono::Duration;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{DOCUMENTS, path, plan, public, save};
use crate::both;
use crate::harness::{Client, Response, TestApp};

/// What one side of a comparison reads: what stayed, and what is only there.
fn side(answer: &Value, only_there: &str) -> String {
    let blocks = answer["blocks"].as_array().expect("blocks").iter();
    let parts = blocks.flat_map(|block| block["parts"].as_array().expect("parts"));
    let there = parts.filter(|part| part["kind"] == "equal" || part["kind"] == only_there);
    there.map(|part| part["text"].as_str().expect("text")).collect()
}

async fn history(who: &Client, document: &Response) -> Response {
    who.get(&format!("{}/revisions", path(document))).await.expect(200)
}

both! {
    async fn every_save_is_a_revision_with_its_author_and_time(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let first = plan(&ann, "Haltes", "Elke halte.").await;
        app.pass(Duration::minutes(5));
        let second = save(&bob, &first, "Haltes en bussen", "Elke halte en elke bus.").await.expect(200);
        assert_eq!(second["revision"], 2);
        assert_eq!(second["title"], "Haltes en bussen");
        app.pass(Duration::minutes(5));
        let words = json!({ "title": "Haltes en bussen", "body": "Every stop.", "language": "en" });
        let third = ann.put(&path(&first), words).header("if-match", second.header("etag")).await.expect(200);
        assert_eq!(third["language"], "en");

        let history = history(&app.anonymous(), &first).await;
        assert_eq!(history.each("number"), [3, 2, 1]);
        let authors: Vec<&Value> =
            history["items"].as_array().unwrap().iter().map(|item| &item["author"]["handle"]).collect();
        assert_eq!(authors, ["ann", "bob", "ann"]);
        assert_eq!(history.each("createdAt"), [
            "2026-11-23T09:10:00.000Z", "2026-11-23T09:05:00.000Z", "2026-11-23T09:00:00.000Z",
        ]);
        assert_eq!(history.each("language"), ["en", "nl", "nl"]);
        assert_eq!(history.each("restoredFrom"), [json!(null), json!(null), json!(null)]);
        let page = ann.get(&format!("{}/revisions?limit=2", path(&first))).await.expect(200);
        let next = page.text("/nextCursor");
        let rest = ann.get(&format!("{}/revisions?limit=2&cursor={next}", path(&first))).await.expect(200);
        assert_eq!((page.each("number"), rest.each("number")), (vec![json!(3), json!(2)], vec![json!(1)]));

        let old = bob.get(&format!("{}/revisions/1", path(&first))).await.expect(200);
        assert_eq!((&old["body"], &old["title"]), (&json!("Elke halte."), &json!("Haltes")));
        assert_eq!(old["bodyHtml"], "<p>Elke halte.</p>\n");
        assert_eq!((&old["author"]["handle"], &old["document"]), (&json!("ann"), &first["id"]));
    }

    async fn a_stale_change_is_refused_whole_and_told_the_present_etag(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let seen = plan(&ann, "Haltes", "Elke halte.").await;
        let first = save(&ann, &seen, "Haltes", "Van ann.").await.expect(200);
        let late = save(&bob, &seen, "Haltes", "Van bob.").await.problem(412, "stale");
        assert_eq!(late["currentEtag"], first.header("etag"));
        assert_eq!(late.header("etag"), first.header("etag"));
        let now = bob.get(&path(&seen)).await.expect(200);
        assert_eq!((&now["body"], &now["revision"]), (&json!("Van ann."), &json!(2)), "nothing was overwritten");
        // With what he is told he reads what came between, and goes on.
        let merged = save(&bob, &now, "Haltes", "Van ann en bob.").await.expect(200);
        assert_eq!(merged["revision"], 3);
        for broken in ["\"1\"", "\"2.9\"", "x", "\"\"", "2"] {
            let words = json!({ "title": "T", "body": "B" });
            let answer = bob.put(&path(&seen), words).header("if-match", broken).await;
            answer.problem(412, "stale");
        }
    }

    async fn a_change_says_what_it_was_made_from(app: &TestApp) {
        let (ann, _) = public(app).await;
        let document = plan(&ann, "Haltes", "Elke halte.").await;
        let words = json!({ "title": "Haltes", "body": "Blind overschreven." });
        ann.put(&path(&document), words).await.problem(428, "if_match_required");
        let restore = format!("{}/revisions/1/_restore", path(&document));
        ann.call("POST", &restore).await.problem(428, "if_match_required");
        assert_eq!(ann.get(&path(&document)).await.expect(200)["revision"], 1);
    }

    async fn saving_the_same_words_makes_no_revision(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let document = plan(&ann, "Haltes", "Elke halte.\n").await;
        app.pass(Duration::minutes(5));
        // Line ends of another system are the same words.
        let same = save(&bob, &document, " Haltes ", "Elke halte.\r\n").await.expect(200);
        assert_eq!(same.header("etag"), document.header("etag"));
        assert_eq!((&same["revision"], &same["changedBy"]["handle"]), (&json!(1), &json!("ann")));
        assert_eq!(history(&ann, &document).await.each("number"), [1]);
        let other_title = save(&bob, &document, "Bussen", "Elke halte.\n").await.expect(200);
        assert_eq!(other_title["revision"], 2);
    }

    async fn of_two_who_save_at_once_one_wins_and_the_other_hears_it(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let mut seen = plan(&ann, "Haltes", "Niemand.").await;
        for round in 1..=5 {
            let body = |who: &Client, number: usize| format!("Ronde {round} van {} {number}.", who.handle());
            let tries = [&ann, &bob].into_iter().cycle().take(8).enumerate();
            let saves = tries.map(|(number, who)| {
                let (seen, body) = (&seen, body(who, number));
                async move { (save(who, seen, "Haltes", &body).await, body) }
            });
            let mut winners = Vec::new();
            for (answer, body) in join_all(saves).await {
                match answer.status {
                    200 => winners.push(body),
                    _ => drop(answer.problem(412, "stale")),
                }
            }
            let now = ann.get(&path(&seen)).await.expect(200);
            assert_eq!(winners, [now.text("/body")], "exactly one, and it is what stands there");
            assert_eq!(now["revision"], round + 1);
            seen = now;
        }
        let numbers = history(&ann, &seen).await.each("number");
        assert_eq!(numbers, [6, 5, 4, 3, 2, 1], "no holes, no doubles, nothing of those who were late");
    }

    async fn saves_that_do_not_ask_follow_one_another(app: &TestApp) {
        let (ann, _) = public(app).await;
        let document = plan(&ann, "Haltes", "Niemand.").await;
        let saves = (0..8).map(|number| {
            let words = json!({ "title": "Haltes", "body": format!("Nummer {number}.") });
            ann.put(&path(&document), words).header("if-match", "*").into_future()
        });
        let told: BTreeSet<String> =
            join_all(saves).await.into_iter().map(|answer| answer.expect(200).text("/body")).collect();
        assert_eq!(told.len(), 8, "each hears of its own words");
        assert_eq!(history(&ann, &document).await["items"].as_array().unwrap().len(), 9);
    }

    async fn two_revisions_are_compared_word_by_word(app: &TestApp) {
        let (ann, _) = public(app).await;
        let old = "## Doel\n\nDe halte krijgt een bank.\n\nKlaar in 2026.\n";
        let new = "## Doel\n\nDe halte krijgt twee banken en een afdak.\n\nKlaar in 2026.\n\nWie helpt mee?\n";
        let first = plan(&ann, "Plan voor de halte", old).await;
        let second = save(&ann, &first, "Plan voor elke halte", new).await.expect(200);
        save(&ann, &second, "Plan voor elke halte", old).await.expect(200);
        let differences = async |query: &str| {
            ann.get(&format!("{}/revisions/{query}", path(&first))).await.expect(200)
        };
        let found = differences("2/differences").await;
        assert_eq!((&found["from"], &found["to"], &found["approximate"]), (&json!(1), &json!(2), &json!(false)));
        assert_eq!(found["title"], json!([
            { "kind": "equal", "text": "Plan voor " }, { "kind": "delete", "text": "de" },
            { "kind": "insert", "text": "elke" }, { "kind": "equal", "text": " halte" },
        ]));
        assert_eq!(found["blocks"], json!([
            { "kind": "equal", "parts": [{ "kind": "equal", "text": "## Doel\n\n" }] },
            { "kind": "change", "parts": [
                { "kind": "equal", "text": "De halte krijgt " },
                { "kind": "insert", "text": "twee banken en " },
                { "kind": "equal", "text": "een " },
                { "kind": "delete", "text": "bank" },
                { "kind": "insert", "text": "afdak" },
                { "kind": "equal", "text": ".\n\n" },
            ] },
            { "kind": "equal", "parts": [{ "kind": "equal", "text": "Klaar in 2026.\n" }] },
            { "kind": "insert", "parts": [{ "kind": "insert", "text": "\nWie helpt mee?\n" }] },
        ]));
        assert_eq!((&found["insertedWords"], &found["deletedWords"]), (&json!(7), &json!(1)));
        assert_eq!((side(&found.json, "insert"), side(&found.json, "delete")), (new.into(), old.into()));

        let same = differences("3/differences?from=1").await;
        assert_eq!((&same["insertedWords"], side(&same.json, "delete")), (&json!(0), old.into()));
        let back = differences("1/differences?from=2").await;
        assert_eq!(side(&back.json, "insert"), old, "either way round");
        let from_nothing = differences("1/differences").await;
        assert_eq!((&from_nothing["from"], side(&from_nothing.json, "insert")), (&json!(null), old.into()));
        assert_eq!(side(&from_nothing.json, "delete"), "");
        for (from, fault) in [("9", "unknown_revision"), ("0", "unknown_revision"), ("x", "unknown_revision")] {
            let answer = ann.get(&format!("{}/revisions/2/differences?from={from}", path(&first))).await;
            assert_eq!(answer.faults(), [format!("?from {fault}")]);
        }
        ann.get(&format!("{}/revisions/4/differences", path(&first))).await.problem(404, "not_found");
    }

    async fn long_revisions_are_compared_in_time(app: &TestApp) {
        let (ann, _) = public(app).await;
        let text = |word: &str| -> String {
            let paragraphs = (0..).map(|n| format!("Alinea {n}: {word} over haltes, stoepen en bussen van lijn {}.\n\n", n % 9));
            let mut text = String::new();
            for paragraph in paragraphs {
                if text.len() + paragraph.len() > 199_000 {
                    return text;
                }
                text.push_str(&paragraph);
            }
            text
        };
        let (old, new) = (text("een zin"), text("een heel andere zin"));
        let first = plan(&ann, "Lang", &old).await;
        save(&ann, &first, "Lang", &new).await.expect(200);
        let found = ann.get(&format!("{}/revisions/2/differences", path(&first))).await.expect(200);
        assert_eq!(side(&found.json, "insert").trim_end(), new.trim_end());
        assert_eq!(side(&found.json, "delete").trim_end(), old.trim_end());
        assert!(found.bytes.len() < 2_000_000, "{} bytes", found.bytes.len());
        ann.get(&format!("{}?include=lastChange", path(&first))).await.expect(200);
    }

    async fn an_earlier_revision_comes_back_as_a_new_one(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let first = plan(&ann, "Haltes", "Elke halte.").await;
        let second = save(&bob, &first, "Weg", "Weg ermee.").await.expect(200);
        let restore = async |number: i64, etag: &str| {
            let path = format!("{}/revisions/{number}/_restore", path(&first));
            ann.call("POST", &path).header("if-match", etag).await
        };
        let stale = restore(1, first.header("etag")).await.problem(412, "stale");
        assert_eq!(stale["currentEtag"], second.header("etag"));
        app.pass(Duration::minutes(5));
        let restored = restore(1, second.header("etag")).await.expect(200);
        assert_eq!((&restored["title"], &restored["body"]), (&json!("Haltes"), &json!("Elke halte.")));
        assert_eq!((&restored["revision"], &restored["changedBy"]["handle"]), (&json!(3), &json!("ann")));
        assert_eq!(restored["bodyHtml"], first["bodyHtml"]);
        let history = history(&bob, &first).await;
        assert_eq!(history.each("restoredFrom"), [json!(1), json!(null), json!(null)]);
        let between = bob.get(&format!("{}/revisions/2", path(&first))).await.expect(200);
        assert_eq!(between["body"], "Weg ermee.", "what stood in between stays");

        let same = restore(3, restored.header("etag")).await.expect(200);
        assert_eq!(same.header("etag"), restored.header("etag"), "it stands there already");
        restore(7, restored.header("etag")).await.problem(404, "not_found");
    }

    async fn a_document_and_what_its_screen_shows_is_one_request(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let first = plan(&ann, "Haltes", "Visie.\n\nElke halte.").await;
        let screen = format!("{}?include=attachments,lastChange,viewer", path(&first));
        let fresh = bob.get(&screen).await.expect(200);
        assert_eq!(fresh["lastChange"]["revision"]["number"], 1);
        assert_eq!(fresh["lastChange"]["differences"], json!(null), "everything is new");
        save(&ann, &first, "Haltes", "Visie.\n\nElke lage halte.").await.expect(200);
        let seen = bob.get(&screen).await.expect(200);
        assert_eq!((&seen["attachments"], &seen["viewer"]["role"]), (&json!([]), &json!("member")));
        assert_eq!((&seen["viewer"]["unread"], &seen["reading"]["revision"]), (&json!(2), &json!(null)));
        let change = &seen["lastChange"];
        assert_eq!((&change["revision"]["number"], &change["revision"]["author"]["handle"]), (&json!(2), &json!("ann")));
        assert_eq!(change["differences"]["blocks"], json!([
            { "kind": "change", "parts": [
                { "kind": "equal", "text": "Elke " }, { "kind": "insert", "text": "lage " },
                { "kind": "equal", "text": "halte." },
            ] },
        ]), "what stayed is left out");
        assert_eq!(change["differences"]["insertedWords"], 1);
    }

    async fn whoever_has_this_revision_already_hears_only_that(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let document = plan(&ann, "Haltes", "Elke halte.").await;
        let etag = document.header("etag").to_owned();
        let know = |who: &Client, query: &str| {
            who.get(&format!("{}{query}", path(&document))).header("if-none-match", &etag)
        };
        for who in [&ann, &bob, &app.anonymous()] {
            assert_eq!(know(who, "").await.expect(304).header("etag"), etag);
            know(who, "?include=viewer").await.expect(200);
        }
        save(&bob, &document, "Haltes", "Elke bus.").await.expect(200);
        assert_ne!(know(&ann, "").await.expect(200).header("etag"), etag);
        // A change is never answered with nothing.
        let words = json!({ "title": "Haltes", "body": "Elke tram." });
        let etag = ann.get(&path(&document)).await.expect(200).header("etag").to_owned();
        let call = ann.put(&path(&document), words).header("if-match", &etag).header("if-none-match", "*");
        call.await.expect(200);
    }

    async fn what_was_written_in_a_document_is_told_once(app: &TestApp) {
        let (ann, bob) = public(app).await;
        let first = plan(&ann, "Haltes", "@bob weet dit.").await;
        let second = save(&bob, &first, "Haltes", "@bob en @ann weten dit.").await.expect(200);
        save(&bob, &second, "Haltes", "@bob en @ann weten dit.").await.expect(200);
        let third = save(&ann, &second, "Haltes", "@bob en @ann weten dat.").await.expect(200);
        assert_eq!(third["revision"], 3);
        let mine: i64 = first.text("/id").parse::<kring::documents::DocumentId>().unwrap().0;
        assert_eq!(told(app, mine).await, [
            ("document_created".into(), json!({ "revision": 1, "mentions": ["bob"] })),
            ("document_revised".into(), json!({ "revision": 2, "mentions": ["ann"] })),
            ("document_revised".into(), json!({ "revision": 3, "mentions": [] })),
        ]);
        assert_eq!(ann.get(DOCUMENTS).await.expect(200).each("revision"), [3]);
    }
}

/// The facts about a document, in order.
async fn told(app: &TestApp, document: i64) -> Vec<(String, Value)> {
    use diesel::prelude::*;
    use kring_db::schema::events;
    let rows = app.kring.db.read(move |conn| {
        let of_document = events::table.filter(events::subject_id.eq(document)).order(events::id);
        let rows: Vec<(String, String)> = of_document.select((events::kind, events::payload)).load(conn)?;
        Ok::<_, kring::error::Error>(rows)
    });
    let rows = rows.await.unwrap().into_iter();
    rows.map(|(kind, payload)| (kind, serde_json::from_str(&payload).unwrap())).collect()
}
