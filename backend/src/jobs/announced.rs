//! Files that are about to be kept.
//!
//! A file is kept before it is written down, so that no row is without its file. Whoever does it may die in between:
//! what was announced and is not written down a day later is nobody's, and is removed. Only what was announced is ever
//! removed so. Of files that this database knows nothing about, because they are another instance's or it was restored
//! from an old copy, none is touched.

use std::str::FromStr;

use chrono::Duration;
use diesel::prelude::*;
use kring_db::Conn;
use kring_db::schema::files_announced;
use tokio::runtime::Handle;

use crate::app::App;
use crate::error::{Error, Result};

/// How long whoever keeps a file may take to write it down.
const WAITS: Duration = Duration::days(1);

/// How many announcements one sweep looks at.
const BATCH: i64 = 100;

/// Says that files are about to be kept under these keys.
pub async fn announce(app: &App, keys: Vec<String>) -> Result<()> {
    if keys.is_empty() {
        return Ok(());
    }
    let now = app.clock.now();
    app.db
        .write(move |tx| {
            // Who tries again has a day again.
            let before = files_announced::table.filter(files_announced::key.eq_any(&keys));
            diesel::delete(before).execute(tx.conn())?;
            for key in &keys {
                let row = (files_announced::key.eq(key), files_announced::announced_at.eq(now));
                diesel::insert_into(files_announced::table).values(row).execute(tx.conn())?;
            }
            Ok(())
        })
        .await
}

/// Removes the files of `folder` that were announced a day ago and that `written` knows nothing of, and forgets what was
/// said of them and of the others. What cannot be removed now is tried again next time. Call it off the request threads,
/// within the runtime.
pub fn sweep<T: FromStr>(
    app: &App,
    folder: &str,
    written: impl Fn(&mut Conn, T) -> Result<bool>,
) -> Result<()> {
    let until = app.clock.now() - WAITS;
    let due: Vec<String> = app.db.read_blocking(|conn| {
        let due = files_announced::table
            .filter(files_announced::announced_at.lt(until))
            .filter(files_announced::key.like(format!("{folder}/%")));
        let due = due.order(files_announced::announced_at).limit(BATCH);
        Ok::<_, Error>(due.select(files_announced::key).load(conn)?)
    })?;
    if due.is_empty() {
        return Ok(());
    }
    let runtime = Handle::try_current().map_err(Error::internal)?;
    for key in &due {
        let Some(id) = key.split_once('/').and_then(|(_, id)| id.parse().ok()) else { continue };
        if !app.db.read_blocking(|conn| written(conn, id))? {
            runtime.block_on(app.storage.delete_with_pieces(key))?;
        }
    }
    app.db.write_blocking(|tx| {
        diesel::delete(files_announced::table.filter(files_announced::key.eq_any(&due)))
            .execute(tx.conn())?;
        Ok(())
    })
}
