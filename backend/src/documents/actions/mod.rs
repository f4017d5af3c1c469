//! What is done with documents, one function a use.

mod adoptions;
mod archives;
mod documents;
mod elsewhere;
mod publishing;
mod removing;
mod returning;
mod revisions;
mod upstream;
mod variants;

pub use adoptions::{adopt, adopt_for_demo, list_adoptions, prepare};
pub use archives::{
    bring_adoption, bring_revision, bring_variant, drop_some, enter_brought, excerpt_of, join_sources,
    told_anywhere,
};
pub use documents::{bring_in, change, create_for_demo, list, mark_read, read};
pub use elsewhere::{
    begin_told, bring_earlier, label_told, proposal_of, relate_told, replace_told, revise_told,
};
pub use publishing::{publish, save, take};
pub use removing::{remove, remove_told};
pub use returning::{forget_proposals, returned_of, turn_down, turn_down_all, turn_down_overdue, unbegin};
pub use revisions::{Compared, compare, list_revisions, read_revision, restore, revise, revise_for_demo};
pub use upstream::{Upstream, prepare_take_over, upstream};
pub use variants::{create_variant, create_variant_for_demo, list_variants};

use kring_db::{Conn, Tx};

use super::model::{Document, DocumentId, DocumentRow, VariantKind};
use super::queries;
use crate::accounts::{PersonId, Viewer};
use crate::error::{NOT_FOUND, Result};
use crate::index::{self, Entry, EntryKind};
use crate::networks::policy::{MayRead, Standing};
use crate::networks::{self, Membership, Network};
use crate::text::lang::Lang;
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

/// Writes down what search finds of a document. Its moment is its last change: a plan that is worked on is news. One
/// that is a `variant` is found by what it is, too.
fn enter(tx: &mut Tx, document: &Document, variant: Option<VariantKind>, body: &str) -> Result<()> {
    let told = variant.map(|kind| {
        let lang = Lang::of_tag(document.language.as_str()).unwrap_or(Lang::En);
        format!("{}.\n", lang.say(&format!("variant-{kind}")))
    });
    let words = PlainSummary::before(document.plain_summary.as_ref(), markdown::plain(body));
    let entry = Entry {
        kind: EntryKind::Document,
        id: document.id.0,
        parent: None,
        network: document.network_id.0,
        title: document.title.to_string(),
        body: format!("{}{words}", told.unwrap_or_default()),
        language: document.language.clone(),
        published_at: document.changed_at,
    };
    index::put(tx, &entry)
}

/// The same for a document that is something else now.
fn enter_again(tx: &mut Tx, document: &Document, variant: Option<VariantKind>) -> Result<()> {
    let text = queries::long_text(tx, document.id, document.revision)?;
    enter(tx, document, variant, &text.body)
}
