//! Rows of what is on its way to a document's home, and of what is left of those that were taken away.

use std::collections::HashSet;

use diesel::prelude::*;
use kring_db::schema::{
    adopted_files, adoptions, document_read_states, document_tags, document_variants, documents, networks,
    peers, persons, proposed_revisions, removed_documents, revisions, template_uses,
};
use kring_db::{Conn, Time, Tx};

use crate::accounts::PersonId;
use crate::documents::model::*;
use crate::documents::policy::{MayEdit, MayRemove};
use crate::error::Result;
use crate::networks::NetworkId;

/// How many proposals one look finds of each kind: the next goes on.
const BATCH: i64 = 100;

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

/// The same of all documents of a network.
pub fn proposals_in(conn: &mut Conn, network: NetworkId) -> Result<Vec<Proposal>> {
    let its = proposed_revisions::table
        .inner_join(documents::table.on(documents::id.eq(proposed_revisions::document_id)))
        .filter(documents::network_id.eq(network))
        .order((proposed_revisions::created_at, proposed_revisions::document_id));
    Ok(its.select(Proposal::as_select()).load(conn)?)
}

/// Some of what nobody will answer any more, oldest first, each with why: its network lives here by now; its home is silent
/// for so long that others may take its place; it was sent before `answer`, and got there; or before `longest`.
pub fn overdue(
    conn: &mut Conn,
    now: Time,
    (answer, longest): (Time, Time),
) -> Result<Vec<(Proposal, Returned)>> {
    macro_rules! sent {
        ($which:expr) => {
            proposed_revisions::table
                .inner_join(documents::table.on(documents::id.eq(proposed_revisions::document_id)))
                .inner_join(networks::table.on(networks::id.eq(documents::network_id)))
                .filter($which)
                .order((proposed_revisions::created_at, proposed_revisions::document_id))
                .limit(BATCH)
        };
    }
    let came_here = networks::host.eq("");
    let came_here: Vec<Proposal> = sent!(came_here).select(Proposal::as_select()).load(conn)?;
    let gone = peers::silent_since.is_not_null().and(peers::continuable_at.le(now).assume_not_null());
    let gone =
        networks::host.ne("").and(networks::host.eq_any(peers::table.filter(gone).select(peers::host)));
    let gone: Vec<Proposal> = sent!(gone).select(Proposal::as_select()).load(conn)?;
    let old = networks::host.ne("").and(proposed_revisions::created_at.lt(answer));
    let old: Vec<(Proposal, String)> =
        sent!(old).select((Proposal::as_select(), networks::host)).load(conn)?;
    let hosts: Vec<&str> = old.iter().map(|(_, host)| host.as_str()).collect();
    let ids: Vec<i64> = old.iter().map(|(proposal, _)| proposal.document_id.0).collect();
    let on_its_way = if ids.is_empty() {
        HashSet::new()
    } else {
        crate::peers::waiting(conn, &hosts, &ids)?
    };
    let waited_for =
        |proposal: &Proposal| proposal.created_at < longest || !on_its_way.contains(&proposal.document_id.0);
    let old = old.into_iter().map(|(proposal, _)| proposal).filter(waited_for);
    let mut found: Vec<(Proposal, Returned)> = Vec::new();
    let all = came_here.into_iter().map(|it| (it, Returned::Moved));
    let all = all.chain(gone.into_iter().map(|it| (it, Returned::HomeGone)));
    for (proposal, why) in all.chain(old.map(|it| (it, Returned::Unanswered))) {
        let key = |it: &Proposal| (it.document_id, it.person_id);
        if found.iter().all(|(known, _)| key(known) != key(&proposal)) {
            found.push((proposal, why));
        }
    }
    Ok(found)
}

/// Documents of a network that people of this instance began since a moment.
pub fn begun_here(conn: &mut Conn, network: NetworkId, since: Time) -> Result<Vec<Document>> {
    let here = persons::host.eq("").and(persons::closed_at.is_null());
    let found = documents::table
        .inner_join(persons::table.on(persons::id.eq(documents::created_by)))
        .filter(documents::network_id.eq(network).and(documents::created_at.ge(since)))
        .filter(here)
        .order(documents::id);
    Ok(found.select(Document::as_select()).load(conn)?)
}

/// Removes everything that somebody proposed.
pub fn remove_proposals_of(tx: &mut Tx, person: PersonId) -> Result<()> {
    let theirs = proposed_revisions::table.filter(proposed_revisions::person_id.eq(person));
    diesel::delete(theirs).execute(tx.conn())?;
    Ok(())
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

/// `false` where it is gone already.
pub fn remove_proposal(tx: &mut Tx, proposal: &Proposal) -> Result<bool> {
    let row = proposed_revisions::table.find((proposal.document_id, proposal.person_id));
    Ok(diesel::delete(row).execute(tx.conn())? == 1)
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
    network: NetworkId,
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
