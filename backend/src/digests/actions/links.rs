//! Words that came by mail: to read without signing in, and to stop the mail.

use chrono::Duration;
use kring_db::{Conn, Tx};

use super::by_mail::{self, Choices};
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

/// How long a link lets a member by mail see and choose what is theirs.
const CHOOSES_FOR: Duration = Duration::days(60);

/// The word that, beside the one to unsubscribe, lets a member by mail see where they belong and choose what others see
/// of them. Unlike that one it expires: who finds an old digest learns nothing and changes nothing but the mail.
pub fn choosing_word(cx: &Context, person: PersonId) -> String {
    let until = (cx.now() + CHOOSES_FOR).millis();
    format!("{until}-{}", cx.keys().derive("choose", &format!("{person} {until}")))
}

/// Does `word` still let its owner choose?
pub fn may_choose(cx: &Context, person: PersonId, word: Option<&str>) -> bool {
    let Some((until, secret)) = word.and_then(|word| word.split_once('-')) else { return false };
    until.parse().is_ok_and(|until: i64| until > cx.now().millis())
        && cx.keys().derived("choose", &format!("{person} {until}"), secret)
}

/// What the owner of a word to unsubscribe wishes now, and what else is theirs to choose with the word `choosing`; `None`
/// where they closed their account, or left.
pub fn subscription(
    conn: &mut Conn,
    cx: &Context,
    person: PersonId,
    choosing: Option<&str>,
) -> Result<Option<(Wish, Choices)>> {
    let Some(known) = accounts::recipient(conn, person)? else { return Ok(None) };
    let (wish, _) = wish_of(conn, cx, person)?;
    let choices = match known.by_mail {
        false => Choices::WhenItComes,
        true if may_choose(cx, person, choosing) => Choices::Everything(by_mail::member(conn, known)?),
        true => Choices::WithANewerLink,
    };
    Ok(Some((wish, choices)))
}

/// Changes what the owner of a word to unsubscribe wishes. Twice is once; nothing to change is fine.
pub fn change_subscription(tx: &mut Tx, cx: &Context, person: PersonId, change: &WishChange) -> Result<()> {
    if accounts::recipient(tx, person)?.is_some() {
        change_wish(tx, cx, person, change)?;
    }
    Ok(())
}
