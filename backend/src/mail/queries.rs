//! Rows of mails.

use chrono::Duration;
use diesel::prelude::*;
use kring_db::schema::mails;
use kring_db::{Conn, Time, Tx, id_type, word_type};

use super::compose::{Letter, Written};
use crate::accounts::PersonId;
use crate::error::Result;

id_type! {
    /// A row of `mails`.
    MailId
}

word_type! {
    /// How far a mail is.
    MailState { Queued = "queued", Sending = "sending", Sent = "sent", Failed = "failed", Unknown = "unknown" }
}

/// How long one hand-over may take before its sender counts as dead: longer than all its steps (connecting, TLS,
/// signing in, the message) take together when each takes nearly as long as the transport waits for one.
pub const LEASE: Duration = Duration::minutes(30);

/// After so many failures before hand-over a mail is `failed`: about two days.
const TRIES: i64 = 14;

/// A mail that is due so long is late.
const LATE: Duration = Duration::minutes(15);

/// Of so many mails that are due a sender claims the first that no other took.
const CANDIDATES: i64 = 8;

/// A claimed mail.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct Outgoing {
    pub id: MailId,
    pub kind: String,
    pub recipient: String,
    pub message: String,
    pub attempts: i64,
}

pub fn insert(tx: &mut Tx, id: MailId, letter: &Letter, written: &Written, now: Time) -> Result<()> {
    diesel::insert_into(mails::table)
        .values((
            mails::id.eq(id),
            mails::kind.eq(letter.kind),
            mails::person_id.eq(letter.person),
            mails::recipient.eq(&letter.to.1),
            mails::subject.eq(&letter.subject),
            mails::message.eq(&written.message),
            mails::message_id.eq(&written.message_id),
            mails::state.eq(MailState::Queued),
            mails::attempts.eq(0),
            mails::next_attempt_at.eq(now),
            mails::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Claims the mail that is due longest, of `kind` where one is named: from here on it is `sending`. One at a time,
/// so that a sender that dies leaves one mail of which nobody knows, and not a batch that nobody saw.
pub fn claim(tx: &mut Tx, sender: &str, now: Time, kind: Option<&str>) -> Result<Option<Outgoing>> {
    loop {
        let mut due = mails::table
            .filter(mails::state.eq(MailState::Queued).and(mails::next_attempt_at.le(now)))
            .into_boxed();
        if let Some(kind) = kind {
            due = due.filter(mails::kind.eq(kind));
        }
        let due: Vec<MailId> = due
            .order((mails::next_attempt_at, mails::id))
            .limit(CANDIDATES)
            .select(mails::id)
            .load(tx.conn())?;
        if due.is_empty() {
            return Ok(None);
        }
        for id in due {
            // The state again: on PostgreSQL another sender may have claimed it since.
            let mine =
                diesel::update(mails::table.filter(mails::id.eq(id).and(mails::state.eq(MailState::Queued))))
                    .set((
                        mails::state.eq(MailState::Sending),
                        mails::claimed_by.eq(sender),
                        mails::claimed_until.eq(now + LEASE),
                        mails::attempts.eq(mails::attempts + 1),
                    ))
                    .execute(tx.conn())?;
            if mine == 1 {
                return Ok(Some(mails::table.find(id).select(Outgoing::as_select()).first(tx.conn())?));
            }
        }
    }
}

/// A mail that `$sender` still hands over: once it counted as dead, the mail is no longer its own.
macro_rules! held {
    ($mail:expr, $sender:expr) => {
        mails::table.filter(
            mails::id
                .eq($mail.id)
                .and(mails::state.eq(MailState::Sending))
                .and(mails::claimed_by.eq($sender)),
        )
    };
}

/// Handed over and accepted. The message goes: it may hold a secret, and the recipient has it.
/// Like all that end a hand-over it says `false`, and changes nothing, where the mail is no longer `sender`'s.
pub fn sent(tx: &mut Tx, sender: &str, mail: &Outgoing, now: Time) -> Result<bool> {
    finish(tx, sender, mail, MailState::Sent, None, Some(now))
}

/// Cut off in hand-over: nobody knows.
pub fn cut_off(tx: &mut Tx, sender: &str, mail: &Outgoing, cause: &str) -> Result<bool> {
    finish(tx, sender, mail, MailState::Unknown, Some(cause), None)
}

/// Refused for good.
pub fn failed(tx: &mut Tx, sender: &str, mail: &Outgoing, cause: &str) -> Result<bool> {
    finish(tx, sender, mail, MailState::Failed, Some(cause), None)
}

fn finish(
    tx: &mut Tx,
    sender: &str,
    mail: &Outgoing,
    state: MailState,
    cause: Option<&str>,
    at: Option<Time>,
) -> Result<bool> {
    let ended = diesel::update(held!(mail, sender))
        .set((
            mails::state.eq(state),
            mails::message.eq(""),
            mails::last_error.eq(cause),
            mails::sent_at.eq(at),
            mails::claimed_by.eq(None::<String>),
            mails::claimed_until.eq(None::<Time>),
        ))
        .execute(tx.conn())?;
    if ended == 1 && matches!(state, MailState::Sent | MailState::Failed) {
        forget_one(tx, mail.id, cause)?;
    }
    Ok(ended == 1)
}

/// What [`forget`] left because the mail was still to go out goes now. A cause can name an address, too.
fn forget_one(tx: &mut Tx, id: MailId, cause: Option<&str>) -> Result<()> {
    let forgotten = mails::table.filter(mails::id.eq(id).and(mails::person_id.is_null()));
    diesel::update(forgotten)
        .set((mails::recipient.eq(""), mails::subject.eq(""), mails::last_error.eq(cause.map(|_| "refused"))))
        .execute(tx.conn())?;
    Ok(())
}

/// Nothing was handed over: later again, or given up.
pub fn postpone(tx: &mut Tx, sender: &str, mail: &Outgoing, cause: &str, now: Time) -> Result<bool> {
    if mail.attempts >= TRIES {
        return failed(tx, sender, mail, cause);
    }
    let pause = Duration::seconds((30 << mail.attempts.min(10)).min(6 * 3600));
    let postponed = diesel::update(held!(mail, sender))
        .set((
            mails::state.eq(MailState::Queued),
            mails::next_attempt_at.eq(now + pause),
            mails::last_error.eq(cause),
            mails::claimed_by.eq(None::<String>),
            mails::claimed_until.eq(None::<Time>),
        ))
        .execute(tx.conn())?;
    Ok(postponed == 1)
}

/// Mails whose sender died in hand-over become `unknown`. Returns how many.
pub fn orphans(tx: &mut Tx, now: Time) -> Result<usize> {
    let orphaned = mails::table.filter(mails::state.eq(MailState::Sending).and(mails::claimed_until.lt(now)));
    Ok(diesel::update(orphaned)
        .set((
            mails::state.eq(MailState::Unknown),
            mails::message.eq(""),
            mails::last_error.eq("the sender stopped during hand-over"),
            mails::claimed_by.eq(None::<String>),
            mails::claimed_until.eq(None::<Time>),
        ))
        .execute(tx.conn())?)
}

/// Forgets to whom mails went, those excepted that are still to go out.
pub fn forget(tx: &mut Tx, people: &[PersonId]) -> Result<()> {
    let theirs = || mails::table.filter(mails::person_id.eq_any(people));
    let done = theirs().filter(mails::state.ne_all([MailState::Queued, MailState::Sending]));
    diesel::update(done).set((mails::recipient.eq(""), mails::subject.eq(""))).execute(tx.conn())?;
    diesel::update(theirs()).set(mails::person_id.eq(None::<PersonId>)).execute(tx.conn())?;
    Ok(())
}

/// Takes a mail back that is still to go out; one that a sender holds goes.
pub fn hold_back(tx: &mut Tx, id: MailId) -> Result<()> {
    let waits = mails::table.filter(mails::id.eq(id).and(mails::state.eq(MailState::Queued)));
    diesel::delete(waits).execute(tx.conn())?;
    Ok(())
}

/// Mails that a healthy server has none of, by what is wrong with them. What goes well is not counted here: whoever
/// may read the numbers would see whether an address that they typed in got a mail.
pub fn troubles(conn: &mut Conn, now: Time) -> Result<[(&'static str, i64); 3]> {
    let late = mails::state.eq(MailState::Queued).and(mails::next_attempt_at.le(now - LATE));
    let count_of = |conn: &mut Conn, state: MailState| {
        mails::table.filter(mails::state.eq(state)).count().get_result(conn)
    };
    Ok([
        ("late", mails::table.filter(late).count().get_result(conn)?),
        ("failed", count_of(conn, MailState::Failed)?),
        ("unknown", count_of(conn, MailState::Unknown)?),
    ])
}

/// How far each of these mails is, and when it was sent; in no order.
pub fn states(conn: &mut Conn, ids: &[MailId]) -> Result<Vec<(MailId, MailState, Option<Time>)>> {
    Ok(mails::table
        .filter(mails::id.eq_any(ids))
        .select((mails::id, mails::state, mails::sent_at))
        .load(conn)?)
}

/// A mail of which nobody knows whether it arrived.
#[derive(Debug, Queryable, Selectable)]
#[diesel(table_name = mails)]
pub struct UnknownMail {
    pub id: MailId,
    pub kind: String,
    pub recipient: String,
    pub subject: String,
    pub message_id: String,
    pub last_error: Option<String>,
    pub created_at: Time,
}

/// Hand-overs that were cut off, newest first.
pub fn unknown(conn: &mut Conn, after: Option<MailId>, limit: i64) -> Result<Vec<UnknownMail>> {
    let mut found = mails::table.filter(mails::state.eq(MailState::Unknown)).into_boxed();
    if let Some(after) = after {
        found = found.filter(mails::id.lt(after));
    }
    Ok(found.order(mails::id.desc()).limit(limit + 1).select(UnknownMail::as_select()).load(conn)?)
}
