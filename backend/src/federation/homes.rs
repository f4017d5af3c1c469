//! Whether the homes of networks that people here belong to are still there.
//!
//! To whom nothing is sent, of those no failure shows: so each home is looked at now and then, by asking for a network of
//! it, signed. It is there while it answers with that, or with anything that a server of the fediverse says of itself; a
//! page of whoever has the name now is no answer. Invariants: what this instance exchanges nothing with is not looked at;
//! what sends something here that is signed is there; how long a home is silent is counted by what was seen here, never
//! by what others say.

use chrono::Duration;
use diesel::prelude::*;
use kring_activitypub::fetch::Wanted;
use kring_activitypub::signature::Headers;
use kring_activitypub::wire;
use kring_db::schema::{memberships, networks as network_rows, peers, persons};
use kring_db::{Conn, Time, Tx};
use url::Url;

use super::{
    actors, articles, asking, backfill, coordinators, hearing, known, moves, moving, notices, queries, rules,
};
use crate::app::{App, Context};
use crate::error::{Error, Result};
use crate::networks::MemberState;
use crate::peers::Host;

/// How often a home is looked at.
const EVERY: Duration = Duration::hours(6);

/// How often one that is silent.
const SOON: Duration = Duration::hours(1);

/// Looks at every home whose turn it is, and says whether there was any.
pub async fn look(app: &App) -> Result<bool> {
    let _one = app.looking.lock().await;
    let now = app.clock.now();
    let due = app.db.read(move |conn| due(conn, now)).await?;
    for (host, seen) in &due {
        let (its, seen) = (host.clone(), *seen);
        if app.db.write(move |tx| claim(tx, &its, seen, now)).await? {
            visit(app, host).await?;
        }
    }
    Ok(!due.is_empty())
}

/// Homes of networks that people here belong to, or that somebody says they continue, and that nobody looked at for a while;
/// each with when somebody did.
fn due(conn: &mut Conn, now: Time) -> Result<Vec<(Host, Option<Time>)>> {
    let here = persons::table.filter(persons::host.eq("")).select(persons::id);
    let followed = memberships::table
        .filter(memberships::state.eq(MemberState::Active).and(memberships::person_id.eq_any(here)))
        .select(memberships::network_id);
    let elsewhere = network_rows::host.ne("").and(network_rows::id.eq_any(followed));
    let homes = network_rows::table.filter(elsewhere).select(network_rows::host);
    // Whether or not the network lives there still: what waits is to be decided about.
    let continued = moves::waited_for(conn)?;
    let often = peers::looked_at.le(now - EVERY).assume_not_null();
    let soon = peers::silent_since.is_not_null().and(peers::looked_at.le(now - SOON).assume_not_null());
    let turn = peers::looked_at.is_null().or(often).or(soon);
    Ok(peers::table
        .filter(peers::host.eq_any(homes).or(peers::host.eq_any(continued)).and(turn))
        .order(peers::host)
        .limit(100)
        .select((peers::host, peers::looked_at))
        .load(conn)?)
}

/// Makes a look this worker's; `false` where another was quicker.
fn claim(tx: &mut Tx, host: &Host, seen: Option<Time>, now: Time) -> Result<bool> {
    let row = peers::table.filter(peers::host.eq(host));
    let looked = match seen {
        Some(seen) => diesel::update(row.filter(peers::looked_at.eq(seen)))
            .set(peers::looked_at.eq(now))
            .execute(tx.conn())?,
        None => diesel::update(row.filter(peers::looked_at.is_null()))
            .set(peers::looked_at.eq(now))
            .execute(tx.conn())?,
    };
    Ok(looked == 1)
}

/// Looks at a home now, and notes what was seen.
async fn visit(app: &App, host: &Host) -> Result<()> {
    let its = host.clone();
    if !app.db.read(move |conn| rules::exchanges(conn, &its)).await? {
        return Ok(());
    }
    if answers(app, host).await? {
        hearing::give_up(app, host).await?;
        let its = host.clone();
        let homes = app.db.read(move |conn| actors::networks_at(conn, &its)).await?;
        for home in homes {
            if let Err(cause) = coordinators::refresh(app, &home, None).await {
                tracing::warn!(network = home.uri, %cause, "who moderates a network could not be kept");
            }
            // What was given up while it was away, or came while this instance was, is fetched now.
            app.write_for_anyone(move |tx, cx| catch_up(tx, cx, &home)).await?;
        }
        return Ok(());
    }
    // Who continues a network of it may have said so before its time.
    hearing::again(app, host).await
}

fn catch_up(tx: &mut Tx, cx: &Context, home: &actors::Remote) -> Result<()> {
    let Some(network) = home.network_id else { return Ok(()) };
    if queries::followed_here(tx, network)? {
        articles::wake(tx, cx, network)?;
        backfill::catch_up(tx, cx, home)?;
    }
    Ok(())
}

/// Does a home answer? Asked now, whenever it was asked last; what is seen is noted.
pub async fn answers(app: &App, host: &Host) -> Result<bool> {
    let its = host.clone();
    let homes = app.db.read(move |conn| actors::networks_at(conn, &its)).await?;
    let mut there = false;
    for home in homes.iter().take(3) {
        let Some(address) = wire::address(&home.uri) else { continue };
        there = there || asking::object(app, &address).await?.is_ok();
    }
    let there = there || tells_of_itself(app, host).await;
    let its = host.clone();
    app.write_for_anyone(move |tx, cx| match there {
        true => speaks(tx, cx, &its),
        false => silent(tx, cx, &its),
    })
    .await?;
    Ok(there)
}

/// Does a server say what runs on it (NodeInfo)?
pub async fn tells_of_itself(app: &App, host: &Host) -> bool {
    let scheme = if app.config.dev_federation { "http" } else { "https" };
    let Some(url) = wire::address(&format!("{scheme}://{host}/.well-known/nodeinfo")) else {
        return false;
    };
    let unsigned = |_: &Url| Some(Headers::default());
    let answer = app.fetcher.get(&url, Wanted::Json, &unsigned).await;
    answer.is_ok_and(|answer| wire::object(&answer.body).is_ok_and(|told| told.contains_key("links")))
}

/// An instance is there.
pub fn speaks(tx: &mut Tx, cx: &Context, host: &Host) -> Result<()> {
    let Some(since) = silent_since(tx, host)? else { return Ok(()) };
    let silent = peers::table.filter(peers::host.eq(host).and(peers::silent_since.eq(since)));
    let never = None::<Time>;
    let back = diesel::update(silent)
        .set((peers::silent_since.eq(never), peers::continuable_at.eq(never), peers::told_at.eq(never)))
        .execute(tx.conn())?;
    if back > 0 {
        tracing::info!(%host, "an instance where networks live answers again");
        known::alive(tx, host, cx.now())?;
        moving::returned(tx, cx, host, since)?;
    }
    Ok(())
}

/// An instance did not answer. Once that lasts, coordinators here are told what they can do.
fn silent(tx: &mut Tx, cx: &Context, host: &Host) -> Result<()> {
    let row = peers::table.find(host).select((peers::silent_since, peers::told_at));
    let known: Option<(Option<Time>, Option<Time>)> = row.first(tx.conn()).optional()?;
    let Some((since, told)) = known else { return Ok(()) };
    if since.is_none() {
        tracing::warn!(%host, "an instance where networks live does not answer");
    }
    let since = since.unwrap_or(cx.now());
    let tell = told.is_none() && since + wait(cx) <= cx.now();
    diesel::update(peers::table.find(host))
        .set((
            peers::silent_since.eq(since),
            peers::continuable_at.eq(since + wait(cx)),
            peers::told_at.eq(if tell { Some(cx.now()) } else { told }),
        ))
        .execute(tx.conn())?;
    if tell { notices::may_continue(tx, cx, host) } else { Ok(()) }
}

/// How long a home is to be silent before its networks are continued elsewhere.
pub fn wait(cx: &Context) -> Duration {
    Duration::days(cx.config().home_unreachable_days.into())
}

/// Since when an instance is silent.
pub fn silent_since(conn: &mut Conn, host: &Host) -> Result<Option<Time>> {
    let row = peers::table.find(host).select(peers::silent_since);
    Ok(row.first::<Option<Time>>(conn).optional()?.flatten())
}

/// Is an instance silent for long enough?
pub fn given_up(conn: &mut Conn, cx: &Context, host: &Host) -> Result<bool> {
    Ok(silent_since(conn, host)?.is_some_and(|since| since + wait(cx) <= cx.now()))
}

/// The host of an address that stands in a row.
pub fn host_of(address: &str) -> Result<Host> {
    let host = wire::address(address).as_ref().and_then(Host::of);
    host.ok_or_else(|| Error::internal("a stored address has no host"))
}
