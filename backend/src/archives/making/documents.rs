//! The documents of a network.

use kring_archive::{AdoptedFile, Adoption, Document, Origin, Revision, Variant};

use super::Making;
use super::files::of_target;
use super::spool::Spool;
use super::threads::number;
use crate::accounts::{self, PersonId};
use crate::archives::model::*;
use crate::archives::sheets::{ListedDocument, Written, document_files, document_page, listed};
use crate::attachments::Target;
use crate::documents::{self, DocumentId, LongText};
use crate::error::{Error, NOT_FOUND, Result};
use crate::networks::AuthorPerson;

/// Documents in one page.
const PAGE: i64 = 100;

/// What is known of a document once its revisions were written.
struct Newest {
    revision: documents::Revision,
    text: LongText,
    authors: Vec<String>,
}

/// Where a document comes from, and of what it is a variant.
struct Lineage {
    adoption: Option<documents::Adoption>,
    variant: Option<documents::VariantRow>,
}

impl Making<'_> {
    /// Every document, oldest first.
    pub fn documents(&mut self) -> Result<()> {
        let mut waiting = Spool::new(&self.app.waiting_room())?;
        let (may, network, mut after) = (self.may, self.network.id, DocumentId(0));
        loop {
            let page = self
                .app
                .db
                .read_blocking(|conn| documents::documents_to_archive(conn, may, network, after, PAGE))?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            after = last.id;
            let ids: Vec<DocumentId> = page.iter().map(|(row, _)| row.id).collect();
            let (mut adoptions, mut variants) = self.app.db.read_blocking(|conn| {
                Ok::<_, Error>((documents::adoptions_of(conn, &ids)?, documents::variant_of(conn, &ids)?))
            })?;
            let targets: Vec<Target> = page.iter().map(|(row, _)| Target::document(row.id.0)).collect();
            let mut files = self.files(&targets)?;
            for (row, founder) in page {
                let its = of_target(&mut files, Target::document(row.id.0));
                let lineage = Lineage {
                    adoption: adoptions.extract_if(.., |it| it.document_id == row.id).next(),
                    variant: variants.extract_if(.., |(it, _)| it.document_id == row.id).next(),
                };
                self.document(&mut waiting, &row, &founder, its, lineage)?;
                self.done()?;
            }
        }
    }

    fn document(
        &mut self,
        waiting: &mut Spool,
        row: &documents::Document,
        founder: &AuthorPerson,
        attachments: Vec<kring_archive::Attachment>,
        lineage: Lineage,
    ) -> Result<()> {
        let newest = self.revisions(waiting, row.id)?;
        let of = wire_time(newest.revision.created_at)?;
        let subjects = row.subjects();
        let document = Document {
            id: wire_id(row.id.0)?,
            kind: row.kind.to_string(),
            licence: row.licence.to_string(),
            municipalities: subjects.municipalities.iter().map(ToString::to_string).collect(),
            themes: subjects.themes.iter().map(ToString::to_string).collect(),
            crpd_articles: subjects.crpd_articles,
            created_by: self.people.note(founder)?,
            created_at: wire_time(row.created_at)?,
            adoption: lineage.adoption.map(|it| self.adoption(it, &attachments)).transpose()?,
            variant: lineage
                .variant
                .filter(|(_, of)| of.network_id == row.network_id)
                .map(variant)
                .transpose()?,
            attachments,
        };
        let folder = format!("documents/{}", document.id);
        self.zip.list(&format!("{folder}/document.json"), &of, &document, |lists| {
            lists.begin("revisions")?;
            lists.lines(&mut waiting.read()?)
        })?;
        // An archive of the same content says the same wherever it was made.
        let here = self.app.config.host();
        let attribution =
            self.app.db.read_blocking(|conn| documents::attribution_anywhere(conn, row, &here))?;
        let written = Written {
            title: newest.revision.title.to_string(),
            language: newest.revision.language.to_string(),
            kind: row.kind,
            licence: row.licence,
            authors: newest.authors,
            created_at: row.created_at,
            changed_at: newest.revision.created_at,
            body: &newest.text.body,
            files: document_files(&document.attachments),
            address: None,
            attribution: attribution.as_deref(),
        };
        let page = document_page(&self.sheet, Some(self.network), &written)?;
        self.zip.text(&format!("{folder}/index.html"), &of, &page)?;
        self.counts.documents += 1;
        let line = ListedDocument {
            sheet: self.sheet,
            path: format!("{folder}/index.html"),
            title: written.title,
            language: written.language,
            kind: row.kind,
            changed_at: newest.revision.created_at,
        };
        Ok(self.documents.push(&listed(&line)?)?)
    }

    /// Where a document comes from that was adopted.
    fn adoption(
        &mut self,
        adoption: documents::Adoption,
        attachments: &[kring_archive::Attachment],
    ) -> Result<Adoption> {
        let id = adoption.document_id;
        let here = self.app.config.host();
        let (adoption, base, files) = self.app.db.read_blocking(|conn| {
            let adoption = documents::told_anywhere(conn, adoption.clone(), &here)?;
            Ok::<_, Error>((adoption, documents::base(conn, id)?, documents::adopted_files(conn, id)?))
        })?;
        let origins = adoption.origins().into_iter().map(|origin| self.origin(origin));
        let mut copies = Vec::new();
        for (source, copy) in files {
            let (source, file) = (wire_id(source.0)?, wire_id(copy.0)?);
            // One that was removed since is a copy of nothing.
            if attachments.iter().any(|known| known.id == file) {
                copies.push(AdoptedFile { source, file });
            }
        }
        copies.sort_by(|a, b| a.source.cmp(&b.source));
        Ok(Adoption {
            municipality: adoption.municipality.to_string(),
            origins: origins.collect::<Result<_>>()?,
            adopted_by: self.person(adoption.adopted_by)?,
            adopted_at: wire_time(adoption.created_at)?,
            source: self.origin(adoption.as_origin())?,
            seen_revision: number(adoption.seen_revision),
            base_title: base.title.to_string(),
            base_body: base.body,
            files: copies,
        })
    }

    fn origin(&mut self, origin: documents::Origin) -> Result<Origin> {
        let authors = origin.authors.iter().map(|author| self.person(*author));
        Ok(Origin {
            authors: authors.collect::<Result<_>>()?,
            host: origin.host,
            document: wire_id(origin.document.0)?,
            revision: number(origin.revision),
            title: origin.title.to_string(),
            network_slug: origin.network_slug.to_string(),
            network_name: origin.network_name,
            licence: origin.licence.to_string(),
        })
    }

    /// Somebody who is known by their id alone.
    fn person(&mut self, id: PersonId) -> Result<kring_archive::Address> {
        let person = self.app.db.read_blocking(|conn| accounts::person_by_id(conn, id))?;
        self.people.note(&AuthorPerson::from(person))
    }

    /// Writes the text of every revision, one at a time, and lets their records wait.
    fn revisions(&mut self, waiting: &mut Spool, id: DocumentId) -> Result<Newest> {
        waiting.clear()?;
        let (may, mut authors) = (self.may, Vec::new());
        let mut newest: Option<(documents::Revision, LongText)> = None;
        loop {
            let after = newest.as_ref().map_or(0, |(revision, _)| revision.number);
            let next = self.app.db.read_blocking(|conn| documents::next_revision(conn, may, id, after))?;
            let Some((revision, author, text)) = next else { break };
            let (of, path) = (
                wire_time(revision.created_at)?,
                format!("documents/{}/{}.md", wire_id(id.0)?, revision.number),
            );
            self.zip.text(&path, &of, &text.body)?;
            let record = Revision {
                id: wire_id(revision.id.0)?,
                number: number(revision.number),
                title: revision.title.to_string(),
                plain_summary: revision.plain_summary.as_ref().map(ToString::to_string),
                language: revision.language.to_string(),
                author: self.people.note(&author)?,
                created_at: of,
                restored_from: revision.restored_from.map(number),
                path,
            };
            waiting.push(&serde_json::to_string(&record).map_err(std::io::Error::from)?)?;
            waiting.push("\n")?;
            self.counts.revisions += 1;
            let name = author.display_name.to_string();
            if !authors.contains(&name) {
                authors.push(name);
            }
            newest = Some((revision, text));
        }
        let (revision, text) = newest.ok_or(NOT_FOUND)?;
        Ok(Newest { revision, text, authors })
    }
}

/// Of which document of the same network one is a variant.
fn variant((variant, _): documents::VariantRow) -> Result<Variant> {
    Ok(Variant {
        of: wire_id(variant.source_id.0)?,
        kind: variant.kind.to_string(),
        revision: number(variant.revision),
    })
}
