//! What waits for its reader stands first in a digest, and never brings one about.

use chrono::Duration;
use serde_json::json;

use super::links::{path_with, paths};
use super::{TUESDAY, ann_and_bob, back, network, reply, thread, to_bob, until};
use crate::both;
use crate::harness::{Client, TestApp};

const HEADING: &str = "Dit wacht op u\n==============\n";

/// What a digest says of what waits; empty where it says nothing.
fn section(text: &str) -> &str {
    let Some((_, rest)) = text.split_once(HEADING) else { return "" };
    // Headings are underlined, and two lines stand before them.
    rest.split_once("\n\n\n").map_or(rest, |(section, _)| section)
}

/// Bob's own network, which people ask to join.
async fn of_bob(bob: &Client) {
    let lifts = json!({
        "slug": "liften", "name": "Liften die het doen", "description": "Voor wie niet kan klimmen.",
        "joinPolicy": "request",
    });
    bob.post("/v1/networks", lifts).await.expect(201);
}

both! {
    async fn what_waits_stands_first_and_leads_to_pages(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "members").await;
        let own = thread(&bob, "Van Bob").await;
        reply(&ann, &own, "Ik denk mee.").await;
        let mentioning = json!({ "title": "Perron te laag", "body": "Weet @bob hier meer van?" });
        ann.post("/v1/networks/haltes/threads", mentioning).await.expect(201);
        network(&ann, "onder-ons", "Onder ons", "hidden").await;
        ann.post("/v1/networks/onder-ons/memberships", json!({ "handle": "bob" })).await.expect(201);
        of_bob(&bob).await;
        for handle in ["eve", "kees"] {
            app.member(handle).await.post("/v1/networks/liften/memberships", json!({})).await.expect(201);
        }
        until(app, TUESDAY);
        let mail = &to_bob(app).await[0];
        assert!(mail.text.find(HEADING) < mail.text.find("Toegankelijke haltes\n==="), "{}", mail.text);
        let told = section(&mail.text);
        for part in [
            "* Perron te laag\n  ann de Vries noemt u\n  Weet @bob hier meer van?\n  http",
            "* Van Bob\n  ann de Vries antwoordt u\n  Ik denk mee.\n  http",
            "* Onder ons\n  U bent uitgenodigd voor dit netwerk\n  http",
            "* Liften die het doen\n  2 mensen willen lid worden\n  http",
        ] {
            assert!(told.contains(part), "{part} in {}", mail.text);
        }
        assert!(mail.html.contains(">Dit wacht op u</h2>") && mail.html.contains("ann de Vries noemt u"));
        for path in paths(app, mail) {
            let page = app.anonymous().get(&path).await.expect(200);
            assert_eq!(page.body().matches("<h1").count(), 1, "{path}");
        }
        let invited = app.anonymous().get(&path_with(app, mail, "/networks/onder-ons?key=")).await.expect(200);
        assert!(invited.body().contains("Onder ons"), "the network shows itself to who is invited");
    }

    async fn what_waits_alone_brings_no_mail(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "public").await;
        network(&ann, "onder-ons", "Onder ons", "hidden").await;
        ann.post("/v1/networks/onder-ons/memberships", json!({ "handle": "bob" })).await.expect(201);
        of_bob(&bob).await;
        ann.post("/v1/networks/liften/memberships", json!({})).await.expect(201);
        until(app, TUESDAY);
        assert_eq!(to_bob(app).await, []);
        let ann = back(app, "ann").await;
        thread(&ann, "Nieuws").await;
        app.pass(Duration::days(7));
        let mail = &to_bob(app).await[0];
        assert!(section(&mail.text).contains("* Onder ons\n"), "news brings along what waits: {}", mail.text);
        assert!(section(&mail.text).contains("1 persoon wil lid worden"), "{}", mail.text);
    }

    async fn where_nothing_waits_nothing_is_said_of_it(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "public").await;
        let read = json!({ "title": "Gelezen", "body": "Weet @bob hier meer van?" });
        let read = ann.post("/v1/networks/haltes/threads", read).await.expect(201).text("/id");
        bob.put(&format!("/v1/threads/{read}/read-state"), json!({})).await.expect(200);
        thread(&ann, "Niet voor Bob").await;
        until(app, TUESDAY);
        let mail = &to_bob(app).await[0];
        assert!(!mail.text.contains("wacht op u") && !mail.html.contains("wacht op u"), "{}", mail.text);
    }

    async fn of_much_that_waits_some_is_told_and_the_rest_is_counted(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "public").await;
        let own = thread(&bob, "Van Bob").await;
        for number in 1..=8 {
            reply(&ann, &own, &format!("Antwoord {number}.")).await;
        }
        until(app, TUESDAY);
        let mail = &to_bob(app).await[0];
        let told = section(&mail.text);
        assert_eq!(told.matches("\n* Van Bob\n").count() + usize::from(told.starts_with("* Van Bob\n")), 5);
        assert!(told.contains("Antwoord 8.") && !told.contains("Antwoord 3."), "{}", mail.text);
        assert!(told.contains("En er zijn er nog 3."), "{}", mail.text);
    }

    async fn a_post_waits_in_digests_for_two_weeks_and_no_longer(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "public").await;
        let own = thread(&bob, "Van Bob").await;
        reply(&ann, &own, "Ik denk mee.").await;
        until(app, TUESDAY);
        let told = |mails: &[crate::harness::mail::Mail]| section(&mails.last().expect("a mail").text).to_owned();
        assert!(told(&to_bob(app).await).contains("Ik denk mee."));
        for (week, still) in [(1, true), (2, false)] {
            thread(&back(app, "ann").await, &format!("Week {week}")).await;
            app.pass(Duration::days(7));
            let mails = to_bob(app).await;
            assert_eq!(mails.len(), week + 1);
            assert_eq!(told(&mails).contains("Ik denk mee."), still, "week {week}");
        }
    }

    async fn who_left_or_only_was_named_is_told_nothing(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "hidden").await;
        network(&ann, "liften", "Liften", "public").await;
        let eve = app.member("eve").await;
        for who in [&bob, &eve] {
            who.post("/v1/networks/liften/memberships", json!({})).await.expect(201);
        }
        let hidden = json!({ "title": "Onder ons", "body": "Weten @bob en @eve meer?" });
        ann.post("/v1/networks/haltes/threads", hidden).await.expect(201);
        bob.delete("/v1/networks/haltes/memberships/bob").await.expect(204);
        let news = json!({ "title": "Lift stuk", "body": "Alweer." });
        ann.post("/v1/networks/liften/threads", news).await.expect(201);
        until(app, TUESDAY);
        for address in ["bob@example.org", "eve@example.org"] {
            let mails = app.mails_to(address).await;
            let mail = mails.iter().find(|mail| mail.maybe_header("list-id").is_some()).expect("a digest");
            assert!(mail.text.contains("Lift stuk") && section(&mail.text).is_empty(), "{}", mail.text);
            assert!(!mail.text.contains("Onder ons") && !mail.html.contains("Onder ons"), "{}", mail.text);
        }
    }

    async fn the_page_of_a_digest_leaves_out_what_waits(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "members").await;
        let own = thread(&bob, "Van Bob").await;
        reply(&ann, &own, "Ik denk mee.").await;
        network(&ann, "onder-ons", "Onder ons", "hidden").await;
        ann.post("/v1/networks/onder-ons/memberships", json!({ "handle": "bob" })).await.expect(201);
        until(app, TUESDAY);
        let mail = &to_bob(app).await[0];
        assert!(section(&mail.text).contains("* Onder ons\n"), "{}", mail.text);
        let page = app.anonymous().get(&path_with(app, mail, "/digests/")).await.expect(200);
        assert!(page.body().contains("Van Bob"), "{page}");
        assert!(!page.body().contains("wacht op u") && !page.body().contains("Onder ons"), "{page}");
    }
}
