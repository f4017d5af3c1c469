//! The templates that come with Kring: `backend/starters/{nl,en}/`. A document is Markdown under a head of TOML between
//! two lines `+++`; a network is TOML.

use std::sync::LazyLock;

use anyhow::Context as _;
use serde::Deserialize;

use super::model::*;
use crate::accounts::LanguageTag;
use crate::networks::Theme;
use crate::text::lang::Lang;

macro_rules! files {
    ($($language:literal: $($name:literal),+;)+) => {
        &[$($((
            $language, $name, include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/starters/", $language, "/", $name)),
        )),+),+]
    };
}

/// The language, the file and its text.
pub const FILES: &[(&str, &str, &str)] = files! {
    "nl":
        "accessible-meetings.md", "accessibility-baseline.md", "easy-read.md", "letter-to-council.md",
        "local-inclusion-agenda.md", "minutes.md", "municipal-network.toml", "theme-network.toml";
    "en":
        "accessible-meetings.md", "accessibility-baseline.md", "easy-read.md", "letter-to-council.md",
        "local-inclusion-agenda.md", "minutes.md", "municipal-network.toml", "theme-network.toml";
};

static ALL: LazyLock<Vec<(TemplateId, Content)>> = LazyLock::new(|| {
    let read = FILES.iter().map(|(language, name, text)| {
        read(language, name, text).with_context(|| format!("the template {language}/{name}"))
    });
    // A test reads every one of them.
    let fine = read.filter_map(|outcome| outcome.map_err(|cause| tracing::error!("{cause:#}")).ok());
    fine.collect()
});

/// All of them.
pub fn all() -> &'static [(TemplateId, Content)] {
    &ALL
}

/// The one of this name.
pub fn find(id: &TemplateId) -> Option<&'static Content> {
    ALL.iter().find(|(known, _)| known == id).map(|(_, content)| content)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentHead {
    name: String,
    summary: String,
    kind: DocumentKind,
    title: String,
    crpd_articles: Vec<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NetworkFile {
    name: String,
    summary: String,
    description: String,
    themes: Vec<Theme>,
    crpd_articles: Vec<i64>,
    /// Keys of templates of the same language.
    documents: Vec<String>,
    #[serde(rename = "thread")]
    threads: Vec<ThreadStart>,
}

fn read(language: &str, name: &str, text: &str) -> anyhow::Result<(TemplateId, Content)> {
    let language = LanguageTag::of(Lang::of_tag(language).context("no language of Kring's")?);
    let id = |key: &str| TemplateId { key: key.to_owned(), language: language.clone() };
    if let Some(key) = name.strip_suffix(".md") {
        let rest = text.strip_prefix("+++\n").context("no head")?;
        let (head, body) = rest.split_once("\n+++\n").context("a head without end")?;
        let head: DocumentHead = toml::from_str(head)?;
        let document = DocumentStart { kind: head.kind, title: head.title, body: body.to_owned() };
        return Ok((
            id(key),
            Content {
                name: head.name,
                summary: head.summary,
                crpd_articles: head.crpd_articles,
                what: What::Document(document),
            },
        ));
    }
    let key = name.strip_suffix(".toml").context("neither .md nor .toml")?;
    let file: NetworkFile = toml::from_str(text)?;
    let network = NetworkStart {
        description: file.description,
        themes: file.themes,
        threads: file.threads,
        documents: file.documents.iter().map(|key| id(key)).collect(),
    };
    Ok((
        id(key),
        Content {
            name: file.name,
            summary: file.summary,
            crpd_articles: file.crpd_articles,
            what: What::Network(network),
        },
    ))
}

#[cfg(test)]
mod tests;
