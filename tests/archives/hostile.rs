//! Archives that were made to do harm, and imports that break off: nothing of them is left. What the format itself
//! refuses is in `backend/archive/tests/`.

use std::cell::Cell;
use std::io::Write as _;

use kring::app::Context;
use kring::archives::{Direct, Steps, Wish, import};
use kring::error::Error;
use kring::networks::policy::operator_may_import;
use kring_archive::{FORMAT, Manifest, Moment, VERSION, Writer};
use kring_db::Tx;

use super::*;

const AT: &str = "2026-11-01T09:00:00.000Z";

/// A small archive with one thread, to which a file of these bytes belongs, and of which `spoil` makes something worse.
fn small(bytes: &[u8], spoil: impl Fn(&mut Value)) -> Vec<u8> {
    let at = Moment::parse(AT.into()).unwrap();
    let mut writer = Writer::new(Vec::new(), &std::env::temp_dir()).unwrap();
    let path = "files/01k9q3v8r0a06-foto.png";
    let sum = writer.entry(path, &at, false, |entry| entry.write_all(bytes)).unwrap().sha256;
    let sum: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut all = json!({
        "network.json": { "id": "01k9q3v8r0a00", "slug": "klein", "name": "Klein", "description": "Voor iedereen.",
            "language": "nl", "visibility": "public", "joinPolicy": "open", "documentsEditedBy": "members",
            "state": "active", "seekingPeople": false, "ledByExperts": true, "municipalities": [], "themes": [],
            "crpdArticles": [], "createdBy": "eva@elders.example", "createdAt": AT, "updatedAt": AT },
        "persons.json": { "persons": [{ "address": "eva@elders.example", "displayName": "Eva" }] },
        "thread": { "id": "01k9q3v8r0a01", "title": "De stoep", "language": "nl", "author": "eva@elders.example",
            "createdAt": AT, "pinned": false, "version": 1, "body": "<script>alert(1)</script> [x](javascript:alert(1))",
            "attachments": [{
                "id": "01k9q3v8r0a06", "path": path, "fileName": "foto.png", "mediaType": "text/html", "size": bytes.len(),
                "sha256": sum, "alt": "Een stoep.", "decorative": false, "descriptionWanted": false,
                "uploader": "eva@elders.example", "createdAt": AT, "attachedAt": AT }] },
    });
    all["manifest"] = json!({ "format": FORMAT, "version": VERSION, "madeAt": AT, "instance": "elders.example",
        "generator": "test", "network": "klein", "withMembers": false,
        "counts": { "persons": 1, "members": 0, "threads": 1, "replies": 0, "documents": 0, "revisions": 0, "files": 1 } });
    spoil(&mut all);
    for name in ["network.json", "persons.json"] {
        writer.json(name, &at, &all[name]).unwrap();
    }
    let thread = writer.list("threads/01k9q3v8r0a01.json", &at, &all["thread"], |lists| {
        lists.begin("replies")?;
        lists.begin("versions")
    });
    thread.unwrap();
    let manifest: Manifest = serde_json::from_value(all["manifest"].take()).unwrap();
    writer.finish(&manifest).unwrap()
}

/// Dies after so many steps, as a worker whose machine does.
struct Dying<'a> {
    steps: Direct<'a>,
    left: Cell<u32>,
}

impl Steps for Dying<'_> {
    fn step(
        &self,
        done: i64,
        write: &mut dyn FnMut(&mut Tx, &Context) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| Error::internal("the machine stops"))?;
        self.left.set(left);
        self.steps.step(done, write)
    }
}

both! {
    [|settings| settings.archive_limit_mb = 1]
    async fn what_does_no_good_is_refused_with_a_reason_and_leaves_nothing(app: &TestApp) {
        let admin = app.admin("ada_admin").await;
        let nothing = |_: &mut Value| {};
        let large = send(&admin, vec![b'a'; 1024 * 1024 + 1], &[]).await.problem(413, "import_too_large").text("/detail");
        assert!(large.contains("archive_limit_mb") && large.contains("kring import"), "{large}");
        assert_eq!(problem(app, &admin, send(&admin, b"geen archief".to_vec(), &[]).await).await, ["invalid", "archive_not_zip"]);
        let mut cut = small(b"De stoep.", nothing);
        cut.truncate(cut.len() - 40);
        assert_eq!(problem(app, &admin, send(&admin, cut, &[]).await).await, ["invalid", "archive_not_zip"]);
        let reserved = small(b"De stoep.", |all| all["network.json"]["slug"] = json!("../../klein"));
        assert_eq!(problem(app, &admin, send(&admin, reserved, &[]).await).await, ["invalid", "archive_value"]);
        let long = small(b"De stoep.", |all| all["thread"]["title"] = json!("x".repeat(201)));
        assert_eq!(problem(app, &admin, send(&admin, long, &[]).await).await, ["invalid", "archive_value"]);
        let future = small(b"De stoep.", |all| all["thread"]["createdAt"] = json!("2031-01-01T00:00:00.000Z"));
        assert_eq!(problem(app, &admin, send(&admin, future, &[]).await).await, ["invalid", "archive_value"]);
        // Found out only when it is looked at as a photo, when the network is half written.
        let broken = small(b"\x89PNG\r\n\x1a\n no photo", nothing);
        assert_eq!(problem(app, &admin, send(&admin, broken, &[]).await).await, ["invalid", "damaged_image"]);
        app.anonymous().get("/v1/networks/klein").await.problem(404, "not_found");
        app.anonymous().get("/v1/persons/eva").await.problem(404, "not_found");

        // And what does no harm is harmless.
        let harmless = small(b"<html><script>alert(1)</script>", nothing);
        result(app, &admin, send(&admin, harmless, &[]).await).await;
        let thread = app.anonymous().get("/v1/threads/01k9q3v8r0a01").await.expect(200);
        assert!(!thread.text("/bodyHtml").contains("<script") && !thread.text("/bodyHtml").contains("href"), "{thread}");
        assert_eq!(thread["attachments"][0]["mediaType"], "application/octet-stream", "its bytes say so");
        app.anonymous().get("/v1/persons/eva").await.problem(404, "not_found");
        assert_eq!(app.anonymous().get("/v1/search?query=stoep").await.expect(200)["items"].as_array().unwrap().len(), 1);
    }

    [|settings| settings.public_url = "https://elders.example".into()]
    async fn whoever_took_a_handle_since_gets_no_words_of_who_had_it_before(app: &TestApp) {
        let admin = app.admin("ada_admin").await;
        let (eva, dora) = (app.member("eva").await, app.member("dora").await);
        let refused = async |spoil: &dyn Fn(&mut Value)| {
            let job = ended(app, &admin, send(&admin, small(b"De stoep.", spoil), &[]).await).await;
            assert_eq!((&job["state"], &job["problem"]["errors"][0]["code"]), (&json!("failed"), &json!("archive_other_people")), "{job}");
            let told = job["problem"]["errors"][0]["detail"].as_str().unwrap().to_owned();
            app.anonymous().get("/v1/networks/klein").await.problem(404, "not_found");
            told
        };
        let told = refused(&|_| {}).await;
        assert!(told.contains(": @eva.") && told.contains("samePeople=true") && told.contains("--same-people"), "{told}");
        // Made later, of words that were there before her; and of everybody at once.
        let told = refused(&|all| {
            all["manifest"]["madeAt"] = json!("2026-11-24T09:00:00.000Z");
            all["manifest"]["counts"]["persons"] = json!(2);
            all["persons.json"]["persons"] = json!([
                { "address": "dora@elders.example", "displayName": "Dora" },
                { "address": "eva@elders.example", "displayName": "Eva" },
            ]);
            all["thread"]["author"] = json!("dora@elders.example");
        }).await;
        assert!(told.contains(": @dora, @eva."), "{told}");

        // It is her, says who brings it in.
        let vouched = send(&admin, small(b"De stoep.", |_| {}), &[("samePeople", "true")]).await;
        result(app, &admin, vouched).await;
        let thread = app.anonymous().get("/v1/threads/01k9q3v8r0a01").await.expect(200);
        assert_eq!(thread["author"]["handle"], eva.handle());
        dora.get("/v1/persons/eva").await.expect(200);
    }

    async fn an_import_whose_worker_died_is_hidden_and_can_be_done_again(app: &TestApp) {
        let bytes = small(b"De stoep.", |_| {});
        let path = app.data().join("klein.zip");
        std::fs::write(&path, &bytes).unwrap();
        let run = async |worker: &'static str, steps: u32| {
            let (kring, path) = (app.kring.clone(), path.clone());
            let work = tokio::task::spawn_blocking(move || {
                let steps = Dying { steps: Direct(&kring), left: Cell::new(steps) };
                let file = std::fs::File::open(path).unwrap();
                import(&kring, operator_may_import(), file, &Wish::default(), worker, &steps).map(|done| done.slug.to_string())
            });
            work.await.unwrap()
        };
        // A step later each time, so that it dies at each of them.
        let mut steps = 0;
        let slug = loop {
            match run("first", steps).await {
                Ok(slug) => break slug,
                Err(Error::Internal(_)) => {}
                Err(other) => panic!("{other}"),
            }
            app.anonymous().get("/v1/networks/klein").await.problem(404, "not_found");
            app.anonymous().get("/v1/threads/01k9q3v8r0a01").await.problem(404, "not_found");
            assert_eq!(app.anonymous().get("/v1/search?query=stoep").await.expect(200)["items"], json!([]));
            if steps == 4 {
                let other = run("second", 100).await.map_err(|fault| fault.to_string());
                assert_eq!(other, Err("import_running".to_owned()), "it might be alive");
                app.pass(Duration::minutes(4));
            }
            steps += 1;
        };
        assert_eq!(slug, "klein");
        assert!(steps > 5, "{steps} steps");
        app.anonymous().get("/v1/networks/klein").await.expect(200);
        app.anonymous().get("/v1/threads/01k9q3v8r0a01").await.expect(200);
        assert_eq!(app.anonymous().get("/v1/search?query=stoep").await.expect(200)["items"].as_array().unwrap().len(), 1);
    }
}
