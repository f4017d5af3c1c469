//! What a digest looks like, whole: both parts, in both languages.

use insta::{assert_snapshot, with_settings};
use serde_json::json;

use super::{TUESDAY, ann_and_bob, back, change, network, reply, thread, to_bob, until};
use crate::both;
use crate::harness::mail::Mail;
use crate::harness::{Client, TestApp};

both! {
    async fn a_digest_in_dutch(app: &TestApp) {
        let mail = full(app, "nl").await;
        show(app, "dutch", &mail);
    }

    async fn a_digest_in_english(app: &TestApp) {
        let mail = full(app, "en").await;
        show(app, "english", &mail);
    }

    async fn a_digest_can_be_read_by_everybody(app: &TestApp) {
        let mail = full(app, "nl").await;
        let count = |what: &str| mail.html.matches(what).count();
        assert_eq!((count("<h1"), count("<html lang=\"nl\"")), (1, 1));
        assert_eq!(count("<h2"), 3, "one for what waits, and one for each network");
        assert_eq!(count("<table"), count("<table role=\"presentation\""));
        assert_eq!(count("<img") + count("<script") + count("url(") + count("@import"), 0, "nothing is loaded");
        assert!(mail.html.contains("prefers-color-scheme: dark"));
        assert!(mail.html.contains("lang=\"en\""), "what is in another language says so");
        let sizes = mail.html.split("font-size:").skip(1).filter_map(|rest| rest.split("px").next()?.parse().ok());
        assert!(sizes.min().is_some_and(|least: u32| least >= 16));
        // Every word of the text part stands in the other too.
        let told = mail.text.lines().filter(|line| line.starts_with("* "));
        assert!(told.clone().count() >= 6);
        for title in told {
            let title = title[2..].replace('&', "&#38;").replace('\'', "&#39;");
            assert!(mail.html.contains(&title), "{title}");
        }
    }
}

/// A digest of all there is, as Bob gets it.
async fn full(app: &TestApp, language: &str) -> Mail {
    let (ann, bob) = ann_and_bob(app, "public").await;
    bob.patch("/v1/account", json!({ "language": language, "displayName": "Bob Jansen" }))
        .await
        .expect(200);
    let eve = app.member("eve").await;
    eve.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
    // What Bob was told last week, and what goes on.
    let guide = write(&ann, "haltes", "guide", "Zo meet u een perron", "Neem een meetlint mee.").await;
    let old = thread(&ann, "Bus zonder plank").await;
    let own = reply(&bob, &old, "Bij mij ook niet.").await;
    until(app, TUESDAY);
    app.settle().await;
    let (ann, eve, bob) = (back(app, "ann").await, back(app, "eve").await, back(app, "bob").await);
    change(&ann, &guide, "Neem een meetlint mee, en iemand die helpt.").await;
    change(&eve, &guide, "Neem een meetlint mee, en twee mensen die helpen.").await;
    let body = "# Plan\n\n## Visie\n\nIn 2030 komt **iedereen** de bus in & uit. Ook wie niet kan lopen, zien of horen. \
                Daarvoor bouwen we zestig haltes om, te beginnen bij het ziekenhuis, de markt en de drie scholen.";
    write(&ann, "haltes", "plan", "Plan voor haltes in Utrecht", body).await;
    reply(&ann, &old, "Hier ook. Ik heb het gemeld.").await;
    reply(&eve, &old, "De vervoerder zegt dat het **volgend jaar** beter wordt. Lukt dat, @bob?").await;
    let answer = json!({ "body": "Waar was dat?", "parent": own });
    eve.post(&format!("/v1/threads/{old}/replies"), answer).await.expect(201);
    waiting(&eve, &bob).await;
    for number in 1..=5 {
        thread(&eve, &format!("Halte {number}")).await;
    }
    let english =
        json!({ "title": "Step-free stops in London", "body": "What can we learn?", "language": "en" });
    let english = ann.post("/v1/networks/haltes/threads", english).await.expect(201).text("/id");
    reply(&eve, &english, "Veel!").await;
    network(&ann, "onder-ons", "Onder ons", "members").await;
    bob.post("/v1/networks/onder-ons/memberships", json!({})).await.expect(201);
    let private = json!({ "title": "Wie gaat er mee?", "body": "Zaterdag om tien uur bij de markt." });
    ann.post("/v1/networks/onder-ons/threads", private).await.expect(201);
    until(app, "2026-12-01T08:00:00Z");
    to_bob(app).await.remove(1)
}

/// What waits for Bob besides posts: an invitation to Eve's network, and Eve, who wants to join his.
async fn waiting(eve: &Client, bob: &Client) {
    network(eve, "arbeid", "Aan het werk", "hidden").await;
    eve.post("/v1/networks/arbeid/memberships", json!({ "handle": "bob" })).await.expect(201);
    let lifts = json!({
        "slug": "liften", "name": "Liften die het doen", "description": "Voor wie niet kan klimmen.",
        "joinPolicy": "request",
    });
    bob.post("/v1/networks", lifts).await.expect(201);
    eve.post("/v1/networks/liften/memberships", json!({})).await.expect(201);
}

async fn write(by: &Client, network: &str, kind: &str, title: &str, body: &str) -> String {
    let new = json!({ "kind": kind, "title": title, "body": body, "language": "nl" });
    by.post(&format!("/v1/networks/{network}/documents"), new).await.expect(201).text("/id")
}

/// Holds the mail against what was looked at before, ids and words left out.
fn show(app: &TestApp, name: &str, mail: &Mail) {
    let headers =
        ["List-Id", "List-Unsubscribe", "List-Unsubscribe-Post", "Auto-Submitted", "Content-Language"];
    let headers: Vec<String> = headers.iter().map(|name| format!("{name}: {}", mail.header(name))).collect();
    let text = format!("Subject: {}\n{}\n\n{}", mail.subject, headers.join("\n"), mail.text);
    let filters = vec![
        (app.base.as_str(), "http://kring.example"),
        (r"box\d+\.example\.org", "example.org"),
        (r"[0-9a-hjkmnp-tv-z]{13}[A-Za-z0-9_-]{43}", "TOKEN"),
        (r"(key=|/digests/)[A-Za-z0-9_-]{43}", "${1}WORD"),
        (r"(/|around=|#reply-)[0-9a-hjkmnp-tv-z]{13}", "${1}ID"),
    ];
    with_settings!({ filters => filters, omit_expression => true }, {
        assert_snapshot!(format!("{name}_text"), text);
        assert_snapshot!(format!("{name}_html"), mail.html);
    });
}
