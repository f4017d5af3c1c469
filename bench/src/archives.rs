//! A network made an archive in a process of its own: how long it takes, and how much memory.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context as _, ensure};
use kring::archives;
use kring::cli::start_log;
use kring::networks::{self, Slug, policy};

use crate::figures::ArchiveRun;
use crate::fill;
use crate::machine::{Memory, processor_time};

/// `kring-bench archive`.
#[derive(clap::Args)]
pub struct Archive {
    #[arg(long)]
    database_url: String,
    #[arg(long)]
    data: String,
}

impl Archive {
    /// Makes an archive of the first network and writes what that took on standard output, as JSON.
    pub fn run(self) -> anyhow::Result<()> {
        let config = crate::server::config(&self.database_url, &self.data, ([127, 0, 0, 1], 0).into())?;
        start_log(&config.log)?;
        let app = kring::cli::start(config)?;
        let slug = Slug::parse(fill::slug(0)).map_err(|_| anyhow::anyhow!("no slug"))?;
        let network = app.db.read_blocking(|conn| networks::with_slug(conn, &slug))?;
        let network = network.context("the database was not filled by kring-bench")?;
        let (idle, before) = (Memory::of(std::process::id())?, processor_time(std::process::id())?);
        let begun = Instant::now();
        // Within a runtime: files are fetched by it.
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        let made = runtime.block_on(async move {
            tokio::task::spawn_blocking(move || {
                archives::make(&app, &network, &policy::operator_may_archive(), &|_| Ok(()))
            })
            .await
        })??;
        let found = ArchiveRun {
            threads: made.manifest.counts.threads,
            replies: made.manifest.counts.replies,
            megabytes: made.packed.size as f64 / f64::from(1 << 20),
            seconds: begun.elapsed().as_secs_f64(),
            processor_s: processor_time(std::process::id())?.saturating_sub(before).as_secs_f64(),
            idle,
            after: Memory::of(std::process::id())?,
        };
        println!("{}", serde_json::to_string(&found)?);
        Ok(())
    }
}

/// Starts this program again to make an archive, and waits until it is done.
pub fn measure(database_url: &str, data: &Path) -> anyhow::Result<ArchiveRun> {
    let done = Command::new(std::env::current_exe()?)
        .args(["archive", "--database-url", database_url, "--data"])
        .arg(data)
        .stderr(Stdio::inherit())
        .output()
        .context("the making of an archive cannot be started")?;
    ensure!(done.status.success(), "the making of an archive failed; see above");
    serde_json::from_slice(&done.stdout).context("the making of an archive told something else than expected")
}
