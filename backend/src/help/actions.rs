//! What is done with help, one function a use.

use chrono::Duration;
use kring_db::{Conn, JsonText, Tx};

use super::model::*;
use super::policy;
use super::queries;
use crate::accounts::{PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::error::{Code, Error, Fault, NOT_FOUND, Result};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::networks::policy::Standing;
use crate::networks::{self, MemberRole, Membership, Network, NetworkId, NetworkState, Subjects};
use crate::web::IfMatch;

/// So many networks and offers are looked at for matches.
const CANDIDATES: i64 = 100;

/// So many asks of networks are shown with an offer.
const ASKS: i64 = 50;

/// How long an ask counts.
const DAY: Duration = Duration::hours(24);

/// Makes an offer.
pub fn offer(tx: &mut Tx, cx: &Context, who: &SignedIn, new: &NewOffer) -> Result<OfferRow> {
    policy::may_offer(queries::count_of(tx, who.person)?)?;
    known_municipalities(tx, &new.interests)?;
    let offer = HelpOffer {
        id: cx.id(),
        person_id: who.person,
        sentence: new.sentence.clone(),
        language: new.language.clone(),
        themes: JsonText::of(&new.interests.themes),
        municipalities: JsonText::of(&new.interests.municipalities),
        paused: false,
        created_at: cx.now(),
        updated_at: cx.now(),
        version: 1,
    };
    queries::insert(tx, &offer)?;
    queries::offer(tx, offer.id)?.ok_or(NOT_FOUND)
}

/// An offer of the demo, at the moment of `cx`.
pub fn offer_for_demo(tx: &mut Tx, cx: &Context, who: &SignedIn, new: &NewOffer) -> Result<()> {
    offer(tx, cx, who, new).map(|_| ())
}

fn known_municipalities(conn: &mut Conn, interests: &Interests) -> Result<()> {
    let municipalities = interests.municipalities.clone();
    networks::known_municipalities(conn, &Subjects { municipalities, ..Subjects::default() })
}

/// Offers, newest first.
pub fn list(
    conn: &mut Conn,
    who: &SignedIn,
    filter: &OfferFilter,
    after: Option<HelpOfferId>,
    limit: i64,
) -> Result<Vec<OfferRow>> {
    queries::listed(conn, who.person, filter, after, limit)
}

/// One offer; to its owner also which networks asked.
pub fn read(
    conn: &mut Conn,
    who: &SignedIn,
    id: HelpOfferId,
) -> Result<(OfferRow, Option<Vec<(Ask, Network)>>)> {
    let row = queries::offer(conn, id)?.ok_or(NOT_FOUND)?;
    policy::may_see(&row.0, who)?;
    let asks = if row.0.person_id == who.person {
        Some(asks_of(conn, id)?)
    } else {
        None
    };
    Ok((row, asks))
}

fn asks_of(conn: &mut Conn, id: HelpOfferId) -> Result<Vec<(Ask, Network)>> {
    let asks = queries::asked_of(conn, &[id], ASKS)?;
    let ids: Vec<NetworkId> = asks.iter().map(|ask| ask.network_id).collect();
    let networks = networks::by_ids(conn, &ids)?;
    let network = |ask: &Ask| networks.iter().find(|network| network.id == ask.network_id).cloned();
    Ok(asks.into_iter().filter_map(|ask| Some((ask.clone(), network(&ask)?))).collect())
}

/// Changes an offer, pauses it or goes on with it.
pub fn change(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: HelpOfferId,
    known: &IfMatch,
    change: &OfferChange,
) -> Result<OfferRow> {
    queries::lock(tx, id)?;
    let (mut offer, person) = queries::offer(tx, id)?.ok_or(NOT_FOUND)?;
    let may = policy::may_change(&offer, who)?;
    known.check(offer.version)?;
    let mut interests = offer.interests();
    if let Some(themes) = &change.themes {
        interests.themes.clone_from(themes);
    }
    if let Some(municipalities) = &change.municipalities {
        interests.municipalities.clone_from(municipalities);
    }
    known_municipalities(tx, &interests)?;
    offer.sentence = change.sentence.clone().unwrap_or(offer.sentence);
    offer.language = change.language.clone().unwrap_or(offer.language);
    offer.themes = JsonText::of(&interests.themes);
    offer.municipalities = JsonText::of(&interests.municipalities);
    offer.paused = change.paused.unwrap_or(offer.paused);
    offer.updated_at = cx.now();
    offer.version += 1;
    queries::update(tx, &may, &offer)?;
    Ok((offer, person))
}

/// Takes an offer away.
pub fn remove(tx: &mut Tx, who: &SignedIn, id: HelpOfferId, known: &IfMatch) -> Result<()> {
    queries::lock(tx, id)?;
    let (offer, _) = queries::offer(tx, id)?.ok_or(NOT_FOUND)?;
    let may = policy::may_remove(&offer, who)?;
    known.check(offer.version)?;
    queries::remove(tx, &may, id)
}

/// Asks the owner of an offer, for a network: they hear of it once, and are invited.
pub fn ask(tx: &mut Tx, cx: &Context, who: &SignedIn, id: HelpOfferId, asking: &Asking) -> Result<()> {
    queries::lock(tx, id)?;
    let (offer, _) = queries::offer(tx, id)?.ok_or(NOT_FOUND)?;
    policy::may_see(&offer, who)?;
    let viewer = Viewer::SignedIn(who.clone());
    let (network, membership) =
        networks::seen(tx, &viewer, &asking.network).map_err(|error| match error {
            Error::Rule(Code::NotFound) => Fault::new("unknown_network").at("/network"),
            other => other,
        })?;
    let at = Standing {
        network: &network,
        person: Some(who.person),
        membership: membership.as_ref(),
    };
    let may = policy::may_ask(&offer, &at, who)?;
    networks::invite_helper(tx, cx, who, &network.slug, offer.person_id)?;
    let asks = queries::asks_since(tx, who.person, cx.now() - DAY)?;
    if !queries::insert_ask(tx, &may, id, &asking.message, cx.now())? {
        return Err(Code::AlreadyAsked.into());
    }
    let waits: Vec<i64> = asks.into_iter().map(|asked| (asked + DAY - cx.now()).num_seconds()).collect();
    policy::asks_left(&waits)?;
    let event = Event::new(EventKind::HelpAsked, id.0).network(network.id.0).actor(who.person.0);
    outbox::push(tx, cx, event)
}

/// What a network asked the owner of an offer, where both are still there.
pub fn asked(conn: &mut Conn, id: HelpOfferId, network: NetworkId) -> Result<Option<(HelpOffer, Ask)>> {
    let Some((offer, _)) = queries::offer(conn, id)? else { return Ok(None) };
    Ok(queries::ask(conn, id, network)?.map(|ask| (offer, ask)))
}

/// What fits somebody: offers for the networks they coordinate, and networks that seek what they offer.
#[derive(Clone, Debug, Default)]
pub struct Matches {
    pub offers: Vec<OfferMatch>,
    pub networks: Vec<SeekingMatch>,
}

/// Looks for what fits `person`, who belongs to `mine`: newest first. A handful of queries, however many networks and
/// offers there are, and one where neither they nor their networks have to do with help.
pub fn matches(conn: &mut Conn, person: PersonId, mine: &[(&Network, &Membership)]) -> Result<Matches> {
    let seeking = mine.iter().filter(|(network, own)| {
        own.role == MemberRole::Coordinator && network.state != NetworkState::Archived
    });
    let seeking: Vec<(&Network, Interests)> =
        seeking.filter_map(|(network, _)| Some((*network, Interests::of_network(network)?))).collect();
    Ok(Matches {
        offers: fitting_offers(conn, person, &seeking)?,
        networks: fitting_networks(conn, person)?,
    })
}

fn fitting_offers(
    conn: &mut Conn,
    person: PersonId,
    seeking: &[(&Network, Interests)],
) -> Result<Vec<OfferMatch>> {
    if seeking.is_empty() {
        return Ok(Vec::new());
    }
    let sought = Interests::union(seeking.iter().map(|(_, interests)| interests.clone()));
    let offers = queries::fitting_offers(conn, person, &sought, CANDIDATES)?;
    if offers.is_empty() {
        return Ok(Vec::new());
    }
    let people: Vec<PersonId> = offers.iter().map(|(offer, _)| offer.person_id).collect();
    let networks: Vec<NetworkId> = seeking.iter().map(|(network, _)| network.id).collect();
    let barred = queries::barred(conn, &networks, &people)?;
    let pairs = offers.iter().flat_map(|row| seeking.iter().map(move |sought| (row, sought)));
    Ok(pairs
        .filter(|((offer, _), (network, sought))| {
            offer.interests().meets(sought) && !barred.contains(&(network.id, offer.person_id))
        })
        .map(|((offer, person), (network, _))| OfferMatch {
            network: (*network).clone(),
            offer: offer.clone(),
            person: person.clone(),
        })
        .collect())
}

fn fitting_networks(conn: &mut Conn, person: PersonId) -> Result<Vec<SeekingMatch>> {
    let own = queries::offers_of(conn, person)?;
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let offered = Interests::union(own.iter().map(HelpOffer::interests));
    let networks = queries::seeking_networks(conn, person, &offered, CANDIDATES)?;
    if networks.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<NetworkId> = networks.iter().map(|network| network.id).collect();
    let barred = queries::barred(conn, &ids, &[person])?;
    let open = networks.into_iter().filter(|network| !barred.contains(&(network.id, person)));
    Ok(open
        .filter_map(|network| {
            let sought = Interests::of_network(&network)?;
            let offer = own.iter().find(|offer| offer.interests().meets(&sought))?;
            Some(SeekingMatch { offer: offer.clone(), network })
        })
        .collect())
}

/// Of `matches`, what no digest has told `person` yet.
pub fn untold(conn: &mut Conn, person: PersonId, mut matches: Matches) -> Result<Matches> {
    let offers = matches.offers.iter().map(|found| found.offer.id);
    let offers: Vec<HelpOfferId> =
        offers.chain(matches.networks.iter().map(|found| found.offer.id)).collect();
    if offers.is_empty() {
        return Ok(matches);
    }
    let told = queries::told(conn, person, &offers)?;
    matches.offers.retain(|found| !told.contains(&(found.offer.id, found.network.id)));
    matches.networks.retain(|found| !told.contains(&(found.offer.id, found.network.id)));
    Ok(matches)
}

/// Notes that a digest tells `person` of these.
pub fn mark_told(tx: &mut Tx, person: PersonId, matches: &Matches) -> Result<()> {
    let offers = matches.offers.iter().map(|found| (found.offer.id, found.network.id));
    let networks = matches.networks.iter().map(|found| (found.offer.id, found.network.id));
    offers
        .chain(networks)
        .try_for_each(|(offer, network)| queries::mark_told(tx, person, offer, network))
}
