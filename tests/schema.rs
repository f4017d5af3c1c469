//! Both migrated databases are what `backend/db/src/schema.rs` says, and every migration can be undone.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use kring_db::{Conn, Migrations};

use crate::harness::database::Database;
use crate::harness::{On, folder};

/// Tables, and of each its columns: name, and type with its nullability.
type Schema = BTreeMap<String, Vec<(String, String)>>;

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    table: String,
    #[diesel(sql_type = Text)]
    column: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

const SQLITE: &str = "
    SELECT m.name AS \"table\", c.name AS \"column\", c.type AS kind, NOT c.\"notnull\" AS nullable
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' ORDER BY m.name, c.cid";

const POSTGRES: &str = "
    SELECT table_name::text AS \"table\", column_name::text AS \"column\", data_type::text AS kind,
           is_nullable = 'YES' AS nullable
    FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position";

/// What a database says of itself.
fn of_database(conn: &mut Conn) -> Schema {
    let columns: Vec<Column> = match conn {
        Conn::Sqlite(c) => diesel::sql_query(SQLITE).load(c).unwrap(),
        Conn::Postgres(c) => diesel::sql_query(POSTGRES).load(c).unwrap(),
    };
    let mut found = Schema::new();
    for column in columns {
        // The search tables are the one place where the two differ.
        if column.table.starts_with("search") || column.table.starts_with("__diesel") {
            continue;
        }
        let kind = match column.kind.to_lowercase().as_str() {
            "integer" | "bigint" => "BigInt",
            "text" => "Text",
            "timestamp" | "timestamp without time zone" => "Timestamp",
            "date" => "Date",
            "boolean" => "Bool",
            "blob" | "bytea" => "Binary",
            "double" | "double precision" => "Double",
            other => {
                panic!("{}.{}: {other} is no type that both databases share", column.table, column.column)
            }
        };
        let kind = if column.nullable {
            format!("Nullable<{kind}>")
        } else {
            kind.to_owned()
        };
        found.entry(column.table).or_default().push((column.column, kind));
    }
    found
}

/// What `schema.rs` says.
fn of_code() -> Schema {
    let text = include_str!("../backend/db/src/schema.rs");
    let mut found = Schema::new();
    for table in text.split("diesel::table! {").skip(1) {
        let mut lines = table.lines().map(str::trim).filter(|line| !line.is_empty());
        let name = lines.next().and_then(|line| line.split(' ').next()).unwrap().to_owned();
        let columns = lines.take_while(|line| *line != "}").filter_map(|line| line.split_once(" -> "));
        let columns = columns.map(|(name, kind)| (name.to_owned(), kind.trim_end_matches(',').to_owned()));
        found.insert(name, columns.collect());
    }
    assert!(found.len() >= 15, "the tables of schema.rs were not found");
    found
}

fn on(on: On, test: impl Fn(&str)) {
    let folder = folder();
    if let Some(database) = Database::empty(on, folder.path()) {
        test(&database.url);
    }
}

fn the_migrated_database_is_what_the_code_says(url: &str) {
    Migrations::run(url).unwrap();
    let mut conn = Conn::open(url).unwrap();
    let (found, said) = (of_database(&mut conn), of_code());
    for table in found.keys().chain(said.keys()) {
        assert_eq!(found.get(table), said.get(table), "{table}: database (left) and schema.rs (right)");
    }
    assert!(!Migrations::pending(&mut conn).unwrap());
}

fn every_migration_can_be_undone_and_done_again(url: &str) {
    Migrations::run(url).unwrap();
    let mut conn = Conn::open(url).unwrap();
    let before = of_database(&mut conn);
    Migrations::revert_all(&mut conn).unwrap();
    assert_eq!(of_database(&mut conn), Schema::new(), "what down.sql leaves");
    Migrations::run(url).unwrap();
    assert_eq!(of_database(&mut conn), before);
}

#[test]
fn the_migrated_sqlite_database_is_what_the_code_says() {
    on(On::Sqlite, the_migrated_database_is_what_the_code_says);
}

#[test]
fn the_migrated_postgres_database_is_what_the_code_says() {
    on(On::Postgres, the_migrated_database_is_what_the_code_says);
}

#[test]
fn every_sqlite_migration_can_be_undone_and_done_again() {
    on(On::Sqlite, every_migration_can_be_undone_and_done_again);
}

#[test]
fn every_postgres_migration_can_be_undone_and_done_again() {
    on(On::Postgres, every_migration_can_be_undone_and_done_again);
}
