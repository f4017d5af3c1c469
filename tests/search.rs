//! Finding: what is found, by whom, in which order; the same on both databases.

use kring::accounts::LanguageTag;
use kring::index::{self, Entry, EntryKind};
use kring_db::Time;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::both;
use crate::harness::app::run;
use crate::harness::{Client, On, Response, TestApp};

async fn search(who: &Client, query: &str) -> Response {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    who.get(&format!("/v1/search?query={query}")).await.expect(200)
}

/// The titles of what is found, in order; of a reply, its excerpt.
async fn found(who: &Client, query: &str) -> Vec<String> {
    let answer = search(who, query).await;
    let items = answer["items"].as_array().unwrap().clone();
    items
        .iter()
        .map(|item| {
            if item["kind"] == "reply" {
                plain(&item["excerpt"])
            } else {
                item["title"].as_str().unwrap().to_owned()
            }
        })
        .collect()
}

/// The text of parts.
fn plain(parts: &Value) -> String {
    parts.as_array().unwrap().iter().map(|part| part["text"].as_str().unwrap()).collect()
}

/// The text of parts, with brackets around what was found.
fn marked(parts: &Value) -> String {
    let told = |part: &Value| match part["match"].as_bool().unwrap() {
        true => format!("[{}]", part["text"].as_str().unwrap()),
        false => part["text"].as_str().unwrap().to_owned(),
    };
    parts.as_array().unwrap().iter().map(told).collect()
}

async fn network(who: &Client, slug: &str, name: &str, visibility: &str) {
    let network = json!({
        "slug": slug, "name": name, "description": "Over alles.", "visibility": visibility, "joinPolicy": "invitation",
    });
    who.post("/v1/networks", network).await.expect(201);
}

async fn thread(who: &Client, slug: &str, title: &str, body: &str) -> String {
    let thread = json!({ "title": title, "body": body });
    who.post(&format!("/v1/networks/{slug}/threads"), thread).await.expect(201).text("/id")
}

async fn reply(who: &Client, thread: &str, body: &str) -> String {
    let answer = who.post(&format!("/v1/threads/{thread}/replies"), json!({ "body": body })).await;
    answer.expect(201).text("/id")
}

both! {
    async fn what_is_written_is_found_at_once_by_its_stem_its_beginning_and_without_accents(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann, "haltes", "Haltes in de stad", "public").await;
        let id = thread(&ann, "haltes", "Toegankelijkheid van het Café", "De **perrons** zijn te laag.").await;
        for query in ["toegankelijke", "toeg", "cafe", "perron", "PERRONS", "cafe perron", "hoe laag zijn de perrons"] {
            assert_eq!(found(&ann, query).await, ["Toegankelijkheid van het Café"], "{query}");
        }
        for query in ["gankelijk", "t", "perron hoog", "\"toeg\""] {
            assert_eq!(found(&ann, query).await, [""; 0], "{query}");
        }
        // An English reader finds Dutch just as well.
        let answer = ann.get("/v1/search?query=toegankelijke").header("accept-language", "en").await.expect(200);
        assert_eq!(answer["items"][0]["id"], id);
        assert_eq!(answer["items"][0]["path"], format!("/threads/{id}"));
        assert_eq!(answer["items"][0]["network"], json!({ "slug": "haltes", "name": "Haltes in de stad" }));
        assert_eq!(answer["items"][0]["publishedAt"], "2026-11-23T09:00:00.000Z");
        assert_eq!(answer["items"][0]["thread"], Value::Null);
        assert_eq!(answer["nextCursor"], Value::Null);
    }

    async fn highlights_are_parts_of_the_text_as_it_was_written(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann, "haltes", "Haltes", "public").await;
        let body = "Bij <b>mij</b> is het perron te laag,\n\nen de *Toegankelijke* halte is ver.";
        thread(&ann, "haltes", "Toegankelijkheid & haltes", body).await;
        let answer = search(&ann, "toegankelijk").await;
        assert_eq!(marked(&answer["items"][0]["titleParts"]), "[Toegankelijkheid] & haltes");
        let excerpt = marked(&answer["items"][0]["excerpt"]);
        assert!(excerpt.ends_with("is het perron te laag, en de [Toegankelijke] halte is ver."), "{excerpt}");
    }

    async fn a_title_goes_before_a_text_and_the_new_before_the_old(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann, "bussen", "Bussen", "public").await;
        for (title, body) in [
            ("Perron een", "Oud."), ("Anders twee", "Het perron."), ("Perrons drie", "Nieuw."), ("Anders vier", "Perron."),
            ("Perron", "Anders vijf"),
        ] {
            app.pass(chrono::Duration::minutes(1));
            thread(&ann, "bussen", title, body).await;
        }
        assert_eq!(found(&ann, "perron").await, ["Perron", "Perrons drie", "Perron een", "Anders vier", "Anders twee"]);
        // All of the question in the title, or it is no hit by title.
        assert_eq!(found(&ann, "perron anders").await, ["Perron", "Anders vier", "Anders twee"]);
    }

    async fn pages_follow_each_other_without_hole_or_double(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann, "bussen", "Bussen", "public").await;
        for n in 0..7 {
            let (title, body) = if n % 2 == 0 { ("Perron", "Laag.") } else { ("Anders", "Perron.") };
            thread(&ann, "bussen", &format!("{title} {n}"), body).await;
        }
        let whole = found(&ann, "perron").await;
        assert_eq!(whole.len(), 7);
        for limit in [1, 2, 3, 4, 6, 7] {
            let (mut pieces, mut path) = (Vec::new(), format!("/v1/search?query=perron&limit={limit}"));
            loop {
                let answer = ann.get(&path).await.expect(200);
                pieces.extend(answer.each("title").iter().map(|title| title.as_str().unwrap().to_owned()));
                let Some(cursor) = answer["nextCursor"].as_str() else { break };
                assert!(answer.header("link").contains(&format!("query=perron&limit={limit}&cursor={cursor}")));
                path = format!("/v1/search?query=perron&limit={limit}&cursor={cursor}");
                // What is written meanwhile does not move the pages that are left.
                thread(&ann, "bussen", "Iets anders", "Zonder het woord.").await;
            }
            assert_eq!(pieces, whole, "by {limit}");
        }
    }

    async fn only_who_may_read_something_finds_it(app: &TestApp) {
        let (ann, bob, stranger) = (app.member("ann").await, app.member("bob").await, app.member("carl").await);
        for (slug, visibility) in [("open", "public"), ("leden", "members"), ("stil", "hidden")] {
            network(&ann, slug, &format!("Geheim {slug}"), visibility).await;
            ann.post(&format!("/v1/networks/{slug}/memberships"), json!({ "handle": "bob" })).await.expect(201);
            let id = thread(&ann, slug, &format!("Gesprek geheim {slug}"), "Iets.").await;
            reply(&ann, &id, &format!("Antwoord geheim {slug}")).await;
        }
        let open = ["Geheim leden", "Gesprek geheim open", "Geheim open", "Antwoord geheim open"];
        assert_eq!(found(&app.anonymous(), "geheim").await, open);
        assert_eq!(found(&stranger, "geheim").await, open);
        // Who is invited may know of the network, not of what is in it.
        let invited = ["Geheim stil", "Gesprek geheim open", "Geheim leden", "Geheim open", "Antwoord geheim open"];
        assert_eq!(found(&bob, "geheim").await.iter().collect::<std::collections::BTreeSet<_>>(),
            invited.map(str::to_owned).iter().collect());
        let all = found(&ann, "geheim").await;
        assert_eq!(all.len(), 9, "{all:?}");

        // At once, whatever changes: joining, leaving, hiding, showing.
        bob.post("/v1/networks/stil/memberships", json!({})).await.expect(201);
        assert_eq!(found(&bob, "antwoord geheim stil").await.len(), 1);
        bob.delete("/v1/networks/stil/memberships/bob").await.expect(204);
        assert_eq!(found(&bob, "geheim stil").await, [""; 0]);
        ann.patch("/v1/networks/open", json!({ "visibility": "hidden" })).await.expect(200);
        assert_eq!(found(&stranger, "geheim").await, ["Geheim leden"]);
        ann.patch("/v1/networks/stil", json!({ "visibility": "public" })).await.expect(200);
        assert_eq!(found(&stranger, "geheim stil").await.len(), 3);
        ann.patch("/v1/networks/stil", json!({ "archived": true })).await.expect(200);
        assert_eq!(found(&stranger, "geheim stil").await.len(), 3, "what is archived is kept to be read");
    }

    async fn a_network_or_some_kinds_may_be_asked_for(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        for (slug, visibility) in [("bussen", "public"), ("treinen", "members"), ("stil", "hidden")] {
            network(&ann, slug, &format!("Perron {slug}"), visibility).await;
            let id = thread(&ann, slug, &format!("Perron in {slug}"), "Iets.").await;
            reply(&ann, &id, "Welk perron?").await;
        }
        let kinds = async |asked: &str| {
            let answer = ann.get(&format!("/v1/search?query=perron&network=bussen{asked}")).await.expect(200);
            answer.each("kind")
        };
        assert_eq!(kinds("").await, ["thread", "network", "reply"]);
        assert_eq!(kinds("&kind=reply").await, ["reply"]);
        assert_eq!(kinds("&kind=reply,network").await, ["network", "reply"]);
        assert_eq!(kinds("&kind=document").await, [""; 0]);
        bob.get("/v1/search?query=perron&network=treinen").await.problem(403, "members_only");
        for slug in ["stil", "nergens"] {
            let asked = bob.get(&format!("/v1/search?query=perron&network={slug}")).await;
            assert_eq!(asked.faults(), ["?network unknown_network"]);
        }
    }

    async fn an_edit_is_found_as_it_is_now_and_what_was_deleted_is_not(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann, "bussen", "Bussen", "public").await;
        let id = thread(&ann, "bussen", "Perron", "Laag.").await;
        let answer = reply(&ann, &id, "De lift is stuk.").await;
        ann.patch(&format!("/v1/threads/{id}"), json!({ "title": "Halte", "body": "Hoog." })).await.expect(200);
        assert_eq!(found(&ann, "perron").await, [""; 0]);
        assert_eq!(found(&ann, "laag").await, [""; 0]);
        assert_eq!(found(&ann, "halte hoog").await, ["Halte"]);
        ann.patch(&format!("/v1/replies/{answer}"), json!({ "body": "De lift doet het." })).await.expect(200);
        assert_eq!(found(&ann, "lift stuk").await, [""; 0]);

        // A reply is told with its thread, and found as long as it can be read: without it, too.
        let hit = search(&ann, "lift").await["items"][0].clone();
        assert_eq!((&hit["title"], &hit["thread"]), (&json!("Halte"), &json!(id)));
        assert_eq!(hit["path"], format!("/threads/{id}?around={answer}#reply-{answer}"));
        ann.delete(&format!("/v1/threads/{id}")).await.expect(204);
        assert_eq!(found(&ann, "halte").await, [""; 0]);
        let hit = search(&ann, "lift").await["items"][0].clone();
        assert_eq!((&hit["title"], &hit["titleParts"]), (&Value::Null, &json!([])));
        ann.get(&format!("/v1/replies/{answer}")).await.expect(200);
        ann.delete(&format!("/v1/replies/{answer}")).await.expect(204);
        assert_eq!(found(&ann, "lift").await, [""; 0]);

        ann.patch("/v1/networks/bussen", json!({ "name": "Trams", "description": "Over rails." })).await.expect(200);
        assert_eq!(found(&ann, "bussen").await, [""; 0]);
        assert_eq!(found(&ann, "rail").await, ["Trams"]);
    }

    async fn what_cannot_be_asked_is_told(app: &TestApp) {
        let ann = app.anonymous();
        for (asked, faults) in [
            ("", vec!["?query required"]),
            ("?query=", vec!["?query empty"]),
            ("?query=%3F!%20-", vec!["?query no_words"]),
            ("?query=a%00b", vec!["?query control_characters"]),
            ("?query=a+b+c+d+e+f+g+h+i+j+k+l+m", vec!["?query too_many_words"]),
            ("?query=a&kind=person&limit=0&cursor=x&network=X",
                vec!["?cursor cursor", "?kind not_allowed", "?limit limit", "?network slug"]),
            ("?query=a&page=2", vec!["?page unknown_parameter"]),
        ] {
            assert_eq!(ann.get(&format!("/v1/search{asked}")).await.faults(), faults, "{asked}");
        }
        let long = ann.get(&format!("/v1/search?query={}", "a".repeat(201))).await;
        assert_eq!(long.faults(), ["?query too_long"]);
        // Operators and quotes of either database are words or nothing.
        for query in ["\"", "a' OR 1=1", "NEAR(a b)", "title : a*", "a & !b | (c:*", "{title} \"", "\\", "a\"b\"c\"", "*", "^a"] {
            let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
            let answer = ann.get(&format!("/v1/search?query={query}")).await;
            assert!([200, 400].contains(&answer.status), "{query}: {answer}");
        }
    }
}

/// Something to find, and its place in time.
#[derive(Clone, Debug)]
struct Written {
    title: String,
    body: String,
    language: &'static str,
    by: usize,
}

fn words(most: usize) -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "halte",
        "haltes",
        "perron",
        "Perrons",
        "toegankelijk",
        "toegankelijkheid",
        "café",
        "cafe",
        "inclusie-agenda",
        "inclusieagenda",
        "agenda",
        "de",
        "is",
        "Wmo",
        "foto's",
        "foto",
        "доступ",
        "accessible",
        "accessibility",
        "2026",
        "a",
        "to",
        "toeg",
        "o.v.",
        "İzmir",
        "½",
        "الحافلة",
    ]);
    prop::collection::vec(word, 0..=most).prop_map(|words| words.join(" "))
}

fn corpus() -> impl Strategy<Value = Vec<Written>> {
    let language = prop::sample::select(vec!["nl", "en", "fr", "uk", "fy"]);
    let written = (words(3), words(8), language, 0..3_usize)
        .prop_map(|(title, body, language, by)| Written { title, body, language, by });
    prop::collection::vec(written, 1..30)
}

#[test]
fn both_databases_give_the_same_hits_in_the_same_order() {
    run(
        On::Sqlite,
        |_| {},
        async |sqlite| {
            let Some(postgres) = TestApp::start_with(On::Postgres, |_| {}) else { return };
            let mut networks = Vec::new();
            for app in [sqlite, &postgres] {
                let ann = app.member("ann").await;
                for (slug, visibility) in [("open", "public"), ("leden", "members"), ("stil", "hidden")] {
                    network(&ann, slug, "Netwerk", visibility).await;
                }
                let ids = ann.get("/v1/networks").await.expect(200).each("id");
                networks.push(
                    ids.iter()
                        .map(|id| kring_db::types::read_id(id.as_str().unwrap()).unwrap())
                        .collect::<Vec<_>>(),
                );
            }
            let mut runner = TestRunner::deterministic();
            for round in 0..12 {
                let written = corpus().new_tree(&mut runner).unwrap().current();
                for (app, networks) in [sqlite, &postgres].into_iter().zip(&networks) {
                    write(app, networks, &written);
                }
                for _ in 0..25 {
                    let query = words(3).new_tree(&mut runner).unwrap().current();
                    let limit = (1..9_i64).new_tree(&mut runner).unwrap().current();
                    let left = everything(&sqlite.anonymous(), &query, limit).await;
                    assert_eq!(
                        left,
                        everything(&postgres.anonymous(), &query, limit).await,
                        "{round}: {query} in {written:#?}"
                    );
                }
            }
        },
    );
}

/// Puts the corpus into the index, in place of the one before.
fn write(app: &TestApp, networks: &[i64], written: &[Written]) {
    let at: Time = "2026-11-23T10:00:00Z".parse().unwrap();
    let done = app.kring.db.write_blocking(|tx| {
        for id in 1..=30_i64 {
            index::remove(tx, EntryKind::Document, id)?;
        }
        for (id, one) in (1..).zip(written) {
            index::put(
                tx,
                &Entry {
                    kind: EntryKind::Document,
                    id,
                    parent: None,
                    network: networks[one.by],
                    title: one.title.clone(),
                    body: one.body.clone(),
                    language: LanguageTag::parse(one.language.into()).unwrap(),
                    published_at: at,
                },
            )?;
        }
        Ok::<_, kring::error::Error>(())
    });
    done.unwrap();
}

/// All hits of a question page by page, whole; the fault where it cannot be asked.
async fn everything(who: &Client, query: &str, limit: i64) -> Vec<Value> {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let answer = who.get(&format!("/v1/search?query={query}&limit={limit}{cursor}")).await;
        if answer.status == 400 {
            return vec![answer["errors"].clone()];
        }
        // Networks were made by HTTP and have ids of their own on each side.
        let hits = answer["items"].as_array().unwrap().iter();
        found.extend(hits.filter(|hit| hit["kind"] != "network").cloned());
        let Some(next) = answer["nextCursor"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
}
