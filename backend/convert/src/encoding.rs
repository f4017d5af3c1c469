//! Bytes of a text that does not always say how it is written.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// How much of a page is looked at for what it says about itself.
const HEAD: usize = 2_048;

/// The text: by its mark, else in UTF-8 where it is that, else by what it says about itself, else as Windows wrote it.
pub fn text(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(&bytes[mark..]).0;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Cow::Borrowed(text);
    }
    let said = named(&bytes[..bytes.len().min(HEAD)]).filter(|encoding| *encoding != UTF_8);
    said.unwrap_or(WINDOWS_1252).decode_without_bom_handling(bytes).0
}

/// The encoding in `charset=…`.
fn named(head: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let (_, behind) = head.split_once("charset=")?;
    let behind = behind.trim_start_matches(['"', '\'', ' ']);
    let end = behind
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .unwrap_or(behind.len());
    Encoding::for_label(&behind.as_bytes()[..end])
}
