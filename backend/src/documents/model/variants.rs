//! The types of variants: a document that says what another says, in easy words or another language.

use diesel::prelude::*;
use kring_db::schema::document_variants;
use kring_db::word_type;

use super::{Document, DocumentId, DocumentText};
use crate::accounts::LanguageTag;
use crate::attachments::AttachmentId;

word_type! {
    /// In what way a document says what another says: `easyRead` in words that are easy to read, `translation` in
    /// another language.
    VariantKind { EasyRead = "easyRead", Translation = "translation" }
}

/// Of which document another is a variant.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = document_variants)]
pub struct Variant {
    pub document_id: DocumentId,
    pub source_id: DocumentId,
    pub kind: VariantKind,
    /// Its document's.
    pub language: LanguageTag,
    /// The revision of the source that it says.
    pub revision: i64,
}

/// A variant with its document.
pub type VariantRow = (Variant, Document);

/// A variant about to be written.
#[derive(Clone, Debug)]
pub struct NewVariant {
    pub kind: VariantKind,
    pub text: DocumentText,
    /// The revision of the source that it says; the current one where left out.
    pub revision: Option<i64>,
    pub attachments: Vec<AttachmentId>,
}

/// Changes to what a document is a variant of; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct VariantChange {
    /// Of a document that is no variant yet: of which it becomes one, and in what way.
    pub document: Option<DocumentId>,
    pub kind: Option<VariantKind>,
    /// It says this revision of its source now.
    pub revision: Option<i64>,
}
