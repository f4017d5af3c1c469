//! Rows of people, accounts and sessions.

mod by_mail;

pub use by_mail::*;
mod archives;
mod elsewhere;

pub use archives::*;
pub use elsewhere::*;

use diesel::prelude::*;
use kring_db::schema::{accounts, email_tokens, persons, refresh_tokens, sessions};
use kring_db::{Conn, JsonText, Time, Tx};

use super::keys::Claims;
use super::model::*;
use super::policy::{IsAdmin, MaySignIn};
use crate::error::Result;

/// Handles and hosts of this instance's own persons.
const LOCAL: &str = "";

diesel::define_sql_function! {
    /// In small letters. SQLite knows those of ASCII only.
    fn lower(text: diesel::sql_types::Nullable<diesel::sql_types::Text>) -> diesel::sql_types::Nullable<diesel::sql_types::Text>;
}

/// The live session that `claims` name, and whose it is, in one query.
pub fn live_session(conn: &mut Conn, claims: &Claims, now: Time) -> Result<Option<SignedIn>> {
    let row: Option<(PersonId, Handle, Role)> = sessions::table
        .inner_join(accounts::table.inner_join(persons::table))
        .filter(sessions::id.eq(claims.sid).and(accounts::id.eq(claims.sub)))
        .filter(
            sessions::ended_at
                .is_null()
                .and(sessions::expires_at.gt(now))
                .and(accounts::closed_at.is_null()),
        )
        .select((persons::id, persons::handle, accounts::role))
        .first(conn)
        .optional()?;
    Ok(row.map(|(person, handle, role)| SignedIn {
        account: claims.sub,
        person,
        session: claims.sid,
        handle,
        admin: role == Role::Admin,
    }))
}

/// Does anybody live here, or did?
pub fn anybody(conn: &mut Conn) -> Result<bool> {
    let first: Option<PersonId> = persons::table.select(persons::id).first(conn).optional()?;
    Ok(first.is_some())
}

/// Persons whom others may know of: those who confirmed their address and were let in, and those who closed their
/// account, whose handle stays theirs. Who only registered is nobody yet: else their being there would tell what the
/// answer to a registration keeps to itself.
macro_rules! known_persons {
    () => {
        persons::table.left_join(accounts::table).filter(persons::host.eq(LOCAL)).filter(
            persons::closed_at.is_not_null().or(accounts::id.nullable().is_null()).or(
                accounts::email_verified_at
                    .nullable()
                    .is_not_null()
                    .and(accounts::approved_at.nullable().is_not_null()),
            ),
        )
    };
}

/// A person of this instance whom others may know of, closed ones included.
pub fn person_by_handle(conn: &mut Conn, handle: &Handle) -> Result<Option<Person>> {
    let found = known_persons!().filter(persons::handle.eq(handle)).select(Person::as_select());
    Ok(found.first(conn).optional()?)
}

/// Whoever holds this handle on `host` (empty for this instance), also where nobody may know of them yet: who is taken
/// already. For whom somebody means there is [`person_at`].
pub fn holder_at(conn: &mut Conn, handle: &Handle, host: &str) -> Result<Option<Person>> {
    let found = persons::table.filter(persons::handle.eq(handle).and(persons::host.eq(host)));
    Ok(found.select(Person::as_select()).first(conn).optional()?)
}

/// [`holder_at`] this instance.
pub fn holder_of(conn: &mut Conn, handle: &Handle) -> Result<Option<Person>> {
    holder_at(conn, handle, LOCAL)
}

/// Takes away what is kept of somebody of another instance who is gone. The row and its handle stay: they are an address.
pub fn close_elsewhere(tx: &mut Tx, person: &Person, now: Time) -> Result<()> {
    diesel::update(persons::table.find(person.id))
        .set((
            persons::display_name.eq(person.handle.as_str()),
            persons::bio.eq(""),
            persons::closed_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn person_by_id(conn: &mut Conn, id: PersonId) -> Result<Person> {
    Ok(persons::table.find(id).select(Person::as_select()).first(conn)?)
}

/// Those of `handles` whom others may know of and who have not closed their account.
pub fn persons_by_handles(conn: &mut Conn, handles: &[Handle]) -> Result<Vec<Person>> {
    let found = known_persons!().filter(persons::handle.eq_any(handles).and(persons::closed_at.is_null()));
    Ok(found.select(Person::as_select()).load(conn)?)
}

pub fn account(conn: &mut Conn, id: AccountId) -> Result<Account> {
    Ok(accounts::table.find(id).select(Account::as_select()).first(conn)?)
}

pub fn account_of(conn: &mut Conn, person: PersonId) -> Result<Option<Account>> {
    Ok(accounts::table
        .filter(accounts::person_id.eq(person))
        .select(Account::as_select())
        .first(conn)
        .optional()?)
}

/// Keeps an account as it is until the transaction ends: what is counted for its owner is counted by one request at a
/// time.
pub fn hold(tx: &mut Tx, id: AccountId) -> Result<()> {
    // To itself: on PostgreSQL that locks the row; SQLite has one writer anyway.
    diesel::update(accounts::table.find(id))
        .set(accounts::role.eq(accounts::role))
        .execute(tx.conn())?;
    Ok(())
}

/// The account whose confirmed address this is. At most one: the key is given with the confirmation.
pub fn account_by_email(conn: &mut Conn, email: &Email) -> Result<Option<Account>> {
    let found = accounts::table.filter(accounts::email_key.eq(email.key())).select(Account::as_select());
    Ok(found.first(conn).optional()?)
}

/// Accounts that were registered with this address, the confirmed one first, then the newest. There may be several
/// that nobody confirmed: who writes down another's address takes nothing from them.
pub fn accounts_for_email(conn: &mut Conn, email: &Email, limit: i64) -> Result<Vec<Account>> {
    let unconfirmed = accounts::email_verified_at
        .is_null()
        .and(lower(accounts::email).eq(email.key()).or(accounts::email.eq(email)));
    let found = accounts::table
        .filter(accounts::email_key.eq(email.key()).or(unconfirmed))
        .order((accounts::email_verified_at.is_null(), accounts::id.desc()))
        .limit(limit);
    Ok(found.select(Account::as_select()).load(conn)?)
}

/// An account that can be signed in to, by what its owner typed: a handle or a confirmed address. An address that
/// nobody confirmed is nobody's: whoever registered with another's would learn from the answer whose it is.
pub fn account_by_login(conn: &mut Conn, login: &str) -> Result<Option<Account>> {
    if let Ok(email) = Email::parse(login.to_owned()) {
        // Without a password nobody signs in: for who tries, the address has no account.
        return Ok(account_by_email(conn, &email)?.filter(|account| !account.is_mail_only()));
    }
    let Ok(handle) = login.parse::<Handle>() else { return Ok(None) };
    let found = accounts::table
        .inner_join(persons::table)
        .filter(persons::handle.eq(handle).and(persons::host.eq(LOCAL)).and(accounts::closed_at.is_null()))
        .select(Account::as_select());
    Ok(found.first(conn).optional()?)
}

pub fn insert_account(tx: &mut Tx, person: &Person, account: &Account) -> Result<()> {
    insert_person(tx, person)?;
    insert_account_of(tx, account)
}

/// An account of somebody who is here already.
pub fn insert_account_of(tx: &mut Tx, account: &Account) -> Result<()> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(account.id),
            accounts::person_id.eq(account.person_id),
            accounts::email.eq(&account.email),
            accounts::email_key.eq(account.email_verified_at.and(account.email.as_ref()).map(Email::key)),
            accounts::email_verified_at.eq(account.email_verified_at),
            accounts::password_hash.eq(&account.password_hash),
            accounts::language.eq(account.language),
            accounts::role.eq(account.role),
            accounts::approved_at.eq(account.approved_at),
            accounts::expert_by_experience.eq(account.expert_by_experience),
            accounts::created_at.eq(account.created_at),
            accounts::mail_member_since.eq(account.mail_member_since),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn set_email(tx: &mut Tx, id: AccountId, email: &Email, now: Time) -> Result<()> {
    let change = (
        accounts::email.eq(email),
        accounts::email_key.eq(email.key()),
        accounts::email_verified_at.eq(now),
    );
    diesel::update(accounts::table.find(id)).set(change).execute(tx.conn())?;
    Ok(())
}

pub fn set_password(tx: &mut Tx, id: AccountId, hash: &str, now: Time) -> Result<()> {
    let change = (accounts::password_hash.eq(hash), accounts::password_changed_at.eq(now));
    diesel::update(accounts::table.find(id)).set(change).execute(tx.conn())?;
    Ok(())
}

/// `None` where the command line approves: whoever runs that runs the instance.
pub fn set_approved(tx: &mut Tx, _may: Option<&IsAdmin>, id: AccountId, now: Time) -> Result<()> {
    diesel::update(accounts::table.find(id))
        .set(accounts::approved_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

pub fn set_role(tx: &mut Tx, id: AccountId, role: Role) -> Result<()> {
    diesel::update(accounts::table.find(id)).set(accounts::role.eq(role)).execute(tx.conn())?;
    Ok(())
}

pub fn change_profile(tx: &mut Tx, who: &SignedIn, change: &ProfileChange) -> Result<()> {
    let person = persons::table.find(who.person);
    if let Some(name) = &change.display_name {
        diesel::update(person).set(persons::display_name.eq(name)).execute(tx.conn())?;
    }
    if let Some(bio) = &change.bio {
        diesel::update(person).set(persons::bio.eq(bio)).execute(tx.conn())?;
    }
    if let Some(municipality) = &change.municipality {
        diesel::update(person).set(persons::municipality.eq(municipality)).execute(tx.conn())?;
    }
    if let Some(languages) = &change.languages {
        diesel::update(person).set(persons::languages.eq(JsonText::of(languages))).execute(tx.conn())?;
    }
    let account = accounts::table.find(who.account);
    if let Some(language) = change.language {
        diesel::update(account).set(accounts::language.eq(language)).execute(tx.conn())?;
    }
    if let Some(expert) = change.expert_by_experience {
        diesel::update(account).set(accounts::expert_by_experience.eq(expert)).execute(tx.conn())?;
    }
    Ok(())
}

/// Takes away what is personal. The row and its handle stay: they are an address.
pub fn close(tx: &mut Tx, account: &Account, person: &Person, now: Time) -> Result<()> {
    // The display name goes too; views show the handle instead.
    diesel::update(persons::table.find(person.id))
        .set((
            persons::display_name.eq(person.handle.given().unwrap_or_default()),
            persons::bio.eq(""),
            persons::municipality.eq(None::<String>),
            persons::languages.eq("[]"),
            persons::closed_at.eq(now),
        ))
        .execute(tx.conn())?;
    diesel::update(accounts::table.find(account.id))
        .set((
            accounts::email.eq(None::<String>),
            accounts::email_key.eq(None::<String>),
            accounts::password_hash.eq(""),
            accounts::role.eq(Role::Member),
            accounts::expert_by_experience.eq(false),
            accounts::closed_at.eq(now),
        ))
        .execute(tx.conn())?;
    diesel::delete(email_tokens::table.filter(email_tokens::account_id.eq(account.id))).execute(tx.conn())?;
    // What a device calls itself can say who holds it.
    diesel::update(sessions::table.filter(sessions::account_id.eq(account.id)))
        .set(sessions::device.eq(""))
        .execute(tx.conn())?;
    Ok(())
}

/// Accounts that were registered before `moment` and never confirmed, and whose word from the mail no longer works.
pub fn never_confirmed(
    conn: &mut Conn,
    moment: Time,
    now: Time,
    limit: i64,
) -> Result<Vec<(AccountId, PersonId)>> {
    let live = email_tokens::table.filter(email_tokens::expires_at.gt(now)).select(email_tokens::account_id);
    let found = accounts::table
        .filter(accounts::email_verified_at.is_null().and(accounts::closed_at.is_null()))
        .filter(accounts::created_at.le(moment).and(accounts::id.ne_all(live)));
    Ok(found.order(accounts::id).limit(limit).select((accounts::id, accounts::person_id)).load(conn)?)
}

/// Removes an account that never was anybody's, and its person. Their handle is free again: nobody ever saw it.
pub fn remove_unconfirmed(tx: &mut Tx, account: AccountId, person: PersonId) -> Result<()> {
    diesel::delete(email_tokens::table.filter(email_tokens::account_id.eq(account))).execute(tx.conn())?;
    diesel::delete(accounts::table.find(account)).execute(tx.conn())?;
    diesel::delete(persons::table.find(person)).execute(tx.conn())?;
    Ok(())
}

/// Removes sessions that ended or ran out before `moment`, with their tokens.
pub fn remove_old_sessions(tx: &mut Tx, moment: Time) -> Result<()> {
    let ended = sessions::ended_at.is_not_null().and(sessions::ended_at.assume_not_null().lt(moment));
    let old = sessions::table.filter(sessions::expires_at.lt(moment).or(ended));
    let theirs = refresh_tokens::session_id.eq_any(old.select(sessions::id));
    diesel::delete(refresh_tokens::table.filter(theirs)).execute(tx.conn())?;
    diesel::delete(old).execute(tx.conn())?;
    Ok(())
}

/// Did the owner say so? Asked only by the owner's own wish to show it in a network.
pub fn shows_experience(conn: &mut Conn, who: &SignedIn) -> Result<bool> {
    Ok(accounts::table.find(who.account).select(accounts::expert_by_experience).first(conn)?)
}

/// Accounts whose address is confirmed and that nobody approved yet, oldest first.
pub fn awaiting_approval(
    conn: &mut Conn,
    _may: &IsAdmin,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<(Account, Person)>> {
    let mut found = accounts::table
        .inner_join(persons::table)
        .filter(
            accounts::approved_at
                .is_null()
                .and(accounts::email_verified_at.is_not_null())
                .and(accounts::closed_at.is_null()),
        )
        // Who is known by mail alone asks for nothing.
        .filter(accounts::password_hash.ne(""))
        .into_boxed();
    if let Some(after) = after {
        found = found.filter(accounts::id.gt(after));
    }
    Ok(found
        .order(accounts::id)
        .limit(limit + 1)
        .select((Account::as_select(), Person::as_select()))
        .load(conn)?)
}

/// Addresses of admins, for mail that concerns the instance.
pub fn admins(conn: &mut Conn) -> Result<Vec<Recipient>> {
    let of_admins = accounts::table.filter(accounts::role.eq(Role::Admin)).select(accounts::person_id);
    let people: Vec<PersonId> = of_admins.load(conn)?;
    recipients(conn, &people)
}

pub fn insert_session(tx: &mut Tx, _may: &MaySignIn, session: &Session) -> Result<()> {
    diesel::insert_into(sessions::table)
        .values((
            sessions::id.eq(session.id),
            sessions::account_id.eq(session.account_id),
            sessions::device.eq(&session.device),
            sessions::created_at.eq(session.created_at),
            sessions::last_used_at.eq(session.last_used_at),
            sessions::expires_at.eq(session.expires_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub fn session(conn: &mut Conn, id: SessionId) -> Result<Option<Session>> {
    Ok(sessions::table.find(id).select(Session::as_select()).first(conn).optional()?)
}

/// Live sessions of an account, newest first.
pub fn live_sessions(conn: &mut Conn, account: AccountId, now: Time) -> Result<Vec<Session>> {
    let live = sessions::table.filter(
        sessions::account_id
            .eq(account)
            .and(sessions::ended_at.is_null())
            .and(sessions::expires_at.gt(now)),
    );
    Ok(live.order(sessions::id.desc()).select(Session::as_select()).load(conn)?)
}

pub fn touch_session(tx: &mut Tx, id: SessionId, now: Time, expires: Time) -> Result<()> {
    let change = (sessions::last_used_at.eq(now), sessions::expires_at.eq(expires));
    diesel::update(sessions::table.find(id)).set(change).execute(tx.conn())?;
    Ok(())
}

pub fn end_session(tx: &mut Tx, id: SessionId, now: Time) -> Result<()> {
    let open = sessions::table.filter(sessions::id.eq(id).and(sessions::ended_at.is_null()));
    diesel::update(open).set(sessions::ended_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// Ends every session of the account but `keep`.
pub fn end_sessions(tx: &mut Tx, account: AccountId, keep: Option<SessionId>, now: Time) -> Result<()> {
    let open = sessions::table
        .filter(sessions::account_id.eq(account).and(sessions::ended_at.is_null()))
        .filter(sessions::id.ne(keep.unwrap_or(SessionId(0))));
    diesel::update(open).set(sessions::ended_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

pub fn insert_refresh_token(tx: &mut Tx, hash: &str, session: SessionId, now: Time) -> Result<()> {
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::hash.eq(hash),
            refresh_tokens::session_id.eq(session),
            refresh_tokens::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Marks the token used if it was not: `true` for the one caller who did.
pub fn use_refresh_token(tx: &mut Tx, hash: &str, now: Time) -> Result<bool> {
    let unused =
        refresh_tokens::table.filter(refresh_tokens::hash.eq(hash).and(refresh_tokens::used_at.is_null()));
    Ok(diesel::update(unused).set(refresh_tokens::used_at.eq(now)).execute(tx.conn())? == 1)
}

/// The session of a token, and when the token was used.
pub fn refresh_token(conn: &mut Conn, hash: &str) -> Result<Option<(SessionId, Option<Time>)>> {
    let found =
        refresh_tokens::table.find(hash).select((refresh_tokens::session_id, refresh_tokens::used_at));
    Ok(found.first(conn).optional()?)
}

/// Stores a word for one purpose; earlier words for the same purpose stop working.
pub fn insert_email_token(
    tx: &mut Tx,
    hash: &str,
    account: AccountId,
    purpose: TokenPurpose,
    email: &Email,
    now: Time,
    expires: Time,
) -> Result<()> {
    let earlier = email_tokens::table
        .filter(email_tokens::account_id.eq(account).and(email_tokens::purpose.eq(purpose)));
    diesel::delete(earlier).execute(tx.conn())?;
    diesel::insert_into(email_tokens::table)
        .values((
            email_tokens::hash.eq(hash),
            email_tokens::account_id.eq(account),
            email_tokens::purpose.eq(purpose),
            email_tokens::email.eq(email),
            email_tokens::created_at.eq(now),
            email_tokens::expires_at.eq(expires),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A stored word, used or not, while its account lives.
#[derive(Debug, Queryable)]
pub struct EmailToken {
    pub account: AccountId,
    pub purpose: TokenPurpose,
    pub email: Email,
    pub expires_at: Time,
    pub used_at: Option<Time>,
}

pub fn email_token(conn: &mut Conn, hash: &str) -> Result<Option<EmailToken>> {
    let columns = (
        email_tokens::account_id,
        email_tokens::purpose,
        email_tokens::email,
        email_tokens::expires_at,
        email_tokens::used_at,
    );
    Ok(email_tokens::table.find(hash).select(columns).first(conn).optional()?)
}

/// Words for these purposes that were sent and not used stop working.
pub fn revoke_email_tokens(tx: &mut Tx, account: AccountId, purposes: &[TokenPurpose]) -> Result<()> {
    let open = email_tokens::table
        .filter(email_tokens::account_id.eq(account).and(email_tokens::used_at.is_null()))
        .filter(email_tokens::purpose.eq_any(purposes));
    diesel::delete(open).execute(tx.conn())?;
    Ok(())
}

/// Marks the word used if it was not: `true` for the one caller who did.
pub fn use_email_token(tx: &mut Tx, hash: &str, now: Time) -> Result<bool> {
    let unused = email_tokens::table.filter(email_tokens::hash.eq(hash).and(email_tokens::used_at.is_null()));
    Ok(diesel::update(unused).set(email_tokens::used_at.eq(now)).execute(tx.conn())? == 1)
}
