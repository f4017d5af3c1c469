//! Words that came by mail, to read without signing in.

use kring_db::{Conn, Tx};

use super::word_hash;
use crate::accounts::{self, AccountId, SessionId, SignedIn, Viewer};
use crate::app::Context;
use crate::digests::queries;
use crate::error::Result;

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
