//! Files that go: those of removed attachments, and those that were sent and never used. And what stands in files: it
//! is read for search.

use chrono::Duration;
use kring_db::{Conn, Tx};
use tokio::runtime::Handle;

use super::model::{Attachment, AttachmentId, FOLDER, key};
use super::queries;
use crate::app::App;
use crate::error::{Error, Result};
use crate::index::{self, Entry, EntryKind};
use crate::jobs::announced;
use crate::jobs::queue::{self, Job};
use crate::networks;

/// How long a file may belong to nothing.
const LOOSE: Duration = Duration::hours(24);

/// How many files one sweep removes.
const BATCH: i64 = 100;

/// Removes what was sent more than a day ago, was never used and is held by nothing, every file whose attachment was
/// removed, and every one whose attachment was never written down. What cannot be removed now is tried again next time.
/// Call it off the request threads, within the runtime.
pub fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    app.db.write_blocking(|tx| queries::remove_loose(tx, now - LOOSE, now))?;
    let leaving = app.db.read_blocking(|conn| queries::leaving(conn, BATCH))?;
    let runtime = Handle::try_current().map_err(Error::internal)?;
    for id in leaving {
        runtime.block_on(remove_file(app, id))?;
    }
    announced::sweep(app, FOLDER, |conn, id| queries::any_of(conn, &[id]))
}

/// Most characters of a file that are searched.
const WORDS: usize = 200_000;

/// Reads the words of an attached file and puts them in the index, where it is still there. A file that cannot be read
/// is found by its name alone. Call it off the request threads, within the runtime.
pub fn read_words(app: &App, job: &Job, worker: &str) -> Result<()> {
    let id: AttachmentId = job.payload.read().map_err(Error::internal)?;
    let known = app.db.read_blocking(|conn| queries::by_id(conn, id))?;
    let known = known.filter(|(attachment, ..)| attachment.target_id.is_some());
    let words = match known {
        None => None,
        // It may be what its worker died of.
        Some(_) if job.attempts > TRIES => Some(String::new()),
        Some(_) => Some(words_of(app, id)?),
    };
    app.db.write_blocking(|tx| {
        // Removed meanwhile, it must not come back, nor while this is written; named otherwise, it has its new name.
        if let Some(words) = &words
            && queries::hold_attached(tx, id)?
            && let Some((attachment, ..)) = queries::by_id(tx, id)?
        {
            let entry = entry(tx, &attachment, words)?;
            index::put(tx, &entry)?;
        }
        queue::finish(tx, job, worker)
    })
}

/// How often a file is tried.
const TRIES: i64 = 3;

fn words_of(app: &App, id: AttachmentId) -> Result<String> {
    let runtime = Handle::try_current().map_err(Error::internal)?;
    let words = runtime.block_on(async {
        let file = app.storage.fetch(&key(id), &app.waiting_room()).await?;
        app.converter.words(&file, WORDS).await
    })?;
    Ok(words.unwrap_or_else(|refusal| {
        tracing::info!(attachment = %id, ?refusal, "the words of a file cannot be read");
        String::new()
    }))
}

/// What search finds of a file: its words, and its name.
fn entry(conn: &mut Conn, attachment: &Attachment, words: &str) -> Result<Entry> {
    let network = networks::by_id(conn, attachment.network_id)?;
    Ok(Entry {
        kind: EntryKind::Attachment,
        id: attachment.id.0,
        parent: attachment.target_id,
        network: attachment.network_id.0,
        title: attachment.file_name.to_string(),
        body: words.to_owned(),
        language: network.language,
        published_at: attachment.attached_at.unwrap_or(attachment.created_at),
    })
}

/// Removes the file of an attachment that was removed.
pub async fn remove_file(app: &App, id: AttachmentId) -> Result<()> {
    app.storage.delete(&key(id)).await?;
    let now = app.clock.now();
    app.db.write(move |tx: &mut Tx| queries::set_gone(tx, id, now)).await
}
