//! What nobody finds out about an address, and what is not kept of who is gone.

use serde_json::json;

use super::{register, registration, try_sign_in, verify};
use crate::both;
use crate::harness::TestApp;
use crate::harness::app::PASSWORD;
use crate::harness::mail::Verdict;

/// Every address that stands somewhere among the mails.
async fn addresses_kept(app: &TestApp) -> Vec<String> {
    let kept = app.kring.db.read(|conn| {
        use diesel::prelude::*;
        use kring_db::schema::mails;
        let columns = (mails::recipient, mails::subject, mails::last_error, mails::message);
        let rows: Vec<(String, String, Option<String>, String)> = mails::table.select(columns).load(conn)?;
        let texts = rows
            .into_iter()
            .flat_map(|(to, subject, error, message)| [to, subject, error.unwrap_or_default(), message]);
        Ok::<Vec<String>, kring::error::Error>(texts.filter(|text| text.contains('@')).collect())
    });
    kept.await.unwrap()
}

both! {
    async fn signing_in_with_an_address_tells_nothing_of_an_account_that_has_it(app: &TestApp) {
        app.member("ann").await;
        for (handle, email) in [("spy_one", "ann@example.org"), ("spy_two", "nobody@example.org")] {
            let mut sent = registration(handle);
            sent["email"] = email.into();
            sent["password"] = "een zin van de spion".into();
            app.anonymous().post("/v1/accounts", sent).await.expect(202);
            let answer = try_sign_in(app, email, "een zin van de spion").await;
            answer.problem(401, "wrong_credentials");
            // A handle is public, and its password the spy's own.
            try_sign_in(app, handle, "een zin van de spion").await.problem(403, "email_unverified");
        }
        app.anonymous().sign_in("ann@example.org", PASSWORD).await;
    }

    async fn the_numbers_of_the_server_do_not_tell_whether_a_mail_went_out(app: &TestApp) {
        kring::web::system::recorder();
        app.member("ann").await;
        let ask = json!({ "email": "ann@example.org" });
        app.anonymous().post("/v1/password-resets", ask).await.expect(202);
        app.mail_to("ann@example.org").await;
        let page = app.anonymous().get("/metrics").await.expect(200).body();
        let mails: Vec<&str> = page.lines().filter(|line| line.starts_with("kring_mails")).collect();
        for state in ["late", "failed", "unknown"] {
            assert!(mails.iter().any(|line| line.contains(&format!("state=\"{state}\""))), "{page}");
        }
        assert!(!mails.iter().any(|line| line.contains("sent")) && mails.len() == 3, "{mails:#?}");
    }

    [|settings| settings.registration = "approval".into()]
    async fn nothing_is_kept_of_the_address_of_who_was_declined(app: &TestApp) {
        let admin = app.admin("ada_admin").await;
        register(app, "ann").await.expect(202);
        verify(app, &app.mail_to("ann@example.org").await.word()).await.expect(200);
        admin.delete("/v1/account-approvals/ann").await.expect(204);
        assert_eq!(app.mail_to("ann@example.org").await.subject, "Uw account bij Kring");
        let kept = addresses_kept(app).await;
        assert!(!kept.is_empty() && kept.iter().all(|text| text == "ada_admin@example.org"), "{kept:?}");
    }

    async fn nothing_is_kept_of_an_address_whose_mail_was_refused_after_the_account_was_closed(app: &TestApp) {
        app.expect_failures();
        app.mailbox.answer(Verdict::RefuseForNow);
        let ann = app.member("ann").await;
        let ask = json!({ "email": "ann@example.org" });
        app.anonymous().post("/v1/password-resets", ask).await.expect(202);
        app.settle().await;
        ann.delete("/v1/account").await.expect(204);
        app.mailbox.answer(Verdict::RefuseForGood);
        app.pass(chrono::Duration::days(1));
        app.settle().await;
        assert_eq!(addresses_kept(app).await, [""; 0]);
    }

    async fn a_mail_to_an_address_that_nobody_confirmed_shows_no_words_of_a_stranger(app: &TestApp) {
        let mut sent = registration("ann");
        sent["displayName"] = "U wint: kijk op www.example.org".into();
        app.anonymous().post("/v1/accounts", sent).await.expect(202);
        let mail = app.mail_to("ann@example.org").await;
        assert!(mail.text.contains("Dag ann,") && !mail.raw.contains("wint"), "{}", mail.raw);
        verify(app, &mail.word()).await.expect(200);
        let ann = app.anonymous().sign_in("ann", PASSWORD).await;
        let change = json!({ "email": "other@example.org", "password": PASSWORD });
        ann.post("/v1/account/email-changes", change).await.expect(202);
        let mail = app.mail_to("other@example.org").await;
        assert!(mail.text.contains("Dag ann,") && !mail.raw.contains("wint"), "{}", mail.raw);
    }
}
