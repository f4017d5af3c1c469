//! Who may do what with offers of help: pure rules.

use super::model::HelpOffer;
use crate::accounts::{PersonId, SignedIn};
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::networks::policy::{MayCoordinate, Standing, may_coordinate, may_invite};
use crate::networks::{MemberRole, NetworkId};

/// So many offers one person may have: each is a sentence, and they are read by people.
const OFFERS: i64 = 10;

/// So many people one coordinator may ask in 24 hours.
const ASKS: usize = 10;

/// Proof: the person may change the offer.
#[derive(Debug)]
pub struct MayChange(());

/// Proof: the person may take the offer away.
#[derive(Debug)]
pub struct MayRemove(());

/// Proof: the person may ask the owner of an offer for a network.
#[derive(Debug)]
pub struct MayAsk {
    _coordinate: MayCoordinate,
    network: NetworkId,
    person: PersonId,
}

impl MayAsk {
    pub fn network(&self) -> NetworkId {
        self.network
    }

    pub fn person(&self) -> PersonId {
        self.person
    }
}

/// What is paused does not exist, save for who paused it.
pub fn may_see(offer: &HelpOffer, who: &SignedIn) -> Result<()> {
    if offer.paused && offer.person_id != who.person {
        Err(NOT_FOUND)
    } else {
        Ok(())
    }
}

/// Everyone may offer help, in a handful of ways. `present` is how many offers they have.
pub fn may_offer(present: i64) -> Result<()> {
    if present < OFFERS {
        Ok(())
    } else {
        Err(Code::TooManyOffers.into())
    }
}

/// Its owner changes an offer, and nobody else: it is said in their name.
pub fn may_change(offer: &HelpOffer, who: &SignedIn) -> Result<MayChange> {
    may_see(offer, who)?;
    if offer.person_id == who.person {
        Ok(MayChange(()))
    } else {
        Err(Code::HelperOnly.into())
    }
}

/// Its owner takes an offer away; an admin of the instance, too, where it is not for others to read.
pub fn may_remove(offer: &HelpOffer, who: &SignedIn) -> Result<MayRemove> {
    if who.admin {
        return Ok(MayRemove(()));
    }
    may_change(offer, who).map(|_| MayRemove(()))
}

/// Coordinators ask, for a network that is open; nobody asks themselves.
pub fn may_ask(offer: &HelpOffer, at: &Standing<'_>, who: &SignedIn) -> Result<MayAsk> {
    may_see(offer, who)?;
    let coordinate = may_coordinate(at)?;
    may_invite(at, MemberRole::Member)?;
    if offer.person_id == who.person {
        return Err(Code::OwnOffer.into());
    }
    Ok(MayAsk {
        _coordinate: coordinate,
        network: at.network.id,
        person: who.person,
    })
}

/// Has somebody asked enough people for a day? `waits` is for how many seconds yet each of their asks of the last 24
/// hours counts, in any order.
pub fn asks_left(waits: &[i64]) -> Result<()> {
    if waits.len() < ASKS {
        return Ok(());
    }
    let mut waits = waits.to_vec();
    waits.sort_unstable();
    // When so many have run out that one fits in again.
    let wait = waits.get(waits.len() - ASKS).copied().unwrap_or_default();
    Err(Error::TooMany(wait.max(1).unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_asks_a_day_and_the_wait_is_until_the_first_of_them_is_a_day_old() {
        assert!(asks_left(&[5; 9]).is_ok());
        let waits: Vec<i64> = (1..=10).map(|hour| hour * 3600).collect();
        assert!(matches!(asks_left(&waits), Err(Error::TooMany(3600))));
        assert!(matches!(asks_left(&[50; 12]), Err(Error::TooMany(50))));
    }

    #[test]
    fn ten_offers_are_enough() {
        assert!(may_offer(9).is_ok() && may_offer(10).is_err());
    }
}
