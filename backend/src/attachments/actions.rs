//! What is done with attachments, one function a use.

use kring_db::{Conn, Tx};

use super::model::*;
use super::policy;
use super::queries::{self, Shown};
use super::upload::Stored;
use super::view::AttachmentView;
use crate::accounts::{PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::error::{Fault, NOT_FOUND, Result};
use crate::index::{self, EntryKind};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::jobs::queue::{self, JobKind};
use crate::networks::{self, MayContribute, NetworkId, Slug, Standing};
use crate::web::IfMatch;

/// The network a file is for, where the person may write in it.
pub fn place(conn: &mut Conn, who: &SignedIn, network: &Slug) -> Result<MayContribute> {
    let (network, membership) = networks::seen(conn, &Viewer::SignedIn(who.clone()), network)?;
    networks::policy::may_contribute(&Standing {
        network: &network,
        person: Some(who.person),
        membership: membership.as_ref(),
    })
}

/// Writes down a file that was stored. It belongs to nothing yet.
pub fn create(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    new: &NewAttachment,
    stored: &Stored,
) -> Result<Shown> {
    let may = place(tx, who, &new.network)?;
    let loose = queries::loose_of(tx, may.person())?;
    policy::may_send_another(loose, stored.size.unsigned_abs(), cx.config().upload_limit)?;
    insert(tx, cx, &may, new, stored)
}

/// Writes down a file that came as a part of something that is written in the same transaction and attaches it.
pub fn write_down(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    new: &NewAttachment,
    stored: &Stored,
) -> Result<()> {
    let may = place(tx, who, &new.network)?;
    insert(tx, cx, &may, new, stored).map(|_| ())
}

/// What an image says about itself: what can be seen on it, or that it means nothing; else the network is asked.
pub fn described(network: &Slug, alt: Option<String>, decorative: bool) -> NewAttachment {
    let wanted = alt.is_none() && !decorative;
    NewAttachment { network: network.clone(), alt, decorative, wanted }
}

fn insert(
    tx: &mut Tx,
    cx: &Context,
    may: &MayContribute,
    new: &NewAttachment,
    stored: &Stored,
) -> Result<Shown> {
    let mut attachment = Attachment {
        id: stored.id,
        network_id: may.network(),
        uploader_id: may.person(),
        target_kind: None,
        target_id: None,
        file_name: stored.file_name.clone(),
        media_type: stored.media_type,
        size: stored.size,
        sha256: stored.sha256.clone(),
        width: stored.dimensions.map(|size| i64::from(size.width)),
        height: stored.dimensions.map(|size| i64::from(size.height)),
        alt: None,
        decorative: false,
        description_wanted: false,
        created_at: cx.now(),
        attached_at: None,
        version: 1,
    };
    attachment.describe(&Change {
        alt: Some(new.alt.clone()),
        decorative: Some(new.decorative),
        wanted: Some(new.wanted),
        file_name: None,
    });
    queries::insert(tx, may, &attachment)?;
    queries::by_id(tx, attachment.id)?.ok_or(NOT_FOUND)
}

/// An attachment that the viewer may see; 404 for others.
pub fn read(conn: &mut Conn, viewer: &Viewer, id: AttachmentId) -> Result<Shown> {
    let shown = queries::by_id(conn, id)?.ok_or(NOT_FOUND)?;
    networks::reading(conn, viewer, shown.0.network_id)?;
    policy::may_see(&shown.0, viewer.person())?;
    Ok(shown)
}

/// Changes what is said about an attachment; its name, for those who may remove it.
pub fn change(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: AttachmentId,
    known: &IfMatch,
    change: &Change,
) -> Result<Shown> {
    let viewer = Viewer::SignedIn(who.clone());
    read(tx, &viewer, id)?;
    // What is compared below must still be so when it is written.
    queries::lock(tx, id)?;
    let (mut attachment, ..) = read(tx, &viewer, id)?;
    let (_, membership, contributes) = networks::contributing(tx, who, attachment.network_id)?;
    let may = policy::may_describe(&attachment, &contributes)?;
    if change.file_name.is_some() {
        policy::may_remove(&attachment, &contributes, &membership)?;
    }
    known.check(attachment.version)?;
    let wanted_before = attachment.description_wanted;
    attachment.describe(change);
    attachment.version += 1;
    queries::describe(tx, &may, &attachment)?;
    if attachment.description_wanted && !wanted_before && attachment.target_id.is_some() {
        ask(tx, cx, who.person, attachment.network_id, id)?;
    }
    if change.file_name.is_some() && attachment.target_id.is_some() {
        read_later(tx, cx, &attachment)?;
    }
    queries::by_id(tx, id)?.ok_or(NOT_FOUND)
}

/// Asks the network to describe it.
pub(super) fn ask(
    tx: &mut Tx,
    cx: &Context,
    who: PersonId,
    network: NetworkId,
    id: AttachmentId,
) -> Result<()> {
    let event = Event::new(EventKind::DescriptionWanted, id.0).network(network.0).actor(who.0);
    outbox::push(tx, cx, event)
}

/// Removes an attachment. The row stays, the file goes after the commit.
pub fn remove(tx: &mut Tx, cx: &Context, who: &SignedIn, id: AttachmentId) -> Result<()> {
    let (attachment, ..) = read(tx, &Viewer::SignedIn(who.clone()), id)?;
    let (_, membership, contributes) = networks::contributing(tx, who, attachment.network_id)?;
    let may = policy::may_remove(&attachment, &contributes, &membership)?;
    queries::remove(tx, &may, id, cx.now())?;
    index::remove(tx, EntryKind::Attachment, id.0)
}

/// Attaches what the contributor sent before to something in the same network, in the transaction that writes it.
/// What belongs to `target` already stays; anything else that they did not send, or that belongs elsewhere, is a
/// fault at `/attachments`. From now on the network sees it, and is asked to describe what waits for that.
pub fn attach(
    tx: &mut Tx,
    cx: &Context,
    may: &MayContribute,
    ids: &[AttachmentId],
    target: Target,
) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    let unknown = || Fault::new("unknown_attachment").at("/attachments");
    let found = queries::by_ids(tx, ids)?;
    if !ids.iter().all(|id| found.iter().any(|attachment| attachment.id == *id)) {
        return Err(unknown());
    }
    for attachment in found.iter().filter(|attachment| attachment.target() != Some(target)) {
        let fits = attachment.network_id == may.network()
            && queries::attach(tx, may, attachment.id, target, cx.now())?;
        if !fits {
            return Err(unknown());
        }
        if attachment.description_wanted {
            ask(tx, cx, may.person(), may.network(), attachment.id)?;
        }
        read_later(tx, cx, attachment)?;
    }
    Ok(())
}

/// Has the words of a file read and put in the index.
pub(super) fn read_later(tx: &mut Tx, cx: &Context, attachment: &Attachment) -> Result<()> {
    if attachment.media_type.has_words() {
        queue::enqueue(tx, cx, JobKind::ReadAttachment, &attachment.id, cx.now())?;
    }
    Ok(())
}

/// What belongs to `targets`, oldest first, in one query however many they are. Who may read the targets may read
/// it: the caller has the proof.
pub fn of(conn: &mut Conn, targets: &[Target]) -> Result<Vec<(Target, AttachmentView)>> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let found = queries::of(conn, targets)?.into_iter();
    Ok(found.filter_map(|shown| Some((shown.0.target()?, AttachmentView::from(shown)))).collect())
}

/// What asks to be described in `networks`, where the person is a member: the newest of it, and how much there is in
/// all. What they asked for themselves waits for others.
pub fn wanted(
    conn: &mut Conn,
    networks: &[NetworkId],
    person: PersonId,
    limit: i64,
) -> Result<(Vec<AttachmentView>, i64)> {
    let (found, count) = queries::wanted(conn, networks, person, limit)?;
    Ok((found.into_iter().map(AttachmentView::from).collect(), count))
}

/// Holds what the person sent and did not use yet for something they are writing, `holder`: it is not thrown away
/// until that lets go of it. Replaces what it held before; of other ids nothing is held.
pub fn hold(tx: &mut Tx, person: PersonId, ids: &[AttachmentId], holder: i64) -> Result<()> {
    queries::release(tx, &[holder])?;
    if ids.is_empty() {
        return Ok(());
    }
    for (attachment, ..) in queries::loose_among(tx, person, ids)? {
        queries::hold(tx, attachment.id, holder)?;
    }
    Ok(())
}

/// Lets go of what `holders` held.
pub fn release(tx: &mut Tx, holders: &[i64]) -> Result<()> {
    queries::release(tx, holders)
}

/// Those of `ids` that the person sent and did not use yet.
pub fn loose(conn: &mut Conn, person: PersonId, ids: &[AttachmentId]) -> Result<Vec<AttachmentView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(queries::loose_among(conn, person, ids)?.into_iter().map(AttachmentView::from).collect())
}

/// Takes what belongs to `target` out of what [`of`] found.
pub fn take_views(found: &mut Vec<(Target, AttachmentView)>, target: Target) -> Vec<AttachmentView> {
    found.extract_if(.., |(its, _)| *its == target).map(|(_, view)| view).collect()
}

/// What a person sent and put with `target` is theirs to use again: it belongs to nothing any more.
pub fn give_back(tx: &mut Tx, person: PersonId, target: Target) -> Result<Vec<AttachmentId>> {
    let files: Vec<AttachmentId> =
        queries::of(tx, &[target])?.into_iter().map(|(attachment, ..)| attachment.id).collect();
    for file in &files {
        index::remove(tx, EntryKind::Attachment, file.0)?;
    }
    queries::loosen(tx, person, target)?;
    Ok(loose(tx, person, &files)?.into_iter().map(|file| file.id).collect())
}

/// Removes everything that belongs to `target`, which is being removed itself by somebody who may. The files go
/// with the next sweep.
pub fn let_go(tx: &mut Tx, cx: &Context, target: Target) -> Result<()> {
    for (attachment, ..) in queries::of(tx, &[target])? {
        index::remove(tx, EntryKind::Attachment, attachment.id.0)?;
    }
    queries::let_go(tx, target, cx.now())
}
