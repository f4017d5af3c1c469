//! Documents across instances (FEP-b2b8): told, taken, and copied whole.
//!
//! Invariants:
//!
//! - the home of a network says what is a revision of its documents, and which number it has; what somebody elsewhere
//!   writes is a wish until then, and nothing that they wrote is lost when it does not come true;
//! - a revision is of who signed it. Its id is of the instance on which the document was begun, whoever's instance that
//!   is: so who is believed goes by the proof and by the home, not by the host of the id;
//! - what was signed is kept as it came ([`crate::copies`]), and told on as it came.

mod copying;
mod making;
mod reading;
mod sent;
mod serving;
mod taking;
mod telling;
mod told;

pub use copying::{begin, copy, copy_until, refresh, wake};
pub use serving::{documents, keys_of, object};
pub use taking::take;
pub use telling::{may_come_back, not_taken, send_again, tell};
pub use told::{announced, refused};

use kring_db::Conn;
use url::Url;

use super::addresses::Local;
use super::written::{self, WrittenKind};
use crate::config::Config;
use crate::documents::DocumentId;
use crate::error::Result;

/// The document that an address is of, whether or not it is still there.
fn at(conn: &mut Conn, config: &Config, address: &Url) -> Result<Option<DocumentId>> {
    match Local::at(config, address) {
        Some(Local::Document(id)) => return Ok(Some(id)),
        Some(_) => return Ok(None),
        None => {}
    }
    let known = written::by_uri(conn, address.as_str())?;
    Ok(known
        .filter(|known| known.kind == WrittenKind::Document)
        .map(|known| DocumentId(known.object_id)))
}
