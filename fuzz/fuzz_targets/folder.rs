//! Any bytes as a ZIP: listed, and each file in it read.

#![no_main]

use std::io::Cursor;

use kring_convert::{Outcome, convert, convert_inside};
use libfuzzer_sys::fuzz_target;

#[path = "shared.rs"]
mod shared;

fuzz_target!(|data: &[u8]| {
    let options = shared::options("map.zip");
    match convert(Cursor::new(data), &options) {
        Ok(Outcome::Document(document)) => shared::check(&document),
        Ok(Outcome::Folder(folder)) => {
            for file in folder.files {
                if let Ok(document) = convert_inside(Cursor::new(data), &file.name, &options) {
                    shared::check(&document);
                }
            }
        }
        Err(_) => {}
    }
});
