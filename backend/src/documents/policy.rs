//! Who may do what with documents: pure rules on top of the network's.

use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::EditedBy;
use crate::networks::policy::{MayContribute, Standing, may_contribute, may_coordinate};

/// Proof: the person may change the network's documents.
#[derive(Clone, Copy, Debug)]
pub struct MayEdit(MayContribute);

impl MayEdit {
    pub fn person(&self) -> PersonId {
        self.0.person()
    }

    /// Whoever may edit may write in the network.
    pub fn contributing(&self) -> &MayContribute {
        &self.0
    }
}

/// Every member brings a document in, also where only coordinators change what is there.
pub fn may_create(at: &Standing<'_>) -> Result<MayContribute> {
    may_contribute(at)
}

/// Every member changes every document, unless the network leaves that to its coordinators. Whoever wrote it makes
/// no difference: documents belong to their network.
pub fn may_edit(at: &Standing<'_>) -> Result<MayEdit> {
    let may = may_contribute(at)?;
    if at.network.documents_edited_by == EditedBy::Coordinators {
        may_coordinate(at)?;
    }
    Ok(MayEdit(may))
}

#[cfg(test)]
mod tests;
