//! What is written for members of a network, or for named instances, is there for those alone, on every instance.

use kring_activitypub::signature::Scheme;
use serde_json::{Value, json};

use super::across::{beside, host, open, replies, settle, threads, trying};
use crate::both;
use crate::harness::elsewhere::{Elsewhere, Manner, Told};
use crate::harness::{Client, Response, TestApp};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

async fn unsigned(app: &TestApp, address: &str) -> Response {
    let path = address.strip_prefix(&app.base).unwrap_or(address);
    app.anonymous().get(path).header("accept", "application/activity+json").await
}

/// None of these is there for who asks without a signature, nor for `asker`.
async fn are_hidden(app: &TestApp, asker: &Elsewhere, addresses: &[String]) {
    for address in addresses {
        unsigned(app, address).await.expect(404);
        for scheme in [Scheme::Cavage, Scheme::Rfc9421] {
            let told = asker.get(app, "mia", address, scheme).await.expect(404);
            assert!(told.header("vary").contains("Signature"), "{told}");
            assert!(told.header("cache-control").starts_with("private"), "{told}");
        }
    }
}

async fn decide(coordinator: &Client, who: &str, state: &str) {
    let path = format!("/v1/networks/besloten/memberships/{who}");
    coordinator.patch(&path, json!({ "state": state })).await.expect(200);
}

both! {
    [trying]
    async fn a_network_for_members_is_read_by_members_alone_wherever_they_are(home: &TestApp) {
        let (away, third) = (beside(), Elsewhere::open());
        let mia = third.actor("mia", "Person", json!({}));
        open(home).await;
        open(&away).await;
        let (ann, eva, bob) = (home.member("ann").await, away.member("eva").await, away.member("bob").await);
        let new = json!({ "slug": "besloten", "name": "Besloten", "description": "Onder ons.", "visibility": "members", "joinPolicy": "request", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let thread = json!({ "title": "Vertrouwelijk", "body": "Alleen voor ons." });
        let thread = ann.post("/v1/networks/besloten/threads", thread).await.expect(201);
        let path = format!("/v1/threads/{}", thread.text("/id"));
        let reply = ann.post(&format!("{path}/replies"), json!({ "body": "Blijft hier." })).await.expect(201);
        ann.patch(&path, json!({ "pinned": true })).await.expect(200);
        let at = |path: &str| format!("{}{path}", home.base);

        // What it says of itself anybody may know, so that one can ask to join; what is in it, nobody.
        let group = unsigned(home, &at("/networks/besloten")).await.expect(200);
        assert_eq!((&group["manuallyApprovesFollowers"], &group["name"]), (&json!(true), &json!("Besloten")));
        let (inside, note) = (at(&path.replace("/v1", "")), at(&format!("/replies/{}", reply.text("/id"))));
        let kept = [inside.clone(), format!("{inside}/context"), note.clone(), at("/networks/besloten/outbox"), at("/networks/besloten/featured"), at("/networks/besloten/moderators")];
        are_hidden(home, &third, &kept).await;
        are_hidden(home, &third, &[at("/threads/0000000000000"), at("/networks/nergens/outbox")]).await;

        // She asks, a coordinator says yes, and what was written before is there: for her alone.
        let there = format!("besloten@{}", host(home));
        eva.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        settle(home, &away).await;
        eva.get(&format!("/v1/networks/{there}/threads")).await.problem(403, "members_only");
        decide(&ann, &format!("eva@{}", host(&away)), "active").await;
        settle(home, &away).await;
        let seen = eva.get(&format!("/v1/networks/{there}")).await.expect(200);
        assert_eq!((&seen["visibility"], &seen["name"]), (&json!("members"), &json!("Besloten")));
        let copied = threads(&eva, &there).await;
        assert_eq!((&copied[0]["body"], &copied[0]["pinned"]), (&json!("Alleen voor ons."), &json!(true)));
        assert_eq!(replies(&eva, &copied[0]).await[0]["body"], "Blijft hier.");
        let own = json!({ "title": "Ook vertrouwelijk", "body": "Van mij." });
        let own = eva.post(&format!("/v1/networks/{there}/threads"), own).await.expect(201);
        settle(home, &away).await;
        assert!(threads(&ann, "besloten").await.iter().any(|it| it["title"] == "Ook vertrouwelijk"));
        let copy = format!("/threads/{}", copied[0]["id"].as_str().unwrap());
        for who in [&away.anonymous(), &bob] {
            who.get(&format!("/v1{copy}")).await.expect(404);
            who.get(&copy).header("accept", "text/html").await.expect(404);
            who.get(&format!("/v1/networks/{there}/threads")).await.problem(403, "members_only");
            let found = who.get("/v1/search?query=vertrouwelijk").await.expect(200);
            assert_eq!(found["items"], json!([]));
        }
        assert_eq!(eva.get("/v1/search?query=vertrouwelijk").await.expect(200)["items"].as_array().unwrap().len(), 2);
        let hers = format!("/threads/{}", own.text("/id"));
        are_hidden(&away, &third, &[hers.clone(), copy, format!("/networks/{there}"), format!("/networks/{there}/outbox")]).await;

        // A third instance asks too: it gets everything once somebody there is in, and nothing any more once they are out.
        let asks = |number: u8| json!({ "id": third.at(&format!("/follows/{number}")), "type": "Follow", "actor": mia, "object": at("/networks/besloten") });
        third.send(home, &asks(1)).await.expect(202);
        home.settle().await;
        are_hidden(home, &third, &kept).await;
        decide(&ann, &format!("mia@{}", third.host()), "active").await;
        ann.post(&format!("{path}/replies"), json!({ "body": "Welkom." })).await.expect(201);
        home.settle().await;
        let sent = third.sent();
        assert!(sent.iter().any(|it| it["type"] == "Accept") && sent.iter().any(|it| it["object"]["object"]["content"].as_str().is_some_and(|text| text.contains("Welkom"))));
        for told in sent.iter().filter(|it| it["type"] == "Announce") {
            assert!(!told.to_string().contains(PUBLIC), "{told}");
        }
        for address in &kept {
            let told = third.get(home, "mia", address, Scheme::Cavage).await.expect(200);
            assert!(!told["to"].to_string().contains(PUBLIC) && told.header("vary").contains("Signature"), "{told}");
            unsigned(home, address).await.expect(404);
        }
        let page = third.get(home, "mia", &inside, Scheme::Rfc9421).await.expect(200);
        assert_eq!(page["to"], json!([at("/networks/besloten"), at("/networks/besloten/followers")]));
        let context = third.get(home, "mia", &format!("{inside}/context"), Scheme::Cavage).await.expect(200);
        assert_eq!(context["totalItems"], 3);
        // What was written elsewhere in it stands there; who follows its home tells, to those who do.
        third.get(&away, "mia", &hers, Scheme::Cavage).await.expect(200);
        let is_follower = |who: &str| at(&format!("/networks/besloten/followers?is_follower={who}"));
        let eva_there = is_follower(&format!("{}/@eva", away.base));
        third.get(home, "mia", &eva_there, Scheme::Cavage).await.expect(200);
        third.get(home, "mia", &is_follower("http://nobody.example/u/x"), Scheme::Cavage).await.expect(404);
        unsigned(home, &eva_there).await.expect(404);

        ann.delete(&format!("/v1/networks/besloten/memberships/mia@{}", third.host())).await.expect(204);
        home.settle().await;
        are_hidden(home, &third, &kept).await;
        are_hidden(&away, &third, &[hers]).await;
        third.get(home, "mia", &eva_there, Scheme::Cavage).await.expect(404);
        assert!(third.sent().iter().any(|it| it["type"] == "Reject"));
    }

    [trying]
    async fn what_goes_to_named_instances_is_told_to_those_alone(home: &TestApp) {
        let (named, other) = (Elsewhere::open(), Elsewhere::open());
        let (ann, admin) = (home.member("ann").await, home.admin("ada").await);
        admin.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let hosts = json!([named.host()]);
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor ons beiden.", "federation": "named", "federationInstances": hosts });
        ann.post("/v1/networks", new).await.expect(201);
        let thread = json!({ "title": "Perron", "body": "Te laag." });
        let thread = ann.post("/v1/networks/haltes/threads", thread).await.expect(201);
        let all = ["/networks/haltes".to_owned(), "/networks/haltes/outbox".to_owned(), format!("/threads/{}", thread.text("/id"))];
        for server in [&named, &other] {
            server.actor("mia", "Person", json!({}));
        }
        are_hidden(home, &other, &all).await;
        for address in &all {
            named.get(home, "mia", address, Scheme::Rfc9421).await.expect(200);
        }
        let finger = format!("/.well-known/webfinger?resource=acct:haltes@{}", host(home));
        home.anonymous().get(&finger).await.expect(200);
        // People are everyone's to know, until the whole instance is for named ones.
        unsigned(home, "/@ann").await.expect(200);
        admin.put("/v1/federation", json!({ "reach": "named" })).await.expect(200);
        let all: Vec<String> = all.into_iter().chain(["/@ann".to_owned(), "/@ann/outbox".to_owned()]).collect();
        are_hidden(home, &named, &all).await;
        let allow = json!({ "rule": "allow", "reason": "Bekend." });
        admin.put(&format!("/v1/peer-rules/{}", named.host()), allow).await.expect(200);
        are_hidden(home, &other, &all).await;
        for address in &all {
            named.get(home, "mia", address, Scheme::Cavage).await.expect(200);
        }
        // Its own actor everyone gets: how else would they look at its signature?
        assert_eq!(unsigned(home, "/").await.expect(200)["type"], "Application");
        // A signature for another address, by another, or an old one, proves nothing.
        let path = &all[0];
        let stolen = home.anonymous().get(path).header("accept", "application/activity+json");
        stolen.header("signature", "keyId=\"x\",headers=\"(request-target) host date\",signature=\"AAAA\"").await.expect(404);
    }

    [trying]
    async fn what_waits_for_whom_it_mentions_is_not_sent_once_its_network_goes_there_no_more(app: &TestApp) {
        let there = Elsewhere::open();
        there.actor("mia", "Person", json!({}));
        open(app).await;
        let (ann, admin) = (app.member("ann").await, app.anonymous().sign_in("ada", crate::harness::app::PASSWORD).await);
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        there.says(app, "mia", 1, "Wave", json!(format!("{}/networks/haltes", app.base))).await.expect(202);
        app.settle().await;
        let write = async |title: &str| {
            let thread = json!({ "title": title, "body": format!("Weet jij dit, @mia@{}?", there.host()) });
            ann.post("/v1/networks/haltes/threads", thread).await.expect(201).text("/id")
        };
        let change = async |choice: &Value| {
            let tag = ann.get("/v1/networks/haltes").await.expect(200).header("etag").to_owned();
            ann.patch("/v1/networks/haltes", choice.clone()).header("if-match", &tag).await.expect(200);
            app.settle().await;
        };
        // Once its server is back: the titles that came, and how much it is asked to delete.
        let back = async || {
            there.answers(Manner::of(202));
            app.pass(chrono::Duration::seconds(30));
            app.settle().await;
            let took = there.took();
            let titles: Vec<String> = took.iter().filter_map(|it| Some(it["object"]["name"].as_str()?.to_owned())).collect();
            (titles, took.iter().filter(|it| it["object"]["type"] == "Delete").count())
        };
        let for_all = json!({ "federation": "open", "visibility": "public" });
        for (number, (choice, comes, taken_back)) in [
            (for_all.clone(), true, 0),
            (json!({ "federation": "none" }), false, 2),
            (json!({ "federation": "named", "federationInstances": ["elders.example"] }), false, 3),
            (json!({ "visibility": "members" }), false, 0),
        ].into_iter().enumerate() {
            change(&for_all).await;
            there.answers(Manner::of(503));
            let title = format!("Vraag {number}");
            write(&title).await;
            app.settle().await;
            change(&choice).await;
            let titles: Vec<String> = comes.then_some(title).into_iter().collect();
            assert_eq!(back().await, (titles, taken_back), "{choice}");
        }

        // Nor is what its server fell over, when an admin tries that again; what it is asked to delete is.
        change(&for_all).await;
        let falls_over = async |word: &'static str| {
            there.answers(Manner { falls_over: Some(word), ..Manner::of(202) });
            for _ in 0..5 {
                app.settle().await;
                app.pass(chrono::Duration::seconds(20));
            }
        };
        let thread = write("Giftig").await;
        falls_over("Giftig").await;
        let its: &'static str = format!("/threads/{thread}").leak();
        there.answers(Manner { falls_over: Some(its), ..Manner::of(202) });
        change(&json!({ "federation": "none" })).await;
        falls_over(its).await;
        there.took();
        let parked = admin.get("/v1/parked-deliveries").await.expect(200)["items"].as_array().unwrap().clone();
        assert_eq!(parked.len(), 2, "{parked:?}");
        // Before they are tried again, which is at once: a server that falls over it once more parks it again.
        there.answers(Manner::of(202));
        for one in parked {
            let retry = format!("/v1/parked-deliveries/{}/_retry", one["id"].as_str().unwrap());
            admin.post(&retry, json!({})).await.expect(204);
        }
        assert_eq!(back().await, (Vec::new(), 1));
    }

    [trying]
    async fn what_is_for_few_does_not_come_into_a_network_for_everyone(app: &TestApp) {
        let (ann, there) = (app.member("ann").await, Elsewhere::open());
        let (mia, group) = (there.actor("mia", "Person", json!({})), there.group("buurt", json!({})));
        open(app).await;
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let own = format!("{}/networks/haltes", app.base);
        let page = |number: u8, title: &str, network: &str, with: &str| -> Value {
            let id = there.at(&format!("/posts/{number}"));
            json!({ "id": format!("{id}#create"), "type": "Create", "actor": mia, "to": [network, with],
                "object": { "id": id, "type": "Page", "attributedTo": mia, "name": title, "content": "<p>Tekst.</p>", "to": [network, with] } })
        };
        there.send(app, &page(1, "Voor iedereen", &own, PUBLIC)).await.expect(202);
        there.send(app, &page(2, "Voor wie mij volgt", &own, &format!("{mia}/followers"))).await.expect(202);
        there.send(app, &page(3, "Anders gespeld", &own, "as:Public")).await.expect(202);
        app.settle().await;
        let titles = |threads: Vec<Value>| threads.iter().map(|it| it["title"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        // Both came in the same moment: in either order.
        let mut all = titles(threads(&ann, "haltes").await);
        all.sort();
        assert_eq!(all, ["Anders gespeld", "Voor iedereen"]);

        // A network elsewhere that was for everyone and is for members since: nothing of that shows to others here.
        let buurt = format!("buurt@{}", there.host());
        ann.post(&format!("/v1/networks/{buurt}/memberships"), json!({})).await.expect(201);
        app.settle().await;
        let follow = there.sent().into_iter().find(|it| it["type"] == "Follow").unwrap();
        let accept = json!({ "id": there.at("/accepts/1"), "type": "Accept", "actor": group, "object": follow });
        there.send(app, &accept).await.expect(202);
        app.settle().await;
        let told = |number: u8, title: &str, with: &str| json!({ "id": there.at(&format!("/announces/{number}")), "type": "Announce", "actor": group, "to": [with], "object": page(number, title, &group, with) });
        there.send(app, &told(4, "Open", PUBLIC)).await.expect(202);
        app.settle().await;
        assert_eq!(titles(threads(&app.anonymous(), &buurt).await), ["Open"]);
        let for_few = format!("{group}/followers");
        there.send(app, &told(5, "Gesloten", &for_few)).await.expect(202);
        app.settle().await;
        assert_eq!(titles(threads(&app.anonymous(), &buurt).await), ["Open"]);
        there.group("buurt", json!({ "manuallyApprovesFollowers": true, "followers": for_few }));
        app.pass(chrono::Duration::minutes(1));
        there.send(app, &told(6, "Ook gesloten", &for_few)).await.expect(202);
        app.settle().await;
        app.anonymous().get(&format!("/v1/networks/{buurt}/threads")).await.problem(403, "members_only");
        // What came a moment before that was known came in after all.
        let mut all = titles(threads(&ann, &buurt).await);
        all.sort();
        assert_eq!(all, ["Gesloten", "Ook gesloten", "Open"]);

        // What somebody of here writes in it goes to whom its home says yes to, in no words: who does not understand the
        // question answers with something.
        let third = Elsewhere::open();
        let zoe = third.actor("zoe", "Person", json!({}));
        let own = json!({ "title": "Onder ons", "body": "Voor leden." });
        let own = ann.post(&format!("/v1/networks/{buurt}/threads"), own).await.expect(201);
        let own = format!("{}/threads/{}", app.base, own.text("/id"));
        let asked: String = url::form_urlencoded::byte_serialize(zoe.as_bytes()).collect();
        let question = format!("/buurt/followers?is_follower={asked}");
        there.tell(&question, json!({ "id": for_few, "type": "Collection", "totalItems": 1 }));
        third.get(app, "zoe", &own, Scheme::Cavage).await.expect(404);
        assert_eq!(there.times(&question), 1);
        there.tell_as(&question, Told { status: 200, headers: Vec::new(), body: Vec::new() });
        third.get(app, "zoe", &own, Scheme::Cavage).await.expect(200);
    }
}
