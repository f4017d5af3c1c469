//! How much somebody may keep: pure rules. Whose a draft is, every query says itself.

use crate::error::{Code, Result};

/// How many drafts a person keeps.
const MOST: i64 = 200;

/// Room for texts that must not be lost: beyond what a person keeps, and yet not without end.
const MOST_KEPT: i64 = 300;

/// Proof: there is room for another draft.
#[derive(Debug)]
pub struct MayBegin(());

/// A new draft.
pub fn may_begin(there: i64) -> Result<MayBegin> {
    if there < MOST {
        Ok(MayBegin(()))
    } else {
        Err(Code::TooManyDrafts.into())
    }
}

/// A text that would be lost otherwise. Whoever sends hundreds of them has a program that does not listen.
pub fn may_keep(there: i64) -> Option<MayBegin> {
    (there < MOST_KEPT).then_some(MayBegin(()))
}

/// May somebody send words elsewhere, from where they may come back? Only while there is room for what would be lost.
pub fn may_send(there: i64) -> Result<()> {
    may_keep(there).map(|_| ()).ok_or_else(|| Code::TooManyDrafts.into())
}

/// What came back from elsewhere: room for it was asked for when it was sent ([`may_send`]), and it was kept all the while.
pub fn returned() -> MayBegin {
    MayBegin(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_be_lost_has_more_room_than_what_is_begun() {
        for (there, begins, keeps) in
            [(0, true, true), (199, true, true), (200, false, true), (300, false, false)]
        {
            assert_eq!(may_begin(there).is_ok(), begins, "{there}");
            assert_eq!(may_keep(there).is_some(), keeps, "{there}");
            assert_eq!(may_send(there).is_ok(), keeps, "{there}");
        }
    }
}
