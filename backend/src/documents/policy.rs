//! Who may do what with documents: pure rules on top of the network's.

use super::model::Document;
use crate::accounts::PersonId;
use crate::error::{Code, Result};
use crate::networks::policy as network_policy;
use crate::networks::policy::{MayContribute, MayImport, Standing, may_contribute, may_coordinate};
use crate::networks::{EditedBy, Network, NetworkId, Visibility};

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

/// What its home tells of a document, whoever did it: see [`network_policy::decided_at_home`].
pub fn decided_at_home(network: &Network, person: PersonId) -> Result<MayEdit> {
    Ok(MayEdit(network_policy::decided_at_home(network, person)?))
}

/// Proof: the person may take the document away.
#[derive(Clone, Copy, Debug)]
pub struct MayRemove(PersonId);

impl MayRemove {
    pub fn person(&self) -> PersonId {
        self.0
    }
}

/// A document outlives who wrote it. What must not stand there, coordinators take away; and what nobody else has worked on,
/// whoever wrote it (`alone`).
pub fn may_remove(at: &Standing<'_>, alone: bool) -> Result<MayRemove> {
    // Also from a network that is archived: what must not stand there must not stand there.
    if let (Ok(_), Some(person)) = (may_coordinate(at), at.person) {
        return Ok(MayRemove(person));
    }
    let may = may_edit(at)?;
    match alone {
        true => Ok(MayRemove(may.person())),
        false => Err(Code::CoordinatorsOnly.into()),
    }
}

/// Does whether they may take a document away hang on who worked on it?
pub fn hangs_on_writers(at: &Standing<'_>) -> bool {
    may_remove(at, true).is_ok() && may_remove(at, false).is_err()
}

/// What its home took away goes here too.
pub fn removed_at_home(network: &Network, person: PersonId) -> Result<MayRemove> {
    Ok(MayRemove(network_policy::decided_at_home(network, person)?.person()))
}

/// Proof: the person may make a document in the network out of this source.
#[derive(Clone, Copy, Debug)]
pub struct MayAdopt(MayContribute);

impl MayAdopt {
    /// Whoever may adopt may write in the network that adopts.
    pub fn contributing(&self) -> &MayContribute {
        &self.0
    }
}

/// What was adopted elsewhere was allowed there: it comes with the network that is being brought in.
pub fn adopted_elsewhere(may: &MayImport, network: NetworkId, person: PersonId) -> MayAdopt {
    MayAdopt(may.for_author(network, person))
}

/// Members of a network adopt what they may read elsewhere, where its licence lets others use it. What is in a hidden
/// network stays there: the credit would tell others that the network exists.
pub fn may_adopt(source: &Document, from: &Network, into: &Standing<'_>) -> Result<MayAdopt> {
    let may = may_create(into)?;
    may_carry(source, from, into.network)?;
    Ok(MayAdopt(may))
}

/// Words of a hidden network stay in it, also where it was open when they were adopted; and nobody carries on what its
/// licence does not let others use, or does not any more.
pub fn may_carry(source: &Document, from: &Network, into: &Network) -> Result<()> {
    if from.visibility == Visibility::Hidden && from.id != into.id {
        return Err(Code::SourceHidden.into());
    }
    if !source.licence.is_open() {
        return Err(Code::NotLicensed.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests;
