//! `kring-bench`: fills a database, runs bounded load on loopback, prints a table.
//!
//! - [`fill`] writes networks, people, threads and replies through the schema, in Dutch and always the same;
//! - [`server`] is Kring itself in a process of its own, beside a constant body in the same actix set-up;
//! - [`load`] is a closed loop over connections that stay open, with an HTTP client ([`http`]) that costs little;
//! - [`digests`] is a digest run in a process of its own, [`archives`] the making of an archive in another;
//! - [`documents`] is the import of long documents by HTTP, with the memory of the server and of its converter;
//! - [`federation`] is one post to very many instances and many posts to one, [`neighbours`] those instances;
//! - [`run`] puts them together, [`figures`] is what comes out, and its table.
//!
//! Everything ends by itself: loads by the clock, the server and a throw-away PostgreSQL with this process.

mod archives;
mod digests;
mod documents;
mod federation;
mod figures;
mod fill;
mod http;
mod load;
mod machine;
mod neighbours;
mod run;
mod scenes;
mod server;

/// Shared with the tests, which use more of it.
#[allow(dead_code)]
#[path = "../../tests/harness/cluster.rs"]
mod cluster;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

/// As in `kring`, so that the same is measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The one measuring tool of Kring.
#[derive(Parser)]
#[command(name = "kring-bench", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fill an empty database: 20 networks, 1 000 persons, 20 000 threads, 100 000 replies
    Fill(Fill),
    /// Fill where needed, serve, load, and print the table
    Run(run::Run),
    /// Send one post to very many instances and many to one, and print how long that takes
    Federation(federation::Federation),
    /// Print the table of earlier runs
    Table {
        /// Files that `run --out` wrote
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Serve, until standard input closes
    #[command(hide = true)]
    Serve(server::Serve),
    /// Be other instances, until standard input closes
    #[command(hide = true)]
    Neighbours(neighbours::Serve),
    /// Make the digests of next week, and tell what that took
    #[command(hide = true)]
    Digests(digests::Digests),
    /// Make an archive of a network, and tell what that took
    #[command(hide = true)]
    Archive(archives::Archive),
    /// Convert a document, as the server asks of the program that it is
    #[command(hide = true)]
    Convert(kring::cli::Convert),
}

#[derive(clap::Args)]
struct Fill {
    /// sqlite:PATH or postgres://…
    #[arg(long, value_name = "URL")]
    database_url: String,
    /// So many times the persons, threads and replies; networks stay 20
    #[arg(long, default_value_t = 1.0)]
    times: f64,
}

fn main() -> ExitCode {
    match work(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("kring-bench: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

fn work(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Fill(fill) => fill::fill(&fill.database_url, fill::Sizes::times(fill.times)),
        Command::Run(run) => run.run(),
        Command::Federation(federation) => federation.run(),
        Command::Neighbours(serve) => serve.run(),
        Command::Table { files } => {
            let reports: Vec<figures::Report> =
                files.iter().map(read_report).collect::<anyhow::Result<_>>()?;
            print!("{}", figures::table(&reports));
            Ok(())
        }
        Command::Serve(serve) => serve.run(),
        Command::Digests(digests) => digests.run(),
        Command::Archive(archive) => archive.run(),
        Command::Convert(convert) => convert.run(),
    }
}

fn read_report(path: &PathBuf) -> anyhow::Result<figures::Report> {
    let told = || format!("{} is no report of kring-bench run --out", path.display());
    serde_json::from_slice(&std::fs::read(path).with_context(told)?).with_context(told)
}
