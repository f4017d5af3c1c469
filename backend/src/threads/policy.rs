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

/// The home of a network elsewhere took a reply: that its thread is locked by now says nothing against it.
pub fn home_may_reply(_home: &MayModerate, at: &Standing<'_>, thread: &Thread) -> Result<MayReply> {
    match thread.deleted_at {
        Some(_) => Err(Code::ThreadLocked.into()),
        None => may_contribute(at).map(MayReply),
    }
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

/// Who decides that something goes, whether or not its author still belongs to where it stands.
#[derive(Debug)]
pub enum Decider {
    /// The home of a network elsewhere: of all that stands in it.
    Home(MayModerate),
    /// Somebody who is gone for good, and takes their own words along.
    Departed(PersonId),
}

/// What was decided is done; `MayDelete::by` is its author, as nobody else of here did it.
pub fn decided_delete(decider: &Decider, author: PersonId) -> Result<MayDelete> {
    match decider {
        Decider::Departed(person) if *person != author => Err(Code::AuthorOnly.into()),
        Decider::Departed(_) | Decider::Home(_) => Ok(MayDelete { by: author }),
    }
}

/// Pinning and locking is moderating.
pub fn may_pin_and_lock(at: &Standing<'_>) -> Result<MayModerate> {
    may_moderate(at)
}
