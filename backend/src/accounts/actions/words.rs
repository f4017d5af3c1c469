//! What a word that came by mail would still do: for pages that show a button before they act.

use kring_db::Conn;

use super::{over, secret_hash};
use crate::accounts::model::{Handle, TokenPurpose};
use crate::accounts::queries;
use crate::app::Context;
use crate::error::Result;

/// How a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordState {
    /// It works.
    Works,
    /// It did its work already.
    Used,
    /// There is no such word, or its time is over.
    Over,
}

/// A word to confirm an address with.
pub fn verify_word(conn: &mut Conn, cx: &Context, word: &str) -> Result<WordState> {
    state(conn, cx, word, &[TokenPurpose::Verify, TokenPurpose::Change])
}

/// Whom a word to confirm an address with would confirm it for.
pub fn confirms(conn: &mut Conn, word: &str) -> Result<Option<Handle>> {
    let Some(token) = queries::email_token(conn, &secret_hash(word))? else { return Ok(None) };
    let account = queries::account(conn, token.account)?;
    Ok(Some(queries::person_by_id(conn, account.person_id)?.handle))
}

/// A word to choose a new password with.
pub fn reset_word(conn: &mut Conn, cx: &Context, word: &str) -> Result<WordState> {
    state(conn, cx, word, &[TokenPurpose::Reset])
}

/// A word to become a full member with.
pub fn full_word(conn: &mut Conn, cx: &Context, word: &str) -> Result<WordState> {
    state(conn, cx, word, &[TokenPurpose::Full])
}

fn state(conn: &mut Conn, cx: &Context, word: &str, purposes: &[TokenPurpose]) -> Result<WordState> {
    let token = queries::email_token(conn, &secret_hash(word))?;
    Ok(match token.filter(|token| purposes.contains(&token.purpose)) {
        Some(token) if token.used_at.is_some() => WordState::Used,
        Some(token) if !over(token.expires_at, cx.now()) => WordState::Works,
        _ => WordState::Over,
    })
}
