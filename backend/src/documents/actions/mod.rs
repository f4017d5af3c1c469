//! What is done with documents, one function a use.

mod documents;
mod revisions;

pub use documents::{begin, change, create_for_demo, list, mark_read, read};
pub use revisions::{Compared, compare, list_revisions, read_revision, restore, revise, revise_for_demo};

use kring_db::Conn;

use super::model::{DocumentId, DocumentRow};
use super::queries;
use crate::accounts::{PersonId, Viewer};
use crate::error::{NOT_FOUND, Result};
use crate::index::{Entry, EntryKind};
use crate::networks::policy::{MayRead, Standing};
use crate::networks::{self, Membership, Network};
use crate::text::markdown;
use crate::text::summary::PlainSummary;

/// A document in the network it belongs to, for a viewer who may read it.
pub struct InNetwork {
    pub network: Network,
    pub membership: Option<Membership>,
    pub may_read: MayRead,
    pub row: DocumentRow,
    /// The viewer, where they are signed in.
    pub person: Option<PersonId>,
}

impl InNetwork {
    /// How the viewer stands to the network.
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            network: &self.network,
            person: self.person,
            membership: self.membership.as_ref(),
        }
    }
}

/// Finds a document; 404 where there is none that the viewer may read.
fn find(conn: &mut Conn, viewer: &Viewer, id: DocumentId) -> Result<InNetwork> {
    let row = queries::document(conn, id, viewer.person())?.ok_or(NOT_FOUND)?;
    let (network, membership, may_read) = networks::reading(conn, viewer, row.0.network_id)?;
    Ok(InNetwork { network, membership, may_read, row, person: viewer.person() })
}

/// What search finds of a document. Its moment is its last change: a plan that is worked on is news.
fn entry(document: &super::Document, body: &str) -> Entry {
    Entry {
        kind: EntryKind::Document,
        id: document.id.0,
        parent: None,
        network: document.network_id.0,
        title: document.title.to_string(),
        body: PlainSummary::before(document.plain_summary.as_ref(), markdown::plain(body)),
        language: document.language.clone(),
        published_at: document.changed_at,
    }
}
