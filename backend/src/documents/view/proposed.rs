//! What is on its way to a document's home, on the wire.

use kring_db::Time;
use serde::Serialize;
use utoipa::ToSchema;

use crate::documents::model::Proposal;
use crate::networks::Network;
use crate::text::summary::PlainSummary;

/// Words that were sent to the home of a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProposedRevision)]
pub struct ProposedView {
    /// The instance that decides about it.
    #[schema(example = "kring.utrecht.example")]
    pub home: String,
    /// The revision that they were written from.
    #[schema(example = 3)]
    pub base: i64,
    #[schema(example = "Plan: alle haltes in tien jaar")]
    pub title: String,
    #[schema(required, example = "Iedereen moet met de bus kunnen.")]
    pub plain_summary: Option<String>,
    /// Markdown, as it was written.
    #[schema(example = "## Visie\n\nIn tien jaar kan iedereen bij elke halte in de bus.")]
    pub body: String,
    pub language: String,
    pub sent_at: Time,
}

impl ProposedView {
    pub fn of(proposal: Proposal, network: &Network) -> Self {
        Self {
            home: network.slug.host().to_owned(),
            base: proposal.base,
            title: proposal.title.to_string(),
            plain_summary: PlainSummary::told(proposal.plain_summary.as_ref()),
            body: proposal.body,
            language: proposal.language.to_string(),
            sent_at: proposal.created_at,
        }
    }
}
