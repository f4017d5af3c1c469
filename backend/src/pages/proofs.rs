//! Whether what a page shows is what its author signed.

use kring_db::Conn;

use super::Reader;
use crate::copies::{self, Subject, Verdict};
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
        let (id, number) = (revision.document_id, revision.number);
        // Most were never signed: nothing else is looked up for those.
        let here = network.slug.host().is_empty();
        if here && copies::of(conn, Subject::document(id.0, number))?.is_none() {
            return Ok(None);
        }
        let found = copies::document(conn, reader.config, &reader.viewer, id, Some(number))?;
        Ok(Some(Self {
            sentence: found.sentence(reader.asked.lang),
            warning: !matches!(found.verdict, Verdict::Proves | Verdict::NotSigned),
        }))
    }
}
