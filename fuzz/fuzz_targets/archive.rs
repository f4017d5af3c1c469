//! An archive that somebody sends, whatever stands in it: as bytes; or, since a fuzzer does not find its way through
//! checksums, as parts that are packed here. Parts are parted by NUL, in the order of `PARTS`.

#![no_main]

use std::io::{Cursor, Read, Write as _};

use kring_archive::*;
use libfuzzer_sys::fuzz_target;

const PARTS: [&str; 9] = [
    "network.json",
    "persons.json",
    "members.json",
    "threads/01k9q3v8r0a01.json",
    "documents/01k9q3v8r0a05/document.json",
    "documents/01k9q3v8r0a05/1.md",
    "documents/01k9q3v8r0a05/2.md",
    "files/01k9q3v8r0a06-stoep.txt",
    "threads/01k9q3v8r0a02.json",
];

/// Reads everything and keeps nothing.
struct Nobody;

impl Visitor for Nobody {
    type Error = Fault;

    fn network(&mut self, _: Network) -> Result<(), Fault> {
        Ok(())
    }
    fn person(&mut self, _: Person) -> Result<(), Fault> {
        Ok(())
    }
    fn member(&mut self, _: Member) -> Result<(), Fault> {
        Ok(())
    }
    fn thread(&mut self, _: Thread) -> Result<(), Fault> {
        Ok(())
    }
    fn reply(&mut self, _: Reply) -> Result<(), Fault> {
        Ok(())
    }
    fn post_version(&mut self, _: PostVersion) -> Result<(), Fault> {
        Ok(())
    }
    fn document(&mut self, _: Document) -> Result<(), Fault> {
        Ok(())
    }
    fn revision(&mut self, _: Revision, _: String) -> Result<(), Fault> {
        Ok(())
    }
    fn file(&mut self, _: Owner, file: Attachment, bytes: &mut dyn Read) -> Result<(), Fault> {
        std::io::copy(bytes, &mut std::io::sink()).map_err(|cause| Fault::io(&file.path, cause))?;
        Ok(())
    }
}

fn read(bytes: &[u8]) {
    if let Ok(mut archive) = Archive::open(Cursor::new(bytes), Limits::default()) {
        let _ = archive.check(&mut Nobody);
    }
}

fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let at = Moment::parse("2026-11-23T09:00:00.000Z".into())?;
    let mut writer = Writer::new(Vec::new(), &std::env::temp_dir()).ok()?;
    let mut with_members = false;
    for (name, part) in PARTS.iter().zip(bytes.split(|byte| *byte == 0)) {
        if !part.is_empty() {
            with_members |= *name == "members.json";
            writer.entry(name, &at, part.len() % 2 == 0, |entry| entry.write_all(part)).ok()?;
        }
    }
    let manifest = Manifest {
        format: FORMAT.into(),
        version: VERSION,
        made_at: at,
        instance: "kring.example".into(),
        generator: "fuzz".into(),
        network: "halte".into(),
        with_members,
        counts: Counts::default(),
        missing: Vec::new(),
    };
    writer.finish(&manifest).ok()
}

fuzz_target!(|bytes: &[u8]| {
    match bytes.split_first() {
        Some((b'P', parts)) => {
            if let Some(archive) = packed(parts) {
                read(&archive);
            }
        }
        _ => read(bytes),
    }
});
