//! Archives that were made, and the words of the format for what Kring's rows say.

use chrono::Duration;
use diesel::prelude::*;
use kring_archive::{Address, Id, Moment};
use kring_db::schema::archives;
use kring_db::{Time, id_type};

use crate::accounts::PersonId;
use crate::error::{Error, Result};
use crate::networks::NetworkId;
use crate::web::download::FileToSend;

id_type! {
    /// A row of `archives`.
    ArchiveId
}

/// How long an archive can be fetched.
pub const KEPT: Duration = Duration::days(7);

/// An archive that somebody asked for.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = archives)]
pub struct Archive {
    pub id: ArchiveId,
    /// `None` where it is of an account.
    pub network_id: Option<NetworkId>,
    /// Who asked; `None` once they closed their account.
    pub person_id: Option<PersonId>,
    pub file_name: String,
    pub size: i64,
    pub sha256: String,
    pub with_members: bool,
    pub created_at: Time,
    pub expires_at: Time,
}

impl From<&Archive> for FileToSend {
    fn from(archive: &Archive) -> Self {
        Self {
            key: key(archive.id),
            etag: format!("\"{}\"", archive.sha256),
            size: archive.size.unsigned_abs(),
            name: archive.file_name.clone(),
            media_type: kring_archive::MEDIA_TYPE,
            inline: false,
        }
    }
}

/// Where archives are kept.
pub const FOLDER: &str = "archives";

/// Where an archive is kept.
pub fn key(id: ArchiveId) -> String {
    format!("{FOLDER}/{id}")
}

/// An id, as archives write it.
pub fn wire_id(id: i64) -> Result<Id> {
    Id::parse(kring_db::types::write_id(id))
        .ok_or_else(|| Error::internal("an id that archives cannot write"))
}

/// A moment, as archives write it.
pub fn wire_time(time: Time) -> Result<Moment> {
    Moment::parse(time.to_string()).ok_or_else(|| Error::internal("a time that archives cannot write"))
}

/// The same of what may not be there.
pub fn wire_time_of(time: Option<Time>) -> Result<Option<Moment>> {
    time.map(wire_time).transpose()
}

/// Somebody, as archives name them: with a host, also those of this instance (`own`).
pub fn wire_address(handle: &str, host: &str, own: &str) -> Result<Address> {
    let host = if host.is_empty() { own } else { host };
    Address::parse(format!("{handle}@{host}"))
        .ok_or_else(|| Error::internal("a person whom archives cannot name"))
}
