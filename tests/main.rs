//! Everything that Kring promises, as one test binary: one file a capability.
//!
//! `tests/tidy.rs` keeps the house in order, `tests/coverage.rs` says who may do what; `tests/harness/` is what the
//! others stand on.

// Tests fail by panicking; so may what they stand on.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "accounts.rs"]
mod accounts;
#[macro_use]
#[path = "harness/mod.rs"]
mod harness;
