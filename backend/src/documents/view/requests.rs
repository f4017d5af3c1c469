//! What is sent to change documents.

use serde::Deserialize;
use utoipa::ToSchema;

use super::variants::ChangeVariant;
use crate::accounts::LanguageTag;
use crate::attachments::AttachmentId;
use crate::documents::model::*;
use crate::drafts::Reference;
use crate::error::{Fault, Result};
use crate::networks::{Subjects, SubjectsChange};
use crate::text::summary::PlainSummary;
use crate::web::fields::{any, each, word};
use crate::web::{Field, Fields};

/// A new document. It belongs to the network: every member may change it, unless the network says otherwise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateDocument {
    /// The id of a template: it says what you leave out of `kind`, `title`, `body` and `crpdArticles`, filled in for the
    /// network, and in which language.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = r"^[a-z][a-z0-9-]{1,48}\.[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "minutes.nl")]
    template: Field<String>,
    /// May be left out with a template.
    #[serde(default)]
    #[schema(value_type = DocumentKind, required = false)]
    kind: Field<String>,
    /// May be left out with a template.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$", example = "Plan: alle haltes in tien jaar")]
    title: Field<String>,
    /// Markdown. May be left out with a template.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "## Visie\n\nIn tien jaar kan iedereen bij elke halte in de bus.")]
    body: Field<String>,
    /// What it says in a few plain sentences, for who reads slowly or wants to know whether to read on. Plain text, in
    /// the same language.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Iedereen moet met de bus kunnen. Hier praten we over hoe dat kan.")]
    plain_summary: Field<String>,
    /// The language it is written in (BCP 47); the template's or the network's where left out.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Field<String>,
    /// Codes of municipalities it is about.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 50, example = json!(["GM0344"]))]
    municipalities: Field<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 8, example = json!(["vervoer"]))]
    themes: Field<Vec<String>>,
    /// Articles of the UN Convention on the Rights of Persons with Disabilities.
    #[serde(default)]
    #[schema(value_type = Vec<i64>, required = false, max_items = 50, example = json!([9, 20]))]
    crpd_articles: Field<Vec<i64>>,
    /// Under what others may use it; `CC-BY-4.0` where left out. Under `all-rights-reserved` nobody may adopt it.
    #[serde(default)]
    #[schema(value_type = Licence, required = false)]
    licence: Field<String>,
    /// Files you uploaded for this.
    #[serde(default)]
    #[schema(value_type = Vec<AttachmentId>, required = false, max_items = 20)]
    attachments: Field<Vec<String>>,
    /// The draft that this came from, as its `version` says: it goes when this is published, unless it says something
    /// newer by then. A draft that says nothing else goes anyway.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 60, example = "01k9q3v8r0a7c.7")]
    draft: Field<String>,
}

/// Reads a list of ids of uploaded files.
pub(super) fn ids(list: Vec<String>) -> Result<Vec<AttachmentId>, Fault> {
    each(list, 20, |id: String| id.parse().map_err(|_| Fault::new("unknown_attachment")))
}

/// The number of a revision; whether there is one, the action says.
pub(super) fn revision_number(number: i64) -> Result<i64, Fault> {
    if number >= 1 {
        Ok(number)
    } else {
        Err(Fault::new("unknown_revision"))
    }
}

impl CreateDocument {
    /// The document, and the draft that it came from.
    pub fn parse(self) -> Result<(DocumentWish, Option<Reference>)> {
        let mut f = Fields::of_body();
        let plain_summary = f.patch("plainSummary", self.plain_summary, PlainSummary::parse);
        let begins = !matches!(self.template, Field::Absent | Field::Null);
        let template = f.may("template", self.template, |id: String| id.parse());
        let (kind, title, body) = if begins {
            (
                f.may("kind", self.kind, word),
                f.may("title", self.title, Title::parse),
                f.may("body", self.body, Body::parse),
            )
        } else {
            (
                f.need("kind", self.kind, word),
                f.need("title", self.title, Title::parse),
                f.need("body", self.body, Body::parse),
            )
        };
        let language = f.may("language", self.language, LanguageTag::parse);
        let subjects = Subjects::take(&mut f, self.municipalities, self.themes, self.crpd_articles);
        let licence = f.may("licence", self.licence, word).unwrap_or_default();
        let attachments = f.may("attachments", self.attachments, ids).unwrap_or_default();
        let draft = f.may("draft", self.draft, Reference::parse);
        f.finish(|| {
            let wish = DocumentWish {
                template,
                kind,
                title,
                body,
                plain_summary,
                language,
                subjects,
                licence,
                attachments,
            };
            Some((wish, draft))
        })
    }
}

/// A document's words as they should be from now on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplaceDocument {
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 200, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$", example = "Plan: alle haltes in acht jaar")]
    title: Field<String>,
    /// Markdown.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 300000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "## Visie\n\nIn acht jaar kan iedereen bij elke halte in de bus.")]
    body: Field<String>,
    /// What it says in a few plain sentences, for who reads slowly or wants to know whether to read on. Plain text, in
    /// the same language. Left out, it stays; null takes it
    /// away.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Iedereen moet met de bus kunnen. Hier praten we over hoe dat kan.")]
    plain_summary: Field<String>,
    /// The language it is written in (BCP 47); the same as before where left out.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Field<String>,
    /// The draft that this came from, as its `version` says: it goes when this is published, unless it says something
    /// newer by then. A draft that says nothing else goes anyway.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 60, example = "01k9q3v8r0a7c.7")]
    draft: Field<String>,
}

impl ReplaceDocument {
    /// The words, and the draft that they came from.
    pub fn parse(self) -> Result<(DocumentText, Option<Reference>)> {
        let mut f = Fields::of_body();
        let title = f.need("title", self.title, Title::parse);
        let body = f.need("body", self.body, Body::parse);
        let plain_summary = f.patch("plainSummary", self.plain_summary, PlainSummary::parse);
        let language = f.may("language", self.language, LanguageTag::parse);
        let draft = f.may("draft", self.draft, Reference::parse);
        f.finish(|| Some((DocumentText { title: title?, plain_summary, body: body?, language }, draft)))
    }
}

/// Changes to what stands beside the text (merge patch: what is left out stays). They make no revision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeDocument {
    #[serde(default)]
    #[schema(value_type = DocumentKind, required = false)]
    kind: Field<String>,
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 50, example = json!(["GM0344"]))]
    municipalities: Field<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 8, example = json!(["vervoer"]))]
    themes: Field<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<i64>, required = false, max_items = 50, example = json!([9, 20]))]
    crpd_articles: Field<Vec<i64>>,
    /// What was adopted keeps the licence of its source.
    #[serde(default)]
    #[schema(value_type = Licence, required = false)]
    licence: Field<String>,
    /// Of a variant: which revision of its document it says now. Of another document: of which it becomes a variant.
    /// Null: it stands by itself from now on.
    #[serde(default)]
    #[schema(value_type = Option<ChangeVariant>, required = false)]
    variant: Field<ChangeVariant>,
    /// Files to add. One is taken away by deleting it.
    #[serde(default)]
    #[schema(value_type = Vec<AttachmentId>, required = false, max_items = 20)]
    attachments: Field<Vec<String>>,
}

impl ChangeDocument {
    pub fn parse(self) -> Result<DocumentChange> {
        let mut f = Fields::of_body();
        let variant = f.patch("variant", self.variant, any);
        let variant = variant.map(|variant| variant.map(|variant| variant.take(&mut f)));
        let change = DocumentChange {
            kind: f.keep("kind", self.kind, word),
            subjects: SubjectsChange::take(&mut f, self.municipalities, self.themes, self.crpd_articles),
            licence: f.keep("licence", self.licence, word),
            variant,
            attachments: f.keep("attachments", self.attachments, ids).unwrap_or_default(),
        };
        f.finish(|| Some(change))
    }
}

/// How far you have read.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MarkDocumentRead {
    /// The newest revision you have seen; left out, the current one.
    #[serde(default)]
    #[schema(value_type = i64, required = false, minimum = 1, example = 3)]
    revision: Field<i64>,
}

impl MarkDocumentRead {
    pub fn parse(self) -> Result<Option<i64>> {
        let mut f = Fields::of_body();
        let revision = f.may("revision", self.revision, revision_number);
        f.finish(|| Some(revision))
    }
}
