//! The whole tool on a tiny database: every kind of request is answered, and the table is there.

#![allow(clippy::expect_used)] // a test may panic, its helpers too

use std::path::Path;
use std::process::Command;

fn kring_bench(folder: &Path, arguments: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_kring-bench"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("kring-bench starts");
    let told = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "kring-bench {arguments:?}: {told}");
    String::from_utf8(done.stdout).expect("text")
}

#[test]
fn a_tiny_database_is_filled_loaded_and_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let database = ["--database-url", "sqlite:tiny.sqlite"];
    kring_bench(folder.path(), &[&["fill", "--times", "0.02"], &database[..]].concat());
    let few = ["--seconds", "1", "--connections", "2", "--out", "found.json"];
    let shown = kring_bench(folder.path(), &[&["run"], &database[..], &few[..]].concat());
    assert_eq!(kring_bench(folder.path(), &["table", "found.json"]), shown);
    assert!(shown.contains("| 400 threads: requests/s |"), "{shown}");
    assert!(shown.contains("a weekly digest run for 40 members"), "{shown}");
    assert!(shown.contains("An archive of a network with 100 threads"), "{shown}");
    assert!(shown.contains("Importing a DOCX of 100 pages, among 400 threads"), "{shown}");
    for scene in [
        "signed in",
        "anonymous",
        "50 replies",
        "Home",
        "Search",
        "Creating a reply",
        "Adopting a plan",
        "Sign-in",
    ] {
        assert!(shown.contains(scene), "{scene} is missing: {shown}");
    }
}
