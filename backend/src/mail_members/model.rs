//! The types of invitations by e-mail address.

use diesel::prelude::*;
use kring_db::schema::email_invitations;
use kring_db::{Time, id_type, word_type};
use serde::{Deserialize, Serialize};

use crate::accounts::{DisplayName, Email, Handle, PersonId};
use crate::digests::Wish;
use crate::error::Fault;
use crate::mail::MailId;
use crate::networks::{Network, NetworkId};
use crate::text::lang::Lang;

id_type! {
    /// A row of `email_invitations`.
    InvitationId
}

word_type! {
    /// How an invitation by mail stands: it waits; its owner said yes, or no; they were a member and left, or were taken
    /// out; it was taken back; nobody answered in time.
    InvitationState {
        Invited = "invited",
        Confirmed = "confirmed",
        Declined = "declined",
        Left = "left",
        Removed = "removed",
        Withdrawn = "withdrawn",
        Expired = "expired",
    }
}

/// An invitation by e-mail address.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = email_invitations)]
pub struct Invitation {
    pub id: InvitationId,
    pub network_id: NetworkId,
    /// While it waits.
    pub email: Option<Email>,
    pub email_hash: String,
    /// What the inviter calls them; empty where they gave no name, and once it no longer waits.
    pub name: DisplayName,
    pub language: Lang,
    pub invited_by: PersonId,
    pub state: InvitationState,
    pub mail_id: Option<MailId>,
    /// Who said yes, as long as they are a member.
    pub person_id: Option<PersonId>,
    pub created_at: Time,
    pub sent_at: Option<Time>,
    pub reminded_at: Option<Time>,
    pub expires_at: Time,
    pub ended_at: Option<Time>,
}

/// What the job of an invitation is about.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Due {
    pub invitation: InvitationId,
    /// Its owner said yes to this network before, and was taken out.
    pub again: bool,
    /// What came of it so far; `None` before it was first looked at.
    pub begun: Option<Begun>,
}

/// When an invitation was first looked at, and what is to become of it.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Begun {
    pub at: Time,
    pub manner: Manner,
}

/// How an address is told of an invitation. Whoever invites sees the same in each case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Manner {
    /// With a mail, and one reminder.
    Mailed,
    /// Not now: another one was mailed to the address, which is not confirmed. Once it is, with one mail.
    Waits,
    /// With no mail, or with no further one.
    Silent,
}

/// Somebody to be invited.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    pub email: Email,
    /// The network's where it does not say.
    pub language: Option<Lang>,
    pub name: Option<DisplayName>,
}

/// A line of a file: what it says, or what is wrong with it.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its number in the file, from 1.
    pub number: u64,
    /// The address as it stands there.
    pub email: String,
    pub parsed: Result<NewInvitation, Fault>,
}

/// A line that was not carried out, and why.
#[derive(Clone, Debug)]
pub struct Problem {
    pub line: u64,
    pub email: String,
    pub fault: Fault,
}

/// What came of a file.
#[derive(Clone, Debug)]
pub struct Report {
    /// How many were invited, or would be.
    pub created: usize,
    pub problems: Vec<Problem>,
}

/// Which invitations are wanted.
#[derive(Clone, Debug, Default)]
pub struct InvitationFilter {
    pub state: Option<InvitationState>,
    /// The one for this address, where the caller wrote it.
    pub email: Option<Email>,
}

/// What an invitation means to its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// They are new here.
    New,
    /// They read another network by mail already.
    ByMail,
    /// They have an account with this address.
    Account,
}

/// An invitation as its owner sees it.
#[derive(Clone, Debug)]
pub struct Opened {
    pub invitation: Invitation,
    pub network: Network,
    /// Who invites, by name.
    pub inviter: String,
    pub known: Known,
    /// Their handle, where they have an account.
    pub handle: Option<Handle>,
    /// The word with which they say that nobody is to invite them; while the invitation waits.
    pub refusal: Option<String>,
    /// What else waits for them, once they answered this one.
    pub others: Vec<Other>,
}

/// Another invitation to a confirmed address, which waits for an answer.
#[derive(Clone, Debug)]
pub struct Other {
    pub invitation: InvitationId,
    pub word: String,
    pub network: Network,
    /// Who invites, by name.
    pub inviter: String,
}

/// Yes.
#[derive(Clone, Debug)]
pub struct Confirmation {
    /// That of the invitation where they do not say.
    pub language: Option<Lang>,
    /// When the digest comes; for who gets one already nothing changes.
    pub wish: Wish,
    pub name: Option<DisplayName>,
    /// May other members of this network see them?
    pub shown: bool,
}

/// What came of a yes.
#[derive(Clone, Debug)]
pub struct Confirmed {
    pub network: Network,
    pub person: PersonId,
    /// Do they read by mail alone?
    pub by_mail: bool,
    /// When the next digest is due, if there is anything to tell.
    pub next_at: Option<Time>,
    /// What else waits for them.
    pub others: Vec<Other>,
}
