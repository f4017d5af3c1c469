//! What a conversion may take: time, memory, output. Whatever ends it, the answer is a plain one, and nothing of it is
//! left.

use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use kring_convert::{Refusal, wire};

use super::{bring, file, network};
use crate::harness::{Client, On, TestApp, folder, kring};

/// A program that does what a file says; see there.
fn stand_in() -> String {
    format!("{}/../tests/fixtures/stand-in.sh", env!("CARGO_MANIFEST_DIR"))
}

/// A file that has that do `wish` and note its processes in `notes`.
fn wish(wish: &str, notes: &Path) -> Vec<u8> {
    format!("{wish}\n{}\n", notes.display()).into_bytes()
}

/// Fails where a process that noted itself in `notes` lives on.
async fn nobody_is_left(notes: &Path) {
    let noted = std::fs::read_to_string(notes).unwrap();
    assert!(!noted.is_empty(), "it ran");
    for id in noted.lines() {
        // Nobody may have asked yet how it ended (Z).
        let lives = || {
            let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
            stat.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with(['Z', 'X']))
        };
        let deadline = Instant::now() + Duration::from_secs(5);
        while lives() {
            assert!(Instant::now() < deadline, "{id} lives on");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
}

/// Asks for `what`, which must be refused so and leave nobody behind.
async fn refused(who: &Client, notes: &Path, what: &str, code: &str) {
    let noted = notes.join(what);
    let answer = bring(who, file("plan.rst", wish(what, &noted))).await;
    assert_eq!(answer.faults(), [format!("/file {code}")], "{what}");
    nobody_is_left(&noted).await;
}

#[tokio::test]
async fn a_pandoc_that_does_not_end_well_is_told_plainly_and_leaves_no_process() {
    let app = TestApp::start_with(On::Sqlite, |settings| {
        settings.pandoc = stand_in();
        settings.conversion_seconds = 4;
    });
    let app = app.expect("SQLite is always there");
    let ((ann, _), notes) = (network(&app, "public").await, folder());
    tokio::join!(
        refused(&ann, notes.path(), "asleep", "import_too_demanding"),
        refused(&ann, notes.path(), "lingering", "import_too_demanding"),
        refused(&ann, notes.path(), "busy", "import_too_demanding"),
        refused(&ann, notes.path(), "endless", "import_too_demanding"),
        refused(&ann, notes.path(), "failing", "import_damaged"),
    );
    bring(&ann, file("plan.rst", wish("well", &notes.path().join("well")))).await.expect(201);
}

#[tokio::test]
async fn a_converter_that_does_not_end_well_is_told_plainly_and_leaves_no_process() {
    let app = TestApp::start_with(On::Sqlite, |settings| {
        settings.converter = stand_in();
        settings.conversion_seconds = 4;
    });
    let app = app.expect("SQLite is always there");
    let ((ann, _), notes) = (network(&app, "public").await, folder());
    tokio::join!(
        refused(&ann, notes.path(), "asleep", "import_too_demanding"),
        refused(&ann, notes.path(), "failing", "import_damaged"),
    );
}

#[test]
fn a_converter_has_an_end_of_its_own_where_nobody_watches_over_it() {
    let here = folder();
    let notes = here.path().join("busy");
    let mut content = tempfile::tempfile().unwrap();
    content.write_all(&wish("busy", &notes)).unwrap();
    content.rewind().unwrap();
    let pandoc = format!("--pandoc={}", stand_in());
    let mut command = kring(here.path(), &["convert", "--name=plan.rst", "--seconds=1", &pandoc]);
    let told = command.stdin(Stdio::from(content)).output().unwrap();
    assert_eq!(wire::hear(told.stdout.as_slice()).unwrap(), Err(Refusal::TooDemanding));
}

#[tokio::test]
async fn what_comes_out_of_a_file_has_a_limit() {
    let picture = [b"GIF8".to_vec(), vec![7; 2 * 1024 * 1024]].concat();
    let page = format!("<p>Tekst</p><img src=\"data:image/gif;base64,{}\">", STANDARD.encode(picture));
    let few = TestApp::start_with(On::Sqlite, |settings| settings.conversion_output_mb = 1);
    let few = few.expect("SQLite is always there");
    let (ann, _) = network(&few, "public").await;
    assert_eq!(bring(&ann, file("pagina.html", page.clone())).await.faults(), ["/file import_too_demanding"]);
    bring(&ann, file("plan.md", "# Plan\n\nTekst.")).await.expect(201);
    let usual = TestApp::start();
    let (ann, _) = network(&usual, "public").await;
    bring(&ann, file("pagina.html", page)).await.expect(201);
}

#[tokio::test]
async fn a_file_that_needs_more_memory_than_there_is_ends_its_converter_and_nothing_else() {
    let few = TestApp::start_with(On::Sqlite, |settings| settings.conversion_memory_mb = 256);
    let app = few.expect("SQLite is always there");
    let (ann, _) = network(&app, "public").await;
    let greedy = "<p>a".repeat(1_250_000);
    assert_eq!(bring(&ann, file("pagina.html", greedy)).await.faults(), ["/file import_too_demanding"]);
    bring(&ann, file("plan.md", "# Plan\n\nTekst.")).await.expect(201);
}
