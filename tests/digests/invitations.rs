//! The mail that tells somebody that they are invited.

use serde_json::json;

use super::{back, network};
use crate::both;
use crate::harness::mail::Mail;
use crate::harness::{Client, TestApp};

async fn invite(by: &Client) {
    by.post("/v1/networks/haltes/memberships", json!({ "handle": "bob" })).await.expect(201);
}

/// Bob, whom Ann invited to her network.
async fn invited(app: &TestApp, visibility: &str) -> (Client, Client) {
    let (ann, bob) = (app.member("ann").await, app.member("bob").await);
    network(&ann, "haltes", "Toegankelijke haltes", visibility).await;
    invite(&ann).await;
    (ann, bob)
}

async fn mails(app: &TestApp) -> Vec<Mail> {
    app.mails_to("bob@example.org").await
}

both! {
    async fn who_is_invited_hears_of_it_by_mail_once(app: &TestApp) {
        let (ann, bob) = invited(app, "members").await;
        let mail = mails(app).await.remove(0);
        assert_eq!(mail.subject, "ann de Vries nodigt u uit voor Toegankelijke haltes");
        for part in [&mail.text, &mail.html] {
            assert!(part.contains("ann de Vries vraagt of u lid wilt worden van het netwerk Toegankelijke haltes bij Kring."), "{part}");
            assert!(part.contains(&format!("{}/networks/haltes", app.base)), "{part}");
        }
        app.anonymous().get("/networks/haltes").await.expect(200);
        invite(&ann).await;
        bob.delete("/v1/networks/haltes/memberships/bob").await.expect(204);
        invite(&ann).await;
        assert_eq!(mails(app).await.len(), 1, "whoever invites them how often");
        assert_eq!(app.mails_to("ann@example.org").await, []);
    }

    async fn a_hidden_network_stands_in_the_mail_and_not_in_its_subject(app: &TestApp) {
        invited(app, "hidden").await;
        let mail = mails(app).await.remove(0);
        assert_eq!(mail.subject, "U bent uitgenodigd voor een netwerk bij Kring");
        assert!(mail.text.contains("Toegankelijke haltes") && !mail.text.contains("/networks/haltes"), "{}", mail.text);
        assert_eq!(mail.link(), format!("{}/", app.base));
    }

    [|settings| settings.frontend_url = "https://kring.example.org".into()]
    async fn with_a_frontend_it_leads_to_the_network_there(app: &TestApp) {
        invited(app, "hidden").await;
        assert_eq!(mails(app).await[0].link(), "https://kring.example.org/networks/haltes");
    }

    async fn who_wants_no_mail_gets_none_and_the_mail_itself_says_how(app: &TestApp) {
        let (ann, bob) = invited(app, "public").await;
        let mail = mails(app).await.remove(0);
        let stop = mail.header("list-unsubscribe");
        let stop = stop.trim_matches(['<', '>']).strip_prefix(&app.base).unwrap();
        assert!(mail.text.contains(stop) && mail.html.contains(stop));
        app.anonymous().get(stop).await.expect(200);
        let form = "application/x-www-form-urlencoded";
        app.anonymous().call("POST", stop).body(form, "List-Unsubscribe=One-Click").await.expect(200);
        assert_eq!(bob.get("/v1/digest-preferences").await.expect(200)["frequency"], "off");
        network(&ann, "wonen", "Thuis wonen", "public").await;
        ann.post("/v1/networks/wonen/memberships", json!({ "handle": "bob" })).await.expect(201);
        assert_eq!(mails(app).await.len(), 1);
        let choose = stop.replace("/unsubscribe/", "/digest-preferences/");
        app.anonymous().get(&choose).await.expect(200);
        back(app, "bob").await.delete("/v1/account").await.expect(204);
        app.settle().await;
        app.anonymous().get(&choose).await.expect(404);
    }

    async fn it_is_in_the_language_of_who_gets_it(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        bob.patch("/v1/account", json!({ "language": "en" })).await.expect(200);
        network(&ann, "haltes", "Toegankelijke haltes", "public").await;
        invite(&ann).await;
        let mail = mails(app).await.remove(0);
        assert_eq!(mail.subject, "ann de Vries invites you to Toegankelijke haltes");
        assert_eq!(mail.header("content-language"), "en");
    }
}
