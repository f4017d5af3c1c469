//! Reports: what somebody thinks should not stand in a network, told to those who moderate it.
//!
//! Invariants:
//!
//! - whoever may read a thing may report it, once as long as their report is open;
//! - who reported is told to those who moderate the network, and to nobody else; who reported sees what became of it;
//! - a report takes nothing away: those who moderate decide, and do that with what they have for it;
//! - of a network that lives elsewhere its home is told too, in the name of who reports.

mod actions;
mod model;
pub mod policy;
mod queries;
pub mod routes;
mod view;

pub use actions::{reported, reported_elsewhere};
pub use model::{Reason, Report, ReportId, Reported, Reporter};
