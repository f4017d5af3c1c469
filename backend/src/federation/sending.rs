//! Sends what waits, to each instance in order.
//!
//! One task an instance: a slow or dead one keeps nobody else waiting. What belongs to one thread goes one after the
//! other, several threads at once. An instance that does not answer is tried again after a while, up to a day; a message
//! that it falls over is parked, and what follows goes on. Where the process dies, what was not noted as taken is sent
//! again: every activity has an id, and is taken once.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt as _};
use kring_activitypub::fetch::Failure;
use kring_activitypub::signature::{self, Scheme};
use tokio::task::JoinSet;

use super::addresses::request_key;
use super::keys::{self, ActorKeys, Owner};
use super::outgoing::{self, Waiting};
use super::{asking, known, rules};
use crate::app::App;
use crate::error::{Error, Result};
use crate::peers::Host;

/// How many instances are sent to at once.
const AT_ONCE: i64 = 64;

/// How many activities are looked at in one go.
const BATCH: i64 = 100;

/// How long it sleeps when nobody rings.
const NAP: Duration = Duration::from_secs(2);

/// Sends until told to stop.
pub async fn run(app: App, worker: String, stop: Arc<AtomicBool>) {
    let mut running: JoinSet<Host> = JoinSet::new();
    let mut busy: Vec<Host> = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let rung = app.bell.notified();
        match due(&app).await {
            Ok(due) => {
                for host in due.into_iter().filter(|host| !busy.contains(host)).collect::<Vec<_>>() {
                    busy.push(host.clone());
                    let (app, worker, stop) = (app.clone(), worker.clone(), stop.clone());
                    running.spawn(async move {
                        if let Err(cause) = serve(&app, &host, &worker, &stop).await {
                            tracing::error!(%host, %cause, "an instance could not be sent to");
                        }
                        host
                    });
                }
            }
            Err(cause) => tracing::error!(%cause, "nobody knows what is to be sent"),
        }
        tokio::select! {
            () = rung => {}
            Some(Ok(host)) = running.join_next() => busy.retain(|it| *it != host),
            () = tokio::time::sleep(NAP) => {}
        }
    }
    while running.join_next().await.is_some() {}
}

/// Sends everything that is due now, and says whether there was anything. For the demo and tests.
pub async fn drain(app: &App, worker: &str) -> Result<bool> {
    let never = AtomicBool::new(false);
    let due = due(app).await?;
    for host in &due {
        serve(app, host, worker, &never).await?;
    }
    Ok(!due.is_empty())
}

async fn due(app: &App) -> Result<Vec<Host>> {
    let now = app.clock.now();
    // Looked at first: on SQLite a transaction for nothing would keep others' writes waiting.
    if app.db.read(outgoing::any_fresh).await? {
        app.db.write(outgoing::sequence).await?;
    }
    app.db.read(move |conn| known::due(conn, now, AT_ONCE)).await
}

/// Sends to one instance what waits for it.
async fn serve(app: &App, host: &Host, worker: &str, stop: &AtomicBool) -> Result<()> {
    loop {
        let (its, name, now) = (host.clone(), worker.to_owned(), app.clock.now());
        if stop.load(Ordering::Relaxed) || !app.db.write(move |tx| known::claim(tx, &its, &name, now)).await?
        {
            break;
        }
        if !batch(app, host).await? {
            break;
        }
    }
    let (its, name) = (host.clone(), worker.to_owned());
    app.db.write(move |tx| known::release(tx, &its, &name)).await
}

/// Sends one batch; `true` where there may be more now.
async fn batch(app: &App, host: &Host) -> Result<bool> {
    let its = host.clone();
    let (waiting, upto, shared, allowed) = app
        .db
        .read(move |conn| {
            let upto = known::last_position(conn)?;
            let from = known::position(conn, &its)?;
            let waiting = outgoing::for_peer(conn, &its, from, BATCH)?;
            let shared = outgoing::shared_inbox(conn, &its)?;
            Ok::<_, Error>((waiting, upto, shared, rules::exchanges(conn, &its)?))
        })
        .await?;
    // Who is not exchanged with any more is passed over: what was written meanwhile is not for them.
    let whole = (waiting.len() as i64) < BATCH;
    let end = if whole {
        upto
    } else {
        waiting.last().and_then(|last| last.position).unwrap_or(upto)
    };
    let failed = if allowed {
        send_all(app, host, &waiting, shared.as_deref()).await?
    } else {
        None
    };
    let now = app.clock.now();
    let its = host.clone();
    match failed {
        None => {
            app.db.write(move |tx| known::reached(tx, &its, end, now)).await?;
            Ok(!whole)
        }
        Some((position, trouble)) => {
            // Up to what failed everything is taken; what was taken behind it is sent again, and taken for the same.
            let before = position.saturating_sub(1);
            app.db
                .write(move |tx| {
                    known::advance(tx, &its, before)?;
                    known::failed(tx, &its, &trouble.cause, trouble.wait, now)
                })
                .await?;
            Ok(false)
        }
    }
}

/// The first activity that was not taken, by its position, and why.
type Failed = (i64, Trouble);

#[derive(Clone, Debug)]
struct Trouble {
    cause: String,
    /// Seconds that the instance asks to wait.
    wait: Option<u64>,
}

async fn send_all(
    app: &App,
    host: &Host,
    waiting: &[Waiting],
    shared: Option<&str>,
) -> Result<Option<Failed>> {
    let mut threads: Vec<Vec<&Waiting>> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for one in waiting {
        let place = *places.entry(&one.order_key).or_insert_with(|| {
            threads.push(Vec::new());
            threads.len() - 1
        });
        threads[place].push(one);
    }
    let mut under_way: FuturesUnordered<_> = FuturesUnordered::new();
    let mut rest = threads.into_iter();
    for thread in rest.by_ref().take(8) {
        under_way.push(send_thread(app, host, thread, shared));
    }
    let mut failed: Option<Failed> = None;
    while let Some(outcome) = under_way.next().await {
        if let Some((position, trouble)) = outcome? {
            if failed.as_ref().is_none_or(|(first, _)| position < *first) {
                failed = Some((position, trouble));
            }
        } else if failed.is_none()
            && let Some(thread) = rest.next()
        {
            under_way.push(send_thread(app, host, thread, shared));
        }
    }
    // What was not begun is not taken either.
    if let (Some((first, _)), Some(thread)) = (&mut failed, rest.next())
        && let Some(position) = thread.first().and_then(|one| one.position)
    {
        *first = (*first).min(position);
    }
    Ok(failed)
}

/// Sends what belongs to one thread, up to what is not taken.
async fn send_thread(
    app: &App,
    host: &Host,
    thread: Vec<&Waiting>,
    shared: Option<&str>,
) -> Result<Option<Failed>> {
    for one in thread {
        let Some(inbox) = one.inbox.as_deref().or(shared) else { continue };
        if let Some(trouble) = send(app, host, one, inbox).await? {
            return Ok(Some((one.position.unwrap_or_default(), trouble)));
        }
    }
    Ok(None)
}

/// Sends one activity; `None` where it is done with.
async fn send(app: &App, host: &Host, one: &Waiting, inbox: &str) -> Result<Option<Trouble>> {
    let url = outgoing::url(inbox)?;
    let owner = Owner::of(one.owner_kind, one.owner_id);
    let keys = keys::keys_of(app, owner).await?;
    let cx = app.context();
    let actor = app.db.read(move |conn| outgoing::owner_address(conn, &cx, owner)).await?;
    let scheme = if known::takes_rfc9421(app, host).await? {
        Scheme::Rfc9421
    } else {
        Scheme::Cavage
    };
    let mut reply = post(app, &url, one, (&keys, &actor), scheme).await?;
    if scheme == Scheme::Rfc9421 && matches!(&reply, Ok(reply) if matches!(reply.status, 400 | 401 | 403)) {
        // It may not take these after all.
        reply = post(app, &url, one, (&keys, &actor), Scheme::Cavage).await?;
        if matches!(&reply, Ok(reply) if reply.status < 300) {
            let its = host.clone();
            app.db.write(move |tx| known::remember_scheme(tx, &its, false)).await?;
        }
    }
    let trouble = |cause: String, wait| Ok(Some(Trouble { cause, wait }));
    match reply {
        Err(failure) => trouble(failure.to_string(), None),
        Ok(reply) if reply.status < 300 || reply.status == 410 => Ok(None),
        Ok(reply) if matches!(reply.status, 408 | 429) => {
            trouble(format!("status {}", reply.status), reply.retry_after)
        }
        Ok(reply) if reply.status >= 500 => {
            let (id, its, now) = (one.id, host.clone(), app.clock.now());
            let cause = format!("status {}: {}", reply.status, reply.said);
            let told = cause.clone();
            match app.db.write(move |tx| outgoing::fell_over(tx, id, &its, &told, now)).await? {
                true => {
                    tracing::warn!(%host, activity = %one.id, %cause, "an activity was parked");
                    Ok(None)
                }
                false => trouble(cause, reply.retry_after),
            }
        }
        Ok(reply) => {
            // It understood, and does not want it: sending it again changes nothing.
            tracing::info!(%host, activity = %one.id, status = reply.status, said = reply.said, "an activity was refused");
            metrics::counter!("kring_federation_refused_total").increment(1);
            Ok(None)
        }
    }
}

async fn post(
    app: &App,
    url: &url::Url,
    one: &Waiting,
    (keys, actor): (&ActorKeys, &str),
    scheme: Scheme,
) -> Result<std::result::Result<kring_activitypub::fetch::Reply, Failure>> {
    let body = one.payload.as_bytes();
    let key = (&keys.request, request_key(actor));
    let headers = signature::sign(("POST", url, body), (key.0, &key.1), scheme, asking::now(app))
        .map_err(|_| Error::internal("an activity could not be signed"))?;
    Ok(app.fetcher.post(url, &headers, body.to_vec()).await)
}
