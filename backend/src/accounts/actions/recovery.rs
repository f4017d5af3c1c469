//! Passwords forgotten and changed.

use chrono::Duration;
use kring_db::{Conn, Tx};

use super::{by_mail, over, secret_hash, to};
use crate::accounts::model::*;
use crate::accounts::{mail, policy, queries};
use crate::app::Context;
use crate::error::{Code, Result};
use crate::jobs::queue::{self, JobKind};

/// How long a word to reset a password works. Generous: who reads slowly must not race a clock (WCAG 2.2.1).
const RESET_FOR: Duration = Duration::hours(24);

/// Asks for a reset. The work is done later, so that the answer takes as long for an unknown address.
pub fn ask_reset(tx: &mut Tx, cx: &Context, email: &Email) -> Result<()> {
    queue::enqueue(tx, cx, JobKind::PasswordReset, email, cx.now())
}

/// Sends the reset mail, where there is an account with this confirmed address. Who is a member by mail has no password
/// yet: they are told how to get one.
pub fn send_reset(tx: &mut Tx, cx: &Context, email: &Email) -> Result<()> {
    let Some(account) = queries::account_by_email(tx, email)? else { return Ok(()) };
    if account.is_mail_only() {
        return by_mail::ask_full(tx, cx, account.person_id);
    }
    let person = queries::person_by_id(tx, account.person_id)?;
    let Some(owner) = to(&account, &person) else { return Ok(()) };
    let word = cx.secret();
    queries::insert_email_token(
        tx,
        &secret_hash(&word),
        account.id,
        TokenPurpose::Reset,
        owner.email,
        cx.now(),
        cx.now() + RESET_FOR,
    )?;
    mail::reset(tx, cx, &owner, &word)
}

/// Sets a new password with the word that came by mail, and signs every device out. Whoever holds the word reads the
/// mailbox: an address that was not confirmed yet is so now.
pub fn complete_reset(tx: &mut Tx, cx: &Context, word: &str, password_hash: &str) -> Result<()> {
    let hash = secret_hash(word);
    let token = queries::email_token(tx, &hash)?
        .filter(|t| t.purpose == TokenPurpose::Reset)
        .ok_or(Code::LinkUsedUp)?;
    if token.used_at.is_some() || over(token.expires_at, cx.now()) {
        return Err(Code::LinkUsedUp.into());
    }
    if !queries::use_email_token(tx, &hash, cx.now())? {
        return Err(Code::LinkUsedUp.into());
    }
    let account = queries::account(tx, token.account)?;
    if account.email_verified_at.is_none() {
        // Somebody else may have confirmed the same address since the mail was sent, or read by mail there.
        if queries::account_by_email(tx, &token.email)?.is_some() {
            return Err(Code::LinkUsedUp.into());
        }
        queries::set_email(tx, account.id, &token.email, cx.now())?;
    }
    set_password(tx, cx, account.id, None, password_hash)
}

/// Did the caller show a short while ago who they are?
pub fn just_signed_in(conn: &mut Conn, cx: &Context, who: &SignedIn) -> Result<()> {
    let session = queries::session(conn, who.session)?.ok_or(Code::TokenInvalid)?;
    policy::just_signed_in(&session, cx.now())
}

/// The hash of the caller's present password, to compare with what they typed.
pub fn password_hash_for(conn: &mut Conn, who: &SignedIn) -> Result<String> {
    Ok(queries::account(conn, who.account)?.password_hash)
}

/// Sets a new password and signs every other device out.
pub fn change_password(tx: &mut Tx, cx: &Context, who: &SignedIn, password_hash: &str) -> Result<()> {
    set_password(tx, cx, who.account, Some(who.session), password_hash)
}

fn set_password(
    tx: &mut Tx,
    cx: &Context,
    account: AccountId,
    keep: Option<SessionId>,
    password_hash: &str,
) -> Result<()> {
    queries::set_password(tx, account, password_hash, cx.now())?;
    // Who was in before may have asked for another address: that ends here too.
    queries::revoke_email_tokens(tx, account, &[TokenPurpose::Reset, TokenPurpose::Change])?;
    queries::end_sessions(tx, account, keep, cx.now())?;
    let account = queries::account(tx, account)?;
    let person = queries::person_by_id(tx, account.person_id)?;
    match to(&account, &person) {
        Some(owner) => mail::password_changed(tx, cx, &owner),
        None => Ok(()),
    }
}
