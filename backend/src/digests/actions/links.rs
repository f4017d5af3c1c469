//! Words that came by mail: to read without signing in, and to stop the mail.

use kring_db::{Conn, Tx};

use super::{change_wish, word_hash};
use crate::accounts::{self, AccountId, PersonId, SessionId, SignedIn, Viewer};
use crate::app::Context;
use crate::digests::model::*;
use crate::digests::queries;
use crate::error::Result;

/// Letters of an id at the beginning of a word to unsubscribe.
const ID: usize = kring_db::types::ID_LENGTH;

/// Whom a word from a digest stands for: good for reading what that person may read now, and for nothing else.
/// `None` where the word was never sent, has expired or was revoked.
pub fn reader(conn: &mut Conn, cx: &Context, word: &str) -> Result<Option<Viewer>> {
    let Some(digest) = queries::by_word(conn, &word_hash(word), cx.now())? else { return Ok(None) };
    let person = accounts::person_by_id(conn, digest.person_id)?;
    Ok(Some(Viewer::SignedIn(SignedIn {
        // No account and no session: nothing that asks for either takes this for a sign-in, an admin's included.
        account: AccountId(0),
        person: person.id,
        session: SessionId(0),
        handle: person.handle,
        admin: false,
    })))
}

/// Ends every word that was mailed to a person so far.
pub fn revoke_own_words(tx: &mut Tx, cx: &Context, who: &SignedIn) -> Result<()> {
    queries::revoke_words(tx, who.person, cx.now())
}

/// The word that stops the mail of a person. It never expires (RFC 8058 is no use if it does) and does nothing else.
pub fn unsubscribe_word(cx: &Context, person: PersonId) -> String {
    format!("{person}{}", cx.keys().derive("unsubscribe", &person.to_string()))
}

/// Whose mail a word stops; `None` where this instance did not make it.
pub fn unsubscriber(cx: &Context, word: &str) -> Option<PersonId> {
    let (id, secret) = word.split_at_checked(ID)?;
    let person: PersonId = id.parse().ok()?;
    cx.keys().derived("unsubscribe", &person.to_string(), secret).then_some(person)
}

/// What the owner of a word to unsubscribe wishes now; `None` where they closed their account.
pub fn subscription(conn: &mut Conn, person: PersonId) -> Result<Option<Wish>> {
    Ok(queries::preferences(conn, person)?.map(|known| known.wish))
}

/// Changes what the owner of a word to unsubscribe wishes. Twice is once; nothing to change is fine.
pub fn change_subscription(tx: &mut Tx, cx: &Context, person: PersonId, change: &WishChange) -> Result<()> {
    if queries::preferences(tx, person)?.is_some() {
        change_wish(tx, cx, person, change)?;
    }
    Ok(())
}
