//! The question as SQLite is asked it: FTS5 reads from the newest entry backwards and stops at the limit.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use kring_db::schema::networks;
use kring_db::search_schema::{search_entries, search_terms};

use super::{Among, ranks};
use crate::error::Result;
use crate::index::EntryKind;
use crate::index::analysis::Query;
use crate::index::sqlite::{beyond_title, in_title};
use crate::networks::{readable_by, visible_to};

pub fn ranks(
    conn: &mut SqliteConnection,
    query: &Query,
    by_title: bool,
    among: &Among<'_>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<i64>> {
    let expression = if by_title { in_title(query) } else { beyond_title(query) };
    let matches = sql::<Bool>("search_terms MATCH ").bind::<Text, _>(expression);
    let from = search_terms::table
        .inner_join(search_entries::table.on(search_entries::rank.eq(search_terms::rowid)));
    Ok(ranks!(
        conn,
        from,
        matches,
        search_terms::rowid,
        search_terms::rowid.desc(),
        among,
        before,
        limit
    ))
}
