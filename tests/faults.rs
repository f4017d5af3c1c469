//! When what Kring stands on fails: a locked database, lost connections, a full disk. It says so, loses nothing, and
//! goes on when it can.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use kring_db::{Conn, Dialect};
use reqwest::multipart::{Form, Part};
use serde_json::json;

use crate::both;
use crate::harness::app::{PASSWORD, run};
use crate::harness::{Client, On, Port, Response, TestApp, kring};

const THREADS: &str = "/v1/networks/haltes/threads";

async fn network(who: &Client) {
    let network = json!({ "slug": "haltes", "name": "Haltes", "description": "Voor iedereen." });
    who.post("/v1/networks", network).await.expect(201);
}

async fn start(who: &Client, title: &str) -> Response {
    who.post(THREADS, json!({ "title": title, "body": "Te laag. ".repeat(2_000) })).await
}

async fn upload(who: &Client, size: usize) -> Response {
    let file = Part::bytes(vec![b'a'; size]).file_name("verslag.txt");
    let form = Form::new().text("network", "haltes").part("file", file);
    who.call("POST", "/v1/attachments").form(form).await
}

both! {
    async fn while_another_holds_the_database_a_write_is_told_to_wait_and_reading_goes_on(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann).await;
        start(&ann, "Eerst").await.expect(201);
        app.settle().await;
        let mut other = Conn::open(&app.kring.config.database_url).unwrap();
        other.batch_execute(match other.dialect() {
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN; LOCK TABLE threads IN EXCLUSIVE MODE",
        }).unwrap();
        let (told, read) = tokio::join!(start(&ann, "Vergeefs"), ann.get(THREADS));
        assert_eq!(read.expect(200).each("title"), ["Eerst"]);
        let told = told.problem(503, "unavailable");
        assert_eq!(told.header("retry-after"), "5");
        assert!(!told.body().contains("lock"), "no cause for strangers: {told}");
        other.batch_execute("ROLLBACK").unwrap();
        start(&ann, "Daarna").await.expect(201);
        assert_eq!(ann.get(THREADS).await.expect(200).each("title"), ["Daarna", "Eerst"]);
    }

    async fn a_place_for_files_that_cannot_be_written_is_told_and_leaves_nothing_half(app: &TestApp) {
        let ann = app.member("ann").await;
        network(&ann).await;
        let (place, aside) = (app.data().join("files"), app.data().join("aside"));
        std::fs::rename(&place, &aside).unwrap();
        std::fs::write(&place, "no folder").unwrap();
        upload(&ann, 1000).await.problem(503, "unavailable");
        std::fs::remove_file(&place).unwrap();
        std::fs::rename(&aside, &place).unwrap();
        let kept = upload(&ann, 1000).await.expect(201);
        assert_eq!(ann.get(&kept.text("/content")).await.expect(200).bytes.len(), 1000);
        let rows = app.kring.db.read(|conn| {
            use diesel::prelude::*;
            Ok::<i64, kring::error::Error>(kring_db::schema::attachments::table.count().get_result(conn)?)
        });
        assert_eq!(rows.await.unwrap(), 1, "no row without its file");
    }
}

#[test]
fn connections_that_were_cut_are_replaced() {
    run(
        On::Postgres,
        |_| {},
        async |app: &TestApp| {
            let ann = app.member("ann").await;
            network(&ann).await;
            app.settle().await;
            let mut other = Conn::open(&app.kring.config.database_url).unwrap();
            for round in 0..3 {
                let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
                other.batch_execute(cut).unwrap();
                // Each lost connection may cost one request, and no more than one.
                let mut lost = 0;
                for number in 0..12 {
                    let read = ann.get(THREADS).await;
                    let written = start(&ann, &format!("{round}-{number}")).await;
                    for (answer, well) in [(read, 200), (written, 201)] {
                        if answer.status != well {
                            answer.problem(503, "unavailable");
                            lost += 1;
                        }
                    }
                }
                assert!(lost <= app.kring.config.database_connections, "{lost} requests were lost");
                ann.get(THREADS).await.expect(200);
            }
        },
    );
}

/// The program, serving on `port`, in which a file that grows too large is an error and no end.
#[cfg(target_os = "linux")]
fn serve(folder: &Path, port: u16) -> Child {
    let program = kring(folder, &[]).get_program().to_owned();
    let mut command = kring(folder, &[]);
    command = {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" serve"]).arg(program).current_dir(folder);
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell
    };
    command
        .env("KRING_BIND", format!("127.0.0.1:{port}"))
        .env("KRING_REGISTRATION", "open")
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Lets files of a process grow to `most` bytes and no further; `unlimited` takes that away.
#[cfg(target_os = "linux")]
fn limit(process: &Child, most: &str) {
    let soft = format!("--fsize={most}:unlimited");
    let done = Command::new("prlimit").args(["--pid", &process.id().to_string(), &soft]).status().unwrap();
    assert!(done.success());
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_loses_nothing_and_is_over_when_there_is_room() {
    let folder = crate::harness::folder();
    let held = Port::take();
    let port = held.address().port();
    let mut server = serve(folder.path(), port);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ann = sign_up(folder.path(), &format!("http://127.0.0.1:{port}")).await;
        network(&ann).await;
        let data = folder.path().join("kring-data");
        let size = |name: &str| std::fs::metadata(data.join(name)).map_or(0, |file| file.len());
        let most = size("kring.sqlite").max(size("kring.sqlite-wal")) + 200_000;
        limit(&server, &most.to_string());

        let mut kept = 0;
        let refused = loop {
            let answer = start(&ann, &kept.to_string()).await;
            if answer.status != 201 {
                break answer;
            }
            kept += 1;
            assert!(kept < 1000, "the disk never was full");
        };
        refused.problem(503, "unavailable");
        upload(&ann, 8_000_000).await.problem(503, "unavailable");
        // What was acknowledged is there, what was refused is not, and reading goes on.
        let there = async || ann.get(&format!("{THREADS}?limit=100")).await.expect(200).each("title").len();
        assert_eq!(there().await, kept);
        ann.get("/healthz").await.expect(200);

        limit(&server, "unlimited");
        let deadline = Instant::now() + Duration::from_secs(20);
        while start(&ann, "Weer ruimte").await.status != 201 {
            assert!(Instant::now() < deadline, "it never recovered");
        }
        assert_eq!(there().await, kept + 1);
        let file = upload(&ann, 8_000_000).await.expect(201);
        assert_eq!(ann.get(&file.text("/content")).await.expect(200).bytes.len(), 8_000_000);
        let files = std::fs::read_dir(data.join("files/attachments")).unwrap().count();
        assert_eq!(files, 1, "nothing half is left");
    });
    assert!(Command::new("kill").arg(server.id().to_string()).status().unwrap().success());
    assert!(server.wait().unwrap().success());
}

/// Somebody with an account on a server that was just started, whose mail goes to its own folder.
#[cfg(target_os = "linux")]
async fn sign_up(folder: &Path, base: &str) -> Client {
    let http = reqwest::Client::builder().tls_certs_only([]).no_proxy().build().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while http.get(format!("{base}/readyz")).send().await.is_err() {
        assert!(Instant::now() < deadline, "it never answered");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let somebody = Client::new(http, base);
    let account = json!({
        "handle": "ann", "displayName": "Ann", "email": "ann@example.org", "password": PASSWORD,
    });
    somebody.post("/v1/accounts", account).await.expect(202);
    let mail = loop {
        let mails = kring::mail::read_mailbox(&folder.join("kring-data/mail")).unwrap();
        if let Some(mail) = mails.into_iter().next() {
            break mail;
        }
        assert!(Instant::now() < deadline, "no mail came");
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let word = mail.text.split(|c: char| !(c.is_ascii_alphanumeric() || "-_".contains(c)));
    let word = word.into_iter().find(|word| word.len() >= 43).expect("a word");
    somebody.post("/v1/email-verifications", json!({ "token": word })).await.expect(200);
    somebody.sign_in("ann", PASSWORD).await
}
