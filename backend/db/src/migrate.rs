//! The twin migrations, compiled in, applied at start under a lock.

use std::fs::File;

use diesel::RunQueryDsl;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::conn::{Conn, sqlite_path};
use crate::error::Error;

const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// Any number: all Kring processes must agree on it, and nobody else in the database may use it.
const POSTGRES_LOCK: i64 = 0x006b_7269_6e67;

/// What stands in the database against what this binary knows.
pub struct Migrations;

impl Migrations {
    /// Applies what is missing and returns the names of what was applied. Several processes may start at
    /// once: one migrates, the others wait and find nothing to do.
    pub fn run(url: &str) -> Result<Vec<String>, Error> {
        let mut conn = Conn::open(url)?;
        let _file_lock = match &mut conn {
            Conn::Sqlite(_) => Some(lock_file(sqlite_path(url))?),
            Conn::Postgres(c) => {
                diesel::sql_query(format!("SELECT pg_advisory_lock({POSTGRES_LOCK})")).execute(c)?;
                None
            }
        };
        let applied = match &mut conn {
            Conn::Sqlite(c) => {
                c.run_pending_migrations(SQLITE).map(|done| done.iter().map(ToString::to_string).collect())
            }
            Conn::Postgres(c) => {
                c.run_pending_migrations(POSTGRES).map(|done| done.iter().map(ToString::to_string).collect())
            }
        };
        applied.map_err(|cause| Error::Pool(format!("a migration failed: {cause}")))
    }

    /// Undoes all of them. For tests of `down.sql`.
    pub fn revert_all(conn: &mut Conn) -> Result<(), Error> {
        let reverted = match conn {
            Conn::Sqlite(c) => c.revert_all_migrations(SQLITE).map(|_| ()),
            Conn::Postgres(c) => c.revert_all_migrations(POSTGRES).map(|_| ()),
        };
        reverted.map_err(|cause| Error::Pool(format!("a migration could not be undone: {cause}")))
    }

    /// Is anything missing?
    pub fn pending(conn: &mut Conn) -> Result<bool, Error> {
        let pending = match conn {
            Conn::Sqlite(c) => c.has_pending_migration(SQLITE),
            Conn::Postgres(c) => c.has_pending_migration(POSTGRES),
        };
        pending.map_err(|cause| Error::Pool(cause.to_string()))
    }
}

/// Held until dropped; the system lets go of it when the process dies.
fn lock_file(database: &str) -> Result<File, Error> {
    let path = format!("{database}.migrating");
    let file = File::create(&path).map_err(|cause| Error::Pool(format!("{path}: {cause}")))?;
    file.lock().map_err(|cause| Error::Pool(format!("{path}: {cause}")))?;
    Ok(file)
}
