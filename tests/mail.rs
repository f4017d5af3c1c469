//! Handing mail over: tried again, given up, listed.

use chrono::Duration;
use diesel::prelude::*;
use kring::app::App;
use kring::clock::Clock;
use kring::config::Settings;
use kring::error::Error;
use kring::mail::{self, Letter, MailState};
use kring::text::lang::Lang;
use kring_db::Conn;
use kring_db::schema::mails;
use serde_json::json;

use crate::both;
use crate::harness::database::Database;
use crate::harness::mail::{Mailbox, Verdict};
use crate::harness::{On, TestApp, folder};

async fn register(app: &TestApp) {
    let account = json!({
        "handle": "ann", "displayName": "Ann de Boer", "email": "ann@example.org", "password": "een lange zin",
    });
    app.anonymous().post("/v1/accounts", account).await.expect(202);
}

/// How many mails are in each state.
fn counts(conn: &mut Conn) -> Result<Vec<(MailState, i64)>, Error> {
    Ok(mails::table
        .group_by(mails::state)
        .select((mails::state, diesel::dsl::count_star()))
        .load(conn)?)
}

async fn states(app: &TestApp) -> Vec<(MailState, i64)> {
    app.settle().await;
    app.kring.db.read(counts).await.unwrap()
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

mod a_sender_that_took_so_long_that_it_counted_as_dead_changes_nothing_any_more {
    use super::*;

    #[test]
    fn sqlite() {
        behaviour(On::Sqlite);
    }

    #[test]
    fn postgres() {
        behaviour(On::Postgres);
    }

    fn behaviour(on: On) {
        let folder = folder();
        let Some(database) = Database::migrated(on, folder.path()) else { return };
        let mailbox = Mailbox::open();
        mailbox.pace(std::time::Duration::from_secs(1));
        let settings = Settings {
            data: folder.path().display().to_string(),
            database_url: database.url.clone(),
            database_connections: 2,
            mail_url: mailbox.url(),
            mail_from: mailbox.sender.clone(),
            ..Settings::default()
        };
        let app = App::build(settings.understand().unwrap(), Clock::default()).unwrap();
        for (round, verdict) in
            [Verdict::RefuseForNow, Verdict::RefuseForGood, Verdict::Take].into_iter().enumerate()
        {
            mailbox.answer(verdict);
            app.db.write_blocking(|tx| mail::queue(tx, &app.context(), letter())).unwrap();
            let sender = std::thread::spawn({
                let app = app.clone();
                move || mail::Sender::new(app, "slow").send_due(&|| false).unwrap()
            });
            let counts = || app.db.read_blocking(counts).unwrap();
            while counts().iter().all(|(state, _)| *state != MailState::Sending) {
                assert!(!sender.is_finished(), "{:?}", counts());
                std::thread::sleep(std::time::Duration::from_millis(5));
            }
            let settle = |later: Duration| {
                app.db.write_blocking(|tx| mail::settle_orphans(tx, app.clock.now() + later)).unwrap()
            };
            assert_eq!(settle(Duration::minutes(20)), 0, "slow is not dead");
            assert_eq!(settle(Duration::hours(1)), 1);
            sender.join().unwrap();
            assert_eq!(counts(), [(MailState::Unknown, round as i64 + 1)], "{verdict:?}");
        }
    }

    fn letter() -> Letter {
        Letter {
            kind: "verify",
            person: None,
            to: ("Ann".into(), "ann@example.org".into()),
            lang: Lang::Nl,
            subject: "Dag".into(),
            html: "<p>Dag</p>".into(),
            text: "Dag".into(),
            headers: Vec::new(),
        }
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
