//! Rows of documents: what lists show, and what they filter by.

use diesel::dsl::auto_type;
use diesel::prelude::*;
use kring_db::schema::{document_read_states, document_tags, documents, memberships, persons};
use kring_db::{Conn, Time, Tx};

use crate::accounts::PersonId;
use crate::documents::model::*;
use crate::documents::policy::MayEdit;
use crate::error::Result;
use crate::networks::policy::{MayContribute, MayCoordinate, MayRead};
use crate::networks::{AuthorPerson, AuthorRole, NetworkId, Subjects};

/// Documents with the author of their current revision and what `$viewer` has read: what every list and page loads.
macro_rules! rows {
    ($viewer:expr) => {
        documents::table
            .inner_join(persons::table.on(persons::id.eq(documents::changed_by)))
            .left_join(
                memberships::table.on(memberships::network_id
                    .eq(documents::network_id)
                    .and(memberships::person_id.eq(documents::changed_by))),
            )
            .left_join(
                document_read_states::table.on(document_read_states::document_id
                    .eq(documents::id)
                    .and(document_read_states::person_id.eq($viewer.unwrap_or(PersonId::NOBODY)))),
            )
            .select((
                Document::as_select(),
                AuthorPerson::as_select(),
                Option::<AuthorRole>::as_select(),
                document_read_states::revision.nullable(),
            ))
    };
}

/// One document.
pub fn document(conn: &mut Conn, id: DocumentId, viewer: Option<PersonId>) -> Result<Option<DocumentRow>> {
    Ok(rows!(viewer).filter(documents::id.eq(id)).first(conn).optional()?)
}

/// Those of `ids` that there are, in no order.
pub fn document_rows(
    conn: &mut Conn,
    ids: &[DocumentId],
    viewer: Option<PersonId>,
) -> Result<Vec<DocumentRow>> {
    Ok(rows!(viewer).filter(documents::id.eq_any(ids)).load(conn)?)
}

/// Documents of a network, newest change first; one more than `limit`, to tell whether there is more.
pub fn listed(
    conn: &mut Conn,
    _may: &MayRead,
    network: NetworkId,
    viewer: Option<PersonId>,
    filter: &DocumentFilter,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<DocumentRow>> {
    let mut found = rows!(viewer).filter(documents::network_id.eq(network)).into_boxed();
    if let Some(kind) = filter.kind {
        found = found.filter(documents::kind.eq(kind));
    }
    if let Some(code) = &filter.municipality {
        found = found.filter(documents::id.eq_any(tagged("municipality", code.to_string())));
    }
    if let Some(theme) = &filter.theme {
        found = found.filter(documents::id.eq_any(tagged("theme", theme.to_string())));
    }
    if let Some(article) = filter.crpd_article {
        found = found.filter(documents::id.eq_any(tagged("article", article.to_string())));
    }
    if let Some(Place { changed_at, id }) = after {
        found = found.filter(
            documents::changed_at
                .lt(changed_at)
                .or(documents::changed_at.eq(changed_at).and(documents::id.lt(id))),
        );
    }
    Ok(found.order((documents::changed_at.desc(), documents::id.desc())).limit(limit + 1).load(conn)?)
}

#[auto_type]
fn tagged<'a>(kind: &'a str, value: String) -> _ {
    document_tags::table
        .filter(document_tags::kind.eq(kind))
        .filter(document_tags::value.eq(value))
        .select(document_tags::document_id)
}

/// Documents of these networks that changed since the person read them, or that they never opened: newest change
/// first. What they wrote themselves they have read.
pub fn unread_rows(
    conn: &mut Conn,
    person: PersonId,
    networks: &[NetworkId],
    limit: i64,
) -> Result<Vec<DocumentRow>> {
    let unread = rows!(Some(person)).filter(documents::network_id.eq_any(networks)).filter(
        document_read_states::revision
            .is_null()
            .or(document_read_states::revision.lt(documents::revision).assume_not_null()),
    );
    Ok(unread.order((documents::changed_at.desc(), documents::id.desc())).limit(limit).load(conn)?)
}

/// When the first document of a network was brought in.
pub fn first_created(conn: &mut Conn, _may: &MayCoordinate, network: NetworkId) -> Result<Option<Time>> {
    let its = documents::table.filter(documents::network_id.eq(network));
    Ok(its.order(documents::id).select(documents::created_at).first(conn).optional()?)
}

/// Locks the document's row: from here to the commit nobody else changes it.
pub fn lock(tx: &mut Tx, _may: &MayEdit, id: DocumentId) -> Result<()> {
    diesel::update(documents::table.find(id))
        .set(documents::version.eq(documents::version))
        .execute(tx.conn())?;
    Ok(())
}

pub fn insert_document(tx: &mut Tx, _may: &MayContribute, document: &Document) -> Result<()> {
    diesel::insert_into(documents::table)
        .values((
            documents::id.eq(document.id),
            documents::network_id.eq(document.network_id),
            documents::kind.eq(document.kind),
            documents::title.eq(&document.title),
            documents::plain_summary.eq(&document.plain_summary),
            documents::excerpt.eq(&document.excerpt),
            documents::language.eq(&document.language),
            documents::municipalities.eq(&document.municipalities),
            documents::themes.eq(&document.themes),
            documents::crpd_articles.eq(&document.crpd_articles),
            documents::revision.eq(document.revision),
            documents::version.eq(document.version),
            documents::created_by.eq(document.created_by),
            documents::created_at.eq(document.created_at),
            documents::changed_by.eq(document.changed_by),
            documents::changed_at.eq(document.changed_at),
            documents::licence.eq(document.licence),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Makes the newest revision the current one. Its row is written beside this.
pub fn set_current(tx: &mut Tx, _may: &MayEdit, document: &Document) -> Result<()> {
    diesel::update(documents::table.find(document.id))
        .set((
            documents::title.eq(&document.title),
            documents::plain_summary.eq(&document.plain_summary),
            documents::excerpt.eq(&document.excerpt),
            documents::language.eq(&document.language),
            documents::revision.eq(document.revision),
            documents::changed_by.eq(document.changed_by),
            documents::changed_at.eq(document.changed_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Who began a document, and when: known only now.
pub fn set_begun(tx: &mut Tx, _may: &MayEdit, id: DocumentId, (by, at): (PersonId, Time)) -> Result<()> {
    diesel::update(documents::table.find(id))
        .set((documents::created_by.eq(by), documents::created_at.eq(at)))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes what stands beside the text.
pub fn set_labels(tx: &mut Tx, _may: &MayEdit, document: &Document) -> Result<()> {
    diesel::update(documents::table.find(document.id))
        .set((
            documents::kind.eq(document.kind),
            documents::municipalities.eq(&document.municipalities),
            documents::themes.eq(&document.themes),
            documents::crpd_articles.eq(&document.crpd_articles),
            documents::licence.eq(document.licence),
            documents::version.eq(document.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Brings what lists filter by in line with what the document says.
pub fn set_tags(tx: &mut Tx, _may: &MayContribute, id: DocumentId, subjects: &Subjects) -> Result<()> {
    diesel::delete(document_tags::table.filter(document_tags::document_id.eq(id))).execute(tx.conn())?;
    for (kind, value) in subjects.tags() {
        diesel::insert_into(document_tags::table)
            .values((
                document_tags::document_id.eq(id),
                document_tags::kind.eq(kind),
                document_tags::value.eq(value),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}
