//! Are those who have the handles here the people whom an archive credits?
//!
//! After a disaster an archive comes back under the same host, and whoever registered first may have taken the handle of
//! somebody who was there before: the words of the one would be shown as the other's.

use std::collections::BTreeMap;

use kring_archive::Address;
use kring_db::{Conn, Time};

use super::rows;
use crate::accounts::{self, Handle};
use crate::error::{Fault, Result};

/// So many handles are looked up at once.
const AT_ONCE: usize = 500;

/// So many are told of; the others come to light once these are seen to.
const NAMED: usize = 50;

/// Those of this instance whom an archive names, and since when they are there at least.
#[derive(Debug)]
pub struct Holders {
    /// The host of this instance.
    own: String,
    made_at: Time,
    since: BTreeMap<Handle, Time>,
}

impl Holders {
    pub fn new(own: String, made_at: Time) -> Self {
        Self { own, made_at, since: BTreeMap::new() }
    }

    /// The archive names somebody.
    pub fn named(&mut self, address: &Address) -> Result<()> {
        self.wrote(address, self.made_at)
    }

    /// The archive says that they wrote something at a moment.
    pub fn wrote(&mut self, address: &Address, at: Time) -> Result<()> {
        if address.host() == self.own {
            let since = self.since.entry(rows::handle(address)?).or_insert(self.made_at);
            *since = at.min(*since);
        }
        Ok(())
    }

    /// Who brings it in says that they are the same people.
    pub fn vouched(self) -> Self {
        Self { since: BTreeMap::new(), ..self }
    }

    /// Nobody registered here after the archive was made, or after what it says that they wrote.
    pub fn check(&self, conn: &mut Conn) -> Result<()> {
        let handles: Vec<Handle> = self.since.keys().cloned().collect();
        let mut others = Vec::new();
        for some in handles.chunks(AT_ONCE) {
            others.extend(accounts::registered(conn, some)?);
        }
        others.retain(|(handle, at)| self.since.get(handle).is_some_and(|since| at > since));
        if others.is_empty() {
            return Ok(());
        }
        let mut told: Vec<String> = others.iter().map(|(handle, _)| format!("@{handle}")).collect();
        told.sort();
        told.truncate(NAMED);
        Err(Fault::new("archive_other_people").with("handles", told.join(", ")).at("/file"))
    }
}
