//! What the head of a page tells machines: where else the same can be read, how it shows itself where somebody shares it
//! (Open Graph), and what it is (schema.org).
//!
//! The schema.org part is a data block, `<script type="application/ld+json">`: browsers never run it, so the
//! Content-Security-Policy has nothing to allow, and search engines read it before they read anything else.

use kring_db::Time;
use serde_json::Value;

use super::Frame;
use crate::text::lang::Lang;

/// The picture of who has none: shared pages show it.
pub const CARD: &[u8] = include_bytes!("../../../templates/pages/card.png");

/// Where [`CARD`] is.
pub const CARD_PATH: &str = "/assets/card.png";

/// What a page tells besides its title, description and address.
#[derive(Clone, Debug, Default)]
pub struct Head {
    pub links: Vec<HeadLink>,
    /// Something that somebody wrote, and when, for who shares it; pages that only lead on have none.
    pub written: Option<Written>,
    /// A picture of it: where, and what can be seen.
    pub picture: Option<(String, String)>,
    /// schema.org, without its `@context`.
    pub data: Option<Value>,
}

/// A `link` in the head.
#[derive(Clone, Debug)]
pub struct HeadLink {
    pub rel: &'static str,
    pub href: String,
    pub media_type: Option<&'static str>,
    pub language: Option<String>,
    pub title: Option<String>,
}

impl HeadLink {
    pub fn new(rel: &'static str, href: impl Into<String>) -> Self {
        Self {
            rel,
            href: href.into(),
            media_type: None,
            language: None,
            title: None,
        }
    }

    /// The same thing as another kind of file.
    pub fn alternate(media_type: &'static str, href: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            media_type: Some(media_type),
            title: Some(title.into()),
            ..Self::new("alternate", href)
        }
    }

    /// The same thing in another language (BCP 47).
    pub fn translation(language: impl Into<String>, href: impl Into<String>) -> Self {
        Self {
            language: Some(language.into()),
            ..Self::new("alternate", href)
        }
    }
}

/// When something was written, and by whom.
#[derive(Clone, Debug)]
pub struct Written {
    pub language: String,
    pub published: Time,
    pub changed: Time,
    /// Addresses of the pages of who wrote it.
    pub authors: Vec<String>,
    pub tags: Vec<String>,
}

impl Frame {
    /// Adds a link to the head.
    pub fn linked(mut self, link: HeadLink) -> Self {
        self.head.links.push(link);
        self
    }

    /// What it is, by schema.org.
    pub fn being(mut self, data: Value) -> Self {
        self.head.data = Some(data);
        self
    }

    /// Who wrote it and when, for who shares it.
    pub fn written(mut self, written: Written) -> Self {
        self.head.written = Some(written);
        self
    }

    /// Shown where it is shared.
    pub fn pictured(mut self, picture: Option<(String, String)>) -> Self {
        self.head.picture = picture.or(self.head.picture);
        self
    }

    /// May it be shared and found? What is for one reader, or of no use by itself, says nothing of itself.
    pub fn open(&self) -> bool {
        !self.private && !self.unlisted
    }

    /// Does the page ask search engines to leave it out?
    pub fn unlisted(&self) -> bool {
        !self.open() || !self.asked.found
    }

    /// `article` or `website`, as Open Graph has it.
    fn kind(&self) -> &'static str {
        if self.head.written.is_some() { "article" } else { "website" }
    }

    /// The language of what is on the page, as Open Graph writes it.
    fn locale(&self) -> String {
        let written = self.head.written.as_ref().map(|written| written.language.as_str());
        match written.map_or(Some(self.lang()), Lang::of_tag) {
            Some(Lang::Nl) => "nl_NL".to_owned(),
            Some(Lang::En) => "en_GB".to_owned(),
            None => written.unwrap_or_default().replace('-', "_"),
        }
    }

    /// Names and values of Open Graph (ogp.me), in the order in which they belong together.
    pub fn graph(&self) -> Vec<(&'static str, String)> {
        let Some(address) = self.canonical.as_ref().filter(|_| self.open()) else { return Vec::new() };
        let (picture, seen) = match &self.head.picture {
            Some((picture, seen)) => (picture.clone(), seen.clone()),
            None => (self.asked.card.clone(), self.say("page-card")),
        };
        let mut told = vec![
            ("og:title", self.title.clone()),
            ("og:type", self.kind().to_owned()),
            ("og:url", address.clone()),
            ("og:image", picture),
            ("og:image:alt", seen),
            ("og:site_name", self.instance().to_owned()),
            ("og:locale", self.locale()),
        ];
        if !self.description.is_empty() {
            told.push(("og:description", self.description.clone()));
        }
        if let Some(written) = &self.head.written {
            told.push(("article:published_time", written.published.to_string()));
            told.push(("article:modified_time", written.changed.to_string()));
            told.extend(written.authors.iter().map(|author| ("article:author", author.clone())));
            told.extend(written.tags.iter().map(|tag| ("article:tag", tag.clone())));
        }
        told
    }

    /// The data block of schema.org: JSON in which nothing can end the element that it stands in.
    pub fn data(&self) -> Option<String> {
        let mut data = self.head.data.clone().filter(|_| self.open())?;
        data["@context"] = Value::from("https://schema.org");
        let json = data.to_string();
        Some(json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"))
    }
}

/// A person, by schema.org; `address` of their page, where they have one.
pub fn person(name: &str, address: Option<&str>) -> Value {
    let mut person = serde_json::json!({ "@type": "Person", "name": name });
    if let Some(address) = address {
        person["url"] = Value::from(address);
    }
    person
}
