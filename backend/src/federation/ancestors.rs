//! What a reply answers, and what that answers, up to something that is known: asked for where a reply came before it.
//!
//! Invariants: so many steps up and no more; what is brought in says itself that it is of the network, so nobody drags
//! other people's conversations into it.

use kring_activitypub::wire::{Activity, Post};
use serde_json::{Map, Value};
use url::Url;

use super::actors::Remote;
use super::addresses::Local;
use super::taking::Outcome;
use super::{asking, found, posts, written};
use crate::app::App;
use crate::error::Result;

/// [`posts::take`]; where something answers what is not known, that is asked for first. As for that, `home` is the
/// network elsewhere that told it on.
pub async fn take(
    app: &App,
    raw: &Map<String, Value>,
    activity: &Activity,
    author: &Remote,
    home: Option<&Remote>,
) -> Result<Outcome> {
    let outcome = posts::take(app, raw, activity, author, home).await?;
    let (Outcome::Early(_), Some(reply)) = (&outcome, activity.object.as_object()) else {
        return Ok(outcome);
    };
    let here = |address: &Url| matches!(Local::at(&app.config, address), Some(Local::Network(_)));
    let group = match home {
        Some(home) => Some(home.address()?),
        None => Post::parse(reply).ok().and_then(|post| {
            post.audience.iter().chain(&post.for_whom).find(|address| here(address)).cloned()
        }),
    };
    let Some(group) = group else { return Ok(outcome) };
    match taken(app, reply, &group, home).await? {
        true => posts::take(app, raw, activity, author, home).await,
        false => Ok(outcome),
    }
}

/// How far up.
const STEPS: usize = 20;

/// Takes what a reply answers, the oldest first; `true` where the reply can be taken now. `group` is the network's
/// address; `home` as for [`found::take`].
pub async fn taken(
    app: &App,
    reply: &Map<String, Value>,
    group: &Url,
    home: Option<&Remote>,
) -> Result<bool> {
    let Ok(post) = Post::parse(reply) else { return Ok(false) };
    match above(app, &post, group).await? {
        Some(line) => take_line(app, line, home).await,
        None => Ok(false),
    }
}

/// What a reply answers and is not known here, the nearest first, up to what is known or began the conversation; nothing
/// is kept of it yet. `None` where that cannot be had, or leads out of the network.
pub async fn above(app: &App, reply: &Post, group: &Url) -> Result<Option<Vec<Map<String, Value>>>> {
    let (mut next, mut line) = (reply.answers.clone(), Vec::new());
    while let Some(id) = next.take() {
        if Local::at(&app.config, &id).is_some() || is_known(app, &id).await? {
            break;
        }
        if line.len() == STEPS {
            return Ok(None);
        }
        let Ok(object) = asking::identified(app, &id).await? else { return Ok(None) };
        // Asked at the address that the reply names: an object of another id is another object.
        let Some(post) = Post::parse(&object).ok().filter(|post| post.id == id) else { return Ok(None) };
        if !names(&post, group) {
            return Ok(None);
        }
        next = post.answers;
        line.push(object);
    }
    Ok(Some(line))
}

/// Takes what [`above`] found, the oldest first; `false` where some of it was not taken.
pub async fn take_line(app: &App, line: Vec<Map<String, Value>>, home: Option<&Remote>) -> Result<bool> {
    for object in line.into_iter().rev() {
        if found::take(app, object, home).await? != Outcome::Done {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Does it say that it is for this network?
fn names(post: &Post, group: &Url) -> bool {
    post.audience.as_ref() == Some(group) || post.for_whom.contains(group)
}

async fn is_known(app: &App, id: &Url) -> Result<bool> {
    let uri = id.to_string();
    Ok(app.db.read(move |conn| written::by_uri(conn, &uri)).await?.is_some())
}
