//! What is being asked at this moment, and who did not answer a moment ago. In this process: others ask for themselves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::Duration;
use kring_activitypub::fetch::Failure;
use kring_db::Time;
use tokio::sync::OnceCell;
use url::Url;

use super::{Told, Unanswered};
use crate::error::Result;
use crate::peers::Host;

/// How long a server that did not answer is left alone. Longer pauses are for who wants to ask again: messages and jobs
/// have theirs.
const ALONE: Duration = Duration::seconds(30);

/// Most servers and addresses that are remembered.
const MANY: usize = 1_000;

type Answer = std::result::Result<Arc<Told>, Unanswered>;

/// Questions under way, and those that failed.
#[derive(Default)]
pub struct Flights {
    under_way: Mutex<HashMap<Url, Arc<OnceCell<Answer>>>>,
    /// By host where there was no connection, by address where that alone was slow or broken.
    failed: Mutex<HashMap<String, (Time, String)>>,
}

/// What is behind the lock is whole after every line that changes it.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Flights {
    /// Asks, or waits for the answer where somebody else is asking the same.
    pub(super) async fn join(&self, url: &Url, ask: impl Future<Output = Result<Answer>>) -> Result<Answer> {
        let cell = held(&self.under_way).entry(url.clone()).or_default().clone();
        // Where who asks is gone before the answer comes, who waits asks.
        let answer = cell.get_or_try_init(|| ask).await.cloned();
        let mut under_way = held(&self.under_way);
        if under_way.get(url).is_some_and(|it| Arc::ptr_eq(it, &cell)) {
            under_way.remove(url);
        }
        answer
    }

    /// Why there was no answer a moment ago, where it was so.
    pub(super) fn just_failed(&self, url: &Url, host: &Host, now: Time) -> Option<String> {
        let failed = held(&self.failed);
        let of = |key: &str| failed.get(key).filter(|(until, _)| now < *until).map(|(_, why)| why.clone());
        of(host.as_str()).or_else(|| of(url.as_str()))
    }

    pub(super) fn note_failure(&self, url: &Url, host: &Host, failure: &Failure, now: Time) {
        let mut failed = held(&self.failed);
        if failed.len() >= MANY {
            failed.retain(|_, (until, _)| now < *until);
        }
        if failed.len() >= MANY {
            failed.clear();
        }
        let key = match failure {
            Failure::Unreachable(_) => host.to_string(),
            _ => url.to_string(),
        };
        failed.insert(key, (now + ALONE, failure.to_string()));
    }

    /// An instance spoke: it may be asked again.
    pub fn alive(&self, host: &Host) {
        held(&self.failed).remove(host.as_str());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[tokio::test]
    async fn the_same_is_asked_once_at_a_time_and_again_afterwards() {
        let (flights, asked) = (Flights::default(), AtomicU32::new(0));
        let address = url("https://a.example/x");
        let ask = async || {
            asked.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok(Err(Unanswered::Unusable("it is a test")))
        };
        let (one, other) = tokio::join!(flights.join(&address, ask()), flights.join(&address, ask()));
        assert!(one.unwrap().is_err() && other.unwrap().is_err());
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        assert!(flights.join(&address, ask()).await.unwrap().is_err());
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        assert!(held(&flights.under_way).is_empty());
    }

    #[test]
    fn who_did_not_answer_is_left_alone_for_a_while_unless_they_speak() {
        let flights = Flights::default();
        let (address, other) = (url("https://a.example/x"), url("https://a.example/y"));
        let host = Host::of(&address).unwrap();
        let now: Time = "2026-11-26T09:00:00Z".parse().unwrap();
        flights.note_failure(&address, &host, &Failure::TooSlow, now);
        assert!(flights.just_failed(&address, &host, now).is_some());
        assert!(flights.just_failed(&other, &host, now).is_none());
        flights.note_failure(&address, &host, &Failure::Unreachable("no route".to_owned()), now);
        assert!(flights.just_failed(&other, &host, now).unwrap().contains("no route"));
        assert!(flights.just_failed(&other, &host, now + ALONE).is_none());
        flights.alive(&host);
        assert!(flights.just_failed(&other, &host, now).is_none());
    }
}
