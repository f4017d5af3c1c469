//! What other networks ask of an address that was asked already waits until it is confirmed, and is not lost.

use chrono::Duration;
use serde_json::{Value, json};

use super::quiet::coordinator;
use super::{invite, path_in, post, states};
use crate::both;
use crate::digests::{back, network};
use crate::harness::mail::Mail;
use crate::harness::{TestApp, html};

/// The invitations and reminders that an address got.
async fn asked(app: &TestApp, address: &str) -> Vec<Mail> {
    let mut mails = app.mails_to(address).await;
    mails.retain(|mail| mail.text.contains("/email-invitations/"));
    mails
}

/// The first invitation of a network, as its list shows it, without what differs between any two.
async fn shown(app: &TestApp, handle: &str, slug: &str) -> Value {
    let list = back(app, handle).await.get(&format!("/v1/networks/{slug}/invitations")).await.expect(200);
    let mut item = list["items"][0].clone();
    item["id"].take();
    item["invitedBy"].take();
    item
}

both! {
    async fn what_others_ask_waits_until_the_address_is_confirmed_and_is_then_in_one_place(app: &TestApp) {
        let ann = coordinator(app, "ann", "haltes").await;
        let (bob, eve) = (coordinator(app, "bob", "wonen").await, app.member("eve").await);
        let (dan, fay) = (coordinator(app, "dan", "sport").await, coordinator(app, "fay", "zorg").await);
        network(&eve, "werken", "Netwerk werken", "hidden").await;
        invite(&ann, "haltes", "jan@example.org").await.expect(201);
        let first = app.mail_to("jan@example.org").await;
        let mut taken_back = String::new();
        for (who, slug) in [(&bob, "wonen"), (&eve, "werken"), (&fay, "zorg"), (&dan, "sport")] {
            taken_back = invite(who, slug, "jan@example.org").await.expect(201).text("/id");
            app.settle().await;
        }
        // Asked by all at the same moment, it is one mail too.
        let all = [(&ann, "haltes"), (&bob, "wonen"), (&eve, "werken"), (&dan, "sport"), (&fay, "zorg")];
        for answer in futures_util::future::join_all(all.map(|(who, slug)| invite(who, slug, "piet@example.org"))).await {
            answer.expect(201);
        }
        assert_eq!((asked(app, "jan@example.org").await.len(), asked(app, "piet@example.org").await.len()), (1, 1));
        app.pass(Duration::days(7));
        assert_eq!((asked(app, "jan@example.org").await.len(), asked(app, "piet@example.org").await.len()), (2, 2));
        // Who waits in silence sees what the first sees.
        let seen = shown(app, "ann", "haltes").await;
        assert!(seen["remindedAt"].is_string(), "{seen}");
        for (handle, slug) in [("bob", "wonen"), ("eve", "werken"), ("dan", "sport"), ("fay", "zorg")] {
            assert_eq!(shown(app, handle, slug).await, seen);
        }

        // The yes: what else waits stands on the page that answers, and one click says yes to each.
        let page = path_in(app, &first, "/email-invitations/");
        let welcome = post(app, &page, "answer=yes&language=nl&frequency=weekly&weekday=tuesday&hour=9").await.expect(200).body();
        html::check(&welcome);
        for slug in ["wonen", "werken", "sport", "zorg"] {
            assert!(welcome.contains(&format!("Ja, ik wil Netwerk {slug} volgen")), "{welcome}");
        }
        let (_, rest) = welcome.split_once("<h3>Netwerk wonen</h3>").unwrap();
        let (_, rest) = rest.split_once("action=\"").unwrap();
        let wonen = rest.split('"').next().unwrap().to_owned();
        let welcome = post(app, &wonen, "answer=yes").await.expect(200).body();
        html::check(&welcome);
        assert!(welcome.contains("U bent lid van Netwerk wonen") && welcome.contains("Netwerk werken") && !welcome.contains("Netwerk haltes"), "{welcome}");
        assert_eq!(app.anonymous().get("/v1/networks/wonen").await.expect(200)["memberCount"], 2);

        // What is left of it comes a day later in one mail, by its subject from nobody in particular: one is hidden.
        let gone = format!("/v1/networks/sport/invitations/{taken_back}");
        back(app, "dan").await.delete(&gone).await.expect(204);
        app.pass(Duration::days(1));
        let mails = asked(app, "jan@example.org").await;
        let (late, text) = (&mails[2], mails[2].text.replace('\n', " "));
        assert_eq!((mails.len(), late.subject.as_str()), (3, "U bent uitgenodigd voor een netwerk bij Kring"));
        assert!(text.contains("eve de Vries vraagt of u het netwerk Netwerk werken bij Kring per mail wilt volgen."), "{text}");
        assert!(text.contains("fay de Vries nodigt u uit voor het netwerk Netwerk zorg.") && !text.contains("sport"), "{text}");
        assert_eq!(shown(app, "eve", "werken").await["remindedAt"], seen["remindedAt"]);
        app.pass(Duration::days(20));
        assert_eq!(asked(app, "jan@example.org").await.len(), 3, "no reminder, and none of the other");
        // The page of the first mail shows it, as long as it waits; and so does that of the one that is answered.
        let again = app.anonymous().get(&page).await.expect(200).body();
        html::check(&again);
        assert!(again.contains("U zei al ja") && again.contains("Netwerk werken") && again.contains("Netwerk zorg"), "{again}");
        let no = post(app, &path_in(app, late, "/email-invitations/"), "answer=no").await.expect(200).body();
        html::check(&no);
        let (_, rest) = no.split_once("<h3>Netwerk zorg</h3>").expect("what else waits");
        let (_, rest) = rest.split_once("href=\"/email-invitations/").unwrap();
        let zorg = format!("/email-invitations/{}", rest.split('"').next().unwrap());
        let welcome = post(app, &zorg, "answer=yes").await.expect(200).body();
        assert!(welcome.contains("U bent lid van Netwerk zorg") && !welcome.contains("<h2>"), "{welcome}");
        // Who never confirmed hears nothing more.
        app.pass(Duration::days(3));
        app.settle().await;
        assert_eq!(states(&back(app, "eve").await, "werken").await, ["expired", "declined"]);
        assert_eq!(states(&back(app, "fay").await, "zorg").await, ["expired", "confirmed"]);
        assert_eq!(asked(app, "piet@example.org").await.len(), 2);
    }

    async fn by_the_api_it_comes_with_the_answer_and_an_account_confirms_an_address_too(app: &TestApp) {
        let (ann, bob) = (coordinator(app, "ann", "haltes").await, coordinator(app, "bob", "wonen").await);
        for address in ["lea@example.org", "kim@example.org", "max@example.org"] {
            invite(&ann, "haltes", address).await.expect(201);
            app.settle().await;
            invite(&bob, "wonen", address).await.expect(201);
            app.settle().await;
        }
        let of = |mail: &Mail| path_in(app, mail, "/email-invitations/").rsplit('/').next().unwrap().to_owned();
        let word = of(&asked(app, "lea@example.org").await[0]);
        let read = format!("/v1/email-invitations/{word}");
        assert_eq!(app.anonymous().get(&read).await.expect(200)["others"], json!([]), "nobody confirmed anything");
        let confirmed = app.anonymous().post(&format!("{read}/_confirm"), json!({})).await.expect(200);
        let others = confirmed["others"].clone();
        assert_eq!((others[0]["network"]["slug"].as_str(), others[0]["invitedBy"].as_str()), (Some("wonen"), Some("bob de Vries")));
        assert_eq!(app.anonymous().get(&read).await.expect(200)["others"], others);
        let second = format!("/v1/email-invitations/{}/_confirm", others[0]["word"].as_str().unwrap());
        assert_eq!(app.anonymous().post(&second, json!({})).await.expect(200)["others"], json!([]));
        assert_eq!(app.anonymous().get(&read).await.expect(200)["others"], json!([]));
        // A no confirms nothing, and shows nothing.
        let no = format!("/v1/email-invitations/{}", of(&asked(app, "max@example.org").await[0]));
        app.anonymous().post(&format!("{no}/_decline"), json!({})).await.expect(204);
        assert_eq!(app.anonymous().get(&no).await.expect(200)["others"], json!([]));

        app.member("kim").await;
        app.pass(Duration::days(1));
        let kim = asked(app, "kim@example.org").await;
        assert_eq!(kim.iter().map(|mail| mail.subject.as_str()).collect::<Vec<_>>(), [
            "ann de Vries nodigt u uit voor Netwerk haltes",
            "bob de Vries nodigt u uit voor Netwerk wonen",
        ]);
        assert!(kim[1].text.contains("U hebt een account"), "{}", kim[1].text);
        app.pass(Duration::days(10));
        app.settle().await;
        assert_eq!((asked(app, "lea@example.org").await.len(), asked(app, "max@example.org").await.len()), (1, 1));
        // Asked after that answer, it is shown to who reads its own mail alone.
        let eve = coordinator(app, "eve", "werken").await;
        invite(&eve, "werken", "lea@example.org").await.expect(201);
        assert_eq!(asked(app, "lea@example.org").await.len(), 2);
        assert_eq!(app.anonymous().get(&read).await.expect(200)["others"], json!([]));
    }
}
