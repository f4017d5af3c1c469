//! What a digest gives away, to whom it was sent and to whom it was passed on.

use diesel::prelude::*;
use kring::error::Error;
use kring_db::schema::digests;
use serde_json::json;

use super::links::{digest, path_with};
use super::{TUESDAY, ann_and_bob, back, document, network, thread, to_bob, until};
use crate::both;
use crate::harness::{Client, TestApp};

/// A second hidden network of Ann, with Bob in it.
async fn second(app: &TestApp, ann: &Client, bob: &Client) {
    network(ann, "onder-ons", "Onder ons", "hidden").await;
    ann.post("/v1/networks/onder-ons/memberships", json!({ "handle": "bob" })).await.expect(201);
    bob.post("/v1/networks/onder-ons/memberships", json!({})).await.expect(201);
    app.settle().await;
}

both! {
    async fn who_passes_a_mail_on_gives_no_other_network_away(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "hidden").await;
        second(app, &ann, &bob).await;
        thread(&ann, "Perron te laag").await;
        until(app, TUESDAY);
        let mail = to_bob(app).await.remove(0);
        let key = path_with(app, &mail, "/threads/").split_once("?").unwrap().1.split('#').next().unwrap().to_owned();
        let (ann, bob) = (back(app, "ann").await, back(app, "bob").await);
        let other = json!({ "title": "Onder vier ogen", "body": "Niet voor anderen." });
        let other = ann.post("/v1/networks/onder-ons/threads", other).await.expect(201).text("/id");
        let plan = document(&ann, "onder-ons", "Geheim plan").await;
        // The network that it tells of is open, whatever is written there later.
        let later = thread(&ann, "Later").await;
        for path in ["/networks/haltes".to_owned(), format!("/threads/{later}")] {
            app.anonymous().get(&format!("{path}?{key}")).await.expect(200);
        }
        for path in [
            "/networks/onder-ons".to_owned(), format!("/threads/{other}"), format!("/documents/{plan}"),
            format!("/documents/{plan}/revisions"), format!("/documents/{plan}/revisions/1"),
        ] {
            app.anonymous().get(&format!("{path}?{key}")).await.expect(404);
        }
        let home = app.anonymous().get(&format!("/?{key}")).await.expect(200).body();
        assert!(!home.contains("Onder ons") && !home.contains("Toegankelijke haltes"), "{home}");
        app.anonymous().get(&format!("/@bob?{key}")).await.expect(200);
        // And none of it longer than Bob belongs there.
        bob.delete("/v1/networks/haltes/memberships/bob").await.expect(204);
        app.anonymous().get(&format!("/networks/haltes?{key}")).await.expect(404);
    }

    async fn the_subject_names_no_hidden_network_and_nothing_in_it(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "hidden").await;
        thread(&ann, "Perron te laag").await;
        thread(&ann, "Bus zonder plank").await;
        until(app, TUESDAY);
        let mail = &to_bob(app).await[0];
        assert_eq!(mail.subject, "Nieuw in uw netwerken: 2 gesprekken");
        assert!(mail.text.contains("Toegankelijke haltes") && mail.text.contains("Perron te laag"));
    }

    async fn a_list_of_digests_holds_no_words_of_what_may_be_gone(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "members").await;
        let told = thread(&ann, "Perron te laag").await;
        until(app, TUESDAY);
        assert_eq!(to_bob(app).await[0].subject, "Nieuw in Toegankelijke haltes: Perron te laag");
        let bob = back(app, "bob").await;
        let list = bob.get("/v1/digests").await.expect(200);
        let neutral = "Nieuw in uw netwerken, tot 24 november 2026";
        assert_eq!(list.each("subject"), [neutral]);
        let path = format!("/v1/digests/{}", list.text("/items/0/id"));
        assert_eq!(bob.get(&path).await.expect(200)["subject"], "Nieuw in Toegankelijke haltes: Perron te laag");
        let ann = back(app, "ann").await;
        ann.patch(&format!("/v1/threads/{told}"), json!({ "title": "Perron" })).header("if-match", "*").await.expect(200);
        assert_eq!(bob.get(&path).await.expect(200)["subject"], "Nieuw in Toegankelijke haltes: Perron", "as it is now");
        ann.delete(&format!("/v1/threads/{told}")).await.expect(204);
        assert_eq!(bob.get(&path).await.expect(200)["subject"], neutral);
        assert!(!bob.get(&path).await.expect(200).body().contains("Perron"));
    }

    async fn of_a_closed_account_no_digest_is_kept(app: &TestApp) {
        digest(app, "members").await;
        let count = async || {
            let count = app.kring.db.read(|conn| Ok::<i64, Error>(digests::table.count().get_result(conn)?));
            count.await.unwrap()
        };
        assert_eq!(count().await, 1);
        back(app, "bob").await.delete("/v1/account").await.expect(204);
        app.settle().await;
        assert_eq!(count().await, 0);
    }

    [|settings| settings.frontend_url = "https://kring.example.org".into()]
    async fn with_a_frontend_the_mail_promises_nothing_of_its_links(app: &TestApp) {
        let mail = digest(app, "members").await;
        for part in [&mail.text, &mail.html] {
            assert!(!part.contains("Met de links in deze mail"), "{part}");
            assert!(part.contains("Met deze link leest u het overzicht zonder in te loggen, 60 dagen lang."), "{part}");
        }
        app.anonymous().get(&path_with(app, &mail, "/digests/")).await.expect(200);
    }

    async fn a_page_that_a_mail_leads_to_is_there_for_who_only_asks_whether_it_is(app: &TestApp) {
        let mail = digest(app, "members").await;
        for beginning in ["/digests/", "/unsubscribe/", "/digest-preferences/"] {
            let page = app.anonymous().call("HEAD", &path_with(app, &mail, beginning)).await.expect(200);
            assert_eq!(page.bytes, [0_u8; 0], "{beginning}");
        }
        let told = back(app, "bob").await.get("/v1/digest-preferences").await.expect(200);
        assert_eq!(told["frequency"], "weekly");
    }
}
