//! The types of threads and replies.

use diesel::prelude::*;
use kring_db::schema::{post_versions, replies, threads};
use kring_db::{Time, id_type, text_type, word_type};
use serde::{Deserialize, Serialize};

use crate::accounts::{LanguageTag, Mentioned, PersonId};
use crate::attachments::AttachmentId;
use crate::error::Fault;
use crate::networks::{AuthorPerson, AuthorRole, NetworkId};
use crate::text::markdown::{POST_LIMIT, Rendered, render};
use crate::text::summary::PlainSummary;
use crate::web::fields::{line, lines};

id_type! {
    /// A row of `threads`.
    ThreadId
}
id_type! {
    /// A row of `replies`.
    ReplyId
}
id_type! {
    /// A row of `post_versions`.
    VersionId
}

text_type! {
    /// What a thread is called.
    Title
}

impl Title {
    pub fn parse(text: String) -> Result<Self, Fault> {
        line(&text, 1, 200).map(Self)
    }
}

/// A Markdown text that was checked, with its HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub markdown: String,
    pub rendered: Rendered,
    /// Whom it mentions, where the instance on which it was written told; `None`: whoever it names.
    pub told: Option<Vec<Mentioned>>,
}

impl Text {
    pub fn parse(markdown: String) -> Result<Self, Fault> {
        let markdown = lines(&markdown, 1, POST_LIMIT)?;
        Ok(Self { rendered: render(&markdown), markdown, told: None })
    }
}

word_type! {
    /// A supportive reaction: thanks, I recognise this, I want to know more.
    ReactionKind { Thanks = "thanks", Recognise = "recognise", More = "more" }
}

/// What is told of a reaction besides what it is to.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Reaction {
    /// The thread that it is to, or in which the reply stands.
    pub thread: ThreadId,
    pub kind: ReactionKind,
}

/// A thread.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = threads)]
pub struct Thread {
    pub id: ThreadId,
    pub network_id: NetworkId,
    pub author_id: PersonId,
    pub title: Title,
    pub plain_summary: Option<PlainSummary>,
    pub body: String,
    pub body_html: String,
    pub language: LanguageTag,
    pub reply_count: i64,
    pub last_seq: i64,
    pub last_activity_at: Time,
    pub pinned: bool,
    pub locked_at: Option<Time>,
    pub thanks_count: i64,
    pub recognise_count: i64,
    pub more_count: i64,
    pub created_at: Time,
    pub edited_at: Option<Time>,
    pub deleted_at: Option<Time>,
    pub version: i64,
}

/// A reply.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = replies)]
pub struct Reply {
    pub id: ReplyId,
    pub thread_id: ThreadId,
    pub parent_id: Option<ReplyId>,
    pub author_id: PersonId,
    pub seq: i64,
    pub depth: i64,
    pub path: String,
    pub body: String,
    pub body_html: String,
    pub language: LanguageTag,
    pub thanks_count: i64,
    pub recognise_count: i64,
    pub more_count: i64,
    pub created_at: Time,
    pub edited_at: Option<Time>,
    pub deleted_at: Option<Time>,
    pub version: i64,
}

/// A thread with its author, as lists load it; how far the viewer has read, where somebody is looking.
pub type ThreadRow = (Thread, AuthorPerson, Option<AuthorRole>, Option<i64>);

/// A reply with its author.
pub type ReplyRow = (Reply, AuthorPerson, Option<AuthorRole>);

/// How a thread or reply read before an edit.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = post_versions)]
pub struct PostVersion {
    pub version: i64,
    pub title: String,
    pub plain_summary: Option<PlainSummary>,
    pub body: String,
    pub body_html: String,
    pub language: LanguageTag,
    pub written_at: Time,
}

word_type! {
    /// Why a post is addressed to somebody: it mentions them, or it answers what they wrote. What does both is a
    /// mention.
    AddressedKind { Mention = "mention", Answer = "answer" }
}

/// A thread or reply that is addressed to somebody.
#[derive(Clone, Debug)]
pub struct AddressedPost {
    pub kind: AddressedKind,
    pub network_id: NetworkId,
    pub thread_id: ThreadId,
    /// What the thread is called.
    pub title: Title,
    pub title_language: LanguageTag,
    /// `None` where it is the thread itself.
    pub reply_id: Option<ReplyId>,
    pub author: AuthorPerson,
    pub role: Option<AuthorRole>,
    pub body: String,
    pub language: LanguageTag,
    pub created_at: Time,
}

/// Posts that are addressed to somebody, newest first: the first few, and how many there are in all.
#[derive(Clone, Debug, Default)]
pub struct Addressed {
    pub posts: Vec<AddressedPost>,
    pub total: i64,
}

/// A thread about to be started.
#[derive(Clone, Debug)]
pub struct NewThread {
    pub title: Title,
    pub plain_summary: Option<PlainSummary>,
    pub text: Text,
    pub language: Option<LanguageTag>,
    pub attachments: Vec<AttachmentId>,
}

/// A reply about to be written.
#[derive(Clone, Debug)]
pub struct NewReply {
    pub text: Text,
    pub language: Option<LanguageTag>,
    pub parent: Option<ReplyId>,
    pub attachments: Vec<AttachmentId>,
}

/// Changes to a thread; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ThreadChange {
    pub title: Option<Title>,
    pub plain_summary: Option<Option<PlainSummary>>,
    pub text: Option<Text>,
    pub language: Option<LanguageTag>,
    pub pinned: Option<bool>,
    pub locked: Option<bool>,
    pub attachments: Vec<AttachmentId>,
}

impl ThreadChange {
    /// Does it hold words that somebody wrote, which must not be lost?
    pub fn writes(&self) -> bool {
        self.title.is_some() || self.text.is_some() || self.plain_summary.is_some()
    }

    /// Does it touch what the author wrote?
    pub fn edits(&self) -> bool {
        self.writes() || self.language.is_some() || !self.attachments.is_empty()
    }
}

/// Changes to a reply; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ReplyChange {
    pub text: Option<Text>,
    pub language: Option<LanguageTag>,
    pub attachments: Vec<AttachmentId>,
}

/// Which piece of a tree of replies is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece {
    /// From the beginning.
    First,
    /// What follows this reply.
    After(ReplyId),
    /// What stands before this reply, nearest last.
    Before(ReplyId),
    /// This reply and what stands around it.
    Around(ReplyId),
}

/// Replies nest so deep and no deeper; a path of ids stays within what an index can hold.
pub const DEEPEST: i64 = 50;
