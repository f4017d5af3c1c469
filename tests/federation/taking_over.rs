//! Somebody on a server of their own claims to continue a network: refused while its home is alive, and to whoever does
//! not coordinate it by the copy of who hears it.

use kring_db::Time;
use serde_json::{Value, json};

use super::across::{host, open, trying};
use super::continuing::{again, beside, pass, settle};
use crate::both;
use crate::harness::TestApp;
use crate::harness::elsewhere::Elsewhere;

/// A server of two people and a group that says it was a network of Kring's.
struct Server(Elsewhere);

impl Server {
    fn open(network: &str) -> Self {
        let server = Elsewhere::open();
        for (name, kind) in [("mia", "Person"), ("zoe", "Person"), ("net", "Group")] {
            server.prover(name, kind, json!({ "alsoKnownAs": [network] }));
        }
        Self(server)
    }

    /// A move of `network` to the group of this server, proved by `name`.
    fn continuation(&self, number: u32, name: &str, network: &str, now: Time) -> Value {
        let by = self.0.at(&format!("/{name}"));
        let moved = json!({
            "id": self.0.at(&format!("/moves/{number}")), "type": "Move", "actor": by, "object": network,
            "target": self.0.at("/net"), "to": ["https://www.w3.org/ns/activitystreams#Public"], "published": now,
        });
        self.0.proved(&by, now, moved)
    }

    /// Sends something to an instance's inbox, and lets it be taken.
    async fn send(&self, app: &TestApp, what: &Value) {
        self.0.send(app, what).await.expect(202);
        app.settle().await;
    }
}

both! {
    [trying]
    async fn nobody_takes_a_network_away_that_is_alive_or_not_theirs(c: &TestApp) {
        let a = beside();
        let network = format!("{}/networks/haltes", a.base);
        let server = Server::open(&network);
        let its = server.0.host();
        for app in [&a, c] {
            open(app).await;
        }
        let ann = a.member("ann").await;
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let there = format!("haltes@{}", host(&a));
        c.member("carla").await.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        let follow = json!({ "id": server.0.at("/follow/1"), "type": "Follow", "actor": server.0.at("/mia"), "object": network });
        server.send(&a, &follow).await;
        settle(&[&a, c]).await;
        ann.patch(&format!("/v1/networks/haltes/memberships/mia@{its}"), json!({ "role": "coordinator" })).await.expect(200);
        pass(&[&a, c], chrono::Duration::hours(7)).await;
        let lives_at = async || again(c, "carla").await.get(&format!("/v1/networks/{there}")).await.expect(200).text("/slug");
        let now = || c.clock.now();

        // Mia coordinates it, but its home is alive.
        server.send(c, &server.continuation(1, "mia", &network, now())).await;
        assert_eq!(lives_at().await, there);

        // Its home is gone, not for long enough: Zoe is nobody, and what Mia says is kept, and forgotten as the home answers.
        let gone = async || {
            a.vanish();
            pass(&[c], chrono::Duration::hours(7)).await;
        };
        let back = async || {
            a.clock.set(c.clock.now());
            a.come_back();
            pass(&[&a, c], chrono::Duration::hours(2)).await;
        };
        gone().await;
        server.send(c, &server.continuation(2, "zoe", &network, now())).await;
        server.send(c, &server.continuation(3, "mia", &network, now())).await;
        assert_eq!(lives_at().await, there);
        back().await;
        gone().await;
        pass(&[c], chrono::Duration::days(31)).await;
        assert_eq!(lives_at().await, there);

        // Gone for a month: Zoe is nobody still, and what was changed on the way proves nothing.
        server.send(c, &server.continuation(4, "zoe", &network, now())).await;
        let mut changed = server.continuation(5, "mia", &network, now());
        changed["published"] = json!("2026-01-01T00:00:00Z");
        server.send(c, &changed).await;
        assert_eq!(lives_at().await, there);

        // By Mia herself, proved, and nobody at home: once that was so here for long enough it goes on there, without
        // another word.
        back().await;
        gone().await;
        server.send(c, &server.continuation(6, "mia", &network, now())).await;
        assert_eq!(lives_at().await, there);
        pass(&[c], chrono::Duration::days(31)).await;
        assert_eq!(lives_at().await, format!("net@{its}"));
    }
}
