//! The second time through: everything is written, in batches.

use std::collections::HashMap;
use std::io::{self, Read, Seek as _};

use kring_archive::{self as wire, Address, Manifest, Owner, Visitor};
use kring_db::{Time, Tx};
use tokio::runtime::Handle;

use super::Work;
use super::holders::Holders;
use super::rows::{self, Rules, Stand};
use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::attachments::{self, Attachment, AttachmentId, Target};
use crate::documents::{self, Adoption, Base, Document, DocumentId, LongText, Revision, Variant};
use crate::error::{Error, Result};
use crate::networks::{self, MemberRole, Network};
use crate::threads::{self, PostVersion, Reply, ReplyId, Thread, ThreadId, VersionId};

/// Pieces, and bytes of text, that one transaction writes: on SQLite everybody waits for it.
const PIECES: usize = 200;
const BYTES: usize = 1 << 20;

/// Something to write.
enum Piece {
    Credit(PersonId, (MemberRole, bool, Option<Time>)),
    Thread(Thread),
    Reply(Reply),
    Version(VersionId, (ThreadId, Option<ReplyId>), PersonId, PostVersion),
    Settle {
        id: ThreadId,
        replies: i64,
        last_seq: i64,
        last_activity_at: Time,
    },
    Revision(Document, Revision, LongText),
    Adoption(Adoption, Base),
    AdoptedFile(Document, AttachmentId, AttachmentId),
    Variant(Document, Variant),
    Whole(Document),
    File(Attachment),
    /// A file that is where it belongs now.
    Kept(Attachment),
}

impl Piece {
    fn bytes(&self) -> usize {
        match self {
            Self::Thread(thread) => thread.body.len() + thread.body_html.len(),
            Self::Reply(reply) => reply.body.len() + reply.body_html.len() + reply.path.len(),
            Self::Version(.., version) => version.body.len() + version.body_html.len(),
            Self::Revision(.., text) => text.body.len() + text.body_html.len(),
            Self::Adoption(_, base) => base.body.len(),
            _ => 100,
        }
    }
}

/// The thread that is being brought in.
struct Open {
    id: ThreadId,
    /// Who wrote it, and each of its replies.
    author: PersonId,
    authors: HashMap<ReplyId, PersonId>,
    /// The replies that the next one can answer, outermost first, with their paths.
    above: Vec<(wire::Id, String)>,
    replies: i64,
    last_seq: i64,
    last_activity_at: Time,
}

/// What was brought in.
pub struct Brought {
    pub threads: i64,
    pub documents: i64,
    pub done: i64,
    pub created_by: PersonId,
}

pub struct Bringing<'a> {
    work: &'a Work<'a>,
    rules: Rules,
    /// The host of this instance.
    own: String,
    holders: Holders,
    /// Does the archive come from here? Then mentions mean who they say.
    from_here: bool,
    network: Network,
    people: HashMap<Address, PersonId>,
    new_people: Vec<wire::Person>,
    nobody: Option<PersonId>,
    batch: Vec<Piece>,
    bytes: usize,
    thread: Option<Open>,
    document: Option<Document>,
    /// Where the document comes from, until it is there; and what names what comes after it.
    adoption: Option<wire::Adoption>,
    variant: Option<wire::Variant>,
    later: Vec<Piece>,
    brought: Brought,
}

impl<'a> Bringing<'a> {
    pub fn new(work: &'a Work<'a>, holders: Holders, manifest: &Manifest, network: Network) -> Self {
        let own = work.app.config.host();
        Self {
            work,
            rules: Rules::as_of(work.app.clock.now()),
            from_here: manifest.instance == own,
            own,
            holders,
            network,
            people: HashMap::new(),
            new_people: Vec::new(),
            nobody: None,
            batch: Vec::new(),
            bytes: 0,
            thread: None,
            document: None,
            adoption: None,
            variant: None,
            later: Vec::new(),
            brought: Brought { threads: 0, documents: 0, done: 0, created_by: PersonId(0) },
        }
    }

    /// Writes what is left.
    pub fn finish(mut self) -> Result<Brought> {
        self.end_thread();
        self.end_document()?;
        for piece in std::mem::take(&mut self.later) {
            self.push(piece)?;
        }
        self.flush()?;
        Ok(self.brought)
    }

    fn push(&mut self, piece: Piece) -> Result<()> {
        self.bytes += piece.bytes();
        self.batch.push(piece);
        if self.batch.len() >= PIECES || self.bytes >= BYTES {
            self.flush()
        } else {
            Ok(())
        }
    }

    fn flush(&mut self) -> Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.brought.done += self.batch.len() as i64;
        let (batch, network, from_here) = (&self.batch, &self.network, self.from_here);
        let may = self.work.may;
        self.work.step(self.brought.done, &mut |tx, cx| {
            batch.iter().try_for_each(|piece| write(tx, cx, &may, network, piece, from_here))
        })?;
        self.batch.clear();
        self.bytes = 0;
        Ok(())
    }

    /// Makes the people who came so far known.
    fn flush_people(&mut self) -> Result<()> {
        let (work, own, holders) = (self.work, &self.own, &self.holders);
        for some in self.new_people.chunks(PIECES) {
            let mut found = Vec::new();
            work.step(self.brought.done, &mut |tx, cx| {
                found.clear();
                // Looked at before; somebody may have registered since.
                holders.check(tx)?;
                for person in some {
                    found.push((person.address.clone(), import_person(tx, cx, work, person, own)?));
                }
                Ok(())
            })?;
            self.people.extend(found);
        }
        self.new_people.clear();
        Ok(())
    }

    fn somebody(&self, address: &Address) -> Result<PersonId> {
        self.people
            .get(address)
            .copied()
            .ok_or_else(|| Error::internal("an author whom nobody brought in"))
    }

    /// Who wrote something that may be deleted.
    fn author(&mut self, address: Option<&Address>) -> Result<PersonId> {
        if let Some(address) = address {
            return self.somebody(address);
        }
        if let Some(nobody) = self.nobody {
            return Ok(nobody);
        }
        let mut nobody = PersonId(0);
        self.work.step(self.brought.done, &mut |tx, cx| {
            nobody = accounts::nobody(tx, cx)?;
            Ok(())
        })?;
        self.nobody = Some(nobody);
        Ok(nobody)
    }

    /// The document before is whole: search is told. What names others waits until they are there.
    fn end_document(&mut self) -> Result<()> {
        let Some(document) = self.document.take() else { return Ok(()) };
        let Some(variant) = self.variant.take() else {
            return self.push(Piece::Whole(document));
        };
        let variant = rows::variant(&self.rules, &document, &variant)?;
        self.later.push(Piece::Variant(document, variant));
        Ok(())
    }

    /// Brings in where the document comes from.
    fn adopted(&mut self, document: &Document, adoption: &wire::Adoption) -> Result<()> {
        let found = |address: &Address| self.somebody(address);
        let (row, base) = rows::adoption(&self.rules, document, adoption, &self.own, &found)?;
        self.push(Piece::Adoption(row, base))?;
        for copy in &adoption.files {
            let (source, file) = (self.rules.id(&copy.source)?, self.rules.id(&copy.file)?);
            self.later.push(Piece::AdoptedFile(document.clone(), source, file));
        }
        Ok(())
    }

    /// The thread before is whole: says what was counted of it.
    fn end_thread(&mut self) {
        if let Some(open) = self.thread.take() {
            self.batch.push(Piece::Settle {
                id: open.id,
                replies: open.replies,
                last_seq: open.last_seq,
                last_activity_at: open.last_activity_at,
            });
        }
    }
}

/// Somebody of this instance is who has that handle here; everybody else is somebody of another.
fn import_person(
    tx: &mut Tx,
    cx: &Context,
    work: &Work<'_>,
    person: &wire::Person,
    own: &str,
) -> Result<PersonId> {
    let host = if person.address.host() == own { "" } else { person.address.host() };
    let rules = Rules::as_of(cx.now());
    let closed_at = rows::closed_at(&rules, person)?;
    let (handle, name) = (rows::handle(&person.address)?, rows::name(person)?);
    let (id, made) = accounts::import_person(tx, cx, &handle, host, &name, closed_at)?;
    if made {
        crate::archives::queries::note_person(tx, &work.may, work.network, id)?;
    }
    Ok(id)
}

fn write(
    tx: &mut Tx,
    cx: &Context,
    may: &networks::MayImport,
    network: &Network,
    piece: &Piece,
    from_here: bool,
) -> Result<()> {
    // What was written here mentions who is here.
    let linked = |tx: &mut Tx, body: &str, html: &str| match from_here && body.contains('@') {
        true => {
            let rendered = crate::text::markdown::render(body);
            Ok::<_, Error>(accounts::with_mentions(tx, cx, body, &rendered)?.0.html)
        }
        false => Ok(html.to_owned()),
    };
    match piece {
        Piece::Credit(person, credit) => networks::keep_credit(tx, may, network.id, *person, *credit),
        Piece::Thread(thread) => {
            let body_html = linked(tx, &thread.body, &thread.body_html)?;
            threads::bring_thread(tx, may, &Thread { body_html, ..thread.clone() })
        }
        Piece::Reply(reply) => {
            let body_html = linked(tx, &reply.body, &reply.body_html)?;
            threads::bring_reply(tx, may, network.id, &Reply { body_html, ..reply.clone() })
        }
        Piece::Version(id, of, author, version) => {
            threads::bring_version(tx, may, *id, *of, *author, version)
        }
        Piece::Settle { id, replies, last_seq, last_activity_at } => {
            threads::settle_thread(tx, may, *id, *replies, *last_seq, *last_activity_at)
        }
        Piece::Revision(document, revision, text) => {
            let body_html = linked(tx, &text.body, &text.body_html)?;
            let text = LongText { body_html, ..text.clone() };
            documents::bring_revision(tx, may, document, revision, &text)
        }
        Piece::Adoption(adoption, base) => documents::bring_adoption(tx, may, adoption, base),
        Piece::AdoptedFile(document, of, copy) => {
            let writing = may.for_author(network.id, document.created_by);
            documents::add_adopted_file(tx, &writing, document.id, *of, *copy)
        }
        Piece::Variant(document, variant) => documents::bring_variant(tx, may, document, variant),
        Piece::Whole(document) => documents::enter_brought(tx, may, document),
        Piece::File(attachment) => attachments::bring(tx, may, attachment),
        Piece::Kept(attachment) => attachments::read_brought(tx, cx, may, attachment),
    }
}

impl Visitor for Bringing<'_> {
    type Error = Error;

    fn network(&mut self, network: wire::Network) -> Result<()> {
        self.flush_people()?;
        self.network.created_by = self.somebody(&network.created_by)?;
        self.brought.created_by = self.network.created_by;
        let (may, network) = (self.work.may, &self.network);
        self.work.step(0, &mut |tx, _| networks::begin_import(tx, &may, network))
    }

    fn person(&mut self, person: wire::Person) -> Result<()> {
        self.new_people.push(person);
        if self.new_people.len() >= PIECES {
            self.flush_people()
        } else {
            Ok(())
        }
    }

    fn member(&mut self, member: wire::Member) -> Result<()> {
        let credit = rows::member(&self.rules, &member)?;
        self.push(Piece::Credit(self.somebody(&member.person)?, credit))
    }

    fn thread(&mut self, thread: wire::Thread) -> Result<()> {
        self.end_thread();
        let author = self.author(thread.author.as_ref())?;
        let row = rows::thread(&self.rules, &thread, self.network.id, author)?;
        let deleted = row.deleted_at.is_some();
        self.brought.threads += i64::from(!deleted);
        self.thread = Some(Open {
            id: row.id,
            author,
            authors: HashMap::new(),
            above: Vec::new(),
            replies: 0,
            last_seq: 0,
            last_activity_at: row.last_activity_at,
        });
        self.push(Piece::Thread(row))
    }

    fn reply(&mut self, reply: wire::Reply) -> Result<()> {
        let author = self.author(reply.author.as_ref())?;
        let open = self.thread.as_mut().ok_or_else(|| Error::internal("a reply to nothing"))?;
        let depth = match &reply.parent {
            None => 0,
            Some(parent) => open.above.iter().rposition(|(id, _)| id == parent).map_or(0, |place| place + 1),
        };
        open.above.truncate(depth);
        let above = open.above.last().map_or("", |(_, path)| path.as_str());
        let stand = Stand { thread: open.id, depth: depth as i64, above };
        let row = rows::reply(&self.rules, &reply, &stand, author)?;
        open.above.push((reply.id, row.path.clone()));
        open.authors.insert(row.id, author);
        open.replies += i64::from(row.deleted_at.is_none());
        open.last_seq = open.last_seq.max(row.seq);
        open.last_activity_at = open.last_activity_at.max(row.created_at);
        self.push(Piece::Reply(row))
    }

    fn post_version(&mut self, version: wire::PostVersion) -> Result<()> {
        let open = self.thread.as_ref().ok_or_else(|| Error::internal("a version of nothing"))?;
        let (id, reply, row) = rows::post_version(&self.rules, &version)?;
        let author = reply.and_then(|reply| open.authors.get(&reply).copied()).unwrap_or(open.author);
        let thread = open.id;
        self.push(Piece::Version(id, (thread, reply), author, row))
    }

    fn document(&mut self, document: wire::Document) -> Result<()> {
        self.end_thread();
        self.end_document()?;
        let founder = self.somebody(&document.created_by)?;
        self.document = Some(rows::document(&self.rules, &document, self.network.id, founder)?);
        (self.adoption, self.variant) = (document.adoption, document.variant);
        self.brought.documents += 1;
        Ok(())
    }

    fn revision(&mut self, revision: wire::Revision, markdown: String) -> Result<()> {
        let author = self.somebody(&revision.author)?;
        let before = self.document.as_ref().ok_or_else(|| Error::internal("a revision of nothing"))?;
        let (after, row, text) = rows::revision(&self.rules, before, &revision, markdown, author)?;
        self.document = Some(after.clone());
        self.push(Piece::Revision(after.clone(), row, text))?;
        match self.adoption.take() {
            Some(adoption) => self.adopted(&after, &adoption),
            None => Ok(()),
        }
    }

    fn file(&mut self, owner: Owner, file: wire::Attachment, bytes: &mut dyn Read) -> Result<()> {
        let id: AttachmentId = self.rules.id(&file.id)?;
        let (file_name, alt, created_at, attached_at) = rows::file(&self.rules, &file)?;
        let target = match &owner {
            Owner::Thread(id) => Target::thread(self.rules.id::<ThreadId>(id)?.0),
            Owner::Reply(id) => Target::reply(self.rules.id::<ReplyId>(id)?.0),
            Owner::Document(id) => Target::document(self.rules.id::<DocumentId>(id)?.0),
        };
        let mut copy = tempfile::tempfile_in(self.work.app.waiting_room())?;
        io::copy(bytes, &mut copy).map_err(|cause| wire::Fault::io(&file.path, cause))?;
        copy.rewind()?;
        let runtime = Handle::try_current().map_err(Error::internal)?;
        let app = self.work.app;
        let (stored, content) =
            runtime.block_on(attachments::examine(app, id, Some(file_name.as_str()), copy))?;
        // Its row first, so that what is kept can be found when this does not end.
        let described = alt.is_some() || file.decorative;
        let image = stored.media_type.image().is_some();
        let attachment = Attachment {
            id,
            network_id: self.network.id,
            uploader_id: self.somebody(&file.uploader)?,
            target_kind: Some(target.kind),
            target_id: Some(target.id),
            file_name,
            media_type: stored.media_type,
            size: stored.size,
            sha256: stored.sha256,
            width: stored.dimensions.map(|size| i64::from(size.width)),
            height: stored.dimensions.map(|size| i64::from(size.height)),
            alt: alt.filter(|_| !file.decorative),
            decorative: file.decorative && image,
            description_wanted: file.description_wanted || image && !described,
            created_at,
            attached_at: Some(attached_at),
            version: 1,
        };
        self.push(Piece::File(attachment.clone()))?;
        self.flush()?;
        runtime.block_on(app.storage.put(&attachments::key(id), content))?;
        self.push(Piece::Kept(attachment))
    }
}
