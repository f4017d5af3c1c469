//! The words of any PDF.

#![no_main]

use std::io::Cursor;

use kring_convert::words;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Ok(text) = words(Cursor::new(data), 10_000) {
        assert!(text.chars().count() <= 10_000);
    }
});
