//! Signing in and staying signed in.

use chrono::Duration;
use kring_db::{Conn, Time, Tx};

use super::{over, secret_hash};
use crate::accounts::keys::Claims;
use crate::accounts::model::*;
use crate::accounts::{policy, queries};
use crate::app::Context;
use crate::error::{Code, NOT_FOUND, Result};

/// A session that nobody uses for so long ends.
const IDLE: Duration = Duration::days(30);

/// Two tabs may refresh with the same token: within this span the second gets what the first got.
const GRACE: Duration = Duration::seconds(60);

/// A session and the tokens for it.
pub struct Opened {
    pub session: Session,
    pub access: String,
    pub refresh: String,
}

/// Who is looking, by the session the token names. A token without its session counts as none at all: 401.
pub fn viewer(conn: &mut Conn, cx: &Context, claims: Option<&Claims>) -> Result<Viewer> {
    let Some(claims) = claims else { return Ok(Viewer::Anonymous) };
    let live = queries::live_session(conn, claims, cx.now())?;
    live.map(Viewer::SignedIn).ok_or_else(|| Code::TokenInvalid.into())
}

/// The person of an account who asked for something that is done later, without a session. `None` once the account is
/// closed: then nothing is done in their name any more.
pub fn acting(conn: &mut Conn, account: AccountId) -> Result<Option<SignedIn>> {
    let account = queries::account(conn, account)?;
    if account.closed_at.is_some() {
        return Ok(None);
    }
    let person = queries::person_by_id(conn, account.person_id)?;
    Ok(Some(SignedIn {
        account: account.id,
        person: person.id,
        // No session's id.
        session: SessionId(0),
        handle: person.handle,
        admin: account.role == Role::Admin,
    }))
}

/// The account that `login` names and the hash to compare with, before anything is decided.
pub fn known_login(conn: &mut Conn, login: &str) -> Result<Option<(AccountId, String)>> {
    Ok(queries::account_by_login(conn, login)?.map(|account| (account.id, account.password_hash)))
}

/// Opens a session for an account whose password was right.
pub fn open_session(tx: &mut Tx, cx: &Context, account: AccountId, device: &str) -> Result<Opened> {
    let account = queries::account(tx, account)?;
    if account.closed_at.is_some() {
        return Err(Code::WrongCredentials.into());
    }
    let may = policy::may_sign_in(&account)?;
    let session = Session {
        id: cx.id(),
        account_id: account.id,
        device: device.chars().filter(|c| !c.is_control()).take(120).collect(),
        created_at: cx.now(),
        last_used_at: cx.now(),
        expires_at: cx.now() + IDLE,
        ended_at: None,
    };
    queries::insert_session(tx, &may, &session)?;
    let refresh = cx.secret();
    queries::insert_refresh_token(tx, &secret_hash(&refresh), session.id, cx.now())?;
    opened(cx, session, refresh)
}

fn opened(cx: &Context, session: Session, refresh: String) -> Result<Opened> {
    let access = cx.keys().sign(session.account_id, session.id, cx.now())?;
    Ok(Opened { session, access, refresh })
}

/// What a refresh came to.
enum Refresh {
    Fresh,
    /// The same token again within the minute: a second tab.
    Twin,
    /// A token that was used long ago: stolen, or a lost answer; either way the family ends.
    Reused,
}

/// Exchanges a refresh token for the next one. The next is derived from it, so that two tabs get the same.
/// `None` where the token is no good; that is no error here, because ending a family must be committed.
pub fn refresh(tx: &mut Tx, cx: &Context, token: &str) -> Result<Option<Opened>> {
    let hash = secret_hash(token);
    let Some((session, used_at)) = queries::refresh_token(tx, &hash)? else { return Ok(None) };
    let Some(mut session) = queries::session(tx, session)? else { return Ok(None) };
    if session.ended_at.is_some() || over(session.expires_at, cx.now()) {
        return Ok(None);
    }
    let outcome = match used_at {
        None if queries::use_refresh_token(tx, &hash, cx.now())? => Refresh::Fresh,
        None => Refresh::Twin,
        Some(at) => twin_or_reused(at, cx.now()),
    };
    let next = cx.keys().derive("refresh", token);
    match outcome {
        Refresh::Fresh => queries::insert_refresh_token(tx, &secret_hash(&next), session.id, cx.now())?,
        Refresh::Twin => {}
        Refresh::Reused => {
            queries::end_session(tx, session.id, cx.now())?;
            return Ok(None);
        }
    }
    session.last_used_at = cx.now();
    session.expires_at = cx.now() + IDLE;
    queries::touch_session(tx, session.id, session.last_used_at, session.expires_at)?;
    opened(cx, session, next).map(Some)
}

fn twin_or_reused(used_at: Time, now: Time) -> Refresh {
    if now - used_at <= GRACE { Refresh::Twin } else { Refresh::Reused }
}

/// The caller's live sessions, newest first.
pub fn own_sessions(conn: &mut Conn, cx: &Context, who: &SignedIn) -> Result<Vec<Session>> {
    queries::live_sessions(conn, who.account, cx.now())
}

/// Ends one of the caller's sessions, at once. Ending it twice is fine.
pub fn end_session(tx: &mut Tx, cx: &Context, who: &SignedIn, id: SessionId) -> Result<()> {
    let session = queries::session(tx, id)?
        .filter(|session| session.account_id == who.account)
        .ok_or(NOT_FOUND)?;
    queries::end_session(tx, session.id, cx.now())
}
