//! Finding what is elsewhere, and seeing it as one with what is here.

use kring::config::Settings;
use serde_json::{Value, json};

use crate::both;
use crate::harness::elsewhere::Elsewhere;
use crate::harness::{Client, On, TestApp};

fn trying(settings: &mut Settings) {
    settings.dev_federation = true;
}

/// Another instance beside the one under test, open to others.
async fn beside() -> TestApp {
    let app = TestApp::start_with(On::Sqlite, trying).unwrap();
    open(&app).await;
    app
}

async fn open(app: &TestApp) {
    app.admin("ada").await.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
}

/// `127.0.0.1:PORT`
fn host(app: &TestApp) -> String {
    app.base.trim_start_matches("http://").to_owned()
}

/// All do what is due, until each has heard what the others had to say.
async fn settle(apps: &[&TestApp]) {
    for _ in 0..3 {
        for app in apps {
            app.settle().await;
        }
    }
}

async fn propose(who: &Client, slug: &str, more: Value) {
    let mut network = json!({ "slug": slug, "name": format!("Netwerk {slug}"), "description": "Over *haltes*.", "federation": "open" });
    network.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.post("/v1/networks", network).await.expect(201);
}

async fn start(who: &Client, network: &str, title: &str, body: &str) -> Value {
    let thread = json!({ "title": title, "body": body });
    who.post(&format!("/v1/networks/{network}/threads"), thread).await.expect(201).json.clone()
}

async fn items(who: &Client, path: &str) -> Vec<Value> {
    who.get(path).await.expect(200)["items"].as_array().unwrap().clone()
}

/// The copy of a thread, by its title.
async fn titled(who: &Client, network: &str, title: &str) -> Value {
    let threads = items(who, &format!("/v1/networks/{network}/threads")).await;
    threads
        .into_iter()
        .find(|thread| thread["title"] == title)
        .unwrap_or_else(|| panic!("no {title:?}"))
}

/// The titles of what waits for somebody at home, as mentions and as answers.
async fn addressed(who: &Client) -> Vec<(String, String)> {
    let home = who.get("/v1/home").await.expect(200);
    let items = home["waiting"]["addressedToMe"]["items"].as_array().unwrap().iter();
    items
        .map(|item| (item["kind"].as_str().unwrap().into(), item["title"].as_str().unwrap().into()))
        .collect()
}

fn pair(kind: &str, title: &str) -> (String, String) {
    (kind.to_owned(), title.to_owned())
}

/// A text in an answer.
fn told<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}"))
}

async fn page(app: &TestApp, path: &str) -> String {
    String::from_utf8(app.anonymous().get(path).await.expect(200).bytes.clone()).unwrap()
}

async fn resolve(who: &Client, address: &str) -> Value {
    let query: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
    who.get(&format!("/v1/search?resolve=true&query={query}")).await.expect(200).json.clone()
}

both! {
    [trying]
    async fn who_lives_elsewhere_has_an_address_is_mentioned_and_mentions(home: &TestApp) {
        let away = beside().await;
        open(home).await;
        let (ann, bob) = (home.member("ann").await, away.member("bob").await);
        // Two of the same handle, on two instances.
        let (eva_here, eva) = (home.member("eva").await, away.member("eva").await);
        let (here, there) = (host(home), host(&away));
        propose(&ann, "haltes", json!({ "joinPolicy": "request" })).await;
        eva_here.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
        ann.patch("/v1/networks/haltes/memberships/eva", json!({ "state": "active" })).await.expect(200);

        // A coordinator answers who asked from elsewhere, by their whole address.
        let copy = format!("haltes@{here}");
        for who in [&eva, &bob] {
            who.post(&format!("/v1/networks/{copy}/memberships"), json!({})).await.expect(201);
        }
        settle(&[&away, home]).await;
        let asked = ann.get(&format!("/v1/networks/haltes/memberships/eva@{there}")).await.expect(200);
        assert_eq!((&asked["state"], &asked["person"]["host"]), (&json!("requested"), &json!(there)));
        for name in ["eva", "bob"] {
            let path = format!("/v1/networks/haltes/memberships/{name}@{there}");
            ann.patch(&path, json!({ "state": "active" })).await.expect(200);
        }
        settle(&[home, &away]).await;
        assert_eq!(eva.get(&format!("/v1/networks/{copy}/memberships/eva")).await.expect(200)["state"], "active");
        let person = home.anonymous().get(&format!("/v1/persons/eva@{there}")).await.expect(200);
        assert_eq!((&person["handle"], &person["host"]), (&json!(format!("eva@{there}")), &json!(there)));
        assert_eq!(person["homeUrl"], format!("{}/@eva", away.base));
        home.anonymous().get(&format!("/v1/persons/nobody@{there}")).await.problem(404, "not_found");
        // Her own instance is no other one.
        assert_eq!(home.anonymous().get(&format!("/v1/persons/eva@{here}")).await.expect(200)["host"], Value::Null);

        // A bare name is of where it was written, whoever has the same handle elsewhere.
        start(&ann, "haltes", "Alleen die van hier", "Kijk eens, @eva.").await;
        let both = start(&ann, "haltes", "Die van daar", &format!("Kijk eens, @Eva@{there}. En @bob niet.")).await;
        settle(&[home, &away]).await;
        assert_eq!(addressed(&eva_here).await, [pair("mention", "Alleen die van hier")]);
        assert_eq!(addressed(&eva).await, [pair("mention", "Die van daar")]);
        assert_eq!(addressed(&bob).await, []);
        assert!(told(&both, "bodyHtml").contains(&format!("href=\"{}/@eva@{there}\"", home.base)), "{both}");
        let read = titled(&eva, &copy, "Die van daar").await;
        assert!(told(&read, "bodyHtml").contains(&format!("href=\"{}/@eva\"", away.base)), "{read}");
        assert_eq!(read["homeUrl"], format!("{}/threads/{}", home.base, told(&both, "id")));
        assert_eq!((&read["author"]["host"], &read["author"]["homeUrl"]), (&json!(here), &json!(format!("{}/@ann", home.base))));
        let read = titled(&eva, &copy, "Alleen die van hier").await;
        assert!(!told(&read, "bodyHtml").contains("/@eva\""), "{read}");

        // What she answers waits for who asked, and for whom she mentions; once she wrote she can be written to.
        let path = format!("/v1/threads/{}/replies", told(&titled(&eva, &copy, "Die van daar").await, "id"));
        eva.post(&path, json!({ "body": format!("Gezien. Weet @eva@{here} er meer van?") })).await.expect(201);
        settle(&[&away, home]).await;
        assert_eq!(addressed(&ann).await, [pair("answer", "Die van daar")]);
        assert_eq!(addressed(&eva_here).await[0], pair("mention", "Die van daar"));
        let reply = &items(&ann, &format!("/v1/threads/{}/replies", told(&both, "id"))).await[0];
        assert_eq!(reply["homeUrl"].as_str().unwrap().split("/replies/").next(), Some(away.base.as_str()));

        // Somebody of a third instance, where nobody belongs to the network, is found by being mentioned, and is told; not
        // of what stays at home.
        let far = beside().await;
        far.member("oma").await;
        let oma = format!("oma@{}", host(&far));
        propose(&ann, "thuis", json!({ "federation": "none" })).await;
        start(&ann, "thuis", "Blijft hier", &format!("Niet voor @{oma}.")).await;
        home.anonymous().get(&format!("/v1/persons/{oma}")).await.problem(404, "not_found");
        let asked = start(&ann, "haltes", "Voor oma", &format!("Weet @{oma} dit nog?")).await;
        assert!(told(&asked, "bodyHtml").contains(&format!("/@{oma}\"")), "{asked}");
        settle(&[home, &far]).await;
        let got: Vec<String> = far.kring.db.read_blocking(|conn| {
            use diesel::prelude::*;
            use kring_db::schema::inbox_messages::dsl::*;
            Ok::<_, kring::error::Error>(inbox_messages.select(signer).load(conn)?)
        }).unwrap();
        assert_eq!(got, [format!("{}/@ann", home.base)]);

        // The pages say where what they show lives, and which address counts.
        let shown = page(&away, &format!("/networks/{copy}")).await;
        assert!(shown.contains(&format!("Dit netwerk woont op {here}")), "{shown}");
        assert!(shown.contains(&format!("<link rel=\"canonical\" href=\"{}/networks/haltes\">", home.base)), "{shown}");
        let shown = page(&away, &format!("/threads/{}", told(&read, "id"))).await;
        let at_home = told(&read, "homeUrl");
        assert!(shown.contains(&format!("<link rel=\"canonical\" href=\"{at_home}\">")), "{shown}");
        assert!(shown.contains(&format!("<a href=\"{at_home}\">")) && shown.contains(&format!("op {here}")), "{shown}");
        let shown = page(home, &format!("/@eva@{there}")).await;
        assert!(shown.contains(&format!("<a href=\"{}/@eva\">", away.base)), "{shown}");
        let index = page(&away, "/sitemap.xml").await;
        for part in index.split("<loc>").skip(1).map(|part| part.split('<').next().unwrap()) {
            let map = page(&away, part.trim_start_matches(away.base.as_str())).await;
            assert!(!map.contains(told(&read, "id")) && !map.contains(&here), "{map}");
        }
    }

    [trying]
    async fn what_is_not_known_yet_is_found_by_its_address_or_a_reason_is_given(home: &TestApp) {
        let away = beside().await;
        let (ann, eva) = (home.member("ann").await, away.member("eva").await);
        let (here, there) = (host(home), host(&away));
        let reason = |answer: &Value| {
            assert_eq!(answer["resolved"], Value::Null, "{answer}");
            told(&answer["notResolved"], "code").to_owned()
        };
        // Nothing is asked of others without `resolve`, and nothing for who is not signed in.
        let plain = eva.get(&format!("/v1/search?query=haltes@{here}")).await.expect(200);
        assert_eq!((&plain["resolved"], &plain["notResolved"]), (&Value::Null, &Value::Null));
        away.anonymous().get(&format!("/v1/search?resolve=true&query=haltes@{here}")).await.problem(401, "sign_in_required");

        // Why nothing is found, as joining says it too.
        let join = async |network: &str| eva.post(&format!("/v1/networks/{network}/memberships"), json!({})).await;
        assert_eq!(reason(&resolve(&eva, "haltes en bussen").await), "no_address");
        assert_eq!(reason(&resolve(&eva, &format!("haltes@{here}")).await), "not_federated");
        join(&format!("haltes@{here}")).await.problem(409, "not_federated");
        open(home).await;
        assert_eq!(reason(&resolve(&eva, &format!("haltes@{here}")).await), "not_there");
        join(&format!("haltes@{here}")).await.problem(404, "not_there");
        assert_eq!(reason(&resolve(&eva, "haltes@127.0.0.1:1").await), "not_reached");
        join("haltes@127.0.0.1:1").await.problem(409, "not_reached");
        away.anonymous().sign_in("ada", crate::harness::app::PASSWORD).await
            .put("/v1/peer-rules/dicht.example", json!({ "rule": "block", "reason": "Reclame." })).await.expect(200);
        assert_eq!(reason(&resolve(&eva, "haltes@dicht.example").await), "not_exchanged");
        let barred = join("haltes@dicht.example").await.problem(403, "not_exchanged").text("/detail");
        assert!(barred.contains("beheerder"), "{barred}");

        // A network, a person, a thread and a reply with all above it, each by the address that people have of it.
        propose(&ann, "haltes", json!({ "themes": ["openbare-ruimte"], "municipalities": ["GM0193"] })).await;
        propose(&ann, "thuis", json!({ "federation": "none" })).await;
        let thread = start(&ann, "haltes", "Perron te laag", "Bij het ziekenhuis.").await;
        let replies = format!("/v1/threads/{}/replies", told(&thread, "id"));
        let first = ann.post(&replies, json!({ "body": "Ook in Zwolle." })).await.expect(201).json.clone();
        let second = ann.post(&replies, json!({ "body": "En hier.", "parent": first["id"] })).await.expect(201).json.clone();
        assert_eq!(reason(&resolve(&eva, &format!("thuis@{here}")).await), "not_there");
        let reply = resolve(&eva, &format!("{}/replies/{}", home.base, told(&second, "id"))).await["resolved"].clone();
        assert_eq!((&reply["kind"], &reply["title"], &reply["host"]), (&json!("reply"), &json!("Perron te laag"), &json!(here)));
        let copied = items(&eva, &format!("/v1/threads/{}/replies", told(&reply, "thread"))).await;
        let bodies: Vec<&str> = copied.iter().map(|reply| told(reply, "body")).collect();
        assert_eq!(bodies, ["Ook in Zwolle.", "En hier."]);
        assert_eq!(copied[1]["parent"], copied[0]["id"]);
        let address = format!("{}/threads/{}", home.base, told(&thread, "id"));
        let found = resolve(&eva, &address).await["resolved"].clone();
        assert_eq!((&found["kind"], &found["id"], &found["homeUrl"]), (&json!("thread"), &reply["thread"], &json!(address)));
        for name in [format!("!haltes@{here}"), format!("haltes@{here}"), format!("{}/networks/haltes", home.base)] {
            let found = resolve(&eva, &name).await["resolved"].clone();
            assert_eq!((&found["kind"], &found["id"]), (&json!("network"), &json!(format!("haltes@{here}"))), "{name}");
            assert_eq!(found["path"], format!("/networks/haltes@{here}"));
        }
        for name in [format!("@ann@{here}"), format!("{}/@ann", home.base)] {
            let found = resolve(&eva, &name).await["resolved"].clone();
            assert_eq!((&found["kind"], &found["id"]), (&json!("person"), &json!(format!("ann@{here}"))), "{name}");
        }
        // What is known of here has its own address, whichever way it is named.
        let own = resolve(&eva, &format!("{}/@eva", away.base)).await["resolved"].clone();
        assert_eq!((&own["id"], &own["host"]), (&json!("eva"), &Value::Null));
        assert_eq!(resolve(&eva, &format!("@eva@{there}")).await["resolved"], own);

        // What somebody of a third instance wrote in it: by the address that it has there, and by that of its copy at home.
        let far = beside().await;
        let (cas, copy) = (far.member("cas").await, format!("haltes@{here}"));
        cas.post(&format!("/v1/networks/{copy}/memberships"), json!({})).await.expect(201);
        settle(&[&far, home]).await;
        let answer = async |thread: &Value, body: &str| {
            let path = format!("/v1/threads/{}/replies", told(thread, "id"));
            let reply = cas.post(&path, json!({ "body": body })).await.expect(201);
            format!("{}/replies/{}", far.base, reply.text("/id"))
        };
        let his = start(&cas, &copy, "Vlonder glad", "Na regen.").await;
        let (own, other) = (answer(&his, "Nog steeds.").await, answer(&titled(&cas, &copy, "Perron te laag").await, "Bij ons ook.").await);
        settle(&[&far, home]).await;
        // His own thread is told by its home in the outbox, with where it is told what was answered there.
        for (address, title, last) in [(&other, "Perron te laag", "Bij ons ook."), (&own, "Vlonder glad", "Nog steeds.")] {
            let reply = resolve(&eva, address).await["resolved"].clone();
            assert_eq!((&reply["kind"], &reply["title"], &reply["host"]), (&json!("reply"), &json!(title), &json!(host(&far))), "{address}");
            assert_eq!(reply["network"]["slug"], copy);
            let copied = items(&eva, &format!("/v1/threads/{}/replies", told(&reply, "thread"))).await;
            assert_eq!(copied.last().unwrap()["body"], last);
        }
        let at_home = format!("{}/threads/{}", home.base, told(&titled(&ann, "haltes", "Vlonder glad").await, "id"));
        let found = resolve(&eva, &at_home).await["resolved"].clone();
        assert_eq!((&found["kind"], &found["homeUrl"]), (&json!("thread"), &json!(format!("{}/threads/{}", far.base, told(&his, "id")))));
        // Not what its home does not tell of.
        let stray = Elsewhere::open();
        let mia = stray.actor("mia", "Person", json!({}));
        stray.tell("/vals", json!({
            "id": stray.at("/vals"), "type": "Note", "attributedTo": mia, "content": "<p>Vals.</p>", "inReplyTo": address,
            "to": [format!("{}/networks/haltes", home.base), "as:Public"], "published": "2026-10-01T10:00:00Z",
        }));
        assert_eq!(reason(&resolve(&eva, &stray.at("/vals")).await), "no_network");
        // A document comes with its revisions.
        let plan = json!({ "kind": "plan", "title": "Alle haltes", "body": "## Visie" });
        let plan = ann.post("/v1/networks/haltes/documents", plan).await.expect(201).json.clone();
        let path = format!("/v1/documents/{}", told(&plan, "id"));
        ann.put(&path, json!({ "title": "Alle haltes", "body": "## Visie\n\nIedereen mee." })).header("if-match", "*").await.expect(200);
        home.settle().await;
        let found = resolve(&eva, &format!("{}/documents/{}", home.base, told(&plan, "id"))).await["resolved"].clone();
        assert_eq!((&found["kind"], &found["title"]), (&json!("document"), &json!("Alle haltes")), "{found}");
        assert_eq!(items(&eva, &format!("/v1/documents/{}/revisions", told(&found, "id"))).await.len(), 2);

        // It is one with what is of here: found by its words, in lists, on the screen of who joined, in what is unread.
        let found = items(&eva, "/v1/search?query=perron").await;
        assert_eq!((found.len(), &found[0]["network"]["slug"]), (1, &json!(format!("haltes@{here}"))));
        for list in ["/v1/networks", "/v1/networks?municipality=GM0193", "/v1/networks?theme=openbare-ruimte"] {
            assert_eq!(items(&eva, list).await[0]["host"], here, "{list}");
        }
        let place = page(&away, "/municipalities/GM0193").await;
        assert!(place.contains(&format!("/networks/haltes@{here}")), "{place}");
        join(&format!("haltes@{here}")).await.expect(201);
        settle(&[&away, home]).await;
        assert_eq!(titled(&eva, &format!("haltes@{here}"), "Perron te laag").await["replyCount"], 3, "nothing twice");
        start(&ann, "haltes", "Nieuw spoor", "Morgen open.").await;
        settle(&[home, &away]).await;
        let screen = eva.get("/v1/home").await.expect(200);
        let mine = &screen["networks"].as_array().unwrap()[0];
        assert_eq!((&mine["slug"], mine["unreadThreads"].as_i64(), &mine["withoutCoordinator"]), (&json!(format!("haltes@{here}")), Some(3), &json!(false)), "{screen}");
    }
}
