//! A worker is killed at any moment in the midst of a folder: others go on behind what it wrote, and each file becomes
//! one document.

use std::io::{Seek as _, Write as _};
use std::process::Stdio;
use std::time::{Duration, Instant};

use diesel::prelude::*;
use kring::accounts::{DisplayName, Email, Handle, LanguageTag, NewAccount, Password, register_for_demo};
use kring::app::App;
use kring::clock::Clock;
use kring::config::Settings;
use kring::error::Error;
use kring::jobs::asked::{self, AskedId, AskedKind};
use kring::networks::{self, EditedBy, JoinPolicy, NetworkName, NewNetwork, Subjects, Visibility};
use kring::text::lang::Lang;
use kring_db::schema::{asked_jobs, documents, jobs};
use serde_json::json;

use crate::harness::database::Database;
use crate::harness::files::zipped;
use crate::harness::mail::Mailbox;
use crate::harness::{On, folder, kring};

/// So many files are in the folder.
const FILES: usize = 40;

/// After that, something is stuck.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn sqlite() {
    killed_in_the_midst(On::Sqlite);
}

#[test]
fn postgres() {
    killed_in_the_midst(On::Postgres);
}

fn killed_in_the_midst(on: On) {
    let folder = folder();
    let Some(database) = Database::migrated(on, folder.path()) else { return };
    let mailbox = Mailbox::open();
    let settings = Settings {
        data: folder.path().display().to_string(),
        database_url: database.url.clone(),
        mail_url: mailbox.url(),
        mail_from: format!("Kring <{}>", mailbox.sender),
        ..Settings::default()
    };
    let app = App::build(settings.understand().unwrap(), Clock::default()).unwrap();
    let job = begin(&app);
    for round in 0..8 {
        let mut command = kring(folder.path(), &["worker"]);
        command
            .env("KRING_DATA", folder.path())
            .env("KRING_DATABASE_URL", &database.url)
            .env("KRING_MAIL_URL", mailbox.url())
            .env("KRING_MAIL_FROM", format!("Kring <{}>", mailbox.sender))
            .env("KRING_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut worker = command.spawn().unwrap();
        let last = round == 7;
        let (began, before) = (Instant::now(), made(&app));
        // Killed once it has written something; the last one may end its work.
        while !ended(&app, job) && (last || made(&app) < before + 2) && began.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(5));
        }
        std::thread::sleep(Duration::from_millis(7 * round));
        worker.kill().unwrap();
        worker.wait().unwrap();
        // Nobody waits for the lease of the dead.
        app.db
            .write_blocking(|tx| {
                let freed = (jobs::claimed_until.eq(None::<kring_db::Time>), jobs::attempts.eq(0));
                diesel::update(jobs::table).set(freed).execute(tx.conn())?;
                Ok::<_, Error>(())
            })
            .unwrap();
    }
    assert!(ended(&app, job), "still not done");
    assert_eq!(made(&app), FILES as i64, "a document for each file, and no second one");
    let titles: Vec<String> = app
        .db
        .read_blocking(|conn| {
            Ok::<_, Error>(documents::table.select(documents::title).distinct().load(conn)?)
        })
        .unwrap();
    assert_eq!(titles.len(), FILES);
    let asked = app
        .db
        .read_blocking(|conn| {
            let row = asked_jobs::table.find(job).select((asked_jobs::state, asked_jobs::done));
            Ok::<_, Error>(row.first::<(String, i64)>(conn)?)
        })
        .unwrap();
    assert_eq!(asked, ("done".to_owned(), FILES as i64));
}

fn made(app: &App) -> i64 {
    app.db
        .read_blocking(|conn| Ok::<_, Error>(documents::table.count().get_result(conn)?))
        .unwrap()
}

fn ended(app: &App, job: AskedId) -> bool {
    let ended: Option<kring_db::Time> = app
        .db
        .read_blocking(|conn| {
            let row = asked_jobs::table.find(job).select(asked_jobs::finished_at);
            Ok::<_, Error>(row.first(conn)?)
        })
        .unwrap();
    ended.is_some()
}

/// Ann, her network, and a folder of hers that waits.
fn begin(app: &App) -> AskedId {
    let new = NewAccount {
        handle: "ann_de_boer".parse::<Handle>().unwrap(),
        display_name: DisplayName::parse("Ann".into()).unwrap(),
        email: Email::parse("ann@example.org".into()).unwrap(),
        password: Password::parse("een lange zin is prima".into()).unwrap(),
        language: Lang::Nl,
    };
    let names: Vec<String> = (0..FILES).map(|number| format!("{number:02}.md")).collect();
    let texts: Vec<String> = (0..FILES).map(|number| format!("# Plan {number}\n\nTekst.\n")).collect();
    let files: Vec<(&str, &[u8])> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&zipped(&files)).unwrap();
    file.rewind().unwrap();
    let cx = app.context();
    let id: AskedId = cx.id();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(app.storage.put(&asked::key(id), file)).unwrap();
    app.db
        .write_blocking(|tx| {
            let who = register_for_demo(tx, &cx, &new, "no password", false)?;
            let network = NewNetwork {
                federation: kring::peers::Choice::none(),
                copies: kring::peers::Copies::Documents,
                slug: "halte".parse().unwrap(),
                name: NetworkName::parse("Haltes".into()).unwrap(),
                description: "Voor wie met de bus wil.".into(),
                plain_summary: None,
                language: LanguageTag::of(Lang::Nl),
                visibility: Visibility::Public,
                join_policy: JoinPolicy::Open,
                documents_edited_by: EditedBy::Members,
                seeking_people: false,
                seeking_help: None,
                led_by_experts: false,
                subjects: Subjects::default(),
            };
            networks::propose(tx, &cx, &who, &network)?;
            let request =
                json!({ "network": "halte", "kind": "plan", "title": null, "language": null, "lang": "nl" });
            asked::begin(tx, &cx, &who, AskedKind::DocumentImport, id, &request, true)?;
            Ok::<_, Error>(())
        })
        .unwrap();
    id
}
