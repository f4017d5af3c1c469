//! Rows of revisions, and the long texts in them.

use diesel::dsl::exists;
use diesel::prelude::*;
use kring_db::schema::{documents, memberships, persons, revisions};
use kring_db::{Conn, Tx};

use crate::documents::model::*;
use crate::documents::policy::MayEdit;
use crate::error::Result;
use crate::networks::policy::{MayContribute, MayRead};
use crate::networks::{AuthorPerson, AuthorRole};

/// Revisions with their authors.
macro_rules! rows {
    () => {
        revisions::table
            .inner_join(documents::table.on(documents::id.eq(revisions::document_id)))
            .inner_join(persons::table.on(persons::id.eq(revisions::author_id)))
            .left_join(
                memberships::table.on(memberships::network_id
                    .eq(documents::network_id)
                    .and(memberships::person_id.eq(revisions::author_id))),
            )
            .select((Revision::as_select(), AuthorPerson::as_select(), Option::<AuthorRole>::as_select()))
    };
}

/// One revision.
pub fn revision(conn: &mut Conn, _may: &MayRead, id: DocumentId, number: i64) -> Result<Option<RevisionRow>> {
    let found = rows!().filter(revisions::document_id.eq(id).and(revisions::number.eq(number)));
    Ok(found.first(conn).optional()?)
}

/// Revisions of a document, newest first, from before number `before`; one more than `limit`.
pub fn revisions(
    conn: &mut Conn,
    _may: &MayRead,
    id: DocumentId,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<RevisionRow>> {
    let earlier =
        rows!().filter(revisions::document_id.eq(id).and(revisions::number.lt(before.unwrap_or(i64::MAX))));
    Ok(earlier.order(revisions::number.desc()).limit(limit + 1).load(conn)?)
}

diesel::alias! {
    const EARLIER: Alias<Earlier> = revisions as earlier;
}

/// The first revision that each person wrote of these documents, document by document and first writers first: whom
/// to credit.
pub fn writers(conn: &mut Conn, ids: &[DocumentId]) -> Result<Vec<RevisionRow>> {
    let before = EARLIER.filter(
        EARLIER
            .field(revisions::document_id)
            .eq(revisions::document_id)
            .and(EARLIER.field(revisions::author_id).eq(revisions::author_id))
            .and(EARLIER.field(revisions::number).lt(revisions::number)),
    );
    let first = rows!().filter(revisions::document_id.eq_any(ids)).filter(diesel::dsl::not(exists(before)));
    Ok(first.order((revisions::document_id, revisions::number)).load(conn)?)
}

/// The first revisions that are known of these documents, in no order: who brought them in.
pub fn first_revisions(conn: &mut Conn, ids: &[DocumentId]) -> Result<Vec<RevisionRow>> {
    let before = EARLIER.filter(
        EARLIER
            .field(revisions::document_id)
            .eq(revisions::document_id)
            .and(EARLIER.field(revisions::number).lt(revisions::number)),
    );
    let first = rows!().filter(revisions::document_id.eq_any(ids)).filter(diesel::dsl::not(exists(before)));
    Ok(first.load(conn)?)
}

/// One revision, whoever may read it: for those who hold it against what was signed.
pub fn any_revision(conn: &mut Conn, id: DocumentId, number: i64) -> Result<Option<Revision>> {
    let found = revisions::table.filter(revisions::document_id.eq(id).and(revisions::number.eq(number)));
    Ok(found.select(Revision::as_select()).first(conn).optional()?)
}

/// The long text of one revision.
pub fn long_text(conn: &mut Conn, id: DocumentId, number: i64) -> Result<LongText> {
    let found = revisions::table.filter(revisions::document_id.eq(id).and(revisions::number.eq(number)));
    Ok(found.select(LongText::as_select()).first(conn)?)
}

/// The current text of each of these documents, in no order. Whoever asks holds what may be read of them.
pub fn texts(conn: &mut Conn, ids: &[DocumentId]) -> Result<Vec<(DocumentId, LongText)>> {
    let current = revisions::table.inner_join(
        documents::table
            .on(documents::id.eq(revisions::document_id).and(documents::revision.eq(revisions::number))),
    );
    Ok(current
        .filter(documents::id.eq_any(ids))
        .select((documents::id, LongText::as_select()))
        .load(conn)?)
}

/// The ids of the revisions of a document that are known before and after a number.
pub fn neighbours(
    conn: &mut Conn,
    id: DocumentId,
    number: i64,
) -> Result<(Option<RevisionId>, Option<RevisionId>)> {
    let its = revisions::table.filter(revisions::document_id.eq(id)).select(revisions::id);
    let before = its.filter(revisions::number.lt(number)).order(revisions::number.desc());
    let after = its.filter(revisions::number.gt(number)).order(revisions::number);
    Ok((before.first(conn).optional()?, after.first(conn).optional()?))
}

/// Removes the revisions of a document from a number on: others take their place.
pub fn remove_revisions_from(tx: &mut Tx, _may: &MayEdit, id: DocumentId, number: i64) -> Result<()> {
    let those = revisions::table.filter(revisions::document_id.eq(id).and(revisions::number.ge(number)));
    diesel::delete(those).execute(tx.conn())?;
    Ok(())
}

/// Writes a revision down, once and for ever. Two with one number cannot both be written.
pub fn insert_revision(
    tx: &mut Tx,
    _may: &MayContribute,
    revision: &Revision,
    text: &LongText,
) -> Result<()> {
    diesel::insert_into(revisions::table)
        .values((
            revisions::id.eq(revision.id),
            revisions::document_id.eq(revision.document_id),
            revisions::number.eq(revision.number),
            revisions::title.eq(&revision.title),
            revisions::plain_summary.eq(&revision.plain_summary),
            revisions::language.eq(&revision.language),
            revisions::author_id.eq(revision.author_id),
            revisions::restored_from.eq(revision.restored_from),
            revisions::created_at.eq(revision.created_at),
            revisions::body.eq(&text.body),
            revisions::body_html.eq(&text.body_html),
        ))
        .execute(tx.conn())?;
    Ok(())
}
