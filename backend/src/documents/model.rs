//! The types of documents and revisions.

mod adoptions;
mod elsewhere;
mod variants;

pub use adoptions::*;
pub use elsewhere::*;
pub use variants::*;

use chrono::DateTime;
use diesel::prelude::*;
use kring_db::schema::{documents, revisions};
use kring_db::{JsonText, Time, id_type, text_type};

use crate::accounts::{LanguageTag, PersonId};
use crate::attachments::AttachmentId;
use crate::error::{Error, Fault};
use crate::municipalities::MunicipalityCode;
use crate::networks::{AuthorPerson, AuthorRole, NetworkId, Subjects, SubjectsChange, Theme};
pub use crate::templates::DocumentKind;
use crate::templates::{Filled, TemplateId};
use crate::text::markdown::{DOCUMENT_LIMIT, Rendered, render};
use crate::text::summary::PlainSummary;
use crate::web::fields::{line, lines};

id_type! {
    /// A row of `documents`.
    DocumentId
}
id_type! {
    /// A row of `revisions`.
    RevisionId
}

text_type! {
    /// What a document is called.
    Title
}

impl Title {
    pub fn parse(text: String) -> Result<Self, Fault> {
        line(&text, 1, 200).map(Self)
    }
}

/// The Markdown of a document that was checked, with its HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub markdown: String,
    pub rendered: Rendered,
}

impl Body {
    pub fn parse(markdown: String) -> Result<Self, Fault> {
        let markdown = lines(&markdown, 1, DOCUMENT_LIMIT)?;
        Ok(Self { rendered: render(&markdown), markdown })
    }
}

/// A document, without its long text.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = documents)]
pub struct Document {
    pub id: DocumentId,
    pub network_id: NetworkId,
    pub kind: DocumentKind,
    pub title: Title,
    pub plain_summary: Option<PlainSummary>,
    /// The beginning of the text, plain.
    pub excerpt: String,
    pub language: LanguageTag,
    pub municipalities: JsonText,
    pub themes: JsonText,
    pub crpd_articles: JsonText,
    /// The number of the current revision.
    pub revision: i64,
    /// Rises with every change of what stands beside the text.
    pub version: i64,
    pub created_by: PersonId,
    pub created_at: Time,
    /// Who wrote the current revision, and when.
    pub changed_by: PersonId,
    pub changed_at: Time,
    pub licence: Licence,
}

impl Document {
    /// The ETag: the current revision, and how often what stands beside the text changed. The same for everyone.
    pub fn etag(&self) -> String {
        format!("\"{}.{}\"", self.revision, self.version)
    }

    pub fn subjects(&self) -> Subjects {
        Subjects::read(&self.municipalities, &self.themes, &self.crpd_articles)
    }
}

/// A document with the author of its current revision, as lists load it; which revision the viewer has read,
/// where somebody is looking.
pub type DocumentRow = (Document, AuthorPerson, Option<AuthorRole>, Option<i64>);

/// One save of a document, without its long text.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = revisions)]
pub struct Revision {
    pub id: RevisionId,
    pub document_id: DocumentId,
    /// From 1, without holes.
    pub number: i64,
    pub title: Title,
    pub plain_summary: Option<PlainSummary>,
    pub language: LanguageTag,
    pub author_id: PersonId,
    /// The revision whose text this one brought back.
    pub restored_from: Option<i64>,
    pub created_at: Time,
}

/// A revision with its author.
pub type RevisionRow = (Revision, AuthorPerson, Option<AuthorRole>);

/// The long text of a revision.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = revisions)]
pub struct LongText {
    pub body: String,
    pub body_html: String,
}

/// What a person writes: a document's words.
#[derive(Clone, Debug)]
pub struct DocumentText {
    pub title: Title,
    /// `None` leaves it as it is; of a new document there is none then.
    pub plain_summary: Option<Option<PlainSummary>>,
    pub body: Body,
    /// Left out, the language stays; of a new document it is the network's.
    pub language: Option<LanguageTag>,
}

/// A document about to be created.
#[derive(Clone, Debug)]
pub struct NewDocument {
    pub kind: DocumentKind,
    pub text: DocumentText,
    pub subjects: Subjects,
    pub licence: Licence,
    pub attachments: Vec<AttachmentId>,
}

/// A document about to be created, in which a template says what its writer left out.
#[derive(Clone, Debug)]
pub struct DocumentWish {
    pub template: Option<TemplateId>,
    pub kind: Option<DocumentKind>,
    pub title: Option<Title>,
    pub body: Option<Body>,
    pub plain_summary: Option<Option<PlainSummary>>,
    pub language: Option<LanguageTag>,
    pub subjects: Subjects,
    pub licence: Licence,
    pub attachments: Vec<AttachmentId>,
}

impl DocumentWish {
    /// The whole document; `None` where something is missing that no template says.
    pub fn whole(&self) -> Option<NewDocument> {
        Some(NewDocument {
            kind: self.kind?,
            text: DocumentText {
                title: self.title.clone()?,
                plain_summary: self.plain_summary.clone(),
                body: self.body.clone()?,
                language: self.language.clone(),
            },
            subjects: self.subjects.clone(),
            licence: self.licence,
            attachments: self.attachments.clone(),
        })
    }

    /// The same with what the template says in place of what was left out.
    pub fn filled(&self, start: Filled) -> Result<Self, Error> {
        let long = |pointer: &'static str| move |_: Fault| Fault::new("too_long_once_filled").at(pointer);
        let mut wish = self.clone();
        wish.kind.get_or_insert(start.kind);
        wish.language.get_or_insert(start.id.language);
        if wish.title.is_none() {
            wish.title = Some(Title::parse(start.title).map_err(long("/title"))?);
        }
        if wish.body.is_none() {
            wish.body = Some(Body::parse(start.body).map_err(long("/body"))?);
        }
        if wish.subjects.crpd_articles.is_empty() {
            wish.subjects.crpd_articles = start.crpd_articles;
        }
        Ok(wish)
    }
}

/// Changes to what stands beside the text; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct DocumentChange {
    pub kind: Option<DocumentKind>,
    pub subjects: SubjectsChange,
    pub licence: Option<Licence>,
    /// `Some(None)`: it is no variant any more.
    pub variant: Option<Option<VariantChange>>,
    pub attachments: Vec<AttachmentId>,
}

/// Which documents of a network are wanted.
#[derive(Clone, Debug, Default)]
pub struct DocumentFilter {
    pub kind: Option<DocumentKind>,
    pub municipality: Option<MunicipalityCode>,
    pub theme: Option<Theme>,
    pub crpd_article: Option<i64>,
}

/// Where a list of documents goes on: after the one that changed at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub changed_at: Time,
    pub id: DocumentId,
}

impl Place {
    pub fn of(document: &Document) -> Self {
        Self { changed_at: document.changed_at, id: document.id }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.changed_at.millis(), self.id)
    }
}

impl std::str::FromStr for Place {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (millis, id) = text.split_once('-').ok_or(())?;
        let moment = DateTime::from_timestamp_millis(millis.parse().map_err(|_| ())?).ok_or(())?;
        Ok(Self {
            changed_at: Time::at(moment),
            id: id.parse().map_err(|_| ())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_list_reads_back() {
        let place = Place {
            changed_at: "2026-11-23T09:00:00.123Z".parse().expect("a time"),
            id: DocumentId(1 << 40),
        };
        assert_eq!(place.to_string().parse(), Ok(place));
        for broken in ["", "-", "1-2", "99999999999999999-01k9q3v8r0a7c", "x-01k9q3v8r0a7c"] {
            assert_eq!(broken.parse::<Place>(), Err(()), "{broken}");
        }
    }
}
