//! Rows of attachments.

mod archives;

pub use archives::*;

use diesel::prelude::*;
use kring_db::schema::{attachment_holds, attachments, memberships, networks, persons};
use kring_db::{Conn, Time, Tx, each_dialect};

use super::model::*;
use super::policy::{MayDescribe, MayRemove};
use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::policy::MayCoordinate;
use crate::networks::{AuthorPerson, AuthorRole, MayContribute, NetworkId, NetworkName, Slug};

/// An attachment with who uploaded it, as they stand to its network now, and the network's address and name.
pub type Shown = (Attachment, AuthorPerson, Option<AuthorRole>, (Slug, NetworkName));

/// Attachments that are there, as they are shown.
macro_rules! shown {
    () => {
        attachments::table
            .inner_join(persons::table.on(persons::id.eq(attachments::uploader_id)))
            .inner_join(networks::table.on(networks::id.eq(attachments::network_id)))
            .left_join(
                memberships::table.on(memberships::network_id
                    .eq(attachments::network_id)
                    .and(memberships::person_id.eq(attachments::uploader_id))),
            )
            .filter(attachments::deleted_at.is_null())
            .select((
                Attachment::as_select(),
                AuthorPerson::as_select(),
                Option::<AuthorRole>::as_select(),
                (networks::slug, networks::name),
            ))
    };
}

pub fn by_id(conn: &mut Conn, id: AttachmentId) -> Result<Option<Shown>> {
    Ok(shown!().filter(attachments::id.eq(id)).first(conn).optional()?)
}

/// What belongs to any of `targets`, oldest first.
pub fn of(conn: &mut Conn, targets: &[Target]) -> Result<Vec<Shown>> {
    let ids: Vec<i64> = targets.iter().map(|target| target.id).collect();
    let found: Vec<Shown> =
        shown!().filter(attachments::target_id.eq_any(ids)).order(attachments::id).load(conn)?;
    // Ids of different tables could in theory be the same.
    Ok(found
        .into_iter()
        .filter(|(attachment, ..)| attachment.target().is_some_and(|target| targets.contains(&target)))
        .collect())
}

/// What asks to be described in these networks, by others than `person`: newest first, and how many there are in all.
pub fn wanted(
    conn: &mut Conn,
    networks: &[NetworkId],
    person: PersonId,
    limit: i64,
) -> Result<(Vec<Shown>, i64)> {
    // The bare column and no comparison: it is what the index that finds them says.
    macro_rules! wanted {
        () => {
            attachments::description_wanted
                .and(attachments::target_id.is_not_null())
                .and(attachments::deleted_at.is_null())
                .and(attachments::network_id.eq_any(networks.to_vec()))
                .and(attachments::uploader_id.ne(person))
        };
    }
    let count = attachments::table.filter(wanted!()).count().get_result(conn)?;
    let found = shown!().filter(wanted!()).order(attachments::id.desc()).limit(limit);
    Ok((found.load(conn)?, count))
}

/// When the first image of a network was sent that is described now.
pub fn first_described(conn: &mut Conn, _may: &MayCoordinate, network: NetworkId) -> Result<Option<Time>> {
    let described = attachments::table
        .filter(attachments::network_id.eq(network).and(attachments::target_id.is_not_null()))
        .filter(attachments::alt.is_not_null().and(attachments::width.is_not_null()))
        .filter(attachments::deleted_at.is_null());
    Ok(described.order(attachments::id).select(attachments::created_at).first(conn).optional()?)
}

pub fn by_ids(conn: &mut Conn, ids: &[AttachmentId]) -> Result<Vec<Attachment>> {
    let found = attachments::table.filter(attachments::id.eq_any(ids).and(attachments::deleted_at.is_null()));
    Ok(found.select(Attachment::as_select()).load(conn)?)
}

pub fn insert(tx: &mut Tx, may: &MayContribute, attachment: &Attachment) -> Result<()> {
    diesel::insert_into(attachments::table)
        .values((
            attachments::id.eq(attachment.id),
            attachments::network_id.eq(may.network()),
            attachments::uploader_id.eq(may.person()),
            attachments::file_name.eq(&attachment.file_name),
            attachments::media_type.eq(attachment.media_type),
            attachments::size.eq(attachment.size),
            attachments::sha256.eq(&attachment.sha256),
            attachments::width.eq(attachment.width),
            attachments::height.eq(attachment.height),
            attachments::alt.eq(&attachment.alt),
            attachments::decorative.eq(attachment.decorative),
            attachments::description_wanted.eq(attachment.description_wanted),
            attachments::created_at.eq(attachment.created_at),
            attachments::version.eq(attachment.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Locks the row of an attachment until the commit.
pub fn lock(tx: &mut Tx, id: AttachmentId) -> Result<()> {
    diesel::update(attachments::table.find(id))
        .set(attachments::version.eq(attachments::version))
        .execute(tx.conn())?;
    Ok(())
}

/// What a person sent that belongs to nothing yet.
pub fn loose_of(conn: &mut Conn, person: PersonId) -> Result<Loose> {
    let loose = attachments::table
        .filter(attachments::uploader_id.eq(person))
        .filter(attachments::target_id.is_null().and(attachments::deleted_at.is_null()));
    let sizes: Vec<i64> = loose.select(attachments::size).load(conn)?;
    Ok(Loose {
        files: sizes.len(),
        bytes: sizes.into_iter().map(i64::unsigned_abs).sum(),
    })
}

/// Attaches what belongs to nothing yet; false where somebody was faster.
pub fn attach(tx: &mut Tx, may: &MayContribute, id: AttachmentId, target: Target, now: Time) -> Result<bool> {
    let loose = attachments::table
        .filter(attachments::id.eq(id).and(attachments::uploader_id.eq(may.person())))
        .filter(attachments::target_id.is_null().and(attachments::deleted_at.is_null()));
    let change = (
        attachments::target_kind.eq(target.kind),
        attachments::target_id.eq(target.id),
        attachments::attached_at.eq(now),
        attachments::version.eq(attachments::version + 1),
    );
    Ok(diesel::update(loose).set(change).execute(tx.conn())? == 1)
}

/// Writes what is said about it; the version rises.
pub fn describe(tx: &mut Tx, _may: &MayDescribe, attachment: &Attachment) -> Result<()> {
    diesel::update(attachments::table.find(attachment.id))
        .set((
            attachments::file_name.eq(&attachment.file_name),
            attachments::alt.eq(&attachment.alt),
            attachments::decorative.eq(attachment.decorative),
            attachments::description_wanted.eq(attachment.description_wanted),
            attachments::version.eq(attachment.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn remove(tx: &mut Tx, _may: &MayRemove, id: AttachmentId, now: Time) -> Result<()> {
    diesel::update(attachments::table.find(id))
        .set(attachments::deleted_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps an attachment as it is until the transaction ends; `false` where it was removed or belongs to nothing.
pub fn hold_attached(tx: &mut Tx, id: AttachmentId) -> Result<bool> {
    let there = attachments::table
        .find(id)
        .filter(attachments::deleted_at.is_null().and(attachments::target_id.is_not_null()));
    Ok(diesel::update(there).set(attachments::version.eq(attachments::version)).execute(tx.conn())? == 1)
}

/// Removes everything that belongs to `target`.
pub fn let_go(tx: &mut Tx, target: Target, now: Time) -> Result<()> {
    let its = attachments::table
        .filter(attachments::target_kind.eq(target.kind).and(attachments::target_id.eq(target.id)))
        .filter(attachments::deleted_at.is_null());
    diesel::update(its).set(attachments::deleted_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// What the person sent belongs to `target` no more, and to nothing.
pub fn loosen(tx: &mut Tx, person: PersonId, target: Target) -> Result<()> {
    let its = attachments::table
        .filter(attachments::target_kind.eq(target.kind).and(attachments::target_id.eq(target.id)))
        .filter(attachments::uploader_id.eq(person).and(attachments::deleted_at.is_null()));
    let nothing = (
        attachments::target_kind.eq(None::<TargetKind>),
        attachments::target_id.eq(None::<i64>),
        attachments::attached_at.eq(None::<Time>),
        attachments::version.eq(attachments::version + 1),
    );
    diesel::update(its).set(nothing).execute(tx.conn())?;
    Ok(())
}

/// Those of `ids` that the person sent and that belong to nothing yet, oldest first.
pub fn loose_among(conn: &mut Conn, person: PersonId, ids: &[AttachmentId]) -> Result<Vec<Shown>> {
    let loose = shown!()
        .filter(attachments::id.eq_any(ids).and(attachments::uploader_id.eq(person)))
        .filter(attachments::target_id.is_null());
    Ok(loose.order(attachments::id).load(conn)?)
}

/// Holds an attachment for `holder`; once is enough.
pub fn hold(tx: &mut Tx, id: AttachmentId, holder: i64) -> Result<()> {
    let row = (attachment_holds::attachment_id.eq(id), attachment_holds::holder_id.eq(holder));
    each_dialect!(tx.conn(), |c| diesel::insert_into(attachment_holds::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(())
}

/// Lets go of everything that one of `holders` holds.
pub fn release(tx: &mut Tx, holders: &[i64]) -> Result<()> {
    let held = attachment_holds::table.filter(attachment_holds::holder_id.eq_any(holders));
    diesel::delete(held).execute(tx.conn())?;
    Ok(())
}

/// Removes what was sent before `moment`, belongs to nothing and is held by nothing.
pub fn remove_loose(tx: &mut Tx, moment: Time, now: Time) -> Result<()> {
    let held = attachment_holds::table.select(attachment_holds::attachment_id);
    let loose = attachments::table
        .filter(attachments::target_id.is_null().and(attachments::deleted_at.is_null()))
        .filter(attachments::created_at.lt(moment))
        .filter(attachments::id.ne_all(held));
    diesel::update(loose).set(attachments::deleted_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Removed rows whose file is still there.
pub fn leaving(conn: &mut Conn, limit: i64) -> Result<Vec<AttachmentId>> {
    let leaving = attachments::table
        .filter(attachments::deleted_at.is_not_null().and(attachments::removed_at.is_null()));
    Ok(leaving.order(attachments::id).limit(limit).select(attachments::id).load(conn)?)
}

pub fn set_gone(tx: &mut Tx, id: AttachmentId, now: Time) -> Result<()> {
    diesel::update(attachments::table.find(id))
        .set(attachments::removed_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}
