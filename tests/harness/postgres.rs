//! The PostgreSQL of this test run: the one that `KRING_TEST_POSTGRES_URL` names, or a throw-away cluster.

use std::io::Write as _;
use std::path::Path;
use std::sync::LazyLock;

use super::binary::test_variable;
use super::cluster::Cluster;

/// Nothing here survives this process, so nothing is synced.
const SETTINGS: &[&str] = &[
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=64MB",
    "autovacuum=off",
];

static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(|| match find() {
    Ok(Some(cluster)) => Some(cluster),
    Ok(None) if test_variable("KRING_TEST_REQUIRE_POSTGRES").as_deref() == Some("1") => {
        panic!("KRING_TEST_REQUIRE_POSTGRES=1, but there is neither initdb nor KRING_TEST_POSTGRES_URL")
    }
    Ok(None) => {
        // Past the test runner, which keeps what a passing test prints.
        let _ = writeln!(
            std::io::stderr(),
            "\n!!! NOT TESTED ON POSTGRESQL: no initdb found; install PostgreSQL or set KRING_TEST_POSTGRES_URL !!!\n"
        );
        None
    }
    Err(fault) => panic!("PostgreSQL is here but cannot be used for the tests: {fault}"),
});

/// The cluster of this test run, started at first use; `None` where there is no PostgreSQL to be had.
pub fn cluster() -> Option<&'static Cluster> {
    CLUSTER.as_ref()
}

fn find() -> Result<Option<Cluster>, String> {
    match test_variable("KRING_TEST_POSTGRES_URL") {
        Some(given) => given
            .parse()
            .map(|url| Some(Cluster::given(url)))
            .map_err(|fault| format!("KRING_TEST_POSTGRES_URL: {fault}")),
        None => Cluster::throw_away(place(), SETTINGS),
    }
}

/// Where the cluster stands: in memory where that has room. A database is some three hundred files, which took half
/// of the time of all tests on PostgreSQL to make and remove on a disk.
fn place() -> &'static Path {
    let memory = Path::new("/dev/shm");
    let room = rustix::fs::statvfs(memory).map_or(0, |room| room.f_bavail * room.f_frsize);
    if room > ROOM { memory } else { Path::new("/tmp") }
}

/// Bytes that a cluster and the databases of the tests under way at once take, and some.
const ROOM: u64 = 1 << 30;
