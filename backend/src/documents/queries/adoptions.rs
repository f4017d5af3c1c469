//! Rows of adoptions.

use diesel::prelude::*;
use kring_db::schema::{adopted_files, adoptions, documents, networks, persons, revisions};
use kring_db::{Conn, Tx, each_dialect};

use crate::accounts::PersonId;
use crate::attachments::AttachmentId;
use crate::documents::model::*;
use crate::documents::policy::{MayAdopt, MayEdit};
use crate::error::Result;
use crate::municipalities::MunicipalityCode;
use crate::networks::policy::MayContribute;
use crate::networks::{AuthorPerson, Network, NetworkId, readable_by};

/// Documents of this instance.
pub(super) const LOCAL: &str = "";

/// Adoptions that the viewer may see: those in networks that they may read.
macro_rules! seen_by {
    ($viewer:expr) => {
        adoptions::table
            .inner_join(documents::table)
            .inner_join(networks::table)
            .filter(readable_by($viewer.unwrap_or(PersonId::NOBODY)))
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

/// Writes down where a new document comes from; false where the same was adopted there meanwhile.
pub fn insert_adoption(tx: &mut Tx, may: &MayAdopt, adoption: &Adoption, base: &Base) -> Result<bool> {
    let may = may.contributing();
    let row = (
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
    );
    let written = each_dialect!(tx.conn(), |c| diesel::insert_into(adoptions::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(written == 1)
}

/// The source as far as it was dealt with.
pub fn base(conn: &mut Conn, id: DocumentId) -> Result<Base> {
    Ok(adoptions::table.find(id).select(Base::as_select()).first(conn)?)
}

/// Moves on what was dealt with of the source, and who is credited.
pub fn set_dealt(tx: &mut Tx, _may: &MayEdit, adoption: &Adoption, base: &Base) -> Result<()> {
    diesel::update(adoptions::table.find(adoption.document_id))
        .set((
            adoptions::seen_revision.eq(adoption.seen_revision),
            adoptions::authors.eq(&adoption.authors),
            adoptions::base_title.eq(&base.title),
            adoptions::base_body.eq(&base.body),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Which file of the source became which of this document.
pub fn adopted_files(conn: &mut Conn, id: DocumentId) -> Result<Vec<(AttachmentId, AttachmentId)>> {
    let its = adopted_files::table.filter(adopted_files::document_id.eq(id));
    Ok(its.select((adopted_files::source_id, adopted_files::attachment_id)).load(conn)?)
}

/// Writes down which file was copied from which.
pub fn add_adopted_file(
    tx: &mut Tx,
    _may: &MayContribute,
    id: DocumentId,
    of: AttachmentId,
    copy: AttachmentId,
) -> Result<()> {
    diesel::insert_into(adopted_files::table)
        .values((
            adopted_files::document_id.eq(id),
            adopted_files::source_id.eq(of),
            adopted_files::attachment_id.eq(copy),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Who wrote a document up to a revision, in the order in which they came.
pub fn authors_until(conn: &mut Conn, id: DocumentId, number: i64) -> Result<Vec<PersonId>> {
    let its = revisions::table.filter(revisions::document_id.eq(id).and(revisions::number.le(number)));
    let found: Vec<(PersonId, Option<i64>)> = its
        .group_by(revisions::author_id)
        .select((revisions::author_id, diesel::dsl::min(revisions::number)))
        .order(diesel::dsl::min(revisions::number))
        .load(conn)?;
    Ok(found.into_iter().map(|(author, _)| author).collect())
}

/// Did nobody else write any revision of a document? Looks no further than the first of another.
pub fn written_by_alone(conn: &mut Conn, id: DocumentId, person: PersonId) -> Result<bool> {
    let others = revisions::table.filter(revisions::document_id.eq(id).and(revisions::author_id.ne(person)));
    Ok(others.select(revisions::number).first::<i64>(conn).optional()?.is_none())
}

/// Those of these people that there are, in no order.
pub fn credited(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<AuthorPerson>> {
    Ok(persons::table.filter(persons::id.eq_any(ids)).select(AuthorPerson::as_select()).load(conn)?)
}

/// Documents of these networks whose source moved on since they dealt with it, and may be read by the viewer: with the
/// source's title and how many revisions it is ahead. What moved last comes first.
pub fn behind(
    conn: &mut Conn,
    viewer: PersonId,
    own: &[NetworkId],
    limit: i64,
) -> Result<(Vec<(DocumentId, i64)>, i64)> {
    macro_rules! behind {
        () => {
            adoptions::table
                .inner_join(documents::table.on(documents::id.eq(adoptions::source_id)))
                .inner_join(networks::table.on(networks::id.eq(documents::network_id)))
                .filter(adoptions::network_id.eq_any(own).and(adoptions::source_host.eq(LOCAL)))
                .filter(documents::revision.gt(adoptions::seen_revision))
                .filter(readable_by(viewer))
        };
    }
    let count = behind!().count().get_result(conn)?;
    let found = behind!()
        .order((documents::changed_at.desc(), adoptions::document_id.desc()))
        .limit(limit)
        .select((adoptions::document_id, documents::revision - adoptions::seen_revision));
    Ok((found.load(conn)?, count))
}
