//! What is sent by somebody who is not who they say, or changed on the way, or too much: each refused.

use std::time::{Duration, SystemTime};

use kring_activitypub::keys::{Algorithm, PrivateKey};
use kring_activitypub::signature::{self, Headers, Scheme};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

use super::across::trying;
use crate::both;
use crate::harness::app::{PASSWORD, START};
use crate::harness::elsewhere::{Elsewhere, Told};
use crate::harness::{Response, TestApp};

/// A server beside Kring that serves one person and does nothing else.
struct Beside {
    base: String,
    key: PrivateKey,
}

impl Beside {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let key = PrivateKey::from_pkcs8(&PrivateKey::generate(Algorithm::Ed25519).unwrap()).unwrap();
        let actor = |name: &str| {
            let id = format!("{base}/{name}");
            json!({
                "id": id, "type": "Person", "preferredUsername": name, "inbox": format!("{id}/inbox"),
                "publicKey": { "id": format!("{id}#key"), "owner": id, "publicKeyPem": key.public().to_pem() },
            })
            .to_string()
        };
        let actors = [("mia", actor("mia")), ("zoe", actor("zoe"))];
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut heard = vec![0; 4096];
                let size = stream.read(&mut heard).await.unwrap_or(0);
                let heard = String::from_utf8_lossy(&heard[..size]).into_owned();
                let found = actors.iter().find(|(name, _)| heard.starts_with(&format!("GET /{name} ")));
                let (status, body) =
                    found.map_or(("404 Not Found", ""), |(_, body)| ("200 OK", body.as_str()));
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Type: application/activity+json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
            }
        });
        Self { base, key }
    }

    fn follow(&self, network: &str, number: u32) -> Value {
        json!({ "id": format!("{}/follow/{number}", self.base), "type": "Follow", "actor": format!("{}/mia", self.base), "object": network })
    }

    /// Signs what is for `app`'s inbox with the key of `name`, at a moment some seconds from the test's own.
    fn signed(&self, app: &TestApp, name: &str, body: &[u8], scheme: Scheme, off: i64) -> Headers {
        let start = START.parse::<kring_db::Time>().unwrap().millis() / 1000 + off;
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(u64::try_from(start).unwrap());
        let url = Url::parse(&format!("{}/inbox", app.base)).unwrap();
        let key_id = format!("{}/{name}#key", self.base);
        signature::sign(("POST", &url, body), (&self.key, &key_id), scheme, now).unwrap()
    }
}

async fn send(app: &TestApp, headers: &Headers, body: &[u8]) -> Response {
    let mut call = app.anonymous().call("POST", "/inbox").body("application/activity+json", body);
    for (name, value) in headers.iter().filter(|(name, _)| *name != "host") {
        call = call.header(name, value);
    }
    call.await
}

both! {
    [trying]
    async fn what_is_not_proved_or_not_theirs_to_say_is_refused_and_changes_nothing(app: &TestApp) {
        let beside = Beside::start().await;
        let (ann, admin) = (app.member("ann").await, app.admin("ada").await);
        let network = format!("{}/networks/haltes", app.base);
        let follow = beside.follow(&network, 1).to_string().into_bytes();
        let fine = beside.signed(app, "mia", &follow, Scheme::Cavage, 0);
        send(app, &fine, &follow).await.expect(404);
        admin.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);

        for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
            let fine = beside.signed(app, "mia", &follow, scheme, 0);
            // Changed on the way, unsigned, too old, too new, signed by another than who did it.
            let changed = beside.follow(&network, 2).to_string().into_bytes();
            let told = send(app, &fine, &changed).await.expect(401);
            assert!(told.body().contains("digest"), "{told}");
            send(app, &Headers::default(), &follow).await.expect(401);
            for off in [-3601, 3601] {
                let late = beside.signed(app, "mia", &follow, scheme, off);
                assert!(send(app, &late, &follow).await.expect(401).body().contains("hour"));
            }
            let other = beside.signed(app, "zoe", &follow, scheme, 0);
            send(app, &other, &follow).await.expect(401);
        }
        // Somebody of another host, and an object of another host, in a message that is well signed.
        let mut forged = beside.follow(&network, 3);
        forged["actor"] = json!("https://victim.example/u/bob");
        let forged = forged.to_string().into_bytes();
        send(app, &beside.signed(app, "mia", &forged, Scheme::Cavage, 0), &forged).await.expect(400);
        let stolen = json!({
            "id": format!("{}/create/1", beside.base), "type": "Create", "actor": format!("{}/mia", beside.base), "to": [network],
            "object": { "id": "https://victim.example/post/1", "type": "Page", "attributedTo": "https://victim.example/u/bob", "name": "Niet van mij", "content": "<p>x</p>", "to": [network] },
        }).to_string().into_bytes();
        send(app, &beside.signed(app, "mia", &stolen, Scheme::Cavage, 0), &stolen).await.expect(202);
        // Packed, of another kind, too large.
        let packed = app.anonymous().call("POST", "/inbox").body("application/activity+json", [31u8, 139, 8].as_slice()).header("content-encoding", "gzip");
        packed.await.expect(415);
        app.anonymous().call("POST", "/inbox").body("application/json", follow.clone()).await.expect(415);
        let large = vec![b' '; 1024 * 1024 + 1];
        send(app, &fine, &large).await.expect(413);
        app.settle().await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 1);
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["threadCount"], 0);

        // The same that is fine is taken, once, however often it comes; a blocked instance is not heard.
        for _ in 0..2 {
            send(app, &beside.signed(app, "mia", &follow, Scheme::Rfc9421, 0), &follow).await.expect(202);
        }
        app.settle().await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);
        // That somebody is gone is not believed of whoever says so, while they are there.
        let mia = format!("{}/mia", beside.base);
        let gone = json!({ "id": format!("{mia}#delete"), "type": "Delete", "actor": mia, "object": mia, "to": [network] });
        let gone = gone.to_string().into_bytes();
        send(app, &Headers::default(), &gone).await.expect(202);
        app.settle().await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);
        let host = beside.base.trim_start_matches("http://");
        let block = json!({ "rule": "block", "reason": "Stuurt reclame." });
        let asked = admin.put(&format!("/v1/peer-rules/{host}?dryRun=true"), block.clone()).await.expect(200);
        assert_eq!(asked["memberships"], 1);
        admin.put(&format!("/v1/peer-rules/{host}"), block).await.expect(200);
        let again = beside.follow(&network, 4).to_string().into_bytes();
        send(app, &beside.signed(app, "mia", &again, Scheme::Cavage, 0), &again).await.expect(403);
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

        // She is gone, as her server says; a stranger adds that all she wrote should go.
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
