//! ZIP files, read with suspicion: what they say about themselves is a hint, what comes out is counted.

use std::cell::{Cell, RefCell};
use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::refusal::{Refusal, Result};

/// Most files in one.
pub const FILES: usize = 5_000;

/// Most bytes that come out of one, all together.
const UNPACKED: u64 = 1024 * 1024 * 1024;

/// A file that says that it is larger than this, and so many times larger than it is packed, is a bomb.
const SUSPICIOUS: u64 = 8 * 1024 * 1024;
const RATIO: u64 = 250;

/// An open ZIP file.
pub struct Package<R> {
    archive: RefCell<ZipArchive<R>>,
    unpacked: Cell<u64>,
}

/// A file in a ZIP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    /// What the ZIP says, which may be a lie.
    pub size: u64,
    pub encrypted: bool,
}

impl<R: Read + Seek> Package<R> {
    /// Opens it and looks at what it says is in it. Refuses what leads out of it, and what would blow up.
    pub fn open(from: R) -> Result<Self> {
        let mut archive = ZipArchive::new(from).map_err(broken)?;
        if archive.len() > FILES {
            return Err(Refusal::TooManyFiles);
        }
        let mut all: u64 = 0;
        for place in 0..archive.len() {
            let file = archive.by_index_raw(place).map_err(broken)?;
            if leads_out(&file.name().map_err(broken)?) || file.is_symlink() {
                return Err(Refusal::PathOutside);
            }
            all = all.saturating_add(file.size());
            if file.size() > SUSPICIOUS && file.size() / RATIO > file.compressed_size() {
                return Err(Refusal::ZipBomb);
            }
        }
        if all > UNPACKED {
            return Err(Refusal::ZipBomb);
        }
        Ok(Self { archive: RefCell::new(archive), unpacked: Cell::new(0) })
    }

    /// Files in it, without folders.
    pub fn entries(&self) -> Result<Vec<Entry>> {
        let mut archive = self.archive.borrow_mut();
        let mut found = Vec::with_capacity(archive.len());
        for place in 0..archive.len() {
            let file = archive.by_index_raw(place).map_err(broken)?;
            if !file.is_dir() {
                found.push(Entry {
                    name: file.name().map_err(broken)?.into_owned(),
                    size: file.size(),
                    encrypted: file.encrypted(),
                });
            }
        }
        Ok(found)
    }

    /// Is there a file of that name?
    pub fn has(&self, name: &str) -> bool {
        self.archive.borrow().index_for_name(name).is_some()
    }

    /// A file of at most `most` bytes; `None` where there is none of that name.
    pub fn read(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>> {
        let mut archive = self.archive.borrow_mut();
        let file = match archive.by_name(name) {
            Ok(file) => file,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(cause) => return Err(broken(cause)),
        };
        let mut bytes = Vec::new();
        file.take(most + 1).read_to_end(&mut bytes).map_err(|_| Refusal::Damaged)?;
        if bytes.len() as u64 > most {
            return Err(Refusal::ZipBomb);
        }
        let unpacked = self.unpacked.get() + bytes.len() as u64;
        if unpacked > UNPACKED {
            return Err(Refusal::ZipBomb);
        }
        self.unpacked.set(unpacked);
        Ok(Some(bytes))
    }
}

fn broken(cause: ZipError) -> Refusal {
    match cause {
        ZipError::InvalidPassword => Refusal::Password,
        ZipError::UnsupportedArchive(why) if why == ZipError::PASSWORD_REQUIRED => Refusal::Password,
        _ => Refusal::Damaged,
    }
}

/// Would a file of this name land outside of the folder it is unpacked in?
fn leads_out(name: &str) -> bool {
    let drive = name.as_bytes().get(1) == Some(&b':');
    name.starts_with(['/', '\\'])
        || drive
        || name.contains('\0')
        || name.split(['/', '\\']).any(|part| part == "..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_in_its_folder() {
        for inside in ["a.docx", "map/a.docx", "word/media/image1.png", "..a", "a..b/c", "één.md"] {
            assert!(!leads_out(inside), "{inside}");
        }
        for outside in ["../a", "a/../../b", "/etc/passwd", "C:\\a", "..\\a", "\\\\host\\a", "a/..", "a\0b"] {
            assert!(leads_out(outside), "{outside}");
        }
    }
}
