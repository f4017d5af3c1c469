//! Rows of people whom an archive brings in.

use diesel::prelude::*;
use kring_db::schema::{accounts, persons};
use kring_db::{Conn, Time, Tx};

use super::LOCAL;
use crate::accounts::model::*;
use crate::error::Result;

/// Those of these handles for which somebody registered here, and when: nobody whom an archive brought in, also where they
/// were given an account since.
pub fn registered(conn: &mut Conn, handles: &[Handle]) -> Result<Vec<(Handle, Time)>> {
    let found = persons::table.inner_join(accounts::table).filter(persons::handle.eq_any(handles));
    Ok(found
        .filter(persons::host.eq(LOCAL).and(persons::created_at.eq(accounts::created_at)))
        .select((persons::handle, persons::created_at))
        .load(conn)?)
}

/// Writes down a person without account.
pub fn insert_person(tx: &mut Tx, person: &Person) -> Result<()> {
    diesel::insert_into(persons::table)
        .values((
            persons::id.eq(person.id),
            persons::handle.eq(&person.handle),
            persons::host.eq(&person.host),
            persons::display_name.eq(&person.display_name),
            persons::bio.eq(&person.bio),
            persons::municipality.eq(&person.municipality),
            persons::languages.eq(&person.languages),
            persons::created_at.eq(person.created_at),
            persons::closed_at.eq(person.closed_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Removes a person. The database refuses where anything names them.
pub fn drop_person(tx: &mut Tx, person: PersonId) -> Result<()> {
    diesel::delete(persons::table.find(person)).execute(tx.conn())?;
    Ok(())
}
