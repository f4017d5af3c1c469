//! What holds for whatever was read.

use kring_convert::{Converted, Options, Piece};

pub fn options(name: &str) -> Options<'_> {
    Options { name, most: 50 * 1024 * 1024, pandoc: None, undescribed: "?" }
}

/// Kring takes it: no control characters, images that there are, a title in one line.
pub fn check(document: &Converted) {
    assert!(!document.title.contains('\n'));
    for piece in &document.markdown {
        match piece {
            Piece::Text(text) => assert!(!text.chars().any(|c| c.is_control() && c != '\n' && c != '\t')),
            Piece::Image(place) => assert!(*place < document.images.len()),
        }
    }
}
