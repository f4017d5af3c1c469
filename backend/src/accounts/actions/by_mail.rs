//! Persons who are known by a confirmed address alone: how they come in, what they choose, and how they become full
//! members. The domain `mail_members` invites them.

use chrono::Duration;
use kring_db::{Conn, JsonText, Tx};

use super::registration::approval_wanted;
use super::{over, secret_hash, to};
use crate::accounts::model::*;
use crate::accounts::{mail, policy, queries};
use crate::app::Context;
use crate::config::Registration;
use crate::error::{Code, Result};
use crate::text::lang::Lang;

/// How long a word to become a full member works: as long as one for a new password.
const FULL_FOR: Duration = Duration::hours(24);

/// What is kept of an address where the address itself is not: keyed, so that who reads the database alone cannot look
/// addresses up in it.
pub fn address_hash(cx: &Context, email: &Email) -> String {
    cx.keys().derive("address", &email.key())
}

/// The word with which the owner of an address says that nobody is to invite them. It holds no address, and works for
/// ever.
pub fn refusal_word(cx: &Context, email: &Email) -> String {
    let hash = address_hash(cx, email);
    let seal = cx.keys().derive("refusal", &hash);
    format!("{hash}{seal}")
}

/// The hash of the address whose owner a word stands for; `None` where this instance did not make it.
pub fn refused_hash(cx: &Context, word: &str) -> Option<String> {
    let (hash, seal) = word.split_at_checked(word.len() / 2)?;
    cx.keys().derived("refusal", hash, seal).then(|| hash.to_owned())
}

/// Whose this address is, where they confirmed it and mail goes to them. For workers and for who holds a word that was
/// mailed to it: to anybody else it would tell who has an account.
pub fn known_address(conn: &mut Conn, email: &Email) -> Result<Option<Recipient>> {
    match queries::account_by_email(conn, email)? {
        Some(account) => queries::recipient(conn, account.person_id),
        None => Ok(None),
    }
}

/// Takes somebody in who proved that an address is theirs; `known_address` said that it is nobody's.
pub fn admit(
    tx: &mut Tx,
    cx: &Context,
    email: &Email,
    name: Option<DisplayName>,
    language: Lang,
) -> Result<PersonId> {
    let id: PersonId = cx.id();
    let person = Person {
        id,
        handle: Handle::none(id),
        host: String::new(),
        display_name: name.unwrap_or_default(),
        bio: Bio::default(),
        municipality: None,
        languages: JsonText::of(&[language.as_str()]),
        created_at: cx.now(),
        closed_at: None,
        home_url: None,
    };
    let account = Account {
        id: cx.id(),
        person_id: id,
        email: Some(email.clone()),
        email_verified_at: Some(cx.now()),
        password_hash: String::new(),
        language,
        role: Role::Member,
        approved_at: None,
        expert_by_experience: false,
        created_at: cx.now(),
        closed_at: None,
        mail_member_since: Some(cx.now()),
    };
    queries::insert_account(tx, &person, &account)?;
    Ok(id)
}

/// What a member by mail is called, and the language of their mails; `None` for anybody else.
pub fn mail_profile(conn: &mut Conn, person: PersonId) -> Result<Option<Recipient>> {
    Ok(queries::recipient(conn, person)?.filter(|known| known.by_mail))
}

/// Changes what a member by mail is called, and the language of their mails. Nothing happens to anybody else.
pub fn change_mail_profile(
    tx: &mut Tx,
    person: PersonId,
    name: Option<&DisplayName>,
    language: Option<Lang>,
) -> Result<()> {
    match mail_profile(tx, person)? {
        Some(_) => queries::set_mail_profile(tx, person, name, language),
        None => Ok(()),
    }
}

/// Mails a member by mail the word with which they become a full one. It goes to their address whoever asks: a digest
/// that was passed on lets nobody take their place.
pub fn ask_full(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<()> {
    let Some(account) = queries::account_of(tx, person)?.filter(Account::is_mail_only) else {
        return Ok(());
    };
    if cx.config().registration == Registration::Closed {
        return Ok(());
    }
    let person = queries::person_by_id(tx, person)?;
    let Some(owner) = to(&account, &person) else { return Ok(()) };
    let word = cx.secret();
    queries::insert_email_token(
        tx,
        &secret_hash(&word),
        account.id,
        TokenPurpose::Full,
        owner.email,
        cx.now(),
        cx.now() + FULL_FOR,
    )?;
    mail::full(tx, cx, &owner, &word)
}

/// Gives a member by mail a handle and a password; memberships, digests and wishes stay as they are. Where registrations
/// are approved an admin looks first, and mail goes on meanwhile. Returns whether they may sign in now.
pub fn become_full(
    tx: &mut Tx,
    cx: &Context,
    word: &str,
    new: &NewFullMember,
    password_hash: &str,
) -> Result<bool> {
    policy::may_register(cx.config().registration)?;
    let hash = secret_hash(word);
    let token = queries::email_token(tx, &hash)?
        .filter(|token| token.purpose == TokenPurpose::Full && token.used_at.is_none())
        .filter(|token| !over(token.expires_at, cx.now()))
        .ok_or(Code::LinkUsedUp)?;
    let account = queries::account(tx, token.account)?;
    if !account.is_mail_only() {
        return Err(Code::LinkUsedUp.into());
    }
    // Before the word is used: who chose a name that is taken chooses another.
    if queries::holder_of(tx, &new.handle)?.is_some() {
        return Err(Code::HandleTaken.into());
    }
    if !queries::use_email_token(tx, &hash, cx.now())? {
        return Err(Code::LinkUsedUp.into());
    }
    let approved = (cx.config().registration == Registration::Open).then(|| cx.now());
    queries::make_full(tx, &account, &new.handle, &new.display_name, password_hash, approved)?;
    if approved.is_none() {
        approval_wanted(tx, cx, &new.handle)?;
    }
    Ok(approved.is_some())
}
