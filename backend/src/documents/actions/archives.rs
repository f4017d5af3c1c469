//! Documents brought in with all their revisions, and taken away again where that did not end.
//!
//! No event tells of them: it is history, and nobody is to be told of it as if it happened now.

use kring_db::{Conn, JsonText, Tx};

use super::documents::excerpt;
use super::enter_again;
use crate::documents::model::*;
use crate::documents::{policy, queries};
use crate::error::{Code, Result};
use crate::index::{self, EntryKind};
use crate::networks::{MayImport, NetworkId};

/// Brings in a revision of a document that is as `document` says with it. The first one brings the document. Search finds
/// it by its last, once that is there: see [`enter_brought`].
pub fn bring_revision(
    tx: &mut Tx,
    may: &MayImport,
    document: &Document,
    revision: &Revision,
    text: &LongText,
) -> Result<()> {
    let writing = may.for_author(document.network_id, revision.author_id);
    if revision.number == 1 {
        queries::insert_document(tx, &writing, document)?;
        queries::set_tags(tx, &writing, document.id, &document.subjects())?;
    } else {
        queries::set_brought(tx, may, document)?;
    }
    queries::insert_revision(tx, &writing, revision, text)
}

/// All revisions of a document that is no variant are brought in: from now on search finds it.
pub fn enter_brought(tx: &mut Tx, _may: &MayImport, document: &Document) -> Result<()> {
    enter_again(tx, document, None)
}

/// Brings in where a document comes from that was adopted.
pub fn bring_adoption(tx: &mut Tx, may: &MayImport, adoption: &Adoption, base: &Base) -> Result<()> {
    let may = policy::adopted_elsewhere(may, adoption.network_id, adoption.adopted_by);
    match queries::insert_adoption(tx, &may, adoption, base)? {
        true => Ok(()),
        false => Err(Code::AlreadyHere.into()),
    }
}

/// Everything of a network is brought in: what names a source of another instance that came here, before it or with it, and
/// what was waiting for one of its documents, is beside its source again. Ids stay, so the same id from the same instance
/// is the same document.
pub fn join_sources(tx: &mut Tx, may: &MayImport, network: NetworkId) -> Result<()> {
    for apart in queries::adoptions_to_join(tx, may, network)? {
        let Adoption { source_id, network_id, municipality, .. } = &apart;
        // An archive can claim the same adoption twice, from two hosts: the second stays apart.
        if queries::adopted_before(tx, *source_id, *network_id, municipality)?.is_none() {
            queries::set_joined(tx, may, apart.document_id)?;
        }
    }
    Ok(())
}

/// Where a document comes from as it is told on every instance alike: each step names the host on which its document was
/// written first, and `here` where that is this one.
pub fn told_anywhere(conn: &mut Conn, mut adoption: Adoption, here: &str) -> Result<Adoption> {
    let mut origins = adoption.origins();
    let mut ids: Vec<DocumentId> = origins.iter().map(|origin| origin.document).collect();
    ids.push(adoption.source_id);
    let hosts = queries::first_hosts(conn, &ids)?;
    let name = |host: &mut String, document: DocumentId| {
        if host.is_empty() {
            let first = hosts.iter().find(|(id, _)| *id == document);
            *host = first.map_or(here, |(_, first)| first.as_str()).to_owned();
        }
    };
    name(&mut adoption.source_host, adoption.source_id);
    for origin in &mut origins {
        name(&mut origin.host, origin.document);
    }
    adoption.origins = JsonText::of(&origins);
    Ok(adoption)
}

/// Brings in of which document another, whose revisions are all there, is a variant. From now on search finds it, by that
/// too.
pub fn bring_variant(tx: &mut Tx, may: &MayImport, document: &Document, variant: &Variant) -> Result<()> {
    let writing = may.for_author(document.network_id, document.created_by);
    match queries::insert_variant(tx, &writing, variant)? {
        true => enter_again(tx, document, Some(variant.kind)),
        false => Err(Code::AlreadyHere.into()),
    }
}

/// What lists show of a document whose text this is.
pub fn excerpt_of(body: &str) -> String {
    excerpt(body)
}

/// Documents that one call of [`drop_some`] removes.
const AT_ONCE: i64 = 20;

/// Takes away a piece of what an import brought in that did not end. `false` where nothing is left.
pub fn drop_some(tx: &mut Tx, may: &MayImport, network: NetworkId) -> Result<bool> {
    let found = queries::some_documents(tx, may, network, AT_ONCE)?;
    for document in &found {
        index::remove(tx, EntryKind::Document, document.0)?;
    }
    queries::drop_documents(tx, may, &found)?;
    Ok(!found.is_empty())
}
