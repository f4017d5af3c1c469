//! Documents across instances: copied whole with their proofs, changed from anywhere, and nothing that anybody wrote lost.

use std::collections::BTreeMap;

use diesel::prelude::*;
use kring::error::Error;
use kring_activitypub::keys::PublicKey;
use kring_activitypub::proof::Claim;
use kring_db::schema::{peers, revisions, signed_copies};
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use super::across::{beside, host, items, open, settle, trying};
use crate::both;
use crate::harness::files::fixture;
use crate::harness::{Client, Response, TestApp};

/// The only document of a network.
async fn only(who: &Client, network: &str) -> Value {
    let found = items(who, &format!("/v1/networks/{network}/documents")).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    found[0].clone()
}

fn path(document: &Value) -> String {
    format!("/v1/documents/{}", document["id"].as_str().unwrap())
}

/// New words from what `who` sees now.
async fn write(who: &Client, document: &Value, body: &str) -> Response {
    let seen = who.get(&path(document)).await.expect(200);
    let words = json!({ "title": seen["title"], "body": body });
    who.put(&path(document), words).header("if-match", seen.header("etag")).await
}

/// Verdict and author of each revision.
async fn proofs(who: &Client, document: &Value, revisions: i64) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for number in 1..=revisions {
        let proof = who.get(&format!("{}/proof?revision={number}", path(document))).await.expect(200);
        found.push((proof.text("/verdict"), proof.text("/author/handle")));
    }
    found
}

/// What `one` has to say to `other` waits, for so many hours from now.
pub async fn hold(one: &TestApp, other: &TestApp, hours: i64) {
    let (later, other) = (one.clock.now() + chrono::Duration::hours(hours), host(other));
    let held = one.kring.db.write::<_, Error, _>(move |tx| {
        let row = peers::table.filter(peers::host.eq(&other));
        Ok(diesel::update(row).set(peers::next_try_at.eq(later)).execute(tx.conn())?)
    });
    assert_eq!(held.await.unwrap(), 1);
}

async fn network(who: &Client, slug: &str, more: Value) {
    let mut network = json!({ "slug": slug, "name": "Haltes", "description": "Voor *iedereen*.", "federation": "open", "language": "nl" });
    network.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.post("/v1/networks", network).await.expect(201);
}

async fn join(who: &Client, there: &str, home: &TestApp, away: &TestApp) {
    who.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
    settle(home, away).await;
}

both! {
    [trying]
    async fn a_document_is_written_together_across_instances_and_what_came_too_late_is_kept(home: &TestApp) {
        let away = beside();
        open(home).await;
        open(&away).await;
        let (ann, eva) = (home.member("ann").await, away.member("eva").await);
        network(&ann, "haltes", json!({})).await;
        // Before anybody elsewhere follows: two revisions, with what stands beside them.
        let plan = json!({ "kind": "plan", "title": "Alle haltes", "body": "## Visie\n\nElke halte.", "plainSummary": "Iedereen de bus in.", "municipalities": ["GM0344"], "themes": ["openbaar-vervoer"], "crpdArticles": [9], "licence": "CC-BY-SA-4.0" });
        let plan = ann.post("/v1/networks/haltes/documents", plan).await.expect(201).json.clone();
        home.pass(chrono::Duration::minutes(2));
        away.pass(chrono::Duration::minutes(2));
        write(&ann, &plan, "## Visie\n\nElke halte, in tien jaar.").await.expect(200);

        // The same in easy words, and in English; a guide is said to be of it afterwards.
        let variants = format!("{}/variants", path(&plan));
        let easy = json!({ "kind": "easyRead", "title": "Alle haltes, kort", "body": "Elke halte wordt goed.", "language": "nl" });
        ann.post(&variants, easy).await.expect(201);
        let english = json!({ "kind": "translation", "title": "All stops", "body": "Every stop.", "language": "en", "revision": 1 });
        ann.post(&variants, english).await.expect(201);
        let german = json!({ "kind": "guide", "title": "Alle Haltestellen", "body": "Jede Haltestelle.", "language": "de" });
        let german = ann.post("/v1/networks/haltes/documents", german).await.expect(201).json.clone();

        // She joins: all of it is there, as it was written, and proved.
        let there = format!("haltes@{}", host(home));
        join(&eva, &there, home, &away).await;
        let copied = items(&eva, &format!("/v1/networks/{there}/documents")).await;
        let called = |documents: &[Value], title: &str| documents.iter().find(|it| it["title"] == title).unwrap_or_else(|| panic!("no {title}")).clone();
        let copy = called(&copied, "Alle haltes");
        assert_eq!((&copy["revision"], &copy["title"], &copy["kind"]), (&json!(2), &json!("Alle haltes"), &json!("plan")));
        assert_eq!((&copy["plainSummary"], &copy["licence"]["id"]), (&json!("Iedereen de bus in."), &json!("CC-BY-SA-4.0")));
        assert_eq!((&copy["municipalities"][0]["code"], &copy["themes"], &copy["crpdArticles"]), (&json!("GM0344"), &json!(["openbaar-vervoer"]), &json!([9])));
        let author = format!("ann@{}", host(home));
        assert_eq!((&copy["createdBy"]["handle"], &copy["createdAt"]), (&json!(author), &plan["createdAt"]));
        let first = eva.get(&format!("{}/revisions/1", path(&copy))).await.expect(200);
        assert_eq!((&first["body"], &first["createdAt"]), (&json!("## Visie\n\nElke halte."), &plan["createdAt"]));
        let proven = |of: &str| ("proves".to_owned(), of.to_owned());
        assert_eq!(proofs(&eva, &copy, 2).await, [proven(&author), proven(&author)]);
        assert_eq!(proofs(&ann, &plan, 2).await, [proven("ann"), proven("ann")], "at home, too");
        let found = items(&eva, "/v1/search?query=visie").await;
        assert!(found.iter().any(|it| it["id"] == copy["id"]), "{found:#?}");

        // What says the same otherwise does so here, each by the revision that it says.
        let said = async |who: &Client, document: &Value| {
            let shown = who.get(&path(document)).await.expect(200);
            let listed = shown["variants"].as_array().unwrap().iter();
            listed.map(|it| format!("{} {} {}", it["kind"].as_str().unwrap(), it["language"].as_str().unwrap(), it["revision"])).collect::<Vec<_>>()
        };
        assert_eq!(said(&eva, &copy).await, ["easyRead nl 2", "translation en 1"]);
        let relate = async |who: &Client, document: &Value, variant: Value| {
            let tag = who.get(&path(document)).await.expect(200).header("etag").to_owned();
            who.patch(&path(document), json!({ "variant": variant })).header("if-match", &tag).await.expect(200);
            settle(home, &away).await;
        };
        let hers = called(&copied, "Alle Haltestellen");
        relate(&eva, &hers, json!({ "document": copy["id"], "kind": "translation" })).await;
        assert_eq!(said(&ann, &plan).await, ["easyRead nl 2", "translation de 2", "translation en 1"]);
        relate(&ann, &german, Value::Null).await;
        assert_eq!(said(&eva, &copy).await, ["easyRead nl 2", "translation en 1"]);

        // What she writes goes home, and is a revision once its home says so.
        home.pass(chrono::Duration::minutes(2));
        away.pass(chrono::Duration::minutes(2));
        let sent = write(&eva, &copy, "## Visie\n\nElke halte, in vijf jaar.").await.expect(200);
        assert_eq!((&sent["revision"], &sent["proposed"]["home"]), (&json!(2), &json!(host(home))));
        assert_eq!(sent["proposed"]["body"], "## Visie\n\nElke halte, in vijf jaar.");
        settle(home, &away).await;
        let told = home.anonymous().get(&path(&plan).replace("/v1", "")).header("accept", "application/activity+json").await.expect(200);
        assert_eq!((&told["version"], &told["nameMap"]), (&json!(3), &json!({ "nl": "Alle haltes", "en": "All stops" })));
        assert_eq!((&told["contentMap"]["nl"], &told["contentMap"]["en"]), (&told["content"], &json!("<p>Every stop.</p>\n")));
        let at_home = ann.get(&path(&plan)).await.expect(200);
        assert_eq!((&at_home["revision"], &at_home["body"]), (&json!(3), &json!("## Visie\n\nElke halte, in vijf jaar.")));
        assert_eq!(at_home["changedBy"]["handle"], format!("eva@{}", host(&away)));
        let here = eva.get(&format!("{}?include=viewer", path(&copy))).await.expect(200);
        assert_eq!((&here["revision"], &here["body"], &here["proposed"]), (&json!(3), &at_home["body"], &Value::Null));
        assert_eq!(proofs(&eva, &copy, 3).await[2], proven("eva"));
        assert_eq!(proofs(&ann, &plan, 3).await[2], proven(&format!("eva@{}", host(&away))));

        // Both write at once: the home's order counts, and the words that came too late are a draft of hers.
        home.pass(chrono::Duration::minutes(2));
        away.pass(chrono::Duration::minutes(2));
        hold(home, &away, 2).await;
        write(&ann, &plan, "## Visie\n\nElke halte, in acht jaar.").await.expect(200);
        home.settle().await;
        write(&eva, &copy, "## Visie\n\nElke halte, volgend jaar.").await.expect(200);
        write(&eva, &copy, "## Visie\n\nElke halte, morgen.").await.problem(409, "awaits_home");
        hold(home, &away, 0).await;
        settle(home, &away).await;
        let after = eva.get(&format!("{}?include=viewer", path(&copy))).await.expect(200);
        assert_eq!((&after["revision"], &after["body"], &after["proposed"]), (&json!(4), &json!("## Visie\n\nElke halte, in acht jaar."), &Value::Null));
        let drafts = items(&eva, "/v1/drafts").await;
        assert_eq!((drafts.len(), &drafts[0]["origin"]), (1, &json!("refused")));
        let draft = eva.get(&format!("/v1/drafts/document/{}", copy["id"].as_str().unwrap())).await.expect(200);
        assert_eq!(draft["body"], "## Visie\n\nElke halte, volgend jaar.");
        assert_eq!(ann.get(&path(&plan)).await.expect(200)["revision"], 4);

        // What stands beside the words, from both sides; the words stay of who wrote them.
        home.pass(chrono::Duration::minutes(2));
        away.pass(chrono::Duration::minutes(2));
        let frisian = json!({ "kind": "translation", "title": "Alle halten", "body": "Elke halte.", "language": "fy" });
        ann.post(&variants, frisian).await.expect(201);
        let etag = ann.get(&path(&plan)).await.expect(200).header("etag").to_owned();
        ann.patch(&path(&plan), json!({ "licence": "CC0-1.0" })).header("if-match", &etag).await.expect(200);
        settle(home, &away).await;
        let labelled = eva.get(&path(&copy)).await.expect(200);
        assert_eq!((&labelled["licence"]["id"], &labelled["revision"]), (&json!("CC0-1.0"), &json!(4)));
        eva.patch(&path(&copy), json!({ "crpdArticles": [9, 20] })).header("if-match", labelled.header("etag")).await.expect(200);
        settle(home, &away).await;
        assert_eq!(ann.get(&path(&plan)).await.expect(200)["crpdArticles"], json!([9, 20]));
        assert_eq!(proofs(&ann, &plan, 4).await[3], proven("ann"));

        // She begins one herself; and what is taken away at home is gone everywhere.
        let hers = json!({ "kind": "note", "title": "Bus zonder plank", "body": "Lijn 8." });
        let hers = eva.post(&format!("/v1/networks/{there}/documents"), hers).await.expect(201).json.clone();
        settle(home, &away).await;
        let listed = items(&ann, "/v1/networks/haltes/documents").await;
        let new = listed.iter().find(|it| it["title"] == "Bus zonder plank").unwrap();
        assert_eq!(proofs(&ann, new, 1).await, [proven(&format!("eva@{}", host(&away)))]);
        write(&ann, new, "Lijn 8 en 12.").await.expect(200);
        settle(home, &away).await;
        assert_eq!(eva.get(&path(&hers)).await.expect(200)["body"], "Lijn 8 en 12.");
        assert_eq!(proofs(&eva, &hers, 2).await, [proven("eva"), proven(&author)]);
        eva.delete(&path(&copy)).await.problem(403, "coordinators_only");
        ann.delete(&path(&plan)).await.expect(204);
        settle(home, &away).await;
        for (who, gone) in [(&ann, &plan), (&eva, &copy)] {
            who.get(&path(gone)).await.problem(404, "not_found");
        }
        let address = format!("/documents/{}", plan["id"].as_str().unwrap());
        let tombstone = home.anonymous().get(&address).header("accept", "application/activity+json").await.expect(410);
        assert_eq!(tombstone["type"], "Tombstone");
        // What nobody else wrote in, she takes away herself, and so it is gone at home.
        let (listed, at_home) = (format!("/v1/networks/{there}/documents"), "/v1/networks/haltes/documents");
        let before = items(&ann, at_home).await.len();
        let brief = json!({ "kind": "note", "title": "Vergissing", "body": "Niets." });
        let brief = eva.post(&listed, brief).await.expect(201).json.clone();
        settle(home, &away).await;
        assert_eq!(items(&ann, at_home).await.len(), before + 1);
        eva.delete(&path(&brief)).await.expect(204);
        settle(home, &away).await;
        assert_eq!(items(&ann, at_home).await.len(), before);
        let left = items(&eva, &listed).await;
        assert_eq!((left.len(), &called(&left, "Bus zonder plank")["id"]), (before, &hers["id"]));

        // One that its home does not take, for she was put out meanwhile: words and files are a draft of hers.
        hold(&away, home, 2).await;
        let file = Part::bytes(fixture("halte.png")).file_name("halte.png");
        let form = Form::new().text("network", there.clone()).text("alt", "Een hoge stoep.").part("file", file);
        let file = eva.call("POST", "/v1/attachments").form(form).await.expect(201).text("/id");
        let body = format!("Lijn 9 ook.\n\n![Een hoge stoep.](/v1/attachments/{file}/content)");
        let late = json!({ "kind": "plan", "title": "Plan van Eva", "body": body, "plainSummary": "De bus.", "crpdArticles": [9], "attachments": [file] });
        let late = eva.post(&format!("/v1/networks/{there}/documents"), late).await.expect(201).json.clone();
        ann.delete(&format!("/v1/networks/haltes/memberships/eva@{}", host(&away))).await.expect(204);
        settle(home, &away).await;
        eva.get(&path(&late)).await.expect(200);
        hold(&away, home, 0).await;
        settle(home, &away).await;
        eva.get(&path(&late)).await.problem(404, "not_found");
        assert!(!items(&ann, "/v1/networks/haltes/documents").await.iter().any(|it| it["title"] == "Plan van Eva"));
        let kept = items(&eva, "/v1/drafts").await;
        assert!(kept.iter().any(|it| it["title"] == "Plan van Eva" && it["origin"] == "refused"), "{kept:#?}");
        let draft = eva.get(&format!("/v1/drafts/new-document/{there}")).await.expect(200);
        assert_eq!((&draft["body"], &draft["plainSummary"], &draft["crpdArticles"]), (&json!(body), &json!("De bus."), &json!([9])));
        assert_eq!((&draft["documentKind"], &draft["attachments"][0]["id"]), (&json!("plan"), &json!(file)));
        eva.get(&format!("/v1/attachments/{file}/content")).await.expect(200);
    }

    [trying]
    async fn a_copy_is_proved_when_its_home_is_gone_and_one_that_was_altered_says_so(away: &TestApp) {
        let home = beside();
        open(&home).await;
        open(away).await;
        let (ann, eva) = (home.member("ann").await, away.member("eva").await);
        network(&ann, "haltes", json!({ "copies": "everything" })).await;
        let thread = json!({ "title": "Perron te laag", "body": "Wie **herkent** dit?" });
        let thread = ann.post("/v1/networks/haltes/threads", thread).await.expect(201).json.clone();
        let answer = format!("/v1/threads/{}/replies", thread["id"].as_str().unwrap());
        ann.post(&answer, json!({ "body": "Op lijn 8 ook." })).await.expect(201);
        let there = format!("haltes@{}", host(&home));
        join(&eva, &there, &home, away).await;
        // This network is kept whole: threads and replies as they were signed, too.
        assert_eq!(eva.get(&format!("/v1/networks/{there}")).await.expect(200)["copies"], "everything");
        let begun = items(&eva, &format!("/v1/networks/{there}/threads")).await;
        let begun = format!("/v1/threads/{}", begun[0]["id"].as_str().unwrap());
        let answer = items(&eva, &format!("{begun}/replies")).await;
        for kept in [begun, format!("/v1/replies/{}", answer[0]["id"].as_str().unwrap())] {
            let proof = eva.get(&format!("{kept}/proof")).await.expect(200);
            assert_eq!((&proof["verdict"], &proof["revision"]), (&json!("proves"), &Value::Null), "{kept}: {proof}");
        }
        let plan = json!({ "kind": "plan", "title": "Alle haltes", "body": "## Visie\n\nElke halte." });
        let plan = ann.post("/v1/networks/haltes/documents", plan).await.expect(201).json.clone();
        settle(&home, away).await;
        let copy = only(&eva, &there).await;

        // She adopts it for her own town; its lineage names the instance, and what changes there shows.
        network(&eva, "onze-haltes", json!({ "federation": "none" })).await;
        let wish = json!({ "network": "onze-haltes", "municipality": "GM0344" });
        let adopted = eva.post(&format!("{}/adoptions", path(&copy)), wish).await.expect(201).json.clone();
        assert_eq!(adopted["lineage"]["source"]["instance"], host(&home));
        assert!(adopted["lineage"]["attribution"].as_str().unwrap().contains(&host(&home)), "{adopted:#}");
        home.pass(chrono::Duration::minutes(2));
        away.pass(chrono::Duration::minutes(2));
        write(&ann, &plan, "## Visie\n\nElke halte, in tien jaar.").await.expect(200);
        settle(&home, away).await;
        let upstream = eva.get(&format!("{}/upstream", path(&adopted))).await.expect(200);
        assert_eq!(upstream["changes"][0]["author"]["handle"], format!("ann@{}", host(&home)));

        // Its home is gone. What was signed there proves by what is kept here, and without believing anybody.
        let name = host(&home);
        drop(home);
        away.pass(chrono::Duration::days(3));
        let eva = away.anonymous().sign_in("eva", crate::harness::app::PASSWORD).await;
        let proof = eva.get(&format!("{}/proof", path(&copy))).await.expect(200);
        assert_eq!((&proof["verdict"], &proof["home"], &proof["revision"]), (&json!("proves"), &json!(name), &json!(2)));
        assert_eq!(proof["signedBy"], format!("http://{name}/@ann"));
        let key = PublicKey::from_multibase(&proof.text("/key/publicKey")).unwrap();
        Claim::of(&proof["object"]).unwrap().proves(&key).unwrap();
        assert_eq!(proof["object"]["source"]["content"], "## Visie\n\nElke halte, in tien jaar.");
        let page = away.anonymous().get(&format!("/documents/{}", copy["id"].as_str().unwrap())).header("accept-language", "nl").await.expect(200);
        let said = format!("ann de Vries schreef dit op {name}. De woorden hier zijn de woorden die ann de Vries ondertekend heeft.");
        assert!(page.body().contains(&said), "{}", page.body());

        // Somebody alters what is shown, and then what is kept.
        let alter = away.kring.db.write::<_, Error, _>(|tx| {
            let newest = revisions::table.filter(revisions::number.eq(2).and(revisions::body.like("%tien jaar%")));
            Ok(diesel::update(newest).set(revisions::body.eq("## Visie\n\nGeen halte.")).execute(tx.conn())?)
        });
        assert_eq!(alter.await.unwrap(), 1);
        assert_eq!(proofs(&eva, &copy, 2).await.into_iter().map(|it| it.0).collect::<Vec<_>>(), ["proves", "differs"]);
        let alter = away.kring.db.write::<_, Error, _>(|tx| {
            let of_it = signed_copies::revision.eq(2);
            let kept: String = signed_copies::table.filter(of_it).select(signed_copies::activity).first(tx.conn())?;
            let forged = kept.replace("Elke halte, in tien jaar.", "Geen halte.");
            let row = signed_copies::table.filter(of_it);
            Ok(diesel::update(row).set(signed_copies::activity.eq(forged)).execute(tx.conn())?)
        });
        assert_eq!(alter.await.unwrap(), 1);
        assert_eq!(proofs(&eva, &copy, 2).await[1].0, "altered");
        let config = away.kring.config.clone();
        let swept = away.kring.db.read(move |conn| kring::copies::sweep_through(conn, &config)).await.unwrap();
        let faults: Vec<_> = swept.faults.iter().map(|(of, verdict)| (of.revision, verdict.as_str())).collect();
        assert_eq!((swept.counts["proves"], faults), (3, vec![(2, "altered")]));
    }

    [trying]
    async fn who_copies_a_network_reads_every_document_in_the_order_in_which_it_was_written(home: &TestApp) {
        let away = beside();
        open(home).await;
        open(&away).await;
        let (ann, eva) = (home.member("ann").await, away.member("eva").await);
        network(&ann, "haltes", json!({})).await;
        let there = format!("haltes@{}", host(home));
        join(&eva, &there, home, &away).await;
        // Her clock is behind: what she writes is of the moment of what it was written from.
        home.pass(chrono::Duration::minutes(10));
        for number in 1..=8 {
            let plan = json!({ "kind": "plan", "title": format!("Halte {number}"), "body": "Een halte." });
            ann.post("/v1/networks/haltes/documents", plan).await.expect(201);
        }
        settle(home, &away).await;
        home.pass(chrono::Duration::minutes(1));
        for copy in items(&eva, &format!("/v1/networks/{there}/documents")).await {
            write(&eva, &copy, "Een betere halte.").await.expect(200);
        }
        settle(home, &away).await;
        let page = home.anonymous().get(&format!("/networks/haltes/documents?after={}", "0".repeat(13))).await.expect(200);
        let mut seen: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
        for told in page["orderedItems"].as_array().unwrap() {
            let version = told["object"]["version"].as_i64().unwrap();
            seen.entry(told["object"]["id"].as_str().unwrap()).or_default().push(version);
        }
        assert_eq!(seen.into_values().collect::<Vec<_>>(), vec![[1, 2]; 8]);
    }
}
