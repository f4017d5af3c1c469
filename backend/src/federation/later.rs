//! When it is tried again to have what could not be had: its author's server was away just then, and those who tell of it
//! tell only once.

use chrono::Duration;
use kring_db::Time;

/// The pauses before each further try: a server that restarts is back within the hour, one whose machine broke within days.
const PAUSES: [Duration; 5] =
    [Duration::hours(1), Duration::hours(6), Duration::days(1), Duration::days(4), Duration::days(14)];

/// When it is tried again after so many further tries; `None`: no more.
pub fn again(now: Time, tries: u32) -> Option<Time> {
    PAUSES.get(tries as usize).map(|pause| now + *pause)
}
