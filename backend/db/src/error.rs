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

/// Would the same transaction, run again, probably succeed? Two processes drew the same random id, or
/// PostgreSQL broke a deadlock or serialization knot.
pub(crate) fn worth_retrying(cause: &DieselError) -> bool {
    match cause {
        DieselError::DatabaseError(DatabaseErrorKind::UniqueViolation, info) => {
            let message = info.message();
            // PostgreSQL names the constraint, SQLite only the column: both primary keys are called `id`.
            info.constraint_name().is_some_and(|name| name.ends_with("_pkey"))
                || (message.starts_with("UNIQUE constraint failed:") && message.ends_with(".id"))
        }
        DieselError::DatabaseError(DatabaseErrorKind::SerializationFailure, _) => true,
        DieselError::DatabaseError(_, info) => info.message().contains("deadlock detected"),
        _ => false,
    }
}

/// Is the database there but unable to serve now: full disk, lock held too long, connection gone?
pub fn is_unavailable(cause: &DieselError) -> bool {
    match cause {
        DieselError::DatabaseError(DatabaseErrorKind::ClosedConnection, _) => true,
        DieselError::DatabaseError(_, info) => {
            let message = info.message();
            [
                "database is locked",
                "disk is full",
                "disk I/O error",
                "No space left",
                "readonly database",
                "no connection to the server",
            ]
            .iter()
            .any(|sign| message.contains(sign))
        }
        DieselError::BrokenTransactionManager => true,
        _ => false,
    }
}
