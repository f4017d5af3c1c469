//! The loops of `kring serve` and `kring worker`: they empty the outbox, the queue (quick and slow) and the mails, and do what
//! the calendar asks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kring_db::Tx;
use tokio::task::JoinHandle;

use super::asked::{self, AskedKind};
use super::outbox::{self, EventKind, Fact};
use super::queue::{self, Job, JobKind, Pace};
use super::running::{self, Heartbeat};
use crate::accounts::{self, PersonId};
use crate::app::{App, Context};
use crate::archives;
use crate::attachments;
use crate::copies::{self, CopyKind};
use crate::digests;
use crate::documents;
use crate::drafts;
use crate::error::{Error, Result};
use crate::federation;
use crate::help;
use crate::imports;
use crate::mail::{self, Sender};
use crate::mail_members;
use crate::networks;

/// How long a loop sleeps when nobody rings: other processes' writes are found then.
const NAP: Duration = Duration::from_secs(2);

/// Who handles events here, among the consumers of the outbox.
const EFFECTS: &str = "effects";

/// How many events one transaction handles.
const BATCH: i64 = 100;

/// The running workers of one process.
pub struct Workers {
    stop: Arc<AtomicBool>,
    app: App,
    name: String,
    loops: Vec<JoinHandle<()>>,
}

impl Workers {
    /// Starts them.
    pub fn start(app: &App) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let name = format!("{}-{}", std::process::id(), app.context().id::<outbox::EventId>());
        let sender = Arc::new(Sender::new(app.clone(), &name));
        let loops = vec![
            spawn(app, &stop, "events", |app, _| handle_events(app)),
            spawn(app, &stop, "jobs", {
                let name = name.clone();
                move |app, stop| run_jobs(app, &name, stop)
            }),
            spawn(app, &stop, "slow jobs", {
                let name = name.clone();
                move |app, stop| run_slow_jobs(app, &name, stop)
            }),
            spawn(app, &stop, "jobs elsewhere", {
                let name = name.clone();
                move |app, stop| run_jobs_elsewhere(app, &name, stop)
            }),
            spawn(app, &stop, "mail", move |_, stop| {
                sender.send_due(&|| stop.load(Ordering::Relaxed)).map(|sent| sent > 0)
            }),
            spawn(app, &stop, "calendar", |app, _| follow_calendar(app)),
            spawn(app, &stop, "inbox", {
                let name = name.clone();
                move |app, stop| take_messages(app, &name, &|| stop.load(Ordering::Relaxed))
            }),
            spawn(app, &stop, "visits", |app, stop| {
                block(federation::watching::ask_software(app, &|| stop.load(Ordering::Relaxed)))
            }),
            tokio::spawn(federation::sending::run(app.clone(), name.clone(), stop.clone())),
        ];
        Self { stop, app: app.clone(), name, loops }
    }

    /// Begins nothing new from now on.
    pub fn begin_no_more(&self) {
        self.stop.store(true, Ordering::Relaxed);
        self.app.bell.notify_waiters();
    }

    /// Lets what is under way end and hands the rest back.
    pub async fn stop(self) {
        self.begin_no_more();
        for worker in self.loops {
            if let Err(cause) = worker.await {
                tracing::error!(%cause, "a worker ended badly");
            }
        }
        let name = self.name;
        if let Err(cause) = self.app.db.write::<_, Error, _>(move |tx| queue::hand_back(tx, &name)).await {
            tracing::warn!(%cause, "jobs could not be handed back; others take them when their lease ends");
        }
    }
}

/// Runs `round` whenever the bell rings, until told to stop; at once again while it says there was something.
fn spawn<F>(app: &App, stop: &Arc<AtomicBool>, what: &'static str, round: F) -> JoinHandle<()>
where
    F: Fn(&App, &AtomicBool) -> Result<bool> + Send + Sync + 'static,
{
    let (app, stop, round) = (app.clone(), stop.clone(), Arc::new(round));
    tokio::spawn(async move {
        loop {
            // Listened for before looking: what is written meanwhile rings again, and so does the stop.
            let rung = app.bell.notified();
            if stop.load(Ordering::Relaxed) {
                break;
            }
            let (its_app, its_stop, its_round) = (app.clone(), stop.clone(), round.clone());
            let outcome = tokio::task::spawn_blocking(move || its_round(&its_app, &its_stop)).await;
            match outcome {
                Ok(Ok(true)) => continue,
                Ok(Ok(false)) => {}
                Ok(Err(cause)) => tracing::error!(%cause, what, "a worker's round failed"),
                Err(cause) => tracing::error!(%cause, what, "a worker's round panicked"),
            }
            let _ = tokio::time::timeout(NAP, rung).await;
        }
    })
}

/// Everything that is due now, in this thread, until nothing is left. For the demo and tests.
pub fn drain(app: &App) -> Result<()> {
    let name = format!("drain-{}", app.context().id::<outbox::EventId>());
    let sender = Sender::new(app.clone(), &name);
    let never = AtomicBool::new(false);
    loop {
        let events = handle_events(app)?;
        let jobs = run_jobs(app, &name, &never)?
            | run_slow_jobs(app, &name, &never)?
            | run_jobs_elsewhere(app, &name, &never)?;
        let digests = digests::jobs::run(app, app.clock.now())?;
        let sent = sender.send_due(&|| false)?;
        let taken = take_messages(app, &name, &|| false)?;
        let looked = block(federation::homes::look(app))?;
        let told = block(federation::sending::drain(app, &name))?;
        let told = told | block(federation::watching::ask_software(app, &|| false))?;
        if !events && !jobs && digests.is_empty() && sent == 0 && !taken && !looked && !told {
            return Ok(());
        }
    }
}

/// Handles every event that is committed, in this thread: what follows from what happened has then happened, as far as
/// it can.
pub fn catch_up(app: &App) -> Result<()> {
    while handle_events(app)? {}
    Ok(())
}

fn handle_events(app: &App) -> Result<bool> {
    app.db.write_blocking(|tx| outbox::sequence(tx).map(|_| ()))?;
    let cx = app.context();
    match app.db.write_blocking(|tx| handle_next(tx, &cx, BATCH, &mut None)) {
        Ok(0) => Ok(false),
        Ok(count) => {
            app.bell.notify_waiters();
            Ok(count as i64 == BATCH)
        }
        Err(cause @ Error::Unavailable(_)) => Err(cause),
        Err(cause) => {
            tracing::warn!(%cause, "events could not be handled together; now one by one");
            handle_singly(app, &cx)
        }
    }
}

/// Handles at most `limit` events; leaves in `at` the one that it is at.
fn handle_next(tx: &mut Tx, cx: &Context, limit: i64, at: &mut Option<outbox::EventId>) -> Result<usize> {
    let facts = outbox::consume(tx, EFFECTS, limit)?;
    for fact in &facts {
        *at = Some(fact.id);
        effects(tx, cx, fact)?;
    }
    if !facts.is_empty() {
        // Nobody handles events at the same time: what follows from them goes out in their order.
        federation::sequence_now(tx)?;
        outbox::handled(tx, EFFECTS)?;
    }
    Ok(facts.len())
}

/// A batch of events, each in a transaction of its own, up to one that cannot be handled: it is tried again in the
/// next rounds, and then set aside. Says whether there may be more to do now.
fn handle_singly(app: &App, cx: &Context) -> Result<bool> {
    for _ in 0..BATCH {
        let mut at = None;
        let cause = match app.db.write_blocking(|tx| handle_next(tx, cx, 1, &mut at)) {
            Ok(0) => return Ok(false),
            Ok(_) => {
                app.bell.notify_waiters();
                continue;
            }
            Err(cause @ Error::Unavailable(_)) => return Err(cause),
            Err(cause) => cause,
        };
        let Some(event) = at else { return Err(cause) };
        let why = cause.to_string();
        let set_aside = app.db.write_blocking(|tx| outbox::failed(tx, EFFECTS, event, &why, cx.now()))?;
        if !set_aside {
            tracing::warn!(%event, %cause, "an event could not be handled; it is tried again");
            return Ok(false);
        }
        tracing::error!(%event, %cause, "an event could not be handled and was set aside: see event_failures");
    }
    Ok(true)
}

/// What follows from a fact, in the domains that care.
fn effects(tx: &mut Tx, cx: &Context, fact: &Fact) -> Result<()> {
    match fact.kind {
        EventKind::AccountClosed => {
            networks::jobs::leave_all(tx, cx, fact)?;
            drafts::jobs::forget_all(tx, cx, fact)?;
            documents::forget_proposals(tx, PersonId(fact.subject))?;
            help::jobs::end(tx, fact)?;
            archives::jobs::forget(tx, cx, fact)?;
        }
        EventKind::ExperienceWithdrawn => networks::jobs::hide_experience(tx, cx, fact)?,
        EventKind::DocumentRemoved => copies::forget(tx, CopyKind::Document, fact.subject)?,
        EventKind::ThreadDeleted => copies::forget(tx, CopyKind::Thread, fact.subject)?,
        EventKind::ReplyDeleted => copies::forget(tx, CopyKind::Reply, fact.subject)?,
        _ => {}
    }
    digests::jobs::follow(tx, cx, fact)?;
    federation::telling::tell(tx, cx, fact)?;
    mail_members::jobs::follow(tx, cx, fact)
}

/// Takes what other instances sent.
fn take_messages(app: &App, worker: &str, stop: &dyn Fn() -> bool) -> Result<bool> {
    block(federation::taking::run(app, worker, stop))
}

/// Waits for something on a thread that may block.
fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Handle::current().block_on(work)
}

fn run_jobs(app: &App, worker: &str, stop: &AtomicBool) -> Result<bool> {
    let mut ran = false;
    while !stop.load(Ordering::Relaxed) {
        let now = app.clock.now();
        let Some(job) = app.db.write_blocking(|tx| queue::claim(tx, worker, Pace::Quick, now))? else {
            break;
        };
        ran = true;
        let cx = app.context();
        let outcome = app.db.write_blocking(|tx| {
            run(tx, &cx, &job)?;
            queue::finish(tx, &job, worker)
        });
        if let Err(cause) = outcome {
            tracing::error!(job = %job.id, kind = %job.kind, %cause, "a job failed");
            app.db
                .write_blocking(|tx| queue::fail(tx, &job, worker, app.clock.now(), &cause.to_string()))?;
        }
    }
    if ran {
        app.bell.notify_waiters();
    }
    Ok(ran)
}

fn run(tx: &mut Tx, cx: &Context, job: &Job) -> Result<()> {
    match job.kind {
        JobKind::Registration | JobKind::PasswordReset | JobKind::ResendVerification => {
            accounts::jobs::run(tx, cx, job)
        }
        JobKind::EmailInvitation => mail_members::jobs::due(tx, cx, job),
        JobKind::AddressGone => mail_members::jobs::address_gone(tx, cx, job),
        JobKind::Recall => federation::recall(tx, cx, job),
        JobKind::Erase => federation::erase(tx, cx, job),
        JobKind::RemoveWritten => federation::remove(tx, cx, job),
        JobKind::Asked | JobKind::ReadAttachment | JobKind::Backfill | JobKind::CopyNetwork => {
            Err(Error::internal("a slow job came among the quick ones"))
        }
    }
}

fn run_slow_jobs(app: &App, worker: &str, stop: &AtomicBool) -> Result<bool> {
    let mut ran = false;
    while !stop.load(Ordering::Relaxed) {
        let now = app.clock.now();
        let claimed = app.db.write_blocking(|tx| queue::claim(tx, worker, Pace::Slow, now))?;
        let Some(job) = claimed else { break };
        ran = true;
        let _heartbeat = Heartbeat::start(app, &job, worker)?;
        match job.kind {
            JobKind::ReadAttachment => {
                if let Err(cause) = attachments::jobs::read_words(app, &job, worker) {
                    tracing::error!(job = %job.id, %cause, "the words of a file could not be read");
                    let told = cause.to_string();
                    app.db.write_blocking(|tx| queue::fail(tx, &job, worker, app.clock.now(), &told))?;
                }
            }
            _ => running::run(app, &job, worker, stop, |running| match running.kind() {
                AskedKind::NetworkArchive => archives::jobs::make(running),
                AskedKind::NetworkImport => archives::jobs::import(running),
                AskedKind::AccountExport => archives::jobs::make_own(running),
                AskedKind::DocumentImport => imports::jobs::import_folder(running),
            })?,
        }
        app.bell.notify_waiters();
    }
    Ok(ran)
}

/// Jobs that ask other instances for something: one at a time, so nobody there is asked twice at once from here.
fn run_jobs_elsewhere(app: &App, worker: &str, stop: &AtomicBool) -> Result<bool> {
    let mut ran = false;
    let due = || app.db.read_blocking(|conn| queue::any(conn, Pace::Elsewhere, app.clock.now()));
    while !stop.load(Ordering::Relaxed) && due()? {
        let now = app.clock.now();
        let claimed = app.db.write_blocking(|tx| queue::claim(tx, worker, Pace::Elsewhere, now))?;
        let Some(job) = claimed else { break };
        ran = true;
        let _heartbeat = Heartbeat::start(app, &job, worker)?;
        match job.kind {
            JobKind::CopyNetwork => {
                block(unless_stopped(stop, federation::articles::copy(app, &job, worker, stop)))?;
            }
            _ => block(unless_stopped(stop, federation::backfill::run(app, &job, worker, stop)))?,
        }
        app.bell.notify_waiters();
    }
    Ok(ran)
}

/// How often it is looked whether this process stops, while another instance is waited for.
const LOOK: std::time::Duration = std::time::Duration::from_millis(100);

/// Waits for a piece of work, but for no answer of another instance once this process stops: how far it came is written
/// down, and whoever takes the job over goes on there.
async fn unless_stopped(stop: &AtomicBool, work: impl Future<Output = Result<()>>) -> Result<()> {
    let mut work = std::pin::pin!(work);
    loop {
        match tokio::time::timeout(LOOK, &mut work).await {
            Ok(done) => return done,
            Err(_) if stop.load(Ordering::Relaxed) => return Ok(()),
            Err(_) => {}
        }
    }
}

/// What the calendar asks: digests, orphaned mails, old answers, registrations that came to nothing, drafts that
/// nobody touches any more, unused files.
fn follow_calendar(app: &App) -> Result<bool> {
    let (now, cx) = (app.clock.now(), app.context());
    digests::jobs::run(app, now)?;
    let orphans = app.db.write_blocking(|tx| {
        super::idempotency::sweep(tx, now)?;
        accounts::jobs::sweep(tx, now)?;
        drafts::jobs::sweep(tx, now)?;
        federation::sweep(tx, &cx)?;
        asked::forget_old(tx, now)?;
        mail::settle_orphans(tx, now)
    })?;
    if orphans > 0 {
        tracing::warn!(orphans, "mails were cut off in hand-over; see `kring admin mails`");
    }
    block(federation::homes::look(app))?;
    attachments::jobs::sweep(app)?;
    archives::jobs::sweep(app)?;
    asked::sweep(app)?;
    app.attempts.sweep();
    app.lookups.sweep();
    Ok(false)
}
