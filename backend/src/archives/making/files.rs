//! The files of a network.

use std::io::{self, Read};

use bytes::{Buf as _, Bytes};
use futures_util::StreamExt as _;
use futures_util::stream::BoxStream;
use kring_archive::safe_name;
use tokio::runtime::Handle;

use super::Making;
use crate::archives::model::*;
use crate::attachments::{self, Attachment, MediaType, Target};
use crate::error::{Error, Result};
use crate::storage::Piece;

/// Files with what each belongs to.
pub type Belonging = Vec<(Target, kring_archive::Attachment)>;

impl Making<'_> {
    /// Puts the files of `targets` into the archive, and says which were there. One that was removed meanwhile, or that
    /// cannot be found where it is kept, is told of in the manifest, and stops nothing.
    pub fn files(&mut self, targets: &[Target]) -> Result<Belonging> {
        let may = self.may;
        let found = self.app.db.read_blocking(|conn| attachments::to_archive(conn, may, targets))?;
        let mut kept = Vec::new();
        for (attachment, uploader) in found {
            let Some(target) = attachment.target() else { continue };
            let path = file_path_of(&attachment)?;
            let Some(mut bytes) = Bytewise::open(self.app, &attachment)? else {
                tracing::warn!(attachment = %attachment.id, "its file is not where it is kept; the archive is without");
                self.missing.push(path);
                continue;
            };
            let of = wire_time(attachment.created_at)?;
            self.zip.file(&path, &of, packed(attachment.media_type), &mut bytes)?;
            self.counts.files += 1;
            let uploader = self.people.note(&uploader)?;
            kept.push((target, wire_attachment(attachment, path, uploader)?));
        }
        Ok(kept)
    }
}

/// Where a file is in the archive.
pub fn file_path_of(attachment: &Attachment) -> Result<String> {
    Ok(format!("files/{}-{}", wire_id(attachment.id.0)?, safe_name(attachment.file_name.as_str(), 60)))
}

/// Takes what belongs to `target` out of what [`Making::files`] kept.
pub fn of_target(kept: &mut Belonging, target: Target) -> Vec<kring_archive::Attachment> {
    kept.extract_if(.., |(its, _)| *its == target).map(|(_, file)| file).collect()
}

fn wire_attachment(
    attachment: Attachment,
    path: String,
    uploader: kring_archive::Address,
) -> Result<kring_archive::Attachment> {
    Ok(kring_archive::Attachment {
        id: wire_id(attachment.id.0)?,
        path,
        file_name: attachment.file_name.to_string(),
        media_type: attachment.media_type.to_string(),
        size: attachment.size.unsigned_abs(),
        sha256: attachment.sha256,
        alt: attachment.alt,
        decorative: attachment.decorative,
        description_wanted: attachment.description_wanted,
        uploader,
        created_at: wire_time(attachment.created_at)?,
        attached_at: wire_time(attachment.attached_at.unwrap_or(attachment.created_at))?,
    })
}

/// Is packing it again a waste?
pub fn packed(kind: MediaType) -> bool {
    !matches!(kind, MediaType::Text | MediaType::Rtf | MediaType::Wav | MediaType::Unknown)
}

/// A kept file, read on this thread.
pub struct Bytewise {
    runtime: Handle,
    pieces: BoxStream<'static, Piece>,
    piece: Bytes,
}

impl Bytewise {
    /// The file of an attachment, where it is there. Call it off the request threads, within the runtime.
    pub fn open(app: &crate::app::App, attachment: &Attachment) -> Result<Option<Self>> {
        let runtime = Handle::try_current().map_err(Error::internal)?;
        let found = runtime.block_on(app.storage.found(&attachments::key(attachment.id)))?;
        Ok(found.map(|pieces| Self { runtime, pieces, piece: Bytes::new() }))
    }
}

impl Read for Bytewise {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        while self.piece.is_empty() {
            match self.runtime.block_on(self.pieces.next()) {
                None => return Ok(0),
                Some(piece) => self.piece = piece.map_err(io::Error::other)?,
            }
        }
        let count = to.len().min(self.piece.len());
        self.piece.copy_to_slice(&mut to[..count]);
        Ok(count)
    }
}
