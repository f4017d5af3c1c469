//! Documents as programs write them, and the Markdown that becomes of them.
//!
//! `tests/fixtures/documents/README.md` says where they come from.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod golden;
mod hostile;
mod told;

use std::io::Cursor;
use std::path::{Path, PathBuf};

use kring_convert::{Converted, Options, Outcome, Piece, Refusal, convert};

/// Where the documents are.
pub fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/documents")
}

pub fn options(name: &str) -> Options<'_> {
    Options {
        name,
        most: 50 * 1024 * 1024,
        pandoc: None,
        undescribed: "Afbeelding zonder beschrijving",
    }
}

/// Converts bytes that are called `name`.
pub fn converted(name: &str, bytes: impl Into<Vec<u8>>) -> Result<Converted, Refusal> {
    match convert(Cursor::new(bytes.into()), &options(name))? {
        Outcome::Document(document) => Ok(document),
        Outcome::Folder(inside) => panic!("a folder: {inside:?}"),
    }
}

/// The Markdown, with `image:N` for the addresses of images.
pub fn markdown(document: &Converted) -> String {
    let told = document.markdown.iter().map(|piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Image(place) => format!("image:{place}"),
    });
    told.collect()
}
