//! Going through an archive, once.

use std::collections::HashSet;
use std::io::{Read, Seek};

use serde_json::Value;

use super::{Archive, Known, Owner, Visitor};
use crate::fault::{Fault, FaultKind};
use crate::limits::Limits;
use crate::stream::{self, Pieces, shaped};
use crate::types::*;

/// The state of a walk.
pub(super) struct Walk<'a, R, V> {
    archive: &'a mut Archive<R>,
    visitor: &'a mut V,
    known: Known,
    counts: Counts,
}

/// What one JSON entry is read with: the visitor, and what came before.
struct Reading<'a, V: Visitor> {
    entry: &'a str,
    limits: Limits,
    visitor: &'a mut V,
    known: &'a mut Known,
    counts: &'a mut Counts,
    /// The visitor's own error, while the reading ends as if by a fault.
    error: Option<V::Error>,
    place: Place,
    files: Vec<(Owner, Attachment)>,
    revisions: Vec<Revision>,
}

/// Which of the entries it is, and what of its own must fit together.
enum Place {
    Persons,
    Members,
    /// A thread: the replies that the next one can answer, outermost first; all so far, and their numbers.
    Thread {
        above: Vec<Id>,
        replies: HashSet<Id>,
        numbers: HashSet<u32>,
    },
    Document {
        id: Option<Id>,
    },
}

impl<'a, R: Read + Seek, V: Visitor> Walk<'a, R, V> {
    pub fn new(archive: &'a mut Archive<R>, visitor: &'a mut V) -> Self {
        Self {
            archive,
            visitor,
            known: Known::default(),
            counts: Counts::default(),
        }
    }

    pub fn everything(mut self) -> Result<Counts, V::Error> {
        let network = self.archive.network()?;
        self.list("persons.json", &["persons"], Place::Persons)?;
        self.needs(&network.created_by, "network.json")?;
        self.visitor.network(network)?;
        let with_members = self.archive.zip.find("members.json").is_some();
        if with_members != self.archive.manifest.with_members {
            return Err(Fault::new(FaultKind::Missing, "members.json", "not as the manifest says").into());
        }
        if with_members {
            self.list("members.json", &["members"], Place::Members)?;
        }
        for name in self.names("threads/") {
            let place = Place::Thread {
                above: Vec::new(),
                replies: HashSet::new(),
                numbers: HashSet::new(),
            };
            self.list(&name, &["replies", "versions"], place)?;
        }
        for name in self.names("documents/") {
            self.list(&name, &["revisions"], Place::Document { id: None })?;
        }
        if let Some(missing) = self.known.sources.iter().find(|id| !self.known.documents.contains(id)) {
            return Err(Fault::new(FaultKind::Missing, "documents", missing).into());
        }
        let told = self.archive.manifest.counts;
        if told != self.counts {
            return Err(Fault::new(FaultKind::Missing, "manifest.json", "it counts otherwise").into());
        }
        Ok(self.counts)
    }

    fn needs(&self, person: &Address, entry: &str) -> Result<(), Fault> {
        match self.known.persons.contains(person) {
            true => Ok(()),
            false => Err(Fault::new(FaultKind::UnknownPerson, entry, person)),
        }
    }

    /// The JSON entries in a folder.
    fn names(&self, folder: &str) -> Vec<String> {
        let entries = self.archive.zip.entries().iter().map(|entry| &entry.name);
        entries.filter(|name| name.starts_with(folder) && name.ends_with(".json")).cloned().collect()
    }

    /// Reads one JSON entry, then what it names.
    fn list(&mut self, name: &str, lists: &[&str], place: Place) -> Result<(), V::Error> {
        let limits = self.archive.limits;
        let mut reader = self.archive.zip.read(name, limits.json)?;
        let mut reading = Reading {
            entry: name,
            limits,
            visitor: &mut *self.visitor,
            known: &mut self.known,
            counts: &mut self.counts,
            error: None,
            place,
            files: Vec::new(),
            revisions: Vec::new(),
        };
        let outcome = stream::read(name, &mut reader, limits.piece, lists, &mut reading);
        if let Some(error) = reading.error {
            return Err(error);
        }
        outcome?;
        let document = matches!(reading.place, Place::Document { .. });
        let (files, revisions) = (reading.files, reading.revisions);
        if document && revisions.is_empty() {
            return Err(Fault::new(FaultKind::Missing, name, "a document without a revision").into());
        }
        let sum = reader.finish()?;
        self.archive.check_sum(name, sum)?;
        for revision in revisions {
            self.revision(revision)?;
        }
        for (owner, file) in files {
            self.file(owner, file)?;
        }
        Ok(())
    }

    fn revision(&mut self, revision: Revision) -> Result<(), V::Error> {
        let most = self.archive.limits.text;
        let mut reader = self.archive.zip.read(&revision.path, most)?;
        let mut markdown = String::with_capacity(reader.size() as usize);
        reader.read_to_string(&mut markdown).map_err(|cause| match cause.kind() {
            std::io::ErrorKind::InvalidData => Fault::new(FaultKind::Damaged, &revision.path, "not UTF-8"),
            _ => Fault::io(&revision.path, cause),
        })?;
        let sum = reader.finish()?;
        self.archive.check_sum(&revision.path, sum)?;
        self.visitor.revision(revision, markdown)
    }

    fn file(&mut self, owner: Owner, file: Attachment) -> Result<(), V::Error> {
        let path = file.path.clone();
        let mut reader = self.archive.zip.read(&path, self.archive.limits.file)?;
        if reader.size() != file.size {
            return Err(Fault::new(FaultKind::Damaged, &path, "another size than its record says").into());
        }
        let promised = super::digest(&file.sha256)
            .ok_or_else(|| Fault::new(FaultKind::BadJson, &path, "no checksum of 64 digits"))?;
        self.visitor.file(owner, file, &mut reader)?;
        let sum = reader.finish()?;
        if sum != promised {
            return Err(
                Fault::new(FaultKind::WrongChecksum, &path, "other bytes than its record says").into()
            );
        }
        Ok(self.archive.check_sum(&path, sum)?)
    }
}

impl<V: Visitor> Pieces for Reading<'_, V> {
    fn head(&mut self, head: Value) -> Result<(), Fault> {
        match &self.place {
            Place::Persons | Place::Members => match head.as_object().is_some_and(|head| head.is_empty()) {
                true => Ok(()),
                false => Err(self.fault(FaultKind::BadJson, "more than a list")),
            },
            Place::Thread { .. } => {
                let thread = shaped(self.entry, head)?;
                self.thread(thread)
            }
            Place::Document { .. } => {
                let document = shaped(self.entry, head)?;
                self.document(document)
            }
        }
    }

    fn item(&mut self, list: usize, item: Value) -> Result<(), Fault> {
        match (&self.place, list) {
            (Place::Persons, _) => {
                let person = shaped(self.entry, item)?;
                self.person(person)
            }
            (Place::Members, _) => {
                let member = shaped(self.entry, item)?;
                self.member(member)
            }
            (Place::Thread { .. }, 0) => {
                let reply = shaped(self.entry, item)?;
                self.reply(reply)
            }
            (Place::Thread { .. }, _) => {
                let version = shaped(self.entry, item)?;
                self.post_version(version)
            }
            (Place::Document { .. }, _) => {
                let revision = shaped(self.entry, item)?;
                self.revision(revision)
            }
        }
    }
}

impl<V: Visitor> Reading<'_, V> {
    fn fault(&self, kind: FaultKind, detail: impl std::fmt::Display) -> Fault {
        Fault::new(kind, self.entry, detail)
    }

    /// Shows something to the visitor; its error is kept until the reading has ended.
    fn show(&mut self, shown: impl FnOnce(&mut V) -> Result<(), V::Error>) -> Result<(), Fault> {
        shown(self.visitor).map_err(|error| {
            self.error = Some(error);
            self.fault(FaultKind::BadJson, "refused")
        })
    }

    fn needs(&self, person: &Address) -> Result<(), Fault> {
        match self.known.persons.contains(person) {
            true => Ok(()),
            false => Err(self.fault(FaultKind::UnknownPerson, person)),
        }
    }

    /// What is there names its author; what was deleted names nobody and says nothing.
    fn written(&self, author: Option<&Address>, deleted: bool, body: &str) -> Result<(), Fault> {
        match author {
            Some(author) if !deleted => self.needs(author),
            None if deleted && body.is_empty() => Ok(()),
            _ => Err(self.fault(FaultKind::BadJson, "it has an author, or it was deleted and says nothing")),
        }
    }

    fn person(&mut self, person: Person) -> Result<(), Fault> {
        if self.known.persons.len() >= self.limits.persons {
            return Err(self.fault(FaultKind::TooMany, "persons"));
        }
        if !self.known.persons.insert(person.address.clone()) {
            return Err(self.fault(FaultKind::DuplicateId, &person.address));
        }
        self.counts.persons += 1;
        self.show(|visitor| visitor.person(person))
    }

    fn member(&mut self, member: Member) -> Result<(), Fault> {
        self.needs(&member.person)?;
        if !self.known.members.insert(member.person.clone()) {
            return Err(self.fault(FaultKind::DuplicateId, &member.person));
        }
        self.counts.members += 1;
        self.show(|visitor| visitor.member(member))
    }

    fn post(&mut self, id: &Id) -> Result<(), Fault> {
        if self.known.posts.len() + self.known.versions.len() >= self.limits.posts {
            return Err(self.fault(FaultKind::TooMany, "posts"));
        }
        match self.known.posts.insert(id.clone()) {
            true => Ok(()),
            false => Err(self.fault(FaultKind::DuplicateId, id)),
        }
    }

    /// Where something of a thread or document is to stand.
    fn stands(&self, id: &Id, expected: String) -> Result<(), Fault> {
        match self.entry == expected {
            true => Ok(()),
            false => Err(self.fault(FaultKind::BadJson, format_args!("its id is {id}"))),
        }
    }

    fn keep_files(&mut self, owner: &Owner, files: &[Attachment]) -> Result<(), Fault> {
        for file in files {
            self.needs(&file.uploader)?;
            if self.known.files.len() >= self.limits.files {
                return Err(self.fault(FaultKind::TooMany, "files"));
            }
            if !self.known.files.insert(file.id.clone()) {
                return Err(self.fault(FaultKind::DuplicateId, &file.id));
            }
            let name = file.path.strip_prefix("files/").and_then(|rest| rest.strip_prefix(file.id.as_str()));
            if !name.is_some_and(|rest| rest.starts_with('-')) {
                return Err(self.fault(FaultKind::BadJson, format_args!("a file at {}", file.path)));
            }
            self.counts.files += 1;
            self.files.push((owner.clone(), file.clone()));
        }
        Ok(())
    }

    fn thread(&mut self, thread: Thread) -> Result<(), Fault> {
        self.stands(&thread.id, format!("threads/{}.json", thread.id))?;
        self.written(thread.author.as_ref(), thread.deleted_at.is_some(), &thread.body)?;
        self.post(&thread.id)?;
        self.keep_files(&Owner::Thread(thread.id.clone()), &thread.attachments)?;
        self.counts.threads += 1;
        self.show(|visitor| visitor.thread(thread))
    }

    fn reply(&mut self, reply: Reply) -> Result<(), Fault> {
        self.written(reply.author.as_ref(), reply.deleted_at.is_some(), &reply.body)?;
        self.post(&reply.id)?;
        self.keep_files(&Owner::Reply(reply.id.clone()), &reply.attachments)?;
        let (entry, deepest) = (self.entry, self.limits.depth);
        if let Place::Thread { above, replies, numbers } = &mut self.place {
            // In the order of reading a reply stands behind what it answers and all that answers that: whatever it
            // names that is not above the reply before it stands elsewhere, later, or nowhere. No circle can be made.
            let depth = match &reply.parent {
                None => 0,
                Some(parent) => match above.iter().rposition(|id| id == parent) {
                    Some(place) => place + 1,
                    None => return Err(Fault::new(FaultKind::BadParent, entry, &reply.id)),
                },
            };
            if depth > deepest {
                return Err(Fault::new(FaultKind::TooDeep, entry, &reply.id));
            }
            above.truncate(depth);
            above.push(reply.id.clone());
            replies.insert(reply.id.clone());
            if reply.number == 0 || !numbers.insert(reply.number) {
                return Err(Fault::new(FaultKind::BadNumbers, entry, reply.number));
            }
        }
        self.counts.replies += 1;
        self.show(|visitor| visitor.reply(reply))
    }

    fn post_version(&mut self, version: PostVersion) -> Result<(), Fault> {
        if self.known.posts.len() + self.known.versions.len() >= self.limits.posts {
            return Err(self.fault(FaultKind::TooMany, "posts"));
        }
        if !self.known.versions.insert(version.id.clone()) {
            return Err(self.fault(FaultKind::DuplicateId, &version.id));
        }
        if let (Place::Thread { replies, .. }, Some(reply)) = (&self.place, &version.reply)
            && !replies.contains(reply)
        {
            return Err(self.fault(FaultKind::BadParent, reply));
        }
        self.show(|visitor| visitor.post_version(version))
    }

    fn document(&mut self, document: Document) -> Result<(), Fault> {
        self.stands(&document.id, format!("documents/{}/document.json", document.id))?;
        self.needs(&document.created_by)?;
        if !self.known.documents.insert(document.id.clone()) {
            return Err(self.fault(FaultKind::DuplicateId, &document.id));
        }
        self.keep_files(&Owner::Document(document.id.clone()), &document.attachments)?;
        if let Some(adoption) = &document.adoption {
            self.needs(&adoption.adopted_by)?;
            let steps = std::iter::once(&adoption.source).chain(&adoption.origins);
            steps.flat_map(|step| &step.authors).try_for_each(|author| self.needs(author))?;
            let own = |file: &Id| document.attachments.iter().any(|known| known.id == *file);
            if !adoption.files.iter().all(|file| own(&file.file)) {
                return Err(self.fault(FaultKind::BadJson, "a copy of a file that is not there"));
            }
        }
        if let Some(variant) = &document.variant {
            self.known.sources.insert(variant.of.clone());
        }
        self.place = Place::Document { id: Some(document.id.clone()) };
        self.counts.documents += 1;
        self.show(|visitor| visitor.document(document))
    }

    fn revision(&mut self, revision: Revision) -> Result<(), Fault> {
        self.needs(&revision.author)?;
        if self.known.revisions.len() >= self.limits.revisions {
            return Err(self.fault(FaultKind::TooMany, "revisions"));
        }
        if !self.known.revisions.insert(revision.id.clone()) {
            return Err(self.fault(FaultKind::DuplicateId, &revision.id));
        }
        if revision.number as usize != self.revisions.len() + 1
            || revision.restored_from.is_some_and(|earlier| earlier == 0 || earlier >= revision.number)
        {
            return Err(self.fault(FaultKind::BadNumbers, revision.number));
        }
        if let Place::Document { id: Some(id) } = &self.place {
            let path = format!("documents/{id}/{}.md", revision.number);
            if revision.path != path {
                return Err(self.fault(FaultKind::BadJson, format_args!("a text at {}", revision.path)));
            }
        }
        self.counts.revisions += 1;
        self.revisions.push(revision);
        Ok(())
    }
}
