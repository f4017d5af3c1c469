//! Reports: `Flag`, to the home of the network that a thing is in and nobody else.

use kring_db::Tx;
use serde_json::{Value, json};
use url::Url;

use super::{Deed, Taken};
use crate::accounts::Viewer;
use crate::app::Context;
use crate::documents::{self, DocumentId};
use crate::error::{Error, Result};
use crate::federation::addresses::Local;
use crate::federation::{posts, rules, written};
use crate::moderation::{self, Report, Reported, Reporter};
use crate::networks::{self, Network, NetworkId};
use crate::threads;

/// So much of what one report names is looked at.
const MOST: usize = 20;

/// Some servers report a person and several posts at once: what is known of it counts.
pub fn take(tx: &mut Tx, cx: &Context, deed: &Deed) -> Result<Taken> {
    let reason = deed.what.summary.as_deref().or(deed.what.content.as_deref()).unwrap_or_default();
    let by = Reporter {
        person: deed.sender.person_id,
        host: deed.sender.host.to_string(),
    };
    let mut any = None;
    for id in deed.what.object_ids().into_iter().take(MOST) {
        let Some((reported, network)) = thing(tx, cx, &id)? else { continue };
        let network = networks::by_id(tx, network)?;
        let ours = network.slug.host().is_empty() && deed.home.is_none();
        if ours && rules::reaches(tx, &network, &deed.sender.host)? {
            moderation::reported_elsewhere(tx, cx, &by, &network, reported, reason)?;
            any = Some(network);
        }
    }
    match any {
        Some(_) => Ok(Taken::Kept),
        None => Ok(Taken::dropped("nothing in a network of here is reported")),
    }
}

/// The thing that an address is of, and the network that it is in.
fn thing(tx: &mut Tx, cx: &Context, id: &Url) -> Result<Option<(Reported, NetworkId)>> {
    if let Some(Local::Document(id)) = Local::at(cx.config(), id) {
        return document(tx, id);
    }
    let Some((thread, reply)) = posts::place(tx, cx.config(), id)? else { return Ok(None) };
    let reported = reply.map_or(Reported::Thread(thread), Reported::Reply);
    Ok(threads::network_of(tx, thread)?.map(|network| (reported, network)))
}

fn document(tx: &mut Tx, id: DocumentId) -> Result<Option<(Reported, NetworkId)>> {
    match documents::read(tx, &Viewer::Anonymous, id) {
        Ok(place) => Ok(Some((Reported::Document(id), place.network.id))),
        Err(Error::Rule(_)) => Ok(None),
        Err(cause) => Err(cause),
    }
}

/// What a report says to the home of its network: exactly one addressee, as Lemmy wants it.
pub fn flag(tx: &mut Tx, cx: &Context, network: &Network, report: &Report) -> Result<(Value, Value)> {
    let of = match report.reported() {
        Reported::Thread(id) => Local::Thread(id),
        Reported::Reply(id) => Local::Reply(id),
        Reported::Document(id) => Local::Document(id),
    };
    let address = written::address(tx, cx.config(), &of)?;
    let audience = crate::federation::serving::audience(tx, cx.config(), network)?;
    let more = json!({ "to": [audience.group()], "cc": [], "summary": report.reason });
    Ok((address.into(), more))
}
