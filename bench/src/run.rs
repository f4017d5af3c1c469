//! `kring-bench run`: fills, serves, loads, and tells.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use diesel::connection::SimpleConnection as _;
use kring::clock::Clock;
use kring_db::Conn;

use crate::cluster::Cluster;
use crate::figures::{self, Rate, Report};
use crate::fill::{self, Sizes};
use crate::load::load;
use crate::machine::{Machine, Memory, processor_time};
use crate::scenes::{Cast, Scene};
use crate::server::Server;

/// Fill where needed, serve, load, and print the table.
///
/// Without `--database-url`: on SQLite and on a throw-away PostgreSQL, where there is one, at each of `--times`.
#[derive(clap::Args)]
pub struct Run {
    /// sqlite:PATH or postgres://…; filled with the first of `--times` where it is empty. May be repeated
    #[arg(long = "database-url", value_name = "URL")]
    database_urls: Vec<String>,
    /// So many times the persons, threads and replies; networks stay 20
    #[arg(long, default_values_t = [1.0, 10.0], num_args = 1.., value_name = "NUMBER")]
    times: Vec<f64>,
    /// Only these
    #[arg(long, value_enum, num_args = 1.., value_name = "SCENE")]
    only: Vec<Scene>,
    /// How long each kind of request is counted; a constant body half as long
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=60))]
    seconds: u64,
    /// How many connections ask at the same time, each as another member
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=40))]
    connections: u16,
    /// Keep what was found, for `kring-bench table`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Does something on the database at `url`; without one on a fresh SQLite, and on a throw-away PostgreSQL, where there is
/// one.
pub fn on_each_database(url: Option<&str>, work: impl Fn(&str) -> anyhow::Result<()>) -> anyhow::Result<()> {
    if let Some(url) = url {
        return work(url);
    }
    let folder = tempfile::tempdir().context("a folder for databases cannot be made")?;
    work(&format!("sqlite:{}", folder.path().join("kring.sqlite").display()))?;
    let Some(cluster) = Cluster::throw_away(&std::env::temp_dir(), &[]).map_err(anyhow::Error::msg)? else {
        eprintln!("NOT MEASURED ON POSTGRESQL: no initdb found; name one with --database-url");
        return Ok(());
    };
    Conn::open(&cluster.url("postgres"))?.batch_execute("CREATE DATABASE kring_bench")?;
    work(&cluster.url("kring_bench"))
}

impl Run {
    pub fn run(self) -> anyhow::Result<()> {
        let mut report = Report {
            date: Clock::default().now().utc().date_naive().to_string(),
            machine: Machine::here(),
            connections: self.connections.into(),
            seconds: self.seconds,
            runs: Vec::new(),
        };
        let folder = tempfile::tempdir().context("a folder for databases cannot be made")?;
        let first = Sizes::times(self.times.first().copied().unwrap_or(1.0));
        for url in &self.database_urls {
            report.runs.push(self.on(url, first)?);
        }
        if self.database_urls.is_empty() {
            for times in &self.times {
                let path = folder.path().join(format!("{times}.sqlite"));
                report.runs.push(self.on(&format!("sqlite:{}", path.display()), Sizes::times(*times))?);
                std::fs::remove_file(&path)?;
            }
            self.on_throw_away_postgres(&mut report)?;
        }
        print!("{}", figures::table(std::slice::from_ref(&report)));
        if let Some(out) = &self.out {
            let text = serde_json::to_vec_pretty(&report)?;
            std::fs::write(out, text).with_context(|| format!("{} cannot be written", out.display()))?;
        }
        let errors: u64 = report.runs.iter().flat_map(|run| &run.scenes).map(|scene| scene.errors).sum();
        match errors {
            0 => Ok(()),
            some => bail!("{some} answers were errors (told above); these figures are worth nothing"),
        }
    }

    fn on_throw_away_postgres(&self, report: &mut Report) -> anyhow::Result<()> {
        let Some(cluster) = Cluster::throw_away(&std::env::temp_dir(), &[]).map_err(anyhow::Error::msg)?
        else {
            eprintln!("NOT MEASURED ON POSTGRESQL: no initdb found; name one with --database-url");
            return Ok(());
        };
        for (number, times) in self.times.iter().enumerate() {
            let name = format!("kring_bench_{number}");
            Conn::open(&cluster.url("postgres"))?.batch_execute(&format!("CREATE DATABASE {name}"))?;
            report.runs.push(self.on(&cluster.url(&name), Sizes::times(*times))?);
        }
        Ok(())
    }

    /// Everything on one database.
    fn on(&self, url: &str, sizes: Sizes) -> anyhow::Result<figures::Run> {
        let data = tempfile::tempdir().context("a data folder cannot be made")?;
        let folder = data.path().display().to_string();
        kring::cli::start(crate::server::config(url, &folder, ([127, 0, 0, 1], 0).into())?)?;
        let database = fill::database_name(url)?;
        let sizes = match fill::found(url)? {
            Some(found) => found,
            None => {
                eprintln!("{database}: {} threads, {} replies", sizes.threads, sizes.replies);
                fill::fill(url, sizes)?;
                sizes
            }
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(self.load(url, data.path(), database, sizes))
    }

    async fn load(
        &self,
        url: &str,
        data: &Path,
        database: String,
        sizes: Sizes,
    ) -> anyhow::Result<figures::Run> {
        let server = Server::start(url, data).await?;
        let cast = Cast::gather(url, server.address, self.connections.into()).await?;
        let idle = Memory::of(server.pid())?;
        let mut scenes = Vec::new();
        for scene in Scene::ALL {
            if self.only.is_empty() || self.only.contains(&scene) {
                let measured = self.measure(&server, &cast, scene).await?;
                eprintln!(
                    "  {:<36} {:>8.0}/s  p50 {:>7.2} ms  p99 {:>7.2} ms  {:>6.0} µs  constant {:>8.0}/s: {:>5.1} %",
                    measured.name,
                    measured.kring.per_second,
                    measured.kring.p50_ms,
                    measured.kring.p99_ms,
                    measured.processor_us,
                    measured.constant.per_second,
                    100.0 * measured.part()
                );
                scenes.push(measured);
            }
        }
        let loaded = Memory::of(server.pid())?;
        let imports = crate::documents::measure(&server, &cast).await?;
        for import in &imports {
            eprintln!(
                "  {:<36} {:>8.0} ms, {:.0} MB of the converter",
                format!("Importing {} pages of DOCX", import.pages),
                import.p50_ms,
                import.converter_mb
            );
        }
        let start_ms = server.started_in.as_secs_f64() * 1000.0;
        drop(server);
        let digest = crate::digests::measure(url, data)?;
        eprintln!(
            "  {:<36} {:>8.2} ms of processor time a member, {} mails",
            "Weekly digests", digest.processor_ms, digest.mails
        );
        fill::enlarge(url, sizes)?;
        let archive = crate::archives::measure(url, data)?;
        eprintln!(
            "  {:<36} {:>8.2} s, {} threads, {:.0} MB at most",
            "Archive of a network", archive.seconds, archive.threads, archive.after.peak
        );
        let archive = Some(archive);
        Ok(figures::Run {
            database,
            sizes,
            scenes,
            start_ms,
            idle,
            loaded,
            digest,
            archive,
            imports,
        })
    }

    async fn measure(&self, server: &Server, cast: &Cast, scene: Scene) -> anyhow::Result<figures::Scene> {
        let span = Duration::from_secs(self.seconds);
        let before = processor_time(server.pid())?;
        let kring = load(server.address, cast.requests(scene), span).await?;
        let processor = processor_time(server.pid())?.saturating_sub(before);
        if let Some(told) = &kring.first_error {
            eprintln!("  {}: {} errors, the first: {told}", scene.name(), kring.errors);
        }
        let rate = Rate::of(&kring);
        let constant = load(server.address, cast.constant(rate.bytes as usize), span / 2).await?;
        Ok(figures::Scene {
            name: scene.name().to_owned(),
            kring: rate,
            constant: Rate::of(&constant),
            processor_us: processor.as_secs_f64() * 1e6 / kring.answers.max(1) as f64,
            errors: kring.errors + constant.errors,
        })
    }
}
