//! How much waits for other instances, for who watches this one: counted now and then, not each time that somebody looks,
//! for it takes reading everything that waits.

use chrono::Duration;
use kring_db::Time;
use tokio::sync::Mutex;

use super::queries;
use crate::app::App;
use crate::error::Result;

/// How old the number may be.
const FRESH: Duration = Duration::minutes(1);

/// The number, and when it was counted.
#[derive(Debug, Default)]
pub struct Backlog {
    /// Held while it is counted: who looks meanwhile waits for that.
    counted: Mutex<Option<(Time, i64)>>,
}

impl Backlog {
    /// How much waits, and how many seconds ago that was so.
    pub async fn now(&self, app: &App) -> Result<(i64, i64)> {
        let mut counted = self.counted.lock().await;
        let now = app.clock.now();
        if let Some((then, count)) = *counted
            && then <= now
            && now < then + FRESH
        {
            return Ok((count, (now - then).num_seconds()));
        }
        let count = app.db.read(queries::waiting_out).await?;
        *counted = Some((now, count));
        Ok((count, 0))
    }
}
