//! The question as PostgreSQL is asked it: GIN finds all that matches, and the newest of these are kept.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use kring_db::schema::networks;
use kring_db::search_schema::search_entries;

use super::{Among, ranks};
use crate::error::Result;
use crate::index::EntryKind;
use crate::index::analysis::Query;
use crate::index::postgres::tsquery;
use crate::networks::{readable_by, visible_to};

pub fn ranks(
    conn: &mut PgConnection,
    query: &Query,
    by_title: bool,
    among: &Among<'_>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<i64>> {
    let query = tsquery(query);
    // + 0: for the plain rank it may walk its index backwards through everything there is, looking for a rare word
    // that it takes for a common one.
    let order = sql::<BigInt>("search_entries.rank + 0 DESC");
    Ok(if by_title {
        let matches = sql::<Bool>("search_entries.title_terms @@ ").bind::<Text, _>(query).sql("::tsquery");
        ranks!(conn, search_entries::table, matches, search_entries::rank, order, among, before, limit)
    } else {
        let matches = sql::<Bool>("search_entries.terms @@ ")
            .bind::<Text, _>(query.clone())
            .sql("::tsquery AND NOT search_entries.title_terms @@ ")
            .bind::<Text, _>(query)
            .sql("::tsquery");
        ranks!(conn, search_entries::table, matches, search_entries::rank, order, among, before, limit)
    })
}
