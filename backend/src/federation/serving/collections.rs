//! Collections of a network: its newest threads, how many follow it, what is pinned, who moderates; and what belongs
//! together with a thread.
//!
//! Threads stand in them as those who wrote them signed them (FEP-8b32): as it is kept, or, of somebody here of whom
//! nothing is kept, signed now; of somebody elsewhere as they sent it. Each is looked up for all at once.

use std::collections::HashMap;

use kring_db::Conn;
use serde_json::{Value, json};

use super::{audience, in_post, network, place, readable};
use crate::accounts::PersonId;
use crate::app::App;
use crate::attachments::{self, Target};
use crate::config::Config;
use crate::copies;
use crate::error::Result;
use crate::federation::addresses::Local;
use crate::federation::asker::Asker;
use crate::federation::keys;
use crate::federation::objects::{self, Audience, Object, Page};
use crate::federation::{coordinators, mentioning, written};
use crate::networks::{AuthorPerson, Network, Slug};
use crate::threads::{self, Thread, ThreadId, ThreadRow};

/// Longest outbox: what is older is found by its own address.
const OUTBOX: i64 = 50;

/// Most replies that a context names.
const CONTEXT: i64 = 1_000;

/// Most of what others wrote that a context has whole.
const WHOLE: usize = 200;

/// From so many bytes on things are told by their addresses alone: whoever asks takes 1 MB.
const LARGE: usize = 600_000;

/// A collection of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Outbox,
    Followers,
    Featured,
    Moderators,
}

/// A collection of a network, for who asks.
pub async fn collection(app: &App, slug: Slug, part: Part, asker: Asker) -> Result<Object> {
    let of = Local::Network(slug.clone());
    let config = app.config.clone();
    match part {
        Part::Followers => {
            let found = app.db.read(move |conn| network(conn, &slug, &asker)).await?;
            Ok(objects::counted(&of.part(&config, "followers"), found.member_count))
        }
        Part::Moderators => {
            let id = of.part(&config, "moderators");
            app.db
                .read(move |conn| {
                    // Who runs a network for members is told to those.
                    let (network, _) = readable(conn, &slug, &asker)?;
                    coordinators::collection(conn, &config, &id, network.id)
                })
                .await
        }
        Part::Outbox => {
            let (network, told) = listed(app, slug, asker, |_| true).await?;
            let mut room = LARGE;
            let items = told.into_iter().map(|told| announced(&config, &network, told, &mut room)).collect();
            Ok(objects::ordered(&of.part(&config, "outbox"), network.thread_count, items))
        }
        Part::Featured => {
            let (_, told) = listed(app, slug, asker, |thread| thread.pinned).await?;
            let mut room = LARGE;
            let items: Vec<Value> =
                told.into_iter().map(|told| fitting(Value::Object(told.object), &mut room)).collect();
            Ok(objects::ordered(&of.part(&config, "featured"), items.len() as i64, items))
        }
    }
}

/// A thread as others get it.
struct Told {
    thread: ThreadId,
    object: Object,
    /// Who of here is still to sign it.
    unproved: Option<AuthorPerson>,
    /// The activity in which somebody elsewhere sent it.
    sent: Option<Value>,
}

/// The first threads of a network that are wanted.
async fn listed(
    app: &App,
    slug: Slug,
    asker: Asker,
    wanted: fn(&Thread) -> bool,
) -> Result<(Network, Vec<Told>)> {
    let config = app.config.clone();
    let (network, mut told) = app
        .db
        .read(move |conn| {
            let (network, may) = readable(conn, &slug, &asker)?;
            let mut rows = threads::listed(conn, &may, network.id, None, None, OUTBOX)?;
            rows.truncate(OUTBOX as usize);
            rows.retain(|(thread, ..)| wanted(thread));
            let told = gather(conn, &config, &network, rows)?;
            Ok::<_, crate::error::Error>((network, told))
        })
        .await?;
    let mut unproved: Vec<PersonId> =
        told.iter().filter_map(|it| it.unproved.as_ref()).map(|it| it.id).collect();
    unproved.sort_unstable();
    unproved.dedup();
    let keys = keys::proof_keys(app, unproved).await?;
    for told in &mut told {
        let Some(author) = told.unproved.take() else { continue };
        if let Some(key) = keys.get(&author.id) {
            let actor = Local::Person(author.handle).address(&app.config);
            told.object = objects::proved(std::mem::take(&mut told.object), key, &actor)?;
        }
    }
    Ok((network, told))
}

/// Threads with what is kept of them.
fn gather(conn: &mut Conn, config: &Config, network: &Network, rows: Vec<ThreadRow>) -> Result<Vec<Told>> {
    let ids: Vec<i64> = rows.iter().map(|row| row.0.id.0).collect();
    let targets: Vec<Target> = ids.iter().map(|id| Target::thread(*id)).collect();
    let mut files = attachments::of(conn, &targets)?;
    let mentioned = mentioning::tagged(conn, config, &ids)?;
    let audience = audience(conn, config, network)?;
    let mut kept = as_signed(conn, &ids)?;
    let told = rows.into_iter().filter_map(|(thread, author, ..)| {
        let id = thread.id;
        let kept = kept.remove(&id.0);
        if !author.host.is_empty() {
            let sent = kept?;
            let object = sent.get("object")?.as_object()?.clone();
            return Some(Told { thread: id, object, unproved: None, sent: Some(sent) });
        }
        let page = Page {
            thread: &thread,
            author: &author,
            audience: &audience,
            files: &attachments::take_views(&mut files, Target::thread(id.0)),
            mentioned: &in_post(&mentioned, id.0),
        };
        let now = objects::standing_alone(page.object(config));
        let kept = kept.and_then(|kept| kept.get("object")?.as_object().cloned());
        Some(match kept.filter(|kept| objects::same_but_for_proof(kept, &now)) {
            Some(object) => Told { thread: id, object, unproved: None, sent: None },
            // Changed since, or nothing is kept of it.
            None => Told { thread: id, object: now, unproved: Some(author), sent: None },
        })
    });
    Ok(told.collect())
}

/// The activities in which threads and replies were told as their authors signed them; of what nobody kept so, as they
/// were sent from elsewhere. Of what was written here and is not kept there is none.
fn as_signed(conn: &mut Conn, ids: &[i64]) -> Result<HashMap<i64, Value>> {
    let mut found = HashMap::new();
    for written in written::of_many(conn, ids)? {
        found.extend(serde_json::from_str(&written.activity).ok().map(|sent| (written.object_id, sent)));
    }
    for copy in copies::of_posts(conn, ids)? {
        let kept = copy.activity()?;
        // A network that is not copied whole any more keeps what it kept.
        let changed = found.get(&copy.subject_id).is_some_and(|sent| moment(sent) != moment(&kept));
        if !changed {
            found.insert(copy.subject_id, kept);
        }
    }
    Ok(found)
}

/// When what an activity tells was written or changed.
fn moment(activity: &Value) -> Option<&Value> {
    let object = activity.get("object")?;
    object.get("updated").or_else(|| object.get("published"))
}

/// An object, or its address where there is no room for it.
fn fitting(object: Value, room: &mut usize) -> Value {
    let size = object.to_string().len();
    if size > *room {
        *room = 0;
        return object.get("id").cloned().unwrap_or_default();
    }
    *room -= size;
    object
}

/// A thread in the activity that brought it, as the group tells it on; with where this instance tells what belongs to it.
fn announced(config: &Config, network: &Network, told: Told, room: &mut usize) -> Value {
    let audience = Audience::of(config, network, None);
    let of = Local::Network(network.slug.clone());
    let own = Local::Thread(told.thread);
    let named = |what: &str| format!("{}#{what}", own.address(config));
    let object = fitting(Value::Object(told.object), room);
    let inner = match (told.sent, &object) {
        (Some(sent), Value::Object(_)) => sent,
        (None, Value::Object(page)) => json!({
            "id": named("create"),
            "type": "Create",
            "actor": page.get("attributedTo"),
            "to": audience.to(),
            "cc": [],
            "audience": audience.group(),
            "object": page,
        }),
        _ => object,
    };
    json!({
        "id": named("announce"),
        "type": "Announce",
        "actor": audience.group(),
        "to": audience.to(),
        "cc": [of.part(config, "followers")],
        "context": own.part(config, "context"),
        "object": inner,
    })
}

/// What belongs together with a thread: itself, then its replies in the order of reading (FEP-7888, FEP-f228). By their
/// addresses; what others signed stands there whole, for their servers may be gone.
pub fn context(conn: &mut Conn, config: &Config, id: ThreadId, asker: &Asker) -> Result<Object> {
    let place = place(conn, id, asker)?;
    let of = Local::Thread(id);
    let tree = threads::tree(conn, &place.may_read, id, threads::Piece::First, CONTEXT)?;
    let there = || tree.rows.iter().filter(|(reply, ..)| reply.deleted_at.is_none());
    let posts: Vec<Local> =
        std::iter::once(of.clone()).chain(there().map(|(reply, ..)| Local::Reply(reply.id))).collect();
    let begun = (id.0, &place.row.1);
    let posters = std::iter::once(begun).chain(there().map(|(reply, author, _)| (reply.id.0, author)));
    let elsewhere = posters.filter(|(_, author)| !author.host.is_empty()).map(|(id, _)| id);
    let signed = as_signed(conn, &elsewhere.take(WHOLE).collect::<Vec<i64>>())?;
    let mut whole: HashMap<String, Value> = signed
        .into_values()
        .filter_map(|mut activity| activity.get_mut("object").map(Value::take))
        .filter(|object| object.get("proof").is_some())
        .filter_map(|object| Some((object.get("id")?.as_str()?.to_owned(), object)))
        .collect();
    let mut room = LARGE;
    let items: Vec<Value> = written::addresses(conn, config, &posts)?
        .into_iter()
        .map(|id| match whole.remove(&id) {
            Some(object) => fitting(object, &mut room),
            None => Value::String(id),
        })
        .collect();
    let mut found = objects::ordered(&of.part(config, "context"), items.len() as i64, items);
    let group = audience(conn, config, &place.network)?.group().to_owned();
    found.insert("attributedTo".to_owned(), group.into());
    Ok(found)
}
