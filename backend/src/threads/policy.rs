//! Who may do what with threads and replies: pure rules on top of the network's.

use super::model::Thread;
use crate::accounts::PersonId;
use crate::error::{Code, Result};
use crate::networks::policy::{MayContribute, MayModerate, Standing, may_contribute, may_moderate};

/// Proof: the person may reply in the thread.
#[derive(Debug)]
pub struct MayReply(MayContribute);

impl MayReply {
    pub fn person(&self) -> PersonId {
        self.0.person()
    }
}

/// Members reply; in a locked thread only those who moderate.
pub fn may_reply(at: &Standing<'_>, thread: &Thread) -> Result<MayReply> {
    let may = may_contribute(at)?;
    if thread.deleted_at.is_some() {
        return Err(Code::ThreadLocked.into());
    }
    if thread.locked_at.is_some() && may_moderate(at).is_err() {
        return Err(Code::ThreadLocked.into());
    }
    Ok(MayReply(may))
}

/// Proof: the person may change what was written.
#[derive(Debug)]
pub struct MayEdit(());

/// Only authors edit their words; nobody puts words in another's mouth.
pub fn may_edit(at: &Standing<'_>, author: PersonId) -> Result<MayEdit> {
    let may = may_contribute(at)?;
    if may.person() == author {
        Ok(MayEdit(()))
    } else {
        Err(Code::AuthorOnly.into())
    }
}

/// Proof: the person may take something away.
#[derive(Debug)]
pub struct MayDelete {
    pub by: PersonId,
}

/// Authors take back their own words; moderators remove what harms.
pub fn may_delete(at: &Standing<'_>, author: PersonId) -> Result<MayDelete> {
    let may = may_contribute(at)?;
    if may.person() != author {
        may_moderate(at)?;
    }
    Ok(MayDelete { by: may.person() })
}

/// The home of a network elsewhere takes away what stands in it, whoever wrote it and whether or not they still belong to
/// it. `by`: in whose name that is noted.
pub fn home_may_delete(_home: &MayModerate, by: PersonId) -> MayDelete {
    MayDelete { by }
}

/// Pinning and locking is moderating.
pub fn may_pin_and_lock(at: &Standing<'_>) -> Result<MayModerate> {
    may_moderate(at)
}
