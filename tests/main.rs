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
#[path = "adoptions.rs"]
mod adoptions;
#[path = "archives.rs"]
mod archives;
#[path = "attachments.rs"]
mod attachments;
#[path = "bad_input.rs"]
mod bad_input;
#[path = "checklists.rs"]
mod checklists;
#[path = "cli.rs"]
mod cli;
#[path = "config.rs"]
mod config;
#[path = "coverage.rs"]
mod coverage;
#[path = "demo.rs"]
mod demo;
#[path = "digests.rs"]
mod digests;
#[path = "documents.rs"]
mod documents;
#[path = "drafts.rs"]
mod drafts;
#[path = "events.rs"]
mod events;
#[path = "faults.rs"]
mod faults;
#[path = "federation.rs"]
mod federation;
#[path = "help.rs"]
mod help;
#[path = "home.rs"]
mod home;
#[path = "imports.rs"]
mod imports;
#[path = "mail.rs"]
mod mail;
#[path = "mail_members.rs"]
mod mail_members;
#[path = "memberships.rs"]
mod memberships;
#[path = "networks.rs"]
mod networks;
#[path = "openapi.rs"]
mod openapi;
#[path = "overviews.rs"]
mod overviews;
#[path = "pages.rs"]
mod pages;
#[path = "plain_language.rs"]
mod plain_language;
#[path = "reactions.rs"]
mod reactions;
#[path = "read_states.rs"]
mod read_states;
#[path = "replies.rs"]
mod replies;
#[path = "schema.rs"]
mod schema;
#[path = "search.rs"]
mod search;
#[path = "sessions.rs"]
mod sessions;
#[path = "system.rs"]
mod system;
#[path = "templates.rs"]
mod templates;
#[path = "threads.rs"]
mod threads;
#[path = "tidy.rs"]
mod tidy;
