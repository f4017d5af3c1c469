//! People of other instances: what is kept of them here.

use kring_db::{Conn, Tx};

use super::import_person;
use crate::accounts::model::*;
use crate::accounts::queries;
use crate::app::Context;
use crate::error::Result;

/// Longest name that is shown of somebody elsewhere, in letters.
const NAME: usize = 80;

/// Somebody of another instance: known already, or made now. Of what their instance tells of them their name is kept,
/// which stands beside what they write.
pub fn put_elsewhere(tx: &mut Tx, cx: &Context, handle: &str, host: &str, name: &str) -> Result<PersonId> {
    let handle = Handle::elsewhere(handle);
    let name = shown(name, &handle);
    let (person, made) = import_person(tx, cx, &handle, host, &name, None)?;
    if !made {
        queries::set_display_name(tx, person, &name)?;
    }
    Ok(person)
}

/// A name as it can be shown: one line, not too long.
fn shown(name: &str, handle: &Handle) -> DisplayName {
    let line: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(NAME).collect();
    let parsed = DisplayName::parse(line).or_else(|_| DisplayName::parse(handle.to_string()));
    parsed.unwrap_or_default()
}

/// Somebody of another instance as the one who acts: by the same rules as everybody.
pub fn acting_elsewhere(conn: &mut Conn, person: PersonId) -> Result<SignedIn> {
    let person = queries::person_by_id(conn, person)?;
    Ok(SignedIn {
        // No account's id, and no session's.
        account: AccountId(0),
        person: person.id,
        session: SessionId(0),
        handle: person.handle,
        admin: false,
    })
}
