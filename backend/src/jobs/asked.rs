//! Long work that a person asked for: begun by a request that answers 202, done by a worker, looked at while it runs
//! and for a month after.
//!
//! A domain begins one with [`App::begin`] or, where a file comes with it, [`super::uploads::begin`], and does it by a
//! [`Running`](super::running::Running). Invariants:
//!
//! - it is there for who asked, and for nobody else: 404;
//! - nobody has more than a few under way;
//! - it ends in `done` with a result, or in `failed` with a problem in plain words, whatever dies in between;
//! - what came with it as a file goes when it ends.

use std::collections::BTreeMap;

use chrono::Duration;
use diesel::prelude::*;
use kring_db::schema::asked_jobs;
use kring_db::{Conn, JsonText, Time, Tx, id_type, word_type};
use serde::Serialize;
use serde_json::{Value, json};
use tokio::runtime::Handle;
use utoipa::ToSchema;

use super::announced;
use super::queue::{self, JobKind};
use crate::accounts::{AccountId, SignedIn};
use crate::app::{App, Context};
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::text::lang::Lang;
use crate::web::problem::Problem;

id_type! {
    /// A row of `asked_jobs`.
    AskedId
}

word_type! {
    /// What was asked for.
    AskedKind { DocumentImport = "document_import", NetworkArchive = "network_archive", NetworkImport = "network_import", AccountExport = "account_export" }
}

word_type! {
    /// How far a job is.
    AskedState { Queued = "queued", Running = "running", Done = "done", Failed = "failed" }
}

/// How long an ended job can be read.
const KEPT: Duration = Duration::days(30);

/// How many jobs of one person may wait or run at once: everybody else's stand in the same line.
const AT_ONCE: i64 = 3;

/// How many files one sweep removes.
const BATCH: i64 = 100;

/// A job that somebody asked for.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = asked_jobs)]
pub struct Asked {
    pub id: AskedId,
    pub account_id: Option<AccountId>,
    pub kind: AskedKind,
    pub state: AskedState,
    pub request: JsonText,
    pub done: i64,
    pub total: Option<i64>,
    pub result: Option<JsonText>,
    pub problem: Option<JsonText>,
    pub has_file: bool,
    pub created_at: Time,
    pub finished_at: Option<Time>,
}

/// How far a job is.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = JobProgress)]
pub struct ProgressView {
    /// How many pieces are done.
    pub done: i64,
    /// Of how many, where that is known.
    #[schema(required)]
    pub total: Option<i64>,
}

/// Long work that was asked for, and what came of it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Job)]
pub struct JobView {
    pub id: AskedId,
    pub kind: AskedKind,
    pub state: AskedState,
    /// Null where nothing can be said about it.
    #[schema(required)]
    pub progress: Option<ProgressView>,
    /// What came of it, once it is `done`; what is in it, the operation says that began the job. Its `location` is
    /// the path of what was made.
    #[schema(value_type = Option<std::collections::HashMap<String, Value>>, required, example = json!({ "location": "/v1/networks/openbaar-vervoer/documents" }))]
    pub result: Option<Value>,
    /// Why it `failed`, and what to do about it.
    #[schema(value_type = Option<Problem>, required)]
    pub problem: Option<Value>,
    pub created_at: Time,
    #[schema(required)]
    pub finished_at: Option<Time>,
}

impl JobView {
    /// With its problem in words of `lang`.
    pub fn of(asked: Asked, lang: Lang) -> Self {
        let told = asked.problem.as_ref().and_then(|told| told.read::<BTreeMap<String, Value>>().ok());
        let finished = asked.state == AskedState::Done;
        Self {
            id: asked.id,
            kind: asked.kind,
            state: asked.state,
            progress: (asked.done > 0 || asked.total.is_some())
                .then_some(ProgressView { done: asked.done, total: asked.total }),
            result: asked.result.filter(|_| finished).and_then(|result| result.read().ok()),
            problem: told.and_then(|mut told| told.remove(lang.as_str())),
            created_at: asked.created_at,
            finished_at: asked.finished_at,
        }
    }
}

/// Where files that come with jobs are kept.
const FOLDER: &str = "jobs";

/// Where the file is kept that came with a job.
pub fn key(id: AskedId) -> String {
    format!("{FOLDER}/{id}")
}

/// Writes down what somebody asked for, and puts it in the queue.
pub fn begin(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    kind: AskedKind,
    id: AskedId,
    request: &Value,
    has_file: bool,
) -> Result<Asked> {
    let open = asked_jobs::account_id.eq(who.account).and(asked_jobs::finished_at.is_null());
    let waiting: i64 = asked_jobs::table.filter(open).count().get_result(tx.conn())?;
    if waiting >= AT_ONCE {
        return Err(Code::TooManyJobs.into());
    }
    let asked = Asked {
        id,
        account_id: Some(who.account),
        kind,
        state: AskedState::Queued,
        request: JsonText::of(request),
        done: 0,
        total: None,
        result: None,
        problem: None,
        has_file,
        created_at: cx.now(),
        finished_at: None,
    };
    let row = (
        asked_jobs::id.eq(asked.id),
        asked_jobs::account_id.eq(asked.account_id),
        asked_jobs::kind.eq(asked.kind),
        asked_jobs::state.eq(asked.state),
        asked_jobs::request.eq(&asked.request),
        asked_jobs::done.eq(asked.done),
        asked_jobs::has_file.eq(asked.has_file),
        asked_jobs::created_at.eq(asked.created_at),
    );
    diesel::insert_into(asked_jobs::table).values(row).execute(tx.conn())?;
    queue::enqueue(tx, cx, JobKind::Asked, &id, cx.now())?;
    Ok(asked)
}

/// A job of the caller's; 404 for others.
pub fn read(conn: &mut Conn, who: &SignedIn, id: AskedId) -> Result<Asked> {
    by_id(conn, id)?.filter(|asked| asked.account_id == Some(who.account)).ok_or(NOT_FOUND)
}

pub(super) fn by_id(conn: &mut Conn, id: AskedId) -> Result<Option<Asked>> {
    Ok(asked_jobs::table.find(id).select(Asked::as_select()).first(conn).optional()?)
}

/// Notes how far an open job is. `false` where it was ended meanwhile: its person closed the account.
pub(super) fn set_progress(tx: &mut Tx, id: AskedId, done: i64, total: Option<i64>) -> Result<bool> {
    let open = asked_jobs::table.filter(asked_jobs::id.eq(id).and(asked_jobs::finished_at.is_null()));
    let change = (
        asked_jobs::state.eq(AskedState::Running),
        asked_jobs::done.eq(done),
        asked_jobs::total.eq(total),
    );
    Ok(diesel::update(open).set(change).execute(tx.conn())? == 1)
}

/// Keeps what came of it so far.
pub(super) fn set_result(tx: &mut Tx, id: AskedId, result: &impl Serialize) -> Result<()> {
    let change = asked_jobs::result.eq(JsonText::of(result));
    diesel::update(asked_jobs::table.find(id)).set(change).execute(tx.conn())?;
    Ok(())
}

/// It waits for another try.
pub(super) fn set_waiting(tx: &mut Tx, id: AskedId) -> Result<()> {
    let open = asked_jobs::table.filter(asked_jobs::id.eq(id).and(asked_jobs::finished_at.is_null()));
    diesel::update(open).set(asked_jobs::state.eq(AskedState::Queued)).execute(tx.conn())?;
    Ok(())
}

/// It ended well.
pub(super) fn finish(tx: &mut Tx, id: AskedId, result: &Value, now: Time) -> Result<()> {
    let told = asked_jobs::result.eq(JsonText::of(result));
    let change = (told, asked_jobs::state.eq(AskedState::Done), asked_jobs::finished_at.eq(now));
    diesel::update(asked_jobs::table.find(id)).set(change).execute(tx.conn())?;
    Ok(())
}

/// It ended badly. Why, is kept in the words of today: the person may read it in another language, or next week.
pub(super) fn fail(tx: &mut Tx, id: AskedId, error: &Error, now: Time) -> Result<()> {
    let told: BTreeMap<&str, Problem> =
        Lang::ALL.iter().map(|lang| (lang.as_str(), Problem::of(error, *lang))).collect();
    let told = asked_jobs::problem.eq(JsonText::of(&told));
    let change = (told, asked_jobs::state.eq(AskedState::Failed), asked_jobs::finished_at.eq(now));
    diesel::update(asked_jobs::table.find(id)).set(change).execute(tx.conn())?;
    Ok(())
}

/// Lets go of what somebody asked for who is closing their account: nothing more is done, and nobody sees it.
pub fn forget(tx: &mut Tx, account: AccountId, now: Time) -> Result<()> {
    let open = asked_jobs::table.filter(asked_jobs::account_id.eq(account));
    let ended = open.filter(asked_jobs::finished_at.is_null());
    diesel::update(ended)
        .set((asked_jobs::state.eq(AskedState::Failed), asked_jobs::finished_at.eq(now)))
        .execute(tx.conn())?;
    let nothing = JsonText::of(&json!({}));
    diesel::update(open)
        .set((
            asked_jobs::account_id.eq(None::<AccountId>),
            asked_jobs::request.eq(nothing),
            asked_jobs::result.eq(None::<JsonText>),
            asked_jobs::problem.eq(None::<JsonText>),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets jobs that ended long ago and whose files are gone.
pub fn forget_old(tx: &mut Tx, now: Time) -> Result<()> {
    let old =
        asked_jobs::table.filter(asked_jobs::finished_at.lt(now - KEPT).and(asked_jobs::has_file.eq(false)));
    diesel::delete(old).execute(tx.conn())?;
    Ok(())
}

/// How many jobs of these kinds somebody asked for since.
pub fn begun_since(conn: &mut Conn, account: AccountId, kinds: &[AskedKind], since: Time) -> Result<i64> {
    let asked = asked_jobs::table.filter(asked_jobs::account_id.eq(account));
    let asked = asked.filter(asked_jobs::kind.eq_any(kinds).and(asked_jobs::created_at.gt(since)));
    Ok(asked.count().get_result(conn)?)
}

/// Removes the files of jobs that ended, or that never began. What cannot be removed now is tried again next time. Call it off the request
/// threads, within the runtime.
pub fn sweep(app: &App) -> Result<()> {
    let left = asked_jobs::finished_at.is_not_null().and(asked_jobs::has_file);
    let left: Vec<AskedId> = app.db.read_blocking(|conn| {
        let left = asked_jobs::table.filter(left).order(asked_jobs::id).limit(BATCH);
        Ok::<_, Error>(left.select(asked_jobs::id).load(conn)?)
    })?;
    for id in left {
        remove_file(app, id)?;
    }
    announced::sweep(app, FOLDER, |conn, id| Ok(by_id(conn, id)?.is_some()))
}

/// Removes the file that came with a job.
pub(super) fn remove_file(app: &App, id: AskedId) -> Result<()> {
    let runtime = Handle::try_current().map_err(Error::internal)?;
    runtime.block_on(app.storage.delete(&key(id)))?;
    app.db.write_blocking(|tx| {
        let change = asked_jobs::has_file.eq(false);
        diesel::update(asked_jobs::table.find(id)).set(change).execute(tx.conn())?;
        Ok(())
    })
}
