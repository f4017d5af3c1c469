//! What workers do for accounts: the mails whose sending must not show in the time of an answer.

use kring_db::Tx;

use super::actions;
use super::model::Email;
use crate::app::Context;
use crate::error::{Error, Result};
use crate::jobs::queue::{Job, JobKind};

/// Runs a job of this domain.
pub fn run(tx: &mut Tx, cx: &Context, job: &Job) -> Result<()> {
    let email: Email = job.payload.read().map_err(Error::internal)?;
    match job.kind {
        JobKind::PasswordReset => actions::send_reset(tx, cx, &email),
        JobKind::ResendVerification => actions::resend_verification(tx, cx, &email),
    }
}
