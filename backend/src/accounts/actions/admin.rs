//! What admins of the instance do with accounts, by the API or the command line.

use chrono::Duration;
use kring_db::{Conn, Tx};

use super::{registration, secret_hash, to};
use crate::accounts::model::*;
use crate::accounts::policy::{self, IsAdmin};
use crate::accounts::{mail, queries};
use crate::app::Context;
use crate::error::{Code, Fault, NOT_FOUND, Result};
use crate::jobs::outbox::{self, Event, EventKind};

/// How long the word that begins an account somebody was given works.
const BEGIN_FOR: Duration = Duration::days(7);

/// Accounts that wait for approval, oldest first.
pub fn approvals(
    conn: &mut Conn,
    who: &SignedIn,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<(Account, Person)>> {
    let may = policy::is_admin(who)?;
    queries::awaiting_approval(conn, &may, after, limit)
}

/// Approves an account and tells its owner. `by` is `None` for the command line. Approving twice is fine.
pub fn approve(tx: &mut Tx, cx: &Context, by: Option<&SignedIn>, handle: &Handle) -> Result<()> {
    let may = by.map(policy::is_admin).transpose()?;
    let (account, person) = find(tx, handle)?;
    if account.approved_at.is_some() {
        return Ok(());
    }
    queries::set_approved(tx, may.as_ref(), account.id, cx.now())?;
    match to(&account, &person) {
        Some(owner) if account.email_verified_at.is_some() => mail::approved(tx, cx, &owner),
        _ => Ok(()),
    }
}

/// Declines an account that waits: its owner is told, and the account is closed.
pub fn decline(tx: &mut Tx, cx: &Context, by: &SignedIn, handle: &Handle) -> Result<()> {
    let _: IsAdmin = policy::is_admin(by)?;
    let (account, person) = find(tx, handle)?;
    if account.approved_at.is_some() {
        return Err(Code::NotWaiting.into());
    }
    if account.mail_member_since.is_some() {
        // They were members by mail before they asked, and are again; what there is to tell them of that, who knows
        // their networks tells.
        queries::make_mail_only(tx, &account)?;
        let event = Event::new(EventKind::FullMembershipDeclined, person.id.0).actor(by.person.0);
        return outbox::push(tx, cx, event);
    }
    close_declined(tx, cx, person.id)
}

/// Tells somebody that an admin declined, and closes their account.
pub fn close_declined(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
    tell(tx, cx, person, mail::declined)?;
    super::close(tx, cx, person)
}

/// Tells a member by mail that an admin did not make them a full one.
pub fn tell_declined(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
    tell(tx, cx, person, mail::declined_by_mail)
}

type Letter = fn(&mut Tx, &Context, &mail::To<'_>) -> Result<()>;

fn tell(tx: &mut Tx, cx: &Context, person: PersonId, letter: Letter) -> Result<()> {
    let Some(account) = queries::account_of(tx, person)? else { return Ok(()) };
    let person = queries::person_by_id(tx, person)?;
    to(&account, &person).map_or(Ok(()), |owner| letter(tx, cx, &owner))
}

/// Makes an account for somebody, whatever registration allows. For the command line: whoever runs that runs the
/// instance. Its owner gets a mail with a word to choose a password with, which confirms the address too; until then
/// `password_hash` is of a password that nobody knows.
pub fn create(tx: &mut Tx, cx: &Context, new: &NewAccount, password_hash: &str) -> Result<()> {
    if queries::holder_of(tx, &new.handle)?.is_some() {
        return Err(Code::HandleTaken.into());
    }
    unknown(tx, &new.email)?;
    let (person, account) = registration::make(cx, new, password_hash, None, Some(cx.now()));
    queries::insert_account(tx, &person, &account)?;
    begin(tx, cx, &account, &person)
}

/// Gives somebody whom an archive brought in an account, in the same way: what stands under the handle is theirs again.
/// Nobody gets that by registering, for an archive tells who wrote something and nothing of who may say so.
pub fn give_back(tx: &mut Tx, cx: &Context, new: &NewAccount, password_hash: &str) -> Result<()> {
    let person = queries::holder_of(tx, &new.handle)?;
    let person = person.filter(|person| person.closed_at.is_none()).ok_or(NOT_FOUND)?;
    if queries::account_of(tx, person.id)?.is_some() {
        return Err(Code::HandleTaken.into());
    }
    unknown(tx, &new.email)?;
    let (_, made) = registration::make(cx, new, password_hash, None, Some(cx.now()));
    let account = Account { person_id: person.id, ..made };
    queries::insert_account_of(tx, &account)?;
    tracing::info!(account = %account.id, handle = %person.handle, "somebody whom an archive brought in has an account");
    begin(tx, cx, &account, &person)
}

/// Whose address this is has an account.
fn unknown(conn: &mut Conn, email: &Email) -> Result<()> {
    match queries::account_by_email(conn, email)? {
        Some(_) => Err(Fault::new("known_email").at("/email")),
        None => Ok(()),
    }
}

/// Sends the word that begins an account somebody was given.
fn begin(tx: &mut Tx, cx: &Context, account: &Account, person: &Person) -> Result<()> {
    let Some(owner) = to(account, person) else { return Ok(()) };
    let word = cx.secret();
    let (hash, until) = (secret_hash(&word), cx.now() + BEGIN_FOR);
    queries::insert_email_token(tx, &hash, account.id, TokenPurpose::Reset, owner.email, cx.now(), until)?;
    mail::begin(tx, cx, &owner, &word)
}

/// Makes somebody an admin of the instance. For the command line: whoever runs that runs the instance.
pub fn grant_admin(tx: &mut Tx, handle: &Handle) -> Result<()> {
    let (account, _) = find(tx, handle)?;
    queries::set_role(tx, account.id, Role::Admin)
}

fn find(conn: &mut Conn, handle: &Handle) -> Result<(Account, Person)> {
    let person = queries::holder_of(conn, handle)?.ok_or(NOT_FOUND)?;
    let account = queries::account_of(conn, person.id)?
        .filter(|account| account.closed_at.is_none())
        .ok_or(NOT_FOUND)?;
    Ok((account, person))
}
