//! What a document from elsewhere says, in the types of this instance.

use kring_activitypub::wire::Article;
use kring_db::{Conn, Tx};

use super::at;
use crate::accounts::{PersonId, SignedIn};
use crate::app::Context;
use crate::config::Config;
use crate::copies::Said;
use crate::documents::{
    self, Body, Document, DocumentChange, DocumentId, DocumentKind, DocumentText, Labels, Licence,
    NewDocument, Title, Told, VariantChange, VariantKind,
};
use crate::error::{Error, Fault, Result};
use crate::municipalities::{self, MunicipalityCode};
use crate::networks::{Subjects, SubjectsChange, Theme, parse_article};
use crate::text::markdown;
use crate::web::IfMatch;

/// Longest title that is made of a text without one, in letters.
const TITLE: usize = 100;

/// What a document says, and what stands beside its words. What is not known here is left out.
#[derive(Clone, Debug)]
pub struct Read {
    pub text: DocumentText,
    pub labels: Labels,
}

impl Read {
    /// `Err` where there is no text in it, or more than is taken.
    pub fn of(
        conn: &mut Conn,
        config: &Config,
        article: &Article,
    ) -> Result<std::result::Result<Self, Fault>> {
        let said = Said::of(&article.post, config);
        let body = match Body::parse(said.with_files.clone()) {
            Ok(body) => body,
            Err(fault) => return Ok(Err(fault)),
        };
        let begins = || markdown::excerpt(&body.markdown, TITLE);
        let text = DocumentText {
            title: Title::parse(said.title.unwrap_or_else(begins)).unwrap_or_default(),
            plain_summary: Some(said.plain_summary),
            body,
            language: said.language,
        };
        Ok(Ok(Self { text, labels: labels(conn, article)? }))
    }

    /// Are these the words of a document as it is now?
    pub fn says(&self, conn: &mut Conn, document: &Document) -> Result<bool> {
        let body = documents::long_text(conn, document.id, document.revision)?.body;
        Ok(self.text.title == document.title && self.text.body.markdown.trim() == body.trim())
    }

    pub fn new_document(&self) -> NewDocument {
        NewDocument {
            kind: self.labels.kind,
            text: self.text.clone(),
            subjects: self.labels.subjects.clone(),
            licence: self.labels.licence,
            attachments: Vec::new(),
        }
    }

    /// What stands beside the words, as a change.
    pub fn change(&self) -> DocumentChange {
        let Subjects { municipalities, themes, crpd_articles } = self.labels.subjects.clone();
        DocumentChange {
            kind: Some(self.labels.kind),
            licence: Some(self.labels.licence),
            subjects: SubjectsChange {
                municipalities: Some(municipalities),
                themes: Some(themes),
                crpd_articles: Some(crpd_articles),
            },
            ..DocumentChange::default()
        }
    }

    pub fn told(self, number: i64, long_ago: bool) -> Told {
        Told { number, text: self.text, labels: self.labels, long_ago }
    }
}

fn labels(conn: &mut Conn, article: &Article) -> Result<Labels> {
    let codes = article.municipalities.iter().filter_map(|code| MunicipalityCode::parse(code.clone()).ok());
    let mut codes: Vec<MunicipalityCode> = codes.take(50).collect();
    let known = municipalities::by_codes(conn, &codes)?;
    codes.retain(|code| known.iter().any(|municipality| municipality.code == *code));
    let themes = article.themes.iter().filter_map(|theme| Theme::parse(theme.clone()).ok());
    let articles = article.crpd_articles.iter().filter_map(|number| parse_article(*number).ok());
    let licence = Licence::ALL.iter().find(|licence| licence.url() == article.licence.as_deref());
    Ok(Labels {
        kind: article.genre.as_deref().and_then(|genre| genre.parse().ok()).unwrap_or(DocumentKind::Note),
        subjects: Subjects {
            municipalities: codes,
            themes: themes.take(8).collect(),
            crpd_articles: articles.take(50).collect(),
        },
        // What says nothing that is known allows nothing.
        licence: licence.copied().unwrap_or(Licence::AllRightsReserved),
    })
}

/// Of which other document one from elsewhere is a variant; `None`: of one that is not here.
fn variant(conn: &mut Conn, config: &Config, article: &Article) -> Result<Option<Option<VariantChange>>> {
    let Some(of) = &article.variant_of else { return Ok(Some(None)) };
    let kind = article.variant.as_deref().and_then(|kind| kind.parse::<VariantKind>().ok());
    let source = at(conn, config, of)?;
    Ok(source.zip(kind).map(|(source, kind)| {
        let revision = article.variant_of_version;
        Some(VariantChange { document: Some(source), kind: Some(kind), revision })
    }))
}

/// Somebody elsewhere says of a document of a network of this instance of which other it is a variant. That it is none
/// any more is not taken from there: they may not know the other.
pub fn link(tx: &mut Tx, cx: &Context, who: &SignedIn, id: DocumentId, article: &Article) -> Result<()> {
    let Some(Some(wish)) = variant(tx, cx.config(), article)? else { return Ok(()) };
    let change = DocumentChange { variant: Some(Some(wish)), ..DocumentChange::default() };
    standing(documents::change(tx, cx, who, id, &IfMatch::anything(), &change).map(|_| ()))
}

/// The same, as the home of the network tells it.
pub fn relate(tx: &mut Tx, cx: &Context, person: PersonId, id: DocumentId, article: &Article) -> Result<()> {
    match variant(tx, cx.config(), article)? {
        Some(told) => standing(documents::relate_told(tx, person, id, told.as_ref())),
        None => Ok(()),
    }
}

/// One that is taken already, or whose source is a variant itself, stands by itself.
fn standing(related: Result<()>) -> Result<()> {
    match related {
        Err(cause @ (Error::Internal(_) | Error::Unavailable(_))) => Err(cause),
        _ => Ok(()),
    }
}
