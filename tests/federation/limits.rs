//! What others make this instance ask for has its limits: how much, how often, how large, and where.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use kring_activitypub::fetch::Names;
use serde_json::{Value, json};

use super::across::trying;
use crate::both;
use crate::harness::elsewhere::{Elsewhere, Told};
use crate::harness::{On, TestApp};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

fn follow(there: &Elsewhere, who: &str, number: u8, network: &str) -> Value {
    let id = there.at(&format!("/follows/{who}{number}"));
    json!({ "id": id, "type": "Follow", "actor": there.at(&format!("/{who}")), "object": network })
}

both! {
    [trying]
    async fn one_message_makes_nobody_ask_for_more_than_so_much(app: &TestApp) {
        let there = Elsewhere::open();
        let mia = there.actor("mia", "Person", json!({}));
        let (ann, admin) = (app.member("ann").await, app.admin("ada").await);
        admin.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let network = format!("{}/networks/haltes", app.base);

        // A conversation without a beginning, each reply by somebody else: a few steps, and not one message more.
        let note = |number: u32| {
            let id = there.at(&format!("/notes/{number}"));
            json!({ "id": id, "type": "Note", "attributedTo": there.at(&format!("/p{number}")), "content": "<p>x</p>", "to": [network, PUBLIC], "inReplyTo": there.at(&format!("/notes/{}", number + 1)) })
        };
        for number in 1..60 {
            there.actor(&format!("p{number}"), "Person", json!({}));
            there.tell(&format!("/notes/{number}"), note(number));
        }
        let mut first = note(0);
        first["attributedTo"] = mia.clone().into();
        let create = json!({ "id": there.at("/creates/1"), "type": "Create", "actor": mia, "to": [network, PUBLIC], "object": first });
        there.send(app, &create).await.expect(202);
        app.settle().await;
        assert!((1..=21).contains(&there.times("/notes/")), "{:?}", there.asked());
        for _ in 0..8 {
            app.pass(chrono::Duration::minutes(20));
            app.settle().await;
        }
        assert!(there.times("/notes/") <= 120, "{}", there.times("/notes/"));
        assert_eq!(app.anonymous().get("/v1/networks/haltes").await.expect(200)["threadCount"], 0);

        // The same is asked once at a time, however many ask because of it.
        there.actor("zoe", "Person", json!({}));
        there.slow("/zoe");
        let follows: Vec<Value> = (0..6).map(|number| follow(&there, "zoe", number, &network)).collect();
        let all = follows.iter().map(|follow| there.send(app, follow));
        for told in futures_util::future::join_all(all).await {
            told.expect(202);
        }
        assert_eq!(there.at_once("/zoe"), 1);
        // A server that fell over it is left alone for a while.
        there.tell_as("/eve", Told { status: 503, headers: Vec::new(), body: Vec::new() });
        for number in 0..3 {
            there.send(app, &follow(&there, "eve", number, &network)).await.expect(503);
        }
        assert_eq!(there.times("/eve"), 1);
        there.actor("eve", "Person", json!({}));
        app.pass(chrono::Duration::minutes(1));
        there.send(app, &follow(&there, "eve", 4, &network)).await.expect(202);

        // Elsewhere, twice elsewhere, packed, of another kind, too large.
        let activity = |body: Vec<u8>, more: Vec<(&'static str, String)>| {
            let mut headers = vec![("content-type", "application/activity+json".to_owned())];
            headers.extend(more);
            Told { status: 200, headers, body }
        };
        let to = |place: &str| Told { status: 302, headers: vec![("location", place.to_owned())], body: Vec::new() };
        // 1 KB that would become 1 MB.
        let bomb = { let mut packed = vec![31, 139, 8, 0, 0, 0, 0, 0, 0, 3]; packed.extend([0; 1024]); packed };
        for (name, told, why) in [
            ("r1", to("file:///etc/passwd"), "not of the web"),
            ("r2", to("http://ann:secret@localhost/x"), "a name and a password"),
            ("r3", to(&there.at("/r4")), "status 302"),
            ("r5", activity(bomb, vec![("content-encoding", "gzip".to_owned())]), "not of the kind"),
            ("r6", Told { status: 200, headers: vec![("content-type", "text/html".to_owned())], body: b"{}".to_vec() }, "not of the kind"),
            ("r7", activity(vec![b' '; 1024 * 1024 + 1], Vec::new()), "larger than"),
        ] {
            there.tell_as(&format!("/{name}"), told);
            there.tell_as("/r4", to(&there.at("/mia")));
            let answer = there.send(app, &follow(&there, name, 1, &network)).await.expect(401);
            assert!(answer.body().contains(why), "{name}: {answer}");
        }
        app.settle().await;
    }
}

both! {
    [|settings| { settings.dev_federation = true; settings.attempts_per_minute = 3; }]
    async fn nobody_has_other_instances_asked_more_often_than_so(app: &TestApp) {
        let there = Elsewhere::open();
        app.admin("ada").await.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let resolve = |number: u8| format!("/v1/search?resolve=true&query=@p{number}@{}", there.host());
        for number in 0..3 {
            ann.get(&resolve(number)).await.expect(200);
        }
        let refused = ann.get(&resolve(3)).await.problem(429, "too_many");
        assert!((1..=20).contains(&refused.header("retry-after").parse().unwrap()), "{refused}");
        assert_eq!(there.times("/.well-known/webfinger"), 3);
        // What is here she finds all the same, and others are not kept from anything by her.
        ann.get(&resolve(4).replace("resolve=true&", "")).await.expect(200);
        bob.get(&resolve(5)).await.expect(200);
        assert_eq!(there.times("/.well-known/webfinger"), 4);
    }
}

/// Names that lead inside, one way or another; counted.
struct Inside(Vec<&'static str>, Arc<AtomicUsize>);

impl Names for Inside {
    fn look_up(&self, _: &str) -> Pin<Box<dyn Future<Output = std::io::Result<Vec<IpAddr>>> + Send>> {
        let nth = self.1.fetch_add(1, Ordering::SeqCst);
        let address = self.0[nth % self.0.len()].parse().unwrap();
        Box::pin(async move { Ok(vec![address]) })
    }
}

#[test]
fn a_name_that_leads_inside_is_asked_for_nothing_whoever_sends_it() {
    let looked_up = Arc::new(AtomicUsize::new(0));
    let inside =
        vec!["127.0.0.1", "169.254.169.254", "10.0.0.7", "::1", "64:ff9b::7f00:1", "::ffff:192.168.0.1"];
    let count = inside.len();
    let names = Inside(inside, looked_up.clone());
    let app = TestApp::start_knowing(On::Sqlite, Arc::new(names), |_| {}).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        app.admin("ada").await.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let ann = app.member("ann").await;
        for nth in 0..count {
            let there = Elsewhere::open();
            let evil = format!("https://evil{nth}.example");
            let activity = json!({ "id": format!("{evil}/follows/1"), "type": "Follow", "actor": format!("{evil}/mia"), "object": "x" });
            let told = there.send_as(&app, &format!("{evil}/mia#key"), &activity).await.expect(401);
            assert!(told.body().contains("no public address"), "{told}");
            // Left alone for a while: the name is not even looked up again, whatever it would lead to by then.
            there.send_as(&app, &format!("{evil}/mia#key"), &activity).await.expect(503);
            assert_eq!(looked_up.load(Ordering::SeqCst), nth + 1);
        }
        // Nor where a person asks for it; and numbers and ports are no names.
        let join = |network: &str| ann.post(&format!("/v1/networks/{network}/memberships"), json!({}));
        join("haltes@evil.example").await.problem(409, "not_reached");
        join("haltes@127.0.0.1").await.problem(409, "not_reached");
        join("haltes@evil.example:8443").await.problem(409, "not_reached");
        assert_eq!(looked_up.load(Ordering::SeqCst), count + 1);
    });
}
