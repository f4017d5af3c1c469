//! What can go wrong between Kring and its database, sorted by what a caller can do about it.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

/// A failure of the machinery itself, as opposed to a rule of Kring's.
#[derive(Debug)]
pub enum Error {
    /// The database said no, or could not be reached.
    Diesel(DieselError),
    /// No connection came free in time, or none could be opened. The cause is for the log.
    Pool(String),
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Diesel(cause) => write!(f, "database: {cause}"),
            Self::Pool(cause) => write!(f, "database connection: {cause}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<DieselError> for Error {
    fn from(cause: DieselError) -> Self {
        Self::Diesel(cause)
    }
}

/// The error of a closure given to [`crate::Db::write`]: tells which database error, if any, lies beneath.
pub trait TxError: From<Error> {
    /// The database's own error, where it is what made the closure fail.
    fn database(&self) -> Option<&DieselError>;
}

impl TxError for Error {
    fn database(&self) -> Option<&DieselError> {
        match self {
            Self::Diesel(cause) => Some(cause),
            Self::Pool(_) => None,
        }
    }
}

/// Would the same transaction, run again, probably succeed or be told by a rule why not? Another was faster to take a
/// name or drew the same random id: run again, it sees what the other wrote. Or PostgreSQL broke a deadlock or
/// serialization knot.
pub(crate) fn worth_retrying(cause: &DieselError) -> bool {
    match cause {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => true,
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(_, info) => info.message().contains("deadlock detected"),
        _ => false,
    }
}

/// What databases say when they are there but cannot serve now.
const SIGNS: &[&str] = &[
    // SQLite
    "database is locked",
    "database table is locked",
    "database schema is locked",
    "disk is full",
    "disk I/O error",
    "readonly database",
    "unable to open database file",
    // PostgreSQL
    "No space left",
    "lock timeout",
    "statement timeout",
    "terminating connection",
    "server closed the connection",
    "connection to server",
    "could not receive data from server",
    "could not send data to server",
    "no connection to the server",
    "shutting down",
    "starting up",
    "in recovery mode",
    "remaining connection slots",
    "too many clients",
    "read-only transaction",
    "SSL connection has been closed",
];

/// Is the database there but unable to serve now: full disk, lock held too long, connection gone?
pub fn is_unavailable(cause: &DieselError) -> bool {
    match cause {
        DieselError::DatabaseError(
            DatabaseErrorKind::ClosedConnection | DatabaseErrorKind::UnableToSendCommand,
            _,
        ) => true,
        DieselError::DatabaseError(_, info) => SIGNS.iter().any(|sign| info.message().contains(sign)),
        DieselError::BrokenTransactionManager => true,
        _ => false,
    }
}
