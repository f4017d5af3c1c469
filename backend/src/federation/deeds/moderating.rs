//! Pins and locks: `Add` and `Remove` with the network's `featured` as target, `Lock`. With its `moderators` as target
//! they are about offices.

use kring_db::Tx;
use url::Url;

use super::{By, Deed, Taken, network_at, offices};
use crate::app::Context;
use crate::error::Result;
use crate::federation::actors;
use crate::federation::serving::Part;
use crate::networks::{self, Network, policy};
use crate::threads::{self, ThreadChange, ThreadId};
use crate::web::IfMatch;

/// `Lock` of a thread, or the undoing of it.
pub fn lock(tx: &mut Tx, cx: &Context, deed: &Deed) -> Result<Taken> {
    match deed.post(tx, cx)? {
        None => Ok(Taken::Early("what is locked is not known".to_owned())),
        Some((.., Some(_))) => Ok(Taken::dropped("replies are not locked one by one")),
        Some((network, thread, None)) => {
            let change = ThreadChange { locked: Some(!deed.undone), ..Default::default() };
            moderate(tx, cx, deed, network, thread, &change)
        }
    }
}

/// `Add` to or `Remove` from a collection of a network.
pub fn listed(tx: &mut Tx, cx: &Context, deed: &Deed) -> Result<Taken> {
    let target = deed.what.target.as_ref();
    let Some((named, part)) = target.map(|target| collection(tx, cx, target)).transpose()?.flatten() else {
        return Ok(Taken::dropped("it is added to nothing that is known"));
    };
    let added = (deed.what.kind == "Add") != deed.undone;
    match part {
        Part::Moderators => offices::take(tx, cx, deed, named, added),
        Part::Featured => match deed.post(tx, cx)? {
            None => Ok(Taken::Early("what is pinned is not known".to_owned())),
            Some((network, thread, None)) if network.id == named.id => {
                let change = ThreadChange { pinned: Some(added), ..Default::default() };
                moderate(tx, cx, deed, network, thread, &change)
            }
            Some(_) => Ok(Taken::dropped("only threads of the network are pinned in it")),
        },
        Part::Outbox | Part::Followers => Ok(Taken::dropped("nothing is added there from elsewhere")),
    }
}

/// The collection of a network that an address is of, here or elsewhere.
fn collection(tx: &mut Tx, cx: &Context, address: &Url) -> Result<Option<(Network, Part)>> {
    if let Some((network, part)) = actors::with_collection(tx, address.as_str())? {
        return Ok(Some((networks::by_id(tx, network)?, part)));
    }
    let part = match address.path_segments().and_then(|mut path| path.next_back()) {
        Some("moderators") => Part::Moderators,
        Some("featured") => Part::Featured,
        _ => return Ok(None),
    };
    let mut group = address.clone();
    if let Ok(mut path) = group.path_segments_mut() {
        path.pop();
    }
    Ok(network_at(tx, cx, &group)?.map(|network| (network, part)))
}

fn moderate(
    tx: &mut Tx,
    cx: &Context,
    deed: &Deed,
    network: Network,
    thread: ThreadId,
    change: &ThreadChange,
) -> Result<Taken> {
    let done = match deed.by(tx, &network)? {
        None => return Ok(Taken::dropped("that network is not theirs to speak for")),
        Some(By::Home) => {
            let may = policy::home_moderates(&network)?;
            threads::as_home_says(tx, cx, &may, thread, (change.pinned, change.locked))
        }
        Some(By::Member(who)) => {
            threads::change_thread(tx, cx, &who, thread, &IfMatch::anything(), change).map(|_| ())
        }
    };
    Taken::ruled(done, network, Some(thread))
}
