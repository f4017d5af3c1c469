//! The page of a thread: who answers whom stands in nested lists, in headings and in words.

use askama::Template;
use kring_db::{Conn, Time};

use super::files::{File, files};
use super::{Above, Home, Reader, describing, written};
use crate::error::{Error, NOT_FOUND, Result};
use crate::networks::{AuthorView, MemberRole, Network, Visibility};
use crate::text::summary::about;
use crate::threads::{self, Piece, Reactions, ReplyId, ReplyTree, ReplyView, ThreadId, ThreadView};
use crate::web::html::head::Written;
use crate::web::html::{Frame, Html};
use crate::web::links;

/// Replies on one page.
const REPLIES: i64 = 50;

#[derive(Template)]
#[template(path = "pages/thread.html")]
struct ThreadPage {
    frame: Frame,
    thread: ThreadView,
    above: Above,
    /// Where it is read, where its network lives elsewhere.
    home: Option<Home>,
    /// What begins the thread; none where it was deleted.
    first: Option<Post>,
    nodes: Vec<Node>,
    /// How many lists are open after the last reply.
    open_lists: usize,
    previous: Option<String>,
    next: Option<String>,
}

/// What somebody wrote.
struct Post {
    author: Author,
    html: String,
    language: String,
    created_at: Time,
    edited_at: Option<Time>,
    /// It has not got to where its network lives.
    waiting: bool,
    reactions: Vec<String>,
    files: Vec<File>,
}

/// A reply in its place on the page.
struct Node {
    id: ReplyId,
    /// None where it was deleted.
    post: Option<Post>,
    /// Its heading: 3 for who answers the thread, deeper for who answers that.
    level: usize,
    /// Whom it answers, where that is a reply: the name, and where it stands.
    answers: Option<(String, String)>,
    /// Does it begin a list inside the reply before it?
    opens: bool,
    /// How many lists end before it.
    closes: usize,
}

fn reactions(frame: &Frame, reactions: &Reactions) -> Vec<String> {
    let counts = [("thanks", reactions.thanks), ("recognise", reactions.recognise), ("more", reactions.more)];
    let given = counts.into_iter().filter(|(_, count)| *count > 0);
    given
        .map(|(kind, count)| frame.say_with(&format!("page-reaction-{kind}"), "count", count))
        .collect()
}

/// Who wrote something, as a page says it.
pub struct Author {
    pub name: String,
    /// Their page; none for closed accounts.
    pub link: Option<String>,
    /// How they take part, in words; empty where they do not say.
    pub part: String,
}

impl Author {
    pub fn of(frame: &Frame, author: &AuthorView) -> Self {
        let role = match author.role {
            Some(MemberRole::Coordinator) => Some(frame.say("page-role-coordinator")),
            Some(MemberRole::Facilitator) => Some(frame.say("page-role-facilitator")),
            _ => None,
        };
        let expert = author.expert_by_experience.then(|| frame.say("page-expert"));
        let capacity = author.capacity.map(|capacity| frame.say(&format!("page-capacity-{capacity}")));
        let on = author.host.as_ref().map(|host| frame.say_with("page-on-host", "host", host));
        let parts = [role, expert, capacity, author.organisation.clone(), on];
        Self {
            name: author.display_name.clone(),
            // Who is known from an archive alone has no page.
            link: (!author.closed && author.host.is_some() == author.home_url.is_some())
                .then(|| frame.to(&format!("/@{}", author.handle))),
            part: parts.into_iter().flatten().collect::<Vec<_>>().join(", "),
        }
    }
}

/// A thread with a piece of its replies.
pub fn thread(conn: &mut Conn, reader: &Reader<'_>, id: ThreadId) -> Result<Html> {
    let asked = reader.asked;
    let place = threads::read(conn, &reader.viewer, id)?;
    let tree = match threads::tree(conn, &place.may_read, id, piece(reader), REPLIES) {
        // A reply of another thread, or of none: from the beginning.
        Err(Error::Invalid(_)) => threads::tree(conn, &place.may_read, id, Piece::First, REPLIES)?,
        found => found?,
    };
    let tree = threads::tree_view(conn, &place.network, tree, None)?;
    let network = place.network.clone();
    let public = network.visibility == Visibility::Public;
    let thread =
        threads::thread_views(conn, &[place.network], vec![place.row], None)?.pop().ok_or(NOT_FOUND)?;
    let title = if thread.deleted {
        asked.lang.say("page-thread-deleted")
    } else {
        thread.title.clone()
    };
    let frame = frame(reader, &network, &thread, title);
    let at = |name: &str, cursor: &str| frame.to(&format!("/threads/{id}?{name}={cursor}#replies"));
    let first = thread.author.as_ref().map(|author| Post {
        author: Author::of(&frame, author),
        html: written(&frame, &thread.body_html, 1),
        language: thread.language.clone(),
        created_at: thread.created_at,
        edited_at: thread.edited_at,
        waiting: thread.waiting_for_home,
        reactions: reactions(&frame, &thread.reactions),
        files: files(&thread.attachments, public),
    });
    let page = ThreadPage {
        previous: tree.previous_cursor.as_deref().map(|cursor| at("before", cursor)),
        next: tree.next_cursor.as_deref().map(|cursor| at("after", cursor)),
        open_lists: 0,
        nodes: Vec::new(),
        first,
        home: Home::of(
            &frame,
            "page-elsewhere-thread",
            network.slug.elsewhere().as_deref(),
            thread.home_url.as_deref().or(network.home_url.as_deref()),
        ),
        above: Above::network(&frame, &network),
        thread,
        frame,
    };
    let page = with_nodes(page, tree, public);
    Html::of(&page.frame, &page)
}

/// Its address is that of the whole conversation, on whichever page one came in; of a copy, where it was written.
fn frame(reader: &Reader<'_>, network: &Network, thread: &ThreadView, title: String) -> Frame {
    let home = thread.home_url.clone().filter(|_| network.slug.elsewhere().is_some());
    let address = home.unwrap_or_else(|| links::thread(reader.config, thread.id));
    let about = about(thread.plain_summary.as_deref(), &thread.body, 220);
    let frame = reader
        .asked
        .frame(title)
        .described(about.clone())
        .standing_at(address.clone(), reader.config.public(&format!("/v1/threads/{}", thread.id)));
    // Of what was deleted there is nothing to tell.
    let Some(author) = &thread.author else { return frame };
    let changed = thread.edited_at.unwrap_or(thread.created_at);
    let authors = std::slice::from_ref(author);
    let told = describing::with(
        describing::writing(reader, "DiscussionForumPosting", &address, &thread.title, &thread.language),
        serde_json::json!({
            "text": about,
            "author": describing::authors(reader, authors),
            "datePublished": thread.created_at,
            "dateModified": changed,
            "commentCount": thread.reply_count,
        }),
    );
    frame
        .written(Written {
            language: thread.language.clone(),
            published: thread.created_at,
            changed,
            authors: describing::page_of(reader, author).into_iter().collect(),
            tags: Vec::new(),
        })
        .being(told)
}

/// Which piece of the replies is asked for.
fn piece(reader: &Reader<'_>) -> Piece {
    let of = |name: &str| reader.asked.get::<ReplyId>(name);
    let around = of("around").map(Piece::Around);
    around
        .or_else(|| of("after").map(Piece::After))
        .or_else(|| of("before").map(Piece::Before))
        .unwrap_or(Piece::First)
}

/// Lays the replies out. On a later page the ones that they answer may stand on an earlier one: what nests is what
/// stands together here.
fn with_nodes(mut page: ThreadPage, tree: ReplyTree, public: bool) -> ThreadPage {
    let names: Vec<(ReplyId, Option<String>)> = tree
        .items
        .iter()
        .map(|reply| (reply.id, reply.author.as_ref().map(|author| author.display_name.clone())))
        .collect();
    // The depths of the replies whose lists are open, outermost first.
    let mut open: Vec<i64> = Vec::new();
    for reply in tree.items {
        let before = open.len();
        while open.last().is_some_and(|depth| *depth >= reply.depth) {
            open.pop();
        }
        let nesting = open.len();
        open.push(reply.depth);
        let level = (nesting + 3).min(6);
        page.nodes.push(Node {
            id: reply.id,
            answers: reply.parent.map(|parent| answered(&page.frame, &names, &reply, parent)),
            post: reply.author.as_ref().map(|author| Post {
                author: Author::of(&page.frame, author),
                html: written(&page.frame, &reply.body_html, level as u8),
                language: reply.language.clone(),
                created_at: reply.created_at,
                edited_at: reply.edited_at,
                waiting: reply.waiting_for_home,
                reactions: reactions(&page.frame, &reply.reactions),
                files: files(&reply.attachments, public),
            }),
            level,
            opens: nesting + 1 > before,
            closes: before.saturating_sub(nesting + 1),
        });
    }
    page.open_lists = open.len();
    page
}

/// Whom a reply answers, and where that stands: on this page, or on another.
fn answered(
    frame: &Frame,
    here: &[(ReplyId, Option<String>)],
    reply: &ReplyView,
    parent: ReplyId,
) -> (String, String) {
    match here.iter().find(|(id, _)| *id == parent) {
        Some((_, name)) => {
            let name = name.clone().unwrap_or_else(|| frame.say("page-reply-to-deleted"));
            (name, format!("#reply-{parent}"))
        }
        None => {
            let path = format!("/threads/{}?around={parent}#reply-{parent}", reply.thread);
            (frame.say("page-reply-to-earlier"), frame.to(&path))
        }
    }
}
