//! Documents across networks, as far as the viewer may read: what pages of municipalities and maps of the site tell.

use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use kring_db::schema::{adoptions, document_tags, document_variants, documents, networks};
use kring_db::{Conn, Time};

use super::documents::document_rows;
use crate::accounts::PersonId;
use crate::documents::model::*;
use crate::error::Result;
use crate::municipalities::MunicipalityCode;
use crate::networks::{NetworkId, readable_by};

/// In networks that the viewer may read.
macro_rules! readable {
    ($viewer:expr) => {
        documents::network_id.eq_any(networks::table.filter(readable_by($viewer)).select(networks::id))
    };
}

/// In networks of this instance that everyone may read: maps of the site tell of what is at home here.
macro_rules! of_here {
    () => {
        documents::network_id.eq_any(
            networks::table
                .filter(readable_by(PersonId::NOBODY).and(networks::host.eq("")))
                .select(networks::id),
        )
    };
}

/// Which documents about a municipality are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Everything,
    /// Plans that were made for it, not adopted for it: those are told of by themselves.
    Plans,
    /// What is no plan, likewise.
    Others,
}

/// What says the same as another document: that one stands for it where documents are listed.
macro_rules! variants {
    () => {
        document_variants::table.select(document_variants::document_id)
    };
}

/// Documents about a municipality that the viewer may read, newest change first; one more than `limit`, to tell whether
/// there is more.
pub fn about_municipality(
    conn: &mut Conn,
    viewer: Option<PersonId>,
    code: &MunicipalityCode,
    wanted: About,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<DocumentRow>> {
    let about = document_tags::table
        .filter(document_tags::kind.eq("municipality").and(document_tags::value.eq(code.as_str())))
        .select(document_tags::document_id);
    let mut found = documents::table.filter(documents::id.eq_any(about)).into_boxed();
    // Looked up by itself: the rows below join the memberships that the filter asks about.
    found = found
        .filter(readable!(viewer.unwrap_or(PersonId::NOBODY)))
        .filter(documents::id.ne_all(variants!()));
    if wanted != About::Everything {
        let adopted =
            adoptions::table.filter(adoptions::municipality.eq(code)).select(adoptions::document_id);
        found = found.filter(documents::id.ne_all(adopted));
    }
    found = match wanted {
        About::Everything => found,
        About::Plans => found.filter(documents::kind.eq(DocumentKind::Plan)),
        About::Others => found.filter(documents::kind.ne(DocumentKind::Plan)),
    };
    if let Some(Place { changed_at, id }) = after {
        let same = documents::changed_at.eq(changed_at).and(documents::id.lt(id));
        found = found.filter(documents::changed_at.lt(changed_at).or(same));
    }
    let ordered = found.order((documents::changed_at.desc(), documents::id.desc())).limit(limit + 1);
    let ids: Vec<DocumentId> = ordered.select(documents::id).load(conn)?;
    let mut rows = document_rows(conn, &ids, viewer)?;
    rows.sort_by_key(|(document, ..)| std::cmp::Reverse((document.changed_at, document.id)));
    Ok(rows)
}

/// Municipalities that documents which the viewer may read are about: how many, and when one of them changed last.
pub fn municipalities_of_documents(
    conn: &mut Conn,
    viewer: Option<PersonId>,
) -> Result<Vec<(MunicipalityCode, i64, Option<Time>)>> {
    let told = document_tags::table
        .inner_join(documents::table)
        .filter(document_tags::kind.eq("municipality"))
        .filter(readable!(viewer.unwrap_or(PersonId::NOBODY)))
        .filter(documents::id.ne_all(variants!()))
        .group_by(document_tags::value)
        .select((document_tags::value, count_star(), max(documents::changed_at)));
    let rows: Vec<(String, i64, Option<Time>)> = told.load(conn)?;
    Ok(rows
        .into_iter()
        .filter_map(|(code, count, changed)| Some((code.parse().ok()?, count, changed)))
        .collect())
}

/// Documents that everyone may read, oldest first, from after `after`: and when each changed.
pub fn readable_by_everyone(
    conn: &mut Conn,
    after: DocumentId,
    limit: i64,
) -> Result<Vec<(DocumentId, Time)>> {
    let open = documents::table.filter(of_here!()).filter(documents::id.gt(after));
    Ok(open
        .order(documents::id)
        .limit(limit)
        .select((documents::id, documents::changed_at))
        .load(conn)?)
}

/// The last document of the piece of `size` that begins after `after`; none where no further piece follows it.
pub fn end_of_piece(conn: &mut Conn, after: DocumentId, size: i64) -> Result<Option<DocumentId>> {
    let open = documents::table.filter(of_here!()).filter(documents::id.gt(after));
    let pair: Vec<DocumentId> =
        open.order(documents::id).offset(size - 1).limit(2).select(documents::id).load(conn)?;
    Ok((pair.len() == 2).then(|| pair[0]))
}

/// The network that a document stands in.
pub fn network_of(conn: &mut Conn, document: DocumentId) -> Result<Option<NetworkId>> {
    Ok(documents::table.find(document).select(documents::network_id).first(conn).optional()?)
}
