//! Who may do what with an attachment: pure rules, on top of those of its network.

use super::model::Attachment;
use crate::accounts::PersonId;
use crate::error::{Code, NOT_FOUND, Result};
use crate::networks::{MayContribute, MemberRole, Membership};

/// Proof: the person may change what is said about the attachment.
#[derive(Debug)]
pub struct MayDescribe(());

/// Proof: the person may remove or rename the attachment.
#[derive(Debug)]
pub struct MayRemove(());

/// What belongs to nothing yet is its uploader's.
pub fn may_see(attachment: &Attachment, viewer: Option<PersonId>) -> Result<()> {
    if attachment.target_id.is_some() || viewer == Some(attachment.uploader_id) {
        Ok(())
    } else {
        Err(NOT_FOUND)
    }
}

/// Every member describes: whoever uploads may be blind.
pub fn may_describe(attachment: &Attachment, may: &MayContribute) -> Result<MayDescribe> {
    may_see(attachment, Some(may.person()))?;
    Ok(MayDescribe(()))
}

/// Its uploader, and who moderates.
pub fn may_remove(
    attachment: &Attachment,
    may: &MayContribute,
    membership: &Membership,
) -> Result<MayRemove> {
    may_see(attachment, Some(may.person()))?;
    let moderates = matches!(membership.role, MemberRole::Facilitator | MemberRole::Coordinator);
    if attachment.uploader_id == may.person() || moderates {
        Ok(MayRemove(()))
    } else {
        Err(Code::UploaderOnly.into())
    }
}
