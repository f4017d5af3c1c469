//! Candidates for matches: what may fit, of which [`Interests::meets`] keeps what does.

use diesel::dsl::auto_type;
use diesel::prelude::*;
use kring_db::Conn;
use kring_db::schema::{help_asks, help_offers, memberships, network_tags, networks, persons};

use super::offers::takes;
use crate::accounts::PersonId;
use crate::error::Result;
use crate::help::model::*;
use crate::networks::{AuthorPerson, HELP_TAG, MemberState, Network, NetworkId, NetworkState, visible_to};

/// Offers of others that fit what is sought, newest first.
pub fn fitting_offers(
    conn: &mut Conn,
    viewer: PersonId,
    sought: &Interests,
    limit: i64,
) -> Result<Vec<OfferRow>> {
    let mut found = help_offers::table
        .inner_join(persons::table)
        .filter(help_offers::paused.eq(false).and(help_offers::person_id.ne(viewer)))
        .into_boxed();
    if !sought.themes.is_empty() {
        let themes = sought.themes.iter().map(ToString::to_string).collect();
        found = found.filter(takes(THEME, themes));
    }
    if !sought.municipalities.is_empty() {
        let codes = sought.municipalities.iter().map(ToString::to_string).collect();
        found = found.filter(takes(MUNICIPALITY, codes));
    }
    Ok(found
        .order(help_offers::id.desc())
        .limit(limit)
        .select((HelpOffer::as_select(), AuthorPerson::as_select()))
        .load(conn)?)
}

/// Open networks that seek help, that `viewer` may know of and has nothing to do with yet, and that fit what is
/// offered: newest first.
pub fn seeking_networks(
    conn: &mut Conn,
    viewer: PersonId,
    offered: &Interests,
    limit: i64,
) -> Result<Vec<Network>> {
    let theirs = memberships::table
        .filter(memberships::person_id.eq(viewer).and(memberships::state.eq_any(KNOWN)))
        .select(memberships::network_id);
    let mut found = networks::table
        .filter(networks::seeking_help.is_not_null().and(networks::state.ne(NetworkState::Archived)))
        .filter(visible_to(viewer))
        .filter(networks::id.ne_all(theirs))
        .into_boxed();
    if !offered.themes.is_empty() {
        let themes = offered.themes.iter().map(ToString::to_string).collect();
        found = found.filter(about(HELP_TAG, themes));
    }
    if !offered.municipalities.is_empty() {
        let codes = offered.municipalities.iter().map(ToString::to_string).collect();
        found = found.filter(about("municipality", codes));
    }
    Ok(found.order(networks::id.desc()).limit(limit).select(Network::as_select()).load(conn)?)
}

/// How somebody stands to a network that no match is to be made with: they are in it, or one of both sides said
/// something already.
const KNOWN: [MemberState; 4] =
    [MemberState::Active, MemberState::Invited, MemberState::Requested, MemberState::Removed];

/// Networks with a tag of this kind among `values`, and those with none of the kind, which take any.
#[auto_type]
fn about<'a>(kind: &'a str, values: Vec<String>) -> _ {
    let named = network_tags::table
        .filter(network_tags::kind.eq(kind))
        .filter(network_tags::value.eq_any(values))
        .select(network_tags::network_id);
    let choosy = network_tags::table.filter(network_tags::kind.eq(kind)).select(network_tags::network_id);
    networks::id.eq_any(named).or(networks::id.ne_all(choosy))
}

/// Pairs of these networks and people that are no match any more: the person has to do with the network, or the
/// network asked them.
pub fn barred(
    conn: &mut Conn,
    networks: &[NetworkId],
    people: &[PersonId],
) -> Result<Vec<(NetworkId, PersonId)>> {
    let known = memberships::table
        .filter(memberships::network_id.eq_any(networks).and(memberships::person_id.eq_any(people)))
        .filter(memberships::state.eq_any(KNOWN));
    let mut found: Vec<(NetworkId, PersonId)> =
        known.select((memberships::network_id, memberships::person_id)).load(conn)?;
    let asked = help_asks::table
        .inner_join(help_offers::table)
        .filter(help_asks::network_id.eq_any(networks).and(help_offers::person_id.eq_any(people)));
    let asked: Vec<(NetworkId, PersonId)> =
        asked.select((help_asks::network_id, help_offers::person_id)).load(conn)?;
    found.extend(asked);
    Ok(found)
}
