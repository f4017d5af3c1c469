//! Connections: one enum over both databases, a pool of readers, and transactions that write.

use std::sync::Arc;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use tokio::sync::Semaphore;

use crate::error::{self, Error, TxError};

/// A connection to either database. Queries written against it run on both.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    Postgres(diesel::PgConnection),
    Sqlite(diesel::SqliteConnection),
}

/// Which of the two databases an address names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    /// Reads the scheme of a database address: `sqlite:PATH`, `postgres://…` or `postgresql://…`.
    pub fn of(url: &str) -> Option<Self> {
        if url.starts_with("sqlite:") {
            Some(Self::Sqlite)
        } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            Some(Self::Postgres)
        } else {
            None
        }
    }
}

/// Runs the same body on the concrete connection of each database, for the few things that the common
/// backend lacks: `ON CONFLICT`, batch inserts, row locks.
#[macro_export]
macro_rules! each_dialect {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::Conn::Postgres($c) => $body,
            $crate::Conn::Sqlite($c) => $body,
        }
    };
}

impl Conn {
    /// Opens a connection to the database that `url` names.
    pub fn open(url: &str) -> Result<Self, Error> {
        let failed = |cause: diesel::ConnectionError| Error::Pool(cause.to_string());
        match Dialect::of(url) {
            Some(Dialect::Sqlite) => {
                let path = sqlite_path(url);
                let mut conn = diesel::SqliteConnection::establish(path).map_err(failed)?;
                // busy_timeout first: the switch to WAL itself may have to wait.
                // FULL: an acknowledged write survives power loss.
                conn.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -8000;",
                )?;
                Ok(Self::Sqlite(conn))
            }
            Some(Dialect::Postgres) => {
                let mut conn = diesel::PgConnection::establish(url).map_err(failed)?;
                conn.batch_execute(
                    "SET TIME ZONE 'UTC'; SET lock_timeout = '5s'; SET client_min_messages = warning;",
                )?;
                Ok(Self::Postgres(conn))
            }
            None => Err(Error::Pool("a database address starts with sqlite: or postgres://".into())),
        }
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Postgres(_) => Dialect::Postgres,
            Self::Sqlite(_) => Dialect::Sqlite,
        }
    }
}

/// The file that a `sqlite:` address names.
pub fn sqlite_path(url: &str) -> &str {
    let rest = url.trim_start_matches("sqlite:");
    rest.strip_prefix("//").unwrap_or(rest)
}

/// An open transaction. Rolled back when dropped before it was committed, so a panic loses the whole write
/// and never half of it.
pub struct Tx<'c> {
    conn: &'c mut Conn,
    open: bool,
}

impl<'c> Tx<'c> {
    fn begin(conn: &'c mut Conn) -> QueryResult<Self> {
        let begin = match conn.dialect() {
            // IMMEDIATE: a deferred read cannot upgrade to a write while another writes.
            Dialect::Sqlite => "BEGIN IMMEDIATE",
            Dialect::Postgres => "BEGIN",
        };
        conn.batch_execute(begin)?;
        Ok(Self { conn, open: true })
    }

    fn commit(mut self) -> QueryResult<()> {
        self.conn.batch_execute("COMMIT")?;
        self.open = false;
        Ok(())
    }

    /// The connection, for the queries of a domain.
    pub fn conn(&mut self) -> &mut Conn {
        self.conn
    }
}

impl Drop for Tx<'_> {
    fn drop(&mut self) {
        if self.open
            && let Err(cause) = self.conn.batch_execute("ROLLBACK")
        {
            tracing::debug!(%cause, "rollback failed; the connection will be dropped");
        }
    }
}

impl std::ops::Deref for Tx<'_> {
    type Target = Conn;
    fn deref(&self) -> &Conn {
        self.conn
    }
}

impl std::ops::DerefMut for Tx<'_> {
    fn deref_mut(&mut self) -> &mut Conn {
        self.conn
    }
}

/// How many connections to keep and how long to wait for one.
#[derive(Clone, Debug)]
pub struct DbOptions {
    /// Connections that read (SQLite) or read and write (PostgreSQL).
    pub connections: u32,
    /// How long a request waits for a free connection before it is told that the server is busy.
    pub wait: Duration,
}

impl Default for DbOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, |n| n.get() as u32);
        Self {
            connections: (cores * 2).clamp(4, 16),
            wait: Duration::from_secs(10),
        }
    }
}

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Db {
    url: Arc<str>,
    dialect: Dialect,
    wait: Duration,
    readers: Lane,
    writers: Lane,
}

/// A pool with as many permits as connections: waiting happens in async code, never on a blocked thread.
#[derive(Clone)]
struct Lane {
    pool: Pool<Manager>,
    permits: Arc<Semaphore>,
}

impl Db {
    /// Connects to `url`. Opens one connection at once, so that a wrong address stops the start.
    pub fn connect(url: &str, options: &DbOptions) -> Result<Self, Error> {
        let dialect = Dialect::of(url)
            .ok_or_else(|| Error::Pool("a database address starts with sqlite: or postgres://".into()))?;
        drop(Conn::open(url)?);
        let readers = Lane::new(url, options.connections, options.wait)?;
        let writers = match dialect {
            // SQLite has one writer; a second connection would only wait in busy_timeout.
            Dialect::Sqlite => Lane::new(url, 1, options.wait)?,
            Dialect::Postgres => readers.clone(),
        };
        Ok(Self {
            url: url.into(),
            dialect,
            wait: options.wait,
            readers,
            writers,
        })
    }

    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The address it was opened with. Holds a password: never for logs or answers.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Runs `f` with a connection that may only be read from, off the request threads.
    pub async fn read<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: TxError + Send + 'static,
    {
        let lane = self.readers.clone();
        let permit = self.permit(&lane).await?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            run_read(&mut *lane.get()?, f)
        });
        join(done.await)
    }

    /// Runs `f` in one transaction, off the request threads. Run again, at most three times, when two
    /// processes drew the same id or PostgreSQL broke a deadlock; so `f` may be called more than once.
    pub async fn write<T, E, F>(&self, f: F) -> Result<T, E>
    where
        F: FnMut(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: TxError + Send + 'static,
    {
        let lane = self.writers.clone();
        let permit = self.permit(&lane).await?;
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            run_tx(&mut *lane.get()?, f)
        });
        join(done.await)
    }

    /// [`Db::write`] for callers that are on a thread of their own already (CLI, tests).
    pub fn write_blocking<T, E: TxError>(&self, f: impl FnMut(&mut Tx) -> Result<T, E>) -> Result<T, E> {
        run_tx(&mut *self.writers.get()?, f)
    }

    /// [`Db::read`] for callers that are on a thread of their own already (CLI, tests).
    pub fn read_blocking<T, E: TxError>(&self, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        run_read(&mut *self.readers.get()?, f)
    }

    async fn permit(&self, lane: &Lane) -> Result<tokio::sync::OwnedSemaphorePermit, Error> {
        match tokio::time::timeout(self.wait, lane.permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) => Err(Error::Pool("the pool is closed".into())),
            Err(_) => Err(Error::Pool("no connection came free in time".into())),
        }
    }
}

fn run_read<T, E: TxError>(link: &mut Link, f: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
    let outcome = f(&mut link.conn);
    // A connection whose server is gone would fail everyone who gets it after this.
    link.broken |= matches!(&outcome, Err(failure) if failure.database().is_some_and(error::is_unavailable));
    outcome
}

fn run_tx<T, E: TxError>(link: &mut Link, mut f: impl FnMut(&mut Tx) -> Result<T, E>) -> Result<T, E> {
    const TRIES: u32 = 3;
    let mut tries = 0;
    loop {
        tries += 1;
        let outcome = attempt(&mut link.conn, &mut f);
        let Err(failure) = outcome else { return outcome };
        match failure.database() {
            Some(cause) if tries < TRIES && error::worth_retrying(cause) => {}
            cause => {
                link.broken |= cause.is_some_and(error::is_unavailable);
                return Err(failure);
            }
        }
    }
}

fn attempt<T, E: TxError>(conn: &mut Conn, f: &mut impl FnMut(&mut Tx) -> Result<T, E>) -> Result<T, E> {
    let mut tx = Tx::begin(conn).map_err(Error::from)?;
    let value = f(&mut tx)?;
    tx.commit().map_err(Error::from)?;
    Ok(value)
}

fn join<T, E: From<Error>>(joined: Result<Result<T, E>, tokio::task::JoinError>) -> Result<T, E> {
    match joined {
        Ok(outcome) => outcome,
        // A panic goes on to the caller's thread: hiding it as an error would hide a bug.
        Err(failure) if failure.is_panic() => std::panic::resume_unwind(failure.into_panic()),
        Err(failure) => Err(Error::Pool(failure.to_string()).into()),
    }
}

impl Lane {
    fn new(url: &str, size: u32, wait: Duration) -> Result<Self, Error> {
        let pool = Pool::builder()
            .max_size(size)
            .min_idle(Some(1))
            .connection_timeout(wait)
            // A ping at every checkout costs a quarter of the speed on PostgreSQL; `has_broken` drops dead ones.
            .test_on_check_out(false)
            .build(Manager { url: url.to_owned() })
            .map_err(|cause| Error::Pool(cause.to_string()))?;
        Ok(Self { pool, permits: Arc::new(Semaphore::new(size as usize)) })
    }

    fn get(&self) -> Result<PooledConnection<Manager>, Error> {
        self.pool.get().map_err(|cause| Error::Pool(cause.to_string()))
    }
}

/// A pooled connection and whether it is still fit for use.
struct Link {
    conn: Conn,
    broken: bool,
}

struct Manager {
    url: String,
}

impl ManageConnection for Manager {
    type Connection = Link;
    type Error = Error;

    fn connect(&self) -> Result<Link, Error> {
        Ok(Link { conn: Conn::open(&self.url)?, broken: false })
    }

    fn is_valid(&self, link: &mut Link) -> Result<(), Error> {
        Ok(link.conn.batch_execute("SELECT 1")?)
    }

    fn has_broken(&self, link: &mut Link) -> bool {
        // A connection that panicked or failed inside a transaction is not worth saving.
        link.broken || std::thread::panicking()
    }
}
