//! The first time through: nothing is written.

use std::collections::BTreeSet;
use std::io::{Read, Seek};

use kring_archive::{self as wire, Archive, Fault as ArchiveFault, Owner, Visitor};
use kring_db::Time;

use super::Wish;
use super::holders::Holders;
use super::rows::{self, Rules, Stand};
use crate::accounts::PersonId;
use crate::app::App;
use crate::archives::queries;
use crate::attachments::{self, AttachmentId};
use crate::documents::{self, Document, DocumentId, RevisionId};
use crate::error::{Code, Error, Fault, Result};
use crate::municipalities::{self, MunicipalityCode};
use crate::networks::{self, Network, NetworkId};
use crate::threads::{self, ReplyId, ThreadId, VersionId};

/// Stands for everybody: who wrote what is looked at the second time.
const SOMEBODY: PersonId = PersonId(0);

/// How many ids are looked up at once.
const AT_ONCE: usize = 500;

/// Holds everything against the rules of its domain, and against what is here.
pub struct Checking<'a> {
    app: &'a App,
    rules: Rules,
    holders: Holders,
    network: Option<wire::Network>,
    document: Option<Document>,
    threads: Vec<ThreadId>,
    replies: Vec<ReplyId>,
    versions: Vec<VersionId>,
    documents: Vec<DocumentId>,
    revisions: Vec<RevisionId>,
    files: Vec<AttachmentId>,
    municipalities: BTreeSet<MunicipalityCode>,
}

/// The id of the network in an archive, before anything else is looked at.
pub fn network_id<R: Read + Seek>(archive: &mut Archive<R>) -> Result<NetworkId> {
    let network = archive.network()?;
    kring_db::types::read_id(network.id.as_str())
        .map(NetworkId)
        .ok_or_else(|| ArchiveFault::new(wire::FaultKind::BadJson, "network.json", "its id").into())
}

impl<'a> Checking<'a> {
    pub fn new(app: &'a App, holders: Holders) -> Self {
        Self {
            app,
            rules: Rules::as_of(app.clock.now()),
            holders,
            network: None,
            document: None,
            threads: Vec::new(),
            replies: Vec::new(),
            versions: Vec::new(),
            documents: Vec::new(),
            revisions: Vec::new(),
            files: Vec::new(),
            municipalities: BTreeSet::new(),
        }
    }

    /// The network as it will be here, whose founder is still to be found, once nothing of it is here and those who have the
    /// handles are who they were.
    pub fn finish(mut self, wish: &Wish) -> Result<(Network, Holders)> {
        self.look_up()?;
        let network = self.network.take().ok_or_else(|| Error::internal("an archive without network"))?;
        let network = rows::network(&self.rules, &network, wish.slug.as_ref(), SOMEBODY)?;
        let holders = if wish.same_people { self.holders.vouched() } else { self.holders };
        let network = self.app.db.read_blocking(|conn| {
            if queries::is_here(conn, network.id)? {
                return Err(Code::AlreadyHere.into());
            }
            if networks::slug_taken(conn, &network.slug)? {
                return Err(Code::SlugTaken.into());
            }
            holders.check(conn)?;
            Ok::<_, Error>(network)
        })?;
        Ok((network, holders))
    }

    fn waiting(&self) -> usize {
        self.threads.len()
            + self.replies.len()
            + self.versions.len()
            + self.documents.len()
            + self.revisions.len()
            + self.files.len()
    }

    /// Notes who wrote something that may be deleted.
    fn wrote(&mut self, author: Option<&wire::Address>, at: Time) -> Result<()> {
        author.map_or(Ok(()), |author| self.holders.wrote(author, at))
    }

    /// Looks up what came so far, now and then.
    fn noted(&mut self) -> Result<()> {
        if self.waiting() >= AT_ONCE { self.look_up() } else { Ok(()) }
    }

    fn look_up(&mut self) -> Result<()> {
        let codes: Vec<MunicipalityCode> = std::mem::take(&mut self.municipalities).into_iter().collect();
        let here = self.app.db.read_blocking(|conn| {
            if !municipalities::exist(conn, &codes)? {
                return Err(Fault::new("unknown_municipality").at("/file"));
            }
            Ok::<_, Error>(
                threads::any_of(conn, &self.threads, &self.replies, &self.versions)?
                    || documents::any_of(conn, &self.documents, &self.revisions)?
                    || attachments::any_of(conn, &self.files)?,
            )
        })?;
        self.threads.clear();
        self.replies.clear();
        self.versions.clear();
        self.documents.clear();
        self.revisions.clear();
        self.files.clear();
        if here { Err(Code::AlreadyHere.into()) } else { Ok(()) }
    }
}

impl Visitor for Checking<'_> {
    type Error = Error;

    fn network(&mut self, network: wire::Network) -> Result<()> {
        self.network = Some(network);
        Ok(())
    }

    fn person(&mut self, person: wire::Person) -> Result<()> {
        rows::handle(&person.address)?;
        rows::name(&person)?;
        rows::closed_at(&self.rules, &person)?;
        self.holders.named(&person.address)
    }

    fn member(&mut self, member: wire::Member) -> Result<()> {
        rows::member(&self.rules, &member).map(|_| ())
    }

    fn thread(&mut self, wire: wire::Thread) -> Result<()> {
        let thread = rows::thread(&self.rules, &wire, NetworkId(0), SOMEBODY)?;
        self.wrote(wire.author.as_ref(), thread.created_at)?;
        self.threads.push(thread.id);
        self.noted()
    }

    fn reply(&mut self, wire: wire::Reply) -> Result<()> {
        let stand = Stand { thread: ThreadId(0), depth: 0, above: "" };
        let reply = rows::reply(&self.rules, &wire, &stand, SOMEBODY)?;
        self.wrote(wire.author.as_ref(), reply.created_at)?;
        self.replies.push(reply.id);
        self.noted()
    }

    fn post_version(&mut self, version: wire::PostVersion) -> Result<()> {
        let (id, ..) = rows::post_version(&self.rules, &version)?;
        self.versions.push(id);
        self.noted()
    }

    fn document(&mut self, wire: wire::Document) -> Result<()> {
        let document = rows::document(&self.rules, &wire, NetworkId(0), SOMEBODY)?;
        if let Some(adoption) = &wire.adoption {
            let own = self.app.config.host();
            let (adoption, _) = rows::adoption(&self.rules, &document, adoption, &own, &|_| Ok(SOMEBODY))?;
            self.municipalities.insert(adoption.municipality);
        }
        if let Some(variant) = &wire.variant {
            rows::variant(&self.rules, &document, variant)?;
        }
        self.documents.push(document.id);
        self.document = Some(document);
        self.noted()
    }

    fn revision(&mut self, wire: wire::Revision, markdown: String) -> Result<()> {
        let document = self.document.as_ref().ok_or_else(|| Error::internal("a revision of nothing"))?;
        let (_, revision, _) = rows::revision(&self.rules, document, &wire, markdown, SOMEBODY)?;
        self.holders.wrote(&wire.author, revision.created_at)?;
        self.revisions.push(revision.id);
        self.noted()
    }

    fn file(&mut self, _: Owner, file: wire::Attachment, _: &mut dyn Read) -> Result<()> {
        let (_, _, created_at, _) = rows::file(&self.rules, &file)?;
        self.holders.wrote(&file.uploader, created_at)?;
        self.files.push(self.rules.id(&file.id)?);
        self.noted()
    }
}
