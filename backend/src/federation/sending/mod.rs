//! Sends what waits, to each instance in order.
//!
//! An instance has a place in the row of activities, and a mark up to where something is for it
//! ([`super::sequencing`]). Those that are behind are claimed, many at once ([`claims`]); what waits for them is looked
//! up together ([`planning`]); each gets it by a task of its own ([`line`], [`delivery`]), so a slow or dead one keeps
//! nobody else waiting; and what came of it is written down together.
//!
//! Invariants:
//!
//! - what belongs to one thread goes one after the other, several threads at once;
//! - an instance is one process's at a time, for as long as that says so: one that did not for too long goes no further
//!   with it, for it is another's by then;
//! - a place moves past what was taken, refused or parked, and past nothing else. Where the process dies, what was not
//!   noted as taken is sent again: every activity has an id, and is taken once;
//! - an instance that does not answer is tried again after a while, up to a day; a message that it falls over is parked,
//!   and what follows goes on.

mod claims;
mod delivery;
mod line;
mod parking;
mod planning;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use kring_db::Time;
use tokio::task::{Id, JoinError, JoinSet};

use claims::{Peer, Room};
use delivery::Desk;
use line::Outcome;
pub use parking::DeliveryId;

use super::sequencing;
use crate::app::App;
use crate::error::Result;

/// How many instances are sent to at once.
const AT_ONCE: usize = 256;

/// How many of them took nothing the last time: the dead must not stand in the way of the living.
const FAILING: usize = 64;

/// With less room than this nobody new is taken on: many at once cost hardly more than one.
const WORTHWHILE: usize = AT_ONCE / 4;

/// How long it sleeps when nobody rings.
const NAP: Duration = Duration::from_secs(2);

/// Sends until told to stop.
pub async fn run(app: App, worker: String, stop: Arc<AtomicBool>) {
    let mut sender = Sender::new(app.clone(), worker, stop.clone());
    let mut renewal = tokio::time::interval(claims::LEASE.to_std().unwrap_or(NAP) / 3);
    while !stop.load(Ordering::Relaxed) {
        let rung = app.bell.notified();
        if let Err(cause) = sender.round().await {
            tracing::error!(%cause, "nothing could be sent; it is tried again");
        }
        tokio::select! {
            () = rung => {}
            Some(ended) = sender.lines.join_next_with_id() => sender.ended(ended),
            _ = renewal.tick() => sender.renew().await,
            () = tokio::time::sleep(NAP) => {}
        }
    }
    sender.finish().await;
}

/// Sends everything that is due now, and says whether there was anything. For the demo and tests.
pub async fn drain(app: &App, worker: &str) -> Result<bool> {
    let mut sender = Sender::new(app.clone(), worker.to_owned(), Arc::default());
    sender.round().await?;
    let any = !sender.busy.is_empty() || !sender.outcomes.is_empty();
    sender.finish().await;
    Ok(any)
}

/// Who sends, in one process.
struct Sender {
    desk: Arc<Desk>,
    worker: String,
    lines: JoinSet<Outcome>,
    /// Whom each task sends to.
    busy: HashMap<Id, Peer>,
    /// What is not written down yet.
    outcomes: Vec<Outcome>,
}

impl Sender {
    fn new(app: App, worker: String, stop: Arc<AtomicBool>) -> Self {
        Self {
            desk: Arc::new(Desk::new(app, stop)),
            worker,
            lines: JoinSet::new(),
            busy: HashMap::new(),
            outcomes: Vec::new(),
        }
    }

    /// Writes down what came of what was sent, and begins with what is due.
    async fn round(&mut self) -> Result<()> {
        self.settle().await?;
        let app = &self.desk.app;
        // Looked at first: on SQLite a transaction for nothing would keep others' writes waiting.
        while app.db.read(sequencing::any).await? {
            app.db.write(sequencing::sequence).await?;
        }
        let failing = self.busy.values().filter(|peer| peer.attempts > 0).count();
        let room = Room {
            healthy: AT_ONCE.saturating_sub(self.busy.len()) as i64,
            failing: FAILING.saturating_sub(failing) as i64,
        };
        let now = app.clock.now();
        if room.healthy < WORTHWHILE as i64 || !app.db.read(move |conn| claims::any_due(conn, now)).await? {
            return Ok(());
        }
        let worker = self.worker.clone();
        let peers = app.db.write(move |tx| claims::claim(tx, &worker, room, now)).await?;
        let claimed = peers.clone();
        match app.db.read(move |conn| planning::plan(conn, claimed)).await {
            Ok(plans) => plans.into_iter().for_each(|plan| self.begin(plan, now)),
            Err(cause) => {
                self.outcomes.extend(peers.into_iter().map(Outcome::untouched));
                return Err(cause);
            }
        }
        self.settle().await
    }

    fn begin(&mut self, plan: planning::Plan, claimed: Time) {
        if plan.errands.is_empty() {
            self.outcomes.push(Outcome::passed(plan));
            return;
        }
        let (desk, peer) = (self.desk.clone(), plan.peer.clone());
        let task = self.lines.spawn(async move { line::send(&desk, plan, claimed).await });
        self.busy.insert(task.id(), peer);
    }

    /// Takes in what ended, with everything else that ended meanwhile.
    fn ended(&mut self, first: std::result::Result<(Id, Outcome), JoinError>) {
        let mut next = Some(first);
        while let Some(ended) = next {
            let (id, outcome) = match ended {
                Ok((id, outcome)) => (id, Some(outcome)),
                Err(cause) => {
                    tracing::error!(%cause, "sending to an instance broke off");
                    (cause.id(), None)
                }
            };
            if let Some(peer) = self.busy.remove(&id) {
                self.outcomes.push(outcome.unwrap_or_else(|| Outcome::broken(peer)));
            }
            next = self.lines.try_join_next_with_id();
        }
    }

    /// Writes outcomes down; those that cannot be now are kept for the next time.
    async fn settle(&mut self) -> Result<()> {
        if self.outcomes.is_empty() {
            return Ok(());
        }
        let (worker, now) = (self.worker.clone(), self.desk.app.clock.now());
        let outcomes = Arc::new(std::mem::take(&mut self.outcomes));
        let theirs = outcomes.clone();
        let settled = self.desk.app.db.write(move |tx| claims::settle(tx, &worker, &theirs, now)).await;
        if settled.is_err() {
            self.outcomes = Arc::try_unwrap(outcomes).unwrap_or_default();
        }
        settled
    }

    async fn renew(&mut self) {
        if self.busy.is_empty() {
            return;
        }
        let (worker, now) = (self.worker.clone(), self.desk.app.clock.now());
        match self.desk.app.db.write(move |tx| claims::renew(tx, &worker, now)).await {
            Ok(()) => self.desk.renewed(now),
            Err(cause) => {
                tracing::warn!(%cause, "what is being sent could not be kept; another process may send it again");
            }
        }
    }

    /// Lets what is under way end, and gives everything back.
    async fn finish(mut self) {
        while let Some(ended) = self.lines.join_next_with_id().await {
            self.ended(ended);
        }
        if let Err(cause) = self.settle().await {
            tracing::warn!(%cause, "what was sent could not be noted; it is sent again when its lease ends");
        }
    }
}
