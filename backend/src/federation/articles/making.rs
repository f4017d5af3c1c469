//! Revisions of people of this instance as activities, signed by who wrote them.

use kring_db::{Conn, Tx};
use serde_json::{Value, json};

use crate::accounts::{self, PersonId};
use crate::app::Context;
use crate::attachments::{self, Target};
use crate::config::Config;
use crate::copies::{self, Subject};
use crate::documents::{self, Document, Revision, VariantKind};
use crate::error::Result;
use crate::federation::addresses::Local;
use crate::federation::objects::{Article, Object, Words};
use crate::federation::{serving, telling, written};
use crate::networks::{MunicipalityNames, Network};

/// In whatever form an object has the words of a document: they are its author's, and nobody else changes them.
pub const WORDS: [&str; 8] =
    ["attributedTo", "name", "summary", "content", "source", "nameMap", "contentMap", "summaryMap"];

/// Somebody of this instance; `None` of others.
pub fn actor_here(conn: &mut Conn, config: &Config, person: PersonId) -> Result<Option<String>> {
    let somebody = accounts::person_by_id(conn, person)?;
    let here = somebody.host.is_empty();
    Ok(here.then(|| Local::Person(somebody.handle).address(config)))
}

/// The words of a revision that is there.
pub fn words(conn: &mut Conn, revision: &Revision) -> Result<Words> {
    Ok(Words {
        number: revision.number,
        title: revision.title.clone(),
        plain_summary: revision.plain_summary.clone(),
        language: revision.language.clone(),
        text: documents::long_text(conn, revision.document_id, revision.number)?,
        at: revision.created_at,
    })
}

/// A document with these words, as an object of this author.
pub fn object(
    conn: &mut Conn,
    config: &Config,
    (network, document): (&Network, &Document),
    words: &Words,
    author: &str,
) -> Result<Object> {
    let target = Target::document(document.id.0);
    let mut files = attachments::of(conn, &[target])?;
    let names = MunicipalityNames::of(conn, document.municipalities.list())?;
    let variant_of = match documents::variant_of(conn, &[document.id])?.pop() {
        Some((variant, source)) => {
            let source = written::address(conn, config, &Local::Document(source.id))?;
            Some((source, variant.kind, variant.revision))
        }
        None => None,
    };
    let article = Article {
        id: &written::address(conn, config, &Local::Document(document.id))?,
        document,
        words,
        author,
        audience: &serving::audience(conn, config, network)?,
        files: &attachments::take_views(&mut files, target),
        names: &names,
        translations: &translations(conn, document)?,
        variant_of: variant_of.as_ref(),
    };
    Ok(article.object(config))
}

type Translation = (accounts::LanguageTag, documents::Title, String);

fn translations(conn: &mut Conn, document: &Document) -> Result<Vec<Translation>> {
    let variants = documents::variants_of(conn, &[document.id])?.into_iter();
    let translations: Vec<Document> = variants
        .filter(|(variant, _)| variant.kind == VariantKind::Translation)
        .map(|(_, document)| document)
        .collect();
    let mut told = Vec::with_capacity(translations.len());
    for translation in translations {
        let text = documents::long_text(conn, translation.id, translation.revision)?;
        told.push((translation.language, translation.title, text.body_html));
    }
    Ok(told)
}

/// The activity in which somebody of this instance writes words of a document.
pub fn activity(
    tx: &mut Tx,
    cx: &Context,
    (network, document): (&Network, &Document),
    words: &Words,
    (person, actor): (PersonId, &str),
) -> Result<Value> {
    let object = object(tx, cx.config(), (network, document), words, actor)?;
    let object = telling::prove(tx, cx, person, actor, object)?;
    let kind = if words.number == 1 { "Create" } else { "Update" };
    let name = format!("{}-{}-{}", kind.to_ascii_lowercase(), document.id, words.number);
    activity_of(tx, cx, network, (kind, &name, actor), object)
}

/// What somebody of this instance did to an object.
pub fn activity_of(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    (kind, name, actor): (&str, &str, &str),
    object: Object,
) -> Result<Value> {
    let audience = serving::audience(tx, cx.config(), network)?;
    Ok(json!({
        "id": cx.config().public(&format!("/activities/{name}")),
        "type": kind,
        "actor": actor,
        "to": audience.to(),
        "cc": [],
        "audience": audience.group(),
        "object": object,
    }))
}

/// The activity that brought a revision: as it came, or, of somebody here, made and kept now. `None` where it came
/// without one.
pub fn brought(
    tx: &mut Tx,
    cx: &Context,
    (network, document): (&Network, &Document),
    revision: &Revision,
) -> Result<Option<Value>> {
    let subject = Subject::document(document.id.0, revision.number);
    if let Some(kept) = copies::of(tx, subject)? {
        return kept.activity().map(Some);
    }
    let Some(actor) = actor_here(tx, cx.config(), revision.author_id)? else { return Ok(None) };
    let words = words(tx, revision)?;
    let made = activity(tx, cx, (network, document), &words, (revision.author_id, &actor))?;
    copies::keep(tx, cx, subject, &actor, &made)?;
    Ok(Some(made))
}
