//! Files brought in with a network, and taken away again where that did not end.

use kring_db::Tx;

use super::actions::read_later;
use super::model::{Attachment, AttachmentId};
use super::queries;
use crate::app::Context;
use crate::error::Result;
use crate::index::{self, EntryKind};
use crate::networks::MayImport;

/// A file that was brought in is kept now: its words are read for search.
pub fn read_brought(tx: &mut Tx, cx: &Context, _may: &MayImport, attachment: &Attachment) -> Result<()> {
    read_later(tx, cx, attachment)
}

/// Forgets files that were removed from where they were kept.
pub fn drop_brought(tx: &mut Tx, may: &MayImport, ids: &[AttachmentId]) -> Result<()> {
    for id in ids {
        index::remove(tx, EntryKind::Attachment, id.0)?;
    }
    queries::drop_rows(tx, may, ids)
}
