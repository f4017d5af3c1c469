//! `kring migrate`.

use anyhow::Context as _;
use clap::Args;
use kring_db::{Db, DbOptions, Migrations};

use crate::app::make_data_folder;
use crate::config::Config;
use crate::error::Error;
use crate::municipalities;

/// Apply what the database lacks.
#[derive(Args)]
pub struct Migrate;

impl Migrate {
    pub fn run(&self, config: &Config) -> anyhow::Result<()> {
        make_data_folder(&config.data)?;
        let applied = apply(config)?;
        match applied.as_slice() {
            [] => println!("Nothing to do: the database is up to date."),
            names => println!("Applied: {}", names.join(", ")),
        }
        Ok(())
    }
}

/// Applies migrations and loads the built-in municipalities. Returns the names of what was applied.
pub fn apply(config: &Config) -> anyhow::Result<Vec<String>> {
    let applied =
        Migrations::run(&config.database_url).context("the database cannot be brought up to date")?;
    if !applied.is_empty() {
        let db = Db::connect(&config.database_url, &DbOptions { connections: 1, ..DbOptions::default() })?;
        db.write_blocking::<_, Error>(municipalities::load_built_in)?;
    }
    Ok(applied)
}
