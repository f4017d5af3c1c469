//! Rows of what is taken over: which network, and whether it was.

use chrono::Duration;
use diesel::prelude::*;
use kring_db::schema::{memberships, persons, remote_actors};
use kring_db::{Conn, Time, Tx};

use super::Plan;
use crate::app::Context;
use crate::error::Result;
use crate::federation::actors::{self, Remote};
use crate::federation::queries;
use crate::federation::written::{self, WrittenKind};
use crate::jobs::queue::{self, JobKind};
use crate::networks::{self, MemberState, NetworkId};
use crate::threads::{self, ThreadId};

/// After so long nobody is at it any more, whatever became of it.
const LOST: Duration = Duration::days(1);

/// Somebody of this instance is in a network elsewhere now: what was written in it before is taken over, in the
/// transaction that lets them in. Nothing to do while that is under way, or where it was done for another who is still
/// in it: then everything has come since.
pub fn begin(tx: &mut Tx, cx: &Context, home: &Remote) -> Result<()> {
    let Some(network) = home.network_id else { return Ok(()) };
    let row = remote_actors::table.find(&home.uri);
    let (since, done): (Option<Time>, Option<Time>) =
        row.select((remote_actors::backfilling_since, remote_actors::backfilled_at)).first(tx.conn())?;
    let under_way = since.is_some_and(|since| cx.now() < since + LOST);
    if under_way || (done.is_some() && members_here(tx, network)? > 1) {
        return Ok(());
    }
    diesel::update(row).set(remote_actors::backfilling_since.eq(cx.now())).execute(tx.conn())?;
    queue::enqueue(tx, cx, JobKind::Backfill, &Plan::of(network), cx.now())
}

/// What was written before was never taken over to its end: it is now.
pub fn catch_up(tx: &mut Tx, cx: &Context, home: &Remote) -> Result<()> {
    match home.backfilled_at.is_none() && home.backfilling_since.is_none() {
        true => begin(tx, cx, home),
        false => Ok(()),
    }
}

fn members_here(conn: &mut Conn, network: NetworkId) -> Result<i64> {
    let here = persons::table.filter(persons::host.eq("")).select(persons::id);
    let active = memberships::network_id.eq(network).and(memberships::state.eq(MemberState::Active));
    let members = memberships::table.filter(active.and(memberships::person_id.eq_any(here)));
    Ok(members.count().get_result(conn)?)
}

/// The home of a network elsewhere, as long as somebody here belongs to it.
pub fn followed(conn: &mut Conn, network: NetworkId) -> Result<Option<Remote>> {
    match queries::followed_here(conn, network)? {
        true => actors::of_network(conn, network),
        false => Ok(None),
    }
}

/// Everything is taken over, as far as it is.
pub fn done(tx: &mut Tx, network: NetworkId, now: Time) -> Result<()> {
    diesel::update(remote_actors::table.filter(remote_actors::network_id.eq(network)))
        .set((remote_actors::backfilling_since.eq(None::<Time>), remote_actors::backfilled_at.eq(now)))
        .execute(tx.conn())?;
    Ok(())
}

/// It was tried often enough: whoever joins next begins again.
pub fn given_up(tx: &mut Tx, network: NetworkId) -> Result<()> {
    diesel::update(remote_actors::table.filter(remote_actors::network_id.eq(network)))
        .set(remote_actors::backfilling_since.eq(None::<Time>))
        .execute(tx.conn())?;
    Ok(())
}

/// The thread that something elsewhere is here.
pub fn thread(conn: &mut Conn, uri: &str) -> Result<Option<ThreadId>> {
    let known = written::by_uri(conn, uri)?;
    let thread = known.filter(|known| known.kind == WrittenKind::Thread);
    Ok(thread.map(|known| ThreadId(known.object_id)))
}

/// Those are pinned in a network elsewhere, as its home says, and no others.
pub fn pin(tx: &mut Tx, network: NetworkId, pinned: &[ThreadId]) -> Result<()> {
    let network = networks::by_id(tx, network)?;
    let may = networks::policy::home_moderates(&network)?;
    threads::pin_these(tx, &may, network.id, pinned)
}
