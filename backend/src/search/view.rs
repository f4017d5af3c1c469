//! Hits as they are sent.

use kring_db::Time;
use serde::Serialize;
use utoipa::ToSchema;

use super::highlight::{TextPart, excerpt, marked};
use super::model::Hit;
use crate::index::analysis::Query;
use crate::index::{EntryId, EntryKind};
use crate::networks::{Network, NetworkRefView};

/// Something that was found.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SearchHit)]
pub struct SearchHitView {
    pub kind: EntryKind,
    pub id: EntryId,
    /// Of a reply, the title of its thread; null where that was deleted.
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
    /// The thread of a reply; null for everything else.
    #[schema(required)]
    pub thread: Option<EntryId>,
    /// Where a person reads it: a path on the frontend, or on this server where there is none.
    #[schema(example = "/threads/01k9q3v8r0a7c")]
    pub path: String,
    /// The moment it is news of, by which hits are ordered: a document's last change, else when it was made.
    pub published_at: Time,
}

impl SearchHitView {
    /// `None` where its network is gone.
    pub fn of(hit: Hit, query: &Query, networks: &[Network]) -> Option<Self> {
        let network = networks.iter().find(|network| network.id == hit.network)?;
        let mut finder = query.finder(&hit.language);
        let (title, path) = match (hit.kind, hit.parent) {
            (EntryKind::Reply, Some(thread)) => {
                (hit.thread_title, format!("/threads/{thread}?around={0}#reply-{0}", hit.id))
            }
            (EntryKind::Network, _) => (Some(hit.title), format!("/networks/{}", network.slug)),
            (EntryKind::Document, _) => (Some(hit.title), format!("/documents/{}", hit.id)),
            (EntryKind::Thread | EntryKind::Reply, _) => (Some(hit.title), format!("/threads/{}", hit.id)),
        };
        Some(Self {
            kind: hit.kind,
            id: hit.id,
            title_parts: title.as_deref().map(|title| marked(title, &mut finder)).unwrap_or_default(),
            title,
            excerpt: excerpt(&hit.body, &mut finder),
            language: hit.language.to_string(),
            network: network.into(),
            thread: hit.parent,
            path,
            published_at: hit.published_at,
        })
    }
}
