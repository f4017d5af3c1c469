//! When somebody wants their digest.

use chrono::Duration;
use serde_json::json;

use super::{TUESDAY, ann_and_bob, back, network, thread, to_bob, until};
use crate::both;
use crate::harness::TestApp;

const PREFERENCES: &str = "/v1/digest-preferences";

both! {
    async fn it_comes_on_tuesday_at_nine_where_nothing_else_is_said(app: &TestApp) {
        let ann = app.member("ann").await;
        let usual = ann.get(PREFERENCES).await.expect(200);
        let told = json!({
            "frequency": "weekly", "weekday": "tuesday", "hour": 9, "timeZone": "Europe/Amsterdam", "nextAt": null,
        });
        assert_eq!(usual.json, told);
        network(&ann, "haltes", "Toegankelijke haltes", "public").await;
        app.settle().await;
        assert_eq!(ann.get(PREFERENCES).await.expect(200)["nextAt"], "2026-11-24T08:00:00.000Z");
    }

    async fn people_choose_day_hour_and_zone(app: &TestApp) {
        let (_ann, bob) = ann_and_bob(app, "public").await;
        let chosen = json!({ "frequency": "fortnightly", "weekday": "friday", "hour": 20, "timeZone": "America/Curacao" });
        let told = bob.put(PREFERENCES, chosen).await.expect(200);
        assert_eq!(told["nextAt"], "2026-11-28T00:00:00.000Z", "Friday evening there is Saturday in UTC");
        assert_eq!(bob.get(PREFERENCES).await.expect(200).json, told.json);
        let told = bob.put(PREFERENCES, json!({ "frequency": "daily" })).await.expect(200);
        assert_eq!((&told["hour"], &told["nextAt"]), (&json!(20), &json!("2026-11-24T00:00:00.000Z")), "the rest stays");
    }

    async fn every_fault_is_told_at_once(app: &TestApp) {
        let bob = app.member("bob").await;
        let wrong = json!({ "frequency": "hourly", "weekday": "dinsdag", "hour": 24, "timeZone": "Amsterdam" });
        let told = bob.put(PREFERENCES, wrong).await.problem(400, "invalid");
        assert_eq!(told["errors"].as_array().map(Vec::len), Some(4), "{told}");
    }

    async fn daily_ones_come_every_day(app: &TestApp) {
        let (_ann, bob) = ann_and_bob(app, "public").await;
        bob.put(PREFERENCES, json!({ "frequency": "daily" })).await.expect(200);
        for day in 1..=3 {
            thread(&back(app, "ann").await, &format!("Dag {day}")).await;
            until(app, &format!("2026-11-{}T08:00:00Z", 23 + day));
            let mails = to_bob(app).await;
            assert_eq!(mails.len(), day);
            assert!(mails[day - 1].text.contains(&format!("Dag {day}")));
        }
    }

    async fn who_chooses_another_day_misses_nothing_and_gets_no_second_one(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "public").await;
        thread(&ann, "Een").await;
        until(app, TUESDAY);
        assert_eq!(to_bob(app).await.len(), 1);
        let (ann, bob) = (back(app, "ann").await, back(app, "bob").await);
        thread(&ann, "Twee").await;
        // This week had its digest: Friday comes next week, and brings what was not told.
        let told = bob.put(PREFERENCES, json!({ "weekday": "friday" })).await.expect(200);
        assert_eq!(told["nextAt"], "2026-12-04T08:00:00.000Z");
        until(app, "2026-12-01T08:00:00Z");
        assert_eq!(to_bob(app).await.len(), 1);
        until(app, "2026-12-04T08:00:00Z");
        let mails = to_bob(app).await;
        assert_eq!(mails.len(), 2);
        assert!(mails[1].text.contains("Twee") && !mails[1].text.contains("* Een\n"));
        // And a day that comes earlier in the week is no way round.
        let bob = back(app, "bob").await;
        let told = bob.put(PREFERENCES, json!({ "weekday": "saturday" })).await.expect(200);
        assert_eq!(told["nextAt"], "2026-12-12T08:00:00.000Z");
    }

    async fn off_is_off_and_on_again_tells_of_two_weeks_and_no_more(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "public").await;
        let told = bob.put(PREFERENCES, json!({ "frequency": "off" })).await.expect(200);
        assert_eq!(told["nextAt"], json!(null));
        thread(&ann, "Lang geleden").await;
        app.settle().await;
        app.pass(Duration::days(60));
        let (ann, bob) = (back(app, "ann").await, back(app, "bob").await);
        thread(&ann, "Onlangs").await;
        assert_eq!(to_bob(app).await, []);
        bob.put(PREFERENCES, json!({ "frequency": "weekly" })).await.expect(200);
        app.pass(Duration::days(7));
        let mails = to_bob(app).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.contains("Onlangs") && !mails[0].text.contains("geleden"));
    }

    async fn a_persons_language_is_the_language_of_the_mail(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "public").await;
        bob.patch("/v1/account", json!({ "language": "en" })).await.expect(200);
        thread(&ann, "Perron te laag").await;
        until(app, TUESDAY);
        let mail = &to_bob(app).await[0];
        assert_eq!(mail.header("content-language"), "en");
        assert_eq!(mail.subject, "New in Toegankelijke haltes: Perron te laag");
        assert!(mail.html.contains("<html lang=\"en\"") && mail.html.contains("lang=\"nl\""), "{}", mail.html);
    }
}
