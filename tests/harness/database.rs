//! A fresh database for each test: a copy of one that was migrated once in this process.

use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use diesel::connection::SimpleConnection as _;
use kring_db::{Conn, Db, DbOptions, Migrations};
use tempfile::TempDir;

use super::cluster::Cluster;
use super::postgres::cluster;

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    Sqlite,
    Postgres,
}

/// A database that goes away when dropped.
pub struct Database {
    pub url: String,
    /// The PostgreSQL database to drop; a SQLite file goes with its folder.
    name: Option<String>,
}

/// A folder that goes away when dropped: in memory where there is such a place, as nothing in it outlives the test.
pub fn folder() -> TempDir {
    let memory = tempfile::Builder::new().prefix("kring-test-").tempdir_in("/dev/shm");
    memory.or_else(|_| tempfile::tempdir()).unwrap()
}

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A number that no other call in this process gets.
pub fn number() -> u32 {
    COUNT.fetch_add(1, Ordering::Relaxed)
}

impl Database {
    /// A migrated database with the built-in municipalities in it; a SQLite file goes into `folder`.
    /// `None` where there is no PostgreSQL.
    pub fn migrated(on: On, folder: &Path) -> Option<Self> {
        match on {
            On::Sqlite => {
                let path = folder.join("kring.sqlite");
                std::fs::write(&path, SQLITE.as_slice()).unwrap();
                Some(Self { url: format!("sqlite:{}", path.display()), name: None })
            }
            On::Postgres => {
                let cluster = cluster()?;
                Some(Self::on_cluster(cluster, &POSTGRES))
            }
        }
    }

    /// A database with nothing in it.
    pub fn empty(on: On, folder: &Path) -> Option<Self> {
        match on {
            On::Sqlite => Some(Self {
                url: format!("sqlite:{}", folder.join("empty.sqlite").display()),
                name: None,
            }),
            On::Postgres => Some(Self::on_cluster(cluster()?, "template0")),
        }
    }

    /// A copy of a SQLite database that may be in use.
    pub fn copied(other: &Self, folder: &Path) -> Self {
        let path = folder.join("kring.sqlite");
        let copy = format!("VACUUM INTO '{}'", path.display());
        Conn::open(&other.url).unwrap().batch_execute(&copy).unwrap();
        Self { url: format!("sqlite:{}", path.display()), name: None }
    }

    fn on_cluster(cluster: &Cluster, template: &str) -> Self {
        let name = format!("kring_test_{}_{}", std::process::id(), number());
        administer(cluster, &format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"));
        Self { url: cluster.url(&name), name: Some(name) }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let (Some(name), Some(cluster)) = (&self.name, cluster()) {
            administer(cluster, &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// The one connection that makes and drops databases: two at once would stand in each other's way.
fn administer(cluster: &Cluster, statement: &str) {
    static ADMIN: Mutex<Option<Conn>> = Mutex::new(None);
    let mut admin = ADMIN.lock().unwrap_or_else(PoisonError::into_inner);
    if admin.is_none() {
        *admin = Some(Conn::open(&cluster.url("postgres")).unwrap());
    }
    if let Some(conn) = admin.as_mut() {
        conn.batch_execute(statement).unwrap_or_else(|fault| panic!("{statement}: {fault}"));
    }
}

/// The bytes of the migrated file: a static folder would never be removed.
static SQLITE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = folder();
    let url = format!("sqlite:{}", folder.path().join("first.sqlite").display());
    prepare(&url);
    // One file, without the write-ahead log beside it.
    let template = folder.path().join("template.sqlite");
    let copy = format!("VACUUM INTO '{}'", template.display());
    Conn::open(&url).unwrap().batch_execute(&copy).unwrap();
    std::fs::read(template).unwrap()
});

static POSTGRES: LazyLock<String> = LazyLock::new(|| {
    let cluster = cluster().expect("asked only where there is one");
    let database = Database::on_cluster(cluster, "template0");
    prepare(&database.url);
    // The pools close their connections in threads of their own, and a template may have none.
    let name = database.name.clone().expect("of the cluster");
    administer(
        cluster,
        &format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"),
    );
    std::mem::forget(database);
    name
});

fn prepare(url: &str) {
    Migrations::run(url).unwrap();
    let db = Db::connect(url, &DbOptions { connections: 1, ..DbOptions::default() }).unwrap();
    db.write_blocking::<_, kring::error::Error>(kring::municipalities::load_built_in).unwrap();
}
