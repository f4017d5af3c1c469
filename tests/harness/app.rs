//! The application under test, and what a test does to it besides HTTP.

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
use diesel::prelude::*;
use kring::accounts::{DisplayName, Email, Handle, NewAccount, Password, register_for_demo};
use kring::app::{App, Context};
use kring::clock::Clock;
use kring::config::Settings;
use kring::error::Error;
use kring::jobs::runner::{Workers, drain};
use kring::mail::MailState;
use kring::peers::DEAD;
use kring::text::lang::Lang;
use kring::web::server;
use kring_activitypub::fetch::{Names, SystemNames};
use kring_db::schema::{activities, event_cursors, events, inbox_messages, jobs, mails, peers};
use kring_db::{Conn, Time, Tx};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::database::{Database, On, folder};
use super::http::Client;
use super::mail::{self, Mail, Mailbox};
use super::port::Port;

/// The password of everyone whom [`TestApp::member`] makes.
pub const PASSWORD: &str = "een lange zin is prima";

/// When a test begins: a Monday morning.
pub const START: &str = "2026-11-23T09:00:00.000Z";

/// How long a test waits for what happens by itself.
const PATIENCE: Duration = Duration::from_secs(20);

/// The running application. Stopped, looked over and removed when dropped.
pub struct TestApp {
    /// The application itself, for what no test should reach by HTTP.
    pub kring: App,
    pub clock: Clock,
    pub mailbox: Mailbox,
    /// `http://127.0.0.1:PORT`.
    pub base: String,
    port: Port,
    http: reqwest::Client,
    expects_failures: AtomicBool,
    running: Mutex<Option<Running>>,
    // Last: they must outlive everything above.
    folder: Arc<TempDir>,
    database: Arc<Database>,
}

/// The server and the workers, in a thread and a runtime of their own.
struct Running {
    stop: oneshot::Sender<()>,
    thread: JoinHandle<()>,
    handle: tokio::runtime::Handle,
}

/// Runs `test` on a fresh application with `settings`. Where there is no PostgreSQL, its tests do nothing.
pub fn run(on: On, settings: fn(&mut Settings), test: impl AsyncFnOnce(&TestApp)) {
    runtime().block_on(async {
        if let Some(app) = TestApp::start_with(on, settings) {
            test(&app).await;
        }
    });
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

impl TestApp {
    /// A fresh application on SQLite, for tests that are not about the database.
    pub fn start() -> Self {
        Self::start_with(On::Sqlite, |_| {}).expect("SQLite is always there")
    }

    /// A fresh application with other settings; `None` where there is no PostgreSQL.
    pub fn start_with(on: On, change: impl FnOnce(&mut Settings)) -> Option<Self> {
        let folder = folder();
        let database = Database::migrated(on, folder.path())?;
        let at = START.parse().expect("a time");
        Some(Self::on(folder, database, at, Arc::new(SystemNames), change))
    }

    /// An application whose data folder is a copy of another's, as of now: its accounts, sessions, keys and files are
    /// good here too. SQLite only.
    pub fn copied(other: &Self) -> Self {
        let folder = folder();
        let database = Database::copied(&other.database, folder.path());
        for inside in ["keys", "files/attachments", "files/archives"] {
            std::fs::create_dir_all(folder.path().join(inside)).unwrap();
            for file in std::fs::read_dir(other.folder.path().join(inside)).into_iter().flatten().flatten() {
                std::fs::copy(file.path(), folder.path().join(inside).join(file.file_name())).unwrap();
            }
        }
        Self::on(folder, database, other.clock.now(), Arc::new(SystemNames), |_| {})
    }

    /// Another process of the same instance: another server and other workers on the same database and files.
    pub fn beside(&self) -> Self {
        let port = Port::take();
        let base = format!("http://{}", port.address());
        let config = self.kring.config.clone();
        let kring = App::build_knowing(config, self.clock.clone(), Arc::new(SystemNames)).unwrap();
        let running = begin(&kring, port.listen());
        Self {
            kring,
            clock: self.clock.clone(),
            mailbox: self.mailbox.clone(),
            base,
            port,
            http: self.http.clone(),
            expects_failures: AtomicBool::new(self.expects_failures.load(Ordering::Relaxed)),
            running: Mutex::new(Some(running)),
            folder: self.folder.clone(),
            database: self.database.clone(),
        }
    }

    /// A fresh application for which names lead where a test says.
    pub fn start_knowing(on: On, names: Arc<dyn Names>, change: impl FnOnce(&mut Settings)) -> Option<Self> {
        let folder = folder();
        let database = Database::migrated(on, folder.path())?;
        Some(Self::on(folder, database, START.parse().expect("a time"), names, change))
    }

    fn on(
        folder: TempDir,
        database: Database,
        at: Time,
        names: Arc<dyn Names>,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let port = Port::take();
        let address = port.address();
        let mailbox = Mailbox::open();
        let mut settings = Settings {
            bind: address.to_string(),
            data: folder.path().display().to_string(),
            database_url: database.url.clone(),
            database_connections: 4,
            mail_url: mailbox.url(),
            mail_from: format!("Kring <{}>", mailbox.sender),
            registration: "open".into(),
            attempts_per_minute: 1_000_000,
            password_hashes_at_once: 4,
            converter: env!("CARGO_BIN_EXE_kring").into(),
            ..Settings::default()
        };
        change(&mut settings);
        let clock = Clock::fixed(at);
        let kring = App::build_knowing(settings.understand().unwrap(), clock.clone(), names).unwrap();
        let running = begin(&kring, port.listen());
        Self {
            kring,
            clock,
            mailbox,
            base: format!("http://{address}"),
            port,
            http: reqwest::Client::builder()
                // Nothing here is https: the certificates that the system trusts need not be read for each test.
                .tls_certs_only([])
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                // Converting hostile files takes its time where much else runs.
                .timeout(PATIENCE * 6)
                // Shorter than the server keeps a connection: none is used just as it is closed.
                .pool_idle_timeout(Duration::from_secs(2))
                .build()
                .unwrap(),
            expects_failures: AtomicBool::new(false),
            running: Mutex::new(Some(running)),
            folder: Arc::new(folder),
            database: Arc::new(database),
        }
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Client {
        Client::new(self.http.clone(), &self.base)
    }

    /// A new person with a confirmed and approved account `HANDLE@example.org`, signed in.
    pub async fn member(&self, handle: &str) -> Client {
        self.register(handle, false).await;
        self.anonymous().sign_in(handle, PASSWORD).await
    }

    /// The same, who runs the instance.
    pub async fn admin(&self, handle: &str) -> Client {
        self.register(handle, true).await;
        self.anonymous().sign_in(handle, PASSWORD).await
    }

    async fn register(&self, handle: &str, admin: bool) {
        let handle = handle.to_owned();
        self.kring.write_for_anyone(move |tx, cx| register(tx, cx, &handle, admin)).await.unwrap();
    }

    /// Lets time pass.
    pub fn pass(&self, time: chrono::Duration) {
        self.until(self.clock.now() + time);
    }

    /// Lets time pass until a moment. What is being done ends first: to a clock that jumps, who hands a mail over looks
    /// dead.
    pub fn until(&self, moment: Time) {
        let (now, deadline) = (self.clock.now(), Instant::now() + PATIENCE / 4);
        self.kring.bell.notify_waiters();
        while Instant::now() < deadline {
            let left = self.kring.db.read_blocking(|conn| under_way(conn, now));
            if left.is_ok_and(|left| left.is_empty()) {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        self.clock.set(moment);
    }

    /// Takes it off the net, workers and all; what it holds stays. Others get no answer, also where they kept a
    /// connection, and nobody else gets its address.
    pub fn vanish(&self) {
        if let Some(Running { stop, thread, .. }) = self.running.lock().unwrap().take() {
            let _ = stop.send(());
            thread.join().expect("the server or a worker panicked");
        }
    }

    /// Brings it back under the same address.
    pub fn come_back(&self) {
        *self.running.lock().unwrap() = Some(begin(&self.kring, self.port.listen()));
    }

    /// The data folder.
    pub fn data(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Does everything that is due by the clock: events, jobs, mails. Then nothing is under way any more.
    pub async fn settle(&self) {
        let deadline = Instant::now() + PATIENCE;
        // While it is looked for, a worker may turn a message into a job behind the look: nothing is found twice.
        let mut quiet = false;
        loop {
            let app = self.kring.clone();
            // Where its workers are: connections to others are kept for all, and one that began in the runtime of the test
            // would stand still whenever the test does.
            let running = self.running.lock().unwrap().as_ref().map(|running| running.handle.clone());
            let place = running.unwrap_or_else(tokio::runtime::Handle::current);
            place.spawn_blocking(move || drain(&app)).await.unwrap().unwrap();
            let now = self.clock.now();
            // The workers may hold something that `drain` could not take.
            let left = self.kring.db.read(move |conn| under_way(conn, now)).await.unwrap();
            if left.is_empty() {
                if quiet {
                    return;
                }
                quiet = true;
                continue;
            }
            quiet = false;
            assert!(Instant::now() < deadline, "still under way: {}", left.join(", "));
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// What failed and is to be tried again: two wrote the same at once, something came before what it is about, or a
    /// busy machine was too slow for another instance.
    pub async fn to_be_tried_again(&self) -> Vec<String> {
        self.kring.db.read(failed).await.unwrap()
    }

    /// Everything that was ever mailed to `address` once all that is due is done, oldest first.
    pub async fn mails_to(&self, address: &str) -> Vec<Mail> {
        self.settle().await;
        self.mailbox.to(address)
    }

    /// The next mail to `address`, each once; fails where there is none.
    pub async fn mail_to(&self, address: &str) -> Mail {
        self.settle().await;
        self.mailbox.take(address).unwrap_or_else(|| {
            let arrived: Vec<(String, String)> =
                self.mailbox.all().into_iter().map(|mail| (mail.to, mail.subject)).collect();
            panic!("no (further) mail to {address}; what arrived: {arrived:#?}")
        })
    }

    /// Says that jobs and mails may fail in this test.
    pub fn expect_failures(&self) {
        self.expects_failures.store(true, Ordering::Relaxed);
    }

    /// What an operator would have to look at: failed jobs and mails, and what should have been done by now.
    pub fn failures(&self) -> Vec<String> {
        let now = self.clock.now();
        let found = self.kring.db.read_blocking(|conn| {
            let mut found = under_way(conn, now)?;
            found.extend(failed(conn)?);
            Ok::<_, Error>(found)
        });
        found.unwrap()
    }
}

/// A confirmed and approved account `HANDLE@example.org` with [`PASSWORD`].
pub fn register(tx: &mut Tx, cx: &Context, handle: &str, admin: bool) -> Result<(), Error> {
    // Of the least work there is: a hash says itself what it takes to compare it, at each sign-in.
    static HASH: LazyLock<String> = LazyLock::new(|| {
        let least = Params::new(Params::MIN_M_COST, Params::MIN_T_COST, 1, None).unwrap();
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, least);
        argon2.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
    });
    let new = NewAccount {
        handle: Handle::parse(handle.into()).unwrap_or_else(|_| panic!("{handle} is no handle")),
        display_name: DisplayName::parse(format!("{handle} de Vries")).unwrap(),
        email: Email::parse(format!("{handle}@example.org")).unwrap(),
        password: Password::parse(PASSWORD.into()).unwrap(),
        language: Lang::Nl,
    };
    register_for_demo(tx, cx, &new, &HASH, admin).map(|_| ())
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(Running { stop, thread, .. }) = self.running.get_mut().unwrap().take() {
            let _ = stop.send(());
            let ended = thread.join();
            // A second panic would end the whole test run.
            if std::thread::panicking() {
                return;
            }
            ended.expect("the server or a worker panicked");
            if self.expects_failures.load(Ordering::Relaxed) {
                return;
            }
            // On a thread and a runtime of its own: this may be dropped by what another runtime drives.
            let kring = self.kring.clone();
            let drained = std::thread::spawn(move || {
                // Within the runtime, not before it: what is spawned asks for the one around it.
                runtime().block_on(async move { tokio::task::spawn_blocking(move || drain(&kring)).await })
            });
            drained.join().expect("draining panicked").unwrap().unwrap();
            let failures = self.failures();
            assert!(
                failures.is_empty(),
                "jobs or mails failed; a test that wants that says app.expect_failures(): {failures:#?}"
            );
            self.mailbox.all().iter().for_each(mail::check);
        }
    }
}

fn begin(app: &App, listener: TcpListener) -> Running {
    let (stop, stopped) = oneshot::channel();
    let (app, runtime) = (app.clone(), runtime());
    let handle = runtime.handle().clone();
    let thread = std::thread::spawn(move || serve(&runtime, &app, listener, stopped));
    Running { stop, thread, handle }
}

fn serve(
    runtime: &tokio::runtime::Runtime,
    app: &App,
    listener: TcpListener,
    stopped: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        let workers = Workers::start(app);
        let held = Arc::new(());
        let answering = Arc::downgrade(&held);
        // One thread: each makes all routes for itself, which is much of what a small test costs.
        let server = server::serve_with(app.clone(), listener, 1, move |routes| {
            routes.app_data(held.clone());
        });
        let server = server.unwrap();
        let handle = server.handle();
        let serving = tokio::spawn(server);
        let _ = stopped.await;
        // Not gracefully: that waits for clients that keep their connection.
        handle.stop(false).await;
        serving.await.unwrap().unwrap();
        workers.stop().await;
        // Its thread is told to end, not waited for: until then it would answer who kept a connection.
        let deadline = Instant::now() + PATIENCE;
        while answering.strong_count() > 0 {
            assert!(Instant::now() < deadline, "the server still answers");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
}

/// What is due and not done.
fn under_way(conn: &mut Conn, now: Time) -> kring::error::Result<Vec<String>> {
    let handled = event_cursors::table.find("effects").select(event_cursors::position);
    let handled: i64 = handled.first(conn).optional()?.unwrap_or(0);
    let unread = events::table.filter(events::position.is_null().or(events::position.gt(handled)));
    let unread: Vec<String> = unread.select(events::kind).load(conn)?;
    let waiting = jobs::table.filter(jobs::failed_at.is_null().and(jobs::run_at.le(now)));
    let waiting: Vec<String> = waiting.select(jobs::kind).load(conn)?;
    let unsent = mails::table.filter(
        mails::state
            .eq(MailState::Sending)
            .or(mails::state.eq(MailState::Queued).and(mails::next_attempt_at.le(now))),
    );
    let unsent: Vec<String> = unsent.select(mails::kind).load(conn)?;
    let untold: Vec<String> = activities::table
        .filter(activities::position.is_null())
        .select(activities::order_key)
        .load(conn)?;
    let waits = peers::position.lt(peers::wanted).or(peers::again_at.is_not_null());
    // Who is dead is not tried any more.
    let alive = peers::failing_since.is_null().or(peers::failing_since.gt(now - DEAD).assume_not_null());
    let behind = waits.and(peers::next_try_at.le(now)).and(alive);
    let behind: Vec<String> = peers::table.filter(behind).select(peers::host).load(conn)?;
    let taken = inbox_messages::done_at.is_not_null().or(inbox_messages::parked_at.is_not_null());
    let untaken = inbox_messages::table.filter(diesel::dsl::not(taken).and(inbox_messages::run_at.le(now)));
    let untaken: Vec<String> = untaken.select(inbox_messages::uri).load(conn)?;
    let named = |what: &'static str| move |kind: String| format!("{what} {kind}");
    let events = unread.into_iter().map(named("event"));
    Ok(events
        .chain(waiting.into_iter().map(named("job")))
        .chain(unsent.into_iter().map(named("mail")))
        .chain(untold.into_iter().map(named("activity")))
        .chain(behind.into_iter().map(named("instance")))
        .chain(untaken.into_iter().map(named("message")))
        .collect())
}

/// What went wrong and waits for another try or for a person.
fn failed(conn: &mut Conn) -> kring::error::Result<Vec<String>> {
    let jobs: Vec<(String, Option<String>)> = jobs::table
        .filter(jobs::last_error.is_not_null())
        .select((jobs::kind, jobs::last_error))
        .load(conn)?;
    let mails: Vec<(String, Option<String>)> = mails::table
        .filter(mails::last_error.is_not_null())
        .select((mails::kind, mails::last_error))
        .load(conn)?;
    let messages: Vec<(String, Option<String>)> = inbox_messages::table
        .filter(inbox_messages::last_error.is_not_null().and(inbox_messages::done_at.is_null()))
        .select((inbox_messages::uri, inbox_messages::last_error))
        .load(conn)?;
    let told = |(kind, cause): (String, Option<String>)| format!("{kind}: {}", cause.unwrap_or_default());
    Ok(jobs.into_iter().chain(mails).chain(messages).map(told).collect())
}
