//! Who belongs to a network and how: joining, inviting, roles, what members show of themselves, leaving.

use serde_json::{Value, json};

use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Client, Response, TestApp};

const MEMBERSHIPS: &str = "/v1/networks/haltes/memberships";

/// The network `haltes` of ann, who coordinates it.
async fn network(app: &TestApp, settings: Value) -> Client {
    let ann = app.member("ann").await;
    let mut network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen." });
    for (key, value) in settings.as_object().into_iter().flatten() {
        network[key] = value.clone();
    }
    ann.post("/v1/networks", network).await.expect(201);
    ann
}

async fn join(who: &Client) -> Response {
    who.post(MEMBERSHIPS, json!({})).await
}

async fn invite(who: &Client, handle: &str, role: &str) -> Response {
    who.post(MEMBERSHIPS, json!({ "handle": handle, "role": role })).await
}

async fn change(who: &Client, handle: &str, change: Value) -> Response {
    who.patch(&format!("{MEMBERSHIPS}/{handle}"), change).await
}

async fn end(who: &Client, handle: &str) -> Response {
    who.delete(&format!("{MEMBERSHIPS}/{handle}")).await
}

/// Handles of the members in a state, as somebody sees them.
async fn members(who: &Client, state: &str) -> Vec<String> {
    let list = who.get(&format!("{MEMBERSHIPS}?state={state}")).await.expect(200);
    list.each("person")
        .iter()
        .map(|person| person["handle"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// The network as everyone's list shows it.
async fn shown(app: &TestApp) -> Value {
    app.anonymous().get("/v1/networks").await.expect(200)["items"][0].clone()
}

both! {
    async fn an_open_network_is_joined_at_once_left_and_joined_again(app: &TestApp) {
        let ann = network(app, json!({})).await;
        let bob = app.member("bob").await;
        let joined = join(&bob).await.expect(201);
        assert_eq!((&joined["state"], &joined["role"]), (&json!("active"), &json!("member")));
        assert_eq!(joined.header("location"), format!("{MEMBERSHIPS}/bob"));
        join(&bob).await.problem(409, "already_member");
        assert_eq!(members(&ann, "active").await, ["ann", "bob"]);
        end(&bob, "bob").await.expect(204);
        end(&bob, "bob").await.problem(404, "not_found");
        assert_eq!(shown(app).await["memberCount"], 1);
        bob.get(MEMBERSHIPS).await.problem(403, "members_only");
        join(&bob).await.expect(201);
        assert_eq!(shown(app).await["memberCount"], 2);
    }

    async fn where_joining_is_on_request_a_coordinator_decides(app: &TestApp) {
        let ann = network(app, json!({ "joinPolicy": "request" })).await;
        let (bob, carla) = (app.member("bob").await, app.member("carla").await);
        let asked = bob.post(MEMBERSHIPS, json!({ "message": "Ik rijd zelf in een rolstoel." })).await.expect(201);
        assert_eq!(asked["state"], "requested");
        join(&bob).await.problem(409, "already_requested");
        carla.post(MEMBERSHIPS, json!({ "message": "Ik ook." })).await.expect(201);
        let waiting = ann.get(&format!("{MEMBERSHIPS}?state=requested")).await.expect(200);
        assert_eq!(waiting.each("message"), ["Ik rijd zelf in een rolstoel.", "Ik ook."]);
        bob.get(&format!("{MEMBERSHIPS}?state=requested")).await.problem(403, "members_only");
        change(&bob, "bob", json!({ "state": "active" })).await.problem(403, "coordinators_only");
        let accepted = change(&ann, "bob", json!({ "state": "active" })).await.expect(200);
        assert_eq!((&accepted["state"], &accepted["coFounder"]), (&json!("active"), &json!(true)));
        let refused = change(&ann, "carla", json!({ "state": "refused" })).await.expect(200);
        assert_eq!((&refused["state"], &refused["message"]), (&json!("refused"), &json!("")));
        change(&ann, "carla", json!({ "state": "active" })).await.problem(409, "not_waiting");
        carla.get(MEMBERSHIPS).await.problem(403, "members_only");
        // Refused is not barred.
        assert_eq!(join(&carla).await.expect(201)["state"], "requested");
        end(&carla, "carla").await.expect(204);
        assert_eq!(members(&ann, "requested").await, [""; 0]);
    }

    async fn what_is_written_with_a_request_is_for_coordinators_alone(app: &TestApp) {
        let ann = network(app, json!({ "joinPolicy": "request" })).await;
        let (bob, carla) = (app.member("bob").await, app.member("carla").await);
        for (who, handle) in [(&bob, "bob"), (&carla, "carla")] {
            who.post(MEMBERSHIPS, json!({ "message": "Ik heb MS." })).await.expect(201);
            change(&ann, handle, json!({ "state": "active" })).await.expect(200);
        }
        let path = format!("{MEMBERSHIPS}/bob");
        assert_eq!(ann.get(&path).await.expect(200)["message"], "Ik heb MS.");
        assert_eq!(bob.get(&path).await.expect(200)["message"], "Ik heb MS.");
        assert_eq!(carla.get(&path).await.expect(200)["message"], "");
        assert_eq!(carla.get(MEMBERSHIPS).await.expect(200).each("message"), ["", "", "Ik heb MS."]);
    }

    async fn who_asks_and_is_invited_is_in(app: &TestApp) {
        let ann = network(app, json!({ "joinPolicy": "request" })).await;
        join(&app.member("bob").await).await.expect(201);
        assert_eq!(invite(&ann, "bob", "member").await.expect(201)["state"], "active");
    }

    async fn what_would_be_passed_over_is_named(app: &TestApp) {
        let ann = network(app, json!({})).await;
        let bob = app.member("bob").await;
        let role = bob.post(MEMBERSHIPS, json!({ "role": "coordinator" })).await;
        assert_eq!(role.faults(), ["/role needs_handle"]);
        let own = json!({
            "handle": "bob", "message": "Kom erbij", "capacity": "relative", "organisation": "Ieder(in)",
            "expertByExperience": true,
        });
        assert_eq!(ann.post(MEMBERSHIPS, own).await.faults(), [
            "/capacity own_only", "/expertByExperience own_only", "/message own_only", "/organisation own_only",
        ]);
    }

    async fn by_invitation_one_joins_in_the_role_one_was_invited_to(app: &TestApp) {
        let ann = network(app, json!({ "joinPolicy": "invitation" })).await;
        let bob = app.member("bob").await;
        join(&bob).await.problem(403, "invitation_needed");
        let invited = invite(&ann, "bob", "facilitator").await.expect(201);
        assert_eq!((&invited["state"], &invited["role"]), (&json!("invited"), &json!("facilitator")));
        assert_eq!(members(&ann, "active").await, ["ann"], "an invitation is no membership");
        let joined = join(&bob).await.expect(201);
        assert_eq!((&joined["state"], &joined["role"]), (&json!("active"), &json!("facilitator")));
        invite(&ann, "bob", "member").await.problem(409, "already_member");
        for nobody in ["nobody", "ann_2"] {
            assert_eq!(invite(&ann, nobody, "member").await.faults(), ["/handle unknown_person"]);
        }
    }

    async fn an_invitation_can_be_declined_and_taken_back_and_bars_nobody(app: &TestApp) {
        let ann = network(app, json!({ "visibility": "hidden" })).await;
        let bob = app.member("bob").await;
        invite(&ann, "bob", "member").await.expect(201);
        end(&bob, "bob").await.expect(204);
        join(&bob).await.problem(404, "not_found");
        invite(&ann, "bob", "member").await.expect(201);
        end(&ann, "bob").await.expect(204);
        join(&bob).await.problem(404, "not_found");
        ann.patch("/v1/networks/haltes", json!({ "visibility": "public" })).await.expect(200);
        join(&bob).await.expect(201);
    }

    async fn a_request_that_a_coordinator_removes_bars_nobody(app: &TestApp) {
        let ann = network(app, json!({ "joinPolicy": "request" })).await;
        let bob = app.member("bob").await;
        join(&bob).await.expect(201);
        end(&ann, "bob").await.expect(204);
        assert_eq!(join(&bob).await.expect(201)["state"], "requested");
    }

    async fn members_invite_members_where_anyone_may_join(app: &TestApp) {
        let ann = network(app, json!({})).await;
        let bob = app.member("bob").await;
        app.member("carla").await;
        app.member("dirk").await;
        join(&bob).await.expect(201);
        invite(&bob, "carla", "member").await.expect(201);
        invite(&bob, "dirk", "coordinator").await.problem(403, "coordinators_only");
        // What a coordinator offered a member cannot make less.
        invite(&ann, "dirk", "coordinator").await.expect(201);
        assert_eq!(invite(&bob, "dirk", "member").await.expect(201)["role"], "coordinator");
        ann.patch("/v1/networks/haltes", json!({ "joinPolicy": "request" })).await.expect(200);
        invite(&bob, "carla", "member").await.problem(403, "coordinators_only");
    }

    async fn who_was_removed_comes_back_only_by_a_coordinator(app: &TestApp) {
        let ann = network(app, json!({})).await;
        let (bob, carla) = (app.member("bob").await, app.member("carla").await);
        join(&bob).await.expect(201);
        join(&carla).await.expect(201);
        end(&bob, "carla").await.problem(403, "coordinators_only");
        end(&ann, "carla").await.expect(204);
        join(&carla).await.problem(403, "removed_from_network");
        invite(&bob, "carla", "member").await.problem(403, "coordinators_only");
        invite(&ann, "carla", "member").await.expect(201);
        join(&carla).await.expect(201);
    }

    async fn a_member_shows_in_which_capacity_they_take_part(app: &TestApp) {
        let ann = network(app, json!({})).await;
        let bob = app.member("bob").await;
        let joined = bob.post(MEMBERSHIPS, json!({ "capacity": "official", "organisation": "Gemeente Utrecht" }));
        let person = joined.await.expect(201)["person"].clone();
        assert_eq!((&person["capacity"], &person["organisation"]), (&json!("official"), &json!("Gemeente Utrecht")));
        let thread = json!({ "title": "Perron", "body": "Te laag." });
        let thread = bob.post("/v1/networks/haltes/threads", thread).await.expect(201);
        let author = async || app.anonymous().get(thread.header("location")).await.expect(200)["author"].clone();
        assert_eq!(author().await["organisation"], "Gemeente Utrecht");
        let alone = change(&bob, "bob", json!({ "capacity": null })).await;
        assert_eq!(alone.faults(), ["/capacity needs_capacity"]);
        change(&bob, "bob", json!({ "capacity": "relative", "organisation": null })).await.expect(200);
        assert_eq!(author().await["capacity"], "relative");
        change(&ann, "bob", json!({ "capacity": "official" })).await.problem(403, "own_membership_only");
        let wrong = json!({ "capacity": "king", "organisation": " ", "role": null, "state": "left", "handle": "bob" });
        assert_eq!(change(&bob, "bob", wrong).await.faults(), [
            "/capacity not_allowed", "/handle unknown_field", "/organisation empty", "/role not_null",
            "/state not_allowed",
        ]);
        end(&bob, "bob").await.expect(204);
        let left = author().await;
        assert_eq!((&left["capacity"], &left["role"]), (&Value::Null, &Value::Null), "who left shows nothing here");
    }

    async fn expert_by_experience_shows_in_one_network_by_choice_and_nowhere_else(app: &TestApp) {
        let ann = network(app, json!({})).await;
        let other = json!({ "slug": "trams", "name": "Trams", "description": "Voor iedereen." });
        ann.post("/v1/networks", other).await.expect(201);
        let show = json!({ "expertByExperience": true });
        change(&ann, "ann", show.clone()).await.problem(403, "not_expert_by_experience");
        ann.patch("/v1/account", show.clone()).await.expect(200);
        let mut threads = Vec::new();
        for network in ["haltes", "trams"] {
            let thread = json!({ "title": "Perron", "body": "Te laag." });
            let thread = ann.post(&format!("/v1/networks/{network}/threads"), thread).await.expect(201);
            threads.push(thread.header("location").to_owned());
        }
        let shows = async |path: &str| {
            app.anonymous().get(path).await.expect(200)["author"]["expertByExperience"].clone()
        };
        assert_eq!(shows(&threads[0]).await, false, "saying so in the account shows nothing");
        change(&ann, "ann", show).await.expect(200);
        assert_eq!((shows(&threads[0]).await, shows(&threads[1]).await), (json!(true), json!(false)));
        let bob = app.member("bob").await;
        for network in ["haltes", "trams"] {
            bob.post(&format!("/v1/networks/{network}/memberships"), json!({})).await.expect(201);
        }
        let there = bob.get("/v1/networks/trams/memberships/ann").await.expect(200);
        assert_eq!(there["person"]["expertByExperience"], false);
        assert!(!bob.get("/v1/persons/ann").await.expect(200).body().contains("xpert"));
        // Hidden again, it is hidden at once, also for those who have a copy.
        let etag = app.anonymous().get(&threads[0]).await.expect(200).header("etag").to_owned();
        app.anonymous().get(&threads[0]).header("if-none-match", &etag).await.expect(304);
        change(&ann, "ann", json!({ "expertByExperience": false })).await.expect(200);
        let again = app.anonymous().get(&threads[0]).header("if-none-match", &etag).await.expect(200);
        assert_eq!(again["author"]["expertByExperience"], false);
    }

    async fn a_network_that_opens_shows_nobodys_experience_to_the_wider_circle(app: &TestApp) {
        for (handle, before, after, kept) in [
            ("ann", "hidden", "members", false),
            ("bob", "members", "public", false),
            ("carla", "hidden", "public", false),
            ("dirk", "public", "hidden", true),
        ] {
            let who = app.member(handle).await;
            let network = json!({
                "slug": format!("haltes-{handle}"), "name": "Haltes", "description": "Voor ons.", "visibility": before,
            });
            let network = who.post("/v1/networks", network).await.expect(201);
            who.patch("/v1/account", json!({ "expertByExperience": true })).await.expect(200);
            let own = format!("{}/memberships/{handle}", network.header("location"));
            who.patch(&own, json!({ "expertByExperience": true })).await.expect(200);
            who.patch(network.header("location"), json!({ "name": "Halten" })).await.expect(200);
            let shown = async || who.get(&own).await.expect(200)["person"]["expertByExperience"].clone();
            assert_eq!(shown().await, true, "a new name opens nothing");
            who.patch(network.header("location"), json!({ "visibility": after })).await.expect(200);
            assert_eq!(shown().await, kept, "{before} to {after}");
        }
    }

    async fn who_no_longer_says_so_in_their_account_shows_it_in_no_network(app: &TestApp) {
        let ann = network(app, json!({})).await;
        ann.patch("/v1/account", json!({ "expertByExperience": true })).await.expect(200);
        change(&ann, "ann", json!({ "expertByExperience": true })).await.expect(200);
        ann.patch("/v1/account", json!({ "expertByExperience": false })).await.expect(200);
        app.settle().await;
        let shown = ann.get(&format!("{MEMBERSHIPS}/ann")).await.expect(200);
        assert_eq!(shown["person"]["expertByExperience"], false);
        ann.patch("/v1/account", json!({ "expertByExperience": true })).await.expect(200);
        app.settle().await;
        let shown = ann.get(&format!("{MEMBERSHIPS}/ann")).await.expect(200);
        assert_eq!(shown["person"]["expertByExperience"], false, "shown only by a new choice");
    }

    async fn who_comes_back_shows_their_experience_only_by_a_new_choice(app: &TestApp) {
        network(app, json!({})).await;
        let bob = app.member("bob").await;
        bob.patch("/v1/account", json!({ "expertByExperience": true })).await.expect(200);
        bob.post(MEMBERSHIPS, json!({ "expertByExperience": true })).await.expect(201);
        end(&bob, "bob").await.expect(204);
        assert_eq!(join(&bob).await.expect(201)["person"]["expertByExperience"], false);
    }

    async fn names_of_members_are_for_members(app: &TestApp) {
        let ann = network(app, json!({})).await;
        let stranger = app.member("eve").await;
        for other in [&stranger, &app.anonymous()] {
            other.get(MEMBERSHIPS).await.problem(403, "members_only");
            other.get(&format!("{MEMBERSHIPS}/ann")).await.problem(403, "members_only");
        }
        ann.get(&format!("{MEMBERSHIPS}/eve")).await.problem(404, "not_found");
        stranger.get(&format!("{MEMBERSHIPS}/eve")).await.problem(404, "not_found");
        let wrong = ann.get(&format!("{MEMBERSHIPS}?state=everyone&limit=0&cursor=1")).await;
        assert_eq!(wrong.faults(), ["?cursor cursor", "?limit limit", "?state not_allowed"]);
    }

    async fn a_list_of_members_goes_on_where_it_ended(app: &TestApp) {
        let ann = network(app, json!({})).await;
        for handle in ["bob", "carla", "dirk"] {
            join(&app.member(handle).await).await.expect(201);
        }
        let first = ann.get(&format!("{MEMBERSHIPS}?limit=3")).await.expect(200);
        assert_eq!(first.each("coFounder").len(), 3);
        let next = format!("{MEMBERSHIPS}?limit=3&cursor={}", first.text("/nextCursor"));
        let second = ann.get(&next).await.expect(200);
        assert_eq!(second["items"][0]["person"]["handle"], "dirk");
        assert_eq!(second["nextCursor"], Value::Null);
    }

    async fn a_coordinator_gives_roles_and_the_last_one_stays(app: &TestApp) {
        let ann = network(app, json!({})).await;
        let bob = app.member("bob").await;
        join(&bob).await.expect(201);
        change(&bob, "bob", json!({ "role": "coordinator" })).await.problem(403, "coordinators_only");
        end(&ann, "ann").await.problem(409, "last_coordinator");
        change(&ann, "ann", json!({ "role": "member" })).await.problem(409, "last_coordinator");
        assert_eq!(change(&ann, "bob", json!({ "role": "coordinator" })).await.expect(200)["role"], "coordinator");
        end(&ann, "ann").await.expect(204);
        assert_eq!(shown(app).await["withoutCoordinator"], false);
        end(&bob, "bob").await.expect(204);
        assert_eq!(shown(app).await["memberCount"], 0, "who is alone may go");
    }

    async fn closing_an_account_is_never_refused_and_members_choose_a_new_coordinator(app: &TestApp) {
        let ann = network(app, json!({})).await;
        let mut people = Vec::new();
        for handle in ["bob", "carla", "dirk", "eva", "fred"] {
            let person = app.member(handle).await;
            join(&person).await.expect(201);
            people.push(person);
        }
        let choose = async |who: &Client, handle: &str| {
            who.put("/v1/networks/haltes/coordinator-choice", json!({ "handle": handle })).await
        };
        choose(&people[0], "bob").await.problem(409, "has_coordinator");
        ann.delete("/v1/account").await.expect(204);
        app.settle().await;
        let left = shown(app).await;
        assert_eq!((&left["withoutCoordinator"], &left["memberCount"]), (&json!(true), &json!(5)));
        // It works on meanwhile.
        let thread = json!({ "title": "Wie wil?", "body": "Wij zoeken iemand." });
        people[0].post("/v1/networks/haltes/threads", thread).await.expect(201);
        assert_eq!(choose(&people[0], "nobody").await.faults(), ["/handle unknown_person"]);
        app.member("gert").await;
        assert_eq!(choose(&people[0], "gert").await.faults(), ["/handle unknown_person"], "a member");
        for voter in &people[..2] {
            assert_eq!(choose(voter, "carla").await.expect(200)["decided"], false);
        }
        assert_eq!(choose(&people[1], "bob").await.expect(200)["decided"], false, "a new choice replaces the old");
        assert_eq!(choose(&people[1], "carla").await.expect(200)["decided"], false);
        assert_eq!(choose(&people[2], "carla").await.expect(200)["decided"], true);
        assert_eq!(shown(app).await["withoutCoordinator"], false);
        change(&people[1], "bob", json!({ "role": "facilitator" })).await.expect(200);
        choose(&people[0], "bob").await.problem(409, "has_coordinator");
    }

    async fn who_has_left_has_no_say_in_who_coordinates(app: &TestApp) {
        let ann = network(app, json!({})).await;
        let mut people = Vec::new();
        for handle in ["bob", "carla", "dirk", "eva", "fred"] {
            let person = app.member(handle).await;
            join(&person).await.expect(201);
            people.push(person);
        }
        ann.delete("/v1/account").await.expect(204);
        app.settle().await;
        let path = "/v1/networks/haltes/coordinator-choice";
        for (voter, decided) in [(&people[3], false), (&people[4], false)] {
            assert_eq!(voter.put(path, json!({ "handle": "bob" })).await.expect(200)["decided"], decided);
        }
        end(&people[3], "eva").await.expect(204);
        end(&people[4], "fred").await.expect(204);
        let alone = people[0].put(path, json!({ "handle": "bob" })).await.expect(200);
        assert_eq!(alone["decided"], false, "one of three is no half");
        assert_eq!(people[1].put(path, json!({ "handle": "bob" })).await.expect(200)["decided"], true);
    }

    async fn who_joins_a_network_after_it_lost_its_coordinator_has_no_say_in_the_next(app: &TestApp) {
        let ann = network(app, json!({})).await;
        let (bob, carla) = (app.member("bob").await, app.member("carla").await);
        join(&bob).await.expect(201);
        join(&carla).await.expect(201);
        ann.delete("/v1/account").await.expect(204);
        app.settle().await;
        app.pass(chrono::Duration::minutes(1));
        let choose = async |who: &Client, handle: &str| {
            who.put("/v1/networks/haltes/coordinator-choice", json!({ "handle": handle })).await
        };
        for handle in ["eve_one", "eve_two", "eve_three"] {
            let eve = app.member(handle).await;
            join(&eve).await.expect(201);
            choose(&eve, "eve_one").await.problem(403, "joined_later");
        }
        // Newcomers make it no harder for those who stayed, either.
        assert_eq!(choose(&bob, "bob").await.expect(200)["decided"], true);
        choose(&carla, "carla").await.problem(409, "has_coordinator");
    }

    async fn the_instance_may_appoint_an_interim_coordinator_where_there_is_none(app: &TestApp) {
        let ann = network(app, json!({ "visibility": "hidden" })).await;
        let (bob, admin) = (app.member("bob").await, app.admin("ada_admin").await);
        invite(&ann, "bob", "member").await.expect(201);
        join(&bob).await.expect(201);
        let appoint = async |who: &Client, handle: &str| {
            who.put("/v1/networks/haltes/interim-coordinator", json!({ "handle": handle })).await
        };
        appoint(&admin, "bob").await.problem(409, "has_coordinator");
        ann.delete("/v1/account").await.expect(204);
        app.settle().await;
        appoint(&bob, "bob").await.problem(403, "admin_only");
        assert_eq!(appoint(&admin, "ada_admin").await.faults(), ["/handle unknown_person"], "one of the members");
        appoint(&admin, "bob").await.expect(204);
        assert_eq!(bob.get(&format!("{MEMBERSHIPS}/bob")).await.expect(200)["role"], "coordinator");
        admin.get("/v1/networks/haltes/threads").await.problem(404, "not_found");
    }

    async fn a_closed_account_asks_for_nothing_and_shows_nothing_any_more(app: &TestApp) {
        let ann = network(app, json!({ "joinPolicy": "request" })).await;
        let (bob, carla) = (app.member("bob").await, app.member("carla").await);
        bob.post(MEMBERSHIPS, json!({ "message": "Ik heb MS.", "capacity": "relative" })).await.expect(201);
        invite(&ann, "carla", "member").await.expect(201);
        bob.delete("/v1/account").await.expect(204);
        carla.delete("/v1/account").await.expect(204);
        app.settle().await;
        assert_eq!(members(&ann, "requested").await, [""; 0]);
        assert_eq!(members(&ann, "invited").await, [""; 0]);
        change(&ann, "bob", json!({ "state": "active" })).await.problem(409, "not_waiting");
        let gone = ann.get(&format!("{MEMBERSHIPS}/bob")).await.expect(200);
        assert_eq!((&gone["message"], &gone["person"]["capacity"]), (&json!(""), &Value::Null));
        assert_eq!(invite(&ann, "bob", "member").await.faults(), ["/handle unknown_person"]);
    }

    async fn what_a_closed_account_wrote_stays_under_its_handle(app: &TestApp) {
        network(app, json!({})).await;
        let bob = app.member("bob").await;
        join(&bob).await.expect(201);
        let thread = json!({ "title": "Perron", "body": "Te laag." });
        let thread = bob.post("/v1/networks/haltes/threads", thread).await.expect(201);
        bob.delete("/v1/account").await.expect(204);
        app.settle().await;
        let kept = app.anonymous().get(thread.header("location")).await.expect(200);
        let author = &kept["author"];
        assert_eq!((&kept["body"], &author["handle"]), (&json!("Te laag."), &json!("bob")));
        assert_eq!((&author["displayName"], &author["closed"]), (&json!("bob"), &json!(true)));
        app.anonymous()
            .post("/v1/sessions", json!({ "login": "bob", "password": PASSWORD }))
            .await
            .problem(401, "wrong_credentials");
    }
}
