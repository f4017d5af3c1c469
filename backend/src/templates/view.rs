//! Templates on the wire: flat, so that a merge patch says of each field what it says.

use kring_db::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::*;
use crate::accounts::LanguageTag;
use crate::error::{Fault, Result};
use crate::networks::{articles, themes};
use crate::text::lang::Lang;
use crate::web::fields::{any, each, word};
use crate::web::{Field, Fields};

/// A template of your own. For a document: `documentKind`, `title` and `body`. For a network: `description`, `themes`,
/// `threads` and `documents`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateTemplate {
    /// The same in every language. With the language it makes the id.
    #[serde(default)]
    #[schema(value_type = String, required, pattern = "^[a-z][a-z0-9-]{1,48}$", example = "neighbourhood-walk")]
    key: Field<String>,
    /// The language it is written in (BCP 47); that of the request where left out.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Field<String>,
    #[serde(default)]
    #[schema(value_type = TemplateKind, required)]
    kind: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 3, max_length = 100, example = "Wijkschouw")]
    name: Field<String>,
    /// What it is for, in a sentence or two.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 5, max_length = 300, example = "Een lijst om samen door de wijk te lopen.")]
    summary: Field<String>,
    /// Articles of the UN Convention on the Rights of Persons with Disabilities.
    #[serde(default)]
    #[schema(value_type = Vec<i64>, required = false, max_items = 50, example = json!([9, 20]))]
    crpd_articles: Field<Vec<i64>>,
    /// For a document.
    #[serde(default)]
    #[schema(value_type = DocumentKind, required = false)]
    document_kind: Field<String>,
    /// For a document: with `{{network}}`, `{{municipality}}`, `{{date}}`, `{{coordinator}}` and `{{instance}}` in it
    /// where Kring fills that in.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, example = "Wijkschouw {{municipality}}, {{date}}")]
    title: Field<String>,
    /// For a document: Markdown, as the title. What people fill in stands in brackets: `[vul in: …]`, `[fill in: …]`.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "## Onze route\n\n[vul in: waar u begint en eindigt]")]
    body: Field<String>,
    /// For a network: Markdown, as the body of a document.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 5000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "In dit netwerk delen mensen wat zij weten over [vul in: het onderwerp].")]
    description: Field<String>,
    /// For a network.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 8, example = json!(["vervoer"]))]
    themes: Field<Vec<String>>,
    /// For a network: its first conversations.
    #[serde(default)]
    #[schema(value_type = Vec<ThreadStartView>, required = false, max_items = 10)]
    threads: Field<Vec<ThreadStart>>,
    /// For a network: ids of templates of documents that it begins with.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 10, example = json!(["minutes.nl"]))]
    documents: Field<Vec<String>>,
}

impl CreateTemplate {
    /// `lang` is the language of the request.
    pub fn parse(self, lang: Lang) -> Result<NewTemplate> {
        let mut f = Fields::of_body();
        let key = f.need("key", self.key, parse_key);
        let language =
            f.may("language", self.language, LanguageTag::parse).unwrap_or_else(|| LanguageTag::of(lang));
        let kind = f.need("kind", self.kind, word);
        let name = f.need("name", self.name, parse_name);
        let summary = f.need("summary", self.summary, parse_summary);
        let crpd_articles = f.may("crpdArticles", self.crpd_articles, articles).unwrap_or_default();
        // What belongs to the other kind is read as well, and is a fault in the end.
        let of_document = kind == Some(TemplateKind::Document);
        let start = DocumentFields {
            kind: required(&mut f, of_document, "documentKind", self.document_kind, word),
            title: required(&mut f, of_document, "title", self.title, parse_title),
            body: required(&mut f, of_document, "body", self.body, parse_body),
        };
        let of_network = kind == Some(TemplateKind::Network);
        let network = NetworkFields {
            description: required(&mut f, of_network, "description", self.description, parse_description),
            themes: f.may("themes", self.themes, themes),
            threads: f.may("threads", self.threads, thread_starts),
            documents: f.may("documents", self.documents, template_ids),
        };
        let what = match kind {
            Some(TemplateKind::Document) => {
                network.refuse(&mut f);
                start.whole().map(What::Document)
            }
            Some(TemplateKind::Network) => {
                start.refuse(&mut f);
                network.whole().map(What::Network)
            }
            None => None,
        };
        f.finish(|| {
            Some(NewTemplate {
                id: TemplateId { key: key?, language },
                content: Content { name: name?, summary: summary?, crpd_articles, what: what? },
            })
        })
    }
}

/// A field that must be there where it belongs to the kind.
fn required<V>(
    f: &mut Fields,
    needed: bool,
    name: &str,
    field: Field<String>,
    parse: impl FnOnce(String) -> Result<V, Fault>,
) -> Option<V> {
    if needed {
        f.need(name, field, parse)
    } else {
        f.may(name, field, parse)
    }
}

struct DocumentFields {
    kind: Option<DocumentKind>,
    title: Option<String>,
    body: Option<String>,
}

impl DocumentFields {
    fn whole(self) -> Option<DocumentStart> {
        Some(DocumentStart { kind: self.kind?, title: self.title?, body: self.body? })
    }

    fn refuse(&self, f: &mut Fields) {
        let there = [
            ("documentKind", self.kind.is_some()),
            ("title", self.title.is_some()),
            ("body", self.body.is_some()),
        ];
        refuse(f, &there);
    }
}

struct NetworkFields {
    description: Option<String>,
    themes: Option<Vec<crate::networks::Theme>>,
    threads: Option<Vec<ThreadStart>>,
    documents: Option<Vec<TemplateId>>,
}

impl NetworkFields {
    fn whole(self) -> Option<NetworkStart> {
        Some(NetworkStart {
            description: self.description?,
            themes: self.themes.unwrap_or_default(),
            threads: self.threads.unwrap_or_default(),
            documents: self.documents.unwrap_or_default(),
        })
    }

    fn refuse(&self, f: &mut Fields) {
        let there = [
            ("description", self.description.is_some()),
            ("themes", self.themes.is_some()),
            ("threads", self.threads.is_some()),
            ("documents", self.documents.is_some()),
        ];
        refuse(f, &there);
    }
}

fn refuse(f: &mut Fields, fields: &[(&str, bool)]) {
    for (name, _) in fields.iter().filter(|(_, there)| *there) {
        f.fault::<()>(name, Fault::new("not_for_kind"));
    }
}

fn thread_starts(list: Vec<ThreadStart>) -> Result<Vec<ThreadStart>, Fault> {
    each(list, 10, parse_thread)
}

fn template_ids(list: Vec<String>) -> Result<Vec<TemplateId>, Fault> {
    each(list, 10, |id: String| id.parse())
}

/// Changes to a template (merge patch: what is left out stays; a list is replaced whole).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeTemplate {
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 3, max_length = 100, example = "Wijkschouw")]
    name: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 5, max_length = 300, example = "Een lijst om samen door de wijk te lopen.")]
    summary: Field<String>,
    #[serde(default)]
    #[schema(value_type = Vec<i64>, required = false, max_items = 50, example = json!([9, 20]))]
    crpd_articles: Field<Vec<i64>>,
    /// Of a document.
    #[serde(default)]
    #[schema(value_type = DocumentKind, required = false)]
    document_kind: Field<String>,
    /// Of a document.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, example = "Wijkschouw {{municipality}}, {{date}}")]
    title: Field<String>,
    /// Of a document.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 300000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "## Onze route\n\n[vul in: waar u begint en eindigt]")]
    body: Field<String>,
    /// Of a network.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 5000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "In dit netwerk delen mensen wat zij weten over [vul in: het onderwerp].")]
    description: Field<String>,
    /// Of a network.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 8, example = json!(["vervoer"]))]
    themes: Field<Vec<String>>,
    /// Of a network.
    #[serde(default)]
    #[schema(value_type = Vec<ThreadStartView>, required = false, max_items = 10)]
    threads: Field<Vec<ThreadStart>>,
    /// Of a network.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 10, example = json!(["minutes.nl"]))]
    documents: Field<Vec<String>>,
    /// True: nobody but administrators sees it.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    hidden: Field<bool>,
}

impl ChangeTemplate {
    pub fn parse(self) -> Result<Change> {
        let mut f = Fields::of_body();
        let change = Change {
            name: f.keep("name", self.name, parse_name),
            summary: f.keep("summary", self.summary, parse_summary),
            crpd_articles: f.keep("crpdArticles", self.crpd_articles, articles),
            document_kind: f.keep("documentKind", self.document_kind, word),
            title: f.keep("title", self.title, parse_title),
            body: f.keep("body", self.body, parse_body),
            description: f.keep("description", self.description, parse_description),
            themes: f.keep("themes", self.themes, themes),
            threads: f.keep("threads", self.threads, thread_starts),
            documents: f.keep("documents", self.documents, template_ids),
            hidden: f.keep("hidden", self.hidden, any),
        };
        f.finish(|| Some(change))
    }
}

/// A template, as lists show it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Template)]
pub struct TemplateView {
    /// Key and language, with a point between.
    #[schema(example = "minutes.nl")]
    pub id: String,
    /// The same in every language.
    #[schema(example = "minutes")]
    pub key: String,
    pub language: String,
    pub kind: TemplateKind,
    /// What it is called.
    #[schema(example = "Verslag van een bijeenkomst")]
    pub name: String,
    /// What it is for.
    #[schema(
        example = "Kort en eerlijk: wie er waren, wat besproken is, wat is afgesproken en wie wat doet voor wanneer."
    )]
    pub summary: String,
    pub crpd_articles: Vec<i64>,
    /// It came with Kring.
    pub built_in: bool,
    /// It came with Kring, and this instance changed it.
    pub changed: bool,
    /// Only administrators see it.
    pub hidden: bool,
    /// When this instance last changed it; null where it never did.
    #[schema(required)]
    pub updated_at: Option<Time>,
}

impl From<&Template> for TemplateView {
    fn from(template: &Template) -> Self {
        Self {
            id: template.id.to_string(),
            key: template.id.key.clone(),
            language: template.id.language.to_string(),
            kind: template.kind(),
            name: template.content.name.clone(),
            summary: template.content.summary.clone(),
            crpd_articles: template.content.crpd_articles.clone(),
            built_in: template.built_in,
            changed: template.changed,
            hidden: template.hidden,
            updated_at: template.updated_at,
        }
    }
}

/// A template with what it says. What does not go with its kind is null, or an empty list.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TemplatePage {
    #[serde(flatten)]
    pub template: TemplateView,
    #[schema(required)]
    pub document_kind: Option<DocumentKind>,
    /// Of a document.
    #[schema(required, example = "Verslag {{network}}, {{date}}")]
    pub title: Option<String>,
    /// Of a document: Markdown.
    #[schema(required, example = "## Aanwezig\n\n[vul in: hoeveel mensen]")]
    pub body: Option<String>,
    /// Of a network: Markdown.
    #[schema(
        required,
        example = "In dit netwerk delen mensen wat zij weten over [vul in: het onderwerp]."
    )]
    pub description: Option<String>,
    /// Of a network.
    pub themes: Vec<String>,
    /// Of a network: first conversations, to start as they are or changed.
    pub threads: Vec<ThreadStartView>,
    /// Of a network: ids of templates of documents that it begins with.
    #[schema(example = json!(["accessible-meetings.nl", "minutes.nl"]))]
    pub documents: Vec<String>,
}

/// How a conversation begins.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ThreadStart)]
pub struct ThreadStartView {
    #[schema(example = "Welkom: lees dit eerst", min_length = 1, max_length = 200)]
    pub title: String,
    /// Markdown.
    #[schema(example = "Fijn dat u er bent.", min_length = 1, max_length = 40000)]
    pub body: String,
    /// Pin it, so that it stays on top.
    #[schema(required = false)]
    pub pinned: bool,
}

impl From<&Template> for TemplatePage {
    fn from(template: &Template) -> Self {
        let document = match &template.content.what {
            What::Document(document) => Some(document),
            What::Network(_) => None,
        };
        let network = match &template.content.what {
            What::Network(network) => Some(network),
            What::Document(_) => None,
        };
        let threads = network.iter().flat_map(|network| &network.threads).map(|thread| ThreadStartView {
            title: thread.title.clone(),
            body: thread.body.clone(),
            pinned: thread.pinned,
        });
        Self {
            template: template.into(),
            document_kind: document.map(|document| document.kind),
            title: document.map(|document| document.title.clone()),
            body: document.map(|document| document.body.clone()),
            description: network.map(|network| network.description.clone()),
            themes: network.iter().flat_map(|network| &network.themes).map(ToString::to_string).collect(),
            threads: threads.collect(),
            documents: network
                .iter()
                .flat_map(|network| &network.documents)
                .map(ToString::to_string)
                .collect(),
        }
    }
}
