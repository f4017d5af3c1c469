//! Threads and replies on the wire.

mod requests;

pub use requests::{ChangeReply, ChangeThread, CreateReply, CreateThread, MarkRead};

use std::collections::HashSet;

use kring_db::{Conn, Time};
use serde::Serialize;
use utoipa::ToSchema;

use super::actions::{InNetwork, Place, Reacted, Tree};
use super::model::*;
use super::queries;
use crate::accounts::PersonId;
use crate::attachments::{self, AttachmentView, Target};
use crate::error::{Code, Result};
use crate::networks::{AuthorView, MayRead, Network, NetworkRefView};
use crate::peers::{self, GoesTo, Instance, homes_of};
use crate::text::lang::Lang;
use crate::text::summary::PlainSummary;
use crate::web::paging::DEFAULT_LIMIT;
use crate::web::{AdviceView, Page, ViewerView};

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
    /// Where what is written in it goes.
    pub goes_to: GoesTo,
    /// Where it was written, on the instance of who wrote it; null where that is this one.
    #[schema(required, example = "https://kring.example/threads/01k9q3v8r0a7c")]
    pub home_url: Option<String>,
    #[schema(example = "Halte bij het ziekenhuis: perron te laag")]
    pub title: String,
    /// What it says in a few plain sentences; null where nobody wrote any.
    #[schema(
        required,
        example = "Iedereen moet met de bus kunnen. Hier praten we over hoe dat kan."
    )]
    pub plain_summary: Option<String>,
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
    /// It has not got to the instance where its network lives. It is kept here, and sent when that answers.
    pub waiting_for_home: bool,
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
    /// What would make the text easier to read: in answers to creating and changing it, and with `include=advice`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<AdviceView>,
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
    let instance = Instance::for_choices(conn, networks.iter().map(|network| &network.federation))?;
    let waiting = waiting(conn, networks.iter(), &ids)?;
    let elsewhere = rows.iter().filter(|row| !row.1.host.is_empty()).map(|row| row.0.id.0);
    let mut homes = homes_of(conn, &elsewhere.collect::<Vec<_>>())?;
    let network = |row: &ThreadRow| networks.iter().find(|network| network.id == row.0.network_id);
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let network = network(&row)?;
            let (thread, person, role, read_seq) = row;
            let deleted = thread.deleted_at.is_some();
            let waiting_for_home = person.host.is_empty() && waiting.contains(&thread.id.0);
            Some(ThreadView {
                id: thread.id,
                network: network.into(),
                goes_to: instance.goes_to(&network.federates()),
                home_url: homes.remove(&thread.id.0),
                title: thread.title.to_string(),
                plain_summary: PlainSummary::told(thread.plain_summary.as_ref()),
                body: thread.body,
                body_html: thread.body_html,
                language: thread.language.to_string(),
                author: (!deleted).then(|| AuthorView::of(person, role)),
                reply_count: thread.reply_count,
                last_seq: thread.last_seq,
                last_activity_at: thread.last_activity_at,
                waiting_for_home,
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
                advice: None,
            })
        })
        .collect())
}

/// Those of some posts that wait for the home of their network. Of networks of this instance nothing does.
fn waiting<'n>(
    conn: &mut Conn,
    networks: impl Iterator<Item = &'n Network>,
    ids: &[i64],
) -> Result<HashSet<i64>> {
    let hosts: Vec<&str> = networks.map(|network| network.slug.host()).filter(|it| !it.is_empty()).collect();
    match hosts.is_empty() {
        true => Ok(HashSet::new()),
        false => peers::waiting(conn, &hosts, ids),
    }
}

impl ThreadView {
    /// Puts advice on its text in.
    pub fn advise(&mut self, lang: Lang) {
        self.advice = Some(AdviceView::on(&self.body, &self.language, &self.attachments, lang));
    }
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
    /// It has not got to the instance where its network lives. It is kept here, and sent when that answers.
    pub waiting_for_home: bool,
    /// Where it was written, on the instance of who wrote it; null where that is this one.
    #[schema(required, example = "https://kring.example/replies/01k9q3v8r0a7c")]
    pub home_url: Option<String>,
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
    /// What would make the text easier to read: in answers to creating and changing it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advice: Option<AdviceView>,
}

/// Replies as they are sent: reactions and files of all are looked up at once.
pub fn reply_views(
    conn: &mut Conn,
    network: &Network,
    rows: Vec<ReplyRow>,
    viewer: Option<PersonId>,
) -> Result<Vec<ReplyView>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.0.id.0).collect();
    let own = own_reactions(conn, viewer, &ids)?;
    let targets: Vec<Target> = ids.iter().map(|id| Target::reply(*id)).collect();
    let mut files = attachments::of(conn, &targets)?;
    let waiting = waiting(conn, std::iter::once(network), &ids)?;
    let elsewhere = rows.iter().filter(|row| !row.1.host.is_empty()).map(|row| row.0.id.0);
    let mut homes = homes_of(conn, &elsewhere.collect::<Vec<_>>())?;
    Ok(rows
        .into_iter()
        .map(|(reply, person, role)| {
            let deleted = reply.deleted_at.is_some();
            let waiting_for_home = person.host.is_empty() && waiting.contains(&reply.id.0);
            ReplyView {
                id: reply.id,
                thread: reply.thread_id,
                parent: reply.parent_id,
                depth: reply.depth,
                seq: reply.seq,
                waiting_for_home,
                home_url: homes.remove(&reply.id.0),
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
                advice: None,
            }
        })
        .collect())
}

impl ReplyView {
    /// Puts advice on its text in.
    pub fn advise(&mut self, lang: Lang) {
        self.advice = Some(AdviceView::on(&self.body, &self.language, &self.attachments, lang));
    }
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
pub fn tree_view(
    conn: &mut Conn,
    network: &Network,
    tree: Tree,
    viewer: Option<PersonId>,
) -> Result<ReplyTree> {
    let next_cursor = tree.rows.last().filter(|_| tree.more_after).map(|row| row.0.id.to_string());
    let previous_cursor = tree.rows.first().filter(|_| tree.more_before).map(|row| row.0.id.to_string());
    Ok(ReplyTree {
        items: reply_views(conn, network, tree.rows, viewer)?,
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
pub fn viewer_view(place: &InNetwork, lang: Lang) -> ViewerView {
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
    /// What it says in a few plain sentences; null where nobody wrote any.
    #[schema(
        required,
        example = "Iedereen moet met de bus kunnen. Hier praten we over hoe dat kan."
    )]
    pub plain_summary: Option<String>,
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
            plain_summary: PlainSummary::told(version.plain_summary.as_ref()),
            body: version.body,
            body_html: version.body_html,
            language: version.language.to_string(),
            written_at: version.written_at,
        }
    }
}
