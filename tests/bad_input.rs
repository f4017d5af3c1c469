//! What cannot be used gets a clear answer, whoever sends it and wherever.

use serde_json::json;

use crate::both;
use crate::harness::TestApp;
use crate::harness::app::PASSWORD;

both! {
    async fn every_fault_of_a_body_comes_at_once(app: &TestApp) {
        let sent = json!({
            "handle": "3 anns", "displayName": " ", "email": "ann", "password": "short", "language": "fr", "admin": true,
        });
        let faults = app.anonymous().post("/v1/accounts", sent).await.faults();
        assert_eq!(faults, [
            "/admin unknown_field",
            "/displayName empty",
            "/email email",
            "/handle handle",
            "/language not_allowed",
            "/password password_short",
        ]);
        let faults = app.anonymous().post("/v1/accounts", json!({ "handle": 5 })).await.faults();
        assert_eq!(faults, ["/displayName required", "/email required", "/handle wrong_type", "/password required"]);
    }

    async fn problems_are_told_in_the_language_of_the_reader(app: &TestApp) {
        let told = async |language: &str| {
            let answer = app.anonymous().post("/v1/accounts", json!({ "handle": "ann" }));
            answer.header("accept-language", language).await.expect(400)
        };
        let dutch = told("nl-NL,nl;q=0.9,en;q=0.8").await;
        assert_eq!(dutch["detail"], "3 velden kunnen zo niet worden opgeslagen. Bij elk veld staat wat er mis is.");
        assert_eq!(dutch["errors"][0]["detail"], "Vul dit in.");
        assert_eq!(dutch.header("content-language"), "nl");
        let english = told("en-GB").await;
        assert_eq!(english["detail"], "3 fields cannot be saved like this. Each says what is wrong.");
        assert_eq!(english["errors"][0]["detail"], "Fill this in.");
        assert_eq!(english.header("content-language"), "en");
        assert_eq!(told("de").await["detail"], dutch["detail"], "the language of the instance for others");
    }

    async fn what_is_no_json_of_utf8_is_malformed(app: &TestApp) {
        let bodies: [&[u8]; 7] =
            [b"", b"{", b"[]", b"\"ann\"", b"{\"login\": \"\xff\xfe\"}", b"{} {}", b"{\"login\": \"a\", \"login\": \"b\"}"];
        for body in bodies {
            let answer = app.anonymous().call("POST", "/v1/sessions").body("application/json", body).await;
            answer.problem(400, "malformed_body");
        }
    }

    async fn what_is_deep_or_long_or_strange_is_malformed_or_named(app: &TestApp) {
        let deep = format!("{{\"login\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        let answer = app.anonymous().call("POST", "/v1/sessions").body("application/json", deep).await;
        answer.problem(400, "malformed_body");
        let lone = app.anonymous().call("POST", "/v1/sessions").body("application/json", r#"{"login": "\ud800"}"#);
        lone.await.problem(400, "malformed_body");
        let ann = app.member("ann").await;
        let sent = json!({ "slug": { "a": 1 }, "name": ["x"], "description": 1e300, "crpdArticles": [1.5], "a/b~c": 1 });
        assert_eq!(ann.post("/v1/networks", sent).await.faults(), [
            "/a~1b~0c unknown_field", "/crpdArticles wrong_type", "/description wrong_type", "/name wrong_type",
            "/slug wrong_type",
        ]);
    }

    async fn bytes_that_are_no_utf8_are_told(app: &TestApp) {
        let answer = app.anonymous().get("/v1/municipalities?query=%ff%fe").await;
        assert_eq!(answer.faults(), ["?query not_utf8"]);
        app.anonymous().get("/v1/persons/%ff").await.problem(404, "not_found");
        let meant = app.anonymous().get("/v1/municipalities?query=%EF%BF%BD").await.expect(200);
        assert_eq!(meant.each("code").len(), 20);
        let header = app.anonymous().get("/v1/account").header("authorization", "Bearer \u{e9}\u{e9}n");
        header.await.problem(401, "token_invalid");
    }

    [|settings| {
        settings.attempts_per_minute = 2;
        settings.trusted_proxies = vec!["127.0.0.1".into(), "10.0.0.0/8".into()];
    }]
    async fn attempts_are_counted_for_who_asks_and_not_for_their_proxy(app: &TestApp) {
        let guess = async |forwarded: &str| {
            let guess = app.anonymous().post("/v1/sessions", json!({ "login": "ann", "password": "guessed" }));
            guess.header("x-forwarded-for", forwarded).await.status
        };
        for (forwarded, status) in [
            ("203.0.113.1", 401),
            ("203.0.113.1", 401),
            ("203.0.113.1", 429),
            // What a visitor wrote in front of their own address helps them nothing.
            ("198.51.100.1, 203.0.113.1", 429),
            ("198.51.100.2, 203.0.113.1:4711", 429),
            ("203.0.113.1, 10.0.0.7", 429),
            ("203.0.113.2", 401),
            // One household has a whole /64.
            ("2001:db8::1", 401),
            ("2001:db8::2", 401),
            ("[2001:db8::3]:4711", 429),
            ("2001:db8:0:1::1", 401),
        ] {
            assert_eq!(guess(forwarded).await, status, "{forwarded}");
        }
    }

    async fn zero_bytes_and_other_unseen_characters_are_refused(app: &TestApp) {
        let sent = json!({
            "handle": "ann", "displayName": "A\u{0}nn", "email": "a\u{0}nn@example.org", "password": "lang genoeg\u{0}",
        });
        let faults = app.anonymous().post("/v1/accounts", sent).await.faults();
        assert_eq!(faults, [
            "/displayName control_characters",
            "/email control_characters",
            "/password control_characters",
        ]);
        let sent = json!({ "login": "ann\u{0}", "password": "\u{0}" });
        assert_eq!(app.anonymous().post("/v1/sessions", sent).await.faults(), ["/login control_characters"]);
        let searched = app.anonymous().get("/v1/municipalities?query=a%00b").await;
        assert_eq!(searched.faults(), ["?query control_characters"]);
        app.anonymous().get("/v1/persons/ann%00").await.problem(404, "not_found");
    }

    async fn a_body_of_ten_megabytes_is_too_large(app: &TestApp) {
        let body = format!("{{\"login\": \"{}\"}}", "a".repeat(10 * 1024 * 1024));
        let answer = app.anonymous().call("POST", "/v1/sessions").body("application/json", body).await;
        answer.problem(413, "too_large");
    }

    async fn a_kind_of_content_that_is_not_taken_is_415(app: &TestApp) {
        for kind in ["text/plain", "application/x-www-form-urlencoded", "application/xml", "nonsense"] {
            let answer = app.anonymous().call("POST", "/v1/sessions").body(kind, "{}").await;
            answer.problem(415, "unsupported_media_type");
        }
        let answer = app.anonymous().call("POST", "/v1/sessions").body("application/json; charset=utf-8", "{}").await;
        answer.problem(400, "invalid");
    }

    async fn a_limit_is_a_number_from_1_to_100(app: &TestApp) {
        for limit in ["-1", "0", "101", "ten", "", "1e2", "99999999999999999999"] {
            let answer = app.anonymous().get(&format!("/v1/municipalities?limit={limit}")).await;
            assert_eq!(answer.faults(), ["?limit limit"], "{limit}");
        }
        let answer = app.anonymous().get("/v1/municipalities?limit=100").await.expect(200);
        assert_eq!(answer.each("code").len(), 100);
    }

    async fn a_broken_cursor_is_told(app: &TestApp) {
        let admin = app.admin("ada_admin").await;
        for cursor in ["nonsense", "", "%F0%9F%92%A5", "zzzzzzzzzzzzz"] {
            let answer = admin.get(&format!("/v1/account-approvals?cursor={cursor}")).await;
            assert_eq!(answer.faults(), ["?cursor cursor"], "{cursor}");
        }
        let answer = app.anonymous().get("/v1/municipalities?cursor=nonsense&limit=0").await;
        assert_eq!(answer.faults(), ["?cursor cursor", "?limit limit"]);
    }

    async fn an_unknown_or_repeated_parameter_is_told(app: &TestApp) {
        let answer = app.anonymous().get("/v1/municipalities?querry=utr").await;
        assert_eq!(answer.faults(), ["?querry unknown_parameter"]);
        let answer = app.anonymous().get("/v1/municipalities?limit=1&limit=2").await;
        assert_eq!(answer.faults(), ["?limit repeated"]);
    }

    async fn an_unknown_path_is_404_and_a_slash_at_the_end_is_unknown(app: &TestApp) {
        for path in ["/v1/nothing", "/v1", "/v1/municipalities/", "/v1//municipalities", "/v1/persons/", "/V1/municipalities"] {
            let answer = app.anonymous().get(path).await;
            assert_eq!(answer.status, 404, "{answer}");
            assert_eq!(answer["code"], "not_found", "{answer}");
        }
        app.anonymous().post("/v1/nothing", json!({})).await.problem(404, "not_found");
    }

    async fn a_method_that_a_path_does_not_know_is_405_and_names_those_it_does(app: &TestApp) {
        let answer = app.anonymous().delete("/v1/municipalities/GM0344").await.problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "GET");
        let answer = app.anonymous().put("/v1/sessions", json!({})).await.problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), "GET, POST");
    }

    async fn lists_go_on_where_they_ended_and_end(app: &TestApp) {
        let mut found = Vec::new();
        let mut next = Some("/v1/municipalities?limit=100".to_owned());
        while let Some(path) = next.take() {
            let page = app.anonymous().get(&path).await.expect(200);
            found.extend(page.each("name").iter().map(|name| name.as_str().unwrap_or_default().to_owned()));
            if !page["nextCursor"].is_null() {
                let link = page.header("link");
                let (link, rel) = link.split_once('>').expect("a link");
                assert_eq!(rel, "; rel=\"next\"");
                next = Some(link.trim_start_matches('<').to_owned());
            }
        }
        assert_eq!(found.len(), 342);
        assert_eq!((found[0].as_str(), found[341].as_str()), ("Aa en Hunze", "Zwolle"));
    }

    async fn every_answer_carries_the_headers_that_keep_browsers_safe(app: &TestApp) {
        for answer in [
            app.anonymous().get("/v1/instance").await.expect(200),
            app.anonymous().get("/v1/nothing").await.expect(404),
            app.anonymous().get("/healthz").await.expect(200),
        ] {
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("x-frame-options"), "DENY");
            assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{answer}");
        }
    }

    async fn a_password_is_at_least_ten_characters_and_at_most_128(app: &TestApp) {
        for (password, fault) in [("123456789", "password_short"), (&"x".repeat(129), "too_long")] {
            let sent = json!({ "handle": "ann", "displayName": "Ann", "email": "a@example.org", "password": password });
            let answer = app.anonymous().post("/v1/accounts", sent).await;
            assert_eq!(answer.faults(), [format!("/password {fault}")]);
        }
        app.member("ann").await;
        let sent = json!({ "login": "ann", "password": format!("{PASSWORD} en meer") });
        app.anonymous().post("/v1/sessions", sent).await.problem(401, "wrong_credentials");
    }

    [|settings| settings.cors_origins = vec!["https://forum.example.org".into()]]
    async fn browsers_of_other_origins_are_let_in_by_list(app: &TestApp) {
        let from = async |origin: &str| {
            app.anonymous().get("/v1/instance").header("origin", origin).await
        };
        let known = from("https://forum.example.org").await.expect(200);
        assert_eq!(known.header("access-control-allow-origin"), "https://forum.example.org");
        let unknown = from("https://elsewhere.example.org").await;
        assert!(!unknown.headers.contains_key("access-control-allow-origin"), "{unknown}");
        let spec = app.anonymous().get("/v1/openapi.json").header("origin", "https://elsewhere.example.org").await;
        assert_eq!(spec.expect(200).header("access-control-allow-origin"), "*");
    }
}
