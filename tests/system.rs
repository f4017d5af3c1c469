//! The server itself: is it up, is it ready, what does it count; and that it stops as asked.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::both;
use crate::harness::{TestApp, folder, kring};

both! {
    async fn it_says_that_it_is_up_and_ready(app: &TestApp) {
        assert_eq!(app.anonymous().get("/healthz").await.expect(200).body(), "ok\n");
        assert_eq!(app.anonymous().get("/readyz").await.expect(200).body(), "ready\n");
    }

    async fn it_is_not_ready_while_migrations_are_missing(app: &TestApp) {
        use diesel::prelude::*;
        let forget = diesel::sql_query("DELETE FROM __diesel_schema_migrations WHERE version = '0001'");
        let forgotten = app.kring.db.write(move |tx| {
            Ok::<_, kring::error::Error>(forget.clone().execute(tx.conn())?)
        });
        assert_eq!(forgotten.await.unwrap(), 1);
        app.anonymous().get("/readyz").await.expect(503);
    }

    async fn it_counts_requests_mails_and_jobs(app: &TestApp) {
        kring::web::system::recorder();
        app.anonymous().get("/v1/instance").await.expect(200);
        let page = app.anonymous().get("/metrics").await.expect(200).body();
        for name in ["kring_requests_total", "kring_request_seconds", "kring_jobs"] {
            assert!(page.contains(name), "{name}:\n{page}");
        }
    }
}

/// Waits until `check` gives something; fails when it takes too long.
fn patiently<T>(what: &str, mut check: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        match check() {
            Some(found) => return found,
            None => assert!(Instant::now() < deadline, "in vain: {what}"),
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn it_starts_on_an_empty_folder_and_stops_when_asked() {
    let folder = folder();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let bind = format!("127.0.0.1:{port}");
    let mut server = kring(folder.path(), &["serve", "--bind", &bind]).stderr(Stdio::null()).spawn().unwrap();
    patiently("it answers", || {
        let mut line = TcpStream::connect(&bind).ok()?;
        line.write_all(b"GET /readyz HTTP/1.1\r\nhost: kring\r\nconnection: close\r\n\r\n").ok()?;
        let mut answer = String::new();
        line.read_to_string(&mut answer).ok()?;
        answer.starts_with("HTTP/1.1 200").then_some(())
    });
    assert!(Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
    let ended = patiently("it stops", || server.try_wait().unwrap());
    assert!(ended.success(), "{ended}");
}
