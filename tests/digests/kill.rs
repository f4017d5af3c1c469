//! The process is killed at any moment and started again: nobody gets two digests, and nobody none, save hand-overs
//! that were cut off, which are `unknown` and not sent again.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use kring::accounts::{DisplayName, Email, Handle, NewAccount, Password, SignedIn, register_for_demo};
use kring::app::App;
use kring::clock::Clock;
use kring::config::Settings;
use kring::error::Error;
use kring::mail::MailState;
use kring::text::lang::Lang;
use kring::{digests, mail, networks, threads};
use kring_db::schema::{digests as rows, mails, persons};
use kring_db::{Conn, Tx};

use crate::harness::database::Database;
use crate::harness::mail::Mailbox;
use crate::harness::{On, folder, kring};

/// So many people have a digest that is due.
const MEMBERS: usize = 40;

/// How long a mail takes, so that there is something to cut off.
const PACE: Duration = Duration::from_millis(8);

/// After that, something is stuck.
const PATIENCE: Duration = Duration::from_secs(60);

#[test]
fn sqlite() {
    killed_at_any_moment(On::Sqlite);
}

#[test]
fn postgres() {
    killed_at_any_moment(On::Postgres);
}

fn killed_at_any_moment(on: On) {
    let folder = folder();
    let Some(database) = Database::migrated(on, folder.path()) else { return };
    let mailbox = Mailbox::open();
    mailbox.pace(PACE);
    let app = application(folder.path(), &database, &mailbox);
    app.db.write_blocking(|tx| populate(tx, &app)).unwrap();
    let start = |arguments: &[&str]| {
        let mut command = kring(folder.path(), arguments);
        command
            .env("KRING_DATA", folder.path())
            .env("KRING_DATABASE_URL", &database.url)
            .env("KRING_MAIL_URL", mailbox.url())
            .env("KRING_MAIL_FROM", format!("Kring <{}>", mailbox.sender))
            .env("KRING_LOG", "error")
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command.spawn().unwrap()
    };
    let mut kills = 0;
    // While digests are made, from the first moments of a process on; with every round it gets further.
    for round in 0..6 {
        let mut killed = vec![start(&["digest", "run"])];
        if round % 2 == 1 {
            killed.push(start(&["worker"]));
        }
        std::thread::sleep(Duration::from_millis(40 + 45 * round));
        kills += kill(killed);
    }
    // While mails are handed over: at every stage of a hand-over, as the rounds differ by a part of its length.
    let mut round = 0;
    while left(&app) && mailbox.all().len() < MEMBERS - 4 && round < 12 {
        let before = mailbox.all().len();
        let mut killed = vec![start(if round % 2 == 0 { &["worker"] } else { &["digest", "run"] })];
        if round % 3 == 2 {
            killed.push(start(&["worker"]));
        }
        wait_until("a mail arrives", || mailbox.all().len() > before || !left(&app));
        std::thread::sleep(PACE / 4 * round);
        kills += kill(killed);
        round += 1;
    }
    let last = start(&["worker"]);
    wait_until("everybody was told", || !left(&app));
    kill(vec![last]);
    // A sender that died counts as dead when its time is up.
    let later = app.clock.now() + chrono::Duration::hours(1);
    app.db.write_blocking(|tx| mail::settle_orphans(tx, later)).unwrap();
    check(&app, &mailbox, kills);
}

fn application(folder: &Path, database: &Database, mailbox: &Mailbox) -> App {
    let settings = Settings {
        data: folder.display().to_string(),
        database_url: database.url.clone(),
        database_connections: 2,
        mail_url: mailbox.url(),
        ..Settings::default()
    };
    App::build(settings.understand().unwrap(), Clock::default()).unwrap()
}

/// One network, one who writes in it, and members whose digest is due.
fn populate(tx: &mut Tx, app: &App) -> Result<(), Error> {
    let cx = app.context();
    let ann = register(tx, app, "ann")?;
    let new = networks::NewNetwork {
        federation: kring::peers::Choice::none(),
        copies: kring::peers::Copies::Documents,
        plain_summary: None,
        slug: "haltes".parse().unwrap(),
        name: networks::NetworkName::parse("Toegankelijke haltes".into()).unwrap(),
        description: "Voor wie met de bus wil.".into(),
        language: kring::accounts::LanguageTag::of(Lang::Nl),
        visibility: networks::Visibility::Public,
        join_policy: networks::JoinPolicy::Open,
        documents_edited_by: networks::EditedBy::Members,
        seeking_people: false,
        seeking_help: None,
        led_by_experts: false,
        subjects: networks::Subjects::default(),
    };
    let network = networks::propose(tx, &cx, &ann, &new)?;
    let (_, first) = networks::memberships_of(tx, ann.person)?.remove(0);
    let member = networks::Membership { role: networks::MemberRole::Member, ..first };
    let thread = threads::NewThread {
        plain_summary: None,
        title: threads::Title::parse("Perron te laag".into()).unwrap(),
        text: threads::Text::parse("Wie herkent dit?".into()).unwrap(),
        language: None,
        attachments: Vec::new(),
    };
    threads::create_for_demo(tx, &cx, &ann, &network.slug, &thread, false)?;
    for number in 0..MEMBERS {
        let person = register(tx, app, &format!("member{number}"))?.person;
        networks::join_for_demo(tx, &cx, network.id, person, &member)?;
        digests::begin_for_demo(tx, &cx, person, None)?;
    }
    Ok(())
}

fn register(tx: &mut Tx, app: &App, handle: &str) -> Result<SignedIn, Error> {
    let new = NewAccount {
        handle: Handle::parse(handle.into()).unwrap(),
        display_name: DisplayName::parse(handle.into()).unwrap(),
        email: Email::parse(format!("{handle}@example.org")).unwrap(),
        password: Password::parse("een lange zin is prima".into()).unwrap(),
        language: Lang::Nl,
    };
    // Nobody signs in here: any hash will do.
    register_for_demo(tx, &app.context(), &new, "-", false)
}

/// Kills them all, with SIGKILL. Returns how many were still running.
fn kill(mut processes: Vec<Child>) -> usize {
    let running =
        processes.iter_mut().filter_map(|process| process.try_wait().unwrap().is_none().then_some(()));
    let count = running.count();
    for process in &mut processes {
        process.kill().unwrap();
    }
    for mut process in processes {
        process.wait().unwrap();
    }
    count
}

/// Is there anybody who is due and was not told, or a mail that waits?
fn left(app: &App) -> bool {
    let found = app.db.read_blocking(|conn| {
        let queued: i64 = mails::table.filter(mails::state.eq(MailState::Queued)).count().get_result(conn)?;
        let made: i64 = rows::table.count().get_result(conn)?;
        Ok::<_, Error>(queued > 0 || made < MEMBERS as i64)
    });
    found.unwrap()
}

fn wait_until(what: &str, done: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !done() {
        assert!(Instant::now() < deadline, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A digest with its mail: whose, to which address, how it ended.
type Told = (String, String, MailState);

fn told(conn: &mut Conn) -> Result<Vec<Told>, Error> {
    let found = rows::table
        .inner_join(mails::table)
        .inner_join(persons::table.on(persons::id.eq(rows::person_id)));
    Ok(found.select((persons::handle, mails::recipient, mails::state)).load(conn)?)
}

fn check(app: &App, mailbox: &Mailbox, kills: usize) {
    let told = app.db.read_blocking(told).unwrap();
    let mails_written: i64 =
        app.db.read_blocking(|conn| Ok::<_, Error>(mails::table.count().get_result(conn)?)).unwrap();
    assert_eq!((told.len(), mails_written), (MEMBERS, MEMBERS as i64), "one digest and one mail for each");
    let mut arrived: BTreeMap<String, usize> = BTreeMap::new();
    for mail in mailbox.all() {
        *arrived.entry(mail.to).or_default() += 1;
    }
    let mut unknown = 0;
    for number in 0..MEMBERS {
        let handle = format!("member{number}");
        let of_them: Vec<&Told> = told.iter().filter(|(whose, ..)| *whose == handle).collect();
        let [(_, address, state)] = of_them.as_slice() else { panic!("{handle} has {of_them:?}") };
        let count = arrived.get(address).copied().unwrap_or(0);
        match state {
            MailState::Sent => assert_eq!(count, 1, "{handle} was sent {count}"),
            MailState::Unknown => {
                unknown += 1;
                assert!(count <= 1, "{handle} was cut off and got {count}");
            }
            other => panic!("{handle}'s mail is {other}"),
        }
    }
    assert!(unknown <= kills, "{kills} processes were killed, and of {unknown} mails nobody knows");
    let listed = app.db.read_blocking(|conn| mail::unknown(conn, None, 100)).unwrap();
    assert_eq!(listed.len(), unknown, "every one is listed for the admin");
    assert!(kills >= 6, "only {kills} were killed while they ran");
}
