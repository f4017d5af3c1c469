//! Networks that change their home, and what a home says of who coordinates.
//!
//! A network keeps its row, and with it everything that was written in it, whoever wrote it and wherever that is known by
//! which id. What changes is its address: the one before leads to it still, and is given to nobody else.

use std::collections::HashSet;

use kring_db::{Conn, Time, Tx};

use super::elsewhere::takes_part;
use super::seen;
use crate::accounts::{self, PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::error::{Code, Result};
use crate::networks::model::*;
use crate::networks::policy::{self, MayContinue, Standing};
use crate::networks::queries;

/// Somebody who moderates a network, as its home tells.
#[derive(Clone, Copy, Debug)]
pub struct Moderator {
    pub person: PersonId,
    pub role: MemberRole,
    /// Of a coordinator; `None` where the home does not say.
    pub since: Option<Time>,
}

/// The home of a network tells who moderates it: they are what it says, and nobody else is. People of this instance only
/// where they are members: nobody is made one by what others tell.
pub fn moderators_are(tx: &mut Tx, cx: &Context, network: NetworkId, told: &[Moderator]) -> Result<()> {
    queries::lock(tx, network)?;
    for one in told {
        if accounts::person_by_id(tx, one.person)?.host.is_empty() {
            let known = queries::membership(tx, network, one.person)?;
            if known.is_none_or(|known| known.state != MemberState::Active) {
                continue;
            }
        } else {
            takes_part(tx, cx, network, one.person)?;
        }
        becomes(tx, cx, network, one)?;
    }
    let named: HashSet<PersonId> = told.iter().map(|one| one.person).collect();
    for (person, ..) in queries::moderators(tx, network)? {
        if !named.contains(&person.id) {
            becomes(
                tx,
                cx,
                network,
                &Moderator { person: person.id, role: MemberRole::Member, since: None },
            )?;
        }
    }
    queries::recount(tx, network, cx.now())
}

fn becomes(tx: &mut Tx, cx: &Context, network: NetworkId, told: &Moderator) -> Result<()> {
    let Some(mut membership) = queries::membership(tx, network, told.person)? else { return Ok(()) };
    if membership.role != told.role {
        membership.role = told.role;
        membership.updated_at = cx.now();
        queries::save_membership(tx, &membership)?;
    }
    match (told.role, told.since) {
        // What a home tells for the future counts as now: nobody is in office before they are.
        (MemberRole::Coordinator, Some(since)) => {
            queries::put_office(tx, network, told.person, since.min(cx.now()))
        }
        _ => Ok(()),
    }
}

/// A network that lives elsewhere, for somebody of this instance who coordinates it by the copy that stands here.
pub fn continuing(conn: &mut Conn, who: &SignedIn, slug: &Slug) -> Result<(Network, MayContinue)> {
    let (network, membership) = seen(conn, &Viewer::SignedIn(who.clone()), slug)?;
    let at = Standing {
        network: &network,
        person: Some(who.person),
        membership: membership.as_ref(),
    };
    let may = policy::may_continue(&at)?;
    Ok((network, may))
}

/// Keeps an address of this instance for a network that is to come to live here.
pub fn keep_address(
    tx: &mut Tx,
    cx: &Context,
    _may: &MayContinue,
    network: NetworkId,
    slug: &Slug,
) -> Result<()> {
    match queries::other_address(tx, slug)? {
        Some(kept) if kept == network => Ok(()),
        _ if queries::slug_taken(tx, slug)? => Err(Code::SlugTaken.into()),
        _ => queries::keep_address(tx, slug, network, cx.now()),
    }
}

/// A free address of this instance for a network that was called `name` elsewhere: the same, or with a number.
pub fn free_address(conn: &mut Conn, network: NetworkId, name: &str) -> Result<Slug> {
    let fits = |text: &str| Slug::parse_new(text.to_owned()).ok();
    let plain: String = name
        .to_ascii_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(45)
        .collect();
    let plain = plain.trim_matches('-');
    let base = if fits(plain).is_some() {
        plain.to_owned()
    } else {
        format!("netwerk-{plain}")
    };
    let base: String = base.chars().take(45).collect();
    for number in 1..1_000 {
        let text = if number == 1 { base.clone() } else { format!("{base}-{number}") };
        let Some(slug) = fits(&text) else { break };
        if queries::other_address(conn, &slug)? == Some(network) || !queries::slug_taken(conn, &slug)? {
            return Ok(slug);
        }
    }
    Err(Code::SlugTaken.into())
}

/// A network comes to live on this instance. Members of here stay what they are; those of elsewhere are asked anew: they
/// are in, with the role they had, when their instance asks to follow it here.
pub fn comes_here(tx: &mut Tx, cx: &Context, network: NetworkId, slug: &Slug) -> Result<Network> {
    queries::lock(tx, network)?;
    let before = queries::by_id(tx, network)?;
    queries::move_to(tx, &before, slug, cx.now())?;
    for mut membership in queries::memberships_elsewhere(tx, network)? {
        membership.state = MemberState::Invited;
        membership.updated_at = cx.now();
        queries::save_membership(tx, &membership)?;
    }
    queries::recount(tx, network, cx.now())?;
    queries::by_id(tx, network)
}

/// A network goes to live on another instance, or from one to another. Everybody stays a member; who of here belongs to
/// it follows it there. Returns those.
pub fn goes_to(tx: &mut Tx, cx: &Context, network: NetworkId, slug: &Slug) -> Result<Vec<PersonId>> {
    queries::lock(tx, network)?;
    let before = queries::by_id(tx, network)?;
    queries::move_to(tx, &before, slug, cx.now())?;
    queries::recount(tx, network, cx.now())?;
    queries::members_here(tx, network)
}

/// The address that a network has on this instance, where it lives here, is to live here or lived here once.
pub fn address_here(conn: &mut Conn, network: NetworkId) -> Result<Option<Slug>> {
    let own = queries::by_id(conn, network)?.slug;
    if own.host().is_empty() {
        return Ok(Some(own));
    }
    let others = queries::other_addresses(conn, network)?;
    Ok(others.into_iter().rev().find(|slug| slug.host().is_empty()))
}
