//! What people write: pages, notes, articles.

use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use url::Url;

use super::{Refusal, address, id_of, ids_of, kind, member_id, moment, same_host, text};

/// Most files of one post that are looked at.
const FILES: usize = 50;

/// A file or link beside a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    pub url: Url,
    pub media_type: Option<String>,
    /// What can be seen or heard in it, or what it is called.
    pub name: Option<String>,
}

/// Most mentions of one post that are looked at.
const MENTIONS: usize = 50;

/// Somebody whom a post mentions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub href: Url,
    /// As it stands in the text, `@ann@kring.example`, where it is told.
    pub name: Option<String>,
}

/// Something that somebody wrote.
#[derive(Clone, Debug)]
pub struct Post {
    pub id: Url,
    pub kind: String,
    pub author: Url,
    pub title: Option<String>,
    /// HTML, not to be trusted.
    pub html: Option<String>,
    /// Markdown, where its author wrote that.
    pub markdown: Option<String>,
    pub summary: Option<String>,
    /// BCP 47; `None` where nothing usable is said.
    pub language: Option<String>,
    pub answers: Option<Url>,
    pub context: Option<Url>,
    pub audience: Option<Url>,
    pub for_whom: Vec<Url>,
    pub attached: Vec<Attached>,
    pub mentions: Vec<Mention>,
    /// Nobody else is to answer it (`commentsEnabled`, as PeerTube and Lemmy have it).
    pub locked: bool,
    pub published: Option<DateTime<Utc>>,
    pub updated: Option<DateTime<Utc>>,
}

impl Post {
    /// Reads what somebody wrote. Its id is of its author's server.
    pub fn parse(object: &Map<String, Value>) -> Result<Self, Refusal> {
        let post = Self::read(object)?;
        match same_host(&post.id, &post.author) {
            true => Ok(post),
            false => Err(Refusal("what is written has an id of its author's server")),
        }
    }

    /// The same, whoever's server its id is of: for whoever looks at that by other means.
    pub(super) fn read(object: &Map<String, Value>) -> Result<Self, Refusal> {
        let id = object.get("id").and_then(Value::as_str).and_then(address);
        let id = id.ok_or(Refusal("what is written has an id"))?;
        let kind = kind(object).ok_or(Refusal("what is written has a type"))?;
        if !matches!(kind.as_str(), "Page" | "Note" | "Article" | "Question" | "Event" | "Video" | "Image") {
            return Err(Refusal("this is nothing that somebody wrote"));
        }
        let author = author(object).ok_or(Refusal("what is written is attributedTo somebody"))?;
        let mut for_whom = ids_of(object.get("to"));
        for_whom.extend(ids_of(object.get("cc")));
        let source = object.get("source").and_then(Value::as_object);
        let markdown = source.filter(|it| text(it, "mediaType").as_deref() == Some("text/markdown"));
        let language = language(object);
        let mapped =
            |name: &str| text(object, name).or_else(|| in_language(object, name, language.as_deref()));
        let body = mapped("content");
        let in_markdown = text(object, "mediaType").as_deref() == Some("text/markdown");
        Ok(Self {
            title: mapped("name").filter(|it| !it.trim().is_empty()),
            markdown: markdown
                .and_then(|it| text(it, "content"))
                .or_else(|| body.clone().filter(|_| in_markdown)),
            html: body.filter(|_| !in_markdown),
            summary: mapped("summary"),
            language,
            answers: member_id(object, "inReplyTo"),
            context: member_id(object, "context"),
            audience: member_id(object, "audience"),
            for_whom,
            attached: attached(object.get("attachment")),
            mentions: mentions(object.get("tag")),
            locked: object.get("commentsEnabled") == Some(&Value::Bool(false)),
            published: moment(object, "published"),
            updated: moment(object, "updated"),
            kind,
            author,
            id,
        })
    }
}

/// Who wrote it: the first that is named. Videos name a channel and a person; the person counts.
fn author(object: &Map<String, Value>) -> Option<Url> {
    let told = object.get("attributedTo")?;
    let Value::Array(many) = told else { return id_of(told) };
    let person = many.iter().find(|it| it.get("type").and_then(Value::as_str) == Some("Person"));
    person.or(many.first()).and_then(id_of)
}

/// As Lemmy says it (`language.identifier`), or by the only member of `contentMap`.
fn language(object: &Map<String, Value>) -> Option<String> {
    let told = object.get("language");
    let identifier = told.and_then(|it| it.get("identifier")).or(told).and_then(Value::as_str);
    let mapped = object.get("contentMap").and_then(Value::as_object).filter(|map| map.len() == 1);
    let tag = identifier.or_else(|| mapped.and_then(|map| map.keys().next()).map(String::as_str))?;
    (tag != "und").then(|| tag.to_owned())
}

/// What is told in several languages and in none by itself (`nameMap`): in that of the post, else in the first.
fn in_language(object: &Map<String, Value>, name: &str, language: Option<&str>) -> Option<String> {
    let map = object.get(&format!("{name}Map"))?.as_object()?;
    let own = language.and_then(|language| text(map, language));
    own.or_else(|| map.keys().find_map(|language| text(map, language)))
}

fn many(value: Option<&Value>) -> &[Value] {
    match value {
        Some(Value::Array(many)) => many.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    }
}

fn mentions(value: Option<&Value>) -> Vec<Mention> {
    let tags = many(value).iter().filter_map(Value::as_object);
    tags.filter(|tag| kind(tag).as_deref() == Some("Mention"))
        .filter_map(|tag| Some(Mention { href: member_id(tag, "href")?, name: text(tag, "name") }))
        .take(MENTIONS)
        .collect()
}

fn attached(value: Option<&Value>) -> Vec<Attached> {
    many(value)
        .iter()
        .take(FILES)
        .filter_map(Value::as_object)
        .filter_map(|file| {
            let url = text(file, "url").or_else(|| text(file, "href"))?;
            Some(Attached {
                url: address(&url)?,
                media_type: text(file, "mediaType"),
                name: text(file, "name").filter(|it| !it.trim().is_empty()),
            })
        })
        .collect()
}
