//! What is sent to change threads and replies.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::accounts::LanguageTag;
use crate::attachments::AttachmentId;
use crate::drafts::Reference;
use crate::error::{Fault, Result};
use crate::text::summary::PlainSummary;
use crate::threads::model::*;
use crate::web::fields::{any, each};
use crate::web::{Field, Fields};

/// A new thread.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateThread {
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 200, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$", example = "Halte bij het ziekenhuis: perron te laag")]
    title: Field<String>,
    /// Markdown.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 40000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Met een rolstoel kom ik hier de bus niet in.")]
    body: Field<String>,
    /// What it says in a few plain sentences, for who reads slowly or wants to know whether to read on. Plain text, in
    /// the same language.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Iedereen moet met de bus kunnen. Hier praten we over hoe dat kan.")]
    plain_summary: Field<String>,
    /// The language it is written in (BCP 47); the network's where left out.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Field<String>,
    /// Files you uploaded for this.
    #[serde(default)]
    #[schema(value_type = Vec<AttachmentId>, required = false, max_items = 20)]
    attachments: Field<Vec<String>>,
    /// The draft that this came from, as its `version` says: it goes when this is published, unless it says something
    /// newer by then. A draft that says nothing else goes anyway.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 60, example = "01k9q3v8r0a7c.7")]
    draft: Field<String>,
}

/// Reads a list of ids of uploaded files.
fn ids(list: Vec<String>) -> Result<Vec<AttachmentId>, Fault> {
    each(list, 20, |id: String| id.parse().map_err(|_| Fault::new("unknown_attachment")))
}

impl CreateThread {
    /// The thread, and the draft that it came from.
    pub fn parse(self) -> Result<(NewThread, Option<Reference>)> {
        let mut f = Fields::of_body();
        let title = f.need("title", self.title, Title::parse);
        let text = f.need("body", self.body, Text::parse);
        let plain_summary = f.may("plainSummary", self.plain_summary, PlainSummary::parse);
        let language = f.may("language", self.language, LanguageTag::parse);
        let attachments = f.may("attachments", self.attachments, ids).unwrap_or_default();
        let draft = f.may("draft", self.draft, Reference::parse);
        f.finish(|| {
            Some((
                NewThread {
                    title: title?,
                    plain_summary,
                    text: text?,
                    language,
                    attachments,
                },
                draft,
            ))
        })
    }
}

/// Changes to a thread (merge patch). Its words are its author's; pinning and locking are for moderators.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeThread {
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$")]
    title: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 40000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$")]
    body: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
    language: Field<String>,
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pinned: Field<bool>,
    /// What it says in a few plain sentences, for who reads slowly or wants to know whether to read on. Plain text, in
    /// the same language. Null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Iedereen moet met de bus kunnen. Hier praten we over hoe dat kan.")]
    plain_summary: Field<String>,
    /// In a locked thread only moderators reply.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    locked: Field<bool>,
    /// Files to add.
    #[serde(default)]
    #[schema(value_type = Vec<AttachmentId>, required = false, max_items = 20)]
    attachments: Field<Vec<String>>,
    /// The draft that this came from, as its `version` says: it goes when this is published, unless it says something
    /// newer by then. A draft that says nothing else goes anyway.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 60, example = "01k9q3v8r0a7c.7")]
    draft: Field<String>,
}

impl ChangeThread {
    /// The changes, and the draft that they came from.
    pub fn parse(self) -> Result<(ThreadChange, Option<Reference>)> {
        let mut f = Fields::of_body();
        let change = ThreadChange {
            title: f.keep("title", self.title, Title::parse),
            plain_summary: f.patch("plainSummary", self.plain_summary, PlainSummary::parse),
            text: f.keep("body", self.body, Text::parse),
            language: f.keep("language", self.language, LanguageTag::parse),
            pinned: f.keep("pinned", self.pinned, any),
            locked: f.keep("locked", self.locked, any),
            attachments: f.keep("attachments", self.attachments, ids).unwrap_or_default(),
        };
        let draft = f.may("draft", self.draft, Reference::parse);
        f.finish(|| Some((change, draft)))
    }
}

/// A new reply.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateReply {
    /// Markdown.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 40000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Dit herken ik. Bij ons is het net zo.")]
    body: Field<String>,
    /// The reply it answers; null or left out answers the thread.
    #[serde(default)]
    #[schema(value_type = Option<ReplyId>, required = false)]
    parent: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Field<String>,
    /// Files you uploaded for this.
    #[serde(default)]
    #[schema(value_type = Vec<AttachmentId>, required = false, max_items = 20)]
    attachments: Field<Vec<String>>,
    /// The draft that this came from, as its `version` says: it goes when this is published, unless it says something
    /// newer by then. A draft that says nothing else goes anyway.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 60, example = "01k9q3v8r0a7c.7")]
    draft: Field<String>,
}

fn reply_id(text: String) -> Result<ReplyId, Fault> {
    text.parse().map_err(|_| Fault::new("unknown_reply"))
}

impl CreateReply {
    /// The reply, and the draft that it came from.
    pub fn parse(self) -> Result<(NewReply, Option<Reference>)> {
        let mut f = Fields::of_body();
        let text = f.need("body", self.body, Text::parse);
        let parent = f.may("parent", self.parent, reply_id);
        let language = f.may("language", self.language, LanguageTag::parse);
        let attachments = f.may("attachments", self.attachments, ids).unwrap_or_default();
        let draft = f.may("draft", self.draft, Reference::parse);
        f.finish(|| Some((NewReply { text: text?, language, parent, attachments }, draft)))
    }
}

/// Changes to a reply (merge patch), by its author.
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeReply {
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 40000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$")]
    body: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
    language: Field<String>,
    /// Files to add.
    #[serde(default)]
    #[schema(value_type = Vec<AttachmentId>, required = false, max_items = 20)]
    attachments: Field<Vec<String>>,
    /// The draft that this came from, as its `version` says: it goes when this is published, unless it says something
    /// newer by then. A draft that says nothing else goes anyway.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 60, example = "01k9q3v8r0a7c.7")]
    draft: Field<String>,
}

impl ChangeReply {
    /// The changes, and the draft that they came from.
    pub fn parse(self) -> Result<(ReplyChange, Option<Reference>)> {
        let mut f = Fields::of_body();
        let change = ReplyChange {
            text: f.keep("body", self.body, Text::parse),
            language: f.keep("language", self.language, LanguageTag::parse),
            attachments: f.keep("attachments", self.attachments, ids).unwrap_or_default(),
        };
        let draft = f.may("draft", self.draft, Reference::parse);
        f.finish(|| Some((change, draft)))
    }
}

/// How far you have read.
#[derive(Debug, Deserialize, ToSchema)]
pub struct MarkRead {
    /// The last reply you have seen; left out, everything there is now.
    #[serde(default)]
    #[schema(value_type = Option<ReplyId>, required = false)]
    reply: Field<String>,
}

impl MarkRead {
    pub fn parse(self) -> Result<Option<ReplyId>> {
        let mut f = Fields::of_body();
        let reply = f.may("reply", self.reply, reply_id);
        f.finish(|| Some(reply))
    }
}
