//! What members by mail choose with the words from their digest: besides when it comes, what they are called, their
//! language, whether others see them, and to leave. To stop the mail is to leave: there is nothing else they get.

use kring_db::{Conn, Tx};

use super::{change_wish, unsubscriber};
use crate::accounts::{self, DisplayName, PersonId, Recipient};
use crate::app::Context;
use crate::digests::model::*;
use crate::error::{Fault, NOT_FOUND, Result};
use crate::networks::{self, Network, NetworkId};
use crate::text::lang::Lang;

/// A member by mail, and where.
#[derive(Clone, Debug)]
pub struct MailMember {
    /// Empty where they gave none.
    pub name: DisplayName,
    pub language: Lang,
    /// They asked to be a full member, and an admin has not answered yet.
    pub waits: bool,
    /// Their networks, by name, and whether other members see them there.
    pub networks: Vec<(Network, bool)>,
}

/// What the owner of a word to unsubscribe may choose.
#[derive(Clone, Debug)]
pub enum Choices {
    /// Full members choose the rest where they sign in.
    WhenItComes,
    /// They read by mail alone, and their link is too old for more.
    WithANewerLink,
    /// They read by mail alone.
    Everything(MailMember),
}

/// Changes to it.
#[derive(Clone, Debug)]
pub struct MailMemberChange {
    /// `None` for no name.
    pub name: Option<DisplayName>,
    pub language: Lang,
    /// Where other members may see them; nowhere else.
    pub shown: Vec<NetworkId>,
}

/// How stopping a digest is for somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// A full member, or somebody who asked to be one: they stay what they are without the mail.
    Off,
    /// A member by mail: they leave their networks, and their data goes.
    Leaves {
        /// The word with which they say that nobody is to invite them again.
        refusal: String,
    },
    /// They left before.
    Gone,
}

pub(super) fn member(conn: &mut Conn, known: Recipient) -> Result<MailMember> {
    let mine = networks::memberships_of(conn, known.person)?;
    Ok(MailMember {
        waits: !known.is_mail_only(),
        networks: mine.into_iter().map(|(network, own)| (network, own.shown)).collect(),
        name: known.name,
        language: known.language,
    })
}

/// Changes what a member by mail chose, with when their digest comes. Only with a name can others see them.
pub fn change_mail_member(
    tx: &mut Tx,
    cx: &Context,
    person: PersonId,
    change: &MailMemberChange,
    wish: &WishChange,
) -> Result<()> {
    accounts::mail_profile(tx, person)?.ok_or(NOT_FOUND)?;
    if change.name.is_none() && !change.shown.is_empty() {
        return Err(Fault::new("needs_name").at("/displayName"));
    }
    let name = change.name.clone().unwrap_or_default();
    accounts::change_mail_profile(tx, person, Some(&name), Some(change.language))?;
    networks::set_shown(tx, person, &change.shown)?;
    change_wish(tx, cx, person, wish).map(|_| ())
}

/// How stopping would be for the owner of a word to unsubscribe.
pub fn stopping(conn: &mut Conn, cx: &Context, person: PersonId) -> Result<Stopped> {
    let known = accounts::recipient(conn, person)?;
    match known {
        Some(known) if known.is_mail_only() => {
            Ok(Stopped::Leaves { refusal: accounts::refusal_word(cx, &known.email) })
        }
        Some(_) => Ok(Stopped::Off),
        None if accounts::person_by_id(conn, person)?.handle.given().is_none() => Ok(Stopped::Gone),
        None => Ok(Stopped::Off),
    }
}

/// Stops the mail of the owner of a word to unsubscribe. Twice is once.
pub fn stop(tx: &mut Tx, cx: &Context, person: PersonId) -> Result<Stopped> {
    let stopped = stopping(tx, cx, person)?;
    match stopped {
        Stopped::Leaves { .. } => accounts::close(tx, cx, person)?,
        Stopped::Off => {
            let off = WishChange { frequency: Some(Frequency::Off), ..WishChange::default() };
            super::change_subscription(tx, cx, person, &off)?;
        }
        Stopped::Gone => {}
    }
    Ok(stopped)
}

/// A member by mail leaves one network. Who leaves the last one leaves altogether: what follows from it sees to that.
pub fn leave_one(tx: &mut Tx, cx: &Context, word: &str, network: NetworkId) -> Result<()> {
    let person = unsubscriber(cx, word).ok_or(NOT_FOUND)?;
    accounts::mail_profile(tx, person)?.ok_or(NOT_FOUND)?;
    networks::leave_by_mail(tx, cx, network, person)
}
