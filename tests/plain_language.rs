//! Plain language: what a text says in a few sentences, and advice to whoever writes.

use chrono::Duration;
use serde_json::json;

use crate::both;
use crate::harness::TestApp;

both! {
    async fn a_plain_summary_is_read_wherever_its_text_is_told_of(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let network = json!({
            "slug": "halte", "name": "Haltes", "description": "Over de toegankelijkheid van haltevoorzieningen.",
            "plainSummary": "Iedereen moet met de bus kunnen.\nDoe je mee?", "language": "nl",
        });
        let network = ann.post("/v1/networks", network).await.expect(201);
        assert_eq!(network["plainSummary"], "Iedereen moet met de bus kunnen.\nDoe je mee?");
        bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
        let thread = json!({
            "title": "Perronhoogte", "body": "De CROW-richtlijn noemt 18 centimeter.",
            "plainSummary": "De stoep is te laag.",
        });
        let thread = ann.post("/v1/networks/halte/threads", thread).await.expect(201);
        let plan = json!({
            "kind": "plan", "title": "Haltes", "body": "Het college stelt middelen beschikbaar.",
            "plainSummary": "De gemeente betaalt nieuwe haltes.",
        });
        let plan = ann.post("/v1/networks/halte/documents", plan).await.expect(201);
        let (thread_path, plan_path) =
            (format!("/v1/threads/{}", thread.text("/id")), format!("/v1/documents/{}", plan.text("/id")));

        // In lists, in search, on pages and in the digest.
        let screen = bob.get("/v1/networks/halte?include=threads,documents").await.expect(200);
        assert_eq!(screen["threads"]["items"][0]["plainSummary"], "De stoep is te laag.");
        assert_eq!(screen["documents"]["items"][0]["plainSummary"], "De gemeente betaalt nieuwe haltes.");
        for (word, kind) in [("meedoen", "-"), ("stoep", "thread"), ("betaalt", "document")] {
            let found = bob.get(&format!("/v1/search?query={word}")).await.expect(200);
            let kinds = found.each("kind");
            assert_eq!(kinds, if kind == "-" { vec![] } else { vec![json!(kind)] }, "{word}");
        }
        assert_eq!(bob.get("/v1/networks?query=kunnen").await.expect(200).each("slug"), ["halte"]);
        let page = app.anonymous().get(&format!("/documents/{}", plan.text("/id"))).await.expect(200).body();
        assert!(page.contains("In het kort") && page.contains("De gemeente betaalt nieuwe haltes."), "{page}");
        let page = app.anonymous().get("/networks/halte").await.expect(200).body();
        assert!(page.contains("Doe je mee?") && page.contains("De stoep is te laag."), "{page}");
        app.pass(Duration::days(7));
        let mail = app.mail_to("bob@example.org").await;
        assert!(mail.text.contains("De stoep is te laag.") && mail.text.contains("De gemeente betaalt"), "{mail:?}");
        assert!(!mail.text.contains("CROW") && !mail.text.contains("college"), "{mail:?}");

        // It is changed with its text, and history keeps it.
        let ann = app.anonymous().sign_in("ann", crate::harness::app::PASSWORD).await;
        let kept = json!({ "title": "Haltes", "body": "Anders." });
        let second = ann.put(&plan_path, kept).header("if-match", plan.header("etag")).await.expect(200);
        assert_eq!(second["plainSummary"], "De gemeente betaalt nieuwe haltes.", "left out, it stays");
        let cleared = json!({ "title": "Haltes", "body": "Anders.", "plainSummary": null });
        let third = ann.put(&plan_path, cleared).header("if-match", second.header("etag")).await.expect(200);
        assert_eq!((&third["plainSummary"], &third["revision"]), (&json!(null), &json!(3)));
        let differences = ann.get(&format!("{plan_path}/revisions/3/differences")).await.expect(200);
        assert_eq!(differences["plainSummary"], json!([{ "kind": "delete", "text": "De gemeente betaalt nieuwe haltes." }]));
        assert_eq!(differences["blocks"][0]["kind"], "equal");
        let restored = ann.call("POST", &format!("{plan_path}/revisions/1/_restore")).header("if-match", "*").await;
        assert_eq!(restored.expect(200)["plainSummary"], "De gemeente betaalt nieuwe haltes.");
        let revisions = ann.get(&format!("{plan_path}/revisions")).await.expect(200).each("plainSummary");
        assert_eq!(revisions.iter().map(|told| told.is_null()).collect::<Vec<_>>(), [false, true, false, false]);
        let edited = ann.patch(&thread_path, json!({ "plainSummary": null })).await.expect(200);
        assert_eq!(edited["plainSummary"], json!(null));
        let versions = ann.get(&format!("{thread_path}/versions")).await.expect(200);
        assert_eq!(versions.each("plainSummary"), ["De stoep is te laag."]);
        let edited = ann.patch("/v1/networks/halte", json!({ "plainSummary": "Voor de bus." })).await.expect(200);
        assert_eq!(edited["plainSummary"], "Voor de bus.");
        for path in [&thread_path, "/v1/networks/halte"] {
            let faults = ann.patch(path, json!({ "plainSummary": "" })).await.faults();
            assert_eq!(faults, ["/plainSummary empty"]);
            let long = json!({ "plainSummary": "a".repeat(1_001) });
            assert_eq!(ann.patch(path, long).await.faults(), ["/plainSummary too_long"]);
        }
    }

    async fn advice_comes_with_what_is_saved_and_stops_nobody(app: &TestApp) {
        let ann = app.member("ann").await;
        let network = json!({
            "slug": "halte", "name": "Haltes", "description": "Doe mee: [klik hier](https://example.org).", "language": "nl",
        });
        let network = ann.post("/v1/networks", network).header("accept-language", "en").await.expect(201);
        assert!(network.text("/advice/findings/0/sentence").contains("does not say where it leads"), "{network}");
        let change = json!({ "description": "**Haltes**\n\nVoor iedereen." });
        let network = ann.patch("/v1/networks/halte", change).header("if-match", network.header("etag")).await.expect(200);
        assert_eq!(network["advice"]["findings"][0]["code"], "fake_heading");
        assert_eq!(ann.get("/v1/networks/halte").await.expect(200).header("etag"), network.header("etag"));
        let body = "# Plan\n\n### Te diep\n\nVoor meer informatie [klik hier](https://example.org).";
        let expected = json!({
            "code": "skipped_heading", "rule": "1.3.1", "where": { "line": 3, "excerpt": "Te diep" },
            "sentence": "De kop “Te diep” is van niveau 3, maar hierboven staat geen kop van niveau 2. Maak er niveau 2 \
                van. Wie met een schermlezer van kop naar kop springt, denkt anders dat er iets ontbreekt.",
        });
        let check = async |text: &str, language: &str| {
            let check = ann.post("/v1/text-checks", json!({ "text": text, "language": language }));
            check.header("accept-language", "nl").await.expect(200)
        };
        let checked = check(body, "nl").await;
        assert_eq!((&checked["findings"][0], &checked["total"]), (&expected, &json!(2)));
        assert_eq!(checked["findings"][1]["rule"], "2.4.4");
        assert_eq!(checked["figures"]["scores"], json!([]), "too short to say anything");

        let thread = ann
            .post("/v1/networks/halte/threads", json!({ "title": "Plan", "body": body }))
            .header("accept-language", "nl")
            .header("idempotency-key", "een")
            .await
            .expect(201);
        assert_eq!(thread["advice"], checked.json);
        let path = format!("/v1/threads/{}", thread.text("/id"));
        let read = ann.get(&path).await.expect(200);
        assert_eq!((read.json.get("advice"), read.header("etag")), (None, thread.header("etag")));
        let advised = ann.get(&format!("{path}?include=advice")).header("accept-language", "en").await.expect(200);
        assert_eq!(advised["advice"]["total"], 2);
        assert!(advised.text("/advice/findings/1/sentence").contains("does not say where it leads"), "{advised}");
        let better = ann.patch(&path, json!({ "body": "Lees [het plan](https://example.org)." })).await.expect(200);
        assert_eq!(better["advice"]["total"], 0);
        let reply = ann.post(&format!("{path}/replies"), json!({ "body": "**Kop**\n\nTekst." })).await.expect(201);
        assert_eq!(reply["advice"]["findings"][0]["code"], "fake_heading");
        let reply = ann.patch(reply.header("location"), json!({ "body": "Zo!" })).await.expect(200);
        assert_eq!(reply["advice"]["findings"], json!([]));

        // A decorative image of its own needs no text, here or anywhere.
        let png = base64::Engine::decode(
            &base64::engine::general_purpose::STANDARD,
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
        );
        let file = reqwest::multipart::Part::bytes(png.unwrap()).file_name("lijn.png");
        let form = reqwest::multipart::Form::new().text("network", "halte").text("decorative", "true").part("file", file);
        let file = ann.call("POST", "/v1/attachments").form(form).await.expect(201);
        let text = format!("![]({}) ![](https://example.org/foto)\n", file.text("/content"));
        let plan = json!({ "kind": "plan", "title": "P", "body": text, "attachments": [file["id"]] });
        let plan = ann.post("/v1/networks/halte/documents", plan).await.expect(201);
        assert_eq!(plan["advice"]["findings"][0]["where"]["excerpt"], "https://example.org/foto");
        assert_eq!(plan["advice"]["total"], 1);
        let path = format!("/v1/documents/{}", plan.text("/id"));
        let read = ann.get(&format!("{path}?include=advice")).await.expect(200);
        assert_eq!((&read["advice"]["total"], read.json.get("attachments")), (&json!(1), None));
        let words = json!({ "title": "P", "body": "De bus stopt hier niet. ".repeat(12) });
        let saved = ann.put(&path, words).header("if-match", plan.header("etag")).await.expect(200);
        let scores = saved["advice"]["figures"]["scores"].as_array().unwrap().clone();
        assert_eq!((&scores[0]["measure"], &scores[0]["value"]), (&json!("flesch-douma"), &json!(125.2)));
        assert_eq!((&scores[1]["measure"], &scores[1]["ease"]), (&json!("lix"), &json!("very_easy")));
        let restored = ann.call("POST", &format!("{path}/revisions/1/_restore")).header("if-match", "*").await.expect(200);
        assert_eq!(restored["advice"], plan["advice"]);
        let labelled = ann.patch(&path, json!({ "themes": ["vervoer"] })).header("if-match", "*").await.expect(200);
        assert_eq!(labelled["advice"], plan["advice"]);
        let easy = json!({ "kind": "easyRead", "title": "P", "body": "**Kop**\n\nTekst." });
        let easy = ann.post(&format!("{path}/variants"), easy).await.expect(201);
        assert_eq!(easy["advice"]["findings"][0]["code"], "fake_heading");
        let english = check(&"The bus will not stop. ".repeat(12), "en-GB").await;
        assert_eq!(english["figures"]["scores"][0]["measure"], "flesch");

        assert_eq!(ann.post("/v1/text-checks", json!({})).await.faults(), ["/text required"]);
        app.anonymous().post("/v1/text-checks", json!({ "text": "" })).await.problem(401, "sign_in_required");
    }
}
