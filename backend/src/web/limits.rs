//! How often one address may try what can be guessed or floods mailboxes: sign-in, registration, resets; and one account
//! what makes work for others.

use std::net::IpAddr;
use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::extract::ClientIp;
use crate::accounts::SignedIn;
use crate::error::{Error, Result};

/// How often one account may have other instances asked for something.
pub struct Lookups(DefaultKeyedRateLimiter<i64>);

impl Lookups {
    /// At most `per_minute` for each account.
    pub fn new(per_minute: u32) -> Self {
        let per_minute = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        Self(RateLimiter::keyed(Quota::per_minute(per_minute)))
    }

    /// Counts one, or says how many seconds to wait.
    pub fn count(&self, who: &SignedIn) -> Result<()> {
        self.0.check_key(&who.account.0).map_err(|early| {
            let wait = early.wait_time_from(DefaultClock::default().now());
            Error::TooMany(wait.as_secs() + 1)
        })
    }

    /// See [`Attempts::sweep`].
    pub fn sweep(&self) {
        self.0.retain_recent();
    }
}

/// A bucket for each address: a burst of a minute's worth, refilled evenly.
pub struct Attempts(DefaultKeyedRateLimiter<IpAddr>);

impl Attempts {
    /// At most `per_minute` for each address.
    pub fn new(per_minute: u32) -> Self {
        let per_minute = NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN);
        Self(RateLimiter::keyed(Quota::per_minute(per_minute)))
    }

    /// Counts one, or says how many seconds to wait.
    pub fn count(&self, ClientIp(ip): ClientIp) -> Result<()> {
        // One household or provider holds a whole /64 of IPv6.
        let key = match ip {
            IpAddr::V6(v6) => IpAddr::from((u128::from(v6) >> 64 << 64).to_be_bytes()),
            v4 => v4,
        };
        self.0.check_key(&key).map_err(|early| {
            let wait = early.wait_time_from(DefaultClock::default().now());
            Error::TooMany(wait.as_secs() + 1)
        })
    }

    /// Forgets addresses that have been quiet. Run now and then, so that memory does not grow.
    pub fn sweep(&self) {
        self.0.retain_recent();
    }
}
