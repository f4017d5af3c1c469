//! What a digest tells of adoptions: that others adopted what the reader's networks wrote, and that the sources of what
//! these adopted moved on. One line each, a few of them, and only of what arrived since the digest before.

use std::collections::BTreeMap;

use kring_db::Conn;

use super::model::*;
use super::queries::{self, Window};
use crate::accounts::PersonId;
use crate::documents::{self, Document, DocumentId};
use crate::error::Result;
use crate::municipalities;
use crate::networks::{Network, NetworkId};

/// So many lines of each kind in one digest.
const LINES: i64 = 10;

/// What arrived in the window, by network.
pub fn collect(conn: &mut Conn, window: &Window<'_>) -> Result<BTreeMap<NetworkId, Vec<AdoptionNews>>> {
    let mut found: BTreeMap<NetworkId, Vec<AdoptionNews>> = BTreeMap::new();
    let adopted = queries::adopted(conn, window, LINES)?;
    for (network, news) in adopted.into_iter().chain(queries::moved(conn, window, LINES)?) {
        found.entry(network).or_default().push(news);
    }
    Ok(found)
}

/// A line that is there to be read.
#[derive(Clone, Debug)]
pub struct AdoptionReads {
    pub news: AdoptionNews,
    /// The document of the reader's network.
    pub own: Document,
    pub other: Document,
    /// Of the other one.
    pub network: Network,
    /// Of the municipality that it was adopted for.
    pub municipality: String,
}

/// Reads what is told, as far as it is there and the reader may read it now.
pub fn read(conn: &mut Conn, reader: PersonId, told: &[AdoptionNews]) -> Result<Vec<AdoptionReads>> {
    if told.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<DocumentId> = told.iter().flat_map(|news| [news.own, news.other]).collect();
    let readable = queries::readable(conn, reader, &ids)?;
    let adoptions = documents::adoptions_of(conn, &ids)?;
    let codes: Vec<_> = adoptions.iter().map(|adoption| adoption.municipality.clone()).collect();
    let places = municipalities::by_codes(conn, &codes)?;
    let find = |id: DocumentId| readable.iter().find(|(document, _)| document.id == id).cloned();
    let place = |id: DocumentId| {
        let code = &adoptions.iter().find(|adoption| adoption.document_id == id)?.municipality;
        places.iter().find(|place| place.code == *code).map(|place| place.display_name.clone())
    };
    let reads = told.iter().filter_map(|news| {
        let ((own, _), (other, network)) = (find(news.own)?, find(news.other)?);
        let adopted = match news.kind {
            AdoptionNewsKind::Adopted => news.other,
            AdoptionNewsKind::SourceMoved => news.own,
        };
        Some(AdoptionReads {
            news: news.clone(),
            own,
            other,
            network,
            municipality: place(adopted)?,
        })
    });
    Ok(reads.collect())
}
