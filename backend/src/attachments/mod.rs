//! Files that belong to threads, replies and documents.

use kring_db::{Conn, Tx};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::Context;
use crate::error::Result;
use crate::networks::MayContribute;

kring_db::id_type! {
    /// A row of `attachments`.
    AttachmentId
}

/// What a file belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target(&'static str, i64);

impl Target {
    pub fn thread(id: i64) -> Self {
        Self("thread", id)
    }
    pub fn reply(id: i64) -> Self {
        Self("reply", id)
    }
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentView {
    pub id: AttachmentId,
}

pub fn attach(_: &mut Tx, _: &Context, _: &MayContribute, _: &[AttachmentId], _: Target) -> Result<()> {
    Ok(())
}
pub fn let_go(_: &mut Tx, _: &Context, _: Target) -> Result<()> {
    Ok(())
}
pub fn of(_: &mut Conn, _: &[Target]) -> Result<Vec<(Target, AttachmentView)>> {
    Ok(Vec::new())
}
pub fn take_views(_: &mut Vec<(Target, AttachmentView)>, _: Target) -> Vec<AttachmentView> {
    Vec::new()
}
