//! The command line.

mod admin;
mod archive;
mod convert;
mod demo;
mod digest;
mod migrate;
mod openapi;
mod serve;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use serde::Serialize;

/// For programs that run Kring's converter as themselves.
pub use convert::Convert;

use crate::app::{App, make_data_folder};
use crate::clock::Clock;
use crate::config::{Config, Settings};

/// Kring: theme networks of experts by experience, organisations and municipalities.
#[derive(Parser)]
#[command(name = "kring", version, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes. Settings: defaults, then kring.toml, then KRING_* variables, then these flags.
#[derive(Args)]
struct Common {
    /// Settings file [default: kring.toml, where it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
}

/// Settings that are often given by hand; see kring.toml.example for all.
#[derive(Args, Serialize)]
struct Flags {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    bind: Option<String>,
    /// Folder for the database, files, keys and mail [default: kring-data; of the demo: kring-demo]
    #[arg(long, global = true, value_name = "FOLDER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<String>,
    /// sqlite:PATH or postgres://… [default: SQLite in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Demo),
    /// Serve the API and pages, and run the workers
    Serve,
    /// Run the workers alone, beside other processes that serve
    Worker,
    /// Apply what the database lacks, and stop
    Migrate(migrate::Migrate),
    /// Print the OpenAPI document
    Openapi,
    /// Run this instance: admins, accounts, municipalities, other instances, mails
    Admin(admin::Admin),
    /// The mail of what happened: see it before it goes, or send what is due
    Digest(digest::Digest),
    /// Take a network along as an archive
    Export(archive::Export),
    /// Bring a network in from an archive
    Import(archive::Import),
    /// Hold what is kept here against what its authors signed
    Verify(verify::Verify),
    /// Convert a document from standard input; Kring runs it for itself
    #[command(hide = true)]
    Convert(convert::Convert),
}

/// Runs what the command line asks; tells on standard error what went wrong.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("kring: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

impl Cli {
    fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Openapi => {
                openapi::run();
                Ok(())
            }
            Command::Convert(convert) => convert.run(),
            Command::Demo(demo) => demo.run(self.common),
            Command::Serve => serve::serve(self.common.start()?),
            Command::Worker => serve::work(self.common.start()?),
            Command::Migrate(migrate) => migrate.run(&self.common.config()?),
            Command::Admin(admin) => admin.run(&self.common.start()?),
            Command::Digest(digest) => digest.run(&self.common.start()?),
            Command::Export(export) => export.run(&self.common.start()?),
            Command::Import(import) => import.run(&self.common.start()?),
            Command::Verify(verify) => verify.run(&self.common.start()?),
        }
    }
}

impl Common {
    /// The settings, over what `defaults` says.
    fn read(self, defaults: Settings) -> anyhow::Result<Settings> {
        defaults.read(self.config.as_deref(), &self.flags)
    }

    /// The settings, understood; the log set up by them.
    fn config(self) -> anyhow::Result<Config> {
        let config = self.read(Settings::default())?.understand()?;
        start_log(&config.log)?;
        Ok(config)
    }

    /// The application on a migrated database.
    fn start(self) -> anyhow::Result<App> {
        start(self.config()?)
    }
}

/// Lets this process have as many connections and files open as the system allows it: what goes to a thousand instances
/// at once needs more than the usual 1 024.
pub fn allow_many_connections() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        if let Err(cause) = setrlimit(Resource::Nofile, limit) {
            tracing::debug!(%cause, "the limit of open files stays as it is");
        }
    }
}

/// The application on a migrated database.
pub fn start(config: Config) -> anyhow::Result<App> {
    allow_many_connections();
    make_data_folder(&config.data)?;
    migrate::apply(&config)?;
    App::build(config, Clock::default())
}

/// Sets up the log of this process, to standard error.
pub fn start_log(filter: &str) -> anyhow::Result<()> {
    let filter = tracing_subscriber::EnvFilter::try_new(filter)
        .map_err(|cause| anyhow::anyhow!("log (or KRING_LOG) is {filter:?}, which cannot be used: {cause}; allowed: error, warn, info, debug, or as info,kring=debug"))?;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    Ok(())
}
