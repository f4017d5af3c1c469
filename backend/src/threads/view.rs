//! Threads and replies on the wire.

use kring_db::{Conn, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::{InNetwork, Place, Reacted, Tree};
use super::model::*;
use super::queries;
use crate::accounts::{LanguageTag, PersonId};
use crate::attachments::{self, AttachmentId, AttachmentView, Target};
use crate::error::{Code, Fault, Result};
use crate::networks::{AuthorView, MayRead, Network, NetworkRefView};
use crate::web::fields::{any, each};
use crate::web::paging::DEFAULT_LIMIT;
use crate::web::{Field, Fields, Page, ViewerView};

/// A new thread.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateThread {
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 200, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$", example = "Halte bij het ziekenhuis: perron te laag")]
    title: Field<String>,
    /// Markdown.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 40000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Met een rolstoel kom ik hier de bus niet in.")]
    body: Field<String>,
    /// The language it is written in (BCP 47); the network's where left out.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Field<String>,
    /// Files you uploaded for this.
    #[serde(default)]
    #[schema(value_type = Vec<AttachmentId>, required = false, max_items = 20)]
    attachments: Field<Vec<String>>,
}

/// Reads a list of ids of uploaded files.
fn ids(list: Vec<String>) -> Result<Vec<AttachmentId>, Fault> {
    each(list, 20, |id: String| id.parse().map_err(|_| Fault::new("unknown_attachment")))
}

impl CreateThread {
    pub fn parse(self) -> Result<NewThread> {
        let mut f = Fields::of_body();
        let title = f.need("title", self.title, Title::parse);
        let text = f.need("body", self.body, Text::parse);
        let language = f.may("language", self.language, LanguageTag::parse);
        let attachments = f.may("attachments", self.attachments, ids).unwrap_or_default();
        f.finish(|| Some(NewThread { title: title?, text: text?, language, attachments }))
    }
}

/// Changes to a thread (merge patch). Its words are its author's; pinning and locking are for moderators.
#[derive(Debug, Deserialize, ToSchema)]
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
    /// In a locked thread only moderators reply.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    locked: Field<bool>,
    /// Files to add.
    #[serde(default)]
    #[schema(value_type = Vec<AttachmentId>, required = false, max_items = 20)]
    attachments: Field<Vec<String>>,
}

impl ChangeThread {
    pub fn parse(self) -> Result<ThreadChange> {
        let mut f = Fields::of_body();
        let change = ThreadChange {
            title: f.keep("title", self.title, Title::parse),
            text: f.keep("body", self.body, Text::parse),
            language: f.keep("language", self.language, LanguageTag::parse),
            pinned: f.keep("pinned", self.pinned, any),
            locked: f.keep("locked", self.locked, any),
            attachments: f.keep("attachments", self.attachments, ids).unwrap_or_default(),
        };
        f.finish(|| Some(change))
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
}

fn reply_id(text: String) -> Result<ReplyId, Fault> {
    text.parse().map_err(|_| Fault::new("unknown_reply"))
}

impl CreateReply {
    pub fn parse(self) -> Result<NewReply> {
        let mut f = Fields::of_body();
        let text = f.need("body", self.body, Text::parse);
        let parent = f.may("parent", self.parent, reply_id);
        let language = f.may("language", self.language, LanguageTag::parse);
        let attachments = f.may("attachments", self.attachments, ids).unwrap_or_default();
        f.finish(|| Some(NewReply { text: text?, language, parent, attachments }))
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
}

impl ChangeReply {
    pub fn parse(self) -> Result<ReplyChange> {
        let mut f = Fields::of_body();
        let change = ReplyChange {
            text: f.keep("body", self.body, Text::parse),
            language: f.keep("language", self.language, LanguageTag::parse),
            attachments: f.keep("attachments", self.attachments, ids).unwrap_or_default(),
        };
        f.finish(|| Some(change))
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

/// What is left to read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReadState {
    pub unread: i64,
}

/// Supportive reactions: how many of each, and your own.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reactions {
    /// Thanks.
    pub thanks: i64,
    /// I recognise this.
    pub recognise: i64,
    /// I want to know more.
    pub more: i64,
    /// Your own; empty for those who are not signed in.
    pub own: Vec<ReactionKind>,
}

impl From<Reacted> for Reactions {
    fn from(reacted: Reacted) -> Self {
        Self {
            thanks: reacted.thanks,
            recognise: reacted.recognise,
            more: reacted.more,
            own: reacted.own,
        }
    }
}

/// A thread.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Thread)]
pub struct ThreadView {
    pub id: ThreadId,
    pub network: NetworkRefView,
    #[schema(example = "Halte bij het ziekenhuis: perron te laag")]
    pub title: String,
    /// Markdown, as it was written.
    pub body: String,
    /// The same as safe HTML; headings begin at `h2`.
    pub body_html: String,
    pub language: String,
    /// Null where the thread was deleted.
    #[schema(required)]
    pub author: Option<AuthorView>,
    pub reply_count: i64,
    /// The number of the newest reply; see a reply's `seq`.
    pub last_seq: i64,
    pub last_activity_at: Time,
    pub pinned: bool,
    pub locked: bool,
    pub reactions: Reactions,
    pub attachments: Vec<AttachmentView>,
    /// How many replies you have not read; null for those who are not signed in.
    #[schema(required)]
    pub unread: Option<i64>,
    /// You have not opened it yet.
    pub is_new: bool,
    pub created_at: Time,
    #[schema(required)]
    pub edited_at: Option<Time>,
    /// Only the replies are left.
    pub deleted: bool,
}

/// Threads as they are sent: reactions and files of all are looked up at once.
pub fn thread_views(
    conn: &mut Conn,
    networks: &[Network],
    rows: Vec<ThreadRow>,
    viewer: Option<PersonId>,
) -> Result<Vec<ThreadView>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.0.id.0).collect();
    let own = own_reactions(conn, viewer, &ids)?;
    let targets: Vec<Target> = ids.iter().map(|id| Target::thread(*id)).collect();
    let mut files = attachments::of(conn, &targets)?;
    let network = |row: &ThreadRow| networks.iter().find(|network| network.id == row.0.network_id);
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let network = NetworkRefView::from(network(&row)?);
            let (thread, person, role, read_seq) = row;
            let deleted = thread.deleted_at.is_some();
            Some(ThreadView {
                id: thread.id,
                network,
                title: thread.title.to_string(),
                body: thread.body,
                body_html: thread.body_html,
                language: thread.language.to_string(),
                author: (!deleted).then(|| AuthorView::of(person, role)),
                reply_count: thread.reply_count,
                last_seq: thread.last_seq,
                last_activity_at: thread.last_activity_at,
                pinned: thread.pinned,
                locked: thread.locked_at.is_some(),
                reactions: Reactions {
                    thanks: thread.thanks_count,
                    recognise: thread.recognise_count,
                    more: thread.more_count,
                    own: of_subject(&own, thread.id.0),
                },
                attachments: attachments::take_views(&mut files, Target::thread(thread.id.0)),
                unread: viewer.map(|_| thread.last_seq - read_seq.unwrap_or(0)),
                is_new: viewer.is_some() && read_seq.is_none(),
                created_at: thread.created_at,
                edited_at: thread.edited_at,
                deleted,
            })
        })
        .collect())
}

/// A piece of a network's list, of which one row more than `limit` was read.
pub fn page_view(
    conn: &mut Conn,
    network: &Network,
    rows: Vec<ThreadRow>,
    limit: i64,
    viewer: Option<PersonId>,
) -> Result<Page<ThreadView>> {
    let cursor = |(last, ..): &ThreadRow| Place { pinned: last.pinned, id: last.id }.to_string();
    let piece = Page::cut(rows, limit, cursor, |row| row);
    Ok(Page {
        items: thread_views(conn, std::slice::from_ref(network), piece.items, viewer)?,
        next_cursor: piece.next_cursor,
    })
}

/// The beginning of a network's list, for its page.
pub fn first_page(
    conn: &mut Conn,
    may: &MayRead,
    network: &Network,
    viewer: Option<PersonId>,
) -> Result<Page<ThreadView>> {
    let rows = queries::listed(conn, may, network.id, viewer, None, DEFAULT_LIMIT)?;
    page_view(conn, network, rows, DEFAULT_LIMIT, viewer)
}

fn own_reactions(
    conn: &mut Conn,
    viewer: Option<PersonId>,
    subjects: &[i64],
) -> Result<Vec<(i64, ReactionKind)>> {
    viewer.map_or_else(|| Ok(Vec::new()), |person| queries::own_reactions(conn, person, subjects))
}

fn of_subject(own: &[(i64, ReactionKind)], subject: i64) -> Vec<ReactionKind> {
    own.iter().filter(|(id, _)| *id == subject).map(|(_, kind)| *kind).collect()
}

/// A reply, in its place in the tree.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reply)]
pub struct ReplyView {
    pub id: ReplyId,
    pub thread: ThreadId,
    /// The reply it answers; null where it answers the thread.
    #[schema(required)]
    pub parent: Option<ReplyId>,
    /// How deep it nests; 0 answers the thread.
    pub depth: i64,
    /// Its number in the order of arrival, from 1.
    pub seq: i64,
    /// Markdown, as it was written.
    pub body: String,
    /// The same as safe HTML; headings begin at `h2`.
    pub body_html: String,
    pub language: String,
    /// Null where the reply was deleted; its place stays.
    #[schema(required)]
    pub author: Option<AuthorView>,
    pub reactions: Reactions,
    pub attachments: Vec<AttachmentView>,
    pub created_at: Time,
    #[schema(required)]
    pub edited_at: Option<Time>,
    pub deleted: bool,
}

/// Replies as they are sent: reactions and files of all are looked up at once.
pub fn reply_views(conn: &mut Conn, rows: Vec<ReplyRow>, viewer: Option<PersonId>) -> Result<Vec<ReplyView>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.0.id.0).collect();
    let own = own_reactions(conn, viewer, &ids)?;
    let targets: Vec<Target> = ids.iter().map(|id| Target::reply(*id)).collect();
    let mut files = attachments::of(conn, &targets)?;
    Ok(rows
        .into_iter()
        .map(|(reply, person, role)| {
            let deleted = reply.deleted_at.is_some();
            ReplyView {
                id: reply.id,
                thread: reply.thread_id,
                parent: reply.parent_id,
                depth: reply.depth,
                seq: reply.seq,
                body: reply.body,
                body_html: reply.body_html,
                language: reply.language.to_string(),
                author: (!deleted).then(|| AuthorView::of(person, role)),
                reactions: Reactions {
                    thanks: reply.thanks_count,
                    recognise: reply.recognise_count,
                    more: reply.more_count,
                    own: of_subject(&own, reply.id.0),
                },
                attachments: attachments::take_views(&mut files, Target::reply(reply.id.0)),
                created_at: reply.created_at,
                edited_at: reply.edited_at,
                deleted,
            }
        })
        .collect())
}

/// A piece of a tree of replies, depth first, siblings by time.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ReplyTree {
    pub items: Vec<ReplyView>,
    /// Give it as `cursor` to go on; null where the list ends.
    #[schema(required)]
    pub next_cursor: Option<String>,
    /// Give it as `before` to go back; null at the beginning.
    #[schema(required)]
    pub previous_cursor: Option<String>,
}

/// A tree as it is sent.
pub fn tree_view(conn: &mut Conn, tree: Tree, viewer: Option<PersonId>) -> Result<ReplyTree> {
    let next_cursor = tree.rows.last().filter(|_| tree.more_after).map(|row| row.0.id.to_string());
    let previous_cursor = tree.rows.first().filter(|_| tree.more_before).map(|row| row.0.id.to_string());
    Ok(ReplyTree {
        items: reply_views(conn, tree.rows, viewer)?,
        next_cursor,
        previous_cursor,
    })
}

/// A thread with what its screen shows.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ThreadPage {
    #[serde(flatten)]
    pub thread: ThreadView,
    /// With `include=replies`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replies: Option<ReplyTree>,
    /// With `include=viewer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub viewer: Option<ViewerView>,
}

/// What the viewer may do in a thread.
pub fn viewer_view(place: &InNetwork, lang: crate::text::lang::Lang) -> ViewerView {
    use super::policy;
    let at = place.standing();
    let (thread, .., read) = &place.row;
    // Of a tombstone only the replies are left.
    let stands = || {
        if thread.deleted_at.is_some() {
            Err(Code::ThreadDeleted.into())
        } else {
            Ok(())
        }
    };
    let role = at.role().map(|role| role.as_str());
    let unread = if role.is_some() { thread.last_seq - read.unwrap_or(0) } else { 0 };
    ViewerView::judge(
        lang,
        role,
        unread,
        [
            ("reply", policy::may_reply(&at, thread).map(|_| ())),
            ("react", stands().and(crate::networks::policy::may_contribute(&at).map(|_| ()))),
            ("edit", stands().and(policy::may_edit(&at, thread.author_id).map(|_| ()))),
            ("delete", stands().and(policy::may_delete(&at, thread.author_id).map(|_| ()))),
            ("pin", stands().and(policy::may_pin_and_lock(&at).map(|_| ()))),
            ("lock", stands().and(policy::may_pin_and_lock(&at).map(|_| ()))),
        ],
    )
}

/// How something read before an edit.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PostVersion)]
pub struct PostVersionView {
    pub version: i64,
    /// Empty for replies.
    pub title: String,
    pub body: String,
    pub body_html: String,
    pub language: String,
    pub written_at: Time,
}

impl From<PostVersion> for PostVersionView {
    fn from(version: PostVersion) -> Self {
        Self {
            version: version.version,
            title: version.title,
            body: version.body,
            body_html: version.body_html,
            language: version.language.to_string(),
            written_at: version.written_at,
        }
    }
}
