//! What is sent by somebody who is not who they say, or changed on the way, or too much: each refused.

use diesel::RunQueryDsl as _;
use kring::error::Error;
use kring_activitypub::signature::{Headers, Scheme};
use kring_db::each_dialect;
use serde_json::{Value, json};

use super::across::trying;
use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::elsewhere::{Elsewhere, Told, post};
use crate::harness::{Client, TestApp};

fn follow(there: &Elsewhere, network: &str, number: u32) -> Value {
    let id = there.at(&format!("/follow/{number}"));
    json!({ "id": id, "type": "Follow", "actor": there.at("/mia"), "object": network })
}

/// What is for the inbox of `app`, signed with the key of `name`, some seconds from now.
fn signed(there: &Elsewhere, app: &TestApp, name: &str, body: &[u8], scheme: Scheme, off: i64) -> Headers {
    let at = (app.base.as_str(), app.clock.now() + chrono::Duration::seconds(off));
    there.signed(at, &there.key_of(name), ("POST", "/inbox", body), scheme)
}

/// Makes so many more of the only reply there is.
async fn multiply_reply(app: &TestApp, times: i64) {
    let made = app.kring.db.write::<_, Error, _>(move |tx| {
        for number in 1..=times {
            let copy = format!(
                "INSERT INTO replies (id, thread_id, author_id, seq, depth, path, body, body_html, language, thanks_count, recognise_count, more_count, created_at, version) \
                 SELECT id + {number}, thread_id, author_id, seq + {number}, depth, path || '{number:03}', body, body_html, language, 0, 0, 0, created_at, 1 FROM replies WHERE seq = 1"
            );
            each_dialect!(tx.conn(), |c| diesel::sql_query(copy).execute(c))?;
        }
        let more = format!("UPDATE threads SET reply_count = reply_count + {times} WHERE reply_count > 0");
        Ok(each_dialect!(tx.conn(), |c| diesel::sql_query(more).execute(c))?)
    });
    assert_eq!(made.await.unwrap(), 1);
}

both! {
    [trying]
    async fn what_is_not_proved_or_not_theirs_to_say_is_refused_and_changes_nothing(app: &TestApp) {
        let there = Elsewhere::open();
        let [mia, _] = ["mia", "zoe"].map(|name| there.actor(name, "Person", json!({})));
        let (ann, admin) = (app.member("ann").await, app.admin("ada").await);
        let network = format!("{}/networks/haltes", app.base);
        let asks = follow(&there, &network, 1).to_string().into_bytes();
        let fine = signed(&there, app, "mia", &asks, Scheme::Cavage, 0);
        post(app, &fine, &asks).await.expect(404);
        admin.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);

        for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
            let fine = signed(&there, app, "mia", &asks, scheme, 0);
            // Changed on the way, unsigned, too old, too new, signed by another than who did it.
            let changed = follow(&there, &network, 2).to_string().into_bytes();
            let told = post(app, &fine, &changed).await.expect(401);
            assert!(told.body().contains("digest"), "{told}");
            post(app, &Headers::default(), &asks).await.expect(401);
            for off in [-3601, 3601] {
                let late = signed(&there, app, "mia", &asks, scheme, off);
                assert!(post(app, &late, &asks).await.expect(401).body().contains("hour"));
            }
            let other = signed(&there, app, "zoe", &asks, scheme, 0);
            post(app, &other, &asks).await.expect(401);
        }
        // Somebody of another host, and an object of another host, in a message that is well signed.
        let mut forged = follow(&there, &network, 3);
        forged["actor"] = json!("https://victim.example/u/bob");
        let forged = forged.to_string().into_bytes();
        post(app, &signed(&there, app, "mia", &forged, Scheme::Cavage, 0), &forged).await.expect(400);
        let stolen = json!({
            "id": there.at("/create/1"), "type": "Create", "actor": mia, "to": [network],
            "object": { "id": "https://victim.example/post/1", "type": "Page", "attributedTo": "https://victim.example/u/bob", "name": "Niet van mij", "content": "<p>x</p>", "to": [network] },
        }).to_string().into_bytes();
        post(app, &signed(&there, app, "mia", &stolen, Scheme::Cavage, 0), &stolen).await.expect(202);
        // Packed, of another kind, too large.
        let packed = app.anonymous().call("POST", "/inbox").body("application/activity+json", [31u8, 139, 8].as_slice()).header("content-encoding", "gzip");
        packed.await.expect(415);
        app.anonymous().call("POST", "/inbox").body("application/json", asks.clone()).await.expect(415);
        let large = vec![b' '; 1024 * 1024 + 1];
        post(app, &fine, &large).await.expect(413);
        app.settle().await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 1);
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["threadCount"], 0);

        // The same that is fine is taken, once, however often it comes; a blocked instance is not heard.
        for _ in 0..2 {
            post(app, &signed(&there, app, "mia", &asks, Scheme::Rfc9421, 0), &asks).await.expect(202);
        }
        app.settle().await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);
        // That somebody is gone is not believed of whoever says so, while they are there.
        let gone = json!({ "id": format!("{mia}#delete"), "type": "Delete", "actor": mia, "object": mia, "to": [network] });
        let gone = gone.to_string().into_bytes();
        post(app, &Headers::default(), &gone).await.expect(202);
        app.settle().await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);
        let host = there.host();
        let block = json!({ "rule": "block", "reason": "Stuurt reclame." });
        let asked = admin.put(&format!("/v1/peer-rules/{host}?dryRun=true"), block.clone()).await.expect(200);
        assert_eq!(asked["memberships"], 1);
        admin.put(&format!("/v1/peer-rules/{host}"), block).await.expect(200);
        let again = follow(&there, &network, 4).to_string().into_bytes();
        post(app, &signed(&there, app, "mia", &again, Scheme::Cavage, 0), &again).await.expect(403);
    }

    [trying]
    async fn what_nobody_signed_says_no_more_than_what_their_server_says_and_nobody_is_made_a_member(app: &TestApp) {
        let there = Elsewhere::open();
        app.admin("ada").await.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let own = format!("{}/networks/haltes", app.base);
        let mia = there.actor("mia", "Person", json!({}));
        let public = "https://www.w3.org/ns/activitystreams#Public";
        let page = json!({ "id": there.at("/posts/1"), "type": "Page", "attributedTo": mia, "name": "Van mij", "content": "<p>Blijft.</p>", "to": [own, public] });
        let create = json!({ "id": there.at("/posts/1#create"), "type": "Create", "actor": mia, "to": [own, public], "object": page });
        there.send(app, &create).await.expect(202);
        app.settle().await;

        // Zoe goes, and takes with her what she wrote: she says so herself.
        let zoe = there.actor("zoe", "Person", json!({}));
        let mut hers = create.clone();
        (hers["id"], hers["actor"]) = (json!(there.at("/posts/2#create")), json!(zoe));
        (hers["object"]["id"], hers["object"]["attributedTo"], hers["object"]["name"]) = (json!(there.at("/posts/2")), json!(zoe), json!("Van Zoe"));
        there.send(app, &hers).await.expect(202);
        app.settle().await;
        let titles = async |who: &Client| who.get("/v1/networks/haltes/threads").await.expect(200).each("title");
        assert_eq!(titles(&ann).await.len(), 2);
        // She wrote a great deal: more than goes in one piece.
        let answer = json!({ "id": there.at("/posts/3"), "type": "Note", "attributedTo": zoe, "content": "<p>Ook ik.</p>", "inReplyTo": there.at("/posts/1"), "to": [own, public] });
        let answer = json!({ "id": there.at("/posts/3#create"), "type": "Create", "actor": zoe, "to": [own, public], "object": answer });
        there.send(app, &answer).await.expect(202);
        app.settle().await;
        multiply_reply(app, 150).await;
        let answered = async |who: &Client| who.get("/v1/networks/haltes/threads").await.expect(200)["items"].as_array().unwrap().iter().map(|it| it["replyCount"].as_i64().unwrap()).sum::<i64>();
        assert_eq!(answered(&ann).await, 151);
        // She is put out of the network before; and somebody else says as well that she is gone, which her server says too.
        ann.delete(&format!("/v1/networks/haltes/memberships/zoe@{}", there.host())).await.expect(204);
        let leaves = json!({ "id": format!("{zoe}#gone"), "type": "Delete", "actor": zoe, "object": zoe, "to": [public], "removeData": true });
        there.send(app, &leaves).await.expect(202);
        there.tell_as("/zoe", Told { status: 410, headers: Vec::new(), body: Vec::new() });
        app.anonymous().call("POST", "/inbox").body("application/activity+json", leaves.to_string()).await.expect(202);
        app.settle().await;
        assert_eq!((titles(&ann).await, answered(&ann).await), (vec![json!("Van mij")], 0));
        // Whoever may hold it is asked to delete each thing of it, by the network, as her server knows none of them.
        let asked = |thing: &str| there.sent().iter().any(|it| it["type"] == "Announce" && it["object"]["type"] == "Delete" && it["object"]["object"] == there.at(thing));
        assert!(asked("/posts/2") && asked("/posts/3"), "{:#?}", there.sent());

        // Mia is gone, as her server says; a stranger adds that all she wrote should go.
        let gone = json!({ "id": there.at("/mia#gone"), "type": "Delete", "actor": mia, "object": mia, "to": [public], "removeData": true });
        let unsigned = async || app.anonymous().call("POST", "/inbox").body("application/activity+json", gone.to_string()).await.expect(202);
        unsigned().await;
        app.settle().await;
        let seen = ann.get("/v1/networks/haltes/threads").await.expect(200);
        assert_eq!((&seen["items"][0]["title"], &seen["items"][0]["author"]["closed"]), (&json!("Van mij"), &json!(false)));
        there.tell_as("/mia", Told { status: 410, headers: Vec::new(), body: Vec::new() });
        // Her server is asked once a day about it, however often somebody says so.
        app.pass(chrono::Duration::days(1));
        let ann = app.anonymous().sign_in("ann", PASSWORD).await;
        unsigned().await;
        app.settle().await;
        let seen = ann.get("/v1/networks/haltes/threads").await.expect(200);
        assert_eq!((&seen["items"][0]["title"], &seen["items"][0]["author"]["closed"]), (&json!("Van mij"), &json!(true)));

        // A network elsewhere gives an office to somebody of here who has nothing to do with it.
        let group = there.at("/buurt");
        let offices = format!("{group}/moderators");
        there.group("buurt", json!({ "attributedTo": offices }));
        let buurt = format!("buurt@{}", there.host());
        let bob = app.anonymous().sign_in(bob.handle(), PASSWORD).await;
        bob.post(&format!("/v1/networks/{buurt}/memberships"), json!({})).await.expect(201);
        app.settle().await;
        let add = json!({ "id": there.at("/adds/1"), "type": "Add", "actor": group, "object": format!("{}/@ann", app.base), "target": offices, "to": [group, public], "cc": [] });
        there.send(app, &add).await.expect(202);
        app.settle().await;
        bob.get(&format!("/v1/networks/{buurt}/memberships/bob")).await.expect(200);
        ann.get(&format!("/v1/networks/{buurt}/memberships/ann")).await.expect(404);
    }
}
