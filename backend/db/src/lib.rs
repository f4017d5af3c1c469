//! SQL machinery of Kring, and nothing of what Kring is about.
//!
//! - [`Db`] hands out connections to SQLite or PostgreSQL: reads from a pool, writes one transaction each.
//! - [`Tx`] is the only way to write: whoever holds `&mut Tx` is inside a transaction.
//! - [`types`] are the column types both databases share; [`schema`] is the one schema of both,
//!   save the search tables ([`search_schema`]).
//! - [`migrate`] holds the twin migrations, compiled in.
//!
//! Invariants: no type here knows a table's meaning; no other crate opens a connection.

pub mod conn;
pub mod error;
pub mod migrate;
pub mod schema;
pub mod search_schema;
pub mod types;

pub use conn::{Conn, Db, DbOptions, Dialect, Tx};
pub use error::{Error, TxError};
pub use migrate::Migrations;
pub use types::{JsonText, Time};

#[doc(hidden)]
pub use diesel;
#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use utoipa;
