//! What workers do for archives.

use std::fs::File;

use kring_db::Tx;
use serde_json::{Value, json};
use tokio::runtime::Handle;

use super::actions::{self, ArchiveRequest, ImportRequest, Kept};
use super::importing::{self, Steps, Wish};
use super::making;
use super::model::*;
use super::own;
use super::queries;
use crate::accounts::{PersonId, SignedIn};
use crate::app::{App, Context};
use crate::error::{Error, Result};
use crate::jobs::announced;
use crate::jobs::outbox::Fact;
use crate::jobs::running::Running;
use crate::networks::NetworkId;

/// How many files one sweep removes.
const BATCH: i64 = 100;

/// Makes the archive that somebody asked for, and keeps it.
pub fn make(running: &Running<'_>) -> Result<Value> {
    let app = running.app();
    let request: ArchiveRequest = running.request()?;
    let (who, network, may) = app.db.read_blocking(|conn| {
        let who = running.who(conn)?;
        let (network, may) = actions::to_archive(conn, &who, request.network)?;
        Ok::<_, Error>((who, network, may))
    })?;
    let total = network.thread_count + network.document_count;
    let made = making::make(app, &network, &may, &|done| match done % 100 {
        0 => running.progress(done as i64, Some(total.max(done as i64))),
        _ => Ok(()),
    })?;
    let day = made.manifest.made_at.as_str().split('T').next().unwrap_or_default().to_owned();
    let kept = Kept {
        file_name: format!("kring-{}-{day}.zip", network.slug),
        size: i64::try_from(made.packed.size).map_err(Error::internal)?,
        sha256: made.packed.sha256,
        with_members: may.with_members(),
    };
    let archive = keep(running, &who, Some(network.id), &kept, made.packed.file, total)?;
    let mut told = told(&archive);
    told["counts"] = json!(made.manifest.counts);
    told["missing"] = json!(made.manifest.missing);
    Ok(told)
}

/// What a job says of the archive that it made.
fn told(archive: &Archive) -> Value {
    json!({
        "archive": archive.id,
        "location": format!("/v1/archives/{}/content", archive.id),
        "fileName": archive.file_name,
        "size": archive.size,
        "sha256": archive.sha256,
        "expiresAt": archive.expires_at,
    })
}

/// Keeps the file, then writes it down. A file whose row could not be written is removed again.
fn keep(
    running: &Running<'_>,
    who: &SignedIn,
    network: Option<NetworkId>,
    kept: &Kept,
    file: File,
    done: i64,
) -> Result<Archive> {
    let app = running.app();
    // The job's own: a worker that dies in between leaves a file that the next one writes over.
    let id = ArchiveId(running.id().0);
    let runtime = Handle::try_current().map_err(Error::internal)?;
    runtime.block_on(announced::announce(app, vec![key(id)]))?;
    runtime.block_on(app.storage.put(&key(id), file))?;
    let written = running.step(done, Some(done), |tx, cx| actions::keep(tx, cx, id, who, network, kept));
    if written.is_err()
        && let Err(left) = runtime.block_on(app.storage.delete(&key(id)))
    {
        tracing::warn!(%left, archive = %id, "an archive that nobody knows of could not be removed");
    }
    written
}

/// Makes the archive of everything of somebody's own, and keeps it.
pub fn make_own(running: &Running<'_>) -> Result<Value> {
    let app = running.app();
    let who = app.db.read_blocking(|conn| running.who(conn))?;
    let made = own::make(app, &who, &|| running.progress(0, None))?;
    let now = wire_time(app.clock.now())?;
    let day = now.as_str().split('T').next().unwrap_or_default();
    let kept = Kept {
        file_name: format!("kring-{}-{day}.zip", who.handle),
        size: i64::try_from(made.packed.size).map_err(Error::internal)?,
        sha256: made.packed.sha256,
        with_members: false,
    };
    let archive = keep(running, &who, None, &kept, made.packed.file, 1)?;
    let mut told = told(&archive);
    told["counts"] = made.counts.iter().map(|(name, count)| ((*name).to_owned(), json!(count))).collect();
    Ok(told)
}

/// Steps of an import that somebody asked for.
struct Asked<'r, 'w>(&'r Running<'w>);

impl Steps for Asked<'_, '_> {
    fn step(&self, done: i64, write: &mut dyn FnMut(&mut Tx, &Context) -> Result<()>) -> Result<()> {
        self.0.step(done, None, |tx, cx| write(tx, cx))
    }
}

/// Brings in the network whose archive somebody sent.
pub fn import(running: &Running<'_>) -> Result<Value> {
    let app = running.app();
    let request: ImportRequest = running.request()?;
    let (who, may) = app.db.read_blocking(|conn| {
        let who = running.who(conn)?;
        // Once more: it is a while since they asked.
        let may = actions::may_import(&who)?;
        Ok::<_, Error>((who, may))
    })?;
    let wish = Wish {
        slug: request.slug,
        coordinator: request.coordinate.then_some(who.person),
        same_people: request.same_people,
        asked_by: Some(who.person),
    };
    let worker = format!("job {}", running.id());
    let imported = importing::import(app, may, running.file()?, &wish, &worker, &Asked(running))?;
    Ok(json!({
        "network": imported.slug,
        "location": format!("/v1/networks/{}", imported.slug),
        "counts": imported.counts,
        "from": imported.from,
        "madeAt": imported.made_at,
    }))
}

/// Somebody closed their account: what they asked for goes with it.
pub fn forget(tx: &mut Tx, cx: &Context, closed: &Fact) -> Result<()> {
    queries::end_those_of(tx, PersonId(closed.subject), cx.now())
}

/// Removes archives whose time is over, and those that were never written down. What cannot be removed now is tried again next time. Call it off the request
/// threads, within the runtime.
pub fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    let leaving = app.db.read_blocking(|conn| queries::leaving(conn, now, BATCH))?;
    let runtime = Handle::try_current().map_err(Error::internal)?;
    for id in leaving {
        runtime.block_on(app.storage.delete(&key(id)))?;
        app.db.write_blocking(|tx| queries::set_gone(tx, id, now))?;
    }
    announced::sweep(app, FOLDER, queries::is_written_down)
}
