//! The index in SQLite: FTS5 without content of its own.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use kring_db::search_schema::{search_entries, search_terms};

use super::analysis::{Grammar, Query, Terms};
use super::{Entry, EntryKind};
use crate::error::Result;

pub(super) fn insert(conn: &mut SqliteConnection, entry: &Entry, rank: i64, terms: &Terms) -> Result<()> {
    diesel::insert_into(search_entries::table)
        .values((
            search_entries::id.eq(entry.id),
            search_entries::rank.eq(rank),
            search_entries::kind.eq(entry.kind),
            search_entries::parent_id.eq(entry.parent),
            search_entries::network_id.eq(entry.network),
            search_entries::language.eq(&entry.language),
            search_entries::published_at.eq(entry.published_at),
            search_entries::title.eq(&entry.title),
            search_entries::body.eq(&entry.body),
        ))
        .execute(conn)?;
    diesel::sql_query("INSERT INTO search_terms (rowid, title, body) VALUES (?, ?, ?)")
        .bind::<BigInt, _>(rank)
        .bind::<Text, _>(terms.title.join(" "))
        .bind::<Text, _>(terms.body.join(" "))
        .execute(conn)?;
    Ok(())
}

pub(super) fn delete(conn: &mut SqliteConnection, kind: EntryKind, id: i64) -> Result<()> {
    let entry = search_entries::table.filter(search_entries::id.eq(id).and(search_entries::kind.eq(kind)));
    if let Some(rank) = entry.select(search_entries::rank).first::<i64>(conn).optional()? {
        diesel::delete(entry).execute(conn)?;
        diesel::delete(search_terms::table.filter(search_terms::rowid.eq(rank))).execute(conn)?;
    }
    Ok(())
}

const FTS5: Grammar = Grammar { and: " AND ", or: " OR ", quote: '"', open: "*" };

/// Matches where all that is asked for stands in the title.
pub fn in_title(query: &Query) -> String {
    format!("{{title}} : ({})", query.written(&FTS5))
}

/// Matches where all that is asked for is there, but not all of it in the title.
pub fn beyond_title(query: &Query) -> String {
    let all = query.written(&FTS5);
    format!("({all}) NOT ({{title}} : ({all}))")
}
