//! Argon2id, off the request threads, a bounded number at once.

use std::sync::{Arc, OnceLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher as _, PasswordVerifier as _};
use tokio::sync::Semaphore;

use super::model::Password;
use crate::error::{Error, Result};

/// Of a secret that nobody knows; one for the process.
static NOBODY: OnceLock<String> = OnceLock::new();

/// Hashes and compares passwords. Each takes 19 MiB and tens of milliseconds (OWASP's parameters for
/// Argon2id, the crate's default), so a flood of sign-ins waits here and not on every core.
pub struct Hashing {
    permits: Arc<Semaphore>,
    /// What is compared against where there is no account, so that it takes as long.
    nobody: String,
}

impl Hashing {
    /// At most `at_once` hashes are computed at the same time.
    pub fn new(at_once: usize) -> anyhow::Result<Self> {
        let nobody = match NOBODY.get() {
            Some(known) => known.clone(),
            None => {
                let new =
                    hash(crate::clock::secret().as_bytes()).map_err(|cause| anyhow::anyhow!("{cause}"))?;
                NOBODY.get_or_init(|| new).clone()
            }
        };
        Ok(Self { permits: Arc::new(Semaphore::new(at_once)), nobody })
    }

    /// The hash to keep, in PHC format.
    pub async fn hash(&self, password: &Password) -> Result<String> {
        let password = password.clone();
        self.bounded(move || hash(password.reveal())).await
    }

    /// Does the password fit? `known` is `None` where there is no account: that takes as long, and never fits.
    pub async fn fits(&self, password: &Password, known: Option<&str>) -> Result<bool> {
        let password = password.clone();
        let against = known.unwrap_or(&self.nobody).to_owned();
        let fits = self
            .bounded(move || {
                let parsed = PasswordHash::new(&against).map_err(Error::internal)?;
                Ok(Argon2::default().verify_password(password.reveal(), &parsed).is_ok())
            })
            .await?;
        Ok(fits && known.is_some())
    }

    async fn bounded<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let permit = self.permits.clone().acquire_owned().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        })
        .await
        .map_err(Error::internal)?
    }
}

fn hash(password: &[u8]) -> Result<String> {
    Argon2::default().hash_password(password).map(|hash| hash.to_string()).map_err(Error::internal)
}
