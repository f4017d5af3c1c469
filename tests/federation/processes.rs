//! Several processes of one instance: each thing is sent and taken in once, and what one held that died another takes over.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use kring::federation::sending::drain;
use serde_json::{Value, json};

use super::across::{items, trying};
use crate::both;
use crate::harness::TestApp;
use crate::harness::elsewhere::{Elsewhere, Manner};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// How often each activity came.
fn ids(sent: &[Value]) -> (usize, usize) {
    let all: Vec<&str> = sent.iter().map(|it| it["id"].as_str().unwrap()).collect();
    (all.len(), all.iter().collect::<BTreeSet<_>>().len())
}

/// Does a server get so much, within so many seconds?
async fn gets(there: &Elsewhere, count: usize, seconds: u64) -> bool {
    let began = Instant::now();
    while there.sent().len() < count && began.elapsed() < Duration::from_secs(seconds) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    there.sent().len() >= count
}

both! {
    [trying]
    async fn two_processes_do_each_thing_once_and_one_takes_over_what_the_other_left(app: &TestApp) {
        let second = app.beside();
        let (ann, admin) = (app.member("ann").await, app.admin("ada").await);
        let at_second = second.anonymous().as_person(&ann);
        admin.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", network).await.expect(201);
        let group = format!("{}/networks/haltes", app.base);
        let peers: Vec<Elsewhere> = (0..5).map(|_| Elsewhere::open()).collect();
        for peer in &peers {
            peer.actor("mia", "Person", json!({}));
            peer.says(app, "mia", 1, "Follow", json!(group)).await.expect(202);
        }
        app.settle().await;

        // Written at either, while the workers of both look for what is to be done: everybody gets each once, in order.
        let mut threads = Vec::new();
        for number in 0..6 {
            let who = if number % 2 == 0 { &ann } else { &at_second };
            let thread = json!({ "title": format!("Gesprek {number}"), "body": "Wie kent dit?" });
            let thread = who.post("/v1/networks/haltes/threads", thread).await.expect(201).text("/id");
            let replies = format!("/v1/threads/{thread}/replies");
            who.post(&replies, json!({ "body": "Ik." })).await.expect(201);
            threads.push(thread);
        }
        app.settle().await;
        for peer in &peers {
            let took = peer.took();
            assert_eq!(ids(&took), (25, 25), "an Accept, and twice each of twelve: {took:#?}");
            let place = |kind: &str, thread: &str| took.iter().position(|it| {
                let object = &it["object"]["object"];
                object["type"] == kind && object["context"].as_str().is_some_and(|of| of.contains(thread))
            });
            assert!(threads.iter().all(|thread| place("Page", thread) < place("Note", thread)), "{took:#?}");
        }

        // What comes in at the same moment is taken once too, whoever takes it.
        let asked = format!("{}/threads/{}", app.base, threads[0]);
        let note = |peer: &Elsewhere, number: u32| {
            let (id, mia) = (peer.at(&format!("/notes/{number}")), peer.at("/mia"));
            let note = json!({ "id": id, "type": "Note", "attributedTo": mia, "content": format!("<p>{number}</p>"), "inReplyTo": asked, "to": [group, PUBLIC] });
            json!({ "id": format!("{id}#create"), "type": "Create", "actor": mia, "to": [group, PUBLIC], "object": note })
        };
        let notes: Vec<(&Elsewhere, Value)> = peers.iter().flat_map(|peer| (0..3).map(move |nth| (peer, nth))).map(|(peer, nth)| (peer, note(peer, nth))).collect();
        let sent = notes.iter().map(|(peer, note)| peer.send(app, note));
        for told in futures_util::future::join_all(sent).await {
            told.expect(202);
        }
        app.settle().await;
        let replies = items(&ann, &format!("/v1/threads/{}/replies?limit=100", threads[0])).await;
        assert_eq!(replies.len(), 1 + notes.len());
        for peer in &peers {
            let took = peer.took();
            assert_eq!(ids(&took), (2 * notes.len(), 2 * notes.len()), "{took:#?}");
        }

        // One process hangs over what it sends. That is its own for as long as its lease lasts, and then another's; what
        // it says of it afterwards changes nothing.
        second.vanish();
        let slow = &peers[0];
        slow.answers(Manner { silent: true, ..Manner::default() });
        let (before, asked_at) = (slow.sent().len(), app.clock.now());
        ann.post("/v1/networks/haltes/threads", json!({ "title": "Blijft hangen", "body": "Even." })).await.expect(201);
        assert!(gets(slow, before + 1, 20).await);
        assert!(!drain(&second.kring, "second").await.unwrap(), "it is somebody else's");
        slow.answers(Manner::default());
        // The one that hangs may have said just then that it still has it; once it did not, whoever looks next takes it.
        let mut taken = false;
        while !taken && app.clock.now() < asked_at + chrono::Duration::minutes(5) {
            app.clock.set(app.clock.now() + chrono::Duration::seconds(61));
            drain(&second.kring, "second").await.unwrap();
            taken = gets(slow, before + 2, 3).await;
        }
        assert!(taken);
        slow.lets_go();
        app.settle().await;
        let took = slow.took();
        assert_eq!(ids(&took), (3, 2), "what hung came twice, what follows it once: {took:#?}");
        assert_eq!(took[0]["id"], took[1]["id"]);
        ann.post("/v1/networks/haltes/threads", json!({ "title": "Verder", "body": "Ja." })).await.expect(201);
        app.settle().await;
        assert!(peers.iter().all(|peer| peer.took().last().is_some_and(|it| it["object"].is_string())));
        let all = items(&admin, "/v1/peers").await;
        assert!(all.iter().all(|it| it["state"] == "ok" && it["waiting"] == 0), "{all:#?}");
    }
}
