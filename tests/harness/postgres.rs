//! The PostgreSQL of this test run: the one that `KRING_TEST_POSTGRES_URL` names, or a throw-away cluster.

use std::io::Write as _;
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
        None => Cluster::throw_away(SETTINGS),
    }
}
