//! What follows from what happened, and an event from which nothing can follow.

use diesel::prelude::*;
use kring::error::Error;
use kring::jobs::outbox::{self, Event, EventKind};
use kring_db::schema::event_failures;
use serde_json::json;

use crate::both;
use crate::harness::TestApp;

/// Somebody joined who is not there: no digest can be begun for them.
async fn impossible(app: &TestApp) {
    let push = |tx: &mut kring_db::Tx, cx: &kring::app::Context| {
        outbox::push(tx, cx, Event::new(EventKind::MemberJoined, 12_345))
    };
    app.kring.write_for_anyone(push).await.unwrap();
}

async fn set_aside(app: &TestApp) -> Vec<(i64, bool)> {
    let found = app.kring.db.read(|conn| {
        let rows = event_failures::table.order(event_failures::event_id);
        let rows = rows.select((event_failures::attempts, event_failures::set_aside_at.is_not_null()));
        Ok::<_, Error>(rows.load(conn)?)
    });
    found.await.unwrap()
}

both! {
    async fn an_event_that_cannot_be_handled_is_set_aside_and_stops_none_behind_it(app: &TestApp) {
        kring::web::system::recorder();
        let (ann, bob) = (app.member("ann").await, app.member("bob").await);
        let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor wie met de bus wil." });
        ann.post("/v1/networks", network).await.expect(201);
        impossible(app).await;
        bob.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
        impossible(app).await;
        app.settle().await;
        assert_eq!(set_aside(app).await, [(5, true), (5, true)]);
        let preferences = bob.get("/v1/digest-preferences").await.expect(200);
        assert_eq!(preferences["nextAt"], "2026-11-24T08:00:00.000Z", "a newcomer's first digest is planned");
        let page = app.anonymous().get("/metrics").await.expect(200).body();
        assert!(page.contains("kring_events{state=\"set_aside\"}"), "{page}");
    }
}
