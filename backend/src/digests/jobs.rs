//! What workers do for digests: begin them, end them, and make those whose moment has come.

use std::time::Duration;

use kring_db::{Time, Tx};

use super::invitation;
use super::model::Preferences;
use super::queries;
use super::{actions, asked};
use crate::accounts::PersonId;
use crate::app::{App, Context};
use crate::error::{Error, Result};
use crate::jobs::outbox::{self, EventKind, Fact};
use crate::mail::{self, MailId, MailState, Sender};

/// So many people are looked up at once, and their digests written in one transaction: memory does not grow with
/// the number of members, and one sync to disk serves several of them.
const BATCH: i64 = 20;

/// What follows for digests from what happened elsewhere.
pub fn follow(tx: &mut Tx, cx: &Context, fact: &Fact) -> Result<()> {
    match (fact.kind, fact.actor) {
        (EventKind::MemberJoined, _) => actions::begin(tx, cx, PersonId(fact.subject), fact.created_at),
        (EventKind::NetworkProposed, Some(founder)) => {
            actions::begin(tx, cx, PersonId(founder), fact.created_at)
        }
        (EventKind::MemberInvited, _) => invitation::tell(tx, cx, fact),
        (EventKind::HelpAsked, _) => asked::tell(tx, cx, fact),
        (EventKind::AccountClosed, _) => actions::end(tx, PersonId(fact.subject)),
        _ => Ok(()),
    }
}

/// Makes the digest of everyone whose moment has come by `now`, and queues their mails; returns those. Several
/// processes may run this side by side, and any of them may die.
pub fn run(app: &App, now: Time) -> Result<Vec<MailId>> {
    let mut made = Vec::new();
    let mut past: Option<(Time, PersonId)> = None;
    loop {
        let due = app.db.read_blocking(|conn| queries::due(conn, now, past, BATCH))?;
        let Some(last) = due.last() else { break };
        past = last.next_at.map(|at| (at, last.person_id));
        // What was committed until here gets its position, so that it is told now and not a week later.
        app.db.write_blocking(|tx| outbox::sequence(tx).map(|_| ()))?;
        made.extend(make_together(app, &due, now)?);
    }
    if !made.is_empty() {
        app.bell.notify_waiters();
    }
    Ok(made)
}

/// One transaction for all of `due`; where that fails, one for each, so that one person's fault is not everyone's.
fn make_together(app: &App, due: &[Preferences], now: Time) -> Result<Vec<MailId>> {
    let cx = app.context();
    let together = app.db.write_blocking(|tx| {
        let made = due.iter().map(|known| actions::make(tx, &cx, known, now));
        made.collect::<Result<Vec<Option<MailId>>>>()
    });
    match together {
        Ok(made) => return Ok(made.into_iter().flatten().collect()),
        Err(cause @ Error::Unavailable(_)) => return Err(cause),
        Err(cause) => tracing::warn!(%cause, "digests could not be made together; now one by one"),
    }
    let mut all = Vec::new();
    for known in due {
        match app.db.write_blocking(|tx| actions::make(tx, &cx, known, now)) {
            Ok(made) => all.extend(made),
            Err(cause @ Error::Unavailable(_)) => return Err(cause),
            Err(cause) => {
                tracing::error!(person = %known.person_id, %cause, "a digest could not be made; it is tried again in an hour");
                app.db.write_blocking(|tx| queries::failed(tx, known.person_id, now))?;
            }
        }
    }
    Ok(all)
}

/// How mails of digests ended.
#[derive(Debug, Default)]
pub struct Delivered {
    pub sent: usize,
    /// Cut off in hand-over.
    pub unknown: usize,
    /// Not handed over yet: tried again later.
    pub waiting: usize,
}

/// How long a hand-over by another process is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often it is looked at.
const GLANCE: Duration = Duration::from_millis(50);

/// Hands over the digests that wait, in this thread, and tells how the mails in `made` ended. Another process may
/// have taken some of them: those are waited for.
pub fn hand_over(app: &App, made: &[MailId]) -> Result<Delivered> {
    let name = format!("digest-{}-{}", std::process::id(), app.context().id::<MailId>());
    let sender = Sender::new(app.clone(), &name);
    let mut left = PATIENCE;
    loop {
        sender.send_due_of(Some(mail::DIGEST), &|| false)?;
        let states = made.chunks(500).map(|ids| app.db.read_blocking(|conn| mail::states(conn, ids)));
        let states: Vec<_> = states.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
        let count =
            |wanted: &[MailState]| states.iter().filter(|(_, state, _)| wanted.contains(state)).count();
        if count(&[MailState::Sending]) == 0 || left.is_zero() {
            return Ok(Delivered {
                sent: count(&[MailState::Sent]),
                unknown: count(&[MailState::Unknown]),
                waiting: count(&[MailState::Queued, MailState::Sending, MailState::Failed]),
            });
        }
        std::thread::sleep(GLANCE);
        left = left.saturating_sub(GLANCE);
    }
}
