//! Documents as objects (FEP-b2b8).

use kring_db::Time;
use serde_json::{Value, json};

use super::posts::{post, without_nothing};
use super::{Audience, Object, absolute, language, object};
use crate::accounts::LanguageTag;
use crate::attachments::AttachmentView;
use crate::config::Config;
use crate::documents::{Document, LongText, Title, VariantKind};
use crate::federation::subjects;
use crate::networks::MunicipalityNames;
use crate::text::markdown;
use crate::text::summary::PlainSummary;

/// From so many bytes on an object is made smaller: nobody takes a message over 1 MB, and others are around it.
const LARGE: usize = 800_000;

/// How much of a text stands in `content` where all of it is too much, in letters.
const BEGINNING: usize = 2_000;

/// The words of one revision.
#[derive(Clone, Debug)]
pub struct Words {
    pub number: i64,
    pub title: Title,
    pub plain_summary: Option<PlainSummary>,
    pub language: LanguageTag,
    pub text: LongText,
    pub at: Time,
}

/// A document at one of its revisions.
pub struct Article<'a> {
    /// Its id for all, wherever it was begun.
    pub id: &'a str,
    pub document: &'a Document,
    pub words: &'a Words,
    /// Who wrote this revision, by their address.
    pub author: &'a str,
    pub audience: &'a Audience,
    pub files: &'a [AttachmentView],
    pub names: &'a MunicipalityNames,
    /// Its translations: language, title and HTML.
    pub translations: &'a [(LanguageTag, Title, String)],
    /// The document that it says otherwise, how, and which revision of that.
    pub variant_of: Option<&'a (String, VariantKind, i64)>,
}

impl Article<'_> {
    pub fn object(&self, config: &Config) -> Object {
        let (document, words) = (self.document, self.words);
        let subjects = document.subjects();
        let places = self.names.views(subjects.municipalities.clone());
        let mut article = post(config, self.audience, (&words.text.body_html, &words.text.body), self.files);
        let more = json!({
            "id": self.id,
            "type": "Article",
            // Who wrote this revision: whoever signs it. Who wrote the others stands in theirs.
            "attributedTo": self.author,
            "cc": [],
            "name": words.title.as_str(),
            "summary": PlainSummary::told(words.plain_summary.as_ref()),
            "url": self.id,
            "language": language(&words.language),
            "license": document.licence.url(),
            "genre": document.kind,
            "version": words.number,
            "tag": subjects::told(config, &subjects, &places),
            "variantOf": self.variant_of.map(|(of, ..)| of),
            "variant": self.variant_of.map(|(_, kind, _)| kind),
            "variantOfVersion": self.variant_of.map(|(.., revision)| revision),
            "published": document.created_at,
            "updated": (words.number > 1).then_some(words.at),
        });
        article.extend(object(more));
        article.extend(self.in_languages(config));
        smaller(without_nothing(article), words)
    }

    /// The same in every language that it is there in.
    fn in_languages(&self, config: &Config) -> Object {
        let own = (&self.words.language, &self.words.title, self.words.text.body_html.as_str());
        let others = self.translations.iter().map(|(language, title, html)| (language, title, html.as_str()));
        let (mut contents, mut names) = (Object::new(), Object::new());
        for (language, title, html) in others.chain([own]) {
            contents.insert(language.to_string(), absolute(config, html).into());
            names.insert(language.to_string(), title.as_str().into());
        }
        object(json!({ "contentMap": contents, "nameMap": names }))
    }
}

/// A long text goes once, as it was written: what others make of it they can make themselves.
fn smaller(mut article: Object, words: &Words) -> Object {
    let large = |article: &Object| Value::Object(article.clone()).to_string().len() > LARGE;
    if large(&article) {
        article.remove("contentMap");
        article.remove("nameMap");
    }
    if large(&article) {
        let beginning = markdown::excerpt(&words.text.body, BEGINNING);
        article.insert("content".to_owned(), markdown::render(&beginning).html.into());
    }
    article
}
