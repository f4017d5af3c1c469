//! A job that somebody asked for, in the hands of a worker.
//!
//! The slow part happens outside of any transaction; what it writes, it writes in [`Running::step`]s, each a bounded
//! transaction that notes how far the job is. Invariants:
//!
//! - a step is written by the worker that holds the job, or not at all: one that was taken for dead writes nothing any
//!   more;
//! - a job that is begun again goes on behind its last step, so nothing is done twice;
//! - what a rule says no to fails at once; what is a matter of the moment is tried again, a few times.

use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};

use kring_db::{Conn, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::asked::{self, Asked, AskedId, AskedKind};
use super::queue::{self, Job};
use super::{told, uploads};
use crate::accounts::{self, SignedIn};
use crate::app::{App, Context};
use crate::error::{Error, Result};

/// How often a job is tried before it fails for good. One that kills its worker counts, too.
const TRIES: i64 = 5;

/// A job that is being done.
pub struct Running<'w> {
    app: &'w App,
    job: &'w Job,
    worker: &'w str,
    stop: &'w AtomicBool,
    asked: Asked,
}

impl Running<'_> {
    pub fn app(&self) -> &App {
        self.app
    }

    pub fn id(&self) -> AskedId {
        self.asked.id
    }

    pub fn kind(&self) -> AskedKind {
        self.asked.kind
    }

    /// What was asked for.
    pub fn request<T: DeserializeOwned>(&self) -> Result<T> {
        self.asked.request.read().map_err(Error::internal)
    }

    /// What came of the pieces that were done when this worker took it, as [`Running::keep`] kept it.
    pub fn so_far<T: DeserializeOwned>(&self) -> Result<Option<T>> {
        self.asked.result.as_ref().map(|kept| kept.read().map_err(Error::internal)).transpose()
    }

    /// Who asked, as they stand now.
    pub fn who(&self, conn: &mut Conn) -> Result<SignedIn> {
        let account =
            self.asked.account_id.ok_or_else(|| Error::internal("nobody asks for this any more"))?;
        accounts::acting(conn, account)?.ok_or_else(|| Error::internal("nobody asks for this any more"))
    }

    /// The file that came with it, at its beginning, in a nameless place on this machine.
    pub fn file(&self) -> Result<File> {
        uploads::fetch(self.app, self.asked.id)
    }

    /// Writes a piece in one transaction, and that `done` pieces are done with it, of `total` where that is known. Keep
    /// it short: on SQLite everybody waits for it.
    pub fn step<T>(
        &self,
        done: i64,
        total: Option<i64>,
        mut write: impl FnMut(&mut Tx, &Context) -> Result<T>,
    ) -> Result<T> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::Unavailable(anyhow::anyhow!("this worker stops")));
        }
        let cx = self.app.context();
        let written = self.app.db.write_blocking(|tx| {
            let mine = queue::hold(tx, self.job, self.worker, cx.now())?;
            if !mine || !asked::set_progress(tx, self.asked.id, done, total)? {
                return Err(Error::internal("the job is no longer this worker's"));
            }
            write(tx, &cx)
        })?;
        self.app.bell.notify_waiters();
        Ok(written)
    }

    /// Says how far it is.
    pub fn progress(&self, done: i64, total: Option<i64>) -> Result<()> {
        self.step(done, total, |_, _| Ok(()))
    }

    /// Keeps what came of the pieces so far, in the step of the last of them.
    pub fn keep(&self, tx: &mut Tx, so_far: &impl Serialize) -> Result<()> {
        asked::set_result(tx, self.asked.id, so_far)
    }
}

/// Does a job that somebody asked for, by `work`, and writes down how it ended.
pub fn run(
    app: &App,
    job: &Job,
    worker: &str,
    stop: &AtomicBool,
    work: impl FnOnce(&Running<'_>) -> Result<Value>,
) -> Result<()> {
    let id: AskedId = job.payload.read().map_err(Error::internal)?;
    let begun = app.db.write_blocking(|tx| {
        let asked = asked::by_id(tx, id)?.filter(|asked| asked.finished_at.is_none());
        let Some(asked) = asked else { return Ok(None) };
        asked::set_progress(tx, id, asked.done, asked.total)?;
        Ok::<_, Error>(Some(asked))
    })?;
    let outcome = match begun {
        // Its person closed the account.
        None => return end(app, job, worker, |_| Ok(())),
        Some(_) if job.attempts > TRIES => Err(Error::internal("its workers died of it")),
        Some(asked) => work(&Running { app, job, worker, stop, asked }),
    };
    let now = app.clock.now();
    match outcome {
        Ok(result) => end(app, job, worker, |tx| {
            asked::finish(tx, id, &result, now)?;
            told::tell(tx, &app.context(), id)
        })?,
        // It is handed back with everything else that this worker holds.
        Err(_) if stop.load(Ordering::Relaxed) => return Ok(()),
        Err(error @ (Error::Internal(_) | Error::Unavailable(_))) => {
            tracing::error!(job = %id, cause = %error, attempt = job.attempts, "a job that was asked for failed");
            return again_or_never(app, job, worker, id, &error);
        }
        Err(error) => end(app, job, worker, |tx| {
            asked::fail(tx, id, &error, now)?;
            told::tell(tx, &app.context(), id)
        })?,
    }
    if let Err(cause) = asked::remove_file(app, id) {
        tracing::warn!(job = %id, %cause, "its file could not be removed now; the sweep tries again");
    }
    Ok(())
}

/// Takes the job out of the queue, in the transaction of its end.
fn end(app: &App, job: &Job, worker: &str, mut write: impl FnMut(&mut Tx) -> Result<()>) -> Result<()> {
    app.db.write_blocking(|tx| {
        write(tx)?;
        queue::finish(tx, job, worker)
    })
}

fn again_or_never(app: &App, job: &Job, worker: &str, id: AskedId, error: &Error) -> Result<()> {
    let (now, cause) = (app.clock.now(), error.to_string());
    app.db.write_blocking(|tx| {
        if job.attempts < TRIES {
            return match queue::fail(tx, job, worker, now, &cause)? {
                true => asked::set_waiting(tx, id),
                false => Ok(()),
            };
        }
        if !queue::give_up(tx, job, worker, now, &cause)? {
            return Ok(());
        }
        match asked::by_id(tx, id)? {
            Some(asked) if asked.finished_at.is_none() => {
                asked::fail(tx, id, error, now)?;
                told::tell(tx, &app.context(), id)
            }
            _ => Ok(()),
        }
    })
}

/// Renews the lease of a job while its worker is at something long; ends when dropped.
pub(super) struct Heartbeat(JoinHandle<()>);

impl Heartbeat {
    pub fn start(app: &App, job: &Job, worker: &str) -> Result<Self> {
        let runtime = Handle::try_current().map_err(Error::internal)?;
        let (app, job, worker) = (app.clone(), job.clone(), worker.to_owned());
        let pause = queue::LEASE.to_std().map_err(Error::internal)? / 4;
        Ok(Self(runtime.spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                let (job, worker, now) = (job.clone(), worker.clone(), app.clock.now());
                let held = app.db.write(move |tx| queue::hold(tx, &job, &worker, now)).await;
                match held {
                    Ok(true) => {}
                    Ok(false) => break,
                    Err(cause) => tracing::warn!(%cause, "the lease of a job could not be renewed"),
                }
            }
        })))
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.0.abort();
    }
}
