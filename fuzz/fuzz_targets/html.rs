//! Any text, as HTML.

#![no_main]

use std::io::Cursor;

use kring_convert::{Outcome, convert};
use libfuzzer_sys::fuzz_target;

#[path = "shared.rs"]
mod shared;

fuzz_target!(|data: &[u8]| {
    if let Ok(Outcome::Document(document)) = convert(Cursor::new(data), &shared::options("plan.html")) {
        shared::check(&document);
    }
});
