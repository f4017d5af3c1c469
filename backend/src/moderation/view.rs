//! Reports on the wire.

use kring_db::{Conn, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::*;
use crate::documents::{self, DocumentId};
use crate::error::Result;
use crate::networks::{AuthorView, Network, NetworkRefView};
use crate::text::markdown;
use crate::threads::{self, ReplyId, ThreadId};
use crate::web::fields::word;
use crate::web::{Field, Fields};

/// Longest beginning of what is reported, in letters.
const EXCERPT: usize = 300;

/// What is reported, and why.
#[derive(Debug, Deserialize, ToSchema)]
pub struct CreateReport {
    #[serde(default)]
    #[schema(value_type = ReportedKind, required)]
    kind: Field<String>,
    /// The id of the thread, reply or document.
    #[serde(default)]
    #[schema(value_type = String, required, pattern = "^[0-9a-hjkmnp-tv-z]{13}$", example = "01k9q3v8r0a7c")]
    id: Field<String>,
    /// Why it should not stand there, for those who moderate the network.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 2000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Hier wordt iemand uitgescholden.")]
    reason: Field<String>,
}

impl CreateReport {
    pub fn parse(self) -> Result<NewReport> {
        let mut f = Fields::of_body();
        let kind = f.need("kind", self.kind, word::<ReportedKind>);
        let reported =
            f.need("id", self.id, |id: String| Reported::parse(kind.unwrap_or(ReportedKind::Thread), &id));
        let reason = f.need("reason", self.reason, Reason::parse);
        f.finish(|| Some(NewReport { reported: reported?, reason: reason? }))
    }
}

/// What was decided about a report (merge patch).
#[derive(Debug, Deserialize, ToSchema)]
pub struct ChangeReport {
    #[serde(default)]
    #[schema(value_type = ReportState, required = false)]
    state: Field<String>,
    /// What was done about it, for who reported; null: nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "De reactie is weggehaald.")]
    decision: Field<String>,
}

impl ChangeReport {
    pub fn parse(self) -> Result<ReportChange> {
        let mut f = Fields::of_body();
        let state = f.keep("state", self.state, word);
        let decision = f.patch("decision", self.decision, Decision::parse);
        f.finish(|| Some(ReportChange { state, decision }))
    }
}

/// A thing that is reported.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ReportedThing)]
pub struct ReportedView {
    pub kind: ReportedKind,
    #[schema(example = "01k9q3v8r0a7c")]
    pub id: String,
    /// The thread in which it stands, of a thread or reply that is still there.
    #[schema(required)]
    pub thread: Option<ThreadId>,
    /// How it begins; null where it was taken away.
    #[schema(required, example = "Wat een onzin is dit, ga toch weg.")]
    pub excerpt: Option<String>,
    /// Who wrote it, or its newest revision.
    #[schema(required)]
    pub author: Option<AuthorView>,
}

/// A report.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Report)]
pub struct ReportView {
    pub id: ReportId,
    pub network: NetworkRefView,
    pub reported: ReportedView,
    /// Empty where another instance gave none.
    #[schema(example = "Hier wordt iemand uitgescholden.")]
    pub reason: String,
    pub state: ReportState,
    /// Who reported. Null where their instance does not name them.
    #[schema(required)]
    pub reporter: Option<AuthorView>,
    /// The instance that it came from; null for this one.
    #[schema(required, example = "kring.utrecht.example")]
    pub instance: Option<String>,
    /// What was done about it.
    #[schema(required, example = "De reactie is weggehaald.")]
    pub decision: Option<String>,
    #[schema(required)]
    pub decided_at: Option<Time>,
    pub created_at: Time,
}

/// Reports as they are sent; what is reported is looked up at once for all.
pub fn report_views(conn: &mut Conn, network: &Network, rows: Vec<ReportRow>) -> Result<Vec<ReportView>> {
    let mut things = Things::of(conn, &rows)?;
    Ok(rows.into_iter().map(|(report, reporter)| things.view(network, report, reporter)).collect())
}

/// What many reports are about.
struct Things {
    threads: Vec<threads::ThreadRow>,
    replies: Vec<threads::ReplyRow>,
    documents: Vec<documents::DocumentRow>,
}

impl Things {
    fn of(conn: &mut Conn, rows: &[ReportRow]) -> Result<Self> {
        let ids = |kind: ReportedKind| {
            let these = rows.iter().filter(move |(report, _)| report.subject_kind == kind);
            these.map(|(report, _)| report.subject_id).collect::<Vec<i64>>()
        };
        let of_threads: Vec<ThreadId> = ids(ReportedKind::Thread).into_iter().map(ThreadId).collect();
        let of_replies: Vec<ReplyId> = ids(ReportedKind::Reply).into_iter().map(ReplyId).collect();
        let of_documents: Vec<DocumentId> = ids(ReportedKind::Document).into_iter().map(DocumentId).collect();
        Ok(Self {
            threads: threads::thread_rows(conn, &of_threads, None)?,
            replies: threads::reply_rows(conn, &of_replies)?,
            documents: documents::document_rows(conn, &of_documents, None)?,
        })
    }

    fn reported(&self, reported: Reported) -> ReportedView {
        let (thread, text, author) = match reported {
            Reported::Thread(id) => match self.threads.iter().find(|row| row.0.id == id) {
                Some((thread, author, role, _)) => {
                    (Some(id), Some(&thread.body), Some((author.clone(), role.clone())))
                }
                None => (None, None, None),
            },
            Reported::Reply(id) => match self.replies.iter().find(|row| row.0.id == id) {
                Some((reply, author, role)) => {
                    (Some(reply.thread_id), Some(&reply.body), Some((author.clone(), role.clone())))
                }
                None => (None, None, None),
            },
            Reported::Document(id) => match self.documents.iter().find(|row| row.0.id == id) {
                Some((document, author, role, _)) => {
                    (None, Some(&document.excerpt), Some((author.clone(), role.clone())))
                }
                None => (None, None, None),
            },
        };
        ReportedView {
            kind: reported.kind(),
            id: kring_db::types::write_id(reported.id()),
            thread,
            excerpt: text.map(|text| markdown::excerpt(text, EXCERPT)),
            author: author.map(|(author, role)| AuthorView::of(author, role)),
        }
    }

    fn view(
        &mut self,
        network: &Network,
        report: Report,
        reporter: Option<crate::networks::AuthorPerson>,
    ) -> ReportView {
        ReportView {
            id: report.id,
            network: network.into(),
            reported: self.reported(report.reported()),
            reason: report.reason.to_string(),
            state: report.state,
            reporter: reporter.map(|person| AuthorView::of(person, None)),
            instance: Some(report.host).filter(|host| !host.is_empty()),
            decision: report.decision.map(|decision| decision.to_string()),
            decided_at: report.decided_at,
            created_at: report.created_at,
        }
    }
}
