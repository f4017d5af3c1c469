//! Handing mail over: tried again, given up, listed.

use chrono::Duration;
use kring::mail::MailState;
use serde_json::json;

use crate::both;
use crate::harness::TestApp;
use crate::harness::mail::Verdict;

async fn register(app: &TestApp) {
    let account = json!({
        "handle": "ann", "displayName": "Ann de Boer", "email": "ann@example.org", "password": "een lange zin",
    });
    app.anonymous().post("/v1/accounts", account).await.expect(202);
}

async fn states(app: &TestApp) -> Vec<(MailState, i64)> {
    app.settle().await;
    app.kring.db.read(kring::mail::counts).await.unwrap()
}

both! {
    async fn a_mail_that_is_refused_for_now_goes_out_later(app: &TestApp) {
        app.expect_failures();
        app.mailbox.answer(Verdict::RefuseForNow);
        register(app).await;
        assert_eq!(states(app).await, [(MailState::Queued, 1)]);
        app.mailbox.answer(Verdict::Take);
        assert_eq!(app.mails_to("ann@example.org").await, [], "not before its time");
        app.pass(Duration::minutes(2));
        assert_eq!(app.mails_to("ann@example.org").await.len(), 1);
        assert_eq!(states(app).await, [(MailState::Sent, 1)]);
    }

    async fn a_mail_that_is_refused_for_good_is_not_sent_again(app: &TestApp) {
        app.expect_failures();
        app.mailbox.answer(Verdict::RefuseForGood);
        register(app).await;
        assert_eq!(states(app).await, [(MailState::Failed, 1)]);
        app.mailbox.answer(Verdict::Take);
        app.pass(Duration::days(2));
        assert_eq!(app.mails_to("ann@example.org").await, []);
    }

    async fn a_mail_names_its_row_and_answers_of_machines_are_not_wanted(app: &TestApp) {
        register(app).await;
        let mail = app.mail_to("ann@example.org").await;
        assert!(mail.header("message-id").starts_with("<verify."), "{}", mail.raw);
        assert_eq!(mail.header("auto-submitted"), "auto-generated");
        assert_eq!(mail.header("date"), "Mon, 23 Nov 2026 09:00:00 +0000");
        assert!(mail.html.contains("lang=\"nl\"") && mail.html.matches("<h1").count() == 1, "{}", mail.html);
    }

    async fn a_sent_mail_leaves_no_secret_in_the_database(app: &TestApp) {
        use diesel::prelude::*;
        register(app).await;
        app.mail_to("ann@example.org").await;
        let kept = app.kring.db.read(|conn| {
            let texts = kring_db::schema::mails::table.select(kring_db::schema::mails::message);
            Ok::<Vec<String>, kring::error::Error>(texts.load(conn)?)
        });
        assert_eq!(kept.await.unwrap(), [""]);
    }
}

#[test]
#[should_panic(expected = "jobs or mails failed")]
fn a_test_whose_mail_failed_fails() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let app = TestApp::start();
        app.mailbox.answer(Verdict::RefuseForGood);
        register(&app).await;
        app.settle().await;
    });
}
