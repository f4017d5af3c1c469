//! What somebody has read of the documents.

use diesel::prelude::*;
use kring_db::schema::{document_read_states, documents};
use kring_db::{Conn, Time, Tx, each_dialect};

use crate::accounts::PersonId;
use crate::documents::model::*;
use crate::error::Result;
use crate::networks::NetworkId;

/// Notes that a person has read a document up to `revision`. Never goes back.
pub fn mark_read(tx: &mut Tx, person: PersonId, id: DocumentId, revision: i64, now: Time) -> Result<()> {
    let row = (
        document_read_states::person_id.eq(person),
        document_read_states::document_id.eq(id),
        document_read_states::revision.eq(revision),
        document_read_states::read_at.eq(now),
    );
    let fresh = each_dialect!(tx.conn(), |c| diesel::insert_into(document_read_states::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    if fresh == 0 {
        let behind = document_read_states::table
            .find((person, id))
            .filter(document_read_states::revision.lt(revision));
        diesel::update(behind)
            .set((document_read_states::revision.eq(revision), document_read_states::read_at.eq(now)))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// For each of these networks, how many documents have a revision that the person has not read.
pub fn unread_counts(
    conn: &mut Conn,
    person: PersonId,
    networks: &[NetworkId],
) -> Result<Vec<(NetworkId, i64)>> {
    let unread = documents::table
        .left_join(
            document_read_states::table.on(document_read_states::document_id
                .eq(documents::id)
                .and(document_read_states::person_id.eq(person))),
        )
        .filter(documents::network_id.eq_any(networks))
        .filter(
            document_read_states::revision
                .is_null()
                .or(document_read_states::revision.lt(documents::revision).assume_not_null()),
        );
    Ok(unread
        .group_by(documents::network_id)
        .select((documents::network_id, diesel::dsl::count_star()))
        .load(conn)?)
}
