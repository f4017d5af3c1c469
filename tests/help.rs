//! Help: offered by people, sought by networks, told to both, asked for once.

use chrono::Duration;
use serde_json::{Value, json};

use crate::both;
use crate::digests::{TUESDAY, back, until};
use crate::harness::{Client, Response, TestApp};

/// Offers help, with these themes and municipalities.
async fn offer(who: &Client, themes: &[&str], municipalities: &[&str]) -> Response {
    let offer = json!({
        "sentence": "Ik kan een nieuw netwerk helpen met vervoer.", "themes": themes, "municipalities": municipalities,
    });
    who.post("/v1/help-offers", offer).await.expect(201)
}

/// Proposes a network in Utrecht that is about safety, with these settings.
async fn propose(who: &Client, slug: &str, settings: Value) {
    let mut network = json!({
        "slug": slug, "name": format!("Netwerk {slug}"), "description": "Voor iedereen.",
        "themes": ["veiligheid"], "municipalities": ["GM0344"],
    });
    for (key, value) in settings.as_object().into_iter().flatten() {
        network[key] = value.clone();
    }
    who.post("/v1/networks", network).await.expect(201);
}

async fn slugs(who: &Client, query: &str) -> Vec<Value> {
    who.get(&format!("/v1/networks?{query}")).await.expect(200).each("slug")
}

async fn fits(who: &Client) -> Value {
    who.get("/v1/home").await.expect(200)["help"].clone()
}

/// Of home: whose offers fit which networks, and which networks seek what one offers.
fn pairs(help: &Value) -> (Vec<String>, Vec<String>) {
    let list = |name: &str| help[name].as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let offers = list("offers").iter().map(|it| text(&it["offer"]["person"]["handle"])).collect();
    (offers, list("networks").iter().map(|it| text(&it["network"]["slug"])).collect())
}

async fn ask(who: &Client, offer: &str, network: &str) -> Response {
    let sent = json!({ "network": network, "message": "Wij beginnen net.\n\nDenkt u mee?" });
    who.post(&format!("/v1/help-offers/{offer}/_ask"), sent).await
}

/// What stands in a digest under the heading of help.
fn section(text: &str) -> &str {
    text.split_once("Hulp bij netwerken\n==================\n").map_or("", |(_, rest)| rest)
}

both! {
    async fn an_offer_is_its_owners_to_change_pause_and_withdraw(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        app.anonymous().get("/v1/help-offers").await.problem(401, "sign_in_required");
        let made = offer(&ann, &["Vervoer"], &["GM0344"]).await;
        let path = format!("/v1/help-offers/{}", made.text("/id"));
        assert_eq!(made.header("location"), path);
        assert_eq!((&made["themes"], &made["municipalities"][0]["name"]), (&json!(["vervoer"]), &json!("Utrecht")));
        assert_eq!((&made["person"]["handle"], &made["paused"]), (&json!("ann"), &json!(false)));
        let seen = bob.get(&path).await.expect(200);
        assert!(!seen.body().contains("example.org") && seen.json.get("asks").is_none(), "{seen}");
        offer(&ann, &[], &[]).await;
        for (query, count) in [
            ("theme=vervoer", 2), ("theme=wonen", 1), ("municipality=GM0344", 2), ("municipality=GM0193", 1),
            ("theme=vervoer&municipality=GM0344&limit=1", 1), ("mine=true", 0),
        ] {
            let list = bob.get(&format!("/v1/help-offers?{query}")).await.expect(200);
            assert_eq!(list.each("id").len(), count, "{query}");
            assert_eq!(list["nextCursor"].is_string(), query.ends_with("limit=1"), "{query}");
        }

        let pause = json!({ "paused": true });
        ann.patch(&path, pause.clone()).await.problem(428, "if_match_required");
        ann.patch(&path, pause.clone()).header("if-match", "\"9\"").await.problem(412, "stale");
        bob.patch(&path, pause.clone()).header("if-match", "*").await.problem(403, "helper_only");
        bob.delete(&path).header("if-match", "*").await.problem(403, "helper_only");
        ann.patch(&path, pause).header("if-match", made.header("etag")).await.expect(200);
        bob.get(&path).await.problem(404, "not_found");
        assert_eq!(bob.get("/v1/help-offers").await.expect(200).each("id").len(), 1);
        assert_eq!(ann.get("/v1/help-offers?mine=true").await.expect(200).each("paused"), [false, true]);
        let change = json!({ "paused": false, "sentence": "Ik help met haltes.", "municipalities": [] });
        let changed = ann.patch(&path, change).header("if-match", "*").await.expect(200);
        assert_eq!((&changed["sentence"], &changed["municipalities"]), (&json!("Ik help met haltes."), &json!([])));
        assert_eq!(bob.get("/v1/help-offers?municipality=GM0193").await.expect(200).each("id").len(), 2);
        let wrong = json!({ "sentence": "", "themes": ["!"], "municipalities": ["GM 1"], "language": "?" });
        let faults = bob.post("/v1/help-offers", wrong).await.faults();
        assert_eq!(faults, ["/language language", "/municipalities/0 municipality_code", "/sentence empty", "/themes/0 theme"]);
        let unknown = json!({ "sentence": "Ik help.", "municipalities": ["GM9999"] });
        assert_eq!(bob.post("/v1/help-offers", unknown).await.faults(), ["/municipalities unknown_municipality"]);

        ann.delete(&path).header("if-match", "*").await.expect(204);
        bob.get(&path).await.problem(404, "not_found");
        for _ in 0..9 {
            offer(&ann, &[], &[]).await;
        }
        let eleventh = json!({ "sentence": "Ik kan ook koken." });
        ann.post("/v1/help-offers", eleventh).await.problem(409, "too_many_offers");
        app.admin("ada").await.delete(&format!("/v1/help-offers/{}", ann.get("/v1/help-offers").await.text("/items/0/id")))
            .header("if-match", "*").await.expect(204);
        ann.delete("/v1/account").await.expect(204);
        app.settle().await;
        assert_eq!(bob.get("/v1/help-offers").await.expect(200)["items"], json!([]), "they end with the account");
    }

    async fn who_seeks_and_who_offers_find_each_other_on_their_first_screen(app: &TestApp) {
        let (ann, bob, eve) = (app.member("ann").await, app.member("bob").await, app.member("eve").await);
        offer(&bob, &["vervoer"], &["GM0344"]).await;
        offer(&eve, &["wonen"], &[]).await;
        propose(&ann, "nood", json!({ "seekingHelp": ["vervoer"] })).await;
        assert_eq!(slugs(&eve, "seekingHelp=true").await, ["nood"]);
        let page = app.anonymous().get("/networks/nood").await.expect(200).body();
        assert!(page.contains("Het netwerk zoekt hulp."), "{page}");
        assert_eq!(slugs(&eve, "seekingHelp=true&theme=vervoer").await, ["nood"]);
        assert_eq!(slugs(&eve, "seekingHelp=true&theme=veiligheid").await, [""; 0], "it is about that, and needs no help with it");
        assert_eq!(pairs(&fits(&ann).await), (vec!["bob".into()], vec![]));
        let told = fits(&bob).await;
        assert_eq!(pairs(&told), (vec![], vec!["nood".into()]));
        assert_eq!((&told["networks"][0]["state"], &told["networks"][0]["themes"]), (&json!("proposed"), &json!(["vervoer"])));
        assert_eq!(pairs(&fits(&eve).await), (vec![], vec![]));

        // With whatever it is about; then with no help at all.
        ann.patch("/v1/networks/nood", json!({ "seekingHelp": [] })).await.expect(200);
        assert_eq!(pairs(&fits(&ann).await), (vec![], vec![]));
        assert_eq!(slugs(&eve, "seekingHelp=true&theme=veiligheid").await, ["nood"]);
        ann.patch("/v1/networks/nood", json!({ "themes": ["veiligheid", "vervoer"] })).await.expect(200);
        assert_eq!(pairs(&fits(&bob).await), (vec![], vec!["nood".into()]));
        let stopped = ann.patch("/v1/networks/nood", json!({ "seekingHelp": null })).await.expect(200);
        assert_eq!(stopped["seekingHelp"], Value::Null);
        assert_eq!(slugs(&eve, "seekingHelp=true").await, [""; 0]);
        assert_eq!(pairs(&fits(&bob).await), (vec![], vec![]));

        // Who is in it already, and networks one may not know of, are no match.
        ann.patch("/v1/networks/nood", json!({ "seekingHelp": ["vervoer"] })).await.expect(200);
        propose(&ann, "stil", json!({ "seekingHelp": ["vervoer"], "visibility": "hidden" })).await;
        assert_eq!(pairs(&fits(&bob).await), (vec![], vec!["nood".into()]));
        assert_eq!(pairs(&fits(&ann).await).0, ["bob", "bob"], "coordinators of a hidden network may ask");
        bob.post("/v1/networks/nood/memberships", json!({})).await.expect(201);
        assert_eq!(pairs(&fits(&bob).await), (vec![], vec![]));
        ann.patch("/v1/networks/stil", json!({ "archived": true })).await.expect(200);
        assert_eq!(pairs(&fits(&ann).await), (vec![], vec![]));
    }

    async fn a_network_asks_once_and_who_is_asked_joins_or_does_nothing(app: &TestApp) {
        let (ann, bob, eve) = (app.member("ann").await, app.member("bob").await, app.member("eve").await);
        let id = offer(&bob, &["vervoer"], &[]).await.text("/id");
        propose(&ann, "stil", json!({ "seekingHelp": ["vervoer"], "visibility": "hidden" })).await;
        let faults = ask(&eve, &id, "stil").await.faults();
        assert_eq!(faults, ["/network unknown_network"], "a hidden network is not there for others");
        ask(&bob, &id, "stil").await.expect(400);
        propose(&bob, "lift", json!({})).await;
        ask(&bob, &id, "lift").await.problem(409, "own_offer");
        ask(&ann, &id, "lift").await.problem(403, "coordinators_only");
        ask(&ann, &id, "stil").await.expect(204);
        ask(&ann, &id, "stil").await.problem(409, "already_asked");
        let mails = app.mails_to("bob@example.org").await;
        assert_eq!(mails.len(), 1, "no mail of an invitation beside it");
        let mail = &mails[0];
        assert_eq!(mail.subject, "Iemand vraagt uw hulp bij Kring", "it names no hidden network");
        for part in [&mail.text, &mail.html] {
            for told in ["Netwerk stil", "ann de Vries", "Wij beginnen net.", "Denkt u mee?", "helpen met vervoer."] {
                assert!(part.contains(told), "{told} in {part}");
            }
            assert!(!part.contains("ann@example.org"), "{part}");
        }
        assert_eq!(bob.get("/v1/home").await.expect(200)["waiting"]["invitations"][0]["slug"], "stil");
        let own = bob.get(&format!("/v1/help-offers/{id}")).await.expect(200);
        assert_eq!((&own["asks"][0]["network"]["slug"], &own["asks"][0]["message"]), (&json!("stil"), &json!("Wij beginnen net.\n\nDenkt u mee?")));
        assert_eq!(pairs(&fits(&ann).await), (vec![], vec![]), "who was asked is no news any more");
        bob.delete("/v1/networks/stil/memberships/bob").await.expect(204);
        ask(&ann, &id, "stil").await.problem(409, "already_asked");

        // A public network stands in the subject, in the language of who reads it; and some people want no mail.
        bob.patch("/v1/account", json!({ "language": "en" })).await.expect(200);
        propose(&ann, "nood", json!({})).await;
        ask(&ann, &id, "nood").await.expect(204);
        let english = app.mails_to("bob@example.org").await.pop().expect("a mail");
        assert_eq!(english.subject, "ann de Vries asks for your help with Netwerk nood");
        assert!(english.text.contains(&format!("{}/networks/nood", app.base)), "{}", english.text);
        bob.post("/v1/networks/nood/memberships", json!({})).await.expect(201);
        propose(&ann, "brug", json!({})).await;
        bob.put("/v1/digest-preferences", json!({ "frequency": "off" })).await.expect(200);
        ask(&ann, &id, "brug").await.expect(204);
        assert_eq!(app.mails_to("bob@example.org").await.len(), 2);

        // One coordinator asks ten times a day at most, three of which were these.
        for number in 4..=11 {
            let slug = format!("netwerk-{number}");
            propose(&ann, &slug, json!({})).await;
            let answer = ask(&ann, &id, &slug).await;
            if number <= 10 {
                answer.expect(204);
            } else {
                let told = answer.problem(429, "too_many");
                assert!(told.text("/detail").contains("24 uur"), "{told}");
            }
        }
        let last = bob.get("/v1/networks/netwerk-11/memberships/bob").await;
        assert!(last.status >= 400, "what was refused invited nobody: {last}");
        app.pass(Duration::hours(25));
        ask(&back(app, "ann").await, &id, "netwerk-11").await.expect(204);
    }

    async fn a_digest_tells_of_a_match_in_a_line_and_never_again(app: &TestApp) {
        let (ann, bob, eve) = (app.member("ann").await, app.member("bob").await, app.member("eve").await);
        propose(&ann, "haltes", json!({ "seekingHelp": ["vervoer"] })).await;
        propose(&bob, "wonen", json!({ "themes": ["wonen"] })).await;
        for (who, slug) in [(&eve, "haltes"), (&eve, "wonen")] {
            who.post(&format!("/v1/networks/{slug}/memberships"), json!({})).await.expect(201);
        }
        offer(&bob, &["vervoer"], &["GM0344"]).await;
        until(app, TUESDAY);
        assert_eq!(app.mails_to("bob@example.org").await, [], "a match alone brings no mail");
        let told = |mails: Vec<crate::harness::mail::Mail>| {
            let digests = mails.into_iter().filter(|mail| mail.maybe_header("list-id").is_some());
            digests.map(|mail| (section(&mail.text).to_owned(), mail.html)).next_back()
        };
        for week in 0..2 {
            let eve = back(app, "eve").await;
            for slug in ["haltes", "wonen"] {
                let thread = json!({ "title": format!("Week {week}"), "body": "Wie denkt er mee?" });
                eve.post(&format!("/v1/networks/{slug}/threads"), thread).await.expect(201);
            }
            app.pass(Duration::days(7));
            let (ann, ann_html) = told(app.mails_to("ann@example.org").await).expect("a digest for ann");
            let (bob, _) = told(app.mails_to("bob@example.org").await).expect("a digest for bob");
            if week == 0 {
                let line = "* Netwerk haltes\n  bob de Vries biedt hulp aan die past bij uw netwerk\n  Ik kan een nieuw netwerk helpen met vervoer.\n";
                assert!(ann.contains(line), "{ann}");
                assert!(ann_html.contains(">Hulp bij netwerken</h2>"), "{ann_html}");
                assert!(bob.contains("* Netwerk haltes\n  Dit netwerk zoekt hulp met vervoer, en uw aanbod past daarbij\n"), "{bob}");
            } else {
                assert_eq!((ann.as_str(), bob.as_str()), ("", ""));
            }
        }
        let (eve, _) = told(app.mails_to("eve@example.org").await).unwrap_or_default();
        assert_eq!(eve, "", "who neither seeks nor offers hears nothing of it");
    }
}
