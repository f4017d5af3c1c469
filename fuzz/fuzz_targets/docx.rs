//! The parts of a DOCX, whatever stands in them: they are packed here, for a fuzzer does not find its way through a
//! checksum. Parts are parted by NUL, in the order of `PARTS`.

#![no_main]

use std::io::{Cursor, Write as _};

use kring_convert::{Outcome, convert};
use libfuzzer_sys::fuzz_target;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

#[path = "shared.rs"]
mod shared;

const PARTS: &[&str] = &[
    "word/document.xml",
    "word/styles.xml",
    "word/numbering.xml",
    "word/_rels/document.xml.rels",
    "word/footnotes.xml",
    "word/comments.xml",
    "docProps/core.xml",
    "word/media/image1.png",
];

fuzz_target!(|data: &[u8]| {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, part) in PARTS.iter().zip(data.split(|byte| *byte == 0)) {
        zip.start_file(*name, stored).unwrap();
        zip.write_all(part).unwrap();
    }
    let file = zip.finish().unwrap();
    if let Ok(Outcome::Document(document)) = convert(file, &shared::options("plan.docx")) {
        shared::check(&document);
    }
});
