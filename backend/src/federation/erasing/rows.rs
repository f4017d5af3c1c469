//! Rows of copies, and of what was asked.

use std::collections::HashMap;

use diesel::prelude::*;
use kring_db::schema::{copies, erasure_hosts, erasures, memberships, peers};
use kring_db::{Conn, Time, Tx, each_dialect, id_type, word_type};

use crate::accounts::PersonId;
use crate::app::Context;
use crate::error::Result;
use crate::federation::addresses::Local;
use crate::networks::NetworkId;
use crate::peers::Host;

id_type! {
    /// A row of `erasures`.
    ErasureId
}

word_type! {
    /// What others are asked to delete: one thing, all of a network, or somebody's account.
    ErasedKind {
        Thread = "thread",
        Reply = "reply",
        Document = "document",
        Network = "network",
        Person = "person",
    }
}

word_type! {
    /// Why: it was deleted here; it no longer goes to these instances; somebody closed their account.
    ErasureReason { Deleted = "deleted", Narrowed = "narrowed", Closed = "closed" }
}

/// What others were asked to delete.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = erasures)]
pub struct Erasure {
    pub id: ErasureId,
    pub network_id: Option<NetworkId>,
    pub person_id: Option<PersonId>,
    pub subject_kind: ErasedKind,
    pub subject_id: i64,
    pub reason: ErasureReason,
    pub objects: i64,
    pub created_at: Time,
    pub asked_at: Option<Time>,
}

/// One of whom it was asked, and how that stands.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = erasure_hosts)]
pub struct Asked {
    pub host: Host,
    pub refused: i64,
    pub last_error: Option<String>,
    pub settled_at: Option<Time>,
}

/// An erasure, of how many it was asked, how many confirmed all of it, and how many did not take some of it.
#[derive(Clone, Debug)]
pub struct ErasureRow {
    pub erasure: Erasure,
    pub asked: i64,
    pub confirmed: i64,
    pub refused: i64,
}

/// Something about to be asked.
#[derive(Clone, Copy, Debug)]
pub struct New {
    pub network: Option<NetworkId>,
    pub person: Option<PersonId>,
    pub subject: (ErasedKind, i64),
    pub reason: ErasureReason,
    pub objects: i64,
}

/// The row that a thing has here.
pub fn subject(of: &Local) -> Option<(ErasedKind, i64)> {
    match of {
        Local::Thread(id) => Some((ErasedKind::Thread, id.0)),
        Local::Reply(id) => Some((ErasedKind::Reply, id.0)),
        Local::Document(id) => Some((ErasedKind::Document, id.0)),
        _ => None,
    }
}

/// Notes that an instance may hold what is written in a network from now on, whatever it was asked before.
pub fn holds(tx: &mut Tx, cx: &Context, network: NetworkId, host: &Host) -> Result<()> {
    let row = copies::table.find((network, host));
    if diesel::update(row).set(copies::asked_at.eq(None::<Time>)).execute(tx.conn())? == 0 {
        each_dialect!(tx.conn(), |c| {
            diesel::insert_into(copies::table)
                .values((copies::network_id.eq(network), copies::host.eq(host), copies::since.eq(cx.now())))
                .on_conflict_do_nothing()
                .execute(c)
        })?;
    }
    Ok(())
}

/// Instances that may hold what is written in a network, and were not asked to delete all of it.
pub fn holders(conn: &mut Conn, network: NetworkId) -> Result<Vec<Host>> {
    let held = copies::table.filter(copies::network_id.eq(network).and(copies::asked_at.is_null()));
    Ok(held.order(copies::host).select(copies::host).load(conn)?)
}

/// The same of every network that somebody belongs to, or did.
pub fn who_know(conn: &mut Conn, person: PersonId) -> Result<Vec<Host>> {
    let theirs = memberships::table.filter(memberships::person_id.eq(person)).select(memberships::network_id);
    let held = copies::table.filter(copies::network_id.eq_any(theirs).and(copies::asked_at.is_null()));
    Ok(held.order(copies::host).select(copies::host).distinct().load(conn)?)
}

/// A network and an instance that may hold it.
pub type Hold = (NetworkId, Host);

/// Everything that is held, of one network or of all, in order.
pub fn held(conn: &mut Conn, only: Option<NetworkId>) -> Result<Vec<Hold>> {
    let mut held = copies::table.filter(copies::asked_at.is_null()).into_boxed();
    if let Some(network) = only {
        held = held.filter(copies::network_id.eq(network));
    }
    let order = (copies::network_id, copies::host);
    Ok(held.order(order).select((copies::network_id, copies::host)).load(conn)?)
}

/// Notes that instances were asked to delete all of a network.
pub fn let_go(tx: &mut Tx, cx: &Context, network: NetworkId, hosts: &[Host]) -> Result<()> {
    let held = copies::table.filter(copies::network_id.eq(network).and(copies::host.eq_any(hosts)));
    diesel::update(held).set(copies::asked_at.eq(cx.now())).execute(tx.conn())?;
    Ok(())
}

/// How many rows are written in one statement.
const AT_ONCE: usize = 500;

/// Writes down that these are asked; `None` where there is nobody to ask.
pub fn begin(tx: &mut Tx, cx: &Context, new: &New, hosts: &[Host]) -> Result<Option<ErasureId>> {
    // Who was never met has no place in the row: nothing was ever sent there.
    let met: Vec<Host> =
        peers::table.filter(peers::host.eq_any(hosts)).select(peers::host).load(tx.conn())?;
    if met.is_empty() {
        return Ok(None);
    }
    let id: ErasureId = cx.id();
    diesel::insert_into(erasures::table)
        .values((
            erasures::id.eq(id),
            erasures::network_id.eq(new.network),
            erasures::person_id.eq(new.person),
            erasures::subject_kind.eq(new.subject.0),
            erasures::subject_id.eq(new.subject.1),
            erasures::reason.eq(new.reason),
            erasures::objects.eq(new.objects),
            erasures::created_at.eq(cx.now()),
        ))
        .execute(tx.conn())?;
    for some in met.chunks(AT_ONCE) {
        let rows: Vec<_> = some
            .iter()
            .map(|host| {
                (erasure_hosts::erasure_id.eq(id), erasure_hosts::host.eq(host), erasure_hosts::refused.eq(0))
            })
            .collect();
        each_dialect!(tx.conn(), |c| diesel::insert_into(erasure_hosts::table).values(rows).execute(c))?;
    }
    Ok(Some(id))
}

/// Everything is asked now.
pub fn all_asked(tx: &mut Tx, cx: &Context, id: ErasureId) -> Result<()> {
    diesel::update(erasures::table.find(id))
        .set(erasures::asked_at.eq(cx.now()))
        .execute(tx.conn())?;
    Ok(())
}

/// So many more things are asked.
pub fn more_asked(tx: &mut Tx, id: ErasureId, count: i64) -> Result<()> {
    diesel::update(erasures::table.find(id))
        .set(erasures::objects.eq(erasures::objects + count))
        .execute(tx.conn())?;
    Ok(())
}

pub fn erasure(conn: &mut Conn, id: ErasureId) -> Result<Option<Erasure>> {
    Ok(erasures::table.find(id).select(Erasure::as_select()).first(conn).optional()?)
}

/// Whose erasures are wanted.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    All,
    Network(NetworkId),
    Person(PersonId),
}

/// Erasures, newest first; one more than `limit`.
pub fn listed(
    conn: &mut Conn,
    whose: Whose,
    after: Option<ErasureId>,
    limit: i64,
) -> Result<Vec<ErasureRow>> {
    let mut found = erasures::table.select(Erasure::as_select()).into_boxed();
    match whose {
        Whose::All => {}
        Whose::Network(network) => found = found.filter(erasures::network_id.eq(network)),
        Whose::Person(person) => found = found.filter(erasures::person_id.eq(person)),
    }
    if let Some(after) = after {
        found = found.filter(erasures::id.lt(after));
    }
    let found: Vec<Erasure> = found.order(erasures::id.desc()).limit(limit + 1).load(conn)?;
    let ids: Vec<ErasureId> = found.iter().map(|erasure| erasure.id).collect();
    let asked = counted(conn, &ids, Answer::Any)?;
    let confirmed = counted(conn, &ids, Answer::Taken)?;
    let refused = counted(conn, &ids, Answer::Refused)?;
    let row = |erasure: Erasure| {
        let of = |counts: &HashMap<ErasureId, i64>| counts.get(&erasure.id).copied().unwrap_or(0);
        ErasureRow {
            asked: of(&asked),
            confirmed: of(&confirmed),
            refused: of(&refused),
            erasure,
        }
    };
    Ok(found.into_iter().map(row).collect())
}

/// How an instance answered.
#[derive(Clone, Copy, Debug)]
enum Answer {
    Any,
    /// It took all of it.
    Taken,
    /// It did not take some of it.
    Refused,
}

/// How many instances answered so to each of these.
fn counted(conn: &mut Conn, ids: &[ErasureId], answer: Answer) -> Result<HashMap<ErasureId, i64>> {
    let asked = erasure_hosts::table
        .group_by(erasure_hosts::erasure_id)
        .select((erasure_hosts::erasure_id, diesel::dsl::count_star()))
        .filter(erasure_hosts::erasure_id.eq_any(ids));
    let counts: Vec<(ErasureId, i64)> = match answer {
        Answer::Any => asked.load(conn)?,
        Answer::Taken => asked
            .filter(erasure_hosts::settled_at.is_not_null().and(erasure_hosts::refused.eq(0)))
            .load(conn)?,
        Answer::Refused => asked.filter(erasure_hosts::refused.gt(0)).load(conn)?,
    };
    Ok(counts.into_iter().collect())
}

/// Of whom it was asked, by name; one more than `limit`. With what went wrong the last time that anything was sent there.
pub fn asked(
    conn: &mut Conn,
    id: ErasureId,
    after: Option<&Host>,
    limit: i64,
) -> Result<Vec<(Asked, Option<String>)>> {
    let mut found = erasure_hosts::table
        .left_join(peers::table.on(peers::host.eq(erasure_hosts::host)))
        .filter(erasure_hosts::erasure_id.eq(id))
        .select((Asked::as_select(), peers::last_error.nullable()))
        .into_boxed();
    if let Some(after) = after {
        found = found.filter(erasure_hosts::host.gt(after));
    }
    Ok(found.order(erasure_hosts::host).limit(limit + 1).load(conn)?)
}

/// The instances that an erasure is asked of.
pub fn hosts(conn: &mut Conn, id: ErasureId) -> Result<Vec<Host>> {
    let its = erasure_hosts::table.filter(erasure_hosts::erasure_id.eq(id));
    Ok(its.select(erasure_hosts::host).load(conn)?)
}
