//! `kring verify`.

use anyhow::bail;
use clap::Args;

use crate::app::App;
use crate::copies;

/// Hold everything that was signed and is kept here against what is shown. Asks nobody: also of networks whose home is gone.
#[derive(Args)]
pub struct Verify {}

impl Verify {
    /// Prints what was found; an error where something was signed and is not what is shown.
    pub fn run(&self, app: &App) -> anyhow::Result<()> {
        let tally = app.db.read_blocking(|conn| copies::sweep_through(conn, &app.config))?;
        for (subject, verdict) in &tally.faults {
            let revision = match subject.revision {
                0 => String::new(),
                number => format!(" revision {number}"),
            };
            eprintln!("{verdict}: {}{revision}", app.config.public(&subject.path()));
        }
        let count = |verdict| tally.counts.get(verdict).copied().unwrap_or(0);
        println!(
            "{} are what their authors signed, {} were never signed.",
            count("proves"),
            count("unsigned")
        );
        match tally.faults.len() {
            0 => Ok(()),
            faults => bail!("{faults} are not what their authors signed"),
        }
    }
}
