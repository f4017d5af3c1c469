//! An archive made a network.
//!
//! Once through without writing: the format's own rules, those of every domain, and whether anything of it is here
//! already. Then once more, writing as it goes, in bounded transactions, into a network that is hidden and to which nobody
//! belongs; the last one shows it. What stands in between is noted in `network_imports`, so that whoever comes next can
//! take it away.

mod bringing;
mod checking;
mod dropping;
mod holders;
mod rows;

use std::fs::File;

use chrono::Duration;
use kring_archive::{Archive, Counts, Fault as ArchiveFault, FaultKind, Limits, Manifest};
use kring_db::{Time, Tx};

use self::bringing::Bringing;
use self::checking::Checking;
use self::holders::Holders;
use super::queries;
use crate::accounts::PersonId;
use crate::app::{App, Context};
use crate::documents;
use crate::error::{Code, Error, Fault, Result};
use crate::networks::{self, MayImport, Network, NetworkId, Slug};

/// What whoever brings a network in wishes.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// Its address here; left out, the one it had.
    pub slug: Option<Slug>,
    /// Who coordinates it from now on.
    pub coordinator: Option<PersonId>,
    /// Who has the handles here is who had them there, however short they are here.
    pub same_people: bool,
    /// Who asked; nobody where the command line did.
    pub asked_by: Option<PersonId>,
}

/// A network that was brought in.
#[derive(Clone, Debug)]
pub struct Imported {
    pub id: NetworkId,
    pub slug: Slug,
    pub counts: Counts,
    /// The instance that made the archive, and when.
    pub from: String,
    pub made_at: Time,
}

/// How the pieces are written: by a worker that holds a job, or by the command line.
pub trait Steps {
    /// Writes a piece in one transaction, and notes how many pieces are done with it.
    fn step(&self, done: i64, write: &mut dyn FnMut(&mut Tx, &Context) -> Result<()>) -> Result<()>;
}

/// Steps of a command that nothing else looks after.
pub struct Direct<'a>(pub &'a App);

impl Steps for Direct<'_> {
    fn step(&self, _done: i64, write: &mut dyn FnMut(&mut Tx, &Context) -> Result<()>) -> Result<()> {
        let cx = self.0.context();
        self.0.db.write_blocking(|tx| write(tx, &cx))
    }
}

impl From<ArchiveFault> for Error {
    fn from(fault: ArchiveFault) -> Self {
        if fault.kind == FaultKind::Unreadable {
            return Self::Unavailable(fault.into());
        }
        Fault::new(fault.kind.code())
            .with("entry", fault.entry)
            .with("detail", fault.detail)
            .at("/file")
    }
}

/// An import that wrote nothing for so long is over: its worker died.
const SILENT: Duration = Duration::minutes(3);

/// Who and what an import works with.
struct Work<'a> {
    app: &'a App,
    steps: &'a dyn Steps,
    may: MayImport,
    /// By which the rows of an import know whose they are.
    worker: &'a str,
    network: NetworkId,
}

impl Work<'_> {
    /// A step of the import, while it is still this worker's.
    fn step(&self, done: i64, write: &mut dyn FnMut(&mut Tx, &Context) -> Result<()>) -> Result<()> {
        self.steps.step(done, &mut |tx, cx| {
            if queries::hold_import(tx, self.network, self.worker, cx.now())? {
                write(tx, cx)
            } else {
                Err(Error::internal("the import is no longer this worker's"))
            }
        })
    }
}

/// Brings a network in. What was begun by a worker of the same name, or by one that died, is taken away first. Call it
/// off the request threads, within the runtime.
pub fn import(
    app: &App,
    may: MayImport,
    file: File,
    wish: &Wish,
    worker: &str,
    steps: &dyn Steps,
) -> Result<Imported> {
    std::fs::create_dir_all(app.waiting_room())?;
    let mut archive = Archive::open(file, Limits::default())?;
    let manifest = archive.manifest().clone();
    let made_at = rows::time(manifest.made_at.as_str())?;
    let mut checking = Checking::new(app, Holders::new(app.config.host(), made_at));
    // What came of an earlier attempt would be found to be here already.
    let network = checking::network_id(&mut archive)?;
    let work = Work { app, steps, may, worker, network };
    take_over(&work)?;
    let counts = archive.check(&mut checking)?;
    let (network, holders) = checking.finish(wish)?;
    begin(&work, &manifest, made_at, wish)?;
    let outcome = bring(&work, &mut archive, &manifest, (network.clone(), holders), wish);
    if let Err(cause) = outcome {
        if let Err(left) = dropping::drop_everything(&work) {
            tracing::error!(%left, network = %work.network, "what came of an import could not be taken away; the next one will");
        }
        return Err(cause);
    }
    Ok(Imported {
        id: work.network,
        slug: network.slug,
        counts,
        from: manifest.instance,
        made_at,
    })
}

/// Makes sure that nobody else is at it, and that nothing is left of who was.
fn take_over(work: &Work<'_>) -> Result<()> {
    let open = work.app.db.read_blocking(|conn| queries::open_import(conn, work.network))?;
    let Some((worker, touched_at)) = open else { return Ok(()) };
    let now = work.app.clock.now();
    if worker != work.worker && now - touched_at < SILENT {
        return Err(Code::ImportRunning.into());
    }
    work.steps.step(0, &mut |tx, cx| {
        queries::take_import_over(tx, &work.may, work.network, work.worker, cx.now())
    })?;
    dropping::drop_everything(work)
}

fn begin(work: &Work<'_>, manifest: &Manifest, made_at: Time, wish: &Wish) -> Result<()> {
    work.steps.step(0, &mut |tx, cx| {
        // Looked at before; here it is certain.
        if queries::is_here(tx, work.network)? || queries::open_import(tx, work.network)?.is_some() {
            return Err(Code::AlreadyHere.into());
        }
        let from = (manifest.instance.as_str(), made_at);
        queries::begin_import(tx, &work.may, work.network, from, wish.asked_by, work.worker, cx.now())
    })
}

fn bring(
    work: &Work<'_>,
    archive: &mut Archive<File>,
    manifest: &Manifest,
    (mut network, holders): (Network, Holders),
    wish: &Wish,
) -> Result<()> {
    let mut bringing = Bringing::new(work, holders, manifest, network.clone());
    archive.walk(&mut bringing)?;
    let brought = bringing.finish()?;
    network.thread_count = brought.threads;
    network.document_count = brought.documents;
    network.created_by = brought.created_by;
    work.step(brought.done, &mut |tx, cx| {
        documents::join_sources(tx, &work.may, work.network)?;
        networks::finish_import(tx, cx, &work.may, &network, wish.coordinator)?;
        queries::finish_import(tx, &work.may, work.network, cx.now())
    })
}
