//! Threads and replies of networks that chose to be copied whole, or that came to live here: kept as they were signed, and
//! told page by page to who copies them.

use std::collections::HashSet;

use kring_db::{Conn, Tx};
use serde_json::Value;

use super::addresses::Local;
use super::asker::Asker;
use super::objects::{self, Object};
use super::written::{self, WrittenKind};
use super::{actors, articles, moves, serving, telling};
use crate::accounts;
use crate::app::{App, Context};
use crate::config::Config;
use crate::copies::{self, CopyKind, Subject};
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::networks::{self, Network, NetworkId, Slug};
use crate::peers::Copies;
use crate::threads::{self, ReplyId, ThreadId};

/// Most activities of one page.
const AT_ONCE: i64 = 50;

/// How many texts are read at once.
const TEXTS: usize = 10;

/// So often what is not kept yet is: somebody may write while that is done.
const SIGNINGS: usize = 3;

/// From so many bytes on a page ends: whoever asks takes 1 MB.
const LARGE: usize = 600_000;

/// What a copy of a thread or reply is of; `None` of other things.
fn subject(of: &Local) -> Option<Subject> {
    match of {
        Local::Thread(ThreadId(id)) => Some(Subject::post(CopyKind::Thread, *id)),
        Local::Reply(ReplyId(id)) => Some(Subject::post(CopyKind::Reply, *id)),
        _ => None,
    }
}

/// Keeps a thread or reply as it was signed, where its network chose so; what is kept already stays the newest.
pub fn keep(tx: &mut Tx, cx: &Context, network: &Network, of: &Local, activity: &Value) -> Result<()> {
    let Some(subject) = subject(of) else { return Ok(()) };
    // It may come by two ways at once.
    written::lock(tx, subject.id)?;
    match copies::of(tx, subject)? {
        Some(kept) => {
            let (kept, new) = (kept.object()?, activity.get("object").cloned().unwrap_or_default());
            // The same without its proof, as it came by another way, is no better.
            let proofless = kept.get("proof").is_some() && new.get("proof").is_none();
            if proofless && kept.get("updated") == new.get("updated") {
                return Ok(());
            }
        }
        None if network.copies() != Copies::Everything => return Ok(()),
        None => {}
    }
    put(tx, cx, subject, activity)
}

/// Keeps a thread or reply of a network as its author signed it, where what is kept of it was not signed.
pub fn keep_proved(tx: &mut Tx, cx: &Context, network: NetworkId, activity: &Value) -> Result<()> {
    let Some(object) = activity.get("object").filter(|object| object.get("proof").is_some()) else {
        return Ok(());
    };
    if networks::by_id(tx, network)?.copies() != Copies::Everything {
        return Ok(());
    }
    let id = object.get("id").and_then(Value::as_str).unwrap_or_default();
    let Some(written) = written::by_uri(tx, id)? else { return Ok(()) };
    let (of, thread) = match written.kind {
        WrittenKind::Thread => {
            (Local::Thread(ThreadId(written.object_id)), Some(ThreadId(written.object_id)))
        }
        WrittenKind::Reply => {
            let reply = ReplyId(written.object_id);
            (Local::Reply(reply), threads::thread_of(tx, reply)?)
        }
        WrittenKind::Document => return Ok(()),
    };
    let within = thread.map(|thread| threads::network_of(tx, thread)).transpose()?.flatten();
    let (Some(subject), Some(actor)) = (subject(&of), activity.get("actor").and_then(Value::as_str)) else {
        return Ok(());
    };
    // It is its author's, as this instance knows them, by a key that was seen of them.
    let author = threads::author_of(tx, written.object_id)?.map(|author| actors::of_person(tx, author));
    let theirs = author.transpose()?.flatten().is_some_and(|author| author.uri == actor);
    let keys = copies::keys_of(tx, &[actor.to_owned()])?;
    if within != Some(network) || !theirs || copies::judge(object, actor, &keys).is_err() {
        return Ok(());
    }
    written::lock(tx, subject.id)?;
    match copies::of(tx, subject)? {
        Some(kept) if kept.object()?.get("proof").is_some() => Ok(()),
        _ => copies::keep(tx, cx, subject, actor, activity),
    }
}

/// Is all that was written in a network told to who copies it? Where the network chose so; and where it came to live here:
/// of people whose instance may be gone nobody else tells who joins it now.
pub fn is_told(conn: &mut Conn, config: &Config, network: &Network) -> Result<bool> {
    Ok(network.copies() == Copies::Everything || moves::came_here(conn, config, network)?)
}

/// The threads and replies of a network that is copied whole: how many, or those after one, oldest first.
pub async fn posts(app: &App, slug: Slug, after: Option<i64>, asker: Asker) -> Result<Object> {
    let of = Local::Network(slug.clone()).part(&app.config, "posts");
    let config = app.config.clone();
    let network = app.db.read(move |conn| {
        let (network, _) = serving::readable(conn, &slug, &asker)?;
        if is_told(conn, &config, &network)? {
            Ok(network)
        } else {
            Err(NOT_FOUND)
        }
    });
    let network = network.await?;
    let at = |id: i64| format!("{of}?after={}", ThreadId(id));
    let Some(after) = after else {
        let count = app.db.read(move |conn| threads::count_posts(conn, network.id)).await?;
        return Ok(objects::paged(&of, count, &at(0)));
    };
    let piece = whole_piece(app, network, after).await?;
    let mut page = objects::page(&at(after), &of, piece.told, piece.next.map(at));
    page.insert("assertionMethod".to_owned(), Value::Array(piece.keys));
    Ok(page)
}

/// Some threads and replies as they were signed, in their order.
#[derive(Debug, Default)]
struct Piece {
    told: Vec<Value>,
    keys: Vec<Value>,
    next: Option<i64>,
    /// Those that are not kept as they were signed yet.
    missing: Vec<Local>,
}

/// Reads a piece; only what is not kept yet is written, once, and then read again.
async fn whole_piece(app: &App, network: Network, after: i64) -> Result<Piece> {
    let id = network.id;
    let mut piece = app.db.read(move |conn| piece(conn, id, after)).await?;
    for _ in 0..SIGNINGS {
        if piece.missing.is_empty() {
            break;
        }
        let (missing, network) = (piece.missing, network.clone());
        app.write_for_anyone(move |tx, cx| missing.iter().try_for_each(|of| bring(tx, cx, &network, of)))
            .await?;
        piece = app.db.read(move |conn| self::piece(conn, id, after)).await?;
    }
    Ok(piece)
}

fn piece(conn: &mut Conn, network: NetworkId, after: i64) -> Result<Piece> {
    let found = posts_of(conn, network, after)?;
    let page = &found[..found.len().min(AT_ONCE as usize)];
    let (mut piece, mut size, mut actors, mut reached) = (Piece::default(), 0, Vec::new(), None);
    'page: for some in page.chunks(TEXTS) {
        let subjects: Vec<Subject> = some.iter().filter_map(subject).collect();
        let kept = copies::all_of_many(conn, &subjects)?;
        let unkept = subjects.iter().filter(|one| kept.iter().all(|copy| copy.subject() != **one));
        let may_be = to_be_kept(conn, &unkept.map(|one| one.id).collect::<Vec<_>>())?;
        for (post, subject) in some.iter().zip(subjects) {
            if size > LARGE {
                break 'page;
            }
            reached = Some(subject.id);
            match kept.iter().find(|copy| copy.subject() == subject) {
                Some(copy) => {
                    size += copy.activity.len();
                    piece.told.push(copy.activity()?);
                    actors.push(copy.actor.clone());
                }
                None if may_be.contains(&subject.id) => piece.missing.push(post.clone()),
                None => {}
            }
        }
    }
    let last = found.last().and_then(subject).map(|last| last.id);
    piece.next = reached.filter(|_| reached != last);
    piece.keys = articles::keys_of(conn, actors)?;
    Ok(piece)
}

/// Those of some posts that can be kept as they were signed: what people of here wrote, and what others did and is still
/// known as they sent it.
fn to_be_kept(conn: &mut Conn, ids: &[i64]) -> Result<HashSet<i64>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let mut found = written::said_elsewhere(conn, ids)?;
    let authors = threads::authors_of(conn, ids)?;
    let here = accounts::of_here(conn, &authors.iter().map(|(_, author)| *author).collect::<Vec<_>>())?;
    found.extend(authors.into_iter().filter(|(_, author)| here.contains(author)).map(|(id, _)| id));
    Ok(found)
}

/// One more than a page has, in the order of their ids.
fn posts_of(conn: &mut Conn, network: NetworkId, after: i64) -> Result<Vec<Local>> {
    let found = threads::posts_after(conn, network, after, AT_ONCE + 1)?;
    let local = |(id, is_thread): (i64, bool)| match is_thread {
        true => Local::Thread(ThreadId(id)),
        false => Local::Reply(ReplyId(id)),
    };
    Ok(found.into_iter().map(local).collect())
}

/// Keeps a thread or reply as it was signed; of somebody here, who never was asked for it, it is signed now.
fn bring(tx: &mut Tx, cx: &Context, network: &Network, of: &Local) -> Result<()> {
    let Some(subject) = subject(of) else { return Ok(()) };
    if let Some(written) = written::of(tx, subject.id)?.filter(|written| !written.activity.is_empty()) {
        let activity = serde_json::from_str(&written.activity).map_err(Error::internal)?;
        return put(tx, cx, subject, &activity);
    }
    let Some(person) = threads::author_of(tx, subject.id)? else { return Ok(()) };
    let somebody = accounts::person_by_id(tx, person)?;
    if !somebody.host.is_empty() {
        return Ok(());
    }
    let object = match serving::written_here(tx, cx.config(), of) {
        Ok(object) => object,
        Err(Error::Rule(Code::NotFound)) => return Ok(()),
        Err(cause) => return Err(cause),
    };
    let actor = Local::Person(somebody.handle).address(cx.config());
    let object = telling::prove(tx, cx, person, &actor, object)?;
    let audience = serving::audience(tx, cx.config(), network)?;
    let activity = serde_json::json!({
        "id": format!("{}#create", of.address(cx.config())),
        "type": "Create",
        "actor": actor,
        "to": audience.to(),
        "cc": [],
        "audience": audience.group(),
        "object": object,
    });
    put(tx, cx, subject, &activity)
}

fn put(tx: &mut Tx, cx: &Context, subject: Subject, activity: &Value) -> Result<()> {
    match activity.get("actor").and_then(Value::as_str) {
        Some(actor) => copies::keep(tx, cx, subject, actor, activity),
        None => Ok(()),
    }
}
