//! The types of templates.

use std::str::FromStr;

use diesel::prelude::*;
use kring_db::schema::templates;
use kring_db::{JsonText, Time, word_type};
use serde::{Deserialize, Serialize};

use super::filling;
use crate::accounts::LanguageTag;
use crate::error::Fault;
use crate::networks::Theme;
use crate::text::markdown::{DOCUMENT_LIMIT, POST_LIMIT};
use crate::web::fields::{line, lines};

word_type! {
    /// What a document is for: to do, to know how, to remember what was said, anything else.
    DocumentKind { Plan = "plan", Guide = "guide", Minutes = "minutes", Note = "note" }
}

word_type! {
    /// What begins as a template says.
    TemplateKind { Network = "network", Document = "document" }
}

/// What the id of a template looks like, as a regular expression.
pub const ID_PATTERN: &str = r"^[a-z][a-z0-9-]{1,48}\.[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$";

/// The name of a template: a key, which is the same in every language, and the language.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TemplateId {
    pub key: String,
    pub language: LanguageTag,
}

/// Small letters, digits and hyphens, a letter first.
pub fn parse_key(key: String) -> Result<String, Fault> {
    let fits = (2..=49).contains(&key.len())
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if fits { Ok(key) } else { Err(Fault::new("template_key")) }
}

impl FromStr for TemplateId {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        let unknown = || Fault::new("unknown_template");
        let (key, language) = text.split_once('.').ok_or_else(unknown)?;
        Ok(Self {
            key: parse_key(key.to_owned()).map_err(|_| unknown())?,
            language: LanguageTag::parse(language.to_owned()).map_err(|_| unknown())?,
        })
    }
}

impl std::fmt::Display for TemplateId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.key, self.language)
    }
}

impl Serialize for TemplateId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for TemplateId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| serde::de::Error::custom("no id of a template"))
    }
}

/// A template as it is now, here.
#[derive(Clone, Debug)]
pub struct Template {
    pub id: TemplateId,
    pub content: Content,
    /// It came with Kring.
    pub built_in: bool,
    /// It came with Kring, and this instance says something else.
    pub changed: bool,
    /// For admins alone.
    pub hidden: bool,
    /// 0 for one that came with Kring and was never touched.
    pub version: i64,
    pub updated_at: Option<Time>,
}

impl Template {
    pub fn kind(&self) -> TemplateKind {
        match self.content.what {
            What::Document(_) => TemplateKind::Document,
            What::Network(_) => TemplateKind::Network,
        }
    }
}

/// What a template says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// What it is called in a list to choose from.
    pub name: String,
    /// What it is for, in a sentence or two.
    pub summary: String,
    pub crpd_articles: Vec<i64>,
    pub what: What,
}

/// What begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    Document(DocumentStart),
    Network(NetworkStart),
}

/// How a document begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentStart {
    pub kind: DocumentKind,
    pub title: String,
    pub body: String,
}

/// How a network begins.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkStart {
    pub description: String,
    pub themes: Vec<Theme>,
    /// First conversations, for its coordinator to start.
    pub threads: Vec<ThreadStart>,
    /// Templates of the documents that it begins with.
    pub documents: Vec<TemplateId>,
}

/// How a conversation begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ThreadStart {
    pub title: String,
    pub body: String,
    #[serde(default)]
    pub pinned: bool,
}

/// What an instance says in place of what came with Kring, or of its own.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = templates)]
pub struct Row {
    pub key: String,
    pub language: LanguageTag,
    /// `None`: as it came with Kring.
    pub content: Option<JsonText>,
    pub hidden: bool,
    pub updated_at: Time,
    pub version: i64,
}

/// A template of the instance's own, about to be made.
#[derive(Clone, Debug)]
pub struct NewTemplate {
    pub id: TemplateId,
    pub content: Content,
}

/// Changes to a template; `None` stays. What does not go with its kind is a fault.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub name: Option<String>,
    pub summary: Option<String>,
    pub crpd_articles: Option<Vec<i64>>,
    pub document_kind: Option<DocumentKind>,
    pub title: Option<String>,
    pub body: Option<String>,
    pub description: Option<String>,
    pub themes: Option<Vec<Theme>>,
    pub threads: Option<Vec<ThreadStart>>,
    pub documents: Option<Vec<TemplateId>>,
    pub hidden: Option<bool>,
}

impl Change {
    /// Does it say something else than whether the template is hidden?
    pub fn of_content(&self) -> bool {
        let texts = [&self.name, &self.summary, &self.title, &self.body, &self.description];
        texts.iter().any(|text| text.is_some())
            || self.crpd_articles.is_some()
            || self.document_kind.is_some()
            || self.themes.is_some()
            || self.threads.is_some()
            || self.documents.is_some()
    }

    /// `content` with what this says instead. The fault of the first field that is not one of its kind, by name.
    pub fn applied(&self, mut content: Content) -> Result<Content, &'static str> {
        fn set<T: Clone>(to: &mut T, from: &Option<T>) {
            if let Some(value) = from {
                to.clone_from(value);
            }
        }
        set(&mut content.name, &self.name);
        set(&mut content.summary, &self.summary);
        set(&mut content.crpd_articles, &self.crpd_articles);
        match &mut content.what {
            What::Document(document) => {
                set(&mut document.kind, &self.document_kind);
                set(&mut document.title, &self.title);
                set(&mut document.body, &self.body);
            }
            What::Network(network) => {
                set(&mut network.description, &self.description);
                set(&mut network.themes, &self.themes);
                set(&mut network.threads, &self.threads);
                set(&mut network.documents, &self.documents);
            }
        }
        match self.strange_to(&content.what) {
            Some(name) => Err(name),
            None => Ok(content),
        }
    }

    fn strange_to(&self, what: &What) -> Option<&'static str> {
        let of_network = [
            ("description", self.description.is_some()),
            ("themes", self.themes.is_some()),
            ("threads", self.threads.is_some()),
            ("documents", self.documents.is_some()),
        ];
        let of_document = [
            ("documentKind", self.document_kind.is_some()),
            ("title", self.title.is_some()),
            ("body", self.body.is_some()),
        ];
        let strange = match what {
            What::Document(_) => of_network.to_vec(),
            What::Network(_) => of_document.to_vec(),
        };
        strange.into_iter().find(|(_, there)| *there).map(|(name, _)| name)
    }
}

/// Which templates are wanted.
#[derive(Clone, Debug, Default)]
pub struct TemplateFilter {
    pub kind: Option<TemplateKind>,
    pub language: Option<LanguageTag>,
}

/// What a template is called in a list.
pub fn parse_name(text: String) -> Result<String, Fault> {
    line(&text, 3, 100)
}

/// What a template is for.
pub fn parse_summary(text: String) -> Result<String, Fault> {
    line(&text, 5, 300)
}

/// A title, with what is to be filled in.
pub fn parse_title(text: String) -> Result<String, Fault> {
    line(&text, 1, 200).and_then(filling::checked)
}

/// The text of a document, with what is to be filled in: Markdown.
pub fn parse_body(text: String) -> Result<String, Fault> {
    lines(&text, 1, DOCUMENT_LIMIT).and_then(filling::checked)
}

/// The description of a network, with what is to be filled in: Markdown.
pub fn parse_description(text: String) -> Result<String, Fault> {
    crate::networks::parse_description(text).and_then(filling::checked)
}

/// A first conversation.
pub fn parse_thread(thread: ThreadStart) -> Result<ThreadStart, Fault> {
    Ok(ThreadStart {
        title: parse_title(thread.title)?,
        body: lines(&thread.body, 1, POST_LIMIT).and_then(filling::checked)?,
        pinned: thread.pinned,
    })
}
