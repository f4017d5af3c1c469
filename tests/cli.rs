//! The command line, beside a server that runs.

use std::process::Output;

use kring::clock::Clock;
use serde_json::{Value, json};

use crate::both;
use crate::digests::network;
use crate::harness::app::PASSWORD;
use crate::harness::{TestApp, kring};
use crate::mail_members::reader;

/// Runs `kring` on the data and the database of the application.
pub fn beside(app: &TestApp, arguments: &[&str]) -> Output {
    let data = app.data();
    kring(&data, arguments)
        .env("KRING_DATA", &data)
        .env("KRING_DATABASE_URL", &app.kring.config.database_url)
        .env("KRING_MAIL_URL", app.mailbox.url())
        .env("KRING_MAIL_FROM", format!("Kring <{}>", app.mailbox.sender))
        .output()
        .unwrap()
}

/// What it printed, where it went well.
pub fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What it complained of, where it did not.
pub fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn municipality(app: &TestApp, code: &str) -> Value {
    app.anonymous().get(&format!("/v1/municipalities/{code}")).await.json
}

both! {
    async fn whoever_runs_the_server_makes_the_first_admin(app: &TestApp) {
        let ann = app.member("ann").await;
        ann.get("/v1/account-approvals").await.problem(403, "admin_only");
        assert_eq!(printed(&beside(app, &["admin", "grant", "@Ann"])), "@ann is an administrator now.\n");
        ann.get("/v1/account-approvals").await.expect(200);
        let nobody = refused(&beside(app, &["admin", "grant", "nobody"]));
        assert!(nobody.contains("there is no account with the handle nobody"), "{nobody}");
        let nonsense = refused(&beside(app, &["admin", "grant", "a b"]));
        assert!(nonsense.contains("is no handle"), "{nonsense}");
    }

    [|settings| settings.registration = "approval".into()]
    async fn whoever_runs_the_server_approves_an_account(app: &TestApp) {
        let account = json!({
            "handle": "ann", "displayName": "Ann", "email": "ann@example.org", "password": PASSWORD,
        });
        app.anonymous().post("/v1/accounts", account).await.expect(202);
        let word = app.mail_to("ann@example.org").await.word();
        app.anonymous().post("/v1/email-verifications", json!({ "token": word })).await.expect(200);
        let sign_in = json!({ "login": "ann", "password": PASSWORD });
        app.anonymous().post("/v1/sessions", sign_in.clone()).await.problem(403, "awaiting_approval");
        printed(&beside(app, &["admin", "accounts", "approve", "ann"]));
        app.anonymous().post("/v1/sessions", sign_in).await.expect(201);
        // The other process goes by the clock on the wall.
        app.clock.set(Clock::default().now());
        assert_eq!(app.mail_to("ann@example.org").await.subject, "Uw account bij Kring is klaar");
        printed(&beside(app, &["admin", "accounts", "approve", "ann"]));
        assert_eq!(app.mails_to("ann@example.org").await.len(), 2, "approving twice mails once");
    }

    [|settings| settings.registration = "closed".into()]
    async fn whoever_runs_the_server_makes_an_account_for_somebody_who_then_chooses_a_password(app: &TestApp) {
        let create = ["admin", "accounts", "create", "Ann", "ann@example.org", "--display-name", "Ann de Boer"];
        let told = printed(&beside(app, &create));
        assert_eq!(told, "@ann has an account and gets a mail to choose a password.\n");
        // The other process goes by the clock on the wall.
        app.clock.set(Clock::default().now());
        let mail = app.mail_to("ann@example.org").await;
        assert!(mail.text.contains("@ann") && mail.link().contains("/reset-password/"), "{}", mail.text);
        let sign_in = json!({ "login": "ann", "password": PASSWORD });
        app.anonymous().post("/v1/sessions", sign_in).await.problem(401, "wrong_credentials");
        app.anonymous().get("/v1/persons/ann").await.problem(404, "not_found");
        let chosen = json!({ "token": mail.word(), "newPassword": PASSWORD });
        app.anonymous().post("/v1/password-resets/_complete", chosen.clone()).await.expect(204);
        app.anonymous().post("/v1/password-resets/_complete", chosen).await.problem(409, "link_used_up");
        let ann = app.anonymous().sign_in("ann@example.org", PASSWORD).await;
        assert_eq!(ann.get("/v1/account").await.expect(200)["displayName"], "Ann de Boer");
        network(&ann, "haltes", "Toegankelijke haltes", "public").await;
        reader(app, &ann, "haltes", "jan@example.org", "answer=yes").await;
        for (handle, email, complaint) in [
            ("ann", "other@example.org", "the handle ann is taken"),
            ("bob", "ANN@example.org", "has an account already"),
            // A member by mail becomes a full one by a word of their own.
            ("jan", "Jan@example.org", "has an account already"),
            ("b", "bob@example.org", "b: "),
            ("bob", "bob", "bob: "),
        ] {
            let told = refused(&beside(app, &["admin", "accounts", "create", handle, email]));
            assert!(told.contains(complaint), "{told}");
        }
    }

    async fn another_countrys_municipalities_come_from_the_same_kind_of_list(app: &TestApp) {
        let list = app.data().join("be.csv");
        let csv = "country,code,name,province_code,province,valid_from,valid_to,successors\n\
                   BE,44021,Gent (Gand),BE-VOV,Oost-Vlaanderen,1977-01-01,,\n\
                   BE,46014,Lokeren,BE-VOV,Oost-Vlaanderen,,2024-12-31,46029\n\
                   BE,44045,Moerbeke,BE-VOV,Oost-Vlaanderen,,2024-12-31,46029 44021\n\
                   BE,46029,Lokeren,BE-VOV,Oost-Vlaanderen,2025-01-01,,\n";
        std::fs::write(&list, csv).unwrap();
        let list = list.display().to_string();
        assert_eq!(printed(&beside(app, &["admin", "municipalities", &list])), "4 municipalities loaded.\n");
        let ghent = municipality(app, "BE-44021").await;
        assert_eq!((&ghent["name"], &ghent["officialName"]), (&json!("Gent"), &json!("Gent (Gand)")));
        assert_eq!((&ghent["country"], &ghent["validFrom"]), (&json!("BE"), &json!("1977-01-01")));
        let merged = municipality(app, "BE-44045").await;
        assert_eq!(merged["validTo"], "2024-12-31");
        let mut successors: Vec<&Value> =
            merged["successors"].as_array().expect("a list").iter().map(|m| &m["code"]).collect();
        successors.sort_by_key(|code| code.to_string());
        assert_eq!(successors, ["BE-44021", "BE-46029"]);
        let found = app.anonymous().get("/v1/municipalities?query=lokeren").await.expect(200);
        assert_eq!(found.each("code"), ["BE-46014", "BE-46029"]);
        // Loading it again brings it up to date.
        std::fs::write(&list, csv.replace("Gent (Gand)", "Gent")).unwrap();
        printed(&beside(app, &["admin", "municipalities", &list]));
        assert_eq!(municipality(app, "BE-44021").await["officialName"], "Gent");
        assert_eq!(municipality(app, "GM0344").await["name"], "Utrecht", "the Dutch ones stay");
    }

    async fn a_list_with_a_fault_names_its_line_and_loads_nothing(app: &TestApp) {
        let list = app.data().join("be.csv");
        let head = "country,code,name,province_code,province\n";
        for (rows, told) in [
            ("BE,1,Een,,\nBE,2,,,\n", "line 3"),
            ("BE,1,Een,,\nBelgium,2,Twee,,\n", "line 3"),
            ("BE,1,Een,,\nBE,2\n", "line 3"),
        ] {
            std::fs::write(&list, format!("{head}{rows}")).unwrap();
            let output = beside(app, &["admin", "municipalities", &list.display().to_string()]);
            let complaint = refused(&output);
            assert!(complaint.contains(told), "{complaint}");
            assert_eq!(municipality(app, "BE-1").await["code"], "not_found", "all or nothing");
        }
        let gone = refused(&beside(app, &["admin", "municipalities", "gone.csv"]));
        assert!(gone.contains("gone.csv"), "{gone}");
    }
}

#[test]
fn help_says_what_every_command_does() {
    let folder = crate::harness::folder();
    let help = printed(&kring(folder.path(), &["--help"]).output().unwrap());
    for command in ["serve", "worker", "migrate", "openapi", "admin"] {
        let line = help.lines().find(|line| line.trim_start().starts_with(command));
        let line = line.unwrap_or_else(|| panic!("no {command} in:\n{help}"));
        assert!(line.trim().len() > command.len() + 5, "{line}");
        assert!(!printed(&kring(folder.path(), &[command, "--help"]).output().unwrap()).is_empty());
    }
    assert_eq!(
        printed(&kring(folder.path(), &["--version"]).output().unwrap()).split(' ').next(),
        Some("kring")
    );
}
