//! Templates: what networks and documents can begin as, and what an instance makes of them.

use serde_json::{Value, json};

use crate::both;
use crate::harness::{Client, Response, TestApp};

/// Ann's network in Utrecht, with Bob in it.
async fn ann_and_bob(app: &TestApp) -> (Client, Client) {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let network = json!({
        "slug": "haltes", "name": "Haltes *voor* allen", "description": "Voor iedereen.", "language": "nl",
        "municipalities": ["GM0344", "GM0193"],
    });
    ann.post("/v1/networks", network).await.expect(201);
    bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
    (ann, bob)
}

async fn begin(who: &Client, document: Value) -> Response {
    who.post("/v1/networks/haltes/documents", document).await
}

async fn ids(who: &Client, query: &str) -> Vec<Value> {
    who.get(&format!("/v1/templates?limit=100&{query}")).await.expect(200).each("id")
}

both! {
    async fn a_document_begins_as_a_template_says_and_is_its_networks_from_then_on(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app).await;
        let minutes = begin(&bob, json!({ "template": "minutes.nl" })).await.expect(201);
        assert_eq!(minutes["title"], "Verslag Haltes *voor* allen, 23 november 2026");
        assert_eq!((&minutes["kind"], &minutes["language"], &minutes["revision"]), (&json!("minutes"), &json!("nl"), &json!(1)));
        assert!(minutes.text("/body").contains("## Afspraken\n\n| Wat | Wie | Voor wanneer |\n"), "{minutes}");
        assert!(minutes.text("/body").contains("[vul in: wat is besloten]"), "{minutes}");

        // In the template's language, for the municipality the document is about, and with what its writer says.
        let letter = json!({ "template": "letter-to-council.en", "municipalities": ["GM0193"], "kind": "plan", "crpdArticles": [20] });
        let letter = begin(&ann, letter).await.expect(201);
        assert_eq!(letter["title"], "Letter to the council of Zwolle: [fill in: subject]");
        assert_eq!((&letter["kind"], &letter["language"], &letter["crpdArticles"]), (&json!("plan"), &json!("en"), &json!([20])));
        assert!(letter.text("/body").contains("for the network Haltes \\*voor\\* allen:"), "a name makes nothing bold: {letter}");
        assert!(letter.text("/bodyHtml").contains("for the network Haltes *voor* allen:"), "{letter}");
        let own = json!({ "template": "local-inclusion-agenda.nl", "title": "Onze agenda", "body": "Straks meer." });
        let own = begin(&ann, own).await.expect(201);
        assert_eq!((&own["title"], &own["body"], &own["crpdArticles"]), (&json!("Onze agenda"), &json!("Straks meer."), &json!([4, 9, 19, 33])));
        let agenda = begin(&ann, json!({ "template": "local-inclusion-agenda.nl" })).await.expect(201);
        assert_eq!(agenda["title"], "Lokale inclusie agenda Utrecht en Zwolle");

        assert_eq!(begin(&ann, json!({})).await.faults(), ["/body required", "/kind required", "/title required"]);
        for (template, fault) in [("nothing.nl", "unknown_template"), ("minutes", "unknown_template"), ("theme-network.nl", "other_template")] {
            assert_eq!(begin(&ann, json!({ "template": template })).await.faults(), [format!("/template {fault}")], "{template}");
        }
        app.member("eve").await.post("/v1/networks/haltes/documents", json!({ "template": "minutes.nl" })).await.problem(403, "members_only");
        let network = ann.get("/v1/networks/haltes").await.expect(200);
        assert_eq!(network["documentCount"], 4);
    }

    async fn a_network_begins_with_words_and_conversations_that_are_filled_in_for_it(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app).await;
        let all = ids(&app.anonymous(), "kind=network").await;
        assert_eq!(all, ["municipal-network.en", "municipal-network.nl", "theme-network.en", "theme-network.nl"]);
        assert!(ids(&bob, "kind=document&language=nl").await.len() >= 6);
        let first = bob.get("/v1/templates?limit=3").await.expect(200);
        let rest = bob.get(&format!("/v1/templates?limit=100&cursor={}", first.text("/nextCursor"))).await.expect(200);
        assert_eq!([first.each("id"), rest.each("id")].concat(), ids(&bob, "").await);

        let path = "/v1/templates/municipal-network.nl";
        let raw = app.anonymous().get(path).await.expect(200);
        assert!(raw.text("/description").contains("{{municipality}}") && raw["title"].is_null(), "{raw}");
        assert_eq!(raw["documents"][1], "accessibility-baseline.nl");
        let proposed = ann.get(&format!("{path}?name=Samen&municipality=GM0632")).await.expect(200);
        assert!(proposed.text("/description").contains("kan meedoen: Woerden."), "{proposed}");
        assert!(proposed.text("/threads/0/body").starts_with("Welkom bij Samen.\n"), "{proposed}");
        assert!(proposed.text("/threads/0/body").ends_with("bespreekt u met ann de Vries."), "{proposed}");
        let known = ann.get(&format!("{path}?network=haltes")).await.expect(200);
        assert_eq!((&known["threads"][0]["pinned"], &known["threads"][1]["pinned"]), (&json!(true), &json!(false)));
        assert!(known.text("/description").contains("kan meedoen: Utrecht en Zwolle."), "{known}");
        let blank = bob.get(&format!("{path}?network=haltes")).await.expect(200);
        assert!(blank.text("/threads/0/body").ends_with("met [vul in: wie het netwerk coördineert]."), "bob does not: {blank}");
        assert_eq!(bob.get(&format!("{path}?network=nergens")).await.faults(), ["?network unknown_network"]);

        // What comes back can be sent as it is.
        let network = json!({
            "slug": "samen", "name": "Samen", "description": proposed["description"], "themes": proposed["themes"],
            "crpdArticles": proposed["crpdArticles"],
        });
        ann.post("/v1/networks", network).await.expect(201);
        let thread = json!({ "title": proposed["threads"][0]["title"], "body": proposed["threads"][0]["body"] });
        ann.post("/v1/networks/samen/threads", thread).await.expect(201);
        ann.get("/v1/templates/nothing.nl").await.problem(404, "not_found");
    }

    async fn an_instance_changes_hides_adds_and_brings_back(app: &TestApp) {
        let (ann, _) = ann_and_bob(app).await;
        let ada = app.admin("ada").await;
        let before = begin(&ann, json!({ "template": "minutes.nl" })).await.expect(201);
        let path = "/v1/templates/minutes.nl";
        let came = ada.get(path).await.expect(200);
        assert_eq!((&came["builtIn"], &came["changed"], &came["updatedAt"]), (&json!(true), &json!(false), &Value::Null));
        let change = json!({ "title": "Ons verslag van {{date}}", "body": "## Wat wij afspraken\n\n[vul in: alles]" });
        ann.patch(path, change.clone()).header("if-match", "*").await.problem(403, "admin_only");
        ada.patch(path, change.clone()).await.problem(428, "if_match_required");
        let changed = ada.patch(path, change.clone()).header("if-match", came.header("etag")).await.expect(200);
        assert_eq!((&changed["changed"], &changed["name"]), (&json!(true), &came["name"]));
        ada.patch(path, change).header("if-match", came.header("etag")).await.problem(412, "stale");
        let after = begin(&ann, json!({ "template": "minutes.nl" })).await.expect(201);
        assert_eq!((&after["title"], &after["body"]), (&json!("Ons verslag van 23 november 2026"), &json!("## Wat wij afspraken\n\n[vul in: alles]")));
        let same = ann.get(&format!("/v1/documents/{}", before.text("/id"))).await.expect(200);
        assert_eq!(same["body"], before["body"], "what began as it was before stays");
        let wrong = json!({ "title": "{{datum}}", "body": "{{", "threads": [{ "title": "", "body": "B" }], "documents": ["?"] });
        let faults = ada.patch(path, wrong).header("if-match", "*").await.faults();
        assert_eq!(faults, ["/body unknown_placeholder", "/documents/0 unknown_template", "/threads/0 empty", "/title unknown_placeholder"]);
        let strange = ada.patch(path, json!({ "description": "Voor iedereen." })).header("if-match", "*").await;
        assert_eq!(strange.faults(), ["/description not_for_kind"]);

        // Hidden, it is there for administrators alone, and in no network's beginning.
        ada.patch(path, json!({ "hidden": true })).header("if-match", "*").await.expect(200);
        ann.get(path).await.problem(404, "not_found");
        assert!(!ids(&ann, "").await.contains(&json!("minutes.nl")) && ids(&ada, "").await.contains(&json!("minutes.nl")));
        assert_eq!(begin(&ann, json!({ "template": "minutes.nl" })).await.faults(), ["/template unknown_template"]);
        let start = ann.get("/v1/templates/theme-network.nl").await.expect(200);
        assert_eq!(start["documents"], json!(["accessible-meetings.nl"]));
        // Brought back, it is as it came, and what was read before is still stale.
        ada.delete(path).header("if-match", "*").await.expect(204);
        let back = ann.get(path).await.expect(200);
        assert_eq!((&back["body"], &back["changed"], &back["hidden"]), (&came["body"], &json!(false), &json!(false)));
        ada.patch(path, json!({ "name": "Verslagen" })).header("if-match", changed.header("etag")).await.problem(412, "stale");
        ada.delete(path).header("if-match", "*").await.problem(409, "built_in");

        let walk = json!({
            "key": "wijkschouw", "language": "nl", "kind": "document", "name": "Wijkschouw", "summary": "Samen door de wijk.",
            "documentKind": "note", "title": "Wijkschouw {{municipality}}", "body": "## Route\n\n[vul in: waar]",
        });
        ann.post("/v1/templates", walk.clone()).await.problem(403, "admin_only");
        let made = ada.post("/v1/templates", walk.clone()).await.expect(201);
        assert_eq!((made.header("location"), &made["builtIn"]), ("/v1/templates/wijkschouw.nl", &json!(false)));
        ada.post("/v1/templates", walk.clone()).await.problem(409, "template_exists");
        let mut french = walk.clone();
        (french["language"], french["kind"]) = (json!("fr"), json!("network"));
        let faults = ada.post("/v1/templates", french).await.faults();
        assert_eq!(faults, ["/body not_for_kind", "/description required", "/documentKind not_for_kind", "/title not_for_kind"]);
        let begun = begin(&ann, json!({ "template": "wijkschouw.nl" })).await.expect(201);
        assert_eq!(begun["title"], "Wijkschouw Utrecht en Zwolle");
        let starts = json!({ "documents": ["wijkschouw.nl", "theme-network.nl"] });
        let starts = ada.patch("/v1/templates/theme-network.nl", starts).header("if-match", "*").await;
        assert_eq!(starts.faults(), ["/documents/1 unknown_template"]);
        ada.delete("/v1/templates/wijkschouw.nl").header("if-match", made.header("etag")).await.expect(204);
        ann.get("/v1/templates/wijkschouw.nl").await.problem(404, "not_found");
    }
}
