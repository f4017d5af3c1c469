//! What admins and networks choose, and what other servers read then.

use kring_activitypub::keys::PublicKey;
use kring_activitypub::proof::Claim;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::both;
use crate::harness::files::fixture;
use crate::harness::{Response, TestApp};

both! {
    async fn nothing_leaves_until_an_admin_and_the_network_chose_so_and_everything_says_where_it_goes(app: &TestApp) {
        let (ann, admin) = (app.member("ann").await, app.admin("ada").await);
        let nowhere = json!({ "reach": "none", "instances": [] });
        let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen." });
        let network = ann.post("/v1/networks", network).await.expect(201);
        assert_eq!((&network["federation"], &network["goesTo"]), (&json!("none"), &nowhere));
        assert_eq!(ann.get("/v1/federation").await.expect(200)["reach"], "none");

        let choose = async |choice| ann.patch("/v1/networks/haltes", choice).await;
        assert_eq!(choose(json!({ "federation": "open" })).await.faults(), ["/federation federation_off"]);
        admin.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        for (choice, fault) in [
            (json!({ "federation": "named" }), "/federationInstances required"),
            (json!({ "federation": "named", "federationInstances": [] }), "/federationInstances required"),
            (json!({ "federationInstances": ["a.example"] }), "/federationInstances needs_named"),
            (json!({ "federation": "named", "federationInstances": ["a.example", "a b"] }), "/federationInstances/1 host"),
            (json!({ "federation": "all" }), "/federation not_allowed"),
            (json!({ "federation": "open", "visibility": "hidden" }), "/federation hidden_stays_here"),
        ] {
            assert_eq!(choose(choice.clone()).await.faults(), [fault], "{choice}");
        }
        let named = json!({ "federation": "named", "federationInstances": ["B.example", "a.example"] });
        let named = choose(named).await.expect(200);
        assert_eq!(named["federationInstances"], json!(["a.example", "b.example"]));
        assert_eq!(named["goesTo"], json!({ "reach": "named", "instances": ["a.example", "b.example"] }));

        // What is written in it says so too, and a block by an admin counts at once.
        let thread = json!({ "title": "Perron", "body": "Te laag." });
        let thread = ann.post("/v1/networks/haltes/threads", thread).await.expect(201);
        assert_eq!(thread["goesTo"], named["goesTo"]);
        let document = json!({ "kind": "plan", "title": "Haltes", "body": "Elke halte." });
        let document = ann.post("/v1/networks/haltes/documents", document).await.expect(201);
        assert_eq!(document["goesTo"], named["goesTo"]);
        let block = json!({ "rule": "block", "reason": "Stuurt reclame." });
        let asked = admin.put("/v1/peer-rules/a.example?dryRun=true", block.clone()).await.expect(200);
        assert_eq!((&asked["dryRun"], &asked["memberships"]), (&json!(true), &json!(0)));
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["goesTo"], named["goesTo"]);
        admin.put("/v1/peer-rules/a.example", block).await.expect(200);
        let only_b = json!({ "reach": "named", "instances": ["b.example"] });
        for path in ["networks/haltes".to_owned(), format!("threads/{}", thread.text("/id")), format!("documents/{}", document.text("/id"))] {
            assert_eq!(ann.get(&format!("/v1/{path}")).await.expect(200)["goesTo"], only_b, "{path}");
        }
        let listed = admin.get("/v1/peer-rules").await.expect(200);
        assert_eq!((&listed["items"][0]["host"], &listed["items"][0]["reason"]), (&json!("a.example"), &json!("Stuurt reclame.")));

        // Closed again, the network keeps its choice, and nothing leaves.
        admin.put("/v1/federation", json!({ "reach": "none" })).await.expect(200);
        let closed = choose(json!({ "name": "Haltes en perrons" })).await.expect(200);
        assert_eq!((&closed["federation"], &closed["goesTo"]), (&json!("named"), &nowhere));
        admin.put("/v1/federation", json!({ "reach": "named" })).await.expect(200);
        assert_eq!(choose(json!({ "federation": "open" })).await.expect(200)["goesTo"], nowhere);
        admin.delete("/v1/peer-rules/a.example").await.expect(204);
        admin.delete("/v1/peer-rules/a.example").await.problem(404, "not_found");
        admin.put("/v1/peer-rules/c.example", json!({ "rule": "allow", "reason": "Afgesproken." })).await.expect(200);
        let shown = choose(json!({ "federation": "open" })).await.expect(200);
        assert_eq!(shown["goesTo"], json!({ "reach": "named", "instances": ["c.example"] }));
    }
}

/// What another server gets that asks for ActivityStreams.
async fn activity(app: &TestApp, address: &str) -> Response {
    let path = address.strip_prefix(&app.base).unwrap_or(address);
    app.anonymous().get(path).header("accept", "application/activity+json").await
}

both! {
    async fn other_servers_find_networks_people_and_what_is_written_and_can_prove_it(app: &TestApp) {
        let (ann, admin) = (app.member("ann").await, app.admin("ada").await);
        ann.patch("/v1/account", json!({ "bio": "Rijdt **tram 8**." })).await.expect(200);
        for (slug, visibility) in [("haltes", "public"), ("ann", "public"), ("besloten", "members"), ("thuis", "public")] {
            let network = json!({ "slug": slug, "name": "Haltes", "description": "Voor *iedereen*.", "visibility": visibility, "themes": ["openbaar-vervoer"], "language": "nl" });
            ann.post("/v1/networks", network).await.expect(201);
        }
        let file = Part::bytes(fixture("halte.png")).file_name("halte.png");
        let form = Form::new().text("network", "haltes").text("alt", "Een hoge stoep.").part("file", file);
        let file = ann.call("POST", "/v1/attachments").form(form).await.expect(201).text("/id");
        let thread = json!({ "title": "Perron te laag", "body": format!("Wie **herkent** dit? @ada\n\n![stoep](/v1/attachments/{file}/content)"), "attachments": [file], "language": "nl" });
        let thread = ann.post("/v1/networks/haltes/threads", thread).await.expect(201);
        let replies = format!("/v1/threads/{}/replies", thread.text("/id"));
        let reply = ann.post(&replies, json!({ "body": "Ik ook." })).await.expect(201);
        let document = json!({ "kind": "plan", "title": "Haltes", "body": "# Elke halte", "municipalities": ["GM0344"], "crpdArticles": [9], "plainSummary": "Iedereen de bus in." });
        let document = ann.post("/v1/networks/haltes/documents", document).await.expect(201);
        let at = |path: &str| format!("{}{path}", app.base);
        let (network, person) = (at("/networks/haltes"), at("/@ann"));
        let (thread, reply, document) = (at(&format!("/threads/{}", thread.text("/id"))), at(&format!("/replies/{}", reply.text("/id"))), at(&format!("/documents/{}", document.text("/id"))));
        let finger = |name: &str| format!("/.well-known/webfinger?resource=acct:{name}@{}", app.base.trim_start_matches("http://"));

        // Nothing is there for others until both chose it.
        for address in [&network, &person, &thread, &reply, &document, &at("/"), &finger("ann"), &at("/.well-known/nodeinfo"), &at("/nodeinfo/2.1"), &at("/.well-known/host-meta")] {
            activity(app, address).await.expect(404);
        }
        admin.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
        activity(app, &network).await.expect(404);
        for slug in ["haltes", "ann", "besloten"] {
            ann.patch(&format!("/v1/networks/{slug}"), json!({ "federation": "open" })).await.expect(200);
        }

        // Actors, with their keys; at the same addresses people get pages.
        let group = activity(app, &network).await.expect(200);
        assert_eq!(group.header("content-type"), "application/activity+json; charset=utf-8");
        assert_eq!((&group["type"], &group["id"], &group["preferredUsername"]), (&json!("Group"), &json!(network), &json!("haltes")));
        assert_eq!((&group["manuallyApprovesFollowers"], &group["tag"][0]["name"]), (&json!(false), &json!("#openbaarvervoer")));
        assert_eq!(group["source"], json!({ "content": "Voor *iedereen*.", "mediaType": "text/markdown" }));
        assert!(activity(app, &at("/networks/besloten")).await.expect(200)["manuallyApprovesFollowers"] == true);
        activity(app, &at("/networks/thuis")).await.expect(404);
        let actor = activity(app, &person).await.expect(200);
        assert_eq!((&actor["type"], &actor["name"]), (&json!("Person"), &json!("ann de Vries")));
        assert!(!actor.body().contains("example.org"), "no e-mail address: {actor}");
        let again = activity(app, &person).await.expect(200);
        assert_eq!(again["publicKey"], actor["publicKey"], "keys stay");
        assert_eq!(activity(app, &at("/")).await.expect(200)["type"], "Application");
        let page = app.anonymous().get("/networks/haltes").header("accept", "text/html").await.expect(200);
        assert!(page.body().contains("<h1"), "{}", page.body());

        // What is written, proved by who wrote it.
        let key = PublicKey::from_multibase(&actor.text("/assertionMethod/0/publicKeyMultibase")).unwrap();
        for (address, kind) in [(&thread, "Page"), (&reply, "Note"), (&document, "Article")] {
            let object = activity(app, address).await.expect(200);
            assert_eq!((&object["type"], &object["id"], &object["attributedTo"]), (&json!(kind), &json!(address), &json!(person)));
            assert_eq!(object["to"], json!([network, "https://www.w3.org/ns/activitystreams#Public"]));
            let claim = Claim::of(&object.json).unwrap();
            assert_eq!(claim.key_id, format!("{person}#proof-key"));
            claim.proves(&key).unwrap();
        }
        let page = activity(app, &thread).await.expect(200);
        assert_eq!((&page["name"], &page["language"]["identifier"]), (&json!("Perron te laag"), &json!("nl")));
        assert!(page.text("/content").contains(&format!("<a href=\"{}/@ada\"", app.base)), "{page}");
        assert_eq!((&page["attachment"][0]["type"], &page["attachment"][0]["name"]), (&json!("Image"), &json!("Een hoge stoep.")));
        assert_eq!(page["tag"].as_array().unwrap().iter().map(|tag| tag["href"].clone()).collect::<Vec<_>>(), [json!(at("/@ada")), json!(network)]);
        let note = activity(app, &reply).await.expect(200);
        assert_eq!((&note["inReplyTo"], &note["context"]), (&json!(thread), &page["context"]));
        let article = activity(app, &document).await.expect(200);
        assert_eq!((&article["license"], &article["version"], &article["summary"]), (&json!("https://creativecommons.org/licenses/by/4.0/"), &json!(1), &json!("Iedereen de bus in.")));
        assert!(article["tag"].as_array().unwrap().iter().any(|tag| tag["identifier"] == "GM0344" && tag["name"] == "Utrecht"), "{article}");

        // Collections.
        assert_eq!(activity(app, &page.text("/context")).await.expect(200)["orderedItems"], json!([thread, reply]));
        let outbox = activity(app, &group.text("/outbox")).await.expect(200);
        assert_eq!((&outbox["totalItems"], &outbox["orderedItems"][0]["object"]["object"]["id"]), (&json!(1), &json!(thread)));
        Claim::of(&outbox["orderedItems"][0]["object"]["object"]).unwrap().proves(&key).unwrap();
        assert_eq!(outbox["orderedItems"][0]["context"], page["context"]);
        let followers = activity(app, &group.text("/followers")).await.expect(200);
        assert_eq!((&followers["totalItems"], &followers["items"]), (&json!(1), &json!([])));
        assert_eq!(activity(app, &group.text("/attributedTo")).await.expect(200)["orderedItems"], json!([person]));
        assert_eq!(activity(app, &group.text("/featured")).await.expect(200)["totalItems"], 0);
        ann.patch(&format!("/v1{}", thread.strip_prefix(&app.base).unwrap()), json!({ "pinned": true })).await.expect(200);
        let featured = activity(app, &group.text("/featured")).await.expect(200);
        assert_eq!(featured["orderedItems"][0]["id"], json!(thread));
        Claim::of(&featured["orderedItems"][0]).unwrap().proves(&key).unwrap();
        activity(app, &at("/networks/besloten/outbox")).await.expect(404);

        // Discovery: where a person and a network share a name, the network comes last.
        let both = app.anonymous().get(&finger("ann")).await.expect(200);
        let last = both["links"].as_array().unwrap().last().unwrap().clone();
        assert_eq!((&last["href"], &last["properties"]["https://www.w3.org/ns/activitystreams#type"]), (&json!(at("/networks/ann")), &json!("Group")));
        assert_eq!(both["aliases"], json!([person, at("/networks/ann")]));
        let by_address = format!("/.well-known/webfinger?resource={network}");
        assert_eq!(app.anonymous().get(&by_address).await.expect(200)["links"][1]["href"], json!(network));
        app.anonymous().get("/.well-known/webfinger?resource=acct:ann@elders.example").await.expect(404);
        app.anonymous().get(&finger("nobody")).await.expect(404);
        let info = app.anonymous().get("/nodeinfo/2.1").await.expect(200);
        assert_eq!((&info["software"]["name"], &info["usage"]["localPosts"]), (&json!("kring"), &json!(1)));

        // What was deleted leaves a tombstone; who left, too.
        ann.delete(&format!("/v1{}", thread.strip_prefix(&app.base).unwrap())).await.expect(204);
        assert_eq!(activity(app, &thread).await.expect(410)["type"], "Tombstone");
    }
}
