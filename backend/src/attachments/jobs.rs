//! Files that go: those of removed attachments, and those that were sent and never used.

use chrono::Duration;
use kring_db::Tx;
use tokio::runtime::Handle;

use super::model::{AttachmentId, key};
use super::queries;
use crate::app::App;
use crate::error::{Error, Result};

/// How long a file may belong to nothing.
const LOOSE: Duration = Duration::hours(24);

/// How many files one sweep removes.
const BATCH: i64 = 100;

/// Removes what was sent more than a day ago, was never used and is held by nothing, and every file whose attachment was removed. What
/// cannot be removed now is tried again next time. Call it off the request threads, within the runtime.
pub fn sweep(app: &App) -> Result<()> {
    let now = app.clock.now();
    app.db.write_blocking(|tx| queries::remove_loose(tx, now - LOOSE, now))?;
    let leaving = app.db.read_blocking(|conn| queries::leaving(conn, BATCH))?;
    if leaving.is_empty() {
        return Ok(());
    }
    let runtime = Handle::try_current().map_err(Error::internal)?;
    for id in leaving {
        runtime.block_on(remove_file(app, id))?;
    }
    Ok(())
}

/// Removes the file of an attachment that was removed.
pub async fn remove_file(app: &App, id: AttachmentId) -> Result<()> {
    app.storage.delete(&key(id)).await?;
    let now = app.clock.now();
    app.db.write(move |tx: &mut Tx| queries::set_gone(tx, id, now)).await
}
