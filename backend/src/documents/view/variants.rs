//! Variants on the wire.

use kring_db::Conn;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::requests::{ids, revision_number};
use crate::accounts::LanguageTag;
use crate::documents::model::*;
use crate::documents::queries;
use crate::error::{Fault, Result};
use crate::text::summary::PlainSummary;
use crate::web::fields::word;
use crate::web::{Field, Fields};

/// The same as another document, in easy words or in another language. It belongs to the same network.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateVariant {
    #[serde(default)]
    #[schema(value_type = VariantKind, required)]
    kind: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 200, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$", example = "Alle haltes goed: zo doen we dat")]
    title: Field<String>,
    /// Markdown.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 300000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Wij maken alle haltes goed. Iedereen kan dan met de bus.")]
    body: Field<String>,
    /// What it says in a few plain sentences. Plain text, in the same language.
    #[serde(default, rename = "plainSummary")]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Iedereen kan straks met de bus.")]
    plain_summary: Field<String>,
    /// The language it is written in (BCP 47); the document's where left out. A translation is in another one.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Field<String>,
    /// The revision of the document that it says; the current one where left out.
    #[serde(default)]
    #[schema(value_type = i64, required = false, minimum = 1, example = 3)]
    revision: Field<i64>,
    /// Files you uploaded for this.
    #[serde(default)]
    #[schema(value_type = Vec<crate::attachments::AttachmentId>, required = false, max_items = 20)]
    attachments: Field<Vec<String>>,
}

impl CreateVariant {
    pub fn parse(self) -> Result<NewVariant> {
        let mut f = Fields::of_body();
        let kind = f.need("kind", self.kind, word);
        let title = f.need("title", self.title, Title::parse);
        let body = f.need("body", self.body, Body::parse);
        let plain_summary = f.patch("plainSummary", self.plain_summary, PlainSummary::parse);
        let language = f.may("language", self.language, LanguageTag::parse);
        let revision = f.may("revision", self.revision, revision_number);
        let attachments = f.may("attachments", self.attachments, ids).unwrap_or_default();
        f.finish(|| {
            Some(NewVariant {
                kind: kind?,
                text: DocumentText { title: title?, plain_summary, body: body?, language },
                revision,
                attachments,
            })
        })
    }
}

/// Of what a document is a variant.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeVariant {
    /// Of a document that is no variant yet: the document that it says in another way. Both are in one network.
    #[serde(default)]
    #[schema(value_type = DocumentId, required = false, example = "01k9q3v8r0a7c")]
    document: Field<String>,
    #[serde(default)]
    #[schema(value_type = VariantKind, required = false)]
    kind: Field<String>,
    /// It says this revision of its document now.
    #[serde(default)]
    #[schema(value_type = i64, required = false, minimum = 1, example = 4)]
    revision: Field<i64>,
}

impl ChangeVariant {
    pub fn take(self, f: &mut Fields) -> VariantChange {
        let known = |text: String| text.parse().map_err(|_| Fault::new("unknown_document"));
        VariantChange {
            document: f.may("variant/document", self.document, known),
            kind: f.may("variant/kind", self.kind, word),
            revision: f.may("variant/revision", self.revision, revision_number),
        }
    }
}

/// What a document says in another way.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = VariantOf)]
pub struct VariantOfView {
    /// The document that it is a variant of.
    pub document: DocumentId,
    #[schema(example = "Plan: alle haltes in tien jaar")]
    pub title: String,
    pub language: String,
    pub kind: VariantKind,
    /// The revision of that document that it says.
    pub revision: i64,
    /// The document moved on since.
    pub stale: bool,
    /// By how many revisions.
    pub behind: i64,
}

/// A document that says this one in another way.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Variant)]
pub struct VariantView {
    pub document: DocumentId,
    #[schema(example = "Alle haltes goed: zo doen we dat")]
    pub title: String,
    pub language: String,
    pub kind: VariantKind,
    /// The revision that it says.
    pub revision: i64,
    /// What it says is not the newest revision.
    pub stale: bool,
    /// How many revisions are newer.
    pub behind: i64,
}

/// Of what some documents are variants, and which variants they have, looked up at once.
pub struct Variants {
    of: Vec<VariantRow>,
    have: Vec<VariantRow>,
}

impl Variants {
    pub fn of(conn: &mut Conn, ids: &[DocumentId]) -> Result<Self> {
        Ok(Self {
            of: queries::variant_of(conn, ids)?,
            have: queries::variants_of(conn, ids)?,
        })
    }

    pub fn take(&mut self, document: &Document) -> (Option<VariantOfView>, Vec<VariantView>) {
        let its = self.of.iter().find(|(variant, _)| variant.document_id == document.id);
        let its = its.map(|(variant, source)| {
            let behind = source.revision - variant.revision;
            VariantOfView {
                document: source.id,
                title: source.title.to_string(),
                language: source.language.to_string(),
                kind: variant.kind,
                revision: variant.revision,
                stale: behind > 0,
                behind,
            }
        });
        let have = self.have.extract_if(.., |(variant, _)| variant.source_id == document.id).collect();
        (its, variant_views(document, have))
    }
}

/// The variants of a document: easy to read first, in its own language first.
pub fn variant_views(document: &Document, mut rows: Vec<VariantRow>) -> Vec<VariantView> {
    rows.sort_by_key(|(variant, _)| {
        (variant.kind, variant.language != document.language, variant.language.clone())
    });
    let view = |(variant, its): VariantRow| {
        let behind = document.revision - variant.revision;
        VariantView {
            document: its.id,
            title: its.title.to_string(),
            language: its.language.to_string(),
            kind: variant.kind,
            revision: variant.revision,
            stale: behind > 0,
            behind,
        }
    };
    rows.into_iter().map(view).collect()
}
