//! Members by mail: invited by their address, told what is new, and gone with one click.

#[path = "mail_members/choices.rs"]
mod choices;
#[path = "mail_members/quiet.rs"]
mod quiet;
#[path = "mail_members/secrecy.rs"]
mod secrecy;
#[path = "mail_members/waiting.rs"]
mod waiting;

use insta::{assert_snapshot, with_settings};
use serde_json::{Value, json};

use crate::both;
use crate::digests::{TUESDAY, back, network, reply, until};
use crate::harness::app::PASSWORD;
use crate::harness::mail::Mail;
use crate::harness::{Client, Response, TestApp, html};

const FORM: &str = "application/x-www-form-urlencoded";

/// Posts a form.
pub async fn post(app: &TestApp, path: &str, form: &str) -> Response {
    app.anonymous().call("POST", path).body(FORM, form).await
}

/// The path of the first link of a mail that leads below `below`.
#[track_caller]
pub fn path_in(app: &TestApp, mail: &Mail, below: &str) -> String {
    let start = format!("{}{below}", app.base);
    let links = mail.text.split_whitespace().filter_map(|word| word.strip_prefix(&app.base));
    let found = links.into_iter().find(|path| path.starts_with(below));
    found.unwrap_or_else(|| panic!("no {start} in:\n{}", mail.text)).to_owned()
}

/// Where the owner of an address says yes or no.
pub async fn invited(app: &TestApp, address: &str) -> String {
    let mail = app.mail_to(address).await;
    path_in(app, &mail, "/email-invitations/")
}

/// Invites one address.
pub async fn invite(by: &Client, network: &str, address: &str) -> Response {
    by.post(&format!("/v1/networks/{network}/invitations"), json!({ "email": address })).await
}

/// Makes the owner of an address a member by mail; returns the word in their mails.
pub async fn reader(app: &TestApp, by: &Client, network: &str, address: &str, form: &str) -> String {
    invite(by, network, address).await.expect(201);
    let page = post(app, &invited(app, address).await, form).await.expect(200).body();
    let (_, rest) = page.split_once("/digest-preferences/").expect("where to choose");
    rest.split(['?', '"']).next().unwrap().to_owned()
}

/// How each invitation to a network stands, newest first.
pub async fn states(by: &Client, network: &str) -> Vec<Value> {
    by.get(&format!("/v1/networks/{network}/invitations?limit=100"))
        .await
        .expect(200)
        .each("state")
}

async fn members(app: &TestApp) -> Value {
    app.anonymous().get("/v1/networks/haltes").await.expect(200)["memberCount"].clone()
}

/// Forty lines as a coordinator's spreadsheet writes them, with faults among them.
fn list() -> Vec<u8> {
    let mut lines = vec!["Naam;E-mailadres;Taal".to_owned()];
    lines.extend((1..=34).map(|number| format!(";lezer{number}@example.org;")));
    lines.extend([
        "José Muñoz;jose@example.org;nl".to_owned(),
        "Kate;kate@example.org;English".to_owned(),
        "Piet;piet@example;nl".to_owned(),
        ";LEZER2@example.org;".to_owned(),
        "Pierre;pierre@example.org;fr".to_owned(),
        "Zonder adres;;nl".to_owned(),
    ]);
    let text = lines.join("\r\n");
    encoding_rs::WINDOWS_1252.encode(&text).0.into_owned()
}

both! {
    async fn forty_addresses_become_readers_of_whom_one_leaves_and_one_becomes_a_full_member(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann, "haltes", "Toegankelijke haltes", "members").await;
        let invitations = "/v1/networks/haltes/invitations";

        // The list: first what would come of it, then what does, then the same again.
        let dry = format!("{invitations}?dryRun=true");
        let told = ann.call("POST", &dry).body("text/csv", list()).await.expect(200);
        assert_eq!((&told["created"], &told["dryRun"]), (&json!(36), &json!(true)), "{told}");
        assert_eq!(states(&ann, "haltes").await, [""; 0]);
        let once = |key: &'static str| ann.call("POST", invitations).body("text/csv", list()).header("idempotency-key", key);
        let report = once("one").await.expect(201);
        let problems: Vec<(i64, String, String)> = report["problems"].as_array().unwrap().iter()
            .map(|it| (it["line"].as_i64().unwrap(), it["email"].as_str().unwrap().into(), it["code"].as_str().unwrap().into()))
            .collect();
        let problem = |line: i64, email: &str, code: &str| (line, email.to_owned(), code.to_owned());
        assert_eq!(problems, [
            problem(38, "piet@example", "email"),
            problem(39, "LEZER2@example.org", "twice_in_file"),
            problem(40, "pierre@example.org", "not_allowed"),
            problem(41, "", "empty"),
        ]);
        assert_eq!(report["problems"][1]["sentence"], "Dit adres staat al in regel 3.");
        assert_eq!((&report["created"], &report["dryRun"]), (&json!(36), &json!(false)));
        assert_eq!(once("one").await.expect(201).json, report.json, "sent twice it is one");
        let again = once("two").await.expect(201);
        assert_eq!((&again["created"], &again["problems"][0]["code"]), (&json!(0), &json!("already_invited")));

        // The mail, and the page behind it: looking changes nothing, however often a scanner does.
        let mail = app.mail_to("jose@example.org").await;
        assert_eq!(mail.subject, "ann de Vries nodigt u uit voor Toegankelijke haltes");
        show(app, &mail);
        assert_eq!(app.mail_to("kate@example.org").await.subject, "ann de Vries invites you to Toegankelijke haltes");
        let page = path_in(app, &mail, "/email-invitations/");
        for _ in 0..2 {
            let seen = app.anonymous().get(&page).await.expect(200).body();
            html::check(&seen);
            assert!(seen.contains("ann de Vries nodigt u uit voor het netwerk Toegankelijke haltes") && seen.contains("José Muñoz"), "{seen}");
        }
        assert_eq!(members(app).await, 1);
        assert_eq!(ann.get("/v1/networks/haltes/mail-members").await.expect(200).json, json!({ "members": 0, "shown": 0, "waiting": 36 }));

        // Thirty-three say yes, one of them with a name for others to see and on a day of her own; one says no.
        let faulty = post(app, &page, "answer=yes&shown=true&displayName=").await.expect(400).body();
        html::check(&faulty);
        assert!(faulty.contains("Vul een naam in als andere leden u mogen zien."), "{faulty}");
        let yes = "answer=yes&language=nl&frequency=weekly&weekday=wednesday&hour=10&displayName=Jos%C3%A9+Mu%C3%B1oz&shown=true";
        let welcome = post(app, &page, yes).await.expect(200).body();
        html::check(&welcome);
        assert!(welcome.contains("de eerste mail op 25 november 2026 om 10.00 uur"), "{welcome}");
        for number in 1..=32 {
            let page = invited(app, &format!("lezer{number}@example.org")).await;
            post(app, &page, "answer=yes&language=nl&frequency=weekly&weekday=tuesday&hour=9&displayName=").await.expect(200);
        }
        let no = post(app, &invited(app, "lezer33@example.org").await, "answer=no").await.expect(200).body();
        assert!(no.contains("We hebben uw adres gewist."), "{no}");
        assert_eq!(members(app).await, 34);
        let list = ann.get("/v1/networks/haltes/memberships").await.expect(200);
        let names: Vec<(&Value, &Value)> = list["items"].as_array().unwrap().iter()
            .map(|it| (&it["person"]["handle"], &it["person"]["displayName"])).collect();
        assert_eq!(names, [(&json!("ann"), &json!("ann de Vries")), (&json!(null), &json!("José Muñoz"))]);
        let waiting = ann.get(&format!("{invitations}?state=invited")).await.expect(200);
        let mut waiting = waiting.each("email");
        waiting.sort_by_key(Value::to_string);
        assert_eq!(waiting, ["kate@example.org", "lezer34@example.org"], "an address shows while it waits");
        let confirmed = ann.get(&format!("{invitations}?state=confirmed&limit=100")).await.expect(200);
        assert_eq!(confirmed.each("email"), vec![Value::Null; 33]);

        // The digest, for each who said yes and nobody else.
        let thread = ann.post("/v1/networks/haltes/threads", json!({ "title": "Perron te laag", "body": "Wie herkent dit?" })).await.expect(201).text("/id");
        until(app, TUESDAY);
        let digest = app.mail_to("lezer1@example.org").await;
        assert_eq!(digest.subject, "Nieuw in Toegankelijke haltes: Perron te laag");
        assert!(digest.text.starts_with("Dag,\n\nDit is er nieuw voor u: 1 gesprek."), "{}", digest.text);
        let read = path_in(app, &digest, "/threads/");
        assert!(app.anonymous().get(&read).await.expect(200).body().contains("Wie herkent dit?"), "without signing in");
        assert_eq!(app.mailbox.all().iter().filter(|mail| mail.maybe_header("list-id").is_some()).count(), 32);
        assert_eq!(app.mails_to("lezer34@example.org").await.len(), 1, "the invitation, and nothing else");

        // One leaves with the button of a mail program.
        let stop = digest.header("list-unsubscribe");
        let stop = stop.trim_matches(['<', '>']).strip_prefix(&app.base).unwrap().to_owned();
        let asked = app.anonymous().get(&stop).await.expect(200).body();
        html::check(&asked);
        assert!(asked.contains("We wissen uw e-mailadres"), "{asked}");
        let gone = post(app, &stop, "List-Unsubscribe=One-Click").await.expect(200).body();
        html::check(&gone);
        assert!(gone.contains("zijn gewist") && gone.contains("/no-invitations/"), "{gone}");
        post(app, &stop, "List-Unsubscribe=One-Click").await.expect(200);
        app.settle().await;
        assert_eq!(members(app).await, 33);
        app.anonymous().get(&read).await.expect(404);
        let ann = back(app, "ann").await;
        assert_eq!(invite(&ann, "haltes", "lezer1@example.org").await.faults(), ["/email invited_before"]);

        // One becomes a full member: by a mail to their own address, whoever has the digest.
        let digest = app.mail_to("lezer2@example.org").await;
        let full = path_in(app, &digest, "/digest-preferences/");
        assert!(full.ends_with("/full-membership"), "{full}");
        html::check(&app.anonymous().get(&full).await.expect(200).body());
        post(app, &full, "").await.expect(200);
        let page = path_in(app, &app.mail_to("lezer2@example.org").await, "/full-membership/");
        html::check(&app.anonymous().get(&page).await.expect(200).body());
        let faulty = post(app, &page, "handle=ann&displayName=&password=kort").await.expect(400).body();
        html::check(&faulty);
        let taken = post(app, &page, "handle=ann&displayName=Wim&password=een+lange+zin+is+prima").await.expect(400).body();
        assert!(taken.contains("Deze naam is al in gebruik.") && taken.contains("href=\"#handle\""), "{taken}");
        post(app, &page, "handle=wim&displayName=Wim+Bos&password=een+lange+zin+is+prima").await.expect(200);
        post(app, &page, "handle=wim2&displayName=Wim+Bos&password=een+lange+zin+is+prima").await.expect(410);
        let wim = app.anonymous().sign_in("lezer2@example.org", PASSWORD).await;
        assert_eq!(members(app).await, 33);
        let own = wim.get("/v1/networks/haltes/memberships/wim").await.expect(200);
        assert_eq!((&own["state"], &own["person"]["displayName"]), (&json!("active"), &json!("Wim Bos")));
        assert_eq!(wim.get("/v1/digest-preferences").await.expect(200)["weekday"], "tuesday");
        assert_eq!(wim.get("/v1/digests").await.expect(200).each("period"), ["2026-W48"]);
        app.anonymous().get(&path_in(app, &digest, "/threads/")).await.expect(200);
        reply(&wim, &thread, "Hier ook.").await;
        until(app, "2026-11-25T09:00:00Z");
        let digest = app.mail_to("jose@example.org").await;
        assert!(digest.text.starts_with("Dag José Muñoz,") && digest.text.contains("1 reactie"), "{}", digest.text);
    }
}

/// Holds the invitation against what was looked at before, words left out.
fn show(app: &TestApp, mail: &Mail) {
    let filters = vec![
        (app.base.as_str(), "http://kring.example"),
        (r"/no-invitations/[A-Za-z0-9_-]+", "/no-invitations/WORD"),
        (r"/email-invitations/[A-Za-z0-9_-]+", "/email-invitations/WORD"),
    ];
    let told = format!(
        "Subject: {}\nList-Unsubscribe-Post: {}\n\n{}",
        mail.subject,
        mail.header("list-unsubscribe-post"),
        mail.text
    );
    with_settings!({ filters => filters, omit_expression => true }, {
        assert_snapshot!("invitation", told);
    });
}
