//! Rows of adoptions.

use diesel::prelude::*;
use kring_db::schema::{adoptions, documents, networks};
use kring_db::{Conn, Tx};

use crate::accounts::PersonId;
use crate::documents::model::*;
use crate::error::Result;
use crate::municipalities::MunicipalityCode;
use crate::networks::policy::MayContribute;
use crate::networks::{Network, NetworkId, readable_by};

/// Nobody's id: stands for viewers who are not signed in.
const NOBODY: PersonId = PersonId(0);

/// Documents of this instance.
const LOCAL: &str = "";

/// Adoptions that the viewer may see: those in networks that they may read.
macro_rules! seen_by {
    ($viewer:expr) => {
        adoptions::table
            .inner_join(documents::table)
            .inner_join(networks::table)
            .filter(readable_by($viewer.unwrap_or(NOBODY)))
    };
}

/// Where each of these documents comes from; those that were not adopted are missing. In no order.
pub fn adoptions_of(conn: &mut Conn, ids: &[DocumentId]) -> Result<Vec<Adoption>> {
    let found = adoptions::table.filter(adoptions::document_id.eq_any(ids));
    Ok(found.select(Adoption::as_select()).load(conn)?)
}

/// Who adopted a document, as far as the viewer may see them: newest first, from before `before`; one more than
/// `limit`.
pub fn adopted_by(
    conn: &mut Conn,
    viewer: Option<PersonId>,
    source: DocumentId,
    before: Option<DocumentId>,
    limit: i64,
) -> Result<Vec<AdoptionRow>> {
    let found = seen_by!(viewer)
        .filter(adoptions::source_id.eq(source).and(adoptions::source_host.eq(LOCAL)))
        .filter(adoptions::document_id.lt(before.unwrap_or(DocumentId(i64::MAX))));
    Ok(found
        .order(adoptions::document_id.desc())
        .limit(limit + 1)
        .select((Adoption::as_select(), Document::as_select(), Network::as_select()))
        .load(conn)?)
}

/// How often each of these documents was adopted, as far as the viewer may see it; those that never were are missing.
pub fn adoption_counts(
    conn: &mut Conn,
    viewer: Option<PersonId>,
    sources: &[DocumentId],
) -> Result<Vec<(DocumentId, i64)>> {
    let found = seen_by!(viewer)
        .filter(adoptions::source_id.eq_any(sources).and(adoptions::source_host.eq(LOCAL)))
        .group_by(adoptions::source_id)
        .select((adoptions::source_id, diesel::dsl::count_star()));
    Ok(found.load(conn)?)
}

/// What was adopted for a municipality, as far as the viewer may see it: newest first, from before `before`; one more
/// than `limit`.
pub fn adoptions_in(
    conn: &mut Conn,
    viewer: Option<PersonId>,
    municipality: &MunicipalityCode,
    before: Option<DocumentId>,
    limit: i64,
) -> Result<Vec<AdoptionRow>> {
    let found = seen_by!(viewer)
        .filter(adoptions::municipality.eq(municipality))
        .filter(adoptions::document_id.lt(before.unwrap_or(DocumentId(i64::MAX))));
    Ok(found
        .order(adoptions::document_id.desc())
        .limit(limit + 1)
        .select((Adoption::as_select(), Document::as_select(), Network::as_select()))
        .load(conn)?)
}

/// The document that came of adopting this one into a network for a municipality, where that was done before.
pub fn adopted_before(
    conn: &mut Conn,
    source: DocumentId,
    network: NetworkId,
    municipality: &MunicipalityCode,
) -> Result<Option<DocumentId>> {
    let same = adoptions::table
        .filter(adoptions::source_id.eq(source).and(adoptions::source_host.eq(LOCAL)))
        .filter(adoptions::network_id.eq(network).and(adoptions::municipality.eq(municipality)));
    Ok(same.select(adoptions::document_id).first(conn).optional()?)
}

/// Writes down where a new document comes from.
pub fn insert_adoption(tx: &mut Tx, may: &MayContribute, adoption: &Adoption, base: &Base) -> Result<()> {
    diesel::insert_into(adoptions::table)
        .values((
            adoptions::document_id.eq(adoption.document_id),
            adoptions::network_id.eq(may.network()),
            adoptions::municipality.eq(&adoption.municipality),
            adoptions::adopted_by.eq(may.person()),
            adoptions::created_at.eq(adoption.created_at),
            adoptions::source_host.eq(&adoption.source_host),
            adoptions::source_id.eq(adoption.source_id),
            adoptions::source_revision.eq(adoption.source_revision),
            adoptions::source_title.eq(&adoption.source_title),
            adoptions::source_network_slug.eq(&adoption.source_network_slug),
            adoptions::source_network_name.eq(&adoption.source_network_name),
            adoptions::licence.eq(adoption.licence),
            adoptions::authors.eq(&adoption.authors),
            adoptions::origins.eq(&adoption.origins),
            adoptions::seen_revision.eq(adoption.seen_revision),
            (adoptions::base_title.eq(&base.title), adoptions::base_body.eq(&base.body)),
        ))
        .execute(tx.conn())?;
    Ok(())
}
