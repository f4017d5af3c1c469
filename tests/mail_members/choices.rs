//! What members by mail choose, and how they go.

use serde_json::json;

use super::{FORM, invite, invited, path_in, post, reader, states};
use crate::both;
use crate::digests::{TUESDAY, back, network, thread, until};
use crate::harness::app::PASSWORD;
use crate::harness::{TestApp, html};

const YES: &str = "answer=yes&language=nl&frequency=weekly&weekday=tuesday&hour=9";

both! {
    async fn a_member_by_mail_chooses_everything_without_signing_in(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann, "haltes", "Toegankelijke haltes", "hidden").await;
        network(&ann, "wonen", "Thuis wonen", "members").await;
        invite(&ann, "haltes", "mia@example.org").await.expect(201);
        let mail = app.mail_to("mia@example.org").await;
        assert_eq!(mail.subject, "U bent uitgenodigd voor een netwerk bij Kring", "who looks on learns nothing");
        let welcome = post(app, &path_in(app, &mail, "/email-invitations/"), YES).await.expect(200).body();
        let (_, rest) = welcome.split_once("/digest-preferences/").unwrap();
        let own = format!("/digest-preferences/{}", rest.split('"').next().unwrap());

        // A second network is in the same mail, and asks for no day.
        invite(&ann, "wonen", "mia@example.org").await.expect(201);
        let second = invited(app, "mia@example.org").await;
        let page = app.anonymous().get(&second).await.expect(200).body();
        html::check(&page);
        assert!(page.contains("in diezelfde mail") && !page.contains("weekday"), "{page}");
        post(app, &second, "answer=yes").await.expect(200);
        let before = post(app, &second, "answer=yes").await.expect(200).body();
        assert!(before.contains("U zei al ja"), "{before}");

        // Name, language, day, and where others see her.
        let page = app.anonymous().get(&own).await.expect(200).body();
        html::check(&page);
        assert!(page.contains("Thuis wonen") && page.contains("Toegankelijke haltes") && !page.contains("value=\"off\""), "{page}");
        let (_, rest) = page.split_once("name=\"shown\" value=\"").unwrap();
        let first = rest.split('"').next().unwrap().to_owned();
        let choice = format!("frequency=weekly&weekday=tuesday&hour=9&timeZone=Europe/Amsterdam&language=en&shown={first}");
        let faulty = post(app, &own, &format!("{choice}&displayName=+")).await.expect(400).body();
        html::check(&faulty);
        let saved = post(app, &own, &format!("{choice}&displayName=Mia+Bos")).await.expect(200).body();
        assert!(saved.contains("Mia Bos"), "{saved}");
        let shown = |list: &crate::harness::Response| list.json["items"].as_array().unwrap().iter().any(|it| it["person"]["displayName"] == "Mia Bos");
        let seen = (
            shown(&ann.get("/v1/networks/wonen/memberships").await.expect(200)),
            shown(&ann.get("/v1/networks/haltes/memberships").await.expect(200)),
        );
        assert_eq!(seen, (true, false), "the first by name, and no other");
        let numbers = ann.get("/v1/networks/wonen/mail-members").await.expect(200);
        assert_eq!(numbers.json, json!({ "members": 1, "shown": 1, "waiting": 0 }));

        thread(&ann, "Perron te laag").await;
        ann.post("/v1/networks/wonen/threads", json!({ "title": "Drempel te hoog", "body": "Wie weet raad?" })).await.expect(201);
        until(app, TUESDAY);
        let digest = app.mail_to("mia@example.org").await;
        assert!(digest.text.starts_with("Hello Mia Bos,") && digest.text.contains("Perron te laag") && digest.text.contains("Drempel te hoog"), "{}", digest.text);
        assert_eq!(app.mails_to("mia@example.org").await.len(), 3, "two invitations and one digest");

        // She leaves one network; a coordinator takes her out of the other, and nothing is left of her.
        let (old, key) = own.split_once('?').unwrap();
        let leave = format!("{old}/networks/{first}?{key}");
        // An old link, or that of another: when the mail comes can be chosen, and nothing more is seen or changed.
        let strange = format!("{old}?key=99999999999999-{}", "a".repeat(43));
        for old in [old, &strange] {
            let page = app.anonymous().get(old).await.expect(200).body();
            html::check(&page);
            assert!(!page.contains("Toegankelijke haltes") && !page.contains("Mia Bos") && page.contains("te oud"), "{page}");
            post(app, old, "frequency=weekly&weekday=tuesday&hour=9&displayName=Kwaad").await.expect(200);
            app.anonymous().get(&format!("{}/networks/{first}", old.split('?').next().unwrap())).await.expect(404);
        }
        assert!(app.anonymous().get(&own).await.expect(200).body().contains("Mia Bos"));
        html::check(&app.anonymous().get(&leave).await.expect(200).body());
        post(app, &leave, "").await.expect(200);
        app.anonymous().get(&leave).await.expect(404);
        app.settle().await;
        let ann = back(app, "ann").await;
        assert_eq!(states(&ann, "wonen").await, ["left"]);
        app.anonymous().get(&own).await.expect(200);
        // What another network asks her meanwhile is hers to answer, whoever takes her out here.
        let bob = app.member("bob").await;
        network(&bob, "werken", "Werken", "public").await;
        invite(&bob, "werken", "mia@example.org").await.expect(201);
        let asked = invited(app, "mia@example.org").await;
        let id = ann.get("/v1/networks/haltes/invitations?email=mia@example.org").await.expect(200).text("/items/0/id");
        ann.delete(&format!("/v1/networks/haltes/invitations/{id}")).await.expect(204);
        app.settle().await;
        app.anonymous().get(&own).await.expect(404);
        assert_eq!(states(&ann, "haltes").await, ["removed"]);
        assert_eq!(states(&bob, "werken").await, ["invited"]);
        assert!(app.anonymous().get(&asked).await.expect(200).body().contains("name=\"weekday\""), "as somebody new");
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 1);
        // Whom a coordinator took out, a coordinator asks again; who left, nobody does.
        assert_eq!(invite(&ann, "wonen", "mia@example.org").await.faults(), ["/email invited_before"]);
        invite(&ann, "haltes", "mia@example.org").await.expect(201);
        let again = app.anonymous().get(&invited(app, "mia@example.org").await).await.expect(200).body();
        assert!(again.contains("name=\"weekday\"") && !again.contains("Mia Bos"), "{again}");
    }

    [|settings| settings.registration = "approval".into()]
    async fn where_accounts_are_approved_the_digest_goes_on_while_an_admin_looks(app: &TestApp) {
        let (ann, admin) = (app.member("ann").await, app.admin("ada").await);
        network(&ann, "haltes", "Toegankelijke haltes", "members").await;
        let word = reader(app, &ann, "haltes", "mia@example.org", YES).await;
        assert_eq!(ann.get("/v1/networks/haltes").await.expect(200)["memberCount"], 2);
        let ask_and_fill_in = async |handle: &str| {
            let asked = json!({ "token": word });
            app.anonymous().post("/v1/full-memberships", asked).await.expect(202);
            let token = app.mail_to("mia@example.org").await.word();
            let new = json!({ "token": token, "handle": handle, "displayName": "Mia Bos", "password": PASSWORD });
            let done = app.anonymous().post("/v1/full-memberships/_complete", new).await.expect(200);
            assert_eq!(done["canSignIn"], false);
        };
        ask_and_fill_in("mia").await;
        let sign_in = json!({ "login": "mia@example.org", "password": PASSWORD });
        app.anonymous().post("/v1/sessions", sign_in.clone()).await.problem(403, "awaiting_approval");
        app.anonymous().get("/v1/persons/mia").await.expect(404);
        assert_eq!(ann.get("/v1/networks/haltes/memberships").await.expect(200)["items"].as_array().unwrap().len(), 1);
        assert_eq!(admin.get("/v1/account-approvals").await.expect(200).each("handle"), ["mia"]);
        thread(&ann, "Perron te laag").await;
        until(app, TUESDAY);
        let digest = app.mail_to("mia@example.org").await;
        assert!(digest.text.contains("Perron te laag"), "{}", digest.text);
        // Declined, she reads on as before; approved, she is who she was.
        let admin = back(app, "ada").await;
        admin.call("DELETE", "/v1/account-approvals/mia").await.expect(204);
        let told = app.mail_to("mia@example.org").await;
        assert!(told.text.contains("U krijgt het overzicht nog"), "{}", told.text);
        app.anonymous().post("/v1/sessions", sign_in.clone()).await.problem(401, "wrong_credentials");
        ask_and_fill_in("mia_bos").await;
        admin.call("PUT", "/v1/account-approvals/mia_bos").await.expect(204);
        let mia = app.anonymous().sign_in("mia_bos", PASSWORD).await;
        assert_eq!(mia.get("/v1/networks/haltes/memberships/mia_bos").await.expect(200)["state"], "active");
        let stop = path_in(app, &digest, "/unsubscribe/");
        app.anonymous().call("POST", &stop).body(FORM, "List-Unsubscribe=One-Click").await.expect(200);
        assert_eq!(mia.get("/v1/digest-preferences").await.expect(200)["frequency"], "off");
    }

    [|settings| settings.registration = "approval".into()]
    async fn who_asked_to_be_a_full_member_is_kept_until_an_admin_answers(app: &TestApp) {
        let (ann, admin) = (app.member("ann").await, app.admin("ada").await);
        network(&ann, "haltes", "Toegankelijke haltes", "public").await;
        let mut words = Vec::new();
        for handle in ["mia", "nina"] {
            let address = format!("{handle}@example.org");
            let word = reader(app, &ann, "haltes", &address, YES).await;
            app.anonymous().post("/v1/full-memberships", json!({ "token": word })).await.expect(202);
            let token = app.mail_to(&address).await.word();
            let new = json!({ "token": token, "handle": handle, "displayName": "Mia Bos", "password": PASSWORD });
            app.anonymous().post("/v1/full-memberships/_complete", new).await.expect(200);
            words.push(word);
        }
        let members = async || app.anonymous().get("/v1/networks/haltes").await.expect(200)["memberCount"].clone();
        // One is taken out of her only network, and still waits.
        let invitation = ann.get("/v1/networks/haltes/invitations?email=mia@example.org").await.expect(200).text("/items/0/id");
        ann.delete(&format!("/v1/networks/haltes/invitations/{invitation}")).await.expect(204);
        app.settle().await;
        assert_eq!(states(&ann, "haltes").await, ["confirmed", "removed"]);
        // The other wants no mail: for who asked for more that is not leaving.
        let stop = format!("/unsubscribe/{}", words[1]);
        let asked = app.anonymous().get(&stop).await.expect(200).body();
        assert!(!asked.contains("We wissen uw e-mailadres"), "{asked}");
        post(app, &stop, "List-Unsubscribe=One-Click").await.expect(200);
        app.settle().await;
        assert_eq!(members().await, 2);
        assert_eq!(admin.get("/v1/account-approvals").await.expect(200).each("handle"), ["mia", "nina"]);
        admin.call("PUT", "/v1/account-approvals/mia").await.expect(204);
        app.anonymous().sign_in("mia", PASSWORD).await.get("/v1/account").await.expect(200);
        // Declined, the other has nothing left here.
        admin.call("DELETE", "/v1/account-approvals/nina").await.expect(204);
        let told = app.mail_to("nina@example.org").await;
        assert!(told.text.contains("Uw gegevens zijn verwijderd"), "{}", told.text);
        assert_eq!(states(&ann, "haltes").await, ["left", "removed"]);
        assert_eq!(members().await, 1);
        app.anonymous().get(&format!("/digest-preferences/{}", words[1])).await.expect(404);
    }

    async fn where_only_readers_are_left_the_last_coordinator_may_go_and_who_becomes_a_full_member_follows(app: &TestApp) {
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        network(&ann, "haltes", "Toegankelijke haltes", "public").await;
        reader(app, &ann, "haltes", "mia@example.org", YES).await;
        bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
        thread(&ann, "Perron te laag").await;
        let may_leave = async || {
            let page = ann.get("/v1/networks/haltes?include=viewer").await.expect(200);
            page["viewer"]["allowed"].as_array().unwrap().contains(&json!("leave"))
        };
        assert!(!may_leave().await, "Bob could follow her");
        ann.delete("/v1/networks/haltes/memberships/ann").await.problem(409, "last_coordinator");
        bob.delete("/v1/networks/haltes/memberships/bob").await.expect(204);
        assert!(may_leave().await);
        ann.delete("/v1/networks/haltes/memberships/ann").await.expect(204);

        // What a reader can do is become a full member; then she can choose, and be chosen.
        until(app, TUESDAY);
        let digest = app.mail_to("mia@example.org").await;
        let told = "Dit netwerk heeft geen coördinator. Volledige leden kunnen iemand kiezen. U kunt volledig lid worden met de link in uw mail.";
        assert!(digest.text.replace('\n', " ").contains(told), "{}", digest.text);
        let page = app.anonymous().get(&path_in(app, &digest, "/digests/")).await.expect(200).body();
        assert!(page.contains(told), "{page}");
        post(app, &path_in(app, &digest, "/digest-preferences/"), "").await.expect(200);
        let token = app.mail_to("mia@example.org").await.word();
        let new = json!({ "token": token, "handle": "mia", "displayName": "Mia Bos", "password": PASSWORD });
        app.anonymous().post("/v1/full-memberships/_complete", new).await.expect(200);
        let mia = app.anonymous().sign_in("mia", PASSWORD).await;
        mia.put("/v1/networks/haltes/coordinator-choice", json!({ "handle": "mia" })).await;
        assert_eq!(mia.get("/v1/networks/haltes").await.expect(200)["withoutCoordinator"], false);
    }
}
