//! Two instances that are killed at any moment, while they send and while they take in: everything arrives, nothing
//! twice.

use std::collections::BTreeMap;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use kring::app::App;
use kring::clock::Clock;
use kring::config::Settings;
use kring::error::Error;
use kring_db::schema::{inbox_messages, jobs, peers};
use kring_db::{Time, Tx};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::app::{PASSWORD, register};
use crate::harness::database::Database;
use crate::harness::{Client, On, Port, folder, kring};

/// After that, something is stuck.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often one of them is killed.
const ROUNDS: u64 = 9;

/// An instance as an operator runs it.
pub struct Instance {
    port: Port,
    process: Option<Child>,
    /// For what no operator does.
    app: App,
    database: Database,
    folder: TempDir,
}

impl Instance {
    pub fn prepare(on: On, handle: &str) -> Option<Self> {
        let folder = folder();
        let database = Database::migrated(on, folder.path())?;
        // The same at every start, as instances have it.
        let port = Port::take();
        let settings = Settings {
            data: folder.path().display().to_string(),
            database_url: database.url.clone(),
            ..Settings::default()
        };
        let app = App::build(settings.understand().unwrap(), Clock::default()).unwrap();
        for (handle, admin) in [("ada", true), (handle, false)] {
            app.db.write_blocking(|tx| register(tx, &app.context(), handle, admin)).unwrap();
        }
        Some(Self { port, process: None, app, database, folder })
    }

    pub async fn start(&mut self) {
        let mut command = kring(self.folder.path(), &["serve"]);
        command
            .env("KRING_BIND", self.port.address().to_string())
            .env("KRING_DATA", self.folder.path())
            .env("KRING_DATABASE_URL", &self.database.url)
            .env("KRING_DEV_FEDERATION", "true")
            .env("KRING_LOG", "off")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        self.process = Some(command.spawn().unwrap());
        let deadline = Instant::now() + PATIENCE;
        while tokio::net::TcpStream::connect(self.port.address()).await.is_err() {
            assert!(Instant::now() < deadline, "it does not start");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// SIGKILL: nothing can be tidied up. What the process had claimed is free again after a minute or two; here at once.
    pub fn kill(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        process.kill().unwrap();
        process.wait().unwrap();
        let over = self.app.clock.now();
        let free = |tx: &mut Tx| {
            diesel::update(peers::table).set(peers::claimed_until.eq(over)).execute(tx.conn())?;
            diesel::update(inbox_messages::table)
                .set(inbox_messages::claimed_until.eq(over))
                .execute(tx.conn())?;
            diesel::update(jobs::table).set(jobs::claimed_until.eq(over)).execute(tx.conn())?;
            Ok::<_, Error>(())
        };
        self.app.db.write_blocking(free).unwrap();
    }

    /// `http://127.0.0.1:PORT`.
    pub fn base(&self) -> String {
        format!("http://{}", self.port.address())
    }

    pub fn now(&self) -> Time {
        self.app.clock.now()
    }

    pub async fn somebody(&self, handle: &str) -> Client {
        // A connection of its own for each call: the process behind it may be another by then.
        let http = reqwest::Client::builder()
            .tls_certs_only([])
            .no_proxy()
            .pool_max_idle_per_host(0)
            .build()
            .unwrap();
        Client::new(http, &format!("http://{}", self.port.address())).sign_in(handle, PASSWORD).await
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.kill();
    }
}

pub async fn until<F: Future<Output = bool>>(what: &str, done: impl Fn() -> F) {
    let deadline = Instant::now() + PATIENCE;
    while !done().await {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn list(who: &Client, path: &str) -> Vec<Value> {
    who.get(path).await.expect(200)["items"].as_array().unwrap().clone()
}

/// The replies in a thread: how often each is there.
async fn replies(who: &Client, thread: &str) -> BTreeMap<String, usize> {
    counted(list(who, &format!("/v1/threads/{thread}/replies?limit=100")).await, "body")
}

fn counted(items: Vec<Value>, member: &str) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for item in items {
        *found.entry(item[member].as_str().unwrap_or_default().to_owned()).or_insert(0) += 1;
    }
    found
}

async fn killed_at_any_moment(on: On) {
    let Some(mut home) = Instance::prepare(on, "ann") else { return };
    let Some(mut away) = Instance::prepare(on, "eva") else { return };
    home.start().await;
    away.start().await;
    for instance in [&home, &away] {
        let admin = instance.somebody("ada").await;
        admin.put("/v1/federation", json!({ "reach": "open" })).await.expect(200);
    }
    let (ann, eva) = (home.somebody("ann").await, away.somebody("eva").await);
    let network =
        json!({ "slug": "haltes", "name": "Haltes", "description": "Voor allen.", "federation": "open" });
    ann.post("/v1/networks", network).await.expect(201);
    let talk = json!({ "title": "Perron", "body": "Wie kent dit?" });
    let at_home = ann.post("/v1/networks/haltes/threads", talk).await.expect(201).text("/id");
    let there = format!("haltes@{}", home.port.address());

    // Killed within the first contact too: it is not lost.
    eva.post(&format!("/v1/networks/{there}/memberships"), json!({})).await.expect(201);
    away.kill();
    home.kill();
    away.start().await;
    home.start().await;
    let threads = format!("/v1/networks/{there}/threads");
    until("she is in, and has what was there", || async { list(&eva, &threads).await.len() == 1 }).await;
    let her_thread = list(&eva, &threads).await[0]["id"].as_str().unwrap().to_owned();

    let mut written = BTreeMap::new();
    for round in 0..ROUNDS {
        for number in 0..3 {
            for (who, thread) in [(&ann, &at_home), (&eva, &her_thread)] {
                let body = format!("{} {round} {number}", who.handle());
                who.post(&format!("/v1/threads/{thread}/replies"), json!({ "body": body })).await.expect(201);
                written.insert(body, 1);
            }
        }
        // At every stage of what follows, as the rounds differ by a part of its length.
        tokio::time::sleep(Duration::from_millis(round * 17)).await;
        for instance in
            [&mut home, &mut away].into_iter().enumerate().filter(|(nth, _)| *nth as u64 != round % 3)
        {
            instance.1.kill();
            instance.1.start().await;
        }
    }
    until("both have everything", || async {
        replies(&ann, &at_home).await.len() >= written.len()
            && replies(&eva, &her_thread).await.len() >= written.len()
    })
    .await;
    assert_eq!(replies(&ann, &at_home).await, written, "at home");
    assert_eq!(replies(&eva, &her_thread).await, written, "away");
    assert_eq!(list(&eva, &threads).await.len(), 1);
    let home_of_it = ann.get("/v1/networks/haltes").await.expect(200);
    assert_eq!(home_of_it["memberCount"], 2, "{home_of_it}");
}

fn run(on: On) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(killed_at_any_moment(on));
}

#[test]
fn everything_arrives_once_on_sqlite() {
    run(On::Sqlite);
}

#[test]
fn everything_arrives_once_on_postgres() {
    run(On::Postgres);
}
