//! Documents that are written together, revision by revision (FEP-b2b8).

use serde_json::{Map, Value};
use url::Url;

use super::{Post, Refusal, ids_of, member_id, text};

/// Most words of `tag` that are looked at.
const TAGS: usize = 100;

/// A revision of a document. What it is about is told in words that whoever takes it knows, or passes over.
#[derive(Clone, Debug)]
pub struct Article {
    /// Its words. The id is that of the document, of the server that it was begun on; the author is whoever wrote this
    /// revision, who may be of another: whoever takes it looks at who says so.
    pub post: Post,
    /// The number of the revision, from 1.
    pub version: i64,
    pub genre: Option<String>,
    /// Where its licence can be read.
    pub licence: Option<String>,
    pub themes: Vec<String>,
    pub crpd_articles: Vec<i64>,
    /// Codes of municipalities.
    pub municipalities: Vec<String>,
    /// The document that it says in another language, or in easy words.
    pub variant_of: Option<Url>,
    /// Which revision of that it says.
    pub variant_of_version: Option<i64>,
    pub variant: Option<String>,
}

impl Article {
    /// Is this a document, and not a thread that is called one? A document says which revision it is.
    pub fn is_one(object: &Map<String, Value>) -> bool {
        super::kind(object).as_deref() == Some("Article") && version(object).is_some()
    }

    pub fn parse(object: &Map<String, Value>) -> Result<Self, Refusal> {
        if !Self::is_one(object) {
            return Err(Refusal("this is no document"));
        }
        let tags = match object.get("tag") {
            Some(Value::Array(tags)) => tags.as_slice(),
            Some(tag) => std::slice::from_ref(tag),
            None => &[],
        };
        let tags: Vec<&Map<String, Value>> = tags.iter().take(TAGS).filter_map(Value::as_object).collect();
        let named = |kind: &str, member: &str| -> Vec<String> {
            let its = tags.iter().filter(|tag| super::kind(tag).as_deref() == Some(kind));
            its.filter_map(|tag| text(tag, member)).collect()
        };
        let hashtags = named("Hashtag", "name");
        let crpd = |tag: &String| tag.strip_prefix("#CRPD")?.parse().ok();
        Ok(Self {
            version: version(object).ok_or(Refusal("a document says which revision it is"))?,
            genre: text(object, "genre"),
            licence: ids_of(object.get("license")).first().map(Url::to_string),
            crpd_articles: hashtags.iter().filter_map(crpd).collect(),
            // With its hyphens, which the name of a tag leaves out.
            themes: named("Hashtag", "theme"),
            municipalities: named("Place", "identifier"),
            variant_of: member_id(object, "variantOf"),
            variant_of_version: whole(object, "variantOfVersion"),
            variant: text(object, "variant"),
            post: Post::read(object)?,
        })
    }
}

fn version(object: &Map<String, Value>) -> Option<i64> {
    whole(object, "version")
}

/// The number of a revision.
fn whole(object: &Map<String, Value>, name: &str) -> Option<i64> {
    object.get(name)?.as_i64().filter(|number| *number > 0)
}
