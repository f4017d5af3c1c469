//! Kring: theme networks of experts by experience, organisations and municipalities.
//!
//! The house, from the outside in: [`web`] speaks HTTP; each domain folder holds its rules (`policy`), its rows
//! (`queries`, private), its uses (`actions`) and its wire (`view`, `routes`); [`jobs`] and [`mail`] work after the
//! commit; `kring-db` is the SQL machinery. Which domain may use which is a table in `tests/tidy.rs`.

// Handlers and closures return rich errors; boxing each would cost more than it saves.
#![allow(clippy::result_large_err)]

pub mod accounts;
pub mod app;
pub mod archives;
pub mod attachments;
pub mod checklists;
pub mod cli;
pub mod clock;
pub mod config;
pub mod converter;
pub mod copies;
pub mod demo;
pub mod digests;
pub mod documents;
mod drafted;
pub mod drafts;
pub mod error;
pub mod federation;
pub mod help;
pub mod home;
pub mod imports;
pub mod index;
pub mod jobs;
pub mod mail;
pub mod mail_members;
pub mod moderation;
pub mod municipalities;
pub mod networks;
pub mod overviews;
pub mod pages;
pub mod peers;
pub mod search;
pub mod storage;
pub mod templates;
pub mod text;
pub mod threads;
pub mod web;
