//! One's own account, and how others see a person.

use kring_db::{Conn, Tx};

use crate::accounts::model::*;
use crate::accounts::queries;
use crate::app::Context;
use crate::error::{Error, Fault, NOT_FOUND, Result};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::municipalities::{self, Municipality};

/// A person and what their profile names.
pub struct Profile {
    pub person: Person,
    pub municipality: Option<Municipality>,
}

/// How others see the person with this handle. A closed account shows that it was closed.
pub fn profile_of(conn: &mut Conn, handle: &Handle) -> Result<Profile> {
    let person = queries::person_by_handle(conn, handle)?.ok_or(NOT_FOUND)?;
    with_municipality(conn, person)
}

fn with_municipality(conn: &mut Conn, person: Person) -> Result<Profile> {
    let municipality = match &person.municipality {
        Some(code) => municipalities::by_codes(conn, std::slice::from_ref(code))?.pop(),
        None => None,
    };
    Ok(Profile { person, municipality })
}

/// The caller's own account.
pub fn profile(conn: &mut Conn, who: &SignedIn) -> Result<(Account, Profile)> {
    let account = queries::account(conn, who.account)?;
    let person = queries::person_by_id(conn, who.person)?;
    Ok((account, with_municipality(conn, person)?))
}

/// Changes what the owner says about themselves.
pub fn change_profile(tx: &mut Tx, who: &SignedIn, change: &ProfileChange) -> Result<()> {
    if let Some(Some(code)) = &change.municipality
        && !municipalities::exist(tx, std::slice::from_ref(code))?
    {
        return Err(Fault::new("unknown_municipality").at("/municipality"));
    }
    queries::change_profile(tx, who, change)
}

/// Closes the caller's account. Never refused: what they wrote stays with the networks, under their handle.
pub fn close_own(tx: &mut Tx, cx: &Context, who: &SignedIn) -> Result<()> {
    close(tx, cx, who.person)
}

/// Closes an account: signed out everywhere, personal data gone, the handle kept as an address.
pub fn close(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
    let account = queries::account_of(tx, person)?
        .ok_or_else(|| Error::internal("a person without account cannot close it"))?;
    let person = queries::person_by_id(tx, person)?;
    queries::end_sessions(tx, account.id, None, cx.now())?;
    queries::close(tx, &account, &person, cx.now())?;
    outbox::push(tx, cx, Event::new(EventKind::AccountClosed, person.id.0).actor(person.id.0))
}
