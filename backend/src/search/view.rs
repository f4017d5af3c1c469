//! Hits as they are sent.

use kring_db::Time;
use serde::Serialize;
use utoipa::ToSchema;

use super::highlight::{TextPart, excerpt, marked};
use super::model::Hit;
use super::resolved::{NotResolvedView, Resolved};
use crate::index::analysis::Query;
use crate::index::{EntryId, EntryKind};
use crate::networks::{Network, NetworkRefView};
use crate::text::lang::Lang;

/// Something that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SearchHit)]
pub struct SearchHitView {
    pub kind: EntryKind,
    pub id: EntryId,
    /// Of a reply, the title of its thread; of a file, the title of what it is attached to; null where that was
    /// deleted.
    #[schema(required, example = "Toegankelijkheid van haltes")]
    pub title: Option<String>,
    /// The title in parts, with what answers the query.
    pub title_parts: Vec<TextPart>,
    /// A piece of the text in parts, with what answers the query. Plain text.
    pub excerpt: Vec<TextPart>,
    /// The language it is written in (BCP 47).
    #[schema(example = "nl")]
    pub language: String,
    pub network: NetworkRefView,
    /// The thread of a reply, and of a file in one; null for everything else.
    #[schema(required)]
    pub thread: Option<EntryId>,
    /// The file that it was found in; null where it was not in a file.
    #[schema(required)]
    pub attachment: Option<FoundInView>,
    /// Where a person reads it: a path on the frontend, or on this server where there is none.
    #[schema(example = "/threads/01k9q3v8r0a7c")]
    pub path: String,
    /// The moment it is news of, by which hits are ordered: a document's last change, else when it was made.
    pub published_at: Time,
}

/// A piece of what was found, and what an address leads to.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SearchPage {
    pub items: Vec<SearchHitView>,
    /// Give it as `cursor` to go on; null where the list ends.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// With `resolve=true`: what the query is the address of. Null where that is nothing, and without `resolve`.
    #[schema(required)]
    pub resolved: Option<Resolved>,
    /// With `resolve=true`: why it leads to nothing.
    #[schema(required)]
    pub not_resolved: Option<NotResolvedView>,
}

/// The file that something was found in.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = FoundIn)]
pub struct FoundInView {
    #[schema(example = "begroting.pdf")]
    pub file_name: String,
    /// The name in parts, with what answers the query.
    pub file_name_parts: Vec<TextPart>,
    /// What it is attached to: `thread`, `reply` or `document`.
    #[schema(example = "document")]
    pub target_kind: EntryKind,
    pub target_id: EntryId,
    /// In words, in the language of the request.
    #[schema(example = "In de bijlage begroting.pdf")]
    pub sentence: String,
}

impl SearchHitView {
    /// `None` where its network is gone.
    pub fn of(hit: Hit, query: &Query, networks: &[Network], lang: Lang) -> Option<Self> {
        let network = networks.iter().find(|network| network.id == hit.network)?;
        let mut finder = query.finder(&hit.language);
        let reply_path =
            |thread: EntryId, reply: EntryId| format!("/threads/{thread}?around={reply}#reply-{reply}");
        let whole = hit.whole.as_ref();
        let (title, path, thread, attachment) = match (hit.kind, hit.parent) {
            (EntryKind::Reply, Some(thread)) => {
                (whole.map(|thread| thread.title.clone()), reply_path(thread, hit.id), Some(thread), None)
            }
            (EntryKind::Network, _) => (Some(hit.title), format!("/networks/{}", network.slug), None, None),
            (EntryKind::Document, _) => (Some(hit.title), format!("/documents/{}", hit.id), None, None),
            (EntryKind::Attachment, Some(target)) => {
                let whole = hit.whole?;
                let (title, path, thread) = match (whole.kind, whole.parent) {
                    (EntryKind::Reply, Some(thread)) => {
                        (hit.thread_title, reply_path(thread, target), Some(thread))
                    }
                    (EntryKind::Document, _) => (Some(whole.title), format!("/documents/{target}"), None),
                    _ => (Some(whole.title), format!("/threads/{target}"), Some(target)),
                };
                let found = FoundInView {
                    file_name_parts: marked(&hit.title, &mut finder),
                    sentence: lang.say_with("search-in-attachment", &[("file", hit.title.clone())]),
                    file_name: hit.title,
                    target_kind: whole.kind,
                    target_id: target,
                };
                (title, path, thread, Some(found))
            }
            (EntryKind::Thread | EntryKind::Reply | EntryKind::Attachment, _) => {
                (Some(hit.title), format!("/threads/{}", hit.id), None, None)
            }
        };
        Some(Self {
            kind: hit.kind,
            id: hit.id,
            title_parts: title.as_deref().map(|title| marked(title, &mut finder)).unwrap_or_default(),
            title,
            excerpt: excerpt(&hit.body, &mut finder),
            language: hit.language.to_string(),
            network: network.into(),
            thread,
            attachment,
            path,
            published_at: hit.published_at,
        })
    }
}
