//! Digests: who gets one, when, with what in it, and where its links lead.

#[path = "digests/commands.rs"]
mod commands;
#[path = "digests/invitations.rs"]
mod invitations;
#[path = "digests/kill.rs"]
mod kill;
#[path = "digests/links.rs"]
mod links;
#[path = "digests/looks.rs"]
mod looks;
#[path = "digests/privacy.rs"]
mod privacy;
#[path = "digests/runs.rs"]
mod runs;
#[path = "digests/waiting.rs"]
mod waiting;
#[path = "digests/wishes.rs"]
mod wishes;

use chrono::Duration;
use serde_json::{Value, json};

use crate::both;
use crate::harness::app::PASSWORD;
use crate::harness::mail::Mail;
use crate::harness::{Client, TestApp};

/// Ann's network, of this visibility, and Bob in it. Everybody starts on a Monday morning; digests come on Tuesday.
pub async fn ann_and_bob(app: &TestApp, visibility: &str) -> (Client, Client) {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    network(&ann, "haltes", "Toegankelijke haltes", visibility).await;
    if visibility == "hidden" {
        ann.post("/v1/networks/haltes/memberships", json!({ "handle": "bob" })).await.expect(201);
    }
    bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
    app.settle().await;
    (ann, bob)
}

pub async fn network(by: &Client, slug: &str, name: &str, visibility: &str) {
    let network = json!({
        "slug": slug, "name": name, "description": "Voor wie met de bus wil.", "visibility": visibility,
        "municipalities": ["GM0344"],
    });
    by.post("/v1/networks", network).await.expect(201);
}

/// Starts a thread in Ann's network; returns its id.
pub async fn thread(by: &Client, title: &str) -> String {
    let thread = json!({ "title": title, "body": format!("Over {title}. Wie denkt er mee?") });
    by.post("/v1/networks/haltes/threads", thread).await.expect(201).text("/id")
}

pub async fn reply(by: &Client, thread: &str, body: &str) -> String {
    by.post(&format!("/v1/threads/{thread}/replies"), json!({ "body": body }))
        .await
        .expect(201)
        .text("/id")
}

/// Lets time pass until a moment, as `2026-11-24T08:00:00Z`.
pub fn until(app: &TestApp, moment: &str) {
    app.until(moment.parse().expect("a time"));
}

/// Tuesday at nine, by the clock in Amsterdam.
pub const TUESDAY: &str = "2026-11-24T08:00:00Z";

/// Somebody on a new session: the old one has run out when days have passed.
pub async fn back(app: &TestApp, handle: &str) -> Client {
    app.anonymous().sign_in(handle, PASSWORD).await
}

/// Bob's digests once all that is due is done.
pub async fn to_bob(app: &TestApp) -> Vec<Mail> {
    let mails = app.mails_to("bob@example.org").await.into_iter();
    mails.filter(|mail| mail.maybe_header("list-id").is_some()).collect()
}

both! {
    async fn a_week_comes_as_one_mail_on_tuesday_at_nine(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "public").await;
        thread(&ann, "Perron te laag").await;
        thread(&ann, "Bus zonder plank").await;
        until(app, "2026-11-24T07:59:59Z");
        assert_eq!(to_bob(app).await, [], "not before its time");
        until(app, TUESDAY);
        let mails = to_bob(app).await;
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].subject, "Nieuw in Toegankelijke haltes: Bus zonder plank, en 1 gesprek");
        for part in [&mails[0].text, &mails[0].html] {
            assert!(part.contains("Perron te laag") && part.contains("Over Bus zonder plank. Wie denkt er mee?"));
        }
        assert_eq!(app.mails_to("ann@example.org").await, [], "Ann wrote all of it herself");
    }

    async fn where_nothing_is_new_no_mail_comes(app: &TestApp) {
        ann_and_bob(app, "public").await;
        until(app, TUESDAY);
        assert_eq!(to_bob(app).await, []);
        thread(&back(app, "ann").await, "Perron te laag").await;
        app.pass(Duration::days(7));
        assert_eq!(to_bob(app).await.len(), 1);
        for _ in 0..3 {
            app.pass(Duration::days(7));
            assert_eq!(to_bob(app).await.len(), 1, "and nothing is told twice");
        }
    }

    async fn what_a_reader_wrote_or_read_is_left_out(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "public").await;
        let read = thread(&ann, "Gelezen").await;
        let unread = thread(&ann, "Ongelezen").await;
        let own = thread(&bob, "Van Bob").await;
        reply(&bob, &unread, "Ik denk mee.").await;
        bob.put(&format!("/v1/threads/{read}/read-state"), json!({})).await.expect(200);
        until(app, TUESDAY);
        let mail = &to_bob(app).await[0];
        assert_eq!(mail.subject, "Nieuw in Toegankelijke haltes: Ongelezen");
        assert!(!mail.text.contains("Gelezen\n") && !mail.text.contains("Van Bob"), "{}", mail.text);
        // The same threads go on: replies by others are new, whoever began them.
        let ann = back(app, "ann").await;
        reply(&ann, &read, "Nog iets.").await;
        reply(&ann, &own, "Dank je.").await;
        app.pass(Duration::days(7));
        let mail = &to_bob(app).await[1];
        assert!(mail.text.contains("* Gelezen\n  1 nieuwe reactie, van ann de Vries\n  Nog iets."), "{}", mail.text);
        assert!(mail.text.contains("* Van Bob\n") && !mail.text.contains("Ongelezen"), "{}", mail.text);
    }

    async fn a_deleted_thread_or_reply_is_not_told(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "public").await;
        let gone = thread(&ann, "Vergissing").await;
        let own = thread(&bob, "Van Bob").await;
        let answer = reply(&ann, &own, "Ook een vergissing.").await;
        ann.delete(&format!("/v1/threads/{gone}")).await.expect(204);
        ann.delete(&format!("/v1/replies/{answer}")).await.expect(204);
        until(app, TUESDAY);
        assert_eq!(to_bob(app).await, []);
    }

    async fn who_left_or_was_removed_is_told_nothing_of_it(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "hidden").await;
        thread(&ann, "Onder ons").await;
        bob.delete("/v1/networks/haltes/memberships/bob").await.expect(204);
        app.member("eve").await;
        until(app, TUESDAY);
        assert_eq!(to_bob(app).await, []);
        assert_eq!(app.mails_to("eve@example.org").await, []);
    }

    async fn a_closed_account_gets_nothing(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "public").await;
        thread(&ann, "Perron te laag").await;
        bob.delete("/v1/account").await.expect(204);
        until(app, TUESDAY);
        assert_eq!(to_bob(app).await, []);
    }

    async fn members_of_a_network_without_coordinator_are_told_so(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "public").await;
        thread(&ann, "Perron te laag").await;
        ann.delete("/v1/account").await.expect(204);
        until(app, TUESDAY);
        let mail = to_bob(app).await.remove(0);
        for part in [&mail.text, &mail.html] {
            assert!(part.contains("Dit netwerk heeft geen coördinator. U kunt iemand kiezen."), "{part}");
        }
        let page = links::path_with(app, &mail, "/digests/");
        assert!(app.anonymous().get(&page).await.expect(200).body().contains("geen coördinator"));
    }

    async fn a_newcomer_is_told_of_the_week_before_and_not_of_the_year_before(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann, "haltes", "Toegankelijke haltes", "public").await;
        thread(&ann, "Heel lang geleden").await;
        app.settle().await;
        app.pass(Duration::days(300));
        let ann = back(app, "ann").await;
        thread(&ann, "Vlak ervoor").await;
        app.pass(Duration::days(2));
        let bob = app.member("bob").await;
        bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
        app.settle().await;
        app.pass(Duration::days(7));
        let mails = to_bob(app).await;
        assert_eq!(mails.len(), 1);
        assert!(mails[0].text.contains("Vlak ervoor") && !mails[0].text.contains("geleden"), "{}", mails[0].text);
    }

    async fn what_arrives_while_nothing_ran_comes_in_one_mail_later(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "public").await;
        thread(&ann, "Week een").await;
        // Nothing is done meanwhile: the clock jumps over three Tuesdays.
        until(app, "2026-12-09T10:00:00Z");
        let mails = to_bob(app).await;
        assert_eq!(mails.len(), 1);
        let ann = back(app, "ann").await;
        thread(&ann, "Week vier").await;
        until(app, "2026-12-15T08:00:00Z");
        let mails = to_bob(app).await;
        assert_eq!(mails.len(), 2);
        assert!(mails[1].text.contains("Week vier") && !mails[1].text.contains("Week een"));
    }

    async fn several_runs_at_once_make_one_mail_for_each(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "public").await;
        for number in 0..12 {
            let member = app.member(&format!("member{number}")).await;
            member.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
        }
        thread(&ann, "Perron te laag").await;
        app.settle().await;
        until(app, TUESDAY);
        let runs = (0..4).map(|_| {
            let app = app.kring.clone();
            tokio::task::spawn_blocking(move || kring::digests::jobs::run(&app, app.clock.now()).unwrap())
        });
        for run in runs.collect::<Vec<_>>() {
            run.await.unwrap();
        }
        app.settle().await;
        let mut to: Vec<String> = app.mailbox.all().into_iter().map(|mail| mail.to).collect();
        to.sort();
        let unique = to.len();
        to.dedup();
        assert_eq!((unique, to.len()), (13, 13), "{to:?}");
    }

    async fn of_much_some_is_told_and_the_rest_is_counted(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "public").await;
        for number in 1..=17 {
            thread(&ann, &format!("Gesprek {number}")).await;
        }
        until(app, TUESDAY);
        let mail = &to_bob(app).await[0];
        assert_eq!(mail.text.matches("\n* Gesprek").count(), 5);
        assert!(mail.text.contains("En nog 12 gesprekken. Lees alles in Toegankelijke haltes:"), "{}", mail.text);
        assert!(mail.text.contains("Gesprek 17") && !mail.text.contains("Gesprek 12\n"), "the newest are told");
    }

    async fn networks_are_told_apart_those_with_documents_first(app: &TestApp) {
        let (ann, bob) = ann_and_bob(app, "public").await;
        network(&ann, "arbeid", "Aan het werk", "public").await;
        network(&ann, "wonen", "Thuis wonen", "public").await;
        for slug in ["arbeid", "wonen"] {
            bob.post(&format!("/v1/networks/{slug}/memberships"), json!({})).await.expect(201);
        }
        thread(&ann, "Perron te laag").await;
        let other = json!({ "title": "Werkplek", "body": "Hoe regel je die?" });
        ann.post("/v1/networks/arbeid/threads", other).await.expect(201);
        document(&ann, "wonen", "Thuis voorbereid").await;
        until(app, TUESDAY);
        let mail = &to_bob(app).await[0];
        assert_eq!(
            mail.subject,
            "Nieuw in Thuis wonen en 2 andere netwerken: Thuis voorbereid, en 2 gesprekken"
        );
        let places = ["Thuis wonen\n===", "Aan het werk\n===", "Toegankelijke haltes\n==="];
        let places: Vec<usize> = places.iter().map(|name| mail.text.find(name).expect(name)).collect();
        assert!(places.is_sorted(), "{}", mail.text);
        assert_eq!(mail.html.matches("<h2").count(), 3);
    }

    async fn a_changed_document_is_told_once_with_who_changed_it_how_often(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "public").await;
        let eve = app.member("eve").await;
        eve.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
        let plan = document(&ann, "haltes", "Plan voor haltes").await;
        until(app, TUESDAY);
        assert!(to_bob(app).await[0].text.contains("* Plan voor haltes\n  Nieuw plan, van ann de Vries\n"));
        let (ann, bob, eve) = (back(app, "ann").await, back(app, "bob").await, back(app, "eve").await);
        for (who, body) in [(&ann, "Twee."), (&eve, "Drie."), (&bob, "Vier.")] {
            change(who, &plan, body).await;
        }
        document(&bob, "haltes", "Van Bob").await;
        change(&ann, &plan, "Vijf.").await;
        app.pass(Duration::days(7));
        let mail = &to_bob(app).await[1];
        // Bob has read what he changed, and with it all that came before.
        assert!(mail.text.contains("* Plan voor haltes\n  Plan, 1 keer veranderd door ann de Vries\n"), "{}", mail.text);
        assert!(!mail.text.contains("Van Bob"), "{}", mail.text);
        let mail = &app.mails_to("eve@example.org").await[1];
        let told = "Plan, 2 keer veranderd door ann de Vries en bob de Vries\n";
        assert!(mail.text.contains(told), "{}", mail.text);
    }
}

/// Writes a plan; returns its id.
pub async fn document(by: &Client, network: &str, title: &str) -> String {
    let plan = json!({
        "kind": "plan", "title": title, "body": "## Visie\n\nIedereen kan mee. Ook wie niet kan lopen.", "language": "nl",
    });
    by.post(&format!("/v1/networks/{network}/documents"), plan).await.expect(201).text("/id")
}

pub async fn change(by: &Client, document: &str, body: &str) {
    let path = format!("/v1/documents/{document}");
    let known = by.get(&path).await.expect(200);
    let (etag, title): (String, Value) = (known.header("etag").to_owned(), known["title"].clone());
    let new = json!({ "title": title, "body": body, "language": "nl" });
    by.put(&path, new).header("if-match", &etag).await.expect(200);
}
