//! People of other instances: what is kept of them here.

use kring_db::{Conn, Tx};

use super::import_person;
use crate::accounts::model::*;
use crate::accounts::queries;
use crate::app::Context;
use crate::error::Result;
use crate::jobs::outbox::{self, Event, EventKind};

/// Longest name that is shown of somebody elsewhere, in letters.
const NAME: usize = 80;

/// Somebody of another instance: known already, or made now. Of what their instance tells of them their name is kept,
/// which stands beside what they write, and where they are read of.
pub fn put_elsewhere(
    tx: &mut Tx,
    cx: &Context,
    (handle, host): (&str, &str),
    name: &str,
    home_url: &str,
) -> Result<PersonId> {
    let handle = Handle::elsewhere(handle);
    let name = shown(name, &handle);
    let (person, _) = import_person(tx, cx, &handle, host, &name, None)?;
    queries::retell(tx, person, &name, home_url)?;
    Ok(person)
}

/// Somebody of another instance closed their account there: what is kept of them goes, as of one of here.
pub fn closed_elsewhere(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
    let known = queries::person_by_id(tx, person)?;
    if known.host.is_empty() || known.closed_at.is_some() {
        return Ok(());
    }
    queries::close_elsewhere(tx, &known, cx.now())?;
    outbox::push(tx, cx, Event::new(EventKind::AccountClosed, person.0).actor(person.0))
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
