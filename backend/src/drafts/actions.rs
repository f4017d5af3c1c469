//! What is done with drafts, one function a use.

use kring_db::{Conn, JsonText, Tx};

use super::model::*;
use super::policy::{self, MayBegin};
use super::queries::{self, Whole};
use crate::accounts::{PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::attachments;
use crate::error::{Code, NOT_FOUND, Result};
use crate::networks::{Network, NetworkId, Slug};
use crate::text::markdown;
use crate::web::{CurrentText, IfMatch, Paging, Refused, Saved, Words};

/// How many characters of a text a list shows.
const EXCERPT: usize = 300;

/// The drafts of the viewer, what was saved last first.
pub fn list(conn: &mut Conn, viewer: &Viewer, paging: &Paging<Cursor>) -> Result<Vec<Draft>> {
    queries::listed(conn, viewer.signed_in()?.person, paging.after, paging.limit)
}

/// A draft of the viewer.
pub fn read(conn: &mut Conn, viewer: &Viewer, at: &Address) -> Result<Whole> {
    queries::draft(conn, viewer.signed_in()?.person, at)?.ok_or(NOT_FOUND)
}

/// Saves a draft. Where another device was first, neither text is lost: with an `If-Match` that is not true any more,
/// what was sent is kept beside what is there; without one, what another device wrote is.
pub fn save(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    at: &Address,
    known: &IfMatch,
    content: &Content,
) -> Result<Saved<Whole>> {
    queries::lock(tx, who.person, &at.target)?;
    let Some((draft, body)) = queries::draft(tx, who.person, at)? else {
        return begin(tx, cx, who, at, known, content);
    };
    let present = draft.content(&body);
    if known.check_whole(&draft.etag()).is_err() {
        let draft_path = match beside(tx, who, at, &present, content)? {
            Some(mine) => {
                write(tx, cx, who, &mine, content)?;
                Some(mine.address().path())
            }
            None => keep(tx, cx, who, &at.target, Origin::Saved, content)?.map(|address| address.path()),
        };
        return Ok(Saved::Refused(Box::new(Refused {
            sentence: if draft_path.is_some() { "error-stale_draft" } else { "error-stale" },
            etag: Some(draft.etag()),
            draft: draft_path,
            current: Some(present.words().at(draft.etag())),
            sent: content.words(),
            differences: None,
        })));
    }
    if present == *content {
        queries::touch(tx, who.person, draft.id, cx.now())?;
    } else {
        let unseen = known.sent().is_none() && draft.session_id != who.session;
        if unseen && !content.says(&present) {
            set_aside(tx, cx, &draft, &present)?;
        }
        write(tx, cx, who, &draft, content)?;
    }
    Ok(Saved::Done(read(tx, &Viewer::SignedIn(who.clone()), at)?))
}

/// The first save of a draft. Only the server puts one beside another.
fn begin(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    at: &Address,
    known: &IfMatch,
    content: &Content,
) -> Result<Saved<Whole>> {
    if at.number > 1 {
        return Err(NOT_FOUND);
    }
    if known.sent().is_some() {
        // It was published or thrown away elsewhere: the writer decides whether what they wrote since is wanted.
        let address = keep(tx, cx, who, &at.target, Origin::Refused, content)?;
        return Ok(Saved::Refused(Box::new(Refused {
            sentence: if address.is_some() {
                "error-stale_draft_gone"
            } else {
                "error-stale"
            },
            etag: None,
            draft: address.map(|address| address.path()),
            current: None,
            sent: content.words(),
            differences: None,
        })));
    }
    let viewer = Viewer::SignedIn(who.clone());
    if about(tx, cx, &viewer, std::slice::from_ref(&at.target))?.is_empty() {
        return Err(NOT_FOUND);
    }
    let may = policy::may_begin(queries::count(tx, who.person)?)?;
    insert(tx, cx, &may, who, at, Origin::Saved, content)?;
    Ok(Saved::Done(read(tx, &viewer, at)?))
}

/// The text that this device has beside the draft at `at` already: a program that saves every few seconds and does not
/// listen makes one of it, not a hundred.
fn beside(
    tx: &mut Tx,
    who: &SignedIn,
    at: &Address,
    present: &Content,
    content: &Content,
) -> Result<Option<Draft>> {
    if content.says(present) {
        return Ok(None);
    }
    let its = queries::about(tx, who.person, &at.target)?.into_iter().map(|(draft, _)| draft);
    Ok(its
        .filter(|draft| draft.number > 1 && draft.number != at.number && draft.origin == Origin::Saved)
        .find(|draft| draft.session_id == who.session))
}

/// What stands in a draft, once more beside it.
fn set_aside(tx: &mut Tx, cx: &Context, draft: &Draft, present: &Content) -> Result<()> {
    // Where there is no room, nothing is written over: whoever sends the other text has it still.
    let may = policy::may_keep(queries::count(tx, draft.person_id)?).ok_or(Code::TooManyDrafts)?;
    let taken = queries::numbers(tx, draft.person_id, &draft.address().target)?;
    let copy = Draft {
        id: cx.id(),
        number: free(&taken),
        version: 1,
        ..draft.clone()
    };
    queries::insert(tx, &may, &copy, &present.body)?;
    attachments::hold(tx, copy.person_id, &present.further.attachments, copy.id.0)
}

/// Keeps a text that could not be written where it was meant to, and says where; `None` where the person keeps too
/// much already. One that says the same as what is kept about this is that one. The caller's transaction must commit.
fn keep(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    target: &Target,
    origin: Origin,
    content: &Content,
) -> Result<Option<Address>> {
    let may = policy::may_keep(queries::count(tx, who.person)?);
    keep_with(tx, cx, may.as_ref(), who, target, origin, content)
}

fn keep_with(
    tx: &mut Tx,
    cx: &Context,
    may: Option<&MayBegin>,
    who: &SignedIn,
    target: &Target,
    origin: Origin,
    content: &Content,
) -> Result<Option<Address>> {
    queries::lock(tx, who.person, target)?;
    let there = queries::about(tx, who.person, target)?;
    if let Some((same, _)) = there.iter().find(|(draft, body)| draft.content(body).says(content)) {
        return Ok(Some(same.address()));
    }
    let Some(may) = may else { return Ok(None) };
    let taken: Vec<i64> = there.iter().map(|(draft, _)| draft.number).collect();
    let at = Address { target: target.clone(), number: free(&taken) };
    insert(tx, cx, may, who, &at, origin, content)?;
    Ok(Some(at))
}

/// The refusal of a change that came too late, because `current` stands there now: what was sent is kept as a draft. The
/// caller's transaction must commit.
pub fn refuse(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    target: &Target,
    current: CurrentText,
    content: &Content,
) -> Result<Box<Refused>> {
    let address = keep(tx, cx, who, target, Origin::Refused, content)?;
    Ok(Box::new(Refused {
        sentence: if address.is_some() { "error-stale_kept" } else { "error-stale" },
        etag: Some(current.etag.clone()),
        draft: address.map(|address| address.path()),
        current: Some(current),
        sent: content.words(),
        differences: None,
    }))
}

/// Is there room for what a person is about to send elsewhere, should it come back?
pub fn may_send(conn: &mut Conn, person: PersonId) -> Result<()> {
    policy::may_send(queries::count(conn, person)?)
}

/// A text that was sent elsewhere and came back, kept as a draft, whatever its writer keeps besides: it is never lost.
pub fn keep_returned(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    target: &Target,
    content: &Content,
) -> Result<Option<Address>> {
    keep_with(tx, cx, Some(&policy::returned()), who, target, Origin::Refused, content)
}

/// The draft of a person that came back when it was sent, the newest about this.
pub fn returned_about(conn: &mut Conn, person: PersonId, target: &Target) -> Result<Option<Draft>> {
    let mut about = queries::about(conn, person, target)?.into_iter().map(|(draft, _)| draft);
    Ok(about.rfind(|draft| draft.origin == Origin::Refused))
}

/// A draft of a person, as long as they keep it.
pub fn kept(conn: &mut Conn, person: PersonId, at: &Address) -> Result<Option<Draft>> {
    Ok(queries::draft(conn, person, at)?.map(|(draft, _)| draft))
}

/// The first free number, where these are taken, lowest first: that of the draft itself, where there is none, else the
/// one behind all others.
fn free(taken: &[i64]) -> i64 {
    match (taken.first(), taken.last()) {
        (Some(1), Some(last)) => last + 1,
        _ => 1,
    }
}

fn insert(
    tx: &mut Tx,
    cx: &Context,
    may: &MayBegin,
    who: &SignedIn,
    at: &Address,
    origin: Origin,
    content: &Content,
) -> Result<()> {
    let draft = Draft {
        id: cx.id(),
        person_id: who.person,
        kind: at.target.kind,
        target: at.target.as_str().to_owned(),
        number: at.number,
        origin,
        session_id: who.session,
        base: content.base.clone(),
        title: content.title.clone(),
        excerpt: markdown::excerpt(&content.body, EXCERPT),
        version: 1,
        created_at: cx.now(),
        saved_at: cx.now(),
        further: JsonText::of(&content.further),
    };
    queries::insert(tx, may, &draft, &content.body)?;
    attachments::hold(tx, who.person, &content.further.attachments, draft.id.0)
}

fn write(tx: &mut Tx, cx: &Context, who: &SignedIn, draft: &Draft, content: &Content) -> Result<()> {
    let excerpt = markdown::excerpt(&content.body, EXCERPT);
    queries::update(tx, (who.person, draft.id), who.session, content, &excerpt, cx.now())?;
    let files = &content.further.attachments;
    // It holds what it held: most saves change the words alone.
    if draft.further().attachments == *files {
        return Ok(());
    }
    attachments::hold(tx, who.person, files, draft.id.0)
}

/// Throws a draft away.
pub fn remove(tx: &mut Tx, who: &SignedIn, at: &Address, known: &IfMatch) -> Result<()> {
    queries::lock(tx, who.person, &at.target)?;
    let (draft, _) = queries::draft(tx, who.person, at)?.ok_or(NOT_FOUND)?;
    known.check_whole(&draft.etag())?;
    forget(tx, who.person, &[draft.id])
}

/// Removes drafts of a person and lets go of what they held.
pub(super) fn forget(tx: &mut Tx, person: PersonId, ids: &[DraftId]) -> Result<()> {
    let holders: Vec<i64> = ids.iter().map(|id| id.0).collect();
    attachments::release(tx, &holders)?;
    queries::remove(tx, person, ids)
}

/// A text was published: the draft it came from goes, in the same transaction. That is the one that `from` names, unless
/// it says something newer by now; and whatever about `target` says nothing that is not published with `words`.
pub fn published(
    tx: &mut Tx,
    who: &SignedIn,
    target: &Target,
    from: Option<Reference>,
    words: &Words,
) -> Result<()> {
    let mut done = Vec::new();
    if let Some(reference) = from {
        done.extend(queries::at_version(tx, who.person, reference)?);
    }
    for (draft, body) in queries::about(tx, who.person, target)? {
        let content = draft.content(&body);
        if done.contains(&draft.id) || !content.is_in(words) {
            continue;
        }
        // A file that went out with none of it is not to be lost with the draft.
        if attachments::loose(tx, who.person, &content.further.attachments)?.is_empty() {
            done.push(draft.id);
        }
    }
    if done.is_empty() { Ok(()) } else { forget(tx, who.person, &done) }
}

/// What drafts are about, as their writer may see it now.
#[derive(Clone, Debug)]
pub struct About {
    pub target: Target,
    pub network: Network,
    pub title: String,
}

/// Of these targets those that are there and that the viewer may see.
pub fn about(conn: &mut Conn, cx: &Context, viewer: &Viewer, targets: &[Target]) -> Result<Vec<About>> {
    let person = viewer.signed_in()?.person;
    let slugs: Vec<Slug> = targets.iter().filter_map(Target::slug).collect();
    let within = if slugs.is_empty() {
        Vec::new()
    } else {
        queries::visible(conn, person, &slugs)?
    };
    let places = cx.where_are()(conn, targets)?;
    let ids: Vec<NetworkId> = places.iter().map(|place| place.network).collect();
    let readable = if ids.is_empty() {
        Vec::new()
    } else {
        queries::readable(conn, person, &ids)?
    };
    let in_networks = targets.iter().filter_map(|target| {
        let slug = target.slug()?;
        let network = within.iter().find(|network| network.slug == slug)?.clone();
        Some(About {
            target: target.clone(),
            title: network.name.to_string(),
            network,
        })
    });
    let others = places.into_iter().filter_map(|place| {
        let network = readable.iter().find(|network| network.id == place.network)?.clone();
        Some(About { target: place.target, network, title: place.title })
    });
    Ok(in_networks.chain(others).collect())
}

/// A network has another address from now on: what people write for it is found by that.
pub fn network_moved(tx: &mut Tx, from: &Slug, to: &Slug) -> Result<()> {
    if from == to { Ok(()) } else { queries::move_to(tx, from, to) }
}
