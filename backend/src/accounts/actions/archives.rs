//! People who wrote what an archive brings in.

use kring_db::{JsonText, Time, Tx};

use crate::accounts::model::*;
use crate::accounts::queries;
use crate::app::Context;
use crate::error::{Error, Result};

/// Who stands behind posts that were deleted before they were brought in: nobody any more. `.invalid` is no host
/// (RFC 2606), and tombstones show no author.
const NOBODY: (&str, &str) = ("nobody", "deleted.invalid");

/// The person who is `handle` on `host` (empty for this instance), known already or made now: without account, so
/// nobody can sign in as them, and with their name alone. Tells whether they were made.
pub fn import_person(
    tx: &mut Tx,
    cx: &Context,
    handle: &Handle,
    host: &str,
    name: &DisplayName,
    closed_at: Option<Time>,
) -> Result<(PersonId, bool)> {
    if let Some(known) = queries::holder_at(tx, handle, host)? {
        return Ok((known.id, false));
    }
    let person = Person {
        id: cx.id(),
        handle: handle.clone(),
        host: host.to_owned(),
        display_name: name.clone(),
        bio: Bio::default(),
        municipality: None,
        languages: JsonText::of(&Vec::<String>::new()),
        created_at: cx.now(),
        closed_at,
        home_url: None,
    };
    queries::insert_person(tx, &person)?;
    Ok((person.id, true))
}

/// Whoever wrote what was deleted.
pub fn nobody(tx: &mut Tx, cx: &Context) -> Result<PersonId> {
    let (handle, host) = NOBODY;
    let name = DisplayName::parse(handle.to_owned()).map_err(|fault| Error::internal(fault.code))?;
    let handle: Handle = handle.parse().map_err(|_| Error::internal("nobody's handle"))?;
    Ok(import_person(tx, cx, &handle, host, &name, Some(cx.now()))?.0)
}

/// Takes away somebody whom an import made that did not end, and whom nothing names any more.
pub fn drop_imported(tx: &mut Tx, person: PersonId) -> Result<()> {
    queries::drop_person(tx, person)
}
