//! Rows of instances and of what was parked, as admins look at them.

use std::collections::HashMap;

use chrono::Duration;
use diesel::prelude::*;
use kring_db::schema::{
    activities, inbox_messages, memberships, networks, parked_deliveries, peer_rules, peers, persons,
};
use kring_db::{Conn, Time, Tx};

use super::Wanted;
use crate::accounts::policy::IsAdmin;
use crate::error::Result;
use crate::federation::inbox::MessageId;
use crate::federation::known;
use crate::federation::outgoing::ActivityId;
use crate::federation::sending::DeliveryId;
use crate::networks::{MemberState, NetworkId};
use crate::peers::{DEAD, DORMANT, Host, PeerState, Rule};
use crate::web::Paging;

/// An instance, as its row has it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = peers)]
pub struct PeerRow {
    pub host: Host,
    pub attempts: i64,
    pub next_try_at: Time,
    pub failing_since: Option<Time>,
    pub last_success_at: Option<Time>,
    pub last_error: Option<String>,
    pub software: Option<String>,
    pub software_version: Option<String>,
    pub created_at: Time,
}

/// An instance with what is counted of it.
#[derive(Clone, Debug)]
pub struct Found {
    pub row: PeerRow,
    pub rule: Option<Rule>,
    pub state: PeerState,
    /// How many activities wait for it.
    pub waiting: i64,
    /// Memberships of its people in networks here, and of people here in its networks.
    pub theirs_here: i64,
    pub ours_there: i64,
    pub parked_messages: i64,
    pub parked_deliveries: i64,
}

fn blocked(conn: &mut Conn) -> Result<Vec<Host>> {
    let blocked = peer_rules::table.filter(peer_rules::rule.eq(Rule::Block));
    Ok(blocked.select(peer_rules::host).load(conn)?)
}

/// A piece of the list, by name; one more than asked for.
pub fn peers(conn: &mut Conn, wanted: &Wanted, paging: &Paging<Host>, now: Time) -> Result<Vec<Found>> {
    let blocked = blocked(conn)?;
    let mut rows = peers::table.select(PeerRow::as_select()).order(peers::host).into_boxed();
    let since = peers::failing_since;
    rows = match wanted.state {
        None => rows,
        Some(PeerState::Blocked) => rows.filter(peers::host.eq_any(blocked)),
        Some(state) => {
            let rows = rows.filter(peers::host.ne_all(blocked));
            match state {
                PeerState::Failing => rows.filter(since.gt(now - DORMANT)),
                PeerState::Dormant => rows.filter(since.le(now - DORMANT).and(since.gt(now - DEAD))),
                PeerState::Dead => rows.filter(since.le(now - DEAD)),
                PeerState::Ok | PeerState::Blocked => rows.filter(since.is_null()),
            }
        }
    };
    if let Some(name) = &wanted.name {
        // Names of hosts have neither of the letters that LIKE knows.
        rows = rows.filter(peers::host.like(format!("%{name}%")));
    }
    if let Some(after) = &paging.after {
        rows = rows.filter(peers::host.gt(after));
    }
    let rows = rows.limit(paging.limit + 1).load(conn)?;
    counted(conn, rows, now)
}

pub fn peer(conn: &mut Conn, host: &Host, now: Time) -> Result<Option<Found>> {
    let row = peers::table.find(host).select(PeerRow::as_select()).first(conn).optional()?;
    Ok(counted(conn, row.into_iter().collect(), now)?.pop())
}

type Counts = HashMap<Host, i64>;

/// What is counted of instances, of all of them at once.
fn counted(conn: &mut Conn, rows: Vec<PeerRow>, now: Time) -> Result<Vec<Found>> {
    let hosts: Vec<&Host> = rows.iter().map(|row| &row.host).collect();
    let rules: Vec<(Host, Rule)> = peer_rules::table
        .filter(peer_rules::host.eq_any(&hosts))
        .select((peer_rules::host, peer_rules::rule))
        .load(conn)?;
    let rules: HashMap<Host, Rule> = rules.into_iter().collect();
    let active = memberships::state.eq(MemberState::Active);
    let theirs: Vec<(Host, i64)> = memberships::table
        .inner_join(persons::table.on(persons::id.eq(memberships::person_id)))
        .filter(active.and(persons::host.eq_any(&hosts)))
        .group_by(persons::host)
        .select((persons::host, diesel::dsl::count_star()))
        .load(conn)?;
    let ours: Vec<(Host, i64)> = memberships::table
        .inner_join(networks::table)
        .inner_join(persons::table.on(persons::id.eq(memberships::person_id)))
        .filter(active.and(networks::host.eq_any(&hosts)).and(persons::host.eq("")))
        .group_by(networks::host)
        .select((networks::host, diesel::dsl::count_star()))
        .load(conn)?;
    let parked_in: Vec<(Host, i64)> = inbox_messages::table
        .filter(inbox_messages::parked_at.is_not_null().and(inbox_messages::host.eq_any(&hosts)))
        .group_by(inbox_messages::host)
        .select((inbox_messages::host, diesel::dsl::count_star()))
        .load(conn)?;
    let parked_out: Vec<(Host, i64)> = parked_deliveries::table
        .filter(parked_deliveries::parked_at.is_not_null().and(parked_deliveries::host.eq_any(&hosts)))
        .group_by(parked_deliveries::host)
        .select((parked_deliveries::host, diesel::dsl::count_star()))
        .load(conn)?;
    let waiting = waiting(conn, Some(&hosts))?;
    let [theirs, ours, parked_in, parked_out] =
        [theirs, ours, parked_in, parked_out].map(|counts| counts.into_iter().collect::<Counts>());
    let of = |counts: &Counts, host: &Host| counts.get(host).copied().unwrap_or(0);
    Ok(rows
        .into_iter()
        .map(|row| {
            let (host, rule) = (&row.host, rules.get(&row.host).copied());
            let state = match rule {
                Some(Rule::Block) => PeerState::Blocked,
                _ => PeerState::since(row.failing_since, now),
            };
            Found {
                rule,
                state,
                // What was written meanwhile is not for who is blocked.
                waiting: if state == PeerState::Blocked { 0 } else { of(&waiting, host) },
                theirs_here: of(&theirs, host),
                ours_there: of(&ours, host),
                parked_messages: of(&parked_in, host),
                parked_deliveries: of(&parked_out, host),
                row,
            }
        })
        .collect())
}

/// How many activities wait for each of these, or for each there is: those that wait for nothing are missing. What was
/// written is read once, however many read it.
fn waiting(conn: &mut Conn, hosts: Option<&[&Host]>) -> Result<Counts> {
    let behind = peers::position.lt(peers::wanted);
    let after = activities::position.gt(peers::position.nullable()).assume_not_null();
    let mut places =
        peers::table.filter(behind).select((peers::host, peers::position, peers::ahead)).into_boxed();
    let mut told = peers::table
        .inner_join(activities::table.on(activities::host.eq(peers::host.nullable()).assume_not_null()))
        .filter(behind.and(after))
        .group_by(peers::host)
        .select((peers::host, diesel::dsl::count_star()))
        .into_boxed();
    let mut followed = peers::table
        .inner_join(persons::table.on(persons::host.eq(peers::host)))
        .inner_join(memberships::table.on(memberships::person_id.eq(persons::id)))
        .filter(behind.and(memberships::state.eq(MemberState::Active)))
        // Several people of one instance may follow the same network.
        .select((peers::host, memberships::network_id))
        .distinct()
        .into_boxed();
    if let Some(hosts) = hosts {
        places = places.filter(peers::host.eq_any(hosts.to_vec()));
        told = told.filter(peers::host.eq_any(hosts.to_vec()));
        followed = followed.filter(peers::host.eq_any(hosts.to_vec()));
    }
    let places: Vec<(Host, i64, String)> = places.load(conn)?;
    let Some(first) = places.iter().map(|(_, position, _)| *position).min() else {
        return Ok(Counts::new());
    };
    let told: Vec<(Host, i64)> = told.load(conn)?;
    let mut counts: Counts = told.into_iter().collect();
    let followed: Vec<(Host, NetworkId)> = followed.load(conn)?;
    let written = written_in(conn, &followed, first)?;
    let places: HashMap<&Host, (i64, i64)> = places
        .iter()
        .map(|(host, position, ahead)| (host, (*position, ahead.split_whitespace().count() as i64)))
        .collect();
    for (host, network) in followed {
        let (Some((place, _)), Some(positions)) = (places.get(&host), written.get(&network)) else {
            continue;
        };
        *counts.entry(host).or_default() +=
            positions.len() as i64 - positions.partition_point(|at| at <= place) as i64;
    }
    for (host, (_, ahead)) in places {
        counts.entry(host.clone()).and_modify(|count| *count = (*count - ahead).max(0));
    }
    counts.retain(|_, count| *count > 0);
    Ok(counts)
}

/// The positions of what was written in the networks of these pairs since one, in their order.
fn written_in(
    conn: &mut Conn,
    followed: &[(Host, NetworkId)],
    since: i64,
) -> Result<HashMap<NetworkId, Vec<i64>>> {
    let mut networks: Vec<NetworkId> = followed.iter().map(|(_, network)| *network).collect();
    networks.sort_unstable();
    networks.dedup();
    let mut found: HashMap<NetworkId, Vec<i64>> = HashMap::new();
    if networks.is_empty() {
        return Ok(found);
    }
    let theirs = activities::network_id.eq_any(networks).and(activities::position.gt(since));
    // What is addressed to one instance is counted there.
    let rows: Vec<(Option<NetworkId>, Option<i64>)> = activities::table
        .filter(theirs.assume_not_null().and(activities::host.is_null()))
        .order(activities::position)
        .select((activities::network_id, activities::position))
        .load(conn)?;
    for (network, position) in rows {
        if let (Some(network), Some(position)) = (network, position) {
            found.entry(network).or_default().push(position);
        }
    }
    Ok(found)
}

/// A message that could not be taken.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = inbox_messages)]
pub struct ParkedMessage {
    pub id: MessageId,
    pub host: Host,
    pub body: String,
    pub attempts: i64,
    pub last_error: Option<String>,
    pub parked_at: Option<Time>,
    pub created_at: Time,
}

pub fn parked_messages(
    conn: &mut Conn,
    host: Option<&Host>,
    paging: &Paging<MessageId>,
) -> Result<Vec<ParkedMessage>> {
    let mut rows = inbox_messages::table
        .filter(inbox_messages::parked_at.is_not_null().and(inbox_messages::done_at.is_null()))
        .order(inbox_messages::id)
        .select(ParkedMessage::as_select())
        .into_boxed();
    if let Some(host) = host {
        rows = rows.filter(inbox_messages::host.eq(host));
    }
    if let Some(after) = paging.after {
        rows = rows.filter(inbox_messages::id.gt(after));
    }
    Ok(rows.limit(paging.limit + 1).load(conn)?)
}

pub fn retry_message(tx: &mut Tx, _may: &IsAdmin, id: MessageId, now: Time) -> Result<bool> {
    let parked = inbox_messages::table.filter(
        inbox_messages::id
            .eq(id)
            .and(inbox_messages::parked_at.is_not_null())
            .and(inbox_messages::done_at.is_null()),
    );
    let changed = diesel::update(parked)
        .set((
            inbox_messages::parked_at.eq(None::<Time>),
            inbox_messages::last_error.eq(None::<String>),
            inbox_messages::attempts.eq(0),
            inbox_messages::run_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Its id is remembered like that of any other: the same is not taken when it comes again.
pub fn drop_message(tx: &mut Tx, _may: &IsAdmin, id: MessageId, now: Time) -> Result<bool> {
    let parked = inbox_messages::table.filter(
        inbox_messages::id
            .eq(id)
            .and(inbox_messages::parked_at.is_not_null())
            .and(inbox_messages::done_at.is_null()),
    );
    let changed = diesel::update(parked)
        .set((
            inbox_messages::parked_at.eq(None::<Time>),
            inbox_messages::done_at.eq(now),
            inbox_messages::body.eq(""),
        ))
        .execute(tx.conn())?;
    Ok(changed == 1)
}

/// Something that an instance fell over.
#[derive(Clone, Debug, Queryable)]
pub struct ParkedDelivery {
    pub id: DeliveryId,
    pub host: Host,
    pub attempts: i64,
    pub last_error: String,
    pub parked_at: Option<Time>,
    pub payload: String,
    pub created_at: Time,
}

pub fn parked_deliveries(
    conn: &mut Conn,
    host: Option<&Host>,
    paging: &Paging<DeliveryId>,
) -> Result<Vec<ParkedDelivery>> {
    let mut rows = parked_deliveries::table
        .inner_join(activities::table.on(activities::id.eq(parked_deliveries::activity_id)))
        .filter(parked_deliveries::parked_at.is_not_null())
        .order(parked_deliveries::id)
        .select((
            parked_deliveries::id,
            parked_deliveries::host,
            parked_deliveries::attempts,
            parked_deliveries::last_error,
            parked_deliveries::parked_at,
            activities::payload,
            activities::created_at,
        ))
        .into_boxed();
    if let Some(host) = host {
        rows = rows.filter(parked_deliveries::host.eq(host));
    }
    if let Some(after) = paging.after {
        rows = rows.filter(parked_deliveries::id.gt(after));
    }
    Ok(rows.limit(paging.limit + 1).load(conn)?)
}

/// It is sent with what is next for its instance, which is tried now.
pub fn retry_delivery(tx: &mut Tx, _may: &IsAdmin, id: DeliveryId, now: Time) -> Result<bool> {
    let row = parked_deliveries::table
        .filter(parked_deliveries::id.eq(id).and(parked_deliveries::parked_at.is_not_null()));
    let Some(host) = row.select(parked_deliveries::host).first::<Host>(tx.conn()).optional()? else {
        return Ok(false);
    };
    diesel::update(row)
        .set((parked_deliveries::parked_at.eq(None::<Time>), parked_deliveries::attempts.eq(0)))
        .execute(tx.conn())?;
    diesel::update(peers::table.find(&host))
        .set((peers::again_at.eq(now), peers::next_try_at.eq(now)))
        .execute(tx.conn())?;
    Ok(true)
}

pub fn drop_delivery(tx: &mut Tx, _may: &IsAdmin, id: DeliveryId) -> Result<bool> {
    known::lock(tx)?;
    let row = parked_deliveries::table
        .filter(parked_deliveries::id.eq(id).and(parked_deliveries::parked_at.is_not_null()));
    let found: Option<(Host, ActivityId)> = row
        .select((parked_deliveries::host, parked_deliveries::activity_id))
        .first(tx.conn())
        .optional()?;
    let Some((host, activity)) = found else { return Ok(false) };
    diesel::delete(row).execute(tx.conn())?;
    // Where its instance has not come so far yet, it counts as taken.
    let position: Option<i64> =
        activities::table.find(activity).select(activities::position).first(tx.conn())?;
    let place: (i64, String) =
        peers::table.find(&host).select((peers::position, peers::ahead)).first(tx.conn())?;
    if let (Some(position), (at, ahead)) = (position, place)
        && position > at
    {
        let ahead = format!("{ahead} {position}");
        diesel::update(peers::table.find(&host))
            .set(peers::ahead.eq(ahead.trim()))
            .execute(tx.conn())?;
    }
    Ok(true)
}

/// How federation is, in numbers.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Instances by how they are.
    pub peers: Vec<(PeerState, i64)>,
    pub waiting_in: i64,
    pub parked_out: i64,
    pub parked_in: i64,
    /// Since when the message that waits longest does.
    pub oldest_in: Option<Time>,
}

/// How much waits for all instances together.
pub fn waiting_out(conn: &mut Conn) -> Result<i64> {
    Ok(waiting(conn, None)?.values().sum())
}

/// For who watches the instance: what is quickly counted. What waits for others is in [`super::Backlog`].
pub fn totals(conn: &mut Conn, now: Time) -> Result<Totals> {
    let blocked = blocked(conn)?;
    let rows: Vec<(Host, Option<Time>)> =
        peers::table.select((peers::host, peers::failing_since)).load(conn)?;
    let mut by_state: HashMap<PeerState, i64> = PeerState::ALL.iter().map(|state| (*state, 0)).collect();
    for (host, since) in rows {
        let state = match blocked.contains(&host) {
            true => PeerState::Blocked,
            false => PeerState::since(since, now),
        };
        *by_state.entry(state).or_default() += 1;
    }
    let open = inbox_messages::done_at.is_null().and(inbox_messages::parked_at.is_null());
    let parked_in = inbox_messages::parked_at.is_not_null().and(inbox_messages::done_at.is_null());
    Ok(Totals {
        peers: by_state.into_iter().collect(),
        waiting_in: inbox_messages::table.filter(open).count().get_result(conn)?,
        parked_out: parked_deliveries::table
            .filter(parked_deliveries::parked_at.is_not_null())
            .count()
            .get_result(conn)?,
        parked_in: inbox_messages::table.filter(parked_in).count().get_result(conn)?,
        oldest_in: inbox_messages::table
            .filter(open)
            .order(inbox_messages::id)
            .select(inbox_messages::created_at)
            .first(conn)
            .optional()?,
    })
}

/// How long what an instance says of its software is believed.
const FRESH: Duration = Duration::days(1);

/// An instance that is to be asked what it runs, if any: nobody else asks it for a day.
pub fn claim_visit(tx: &mut Tx, now: Time) -> Result<Option<Host>> {
    let Some(host) = any_visit(tx, now)? else { return Ok(None) };
    let row =
        peers::table.filter(peers::host.eq(&host).and(peers::software_due_at.le(now).assume_not_null()));
    let claimed = diesel::update(row).set(peers::software_due_at.eq(now + FRESH)).execute(tx.conn())?;
    Ok((claimed == 1).then_some(host))
}

/// Is there one? Those that do not answer anyway are left alone.
pub fn any_visit(conn: &mut Conn, now: Time) -> Result<Option<Host>> {
    let awake = peers::failing_since.is_null().or(peers::failing_since.gt(now - DORMANT).assume_not_null());
    let due = peers::table.filter(peers::software_due_at.le(now).assume_not_null().and(awake));
    Ok(due.order(peers::software_due_at).select(peers::host).first(conn).optional()?)
}

pub fn put_software(tx: &mut Tx, host: &Host, (name, version): (&str, &str)) -> Result<()> {
    diesel::update(peers::table.find(host))
        .set((peers::software.eq(name), peers::software_version.eq(version)))
        .execute(tx.conn())?;
    Ok(())
}
