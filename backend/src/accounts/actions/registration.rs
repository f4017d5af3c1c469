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

/// Makes an account that waits for its address to be confirmed. Says the same where the address has an account
/// already; only its owner gets to know, by mail.
pub fn register(tx: &mut Tx, cx: &Context, new: &NewAccount, password_hash: &str) -> Result<()> {
    policy::may_register(cx.config().registration)?;
    // A handle is public, so a taken one may be told.
    if queries::person_by_handle(tx, &new.handle)?.is_some() {
        return Err(Code::HandleTaken.into());
    }
    if let Some(known) = queries::account_by_email(tx, &new.email)? {
        let person = queries::person_by_id(tx, known.person_id)?;
        if known.email_verified_at.is_some()
            && let Some(owner) = to(&known, &person)
        {
            return mail::already_registered(tx, cx, &owner);
        }
        return verification(tx, cx, &known, &person);
    }
    let approved = (cx.config().registration == Registration::Open).then(|| cx.now());
    let (person, account) = make(cx, new, password_hash, None, approved);
    queries::insert_account(tx, &person, &account)?;
    verification(tx, cx, &account, &person)
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

fn make(
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

/// Sends the confirmation mail again, where there is something to confirm.
pub fn resend_verification(tx: &mut Tx, cx: &Context, email: &Email) -> Result<()> {
    let Some(account) = queries::account_by_email(tx, email)? else { return Ok(()) };
    if account.email_verified_at.is_some() {
        return Ok(());
    }
    let person = queries::person_by_id(tx, account.person_id)?;
    verification(tx, cx, &account, &person)
}

/// Asks to change the address: the new one must be confirmed first, and the old one works until then.
pub fn change_email(tx: &mut Tx, cx: &Context, who: &SignedIn, email: &Email) -> Result<()> {
    let account = queries::account(tx, who.account)?;
    let person = queries::person_by_id(tx, who.person)?;
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
    let new = To {
        person: Some(person.id),
        email,
        name: person.display_name.as_str(),
        lang: account.language,
    };
    mail::change(tx, cx, &new, &word)
}

/// Confirms an address with the word that came by mail. Returns whether its owner may sign in now.
/// A word that was used says so again instead of failing: mail programs open links before people do.
pub fn verify(tx: &mut Tx, cx: &Context, word: &str) -> Result<bool> {
    let hash = secret_hash(word);
    let token = queries::email_token(tx, &hash)?
        .filter(|t| t.purpose != TokenPurpose::Reset)
        .ok_or(Code::LinkUsedUp)?;
    let account = queries::account(tx, token.account)?;
    if token.used_at.is_some() {
        return Ok(account.approved_at.is_some());
    }
    if over(token.expires_at, cx.now()) {
        return Err(Code::LinkUsedUp.into());
    }
    // Somebody else may have confirmed the same address since the mail was sent.
    if queries::account_by_email(tx, &token.email)?.is_some_and(|other| other.id != account.id) {
        return Err(Code::LinkUsedUp.into());
    }
    let person = queries::person_by_id(tx, account.person_id)?;
    queries::use_email_token(tx, &hash, cx.now())?;
    queries::set_email(tx, account.id, &token.email, cx.now())?;
    if token.purpose == TokenPurpose::Change {
        if let Some(old) = to(&account, &person) {
            mail::email_changed(tx, cx, &old)?;
        }
    } else if account.approved_at.is_none() {
        for admin in queries::admins(tx)? {
            let to = To {
                person: Some(admin.person),
                email: &admin.email,
                name: admin.name.as_str(),
                lang: admin.language,
            };
            mail::approval_wanted(tx, cx, &to)?;
        }
    }
    Ok(account.approved_at.is_some())
}
