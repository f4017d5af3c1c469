//! Accounts: registering, addresses, passwords, profiles, closing.

#[path = "accounts/secrecy.rs"]
mod secrecy;

use chrono::Duration;
use serde_json::{Value, json};

use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::{Response, TestApp};

fn registration(handle: &str) -> Value {
    json!({
        "handle": handle,
        "displayName": "Ann de Boer",
        "email": format!("{handle}@example.org"),
        "password": PASSWORD,
        "language": "nl",
    })
}

async fn register(app: &TestApp, handle: &str) -> Response {
    app.anonymous().post("/v1/accounts", registration(handle)).await
}

async fn verify(app: &TestApp, word: &str) -> Response {
    app.anonymous().post("/v1/email-verifications", json!({ "token": word })).await
}

async fn try_sign_in(app: &TestApp, login: &str, password: &str) -> Response {
    app.anonymous().post("/v1/sessions", json!({ "login": login, "password": password })).await
}

both! {
    async fn who_registers_confirms_the_address_and_signs_in(app: &TestApp) {
        register(app, "ann").await.expect(202);
        try_sign_in(app, "ann", PASSWORD).await.problem(403, "email_unverified");
        let mail = app.mail_to("ann@example.org").await;
        assert_eq!(mail.header("content-language"), "nl");
        assert_eq!(verify(app, &mail.word()).await.expect(200)["canSignIn"], true);
        let ann = app.anonymous().sign_in("ann@example.org", PASSWORD).await;
        assert_eq!(ann.get("/v1/account").await.expect(200)["displayName"], "Ann de Boer");
    }

    async fn a_mail_with_a_secret_holds_it_whole_in_both_parts_and_in_its_link(app: &TestApp) {
        for language in ["nl", "en"] {
            let mut sent = registration(&format!("ann_{language}"));
            sent["language"] = language.into();
            app.anonymous().post("/v1/accounts", sent).await.expect(202);
            let mail = app.mail_to(&format!("ann_{language}@example.org")).await;
            assert!(mail.link().ends_with(&mail.word()), "{}", mail.text);
            assert_eq!(mail.header("content-language"), language);
        }
    }

    async fn a_mail_program_may_open_the_link_before_its_owner_does(app: &TestApp) {
        register(app, "ann").await.expect(202);
        let word = app.mail_to("ann@example.org").await.word();
        verify(app, &word).await.expect(200);
        verify(app, &word).await.expect(200);
    }

    async fn a_confirmation_link_stops_after_seven_days(app: &TestApp) {
        register(app, "ann").await.expect(202);
        let word = app.mail_to("ann@example.org").await.word();
        app.pass(Duration::days(7));
        verify(app, &word).await.problem(409, "link_used_up");
        verify(app, "no-such-word").await.problem(409, "link_used_up");
    }

    async fn the_confirmation_mail_can_be_sent_again_and_only_the_last_works(app: &TestApp) {
        register(app, "ann").await.expect(202);
        let first = app.mail_to("ann@example.org").await.word();
        let again = json!({ "email": "Ann@Example.org" });
        app.anonymous().post("/v1/email-verifications/_resend", again).await.expect(202);
        let second = app.mail_to("ann@example.org").await.word();
        verify(app, &first).await.problem(409, "link_used_up");
        verify(app, &second).await.expect(200);
    }

    async fn no_answer_tells_whether_an_address_has_an_account(app: &TestApp) {
        app.member("ann").await;
        let mut known = registration("ann_two");
        known["email"] = "ann@example.org".into();
        let for_known = app.anonymous().post("/v1/accounts", known).await.expect(202);
        let for_unknown = register(app, "bob").await.expect(202);
        assert_eq!(for_known.json, for_unknown.json);
        for path in ["/v1/email-verifications/_resend", "/v1/password-resets"] {
            let ask = async |email: &str| {
                app.anonymous().post(path, json!({ "email": email })).await.expect(202).json
            };
            assert_eq!(ask("ann@example.org").await, ask("nobody@example.org").await, "{path}");
        }
        let wrong = try_sign_in(app, "ann@example.org", "wrong password").await;
        let nobody = try_sign_in(app, "nobody@example.org", "wrong password").await;
        assert_eq!(wrong.problem(401, "wrong_credentials").json, nobody.json);
    }

    async fn the_owner_of_a_known_address_learns_by_mail_that_somebody_registered_with_it(app: &TestApp) {
        app.member("ann").await;
        let mut known = registration("ann_two");
        known["email"] = "ANN@example.org".into();
        app.anonymous().post("/v1/accounts", known).await.expect(202);
        let mail = app.mail_to("ann@example.org").await;
        assert_eq!(mail.subject, "U hebt al een account bij Kring");
        app.anonymous().get("/v1/persons/ann_two").await.problem(404, "not_found");
    }

    async fn a_taken_or_reserved_handle_is_refused(app: &TestApp) {
        app.member("ann").await;
        let taken = app.anonymous().post("/v1/accounts", {
            let mut sent = registration("ANN");
            sent["email"] = "other@example.org".into();
            sent
        });
        taken.await.problem(409, "handle_taken");
        assert_eq!(register(app, "admin").await.faults(), ["/handle reserved"]);
    }

    [|settings| settings.registration = "approval".into()]
    async fn where_approval_is_asked_an_admin_looks_first(app: &TestApp) {
        let admin = app.admin("ada_admin").await;
        register(app, "ann").await.expect(202);
        let word = app.mail_to("ann@example.org").await.word();
        assert_eq!(admin.get("/v1/account-approvals").await.expect(200).each("handle"), [""; 0]);
        assert_eq!(verify(app, &word).await.expect(200)["canSignIn"], false);
        try_sign_in(app, "ann", PASSWORD).await.problem(403, "awaiting_approval");
        let asked = app.mail_to("ada_admin@example.org").await;
        assert_eq!(asked.subject, "Iemand wacht op goedkeuring bij Kring");
        assert!(asked.text.contains("@ann wil een account"), "{}", asked.text);
        assert!(asked.text.contains("kring admin accounts approve ann"), "{}", asked.text);
        assert_eq!(admin.get("/v1/account-approvals").await.expect(200).each("handle"), ["ann"]);
        admin.call("PUT", "/v1/account-approvals/ann").await.expect(204);
        assert_eq!(app.mail_to("ann@example.org").await.subject, "Uw account bij Kring is klaar");
        app.anonymous().sign_in("ann", PASSWORD).await;
        assert_eq!(admin.get("/v1/account-approvals").await.expect(200).each("handle"), [""; 0]);
    }

    [|settings| settings.registration = "approval".into()]
    async fn who_is_declined_gets_a_mail_and_the_account_is_closed(app: &TestApp) {
        let admin = app.admin("ada_admin").await;
        register(app, "ann").await.expect(202);
        verify(app, &app.mail_to("ann@example.org").await.word()).await.expect(200);
        admin.delete("/v1/account-approvals/ann").await.expect(204);
        assert_eq!(app.mail_to("ann@example.org").await.subject, "Uw account bij Kring");
        try_sign_in(app, "ann", PASSWORD).await.problem(401, "wrong_credentials");
        register(app, "ann").await.problem(409, "handle_taken");
    }

    async fn only_an_admin_approves(app: &TestApp) {
        let ann = app.member("ann").await;
        ann.get("/v1/account-approvals").await.problem(403, "admin_only");
        ann.call("PUT", "/v1/account-approvals/ann").await.problem(403, "admin_only");
        ann.delete("/v1/account-approvals/ann").await.problem(403, "admin_only");
    }

    [|settings| settings.registration = "closed".into()]
    async fn where_registration_is_closed_nobody_registers(app: &TestApp) {
        register(app, "ann").await.problem(403, "registration_closed");
        assert_eq!(app.mails_to("ann@example.org").await, []);
        let instance = app.anonymous().get("/v1/instance").await.expect(200);
        assert_eq!(instance["registration"], "closed");
    }

    async fn a_changed_password_signs_the_other_devices_out_and_warns_the_owner(app: &TestApp) {
        let laptop = app.member("ann").await;
        let phone = app.anonymous().sign_in("ann", PASSWORD).await;
        let sent = json!({ "currentPassword": PASSWORD, "newPassword": "een nog langere zin" });
        laptop.put("/v1/account/password", sent).await.expect(204);
        laptop.get("/v1/account").await.expect(200);
        phone.get("/v1/account").await.problem(401, "token_invalid");
        let refresh = json!({ "refreshToken": phone.refresh });
        phone.post("/v1/sessions/_refresh", refresh).await.problem(401, "refresh_token_invalid");
        try_sign_in(app, "ann", PASSWORD).await.problem(401, "wrong_credentials");
        app.anonymous().sign_in("ann", "een nog langere zin").await;
        let warned = app.mail_to("ann@example.org").await;
        assert_eq!(warned.subject, "Uw wachtwoord voor Kring is veranderd");
    }

    async fn the_present_password_is_needed_to_change_it_or_the_address(app: &TestApp) {
        let ann = app.member("ann").await;
        let sent = json!({ "currentPassword": "guessed", "newPassword": "een nog langere zin" });
        ann.put("/v1/account/password", sent).await.problem(403, "wrong_password");
        let sent = json!({ "email": "new@example.org", "password": "guessed" });
        ann.post("/v1/account/email-changes", sent).await.problem(403, "wrong_password");
        assert_eq!(app.mails_to("new@example.org").await, []);
    }

    async fn a_forgotten_password_is_replaced_with_the_word_from_the_mail_once(app: &TestApp) {
        let before = app.member("ann").await;
        let ask = json!({ "email": "ann@example.org" });
        app.anonymous().post("/v1/password-resets", ask).await.expect(202);
        let word = app.mail_to("ann@example.org").await.word();
        let complete = async |token: &str| {
            let sent = json!({ "token": token, "newPassword": "een nog langere zin" });
            app.anonymous().post("/v1/password-resets/_complete", sent).await
        };
        verify(app, &word).await.problem(409, "link_used_up");
        complete(&word).await.expect(204);
        complete(&word).await.problem(409, "link_used_up");
        before.get("/v1/account").await.problem(401, "token_invalid");
        app.anonymous().sign_in("ann", "een nog langere zin").await;
        assert_eq!(app.mail_to("ann@example.org").await.subject, "Uw wachtwoord voor Kring is veranderd");
    }

    async fn a_reset_link_stops_after_a_day(app: &TestApp) {
        app.member("ann").await;
        let ask = json!({ "email": "ann@example.org" });
        app.anonymous().post("/v1/password-resets", ask).await.expect(202);
        let word = app.mail_to("ann@example.org").await.word();
        app.pass(Duration::hours(24));
        let sent = json!({ "token": word, "newPassword": "een nog langere zin" });
        app.anonymous().post("/v1/password-resets/_complete", sent).await.problem(409, "link_used_up");
    }

    async fn nobody_gets_a_reset_mail_for_an_address_without_account(app: &TestApp) {
        let ask = json!({ "email": "nobody@example.org" });
        app.anonymous().post("/v1/password-resets", ask).await.expect(202);
        assert_eq!(app.mails_to("nobody@example.org").await, []);
    }

    async fn a_new_address_counts_once_it_is_confirmed_and_the_old_one_hears_of_it(app: &TestApp) {
        let ann = app.member("ann").await;
        let sent = json!({ "email": "new@example.org", "password": PASSWORD });
        ann.post("/v1/account/email-changes", sent).await.expect(202);
        let word = app.mail_to("new@example.org").await.word();
        assert_eq!(ann.get("/v1/account").await.expect(200)["email"], "ann@example.org");
        verify(app, &word).await.expect(200);
        assert_eq!(ann.get("/v1/account").await.expect(200)["email"], "new@example.org");
        assert_eq!(app.mail_to("ann@example.org").await.subject, "Uw e-mailadres bij Kring is veranderd");
        app.anonymous().sign_in("new@example.org", PASSWORD).await;
        try_sign_in(app, "ann@example.org", PASSWORD).await.problem(401, "wrong_credentials");
    }

    async fn a_word_from_a_mail_works_once_also_for_two_who_use_it_at_once(app: &TestApp) {
        app.member("ann").await;
        let ask = json!({ "email": "ann@example.org" });
        app.anonymous().post("/v1/password-resets", ask).await.expect(202);
        let word = app.mail_to("ann@example.org").await.word();
        let complete = async |password: &str| {
            let sent = json!({ "token": word, "newPassword": password });
            app.anonymous().post("/v1/password-resets/_complete", sent).await
        };
        let (one, other) = tokio::join!(complete("de ene lange zin"), complete("de andere lange zin"));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [204, 409], "{one}\n{other}");
    }

    async fn two_people_cannot_confirm_the_same_address(app: &TestApp) {
        let ann = app.member("ann").await;
        let sent = json!({ "email": "bob@example.org", "password": PASSWORD });
        let answer = ann.post("/v1/account/email-changes", sent.clone()).await.expect(202);
        let word = app.mail_to("bob@example.org").await.word();
        app.member("bob").await;
        verify(app, &word).await.problem(409, "link_used_up");
        let again = ann.post("/v1/account/email-changes", sent).await.expect(202);
        assert_eq!(answer.json, again.json, "a taken address shows in the answer");
        let told = app.mail_to("bob@example.org").await;
        assert_eq!(told.subject, "Uw e-mailadres bij Kring");
        assert!(told.text.contains("Dag bob de Vries") && told.text.contains("@bob"), "{}", told.text);
        assert!(!told.text.contains("http"), "there is nothing to confirm: {}", told.text);
    }

    async fn a_profile_is_read_by_everyone_and_changed_by_its_owner(app: &TestApp) {
        let ann = app.member("ann").await;
        let change = json!({
            "displayName": "Ann Visser", "bio": "Rijdt tram 8.\nElke dag.", "municipality": "GM0344",
            "languages": ["nl", "EN-gb"], "language": "en", "expertByExperience": true,
        });
        let changed = ann.patch("/v1/account", change).await.expect(200);
        assert_eq!(changed["municipality"]["name"], "Utrecht");
        assert_eq!(changed["expertByExperience"], true);
        let seen = app.anonymous().get("/v1/persons/ann").await.expect(200);
        assert_eq!(seen["displayName"], "Ann Visser");
        assert_eq!(seen["bio"], "Rijdt tram 8.\nElke dag.");
        assert_eq!(seen["languages"], json!(["nl", "en-GB"]));
        let cleared = ann.patch("/v1/account", json!({ "municipality": null })).await.expect(200);
        assert_eq!(cleared["municipality"], Value::Null);
        assert_eq!(cleared["displayName"], "Ann Visser", "what is left out stays");
    }

    async fn what_somebody_says_about_their_own_disability_is_in_no_answer_but_their_own(app: &TestApp) {
        let (ann, admin) = (app.member("ann").await, app.admin("ada_admin").await);
        ann.patch("/v1/account", json!({ "expertByExperience": true })).await.expect(200);
        for other in [&app.anonymous(), &app.member("bob").await, &admin] {
            let seen = other.get("/v1/persons/ann").await.expect(200);
            assert!(!seen.body().contains("xpert"), "{seen}");
            assert!(!seen.body().contains("@example.org"), "{seen}");
        }
    }

    async fn a_profile_names_every_fault_at_once(app: &TestApp) {
        let ann = app.member("ann").await;
        let change = json!({
            "displayName": null, "bio": "x".repeat(501), "municipality": "no code!",
            "languages": ["nederlands"], "language": "de", "expertByExperience": "yes", "handle": "eve",
        });
        assert_eq!(ann.patch("/v1/account", change).await.faults(), [
            "/bio too_long",
            "/displayName not_null",
            "/expertByExperience wrong_type",
            "/handle unknown_field",
            "/language not_allowed",
            "/languages/0 language",
            "/municipality municipality_code",
        ]);
        let unknown = ann.patch("/v1/account", json!({ "municipality": "GM9999" })).await;
        assert_eq!(unknown.faults(), ["/municipality unknown_municipality"]);
    }

    async fn a_closed_account_leaves_its_handle_and_nothing_personal(app: &TestApp) {
        let ann = app.member("ann").await;
        ann.patch("/v1/account", json!({ "bio": "Rijdt tram 8.", "municipality": "GM0344" })).await.expect(200);
        ann.delete("/v1/account").await.expect(204);
        ann.get("/v1/account").await.problem(401, "token_invalid");
        try_sign_in(app, "ann", PASSWORD).await.problem(401, "wrong_credentials");
        let seen = app.anonymous().get("/v1/persons/ann").await.expect(200);
        assert_eq!((&seen["closed"], &seen["displayName"], &seen["bio"]), (&json!(true), &json!("ann"), &json!("")));
        assert_eq!(seen["municipality"], Value::Null);
        let mut again = registration("ann");
        again["email"] = "other@example.org".into();
        app.anonymous().post("/v1/accounts", again).await.problem(409, "handle_taken");
    }

    async fn who_finds_a_device_open_does_not_close_the_account(app: &TestApp) {
        let ann = app.member("ann").await;
        app.pass(Duration::minutes(16));
        let refresh = json!({ "refreshToken": ann.refresh });
        let ann = ann.with_tokens(&ann.post("/v1/sessions/_refresh", refresh).await.expect(200));
        ann.delete("/v1/account").await.problem(403, "password_needed");
        let with = |password: &str| ann.delete("/v1/account").json(&json!({ "password": password }));
        with("guessed").await.problem(403, "wrong_password");
        assert_eq!(ann.delete("/v1/account").json(&json!({})).await.faults(), ["/password required"]);
        ann.get("/v1/account").await.expect(200);
        with(PASSWORD).await.expect(204);
        ann.get("/v1/account").await.problem(401, "token_invalid");
    }

    async fn the_address_of_a_closed_account_is_free_again(app: &TestApp) {
        app.member("ann").await.delete("/v1/account").await.expect(204);
        let mut again = registration("ann_again");
        again["email"] = "ann@example.org".into();
        app.anonymous().post("/v1/accounts", again).await.expect(202);
        verify(app, &app.mail_to("ann@example.org").await.word()).await.expect(200);
        app.anonymous().sign_in("ann@example.org", PASSWORD).await;
    }

    async fn a_registration_leaves_the_same_traces_whether_or_not_the_address_is_known(app: &TestApp) {
        app.member("ann").await;
        for (handle, email) in [("known", "ann@example.org"), ("unknown", "somebody@example.org")] {
            let mut sent = registration(handle);
            sent["email"] = email.into();
            app.anonymous().post("/v1/accounts", sent.clone()).await.expect(202);
            // Before and after the mails went out.
            for _ in 0..2 {
                app.anonymous().get(&format!("/v1/persons/{handle}")).await.problem(404, "not_found");
                app.anonymous().post("/v1/accounts", sent.clone()).await.problem(409, "handle_taken");
                try_sign_in(app, handle, PASSWORD).await.problem(403, "email_unverified");
                app.settle().await;
            }
        }
        // What a registration writes is the same too, so it takes as long: all that differs is done later.
        let written = app.kring.db.read(|conn| {
            use diesel::prelude::*;
            let people = kring_db::schema::persons::table.count().get_result::<i64>(conn)?;
            Ok::<_, kring::error::Error>((people, kring_db::schema::accounts::table.count().get_result::<i64>(conn)?))
        });
        assert_eq!(written.await.unwrap(), (3, 3));
    }

    async fn who_registers_with_anothers_address_first_gets_no_hold_of_their_account(app: &TestApp) {
        let mut theirs = registration("thief");
        theirs["email"] = "ann@example.org".into();
        theirs["password"] = "ik ben de eerste".into();
        app.anonymous().post("/v1/accounts", theirs).await.expect(202);
        let asked = app.mail_to("ann@example.org").await;
        assert!(asked.text.contains("@thief"), "a mail says what it confirms: {}", asked.text);
        register(app, "ann").await.expect(202);
        let own = app.mail_to("ann@example.org").await;
        assert!(own.text.contains("@ann"), "{}", own.text);
        verify(app, &own.word()).await.expect(200);
        verify(app, &asked.word()).await.problem(409, "link_used_up");
        try_sign_in(app, "ann@example.org", "ik ben de eerste").await.problem(401, "wrong_credentials");
        try_sign_in(app, "thief", "ik ben de eerste").await.problem(403, "email_unverified");
        let ann = app.anonymous().sign_in("ann@example.org", PASSWORD).await;
        assert_eq!(ann.get("/v1/account").await.expect(200)["handle"], "ann");
    }

    async fn a_registration_that_nobody_confirms_is_forgotten_and_its_handle_free(app: &TestApp) {
        register(app, "ann").await.expect(202);
        app.settle().await;
        let sweep = async || {
            let now = app.clock.now();
            app.kring.db.write(move |tx| kring::accounts::jobs::sweep(tx, now)).await.unwrap();
        };
        app.pass(Duration::days(29));
        sweep().await;
        register(app, "ann").await.problem(409, "handle_taken");
        // Who asks for the mail again has another week.
        let again = json!({ "email": "ann@example.org" });
        app.anonymous().post("/v1/email-verifications/_resend", again).await.expect(202);
        app.settle().await;
        app.pass(Duration::days(6));
        sweep().await;
        register(app, "ann").await.problem(409, "handle_taken");
        app.pass(Duration::days(1));
        sweep().await;
        register(app, "ann").await.expect(202);
        app.settle().await;
    }

    async fn a_new_password_takes_back_what_somebody_else_had_begun(app: &TestApp) {
        let ann = app.member("ann").await;
        // Somebody who got in asks for another address ...
        let sent = json!({ "email": "thief@example.org", "password": PASSWORD });
        ann.post("/v1/account/email-changes", sent).await.expect(202);
        let change = app.mail_to("thief@example.org").await.word();
        // ... and the owner chooses a new password.
        let ask = json!({ "email": "ann@example.org" });
        app.anonymous().post("/v1/password-resets", ask).await.expect(202);
        let word = app.mail_to("ann@example.org").await.word();
        let sent = json!({ "token": word, "newPassword": "een nog langere zin" });
        app.anonymous().post("/v1/password-resets/_complete", sent).await.expect(204);
        verify(app, &change).await.problem(409, "link_used_up");
        app.anonymous().sign_in("ann@example.org", "een nog langere zin").await;
    }

    async fn a_word_in_the_old_mailbox_opens_nothing_once_the_address_changed(app: &TestApp) {
        let ann = app.member("ann").await;
        let ask = json!({ "email": "ann@example.org" });
        app.anonymous().post("/v1/password-resets", ask).await.expect(202);
        let reset = app.mail_to("ann@example.org").await.word();
        let sent = json!({ "email": "new@example.org", "password": PASSWORD });
        ann.post("/v1/account/email-changes", sent).await.expect(202);
        verify(app, &app.mail_to("new@example.org").await.word()).await.expect(200);
        let sent = json!({ "token": reset, "newPassword": "een nog langere zin" });
        app.anonymous().post("/v1/password-resets/_complete", sent).await.problem(409, "link_used_up");
    }

    async fn two_who_register_the_same_handle_at_once_get_one_account(app: &TestApp) {
        let (one, other) = tokio::join!(register(app, "ann"), register(app, "ann"));
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [202, 409], "{one}\n{other}");
    }

    async fn nothing_personal_is_kept_of_a_closed_account(app: &TestApp) {
        let ann = app.member("ann").await;
        let ask = json!({ "email": "ann@example.org" });
        app.anonymous().post("/v1/password-resets", ask).await.expect(202);
        app.settle().await;
        ann.delete("/v1/account").await.expect(204);
        app.settle().await;
        let kept = app.kring.db.read(|conn| {
            use diesel::prelude::*;
            use kring_db::schema::{accounts, email_tokens, mails, persons, sessions};
            let mut found: Vec<String> = mails::table.select(mails::recipient).load(conn)?;
            found.extend(mails::table.select(mails::message).load::<String>(conn)?);
            found.extend(accounts::table.select(accounts::email).load::<Option<String>>(conn)?.into_iter().flatten());
            found.extend(accounts::table.select(accounts::password_hash).load::<String>(conn)?);
            found.extend(email_tokens::table.select(email_tokens::email).load::<String>(conn)?);
            found.extend(sessions::table.select(sessions::device).load::<String>(conn)?);
            found.extend(persons::table.select(persons::bio).load::<String>(conn)?);
            found.retain(|text| !text.is_empty());
            Ok::<_, kring::error::Error>(found)
        });
        assert_eq!(kept.await.unwrap(), [""; 0]);
    }
}
