//! `/v1/networks/{network}/threads`, `/v1/threads`, `/v1/replies`.

use actix_web::{delete, get, patch, post, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Place, Subject};
use super::model::*;
use super::view::*;
use crate::app::App;
use crate::error::{Fault, NOT_FOUND, Result};
use crate::jobs::idempotency::Answer;
use crate::networks::{self, Network, Slug};
use crate::web::paging::PageQuery;
use crate::web::respond::{Linked, etag_of};
use crate::web::{
    Body, Caller, Created, Fields, IfMatch, NoContent, Page, Paging, Path, Path2, Query, Seen, Tagged,
};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_threads)
        .service(create_thread)
        .service(get_thread)
        .service(change_thread)
        .service(delete_thread)
        .service(list_thread_versions)
        .service(list_replies)
        .service(create_reply)
        .service(get_reply)
        .service(change_reply)
        .service(delete_reply)
        .service(list_reply_versions)
        .service(mark_thread_read)
        .service(react_to_thread)
        .service(take_back_from_thread)
        .service(react_to_reply)
        .service(take_back_from_reply);
}

/// List threads
///
/// Of a network: pinned ones first, then the newest.
#[utoipa::path(tag = "threads", params(PageQuery), responses((status = 200, description = "A piece of the list.", body = Page<ThreadView>)))]
#[get("/networks/{network}/threads")]
async fn list_threads(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    query: Query<PageQuery>,
) -> Result<Page<ThreadView>> {
    let paging = query.parse(PageQuery::parse::<Place>)?;
    app.read(&caller, move |conn, _, viewer| {
        let (network, rows) = actions::list(conn, viewer, &slug, &paging)?;
        page_view(conn, &network, rows, paging.limit, viewer.person())
    })
    .await
}

/// Start a thread
///
/// In a network that you belong to. Files are uploaded first and named here; who is mentioned as `@handle` is told.
#[utoipa::path(tag = "threads", request_body = CreateThread, responses((status = 201, description = "Started.", body = ThreadView)))]
#[post("/networks/{network}/threads")]
async fn create_thread(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    body: Body<CreateThread>,
) -> Result<Answer<ThreadView>> {
    let once = body.once.clone();
    let (new, draft) = body.parse(CreateThread::parse)?;
    let lang = caller.lang;
    let within = slug.clone();
    app.meet_mentioned(&caller, &new.text.rendered.mentions, move |conn| networks::with_slug(conn, &within))
        .await?;
    app.create(&caller, once, move |tx, cx, who| {
        let (network, row) = actions::publish_thread(tx, cx, who, &slug, &new, draft)?;
        let (location, version) = (format!("/threads/{}", row.0.id), row.0.version);
        let mut value = thread_views(tx, &[network], vec![row], Some(who.person))?.pop().ok_or(NOT_FOUND)?;
        let etag = Some(etag_of(version, &value));
        value.advise(lang);
        Ok(Created { location, etag, value })
    })
    .await
}

/// What a thread's screen needs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReadThread {
    /// What to embed, with commas between: `advice`, `replies`, `viewer`.
    #[param(
        pattern = "^(advice|replies|viewer)(,(advice|replies|viewer))*$",
        example = "replies,viewer"
    )]
    include: Option<String>,
    /// With `include=replies`: the replies around this one, not from the beginning.
    #[param(value_type = Option<ReplyId>)]
    around: Option<String>,
}

impl ReadThread {
    /// With replies from which piece on, with the viewer's part, and with advice?
    fn parse(self) -> Result<(Option<Piece>, bool, bool)> {
        let mut f = Fields::of_query();
        let include = f.may("include", self.include.into(), |text: String| {
            crate::web::fields::includes(&text, &["advice", "replies", "viewer"])
        });
        let around = f.may("around", self.around.into(), |text: String| {
            text.parse().map_err(|_| Fault::new("unknown_reply"))
        });
        if around.is_some() && !include.iter().flatten().any(|part| *part == "replies") {
            f.fault::<()>("around", Fault::new("needs_replies"));
        }
        let include = f.finish(|| Some(include.unwrap_or_default()))?;
        let piece = around.map_or(Piece::First, Piece::Around);
        let replies = include.contains(&"replies").then_some(piece);
        Ok((replies, include.contains(&"viewer"), include.contains(&"advice")))
    }
}

/// Read a thread
///
/// A screen is one request: `include=replies,viewer` embeds the replies (around a given one, if wished) and what
/// you may do.
#[utoipa::path(tag = "threads", params(ReadThread), responses((status = 200, description = "The thread.", body = ThreadPage, headers(("ETag" = String, description = "Its version.")))))]
#[get("/threads/{thread}")]
async fn get_thread(
    app: App,
    caller: Caller,
    Path(id): Path<ThreadId>,
    query: Query<ReadThread>,
) -> Result<Tagged<ThreadPage>> {
    let (replies, with_viewer, with_advice) = query.parse(ReadThread::parse)?;
    let lang = caller.lang;
    app.read(&caller, move |conn, _, viewer| {
        let place = actions::read(conn, viewer, id)?;
        let replies = match replies {
            Some(piece) => {
                let tree = actions::tree(conn, &place.may_read, id, piece, crate::web::paging::MOST)?;
                Some(tree_view(conn, &place.network, tree, viewer.person())?)
            }
            None => None,
        };
        let viewer_part = with_viewer.then(|| viewer_view(&place, lang));
        let version = place.row.0.version;
        let found = thread_views(conn, &[place.network], vec![place.row], viewer.person())?.pop();
        let mut thread = found.ok_or(NOT_FOUND)?;
        if with_advice {
            thread.advise(lang);
        }
        Ok(Tagged::exact(version, ThreadPage { thread, replies, viewer: viewer_part }))
    })
    .await
}

/// Change a thread
///
/// Its title and text by its author, who leaves a history; pinning and locking by moderators. A text that comes too late
/// is kept as a draft, and the answer (412) says where.
#[utoipa::path(tag = "threads", request_body = ChangeThread, params(("If-Match" = Option<String>, Header, description = "The ETag you read.")),
    responses((status = 200, description = "As it is now.", body = ThreadView, headers(("ETag" = String, description = "Its version.")))))]
#[patch("/threads/{thread}")]
async fn change_thread(
    app: App,
    caller: Caller,
    Path(id): Path<ThreadId>,
    known: IfMatch,
    body: Body<ChangeThread>,
) -> Result<Tagged<ThreadView>> {
    let (change, draft) = body.parse(ChangeThread::parse)?;
    let names = change.text.as_ref().map(|text| text.rendered.mentions.as_slice()).unwrap_or_default();
    app.meet_mentioned(&caller, names, move |conn| actions::network_around(conn, id)).await?;
    let saved = app.write(&caller, move |tx, cx, who| {
        actions::save_thread(tx, cx, who, id, &known, &change, draft)?.map(|place| {
            let version = place.row.0.version;
            let found = thread_views(tx, &[place.network], vec![place.row], Some(who.person))?.pop();
            Ok(Tagged::exact(version, found.ok_or(NOT_FOUND)?))
        })
    });
    let mut tagged = saved.await?.or_tell(&app).await?;
    tagged.value.advise(caller.lang);
    Ok(tagged)
}

/// Delete a thread
///
/// By its author or a moderator. Where others replied, a tombstone keeps the replies in place.
#[utoipa::path(tag = "threads", responses((status = 204, description = "Deleted.")))]
#[delete("/threads/{thread}")]
async fn delete_thread(app: App, caller: Caller, Path(id): Path<ThreadId>) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| actions::delete_thread(tx, cx, who, id)).await?;
    Ok(NoContent)
}

/// Read a thread's history
///
/// How it read before each edit, newest first.
#[utoipa::path(tag = "threads", params(PageQuery), responses((status = 200, description = "A piece of the history.", body = Page<PostVersionView>)))]
#[get("/threads/{thread}/versions")]
async fn list_thread_versions(
    app: App,
    caller: Caller,
    Path(id): Path<ThreadId>,
    query: Query<PageQuery>,
) -> Result<Page<PostVersionView>> {
    let paging = query.parse(PageQuery::parse::<i64>)?;
    app.read(&caller, move |conn, _, viewer| {
        let found = actions::thread_versions(conn, viewer, id, &paging)?;
        Ok(Page::cut(found, paging.limit, |last| last.version.to_string(), Into::into))
    })
    .await
}

/// Which replies are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListReplies {
    /// The replies around this one.
    #[param(value_type = Option<ReplyId>)]
    around: Option<String>,
    /// The `previousCursor` of a piece: what stands before it.
    #[param(value_type = Option<ReplyId>)]
    before: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListReplies {
    fn parse(self) -> Result<(Piece, i64)> {
        let mut f = Fields::of_query();
        let id = |text: String| text.parse::<ReplyId>().map_err(|_| Fault::new("unknown_reply"));
        let around = f.may("around", self.around.into(), id);
        let before = f.may("before", self.before.into(), id);
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        let paging = f.finish(|| paging)?;
        let piece = match (around, before, paging.after) {
            (Some(reply), ..) => Piece::Around(reply),
            (_, Some(reply), _) => Piece::Before(reply),
            (_, _, Some(reply)) => Piece::After(reply),
            _ => Piece::First,
        };
        Ok((piece, paging.limit))
    }
}

/// List replies
///
/// As pages of a tree: depth first, siblings by time, each with its depth and parent. Deleted ones keep their place.
#[utoipa::path(tag = "threads", params(ListReplies), responses((status = 200, description = "A piece of the tree.", body = ReplyTree)))]
#[get("/threads/{thread}/replies")]
async fn list_replies(
    app: App,
    caller: Caller,
    Path(id): Path<ThreadId>,
    query: Query<ListReplies>,
) -> Result<Linked<ReplyTree>> {
    let (piece, limit) = query.parse(ListReplies::parse)?;
    app.read(&caller, move |conn, _, viewer| {
        let place = actions::read(conn, viewer, id)?;
        let tree = actions::tree(conn, &place.may_read, id, piece, limit)?;
        let tree = tree_view(conn, &place.network, tree, viewer.person())?;
        let next = tree.next_cursor.clone().map(|cursor| ("next", "cursor", cursor));
        let previous = tree.previous_cursor.clone().map(|cursor| ("prev", "before", cursor));
        Ok(Linked {
            links: next.into_iter().chain(previous).collect(),
            value: tree,
        })
    })
    .await
}

/// Reply
///
/// To the thread, or to another reply (`parent`).
#[utoipa::path(tag = "threads", request_body = CreateReply, responses((status = 201, description = "Written.", body = ReplyView)))]
#[post("/threads/{thread}/replies")]
async fn create_reply(
    app: App,
    caller: Caller,
    Path(id): Path<ThreadId>,
    body: Body<CreateReply>,
) -> Result<Answer<ReplyView>> {
    let once = body.once.clone();
    let (new, draft) = body.parse(CreateReply::parse)?;
    let lang = caller.lang;
    let names = &new.text.rendered.mentions;
    app.meet_mentioned(&caller, names, move |conn| actions::network_around(conn, id)).await?;
    app.create(&caller, once, move |tx, cx, who| {
        let (place, row) = actions::publish_reply(tx, cx, who, id, &new, draft)?;
        let (location, version) = (format!("/replies/{}", row.0.id), row.0.version);
        let mut value = one(tx, &place.network, row, who.person)?;
        let etag = Some(etag_of(version, &value));
        value.advise(lang);
        Ok(Created { location, etag, value })
    })
    .await
}

fn one(
    conn: &mut kring_db::Conn,
    network: &Network,
    row: ReplyRow,
    viewer: crate::accounts::PersonId,
) -> Result<ReplyView> {
    reply_views(conn, network, vec![row], Some(viewer))?.pop().ok_or(NOT_FOUND)
}

/// Read a reply
///
/// With its place in the tree, its author and its reactions. A deleted one keeps its place and says nothing.
#[utoipa::path(tag = "threads", responses((status = 200, description = "The reply.", body = ReplyView, headers(("ETag" = String, description = "Its version.")))))]
#[get("/replies/{reply}")]
async fn get_reply(app: App, caller: Caller, Path(id): Path<ReplyId>) -> Result<Tagged<ReplyView>> {
    app.read(&caller, move |conn, _, viewer| {
        let (place, row) = actions::read_reply(conn, viewer, id)?;
        let version = row.0.version;
        let value = reply_views(conn, &place.network, vec![row], viewer.person())?.pop().ok_or(NOT_FOUND)?;
        Ok(Tagged::exact(version, value))
    })
    .await
}

/// Change a reply
///
/// By its author, who leaves a history. A text that comes too late is kept as a draft, and the answer (412) says where.
#[utoipa::path(tag = "threads", request_body = ChangeReply, params(("If-Match" = Option<String>, Header, description = "The ETag you read.")),
    responses((status = 200, description = "As it is now.", body = ReplyView, headers(("ETag" = String, description = "Its version.")))))]
#[patch("/replies/{reply}")]
async fn change_reply(
    app: App,
    caller: Caller,
    Path(id): Path<ReplyId>,
    known: IfMatch,
    body: Body<ChangeReply>,
) -> Result<Tagged<ReplyView>> {
    let (change, draft) = body.parse(ChangeReply::parse)?;
    let names = change.text.as_ref().map(|text| text.rendered.mentions.as_slice()).unwrap_or_default();
    app.meet_mentioned(&caller, names, move |conn| actions::network_around_reply(conn, id)).await?;
    let saved = app.write(&caller, move |tx, cx, who| {
        actions::save_reply(tx, cx, who, id, &known, &change, draft)?.map(|(place, row)| {
            let version = row.0.version;
            Ok(Tagged::exact(version, one(tx, &place.network, row, who.person)?))
        })
    });
    let mut tagged = saved.await?.or_tell(&app).await?;
    tagged.value.advise(caller.lang);
    Ok(tagged)
}

/// Delete a reply
///
/// By its author or a moderator. A tombstone keeps what answers it in place.
#[utoipa::path(tag = "threads", responses((status = 204, description = "Deleted.")))]
#[delete("/replies/{reply}")]
async fn delete_reply(app: App, caller: Caller, Path(id): Path<ReplyId>) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| actions::delete_reply(tx, cx, who, id)).await?;
    Ok(NoContent)
}

/// Read a reply's history
///
/// How it read before each edit, newest first.
#[utoipa::path(tag = "threads", params(PageQuery), responses((status = 200, description = "A piece of the history.", body = Page<PostVersionView>)))]
#[get("/replies/{reply}/versions")]
async fn list_reply_versions(
    app: App,
    caller: Caller,
    Path(id): Path<ReplyId>,
    query: Query<PageQuery>,
) -> Result<Page<PostVersionView>> {
    let paging = query.parse(PageQuery::parse::<i64>)?;
    app.read(&caller, move |conn, _, viewer| {
        let found = actions::reply_versions(conn, viewer, id, &paging)?;
        Ok(Page::cut(found, paging.limit, |last| last.version.to_string(), Into::into))
    })
    .await
}

/// Mark a thread as read
///
/// Up to a reply, or up to now. Never goes back.
#[utoipa::path(tag = "threads", request_body = MarkRead, responses((status = 200, description = "What is left.", body = ReadState)))]
#[put("/threads/{thread}/read-state")]
async fn mark_thread_read(
    app: App,
    caller: Caller,
    Path(id): Path<ThreadId>,
    body: Body<MarkRead>,
) -> Result<Seen<ReadState>> {
    let reply = body.parse(MarkRead::parse)?;
    let unread = app.write(&caller, move |tx, cx, who| actions::mark_read(tx, cx, who, id, reply)).await?;
    Ok(Seen(ReadState { unread }))
}

/// React to a thread
///
/// Supportively; there is no negative reaction. Twice is once.
#[utoipa::path(tag = "threads", responses((status = 200, description = "The reactions now.", body = Reactions)))]
#[put("/threads/{thread}/reactions/{kind}")]
async fn react_to_thread(
    app: App,
    caller: Caller,
    Path2(id, kind): Path2<ThreadId, ReactionKind>,
) -> Result<Seen<Reactions>> {
    let reacted = app
        .write(&caller, move |tx, cx, who| actions::react(tx, cx, who, Subject::Thread(id), kind))
        .await?;
    Ok(Seen(reacted.into()))
}

/// Take a reaction to a thread back
///
/// Where you never gave it, nothing changes.
#[utoipa::path(tag = "threads", responses((status = 200, description = "The reactions now.", body = Reactions)))]
#[delete("/threads/{thread}/reactions/{kind}")]
async fn take_back_from_thread(
    app: App,
    caller: Caller,
    Path2(id, kind): Path2<ThreadId, ReactionKind>,
) -> Result<Seen<Reactions>> {
    let reacted = app
        .write(&caller, move |tx, cx, who| actions::take_back(tx, cx, who, Subject::Thread(id), kind))
        .await?;
    Ok(Seen(reacted.into()))
}

/// React to a reply
///
/// Supportively; there is no negative reaction. Twice is once.
#[utoipa::path(tag = "threads", responses((status = 200, description = "The reactions now.", body = Reactions)))]
#[put("/replies/{reply}/reactions/{kind}")]
async fn react_to_reply(
    app: App,
    caller: Caller,
    Path2(id, kind): Path2<ReplyId, ReactionKind>,
) -> Result<Seen<Reactions>> {
    let reacted = app
        .write(&caller, move |tx, cx, who| actions::react(tx, cx, who, Subject::Reply(id), kind))
        .await?;
    Ok(Seen(reacted.into()))
}

/// Take a reaction to a reply back
///
/// Where you never gave it, nothing changes.
#[utoipa::path(tag = "threads", responses((status = 200, description = "The reactions now.", body = Reactions)))]
#[delete("/replies/{reply}/reactions/{kind}")]
async fn take_back_from_reply(
    app: App,
    caller: Caller,
    Path2(id, kind): Path2<ReplyId, ReactionKind>,
) -> Result<Seen<Reactions>> {
    let reacted = app
        .write(&caller, move |tx, cx, who| actions::take_back(tx, cx, who, Subject::Reply(id), kind))
        .await?;
    Ok(Seen(reacted.into()))
}
