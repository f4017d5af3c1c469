//! How much may be asked because of one thing: a message, a piece of a backfill.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

tokio::task_local! {
    /// Not handed from function to function: what asks stands deep in what is done with a message, and none of it may
    /// forget to count.
    static CURRENT: Arc<Allowance>;
}

/// A number of questions, for one thing.
#[derive(Debug)]
pub struct Allowance {
    left: AtomicU32,
    exceeded: AtomicBool,
}

impl Allowance {
    pub fn of(questions: u32) -> Arc<Self> {
        Arc::new(Self {
            left: AtomicU32::new(questions),
            exceeded: AtomicBool::new(false),
        })
    }

    /// Does `work`, whose questions count.
    pub async fn hold<T>(self: &Arc<Self>, work: impl Future<Output = T>) -> T {
        CURRENT.scope(self.clone(), work).await
    }

    /// How many questions are left.
    pub fn left(&self) -> u32 {
        self.left.load(Ordering::Relaxed)
    }

    /// Are so many questions left of whatever is being done?
    pub fn has(questions: u32) -> bool {
        CURRENT.try_with(|current| current.left() >= questions).unwrap_or(true)
    }

    /// Was one more asked than there were?
    pub fn is_exceeded(&self) -> bool {
        self.exceeded.load(Ordering::Relaxed)
    }

    /// One question of whatever is being done; `false` where there is none left. Outside of [`Allowance::hold`] nobody
    /// counts: a person or an inbox asks for one thing.
    pub(super) fn spend() -> bool {
        let spent = CURRENT.try_with(|current| {
            let left =
                current.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |it| it.checked_sub(1));
            if left.is_err() {
                current.exceeded.store(true, Ordering::Relaxed);
            }
            left.is_ok()
        });
        spent.unwrap_or(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn questions_count_within_one_thing_and_nowhere_else() {
        let (two, other) = (Allowance::of(2), Allowance::of(1));
        assert!(Allowance::spend());
        two.hold(async {
            assert!(Allowance::spend());
            other.hold(async { assert!(Allowance::spend()) }).await;
            assert!(Allowance::spend() && !two.is_exceeded());
            assert!(!Allowance::spend());
        })
        .await;
        assert!(two.is_exceeded() && !other.is_exceeded());
        assert_eq!((two.left(), other.left()), (0, 0));
    }
}
