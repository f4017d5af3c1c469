//! Rows of what is on its way to a document's home, and of what is left of those that were taken away.

use diesel::prelude::*;
use kring_db::schema::{
    adopted_files, adoptions, document_read_states, document_tags, document_variants, documents,
    proposed_revisions, removed_documents, revisions, template_uses,
};
use kring_db::{Conn, Time, Tx};

use crate::accounts::PersonId;
use crate::documents::model::*;
use crate::documents::policy::{MayEdit, MayRemove};
use crate::error::Result;

/// What somebody proposed for a document and its home has not answered yet.
pub fn proposal(conn: &mut Conn, id: DocumentId, person: PersonId) -> Result<Option<Proposal>> {
    let row = proposed_revisions::table.find((id, person));
    Ok(row.select(Proposal::as_select()).first(conn).optional()?)
}

/// The same of everybody.
pub fn proposals(conn: &mut Conn, id: DocumentId) -> Result<Vec<Proposal>> {
    let its = proposed_revisions::table.filter(proposed_revisions::document_id.eq(id));
    Ok(its.select(Proposal::as_select()).load(conn)?)
}

pub fn insert_proposal(tx: &mut Tx, _may: &MayEdit, proposal: &Proposal) -> Result<()> {
    diesel::insert_into(proposed_revisions::table)
        .values((
            proposed_revisions::document_id.eq(proposal.document_id),
            proposed_revisions::person_id.eq(proposal.person_id),
            proposed_revisions::base.eq(proposal.base),
            proposed_revisions::title.eq(&proposal.title),
            proposed_revisions::plain_summary.eq(&proposal.plain_summary),
            proposed_revisions::language.eq(&proposal.language),
            proposed_revisions::body.eq(&proposal.body),
            proposed_revisions::created_at.eq(proposal.created_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn remove_proposal(tx: &mut Tx, proposal: &Proposal) -> Result<()> {
    let row = proposed_revisions::table.find((proposal.document_id, proposal.person_id));
    diesel::delete(row).execute(tx.conn())?;
    Ok(())
}

/// The documents themselves, whoever may read them.
pub fn any_document(conn: &mut Conn, id: DocumentId) -> Result<Option<Document>> {
    Ok(documents::table.find(id).select(Document::as_select()).first(conn).optional()?)
}

/// What is left of a document that was taken away.
pub fn removed(conn: &mut Conn, id: DocumentId) -> Result<Option<Removed>> {
    Ok(removed_documents::table.find(id).select(Removed::as_select()).first(conn).optional()?)
}

/// Takes a document away with all that was written in it; that there was one stays known.
pub fn remove_document(tx: &mut Tx, may: &MayRemove, document: &Document, now: Time) -> Result<()> {
    let id = document.id;
    diesel::delete(proposed_revisions::table.filter(proposed_revisions::document_id.eq(id)))
        .execute(tx.conn())?;
    diesel::delete(template_uses::table.filter(template_uses::document_id.eq(id))).execute(tx.conn())?;
    diesel::delete(document_read_states::table.filter(document_read_states::document_id.eq(id)))
        .execute(tx.conn())?;
    diesel::delete(adopted_files::table.filter(adopted_files::document_id.eq(id))).execute(tx.conn())?;
    diesel::delete(adoptions::table.filter(adoptions::document_id.eq(id))).execute(tx.conn())?;
    let variants = document_variants::document_id.eq(id).or(document_variants::source_id.eq(id));
    diesel::delete(document_variants::table.filter(variants)).execute(tx.conn())?;
    diesel::delete(document_tags::table.filter(document_tags::document_id.eq(id))).execute(tx.conn())?;
    diesel::delete(revisions::table.filter(revisions::document_id.eq(id))).execute(tx.conn())?;
    diesel::delete(documents::table.find(id)).execute(tx.conn())?;
    diesel::insert_into(removed_documents::table)
        .values((
            removed_documents::id.eq(id),
            removed_documents::network_id.eq(document.network_id),
            removed_documents::removed_by.eq(may.person()),
            removed_documents::removed_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Revisions of the documents of a network, in the order in which they were written down, from after `after`.
pub fn revisions_of_network(
    conn: &mut Conn,
    network: crate::networks::NetworkId,
    after: RevisionId,
    limit: i64,
) -> Result<Vec<Revision>> {
    let its = revisions::table
        .inner_join(documents::table.on(documents::id.eq(revisions::document_id)))
        .filter(documents::network_id.eq(network).and(revisions::id.gt(after)));
    Ok(its.order(revisions::id).limit(limit).select(Revision::as_select()).load(conn)?)
}

/// How many there are.
pub fn count_revisions(conn: &mut Conn, network: crate::networks::NetworkId) -> Result<i64> {
    let its = revisions::table
        .inner_join(documents::table.on(documents::id.eq(revisions::document_id)))
        .filter(documents::network_id.eq(network));
    Ok(its.count().get_result(conn)?)
}
