//! Who wrote something.

use std::collections::BTreeMap;

use kring_archive::{Address, Person};

use crate::archives::model::*;
use crate::error::Result;
use crate::networks::AuthorPerson;

/// Everybody who was named so far.
pub struct People {
    /// The host of this instance.
    own: String,
    known: BTreeMap<Address, Person>,
}

impl People {
    pub fn new(own: String) -> Self {
        Self { own, known: BTreeMap::new() }
    }

    /// Notes that `person` is named, and says how.
    pub fn note(&mut self, person: &AuthorPerson) -> Result<Address> {
        let address = wire_address(person.handle.as_str(), &person.host, &self.own)?;
        if !self.known.contains_key(&address) {
            let noted = Person {
                address: address.clone(),
                display_name: person.display_name.to_string(),
                closed_at: wire_time_of(person.closed_at)?,
            };
            self.known.insert(address.clone(), noted);
        }
        Ok(address)
    }

    /// All of them, by address.
    pub fn everybody(&mut self) -> BTreeMap<Address, Person> {
        std::mem::take(&mut self.known)
    }
}
