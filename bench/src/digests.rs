//! A weekly digest run in a process of its own: what it costs, and how much memory it takes.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use chrono::Duration;
use diesel::prelude::*;
use kring::cli::start_log;
use kring::digests::jobs;
use kring::jobs::runner;
use kring_db::schema::digest_preferences;

use crate::figures::DigestRun;
use crate::machine::{Memory, processor_time};

/// `kring-bench digests`.
#[derive(clap::Args)]
pub struct Digests {
    #[arg(long)]
    database_url: String,
    #[arg(long)]
    data: String,
}

impl Digests {
    /// Makes the digests of next week, hands them over to the built-in mailbox, and writes what it found on standard
    /// output, as JSON.
    pub fn run(self) -> anyhow::Result<()> {
        let config = crate::server::config(&self.database_url, &self.data, ([127, 0, 0, 1], 0).into())?;
        start_log(&config.log)?;
        let app = kring::cli::start(config)?;
        runner::catch_up(&app)?;
        let members = app.db.read_blocking(|conn| -> Result<i64, kring::error::Error> {
            Ok(digest_preferences::table.count().get_result(conn)?)
        })?;
        let (idle, before) = (Memory::of(std::process::id())?, processor_time(std::process::id())?);
        let made = jobs::run(&app, app.clock.now() + Duration::days(8))?;
        let delivered = jobs::hand_over(&app, &made)?;
        let processor = processor_time(std::process::id())?.saturating_sub(before);
        ensure!(delivered.sent == made.len(), "{} of {} mails were handed over", delivered.sent, made.len());
        let found = DigestRun {
            members: members as u64,
            mails: made.len() as u64,
            processor_ms: processor.as_secs_f64() * 1e3 / members.max(1) as f64,
            idle,
            after: Memory::of(std::process::id())?,
        };
        println!("{}", serde_json::to_string(&found)?);
        Ok(())
    }
}

/// Starts this program again for a digest run, and waits until it is done.
pub fn measure(database_url: &str, data: &Path) -> anyhow::Result<DigestRun> {
    let done = Command::new(std::env::current_exe()?)
        .args(["digests", "--database-url", database_url, "--data"])
        .arg(data)
        .stderr(Stdio::inherit())
        .output()
        .context("the digest run cannot be started")?;
    ensure!(done.status.success(), "the digest run failed; see above");
    serde_json::from_slice(&done.stdout).context("the digest run told something else than expected")
}
