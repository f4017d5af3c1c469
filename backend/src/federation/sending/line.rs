//! What waits for one instance, sent in order: one after the other within a thread, several threads side by side.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use kring_db::Time;

use super::claims::Peer;
use super::delivery::{Delivered, Desk};
use super::planning::{Errand, Plan};
use crate::error::Error;
use crate::federation::outgoing::ActivityId;

/// How many threads go to one instance side by side.
const SIDE_BY_SIDE: usize = 16;

/// An instance that took nothing so many times in a row is asked with one activity first.
const PROBED: i64 = 2;

/// Why something was not taken.
#[derive(Clone, Debug)]
pub struct Trouble {
    pub cause: String,
    /// Seconds that the instance asks to wait.
    pub wait: Option<u64>,
}

/// What a trouble stops.
#[derive(Clone, Debug)]
pub enum Stopped {
    /// Everything for the instance: it cannot be reached, or asks to come later.
    Instance(Trouble),
    /// What belongs to the same thread: the server fell over this one.
    Thread(Trouble),
}

impl Stopped {
    fn trouble(self) -> Trouble {
        match self {
            Self::Instance(trouble) | Self::Thread(trouble) => trouble,
        }
    }
}

/// What came of sending to one instance.
#[derive(Debug)]
pub struct Outcome {
    pub peer: Peer,
    /// Everything up to here is done with.
    pub position: i64,
    /// Behind that, what was taken too.
    taken_ahead: Vec<i64>,
    /// Did it take anything?
    pub sent: bool,
    /// What it fell over before, and is done with now.
    pub settled: Vec<ActivityId>,
    /// Nothing that was parked and is to be tried again is left.
    pub tried_all_again: bool,
    /// What was found out about the signatures that it takes.
    pub takes_rfc9421: Option<bool>,
    pub trouble: Option<Trouble>,
}

impl Outcome {
    /// Nothing was tried.
    pub fn untouched(peer: Peer) -> Self {
        Self {
            position: peer.position,
            taken_ahead: peer.took_ahead().collect(),
            sent: false,
            settled: Vec::new(),
            tried_all_again: false,
            takes_rfc9421: None,
            trouble: None,
            peer,
        }
    }

    /// There was nothing for it, up to the end of what was looked at.
    pub fn passed(plan: Plan) -> Self {
        let takes = plan.peer.takes_rfc9421;
        Self::of(plan, &HashSet::new(), takes, None)
    }

    /// Who sent it ended badly.
    pub fn broken(peer: Peer) -> Self {
        let trouble = Trouble { cause: "sending broke off".to_owned(), wait: None };
        Self { trouble: Some(trouble), ..Self::untouched(peer) }
    }

    fn of(plan: Plan, done: &HashSet<ActivityId>, takes_rfc9421: bool, trouble: Option<Trouble>) -> Self {
        let Plan { peer, errands, end } = plan;
        let (done, left): (Vec<&Errand>, Vec<&Errand>) =
            errands.iter().partition(|errand| done.contains(&errand.activity.id));
        let ahead = |errand: &&&Errand| errand.position() > peer.position;
        let first_left = left.iter().filter(ahead).map(|errand| errand.position()).min();
        let position = first_left.map_or(end, |first| first - 1);
        let before = peer.took_ahead();
        let mut taken_ahead: Vec<i64> =
            before.chain(done.iter().map(|errand| errand.position())).filter(|at| *at > position).collect();
        taken_ahead.sort_unstable();
        Self {
            position,
            taken_ahead,
            sent: !done.is_empty(),
            settled: done.iter().filter(|errand| errand.tried).map(|errand| errand.activity.id).collect(),
            tried_all_again: peer.again_at.is_some() && left.iter().all(|errand| ahead(&errand)),
            takes_rfc9421: (takes_rfc9421 != peer.takes_rfc9421).then_some(takes_rfc9421),
            trouble,
            peer,
        }
    }

    /// Is there nothing to tell but how far it came?
    pub fn is_plain(&self) -> bool {
        self.trouble.is_none()
            && self.taken_ahead.is_empty()
            && self.settled.is_empty()
            && self.takes_rfc9421.is_none()
            && self.peer.again_at.is_none()
    }

    /// What was taken behind its position, as the column has it.
    pub fn ahead(&self) -> String {
        let positions: Vec<String> = self.taken_ahead.iter().map(i64::to_string).collect();
        positions.join(" ")
    }
}

/// Sends to one instance what waits for it, as far as it takes that.
pub async fn send(desk: &Desk, plan: Plan, claimed: Time) -> Outcome {
    let line = Line {
        desk,
        held: AtomicI64::new(claimed.millis()),
        peer: &plan.peer,
        rfc9421: AtomicBool::new(plan.peer.takes_rfc9421),
        halted: AtomicBool::new(false),
    };
    let mut done = HashSet::new();
    let mut stopped = None;
    let mut errands = plan.errands.iter();
    if plan.peer.attempts >= PROBED
        && let Some(first) = errands.next()
    {
        let (taken, ended) = line.thread(vec![first]).await;
        done.extend(taken);
        stopped = ended;
    }
    if stopped.is_none() {
        stopped = line.threads(errands, &mut done).await;
    }
    let takes = line.rfc9421.into_inner();
    Outcome::of(plan, &done, takes, stopped.map(Stopped::trouble))
}

/// The way to one instance.
struct Line<'a> {
    desk: &'a Desk,
    /// When this process last said that the instance is its own, in milliseconds.
    held: AtomicI64,
    peer: &'a Peer,
    rfc9421: AtomicBool,
    halted: AtomicBool,
}

impl Line<'_> {
    async fn threads(
        &self,
        errands: impl Iterator<Item = &Errand>,
        done: &mut HashSet<ActivityId>,
    ) -> Option<Stopped> {
        let mut rest = by_thread(errands).into_iter();
        let mut under_way = FuturesUnordered::new();
        let mut stopped = None;
        for thread in rest.by_ref().take(SIDE_BY_SIDE) {
            under_way.push(self.thread(thread));
        }
        while let Some((taken, ended)) = under_way.next().await {
            done.extend(taken);
            // What stops everything is what is told.
            if stopped.is_none() || matches!(ended, Some(Stopped::Instance(_))) {
                stopped = ended;
            }
            if !self.over()
                && let Some(thread) = rest.next()
            {
                under_way.push(self.thread(thread));
            }
        }
        stopped
    }

    /// Sends what belongs to one thread, up to what is not taken: what was, and why it went no further.
    async fn thread(&self, thread: Vec<&Errand>) -> (Vec<ActivityId>, Option<Stopped>) {
        let mut done = Vec::new();
        for errand in thread {
            if self.over() {
                break;
            }
            match self.send(errand).await {
                Ok(()) => done.push(errand.activity.id),
                Err(stopped) => {
                    if matches!(stopped, Stopped::Instance(_)) {
                        self.halted.store(true, Ordering::Relaxed);
                    }
                    return (done, Some(stopped));
                }
            }
        }
        (done, None)
    }

    async fn send(&self, errand: &Errand) -> Delivered {
        let one = &errand.activity;
        // Nobody there ever said where it takes anything: there is no one to take it.
        let Some(inbox) = one.inbox.as_deref().or(self.peer.inbox.as_deref()) else { return Ok(()) };
        let sent = self.desk.deliver(&self.peer.host, one, inbox, &self.rfc9421).await;
        let cause = match sent {
            Ok(delivered) => return delivered,
            Err(cause) => cause,
        };
        tracing::error!(host = %self.peer.host, activity = %one.id, %cause, "an activity could not be sent");
        let trouble = Trouble { cause: cause.to_string(), wait: None };
        // What cannot even be made keeps nothing else up for ever; a database that is away says nothing of it.
        let parked = match cause {
            Error::Internal(_) => {
                self.desk.fell_over(&self.peer.host, one, &trouble.cause).await.unwrap_or(false)
            }
            _ => false,
        };
        match parked {
            true => Ok(()),
            false => Err(Stopped::Thread(trouble)),
        }
    }

    fn over(&self) -> bool {
        self.halted.load(Ordering::Relaxed) || self.desk.stopping() || !self.desk.holds(&self.held)
    }
}

/// What belongs together, each in its order; those whose first waits longest come first.
fn by_thread<'a>(errands: impl Iterator<Item = &'a Errand>) -> Vec<Vec<&'a Errand>> {
    let mut threads: Vec<Vec<&Errand>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for errand in errands {
        let place = *places.entry(&errand.activity.order_key).or_insert_with(|| {
            threads.push(Vec::new());
            threads.len() - 1
        });
        threads[place].push(errand);
    }
    threads
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::Arc;

    use super::*;
    use crate::federation::keys::OwnerKind;
    use crate::federation::sending::planning::Waiting;
    use crate::peers::Host;

    fn errand(position: i64, thread: &str) -> Errand {
        let activity = Waiting {
            id: ActivityId(position * 10),
            position: Some(position),
            owner_kind: OwnerKind::Network,
            owner_id: 1,
            network_id: None,
            erasure_id: None,
            host: None,
            inbox: None,
            order_key: thread.to_owned(),
        };
        Errand { activity: Arc::new(activity), tried: position == 4 }
    }

    fn plan(position: i64, ahead: &str, positions: &[i64]) -> Plan {
        let peer = Peer {
            host: Host::parse("a.example".to_owned()).unwrap(),
            position,
            attempts: 0,
            takes_rfc9421: false,
            ahead: ahead.to_owned(),
            again_at: None,
            inbox: None,
        };
        let errands = positions.iter().map(|at| errand(*at, "one")).collect();
        Plan { peer, errands, end: 20 }
    }

    #[test]
    fn a_place_moves_past_what_was_taken_and_past_nothing_else() {
        let done = |positions: &[i64]| positions.iter().map(|at| ActivityId(at * 10)).collect::<HashSet<_>>();
        for (positions, taken, position, ahead) in [
            (&[4, 6, 9][..], &[4, 6, 9][..], 20, ""),
            (&[4, 6, 9], &[], 3, "7"),
            (&[4, 6, 9], &[4], 5, "7"),
            (&[4, 6, 9], &[9], 3, "7 9"),
            (&[4, 6, 9], &[6, 4], 8, ""),
            (&[], &[], 20, ""),
        ] {
            let outcome = Outcome::of(plan(2, "7", positions), &done(taken), false, None);
            assert_eq!((outcome.position, outcome.ahead().as_str()), (position, ahead), "{taken:?}");
            assert_eq!(outcome.sent, !taken.is_empty());
            assert_eq!(outcome.settled.len(), usize::from(taken.contains(&4)), "{taken:?}");
        }
        // What was parked and is tried again stands before its place, and moves nothing.
        let mut again = plan(8, "", &[4, 9]);
        again.peer.again_at = Some("2026-11-26T09:00:00Z".parse().unwrap());
        let outcome = Outcome::of(again, &done(&[9]), false, None);
        assert_eq!((outcome.position, outcome.tried_all_again), (20, false));
    }

    #[test]
    fn what_belongs_together_stays_in_order() {
        let errands = [errand(1, "a"), errand(2, "b"), errand(3, "a"), errand(4, "c"), errand(5, "b")];
        let threads = by_thread(errands.iter());
        let positions: Vec<Vec<i64>> =
            threads.iter().map(|thread| thread.iter().map(|errand| errand.position()).collect()).collect();
        assert_eq!(positions, [vec![1, 3], vec![2, 5], vec![4]]);
    }
}
