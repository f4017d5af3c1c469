//! The words of a PDF, as far as they are in it: one that was scanned holds pictures of words.

use lopdf::{Document, LoadOptions};

use crate::refusal::{Refusal, Result};
use crate::write::clean;

/// Most bytes that one stream in it may unpack to.
const UNPACKED: usize = 32 * 1024 * 1024;

/// Most pages that are read.
const PAGES: usize = 2_000;

/// Its text, of at most about `most` characters.
pub fn text(bytes: &[u8], most: usize) -> Result<String> {
    let options = LoadOptions {
        max_decompressed_size: Some(UNPACKED),
        ..LoadOptions::default()
    };
    let document = Document::load_mem_with_options(bytes, options).map_err(|cause| match cause {
        lopdf::Error::InvalidPassword | lopdf::Error::Decryption(_) => Refusal::Password,
        _ => Refusal::Damaged,
    })?;
    if document.is_encrypted() {
        return Err(Refusal::Password);
    }
    let mut text = String::new();
    for page in document.get_pages().keys().take(PAGES) {
        // A page that cannot be read does not hide the others.
        let Ok(told) = document.extract_text_with_limit(&[*page], UNPACKED) else { continue };
        text.push_str(clean(&told).trim());
        text.push_str("\n\n");
        if text.len() >= most {
            break;
        }
    }
    Ok(joined(&text))
}

/// Words that were parted at the end of a line are one word.
fn joined(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut lines = text.lines().map(str::trim_end).peekable();
    while let Some(line) = lines.next() {
        let goes_on = lines.peek().is_some_and(|next| next.trim_start().starts_with(char::is_lowercase));
        let parted = line.strip_suffix('-').filter(|stem| goes_on && stem.ends_with(char::is_alphabetic));
        match parted {
            Some(stem) => told.push_str(stem),
            None => {
                told.push_str(line);
                told.push('\n');
            }
        }
    }
    told.trim().to_owned()
}
