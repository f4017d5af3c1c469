//! Who is mentioned hears of it on whatever instance, also where nobody there follows the network.

use serde_json::{Value, json};

use super::across::{beside, host, items, open, replies, threads, trying};
use crate::both;
use crate::harness::elsewhere::Elsewhere;
use crate::harness::{Client, TestApp};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// What waits for somebody: the network, the title, and how the post begins.
async fn addressed(who: &Client) -> Vec<[String; 3]> {
    let home = who.get("/v1/home").await.expect(200);
    let items = home["waiting"]["addressedToMe"]["items"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    items
        .map(|item| {
            assert_eq!(item["kind"], "mention");
            [text(&item["network"]["slug"]), text(&item["title"]), text(&item["excerpt"])]
        })
        .collect()
}

async fn settle(apps: &[&TestApp]) {
    for _ in 0..3 {
        for app in apps {
            app.settle().await;
        }
    }
}

async fn answer(who: &Client, thread: &Value, body: &str) -> Value {
    let path = format!("/v1/threads/{}/replies", thread["id"].as_str().unwrap());
    who.post(&path, json!({ "body": body })).await.expect(201).json.clone()
}

/// A message in which `mia` of `there` mentions somebody, in a thread of her own for a group.
fn told(there: &Elsewhere, number: u32, group: &str, whom: &str) -> Value {
    let (mia, id) = (there.at("/mia"), there.at(&format!("/posts/{number}")));
    let page = json!({
        "id": id, "type": "Page", "attributedTo": mia, "name": format!("Van mia {number}"), "content": "<p>Kijk eens.</p>",
        "to": [group, PUBLIC], "cc": [whom], "audience": group, "published": "2026-10-01T10:00:00Z",
        "tag": [{ "type": "Mention", "href": whom, "name": "@dora" }],
    });
    json!({ "id": format!("{id}#create"), "type": "Create", "actor": mia, "to": [group, PUBLIC], "cc": [whom], "object": page })
}

both! {
    [trying]
    async fn who_is_mentioned_reads_it_where_nobody_follows_the_network(home: &TestApp) {
        let (away, far) = (beside(), beside());
        for app in [home, &away, &far] {
            open(app).await;
        }
        let (ann, dora, cas) = (home.member("ann").await, away.member("dora").await, far.member("cas").await);
        let (copy, her) = (format!("haltes@{}", host(home)), format!("@dora@{}", host(&away)));
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let thread = json!({ "title": "Perron te laag", "body": "Bij het ziekenhuis." });
        let thread = ann.post("/v1/networks/haltes/threads", thread).await.expect(201).json.clone();
        let said = |title: &str, begins: &str| [copy.clone(), title.to_owned(), begins.to_owned()];

        // It comes with what it answers, and waits for her; she belongs to nothing by it.
        let first = answer(&ann, &thread, &format!("Ook in Zwolle, {her}?")).await;
        settle(&[home, &away]).await;
        let waiting = addressed(&dora).await;
        assert_eq!(waiting.len(), 1);
        assert!(waiting[0][..2] == said("Perron te laag", "")[..2] && waiting[0][2].starts_with("Ook in Zwolle"), "{waiting:?}");
        let read = threads(&dora, &copy).await.remove(0);
        assert_eq!((&read["title"], &read["body"], &read["replyCount"]), (&json!("Perron te laag"), &json!("Bij het ziekenhuis."), &json!(1)));
        dora.get(&format!("/v1/networks/{copy}/memberships/dora")).await.expect(404);
        assert_eq!(items(&ann, "/v1/networks/haltes/memberships").await.len(), 1);
        let elsewhere = away.member("otto").await;
        assert_eq!(addressed(&elsewhere).await, Vec::<[String; 3]>::new());

        // It is changed and taken away with what was written; read, it waits no more.
        for app in [home, &away, &far] {
            app.pass(chrono::Duration::seconds(2));
        }
        let path = format!("/v1/replies/{}", first["id"].as_str().unwrap());
        ann.patch(&path, json!({ "body": format!("En in Kampen, {her}?") })).await.expect(200);
        let second = answer(&ann, &thread, &format!("Of jij weet dit, {her}.")).await;
        settle(&[home, &away]).await;
        assert!(addressed(&dora).await[1][2].starts_with("En in Kampen"));
        ann.delete(&format!("/v1/replies/{}", second["id"].as_str().unwrap())).await.expect(204);
        settle(&[home, &away]).await;
        assert_eq!(addressed(&dora).await.len(), 1);
        dora.put(&format!("/v1/threads/{}/read-state", read["id"].as_str().unwrap()), json!({})).await.expect(200);
        assert_eq!(addressed(&dora).await.len(), 0);
        // Mended so that it mentions nobody, it is mended there too.
        for app in [home, &away, &far] {
            app.pass(chrono::Duration::seconds(2));
        }
        ann.patch(&path, json!({ "body": "En in Kampen, wie weet het?" })).await.expect(200);
        settle(&[home, &away]).await;
        assert_eq!(replies(&dora, &read).await[0]["body"], "En in Kampen, wie weet het?");

        // Somebody of a third instance mentions her: their network tells of it too.
        cas.post(&format!("/v1/networks/{copy}/memberships"), json!({})).await.expect(201);
        settle(&[&far, home]).await;
        let his = threads(&cas, &copy).await.remove(0);
        let hello = answer(&cas, &his, &format!("Vraag het {her}.")).await;
        settle(&[&far, home, &away]).await;
        // It may have come before its network knew of it: then it waits a while.
        away.pass(chrono::Duration::minutes(1));
        settle(&[&away]).await;
        assert_eq!(addressed(&dora).await, [said("Perron te laag", &format!("Vraag het {her}."))]);
        let read = threads(&dora, &copy).await.remove(0);
        let writers: Vec<Value> = replies(&dora, &read).await.iter().map(|reply| reply["author"]["handle"].clone()).collect();
        assert!(writers.contains(&json!(format!("cas@{}", host(&far)))), "{writers:?}");
        cas.delete(&format!("/v1/replies/{}", hello["id"].as_str().unwrap())).await.expect(204);
        settle(&[&far, home, &away]).await;
        assert_eq!(addressed(&dora).await.len(), 0);

        // Not from whom nothing is exchanged with, nor what is for members.
        let (rule, ada) = (format!("/v1/peer-rules/{}", host(home)), away.anonymous().sign_in("ada", crate::harness::app::PASSWORD).await);
        ada.put(&rule, json!({ "rule": "block", "reason": "Reclame." })).await.expect(200);
        answer(&ann, &thread, &format!("Nog iets, {her}.")).await;
        settle(&[home, &away]).await;
        ada.delete(&rule).await.expect(204);
        let few = json!({ "slug": "besloten", "name": "Besloten", "description": "Onder ons.", "visibility": "members", "federation": "open" });
        ann.post("/v1/networks", few).await.expect(201);
        let secret = json!({ "title": "Vertrouwelijk", "body": format!("Niet voor {her}.") });
        ann.post("/v1/networks/besloten/threads", secret).await.expect(201);
        settle(&[home, &away]).await;
        assert_eq!(addressed(&dora).await.len(), 0);

        // Nobody writes in other people's networks so; in their own they do, and make a few of them known, not any number.
        let there = Elsewhere::open();
        there.actor("mia", "Person", json!({}));
        let dora_there = format!("{}/@dora", away.base);
        let group = format!("{}/networks/haltes", home.base);
        there.send(&away, &told(&there, 0, &group, &dora_there)).await.expect(202);
        for number in 1..=12 {
            if number == 11 {
                settle(&[&away]).await;
            }
            let group = there.actor(&format!("groep{number}"), "Group", json!({}));
            there.send(&away, &told(&there, number, &group, &dora_there)).await.expect(202);
        }
        settle(&[&away]).await;
        let found = addressed(&dora).await;
        assert_eq!(found.len(), 10);
        assert!(found.iter().all(|[network, ..]| network.ends_with(&there.host())), "{found:?}");

        // Who leaves a network hears nothing more of it; and what nobody vouched for is given up.
        let network = &found[0][0];
        dora.post(&format!("/v1/networks/{network}/memberships"), json!({})).await.expect(201);
        dora.delete(&format!("/v1/networks/{network}/memberships/dora")).await.expect(204);
        assert_eq!(addressed(&dora).await.len(), 9);
        away.pass(chrono::Duration::hours(2));
        settle(&[&away]).await;
    }
}
