//! The index in PostgreSQL: `tsvector`s that Kring fills itself, under GIN indexes.

use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Nullable, Text, Timestamp};
use kring_db::search_schema::search_entries;

use super::analysis::{Grammar, Query, Terms};
use super::{Entry, EntryKind};
use crate::error::Result;

pub(super) fn insert(conn: &mut PgConnection, entry: &Entry, rank: i64, terms: &Terms) -> Result<()> {
    diesel::sql_query(
        "INSERT INTO search_entries
             (id, kind, parent_id, network_id, language, published_at, title, body, title_terms, terms, rank)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, array_to_tsvector($9), array_to_tsvector($9 || $10), $11)",
    )
    .bind::<BigInt, _>(entry.id)
    .bind::<Text, _>(entry.kind)
    .bind::<Nullable<BigInt>, _>(entry.parent)
    .bind::<BigInt, _>(entry.network)
    .bind::<Text, _>(&entry.language)
    .bind::<Timestamp, _>(entry.published_at)
    .bind::<Text, _>(&entry.title)
    .bind::<Text, _>(&entry.body)
    .bind::<Array<Text>, _>(&terms.title)
    .bind::<Array<Text>, _>(&terms.body)
    .bind::<BigInt, _>(rank)
    .execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut PgConnection, kind: EntryKind, id: i64) -> Result<()> {
    let entry = search_entries::table.filter(search_entries::id.eq(id).and(search_entries::kind.eq(kind)));
    diesel::delete(entry).execute(conn)?;
    Ok(())
}

const TSQUERY: Grammar = Grammar { and: " & ", or: " | ", quote: '\'', open: ":*" };

/// The question as a `tsquery`.
pub fn tsquery(query: &Query) -> String {
    query.written(&TSQUERY)
}
