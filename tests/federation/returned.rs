//! What somebody sent to the home of a document and that did not take: it comes back to them, whatever became of the home,
//! and they can go on.

use chrono::Duration;
use diesel::prelude::*;
use kring::error::Error;
use kring_db::Time;
use kring_db::schema::{drafts, peer_rules, peers, persons};
use serde_json::{Value, json};

use super::across::{beside, host, items, open, settle, trying};
use super::continuing::{again, pass};
use super::documents::hold;
use crate::both;
use crate::harness::elsewhere::Elsewhere;
use crate::harness::mail::Mail;
use crate::harness::{Client, Response, TestApp};

const PUBLIC: &str = "https://www.w3.org/ns/activitystreams#Public";

/// New words from what `who` sees now.
async fn write(who: &Client, document: &str, body: &str) -> Response {
    let seen = who.get(document).await.expect(200);
    let words = json!({ "title": seen["title"], "body": body });
    who.put(document, words).header("if-match", seen.header("etag")).await
}

/// A document as its reader's screen has it.
async fn screen(who: &Client, document: &str) -> Response {
    who.get(&format!("{document}?include=viewer")).await.expect(200)
}

/// Nothing is on its way any more; the words are the draft that the document names. Its text.
async fn came_back(who: &Client, document: &str) -> String {
    let seen = screen(who, document).await;
    assert_eq!(seen["proposed"], Value::Null, "{seen}");
    let draft = who.get(&seen.text("/returnedDraft")).await.expect(200);
    assert_eq!(draft["origin"], "refused");
    draft.text("/body")
}

/// Mails that tell that words came back, the newest last.
async fn told(app: &TestApp) -> Vec<Mail> {
    let mut mails = app.mails_to("eva@example.org").await;
    mails.retain(|mail| mail.subject.starts_with("Uw tekst staat weer bij uw concepten: "));
    mails
}

async fn sweep(app: &TestApp) {
    app.kring.write_for_anyone(kring::federation::sweep).await.unwrap();
    app.settle().await;
}

/// An instance does not look after another for so many days.
async fn look_away(app: &TestApp, other: &TestApp, days: i64) {
    let (then, other) = (app.clock.now() + Duration::days(days), host(other));
    let done = app.kring.db.write::<_, Error, _>(move |tx| {
        let row = peers::table.filter(peers::host.eq(&other));
        Ok(diesel::update(row).set(peers::looked_at.eq(then)).execute(tx.conn())?)
    });
    assert_eq!(done.await.unwrap(), 1);
}

/// Somebody keeps as many drafts as anybody may.
async fn fill_drafts(app: &TestApp, handle: &'static str) {
    let filled = app.kring.db.write::<_, Error, _>(move |tx| {
        let person: i64 = persons::table
            .filter(persons::handle.eq(handle).and(persons::host.eq("")))
            .select(persons::id)
            .first(tx.conn())?;
        let at: Time = "2026-11-23T09:00:00Z".parse().expect("a time");
        for number in 0..300_i64 {
            let row = (
                (drafts::id.eq(number + 1), drafts::person_id.eq(person), drafts::kind.eq("new-thread")),
                (drafts::target.eq(format!("net-{number}")), drafts::number.eq(1_i64)),
                (drafts::origin.eq("saved"), drafts::session_id.eq(0_i64), drafts::excerpt.eq("")),
                (drafts::version.eq(1_i64), drafts::created_at.eq(at), drafts::saved_at.eq(at)),
                (drafts::further.eq("{}"), drafts::body.eq("Iets.")),
            );
            diesel::insert_into(drafts::table).values(row).execute(tx.conn())?;
        }
        Ok(())
    });
    filled.await.unwrap();
}

async fn throw_away(app: &TestApp) {
    let away = app.kring.db.write::<_, Error, _>(|tx| {
        Ok(diesel::delete(drafts::table.filter(drafts::id.le(300_i64))).execute(tx.conn())?)
    });
    assert_eq!(away.await.unwrap(), 300);
}

/// An instance takes nothing from another, and tells nobody.
async fn bar(app: &TestApp, other: &str, barred: bool) {
    let (now, other) = (app.clock.now(), other.to_owned());
    let ruled = app.kring.db.write::<_, Error, _>(move |tx| {
        if !barred {
            return Ok(diesel::delete(peer_rules::table.find(&other)).execute(tx.conn())?);
        }
        let by: i64 =
            persons::table.filter(persons::handle.eq("ada")).select(persons::id).first(tx.conn())?;
        let row = (
            (peer_rules::host.eq(&other), peer_rules::rule.eq("block"), peer_rules::reason.eq("")),
            (peer_rules::created_at.eq(now), peer_rules::created_by.eq(by)),
        );
        Ok(diesel::insert_into(peer_rules::table).values(row).execute(tx.conn())?)
    });
    assert_eq!(ruled.await.unwrap(), 1);
}

both! {
    [trying]
    async fn nothing_that_was_sent_to_a_home_waits_for_ever_and_no_word_of_it_is_lost(away: &TestApp) {
        let home = beside();
        open(&home).await;
        open(away).await;
        let (ann, eva) = (home.member("ann").await, away.member("eva").await);
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let plan = json!({ "kind": "plan", "title": "Alle haltes", "body": "Elke halte." });
        let plan = ann.post("/v1/networks/haltes/documents", plan).await.expect(201).text("/id");
        let plan = format!("/v1/documents/{plan}");
        let there = format!("haltes@{}", host(&home));
        eva.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        settle(&home, away).await;
        let copy = items(&eva, &format!("/v1/networks/{there}/documents")).await[0]["id"].as_str().unwrap().to_owned();
        let copy = format!("/v1/documents/{copy}");

        // Somebody was first, while she keeps too much already: her words are one more draft all the same.
        hold(away, &home, 2).await;
        write(&eva, &copy, "Elke halte, in vijf jaar.").await.expect(200);
        fill_drafts(away, "eva").await;
        write(&ann, &plan, "Elke halte, in tien jaar.").await.expect(200);
        settle(&home, away).await;
        hold(away, &home, 0).await;
        settle(&home, away).await;
        assert_eq!(came_back(&eva, &copy).await, "Elke halte, in vijf jaar.");
        let mails = told(away).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].subject.ends_with(": Alle haltes") && mails[0].text.contains("iemand anders was u voor"), "{}", mails[0].text);
        assert!(mails[0].text.contains("Uw tekst is niet weg") && mails[0].text.contains("/documents/"), "{}", mails[0].text);
        // What may come back again is sent only where there is room for it.
        write(&eva, &copy, "Elke halte, morgen.").await.problem(409, "too_many_drafts");
        throw_away(away).await;
        eva.delete(&screen(&eva, &copy).await.text("/returnedDraft")).header("if-match", "*").await.expect(204);

        // The home got it, and says nothing, nor is it looked at. After days nobody waits for an answer.
        hold(&home, away, 240).await;
        look_away(away, &home, 10).await;
        write(&eva, &copy, "Elke halte, volgend jaar.").await.expect(200);
        settle(&home, away).await;
        sweep(away).await;
        assert_eq!(screen(&eva, &copy).await["proposed"]["body"], "Elke halte, volgend jaar.");
        pass(&[&home, away], Duration::days(4)).await;
        sweep(away).await;
        let eva = again(away, "eva").await;
        assert_eq!(came_back(&eva, &copy).await, "Elke halte, volgend jaar.");
        assert!(told(away).await[1].text.contains("heeft daar niets op geantwoord"));
        // It took them after all: the draft goes.
        look_away(away, &home, 0).await;
        hold(&home, away, 0).await;
        settle(&home, away).await;
        let seen = screen(&eva, &copy).await;
        assert_eq!((&seen["revision"], &seen["body"], &seen["returnedDraft"]), (&json!(3), &json!("Elke halte, volgend jaar."), &Value::Null));

        // It does not take anything from here: that is heard at once.
        bar(&home, &host(away), true).await;
        write(&eva, &copy, "Elke halte, in zes jaar.").await.expect(200);
        away.settle().await;
        assert_eq!(screen(&eva, &copy).await["proposed"], Value::Null);
        assert!(told(away).await[2].text.contains("heeft die tekst niet overgenomen"));
        bar(&home, &host(away), false).await;

        // The home is gone. While it may come back the words wait; then they are hers again, and she is told.
        home.vanish();
        write(&eva, &copy, "Elke halte, in zeven jaar.").await.expect(200);
        pass(&[away], Duration::hours(7)).await;
        sweep(away).await;
        let eva = again(away, "eva").await;
        assert_eq!(screen(&eva, &copy).await["proposed"]["body"], "Elke halte, in zeven jaar.");
        pass(&[away], Duration::days(31)).await;
        sweep(away).await;
        let eva = again(away, "eva").await;
        assert_eq!(screen(&eva, &copy).await["proposed"], Value::Null);
        assert!(told(away).await[3].text.contains("geeft al lang geen antwoord meer"));
        let mut kept: Vec<Value> = items(&eva, "/v1/drafts").await;
        kept.retain(|draft| draft["origin"] == "refused");
        assert_eq!(kept.len(), 2, "{kept:#?}");
    }

    [trying]
    async fn a_home_says_no_to_a_document_that_it_cannot_read_or_that_is_gone(home: &TestApp) {
        open(home).await;
        let ann = home.member("ann").await;
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let plan = json!({ "kind": "plan", "title": "Alle haltes", "body": "Elke halte." });
        let plan = ann.post("/v1/networks/haltes/documents", plan).await.expect(201).text("/id");
        let peer = Elsewhere::open();
        let zus = peer.actor("zus", "Person", json!({}));
        let group = format!("{}/networks/haltes", home.base);
        let address = format!("{}/documents/{plan}", home.base);
        let article = |id: &str, version: i64, more: Value| {
            let mut article = json!({ "id": id, "type": "Article", "attributedTo": zus, "name": "Plan", "content": "<p>Elke halte.</p>", "version": version, "to": [PUBLIC, group], "audience": group });
            article.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            article
        };
        let own = peer.at("/articles/1");
        let mut sent = Vec::new();
        for (kind, object) in [
            // Not of who sends it, without text, from its middle, without an author; and changes of one that is there.
            ("Create", article(&own, 1, json!({ "attributedTo": peer.at("/ria") }))),
            ("Create", article(&own, 1, json!({ "content": "" }))),
            ("Create", article(&own, 4, json!({}))),
            ("Create", article(&own, 1, json!({ "attributedTo": null }))),
            ("Update", article(&address, 2, json!({ "content": "" }))),
            ("Update", article(&address, 2, json!({ "attributedTo": null }))),
            ("Update", article(&address, 7, json!({}))),
        ] {
            let id = peer.at(&format!("/activities/{}", sent.len()));
            let activity = json!({ "id": id, "type": kind, "actor": zus, "object": object, "to": [group, PUBLIC], "audience": group });
            assert_eq!(peer.send(home, &activity).await.status, 202);
            home.settle().await;
            sent.push((id, kind, object["id"].clone()));
        }
        ann.delete(&format!("/v1/documents/{plan}")).await.expect(204);
        let id = peer.at("/activities/late");
        let late = json!({ "id": id, "type": "Update", "actor": zus, "object": article(&address, 2, json!({})), "to": [group, PUBLIC], "audience": group });
        peer.send(home, &late).await;
        home.settle().await;
        sent.push((id, "Update", json!(address)));
        let answers: Vec<Value> = peer.sent().into_iter().filter(|told| told["type"] == "Reject").collect();
        let refused: Vec<Value> = answers.iter().map(|told| told["object"].clone()).collect();
        for (id, kind, object) in &sent {
            let said = json!({ "id": id, "type": kind, "actor": zus, "object": object });
            assert!(refused.contains(&said), "{said} in {refused:#?}");
        }
        assert_eq!(refused.len(), sent.len());
    }

    [trying]
    async fn two_people_of_one_instance_go_on_from_the_same_words_and_each_is_answered(away: &TestApp) {
        let home = beside();
        open(&home).await;
        open(away).await;
        let (ann, eva, bob) = (home.member("ann").await, away.member("eva").await, away.member("bob").await);
        let new = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen.", "federation": "open" });
        ann.post("/v1/networks", new).await.expect(201);
        let plan = json!({ "kind": "plan", "title": "Alle haltes", "body": "Elke halte." });
        ann.post("/v1/networks/haltes/documents", plan).await.expect(201);
        let there = format!("haltes@{}", host(&home));
        for somebody in [&eva, &bob] {
            somebody.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
        }
        settle(&home, away).await;
        let copy = items(&eva, &format!("/v1/networks/{there}/documents")).await[0]["id"].as_str().unwrap().to_owned();
        let copy = format!("/v1/documents/{copy}");
        hold(away, &home, 2).await;
        write(&bob, &copy, "Elke halte, zegt Bob.").await.expect(200);
        away.pass(Duration::seconds(1));
        write(&eva, &copy, "Elke halte, zegt Eva.").await.expect(200);
        hold(away, &home, 0).await;
        settle(&home, away).await;

        // He was first; her words are hers again at once, and from what stands there now she goes on.
        let seen = screen(&bob, &copy).await;
        assert_eq!((&seen["revision"], &seen["body"], &seen["proposed"]), (&json!(2), &json!("Elke halte, zegt Bob."), &Value::Null));
        assert_eq!(came_back(&eva, &copy).await, "Elke halte, zegt Eva.");
        write(&eva, &copy, "Elke halte, zeggen wij.").await.expect(200);
        settle(&home, away).await;
        let seen = screen(&eva, &copy).await;
        assert_eq!((&seen["revision"], &seen["body"], &seen["proposed"]), (&json!(3), &json!("Elke halte, zeggen wij."), &Value::Null));
    }
}
