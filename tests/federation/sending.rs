//! What is sent: to whom, in which order, what becomes of it when somebody is away, and what admins see of that.

use chrono::Duration;
use diesel::prelude::*;
use kring_db::schema::{activities, inbox_messages};
use serde_json::{Value, json};

use super::across::trying;
use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::elsewhere::{Elsewhere, Manner};
use crate::harness::{Client, TestApp};

/// The titles or texts of what a network told of, in the order in which it came; of what it told by id, the id's kind.
fn told(activities: &[Value]) -> Vec<String> {
    let text = |activity: &Value| {
        let object = &activity["object"];
        let post = &object["object"];
        let told = post["name"].as_str().or(post["source"]["content"].as_str()).or(object["type"].as_str());
        told.unwrap_or("by id").to_owned()
    };
    activities.iter().map(text).collect()
}

/// Writes a thread, and gives its id.
async fn write(who: &Client, title: &str) -> String {
    let thread = json!({ "title": title, "body": "Wie kent dit?" });
    who.post("/v1/networks/haltes/threads", thread).await.expect(201).text("/id")
}

/// Lets time pass, and does what is due then. Access tokens do not last as long.
async fn later(app: &TestApp, time: Duration) -> (Client, Client) {
    app.pass(time);
    app.settle().await;
    let anonymous = app.anonymous();
    (anonymous.sign_in("ann", PASSWORD).await, anonymous.sign_in("ada", PASSWORD).await)
}

/// A server with one person, and one inbox for all of it.
fn neighbour() -> Elsewhere {
    let near = Elsewhere::open();
    near.actor("mia", "Person", json!({ "endpoints": { "sharedInbox": near.at("/inbox") } }));
    near.runs("buurman", "1.2");
    near
}

async fn peer(admin: &Client, of: &Elsewhere) -> Value {
    admin.get(&format!("/v1/peers/{}", of.host())).await.expect(200).json.clone()
}

async fn items(who: &Client, path: &str) -> Vec<Value> {
    who.get(path).await.expect(200)["items"].as_array().unwrap().clone()
}

both! {
    [trying]
    async fn what_is_written_goes_to_whom_it_is_for_in_order_and_waits_for_who_is_away(app: &TestApp) {
        // A server counts from its start; here from the first question, whichever test asks it.
        app.anonymous().get("/metrics").await.expect(200);
        let (near, far, stranger) = (neighbour(), neighbour(), neighbour());
        let (ann, bob, admin) = (app.member("ann").await, app.member("bob").await, app.admin("ada").await);
        admin.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", network).await.expect(201);
        bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
        let group = json!(format!("{}/networks/haltes", app.base));
        for neighbour in [&near, &far] {
            neighbour.says(app, "mia", 1, "Follow", group.clone()).await.expect(202);
        }
        stranger.says(app, "mia", 1, "Wave", group.clone()).await.expect(202);
        app.settle().await;
        assert_eq!([near.took().len(), far.took().len(), stranger.took().len()], [1, 1, 0], "an Accept each");

        // What is written goes to those who follow, each once and in order.
        let thread = write(&ann, "Perron te laag").await;
        ann.post(&format!("/v1/threads/{thread}/replies"), json!({ "body": "Hier ook." })).await.expect(201);
        app.settle().await;
        for neighbour in [&near, &far] {
            assert_eq!(told(&neighbour.took()), ["Perron te laag", "by id", "Hier ook.", "by id"]);
        }
        assert!(stranger.took().is_empty());
        let listed = items(&admin, "/v1/peers").await;
        assert_eq!(listed.len(), 3);
        assert!(listed.iter().all(|it| it["state"] == "ok" && it["waiting"] == 0), "{listed:?}");
        let it = peer(&admin, &near).await;
        assert_eq!((&it["memberships"], &it["nextTryAt"]), (&json!({ "theirsHere": 1, "oursThere": 0 }), &Value::Null));
        assert_eq!(peer(&admin, &stranger).await["lastSuccessAt"], Value::Null);
        admin.get("/v1/peers/nobody.example").await.expect(404);

        // One is away. Nobody else waits for it, and nothing is to blame.
        far.answers(Manner::of(503));
        for title in ["Een", "Twee", "Drie"] {
            write(&ann, title).await;
        }
        app.settle().await;
        assert_eq!(near.took().len(), 6);
        let it = peer(&admin, &far).await;
        assert_eq!((&it["state"], &it["waiting"], &it["lastError"]), (&json!("failing"), &json!(6), &json!("status 503")));
        let (_, admin) = later(app, Duration::minutes(2)).await;
        assert_eq!((&peer(&admin, &far).await["software"], &peer(&admin, &far).await["version"]), (&json!("buurman"), &json!("1.2")));
        for hours in [1, 30, 48, 48, 48] {
            later(app, Duration::hours(hours)).await;
        }
        let (ann, admin) = later(app, Duration::minutes(1)).await;
        assert!(items(&admin, "/v1/parked-deliveries").await.is_empty());
        let dormant = items(&admin, &format!("/v1/peers?state=dormant&q={}", far.host())).await;
        assert_eq!((dormant.len(), &dormant[0]["failingSince"]), (1, &it["failingSince"]));
        assert!(items(&admin, "/v1/peers?state=failing").await.is_empty());
        assert_eq!(admin.get("/v1/peers?limit=2").await.expect(200)["nextCursor"], items(&admin, "/v1/peers").await[1]["host"]);
        let listed = items(&ann, "/v1/networks/haltes/instances").await;
        let away = listed.iter().find(|it| it["host"] == far.host()).unwrap();
        let sentence = format!("1 lid op {} krijgt niets sinds 23 november 2026. Wat er geschreven wordt, wacht op die persoon.", far.host());
        assert_eq!((&away["state"], &away["sentence"]), (&json!("dormant"), &json!(sentence)));
        assert!(listed.iter().any(|it| it["host"] == near.host() && it["sentence"].is_null()));
        write(&app.anonymous().sign_in("bob", PASSWORD).await, "Vier").await;
        let (_, admin) = later(app, Duration::days(7)).await;
        let digest = app.mail_to("ann@example.org").await;
        let digest = std::iter::once(digest).chain(app.mailbox.take("ann@example.org")).last().unwrap();
        assert!(digest.text.replace('\n', " ").contains("krijgt niets sinds 23 november 2026"), "{}", digest.text);
        near.took();

        // It speaks again: it resumes where it was. What an admin blocks gets nothing more.
        far.answers(Manner::of(202));
        far.says(app, "mia", 2, "Wave", group.clone()).await.expect(202);
        app.settle().await;
        // Of what belongs to one thread, the activity comes before what is told by id; threads go side by side.
        let took = far.took();
        let thread = |activity: &Value| activity["object"]["object"]["id"].as_str().or(activity["object"].as_str()).map(str::to_owned);
        for (place, activity) in took.iter().enumerate().filter(|(_, activity)| activity["object"].is_string()) {
            assert!(took[..place].iter().any(|it| it["object"].is_object() && thread(it) == thread(activity)));
        }
        let mut titles = told(&took);
        titles.sort_unstable();
        assert_eq!(titles, ["Drie", "Een", "Twee", "Vier", "by id", "by id", "by id", "by id"]);
        assert_eq!((&peer(&admin, &far).await["state"], &peer(&admin, &far).await["waiting"]), (&json!("ok"), &json!(0)));
        let shown = app.anonymous().get("/metrics").await.expect(200).body();
        // Away for three months it is dead: nothing is tried, and what was for it is forgotten; before, it waits.
        let kept = async |text: &'static str| {
            let swept = app.kring.write_for_anyone(move |tx, cx| {
                kring::federation::sweep(tx, cx)?;
                let telling = activities::payload.like(format!("%{text}%"));
                Ok(activities::table.filter(telling).count().get_result::<i64>(tx.conn())?)
            });
            swept.await.unwrap()
        };
        far.answers(Manner::of(503));
        let (ann, _) = later(app, Duration::minutes(1)).await;
        write(&ann, "Oud nieuws").await;
        app.settle().await;
        later(app, Duration::days(60)).await;
        assert_eq!(kept("Oud nieuws").await, 1);
        let (ann, admin) = later(app, Duration::days(31)).await;
        assert_eq!((&peer(&admin, &far).await["state"], kept("Oud nieuws").await), (&json!("dead"), 0));
        far.answers(Manner::of(202));
        near.took();
        write(&ann, "Vers nieuws").await;
        let (_, admin) = later(app, Duration::days(1)).await;
        assert_eq!((near.took().len(), far.took().len()), (2, 0));
        // It speaks: what is still there of what was for it comes, and so does what is written from now on.
        far.says(app, "mia", 3, "Wave", group.clone()).await.expect(202);
        app.settle().await;
        assert_eq!(told(&far.took()), ["Vers nieuws", "by id"]);
        assert_eq!(peer(&admin, &far).await["state"], "ok");
        // The numbers are those of the whole process, in which other tests run too.
        for line in ["kring_federation_peers{state=\"dormant\"}", "kring_federation_waiting{direction=\"out\"}", "kring_federation_deliveries_total{outcome=\"taken\"}"] {
            assert!(shown.contains(line), "{line}\n{shown}");
        }
    }

    [trying]
    async fn what_a_server_falls_over_is_parked_and_what_it_asks_to_send_later_is(app: &TestApp) {
        let near = neighbour();
        let (ann, admin) = (app.member("ann").await, app.admin("ada").await);
        admin.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", network).await.expect(201);
        let group = json!(format!("{}/networks/haltes", app.base));
        near.says(app, "mia", 1, "Follow", group.clone()).await.expect(202);
        app.settle().await;
        near.took();

        // It falls over one: the others go on, and after five times so does what follows that one.
        near.answers(Manner { falls_over: Some("Giftig"), ..Manner::of(202) });
        write(&ann, "Giftig").await;
        write(&ann, "Gezond").await;
        app.settle().await;
        app.pass(Duration::seconds(2));
        app.settle().await;
        assert_eq!(told(&near.took()), ["Gezond", "by id"]);
        assert_eq!(peer(&admin, &near).await["waiting"], 2);
        for _ in 0..4 {
            app.pass(Duration::seconds(20));
            app.settle().await;
        }
        assert_eq!(told(&near.took()), ["by id"], "nothing is sent twice");
        let parked = items(&admin, "/v1/parked-deliveries").await;
        let about = &parked[0]["activity"];
        assert_eq!((parked.len(), &parked[0]["attempts"], &parked[0]["error"]), (1, &json!(5), &json!("status 500")));
        assert_eq!((&about["type"], &about["announces"], &about["actor"]), (&json!("Announce"), &json!("Create"), &group));
        assert!(about["object"].as_str().unwrap().contains("/threads/"), "{about}");
        assert_eq!(peer(&admin, &near).await["parked"], json!({ "messages": 0, "deliveries": 1 }));

        // Tried again it fails again; when the server was mended it is taken; what is dropped never comes.
        let retry = format!("/v1/parked-deliveries/{}/_retry", parked[0]["id"].as_str().unwrap());
        admin.post(&retry, json!({})).await.expect(204);
        app.settle().await;
        assert!(items(&admin, "/v1/parked-deliveries").await.is_empty());
        for _ in 0..5 {
            app.pass(Duration::seconds(40));
            app.settle().await;
        }
        assert_eq!(items(&admin, &format!("/v1/parked-deliveries?host={}", near.host())).await[0]["id"], parked[0]["id"]);
        near.answers(Manner::of(202));
        admin.post(&retry, json!({})).await.expect(204);
        app.settle().await;
        assert_eq!(told(&near.took()), ["Giftig"]);
        admin.post(&retry, json!({})).await.expect(404);
        near.answers(Manner { falls_over: Some("Giftig"), ..Manner::of(202) });
        write(&ann, "Giftig, weer").await;
        for _ in 0..5 {
            app.settle().await;
            app.pass(Duration::seconds(40));
        }
        let parked = items(&admin, "/v1/parked-deliveries").await;
        near.answers(Manner::of(202));
        admin.delete(&format!("/v1/parked-deliveries/{}", parked[0]["id"].as_str().unwrap())).await.expect(204);
        write(&ann, "Daarna").await;
        app.settle().await;
        assert_eq!(told(&near.took()), ["by id", "Daarna", "by id"]);

        // It asks to come later, and is left alone until then, whatever it says meanwhile.
        near.answers(Manner { headers: vec![("retry-after", "120".to_owned())], ..Manner::of(429) });
        write(&ann, "Straks").await;
        app.settle().await;
        near.answers(Manner::of(202));
        near.says(app, "mia", 2, "Wave", group.clone()).await.expect(202);
        app.pass(Duration::seconds(110));
        app.settle().await;
        assert!(near.took().is_empty());
        app.pass(Duration::seconds(11));
        app.settle().await;
        assert_eq!(told(&near.took()), ["Straks", "by id"]);

        // What could not be taken in is shown without its words, taken again or dropped. With much waiting, others
        // are asked to come later; what waits for its context keeps up nobody else.
        app.expect_failures();
        let mia = near.at("/mia");
        let wave = |number| json!({ "id": near.at(&format!("/acts/{number}")), "type": "Undo", "actor": mia, "object": { "id": near.at("/acts/1"), "type": "Follow", "actor": mia, "object": group.clone() } });
        let (now, host, signer) = (app.clock.now(), near.host(), mia.clone());
        let bodies = [wave(10).to_string(), wave(11).to_string()];
        app.kring.write_for_anyone(move |tx, cx| {
            for (number, body) in bodies.iter().enumerate() {
                let row = (inbox_messages::id.eq(cx.id::<kring::federation::MessageId>()), inbox_messages::uri.eq(format!("parked {number}")), inbox_messages::host.eq(&host), inbox_messages::signer.eq(&signer), inbox_messages::body.eq(body), inbox_messages::order_key.eq("x"), inbox_messages::run_at.eq(now), inbox_messages::attempts.eq(6), inbox_messages::last_error.eq("it fell over"), inbox_messages::parked_at.eq(now), inbox_messages::created_at.eq(now));
                diesel::insert_into(inbox_messages::table).values(row).execute(tx.conn())?;
            }
            Ok(())
        }).await.unwrap();
        let parked = items(&admin, "/v1/parked-messages").await;
        assert_eq!((parked.len(), &parked[0]["error"], &parked[0]["activity"]["type"]), (2, &json!("it fell over"), &json!("Undo")));
        admin.delete(&format!("/v1/parked-messages/{}", parked[1]["id"].as_str().unwrap())).await.expect(204);
        app.settle().await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);
        admin.post(&format!("/v1/parked-messages/{}/_retry", parked[0]["id"].as_str().unwrap()), json!({})).await.expect(204);
        app.settle().await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 1);
        assert!(items(&admin, "/v1/parked-messages").await.is_empty());

        let early = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) INSERT INTO inbox_messages (id, uri, host, signer, body, order_key, run_at, attempts, created_at) SELECT i, 'early ' || i, 'a.example', 'x', '{}', 'early ' || i, '2030-01-01 00:00:00', 1, '2026-11-23 09:00:00' FROM n";
        app.kring.write_for_anyone(move |tx, _| Ok(kring_db::each_dialect!(tx.conn(), |c| diesel::sql_query(early).execute(c).map(|_| ()))?)).await.unwrap();
        let refused = near.says(app, "mia", 3, "Follow", group.clone()).await;
        assert_eq!(refused.header("retry-after"), "60");
        refused.expect(429);
        app.kring.write_for_anyone(|tx, _| Ok(diesel::delete(inbox_messages::table.filter(inbox_messages::uri.eq("early 1"))).execute(tx.conn())?)).await.unwrap();
        near.says(app, "mia", 3, "Follow", group.clone()).await.expect(202);
        app.settle().await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);
    }
}
