//! Rows of documents that are taken along or brought in.

use diesel::prelude::*;
use kring_db::schema::{
    adopted_files, adoptions, document_tags, document_variants, documents, persons, revisions,
};
use kring_db::{Conn, Tx};

use super::adoptions::LOCAL;
use crate::documents::model::*;
use crate::error::Result;
use crate::networks::policy::{MayArchive, MayImport};
use crate::networks::{AuthorPerson, NetworkId};

/// Documents of a network behind `after`, oldest first, with who brought each in.
pub fn documents_to_archive(
    conn: &mut Conn,
    _may: &MayArchive,
    network: NetworkId,
    after: DocumentId,
    limit: i64,
) -> Result<Vec<(Document, AuthorPerson)>> {
    let found = documents::table
        .inner_join(persons::table.on(persons::id.eq(documents::created_by)))
        .filter(documents::network_id.eq(network).and(documents::id.gt(after)));
    Ok(found
        .order(documents::id)
        .limit(limit)
        .select((Document::as_select(), AuthorPerson::as_select()))
        .load(conn)?)
}

/// The revision of a document that comes after number `after`, with its text.
pub fn next_revision(
    conn: &mut Conn,
    _may: &MayArchive,
    id: DocumentId,
    after: i64,
) -> Result<Option<(Revision, AuthorPerson, LongText)>> {
    let found = revisions::table
        .inner_join(persons::table.on(persons::id.eq(revisions::author_id)))
        .filter(revisions::document_id.eq(id).and(revisions::number.gt(after)));
    Ok(found
        .order(revisions::number)
        .select((Revision::as_select(), AuthorPerson::as_select(), LongText::as_select()))
        .first(conn)
        .optional()?)
}

/// Is any of these documents or revisions here already?
pub fn any_of(conn: &mut Conn, of_documents: &[DocumentId], of_revisions: &[RevisionId]) -> Result<bool> {
    let document =
        documents::table.filter(documents::id.eq_any(of_documents)).count().get_result::<i64>(conn)?;
    let revision = revisions::table.filter(revisions::id.eq_any(of_revisions));
    Ok(document + revision.count().get_result::<i64>(conn)? > 0)
}

/// The host of the instance that each of these documents was written on first: its founder's. Those of this one are missing,
/// and those that are not here.
pub fn first_hosts(conn: &mut Conn, ids: &[DocumentId]) -> Result<Vec<(DocumentId, String)>> {
    let found = documents::table.inner_join(persons::table.on(persons::id.eq(documents::created_by)));
    Ok(found
        .filter(documents::id.eq_any(ids).and(persons::host.ne(LOCAL)))
        .select((documents::id, persons::host))
        .load(conn)?)
}

/// Adoptions of or from a network that name another instance for a source that is here now.
pub fn adoptions_to_join(conn: &mut Conn, _may: &MayImport, network: NetworkId) -> Result<Vec<Adoption>> {
    let sources = adoptions::table
        .inner_join(documents::table.on(documents::id.eq(adoptions::source_id)))
        .inner_join(persons::table.on(persons::id.eq(documents::created_by)));
    Ok(sources
        .filter(adoptions::source_host.ne(LOCAL).and(adoptions::source_host.eq(persons::host)))
        .filter(adoptions::network_id.eq(network).or(documents::network_id.eq(network)))
        .select(Adoption::as_select())
        .load(conn)?)
}

/// The source of an adopted document is of this instance from now on.
pub fn set_joined(tx: &mut Tx, _may: &MayImport, id: DocumentId) -> Result<()> {
    diesel::update(adoptions::table.find(id))
        .set(adoptions::source_host.eq(LOCAL))
        .execute(tx.conn())?;
    // What is told of it changed: whoever looked at it before looks again.
    diesel::update(documents::table.find(id))
        .set(documents::version.eq(documents::version + 1))
        .execute(tx.conn())?;
    Ok(())
}

/// Makes a revision that was brought in the current one.
pub fn set_brought(tx: &mut Tx, _may: &MayImport, document: &Document) -> Result<()> {
    diesel::update(documents::table.find(document.id))
        .set((
            documents::title.eq(&document.title),
            documents::excerpt.eq(&document.excerpt),
            documents::language.eq(&document.language),
            documents::revision.eq(document.revision),
            documents::changed_by.eq(document.changed_by),
            documents::changed_at.eq(document.changed_at),
            documents::plain_summary.eq(&document.plain_summary),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Documents of a network that is being taken away.
pub fn some_documents(
    conn: &mut Conn,
    _may: &MayImport,
    network: NetworkId,
    limit: i64,
) -> Result<Vec<DocumentId>> {
    let found = documents::table.filter(documents::network_id.eq(network));
    Ok(found.limit(limit).select(documents::id).load(conn)?)
}

/// Removes documents with all their revisions.
pub fn drop_documents(tx: &mut Tx, _may: &MayImport, ids: &[DocumentId]) -> Result<()> {
    diesel::delete(adopted_files::table.filter(adopted_files::document_id.eq_any(ids))).execute(tx.conn())?;
    diesel::delete(adoptions::table.filter(adoptions::document_id.eq_any(ids))).execute(tx.conn())?;
    let variants = document_variants::document_id.eq_any(ids).or(document_variants::source_id.eq_any(ids));
    diesel::delete(document_variants::table.filter(variants)).execute(tx.conn())?;
    diesel::delete(document_tags::table.filter(document_tags::document_id.eq_any(ids))).execute(tx.conn())?;
    diesel::delete(revisions::table.filter(revisions::document_id.eq_any(ids))).execute(tx.conn())?;
    diesel::delete(documents::table.filter(documents::id.eq_any(ids))).execute(tx.conn())?;
    Ok(())
}
