//! The types of reports.

use diesel::prelude::*;
use kring_db::schema::reports;
use kring_db::{Time, id_type, text_type, word_type};

use crate::accounts::PersonId;
use crate::documents::DocumentId;
use crate::error::Fault;
use crate::networks::{AuthorPerson, NetworkId};
use crate::threads::{ReplyId, ThreadId};
use crate::web::fields::lines;

id_type! {
    /// A row of `reports`.
    ReportId
}

word_type! {
    /// What kind of thing is reported.
    ReportedKind { Thread = "thread", Reply = "reply", Document = "document" }
}

word_type! {
    /// How far a report is: those who moderate have not decided yet, or they have.
    ReportState { Open = "open", Resolved = "resolved" }
}

text_type! {
    /// Why something is reported, for those who moderate.
    Reason
}

impl Reason {
    pub fn parse(text: String) -> Result<Self, Fault> {
        lines(&text, 1, 2_000).map(Self)
    }

    /// What somebody elsewhere wrote: as much of it as fits, which may be nothing.
    pub fn elsewhere(text: &str) -> Self {
        let kept: String = text.chars().filter(|c| !c.is_control() || *c == '\n').take(2_000).collect();
        Self(kept.trim().to_owned())
    }
}

text_type! {
    /// What was decided about a report, for who reported.
    Decision
}

impl Decision {
    pub fn parse(text: String) -> Result<Self, Fault> {
        lines(&text, 1, 1_000).map(Self)
    }
}

/// A thing that is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reported {
    Thread(ThreadId),
    Reply(ReplyId),
    Document(DocumentId),
}

impl Reported {
    pub fn kind(self) -> ReportedKind {
        match self {
            Self::Thread(_) => ReportedKind::Thread,
            Self::Reply(_) => ReportedKind::Reply,
            Self::Document(_) => ReportedKind::Document,
        }
    }

    pub fn id(self) -> i64 {
        match self {
            Self::Thread(id) => id.0,
            Self::Reply(id) => id.0,
            Self::Document(id) => id.0,
        }
    }

    /// From a kind and an id as it is written.
    pub fn parse(kind: ReportedKind, id: &str) -> Result<Self, Fault> {
        let read = match kind {
            ReportedKind::Thread => id.parse().map(Self::Thread),
            ReportedKind::Reply => id.parse().map(Self::Reply),
            ReportedKind::Document => id.parse().map(Self::Document),
        };
        read.map_err(|_| Fault::new("unknown_reported"))
    }
}

/// Who reports: somebody of this instance, or somebody elsewhere whom their instance may not name.
#[derive(Clone, Debug)]
pub struct Reporter {
    pub person: Option<PersonId>,
    /// Empty for this instance.
    pub host: String,
}

/// A report.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = reports)]
pub struct Report {
    pub id: ReportId,
    pub network_id: NetworkId,
    pub subject_kind: ReportedKind,
    pub subject_id: i64,
    pub reporter_id: Option<PersonId>,
    pub host: String,
    pub reason: Reason,
    pub state: ReportState,
    pub decision: Option<Decision>,
    pub decided_by: Option<PersonId>,
    pub decided_at: Option<Time>,
    pub created_at: Time,
    pub version: i64,
}

impl Report {
    pub fn reported(&self) -> Reported {
        match self.subject_kind {
            ReportedKind::Thread => Reported::Thread(ThreadId(self.subject_id)),
            ReportedKind::Reply => Reported::Reply(ReplyId(self.subject_id)),
            ReportedKind::Document => Reported::Document(DocumentId(self.subject_id)),
        }
    }
}

/// A report and who made it, for those who may know.
pub type ReportRow = (Report, Option<AuthorPerson>);

/// A report about to be made.
#[derive(Clone, Debug)]
pub struct NewReport {
    pub reported: Reported,
    pub reason: Reason,
}

/// Which reports are wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct ReportFilter {
    pub state: Option<ReportState>,
    /// Only those that the caller made.
    pub mine: bool,
}

/// Changes to a report; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ReportChange {
    pub state: Option<ReportState>,
    pub decision: Option<Option<Decision>>,
}
