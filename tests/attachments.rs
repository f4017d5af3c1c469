//! Files for threads, replies and documents: what comes in, what is kept of it, and who gets it.

use chrono::Duration;
use diesel::prelude::*;
use kring::error::Error;
use kring::jobs::announced::announce;
use kring_db::schema::files_announced;
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::both;
use crate::harness::{Client, Response, TestApp};

/// The least JPEG that has a place, a maker and a thumbnail in it, taken with the phone held upright.
pub fn photo() -> Vec<u8> {
    let segment = |marker: u8, contents: &[u8]| {
        [&[0xFF, marker], &(contents.len() as u16 + 2).to_be_bytes()[..], contents].concat()
    };
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0SECRET 52.09N 5.12E";
    [
        vec![0xFF, 0xD8],
        segment(0xE1, exif),
        segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0SECRET"),
        segment(0xC0, b"\x08\0\x03\0\x04\x01\x01\x11\0"),
        segment(0xDA, b"\x01\x01\0\0\0\0"),
        b"picture\xFF\xD9SECRET".to_vec(),
    ]
    .concat()
}

pub fn file(name: &str, content: impl Into<Vec<u8>>) -> Form {
    Form::new()
        .text("network", "halte")
        // What the sender claims is not believed.
        .part("file", Part::bytes(content.into()).file_name(name.to_owned()).mime_str("image/png").unwrap())
}

pub async fn upload(who: &Client, form: Form) -> Response {
    who.call("POST", "/v1/attachments").form(form).await
}

/// The network `halte` of ann, who coordinates, and bob.
async fn network(app: &TestApp, visibility: &str) -> (Client, Client) {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    let network = json!({
        "slug": "halte", "name": "Toegankelijke haltes", "description": "Voor iedereen.", "visibility": visibility,
    });
    ann.post("/v1/networks", network).await.expect(201);
    if visibility == "public" {
        bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
    } else {
        ann.post("/v1/networks/halte/memberships", json!({ "handle": "bob" })).await.expect(201);
        bob.post("/v1/networks/halte/memberships", json!({})).await.expect(201);
    }
    (ann, bob)
}

/// Starts a thread with these attachments.
async fn thread(who: &Client, attachments: &[&Response]) -> Response {
    let ids: Vec<String> = attachments.iter().map(|attachment| attachment.text("/id")).collect();
    let thread = json!({ "title": "De halte bij de kerk", "body": "Zie de foto.", "attachments": ids });
    who.post("/v1/networks/halte/threads", thread).await
}

both! {
    async fn a_file_comes_back_as_it_was_sent(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let kept = upload(&ann, file("verslag één.txt", "De stoep is te hoog.")).await.expect(201);
        assert_eq!(kept["fileName"], "verslag één.txt");
        assert_eq!(kept["mediaType"], "text/plain");
        assert_eq!(kept["size"], 20);
        assert_eq!(kept["uploader"]["handle"], "ann");
        assert_eq!(kept["target"], json!(null));
        let same = ann.get(kept.header("location")).await.expect(200);
        assert_eq!(same.json, kept.json);
        assert_eq!(same.header("etag"), kept.header("etag"));

        thread(&ann, &[&kept]).await.expect(201);
        let content = bob.get(&kept.text("/content")).await.expect(200);
        assert_eq!(content.body(), "De stoep is te hoog.");
        assert_eq!(content.header("content-length"), "20");
        assert_eq!(content.header("content-type"), "text/plain; charset=utf-8");
        assert_eq!(
            content.header("content-disposition"),
            "inline; filename=\"verslag __n.txt\"; filename*=UTF-8''verslag%20%C3%A9%C3%A9n.txt"
        );
        assert_eq!(content.header("x-content-type-options"), "nosniff");
        assert!(content.header("content-security-policy").contains("sandbox"));
        assert_eq!(content.header("cache-control"), "private, no-cache");
        assert_eq!(content.header("etag"), format!("\"{}\"", kept.text("/sha256")));
    }

    async fn what_a_file_is_its_bytes_say(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        for evil in ["<!DOCTYPE html><script>alert(1)</script>", "<svg xmlns='http://www.w3.org/2000/svg'/>"] {
            let kept = upload(&ann, file("foto.png", evil)).await.expect(201);
            assert_eq!(kept["mediaType"], "application/octet-stream");
            assert_eq!(kept["inline"], false);
            let content = ann.get(&kept.text("/content")).await.expect(200);
            assert_eq!(content.header("content-type"), "application/octet-stream");
            assert!(content.header("content-disposition").starts_with("attachment; "));
        }
        let path = upload(&ann, file("../../etc/foto\u{202E}gpj.txt", "hallo")).await.expect(201);
        assert_eq!(path["fileName"], "fotogpj.txt");
        let heic = b"\0\0\0\x18ftypheic\0\0\0\0heic\0\0\0\0SECRET";
        assert_eq!(upload(&ann, file("foto.heic", heic)).await.faults(), ["/file image_kind"]);
        let broken = file("foto.jpg", &photo()[..60]).text("alt", "Een halte.");
        assert_eq!(upload(&ann, broken).await.faults(), ["/file damaged_image"]);
    }

    [|settings| settings.upload_limit_mb = 1]
    async fn what_is_too_large_is_not_taken(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        upload(&ann, file("groot.txt", vec![b'a'; 1024 * 1024])).await.expect(201);
        upload(&ann, file("groter.txt", vec![b'a'; 1024 * 1024 + 1])).await.problem(413, "too_large");
        upload(&ann, file("veel.txt", vec![b'a'; 8 * 1024 * 1024])).await.problem(413, "too_large");
        let text = Form::new().text("network", "x".repeat(100_000));
        upload(&ann, text).await.problem(413, "too_large");
    }

    async fn a_photo_keeps_the_picture_and_its_side_and_nothing_else(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let kept = upload(&ann, file("IMG_1.jpg", photo()).text("alt", "Een hoge stoep.")).await.expect(201);
        assert_eq!(kept["mediaType"], "image/jpeg");
        assert_eq!((&kept["width"], &kept["height"]), (&json!(3), &json!(4)), "as it is shown");
        let content = ann.get(&kept.text("/content")).await.expect(200);
        let holds = |what: &[u8]| content.bytes.windows(what.len()).any(|window| window == what);
        assert!(!holds(b"SECRET"), "{}", content.body());
        assert!(holds(b"picture\xFF\xD9"));
        // Orientation 6, in an EXIF of its own.
        assert!(holds(b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0"));
        assert_eq!(kept["size"], content.bytes.len());
    }

    async fn an_image_says_what_can_be_seen_or_asks(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let faults = ["/alt needs_description", "/decorative needs_description", "/descriptionWanted needs_description"];
        assert_eq!(upload(&ann, file("a.jpg", photo())).await.faults(), faults);
        let decorative = upload(&ann, file("a.jpg", photo()).text("decorative", "true")).await.expect(201);
        assert_eq!((&decorative["decorative"], &decorative["alt"]), (&json!(true), &json!(null)));

        let asked = upload(&ann, file("a.jpg", photo()).text("descriptionWanted", "true")).await.expect(201);
        assert_eq!(asked["descriptionWanted"], true);
        bob.patch(asked.header("location"), json!({ "alt": "Een stoep." })).await.problem(404, "not_found");
        thread(&ann, &[&asked]).await.expect(201);
        // Any member may: whoever uploaded it may be blind.
        let path = asked.header("location");
        let described = bob.patch(path, json!({ "alt": "Een hoge stoep." })).await.expect(200);
        assert_eq!((&described["descriptionWanted"], &described["alt"]), (&json!(false), &json!("Een hoge stoep.")));
        bob.patch(path, json!({ "fileName": "x.jpg" })).await.problem(403, "uploader_only");
        let stale = bob.patch(path, json!({ "alt": "Iets anders." })).header("if-match", asked.header("etag"));
        stale.await.problem(412, "stale");
        let renamed = ann.patch(path, json!({ "fileName": "stoep.jpg" })).await.expect(200);
        assert_eq!((&renamed["fileName"], &renamed["alt"]), (&json!("stoep.jpg"), &json!("Een hoge stoep.")));
        // Never without anything.
        let cleared = bob.patch(path, json!({ "alt": null })).await.expect(200);
        assert_eq!(cleared["descriptionWanted"], true);
        let still = bob.patch(path, json!({ "descriptionWanted": false })).await.expect(200);
        assert_eq!(still["descriptionWanted"], true);
        assert_eq!(bob.patch(path, json!({ "fileName": "a/b" })).await.faults(), ["/fileName file_name"]);
    }

    async fn of_two_who_describe_a_file_at_once_one_hears_of_the_other(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let kept = upload(&ann, file("a.jpg", photo()).text("descriptionWanted", "true")).await.expect(201);
        thread(&ann, &[&kept]).await.expect(201);
        let path = kept.header("location");
        for round in 0..5 {
            let known = ann.get(path).await.expect(200).header("etag").to_owned();
            let describe = |who: &Client, alt: String| {
                who.patch(path, json!({ "alt": alt })).header("if-match", &known)
            };
            let (one, other) = tokio::join!(
                describe(&ann, format!("De ene stoep {round}")).into_future(),
                describe(&bob, format!("De andere stoep {round}")).into_future()
            );
            let mut statuses = [one.status, other.status];
            statuses.sort_unstable();
            assert_eq!(statuses, [200, 412], "{one}\n{other}");
        }
    }

    async fn a_reader_is_not_told_that_nothing_changed_when_its_uploader_hid_something(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        ann.patch("/v1/account", json!({ "expertByExperience": true })).await.expect(200);
        let own = "/v1/networks/halte/memberships/ann";
        ann.patch(own, json!({ "expertByExperience": true })).await.expect(200);
        let kept = upload(&ann, file("a.txt", "een")).await.expect(201);
        thread(&ann, &[&kept]).await.expect(201);
        let path = kept.header("location");
        let known = app.anonymous().get(path).await.expect(200);
        assert_eq!(known["uploader"]["expertByExperience"], true);
        let again = || app.anonymous().get(path).header("if-none-match", known.header("etag"));
        again().await.expect(304);
        ann.patch(own, json!({ "expertByExperience": false })).await.expect(200);
        assert_eq!(again().await.expect(200)["uploader"]["expertByExperience"], false);
        // Who only reads of another name may still describe it.
        ann.patch(path, json!({ "alt": "Tekst" })).header("if-match", known.header("etag")).await.expect(200);
    }

    async fn what_was_sent_is_used_before_more_is_taken(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let first = upload(&ann, file("0.txt", "0")).await.expect(201);
        for number in 1..50 {
            upload(&ann, file("n.txt", number.to_string())).await.expect(201);
        }
        upload(&ann, file("51.txt", "51")).await.problem(409, "too_many_unused_files");
        upload(&bob, file("b.txt", "b")).await.expect(201);
        thread(&ann, &[&first]).await.expect(201);
        let another = upload(&ann, file("51.txt", "51")).await.expect(201);
        upload(&ann, file("52.txt", "52")).await.problem(409, "too_many_unused_files");
        ann.delete(another.header("location")).await.expect(204);
        upload(&ann, file("52.txt", "52")).await.expect(201);
        assert_eq!(stored(app).len(), 52, "what was refused left nothing");
    }

    async fn a_part_of_a_file_can_be_had(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let kept = upload(&ann, file("tien.txt", "0123456789")).await.expect(201);
        let content = kept.text("/content");
        let etag = format!("\"{}\"", kept.text("/sha256"));
        let whole = ann.get(&content).await.expect(200);
        assert_eq!(whole.header("accept-ranges"), "bytes");
        for (range, part, told) in [
            ("bytes=2-4", "234", "bytes 2-4/10"),
            ("bytes=8-", "89", "bytes 8-9/10"),
            ("bytes=-3", "789", "bytes 7-9/10"),
            ("bytes=5-500", "56789", "bytes 5-9/10"),
        ] {
            let answer = ann.get(&content).header("range", range).await.expect(206);
            assert_eq!((answer.body().as_str(), answer.header("content-range")), (part, told));
            assert_eq!(answer.header("content-length"), part.len().to_string());
        }
        let beyond = ann.get(&content).header("range", "bytes=10-").await;
        assert_eq!(beyond.header("content-range"), "bytes */10");
        beyond.problem(416, "range_not_satisfiable");
        assert_eq!(ann.get(&content).header("range", "bytes=4-2").await.expect(200).body(), "0123456789");

        let resumed = |known: &str| ann.get(&content).header("range", "bytes=2-4").header("if-range", known);
        assert_eq!(resumed(&etag).await.expect(206).body(), "234");
        assert_eq!(resumed("\"other\"").await.expect(200).body(), "0123456789");
        let known = ann.get(&content).header("if-none-match", &etag).await.expect(304);
        assert_eq!((known.header("etag"), known.body().as_str()), (etag.as_str(), ""));
    }

    async fn what_belongs_to_nothing_is_its_uploaders_for_a_day(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let loose = upload(&ann, file("a.txt", "los")).await.expect(201);
        let used = upload(&ann, file("b.txt", "vast")).await.expect(201);
        for path in [loose.header("location"), &loose.text("/content")] {
            ann.get(path).await.expect(200);
            bob.get(path).await.problem(404, "not_found");
            app.anonymous().get(path).await.problem(404, "not_found");
        }
        assert_eq!(thread(&bob, &[&loose]).await.faults(), ["/attachments unknown_attachment"]);
        let begun = thread(&ann, &[&used]).await.expect(201);
        assert_eq!(thread(&ann, &[&used]).await.faults(), ["/attachments unknown_attachment"], "each once");
        app.anonymous().get(&used.text("/content")).await.expect(200);
        let shown = bob.get(begun.header("location")).await.expect(200);
        assert_eq!(shown["attachments"][0]["id"], used["id"]);
        assert_eq!(shown["attachments"][0]["target"], json!({ "kind": "thread", "id": begun["id"] }));

        app.pass(Duration::hours(25));
        let ann = app.anonymous().sign_in("ann", crate::harness::app::PASSWORD).await;
        sweep(app).await;
        ann.get(loose.header("location")).await.problem(404, "not_found");
        assert_eq!(stored(app), [used.text("/id")], "the file is gone too");
    }

    async fn a_hidden_network_keeps_its_files(app: &TestApp) {
        let (ann, bob) = network(app, "hidden").await;
        let stranger = app.member("carla").await;
        let kept = upload(&ann, file("a.txt", "binnen")).await.expect(201);
        thread(&ann, &[&kept]).await.expect(201);
        for path in [kept.header("location"), &kept.text("/content")] {
            bob.get(path).await.expect(200);
            stranger.get(path).await.problem(404, "not_found");
            app.anonymous().get(path).await.problem(404, "not_found");
        }
        stranger.delete(kept.header("location")).await.problem(404, "not_found");
        upload(&stranger, file("a.txt", "x")).await.problem(404, "not_found");
        upload(&app.anonymous(), file("a.txt", "x")).await.problem(401, "sign_in_required");
        assert_eq!(stored(app), [kept.text("/id")], "what was refused left nothing");
    }

    async fn only_members_upload(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let stranger = app.member("carla").await;
        upload(&stranger, file("a.txt", "x")).await.problem(403, "members_only");
        let nothing = Form::new().text("decorative", "misschien").text("colour", "blue");
        assert_eq!(upload(&ann, nothing).await.faults(), [
            "/colour unknown_field", "/decorative not_allowed", "/file required", "/network required",
        ]);
        assert_eq!(upload(&ann, file("a.txt", "")).await.faults(), ["/file empty_file"]);
        ann.post("/v1/attachments", json!({})).await.problem(415, "unsupported_media_type");
        let cut = ann.call("POST", "/v1/attachments").body("multipart/form-data; boundary=x", "--x\r\nhalf");
        cut.await.problem(400, "malformed_body");
        assert_eq!(stored(app), [""; 0]);
    }

    async fn its_uploader_and_moderators_delete_a_file(app: &TestApp) {
        let (ann, bob) = network(app, "public").await;
        let [first, second] = [upload(&ann, file("a.txt", "een")).await, upload(&bob, file("b.txt", "twee")).await];
        thread(&ann, &[&first]).await.expect(201);
        thread(&bob, &[&second]).await.expect(201);
        bob.delete(first.header("location")).await.problem(403, "uploader_only");
        ann.delete(first.header("location")).await.expect(204);
        ann.delete(second.header("location")).await.expect(204);
        for gone in [&first, &second] {
            for path in [gone.header("location"), &gone.text("/content")] {
                bob.get(path).await.problem(404, "not_found");
            }
        }
        assert_eq!(stored(app), [""; 0]);
    }

    async fn files_go_with_what_they_belong_to(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let kept = upload(&ann, file("a.txt", "een")).await.expect(201);
        let begun = thread(&ann, &[&kept]).await.expect(201);
        ann.delete(begun.header("location")).await.expect(204);
        ann.get(kept.header("location")).await.problem(404, "not_found");
        sweep(app).await;
        assert_eq!(stored(app), [""; 0]);
    }

    async fn sending_twice_under_one_key_keeps_one_file(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let send = |content: &'static str| {
            ann.call("POST", "/v1/attachments").header("idempotency-key", "k1").form(file("a.txt", content))
        };
        let first = send("een").await.expect(201);
        let again = send("een").await.expect(201);
        assert_eq!(again["id"], first["id"]);
        assert_eq!(again.header("idempotency-replayed"), "true");
        send("twee").await.problem(409, "idempotency_key_reused");
        assert_eq!(stored(app), [first.text("/id")]);
    }

    async fn a_file_whose_process_died_before_it_was_written_down_is_removed_and_no_other(app: &TestApp) {
        let (ann, _) = network(app, "public").await;
        let used = upload(&ann, file("a.txt", "een")).await.expect(201);
        thread(&ann, &[&used]).await.expect(201);
        ann.call("POST", "/v1/account/exports").await.expect(202);
        app.settle().await;
        let archived = kept(app, "archives");
        assert_eq!(archived.len(), 1);

        // As after a death in between: said to come and kept, and no row tells of it. One was cut off in the middle.
        let keys = ["attachments", "archives", "jobs"].map(|folder| format!("{folder}/01k9q3v8r0a7c"));
        announce(&app.kring, keys.to_vec()).await.unwrap();
        for key in &keys {
            app.kring.storage.put(key, tempfile::tempfile().unwrap()).await.unwrap();
        }
        let place = app.data().join("files/attachments");
        std::fs::write(place.join("01k9q3v8r0a7c#1"), "half").unwrap();
        // Nobody said that this one would come: it is somebody else's, or of another database.
        std::fs::write(place.join("01k9q3v8r0a7d"), "vreemd").unwrap();
        app.pass(Duration::hours(23));
        sweep(app).await;
        assert_eq!((stored(app).len(), kept(app, "archives").len(), kept(app, "jobs").len()), (4, 2, 1));

        app.pass(Duration::hours(2));
        sweep(app).await;
        assert_eq!(stored(app), ["01k9q3v8r0a7d".to_owned(), used.text("/id")]);
        assert_eq!((kept(app, "archives"), kept(app, "jobs").len()), (archived, 0));
        let left = app.kring.db.read_blocking(|conn| files_announced::table.count().get_result::<i64>(conn).map_err(Error::from));
        assert_eq!(left.unwrap(), 0, "what was written down is said no more");
    }
}

/// Does what the calendar asks of files.
async fn sweep(app: &TestApp) {
    let kring = app.kring.clone();
    let sweeping = tokio::task::spawn_blocking(move || {
        kring::attachments::jobs::sweep(&kring)?;
        kring::archives::jobs::sweep(&kring)?;
        kring::jobs::asked::sweep(&kring)
    });
    sweeping.await.unwrap().unwrap();
}

/// The attachments that are kept.
fn stored(app: &TestApp) -> Vec<String> {
    kept(app, "attachments")
}

/// The files that are kept in a folder.
fn kept(app: &TestApp, folder: &str) -> Vec<String> {
    let folder = std::fs::read_dir(app.data().join("files").join(folder)).into_iter().flatten();
    let mut names: Vec<String> =
        folder.map(|file| file.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
