//! What is written for few stays with few.
//!
//! A group that says who follows it has to be let in (`manuallyApprovesFollowers`) is for members: so Lemmy means it, and
//! who means something else by it loses nothing but readers. Invariants:
//!
//! - in a network for everyone stands only what says that it is for everyone;
//! - what a network for members holds is read here by its members alone, whatever it says of itself.

use kring_activitypub::wire::{Activity, Post};
use kring_db::Tx;

use super::actors::{self, Remote};
use super::objects::PUBLIC;
use super::written::{Written, WrittenKind};
use crate::app::App;
use crate::error::Result;
use crate::networks::{self, Network, Visibility};
use crate::threads::{self, ReplyId, ThreadId};

/// Why something is not taken.
pub const FOR_FEW: &str = "it is not for everyone, and the network is";

/// Does it say that it is for everyone? What the object says counts before what the activity says.
pub fn for_everyone(post: &Post, activity: &Activity) -> bool {
    let whom = if post.for_whom.is_empty() {
        &activity.for_whom
    } else {
        &post.for_whom
    };
    whom.iter().any(|address| address.as_str() == PUBLIC)
}

/// May it stand in the network?
pub fn fits(network: &Network, post: &Post, activity: &Activity) -> bool {
    network.visibility != Visibility::Public || for_everyone(post, activity)
}

/// [`fits`], of something in a thread.
pub fn fits_in(tx: &mut Tx, thread: ThreadId, post: &Post, activity: &Activity) -> Result<bool> {
    let Some(network) = threads::network_of(tx, thread)? else { return Ok(true) };
    Ok(fits(&networks::by_id(tx, network)?, post, activity))
}

/// [`fits`], of something that stands here already.
pub fn still_fits(tx: &mut Tx, known: &Written, post: &Post, activity: &Activity) -> Result<bool> {
    let thread = match known.kind {
        WrittenKind::Thread => Some(ThreadId(known.object_id)),
        WrittenKind::Reply => threads::thread_of(tx, ReplyId(known.object_id))?,
        WrittenKind::Document => None,
    };
    match thread {
        Some(thread) => fits_in(tx, thread, post, activity),
        None => Ok(true),
    }
}

/// The home of a network as it is now: asked again where something in it is not for everyone although the network was.
/// It may be for members since.
pub async fn current(app: &App, activity: &Activity, home: &Remote) -> Result<Remote> {
    let post = activity.object.as_object().and_then(|object| Post::parse(object).ok());
    let for_few = post.is_some_and(|post| !for_everyone(&post, activity));
    let Some(network) = home.network_id.filter(|_| for_few) else { return Ok(home.clone()) };
    let network = app.db.read(move |conn| networks::by_id(conn, network)).await?;
    if network.visibility != Visibility::Public {
        return Ok(home.clone());
    }
    Ok(actors::fresh(app, home).await?.unwrap_or_else(|_| home.clone()))
}
