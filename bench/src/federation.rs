//! `kring-bench federation`: one post to very many instances, and many posts to one.
//!
//! A network has a member at each of so many [neighbours](crate::neighbours), and another network a member at the first
//! of them alone. Rows of those are written down here; what is posted, is posted by HTTP, and goes the whole way: the
//! event, the activities, the row, the signature, the wire.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use diesel::prelude::*;
use kring::accounts::{DisplayName, Email, Handle, NewAccount, Password, register_for_demo};
use kring::app::App;
use kring::text::lang::Lang;
use kring_activitypub::keys::{Algorithm, PrivateKey};
use kring_db::schema::{memberships, networks, peers, persons, remote_actors};
use kring_db::{Tx, each_dialect};
use serde_json::{Value, json};

use crate::fill::{self, PASSWORD};
use crate::http::{Connection, request};
use crate::machine::{Machine, Memory, processor_time};
use crate::neighbours::{Heard, Neighbours, is_dead};
use crate::run::on_each_database;
use crate::server::{self, Server};

/// Longest that anything is waited for.
const PATIENCE: Duration = Duration::from_secs(180);

/// Who posts.
const WHO: &str = "schrijver";

/// A post to very many instances, and many posts to one.
#[derive(clap::Args)]
pub struct Federation {
    /// How many instances
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..=20_000))]
    instances: u16,
    /// How long each takes to answer
    #[arg(long, default_value_t = 150)]
    latency_ms: u64,
    /// So many of a hundred are dead: half of them refuse connections, half of them take them and say nothing
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=50))]
    dead: u8,
    /// How many posts go to the one
    #[arg(long, default_value_t = 100)]
    posts: usize,
    /// An empty database; without: SQLite, and a throw-away PostgreSQL where there is one
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

/// What was found.
struct Found {
    what: String,
    deliveries: usize,
    heard: Heard,
    processor: Duration,
    memory: Memory,
    idle: Memory,
}

impl Federation {
    pub fn run(self) -> anyhow::Result<()> {
        kring::cli::allow_many_connections();
        let Machine { cores, memory_gb, processor } = Machine::here();
        println!(
            "On a machine with {cores} cores and {memory_gb} GB ({processor}), which also ran the instances and the database.\n"
        );
        println!(
            "| | deliveries/s | last living has it, s | everything sent, s | processor time a delivery, ms | memory, MB: before, most |"
        );
        println!("|---|--:|--:|--:|--:|--:|");
        on_each_database(self.database_url.as_deref(), |url| self.on(url))
    }

    fn on(&self, url: &str) -> anyhow::Result<()> {
        let data = tempfile::tempdir().context("a data folder cannot be made")?;
        let folder = data.path().display().to_string();
        let app = kring::cli::start(server::config(url, &folder, ([127, 0, 0, 1], 0).into())?)?;
        register(&app)?;
        let database = fill::database_name(url)?;
        let mut neighbours = Neighbours::start(self.instances.into(), self.latency_ms, self.dead.into())?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.measure(url, data.path(), &app, &database, &mut neighbours))
    }

    async fn measure(
        &self,
        url: &str,
        data: &Path,
        app: &App,
        database: &str,
        neighbours: &mut Neighbours,
    ) -> anyhow::Result<()> {
        let server = Server::start(url, data).await?;
        let mut kring = Kring::enter(&server).await?;
        for slug in ["velen", "een"] {
            kring.begin(slug).await?;
        }
        let hosts = neighbours.hosts.clone();
        app.db.write_blocking(|tx| settle_in(tx, app, &hosts))?;
        let living = (0..hosts.len()).filter(|number| !is_dead(*number, self.dead.into())).count();
        let dead = hosts.len() - living;
        for time in ["first", "next"] {
            let what =
                format!("{database}: the {time} post to {} instances, {dead} of them dead", hosts.len());
            show(kring.told(&server, neighbours, ("velen", 1), (2 * living, living), what).await?);
        }
        let what = format!("{database}: {} posts to one instance", self.posts);
        show(kring.told(&server, neighbours, ("een", self.posts), (2 * self.posts, 1), what).await?);
        Ok(())
    }
}

fn show(found: Found) {
    let seconds = found.heard.last_ms / 1e3;
    println!(
        "| {} | {:.0} | {:.1} | {seconds:.1} | {:.1} | {:.0}, {:.0} |",
        found.what,
        found.deliveries as f64 / seconds,
        found.heard.last_reached_ms / 1e3,
        found.processor.as_secs_f64() * 1e3 / found.deliveries as f64,
        found.idle.resident,
        found.memory.peak,
    );
}

/// Kring, as who posts sees it.
struct Kring {
    connection: Connection,
    token: String,
}

impl Kring {
    async fn enter(server: &Server) -> anyhow::Result<Self> {
        let connection = Connection::open(server.address).await?;
        let mut kring = Self { connection, token: String::new() };
        let session =
            kring.ask("POST", "/v1/sessions", json!({ "login": WHO, "password": PASSWORD })).await?;
        kring.token = session["accessToken"].as_str().context("no token")?.to_owned();
        kring.ask("PUT", "/v1/federation", json!({ "reach": "open" })).await?;
        Ok(kring)
    }

    async fn begin(&mut self, slug: &str) -> anyhow::Result<()> {
        let new = json!({ "slug": slug, "name": format!("Netwerk {slug}"), "description": "Om te meten.", "federation": "open" });
        self.ask("POST", "/v1/networks", new).await?;
        // Its key is made when it is first asked for: by who follows it, long before the post.
        let asked = format!(
            "GET /networks/{slug} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/activity+json\r\n\r\n"
        );
        let actor = self.connection.exchange(asked.as_bytes()).await?;
        ensure!(actor.status == 200, "the network is no actor: {}", actor.status);
        Ok(())
    }

    async fn ask(&mut self, method: &str, path: &str, body: Value) -> anyhow::Result<Value> {
        let token = (!self.token.is_empty()).then_some(self.token.as_str());
        let request = request(method, path, token, Some(&body));
        let answer = self.connection.exchange(&request).await?;
        ensure!(
            matches!(answer.status, 200 | 201),
            "{method} {path}: {}",
            String::from_utf8_lossy(answer.body)
        );
        Ok(serde_json::from_slice(answer.body)?)
    }

    /// Posts to a network, waits until so many deliveries came to so many of the living, and says what that took.
    async fn told(
        &mut self,
        server: &Server,
        neighbours: &mut Neighbours,
        (slug, posts): (&str, usize),
        (deliveries, reached): (usize, usize),
        what: String,
    ) -> anyhow::Result<Found> {
        let (idle, before) = (Memory::of(server.pid())?, processor_time(server.pid())?);
        Memory::forget_peak(server.pid())?;
        neighbours.ask("begin")?;
        for number in 0..posts {
            let thread = json!({ "title": format!("Halte {number} is te hoog"), "body": "Met mijn *rolstoel* kom ik er niet. ".repeat(20) });
            self.ask("POST", &format!("/v1/networks/{slug}/threads"), thread).await?;
        }
        let begun = Instant::now();
        loop {
            let heard = neighbours.ask("heard")?;
            if heard.deliveries >= deliveries && heard.reached >= reached {
                let processor = processor_time(server.pid())?.saturating_sub(before);
                let memory = Memory::of(server.pid())?;
                return Ok(Found { what, deliveries, heard, processor, memory, idle });
            }
            ensure!(begun.elapsed() < PATIENCE, "{what}: {deliveries} were expected, {heard:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// The person who posts, an administrator too.
fn register(app: &App) -> anyhow::Result<()> {
    let wrong = |_| anyhow::anyhow!("an account is not as accounts are");
    let password = Password::parse(PASSWORD.to_owned()).map_err(wrong)?;
    let hash = kring::web::server::block_on(app.hashing.hash(&password))?;
    let new = NewAccount {
        handle: Handle::parse(WHO.to_owned()).map_err(wrong)?,
        display_name: DisplayName::parse("Schrijver".to_owned()).map_err(wrong)?,
        email: Email::parse("schrijver@example.org".to_owned()).map_err(wrong)?,
        password,
        language: Lang::Nl,
    };
    let cx = app.context();
    app.db.write_blocking(|tx| register_for_demo(tx, &cx, &new, &hash, true))?;
    Ok(())
}

/// One person at each instance, who is a member of the first network; she of the first instance of both.
fn settle_in(tx: &mut Tx, app: &App, hosts: &[String]) -> kring::error::Result<()> {
    let cx = app.context();
    let (now, key) = (cx.now(), key());
    let id = |slug: &str| networks::table.filter(networks::slug.eq(slug.to_owned())).select(networks::id);
    let (many, one): (i64, i64) = (id("velen").first(tx.conn())?, id("een").first(tx.conn())?);
    for (number, host) in hosts.iter().enumerate() {
        let (person, actor) = (cx.id::<i64>(), format!("http://{host}/lid"));
        each_dialect!(tx.conn(), |c| {
            diesel::insert_into(persons::table)
                .values((
                    persons::id.eq(person),
                    persons::handle.eq("lid"),
                    persons::host.eq(host),
                    persons::display_name.eq("Lid"),
                    persons::bio.eq(""),
                    persons::languages.eq("[]"),
                    persons::created_at.eq(now),
                ))
                .execute(c)?;
            diesel::insert_into(peers::table)
                .values((
                    peers::host.eq(host),
                    peers::position.eq(0),
                    peers::takes_rfc9421.eq(false),
                    peers::attempts.eq(0),
                    peers::next_try_at.eq(now),
                    peers::created_at.eq(now),
                    peers::wanted.eq(0),
                    peers::ahead.eq(""),
                    peers::inbox.eq(format!("http://{host}/inbox")),
                ))
                .execute(c)?;
            diesel::insert_into(remote_actors::table)
                .values((
                    remote_actors::uri.eq(&actor),
                    remote_actors::host.eq(host),
                    remote_actors::person_id.eq(person),
                    remote_actors::inbox.eq(format!("{actor}/inbox")),
                    remote_actors::delivery.eq(format!("http://{host}/inbox")),
                    remote_actors::key_id.eq(format!("{actor}#key")),
                    remote_actors::public_key.eq(&key),
                    remote_actors::fetched_at.eq(now),
                ))
                .execute(c)
        })?;
        let of = if number == 0 { vec![many, one] } else { vec![many] };
        for network in of {
            each_dialect!(tx.conn(), |c| {
                diesel::insert_into(memberships::table)
                    .values((
                        memberships::id.eq(cx.id::<i64>()),
                        memberships::network_id.eq(network),
                        memberships::person_id.eq(person),
                        memberships::role.eq("member"),
                        memberships::state.eq("active"),
                        memberships::founder.eq(false),
                        memberships::shows_experience.eq(false),
                        memberships::message.eq(""),
                        memberships::joined_at.eq(now),
                        memberships::created_at.eq(now),
                        memberships::updated_at.eq(now),
                    ))
                    .execute(c)
            })?;
        }
    }
    Ok(())
}

/// A key, as an actor shows it; nobody signs with it.
fn key() -> String {
    let made = PrivateKey::generate(Algorithm::Ed25519).and_then(|key| PrivateKey::from_pkcs8(&key));
    made.map(|key| key.public().to_pem()).unwrap_or_default()
}
