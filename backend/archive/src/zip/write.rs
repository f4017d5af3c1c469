//! A ZIP as a stream: each entry once, one after the other, the directory on disk until the end.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Seek as _, Write};
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::types::Moment;

/// Writes entries one after the other to `W`.
#[derive(Debug)]
pub struct ZipWriter<W: Write> {
    to: Counted<W>,
    /// The directory so far: it comes last in a ZIP, and one record an entry is too much to hold.
    directory: BufWriter<File>,
    entries: u64,
}

#[derive(Debug)]
struct Counted<W> {
    to: W,
    written: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.to.write(bytes)?;
        self.written += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// What was written of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub size: u64,
    pub sha256: [u8; 32],
}

/// An entry that is being written.
#[derive(Debug)]
pub struct EntryWriter<'z, W: Write> {
    body: Body<'z, W>,
    directory: &'z mut BufWriter<File>,
    entries: &'z mut u64,
    name: String,
    time: (u16, u16),
    offset: u64,
    start: u64,
    crc: crc32fast::Hasher,
    digest: Sha256,
    size: u64,
}

#[derive(Debug)]
enum Body<'z, W: Write> {
    Stored(&'z mut Counted<W>),
    Deflated(DeflateEncoder<&'z mut Counted<W>>),
}

impl<W: Write> ZipWriter<W> {
    /// The directory waits in a nameless file in `folder`.
    pub fn new(to: W, folder: &Path) -> io::Result<Self> {
        Ok(Self {
            to: Counted { to, written: 0 },
            directory: BufWriter::new(tempfile::tempfile_in(folder)?),
            entries: 0,
        })
    }

    /// Begins an entry. What is packed already (`packed`) is kept as it is.
    pub fn entry(&mut self, name: &str, of: &Moment, packed: bool) -> io::Result<EntryWriter<'_, W>> {
        let offset = self.to.written;
        let method = if packed { STORED } else { DEFLATED };
        let time = dos_time(of);
        let mut header = Vec::with_capacity(30 + name.len());
        put32(&mut header, LOCAL);
        head(&mut header, method, time);
        // Checksum and sizes follow the bytes: whoever writes to a stream does not know them yet.
        header.extend_from_slice(&[0; 12]);
        put16(&mut header, length_of(name)?);
        put16(&mut header, 0);
        header.extend_from_slice(name.as_bytes());
        self.to.write_all(&header)?;
        let start = self.to.written;
        let body = if packed {
            Body::Stored(&mut self.to)
        } else {
            Body::Deflated(DeflateEncoder::new(&mut self.to, Compression::default()))
        };
        Ok(EntryWriter {
            body,
            directory: &mut self.directory,
            entries: &mut self.entries,
            name: name.to_owned(),
            time,
            offset,
            start,
            crc: crc32fast::Hasher::new(),
            digest: Sha256::new(),
            size: 0,
        })
    }

    /// Writes the directory and gives back what it was written to.
    pub fn finish(mut self) -> io::Result<W> {
        let start = self.to.written;
        let mut directory = self.directory.into_inner().map_err(io::IntoInnerError::into_error)?;
        directory.rewind()?;
        io::copy(&mut BufReader::new(directory), &mut self.to)?;
        let (entries, end) = (self.entries, self.to.written);
        let size = end - start;
        let mut tail = Vec::with_capacity(98);
        // Only where it is needed: programs that look for one directory find two.
        if entries >= u64::from(u16::MAX) || end >= u64::from(IN_64) {
            put32(&mut tail, END_64);
            put64(&mut tail, 44);
            put16(&mut tail, 45);
            put16(&mut tail, 45);
            put32(&mut tail, 0);
            put32(&mut tail, 0);
            put64(&mut tail, entries);
            put64(&mut tail, entries);
            put64(&mut tail, size);
            put64(&mut tail, start);
            put32(&mut tail, LOCATOR_64);
            put32(&mut tail, 0);
            put64(&mut tail, end);
            put32(&mut tail, 1);
        }
        put32(&mut tail, END);
        put32(&mut tail, 0);
        let few = u16::try_from(entries).unwrap_or(u16::MAX);
        put16(&mut tail, few);
        put16(&mut tail, few);
        put32(&mut tail, u32::try_from(size).unwrap_or(IN_64));
        put32(&mut tail, u32::try_from(start).unwrap_or(IN_64));
        put16(&mut tail, 0);
        self.to.write_all(&tail)?;
        self.to.flush()?;
        Ok(self.to.to)
    }
}

impl<W: Write> Write for EntryWriter<'_, W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = match &mut self.body {
            Body::Stored(to) => to.write(bytes)?,
            Body::Deflated(to) => to.write(bytes)?,
        };
        self.crc.update(&bytes[..count]);
        self.digest.update(&bytes[..count]);
        self.size += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> EntryWriter<'_, W> {
    /// Ends the entry.
    pub fn finish(self) -> io::Result<Written> {
        let (to, method) = match self.body {
            Body::Stored(to) => (to, STORED),
            Body::Deflated(to) => (to.finish()?, DEFLATED),
        };
        let too_large = |_| io::Error::other("an entry of an archive is larger than 4 GiB");
        let packed = u32::try_from(to.written - self.start).map_err(too_large)?;
        let size = u32::try_from(self.size).map_err(too_large)?;
        let mut sizes = Vec::with_capacity(12);
        put32(&mut sizes, self.crc.finalize());
        put32(&mut sizes, packed);
        put32(&mut sizes, size);
        let mut after = Vec::with_capacity(16);
        put32(&mut after, DESCRIPTOR);
        after.extend_from_slice(&sizes);
        to.write_all(&after)?;

        // Where the entry begins may need more than 32 bits in an archive whose entries are all smaller.
        let far = self.offset >= u64::from(IN_64);
        let mut record = Vec::with_capacity(58 + self.name.len());
        put32(&mut record, CENTRAL);
        put16(&mut record, MADE_BY);
        head(&mut record, method, self.time);
        record.extend_from_slice(&sizes);
        put16(&mut record, length_of(&self.name)?);
        put16(&mut record, if far { 12 } else { 0 });
        // No comment, first disk, no internal attributes.
        record.extend_from_slice(&[0; 6]);
        put32(&mut record, 0o100_644 << 16);
        put32(&mut record, u32::try_from(self.offset).unwrap_or(IN_64));
        record.extend_from_slice(self.name.as_bytes());
        if far {
            put16(&mut record, 1);
            put16(&mut record, 8);
            put64(&mut record, self.offset);
        }
        self.directory.write_all(&record)?;
        *self.entries += 1;
        Ok(Written { size: self.size, sha256: self.digest.finalize().into() })
    }
}

/// Made on a system with modes of files (3), by version 4.5: an unpacked file is a plain one that its owner may write.
const MADE_BY: u16 = 3 << 8 | 45;

/// Version needed, flags, method, time and date: alike before the bytes and in the directory.
fn head(to: &mut Vec<u8>, method: u16, (time, date): (u16, u16)) {
    put16(to, 45);
    put16(to, FOLLOWS | UTF_8);
    put16(to, method);
    put16(to, time);
    put16(to, date);
}

fn length_of(name: &str) -> io::Result<u16> {
    u16::try_from(name.len()).map_err(|_| io::Error::other("a name in an archive is too long"))
}

/// Time and date as ZIP has them: two seconds apart, from 1980 on, in a time zone that nobody knows; here UTC.
fn dos_time(moment: &Moment) -> (u16, u16) {
    let part = |place| moment.number(place, 2);
    let year = moment.number(0, 4).saturating_sub(1980).min(127);
    ((part(11) << 11) | (part(14) << 5) | (part(17) / 2), (year << 9) | (part(5) << 5) | part(8))
}

fn put16(to: &mut Vec<u8>, value: u16) {
    to.extend_from_slice(&value.to_le_bytes());
}

fn put32(to: &mut Vec<u8>, value: u32) {
    to.extend_from_slice(&value.to_le_bytes());
}

fn put64(to: &mut Vec<u8>, value: u64) {
    to.extend_from_slice(&value.to_le_bytes());
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;
    use crate::limits::Limits;
    use crate::zip::read::ZipReader;

    /// A ZIP of so many empty entries.
    fn of(entries: u32) -> Vec<u8> {
        let at = Moment::parse("2026-11-23T09:00:00.000Z".into()).expect("a moment");
        let mut zip = ZipWriter::new(Vec::new(), &std::env::temp_dir()).expect("a folder");
        for number in 0..entries {
            zip.entry(&format!("{number}"), &at, true).and_then(EntryWriter::finish).expect("an entry");
        }
        zip.finish().expect("a ZIP")
    }

    #[test]
    fn the_larger_directory_is_there_where_the_small_one_has_no_room_and_nowhere_else() {
        for (entries, larger) in [(0, false), (3, false), (65_534, false), (65_535, true)] {
            let bytes = of(entries);
            let wide = bytes.windows(4).any(|four| four == END_64.to_le_bytes());
            assert_eq!(wide, larger, "{entries}");
            let read = ZipReader::open(Cursor::new(bytes), &Limits::default()).expect("a good ZIP");
            assert_eq!(read.entries().len(), entries as usize);
        }
    }
}
