//! The queue: work for later, claimed by one worker at a time.

use chrono::Duration;
use diesel::dsl::auto_type;
use diesel::prelude::*;
use kring_db::schema::jobs;
use kring_db::{Conn, JsonText, Time, Tx, id_type, word_type};
use serde::Serialize;

use crate::app::Context;
use crate::error::{Error, Result};

id_type! {
    /// A row of `jobs`.
    JobId
}

word_type! {
    /// What is to be done.
    JobKind {
        Registration = "registration",
        PasswordReset = "password_reset",
        ResendVerification = "resend_verification",
        EmailInvitation = "email_invitation",
        AddressGone = "address_gone",
        Recall = "recall",
        Erase = "erase",
        RemoveWritten = "remove_written",
        Asked = "asked",
        ReadAttachment = "read_attachment",
        Backfill = "backfill",
        CopyNetwork = "copy_network",
    }
}

/// Which jobs one loop of a worker takes. Nobody's mail waits until somebody else's archive is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// Done in one short transaction.
    Quick,
    /// Takes seconds or minutes, outside of a transaction.
    Slow,
    /// Waits for other servers, which may be slow or away.
    Elsewhere,
}

impl Pace {
    fn kinds(self) -> Vec<JobKind> {
        let pace = |kind: &JobKind| match kind {
            JobKind::Asked | JobKind::ReadAttachment => Self::Slow,
            JobKind::Backfill | JobKind::CopyNetwork => Self::Elsewhere,
            _ => Self::Quick,
        };
        JobKind::ALL.iter().filter(|kind| pace(kind) == self).copied().collect()
    }
}

/// How long a worker may keep a job before it is anybody's again.
pub const LEASE: Duration = Duration::minutes(2);

/// After so many failures a job waits for a person.
const TRIES: i64 = 10;

/// A claimed job.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct Job {
    pub id: JobId,
    pub kind: JobKind,
    pub payload: JsonText,
    pub attempts: i64,
}

/// Puts work in the queue, to be done from `run_at`.
pub fn enqueue(
    tx: &mut Tx,
    cx: &Context,
    kind: JobKind,
    payload: &impl Serialize,
    run_at: Time,
) -> Result<()> {
    diesel::insert_into(jobs::table)
        .values((
            jobs::id.eq(cx.id::<JobId>()),
            jobs::kind.eq(kind),
            jobs::payload.eq(JsonText::of(payload)),
            jobs::run_at.eq(run_at),
            jobs::attempts.eq(0),
            jobs::created_at.eq(cx.now()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Is a job of this pace due? Looked at first where most often none is: on SQLite a transaction for nothing would keep
/// others' writes waiting.
pub fn any(conn: &mut Conn, pace: Pace, now: Time) -> Result<bool> {
    let due = jobs::table.filter(jobs::failed_at.is_null().and(jobs::run_at.le(now)));
    let due = due.filter(jobs::kind.eq_any(pace.kinds())).select(jobs::id);
    Ok(due.first::<JobId>(conn).optional()?.is_some())
}

/// Does the same wait already, or is it being done?
pub fn waits(conn: &mut Conn, kind: JobKind, payload: &impl Serialize) -> Result<bool> {
    let same = jobs::kind.eq(kind).and(jobs::payload.eq(JsonText::of(payload)));
    let open = jobs::table.filter(same.and(jobs::failed_at.is_null()));
    Ok(open.select(jobs::id).first::<JobId>(conn).optional()?.is_some())
}

/// The jobs of a kind that wait or are being done.
pub fn open_of(conn: &mut Conn, kind: JobKind) -> Result<Vec<Job>> {
    let open = jobs::table.filter(jobs::kind.eq(kind).and(jobs::failed_at.is_null()));
    Ok(open.select(Job::as_select()).load(conn)?)
}

/// Claims the job of this pace that is due longest, if any.
pub fn claim(tx: &mut Tx, worker: &str, pace: Pace, now: Time) -> Result<Option<Job>> {
    let free = jobs::claimed_until.is_null().or(jobs::claimed_until.le(now).assume_not_null());
    let due: Option<JobId> = jobs::table
        .filter(jobs::failed_at.is_null().and(jobs::run_at.le(now)).and(free))
        .filter(jobs::kind.eq_any(pace.kinds()))
        .order((jobs::run_at, jobs::id))
        .select(jobs::id)
        .first(tx.conn())
        .optional()?;
    let Some(id) = due else { return Ok(None) };
    // The condition again: on PostgreSQL another worker may have claimed it since.
    let claimed = diesel::update(jobs::table.filter(jobs::id.eq(id).and(free)))
        .set((
            jobs::claimed_by.eq(worker),
            jobs::claimed_until.eq(now + LEASE),
            jobs::attempts.eq(jobs::attempts + 1),
        ))
        .execute(tx.conn())?;
    if claimed == 0 {
        return Ok(None);
    }
    Ok(Some(jobs::table.find(id).select(Job::as_select()).first(tx.conn())?))
}

/// A job, as long as it is `worker`'s: whoever was taken for dead writes nothing to it any more.
#[auto_type(no_type_alias)]
fn mine<'a>(job: &'a Job, worker: &'a str) -> _ {
    let id: JobId = job.id;
    jobs::table.filter(jobs::id.eq(id).and(jobs::claimed_by.eq(worker)))
}

/// Keeps a job for another lease. `false` where another worker took it over meanwhile.
pub fn hold(tx: &mut Tx, job: &Job, worker: &str, now: Time) -> Result<bool> {
    Ok(diesel::update(mine(job, worker)).set(jobs::claimed_until.eq(now + LEASE)).execute(tx.conn())? == 1)
}

/// Removes a job, in the transaction of its effect. An error where another worker took it over meanwhile, so that the
/// effect is rolled back.
pub fn finish(tx: &mut Tx, job: &Job, worker: &str) -> Result<()> {
    match diesel::delete(mine(job, worker)).execute(tx.conn())? {
        0 => Err(Error::internal("another worker took the job over")),
        _ => Ok(()),
    }
}

/// Notes how far a job is, for whoever goes on with it: what failed before counts no more. An error where another
/// worker took it over meanwhile.
pub fn progress(tx: &mut Tx, job: &Job, worker: &str, payload: &impl Serialize) -> Result<()> {
    let columns = (jobs::payload.eq(JsonText::of(payload)), jobs::attempts.eq(1));
    match diesel::update(mine(job, worker)).set(columns).execute(tx.conn())? {
        0 => Err(Error::internal("another worker took the job over")),
        _ => Ok(()),
    }
}

/// Lets others have their turn before a job goes on: it is anybody's again, last in the row.
pub fn give_way(tx: &mut Tx, job: &Job, worker: &str, now: Time) -> Result<()> {
    diesel::update(mine(job, worker))
        .set((
            jobs::claimed_by.eq(None::<String>),
            jobs::claimed_until.eq(None::<Time>),
            jobs::attempts.eq(0),
            jobs::run_at.eq(now),
            jobs::last_error.eq(None::<String>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes a failure: later again, or given up. `false` where another worker took it over meanwhile: how it ends is that
/// one's to say.
pub fn fail(tx: &mut Tx, job: &Job, worker: &str, now: Time, cause: &str) -> Result<bool> {
    note_failure(tx, job, worker, now, cause, is_last_try(job))
}

/// Is a job given up when it fails now?
pub fn is_last_try(job: &Job) -> bool {
    job.attempts >= TRIES
}

/// Notes the last failure of a job that is not tried again; `false` as for [`fail`].
pub fn give_up(tx: &mut Tx, job: &Job, worker: &str, now: Time, cause: &str) -> Result<bool> {
    note_failure(tx, job, worker, now, cause, true)
}

fn note_failure(
    tx: &mut Tx,
    job: &Job,
    worker: &str,
    now: Time,
    cause: &str,
    given_up: bool,
) -> Result<bool> {
    let pause = Duration::seconds(5 << job.attempts.min(12));
    let gone: Option<Time> = given_up.then_some(now);
    let noted = diesel::update(mine(job, worker))
        .set((
            jobs::claimed_by.eq(None::<String>),
            jobs::claimed_until.eq(None::<Time>),
            jobs::run_at.eq(now + pause),
            jobs::last_error.eq(cause),
            jobs::failed_at.eq(gone),
        ))
        .execute(tx.conn())?;
    Ok(noted == 1)
}

/// Hands back what `worker` holds, at a graceful stop.
pub fn hand_back(tx: &mut Tx, worker: &str) -> Result<usize> {
    Ok(diesel::update(jobs::table.filter(jobs::claimed_by.eq(worker)))
        .set((jobs::claimed_by.eq(None::<String>), jobs::claimed_until.eq(None::<Time>)))
        .execute(tx.conn())?)
}

/// How many jobs wait, and how many were given up.
pub fn depth(conn: &mut Conn) -> Result<(i64, i64)> {
    let waiting = jobs::table.filter(jobs::failed_at.is_null()).count().get_result(conn)?;
    let given_up = jobs::table.filter(jobs::failed_at.is_not_null()).count().get_result(conn)?;
    Ok((waiting, given_up))
}
