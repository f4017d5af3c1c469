//! What happened between documents and those that were made from them, in a window of positions, for one reader.

use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use kring_db::Conn;
use kring_db::schema::{adoptions, documents, events, networks};

use super::arrivals::Window;
use crate::accounts::PersonId;
use crate::digests::model::{AdoptionNews, AdoptionNewsKind};
use crate::documents::{Document, DocumentId};
use crate::error::Result;
use crate::jobs::outbox::EventKind;
use crate::networks::{Network, NetworkId, readable_by};

/// Documents of this instance.
const LOCAL: &str = "";

/// Documents of the reader's networks that others adopted, newest first: where the reader may see who.
pub fn adopted(conn: &mut Conn, window: &Window<'_>, limit: i64) -> Result<Vec<(NetworkId, AdoptionNews)>> {
    let found = events::table
        .inner_join(adoptions::table.on(adoptions::document_id.eq(events::subject_id)))
        .inner_join(networks::table.on(networks::id.eq(adoptions::network_id)))
        .filter(events::network_id.eq_any(window.networks.to_vec()).assume_not_null())
        .filter(events::position.gt(window.after).assume_not_null())
        .filter(events::position.le(window.until).assume_not_null())
        .filter(events::kind.eq(EventKind::DocumentAdopted))
        .filter(events::actor_id.ne(window.reader).assume_not_null())
        .filter(readable_by(window.reader));
    let rows: Vec<(NetworkId, DocumentId, DocumentId)> = found
        .order(events::position.desc())
        .limit(limit)
        .select((events::network_id.assume_not_null(), adoptions::source_id, adoptions::document_id))
        .load(conn)?;
    let news = rows.into_iter().map(|(network, own, other)| {
        let news = AdoptionNews { kind: AdoptionNewsKind::Adopted, own, other, changes: 0 };
        (network, news)
    });
    Ok(news.collect())
}

/// Documents that the reader's networks adopted and whose source changed, the last change first: where that was not dealt
/// with, and the reader may read it.
pub fn moved(conn: &mut Conn, window: &Window<'_>, limit: i64) -> Result<Vec<(NetworkId, AdoptionNews)>> {
    let found = adoptions::table
        .inner_join(documents::table.on(documents::id.eq(adoptions::source_id)))
        .inner_join(networks::table.on(networks::id.eq(documents::network_id)))
        .inner_join(
            events::table.on(events::network_id
                .eq(documents::network_id.nullable())
                .assume_not_null()
                .and(events::subject_id.eq(documents::id))),
        )
        .filter(adoptions::network_id.eq_any(window.networks).and(adoptions::source_host.eq(LOCAL)))
        .filter(documents::revision.gt(adoptions::seen_revision))
        .filter(events::position.gt(window.after).assume_not_null())
        .filter(events::position.le(window.until).assume_not_null())
        .filter(events::kind.eq(EventKind::DocumentRevised))
        .filter(events::actor_id.ne(window.reader).assume_not_null())
        .filter(readable_by(window.reader));
    let rows: Vec<(NetworkId, DocumentId, DocumentId, i64)> = found
        .group_by((adoptions::network_id, adoptions::document_id, adoptions::source_id))
        .order(max(events::position).desc())
        .limit(limit)
        .select((adoptions::network_id, adoptions::document_id, adoptions::source_id, count_star()))
        .load(conn)?;
    let news = rows.into_iter().map(|(network, own, other, changes)| {
        let news = AdoptionNews { kind: AdoptionNewsKind::SourceMoved, own, other, changes };
        (network, news)
    });
    Ok(news.collect())
}

/// Those of these documents that the reader may read now, with their networks; in no order.
pub fn readable(conn: &mut Conn, reader: PersonId, ids: &[DocumentId]) -> Result<Vec<(Document, Network)>> {
    let found = documents::table.inner_join(networks::table).filter(documents::id.eq_any(ids));
    Ok(found
        .filter(readable_by(reader))
        .select((Document::as_select(), Network::as_select()))
        .load(conn)?)
}
