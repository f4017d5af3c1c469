//! Threads: started, read, changed, deleted.

use kring_db::{Conn, Tx};

use super::{InNetwork, find, linked, locked};
use crate::accounts::{PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::attachments::{self, Target};
use crate::error::{NOT_FOUND, Result};
use crate::index::{self, Entry, EntryKind};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::networks::policy::{self as network_policy, MayContribute, MayModerate, Standing};
use crate::networks::{self, Network, Slug};
use crate::text::markdown;
use crate::text::summary::PlainSummary;
use crate::threads::model::*;
use crate::threads::policy::{Decider, MayDelete};
use crate::threads::queries::Post;
use crate::threads::{policy, queries};
use crate::web::{IfMatch, Paging};

/// Threads of a network, pinned ones first, then newest first.
pub fn list(
    conn: &mut Conn,
    viewer: &Viewer,
    slug: &Slug,
    paging: &Paging<Place>,
) -> Result<(Network, Vec<ThreadRow>)> {
    let (network, membership) = networks::seen(conn, viewer, slug)?;
    let at = Standing {
        network: &network,
        person: viewer.person(),
        membership: membership.as_ref(),
    };
    let may = network_policy::may_read(&at)?;
    let after = paging.after.as_ref().map(|place| (place.pinned, place.id));
    let rows = queries::listed(conn, &may, network.id, viewer.person(), after, paging.limit)?;
    Ok((network, rows))
}

/// Where a list of threads goes on: after this one, in the pinned part or behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub pinned: bool,
    pub id: ThreadId,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}{}", if self.pinned { "p" } else { "t" }, self.id)
    }
}

impl std::str::FromStr for Place {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let pinned = match text.get(..1) {
            Some("p") => true,
            Some("t") => false,
            _ => return Err(()),
        };
        Ok(Self { pinned, id: text[1..].parse().map_err(|_| ())? })
    }
}

/// Starts a thread.
pub fn create(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    new: &NewThread,
) -> Result<(Network, ThreadRow)> {
    let viewer = Viewer::SignedIn(who.clone());
    let (network, membership) = networks::seen(tx, &viewer, slug)?;
    let at = Standing {
        network: &network,
        person: Some(who.person),
        membership: membership.as_ref(),
    };
    let may = network_policy::may_contribute(&at)?;
    let thread = write(tx, cx, &may, &network, new)?;
    let row = queries::thread(tx, thread, Some(who.person))?.ok_or(NOT_FOUND)?;
    Ok((network, row))
}

/// A thread of the demo, at the moment of `cx`.
pub fn create_for_demo(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    new: &NewThread,
    pinned: bool,
) -> Result<ThreadId> {
    let (_, (thread, ..)) = create(tx, cx, who, slug, new)?;
    if pinned {
        let (network, membership) = networks::seen(tx, &Viewer::SignedIn(who.clone()), slug)?;
        let at = Standing {
            network: &network,
            person: Some(who.person),
            membership: membership.as_ref(),
        };
        if let Ok(may) = policy::may_pin_and_lock(&at) {
            queries::set_pinned_and_locked(tx, &may, thread.id, true, None)?;
        }
    }
    Ok(thread.id)
}

fn write(
    tx: &mut Tx,
    cx: &Context,
    may: &MayContribute,
    network: &Network,
    new: &NewThread,
) -> Result<ThreadId> {
    let (text, mentioned) = linked(tx, cx, &new.text)?;
    let thread = Thread {
        id: cx.id(),
        network_id: network.id,
        author_id: may.person(),
        title: new.title.clone(),
        plain_summary: new.plain_summary.clone(),
        body: new.text.markdown.clone(),
        body_html: text.html,
        language: new.language.clone().unwrap_or_else(|| network.language.clone()),
        reply_count: 0,
        last_seq: 0,
        last_activity_at: cx.now(),
        pinned: false,
        locked_at: None,
        thanks_count: 0,
        recognise_count: 0,
        more_count: 0,
        created_at: cx.now(),
        edited_at: None,
        deleted_at: None,
        version: 1,
    };
    queries::insert_thread(tx, may, &thread)?;
    queries::keep_mentions(tx, Post::Thread(thread.id), 0, may.person(), &mentioned)?;
    queries::mark_read(tx, may.person(), thread.id, 0, cx.now())?;
    networks::add_threads(tx, network.id, 1)?;
    attachments::attach(tx, cx, may, &new.attachments, Target::thread(thread.id.0))?;
    index::put(tx, &entry(&thread))?;
    let event = Event::new(EventKind::ThreadCreated, thread.id.0)
        .network(network.id.0)
        .actor(may.person().0)
        .payload(&serde_json::json!({ "mentions": text.mentions }));
    outbox::push(tx, cx, event)?;
    Ok(thread.id)
}

/// What search finds of a thread.
pub(super) fn entry(thread: &Thread) -> Entry {
    Entry {
        kind: EntryKind::Thread,
        id: thread.id.0,
        parent: None,
        network: thread.network_id.0,
        title: thread.title.to_string(),
        body: PlainSummary::before(thread.plain_summary.as_ref(), markdown::plain(&thread.body)),
        language: thread.language.clone(),
        published_at: thread.created_at,
    }
}

/// A thread, in its network.
pub fn read(conn: &mut Conn, viewer: &Viewer, id: ThreadId) -> Result<InNetwork> {
    find(conn, viewer, id)
}

/// Changes a thread: its words by their author, pinning and locking by moderators.
pub fn change_thread(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: ThreadId,
    known: &IfMatch,
    change: &ThreadChange,
) -> Result<InNetwork> {
    let viewer = Viewer::SignedIn(who.clone());
    let place = locked(tx, &viewer, id)?;
    let before = &place.row.0;
    if before.deleted_at.is_some() {
        return Err(NOT_FOUND);
    }
    known.check(before.version)?;
    if change.edits() {
        let may = policy::may_edit(&place.standing(), before.author_id)?;
        let (after, mentioned) = edited(tx, cx, before, change)?;
        if after.version > before.version {
            queries::edit_thread(tx, &may, before, cx.id(), &after)?;
            if let Some(people) = mentioned {
                queries::keep_mentions(tx, Post::Thread(id), 0, before.author_id, &people)?;
            }
            let contributing = network_policy::may_contribute(&place.standing())?;
            attachments::attach(tx, cx, &contributing, &change.attachments, Target::thread(id.0))?;
            index::put(tx, &entry(&after))?;
            let event =
                Event::new(EventKind::ThreadEdited, id.0).network(place.network.id.0).actor(who.person.0);
            outbox::push(tx, cx, event)?;
        }
    }
    if change.pinned.is_some() || change.locked.is_some() {
        let may = policy::may_pin_and_lock(&place.standing())?;
        let locked_at = match change.locked {
            Some(true) => before.locked_at.or(Some(cx.now())),
            Some(false) => None,
            None => before.locked_at,
        };
        let pinned = change.pinned.unwrap_or(before.pinned);
        queries::set_pinned_and_locked(tx, &may, id, pinned, locked_at)?;
        moderated(tx, cx, &place.network, who.person, before, (pinned, locked_at.is_some()))?;
    }
    find(tx, &viewer, id)
}

/// What follows from pinning and locking, where that changed anything.
fn moderated(
    tx: &mut Tx,
    cx: &Context,
    network: &Network,
    by: PersonId,
    before: &Thread,
    (pinned, locked): (bool, bool),
) -> Result<()> {
    let pinning = if pinned {
        EventKind::ThreadPinned
    } else {
        EventKind::ThreadUnpinned
    };
    let locking = if locked {
        EventKind::ThreadLocked
    } else {
        EventKind::ThreadUnlocked
    };
    let pinning = (before.pinned != pinned).then_some(pinning);
    let locking = (before.locked_at.is_some() != locked).then_some(locking);
    for kind in pinning.into_iter().chain(locking) {
        outbox::push(tx, cx, Event::new(kind, before.id.0).network(network.id.0).actor(by.0))?;
    }
    Ok(())
}

/// Pins and locks a thread of a network that lives elsewhere, as its home says. `None` stays.
pub fn as_home_says(
    tx: &mut Tx,
    cx: &Context,
    may: &MayModerate,
    id: ThreadId,
    (pinned, locked): (Option<bool>, Option<bool>),
) -> Result<()> {
    queries::lock(tx, id)?;
    let Some((thread, ..)) = queries::thread(tx, id, None)? else { return Ok(()) };
    let locked_at = match locked {
        Some(true) => thread.locked_at.or(Some(cx.now())),
        Some(false) => None,
        None => thread.locked_at,
    };
    let pinned = pinned.unwrap_or(thread.pinned) && thread.deleted_at.is_none();
    queries::set_pinned_and_locked(tx, may, id, pinned, locked_at)
}

/// The thread with the changes, and whom its text mentions where that is new. Its version rises where they change
/// anything.
fn edited(
    tx: &mut Tx,
    cx: &Context,
    before: &Thread,
    change: &ThreadChange,
) -> Result<(Thread, Option<Vec<PersonId>>)> {
    let (mut after, mut mentioned) = (before.clone(), None);
    if let Some(title) = &change.title {
        after.title = title.clone();
    }
    if let Some(summary) = &change.plain_summary {
        after.plain_summary = summary.clone();
    }
    if let Some(text) = &change.text {
        let (rendered, people) = linked(tx, cx, text)?;
        after.body.clone_from(&text.markdown);
        after.body_html = rendered.html;
        mentioned = Some(people);
    }
    if let Some(language) = &change.language {
        after.language = language.clone();
    }
    let words = |thread: &Thread| {
        (
            thread.title.clone(),
            thread.plain_summary.clone(),
            thread.body.clone(),
            thread.language.clone(),
        )
    };
    if words(&after) != words(before) || !change.attachments.is_empty() {
        after.edited_at = Some(cx.now());
        after.version += 1;
    }
    Ok((after, mentioned))
}

/// Takes a thread away. Where replies stand on it a tombstone stays, so that they can be read.
pub fn delete_thread(tx: &mut Tx, cx: &Context, who: &SignedIn, id: ThreadId) -> Result<()> {
    let place = locked(tx, &Viewer::SignedIn(who.clone()), id)?;
    let thread = &place.row.0;
    if thread.deleted_at.is_some() {
        return Err(NOT_FOUND);
    }
    let may = policy::may_delete(&place.standing(), thread.author_id)?;
    take_away(tx, cx, &may, thread)
}

/// Takes a thread away, as was decided by whoever may without being a member.
pub fn delete_thread_as_decided(tx: &mut Tx, cx: &Context, by: &Decider, id: ThreadId) -> Result<()> {
    queries::lock(tx, id)?;
    let (thread, ..) = queries::thread(tx, id, None)?.ok_or(NOT_FOUND)?;
    if thread.deleted_at.is_some() {
        return Err(NOT_FOUND);
    }
    take_away(tx, cx, &policy::decided_delete(by, thread.author_id)?, &thread)
}

fn take_away(tx: &mut Tx, cx: &Context, may: &MayDelete, thread: &Thread) -> Result<()> {
    let id = thread.id;
    queries::delete_thread(tx, may, id, cx.now())?;
    networks::add_threads(tx, thread.network_id, -1)?;
    attachments::let_go(tx, cx, Target::thread(id.0))?;
    index::remove(tx, EntryKind::Thread, id.0)?;
    let event = Event::new(EventKind::ThreadDeleted, id.0).network(thread.network_id.0).actor(may.by.0);
    outbox::push(tx, cx, event)
}

/// How a thread read before its edits, newest first.
pub fn thread_versions(
    conn: &mut Conn,
    viewer: &Viewer,
    id: ThreadId,
    paging: &Paging<i64>,
) -> Result<Vec<PostVersion>> {
    let place = find(conn, viewer, id)?;
    queries::thread_versions(conn, &place.may_read, id, paging.after, paging.limit)
}
