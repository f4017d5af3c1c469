//! Taking a document away: for what must not stand there. That there was one, and who took it away, stays known.

use kring_db::Tx;

use super::find;
use super::returning::give_back;
use crate::accounts::{PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::attachments::{self, Target};
use crate::documents::model::*;
use crate::documents::policy::{self, MayRemove};
use crate::documents::queries;
use crate::error::Result;
use crate::index::{self, EntryKind};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::networks;
use crate::web::IfMatch;

/// Takes a document away with all its revisions. Plans that were adopted from it stay, with their credit.
pub fn remove(tx: &mut Tx, cx: &Context, who: &SignedIn, id: DocumentId, known: &IfMatch) -> Result<()> {
    let place = find(tx, &Viewer::SignedIn(who.clone()), id)?;
    let document = &place.row.0;
    let alone = queries::written_by_alone(tx, id, who.person)?;
    let may = policy::may_remove(&place.standing(), alone)?;
    known.check_whole(&document.etag())?;
    take_away(tx, cx, &may, document, (alone, false))
}

/// The home of its network took a document away.
pub fn remove_told(tx: &mut Tx, cx: &Context, person: PersonId, id: DocumentId) -> Result<()> {
    let Some(document) = queries::any_document(tx, id)? else { return Ok(()) };
    let network = networks::by_id(tx, document.network_id)?;
    take_away(tx, cx, &policy::removed_at_home(&network, person)?, &document, (false, true))
}

fn take_away(
    tx: &mut Tx,
    cx: &Context,
    may: &MayRemove,
    document: &Document,
    (alone, told): (bool, bool),
) -> Result<()> {
    for proposal in queries::proposals(tx, document.id)? {
        give_back(tx, cx, &proposal, Returned::Removed)?;
    }
    queries::remove_document(tx, may, document, cx.now())?;
    networks::add_documents(tx, document.network_id, -1)?;
    attachments::let_go(tx, cx, Target::document(document.id.0))?;
    index::remove(tx, EntryKind::Document, document.id.0)?;
    let removal = Removal { begun_by: document.created_by, alone, told };
    let event = Event::new(EventKind::DocumentRemoved, document.id.0)
        .network(document.network_id.0)
        .actor(may.person().0)
        .payload(&removal);
    outbox::push(tx, cx, event)
}
