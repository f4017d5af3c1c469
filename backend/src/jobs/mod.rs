//! What happens after a write: the outbox, the queue, and the workers that empty them.
//!
//! - [`outbox`]: facts, written in the transaction of the write they tell of, read in order of arrival;
//! - [`queue`]: work for later, claimed by one worker at a time, tried again, given up in sight;
//! - [`asked`]: long work that people ask for and look at, done by way of the queue; [`running`] is how a worker does
//!   it, [`uploads`] the files that come with it, `told` the mail that says how it ended;
//! - [`announced`]: files that are about to be kept, so that none is left over when who keeps them dies;
//! - [`idempotency`]: first answers of creating requests;
//! - [`runner`]: the loops of `kring serve` and `kring worker`.
//!
//! Invariant: a job's effect and its removal are one transaction, so it happens once whatever dies. A long one has
//! several, and each notes how far it is.

pub mod announced;
pub mod asked;
pub mod idempotency;
pub mod outbox;
pub mod queue;
pub mod routes;
pub mod runner;
pub mod running;
mod told;
pub mod uploads;
