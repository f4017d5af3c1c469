//! What a network writes together and keeps: plans, guides, minutes, notes.
//!
//! Invariants:
//!
//! - a document belongs to its network, never to a person, and outlives both its writers and their accounts; only what
//!   must not stand there is taken away, by a coordinator, or by its writer where nobody else worked on it;
//! - of a network that lives elsewhere its home says what is a revision: what somebody here writes is sent there first,
//!   and comes back as a draft where it becomes none;
//! - every save is a revision with its author and time, written once and never changed; going back to an earlier
//!   text is a new revision;
//! - nothing is ever lost: a change names what it was made from (`If-Match`), and one made from something older is
//!   refused whole;
//! - what stands beside the text (kind, subjects, files) makes no revision, for it makes nobody's reading stale. A change
//!   of the document that touches it moves the ETag all the same; a file that comes or goes by itself does not;
//! - whoever writes a revision has read it.
//!
//! The long texts stand in `revisions` alone; a [`Document`] is what lists show of it.

mod actions;
mod adopting;
mod comparing;
mod merging;
mod model;
pub mod policy;
mod queries;
pub mod routes;
mod sections;
mod upstream;
mod view;

pub use actions::{
    adopt_for_demo, begin_told, bring_earlier, bring_in, bring_revision, change, create_for_demo,
    create_variant_for_demo, drop_some, excerpt_of, forget_proposals, label_told, list, mark_read,
    proposal_of, read, relate_told, remove, remove_told, replace_told, revise, revise_for_demo, revise_told,
    turn_down, turn_down_all, turn_down_overdue, unbegin,
};
pub use actions::{bring_adoption, bring_variant, enter_brought, join_sources, told_anywhere};
pub use comparing::Comparing;
pub use model::RevisionId;
pub use model::{
    Adoption, AdoptionRow, Base, Body, Document, DocumentChange, DocumentFilter, DocumentId, DocumentKind,
    DocumentRow, DocumentText, Labels, Licence, LongText, NewAdoption, NewDocument, NewVariant, Origin,
    Place, Proposal, Removal, Removed, Returned, ReturnedWords, Revision, RevisionRow, Title, Told, Variant,
    VariantChange, VariantKind, VariantRow,
};
pub use queries::{
    About, about_municipality, adopted_by, adoption_counts, adoptions_in, adoptions_of, begun_here, behind,
    document_rows, end_of_piece, first_created, listed, long_text, municipalities_of_documents, network_of,
    proposals_in, readable_by_everyone, revision, revisions, texts, unread_counts, unread_rows, writers,
};
pub use queries::{
    add_adopted_file, adopted_files, any_document, any_of, any_revision, base, count_revisions,
    documents_to_archive, next_revision, removed, revisions_of_network, variant_of, variants_of,
};
pub use view::{
    DocumentPage, DocumentReading, DocumentView, attribution, attribution_anywhere, document_views, page_of,
};
