//! Comparing texts, off the request threads and without a connection, a bounded number at once.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::actions::{Compared, Upstream};
use super::view::{DifferencesView, UpstreamView, differences_view, upstream_view};
use crate::error::{Error, Result};
use crate::text::lang::Lang;

/// Compares revisions. Two long texts that have little in common take half a second of a core, and anyone may ask: they
/// wait here, and not with a connection to the database in their hands.
pub struct Comparing(Arc<Semaphore>);

impl Default for Comparing {
    /// Half of the cores, and at least one.
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        Self(Arc::new(Semaphore::new((cores / 2).max(1))))
    }
}

impl Comparing {
    /// What differs between two revisions.
    pub async fn differences(&self, compared: Compared) -> Result<DifferencesView> {
        self.run(move || differences_view(&compared)).await
    }

    /// What became of the source of an adopted document, in the reader's language.
    pub async fn upstream(&self, upstream: Upstream, lang: Lang) -> Result<UpstreamView> {
        self.run(move || upstream_view(upstream, lang)).await
    }

    /// The outcome of `work`, which reads long texts, when it is its turn.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let permit = self.0.clone().acquire_owned().await.map_err(Error::internal)?;
        let work = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        work.await.map_err(Error::internal)
    }
}
