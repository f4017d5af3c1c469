//! Where the links of a digest lead, whom they let in, and how the mail is stopped.

use chrono::Duration;
use serde_json::json;

use super::{TUESDAY, ann_and_bob, back, thread, to_bob, until};
use crate::both;
use crate::harness::mail::Mail;
use crate::harness::{Client, TestApp};

/// The links in the text part, as paths.
pub fn paths(app: &TestApp, mail: &Mail) -> Vec<String> {
    let links = mail.text.split_whitespace().filter_map(|word| word.strip_prefix(&app.base));
    links.map(str::to_owned).collect()
}

pub fn path_with(app: &TestApp, mail: &Mail, beginning: &str) -> String {
    let found = paths(app, mail).into_iter().find(|path| path.starts_with(beginning));
    found.unwrap_or_else(|| panic!("no link to {beginning}: {}", mail.text))
}

/// Bob's first digest, of a thread in Ann's network.
pub async fn digest(app: &TestApp, visibility: &str) -> Mail {
    let (ann, _bob) = ann_and_bob(app, visibility).await;
    thread(&ann, "Perron te laag").await;
    until(app, TUESDAY);
    to_bob(app).await.remove(0)
}

async fn frequency(bob: &Client) -> String {
    bob.get("/v1/digest-preferences").await.expect(200).text("/frequency")
}

async fn bob_lives_in(app: &TestApp, zone: &str) {
    back(app, "bob")
        .await
        .put("/v1/digest-preferences", json!({ "timeZone": zone }))
        .await
        .expect(200);
}

both! {
    async fn a_mail_program_stops_the_mail_with_one_post(app: &TestApp) {
        let mail = digest(app, "public").await;
        let bob = back(app, "bob").await;
        assert_eq!(mail.header("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
        let link = mail.header("list-unsubscribe");
        let path = link.strip_prefix(&format!("<{}", app.base)).and_then(|rest| rest.strip_suffix('>'));
        let path = path.unwrap_or_else(|| panic!("{link} leads elsewhere"));
        let page = app.anonymous().get(path).await.expect(200);
        assert_eq!(page.body().matches("<button").count(), 1, "{page}");
        assert_eq!(frequency(&bob).await, "weekly", "looking changes nothing");
        let form = "application/x-www-form-urlencoded";
        for _ in 0..2 {
            let stopped = app.anonymous().call("POST", path).body(form, "List-Unsubscribe=One-Click").await;
            assert!(stopped.expect(200).body().contains("geen overzicht meer"));
        }
        assert_eq!(frequency(&bob).await, "off");
        thread(&back(app, "ann").await, "Nog een").await;
        app.pass(Duration::days(14));
        assert_eq!(to_bob(app).await.len(), 1);
    }

    async fn a_word_that_was_never_sent_stops_nobody(app: &TestApp) {
        let mail = digest(app, "public").await;
        let path = path_with(app, &mail, "/unsubscribe/");
        let (start, end) = path.split_at(path.len() - 3);
        for wrong in ["/unsubscribe/x".to_owned(), format!("{start}abc"), format!("{}{end}", &start[..start.len() - 3])] {
            for method in ["GET", "POST"] {
                app.anonymous().call(method, &wrong).await.expect(404);
            }
        }
        assert_eq!(frequency(&back(app, "bob").await).await, "weekly");
    }

    async fn who_does_not_sign_in_chooses_day_and_hour_too(app: &TestApp) {
        let mail = digest(app, "public").await;
        let path = path_with(app, &mail, "/digest-preferences/");
        let page = app.anonymous().get(&path).await.expect(200);
        assert!(page.body().contains("id=\"frequency-weekly\" checked"), "{page}");
        let form = "application/x-www-form-urlencoded";
        let chosen = "frequency=fortnightly&weekday=thursday&hour=20";
        let saved = app.anonymous().call("POST", &path).body(form, chosen).await.expect(200);
        assert!(saved.body().contains("Bewaard") && saved.body().contains("id=\"frequency-fortnightly\" checked"), "{saved}");
        let told = back(app, "bob").await.get("/v1/digest-preferences").await.expect(200);
        assert_eq!((&told["weekday"], &told["hour"]), (&json!("thursday"), &json!(20)));
        app.anonymous().call("POST", &path).body(form, "frequency=hourly").await.expect(400);
        assert!(saved.body().contains("value=\"Europe/Amsterdam\" selected"), "{saved}");
        let there = app.anonymous().call("POST", &path).body(form, "timeZone=America%2FCuracao").await.expect(200);
        assert!(there.body().contains("value=\"America/Curacao\" selected"), "{there}");
        bob_lives_in(app, "Asia/Tokyo").await;
        let page = app.anonymous().get(&path).await.expect(200).body();
        assert!(page.contains("value=\"Asia/Tokyo\" selected") && page.contains("value=\"UTC\""), "{page}");
    }

    async fn every_link_leads_to_a_page(app: &TestApp) {
        let mail = digest(app, "members").await;
        let found = paths(app, &mail);
        assert!(found.len() >= 4, "{found:?}");
        for path in found {
            let page = app.anonymous().get(&path).await.expect(200);
            assert!(page.header("content-type").starts_with("text/html"), "{path}");
            assert_eq!(page.body().matches("<h1").count(), 1, "{path}");
        }
    }

    async fn the_links_open_what_a_member_may_read_and_end_with_membership(app: &TestApp) {
        let mail = digest(app, "hidden").await;
        let path = path_with(app, &mail, "/threads/");
        let without = path.split('?').next().unwrap().to_owned();
        app.anonymous().get(&without).await.expect(404);
        app.anonymous().get(&path).await.expect(200);
        let online = path_with(app, &mail, "/digests/");
        assert!(app.anonymous().get(&online).await.expect(200).body().contains("Perron te laag"));
        back(app, "bob").await.delete("/v1/networks/haltes/memberships/bob").await.expect(204);
        app.anonymous().get(&path).await.expect(404);
        assert!(!app.anonymous().get(&online).await.expect(200).body().contains("Perron te laag"));
    }

    async fn links_into_public_networks_carry_no_word(app: &TestApp) {
        let mail = digest(app, "public").await;
        let path = path_with(app, &mail, "/threads/");
        assert!(!path.contains("key="), "{path}");
    }

    async fn the_word_lasts_sixty_days(app: &TestApp) {
        let mail = digest(app, "members").await;
        let (path, online) = (path_with(app, &mail, "/threads/"), path_with(app, &mail, "/digests/"));
        app.pass(Duration::days(59));
        app.anonymous().get(&path).await.expect(200);
        app.anonymous().get(&online).await.expect(200);
        app.pass(Duration::days(1));
        app.anonymous().get(&path).await.expect(404);
        app.anonymous().get(&online).await.expect(404);
    }

    async fn its_owner_revokes_it(app: &TestApp) {
        let mail = digest(app, "members").await;
        let bob = back(app, "bob").await;
        bob.call("POST", "/v1/digests/_revoke").await.expect(204);
        app.anonymous().get(&path_with(app, &mail, "/threads/")).await.expect(404);
        app.anonymous().get(&path_with(app, &mail, "/digests/")).await.expect(404);
        assert_eq!(bob.get("/v1/digests").await.expect(200).each("linksExpireAt"), [json!(null)]);
        app.anonymous().get(&path_with(app, &mail, "/unsubscribe/")).await.expect(200);
    }

    async fn a_new_password_revokes_it(app: &TestApp) {
        let mail = digest(app, "members").await;
        let new = json!({ "currentPassword": crate::harness::app::PASSWORD, "newPassword": "een andere lange zin" });
        back(app, "bob").await.put("/v1/account/password", new).await.expect(204);
        app.anonymous().get(&path_with(app, &mail, "/threads/")).await.expect(404);
        app.anonymous().get(&path_with(app, &mail, "/digests/")).await.expect(404);
    }

    async fn closing_the_account_revokes_it(app: &TestApp) {
        let mail = digest(app, "members").await;
        back(app, "bob").await.delete("/v1/account").await.expect(204);
        app.anonymous().get(&path_with(app, &mail, "/threads/")).await.expect(404);
        app.anonymous().get(&path_with(app, &mail, "/digests/")).await.expect(404);
        let stop = path_with(app, &mail, "/unsubscribe/");
        app.anonymous().call("POST", &stop).await.expect(200);
    }

    async fn the_word_is_no_session(app: &TestApp) {
        let mail = digest(app, "members").await;
        let path = path_with(app, &mail, "/threads/");
        let word = path.split("key=").nth(1).unwrap().split('#').next().unwrap();
        let bearer = format!("Bearer {word}");
        app.anonymous().get("/v1/account").header("authorization", &bearer).await.problem(401, "token_invalid");
        let id = &path["/threads/".len()..][..13];
        app.anonymous().get(&format!("/v1/threads/{id}")).await.problem(404, "not_found");
    }

    [|settings| settings.frontend_url = "https://kring.example.org".into()]
    async fn with_a_frontend_links_lead_there_and_carry_no_word(app: &TestApp) {
        let mail = digest(app, "members").await;
        assert!(mail.text.contains("https://kring.example.org/threads/") && !mail.text.contains("key="), "{}", mail.text);
        assert!(path_with(app, &mail, "/unsubscribe/").len() > 40, "stopping is always Kring's own page");
    }

    async fn people_read_their_own_digests_and_nobody_elses(app: &TestApp) {
        let _mail = digest(app, "members").await;
        let (ann, bob) = (back(app, "ann").await, back(app, "bob").await);
        assert_eq!(ann.get("/v1/digests").await.expect(200)["items"], json!([]));
        let list = bob.get("/v1/digests").await.expect(200);
        let first = &list["items"][0];
        assert_eq!((&first["period"], &first["state"]), (&json!("2026-W48"), &json!("sent")), "{list}");
        assert_eq!(first["dueAt"], "2026-11-24T08:00:00.000Z");
        let path = format!("/v1/digests/{}", list.text("/items/0/id"));
        let read = bob.get(&path).await.expect(200);
        assert_eq!(read.text("/networks/0/network/slug"), "haltes");
        assert_eq!(read.text("/networks/0/threads/0/title"), "Perron te laag");
        ann.get(&path).await.problem(404, "not_found");
        bob.delete("/v1/networks/haltes/memberships/bob").await.expect(204);
        assert_eq!(bob.get(&path).await.expect(200)["networks"], json!([]));
    }
}
