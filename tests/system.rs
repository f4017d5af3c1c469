//! The server itself: is it up, is it ready, what does it count; and that it stops as asked.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::both;
use crate::harness::{Port, TestApp, folder, kring};

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

    async fn a_job_that_a_worker_hands_back_is_done_by_another_at_once(app: &TestApp) {
        use kring::jobs::queue::{self, JobKind, Pace};
        // Due later than the clock of the application's own workers.
        let later = app.clock.now() + chrono::Duration::hours(1);
        let cx = app.kring.context();
        app.kring.db.write_blocking::<_, kring::error::Error>(|tx| {
            queue::enqueue(tx, &cx, JobKind::PasswordReset, &"nobody@example.org", later)?;
            let held = queue::claim(tx, "stopping", Pace::Quick, later)?.expect("a job");
            assert!(queue::claim(tx, "other", Pace::Quick, later)?.is_none(), "one worker holds it");
            assert_eq!(queue::hand_back(tx, "stopping")?, 1);
            let taken = queue::claim(tx, "other", Pace::Quick, later)?.expect("the same job");
            assert_eq!(taken.id, held.id);
            // Whoever handed it back, or was taken for dead, keeps no claim: how it ends is not theirs to say.
            assert!(queue::finish(tx, &held, "stopping").is_err());
            assert!(!queue::hold(tx, &held, "stopping", later)?);
            assert!(!queue::fail(tx, &held, "stopping", later, "too late")?);
            assert!(!queue::give_up(tx, &held, "stopping", later, "too late")?);
            queue::finish(tx, &taken, "other")?;
            Ok(())
        }).unwrap();
    }

    async fn whoever_asks_for_the_head_gets_what_get_says_without_the_body(app: &TestApp) {
        let ann = app.member("ann").await;
        for path in ["/v1/instance", "/v1/account", "/v1/networks", "/healthz", "/"] {
            let (whole, head) = (ann.get(path).await.expect(200), ann.call("HEAD", path).await.expect(200));
            assert!(head.bytes.is_empty(), "{path}");
            for name in ["content-type", "content-length"] {
                assert_eq!(head.header(name), whole.header(name), "{path}");
            }
        }
        assert_eq!(ann.call("HEAD", "/v1/networks/none").await.status, 404);
        assert_eq!(app.anonymous().call("HEAD", "/v1/account").await.status, 401);
        assert_eq!(ann.call("HEAD", "/v1/email-verifications").await.status, 405);
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
fn a_request_that_is_under_way_is_answered_before_it_stops() {
    let folder = folder();
    let port = Port::take();
    let bind = port.address().to_string();
    let mut server = kring(folder.path(), &["serve", "--bind", &bind]).stderr(Stdio::null()).spawn().unwrap();
    let mut line = patiently("it listens", || TcpStream::connect(&bind).ok());
    let body = r#"{"login":"nobody","password":"een lange zin"}"#;
    let (half, rest) = body.split_at(20);
    let head = format!(
        "POST /v1/sessions HTTP/1.1\r\nhost: kring\r\nexpect: 100-continue\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    line.write_all(head.as_bytes()).unwrap();
    // That it asks for the body shows that the request has begun.
    let mut begun = [0; 25];
    line.read_exact(&mut begun).unwrap();
    assert_eq!(&begun, b"HTTP/1.1 100 Continue\r\n\r\n");
    line.write_all(half.as_bytes()).unwrap();
    assert!(Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
    patiently("it takes no new ones", || TcpStream::connect(&bind).is_err().then_some(()));
    line.write_all(rest.as_bytes()).unwrap();
    let mut answer = String::new();
    let _ = line.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(answer.contains("wrong_credentials"), "{answer}");
    let ended = patiently("it stops", || server.try_wait().unwrap());
    assert!(ended.success(), "{ended}");
}

#[test]
fn it_starts_on_an_empty_folder_and_stops_when_asked() {
    let folder = folder();
    let port = Port::take();
    let bind = port.address().to_string();
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
