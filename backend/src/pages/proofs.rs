//! Whether what a page shows is what its author signed.

use kring_db::Conn;

use super::Reader;
use crate::copies::{self, Verdict};
use crate::documents::Revision;
use crate::error::Result;
use crate::networks::Network;

/// Whether it is what its author signed, in words; of what never left there is nothing to say.
pub struct Proof {
    pub sentence: String,
    /// It was signed, and is something else.
    pub warning: bool,
}

impl Proof {
    pub fn of(
        conn: &mut Conn,
        reader: &Reader<'_>,
        network: &Network,
        revision: &Revision,
    ) -> Result<Option<Self>> {
        let (id, number) = (revision.document_id, Some(revision.number));
        let found = copies::document(conn, reader.config, &reader.viewer, id, number)?;
        let never_left = found.verdict == Verdict::NotSigned && network.slug.host().is_empty();
        Ok((!never_left).then(|| Self {
            sentence: found.sentence(reader.asked.lang),
            warning: !matches!(found.verdict, Verdict::Proves | Verdict::NotSigned),
        }))
    }
}
