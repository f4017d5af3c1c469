//! What was written in a network elsewhere before somebody here joined it, taken over by a worker in small steps: who
//! moderates it, what is pinned, what the outbox tells, and what was answered in each conversation.
//!
//! Invariants:
//!
//! - how far it is stands in the job after every step: whoever takes it over goes on there, and a step that is done
//!   again changes nothing, for what is known is passed over;
//! - it ends: so many conversations, replies of each, and questions in all; after a number of questions others have
//!   their turn;
//! - one question at a time; a home that does not answer is asked again later, each time after a longer while;
//! - what one thing there is, or is not, stops nothing else; what somebody's server could not tell just then is tried
//!   again later, some times ([`super::later`]).

pub(super) mod collections;
mod conversations;
mod rows;

pub use rows::{begin, catch_up};

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use kring_activitypub::wire;
use kring_db::{Time, word_type};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use self::collections::Walk;
use super::actors::Remote;
use super::asking::{Allowance, Unanswered};
use super::taking::{self, Outcome};
use super::{coordinators, found, later, written};
use crate::app::App;
use crate::error::{Error, Result};
use crate::jobs::queue::{self, Job, JobKind};
use crate::networks::NetworkId;
use crate::threads::ThreadId;

/// Most conversations of one network.
const THREADS: usize = 50;

/// Most questions in all.
const MOST: u32 = 2_000;

/// After so many questions others have their turn.
const TURN: u32 = 100;

/// What one thing may take: itself, who wrote it, and one to spare. With fewer left it waits for the next turn.
const EACH: u32 = 3;

word_type! {
    /// What is taken over. A further part is a word here, its place in [`PARTS`], and a line in [`step`].
    Part { Moderators = "moderators", Featured = "featured", Outbox = "outbox", Conversations = "conversations" }
}

/// The parts in their order.
const PARTS: &[Part] = &[Part::Moderators, Part::Featured, Part::Outbox, Part::Conversations];

/// What is to be done, and how far it is: the payload of the job.
#[derive(Debug, Serialize, Deserialize)]
pub struct Plan {
    network: NetworkId,
    /// The place in [`PARTS`], by its word.
    part: String,
    /// How far the collection of this part is read.
    walk: Walk,
    /// Threads that are pinned there, as far as they are known here.
    pinned: Vec<ThreadId>,
    /// Threads whose conversations are still to be taken over, by their ids there.
    threads: Vec<String>,
    /// Where the home tells of them what was answered: some began on servers that are gone.
    #[serde(default)]
    told_at: BTreeMap<String, String>,
    /// Questions so far.
    asked: u32,
    /// Something could not be had now, and may be had later.
    #[serde(default)]
    missed: bool,
    /// So often all of it was tried again for that.
    #[serde(default)]
    tries: u32,
}

impl Plan {
    fn of(network: NetworkId) -> Self {
        Self {
            network,
            part: PARTS[0].to_string(),
            walk: Walk::default(),
            pinned: Vec::new(),
            threads: Vec::new(),
            told_at: BTreeMap::new(),
            asked: 0,
            missed: false,
            tries: 0,
        }
    }

    /// The same from the beginning, and when: where something was missed, and it was not tried often enough.
    fn again(&self, now: Time) -> Option<(Self, Time)> {
        let then = later::again(now, self.tries).filter(|_| self.missed)?;
        Some((Self { tries: self.tries + 1, ..Self::of(self.network) }, then))
    }

    /// The present part; `None` at the end, and of a plan that another version made.
    fn part(&self) -> Option<Part> {
        PARTS.iter().find(|part| part.as_str() == self.part).copied()
    }

    fn go_on(&mut self) {
        let place = PARTS.iter().position(|part| part.as_str() == self.part);
        let next = place.and_then(|place| PARTS.get(place + 1));
        self.part = next.map(Part::to_string).unwrap_or_default();
        self.walk = Walk::default();
    }

    fn remember(&mut self, thread: String) {
        if self.threads.len() < THREADS && !self.threads.contains(&thread) {
            self.threads.push(thread);
        }
    }
}

/// How a turn ended.
enum Turn {
    Done,
    /// There is more, for the next turn.
    More,
    /// This process stops; another goes on.
    Stopped,
}

/// One turn of a job, and what becomes of it then.
pub async fn run(app: &App, job: &Job, worker: &str, stop: &AtomicBool) -> Result<()> {
    let Ok(mut plan) = job.payload.read::<Plan>() else {
        let (job, worker, now) = (job.clone(), worker.to_owned(), app.clock.now());
        let cause = "the plan is of another version";
        return app.db.write(move |tx| queue::give_up(tx, &job, &worker, now, cause).map(|_| ())).await;
    };
    let mut hands = Hands {
        app,
        job: job.clone(),
        worker,
        allowance: Allowance::of(TURN.min(MOST.saturating_sub(plan.asked))),
        before: plan.asked,
    };
    let allowance = hands.allowance.clone();
    let turn = allowance.hold(hands.turn(&mut plan, stop)).await;
    let (job, worker, now, network) = (hands.job, worker.to_owned(), app.clock.now(), plan.network);
    let again = plan.again(now);
    match turn {
        Ok(Turn::Stopped) => Ok(()),
        Ok(Turn::More) => app.db.write(move |tx| queue::give_way(tx, &job, &worker, now)).await,
        Ok(Turn::Done) => {
            app.write_for_anyone(move |tx, cx| {
                rows::done(tx, network, now)?;
                if let Some((plan, then)) = &again {
                    queue::enqueue(tx, cx, JobKind::Backfill, plan, *then)?;
                }
                queue::finish(tx, &job, &worker)
            })
            .await
        }
        Err(cause) => {
            tracing::warn!(job = %job.id, %cause, "taking over what was written before goes on later");
            let told = cause.to_string();
            app.db
                .write(move |tx| {
                    if queue::is_last_try(&job) {
                        rows::given_up(tx, network)?;
                    }
                    queue::fail(tx, &job, &worker, now, &told).map(|_| ())
                })
                .await
        }
    }
}

/// A job in the hands of a worker.
struct Hands<'w> {
    app: &'w App,
    job: Job,
    worker: &'w str,
    allowance: Arc<Allowance>,
    /// Questions of earlier turns.
    before: u32,
}

impl Hands<'_> {
    async fn turn(&mut self, plan: &mut Plan, stop: &AtomicBool) -> Result<Turn> {
        let given = self.allowance.left();
        loop {
            if stop.load(Ordering::Relaxed) {
                return Ok(Turn::Stopped);
            }
            let network = plan.network;
            let home = self.app.db.read(move |conn| rows::followed(conn, network)).await?;
            let (Some(home), Some(part)) = (home, plan.part()) else { return Ok(Turn::Done) };
            step(self.app, plan, part, &home).await?;
            plan.asked = self.before + given - self.allowance.left();
            self.keep(plan).await?;
            if plan.asked >= MOST {
                tracing::info!(network = home.uri, "enough of what was written before is taken over");
                return Ok(Turn::Done);
            }
            if self.allowance.left() < EACH {
                return Ok(Turn::More);
            }
        }
    }

    async fn keep(&mut self, plan: &Plan) -> Result<()> {
        let (job, worker) = (self.job.clone(), self.worker.to_owned());
        let plan = serde_json::to_value(plan).map_err(Error::internal)?;
        self.app.db.write(move |tx| queue::progress(tx, &job, &worker, &plan)).await?;
        self.job.attempts = 1;
        Ok(())
    }
}

/// Does the next piece of a part.
async fn step(app: &App, plan: &mut Plan, part: Part, home: &Remote) -> Result<()> {
    match part {
        Part::Moderators => {
            coordinators::refresh(app, home, None).await?;
            plan.go_on();
            Ok(())
        }
        Part::Featured => match plan.walk.next(app, home, home.featured.as_deref()).await? {
            Some((at, items)) => featured(app, plan, home, &at, &items).await,
            None => pin(app, plan).await,
        },
        Part::Outbox => match plan.walk.next(app, home, home.outbox.as_deref()).await? {
            Some((at, items)) => told(app, plan, home, &at, &items).await,
            None => {
                plan.go_on();
                Ok(())
            }
        },
        Part::Conversations => conversations::take(app, plan, home).await,
    }
}

/// What is pinned.
async fn featured(app: &App, plan: &mut Plan, home: &Remote, at: &Url, items: &[Value]) -> Result<()> {
    for item in items {
        if !Allowance::has(EACH) {
            plan.walk.again(at);
            break;
        }
        if let Some((uri, thread)) = item_taken(app, plan, home, at, item).await? {
            plan.pinned.push(thread);
            plan.remember(uri);
        }
    }
    Ok(())
}

/// What is pinned there is pinned here, and nothing else is.
async fn pin(app: &App, plan: &mut Plan) -> Result<()> {
    if plan.walk.was_read() {
        let (network, pinned) = (plan.network, plan.pinned.clone());
        app.write_for_anyone(move |tx, _| rows::pin(tx, network, &pinned)).await?;
    }
    plan.go_on();
    Ok(())
}

/// What an outbox tells, the newest first, is taken oldest first.
async fn told(app: &App, plan: &mut Plan, home: &Remote, at: &Url, items: &[Value]) -> Result<()> {
    for item in items.iter().rev() {
        if !Allowance::has(EACH) {
            plan.walk.again(at);
            break;
        }
        if let Some((uri, _)) = item_taken(app, plan, home, at, item).await? {
            let context = item.get("context").and_then(wire::id_of);
            if let Some(context) = context.filter(|context| wire::same_host(context, at)) {
                plan.told_at.insert(uri.clone(), context.into());
            }
            plan.remember(uri);
        }
    }
    Ok(())
}

/// Takes something that a collection of a network's home tells: an activity, an object, or the address of one. Which
/// thread it is here, where it is one.
async fn item_taken(
    app: &App,
    plan: &mut Plan,
    home: &Remote,
    at: &Url,
    item: &Value,
) -> Result<Option<(String, ThreadId)>> {
    let kind = item.get("type").and_then(Value::as_str).unwrap_or_default();
    let inner = item.get("object").filter(|_| kind == "Announce").unwrap_or(item);
    let activity = inner.get("actor").is_some();
    let Some(uri) = wire::id_of(match activity {
        true => inner.get("object").unwrap_or(inner),
        false => inner,
    }) else {
        return Ok(None);
    };
    let wanted = uri.to_string();
    let known = app.db.read(move |conn| written::by_uri(conn, &wanted)).await?.is_some();
    let outcome = match activity {
        // Nobody is asked about what is known.
        _ if known && !wire::same_host(&uri, at) => Ok(Outcome::Done),
        true => taking::announced(app, inner, home).await,
        false => match found::object(app, inner, at).await? {
            Ok(object) => found::take(app, object, Some(home)).await,
            Err(why) => missing(home, &uri, why)?,
        },
    };
    plan.missed |= note(home, &uri, outcome)?;
    let uri = uri.to_string();
    let wanted = uri.clone();
    let thread = app.db.read(move |conn| rows::thread(conn, &wanted)).await?;
    Ok(thread.map(|thread| (uri, thread)))
}

/// What could not be asked for is passed over for now; but a home that is away is asked again before all else.
fn missing(home: &Remote, uri: &Url, why: Unanswered) -> Result<Result<Outcome>> {
    match why.may_pass() {
        true if wire::same_host(&home.address()?, uri) => Err(Error::internal(why)),
        true => Ok(Ok(Outcome::Early(why.to_string()))),
        false => Ok(Ok(Outcome::Dropped(why.to_string()))),
    }
}

/// Writes down in the log what was not taken; `true` where it may be later. A database that is away ends the step; nothing
/// else does.
fn note(home: &Remote, uri: &Url, outcome: Result<Outcome>) -> Result<bool> {
    let missed = matches!(outcome, Ok(Outcome::Early(_)));
    match outcome {
        Ok(Outcome::Done) => {}
        Ok(other) => tracing::info!(network = home.uri, %uri, ?other, "something from before was not taken"),
        Err(cause @ Error::Unavailable(_)) => return Err(cause),
        Err(cause) => {
            tracing::warn!(network = home.uri, %uri, %cause, "something from before could not be taken");
        }
    }
    Ok(missed)
}
