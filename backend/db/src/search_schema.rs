//! The search tables: the one place where the two databases differ. `search_entries` has more columns in PostgreSQL,
//! `search_terms` (FTS5) is there in SQLite alone; written here is what queries that run on both may name.

use crate::schema::{memberships, networks};

diesel::table! {
    search_entries (id) {
        id -> BigInt,
        rank -> BigInt,
        kind -> Text,
        parent_id -> Nullable<BigInt>,
        network_id -> BigInt,
        language -> Text,
        published_at -> Timestamp,
        title -> Text,
        body -> Text,
    }
}

diesel::table! {
    search_terms (rowid) {
        rowid -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(search_entries, search_terms, networks);
diesel::allow_tables_to_appear_in_same_query!(search_entries, memberships);
diesel::allow_tables_to_appear_in_same_query!(search_terms, memberships);
