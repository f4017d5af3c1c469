//! Nobody learns whether an address has an account; and who reads by mail is one person, however they come further.

use chrono::Duration;
use serde_json::{Value, json};

use super::{invite, invited, path_in, post, reader, states};
use crate::both;
use crate::digests::{TUESDAY, back, network, thread, until};
use crate::harness::app::PASSWORD;
use crate::harness::{Response, TestApp};

/// The invitations of a list, without what differs between any two.
fn alike(list: &Response) -> Vec<Value> {
    let items = list.json["items"].as_array().unwrap().iter().cloned();
    items
        .map(|mut item| {
            item["id"].take();
            item["email"].take();
            item
        })
        .collect()
}

both! {
    async fn an_answer_tells_nothing_of_accounts_until_their_owners_act(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let (carol, dora) = (app.member("carol").await, app.member("dora").await);
        network(&ann, "haltes", "Toegankelijke haltes", "public").await;
        carol.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
        dora.put("/v1/digest-preferences", json!({ "frequency": "off" })).await.expect(200);
        bob.patch("/v1/account", json!({ "language": "en" })).await.expect(200);
        let list = "bob@example.org\ncarol@example.org\ndora@example.org\nnina@example.org\n";
        let path = "/v1/networks/haltes/invitations";
        let report = ann.call("POST", path).body("text/csv", list).await.expect(201);
        assert_eq!(report.json, json!({ "dryRun": false, "created": 4, "problems": [] }));
        app.settle().await;
        let seen = alike(&ann.get(path).await.expect(200));
        assert!(seen.len() == 4 && seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
        assert_eq!(ann.get("/v1/networks/haltes/memberships?state=invited").await.expect(200)["items"], json!([]));

        // Who has an account is asked in their own language; who is a member or wants no mail is left alone.
        let mail = app.mail_to("bob@example.org").await;
        assert!(mail.subject.starts_with("ann de Vries invites you") && mail.text.contains("You have an account at Kring."), "{}", mail.text);
        assert_eq!((app.mails_to("carol@example.org").await, app.mails_to("dora@example.org").await), (vec![], vec![]));
        assert_eq!(app.mails_to("nina@example.org").await.len(), 1);
        let page = path_in(app, &mail, "/email-invitations/");
        let shown = app.anonymous().get(&page).await.expect(200).body();
        crate::harness::html::check(&shown);
        assert!(shown.contains("@bob") && !shown.contains("name=\"weekday\""), "{shown}");
        let word = page.rsplit('/').next().unwrap();
        let read = app.anonymous().get(&format!("/v1/email-invitations/{word}")).await.expect(200);
        assert_eq!((read.text("/knownAs"), read.text("/network/slug")), ("account".into(), "haltes".into()));
        let confirm = format!("/v1/email-invitations/{word}/_confirm");
        assert_eq!(app.anonymous().post(&confirm, json!({ "frequency": "off", "hour": 24, "more": 1 })).await.faults(), [
            "/frequency not_allowed", "/hour hour", "/more unknown_field"
        ]);
        app.anonymous().post(&confirm, json!({})).await.expect(200);
        app.anonymous().post(&confirm, json!({})).await.problem(409, "link_used_up");
        assert_eq!(bob.get("/v1/networks/haltes/memberships/bob").await.expect(200)["state"], "active");
        app.pass(Duration::days(7));
        app.settle().await;
        app.pass(Duration::days(23));
        app.settle().await;
        assert_eq!(states(&back(app, "ann").await, "haltes").await, ["expired", "expired", "expired", "confirmed"]);
        assert_eq!(app.mails_to("nina@example.org").await.len(), 2);
        // What is whose to see: another coordinator sees no address, a member no list.
        let ann = back(app, "ann").await;
        invite(&ann, "haltes", "otto@example.org").await.expect(201);
        ann.patch("/v1/networks/haltes/memberships/carol", json!({ "role": "coordinator" })).await.expect(200);
        let carol = back(app, "carol").await;
        assert_eq!(carol.get(&format!("{path}?state=invited")).await.expect(200).each("email"), [json!(null)]);
        assert_eq!(carol.get(&format!("{path}?email=otto@example.org")).await.expect(200)["items"], json!([]));
        assert_eq!(ann.get(&format!("{path}?email=otto@example.org")).await.expect(200).each("email"), ["otto@example.org"]);
        back(app, "bob").await.get(path).await.problem(403, "coordinators_only");
    }

    async fn a_registration_that_nobody_confirmed_gets_no_word_where_the_address_reads_by_mail(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann, "haltes", "Toegankelijke haltes", "public").await;
        let account = json!({ "handle": "nina", "displayName": "Nina", "email": "nina@example.org", "password": PASSWORD });
        app.anonymous().post("/v1/accounts", account).await.expect(202);
        let registered = app.mail_to("nina@example.org").await;
        reader(app, &ann, "haltes", "nina@example.org", "answer=yes").await;
        app.anonymous().post("/v1/email-verifications/_resend", json!({ "email": "nina@example.org" })).await.expect(202);
        assert_eq!(app.mails_to("nina@example.org").await.len(), 2, "the registration and the invitation");
        let token = json!({ "token": registered.word() });
        app.anonymous().post("/v1/email-verifications", token).await.problem(409, "link_used_up");
    }

    async fn who_reads_by_mail_and_registers_is_the_same_person(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann, "haltes", "Toegankelijke haltes", "members").await;
        reader(app, &ann, "haltes", "nina@example.org", "answer=yes&frequency=daily&weekday=tuesday&hour=9").await;
        thread(&ann, "Perron te laag").await;
        let anonymous = app.anonymous();
        // As for an address that nobody knows.
        for login in ["nina@example.org", "nobody@example.org"] {
            let tried = json!({ "login": login, "password": PASSWORD });
            anonymous.post("/v1/sessions", tried).await.problem(401, "wrong_credentials");
            anonymous.post("/v1/email-verifications/_resend", json!({ "email": login })).await.expect(202);
        }
        assert_eq!(app.mails_to("nina@example.org").await.len(), 1, "the invitation");
        // Somebody who wants the address for their own account.
        let bob = app.member("bob").await;
        bob.post("/v1/account/email-changes", json!({ "email": "nina@example.org", "password": PASSWORD })).await.expect(202);
        assert!(app.mail_to("nina@example.org").await.text.contains("dit adres krijgt al het overzicht"));
        // Who forgot that there is no password is told how to get one.
        anonymous.post("/v1/password-resets", json!({ "email": "nina@example.org" })).await.expect(202);
        let forgotten = app.mail_to("nina@example.org").await;
        assert_eq!(forgotten.subject, "Word volledig lid van Kring");

        until(app, TUESDAY);
        let digest = app.mail_to("nina@example.org").await;
        let account = json!({ "handle": "nina", "displayName": "Nina Smit", "email": "Nina@example.org", "password": "een ander wachtwoord", "language": "en" });
        anonymous.post("/v1/accounts", account).await.expect(202);
        // Whoever wrote the address down, its owner chooses the password: the registration itself leads nowhere.
        let registered = app.mail_to("nina@example.org").await;
        assert_eq!(registered.subject, "Word volledig lid van Kring");
        anonymous.post("/v1/email-verifications", json!({ "token": registered.word() })).await.problem(409, "link_used_up");
        let stolen = json!({ "login": "nina", "password": "een ander wachtwoord" });
        anonymous.post("/v1/sessions", stolen).await.problem(401, "wrong_credentials");
        let complete = json!({ "token": registered.word(), "handle": "nina", "displayName": "Nina Smit", "password": PASSWORD });
        anonymous.post("/v1/full-memberships/_complete", complete).await.expect(200);
        let nina = anonymous.sign_in("nina", PASSWORD).await;
        assert_eq!(nina.get("/v1/account").await.expect(200)["language"], "nl");
        assert_eq!(nina.get("/v1/networks/haltes/memberships/nina").await.expect(200)["state"], "active");
        assert_eq!(nina.get("/v1/digest-preferences").await.expect(200)["frequency"], "daily");
        assert_eq!(nina.get("/v1/digests").await.expect(200)["items"].as_array().unwrap().len(), 1);
        assert_eq!(anonymous.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);
        anonymous.get(&path_in(app, &digest, "/threads/")).await.expect(200);
        // Nothing is left to become, and stopping the mail is no longer leaving.
        let complete = json!({ "token": forgotten.word(), "handle": "nina2", "displayName": "Nina", "password": PASSWORD });
        anonymous.post("/v1/full-memberships/_complete", complete).await.problem(409, "link_used_up");
        post(app, &path_in(app, &digest, "/unsubscribe/"), "").await.expect(200);
        assert_eq!(nina.get("/v1/digest-preferences").await.expect(200)["frequency"], "off");
        let invitations = back(app, "ann").await.get("/v1/networks/haltes/invitations").await.expect(200);
        let path = format!("/v1/networks/haltes/invitations/{}", invitations.text("/items/0/id"));
        back(app, "ann").await.delete(&path).await.problem(409, "not_waiting");
        invited_again(app).await;
    }
}

/// Who closes an account is forgotten where they were invited, too.
async fn invited_again(app: &TestApp) {
    let bob = back(app, "bob").await;
    network(&bob, "wonen", "Thuis wonen", "public").await;
    invite(&bob, "wonen", "Nina@example.org").await.expect(201);
    let nina = app.anonymous().sign_in("nina", PASSWORD).await;
    nina.put("/v1/digest-preferences", json!({ "frequency": "weekly" })).await.expect(200);
    nina.delete("/v1/account").await.expect(204);
    app.settle().await;
    assert_eq!(states(&bob, "wonen").await, ["declined"]);
    invite(&bob, "wonen", "mies@example.org").await.expect(201);
    let page = invited(app, "mies@example.org").await;
    bob.patch("/v1/networks/wonen", json!({ "archived": true })).await.expect(200);
    let closed = app.anonymous().get(&page).await.expect(200).body();
    assert!(closed.contains("Het netwerk is gesloten."), "{closed}");
    let word = page.rsplit('/').next().unwrap();
    let confirm = format!("/v1/email-invitations/{word}/_confirm");
    app.anonymous().post(&confirm, json!({})).await.problem(403, "network_archived");
    invite(&bob, "wonen", "koos@example.org").await.problem(403, "network_archived");
    app.pass(Duration::days(8));
    assert_eq!(app.mails_to("mies@example.org").await.len(), 1, "a closed network reminds nobody");
}
