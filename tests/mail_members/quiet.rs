//! An address that did not confirm is left in peace.

use chrono::Duration;
use serde_json::json;

use super::{invite, invited, path_in, post, states};
use crate::both;
use crate::digests::{back, network};
use crate::harness::{Client, TestApp};

/// Somebody with a network of that name.
pub async fn coordinator(app: &TestApp, handle: &str, slug: &str) -> Client {
    let who = app.member(handle).await;
    network(&who, slug, &format!("Netwerk {slug}"), "public").await;
    who
}

both! {
    async fn who_says_nothing_gets_one_mail_and_one_reminder_ever(app: &TestApp) {
        let ann = coordinator(app, "ann", "haltes").await;
        let created = invite(&ann, "haltes", "Jan@Example.org").await.expect(201);
        assert_eq!((&created["state"], &created["email"]), (&json!("invited"), &json!("Jan@example.org")));
        let page = invited(app, "Jan@example.org").await;
        let withdrawn = invite(&ann, "haltes", "piet@example.org").await.expect(201).text("/id");
        let his = invited(app, "piet@example.org").await;
        let invitations = "/v1/networks/haltes/invitations";
        ann.delete(&format!("{invitations}/{withdrawn}")).await.expect(204);
        ann.delete(&format!("{invitations}/{withdrawn}")).await.problem(409, "not_waiting");
        app.anonymous().get(&his).await.expect(410);

        app.pass(Duration::days(6));
        assert_eq!(app.mails_to("Jan@example.org").await.len(), 1);
        app.pass(Duration::days(1));
        let reminder = app.mail_to("Jan@example.org").await;
        assert_eq!(reminder.subject, "Herinnering: ann de Vries nodigt u uit voor Netwerk haltes");
        assert_eq!(path_in(app, &reminder, "/email-invitations/"), page, "either mail will do");
        app.pass(Duration::days(22));
        app.settle().await;
        app.anonymous().get(&page).await.expect(200);
        app.pass(Duration::days(1));
        app.settle().await;
        app.anonymous().get(&page).await.expect(410);
        post(app, &page, "answer=yes").await.expect(410);
        let word = page.rsplit('/').next().unwrap();
        app.anonymous().post(&format!("/v1/email-invitations/{word}/_confirm"), json!({})).await.problem(409, "link_used_up");

        // Nothing that anybody does brings another mail of this network, or of accounts.
        let ann = back(app, "ann").await;
        assert_eq!(states(&ann, "haltes").await, ["withdrawn", "expired"]);
        assert_eq!(ann.get(invitations).await.expect(200).each("email"), [json!(null), json!(null)]);
        for address in ["jan@example.org", "piet@example.org"] {
            assert_eq!(invite(&ann, "haltes", address).await.faults(), ["/email invited_before"]);
            app.anonymous().post("/v1/password-resets", json!({ "email": address })).await.expect(202);
            app.anonymous().post("/v1/email-verifications/_resend", json!({ "email": address })).await.expect(202);
        }
        app.pass(Duration::days(400));
        assert_eq!(app.mails_to("Jan@example.org").await.len(), 2);
        assert_eq!(app.mails_to("jan@example.org").await, []);
        assert_eq!(app.mails_to("piet@example.org").await.len(), 1);

        // No other network brings one, either, by a mail or a reminder. What was asked before is not for its coordinator to
        // know: nothing that they see differs.
        for (handle, slug) in [("bob", "wonen"), ("eve", "werken")] {
            let who = coordinator(app, handle, slug).await;
            let dry = format!("/v1/networks/{slug}/invitations?dryRun=true");
            let told = who.call("POST", &dry).body("text/csv", "jan@example.org\n").await.expect(200);
            assert_eq!((&told["created"], &told["problems"]), (&json!(1), &json!([])));
            invite(&who, slug, "jan@example.org").await.expect(201);
            app.settle().await;
            app.pass(Duration::days(7));
            app.settle().await;
            let list = back(app, handle).await.get(&format!("/v1/networks/{slug}/invitations")).await.expect(200);
            assert_eq!((list.each("state"), list.each("email")), (vec![json!("invited")], vec![json!("jan@example.org")]));
            assert!(list["items"][0]["remindedAt"].is_string(), "{list}");
            app.pass(Duration::days(23));
            app.settle().await;
            assert_eq!(states(&back(app, handle).await, slug).await, ["expired"]);
        }
        assert_eq!(app.mails_to("jan@example.org").await, []);
    }

    async fn who_wants_no_invitations_gets_none_from_anybody(app: &TestApp) {
        let (ann, bob) = (coordinator(app, "ann", "haltes").await, coordinator(app, "bob", "wonen").await);
        let eve = coordinator(app, "eve", "werken").await;
        invite(&ann, "haltes", "kees@example.org").await.expect(201);
        let mail = app.mail_to("kees@example.org").await;
        invite(&bob, "wonen", "kees@example.org").await.expect(201);
        app.settle().await;
        // The button of mail programs says it, and so does the link.
        let stop = mail.header("list-unsubscribe");
        let stop = stop.trim_matches(['<', '>']).strip_prefix(&app.base).unwrap();
        assert_eq!(stop, path_in(app, &mail, "/no-invitations/"));
        let asked = app.anonymous().get(stop).await.expect(200).body();
        crate::harness::html::check(&asked);
        assert_eq!(states(&ann, "haltes").await, ["invited"], "looking changes nothing");
        post(app, stop, "List-Unsubscribe=One-Click").await.expect(200);
        post(app, stop, "").await.expect(200);
        app.anonymous().get(&format!("{stop}x")).await.expect(404);
        assert_eq!((states(&ann, "haltes").await, states(&bob, "wonen").await), (vec![json!("declined")], vec![json!("declined")]));
        // To a third network nothing tells that he said so.
        invite(&eve, "werken", "KEES@example.org").await.expect(201);
        app.pass(Duration::days(8));
        app.settle().await;
        app.pass(Duration::days(32));
        assert_eq!(app.mails_to("kees@example.org").await.len(), 1, "that of the first network, from before");
        assert_eq!(app.mails_to("KEES@example.org").await, []);
        assert_eq!(states(&back(app, "eve").await, "werken").await, ["expired"]);

        // By the API a no is to one network, or to all.
        let ann = back(app, "ann").await;
        for (address, never) in [("lea@example.org", false), ("max@example.org", true)] {
            invite(&ann, "haltes", address).await.expect(201);
            let page = invited(app, address).await;
            let word = page.rsplit('/').next().unwrap();
            let decline = format!("/v1/email-invitations/{word}/_decline");
            app.anonymous().post(&decline, json!({ "neverAgain": never })).await.expect(204);
            app.anonymous().post(&decline, json!({})).await.expect(204);
            assert_eq!(app.anonymous().get(&format!("/v1/email-invitations/{word}")).await.expect(200)["state"], "declined");
            invite(&back(app, "bob").await, "wonen", address).await.expect(201);
            assert_eq!(app.mails_to(address).await.len(), 1);
            // Said after the no, it counts as well; and ends what waits elsewhere.
            app.anonymous().post(&decline, json!({ "neverAgain": true })).await.expect(204);
            invite(&back(app, "eve").await, "werken", address).await.expect(201);
            assert_eq!(app.mails_to(address).await.len(), 1);
        }
        assert_eq!(states(&back(app, "bob").await, "wonen").await, ["declined", "declined", "declined"]);
    }

    [|settings| settings.email_invitations_per_day = 3]
    async fn no_network_and_no_coordinator_floods_mailboxes(app: &TestApp) {
        let ann = coordinator(app, "ann", "haltes").await;
        network(&ann, "wonen", "Wonen", "public").await;
        let list = "a@example.org\nb@example.org\nc@example.org\nd@example.org\ne@example\n";
        let report = ann.call("POST", "/v1/networks/haltes/invitations").body("text/csv", list).await.expect(201);
        assert_eq!(report["created"], 3);
        let codes: Vec<&str> = report["problems"].as_array().unwrap().iter().map(|it| it["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["invitation_limit", "email"]);
        assert_eq!(invite(&ann, "wonen", "d@example.org").await.faults(), ["/email invitation_limit"], "the same coordinator");
        app.pass(Duration::days(1));
        let ann = back(app, "ann").await;
        invite(&ann, "wonen", "d@example.org").await.expect(201);
        let faulty = ann.call("POST", "/v1/networks/haltes/invitations").body("text/csv", "\n\n").await;
        assert_eq!(faulty.faults(), [" no_lines"]);

        // Many at once are no way around it, in one network or in two.
        app.pass(Duration::days(1));
        let ann = &back(app, "ann").await;
        let ask = |number: u32| async move {
            let network = if number.is_multiple_of(2) { "haltes" } else { "wonen" };
            invite(ann, network, &format!("f{number}@example.org")).await
        };
        let asked = futures_util::future::join_all((0..10).map(ask)).await;
        let (passed, others): (Vec<_>, Vec<_>) = asked.into_iter().partition(|answer| answer.status == 201);
        assert_eq!(passed.len(), 3);
        assert!(others.into_iter().all(|answer| answer.faults() == ["/email invitation_limit"]));
    }
}
