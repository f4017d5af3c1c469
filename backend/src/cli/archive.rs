//! `kring export` and `kring import`: for when nobody can sign in.

use std::fs::File;
use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use kring_archive::Counts;

use crate::accounts::{self, Handle};
use crate::app::App;
use crate::archives::{self, Direct, Wish};
use crate::error::{Code, Error};
use crate::networks::{self, Slug, policy};
use crate::text::lang::Lang;
use crate::web::problem::Problem;
use crate::web::server;

/// Take a network along as an archive. People are named in it by the host of public_url: say the one that Kring is served
/// under.
#[derive(Args)]
pub struct Export {
    /// The address of the network, as openbaar-vervoer
    #[arg(long, value_name = "SLUG")]
    network: String,
    /// Where to write the archive; a file that is there already stays as it is
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Bring a network in from an archive.
#[derive(Args)]
pub struct Import {
    /// An archive that a Kring made
    file: PathBuf,
    /// The network's address here [default: the one it had]
    #[arg(long, value_name = "SLUG")]
    slug: Option<String>,
    /// Who coordinates it from now on, so that somebody can let the others in
    #[arg(long, value_name = "HANDLE")]
    coordinator: Option<String>,
    /// Those who have the handles here are the people whom the archive credits, also who registered after they wrote it
    /// there
    #[arg(long)]
    same_people: bool,
}

impl Export {
    pub fn run(&self, app: &App) -> anyhow::Result<()> {
        let slug = read_slug(&self.network)?;
        let found = app.db.read_blocking(|conn| networks::with_slug(conn, &slug))?;
        let Some(network) = found else { bail!("there is no network {slug} here") };
        let mut out = File::create_new(&self.out)
            .with_context(|| format!("{} cannot be written", self.out.display()))?;
        let outcome = on_a_thread(app, move |app| {
            archives::make(app, &network, &policy::operator_may_archive(), &|_| Ok(()))
        });
        let written = outcome.map_err(told).and_then(|mut made| {
            std::io::copy(&mut made.packed.file, &mut out)?;
            out.sync_all()?;
            Ok(made)
        });
        let made = match written {
            Ok(made) => made,
            Err(cause) => {
                // Half an archive is none.
                let _ = std::fs::remove_file(&self.out);
                return Err(cause);
            }
        };
        let counts = made.manifest.counts;
        println!("{}: {}, {} bytes.", self.out.display(), in_words(&counts), made.packed.size);
        for path in &made.manifest.missing {
            eprintln!("{path} was not where it is kept: the archive is without it.");
        }
        Ok(())
    }
}

impl Import {
    pub fn run(&self, app: &App) -> anyhow::Result<()> {
        let file = open(&self.file)?;
        let slug = self.slug.as_deref().map(read_slug).transpose()?;
        let coordinator = match &self.coordinator {
            None => None,
            Some(handle) => {
                let Ok(known) = handle.parse::<Handle>() else { bail!("{handle:?} is no handle") };
                let person = app.db.read_blocking(|conn| accounts::person_by_handle(conn, &known))?;
                let Some(person) = person else { bail!("there is nobody with the handle {known} here") };
                Some(person.id)
            }
        };
        let wish = Wish {
            slug,
            coordinator,
            same_people: self.same_people,
            asked_by: None,
        };
        let worker = format!("command {}-{}", std::process::id(), app.context().secret());
        let imported = on_a_thread(app, move |app| {
            archives::import(app, policy::operator_may_import(), file, &wish, &worker, &Direct(app))
        })
        .map_err(told)?;
        let counts = imported.counts;
        println!(
            "{}: {}, as they were on {} at {}.",
            imported.slug,
            in_words(&counts),
            imported.from,
            imported.made_at
        );
        if self.coordinator.is_none() {
            println!("Nobody coordinates it, and nobody is a member yet.");
        }
        std::io::stdout().flush()?;
        Ok(())
    }
}

/// "1 conversation, 0 replies, 3 documents, 2 files".
fn in_words(counts: &Counts) -> String {
    [
        (counts.threads, "conversation", "conversations"),
        (counts.replies, "reply", "replies"),
        (counts.documents, "document", "documents"),
        (counts.files, "file", "files"),
    ]
    .map(|(count, one, more)| format!("{count} {}", if count == 1 { one } else { more }))
    .join(", ")
}

fn open(path: &Path) -> anyhow::Result<File> {
    let mut file = File::open(path).with_context(|| format!("{} cannot be read", path.display()))?;
    file.rewind().with_context(|| format!("{} is no file", path.display()))?;
    Ok(file)
}

fn read_slug(text: &str) -> anyhow::Result<Slug> {
    Slug::parse(text.to_owned()).map_err(|_| {
        anyhow::anyhow!("{text:?} is no address of a network: 3 to 50 small letters, digits or hyphens")
    })
}

/// Does work that waits for files, off the threads of the runtime that fetches them.
fn on_a_thread<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&App) -> crate::error::Result<T> + Send + 'static,
) -> crate::error::Result<T> {
    let app = app.clone();
    server::block_on(async move {
        tokio::task::spawn_blocking(move || work(&app)).await.map_err(Error::internal)?
    })
}

/// An error in the words that people get by the API.
fn told(error: Error) -> anyhow::Error {
    match &error {
        Error::Rule(Code::SlugTaken) => {
            anyhow::anyhow!("{} Say --slug.", Problem::of(&error, Lang::En).detail)
        }
        Error::Invalid(_) | Error::Rule(_) => {
            let problem = Problem::of(&error, Lang::En);
            let faults: Vec<String> = problem.errors.into_iter().map(|fault| fault.detail).collect();
            anyhow::anyhow!(if faults.is_empty() { problem.detail } else { faults.join("\n") })
        }
        _ => error.into(),
    }
}
