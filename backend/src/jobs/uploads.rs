//! Files that come with long work: received by whichever process serves, read by whichever process works.
//!
//! Invariant: no job that needs a file without its whole file. A file whose job could not be written down is removed
//! again, by whoever kept it or, where they died, a day later ([`super::announced`]); every other one when its job ends.

use std::fs::File;
use std::io::Seek as _;

use kring_db::Tx;
use serde_json::Value;
use tokio::runtime::Handle;

use super::announced;
use super::asked::{self, AskedId, AskedKind, JobView};
use super::idempotency::Answer;
use crate::accounts::SignedIn;
use crate::app::{App, Context};
use crate::error::{Error, Result};
use crate::storage::blocking;
use crate::web::multipart::ReceivedFile;
use crate::web::{Caller, IdempotencyKey};

/// Begins a job with a file: keeps the file, then writes the job down with what `request` says in the same transaction.
/// Runs to its end whether or not the sender waits for the answer.
pub async fn begin<F>(
    app: App,
    caller: Caller,
    once: IdempotencyKey,
    kind: AskedKind,
    file: ReceivedFile,
    request: F,
) -> Result<Answer<JobView>>
where
    F: FnMut(&mut Tx, &Context, &SignedIn) -> Result<Value> + Send + 'static,
{
    let beginning = tokio::spawn(async move {
        let id: AskedId = app.context().id();
        let mut content = file.content;
        // Whoever looked at it before stands somewhere in it, in another process too.
        let content = blocking(move || content.rewind().map(|()| content)).await?;
        announced::announce(&app, vec![asked::key(id)]).await?;
        app.storage.put(&asked::key(id), content).await?;
        let answer = app.begin_as(id, &caller, once, kind, true, request).await;
        if !matches!(answer, Ok(Answer::Accepted(_)))
            && let Err(cause) = app.storage.delete(&asked::key(id)).await
        {
            tracing::warn!(%cause, job = %id, "a file that no job needs could not be removed");
        }
        answer
    });
    beginning.await.map_err(Error::internal)?
}

/// The file of a job, at its beginning, in a nameless place on this machine. Call it off the request threads, within
/// the runtime.
pub(super) fn fetch(app: &App, id: AskedId) -> Result<File> {
    let runtime = Handle::try_current().map_err(Error::internal)?;
    runtime.block_on(app.storage.fetch(&asked::key(id), &app.waiting_room()))
}
