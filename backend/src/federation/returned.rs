//! The mail to somebody whose words came back from where they were sent: why, and where they are now.

use kring_db::Tx;

use super::notices;
use crate::accounts::PersonId;
use crate::app::Context;
use crate::documents::{DocumentId, ReturnedWords};
use crate::drafts::{self, Address, Target};
use crate::error::{Error, Result};
use crate::jobs::outbox::Fact;
use crate::networks::{self, NetworkId};
use crate::web::links;

/// Tells who wrote something that it is a draft of theirs now.
pub fn tell(tx: &mut Tx, cx: &Context, fact: &Fact) -> Result<()> {
    let (Some(person), Some(network)) = (fact.actor.map(PersonId), fact.network) else { return Ok(()) };
    let words: ReturnedWords = fact.payload.read().map_err(Error::internal)?;
    let target = Target::parse(words.kind, &words.target);
    let at = target.map(|target| Address { target, number: words.number });
    // Thrown away or sent again since: there is nothing to tell of.
    let Some(draft) = at.map(|at| drafts::kept(tx, person, &at)).transpose()?.flatten() else {
        return Ok(());
    };
    let network = networks::by_id(tx, NetworkId(network))?;
    let host = match network.slug.host() {
        "" => cx.config().host(),
        host => host.to_owned(),
    };
    // Of a document that is there still they can look at it first.
    let document = draft.address().target.id().map(|id| links::document(cx.config(), DocumentId(id)));
    let place = document.unwrap_or_else(|| links::network(cx.config(), network.slug.as_str()));
    let text = notices::Text {
        subject: "mail-home-returned-subject".to_owned(),
        texts: vec![format!("mail-home-returned-{}", words.why), "mail-home-returned-kept".to_owned()],
        facts: vec![("place", host), ("title", draft.title.unwrap_or_default())],
        action: ("mail-home-returned-look", place),
    };
    notices::send(tx, cx, &text, &network, person)
}
