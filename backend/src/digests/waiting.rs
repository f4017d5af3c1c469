//! What waits for a reader besides the news: told with a digest, and never a reason for one.

use chrono::Duration;
use kring_db::{Conn, Time};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::help;
use crate::networks::{self, MemberRole, MembersThere, Membership, Network, NetworkId};
use crate::peers::{self, PeerState};
use crate::threads::{self, AddressedPost};

/// So many of each kind are told of; the rest is counted.
const OF_ONE_KIND: usize = 5;

/// Posts are told of so long. Who reads nothing but the mail has never read anything where it counts, and would be
/// told of the same answers for ever.
const FRESH: Duration = Duration::days(14);

/// Homes are told of that did not answer for so long.
const A_WHILE: Duration = Duration::days(1);

/// What waits for somebody now, and where.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    /// Posts that are addressed to them and that they have not read, newest first.
    pub posts: Vec<(AddressedPost, Network)>,
    /// Networks that they are invited to, by name.
    pub invitations: Vec<Network>,
    /// Networks that they coordinate, and how many ask to join each; those that nobody asks are missing.
    pub requests: Vec<(Network, i64)>,
    /// Networks that they coordinate, with members at instances that took nothing for long.
    pub away: Vec<(Network, MembersThere, PeerState)>,
    /// Networks of theirs whose home does not answer, by name.
    pub silent: Vec<SilentHome>,
    /// How much more there is.
    pub more: i64,
    /// Help that fits and that no digest told of yet: a line or two.
    pub help: help::Matches,
}

/// A network that lives elsewhere, where nobody answers.
#[derive(Clone, Debug)]
pub struct SilentHome {
    pub network: Network,
    pub since: Time,
    /// The reader coordinates it, and may continue it here by now.
    pub may_continue: bool,
}

impl Waiting {
    /// Where it waits, each once.
    pub fn networks(&self) -> Vec<NetworkId> {
        let posts = self.posts.iter().map(|(_, network)| network.id);
        let invitations = self.invitations.iter().map(|network| network.id);
        let requests = self.requests.iter().map(|(network, _)| network.id);
        let away = self.away.iter().map(|(network, ..)| network.id);
        let silent = self.silent.iter().map(|home| home.network.id);
        let helped = self.help.offers.iter().map(|found| found.network.id);
        let mut found: Vec<NetworkId> =
            posts.chain(invitations).chain(requests).chain(silent).chain(away).chain(helped).collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

/// Looks up what waits for `reader`, who belongs to `mine`, to each as `own` says.
pub fn waiting_for(
    conn: &mut Conn,
    reader: PersonId,
    mine: &[Network],
    own: &[Membership],
    now: Time,
) -> Result<Waiting> {
    let ids: Vec<NetworkId> = mine.iter().map(|network| network.id).collect();
    let outside = threads::mentioned_outside(conn, reader, &ids)?;
    let within: Vec<NetworkId> = ids.iter().copied().chain(outside.iter().map(|it| it.id)).collect();
    let in_network = |id: NetworkId| mine.iter().chain(&outside).find(|network| network.id == id).cloned();
    let addressed = threads::addressed_to(conn, reader, &within, Some(now - FRESH), OF_ONE_KIND as i64)?;
    let posts: Vec<_> = addressed
        .posts
        .into_iter()
        .filter_map(|post| in_network(post.network_id).map(|network| (post, network)))
        .collect();
    let mut invitations = networks::invitations_of(conn, reader)?;
    let coordinated = own.iter().filter(|own| own.role == MemberRole::Coordinator);
    let coordinated: Vec<NetworkId> = coordinated.map(|own| own.network_id).collect();
    let asked = match coordinated.as_slice() {
        [] => Vec::new(),
        ids => networks::request_counts(conn, ids)?,
    };
    let count = |id: NetworkId| asked.iter().find(|(asked, _)| *asked == id).map(|(_, count)| *count);
    let mut requests: Vec<(Network, i64)> =
        mine.iter().filter_map(|network| Some((network.clone(), count(network.id)?))).collect();
    let mut away = away_from(conn, &coordinated, mine, now)?;
    let mut silent = silent_homes(conn, &coordinated, mine, now)?;
    let more = addressed.total - posts.len() as i64
        + cut(&mut invitations)
        + cut(&mut requests)
        + cut(&mut silent)
        + cut(&mut away);
    let belonging: Vec<(&Network, &Membership)> = mine.iter().zip(own).collect();
    let fitting = help::matches(conn, reader, &belonging)?;
    let help = a_line_or_two(help::untold(conn, reader, fitting)?);
    Ok(Waiting { posts, invitations, requests, away, silent, more, help })
}

/// Those of somebody's networks whose home does not answer, and has not for a day: a server that is started again is no
/// news.
fn silent_homes(
    conn: &mut Conn,
    coordinated: &[NetworkId],
    mine: &[Network],
    now: Time,
) -> Result<Vec<SilentHome>> {
    let mut hosts: Vec<&str> =
        mine.iter().map(|network| network.slug.host()).filter(|host| !host.is_empty()).collect();
    hosts.sort_unstable();
    hosts.dedup();
    if hosts.is_empty() {
        return Ok(Vec::new());
    }
    let silent = peers::silent(conn, &hosts)?;
    let home = |network: &Network| {
        let home = silent.iter().find(|home| home.host == network.slug.host())?;
        let since = home.since.filter(|since| *since + A_WHILE <= now)?;
        let given_up = home.continuable_at.is_some_and(|from| from <= now);
        Some(SilentHome {
            may_continue: given_up && coordinated.contains(&network.id),
            network: network.clone(),
            since,
        })
    };
    Ok(mine.iter().filter_map(home).collect())
}

/// Members at instances that took nothing for a week or more, of those networks.
fn away_from(
    conn: &mut Conn,
    coordinated: &[NetworkId],
    mine: &[Network],
    now: Time,
) -> Result<Vec<(Network, MembersThere, PeerState)>> {
    if coordinated.is_empty() {
        return Ok(Vec::new());
    }
    let there = networks::members_elsewhere(conn, coordinated)?.into_iter().map(|there| {
        let state = PeerState::since(there.failing_since, now);
        (there, state)
    });
    let long = there.filter(|(_, state)| matches!(state, PeerState::Dormant | PeerState::Dead));
    let in_network = |id: NetworkId| mine.iter().find(|network| network.id == id).cloned();
    Ok(long.filter_map(|(there, state)| Some((in_network(there.network)?, there, state))).collect())
}

/// One of each, or two of a kind: the rest has its turn in later digests.
fn a_line_or_two(mut fitting: help::Matches) -> help::Matches {
    fitting.offers.truncate(2 - fitting.networks.len().min(1));
    fitting.networks.truncate(2 - fitting.offers.len());
    fitting
}

/// Keeps the first few and counts the rest.
fn cut<T>(list: &mut Vec<T>) -> i64 {
    let rest = list.len().saturating_sub(OF_ONE_KIND);
    list.truncate(OF_ONE_KIND);
    rest as i64
}
