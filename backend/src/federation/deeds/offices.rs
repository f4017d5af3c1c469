//! Who runs a network and who is put out of it: `Add` and `Remove` with its `moderators` as target, `Block` with the
//! network as target.

use kring_db::{Time, Tx};

use super::{By, Deed, Taken, network_at, removing};
use crate::accounts::{self, PersonAddress, PersonId};
use crate::app::Context;
use crate::error::Result;
use crate::federation::actors;
use crate::networks::policy::{Standing, may_coordinate};
use crate::networks::{self, Joining, MemberRole, MembershipChange, Network};

/// Somebody is given an office in a network, or it is taken from them.
pub fn take(tx: &mut Tx, cx: &Context, deed: &Deed, network: Network, given: bool) -> Result<Taken> {
    let Some(person) = deed.person(tx, cx)? else {
        return Ok(Taken::dropped("nobody knows who that is"));
    };
    let named = deed.what.role.as_deref().and_then(|role| role.parse::<MemberRole>().ok());
    let done = match deed.by(tx, &network)? {
        None => return Ok(Taken::dropped("that network is not theirs to speak for")),
        Some(By::Home) => {
            // Whoever moderates a network of a server that knows but one office runs it.
            let role = if given {
                named.unwrap_or(MemberRole::Coordinator)
            } else {
                MemberRole::Member
            };
            let since = deed.what.starts.map_or(cx.now(), |then| Time::at(then).min(cx.now()));
            networks::holds_office(tx, cx, network.id, person, (role, since))
        }
        Some(By::Member(who)) => {
            let role = if given {
                named.unwrap_or(MemberRole::Facilitator)
            } else {
                MemberRole::Member
            };
            let change = MembershipChange { role: Some(role), ..Default::default() };
            let address = address(tx, person)?;
            networks::change_membership(tx, cx, &who, &network.slug, &address, &change).map(|_| ())
        }
    };
    Taken::ruled(done, network, None)
}

/// Somebody is put out of a network, or may come back.
pub fn block(tx: &mut Tx, cx: &Context, deed: &Deed) -> Result<Taken> {
    let named = deed.what.target.as_ref().map(|target| network_at(tx, cx, target)).transpose()?.flatten();
    let Some(network) = named else {
        return Ok(Taken::dropped("it is no network that they are put out of"));
    };
    let Some(person) = deed.person(tx, cx)? else {
        return Ok(Taken::dropped("nobody knows who that is"));
    };
    // For a while only: they may ask again, and their home says when.
    let for_good = deed.what.ends.is_none();
    let by = deed.by(tx, &network)?;
    let removes = deed.what.removes_data && !deed.undone && may_remove(tx, &network, by.as_ref())?;
    let done = match &by {
        None => return Ok(Taken::dropped("that network is not theirs to speak for")),
        Some(By::Home) if deed.undone => networks::let_back(tx, cx, network.id, person),
        Some(By::Home) if for_good => networks::put_out(tx, cx, network.id, person),
        Some(By::Home) => networks::turned_down(tx, cx, network.id, person),
        Some(By::Member(who)) if deed.undone => {
            let joining = Joining::Invite { handle: address(tx, person)?, role: MemberRole::Member };
            networks::join(tx, cx, who, &network.slug, &joining).map(|_| ())
        }
        Some(By::Member(who)) => {
            let address = address(tx, person)?;
            networks::end_membership(tx, cx, who, &network.slug, &address)
        }
    };
    let by_member = matches!(by, Some(By::Member(_)));
    // Who may not put them out takes nothing of theirs away.
    match by.filter(|_| removes && done.is_ok()) {
        Some(By::Home) => {
            removing::all_in(tx, cx, network.id, person, removing::By::Home(network.id))?;
        }
        Some(By::Member(who)) => {
            removing::all_in(tx, cx, network.id, person, removing::By::Person(who.person))?;
        }
        None => {}
    }
    // Not everyone has to know that they belonged here.
    match done {
        Ok(()) if by_member => Ok(match actors::of_person(tx, person)? {
            Some(remote) => Taken::DoneTo(Box::new(network), Box::new(remote)),
            None => Taken::Kept,
        }),
        done => Taken::ruled(done, network, None),
    }
}

/// May they take away what somebody wrote in the network? Its home may, and whoever coordinates it here.
fn may_remove(tx: &mut Tx, network: &Network, by: Option<&By>) -> Result<bool> {
    let Some(By::Member(who)) = by else { return Ok(by.is_some()) };
    let (network, membership) = networks::standing_in(tx, network.id, Some(who.person))?;
    let at = Standing {
        network: &network,
        person: Some(who.person),
        membership: membership.as_ref(),
    };
    Ok(may_coordinate(&at).is_ok())
}

fn address(tx: &mut Tx, person: PersonId) -> Result<PersonAddress> {
    let person = accounts::person_by_id(tx, person)?;
    Ok(PersonAddress { handle: person.handle, host: person.host })
}
