//! Threads and replies as objects.

use serde_json::{Value, json};

use super::{Object, PUBLIC, absolute, language, object, source};
use crate::attachments::AttachmentView;
use crate::config::Config;
use crate::federation::addresses::Local;
use crate::federation::mentioning::Tagged;
use crate::networks::{AuthorPerson, Network, Visibility};
use crate::text::summary::PlainSummary;
use crate::threads::{Reply, Thread};

/// Who gets what is written in a network: everyone, or those who follow it.
#[derive(Clone, Debug)]
pub struct Audience {
    group: String,
    with: String,
    /// As it is mentioned.
    name: String,
}

impl Audience {
    /// `home`: the address of a network that lives elsewhere, and that of its followers.
    pub fn of(config: &Config, network: &Network, home: Option<(String, Option<String>)>) -> Self {
        let of = Local::Network(network.slug.clone());
        let name = match network.slug.host() {
            "" => format!("@{}@{}", network.slug, config.host()),
            _ => format!("@{}", network.slug),
        };
        let (group, followers) = match home {
            // Where nobody knows how its followers are called, the group alone gets it, and tells it on.
            Some((group, followers)) => (group.clone(), followers.unwrap_or(group)),
            None => (of.address(config), of.part(config, "followers")),
        };
        let with = match network.visibility {
            Visibility::Public => PUBLIC.to_owned(),
            Visibility::Members | Visibility::Hidden => followers,
        };
        Self { group, with, name }
    }

    pub fn group(&self) -> &str {
        &self.group
    }

    pub fn to(&self) -> Value {
        json!([self.group, self.with])
    }
}

/// Where somebody of this instance is; of others, where their own instance says they are.
pub(super) fn author(config: &Config, person: &AuthorPerson) -> String {
    Local::Person(person.handle.clone()).address(config)
}

/// What threads, replies and documents have in common.
pub(super) fn post(
    config: &Config,
    audience: &Audience,
    (html, markdown): (&str, &str),
    files: &[AttachmentView],
) -> Object {
    object(json!({
        "to": audience.to(),
        "audience": audience.group,
        "content": absolute(config, html),
        "mediaType": "text/html",
        "source": source(markdown),
        "attachment": files.iter().map(|file| attached(config, file)).collect::<Value>(),
        "sensitive": false,
    }))
}

/// A file, with what can be seen in it as its name, as Mastodon and others look for it.
fn attached(config: &Config, file: &AttachmentView) -> Value {
    let media_type = file.media_type.to_string();
    let kind = match media_type.split('/').next() {
        Some("image") => "Image",
        Some("audio") => "Audio",
        Some("video") => "Video",
        _ => "Document",
    };
    let name = match (&file.alt, kind) {
        (Some(alt), _) => alt.clone(),
        // An image that is decoration has nothing to say.
        (None, "Image") => String::new(),
        (None, _) => file.file_name.clone(),
    };
    json!({
        "type": kind,
        "mediaType": media_type,
        "url": config.public(&file.content),
        "name": name,
        "width": file.width,
        "height": file.height,
    })
}

/// People who are mentioned, and the group last, so that answers from Mastodon reach it.
fn mentions(audience: &Audience, people: &[Tagged]) -> Vec<Value> {
    let tag = |one: &Tagged| json!({ "type": "Mention", "href": one.href, "name": one.name });
    let mut told: Vec<Value> = people.iter().map(tag).collect();
    told.push(json!({ "type": "Mention", "href": audience.group, "name": audience.name }));
    told
}

/// A thread.
#[derive(Debug)]
pub struct Page<'a> {
    pub thread: &'a Thread,
    pub author: &'a AuthorPerson,
    pub audience: &'a Audience,
    pub files: &'a [AttachmentView],
    pub mentioned: &'a [Tagged],
}

impl Page<'_> {
    pub fn object(&self, config: &Config) -> Object {
        let (thread, audience) = (self.thread, self.audience);
        let of = Local::Thread(thread.id);
        let mut page = post(config, audience, (&thread.body_html, &thread.body), self.files);
        let people: Vec<&str> = self.mentioned.iter().map(|one| one.href.as_str()).collect();
        let more = json!({
            "id": of.address(config),
            "type": "Page",
            "attributedTo": author(config, self.author),
            "cc": people,
            "name": thread.title.as_str(),
            "summary": PlainSummary::told(thread.plain_summary.as_ref()),
            "url": of.address(config),
            "context": of.part(config, "context"),
            "language": language(&thread.language),
            "tag": mentions(audience, self.mentioned),
            "published": thread.created_at,
            "updated": thread.edited_at,
            "commentsEnabled": thread.locked_at.is_none(),
        });
        page.extend(object(more));
        without_nothing(page)
    }
}

/// A reply.
#[derive(Debug)]
pub struct Note<'a> {
    pub reply: &'a Reply,
    /// The id of what it answers.
    pub answers: &'a str,
    /// Where what belongs together with it is told.
    pub context: &'a str,
    pub author: &'a AuthorPerson,
    pub audience: &'a Audience,
    pub files: &'a [AttachmentView],
    pub mentioned: &'a [Tagged],
}

impl Note<'_> {
    pub fn object(&self, config: &Config) -> Object {
        let (reply, audience) = (self.reply, self.audience);
        let of = Local::Reply(reply.id);
        let thread = Local::Thread(reply.thread_id);
        let mut note = post(config, audience, (&reply.body_html, &reply.body), self.files);
        let people: Vec<&str> = self.mentioned.iter().map(|one| one.href.as_str()).collect();
        let page = format!("{}?around={}#reply-{}", thread.address(config), reply.id, reply.id);
        let more = json!({
            "id": of.address(config),
            "type": "Note",
            "attributedTo": author(config, self.author),
            "cc": people,
            "inReplyTo": self.answers,
            "url": page,
            "context": self.context,
            "language": language(&reply.language),
            "tag": mentions(audience, self.mentioned),
            "published": reply.created_at,
            "updated": reply.edited_at,
            "distinguished": false,
        });
        note.extend(object(more));
        without_nothing(note)
    }
}

/// Nothing said is left out: some servers take null for a value of the wrong kind.
pub(super) fn without_nothing(mut object: Object) -> Object {
    object.retain(|_, value| !value.is_null());
    object
}
