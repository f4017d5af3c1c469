//! What is written in networks elsewhere that nobody here follows, and so does not come by itself: taken because somebody
//! looks it up, or because it mentions somebody here.
//!
//! Invariants:
//!
//! - it comes with what it answers, up to the beginning of its conversation, or not at all;
//! - what somebody of a third instance claims to have written in a network is taken where the network's home tells of it
//!   too: in the conversation, in its outbox, or among what is pinned;
//! - what nobody here asked for is for everyone, by its author's own word and by its network's; and an instance makes a
//!   few of its networks known so, and no more.

use kring_activitypub::wire::{self, Activity, Post};
use kring_db::Conn;
use serde_json::{Map, Value};
use url::Url;

use super::actors::{self, Remote};
use super::addresses::Local;
use super::backfill::collections;
use super::taking::Outcome;
use super::{ancestors, found, posts, privacy, queries, written};
use crate::app::App;
use crate::config::Config;
use crate::error::Result;
use crate::networks::{self, Visibility};
use crate::peers::Host;
use crate::threads;

/// Most addresses of those that something is for that are looked at for its network.
const NAMED: usize = 5;

fn dropped(why: &str) -> Result<Outcome> {
    Ok(Outcome::Dropped(why.to_owned()))
}

/// Why something is wanted here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Somebody here looks it up.
    LookedUp,
    /// It says itself that it mentions somebody here.
    Mentions,
}

/// Takes an object that was looked up, as its author's server tells it, with what it answers.
pub async fn take(app: &App, object: Map<String, Value>) -> Result<Outcome> {
    let post = match Post::parse(&object) {
        Ok(post) => post,
        Err(refusal) => return dropped(refusal.0),
    };
    match home_of(app, &post, Wanted::LookedUp).await? {
        Some(home) => take_in(app, object, &post, &home).await,
        None => dropped("it is for no network that is known or can be found"),
    }
}

async fn take_in(app: &App, object: Map<String, Value>, post: &Post, home: &Remote) -> Result<Outcome> {
    let Some(line) = ancestors::above(app, post, &home.address()?).await? else {
        return Ok(Outcome::Early("what it answers cannot be had, or is not in its network".to_owned()));
    };
    if !told_by(app, home, post, &line).await? {
        return Ok(Outcome::Early("its network does not tell of it".to_owned()));
    }
    if !ancestors::take_line(app, line, Some(home)).await? {
        return Ok(Outcome::Early("what it answers could not be taken".to_owned()));
    }
    found::take(app, object, Some(home)).await
}

/// The network elsewhere that something is in: the one it names, else that of what it answers. What is in a network of this
/// instance is here already, or comes by its inbox.
pub async fn home_of(app: &App, post: &Post, wanted: Wanted) -> Result<Option<Remote>> {
    let mut named: Vec<&Url> = post.audience.iter().chain(&post.for_whom).collect();
    named.retain(|address| address.as_str() != wire::PUBLIC && Local::at(&app.config, address).is_none());
    named.dedup();
    for address in named.into_iter().take(NAMED) {
        let found = match wanted {
            Wanted::LookedUp => actors::look_up(app, address).await?,
            Wanted::Mentions => actors::find(app, address).await?,
        };
        if let Ok(actor) = found
            && actor.network_id.is_some()
        {
            return Ok(Some(actor));
        }
    }
    let Some(answers) = post.answers.clone() else { return Ok(None) };
    let config = app.config.clone();
    app.db
        .read(move |conn| {
            let Some((thread, _)) = posts::place(conn, &config, &answers)? else { return Ok(None) };
            let Some(network) = threads::network_of(conn, thread)? else { return Ok(None) };
            actors::of_network(conn, network)
        })
        .await
}

/// Does the home of a network say that this stands in it? Of what its own people wrote it says so by telling it at all.
/// `line`: what it answers and is not known here.
async fn told_by(app: &App, home: &Remote, post: &Post, line: &[Map<String, Value>]) -> Result<bool> {
    if Host::of(&post.author).as_ref() == Some(&home.host) {
        return Ok(true);
    }
    let own = home.address()?;
    let (root, context) = beginning(app, post, line).await?;
    let mut asked = Vec::new();
    for context in [post.context.clone(), context].into_iter().flatten() {
        if wire::same_host(&context, &own) && !asked.contains(&context) {
            if lists(app, &context, &post.id).await? {
                return Ok(true);
            }
            asked.push(context);
        }
    }
    for collection in [&home.outbox, &home.featured] {
        let Some(collection) = collection.as_deref().and_then(wire::address) else { continue };
        for item in collections::all(app, &collection).await?.unwrap_or_default() {
            let told = subject(&item);
            if told.as_ref() == Some(&post.id) {
                return Ok(true);
            }
            // Of a conversation that began elsewhere the home tells so where it has it.
            let its = item.get("context").and_then(wire::id_of).filter(|context| {
                told.is_some() && told == root && wire::same_host(context, &own) && !asked.contains(context)
            });
            if let Some(context) = its {
                return lists(app, &context, &post.id).await;
            }
        }
    }
    Ok(false)
}

/// What an item of a collection is about in the end: an object, whatever activities it stands in.
fn subject(item: &Value) -> Option<Url> {
    let mut innermost = item;
    while let Some(object) = innermost.get("object") {
        innermost = object;
    }
    wire::id_of(innermost)
}

async fn lists(app: &App, collection: &Url, id: &Url) -> Result<bool> {
    let items = collections::all(app, collection).await?.unwrap_or_default();
    Ok(items.iter().filter_map(subject).any(|item| item == *id))
}

/// The id of what began the conversation, and where that says that all of it is told.
async fn beginning(
    app: &App,
    post: &Post,
    line: &[Map<String, Value>],
) -> Result<(Option<Url>, Option<Url>)> {
    let top = line.last().and_then(|object| Post::parse(object).ok());
    let top = top.as_ref().unwrap_or(post);
    let Some(answers) = top.answers.clone() else {
        return Ok((Some(top.id.clone()), top.context.clone()));
    };
    let config = app.config.clone();
    let known = app.db.read(move |conn| {
        let Some((thread, _)) = posts::place(conn, &config, &answers)? else { return Ok((None, None)) };
        let context = written::context(conn, thread)?;
        let root = written::address(conn, &config, &Local::Thread(thread))?;
        Ok::<_, crate::error::Error>((Some(root), context))
    });
    let (root, context) = known.await?;
    let address = |text: Option<String>| text.as_deref().and_then(wire::address);
    Ok((address(root), address(context)))
}

/// Takes what somebody elsewhere sent because it mentions somebody here; `None` where it is to be looked at as anything
/// else is: it mentions nobody here, it is in a network of here, or it is known.
pub async fn mentioning(app: &App, activity: &Activity, sender: &Remote) -> Result<Option<Outcome>> {
    let Some(object) = activity.object.as_object() else { return Ok(None) };
    let Ok(post) = Post::parse(object) else { return Ok(None) };
    if !matches!(activity.kind.as_str(), "Create" | "Update") || post.author.as_str() != sender.uri {
        return Ok(None);
    }
    let (config, what) = (app.config.clone(), post.clone());
    if !app.db.read(move |conn| concerns_somebody(conn, &config, &what)).await? {
        return Ok(None);
    }
    if !privacy::for_everyone(&post, activity) {
        return dropped("it mentions somebody, and is not for everyone").map(Some);
    }
    let Some(home) = home_of(app, &post, Wanted::Mentions).await? else {
        return dropped("it mentions somebody, and is in no network that may become known so").map(Some);
    };
    let Some(id) = home.network_id else { return Ok(None) };
    let (network, followed) = app
        .db
        .read(move |conn| {
            Ok::<_, crate::error::Error>((networks::by_id(conn, id)?, queries::followed_here(conn, id)?))
        })
        .await?;
    if followed {
        return dropped("its network tells it to who follows that").map(Some);
    }
    if network.visibility != Visibility::Public {
        return dropped("its network is not for everyone").map(Some);
    }
    take_in(app, object.clone(), &post, &home).await.map(Some)
}

/// Is it new, in no network of here, and does it mention somebody who lives here?
fn concerns_somebody(conn: &mut Conn, config: &Config, post: &Post) -> Result<bool> {
    let mut named = post.audience.iter().chain(&post.for_whom);
    let for_network = named.any(|address| matches!(Local::at(config, address), Some(Local::Network(_))));
    if for_network || written::by_uri(conn, post.id.as_str())?.is_some() {
        return Ok(false);
    }
    if let Some(answers) = &post.answers
        && let Some((thread, _)) = posts::place(conn, config, answers)?
        && let Some(network) = threads::network_of(conn, thread)?
        && networks::by_id(conn, network)?.slug.host().is_empty()
    {
        return Ok(false);
    }
    for mention in &post.mentions {
        if let Some(Local::Person(_)) = Local::at(config, &mention.href)
            && actors::person_at(conn, config, &mention.href)?.is_some_and(|it| it.closed_at.is_none())
        {
            return Ok(true);
        }
    }
    Ok(false)
}
