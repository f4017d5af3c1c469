//! The sender: claims mails, hands them over, writes down how it ended.

use kring_db::{Time, Tx};
use lettre::address::Envelope;

use super::queries::{self, Outgoing};
use super::transport::{Refusal, Transport};
use crate::app::App;
use crate::error::Result;

/// Sends what is due. One at a time in a process; several processes share the work.
pub struct Sender {
    app: App,
    name: String,
    transport: std::sync::Mutex<Transport>,
}

impl Sender {
    /// `name` tells this process from others.
    pub fn new(app: App, name: &str) -> Self {
        let transport = Transport::new(&app.config.mail, app.config.mail_from.email.domain());
        Self {
            app,
            name: name.to_owned(),
            transport: std::sync::Mutex::new(transport),
        }
    }

    /// Sends everything that is due now, unless `stop` says so between two mails. Returns how many went out.
    pub fn send_due(&self, stop: &dyn Fn() -> bool) -> Result<usize> {
        self.send_due_of(None, stop)
    }

    /// [`Sender::send_due`] for mails of one kind, where one is named.
    pub fn send_due_of(&self, kind: Option<&str>, stop: &dyn Fn() -> bool) -> Result<usize> {
        let mut transport = self.transport.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let mut count = 0;
        while !stop() {
            let now = self.app.clock.now();
            let Some(mail) = self.write(|tx| queries::claim(tx, &self.name, now, kind))? else { break };
            count += usize::from(self.send(&mut transport, &mail)?);
        }
        transport.rest();
        Ok(count)
    }

    fn send(&self, transport: &mut Transport, mail: &Outgoing) -> Result<bool> {
        let outcome = self.hand_over(transport, mail);
        let (name, now) = (self.name.as_str(), self.app.clock.now());
        let noted = self.write(|tx| match &outcome {
            Ok(()) => queries::sent(tx, name, mail, now),
            Err(Refusal::Later(cause)) => queries::postpone(tx, name, mail, cause, now),
            Err(Refusal::Never(cause)) => queries::failed(tx, name, mail, cause),
            Err(Refusal::Unknown(cause)) => queries::cut_off(tx, name, mail, cause),
        })?;
        if !noted {
            // It stands as unknown, for the admin to look at: whatever is written now could send it twice.
            tracing::error!(mail = %mail.id, kind = mail.kind, ?outcome, "a hand-over took so long that its sender counted as dead");
        }
        if let Err(refusal) = &outcome {
            tracing::warn!(mail = %mail.id, kind = mail.kind, ?refusal, "a mail was not handed over");
        }
        Ok(outcome.is_ok())
    }

    fn hand_over(&self, transport: &mut Transport, mail: &Outgoing) -> Result<(), Refusal> {
        let never = |cause: &dyn std::fmt::Display| Refusal::Never(cause.to_string());
        let to = mail.recipient.parse().map_err(|cause: lettre::address::AddressError| never(&cause))?;
        let envelope = Envelope::new(Some(self.app.config.mail_from.email.clone()), vec![to])
            .map_err(|cause| never(&cause))?;
        transport.ready()?;
        transport.hand_over(&mail.id.to_string(), &envelope, mail.message.as_bytes())
    }

    fn write<T>(&self, f: impl FnMut(&mut Tx) -> Result<T>) -> Result<T> {
        self.app.db.write_blocking(f)
    }
}

/// Mails whose sender died in hand-over become `unknown`.
pub fn settle_orphans(tx: &mut Tx, now: Time) -> Result<usize> {
    queries::orphans(tx, now)
}
