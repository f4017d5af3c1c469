//! Who may report, and who sees and decides: pure rules.

use super::model::Report;
use crate::accounts::PersonId;
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::networks::policy::{Standing, may_read};
use crate::networks::{MemberRole, NetworkId};

/// So much one person reports in 24 hours: more is not read by anybody.
pub(super) const DAILY: i64 = 20;

/// So much all of another instance report in 24 hours.
pub(super) const DAILY_OF_INSTANCE: i64 = 200;

/// Proof: the person may report what is in the network.
#[derive(Debug)]
pub struct MayReport {
    network: NetworkId,
    person: PersonId,
}

impl MayReport {
    pub fn network(&self) -> NetworkId {
        self.network
    }

    pub fn person(&self) -> PersonId {
        self.person
    }
}

/// Whoever is signed in and may read a thing may report it, member or not. `recent` is how often they did today.
pub fn may_report(at: &Standing<'_>, recent: i64) -> Result<MayReport> {
    may_read(at)?;
    let person = at.person.ok_or(Code::SignInRequired)?;
    if recent >= DAILY {
        return Err(Error::TooMany(60 * 60));
    }
    Ok(MayReport { network: at.network.id, person })
}

/// Proof: the person may see what was reported in the network, and decide.
#[derive(Debug)]
pub struct MayDecide(());

/// Those who moderate; in an archived network too, for what harms may stand there.
pub fn may_decide(at: &Standing<'_>) -> Result<MayDecide> {
    may_read(at)?;
    at.person.ok_or(Code::SignInRequired)?;
    match at.role() {
        Some(MemberRole::Facilitator | MemberRole::Coordinator) => Ok(MayDecide(())),
        _ => Err(Code::ModeratorsOnly.into()),
    }
}

/// A report is there for those who moderate, and for who made it.
pub fn may_see(at: &Standing<'_>, report: &Report) -> Result<()> {
    let own = at.person.is_some() && at.person == report.reporter_id;
    if own || may_decide(at).is_ok() { Ok(()) } else { Err(NOT_FOUND) }
}
