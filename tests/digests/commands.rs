//! `kring digest` and what belongs to it, beside a server that runs.

use chrono::Duration;
use diesel::prelude::*;
use kring::clock::Clock;
use kring::error::Error;
use kring::mail::MailState;
use kring_db::schema::mails;
use serde_json::json;

use super::{TUESDAY, ann_and_bob, thread, to_bob, until};
use crate::both;
use crate::cli::{beside, printed, refused};
use crate::harness::TestApp;

both! {
    async fn a_preview_shows_both_parts_and_sends_nothing(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "members").await;
        let nothing = printed(&beside(app, &["digest", "preview", "bob"]));
        assert_eq!(nothing, "There is nothing new for @bob: no mail would be sent.\n");
        thread(&ann, "Perron te laag").await;
        for _ in 0..2 {
            let text = printed(&beside(app, &["digest", "preview", "@Bob"]));
            assert!(text.starts_with("Nieuw in Toegankelijke haltes: Perron te laag\n\nDag bob de Vries,"), "{text}");
            assert!(text.contains("\n* Perron te laag\n") && !text.contains("key="), "{text}");
        }
        let html = printed(&beside(app, &["digest", "preview", "bob", "--html"]));
        assert!(html.starts_with("<!doctype html>") && html.contains("Perron te laag"), "{html}");
        let before = bob.get("/v1/digests").await.expect(200);
        assert_eq!(before["items"], json!([]));
        let nobody = refused(&beside(app, &["digest", "preview", "nobody"]));
        assert!(nobody.contains("there is nobody with the handle nobody"), "{nobody}");
        let nonsense = refused(&beside(app, &["digest", "preview", "a b"]));
        assert!(nonsense.contains("is no handle"), "{nonsense}");
        until(app, TUESDAY);
        assert_eq!(to_bob(app).await.len(), 1, "looking took nothing away");
    }

    async fn a_run_beside_a_server_returns_when_its_mails_have_arrived(app: &TestApp) {
        // The other process goes by the clock on the wall.
        app.clock.set(Clock::default().now());
        let (ann, _bob) = ann_and_bob(app, "public").await;
        for handle in ["carla", "dirk"] {
            app.member(handle).await.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
        }
        thread(&ann, "Perron te laag").await;
        app.mailbox.pace(std::time::Duration::from_millis(20));
        // From here on the server takes mails too.
        app.pass(Duration::minutes(10));
        let next_week = (Clock::default().now() + Duration::days(8)).to_string();
        let told = printed(&beside(app, &["digest", "run", "--now", &next_week]));
        assert_eq!(told, "3 digests made, 3 handed over.\n");
        let mut to: Vec<String> = app.mailbox.all().into_iter().map(|mail| mail.to).collect();
        to.sort();
        assert_eq!(to, ["bob@example.org", "carla@example.org", "dirk@example.org"]);
        let again = printed(&beside(app, &["digest", "run", "--now", &next_week]));
        assert_eq!(again, "0 digests made, 0 handed over.\n");
        let wrong = refused(&beside(app, &["digest", "run", "--now", "dinsdag"]));
        assert!(wrong.contains("dinsdag"), "{wrong}");
    }

    async fn a_run_that_cannot_hand_over_says_so(app: &TestApp) {
        app.expect_failures();
        app.clock.set(Clock::default().now());
        let (ann, _bob) = ann_and_bob(app, "public").await;
        thread(&ann, "Perron te laag").await;
        app.mailbox.answer(crate::harness::mail::Verdict::RefuseForNow);
        let next_week = (Clock::default().now() + Duration::days(8)).to_string();
        let told = refused(&beside(app, &["digest", "run", "--now", &next_week]));
        assert!(told.contains("1 could not be handed over now; they wait and are tried again"), "{told}");
    }

    async fn mails_of_which_nobody_knows_are_listed_for_whoever_runs_the_server(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "public").await;
        thread(&ann, "Perron te laag").await;
        until(app, TUESDAY);
        assert_eq!(to_bob(app).await.len(), 1);
        assert_eq!(printed(&beside(app, &["admin", "mails"])), "");
        let cut_off = app.kring.db.write(|tx| {
            let lost = diesel::update(mails::table.filter(mails::recipient.eq("bob@example.org")));
            lost.set(mails::state.eq(MailState::Unknown)).execute(tx.conn())?;
            Ok::<_, Error>(())
        });
        cut_off.await.unwrap();
        let listed = printed(&beside(app, &["admin", "mails"]));
        let told = "  digest  bob@example.org  Nieuw in Toegankelijke haltes: Perron te laag\n";
        assert!(listed.lines().count() == 1 && listed.ends_with(told), "{listed}");
    }
}
