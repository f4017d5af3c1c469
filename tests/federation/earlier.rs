//! What was written in a network elsewhere before somebody here joined it, and what a reply answers: taken over from a
//! server of another make, whatever shape it tells things in, and however often the process dies over it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::across::{replies, threads, trying};
use super::kill::{Instance, until};
use crate::both;
use crate::harness::elsewhere::{Elsewhere, Told};
use crate::harness::{Client, On, TestApp};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// Something that `mia` of `there` wrote in its group, at a minute of an hour long ago.
fn post(there: &Elsewhere, kind: &str, name: &str, minute: u8, more: Value) -> Value {
    let group = there.at("/buurt");
    let mut object = json!({
        "id": there.at(&format!("/{name}")), "type": kind, "attributedTo": there.at("/mia"), "content": format!("<p>{name}</p>"),
        "to": [group, PUBLIC], "audience": group, "published": format!("2026-10-01T10:{minute:02}:00Z"),
    });
    if kind == "Page" {
        object["name"] = name.into();
    }
    object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    there.tell(&format!("/{name}"), object.clone());
    object
}

/// The activity that brought a document of `mia`'s; of every tenth in two languages.
fn document(there: &Elsewhere, number: u32) -> Value {
    let (id, mia, group) = (there.at(&format!("/plans/{number}")), there.at("/mia"), there.at("/buurt"));
    let mut object = json!({
        "id": id, "type": "Article", "attributedTo": mia, "name": format!("Plan {number}"), "content": format!("<p>Tekst {number}</p>"),
        "version": 1, "to": [group, PUBLIC], "audience": group, "published": "2026-10-02T10:00:00Z",
    });
    if number.is_multiple_of(10) {
        let names = json!({ "en": format!("Plan no. {number}"), "nl": object["name"] });
        let texts = json!({ "en": format!("<p>Text {number}</p>"), "nl": object["content"] });
        let object = object.as_object_mut().unwrap();
        for gone in ["name", "content"] {
            object.remove(gone);
        }
        object.extend([
            ("nameMap".into(), names),
            ("contentMap".into(), texts),
            ("language".into(), "nl".into()),
        ]);
    }
    json!({ "id": format!("{id}#create"), "type": "Create", "actor": mia, "to": [group, PUBLIC], "object": object })
}

/// Lets it tell of so many pages of documents, each with so many.
fn documents(there: &Elsewhere, pages: u32, each: u32, told: &dyn Fn(u32) -> Value) {
    let (all, page) = (there.at("/documents"), |number: u32| there.at(&format!("/documents?page={number}")));
    let whole =
        json!({ "id": all, "type": "OrderedCollection", "totalItems": pages * each, "first": page(1) });
    there.tell("/documents", whole);
    for number in 1..=pages {
        let items: Vec<Value> = ((number - 1) * each + 1..=number * each).map(told).collect();
        let next = (number < pages).then(|| page(number + 1));
        let told = json!({ "id": page(number), "type": "OrderedCollectionPage", "partOf": all, "orderedItems": items, "next": next });
        there.tell(&format!("/documents?page={number}"), told);
    }
}

async fn documents_of(who: &Client, network: &str) -> Vec<Value> {
    super::across::items(who, &format!("/v1/networks/{network}/documents?limit=100")).await
}

fn bodies(found: &[Value]) -> Vec<&str> {
    found.iter().map(|it| it["body"].as_str().unwrap()).collect()
}

fn announced(there: &Elsewhere, object: &Value) -> Value {
    let id = object["id"].as_str().unwrap();
    json!({ "id": format!("{id}#announce"), "type": "Announce", "actor": there.at("/buurt"), "to": [PUBLIC],
        "object": { "id": format!("{id}#create"), "type": "Create", "actor": object["attributedTo"], "to": [PUBLIC], "object": object } })
}

/// `ann` joins the group of `there`, which says yes.
pub async fn joins(app: &TestApp, there: &Elsewhere) -> (Client, String) {
    app.admin("ada").await.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
    let (ann, network) = (app.member("ann").await, format!("buurt@{}", there.host()));
    ann.post(&format!("/v1/networks/{network}/memberships"), json!({})).await.expect(201);
    app.settle().await;
    let follow = there.sent().into_iter().find(|it| it["type"] == "Follow").unwrap();
    let accept =
        json!({ "id": there.at("/accept"), "type": "Accept", "actor": there.at("/buurt"), "object": follow });
    there.send(app, &accept).await.expect(202);
    (ann, network)
}

both! {
    [trying]
    async fn what_was_written_before_comes_in_whatever_shape_it_is_told(app: &TestApp) {
        let there = Elsewhere::open();
        there.actor("mia", "Person", json!({}));
        there.group("buurt", json!({ "outbox": there.at("/outbox"), "featured": there.at("/featured") }));
        // A thread with a context in two pages, the last reply first; one of its replies is gone.
        let with_context = post(&there, "Page", "oud", 1, json!({ "context": there.at("/context") }));
        for (name, minute, answers) in [("tweede", 3, "/eerste"), ("eerste", 2, "/oud"), ("derde", 4, "/oud")] {
            post(&there, "Note", name, minute, json!({ "inReplyTo": there.at(answers) }));
        }
        there.tell("/context", json!({ "id": there.at("/context"), "type": "OrderedCollection", "first": { "type": "OrderedCollectionPage", "orderedItems": [there.at("/oud"), there.at("/derde")], "next": there.at("/context?page=2") } }));
        there.tell("/context?page=2", json!({ "type": "OrderedCollectionPage", "orderedItems": [there.at("/tweede"), there.at("/weg"), there.at("/eerste")] }));
        // One without: its replies have replies, told whole and by address.
        let deep = post(&there, "Note", "diep", 12, json!({ "inReplyTo": there.at("/hoog") }));
        post(&there, "Note", "hoog", 11, json!({ "inReplyTo": there.at("/nieuw"), "replies": { "id": there.at("/hoog/replies"), "type": "Collection", "first": { "type": "CollectionPage", "items": [deep] } } }));
        let without = post(&there, "Page", "nieuw", 10, json!({ "context": "tag:buurt,2026:x", "replies": there.at("/nieuw/replies") }));
        there.tell("/nieuw/replies", json!({ "id": there.at("/nieuw/replies"), "type": "Collection", "items": there.at("/hoog") }));
        // An outbox in pages, the newest first; the second is not there at once.
        there.tell("/outbox", json!({ "id": there.at("/outbox"), "type": "OrderedCollection", "totalItems": 2, "first": there.at("/outbox?page=1") }));
        there.tell("/outbox?page=1", json!({ "type": "OrderedCollectionPage", "orderedItems": [announced(&there, &without)], "next": there.at("/outbox?page=2") }));
        there.tell_as("/outbox?page=2", Told { status: 503, headers: Vec::new(), body: Vec::new() });
        there.tell("/featured", json!({ "id": there.at("/featured"), "type": "OrderedCollection", "orderedItems": [without["id"]] }));

        // Its documents, in more pages than are asked for in one go; the ninth is not there at once.
        let told = |number: u32| document(&there, number);
        documents(&there, 30, 1, &told);
        let ninth = Told { status: 503, headers: Vec::new(), body: Vec::new() };
        there.tell_as("/documents?page=9", ninth);
        there.group("buurt", json!({ "outbox": there.at("/outbox"), "featured": there.at("/featured"), "documents": there.at("/documents") }));

        let (ann, network) = joins(app, &there).await;
        app.settle().await;
        assert_eq!((documents_of(&ann, &network).await.len(), there.times("/documents?page=10")), (8, 0));
        documents(&there, 30, 1, &told);
        assert_eq!((there.times("/featured"), threads(&ann, &network).await.len()), (1, 1));
        there.tell("/outbox?page=2", json!({ "type": "OrderedCollectionPage", "orderedItems": [announced(&there, &with_context)] }));
        app.pass(chrono::Duration::minutes(2));
        app.settle().await;
        assert_eq!(there.times("/featured"), 1, "it goes on where it was");
        assert_eq!((there.times("/documents?page=8"), there.times("/documents?page=9"), there.times("/documents?page=30")), (1, 2, 1));
        let copied = documents_of(&ann, &network).await;
        assert_eq!(copied.len(), 30);
        // The last is told in two languages, and in none by itself.
        let last = copied.iter().find(|it| it["title"] == "Plan 30").unwrap();
        assert_eq!((&last["language"], &last["revision"]), (&json!("nl"), &json!(1)));
        let whole = ann.get(&format!("/v1/documents/{}", last["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(whole["body"], "Tekst 30");
        let found = threads(&ann, &network).await;
        assert_eq!((&found[0]["title"], &found[0]["pinned"]), (&json!("nieuw"), &json!(true)));
        assert_eq!((&found[1]["title"], &found[1]["pinned"]), (&json!("oud"), &json!(false)));
        let answered = replies(&ann, &found[1]).await;
        assert_eq!(bodies(&answered), ["eerste", "tweede", "derde"]);
        assert_eq!((&answered[1]["parent"], &answered[0]["createdAt"]), (&answered[0]["id"], &json!("2026-10-01T10:02:00.000Z")));
        assert_eq!(bodies(&replies(&ann, &found[0]).await), ["hoog", "diep"]);
        assert_eq!(there.times("/weg"), 1, "what is not there stops nothing");
        // Nobody asks anew for the next who joins.
        let asked = there.asked().len();
        let bob = app.member("bob").await;
        bob.post(&format!("/v1/networks/{network}/memberships"), json!({})).await.expect(201);
        app.settle().await;
        let follow = there.sent().into_iter().rfind(|it| it["type"] == "Follow").unwrap();
        let accept = json!({ "id": there.at("/accept/2"), "type": "Accept", "actor": there.at("/buurt"), "object": follow });
        there.send(app, &accept).await.expect(202);
        app.settle().await;
        assert_eq!(threads(&bob, &network).await.len(), 2);
        assert!(!there.asked()[asked..].iter().any(|path| path.starts_with("/outbox")));

        // A reply to what never came: what it answers is asked for, up to the thread.
        let context = there.at("/later/context");
        post(&there, "Page", "later", 20, json!({ "context": context }));
        post(&there, "Note", "tussen", 21, json!({ "inReplyTo": there.at("/later") }));
        let last = post(&there, "Note", "laatst", 22, json!({ "inReplyTo": there.at("/tussen") }));
        there.send(app, &announced(&there, &last)).await.expect(202);
        app.settle().await;
        let later = threads(&ann, &network).await.into_iter().find(|it| it["title"] == "later").unwrap();
        assert_eq!(bodies(&replies(&ann, &later).await), ["tussen", "laatst"]);
        // Not into a conversation that is somewhere else.
        post(&there, "Page", "anders", 30, json!({ "to": [PUBLIC], "audience": there.at("/elders") }));
        let stray = post(&there, "Note", "dwaal", 31, json!({ "inReplyTo": there.at("/anders") }));
        there.send(app, &announced(&there, &stray)).await.expect(202);
        app.settle().await;
        assert_eq!((threads(&ann, &network).await.len(), there.times("/anders")), (3, 1));
        // What waits for its context is given up after an hour.
        app.pass(chrono::Duration::hours(2));
        app.settle().await;
    }
}

async fn killed_over_it(on: On) {
    let Some(mut away) = Instance::prepare(on, "eva") else { return };
    let there = Elsewhere::open();
    there.actor("mia", "Person", json!({}));
    there.group("buurt", json!({ "outbox": there.at("/outbox"), "documents": there.at("/documents") }));
    documents(&there, 8, 2, &|number| document(&there, number));
    let (mut told, mut items) = (Vec::new(), 0);
    for thread in 0..4u8 {
        let (name, context) = (format!("t{thread}"), format!("/t{thread}/context"));
        let page = post(&there, "Page", &name, thread, json!({ "context": there.at(&context) }));
        let answers: Vec<Value> = (0..8u8)
            .map(|reply| {
                let more = json!({ "inReplyTo": there.at(&format!("/{name}")) });
                post(&there, "Note", &format!("{name}r{reply}"), 10 + thread * 8 + reply, more)["id"].clone()
            })
            .collect();
        items += 1 + answers.len();
        there.tell(
            &context,
            json!({ "id": there.at(&context), "type": "OrderedCollection", "orderedItems": answers }),
        );
        told.insert(0, announced(&there, &page));
    }
    there.tell(
        "/outbox",
        json!({ "id": there.at("/outbox"), "type": "OrderedCollection", "orderedItems": told }),
    );

    away.start().await;
    away.somebody("ada").await.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
    let (eva, network) = (away.somebody("eva").await, format!("buurt@{}", there.host()));
    eva.post(&format!("/v1/networks/{network}/memberships"), json!({})).await.expect(201);
    until("she asks there", || async { there.sent().iter().any(|it| it["type"] == "Follow") }).await;
    let follow = there.sent().into_iter().find(|it| it["type"] == "Follow").unwrap();
    let accept =
        json!({ "id": there.at("/accept"), "type": "Accept", "actor": there.at("/buurt"), "object": follow });
    there.send_to(&away.base(), away.now(), &accept).await;
    let mut kills = 0;
    for round in 0..5u64 {
        let (before, began) = (there.asked().len(), Instant::now());
        while there.asked().len() < before + 4 && began.elapsed() < Duration::from_secs(5) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        tokio::time::sleep(Duration::from_millis(round * 3)).await;
        away.kill();
        kills += 1;
        away.start().await;
    }
    until("everything is there", || async {
        let mut count = 0;
        for thread in threads(&eva, &network).await {
            count += 1 + replies(&eva, &thread).await.len();
        }
        count >= items && documents_of(&eva, &network).await.len() >= 16
    })
    .await;
    let copied = documents_of(&eva, &network).await;
    let mut titles: Vec<&str> = copied.iter().map(|it| it["title"].as_str().unwrap()).collect();
    titles.sort_unstable();
    titles.dedup();
    assert_eq!((copied.len(), titles.len()), (16, 16));
    assert!(there.times("/documents?page") <= 8 + 2 * kills, "{:?}", there.asked());
    for thread in threads(&eva, &network).await {
        let name = thread["title"].as_str().unwrap();
        let expected: Vec<String> = (0..8).map(|reply| format!("{name}r{reply}")).collect();
        assert_eq!(bodies(&replies(&eva, &thread).await), expected, "each once, in order of time");
    }
    let asked = there.asked().iter().filter(|path| path.starts_with("/t")).count();
    assert!(asked <= items + 4 + kills * 10, "no more than one conversation is begun anew: {asked}");
}

fn run(on: On) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(killed_over_it(on));
}

#[test]
fn killed_in_the_midst_it_goes_on_where_it_was_on_sqlite() {
    run(On::Sqlite);
}

#[test]
fn killed_in_the_midst_it_goes_on_where_it_was_on_postgres() {
    run(On::Postgres);
}
