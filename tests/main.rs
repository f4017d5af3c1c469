//! Everything that Kring promises, as one test binary: one file a capability.
//!
//! `tests/tidy.rs` keeps the house in order, `tests/coverage.rs` says who may do what; `tests/harness/` is what the
//! others stand on.

// Tests fail by panicking; so may what they stand on.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "harness/mod.rs"]
mod harness;

#[path = "accounts.rs"]
mod accounts;
#[path = "attachments.rs"]
mod attachments;
#[path = "bad_input.rs"]
mod bad_input;
#[path = "config.rs"]
mod config;
#[path = "coverage.rs"]
mod coverage;
#[path = "demo.rs"]
mod demo;
#[path = "mail.rs"]
mod mail;
#[path = "openapi.rs"]
mod openapi;
#[path = "pages.rs"]
mod pages;
#[path = "schema.rs"]
mod schema;
#[path = "sessions.rs"]
mod sessions;
#[path = "system.rs"]
mod system;
#[path = "tidy.rs"]
mod tidy;
