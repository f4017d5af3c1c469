//! Registering, and confirming an address.

use chrono::Duration;
use kring_db::{JsonText, Time, Tx};

use super::{over, secret_hash, to};
use crate::accounts::mail::{self, To};
use crate::accounts::model::*;
use crate::accounts::{policy, queries};
use crate::app::Context;
use crate::config::Registration;
use crate::error::{Code, Result};
use crate::jobs::queue::{self, JobKind};

/// How long a word to confirm an address works.
const VERIFY_FOR: Duration = Duration::days(7);

/// How long a registration that nobody confirms is kept, so that who comes late can have the mail sent again.
const UNCONFIRMED_KEPT: Duration = Duration::days(30);

/// How long a session that is over is kept: a stolen token that is tried late still ends nothing that lives.
const SESSIONS_KEPT: Duration = Duration::days(30);

/// To how many registrations with one address the confirmation mail is sent again.
const RESENT: i64 = 3;

/// Makes an account that waits for its address to be confirmed. The same is written, and takes as long, where the
/// address has an account already: the mail tells them apart, and it is written later.
///
/// Whoever registers with another's address gets an account of their own that its owner may confirm or leave alone;
/// a password is never put under an account that somebody else began.
pub fn register(tx: &mut Tx, cx: &Context, new: &NewAccount, password_hash: &str) -> Result<()> {
    policy::may_register(cx.config().registration)?;
    // A handle is public, so a taken one may be told.
    if queries::holder_of(tx, &new.handle)?.is_some() {
        return Err(Code::HandleTaken.into());
    }
    let approved = (cx.config().registration == Registration::Open).then(|| cx.now());
    let (person, account) = make(cx, new, password_hash, None, approved);
    queries::insert_account(tx, &person, &account)?;
    queue::enqueue(tx, cx, JobKind::Registration, &account.id, cx.now())
}

/// Sends what a registration leads to: the word that confirms the address, or, to the owner of an account with that
/// address, that somebody wrote it down.
pub fn answer_registration(tx: &mut Tx, cx: &Context, id: AccountId) -> Result<()> {
    let account = queries::account(tx, id)?;
    let Some(email) = account.email.as_ref().filter(|_| account.email_verified_at.is_none()) else {
        return Ok(());
    };
    if let Some(known) = queries::account_by_email(tx, email)? {
        // Who reads by mail alone becomes a full member by a word of their own, which asks for a password: that of
        // whoever wrote their address down must not open what is theirs.
        if known.is_mail_only() {
            crate::mail::forget(tx, &[account.person_id])?;
            queries::remove_unconfirmed(tx, account.id, account.person_id)?;
            return super::by_mail::ask_full(tx, cx, known.person_id);
        }
        let person = queries::person_by_id(tx, known.person_id)?;
        return to(&known, &person).map_or(Ok(()), |owner| mail::already_registered(tx, cx, &owner));
    }
    let person = queries::person_by_id(tx, account.person_id)?;
    verification(tx, cx, &account, &person)
}

/// Forgets registrations that nobody confirmed in time, and sessions that are long over.
pub fn sweep(tx: &mut Tx, now: Time) -> Result<()> {
    let unconfirmed = queries::never_confirmed(tx, now - UNCONFIRMED_KEPT, now, 100)?;
    let people: Vec<PersonId> = unconfirmed.iter().map(|(_, person)| *person).collect();
    crate::mail::forget(tx, &people)?;
    for (account, person) in unconfirmed {
        queries::remove_unconfirmed(tx, account, person)?;
    }
    queries::remove_old_sessions(tx, now - SESSIONS_KEPT)
}

/// A person of the demo: confirmed, approved, no mail.
pub fn register_for_demo(
    tx: &mut Tx,
    cx: &Context,
    new: &NewAccount,
    password_hash: &str,
    admin: bool,
) -> Result<SignedIn> {
    let (person, mut account) = make(cx, new, password_hash, Some(cx.now()), Some(cx.now()));
    account.role = if admin { Role::Admin } else { Role::Member };
    queries::insert_account(tx, &person, &account)?;
    Ok(SignedIn {
        account: account.id,
        person: person.id,
        session: SessionId(0),
        handle: person.handle,
        admin,
    })
}

pub(super) fn make(
    cx: &Context,
    new: &NewAccount,
    password_hash: &str,
    verified: Option<Time>,
    approved: Option<Time>,
) -> (Person, Account) {
    let person = Person {
        id: cx.id(),
        handle: new.handle.clone(),
        host: String::new(),
        display_name: new.display_name.clone(),
        bio: Bio::default(),
        municipality: None,
        languages: JsonText::of(&[new.language.as_str()]),
        created_at: cx.now(),
        closed_at: None,
        home_url: None,
    };
    let account = Account {
        id: cx.id(),
        person_id: person.id,
        email: Some(new.email.clone()),
        email_verified_at: verified,
        password_hash: password_hash.to_owned(),
        language: new.language,
        role: Role::Member,
        approved_at: approved,
        expert_by_experience: false,
        created_at: cx.now(),
        closed_at: None,
        mail_member_since: None,
    };
    (person, account)
}

fn verification(tx: &mut Tx, cx: &Context, account: &Account, person: &Person) -> Result<()> {
    let Some(owner) = to(account, person) else { return Ok(()) };
    let word = cx.secret();
    queries::insert_email_token(
        tx,
        &secret_hash(&word),
        account.id,
        TokenPurpose::Verify,
        owner.email,
        cx.now(),
        cx.now() + VERIFY_FOR,
    )?;
    mail::verify(tx, cx, &owner, &word)
}

/// Asks for the confirmation mail again. The work is done later, so that the answer takes as long for an address
/// that nobody registered.
pub fn ask_verification_again(tx: &mut Tx, cx: &Context, email: &Email) -> Result<()> {
    queue::enqueue(tx, cx, JobKind::ResendVerification, email, cx.now())
}

/// Sends the confirmation mail again, where there is something to confirm: each names the handle it is for.
pub fn resend_verification(tx: &mut Tx, cx: &Context, email: &Email) -> Result<()> {
    let accounts = queries::accounts_for_email(tx, email, RESENT)?;
    if accounts.iter().any(|account| account.email_verified_at.is_some()) {
        return Ok(());
    }
    for account in accounts {
        let person = queries::person_by_id(tx, account.person_id)?;
        verification(tx, cx, &account, &person)?;
    }
    Ok(())
}

/// Asks to change the address: the new one must be confirmed first, and the old one works until then. The same is
/// read and written where another account has the address: then its owner gets a mail that says so, and no word.
pub fn change_email(tx: &mut Tx, cx: &Context, who: &SignedIn, email: &Email) -> Result<()> {
    let account = queries::account(tx, who.account)?;
    let known = queries::account_by_email(tx, email)?.filter(|known| known.id != account.id);
    let person = queries::person_by_id(tx, known.as_ref().map_or(who.person, |known| known.person_id))?;
    let word = cx.secret();
    queries::insert_email_token(
        tx,
        &secret_hash(&word),
        account.id,
        TokenPurpose::Change,
        email,
        cx.now(),
        cx.now() + VERIFY_FOR,
    )?;
    if let Some(known) = known {
        let told = if known.is_mail_only() { mail::taken_by_mail } else { mail::taken };
        return to(&known, &person).map_or(Ok(()), |owner| told(tx, cx, &owner));
    }
    let new = To {
        person: Some(person.id),
        email,
        name: person.handle.as_str(),
        handle: person.handle.as_str(),
        lang: account.language,
    };
    mail::change(tx, cx, &new, &word)
}

/// Confirms an address with the word that came by mail. Returns whether its owner may sign in now.
/// A word that was used says so again instead of failing: mail programs open links before people do.
pub fn verify(tx: &mut Tx, cx: &Context, word: &str) -> Result<bool> {
    let hash = secret_hash(word);
    let token = queries::email_token(tx, &hash)?
        .filter(|t| matches!(t.purpose, TokenPurpose::Verify | TokenPurpose::Change))
        .ok_or(Code::LinkUsedUp)?;
    let account = queries::account(tx, token.account)?;
    if token.used_at.is_some() {
        return Ok(account.approved_at.is_some());
    }
    if over(token.expires_at, cx.now()) {
        return Err(Code::LinkUsedUp.into());
    }
    // Somebody else may have confirmed the same address since the mail was sent, or read by mail there.
    if queries::account_by_email(tx, &token.email)?.is_some_and(|other| other.id != account.id) {
        return Err(Code::LinkUsedUp.into());
    }
    if !queries::use_email_token(tx, &hash, cx.now())? {
        // Another request was faster: it is used, or a newer word took its place.
        return verify(tx, cx, word);
    }
    queries::set_email(tx, account.id, &token.email, cx.now())?;
    let person = queries::person_by_id(tx, account.person_id)?;
    if token.purpose == TokenPurpose::Change {
        // A word that went to the old mailbox must not open the account any more.
        queries::revoke_email_tokens(tx, account.id, &[TokenPurpose::Reset])?;
        if let Some(old) = to(&account, &person) {
            mail::email_changed(tx, cx, &old)?;
        }
    } else if account.approved_at.is_none() {
        approval_wanted(tx, cx, &person.handle)?;
    }
    Ok(account.approved_at.is_some())
}

/// Tells the admins that somebody waits for them.
pub(super) fn approval_wanted(tx: &mut Tx, cx: &Context, handle: &Handle) -> Result<()> {
    for admin in queries::admins(tx)? {
        let to = To {
            person: Some(admin.person),
            email: &admin.email,
            name: admin.name.as_str(),
            handle: admin.handle.as_str(),
            lang: admin.language,
        };
        mail::approval_wanted(tx, cx, &to, handle.as_str())?;
    }
    Ok(())
}
