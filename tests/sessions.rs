//! Sessions: signing in, staying signed in, signing out.

use chrono::Duration;
use serde_json::json;

use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Client, Response, TestApp};

async fn refresh(client: &Client) -> Response {
    client.post("/v1/sessions/_refresh", json!({ "refreshToken": client.refresh })).await
}

both! {
    async fn a_handle_or_an_address_signs_in_in_any_spelling(app: &TestApp) {
        app.member("ann").await;
        for login in ["ann", "ANN", "@ann", " ann ", "ann@example.org", "Ann@EXAMPLE.org"] {
            app.anonymous().sign_in(login, PASSWORD).await;
        }
    }

    async fn an_access_token_lasts_fifteen_minutes_and_is_refreshed(app: &TestApp) {
        let ann = app.member("ann").await;
        app.pass(Duration::seconds(899));
        ann.get("/v1/account").await.expect(200);
        app.pass(Duration::seconds(1));
        ann.get("/v1/account").await.problem(401, "token_expired");
        let ann = ann.with_tokens(&refresh(&ann).await.expect(200));
        ann.get("/v1/account").await.expect(200);
    }

    async fn a_second_tab_gets_the_same_successor_within_a_minute(app: &TestApp) {
        let ann = app.member("ann").await;
        let first = refresh(&ann).await.expect(200);
        app.pass(Duration::seconds(60));
        let second = refresh(&ann).await.expect(200);
        assert_eq!(first["refreshToken"], second["refreshToken"]);
        let next = ann.with_tokens(&second);
        refresh(&next).await.expect(200);
    }

    async fn a_refresh_token_used_again_later_ends_its_whole_family(app: &TestApp) {
        let ann = app.member("ann").await;
        let other = app.anonymous().sign_in("ann", PASSWORD).await;
        let successor = ann.with_tokens(&refresh(&ann).await.expect(200));
        app.pass(Duration::seconds(61));
        refresh(&ann).await.problem(401, "refresh_token_invalid");
        refresh(&successor).await.problem(401, "refresh_token_invalid");
        successor.get("/v1/account").await.problem(401, "token_invalid");
        other.get("/v1/account").await.expect(200);
    }

    async fn a_session_that_nobody_uses_for_thirty_days_is_over(app: &TestApp) {
        let (used, idle) = (app.member("ann").await, app.anonymous().sign_in("ann", PASSWORD).await);
        app.pass(Duration::days(20));
        let used = used.with_tokens(&refresh(&used).await.expect(200));
        app.pass(Duration::days(10));
        refresh(&idle).await.problem(401, "refresh_token_invalid");
        refresh(&used).await.expect(200);
    }

    async fn what_is_no_refresh_token_refreshes_nothing(app: &TestApp) {
        let ann = app.member("ann").await;
        let sent = json!({ "refreshToken": ann.access.as_deref().map(|token| &token[..40]) });
        ann.post("/v1/sessions/_refresh", sent).await.problem(401, "refresh_token_invalid");
    }

    async fn people_see_their_own_sessions_newest_first(app: &TestApp) {
        let ann = app.member("ann").await;
        let credentials = json!({ "login": "ann", "password": PASSWORD });
        let opened = app.anonymous().post("/v1/sessions", credentials).header("user-agent", "Piet's telefoon");
        let phone = opened.await.expect(201);
        assert_eq!(phone.header("location"), format!("/v1/sessions/{}", phone.text("/session/id")));
        app.member("bob").await;
        let list = ann.get("/v1/sessions").await.expect(200);
        assert_eq!(list.each("id"), [phone["session"]["id"].clone(), json!(ann.session)]);
        assert_eq!(list.each("current"), [false, true]);
        assert_eq!(list["items"][0]["device"], "Piet's telefoon");
    }

    async fn an_ended_session_is_over_at_once(app: &TestApp) {
        let ann = app.member("ann").await;
        let phone = app.anonymous().sign_in("ann", PASSWORD).await;
        let path = format!("/v1/sessions/{}", phone.session.as_deref().unwrap());
        ann.delete(&path).await.expect(204);
        phone.get("/v1/account").await.problem(401, "token_invalid");
        refresh(&phone).await.problem(401, "refresh_token_invalid");
        ann.delete(&path).await.expect(204);
        ann.get("/v1/account").await.expect(200);
    }

    async fn nobody_ends_the_session_of_another(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let path = format!("/v1/sessions/{}", ann.session.as_deref().unwrap());
        bob.delete(&path).await.problem(404, "not_found");
        bob.delete("/v1/sessions/nonsense").await.problem(404, "not_found");
        ann.get("/v1/account").await.expect(200);
    }

    async fn a_token_of_another_instance_or_nonsense_is_no_token(app: &TestApp) {
        let stranger = TestApp::start().member("ann").await;
        app.member("ann").await;
        let foreign = format!("Bearer {}", stranger.access.unwrap());
        for value in [foreign.as_str(), "Bearer", "Bearer ", "Bearer a.b.c", "Basic YW5uOmFubg==", "ann"] {
            let answer = app.anonymous().get("/v1/account").header("authorization", value).await;
            assert_eq!(answer.problem(401, "token_invalid").header("www-authenticate"), "Bearer");
        }
        app.anonymous().get("/v1/account").await.problem(401, "sign_in_required");
    }

    async fn a_bad_token_is_told_even_where_none_is_needed(app: &TestApp) {
        app.member("ann").await;
        let answer = app.anonymous().get("/v1/persons/ann").header("authorization", "Bearer a.b.c").await;
        answer.problem(401, "token_invalid");
    }

    [|settings| settings.attempts_per_minute = 3]
    async fn who_guesses_too_often_is_told_how_long_to_wait(app: &TestApp) {
        let guess = json!({ "login": "ann", "password": "guessed" });
        for _ in 0..3 {
            app.anonymous().post("/v1/sessions", guess.clone()).await.problem(401, "wrong_credentials");
        }
        let told = app.anonymous().post("/v1/sessions", guess).await.problem(429, "too_many");
        let seconds: u64 = told.header("retry-after").parse().expect("a number");
        assert!((1..=60).contains(&seconds), "{told}");
    }

    async fn the_public_key_is_published_and_names_the_tokens_key(app: &TestApp) {
        let ann = app.member("ann").await;
        let keys = app.anonymous().get("/.well-known/jwks.json").await.expect(200);
        assert_eq!(keys["keys"][0]["crv"], "Ed25519");
        let header = ann.access.as_deref().and_then(|token| token.split('.').next()).unwrap().to_owned();
        let header = base64::Engine::decode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, header).unwrap();
        let header: serde_json::Value = serde_json::from_slice(&header).unwrap();
        assert_eq!(header["kid"], keys["keys"][0]["kid"]);
    }
}
