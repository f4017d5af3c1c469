//! Plans that other networks adopt: with credit that stays, and with what their source changes since.

#[path = "adoptions/variants.rs"]
mod variants;

use chrono::Duration;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Client, Response, TestApp};

/// A network of somebody, who coordinates it.
pub async fn network(who: &Client, slug: &str, name: &str, visibility: &str) {
    let network = json!({
        "slug": slug, "name": name, "description": "Voor iedereen.", "language": "nl", "visibility": visibility,
    });
    who.post("/v1/networks", network).await.expect(201);
}

pub async fn join(who: &Client, slug: &str) {
    who.post(&format!("/v1/networks/{slug}/memberships"), json!({})).await.expect(201);
}

pub fn path(document: &Response) -> String {
    format!("/v1/documents/{}", document.text("/id"))
}

/// A file for a network, sent and not used yet.
async fn file(who: &Client, network: &str, text: &str) -> String {
    let part = Part::text(text.to_owned()).file_name("kaart.txt");
    let form = Form::new().text("network", network.to_owned()).part("file", part);
    who.call("POST", "/v1/attachments").form(form).await.expect(201).text("/id")
}

/// New words, whatever was there.
pub async fn write(who: &Client, document: &str, title: &str, body: &str) -> Response {
    who.put(document, json!({ "title": title, "body": body }))
        .header("if-match", "*")
        .await
        .expect(200)
}

async fn adopt(who: &Client, document: &str, network: &str, municipality: &str) -> Response {
    let wish = json!({ "network": network, "municipality": municipality });
    who.post(&format!("{document}/adoptions"), wish).await
}

/// Somebody whose session did not last.
async fn anew(app: &TestApp, handle: &str) -> Client {
    app.anonymous().sign_in(handle, PASSWORD).await
}

/// Each section that has something to say: `id state`, and what else.
fn told(upstream: &Response) -> Vec<String> {
    let sections = upstream["sections"].as_array().unwrap().iter();
    let told = sections.filter(|it| it["state"] != "unchanged").map(|it| {
        let words = [("moved", &it["moved"]), ("conflict", &it["conflict"])].into_iter();
        let words: String =
            words.filter(|(_, is)| **is == true).map(|(word, _)| format!(" {word}")).collect();
        format!("{} {}{words}", it["id"].as_str().unwrap(), it["state"].as_str().unwrap())
    });
    told.collect()
}

const PLAN: &str =
    "Een plan van ons allemaal.\n\n## Doel\n\nTien haltes in drie jaar.\n\n## Geld\n\nTwee ton per jaar.\n";

both! {
    async fn a_plan_is_adopted_with_credit_and_follows_its_source(app: &TestApp) {
        let (ann, bob, carla) = (app.member("ann").await, app.member("bob").await, app.member("carla").await);
        network(&ann, "halte", "Toegankelijke haltes", "public").await;
        join(&bob, "halte").await;
        network(&carla, "agenda", "Lokale inclusie-agenda", "public").await;
        let map = file(&ann, "halte", "De kaart van alle haltes.").await;
        let body = format!("{PLAN}\n[De kaart](/v1/attachments/{map}/content)\n");
        let plan = ann.post("/v1/networks/halte/documents", json!({
            "kind": "plan", "title": "Alle haltes", "body": body, "municipalities": ["GM0344"],
            "themes": ["vervoer"], "crpdArticles": [9], "attachments": [map],
        })).await.expect(201);
        assert_eq!(plan["licence"], json!({
            "id": "CC-BY-4.0", "name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/",
        }));
        assert_eq!(plan["lineage"], Value::Null);
        let source = path(&plan);
        write(&bob, &source, "Alle haltes goed", &body).await;

        // A word too few, and an adoption that is refused.
        let wrong = json!({ "network": "nergens", "municipality": "GM0193" });
        let adoptions = format!("{source}/adoptions");
        assert_eq!(carla.post(&adoptions, json!({})).await.faults(), ["/municipality required", "/network required"]);
        assert_eq!(carla.post(&adoptions, wrong).await.faults(), ["/network unknown_network"]);
        assert_eq!(adopt(&carla, &source, "agenda", "GM9999").await.faults(), ["/municipality unknown_municipality"]);
        adopt(&bob, &source, "agenda", "GM0193").await.problem(403, "members_only");

        let wish = json!({ "network": "agenda", "municipality": "GM0193" });
        let sent = || carla.post(&adoptions, wish.clone()).header("idempotency-key", "een keer");
        let adopted = sent().await.expect(201);
        assert_eq!(sent().await.expect(201)["id"], adopted["id"], "sent twice it is done once");
        let own = path(&adopted);
        assert_eq!(adopted.header("location"), own);
        assert_eq!((&adopted["title"], &adopted["kind"], &adopted["revision"]), (&json!("Alle haltes goed"), &json!("plan"), &json!(1)));
        assert_eq!((&adopted["network"]["slug"], &adopted["themes"], &adopted["crpdArticles"]), (&json!("agenda"), &json!(["vervoer"]), &json!([9])));
        assert_eq!(adopted["municipalities"], json!([{ "code": "GM0193", "name": "Zwolle" }]));
        let lineage = &adopted["lineage"];
        assert_eq!(lineage["source"]["document"], plan["id"]);
        assert_eq!((&lineage["source"]["revision"], &lineage["seenRevision"]), (&json!(2), &json!(2)));
        assert_eq!(lineage["source"]["network"], json!({ "slug": "halte", "name": "Toegankelijke haltes" }));
        assert_eq!(lineage["municipality"]["name"], "Zwolle");
        assert_eq!(lineage["attribution"], "Dit plan is overgenomen van ‘Alle haltes goed’ (versie 2), geschreven in het \
            netwerk Toegankelijke haltes door ann de Vries en bob de Vries. Licentie: CC BY 4.0, \
            https://creativecommons.org/licenses/by/4.0/.");

        // The file is the network's own and outlives the other.
        let copy = adopted.text("/attachments/0/id");
        assert_ne!(copy, map);
        assert!(adopted.text("/body").contains(&format!("/v1/attachments/{copy}/content")), "{adopted}");
        ann.delete(&format!("/v1/attachments/{map}")).await.expect(204);
        let content = app.anonymous().get(&format!("/v1/attachments/{copy}/content")).await.expect(200);
        assert_eq!(content.body(), "De kaart van alle haltes.");

        let again = adopt(&carla, &source, "agenda", "GM0193").await.problem(409, "already_adopted");
        assert_eq!((again.text("/existing"), again.header("location")), (own.clone(), own.as_str()));
        let listed = app.anonymous().get(&adoptions).await.expect(200);
        assert_eq!(listed["items"], json!([{
            "document": adopted["id"], "title": "Alle haltes goed", "language": "nl", "sourceRevision": 2,
            "network": { "slug": "agenda", "name": "Lokale inclusie-agenda" },
            "municipality": { "code": "GM0193", "name": "Zwolle" }, "adoptedAt": adopted["createdAt"],
        }]));
        let page = app.anonymous().get(&format!("{source}?include=adoptions")).await.expect(200);
        assert_eq!((&page["adoptions"]["count"], &page["adoptions"]["items"]), (&json!(1), &listed["items"]));

        // Whom it was adopted from hears of it, once.
        app.pass(Duration::days(7));
        let mail = app.mail_to("bob@example.org").await.text;
        assert!(mail.contains("Overgenomen door Lokale inclusie-agenda, voor Zwolle"), "{mail}");
        let (bob, carla) = (anew(app, "bob").await, anew(app, "carla").await);

        for page in [own.replace("/v1", ""), own.replace("/v1", "") + ".md"] {
            let page = app.anonymous().get(&page).await.expect(200).body();
            assert!(page.contains("door ann de Vries en bob de Vries. Licentie: CC BY 4.0"), "{page}");
        }

        // Nothing is new, then both go on.
        let upstream = format!("{own}/upstream");
        let calm = carla.get(&upstream).header("accept-language", "nl").await.expect(200);
        assert_eq!((&calm["state"], &calm["changes"]), (&json!("current"), &json!([])), "{calm}");
        assert_eq!(calm["sentence"], "Sinds versie 2 is er niets nieuws in de bron.");
        let ours = adopted.text("/body").replace("Tien haltes", "Acht haltes").replace("Twee ton", "Een ton");
        write(&carla, &own, "Alle haltes in Zwolle", &ours).await;
        let photo = file(&bob, "halte", "Een foto.").await;
        let theirs = body.replace("Tien haltes", "Twaalf haltes").replace("## Geld", "## Kosten")
            .replace("ons allemaal", "iedereen") + &format!("\n## Wanneer\n\nIn 2027. [Foto](/v1/attachments/{photo}/content)\n");
        bob.patch(&source, json!({ "attachments": [photo] })).header("if-match", "*").await.expect(200);
        write(&bob, &source, "Alle haltes echt goed", &theirs).await;

        let home = carla.get("/v1/home").await.expect(200)["waiting"]["sourcesMovedOn"].clone();
        assert_eq!(home, json!({ "count": 1, "items": [{
            "document": adopted["id"], "title": "Alle haltes in Zwolle", "language": "nl", "behind": 1,
            "network": { "slug": "agenda", "name": "Lokale inclusie-agenda" },
        }] }));
        let behind = carla.get(&upstream).header("accept-language", "nl").await.expect(200);
        assert_eq!(behind["sentence"], "De bron is 1 keer veranderd sinds dit document voor het laatst is bijgewerkt.");
        assert_eq!((&behind["revision"], &behind["seenRevision"], &behind["moreChanges"]), (&json!(3), &json!(2), &json!(0)));
        assert_eq!(behind["changes"][0]["author"]["handle"], "bob");
        assert_eq!(told(&behind), ["title changed conflict", "begin changed", "doel changed conflict", "kosten changed conflict", "wanneer added"]);
        let goal = &behind["sections"][2];
        assert_eq!((&goal["heading"], &goal["level"]), (&json!("Doel"), &json!(2)));
        assert_eq!(goal["theirs"], "## Doel\n\nTwaalf haltes in drie jaar.\n\n");
        let words: Vec<&Value> = goal["differences"].as_array().unwrap().iter().flat_map(|block| block["parts"].as_array().unwrap()).collect();
        assert!(words.contains(&&json!({ "kind": "insert", "text": "Twaalf" })), "{goal}");
        assert!(goal["ownDifferences"].to_string().contains("Acht"), "{goal}");

        app.pass(Duration::days(7));
        let mail = app.mails_to("carla@example.org").await.pop().expect("a digest").text;
        assert!(mail.contains("De bron is 1 keer veranderd, in Toegankelijke haltes"), "{mail}");
        let carla = anew(app, "carla").await;
        let bob = anew(app, "bob").await;
        let ann = anew(app, "ann").await;

        // Where both changed the same somebody has to choose; what somebody else wrote meanwhile is not lost.
        let take = format!("{upstream}/_takeover");
        let all = json!({ "revision": 3, "others": "theirs", "sections": [{ "id": "doel" }, { "id": "nergens" }, { "id": "begin", "text": "x" }] });
        assert_eq!(carla.post(&take, all.clone()).header("if-match", "*").await.faults(), ["/sections/2/text only_with_text"]);
        let all = json!({ "revision": 3, "others": "theirs", "sections": [{ "id": "doel" }, { "id": "nergens" }] });
        assert_eq!(carla.post(&take, all).header("if-match", "*").await.faults(),
            ["/others needs_choice", "/sections/0/take needs_choice", "/sections/1/id unknown_section"]);
        let some = json!({ "revision": 3, "sections": [
            { "id": "begin" }, { "id": "doel", "take": "text", "text": "## Doel\n\nAcht haltes, en later twaalf.\n" },
            { "id": "kosten", "take": "mine" }, { "id": "wanneer", "take": "theirs" },
        ] });
        let stale = |wish: Value| carla.post(&take, wish).header("if-match", adopted.header("etag"));
        let late = stale(some.clone()).await.problem(412, "stale");
        assert_eq!((&late["current"]["title"], &late["current"]["etag"]), (&json!("Alle haltes in Zwolle"), &json!(behind.header("etag"))));
        let kept = carla.get(&late.text("/draft")).await.expect(200);
        let (mine, now) = (kept.text("/body"), late.text("/current/body"));
        assert_eq!(mine, now.replace("Acht haltes in drie jaar.", "Acht haltes, en later twaalf."), "what she wrote, where it belongs");
        assert_eq!(stale(json!({ "revision": 3, "others": "mine" })).await.problem(412, "stale")["draft"], Value::Null, "a choice is no text");
        carla.post(&take, some.clone()).await.problem(428, "if_match_required");
        bob.post(&take, some.clone()).header("if-match", "*").await.problem(403, "members_only");
        let mut again = some;
        again["draft"] = kept["version"].clone();
        let taken = carla.post(&take, again).header("if-match", behind.header("etag")).await.expect(200);
        assert_eq!(carla.get("/v1/drafts").await.expect(200)["items"], json!([]));
        assert_eq!((&taken["revision"], &taken["title"]), (&json!(3), &json!("Alle haltes in Zwolle")));
        let (text, files) = (taken.text("/body"), taken["attachments"].as_array().unwrap().clone());
        for part in ["Een plan van iedereen.", "Acht haltes, en later twaalf.", "## Geld\n\nEen ton per jaar.", "## Wanneer\n\nIn 2027."] {
            assert!(text.contains(part), "no {part:?} in {text}");
        }
        assert_eq!(files.len(), 2, "{taken}");
        assert!(!text.contains(&photo) && text.contains(files[1]["id"].as_str().unwrap()), "the new file came along: {text}");
        let credit = taken.text("/lineage/attribution");
        assert!(credit.ends_with("Daarna is het hier aangepast."), "{credit}");
        let first = app.anonymous().get(&format!("{own}/revisions/1")).await.expect(200);
        assert_eq!(first.text("/attribution"), credit, "it belongs to every revision");

        // What was turned down comes no more, until it changes again. The title is still undecided.
        let left = carla.get(&upstream).await.expect(200);
        assert_eq!(told(&left), ["title changed conflict"]);
        let late = json!({ "revision": 3, "sections": [{ "id": "doel", "take": "text", "text": "Toch nog iets over het doel." }] });
        let kept = stale(late).await.problem(412, "stale").text("/draft");
        let kept = carla.get(&kept).await.expect(200).text("/body");
        assert_eq!(kept, format!("{}\n\nToch nog iets over het doel.", text.trim_end()), "it was decided about: at the end");
        let rest = json!({ "revision": 3, "others": "mine" });
        let done = carla.post(&take, rest).header("if-match", left.header("etag")).await.expect(200);
        assert_eq!((&done["revision"], &done["lineage"]["seenRevision"]), (&json!(3), &json!(3)), "no words changed");
        assert_ne!(done.header("etag"), left.header("etag"), "but what there is to decide did");
        assert_eq!(carla.get(&upstream).await.expect(200)["state"], "current");
        assert_eq!(carla.get("/v1/home").await.expect(200)["waiting"]["sourcesMovedOn"]["count"], 0);
        write(&ann, &source, "Alle haltes echt goed", &theirs.replace("Twee ton", "Drie ton")).await;
        let more = carla.get(&upstream).await.expect(200);
        assert_eq!(told(&more), ["kosten changed conflict"]);
        assert_eq!(carla.post(&take, json!({ "revision": 5 })).header("if-match", "*").await.faults(), ["/revision unknown_revision"]);

        // The credit stays when an account goes, a licence changes and the source is hidden.
        bob.call("DELETE", "/v1/account").await.expect(204);
        let closed = json!({ "licence": "all-rights-reserved" });
        ann.patch(&source, closed.clone()).header("if-match", "*").await.expect(200);
        carla.post(&take, json!({ "revision": 4, "others": "mine" })).header("if-match", "*").await.problem(403, "not_licensed");
        adopt(&carla, &source, "agenda", "GM0200").await.problem(403, "not_licensed");
        carla.patch(&own, closed).header("if-match", "*").await.problem(409, "licence_of_source");
        ann.patch("/v1/networks/halte", json!({ "visibility": "hidden" })).await.expect(200);
        let gone = carla.get(&upstream).await.expect(200);
        assert_eq!((&gone["state"], &gone["revision"], &gone["sections"]), (&json!("unavailable"), &Value::Null, &json!([])));
        carla.post(&take, json!({ "revision": 4 })).header("if-match", "*").await.problem(409, "source_gone");
        let kept = app.anonymous().get(&own).await.expect(200);
        assert_eq!((&kept["body"], &kept["licence"]["id"]), (&taken["body"], &json!("CC-BY-4.0")));
        assert!(kept.text("/lineage/attribution").contains("door ann de Vries en bob. Licentie"), "{kept}");
        app.anonymous().get(&format!("{source}/upstream")).await.problem(404, "not_found");
        ann.get(&format!("{source}/upstream")).await.problem(404, "not_adopted");
    }

    async fn adopting_shows_nobody_what_they_may_not_see(app: &TestApp) {
        let (ann, bob, carla) = (app.member("ann").await, app.member("bob").await, app.member("carla").await);
        network(&ann, "leden", "Voor leden", "members").await;
        network(&ann, "geheim", "Verborgen", "hidden").await;
        network(&bob, "open", "Open", "public").await;
        network(&bob, "stil", "Stil", "hidden").await;
        let new = json!({ "kind": "plan", "title": "Haltes", "body": "Elke halte." });
        let plan = path(&ann.post("/v1/networks/leden/documents", new.clone()).await.expect(201));
        let secret = path(&ann.post("/v1/networks/geheim/documents", new).await.expect(201));
        adopt(&bob, &plan, "open", "GM0193").await.problem(404, "not_found");
        join(&bob, "leden").await;
        adopt(&app.anonymous(), &plan, "open", "GM0193").await.problem(401, "sign_in_required");
        let adopted = adopt(&bob, &plan, "open", "GM0193").await.expect(201);
        adopt(&bob, &plan, "stil", "GM0193").await.expect(201);
        adopt(&bob, &plan, "leden", "GM0193").await.expect(201);
        adopt(&ann, &plan, "stil", "GM0193").await.problem(400, "invalid");

        // Who may see which network sees its adoption, and is counted no other.
        let networks = |list: &Response| -> Vec<String> {
            list.each("network").iter().map(|network| network["slug"].as_str().unwrap().to_owned()).collect()
        };
        let adoptions = format!("{plan}/adoptions");
        assert_eq!(networks(&bob.get(&adoptions).await.expect(200)), ["leden", "stil", "open"]);
        assert_eq!(networks(&ann.get(&adoptions).await.expect(200)), ["leden", "open"]);
        let first = bob.get(&format!("{adoptions}?limit=2")).await.expect(200);
        let next = format!("{adoptions}?limit=2&cursor={}", first.text("/nextCursor"));
        assert_eq!(networks(&bob.get(&next).await.expect(200)), ["open"]);
        let count = async |who: &Client| who.get(&format!("{plan}?include=adoptions")).await.expect(200)["adoptions"]["count"].clone();
        assert_eq!((count(&bob).await, count(&ann).await), (json!(3), json!(2)));
        carla.get(&adoptions).await.problem(404, "not_found");

        // What is hidden cannot leave, and an adoption of an adoption tells where it began.
        join_hidden(&ann, &bob).await;
        adopt(&bob, &secret, "open", "GM0193").await.problem(403, "source_hidden");
        adopt(&bob, &secret, "geheim", "GM0193").await.expect(201);
        network(&carla, "verder", "Verder", "public").await;
        let further = adopt(&carla, &path(&adopted), "verder", "GM0200").await.expect(201);
        assert_eq!(further["lineage"]["origins"][0]["network"]["slug"], "leden");
        assert!(further.text("/lineage/attribution").contains(
            "netwerk Open door bob de Vries. Dat begon als ‘Haltes’, geschreven in het netwerk Voor leden door ann de Vries."
        ), "{further}");
        // She may read the one it came from, and not the one that came from.
        assert_eq!(carla.get(&format!("{}/upstream", path(&further))).await.expect(200)["state"], "current");
        assert_eq!(carla.get(&format!("{}/upstream", path(&adopted))).await.expect(200)["state"], "unavailable");
    }
}

async fn join_hidden(coordinator: &Client, who: &Client) {
    let memberships = "/v1/networks/geheim/memberships";
    coordinator.post(memberships, json!({ "handle": who.handle() })).await.expect(201);
    who.post(memberships, json!({})).await.expect(201);
}
