//! Threads and replies of networks that chose to be copied whole: kept as they were signed, and told page by page to who
//! copies them.

use kring_db::Tx;
use serde_json::Value;

use super::addresses::Local;
use super::asker::Asker;
use super::objects::{self, Object};
use super::written::{self, WrittenKind};
use super::{actors, serving, telling};
use crate::accounts;
use crate::app::{App, Context};
use crate::copies::{self, CopyKind, Subject};
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::networks::{Network, NetworkId, Slug};
use crate::peers::Copies;
use crate::threads::{self, ReplyId, ThreadId};

/// Most activities of one page.
const AT_ONCE: i64 = 50;

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

/// Keeps a thread or reply as it was signed, where its network chose so.
pub fn keep(tx: &mut Tx, cx: &Context, network: &Network, of: &Local, activity: &Value) -> Result<()> {
    let actor = activity.get("actor").and_then(Value::as_str);
    let (Copies::Everything, Some(subject), Some(actor)) = (network.copies(), subject(of), actor) else {
        return Ok(());
    };
    // It may come by two ways at once.
    written::lock(tx, subject.id)?;
    if let Some(kept) = copies::of(tx, subject)? {
        let (kept, new) = (kept.object()?, activity.get("object").cloned().unwrap_or_default());
        // The same without its proof, as it came by another way, is no better.
        let proofless = kept.get("proof").is_some() && new.get("proof").is_none();
        if proofless && kept.get("updated") == new.get("updated") {
            return Ok(());
        }
    }
    copies::keep(tx, cx, subject, actor, activity)
}

/// Keeps a thread or reply of a network as its author signed it, where what is kept of it was not signed.
pub fn keep_proved(tx: &mut Tx, cx: &Context, network: NetworkId, activity: &Value) -> Result<()> {
    let Some(object) = activity.get("object").filter(|object| object.get("proof").is_some()) else {
        return Ok(());
    };
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

/// The threads and replies of a network that is copied whole: how many, or those after one, oldest first.
pub async fn posts(app: &App, slug: Slug, after: Option<i64>, asker: Asker) -> Result<Object> {
    let of = Local::Network(slug.clone()).part(&app.config, "posts");
    let network = app
        .db
        .read(move |conn| serving::readable(conn, &slug, &asker).map(|(network, _)| network))
        .await?;
    if network.copies() != Copies::Everything {
        return Err(NOT_FOUND);
    }
    let at = |id: i64| format!("{of}?after={}", ThreadId(id));
    let Some(after) = after else {
        let count = app.db.read(move |conn| threads::count_posts(conn, network.id)).await?;
        return Ok(objects::paged(&of, count, &at(0)));
    };
    let (told, next) = app.write_for_anyone(move |tx, cx| piece(tx, cx, &network, after)).await?;
    Ok(objects::page(&at(after), &of, told, next.map(at)))
}

fn piece(tx: &mut Tx, cx: &Context, network: &Network, after: i64) -> Result<(Vec<Value>, Option<i64>)> {
    let found = posts_of(tx, network.id, after)?;
    let (mut told, mut size, mut reached) = (Vec::new(), 0, None);
    for post in found.iter().take(AT_ONCE as usize) {
        if size > LARGE {
            break;
        }
        let Some(subject) = subject(post) else { continue };
        reached = Some(subject.id);
        if let Some(activity) = brought(tx, cx, network, post, subject)? {
            size += activity.to_string().len();
            told.push(activity);
        }
    }
    let last = found.last().and_then(subject).map(|last| last.id);
    Ok((told, reached.filter(|_| reached != last)))
}

/// One more than a page has, in the order of their ids.
fn posts_of(tx: &mut Tx, network: NetworkId, after: i64) -> Result<Vec<Local>> {
    let found = threads::posts_after(tx, network, after, AT_ONCE + 1)?;
    let local = |(id, is_thread): (i64, bool)| match is_thread {
        true => Local::Thread(ThreadId(id)),
        false => Local::Reply(ReplyId(id)),
    };
    Ok(found.into_iter().map(local).collect())
}

/// A thread or reply as it was signed; of somebody here, who never was asked for it, signed now. `None` where it was not.
fn brought(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    of: &Local,
    subject: Subject,
) -> Result<Option<Value>> {
    if let Some(kept) = copies::of(tx, subject)? {
        return kept.activity().map(Some);
    }
    if let Some(written) = written::of(tx, subject.id)? {
        let activity = serde_json::from_str(&written.activity).map_err(Error::internal)?;
        keep(tx, cx, network, of, &activity)?;
        return Ok(Some(activity));
    }
    let Some(person) = threads::author_of(tx, subject.id)? else { return Ok(None) };
    let somebody = accounts::person_by_id(tx, person)?;
    if !somebody.host.is_empty() {
        return Ok(None);
    }
    let object = match serving::written_here(tx, cx.config(), of) {
        Ok(object) => object,
        Err(Error::Rule(Code::NotFound)) => return Ok(None),
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
    keep(tx, cx, network, of, &activity)?;
    Ok(Some(activity))
}
