//! Fills a database. Networks, their founders and the index entries are written by their domains; people, threads and
//! replies as rows (see [`rows`]).
//!
//! What stands where follows from numbers alone, so nothing has to be remembered: thread `i` belongs to network
//! `i % 20`, person `p` to the networks `p % 20`, `p + 7` and `p + 13`. Of every twenty threads of a network one has
//! fifty replies and the others two or three; the last two of each network are pinned. For its archive the first
//! network can be made [larger](enlarge) in the end.

mod rows;
mod text;
mod world;

use std::time::Instant;

use anyhow::{Context as _, bail, ensure};
use chrono::Duration;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use kring::accounts::LanguageTag;
use kring::app::App;
use kring::clock::Clock;
use kring::error::Result;
use kring::index::{self, Entry, EntryKind};
use kring::jobs::outbox::{self, EventKind};
use kring::text::lang::Lang;
use kring_db::schema::{event_cursors, events, networks, persons, threads};
use kring_db::types::{IdSource, write_id};
use kring_db::{Conn, Db, DbOptions, Dialect, Time, Tx, each_dialect};
use serde::{Deserialize, Serialize};

use text::{Chance, Texts};
use world::{Spot, World};

/// The password of everybody.
pub const PASSWORD: &str = "een lange zin is prima";

/// How many networks there are, whatever the size.
const NETWORKS: usize = 20;

/// Threads written in one transaction: twenty of each network.
const AT_ONCE: usize = NETWORKS * 20;

/// Replies of every twenty threads of a network, one by one: a hundred.
const REPLIES: [usize; 20] = [50, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 2, 2, 2];

/// How many times the threads of the others the first network has when it is [enlarged](enlarge).
const LARGER: usize = 5;

/// Threads are spread over so many weeks before now.
const WEEKS: i64 = 104;

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sizes {
    pub networks: usize,
    pub persons: usize,
    pub threads: usize,
    pub replies: usize,
}

impl Sizes {
    /// So many times 1 000 persons and 20 000 threads with 100 000 replies, always in 20 networks; rounded so that
    /// every network gets the same.
    pub fn times(times: f64) -> Self {
        let round = |number: f64, to: usize| ((number * times / to as f64).round() as usize).max(1) * to;
        let threads = round(20_000.0, AT_ONCE);
        Self {
            networks: NETWORKS,
            persons: round(1_000.0, NETWORKS).max(2 * NETWORKS),
            threads,
            replies: threads * 5,
        }
    }
}

/// The handle of person `number`.
pub fn handle(number: usize) -> String {
    format!("lid_{number:05}")
}

/// The slug of network `number`.
pub fn slug(number: usize) -> String {
    format!("netwerk-{:02}", number + 1)
}

/// The first network of person `number`.
pub fn network_of(number: usize) -> usize {
    number % NETWORKS
}

/// What a database was filled with; `None` where it is empty.
pub fn found(url: &str) -> anyhow::Result<Option<Sizes>> {
    let db = Db::connect(url, &DbOptions { connections: 1, ..DbOptions::default() })?;
    let counted = db.read_blocking(|conn| {
        let persons: i64 = persons::table.count().get_result(conn)?;
        let threads: i64 = threads::table.count().get_result(conn)?;
        // The first network may be larger.
        let of_one = networks::table.filter(networks::slug.eq(slug(1))).select(networks::thread_count);
        let of_one: Option<i64> = of_one.first(conn).optional()?;
        let threads = of_one.map_or(threads, |threads| threads * NETWORKS as i64);
        // Written last.
        let filled = networks::table.filter(networks::thread_count.gt(0)).count().get_result::<i64>(conn)?;
        Ok::<_, kring::error::Error>((persons as usize, threads as usize, filled as usize))
    })?;
    match counted {
        (0, 0, 0) => Ok(None),
        (persons, threads, NETWORKS) => {
            Ok(Some(Sizes { networks: NETWORKS, persons, threads, replies: threads * 5 }))
        }
        _ => bail!("the database is neither empty nor filled by kring-bench to the end; take another"),
    }
}

/// Fills the database at `url`, which must be empty.
pub fn fill(url: &str, sizes: Sizes) -> anyhow::Result<()> {
    let begun = Instant::now();
    let data = tempfile::tempdir().context("a folder for keys cannot be made")?;
    let config = crate::server::config(url, &data.path().display().to_string(), ([127, 0, 0, 1], 0).into())?;
    let app = kring::cli::start(config)?;
    ensure!(found(url)?.is_none(), "the database is filled already");
    let hash = world::password_hash(&app)?;
    let world = app.db.write_blocking(|tx| world::make(tx, &app, sizes, &hash))?;
    let texts = Texts::write();
    let mut position = app.db.write_blocking(outbox::sequence)?;
    for from in (0..sizes.threads).step_by(AT_ONCE) {
        let spots: Vec<Spot> = (from..from + AT_ONCE).map(|number| world.spot(number)).collect();
        position = app.db.write_blocking(|tx| some_threads(tx, &world, &texts, &spots, position))?;
        let done = from + AT_ONCE;
        if done.is_multiple_of((sizes.threads / 10).next_multiple_of(AT_ONCE)) {
            eprintln!("  {done} threads after {} s", begun.elapsed().as_secs());
        }
    }
    app.db.write_blocking(|tx| finish(tx, &app, &world))?;
    eprintln!("  filled in {} s", begun.elapsed().as_secs());
    Ok(())
}

/// Gives the first network [`LARGER`] times the threads of the others, where it has not.
pub fn enlarge(url: &str, sizes: Sizes) -> anyhow::Result<()> {
    let db = Db::connect(url, &DbOptions { connections: 1, ..DbOptions::default() })?;
    let (each, first) = (sizes.threads / NETWORKS, slug(0));
    let first = || networks::table.filter(networks::slug.eq(&first));
    let there: i64 = db.read_blocking(|conn| {
        Ok::<_, kring::error::Error>(first().select(networks::thread_count).first(conn)?)
    })?;
    if there as usize > each {
        return Ok(());
    }
    let (begun, more, texts) = (Instant::now(), (LARGER - 1) * each, Texts::write());
    let world = db.read_blocking(|conn| World::of(conn, sizes, Clock::default().now()))?;
    let mut position = db.write_blocking(outbox::sequence)?;
    for from in (0..more).step_by(AT_ONCE) {
        let to = more.min(from + AT_ONCE);
        let spots: Vec<Spot> = (from..to).map(|number| world.further(number, more)).collect();
        position = db.write_blocking(|tx| some_threads(tx, &world, &texts, &spots, position))?;
    }
    db.write_blocking(|tx| {
        let all = (each + more) as i64;
        diesel::update(first()).set(networks::thread_count.eq(all)).execute(tx.conn())?;
        let read = event_cursors::table.filter(event_cursors::consumer.eq("effects"));
        diesel::update(read).set(event_cursors::position.eq(position)).execute(tx.conn())?;
        if db.dialect() == Dialect::Postgres {
            tx.conn().batch_execute("ANALYZE")?;
        }
        Ok::<_, kring::error::Error>(())
    })?;
    eprintln!("  {more} threads more in the first network after {} s", begun.elapsed().as_secs());
    Ok(())
}

/// Writes some threads with all that belongs to them. `position` is the last one that an event has.
fn some_threads(tx: &mut Tx, world: &World, texts: &Texts, spots: &[Spot], mut position: i64) -> Result<i64> {
    let mut batch = Batch::default();
    for spot in spots {
        batch.add_thread(world, texts, *spot, &mut position);
    }
    rows::put_threads(tx, &batch.threads)?;
    rows::put_replies(tx, &batch.replies)?;
    rows::put_reactions(tx, &batch.reactions)?;
    rows::put_read_states(tx, &batch.read_states)?;
    rows::put_events(tx, &batch.events)?;
    for entry in &batch.entries {
        index::put(tx, entry)?;
    }
    Ok(position)
}

/// Rows of some threads.
#[derive(Default)]
struct Batch<'a> {
    threads: Vec<rows::Thread<'a>>,
    replies: Vec<rows::Reply<'a>>,
    reactions: Vec<rows::Reaction>,
    read_states: Vec<rows::ReadState>,
    events: Vec<rows::Event>,
    entries: Vec<Entry>,
}

impl<'a> Batch<'a> {
    fn add_thread(&mut self, world: &World, texts: &'a Texts, spot: Spot, position: &mut i64) {
        let Spot { number, network, place, created_at, pinned } = spot;
        let mut chance = Chance(number as u64);
        let count = REPLIES[place % REPLIES.len()];
        let id = id(created_at, number);
        let author = chance.below(world.members);
        let text = texts.of_thread(&mut chance);
        let thanked = number.is_multiple_of(3);
        let title = text::title(&mut chance);
        let network_id = world.networks[network];
        self.entries
            .push(entry(EntryKind::Thread, id, None, network_id, &title, &text.plain, created_at));
        self.threads.push(rows::Thread {
            id,
            network_id,
            author_id: world.member(network, author),
            title,
            body: &text.markdown,
            body_html: &text.html,
            language: "nl",
            reply_count: count as i64,
            last_seq: count as i64,
            last_activity_at: replied_at(created_at, count),
            pinned,
            thanks_count: i64::from(thanked),
            recognise_count: 0,
            more_count: 0,
            created_at,
            version: 1,
        });
        if thanked {
            self.reactions.push(rows::Reaction {
                thread_id: id,
                subject_id: id,
                person_id: world.member(network, author + 1),
                kind: "thanks",
                created_at,
            });
        }
        let payload = r#"{"mentions":[]}"#.to_owned();
        let author_id = world.member(network, author);
        self.add_event(EventKind::ThreadCreated, network_id, id, author_id, payload, created_at, position);
        self.add_replies(world, texts, &mut chance, spot, position);
        // Eight members have opened it, the author first; most of them read to the end.
        for reader in 0..world.members.min(8) {
            let unread = if reader == 0 { 0 } else { chance.below(3).min(count) };
            self.read_states.push(rows::ReadState {
                person_id: world.member(network, author + reader),
                thread_id: id,
                read_seq: (count - unread) as i64,
                read_at: created_at,
            });
        }
    }

    fn add_replies(
        &mut self,
        world: &World,
        texts: &'a Texts,
        chance: &mut Chance,
        spot: Spot,
        position: &mut i64,
    ) {
        let Some(thread) = self.threads.last() else { return };
        let (thread, network_id, count, begun) =
            (thread.id, thread.network_id, thread.reply_count as usize, thread.created_at);
        let payload = format!(r#"{{"thread":"{}","mentions":[]}}"#, write_id(thread));
        let mut before: Option<(i64, i64, String)> = None;
        for seq in 1..=count {
            let created_at = replied_at(begun, seq);
            let id = id(created_at, spot.number * 64 + seq);
            // Two of five go on from the reply before, not too deep.
            let parent = before.take().filter(|(_, depth, _)| *depth < 6 && chance.below(5) < 2);
            let (depth, path) = match &parent {
                Some((_, depth, path)) => (depth + 1, format!("{path}{}", write_id(id))),
                None => (0, write_id(id)),
            };
            let text = texts.of_reply(chance);
            let author_id = world.member(spot.network, chance.below(world.members));
            let whole = Some(thread);
            self.entries.push(entry(EntryKind::Reply, id, whole, network_id, "", &text.plain, created_at));
            self.replies.push(rows::Reply {
                id,
                thread_id: thread,
                parent_id: parent.map(|(id, ..)| id),
                author_id,
                seq: seq as i64,
                depth,
                path: path.clone(),
                body: &text.markdown,
                body_html: &text.html,
                language: "nl",
                thanks_count: 0,
                recognise_count: 0,
                more_count: 0,
                created_at,
                version: 1,
            });
            before = Some((id, depth, path));
            let kind = EventKind::ReplyCreated;
            self.add_event(kind, network_id, id, author_id, payload.clone(), created_at, position);
        }
    }

    #[allow(clippy::too_many_arguments)] // the columns of one row
    fn add_event(
        &mut self,
        kind: EventKind,
        network_id: i64,
        subject_id: i64,
        actor_id: i64,
        payload: String,
        created_at: Time,
        position: &mut i64,
    ) {
        *position += 1;
        self.events.push(rows::Event {
            id: subject_id,
            kind: kind.as_str(),
            network_id,
            subject_id,
            actor_id,
            payload,
            created_at,
            position: *position,
        });
    }
}

/// When reply `seq` to a thread was written; 0 is the thread itself.
fn replied_at(begun: Time, seq: usize) -> Time {
    begun + Duration::minutes(20) * seq as i32
}

/// The id of something of this moment; `number` keeps those of one moment apart.
fn id(moment: Time, number: usize) -> i64 {
    IdSource::default().draw(moment, number as u32)
}

fn entry(
    kind: EntryKind,
    id: i64,
    parent: Option<i64>,
    network: i64,
    title: &str,
    body: &str,
    published_at: Time,
) -> Entry {
    Entry {
        kind,
        id,
        parent,
        network,
        title: title.to_owned(),
        body: body.to_owned(),
        language: LanguageTag::of(Lang::Nl),
        published_at,
    }
}

/// What is written last: two new documents in each network, when everybody's digest comes, that the workers have these
/// events behind them, how many threads there are. The planner looks at what there is, as it would in time by itself.
fn finish(tx: &mut Tx, app: &App, world: &World) -> Result<()> {
    let now = app.clock.now();
    let week_ago = now - Duration::days(7);
    world::add_documents(tx, app, world, 2, week_ago)?;
    let last = outbox::sequence(tx)?;
    let told: Option<Option<i64>> = events::table
        .filter(events::created_at.lt(week_ago))
        .order(events::position.desc())
        .select(events::position)
        .first(tx.conn())
        .optional()?;
    world::add_digests(tx, world, told.flatten().unwrap_or(0), now + Duration::days(7))?;
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(event_cursors::table)
            .values((event_cursors::consumer.eq("effects"), event_cursors::position.eq(last)))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    diesel::update(networks::table)
        .set(networks::thread_count.eq((world.sizes.threads / NETWORKS) as i64))
        .execute(tx.conn())?;
    if app.db.dialect() == Dialect::Postgres {
        tx.conn().batch_execute("ANALYZE")?;
    }
    Ok(())
}

/// The database's name and version.
pub fn database_name(url: &str) -> anyhow::Result<String> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = diesel::sql_types::Text)]
        version: String,
    }
    let db = Db::connect(url, &DbOptions { connections: 1, ..DbOptions::default() })?;
    let found = db.read_blocking(|conn| {
        Ok::<_, kring_db::Error>(match conn {
            Conn::Sqlite(c) => {
                let found: Version = diesel::sql_query("SELECT sqlite_version() AS version").get_result(c)?;
                format!("SQLite {}", found.version)
            }
            Conn::Postgres(c) => {
                let asked = "SELECT split_part(current_setting('server_version'), ' ', 1) AS version";
                let found: Version = diesel::sql_query(asked).get_result(c)?;
                format!("PostgreSQL {}", found.version)
            }
        })
    })?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_what_the_readme_says() {
        let one = Sizes {
            networks: 20,
            persons: 1_000,
            threads: 20_000,
            replies: 100_000,
        };
        assert_eq!(Sizes::times(1.0), one);
        let ten = Sizes {
            networks: 20,
            persons: 10_000,
            threads: 200_000,
            replies: 1_000_000,
        };
        assert_eq!(Sizes::times(10.0), ten);
        let least = Sizes::times(0.0001);
        assert_eq!((least.threads, least.persons, least.replies), (400, 40, 2_000));
        assert_eq!(REPLIES.iter().sum::<usize>(), 100);
    }
}
