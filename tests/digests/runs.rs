//! Runs that something gets in the way of: a change meanwhile, a person whose digest cannot be made.

use std::future::IntoFuture as _;
use std::time::{Duration as Real, Instant};

use chrono::Duration;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use kring::error::Error;
use kring_db::schema::{accounts, digest_preferences};
use kring_db::{Conn, Dialect};
use serde_json::json;

use super::{TUESDAY, ann_and_bob, back, thread, to_bob, until};
use crate::both;
use crate::harness::TestApp;

/// After that, something is stuck.
const PATIENCE: Real = Real::from_secs(20);

/// How many statements that begin so wait for a lock.
fn waiting(conn: &mut Conn, statement: &str) -> i64 {
    let Conn::Postgres(conn) = conn else { return i64::MAX };
    let asked = format!(
        "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '{statement}%'"
    );
    diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(&format!("({asked})")))
        .first(conn)
        .unwrap()
}

/// Waits until a statement that begins so waits for a lock. SQLite does not tell who waits: there all is one queue.
async fn until_waiting(conn: &mut Conn, statement: &str) {
    let deadline = Instant::now() + PATIENCE;
    while waiting(conn, statement) == 0 {
        assert!(Instant::now() < deadline, "{statement} never waited");
        tokio::time::sleep(Real::from_millis(5)).await;
    }
}

async fn set_address(app: &TestApp, address: &'static str) {
    let done = app.kring.db.write(move |tx| {
        let bobs = accounts::table.filter(accounts::email.like("%bob%"));
        diesel::update(bobs).set(accounts::email.eq(address)).execute(tx.conn())?;
        Ok::<_, Error>(())
    });
    done.await.unwrap();
}

async fn failed_at(app: &TestApp) -> Vec<Option<kring_db::Time>> {
    let rows = app.kring.db.read(|conn| {
        let failed = digest_preferences::table.filter(digest_preferences::failed_at.is_not_null());
        Ok::<_, Error>(failed.select(digest_preferences::failed_at).load(conn)?)
    });
    rows.await.unwrap()
}

both! {
    async fn a_wish_changed_while_a_run_is_under_way_tells_nothing_twice(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "public").await;
        thread(&ann, "Perron te laag").await;
        app.settle().await;
        // Bob is signed in when his moment comes.
        until(app, "2026-11-24T07:59:00Z");
        let bob = back(app, "bob").await;
        let mut watch = Conn::open(&app.kring.config.database_url).unwrap();
        // Holds a run up after it moved Bob on and before it is done.
        let mut other = Conn::open(&app.kring.config.database_url).unwrap();
        let hold = match app.kring.db.dialect() {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN; LOCK TABLE mails IN EXCLUSIVE MODE",
        };
        other.batch_execute(hold).unwrap();
        until(app, TUESDAY);
        let kring = app.kring.clone();
        let run = tokio::task::spawn_blocking(move || kring::digests::jobs::run(&kring, kring.clock.now()).unwrap());
        until_waiting(&mut watch, "INSERT INTO \"mails\"").await;
        let change = bob.put("/v1/digest-preferences", json!({ "frequency": "daily" }));
        let release = async {
            until_waiting(&mut watch, "UPDATE \"digest_preferences\"").await;
            other.batch_execute("COMMIT").unwrap();
        };
        let (changed, ()) = tokio::join!(change.into_future(), release);
        changed.expect(200);
        run.await.unwrap();
        // SQLite cannot say who waits: where the change came first, the daily digest of tomorrow tells it.
        assert!(app.kring.db.dialect() == Dialect::Sqlite || to_bob(app).await.len() == 1);
        for _ in 0..2 {
            app.pass(Duration::days(1));
            assert_eq!(to_bob(app).await.len(), 1, "told, and once");
        }
        thread(&back(app, "ann").await, "Bus zonder plank").await;
        app.pass(Duration::days(1));
        let mails = to_bob(app).await;
        assert_eq!(mails.len(), 2);
        assert!(mails[1].text.contains("Bus zonder plank") && !mails[1].text.contains("Perron te laag"));
    }

    async fn one_whose_digest_cannot_be_made_keeps_nobody_waiting_and_is_tried_again_in_an_hour(app: &TestApp) {
        let (ann, _bob) = ann_and_bob(app, "public").await;
        for handle in ["carla", "dirk"] {
            app.member(handle).await.post("/v1/networks/haltes/memberships", json!({})).await.expect(201);
        }
        thread(&ann, "Perron te laag").await;
        app.settle().await;
        set_address(app, "bob is geen adres").await;
        until(app, TUESDAY);
        app.settle().await;
        for handle in ["carla", "dirk"] {
            assert_eq!(app.mails_to(&format!("{handle}@example.org")).await.len(), 1, "{handle}");
        }
        assert_eq!(failed_at(app).await.len(), 1);
        set_address(app, "bob@example.org").await;
        app.pass(Duration::minutes(59));
        assert_eq!(to_bob(app).await, [], "not before the hour is over");
        app.pass(Duration::minutes(2));
        assert_eq!(to_bob(app).await.len(), 1);
        assert_eq!(failed_at(app).await, []);
    }
}
