//! What waits for instances, looked up for many at once: what was just written is read once for all whom it is for.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use diesel::prelude::*;
use kring_db::Conn;
use kring_db::schema::{activities, memberships, parked_deliveries, persons};

use super::claims::Peer;
use crate::error::Result;
use crate::federation::erasing::{self, ErasureId};
use crate::federation::keys::OwnerKind;
use crate::federation::known;
use crate::federation::outgoing::ActivityId;
use crate::networks::{self, MemberState, Network, NetworkId, Visibility};
use crate::peers::{Host, Instance};

/// How many activities are looked at in one go.
const BATCH: i64 = 100;

/// An activity that waits; what it says is read when it is sent.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = activities)]
pub struct Waiting {
    pub id: ActivityId,
    pub position: Option<i64>,
    pub owner_kind: OwnerKind,
    pub owner_id: i64,
    pub network_id: Option<NetworkId>,
    pub erasure_id: Option<ErasureId>,
    pub host: Option<Host>,
    /// Where to; `None`: wherever the instance takes what is for its followers.
    pub inbox: Option<String>,
    /// Those of one thread go out in their order.
    pub order_key: String,
}

/// Something to be sent to one instance.
#[derive(Clone, Debug)]
pub struct Errand {
    pub activity: Arc<Waiting>,
    /// It was tried before, and its server fell over it.
    pub tried: bool,
}

impl Errand {
    pub fn position(&self) -> i64 {
        self.activity.position.unwrap_or_default()
    }
}

/// What one instance is to get now.
#[derive(Debug)]
pub struct Plan {
    pub peer: Peer,
    pub errands: Vec<Errand>,
    /// Where it is when it took them all.
    pub end: i64,
}

/// Looks up what waits for instances.
pub fn plan(conn: &mut Conn, mut peers: Vec<Peer>) -> Result<Vec<Plan>> {
    let upto = known::last_position(conn)?;
    let mut readers = Readers::of(conn, &peers)?;
    peers.sort_by_key(|peer| peer.position);
    let mut plans = Vec::with_capacity(peers.len());
    let mut rest = peers.as_slice();
    // Most are where everybody is; those that are far behind are looked after by themselves.
    while let Some(first) = rest.first() {
        let window = window(conn, first.position, upto, &readers)?;
        readers.look_at(conn, &window)?;
        let whole = (window.len() as i64) < BATCH;
        let end = window.last().and_then(|last| last.position).filter(|_| !whole).unwrap_or(upto);
        let within = if whole {
            rest.len()
        } else {
            rest.partition_point(|peer| peer.position < end)
        };
        let (now, later) = rest.split_at(within.max(1));
        plans.extend(now.iter().map(|peer| Plan {
            errands: readers.errands(peer, &window),
            end: end.max(peer.position),
            peer: peer.clone(),
        }));
        rest = later;
    }
    for plan in plans.iter_mut().filter(|plan| plan.peer.again_at.is_some()) {
        again(conn, plan, &mut readers)?;
    }
    Ok(plans)
}

/// Activities after `position`, in order, that are for any of those who read.
fn window(conn: &mut Conn, position: i64, upto: i64, readers: &Readers) -> Result<Vec<Arc<Waiting>>> {
    let hosts: HashSet<&Host> = readers.follows.keys().chain(readers.asked.keys()).collect();
    let hosts: Vec<Option<&Host>> = hosts.into_iter().map(Some).collect();
    let networks: HashSet<NetworkId> = readers.follows.values().flatten().copied().collect();
    let networks: Vec<Option<NetworkId>> = networks.into_iter().map(Some).collect();
    let asked: HashSet<ErasureId> = readers.asked.values().flatten().copied().collect();
    let asked: Vec<Option<ErasureId>> = asked.into_iter().map(Some).collect();
    let for_them = activities::host
        .eq_any(hosts)
        .or(activities::network_id.eq_any(networks))
        .or(activities::erasure_id.eq_any(asked));
    let between = activities::position.gt(position).and(activities::position.le(upto));
    let found: Vec<Waiting> = activities::table
        .filter(between.and(for_them).assume_not_null())
        .order(activities::position)
        .limit(BATCH)
        .select(Waiting::as_select())
        .load(conn)?;
    Ok(found.into_iter().map(Arc::new).collect())
}

/// Adds what was parked and is to be tried again, as far as it is for the instance still.
fn again(conn: &mut Conn, plan: &mut Plan, readers: &mut Readers) -> Result<()> {
    let host = &plan.peer.host;
    let tried = parked_deliveries::table
        .filter(parked_deliveries::host.eq(host).and(parked_deliveries::parked_at.is_null()))
        .select(parked_deliveries::activity_id);
    let found: Vec<Waiting> = activities::table
        .filter(activities::position.le(plan.peer.position).assume_not_null())
        .filter(activities::id.eq_any(tried))
        .order(activities::position)
        .limit(BATCH)
        .select(Waiting::as_select())
        .load(conn)?;
    let mut found: Vec<Arc<Waiting>> = found.into_iter().map(Arc::new).collect();
    readers.look_at(conn, &found)?;
    // What it was asked to delete it was asked for good.
    found.retain(|one| one.erasure_id.is_some() || readers.is_for(host, one));
    plan.errands.splice(0..0, found.into_iter().map(|activity| Errand { activity, tried: true }));
    Ok(())
}

/// Who reads what, and what they fell over. Whom nothing is exchanged with is missing: what was written meanwhile is
/// not for them.
struct Readers {
    instance: Instance,
    /// What a network chose, or an admin, counts for what was written before as well.
    follows: HashMap<Host, HashSet<NetworkId>>,
    /// Networks that what was looked at is in, and is addressed to somebody whom it mentions.
    networks: HashMap<NetworkId, Network>,
    /// What they are asked to delete, whatever is exchanged with them.
    asked: HashMap<Host, Vec<ErasureId>>,
    /// Parked or not.
    fell_over: HashMap<Host, HashMap<ActivityId, bool>>,
}

impl Readers {
    fn of(conn: &mut Conn, peers: &[Peer]) -> Result<Self> {
        let instance = Instance::now(conn)?;
        let all: Vec<&Host> = peers.iter().map(|peer| &peer.host).collect();
        let asked = erasing::open(conn, &all)?;
        let hosts: Vec<&Host> =
            peers.iter().map(|peer| &peer.host).filter(|host| instance.exchanges(host)).collect();
        let mut follows: HashMap<Host, HashSet<NetworkId>> =
            hosts.iter().map(|host| ((*host).clone(), HashSet::new())).collect();
        let followed: Vec<(Host, NetworkId)> = persons::table
            .inner_join(memberships::table.on(memberships::person_id.eq(persons::id)))
            .filter(persons::host.eq_any(&hosts).and(memberships::state.eq(MemberState::Active)))
            .select((persons::host, memberships::network_id))
            .distinct()
            .load(conn)?;
        let ids: HashSet<NetworkId> = followed.iter().map(|(_, network)| *network).collect();
        let ids: Vec<NetworkId> = ids.into_iter().collect();
        let choices = networks::by_ids(conn, &ids)?;
        let choices: HashMap<NetworkId, _> =
            choices.into_iter().map(|network| (network.id, network.federates())).collect();
        for (host, network) in followed {
            let reached = choices.get(&network).is_some_and(|choice| instance.reaches(choice, &host));
            if let Some(its) = follows.get_mut(&host).filter(|_| reached) {
                its.insert(network);
            }
        }
        let mut fell_over: HashMap<Host, HashMap<ActivityId, bool>> = HashMap::new();
        let rows: Vec<(Host, ActivityId, bool)> = parked_deliveries::table
            .filter(parked_deliveries::host.eq_any(&all))
            .select((
                parked_deliveries::host,
                parked_deliveries::activity_id,
                parked_deliveries::parked_at.is_not_null(),
            ))
            .load(conn)?;
        for (host, activity, parked) in rows {
            fell_over.entry(host).or_default().insert(activity, parked);
        }
        Ok(Self {
            instance,
            follows,
            networks: HashMap::new(),
            asked,
            fell_over,
        })
    }

    /// Looks up what decides whether these still go where they are addressed.
    fn look_at(&mut self, conn: &mut Conn, these: &[Arc<Waiting>]) -> Result<()> {
        let addressed = these.iter().filter(|one| one.host.is_some()).filter_map(|one| one.network_id);
        let new: HashSet<NetworkId> = addressed.filter(|id| !self.networks.contains_key(id)).collect();
        if !new.is_empty() {
            let new: Vec<NetworkId> = new.into_iter().collect();
            let found = networks::by_ids(conn, &new)?;
            self.networks.extend(found.into_iter().map(|network| (network.id, network)));
        }
        Ok(())
    }

    /// Is something for an instance by what is exchanged with it now?
    fn is_for(&self, host: &Host, one: &Waiting) -> bool {
        let follows = self.follows.get(host);
        let follows_it = |network| follows.is_some_and(|follows| follows.contains(&network));
        match (&one.host, one.network_id) {
            (Some(whose), _) if whose != host => false,
            (Some(_), Some(network)) => follows_it(network) || self.goes_to_strangers(network, host),
            (Some(_), None) => follows.is_some(),
            (None, Some(network)) => follows_it(network),
            (None, None) => false,
        }
    }

    /// Does what mentions somebody go to their instance, where nobody follows the network? As it was asked when it was
    /// written ([`crate::federation::mentioning::deliver`]): a network may have become one for fewer since.
    fn goes_to_strangers(&self, network: NetworkId, host: &Host) -> bool {
        self.networks.get(&network).is_some_and(|network| {
            network.visibility == Visibility::Public && self.instance.reaches(&network.federates(), host)
        })
    }

    /// What of a window is for one instance, and was not taken yet.
    fn errands(&self, peer: &Peer, window: &[Arc<Waiting>]) -> Vec<Errand> {
        let asked = self.asked.get(&peer.host);
        if asked.is_none() && !self.follows.contains_key(&peer.host) {
            return Vec::new();
        }
        let ahead: HashSet<i64> = peer.took_ahead().collect();
        let fell_over = self.fell_over.get(&peer.host);
        let parked = |id| fell_over.and_then(|rows| rows.get(&id)).copied();
        window
            .iter()
            .filter(|one| one.position.is_some_and(|at| at > peer.position && !ahead.contains(&at)))
            .filter(|one| match (&one.host, one.erasure_id) {
                (Some(host), Some(_)) if *host != peer.host => false,
                (_, Some(erasure)) => asked.is_some_and(|asked| asked.contains(&erasure)),
                (_, None) => self.is_for(&peer.host, one),
            })
            .filter(|one| parked(one.id) != Some(true))
            .map(|one| Errand { activity: one.clone(), tried: parked(one.id).is_some() })
            .collect()
    }
}
