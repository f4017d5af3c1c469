//! A ZIP as its directory tells, held against what really stands there.
//!
//! Refused: what means different things to different programs (a name in the directory that the entry itself does not
//! have, entries that overlap, bytes behind the end), what this format never has (encryption, links, other compressions),
//! and what is too much.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Take};

use flate2::bufread::DeflateDecoder;
use sha2::{Digest as _, Sha256};

use super::*;
use crate::fault::{Fault, FaultKind};
use crate::limits::Limits;

/// Bytes of the end of a directory, without its comment, and of the two records of ZIP64 before it.
const END_BYTES: u64 = 22;
const END_64_BYTES: u64 = 56;
const LOCATOR_BYTES: u64 = 20;

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub size: u64,
    packed: u64,
    offset: u64,
    crc: u32,
    method: u16,
}

/// An open ZIP.
#[derive(Debug)]
pub struct ZipReader<R> {
    from: R,
    /// By name.
    entries: Vec<Entry>,
}

/// What the end of a ZIP says of its directory.
struct Directory {
    entries: u64,
    size: u64,
    offset: u64,
    /// Where it must end.
    end: u64,
}

fn damaged(detail: &str) -> Fault {
    Fault::new(FaultKind::Damaged, WHOLE, detail)
}

/// What a fault of the file as a whole names as its entry.
const WHOLE: &str = "archive";

impl<R: Read + Seek> ZipReader<R> {
    /// Reads the directory.
    pub fn open(mut from: R, limits: &Limits) -> Result<Self, Fault> {
        let length = from.seek(SeekFrom::End(0)).map_err(|cause| Fault::io(WHOLE, cause))?;
        let directory = find_directory(&mut from, length)?;
        if directory.entries > limits.entries {
            return Err(Fault::new(FaultKind::TooMany, WHOLE, format!("{} entries", directory.entries)));
        }
        if directory.offset.checked_add(directory.size) != Some(directory.end) {
            return Err(damaged("the directory does not end where it should"));
        }
        // Every record has 46 bytes and more: no count is believed that the directory has no room for.
        if directory.entries.saturating_mul(46) > directory.size {
            return Err(damaged("the directory is shorter than it says"));
        }
        let mut entries = read_directory(&mut from, &directory, limits)?;
        check_together(&entries, &directory, length, limits)?;
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        if let Some(pair) = entries.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(Fault::new(FaultKind::DuplicateName, &pair[0].name, "twice in the directory"));
        }
        Ok(Self { from, entries })
    }

    /// Every entry, by name.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub fn find(&self, name: &str) -> Option<&Entry> {
        let place = self.entries.binary_search_by(|entry| entry.name.as_str().cmp(name)).ok()?;
        self.entries.get(place)
    }

    /// The bytes of an entry of at most `most`.
    pub fn read(&mut self, name: &str, most: u64) -> Result<EntryReader<'_, R>, Fault> {
        let entry = self
            .find(name)
            .ok_or_else(|| Fault::new(FaultKind::Missing, name, "not in the archive"))?
            .clone();
        if entry.size > most {
            return Err(Fault::new(FaultKind::TooLarge, name, format!("{} bytes", entry.size)));
        }
        let start = self.start_of(&entry)?;
        self.from.seek(SeekFrom::Start(start)).map_err(|cause| Fault::io(name, cause))?;
        let packed = BufReader::new((&mut self.from).take(entry.packed));
        let body = if entry.method == STORED {
            Body::Stored(packed)
        } else {
            Body::Deflated(DeflateDecoder::new(packed))
        };
        Ok(EntryReader {
            entry,
            body,
            read: 0,
            crc: crc32fast::Hasher::new(),
            digest: Sha256::new(),
        })
    }

    /// Where the bytes of an entry begin, behind a header that says the same as the directory.
    fn start_of(&mut self, entry: &Entry) -> Result<u64, Fault> {
        let failed = |cause| Fault::io(&entry.name, cause);
        self.from.seek(SeekFrom::Start(entry.offset)).map_err(failed)?;
        let mut header = [0; 30];
        self.from.read_exact(&mut header).map_err(|_| damaged("an entry stands where nothing is"))?;
        let (name_length, extra) = (u16_at(&header, 26), u16_at(&header, 28));
        let mut name = vec![0; usize::from(name_length)];
        self.from.read_exact(&mut name).map_err(|_| damaged("an entry stands where nothing is"))?;
        let same = u32_at(&header, 0) == LOCAL
            && u16_at(&header, 8) == entry.method
            && name == entry.name.as_bytes();
        if !same {
            return Err(Fault::new(FaultKind::Damaged, &entry.name, "the directory says otherwise"));
        }
        Ok(entry.offset + 30 + u64::from(name_length) + u64::from(extra))
    }
}

fn find_directory<R: Read + Seek>(from: &mut R, length: u64) -> Result<Directory, Fault> {
    let not_zip = || Fault::new(FaultKind::NotAZip, WHOLE, "no end of a ZIP was found");
    let tail_length = length.min(END_BYTES + u64::from(u16::MAX));
    from.seek(SeekFrom::Start(length - tail_length)).map_err(|cause| Fault::io(WHOLE, cause))?;
    let mut tail = Vec::with_capacity(tail_length as usize);
    from.take(tail_length).read_to_end(&mut tail).map_err(|cause| Fault::io(WHOLE, cause))?;
    // From behind; the comment must reach exactly to the end of the file.
    let fits = |place: &usize| {
        u32_at(&tail, *place) == END
            && place + END_BYTES as usize + usize::from(u16_at(&tail, place + 20)) == tail.len()
    };
    let last = (tail.len() + 1).saturating_sub(END_BYTES as usize);
    let place = (0..last).rev().find(fits).ok_or_else(not_zip)?;
    let end = &tail[place..];
    if u16_at(end, 4) != 0 || u16_at(end, 6) != 0 {
        return Err(Fault::new(FaultKind::Unsupported, WHOLE, "several disks"));
    }
    let at = length - tail_length + place as u64;
    match locator(from, at)? {
        Some(far) => Ok(far),
        None => Ok(Directory {
            entries: u64::from(u16_at(end, 10)),
            size: u64::from(u32_at(end, 12)),
            offset: u64::from(u32_at(end, 16)),
            end: at,
        }),
    }
}

/// The end as ZIP64 has it, where there is one before `at`.
fn locator<R: Read + Seek>(from: &mut R, at: u64) -> Result<Option<Directory>, Fault> {
    let Some(start) = at.checked_sub(LOCATOR_BYTES + END_64_BYTES) else { return Ok(None) };
    from.seek(SeekFrom::Start(start)).map_err(|cause| Fault::io(WHOLE, cause))?;
    let mut both = [0; (LOCATOR_BYTES + END_64_BYTES) as usize];
    from.read_exact(&mut both).map_err(|cause| Fault::io(WHOLE, cause))?;
    let (end, locator) = both.split_at(END_64_BYTES as usize);
    if u32_at(locator, 0) != LOCATOR_64 {
        return Ok(None);
    }
    if u32_at(end, 0) != END_64 || u64_at(locator, 8) != start {
        return Err(damaged("the end of ZIP64 is not where it should be"));
    }
    Ok(Some(Directory {
        entries: u64_at(end, 32),
        size: u64_at(end, 40),
        offset: u64_at(end, 48),
        end: start,
    }))
}

fn read_directory<R: Read + Seek>(
    from: &mut R,
    directory: &Directory,
    limits: &Limits,
) -> Result<Vec<Entry>, Fault> {
    from.seek(SeekFrom::Start(directory.offset)).map_err(|cause| Fault::io(WHOLE, cause))?;
    let mut records = BufReader::new(from.take(directory.size));
    let mut entries = Vec::new();
    for _ in 0..directory.entries {
        if let Some(entry) = read_record(&mut records, limits)? {
            entries.push(entry);
        }
    }
    let mut rest = [0];
    match records.read(&mut rest) {
        Ok(0) => Ok(entries),
        Ok(_) => Err(damaged("the directory is longer than it says")),
        Err(cause) => Err(Fault::io(WHOLE, cause)),
    }
}

/// One record of the directory; `None` for a folder, which says nothing.
fn read_record(records: &mut impl Read, limits: &Limits) -> Result<Option<Entry>, Fault> {
    let cut = |_| damaged("the directory breaks off");
    let mut record = [0; 46];
    records.read_exact(&mut record).map_err(cut)?;
    if u32_at(&record, 0) != CENTRAL {
        return Err(damaged("the directory has something else in it"));
    }
    let lengths = [28, 30, 32].map(|place| usize::from(u16_at(&record, place)));
    let mut variable = vec![0; lengths.iter().sum()];
    records.read_exact(&mut variable).map_err(cut)?;
    let (name, rest) = variable.split_at(lengths[0]);
    let extra = &rest[..lengths[1]];
    let name = checked_name(name, limits)?;
    let flags = u16_at(&record, 8);
    // Encrypted in one of two ways, or patch data.
    if flags & (1 | 1 << 5 | 1 << 6 | 1 << 13) != 0 {
        return Err(Fault::new(FaultKind::Unsupported, &name, "encrypted"));
    }
    let method = u16_at(&record, 10);
    if method != STORED && method != DEFLATED {
        return Err(Fault::new(FaultKind::Unsupported, &name, format!("compression {method}")));
    }
    let mode = u32_at(&record, 38) >> 16;
    // Made on Unix, and neither a plain file nor a folder: a link, a device.
    if u16_at(&record, 4) >> 8 == 3
        && mode & 0o170_000 != 0
        && !matches!(mode & 0o170_000, 0o100_000 | 0o040_000)
    {
        return Err(Fault::new(FaultKind::Unsupported, &name, "a link or a device"));
    }
    let (size, packed, offset) = sizes(&record, extra).ok_or_else(|| damaged("sizes are missing"))?;
    if name.ends_with('/') {
        return match size {
            0 => Ok(None),
            _ => Err(Fault::new(FaultKind::Damaged, &name, "a folder with bytes")),
        };
    }
    if method == STORED && size != packed {
        return Err(Fault::new(FaultKind::Damaged, &name, "two sizes"));
    }
    Ok(Some(Entry { name, size, packed, offset, crc: u32_at(&record, 16), method }))
}

/// Size, packed size and place, from the record or, where that has no room, from its extra field of ZIP64.
fn sizes(record: &[u8; 46], extra: &[u8]) -> Option<(u64, u64, u64)> {
    let short = [u32_at(record, 24), u32_at(record, 20), u32_at(record, 42)];
    let mut far = field_64(extra).unwrap_or_default();
    let mut found = [0; 3];
    for (value, short) in found.iter_mut().zip(short) {
        *value = if short == IN_64 {
            let (first, rest) = far.split_at_checked(8)?;
            far = rest;
            u64_at(first, 0)
        } else {
            u64::from(short)
        };
    }
    Some((found[0], found[1], found[2]))
}

/// The extra field of ZIP64 among the others.
fn field_64(mut extra: &[u8]) -> Option<&[u8]> {
    loop {
        let (head, rest) = extra.split_at_checked(4)?;
        let (field, rest) = rest.split_at_checked(usize::from(u16_at(head, 2)))?;
        if u16_at(head, 0) == 1 {
            return Some(field);
        }
        extra = rest;
    }
}

/// A name is a path within the archive, with `/` between its parts, that leads nowhere else on any system.
fn checked_name(bytes: &[u8], limits: &Limits) -> Result<String, Fault> {
    let bad = |detail: &str| Fault::new(FaultKind::BadName, String::from_utf8_lossy(bytes), detail);
    if bytes.len() > limits.name {
        return Err(bad("too long"));
    }
    let name = std::str::from_utf8(bytes).map_err(|_| bad("not UTF-8"))?;
    if name.chars().any(|c| c.is_control() || matches!(c, '\\' | ':')) {
        return Err(bad("letters that a name cannot have"));
    }
    let parts = name.strip_suffix('/').unwrap_or(name).split('/');
    if parts.into_iter().any(|part| matches!(part, "" | "." | "..")) {
        return Err(bad("leads out of the archive"));
    }
    Ok(name.to_owned())
}

/// No two entries share bytes, none reaches into the directory, and together they unpack to no more than is taken.
fn check_together(
    entries: &[Entry],
    directory: &Directory,
    length: u64,
    limits: &Limits,
) -> Result<(), Fault> {
    let mut places: Vec<(u64, u64)> = Vec::with_capacity(entries.len());
    let mut whole = 0_u64;
    for entry in entries {
        let end = (entry.offset.checked_add(30 + entry.name.len() as u64))
            .and_then(|begin| begin.checked_add(entry.packed))
            .ok_or_else(|| damaged("an entry stands where nothing is"))?;
        places.push((entry.offset, end));
        whole = whole.saturating_add(entry.size);
    }
    if whole > length.saturating_mul(limits.ratio) {
        return Err(Fault::new(FaultKind::TooLarge, WHOLE, format!("{whole} bytes when unpacked")));
    }
    places.sort_unstable();
    let overlaps = places.windows(2).any(|pair| pair[0].1 > pair[1].0);
    if overlaps || places.last().is_some_and(|(_, end)| *end > directory.offset) {
        return Err(damaged("entries overlap"));
    }
    Ok(())
}

/// An entry that is being read. Its end is held against what the directory says.
#[derive(Debug)]
pub struct EntryReader<'z, R> {
    entry: Entry,
    body: Body<'z, R>,
    read: u64,
    crc: crc32fast::Hasher,
    digest: Sha256,
}

#[derive(Debug)]
enum Body<'z, R> {
    Stored(BufReader<Take<&'z mut R>>),
    Deflated(DeflateDecoder<BufReader<Take<&'z mut R>>>),
}

impl<R: Read> Read for EntryReader<'_, R> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if to.is_empty() {
            return Ok(0);
        }
        let fault = |detail: &str| io::Error::from(Fault::new(FaultKind::Damaged, &self.entry.name, detail));
        let count = match &mut self.body {
            Body::Stored(from) => from.read(to)?,
            Body::Deflated(from) => from.read(to).map_err(|_| fault("it cannot be unpacked"))?,
        };
        if count == 0 {
            if self.read != self.entry.size {
                return Err(fault("it is shorter than the directory says"));
            }
            if self.crc.clone().finalize() != self.entry.crc {
                return Err(fault("other bytes than the directory says"));
            }
            return Ok(0);
        }
        self.read += count as u64;
        if self.read > self.entry.size {
            return Err(fault("it is longer than the directory says"));
        }
        self.crc.update(&to[..count]);
        self.digest.update(&to[..count]);
        Ok(count)
    }
}

impl<R: Read> EntryReader<'_, R> {
    pub fn size(&self) -> u64 {
        self.entry.size
    }

    /// Reads what is left, and gives the checksum of the whole.
    pub fn finish(mut self) -> Result<[u8; 32], Fault> {
        let name = self.entry.name.clone();
        io::copy(&mut self, &mut io::sink()).map_err(|cause| Fault::io(&name, cause))?;
        Ok(self.digest.finalize().into())
    }
}

fn u16_at(bytes: &[u8], place: usize) -> u16 {
    u16::from_le_bytes([bytes[place], bytes[place + 1]])
}

fn u32_at(bytes: &[u8], place: usize) -> u32 {
    u32::from(u16_at(bytes, place)) | u32::from(u16_at(bytes, place + 2)) << 16
}

fn u64_at(bytes: &[u8], place: usize) -> u64 {
    u64::from(u32_at(bytes, place)) | u64::from(u32_at(bytes, place + 4)) << 32
}
