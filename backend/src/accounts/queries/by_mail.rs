//! Rows of those to whom mail goes, and of those who are known by their address alone.

use diesel::dsl::auto_type;
use diesel::prelude::*;
use kring_db::schema::{accounts, persons};
use kring_db::{Conn, Time, Tx};

use crate::accounts::model::*;
use crate::error::Result;
use crate::text::lang::Lang;

/// Persons who read by mail and cannot sign in.
#[auto_type]
pub fn mail_only() -> _ {
    accounts::table
        .filter(accounts::mail_member_since.is_not_null())
        .filter(accounts::approved_at.is_null())
        .select(accounts::person_id)
}

/// Where mail for `person` goes; nobody who is unconfirmed or closed.
pub fn recipient(conn: &mut Conn, person: PersonId) -> Result<Option<Recipient>> {
    Ok(recipients(conn, &[person])?.pop())
}

/// [`recipient`] for many at once, in no order.
pub fn recipients(conn: &mut Conn, people: &[PersonId]) -> Result<Vec<Recipient>> {
    let found = accounts::table
        .inner_join(persons::table)
        .filter(accounts::person_id.eq_any(people))
        .filter(accounts::closed_at.is_null().and(accounts::email_verified_at.is_not_null()))
        .filter(accounts::approved_at.is_not_null().or(accounts::mail_member_since.is_not_null()));
    let rows = found
        .select((
            persons::id,
            accounts::id,
            persons::handle,
            persons::display_name,
            accounts::email.assume_not_null(),
            accounts::language,
            accounts::approved_at.is_null(),
        ))
        .load::<(PersonId, AccountId, Handle, DisplayName, Email, Lang, bool)>(conn)?;
    Ok(rows
        .into_iter()
        .map(|(person, account, handle, name, email, language, by_mail)| Recipient {
            person,
            account,
            handle,
            name,
            email,
            language,
            by_mail,
        })
        .collect())
}

/// Changes what a member by mail is called, and the language of their mails; `None` stays.
pub fn set_mail_profile(
    tx: &mut Tx,
    person: PersonId,
    name: Option<&DisplayName>,
    language: Option<Lang>,
) -> Result<()> {
    if let Some(name) = name {
        diesel::update(persons::table.find(person))
            .set(persons::display_name.eq(name))
            .execute(tx.conn())?;
    }
    if let Some(language) = language {
        diesel::update(accounts::table.filter(accounts::person_id.eq(person)))
            .set(accounts::language.eq(language))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// Gives who was known by mail alone a handle and a password. No password is noted as changed: there was none, and the
/// links of their digests go on.
pub fn make_full(
    tx: &mut Tx,
    account: &Account,
    handle: &Handle,
    name: &DisplayName,
    password_hash: &str,
    approved: Option<Time>,
) -> Result<()> {
    diesel::update(persons::table.find(account.person_id))
        .set((persons::handle.eq(handle), persons::display_name.eq(name)))
        .execute(tx.conn())?;
    diesel::update(accounts::table.find(account.id))
        .set((accounts::password_hash.eq(password_hash), accounts::approved_at.eq(approved)))
        .execute(tx.conn())?;
    Ok(())
}

/// The way back, for whom an admin declined before anybody could know their handle.
pub fn make_mail_only(tx: &mut Tx, account: &Account) -> Result<()> {
    diesel::update(persons::table.find(account.person_id))
        .set(persons::handle.eq(Handle::none(account.person_id)))
        .execute(tx.conn())?;
    diesel::update(accounts::table.find(account.id))
        .set(accounts::password_hash.eq(""))
        .execute(tx.conn())?;
    Ok(())
}
