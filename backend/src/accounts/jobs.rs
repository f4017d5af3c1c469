//! What workers do for accounts: the mails whose sending must not show in the time of an answer, and forgetting.

use kring_db::Tx;
use serde::de::DeserializeOwned;

use super::actions;
pub use super::actions::sweep;
use crate::app::Context;
use crate::error::{Error, Result};
use crate::jobs::queue::{Job, JobKind};

/// Runs a job of this domain.
pub fn run(tx: &mut Tx, cx: &Context, job: &Job) -> Result<()> {
    match job.kind {
        JobKind::Registration => actions::answer_registration(tx, cx, read(job)?),
        JobKind::PasswordReset => actions::send_reset(tx, cx, &read(job)?),
        JobKind::ResendVerification => actions::resend_verification(tx, cx, &read(job)?),
        other => Err(Error::internal(format!("{other} is no job of accounts"))),
    }
}

fn read<T: DeserializeOwned>(job: &Job) -> Result<T> {
    job.payload.read().map_err(Error::internal)
}
