//! Somebody on a server of their own claims to continue a network: refused while its home is alive, and to whoever does
//! not coordinate it by the copy of who hears it.

use std::time::{Duration, SystemTime};

use kring_activitypub::keys::{Algorithm, PrivateKey};
use kring_activitypub::proof;
use kring_activitypub::signature::{self, Scheme};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

use super::across::{host, open, trying};
use super::continuing::{again, beside, pass, settle};
use crate::both;
use crate::harness::TestApp;

/// A server of two people and a group that says it was a network of Kring's.
struct Server {
    base: String,
    key: PrivateKey,
}

impl Server {
    async fn start(network: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let key = PrivateKey::from_pkcs8(&PrivateKey::generate(Algorithm::Ed25519).unwrap()).unwrap();
        let actor = |name: &str, kind: &str| {
            let id = format!("{base}/{name}");
            let proves = key.public().to_multibase();
            json!({
                "id": id, "type": kind, "preferredUsername": name, "inbox": format!("{id}/inbox"), "alsoKnownAs": [network],
                "publicKey": { "id": format!("{id}#key"), "owner": id, "publicKeyPem": key.public().to_pem() },
                "assertionMethod": [{ "id": format!("{id}#proof"), "type": "Multikey", "controller": id, "publicKeyMultibase": proves }],
            })
            .to_string()
        };
        let actors = [
            ("mia", actor("mia", "Person")),
            ("zoe", actor("zoe", "Person")),
            ("net", actor("net", "Group")),
        ];
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

    /// A move of `network` to the group of this server, proved by `name`.
    fn continuation(&self, number: u32, name: &str, network: &str, now: &str) -> Value {
        let by = format!("{}/{name}", self.base);
        let moved = json!({
            "@context": ["https://www.w3.org/ns/activitystreams", proof::CONTEXT],
            "id": format!("{}/moves/{number}", self.base), "type": "Move", "actor": by, "object": network,
            "target": format!("{}/net", self.base), "to": ["https://www.w3.org/ns/activitystreams#Public"], "published": now,
        });
        let mut moved = moved.as_object().unwrap().clone();
        proof::put(&mut moved, &self.key, &format!("{by}#proof"), now).unwrap();
        Value::Object(moved)
    }

    /// Sends something to an instance's inbox, signed by `name`, and lets it be taken.
    async fn send(&self, app: &TestApp, name: &str, what: &Value) {
        let body = what.to_string().into_bytes();
        let millis = u64::try_from(app.clock.now().millis()).unwrap();
        let now = SystemTime::UNIX_EPOCH + Duration::from_millis(millis);
        let url = Url::parse(&format!("{}/inbox", app.base)).unwrap();
        let key_id = format!("{}/{name}#key", self.base);
        let headers =
            signature::sign(("POST", &url, &body), (&self.key, &key_id), Scheme::Cavage, now).unwrap();
        let mut call = app.anonymous().call("POST", "/inbox").body("application/activity+json", body);
        for (name, value) in headers.iter().filter(|(name, _)| *name != "host") {
            call = call.header(name, value);
        }
        call.await.expect(202);
        app.settle().await;
    }
}

both! {
    [trying]
    async fn nobody_takes_a_network_away_that_is_alive_or_not_theirs(c: &TestApp) {
        let a = beside();
        let network = format!("{}/networks/haltes", a.base);
        let server = Server::start(&network).await;
        let its = server.base.trim_start_matches("http://").to_owned();
        for app in [&a, c] {
            open(app).await;
        }
        let ann = a.member("ann").await;
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let there = format!("haltes@{}", host(&a));
        c.member("carla").await.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        let follow = json!({ "id": format!("{}/follow/1", server.base), "type": "Follow", "actor": format!("{}/mia", server.base), "object": network });
        server.send(&a, "mia", &follow).await;
        settle(&[&a, c]).await;
        ann.patch(&format!("/v1/networks/haltes/memberships/mia@{its}"), json!({ "role": "coordinator" })).await.expect(200);
        pass(&[&a, c], chrono::Duration::hours(7)).await;
        let lives_at = async || again(c, "carla").await.get(&format!("/v1/networks/{there}")).await.expect(200).text("/slug");
        let now = || c.clock.now().to_string();

        // Mia coordinates it, but its home is alive.
        server.send(c, "mia", &server.continuation(1, "mia", &network, &now())).await;
        assert_eq!(lives_at().await, there);

        // Its home is gone: not for long enough; then Zoe is nobody, and what was changed on the way proves nothing.
        a.vanish();
        pass(&[c], chrono::Duration::hours(7)).await;
        server.send(c, "zoe", &server.continuation(2, "zoe", &network, &now())).await;
        pass(&[c], chrono::Duration::days(31)).await;
        server.send(c, "zoe", &server.continuation(3, "zoe", &network, &now())).await;
        let mut changed = server.continuation(4, "mia", &network, &now());
        changed["published"] = json!("2026-01-01T00:00:00Z");
        server.send(c, "mia", &changed).await;
        assert_eq!(lives_at().await, there);

        // By Mia herself, proved, and nobody at home: it goes on there, whoever brings the word.
        server.send(c, "mia", &server.continuation(5, "mia", &network, &now())).await;
        assert_eq!(lives_at().await, format!("net@{its}"));
    }
}
