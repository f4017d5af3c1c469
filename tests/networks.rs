//! Networks: proposed, found, seen by whom, changed, closed. Who belongs to them is in `memberships.rs`.

use serde_json::{Value, json};

use crate::both;
use crate::harness::{Client, Response, TestApp};

/// Proposes a network with these settings.
async fn propose(who: &Client, slug: &str, settings: Value) -> Response {
    let mut network =
        json!({ "slug": slug, "name": "Toegankelijke haltes", "description": "Voor iedereen." });
    for (key, value) in settings.as_object().into_iter().flatten() {
        network[key] = value.clone();
    }
    who.post("/v1/networks", network).await
}

async fn join(who: &Client, slug: &str) -> Response {
    who.post(&format!("/v1/networks/{slug}/memberships"), json!({})).await
}

/// A network as a list shows it; null where it is not in there.
async fn listed(who: &Client, slug: &str) -> Value {
    let list = who.get("/v1/networks?limit=100").await.expect(200);
    let items = list["items"].as_array().cloned().unwrap_or_default();
    items.into_iter().find(|network| network["slug"] == slug).unwrap_or_default()
}

async fn slugs(who: &Client, query: &str) -> Vec<Value> {
    who.get(&format!("/v1/networks?{query}")).await.expect(200).each("slug")
}

both! {
    async fn a_proposed_network_works_in_full_for_those_who_join(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let proposed = propose(&ann, "haltes", json!({ "seekingPeople": true })).await.expect(201);
        assert_eq!((&proposed["state"], &proposed["memberCount"]), (&json!("proposed"), &json!(1)));
        assert_eq!(proposed.header("location"), "/v1/networks/haltes");
        assert_eq!(join(&bob, "haltes").await.expect(201)["coFounder"], true);
        let thread = json!({ "title": "Perron te laag", "body": "Wie herkent dit?" });
        let thread = bob.post("/v1/networks/haltes/threads", thread).await.expect(201);
        let replies = format!("/v1/threads/{}/replies", thread.text("/id"));
        ann.post(&replies, json!({ "body": "Ik." })).await.expect(201);
        let shown = listed(&app.anonymous(), "haltes").await;
        assert_eq!((&shown["state"], &shown["memberCount"]), (&json!("proposed"), &json!(2)));
        assert_eq!(shown["threadCount"], 1);
        assert_eq!(slugs(&app.anonymous(), "seekingPeople=true").await, ["haltes"]);
    }

    async fn three_co_founders_and_a_coordinator_make_a_network_active(app: &TestApp) {
        let ann = app.member("ann").await;
        propose(&ann, "haltes", json!({})).await.expect(201);
        for (handle, state) in [("bob", "proposed"), ("carla", "active"), ("dirk", "active")] {
            let joined = join(&app.member(handle).await, "haltes").await.expect(201);
            assert_eq!(joined["coFounder"], handle != "dirk", "{handle}");
            assert_eq!(listed(&ann, "haltes").await["state"], state, "{handle}");
        }
    }

    async fn closing_and_opening_again_makes_no_proposal_active(app: &TestApp) {
        let ann = app.member("ann").await;
        propose(&ann, "haltes", json!({})).await.expect(201);
        ann.patch("/v1/networks/haltes", json!({ "archived": true })).await.expect(200);
        let opened = ann.patch("/v1/networks/haltes", json!({ "archived": false })).await.expect(200);
        assert_eq!(opened["state"], "proposed");
        for handle in ["bob", "carla"] {
            join(&app.member(handle).await, "haltes").await.expect(201);
        }
        // One who founded it leaves, comes back later, and leaves again: it was founded all the same.
        let bob = app.anonymous().sign_in("bob", crate::harness::app::PASSWORD).await;
        for _ in 0..2 {
            bob.delete("/v1/networks/haltes/memberships/bob").await.expect(204);
            ann.patch("/v1/networks/haltes", json!({ "archived": true })).await.expect(200);
            let opened = ann.patch("/v1/networks/haltes", json!({ "archived": false })).await.expect(200);
            assert_eq!(opened["state"], "active");
            join(&bob, "haltes").await.expect(201);
        }
    }

    [|settings| settings.led_by_experts_required = true]
    async fn a_founder_states_that_experts_lead_it_and_no_private_field_is_read(app: &TestApp) {
        let (says, silent) = (app.member("ann").await, app.member("bob").await);
        silent.patch("/v1/account", json!({ "expertByExperience": true })).await.expect(200);
        assert_eq!(propose(&silent, "haltes", json!({})).await.faults(), ["/ledByExperts led_by_experts"]);
        // Whether the statement is true the instance cannot know: what she says of herself is not asked for.
        let proposed = propose(&says, "haltes", json!({ "ledByExperts": true })).await.expect(201);
        assert_eq!(proposed["ledByExperts"], true);
        assert_eq!(listed(&app.anonymous(), "haltes").await["ledByExperts"], true, "everyone sees the statement");
        let withdrawn = says.patch("/v1/networks/haltes", json!({ "ledByExperts": false })).await;
        assert_eq!(withdrawn.faults(), ["/ledByExperts led_by_experts"]);
        assert_eq!(app.anonymous().get("/v1/instance").await.expect(200)["ledByExpertsRequired"], true);
    }

    async fn networks_are_found_by_text_municipality_theme_and_whose_they_are(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let tram = json!({
            "name": "Toegankelijke tram", "description": "Instappen zónder hulp.", "municipalities": ["GM0344"],
            "themes": ["Openbaar vervoer", "openbaar-vervoer"], "crpdArticles": [20, 9, 9],
        });
        let proposed = propose(&ann, "tram", tram).await.expect(201);
        assert_eq!(proposed["municipalities"], json!([{ "code": "GM0344", "name": "Utrecht" }]));
        assert_eq!(proposed["themes"], json!(["openbaar-vervoer"]));
        assert_eq!(proposed["crpdArticles"], json!([9, 20]));
        propose(&bob, "wonen", json!({ "name": "Zelf wonen", "municipalities": ["GM0599"] })).await.expect(201);
        for (query, found) in [
            ("query=tram", vec!["tram"]),
            ("query=TOEG%20zonder", vec!["tram"]),
            ("query=ram", vec![]),
            ("query=100%25", vec![]),
            ("query=!", vec!["wonen", "tram"]),
            ("municipality=GM0344", vec!["tram"]),
            ("municipality=GM0599", vec!["wonen"]),
            ("municipality=GM9999", vec![]),
            ("theme=openbaar-vervoer", vec!["tram"]),
            ("mine=true", vec!["tram"]),
            ("mine=true&municipality=GM0599", vec![]),
            ("", vec!["wonen", "tram"]),
        ] {
            assert_eq!(slugs(&ann, query).await, found, "{query}");
        }
        app.anonymous().get("/v1/networks?mine=true").await.problem(401, "sign_in_required");
        let wrong = ann.get("/v1/networks?mine=yes&municipality=%2F&theme=!&limit=0").await;
        assert_eq!(wrong.faults(), [
            "?limit limit", "?mine not_allowed", "?municipality municipality_code", "?theme theme",
        ]);
    }

    async fn my_networks_stand_in_the_order_of_the_alphabet_on_either_database(app: &TestApp) {
        let ann = app.member("ann").await;
        for (slug, name) in [
            ("zebra", "Zebrapaden"), ("appel", "appels"), ("aerdt", "Ærdt"), ("eelde", "Éénrichting"),
            ("stad", "de Stad"), ("dak", "Đakovo"), ("bus", "Bus 8"), ("busb", "bus 10"),
        ] {
            propose(&ann, slug, json!({ "name": name })).await.expect(201);
        }
        let home = ann.get("/v1/home").await.expect(200);
        let names: Vec<&Value> = home["networks"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
        // By letters alone, without capitals and accents; a letter that is none of ours comes last.
        let expected =
            ["Ærdt", "appels", "bus 10", "Bus 8", "de Stad", "Éénrichting", "Zebrapaden", "Đakovo"];
        assert_eq!(names, expected);
    }

    async fn a_list_of_networks_goes_on_where_it_ended(app: &TestApp) {
        let ann = app.member("ann").await;
        for number in 1..=5 {
            let private = number == 2;
            let visibility = if private { "hidden" } else { "public" };
            propose(&ann, &format!("net-{number}"), json!({ "visibility": visibility })).await.expect(201);
        }
        let stranger = app.member("bob").await;
        let first = stranger.get("/v1/networks?limit=2&query=halte").await.expect(200);
        assert_eq!(first.each("slug"), ["net-5", "net-4"]);
        let link = first.header("link").to_owned();
        let next = link.trim_start_matches('<').split('>').next().expect("an address").to_owned();
        assert!(next.contains("query=halte") && next.contains("limit=2"), "{link}");
        let second = stranger.get(&next).await.expect(200);
        assert_eq!(second.each("slug"), ["net-3", "net-1"]);
        assert_eq!(second["nextCursor"], Value::Null);
        assert!(!second.headers.contains_key("link"), "{second}");
        assert_eq!(stranger.get("/v1/networks?cursor=net-3").await.faults(), ["?cursor cursor"]);
    }

    async fn a_hidden_network_is_not_there_for_others(app: &TestApp) {
        let (ann, bob, stranger) = (app.member("ann").await, app.member("bob").await, app.member("eve").await);
        let admin = app.admin("ada_admin").await;
        propose(&ann, "stil", json!({ "visibility": "hidden", "municipalities": ["GM0344"] })).await.expect(201);
        let thread = json!({ "title": "Binnen", "body": "Voor ons." });
        let thread = ann.post("/v1/networks/stil/threads", thread).await.expect(201).text("/id");
        for other in [&stranger, &admin] {
            assert_eq!(slugs(other, "").await, [""; 0]);
            assert_eq!(slugs(other, "municipality=GM0344").await, [""; 0]);
            for path in ["threads", "memberships", "memberships/ann"] {
                other.get(&format!("/v1/networks/stil/{path}")).await.problem(404, "not_found");
            }
            join(other, "stil").await.problem(404, "not_found");
            other.patch("/v1/networks/stil", json!({ "name": "Open" })).await.problem(404, "not_found");
            other.get(&format!("/v1/threads/{thread}")).await.problem(404, "not_found");
            other.put(&format!("/v1/threads/{thread}/read-state"), json!({})).await.problem(404, "not_found");
            other.delete(&format!("/v1/threads/{thread}")).await.problem(404, "not_found");
        }
        propose(&stranger, "stil", json!({})).await.problem(409, "slug_taken");
        // Whoever is invited sees that it is there, and what is in it once they joined.
        ann.post("/v1/networks/stil/memberships", json!({ "handle": "bob" })).await.expect(201);
        assert_eq!(slugs(&bob, "").await, ["stil"]);
        bob.get("/v1/networks/stil/threads").await.problem(403, "members_only");
        join(&bob, "stil").await.expect(201);
        assert_eq!(bob.get("/v1/networks/stil/threads").await.expect(200).each("id"), std::slice::from_ref(&thread));
        bob.delete("/v1/networks/stil/memberships/bob").await.expect(204);
        bob.get(&format!("/v1/threads/{thread}")).await.problem(404, "not_found");
        assert_eq!(slugs(&bob, "").await, [""; 0]);
    }

    async fn a_members_network_shows_itself_and_nothing_of_what_is_in_it(app: &TestApp) {
        let (ann, stranger) = (app.member("ann").await, app.member("eve").await);
        propose(&ann, "leden", json!({ "visibility": "members" })).await.expect(201);
        let thread = json!({ "title": "Binnen", "body": "Voor ons." });
        let thread = ann.post("/v1/networks/leden/threads", thread).await.expect(201).text("/id");
        for other in [&stranger, &app.anonymous()] {
            assert_eq!(slugs(other, "").await, ["leden"]);
            other.get("/v1/networks/leden/threads").await.problem(403, "members_only");
            other.get("/v1/networks/leden/memberships").await.problem(403, "members_only");
            for path in ["", "/replies", "/versions"] {
                other.get(&format!("/v1/threads/{thread}{path}")).await.problem(404, "not_found");
            }
        }
        join(&stranger, "leden").await.expect(201);
        stranger.get(&format!("/v1/threads/{thread}")).await.expect(200);
    }

    async fn a_network_that_goes_into_hiding_takes_what_is_in_it_along(app: &TestApp) {
        let (ann, stranger) = (app.member("ann").await, app.member("eve").await);
        propose(&ann, "haltes", json!({})).await.expect(201);
        let thread = json!({ "title": "Perron", "body": "Te laag." });
        let thread = ann.post("/v1/networks/haltes/threads", thread).await.expect(201).text("/id");
        stranger.get(&format!("/v1/threads/{thread}")).await.expect(200);
        ann.patch("/v1/networks/haltes", json!({ "visibility": "hidden" })).await.expect(200);
        stranger.get(&format!("/v1/threads/{thread}")).await.problem(404, "not_found");
        stranger.get("/v1/networks/haltes/threads").await.problem(404, "not_found");
        assert_eq!(listed(&stranger, "haltes").await, Value::Null);
    }

    async fn an_archived_network_loses_nothing_and_takes_nothing(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        propose(&ann, "haltes", json!({})).await.expect(201);
        join(&bob, "haltes").await.expect(201);
        let thread = json!({ "title": "Perron", "body": "Te laag." });
        let thread = bob.post("/v1/networks/haltes/threads", thread.clone()).await.expect(201).text("/id");
        let archived = ann.patch("/v1/networks/haltes", json!({ "archived": true })).await.expect(200);
        assert_eq!(archived["state"], "archived");
        assert!(archived["archivedAt"].is_string(), "{archived}");
        let path = format!("/v1/threads/{thread}");
        app.anonymous().get(&path).await.expect(200);
        assert_eq!(slugs(&app.anonymous(), "").await, ["haltes"]);
        let post = json!({ "title": "Nog een", "body": "Te laat." });
        bob.post("/v1/networks/haltes/threads", post).await.problem(403, "network_archived");
        bob.post(&format!("{path}/replies"), json!({ "body": "Te laat." })).await.problem(403, "network_archived");
        bob.patch(&path, json!({ "body": "Anders." })).await.problem(403, "network_archived");
        bob.delete(&path).await.problem(403, "network_archived");
        bob.call("PUT", &format!("{path}/reactions/thanks")).await.problem(403, "network_archived");
        join(&app.member("carla").await, "haltes").await.problem(403, "network_archived");
        ann.patch("/v1/networks/haltes", json!({ "name": "Anders" })).await.problem(403, "network_archived");
        // Nobody is kept in it, and it can be opened again.
        bob.delete("/v1/networks/haltes/memberships/bob").await.expect(204);
        ann.patch("/v1/networks/haltes", json!({ "archived": false, "name": "Haltes" })).await.expect(200);
        join(&bob, "haltes").await.expect(201);
        bob.patch(&path, json!({ "body": "Anders." })).await.expect(200);
        propose(&bob, "haltes", json!({})).await.problem(409, "slug_taken");
    }

    async fn coordinators_change_a_network_and_nobody_overwrites_another(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let proposed = propose(&ann, "haltes", json!({})).await.expect(201);
        join(&bob, "haltes").await.expect(201);
        bob.patch("/v1/networks/haltes", json!({ "name": "Van mij" })).await.problem(403, "coordinators_only");
        let known = proposed.header("etag");
        let change = json!({ "name": "Haltes", "themes": ["vervoer"], "description": "# Waarom\n\n**Daarom**" });
        let changed = ann.patch("/v1/networks/haltes", change).header("if-match", known).await.expect(200);
        assert_eq!(changed["descriptionHtml"], "<h2>Waarom</h2>\n<p><strong>Daarom</strong></p>\n");
        let stale = ann.patch("/v1/networks/haltes", json!({ "name": "Oud" })).header("if-match", known);
        stale.await.problem(412, "stale");
        let unread = ann.patch("/v1/networks/haltes", json!({ "name": "Oud" })).header("if-match", "nonsense");
        unread.await.problem(412, "stale");
        let kept = listed(&ann, "haltes").await;
        assert_eq!((&kept["name"], &kept["themes"]), (&json!("Haltes"), &json!(["vervoer"])));
        let cleared = ann.patch("/v1/networks/haltes", json!({ "themes": [] })).await.expect(200);
        assert_eq!((&cleared["themes"], &cleared["name"]), (&json!([]), &json!("Haltes")));
        assert_eq!(slugs(&ann, "theme=vervoer").await, [""; 0]);
    }

    async fn a_proposal_names_every_fault_at_once(app: &TestApp) {
        let ann = app.member("ann").await;
        let wrong = json!({
            "slug": "Haltes!", "name": "H", "description": " ", "visibility": "secret", "joinPolicy": 5,
            "language": "nederlands", "municipalities": ["GM 0344"], "themes": ["bus", "tram", "trein", "!"], "crpdArticles": [51],
            "documentsEditedBy": "cats", "seekingPeople": "yes", "ledByExperts": null, "owner": "ann",
        });
        assert_eq!(ann.post("/v1/networks", wrong).await.faults(), [
            "/crpdArticles/0 article",
            "/description empty",
            "/documentsEditedBy not_allowed",
            "/joinPolicy wrong_type",
            "/language language",
            "/municipalities/0 municipality_code",
            "/name too_short",
            "/owner unknown_field",
            "/seekingPeople wrong_type",
            "/slug slug",
            "/themes/3 theme",
            "/visibility not_allowed",
        ]);
        let unknown = propose(&ann, "haltes", json!({ "municipalities": ["GM9999"] })).await;
        assert_eq!(unknown.faults(), ["/municipalities unknown_municipality"]);
        let many: Vec<String> = (0..51).map(|number| format!("GM{number:04}")).collect();
        let many = propose(&ann, "haltes", json!({ "municipalities": many, "themes": vec!["tram"; 9] })).await;
        assert_eq!(many.faults(), ["/municipalities too_many_items", "/themes too_many_items"]);
    }

    async fn a_proposal_that_is_sent_twice_is_one(app: &TestApp) {
        let ann = app.member("ann").await;
        let send = async |name: &str| {
            let network = json!({ "slug": "haltes", "name": name, "description": "Voor iedereen." });
            ann.post("/v1/networks", network).header("idempotency-key", "een").await
        };
        let first = send("Haltes").await.expect(201);
        let again = send("Haltes").await.expect(201);
        assert_eq!((&again.json, again.header("idempotency-replayed")), (&first.json, "true"));
        assert_eq!((again.header("location"), again.header("etag")), (first.header("location"), first.header("etag")));
        send("Trams").await.problem(409, "idempotency_key_reused");
        // Another's key is another key.
        let bob = app.member("bob").await;
        let network = json!({ "slug": "trams", "name": "Trams", "description": "Voor iedereen." });
        bob.post("/v1/networks", network).header("idempotency-key", "een").await.expect(201);
        app.pass(chrono::Duration::hours(24));
        let ann = app.anonymous().sign_in("ann", crate::harness::app::PASSWORD).await;
        let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen." });
        let late = ann.post("/v1/networks", network).header("idempotency-key", "een");
        late.await.problem(409, "slug_taken");
    }

    async fn two_who_propose_the_same_address_at_once_get_one_network(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let (one, other) = tokio::join!(propose(&ann, "haltes", json!({})), propose(&bob, "haltes", json!({})));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [201, 409], "{one}\n{other}");
    }
}
