//! Threads, replies and the drafts they come from: what is published goes from the drafts, what came too late goes to
//! them.

use kring_db::Tx;

use super::{InNetwork, change_thread, create, edit_reply, find, find_reply, reply};
use crate::accounts::{SignedIn, Viewer};
use crate::app::Context;
use crate::drafts::{self, Content, DraftKind, Further, Reference, Target};
use crate::error::{Error, Result};
use crate::networks::{Network, Slug};
use crate::text::summary::PlainSummary;
use crate::threads::model::*;
use crate::threads::policy;
use crate::web::{IfMatch, Saved, Words};

/// Starts a thread; the draft that it came from goes.
pub fn publish_thread(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    new: &NewThread,
    from: Option<Reference>,
) -> Result<(Network, ThreadRow)> {
    let (network, row) = create(tx, cx, who, slug, new)?;
    let target = Target::in_network(DraftKind::NewThread, slug);
    drafts::published(tx, who, &target, from, &thread_words(&row.0))?;
    Ok((network, row))
}

/// Writes a reply; the draft that it came from goes.
pub fn publish_reply(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    thread: ThreadId,
    new: &NewReply,
    from: Option<Reference>,
) -> Result<(InNetwork, ReplyRow)> {
    let (place, row) = reply(tx, cx, who, thread, new)?;
    let target = match new.parent {
        Some(parent) => Target::of(DraftKind::Answer, parent.0),
        None => Target::of(DraftKind::NewReply, thread.0),
    };
    drafts::published(tx, who, &target, from, &reply_words(&row.0))?;
    Ok((place, row))
}

/// Changes a thread. Words of its author that come too late are kept as a draft; those that do not clear theirs.
pub fn save_thread(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: ThreadId,
    known: &IfMatch,
    change: &ThreadChange,
    from: Option<Reference>,
) -> Result<Saved<InNetwork>> {
    let target = Target::of(DraftKind::Thread, id.0);
    let stale = match change_thread(tx, cx, who, id, known, change) {
        Ok(place) => {
            if change.writes() {
                drafts::published(tx, who, &target, from, &thread_words(&place.row.0))?;
            }
            return Ok(Saved::Done(place));
        }
        Err(stale @ Error::Stale(_)) if change.writes() => stale,
        Err(other) => return Err(other),
    };
    let Error::Stale(etag) = stale else { return Err(stale) };
    let place = find(tx, &Viewer::SignedIn(who.clone()), id)?;
    let thread = &place.row.0;
    policy::may_edit(&place.standing(), thread.author_id)?;
    // What was not sent would have stayed.
    let sent = Content {
        title: change.title.as_ref().map(ToString::to_string),
        body: change.text.as_ref().map_or_else(|| thread.body.clone(), |text| text.markdown.clone()),
        base: known.sent().map(str::to_owned),
        further: Further {
            plain_summary: PlainSummary::told(change.plain_summary.as_ref().and_then(Option::as_ref)),
            language: change.language.as_ref().map(ToString::to_string),
            attachments: change.attachments.clone(),
            ..Further::default()
        },
    };
    drafts::refuse(tx, cx, who, &target, thread_words(thread).at(etag), &sent).map(Saved::Refused)
}

/// Changes a reply. Words of its author that come too late are kept as a draft; those that do not clear theirs.
pub fn save_reply(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: ReplyId,
    known: &IfMatch,
    change: &ReplyChange,
    from: Option<Reference>,
) -> Result<Saved<(InNetwork, ReplyRow)>> {
    let target = Target::of(DraftKind::Reply, id.0);
    let outcome = edit_reply(tx, cx, who, id, known, change);
    let (etag, text) = match (outcome, &change.text) {
        (Ok((place, row)), _) => {
            drafts::published(tx, who, &target, from, &reply_words(&row.0))?;
            return Ok(Saved::Done((place, row)));
        }
        (Err(Error::Stale(etag)), Some(text)) => (etag, text),
        (Err(other), _) => return Err(other),
    };
    let (place, (reply, ..)) = find_reply(tx, &Viewer::SignedIn(who.clone()), id)?;
    policy::may_edit(&place.standing(), reply.author_id)?;
    let sent = Content {
        body: text.markdown.clone(),
        base: known.sent().map(str::to_owned),
        further: Further {
            language: change.language.as_ref().map(ToString::to_string),
            attachments: change.attachments.clone(),
            ..Further::default()
        },
        ..Content::default()
    };
    drafts::refuse(tx, cx, who, &target, reply_words(&reply).at(etag), &sent).map(Saved::Refused)
}

/// A thread as it is published, as far as drafts have it.
fn thread_words(thread: &Thread) -> Words {
    Words {
        title: Some(thread.title.to_string()),
        body: Some(thread.body.clone()),
        plain_summary: PlainSummary::told(thread.plain_summary.as_ref()),
        language: Some(thread.language.to_string()),
    }
}

fn reply_words(reply: &Reply) -> Words {
    Words {
        body: Some(reply.body.clone()),
        language: Some(reply.language.to_string()),
        ..Words::default()
    }
}
