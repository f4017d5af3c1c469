//! Rows of people of other instances.

use diesel::prelude::*;
use kring_db::schema::persons;
use kring_db::{Conn, Tx};

use super::{LOCAL, person_by_handle};
use crate::accounts::address::PersonAddress;
use crate::accounts::model::*;
use crate::error::Result;

diesel::define_sql_function! {
    /// In small letters: names of people are the same in capitals.
    #[sql_name = "lower"]
    fn small(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

/// Whoever has this address, as far as others may know of them, closed ones included; capitals make no difference. Of
/// other instances: those whose instance told of them; who is known from an archive alone has no page.
pub fn person_at(conn: &mut Conn, address: &PersonAddress) -> Result<Option<Person>> {
    if address.host == LOCAL {
        return person_by_handle(conn, &address.handle);
    }
    let mut found = persons_elsewhere(conn, std::slice::from_ref(address))?;
    // There are servers on which two names differ in capitals alone.
    let exact = found.iter().position(|person| person.handle == address.handle).unwrap_or(0);
    Ok((exact < found.len()).then(|| found.swap_remove(exact)))
}

/// Those of these addresses on other instances who are known.
pub fn persons_elsewhere(conn: &mut Conn, addresses: &[PersonAddress]) -> Result<Vec<Person>> {
    let elsewhere = || addresses.iter().filter(|address| address.host != LOCAL);
    let hosts: Vec<&str> = elsewhere().map(|address| address.host.as_str()).collect();
    if hosts.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> =
        elsewhere().map(|address| address.handle.as_str().to_ascii_lowercase()).collect();
    let found: Vec<Person> = persons::table
        .filter(persons::host.eq_any(hosts).and(small(persons::handle).eq_any(names)))
        .filter(persons::home_url.is_not_null())
        .select(Person::as_select())
        .load(conn)?;
    let wanted = |person: &Person| {
        elsewhere().any(|it| {
            it.host == person.host && it.handle.as_str().eq_ignore_ascii_case(person.handle.as_str())
        })
    };
    Ok(found.into_iter().filter(wanted).collect())
}

/// Tells anew what somebody of another instance is called, and where they are read of.
pub fn retell(tx: &mut Tx, id: PersonId, name: &DisplayName, home_url: &str) -> Result<()> {
    // Of who is gone nothing is told any more.
    diesel::update(persons::table.filter(persons::id.eq(id).and(persons::closed_at.is_null())))
        .set((persons::display_name.eq(name), persons::home_url.eq(home_url)))
        .execute(tx.conn())?;
    Ok(())
}

/// Those of these people that there are, in no order.
pub fn people(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<Person>> {
    Ok(persons::table.filter(persons::id.eq_any(ids)).select(Person::as_select()).load(conn)?)
}

/// Those of these people who are of this instance.
pub fn of_here(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<PersonId>> {
    let here = persons::table.filter(persons::id.eq_any(ids).and(persons::host.eq("")));
    Ok(here.select(persons::id).load(conn)?)
}
