//! Rows of files that are taken along with a network, brought in with one, or copied into one.

use diesel::prelude::*;
use kring_db::schema::{attachments, persons};
use kring_db::{Conn, Tx};

use crate::attachments::model::*;
use crate::error::Result;
use crate::networks::{AuthorPerson, MayArchive, MayContribute, MayImport, NetworkId};

/// What belongs to any of `targets`, oldest first, with who uploaded it.
pub fn to_archive(
    conn: &mut Conn,
    _may: &MayArchive,
    targets: &[Target],
) -> Result<Vec<(Attachment, AuthorPerson)>> {
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = targets.iter().map(|target| target.id).collect();
    let found: Vec<(Attachment, AuthorPerson)> = attachments::table
        .inner_join(persons::table.on(persons::id.eq(attachments::uploader_id)))
        .filter(attachments::deleted_at.is_null().and(attachments::target_id.eq_any(ids)))
        .order(attachments::id)
        .select((Attachment::as_select(), AuthorPerson::as_select()))
        .load(conn)?;
    // Ids of different tables could in theory be the same.
    Ok(found
        .into_iter()
        .filter(|(its, _)| its.target().is_some_and(|it| targets.contains(&it)))
        .collect())
}

/// Is any of these here already, or was?
pub fn any_of(conn: &mut Conn, ids: &[AttachmentId]) -> Result<bool> {
    Ok(attachments::table.filter(attachments::id.eq_any(ids)).count().get_result::<i64>(conn)? > 0)
}

/// Writes down a file as it was attached.
pub fn bring(tx: &mut Tx, _may: &MayImport, attachment: &Attachment) -> Result<()> {
    insert_attached(tx, attachment)
}

/// Writes down a file that was copied from another network, whoever sent that.
pub fn insert_copy(tx: &mut Tx, _may: &MayContribute, attachment: &Attachment) -> Result<()> {
    insert_attached(tx, attachment)
}

fn insert_attached(tx: &mut Tx, attachment: &Attachment) -> Result<()> {
    diesel::insert_into(attachments::table)
        .values((
            attachments::id.eq(attachment.id),
            attachments::network_id.eq(attachment.network_id),
            attachments::uploader_id.eq(attachment.uploader_id),
            attachments::target_kind.eq(attachment.target_kind),
            attachments::target_id.eq(attachment.target_id),
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
            attachments::attached_at.eq(attachment.attached_at),
            attachments::version.eq(attachment.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Files of a network that is being taken away.
pub fn some_of(
    conn: &mut Conn,
    _may: &MayImport,
    network: NetworkId,
    limit: i64,
) -> Result<Vec<AttachmentId>> {
    let found = attachments::table.filter(attachments::network_id.eq(network));
    Ok(found.limit(limit).select(attachments::id).load(conn)?)
}

/// Forgets files that were removed from where they were kept.
pub fn drop_rows(tx: &mut Tx, _may: &MayImport, ids: &[AttachmentId]) -> Result<()> {
    diesel::delete(attachments::table.filter(attachments::id.eq_any(ids))).execute(tx.conn())?;
    Ok(())
}
