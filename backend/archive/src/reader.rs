//! An archive that anybody may have made: looked through whole, and handed on piece by piece in an order in which it can
//! be written down: people before what they wrote, posts before what answers them.
//!
//! What a title, a language or a role may be is not known here; [`Visitor`]s hold it against the rules of their own.

mod walk;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::{BufRead as _, BufReader, Read, Seek};

use crate::fault::{Fault, FaultKind};
use crate::limits::Limits;
use crate::stream;
use crate::types::*;
use crate::zip::read::ZipReader;
use crate::{FORMAT, VERSION};

/// What a file belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    Thread(Id),
    Reply(Id),
    Document(Id),
}

/// What is done with what is in an archive. Each thing comes after everything that it names.
pub trait Visitor {
    /// What the visitor's own rules say; a [`Fault`] of the archive ends as one too.
    type Error: From<Fault>;

    fn network(&mut self, network: Network) -> Result<(), Self::Error>;
    fn person(&mut self, person: Person) -> Result<(), Self::Error>;
    fn member(&mut self, member: Member) -> Result<(), Self::Error>;
    fn thread(&mut self, thread: Thread) -> Result<(), Self::Error>;
    /// Of the thread that came last.
    fn reply(&mut self, reply: Reply) -> Result<(), Self::Error>;
    /// Of the thread that came last or of one of its replies.
    fn post_version(&mut self, version: PostVersion) -> Result<(), Self::Error>;
    fn document(&mut self, document: Document) -> Result<(), Self::Error>;
    /// Of the document that came last; the numbers rise from 1.
    fn revision(&mut self, revision: Revision, markdown: String) -> Result<(), Self::Error>;
    /// A file of the thread or document that came last. Its bytes need not be read; its checksum is looked at either way.
    fn file(&mut self, owner: Owner, file: Attachment, bytes: &mut dyn Read) -> Result<(), Self::Error>;
}

/// An open archive.
#[derive(Debug)]
pub struct Archive<R> {
    zip: ZipReader<R>,
    limits: Limits,
    manifest: Manifest,
    /// Of every entry but the list itself.
    checksums: HashMap<String, [u8; 32]>,
    /// Entries that were read to their end and are what the list says.
    checked: HashSet<String>,
}

const MANIFEST: &str = "manifest.json";
const CHECKSUMS: &str = "checksums.sha256";

impl<R: Read + Seek> Archive<R> {
    /// Reads the directory, the manifest and the list of checksums.
    pub fn open(from: R, limits: Limits) -> Result<Self, Fault> {
        let mut zip = ZipReader::open(from, &limits)?;
        for needed in [MANIFEST, CHECKSUMS, "network.json", "persons.json"] {
            if zip.find(needed).is_none() {
                return Err(Fault::new(FaultKind::NotKring, needed, "not there"));
            }
        }
        let checksums = checksums(&mut zip, &limits)?;
        let mut reader = zip.read(MANIFEST, limits.piece)?;
        let raw: serde_json::Value = stream::read_whole(MANIFEST, &mut reader, limits.piece)?;
        let sum = reader.finish()?;
        known_version(&raw)?;
        let manifest = stream::shaped(MANIFEST, raw)?;
        let mut archive = Self { zip, limits, manifest, checksums, checked: HashSet::new() };
        archive.check_sum(MANIFEST, sum)?;
        archive.check_list()?;
        Ok(archive)
    }

    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// What `network.json` says, before anything else is looked at.
    pub fn network(&mut self) -> Result<Network, Fault> {
        let (name, most) = ("network.json", self.limits.piece);
        let mut reader = self.zip.read(name, most)?;
        let network = stream::read_whole(name, &mut reader, most)?;
        let sum = reader.finish()?;
        self.check_sum(name, sum)?;
        Ok(network)
    }

    /// The text of an entry of at most `most` bytes: for who looks at one.
    pub fn text(&mut self, name: &str, most: u64) -> Result<String, Fault> {
        let mut text = String::new();
        let mut reader = self.zip.read(name, most)?;
        reader.read_to_string(&mut text).map_err(|cause| Fault::io(name, cause))?;
        let sum = reader.finish()?;
        self.check_sum(name, sum)?;
        Ok(text)
    }

    /// Every name, in order, with its size: for who lists what is there.
    pub fn entries(&self) -> impl Iterator<Item = (&str, u64)> {
        self.zip.entries().iter().map(|entry| (entry.name.as_str(), entry.size))
    }

    /// The checksum of every entry but the list of them.
    pub fn checksums(&self) -> BTreeMap<&str, [u8; 32]> {
        self.checksums.iter().map(|(name, sum)| (name.as_str(), *sum)).collect()
    }

    /// Looks through everything, also what no visitor is shown (pages to read, schemas), and shows the rest to `visitor`.
    pub fn check<V: Visitor>(&mut self, visitor: &mut V) -> Result<Counts, V::Error> {
        let counts = self.walk(visitor)?;
        let all = self.zip.entries().iter().map(|entry| entry.name.clone());
        let other: Vec<String> =
            all.filter(|name| !self.checked.contains(name) && name != CHECKSUMS).collect();
        for name in other {
            let sum = self.zip.read(&name, self.limits.json)?.finish()?;
            self.check_sum(&name, sum)?;
        }
        Ok(counts)
    }

    /// Shows everything to `visitor`. For an archive that was looked through before.
    pub fn walk<V: Visitor>(&mut self, visitor: &mut V) -> Result<Counts, V::Error> {
        walk::Walk::new(self, visitor).everything()
    }

    fn check_sum(&mut self, name: &str, found: [u8; 32]) -> Result<(), Fault> {
        match self.checksums.get(name) {
            Some(listed) if *listed == found => {
                self.checked.insert(name.to_owned());
                Ok(())
            }
            Some(_) => Err(Fault::new(FaultKind::WrongChecksum, name, "other bytes than when it was made")),
            None => Err(Fault::new(FaultKind::Unlisted, name, "not in checksums.sha256")),
        }
    }

    /// The list names every entry, and every entry is on the list.
    fn check_list(&self) -> Result<(), Fault> {
        for entry in self.zip.entries() {
            if entry.name != CHECKSUMS && !self.checksums.contains_key(&entry.name) {
                return Err(Fault::new(FaultKind::Unlisted, &entry.name, "not in checksums.sha256"));
            }
        }
        match self.checksums.keys().find(|name| self.zip.find(name).is_none()) {
            Some(name) => Err(Fault::new(FaultKind::Missing, name, "listed in checksums.sha256")),
            None => Ok(()),
        }
    }
}

/// Is it an archive of Kring, of a version that is known? Said before its shape is looked at, which may have changed.
fn known_version(manifest: &serde_json::Value) -> Result<(), Fault> {
    if manifest["format"] != FORMAT {
        return Err(Fault::new(FaultKind::NotKring, MANIFEST, "another format"));
    }
    match manifest["version"].as_u64() {
        Some(version) if version == u64::from(VERSION) => Ok(()),
        Some(version) if version > u64::from(VERSION) => {
            Err(Fault::new(FaultKind::Newer, MANIFEST, format!("version {version}")))
        }
        _ => Err(Fault::new(FaultKind::NotKring, MANIFEST, "no version")),
    }
}

/// Reads `checksums.sha256`: a line an entry, as `sha256sum` writes it.
fn checksums<R: Read + Seek>(
    zip: &mut ZipReader<R>,
    limits: &Limits,
) -> Result<HashMap<String, [u8; 32]>, Fault> {
    let most = (zip.entries().len() as u64).saturating_mul(limits.name as u64 + 67);
    let bad = || Fault::new(FaultKind::Damaged, CHECKSUMS, "not as sha256sum writes it");
    let mut found = HashMap::with_capacity(zip.entries().len());
    let mut lines = BufReader::new(zip.read(CHECKSUMS, most)?);
    let mut line = Vec::new();
    loop {
        line.clear();
        let longest = limits.name as u64 + 67;
        let count = (&mut lines).take(longest).read_until(b'\n', &mut line);
        if count.map_err(|cause| Fault::io(CHECKSUMS, cause))? == 0 {
            return Ok(found);
        }
        let text = std::str::from_utf8(&line).ok().and_then(|line| line.strip_suffix('\n'));
        let (sum, name) = text.and_then(|line| line.split_once("  ")).ok_or_else(bad)?;
        if found.insert(name.to_owned(), digest(sum).ok_or_else(bad)?).is_some() {
            return Err(Fault::new(FaultKind::DuplicateName, name, "twice in checksums.sha256"));
        }
    }
}

/// Reads 64 small hexadecimal digits.
fn digest(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u8> = text
        .bytes()
        .map(|b| match b {
            b'0'..=b'9' => Some(b - b'0'),
            b'a'..=b'f' => Some(b - b'a' + 10),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    if digits.len() == 64 { bytes.try_into().ok() } else { None }
}

/// Who and what was there already.
#[derive(Debug, Default)]
struct Known {
    persons: HashSet<Address>,
    members: HashSet<Address>,
    posts: HashSet<Id>,
    versions: HashSet<Id>,
    documents: HashSet<Id>,
    /// Of which documents others are variants.
    sources: HashSet<Id>,
    revisions: HashSet<Id>,
    files: HashSet<Id>,
}
