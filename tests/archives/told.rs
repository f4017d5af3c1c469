//! The mail that tells how long work ended.

use chrono::Duration;
use diesel::prelude::*;
use kring::jobs::asked::AskedId;
use kring::jobs::queue::{self, JobKind};
use kring_db::schema::{accounts, asked_jobs, persons};
use serde_json::{Value, json};

use super::network;
use crate::both;
use crate::harness::TestApp;

/// Something that somebody asked for five minutes ago, and that a worker comes to now.
async fn asked(app: &TestApp, handle: &'static str, kind: &'static str, request: Value) {
    let write = move |tx: &mut kring_db::Tx, cx: &kring::app::Context| {
        let account: i64 = accounts::table
            .inner_join(persons::table)
            .filter(persons::handle.eq(handle))
            .select(accounts::id)
            .first(tx.conn())?;
        let id: AskedId = cx.id();
        let row = (
            asked_jobs::id.eq(id),
            asked_jobs::account_id.eq(account),
            asked_jobs::kind.eq(kind),
            asked_jobs::state.eq("queued"),
            asked_jobs::request.eq(request.to_string()),
            asked_jobs::done.eq(0),
            asked_jobs::has_file.eq(false),
            asked_jobs::created_at.eq(cx.now() - Duration::minutes(5)),
        );
        diesel::insert_into(asked_jobs::table).values(row).execute(tx.conn())?;
        queue::enqueue(tx, cx, JobKind::Asked, &id, cx.now())
    };
    app.kring.write_for_anyone(write).await.unwrap();
    app.settle().await;
}

both! {
    async fn who_waits_long_for_what_they_asked_for_is_told_by_mail(app: &TestApp) {
        let (ann, bob) = network(app).await;
        let before = app.mails_to("bob@example.org").await.len();
        bob.call("POST", "/v1/account/exports").await.expect(202);
        assert_eq!(app.mails_to("bob@example.org").await.len(), before, "it is there at once: he sees it");

        asked(app, "bob", "account_export", json!({})).await;
        let mail = app.mails_to("bob@example.org").await.pop().expect("a mail");
        assert_eq!(mail.subject, "Uw gegevens staan klaar");
        let address = mail.text.split_whitespace().find(|word| word.contains("/v1/archives/")).expect("where it is");
        let path = &address[address.find("/v1/").unwrap()..];
        bob.get(path).await.expect(200);
        ann.get(path).await.problem(404, "not_found");

        // What did not work is told, too, with what to do about it.
        let halte = ann.get("/v1/networks/halte").await.expect(200)["id"].clone();
        bob.delete("/v1/networks/halte/memberships/bob").await.expect(204);
        asked(app, "bob", "network_archive", json!({ "network": halte })).await;
        let mail = app.mails_to("bob@example.org").await.pop().expect("a mail");
        assert_eq!(mail.subject, "Uw archief is niet gemaakt");
        assert!(mail.text.contains("leden"), "{}", mail.text);

        // Who wants no mail gets none.
        ann.put("/v1/digest-preferences", json!({ "frequency": "off" })).await.expect(200);
        let before = app.mails_to("ann@example.org").await.len();
        asked(app, "ann", "account_export", json!({})).await;
        assert_eq!(app.mails_to("ann@example.org").await.len(), before);
        assert_eq!(app.mails_to("bob@example.org").await.iter().filter(|mail| mail.subject.starts_with("Uw ")).count(), 2);
    }
}
