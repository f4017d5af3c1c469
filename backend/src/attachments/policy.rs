//! Who may do what with an attachment: pure rules, on top of those of its network.

use super::model::{Attachment, Loose};
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

/// How many files, and how many bytes of them, somebody may have sent without using them.
const LOOSE_FILES: usize = 50;
const LOOSE_BYTES: u64 = 500 * 1024 * 1024;

/// A place to write is no place to store: what was sent is used before more is taken. One file of the size that the
/// instance allows always fits.
pub fn may_send_another(loose: Loose, size: u64, upload_limit: u64) -> Result<()> {
    let room = LOOSE_BYTES.max(upload_limit);
    if loose.files >= LOOSE_FILES || loose.bytes + size > room {
        Err(Code::TooManyUnused.into())
    } else {
        Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sent_is_used_before_more_is_taken() {
        const MB: u64 = 1024 * 1024;
        for (files, bytes, size, upload_limit, fits) in [
            (0, 0, 20 * MB, 20 * MB, true),
            (49, 0, 1, 20 * MB, true),
            (50, 0, 1, 20 * MB, false),
            (10, 480 * MB, 20 * MB, 20 * MB, true),
            (10, 480 * MB, 20 * MB + 1, 30 * MB, false),
            (0, 0, 900 * MB, 900 * MB, true),
            (1, 1, 900 * MB, 900 * MB, false),
        ] {
            let may = may_send_another(Loose { files, bytes }, size, upload_limit);
            assert_eq!(may.is_ok(), fits, "{files} files of {bytes} bytes, and {size}");
        }
    }
}
