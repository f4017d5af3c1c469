//! The one place where time and chance come from. Everything else gets them handed in by [`crate::app::Context`].

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kring_db::Time;
use rand::RngExt as _;

/// Tells the time: the system's, or one that a test sets.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<Mutex<Time>>>);

impl Clock {
    /// A clock that stands still until it is set.
    pub fn fixed(at: Time) -> Self {
        Self(Some(Arc::new(Mutex::new(at))))
    }

    /// The time by this clock.
    #[allow(clippy::disallowed_methods)] // this is the one place
    pub fn now(&self) -> Time {
        match &self.0 {
            Some(set) => *set.lock().unwrap_or_else(PoisonError::into_inner),
            None => Time::at(chrono::Utc::now()),
        }
    }

    /// Sets a fixed clock. Does nothing to the system's.
    pub fn set(&self, to: Time) {
        if let Some(set) = &self.0 {
            *set.lock().unwrap_or_else(PoisonError::into_inner) = to;
        }
    }
}

/// Thirty-two random bits, for ids.
#[allow(clippy::disallowed_methods)] // this is the one place
pub fn chance() -> u32 {
    rand::rng().random()
}

/// A secret nobody can guess: 32 random bytes as 43 URL-safe letters.
#[allow(clippy::disallowed_methods)] // this is the one place
pub fn secret() -> String {
    URL_SAFE_NO_PAD.encode(rand::rng().random::<[u8; 32]>())
}
