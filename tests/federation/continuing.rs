//! Three instances: a network outlives the one where it lives, and nobody takes away one that is alive.

use chrono::Duration;
use diesel::prelude::*;
use kring::error::Error;
use kring_db::schema::network_moves;
use serde_json::{Value, json};

use super::across::{host, items, open, trying};
use super::documents::hold;
use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Client, On, TestApp};

/// Another instance beside the one that the test is about.
pub fn beside() -> TestApp {
    TestApp::start_with(On::Sqlite, trying).unwrap()
}

/// All do what is due, until each has heard what the others had to say.
pub async fn settle(apps: &[&TestApp]) {
    for _ in 0..4 {
        for app in apps {
            app.settle().await;
        }
    }
}

/// Time passes for all, and they look around.
pub async fn pass(apps: &[&TestApp], time: Duration) {
    for app in apps {
        app.pass(time);
    }
    settle(apps).await;
}

/// Somebody signs in again: sessions do not outlast what these tests let pass.
pub async fn again(app: &TestApp, handle: &str) -> Client {
    app.anonymous().sign_in(handle, PASSWORD).await
}

/// A network of `home` to which `eva` of `b` and `carla` of `c` belong; those named coordinate it with `ann`.
async fn network(home: &TestApp, b: &TestApp, c: &TestApp, coordinators: &[(&str, &TestApp)]) -> String {
    for app in [home, b, c] {
        open(app).await;
    }
    let ann = home.member("ann").await;
    let new =
        json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
    ann.post("/v1/networks", new).await.expect(201);
    let before = json!({ "title": "Van voor die tijd", "body": "Wie kent **dit**?" });
    ann.post("/v1/networks/haltes/threads", before).await.expect(201);
    let there = format!("haltes@{}", host(home));
    for (app, handle) in [(b, "eva"), (c, "carla")] {
        let somebody = app.member(handle).await;
        somebody.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
    }
    settle(&[home, b, c]).await;
    // Through what she writes the others know of her instance.
    let carla = again(c, "carla").await;
    let first = threads(&carla, &there).await[0]["id"].as_str().unwrap().to_owned();
    carla.post(&format!("/v1/threads/{first}/replies"), json!({ "body": "Ik." })).await.expect(201);
    settle(&[home, b, c]).await;
    for (handle, app) in coordinators {
        home.pass(Duration::minutes(1));
        let path = format!("/v1/networks/haltes/memberships/{handle}@{}", host(app));
        again(home, "ann").await.patch(&path, json!({ "role": "coordinator" })).await.expect(200);
    }
    // Every copy hears who coordinates when its home is looked at next.
    pass(&[home, b, c], Duration::hours(7)).await;
    there
}

/// Was somebody sent a mail about this?
async fn is_told(app: &TestApp, handle: &str, about: &str) -> bool {
    let mails = app.mails_to(&format!("{handle}@example.org")).await;
    mails.iter().any(|mail| mail.subject.contains(about))
}

async fn threads(who: &Client, network: &str) -> Vec<Value> {
    items(who, &format!("/v1/networks/{network}/threads")).await
}

/// New words of the only document of a network.
async fn write(who: &Client, network: &str, body: &str) {
    let document = items(who, &format!("/v1/networks/{network}/documents")).await.remove(0);
    let path = format!("/v1/documents/{}", document["id"].as_str().unwrap());
    let seen = who.get(&path).await.expect(200);
    let words = json!({ "title": seen["title"], "body": body });
    who.put(&path, words).header("if-match", seen.header("etag")).await.expect(200);
}

fn titles(threads: &[Value]) -> Vec<&str> {
    let mut titles: Vec<&str> = threads.iter().map(|thread| thread["title"].as_str().unwrap()).collect();
    titles.sort_unstable();
    titles
}

fn titled<'t>(threads: &'t [Value], title: &str) -> &'t Value {
    threads
        .iter()
        .find(|thread| thread["title"] == title)
        .unwrap_or_else(|| panic!("no {title} in {threads:#?}"))
}

both! {
    [trying]
    async fn a_network_outlives_its_home_and_nothing_that_was_written_is_lost(b: &TestApp) {
        let (a, c) = (beside(), beside());
        let there = network(&a, b, &c, &[("eva", b)]).await;
        let (old, path) = (format!("/v1/networks/{there}"), format!("/v1/networks/{there}/continuations"));
        let eva = again(b, "eva").await;
        let seen = eva.get(&format!("{old}?include=coordinators")).await.expect(200);
        let coordinators: Vec<&Value> = seen["coordinators"].as_array().unwrap().iter().map(|it| &it["handle"]).collect();
        assert!(coordinators.contains(&&json!("eva")), "{coordinators:?}");
        assert_eq!((&seen["home"]["host"], &seen["home"]["reachable"]), (&json!(host(&a)), &json!(true)));
        eva.patch(&old, json!({ "name": "Van mij" })).await.problem(403, "lives_elsewhere");
        eva.post(&path, json!({})).await.problem(409, "home_answers");

        // The home is gone: members see it, and what they write waits.
        let zoe = b.member("zoe").await;
        let other = json!({ "slug": "liften", "name": "Liften", "description": "Voor wie niet kan klimmen." });
        zoe.post("/v1/networks", other).await.expect(201);
        again(b, "eva").await.post("/v1/networks/liften/memberships", json!({})).await.expect(201);
        a.vanish();
        pass(&[b, &c], Duration::hours(7)).await;
        let (eva, carla) = (again(b, "eva").await, again(&c, "carla").await);
        let seen = eva.get(&old).await.expect(200);
        assert_eq!((&seen["home"]["reachable"], seen["home"]["unreachableSince"].is_string()), (&json!(false), true));
        let page = b.anonymous().get(&format!("/networks/{there}")).await.expect(200).body();
        assert!(page.contains("geeft geen antwoord"), "{page}");
        assert_eq!(eva.get("/v1/home").await.expect(200)["networks"][0]["home"]["reachable"], false);
        let first = titled(&threads(&eva, &there).await, "Van voor die tijd").clone();
        let reply = eva.post(&format!("/v1/threads/{}/replies", first["id"].as_str().unwrap()), json!({ "body": "Ik." })).await.expect(201);
        assert_eq!(reply["waitingForHome"], true);
        let new = json!({ "title": "Wacht bij C", "body": "Komt dit aan?" });
        let waits = carla.post(&format!("{old}/threads"), new).await.expect(201);
        assert_eq!(waits["waitingForHome"], true);
        settle(&[b, &c]).await;
        assert_eq!(carla.get(&format!("/v1/threads/{}", waits.text("/id"))).await.expect(200)["waitingForHome"], true);
        let page = c.anonymous().get(&format!("/threads/{}", waits.text("/id"))).await.expect(200).body();
        assert!(page.contains("wacht op de server van het netwerk"), "{page}");
        eva.post(&path, json!({})).await.problem(409, "home_may_return");

        // Their digests say it, plainly, with whatever else there is to tell.
        let silent = async |since: &str| {
            again(b, "zoe").await.post("/v1/networks/liften/threads", json!({ "title": since, "body": "Stuk." })).await.expect(201);
            pass(&[b, &c], Duration::days(8)).await;
            let mails = b.mails_to("eva@example.org").await;
            let digest = mails.into_iter().rfind(|mail| mail.maybe_header("list-id").is_some()).expect("a digest");
            let lines: String = digest.text.split_once("Dit wacht op u").map_or("", |(_, rest)| rest).chars().take(600).collect();
            lines
        };
        let told = silent("Lift stuk").await;
        let said = format!("De server van dit netwerk, {}, geeft geen antwoord sinds", host(&a));
        assert!(told.contains("* Haltes\n") && told.contains(&said) && !told.contains("nu hier voortzetten"), "{told}");

        // A month later who coordinates is told, and continues it; nobody else may.
        pass(&[b, &c], Duration::days(23)).await;
        let told = silent("Lift weer stuk").await;
        assert!(told.contains("U bent coördinator: u kunt het netwerk nu hier voortzetten."), "{told}");
        assert!(is_told(b, "eva", "geeft geen antwoord meer").await);
        let (eva, carla) = (again(b, "eva").await, again(&c, "carla").await);
        carla.post(&path, json!({})).await.problem(403, "coordinators_only");
        for somebody in [&eva, &carla] {
            somebody.put(&format!("/v1/drafts/new-thread/{there}"), json!({ "title": "Nog niet af" })).await.expect(200);
        }
        let moved = eva.post(&path, json!({})).await.expect(201);
        assert_eq!((&moved["state"], &moved["address"]), (&json!("done"), &json!("haltes")));
        eva.post(&path, json!({})).await.problem(409, "lives_here");
        settle(&[b, &c]).await;

        // It lives here, whole, and its old address leads here.
        let here = eva.get(&old).await.expect(200);
        assert_eq!((&here["slug"], &here["home"], &here["formerAddresses"]), (&json!("haltes"), &Value::Null, &json!([there])));
        assert_eq!((&here["host"], &here["homeUrl"]), (&Value::Null, &Value::Null));
        let kept = threads(&eva, "haltes").await;
        assert_eq!(titles(&kept), ["Van voor die tijd", "Wacht bij C"]);
        assert_eq!(titled(&kept, "Van voor die tijd")["author"]["handle"], format!("ann@{}", host(&a)));
        assert_eq!(titled(&kept, "Wacht bij C")["author"]["handle"], format!("carla@{}", host(&c)));

        // What was being written for it is found where it is now.
        for (somebody, address) in [(&eva, "haltes".to_owned()), (&carla, format!("haltes@{}", host(b)))] {
            let draft = somebody.get(&format!("/v1/drafts/new-thread/{address}")).await.expect(200);
            assert_eq!(draft["title"], "Nog niet af");
        }

        // Who belongs to it elsewhere went along, unasked, and is told.
        let gone_over = carla.get(&old).await.expect(200);
        assert_eq!((gone_over["slug"].as_str(), &gone_over["home"]["reachable"]), (Some(format!("haltes@{}", host(b)).as_str()), &json!(true)));
        assert_eq!(carla.get(&format!("/v1/threads/{}", waits.text("/id"))).await.expect(200)["waitingForHome"], false);
        assert!(is_told(&c, "carla", "is verhuisd").await);
        let new = json!({ "title": "Verder", "body": "We gaan door." });
        eva.post("/v1/networks/haltes/threads", new).await.expect(201);
        settle(&[b, &c]).await;
        let at_c = threads(&carla, &there).await;
        let answer = json!({ "body": "Fijn." });
        carla.post(&format!("/v1/threads/{}/replies", titled(&at_c, "Verder")["id"].as_str().unwrap()), answer).await.expect(201);
        settle(&[b, &c]).await;
        assert_eq!(titled(&threads(&eva, "haltes").await, "Verder")["replyCount"], 1);

        // The old home comes back: it is told, keeps what it has, and its coordinator moves it over.
        a.until(b.clock.now());
        a.come_back();
        pass(&[&a, b, &c], Duration::days(2)).await;
        let ann = again(&a, "ann").await;
        let home = ann.get("/v1/networks/haltes").await.expect(200);
        let target = format!("haltes@{}", host(b));
        assert_eq!((&home["continuedAs"], &home["home"]), (&json!(target), &Value::Null));
        assert!(is_told(&a, "ann", "ergens anders voortgezet").await);
        ann.post("/v1/networks/haltes/threads", json!({ "title": "Er weer", "body": "Dag." })).await.expect(201);
        ann.post("/v1/networks/haltes/moves", json!({ "target": format!("niets@{}", host(b)) })).await.problem(409, "target_not_ready");
        ann.post("/v1/networks/haltes/moves", json!({ "target": target })).await.expect(201);
        settle(&[&a, b, &c]).await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["slug"], target);
        let eva = again(b, "eva").await;
        let all = ["Er weer", "Van voor die tijd", "Verder", "Wacht bij C"];
        assert_eq!(titles(&threads(&eva, "haltes").await), all);
        let at_home = threads(&ann, "haltes").await;
        assert!(titles(&at_home).contains(&"Verder"), "{at_home:#?}");
    }
}
/// How many moves wait at an instance.
async fn kept(app: &TestApp) -> i64 {
    let waiting = app.kring.db.read(|conn| {
        let kept = network_moves::table.filter(network_moves::state.eq("kept"));
        Ok::<_, Error>(kept.count().get_result(conn)?)
    });
    waiting.await.unwrap()
}

both! {
    [trying]
    async fn a_continuation_that_is_heard_too_early_waits_and_goes_when_another_prevails(c: &TestApp) {
        let (a, b) = (beside(), beside());
        let there = network(&a, &b, c, &[("carla", c), ("eva", &b)]).await;
        let path = format!("/v1/networks/{there}/continuations");
        [&b, c].iter().for_each(|app| app.expect_failures());
        a.vanish();
        // On hers the home is silent for long; on the other nobody looked yet.
        pass(&[&b], Duration::hours(7)).await;
        pass(&[&b], Duration::days(31)).await;
        c.until(b.clock.now());
        again(&b, "eva").await.post(&path, json!({})).await.expect(201);
        settle(&[&b, c]).await;
        assert_eq!(kept(c).await, 1);
        assert_eq!(again(c, "carla").await.get(&format!("/v1/networks/{there}")).await.expect(200)["slug"], there);

        // She is gone too when her word could be taken; and somebody longer in office continues it.
        b.vanish();
        pass(&[c], Duration::days(31)).await;
        assert_eq!(kept(c).await, 1);
        again(c, "carla").await.post(&path, json!({})).await.expect(201);
        c.settle().await;
        b.until(c.clock.now());
        b.come_back();
        pass(&[&b, c], Duration::days(1)).await;
        pass(&[&b, c], Duration::days(1)).await;
        assert_eq!(kept(c).await, 0);
        let winner = format!("haltes@{}", host(c));
        assert_eq!(again(&b, "eva").await.get(&format!("/v1/networks/{there}")).await.expect(200)["slug"], winner);
    }

    [trying]
    async fn where_two_continue_it_at_once_it_goes_on_with_the_one_longer_in_office_and_both_histories_stay(b: &TestApp) {
        let (a, c) = (beside(), beside());
        let there = network(&a, b, &c, &[("carla", &c), ("eva", b)]).await;
        let path = format!("/v1/networks/{there}/continuations");
        let plan = json!({ "kind": "plan", "title": "Alle haltes", "body": "Elke halte." });
        again(&a, "ann").await.post("/v1/networks/haltes/documents", plan).await.expect(201);
        settle(&[&a, b, &c]).await;
        // Its documents are looked for in vain from here on.
        [b, &c].iter().for_each(|app| app.expect_failures());
        a.vanish();
        pass(&[b, &c], Duration::hours(7)).await;
        pass(&[b, &c], Duration::days(31)).await;
        let begin = async |app: &TestApp, handle: &str| {
            let somebody = again(app, handle).await;
            somebody.post(&path, json!({})).await.expect(201);
            let new = json!({ "title": format!("Van {handle}"), "body": "We gaan door." });
            somebody.post("/v1/networks/haltes/threads", new).await.expect(201);
            for words in ["Elke halte", "Elke halte en elk perron"] {
                write(&somebody, "haltes", &format!("{words}, zegt {handle}.")).await;
            }
            app.settle().await;
        };
        // Neither hears of the other before both have.
        c.vanish();
        begin(b, "eva").await;
        b.vanish();
        c.come_back();
        begin(&c, "carla").await;
        b.come_back();
        pass(&[b, &c], Duration::days(1)).await;
        pass(&[b, &c], Duration::days(1)).await;

        let (eva, carla) = (again(b, "eva").await, again(&c, "carla").await);
        let winner = format!("haltes@{}", host(&c));
        assert_eq!(carla.get("/v1/networks/haltes").await.expect(200)["home"], Value::Null);
        for address in [there.as_str(), "haltes", winner.as_str()] {
            assert_eq!(eva.get(&format!("/v1/networks/{address}")).await.expect(200)["slug"], winner, "{address}");
        }
        let all = ["Van carla", "Van eva", "Van voor die tijd"];
        assert_eq!(titles(&threads(&carla, "haltes").await), all);
        assert_eq!(titles(&threads(&eva, &there).await), all);
        // Of a document two had written on: its words are those of where it lives, and hers are hers as drafts. She goes on.
        let plan = items(&eva, &format!("/v1/networks/{there}/documents")).await.remove(0);
        let plan = format!("/v1/documents/{}", plan["id"].as_str().unwrap());
        let seen = eva.get(&format!("{plan}?include=viewer")).await.expect(200);
        assert_eq!((&seen["revision"], &seen["body"]), (&json!(3), &json!("Elke halte en elk perron, zegt carla.")));
        assert_eq!(eva.get(&seen.text("/returnedDraft")).await.expect(200)["body"], "Elke halte en elk perron, zegt eva.");
        let proof = eva.get(&format!("{plan}/proof?revision=2")).await.expect(200);
        assert_eq!((&proof["verdict"], &proof["author"]["handle"]), (&json!("proves"), &json!(format!("carla@{}", host(&c)))));
        write(&eva, &there, "Elke halte en elk perron, zeggen wij.").await;
        settle(&[b, &c]).await;
        let at_home = items(&carla, "/v1/networks/haltes/documents").await.remove(0);
        assert_eq!((&at_home["revision"], &at_home["changedBy"]["handle"]), (&json!(4), &json!(format!("eva@{}", host(b)))));
    }

    [trying]
    async fn a_network_moves_while_both_homes_are_alive_as_its_coordinators_agreed(b: &TestApp) {
        let (a, c) = (beside(), beside());
        let there = network(&a, b, &c, &[("eva", b)]).await;
        let (ann, eva, carla) = (again(&a, "ann").await, again(b, "eva").await, again(&c, "carla").await);
        let plan = json!({ "kind": "plan", "title": "Alle haltes", "body": "Elke halte." });
        ann.post("/v1/networks/haltes/documents", plan).await.expect(201);
        settle(&[&a, b, &c]).await;
        let target = format!("haltes-verder@{}", host(b));
        ann.post("/v1/networks/haltes/moves", json!({ "target": target })).await.problem(409, "target_not_ready");
        let path = format!("/v1/networks/{there}/continuations");
        carla.post(&path, json!({ "planned": true })).await.problem(403, "coordinators_only");
        let prepared = eva.post(&path, json!({ "planned": true, "slug": "haltes-verder" })).await.expect(201);
        assert_eq!((&prepared["state"], &prepared["address"]), (&json!("prepared"), &json!("haltes-verder")));
        assert_eq!(eva.get(&format!("/v1/networks/{there}")).await.expect(200)["slug"], there);

        // A change of a document is on its way to where the network lives when that moves.
        let document = async |who: &Client, address: &str| {
            let found = items(who, &format!("/v1/networks/{address}/documents")).await;
            format!("/v1/documents/{}", found[0]["id"].as_str().unwrap())
        };
        hold(&c, &a, 5).await;
        let plan = document(&carla, &there).await;
        let seen = carla.get(&plan).await.expect(200);
        let words = json!({ "title": "Alle haltes", "body": "Elke halte, in vijf jaar." });
        carla.put(&plan, words).header("if-match", seen.header("etag")).await.expect(200);

        // Whoever looks it up where it is to live finds the one that they belong to, and no second one.
        for who in [&ann, &carla] {
            who.get(&format!("/v1/search?resolve=true&query={target}")).await.expect(200);
        }
        let moved = ann.post("/v1/networks/haltes/moves", json!({ "target": target })).await.expect(201);
        assert_eq!((&moved["state"], &moved["address"]), (&json!("done"), &json!(target)));
        settle(&[&a, b, &c]).await;
        // Who followed it there before it came is heard a moment later.
        pass(&[&a, b, &c], Duration::minutes(5)).await;
        let here = eva.get(&format!("/v1/networks/{there}")).await.expect(200);
        assert_eq!((&here["slug"], &here["home"]), (&json!("haltes-verder"), &Value::Null));
        for (who, address) in [(&ann, "haltes"), (&carla, there.as_str())] {
            assert_eq!(who.get(&format!("/v1/networks/{address}")).await.expect(200)["slug"], target);
        }
        let actor = a.anonymous().get("/networks/haltes").header("accept", "application/activity+json").await.expect(200);
        assert_eq!(actor["movedTo"], format!("{}/networks/haltes-verder", b.base));
        eva.post("/v1/networks/haltes-verder/threads", json!({ "title": "Hier", "body": "Dag." })).await.expect(201);
        ann.post("/v1/networks/haltes/threads", json!({ "title": "Mee", "body": "Dag." })).await.expect(201);
        settle(&[&a, b, &c]).await;
        for (who, address) in [(&ann, "haltes"), (&eva, "haltes-verder"), (&carla, target.as_str())] {
            assert_eq!(titles(&threads(who, address).await), ["Hier", "Mee", "Van voor die tijd"], "{address}");
            // It went along, to where the network lives now.
            let changed = who.get(&document(who, address).await).await.expect(200);
            assert_eq!((&changed["revision"], &changed["body"]), (&json!(2), &json!("Elke halte, in vijf jaar.")), "{address}");
        }
        assert_eq!(carla.get(&format!("{plan}?include=viewer")).await.expect(200)["proposed"], Value::Null);
    }
}
