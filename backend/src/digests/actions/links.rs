//! Words that came by mail: to read without signing in, and to stop the mail.

use kring_db::{Conn, Tx};

use super::by_mail::{self, MailMember};
use super::{change_wish, wish_of, word_hash};
use crate::accounts::{self, AccountId, PersonId, SessionId, SignedIn, Viewer};
use crate::app::Context;
use crate::digests::model::*;
use crate::digests::queries;
use crate::error::{Error, Result};
use crate::networks::NetworkId;

/// Letters of an id at the beginning of a word to unsubscribe.
const ID: usize = kring_db::types::ID_LENGTH;

/// Whom a word from a digest stands for, and where: a mail that is passed on gives away what it tells of, and not to
/// what else its owner belongs.
pub struct Holder {
    /// The owner. In the networks of the digest they read what they may read now; elsewhere the word is worth nothing.
    pub owner: Viewer,
    networks: Vec<NetworkId>,
}

impl Holder {
    /// Who reads with the word what is in `network`, or in none.
    pub fn within(self, network: Option<NetworkId>) -> Viewer {
        match network {
            Some(network) if self.networks.contains(&network) => self.owner,
            _ => Viewer::Anonymous,
        }
    }
}

/// Who comes with a word from a digest. `None` where the word was never sent, has expired or was revoked.
pub fn holder(conn: &mut Conn, cx: &Context, word: &str) -> Result<Option<Holder>> {
    let Some(digest) = queries::by_word(conn, &word_hash(word), cx.now())? else { return Ok(None) };
    let contents: Contents = digest.contents.read().map_err(Error::internal)?;
    let person = accounts::person_by_id(conn, digest.person_id)?;
    let owner = Viewer::SignedIn(SignedIn {
        // No account and no session: nothing that asks for either takes this for a sign-in, an admin's included.
        account: AccountId(0),
        person: person.id,
        session: SessionId(0),
        handle: person.handle,
        admin: false,
    });
    Ok(Some(Holder { owner, networks: contents.told() }))
}

/// Ends every word that was mailed to a person so far.
pub fn revoke_own_words(tx: &mut Tx, cx: &Context, who: &SignedIn) -> Result<()> {
    queries::revoke_words(tx, who.person, cx.now())
}

/// The word that stops the mail of a person, and lets them choose how often and when it comes. It never expires (RFC
/// 8058 is no use if it does), and reads nothing.
pub fn unsubscribe_word(cx: &Context, person: PersonId) -> String {
    format!("{person}{}", cx.keys().derive("unsubscribe", &person.to_string()))
}

/// Whose mail a word stops; `None` where this instance did not make it.
pub fn unsubscriber(cx: &Context, word: &str) -> Option<PersonId> {
    let (id, secret) = word.split_at_checked(ID)?;
    let person: PersonId = id.parse().ok()?;
    cx.keys().derived("unsubscribe", &person.to_string(), secret).then_some(person)
}

/// What the owner of a word to unsubscribe wishes now, and where they read by mail alone what else is theirs to choose;
/// `None` where they closed their account, or left.
pub fn subscription(
    conn: &mut Conn,
    cx: &Context,
    person: PersonId,
) -> Result<Option<(Wish, Option<MailMember>)>> {
    let Some(known) = accounts::recipient(conn, person)? else { return Ok(None) };
    let (wish, _) = wish_of(conn, cx, person)?;
    let by_mail = match known.by_mail {
        true => Some(by_mail::member(conn, known)?),
        false => None,
    };
    Ok(Some((wish, by_mail)))
}

/// Changes what the owner of a word to unsubscribe wishes. Twice is once; nothing to change is fine.
pub fn change_subscription(tx: &mut Tx, cx: &Context, person: PersonId, change: &WishChange) -> Result<()> {
    if accounts::recipient(tx, person)?.is_some() {
        change_wish(tx, cx, person, change)?;
    }
    Ok(())
}
