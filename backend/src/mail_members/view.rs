//! Invitations by mail on the wire.

use kring_db::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::Counts;
use super::model::*;
use crate::accounts::{DisplayName, Email, Handle, NewFullMember, Password, Person};
use crate::config::Config;
use crate::digests::{Frequency, TimeZone, Weekday, Wish, parse_hour};
use crate::error::{Fault, Result};
use crate::networks::NetworkRefView;
use crate::text::lang::Lang;
use crate::web::fields::{any, line, word};
use crate::web::{Field, Fields};

/// Somebody to be invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateInvitation {
    #[serde(default)]
    #[schema(value_type = String, required, format = "email", max_length = 254, example = "jan@example.org")]
    email: Field<String>,
    /// The language to invite them in; the network's where left out.
    #[serde(default)]
    #[schema(value_type = Lang, required = false)]
    language: Field<String>,
    /// What you call them. It stands in the mail, and they may change it.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 80, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$", example = "Jan de Groot")]
    name: Field<String>,
}

impl CreateInvitation {
    pub fn parse(self) -> Result<NewInvitation> {
        let mut f = Fields::of_body();
        let email = f.need("email", self.email, Email::parse);
        let language = f.may("language", self.language, word);
        let name = f.may("name", self.name, DisplayName::parse);
        f.finish(|| Some(NewInvitation { email: email?, language, name }))
    }
}

/// Who invited.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Inviter)]
pub struct InviterView {
    #[schema(example = "ann")]
    pub handle: String,
    #[schema(example = "Ann de Boer")]
    pub display_name: String,
}

/// An invitation by e-mail address.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Invitation)]
pub struct InvitationView {
    pub id: InvitationId,
    pub state: InvitationState,
    /// To who wrote the invitation, while it waits; null to others and afterwards. It is forgotten then.
    #[schema(required, example = "jan@example.org")]
    pub email: Option<String>,
    /// What who wrote it calls them; null like the address.
    #[schema(required, example = "Jan de Groot")]
    pub name: Option<String>,
    pub language: Lang,
    pub invited_by: InviterView,
    pub created_at: Time,
    #[schema(required)]
    pub reminded_at: Option<Time>,
    /// Until when it waits.
    pub expires_at: Time,
    /// When it stopped waiting, or its owner was no member any more.
    #[schema(required)]
    pub ended_at: Option<Time>,
}

impl From<(Invitation, Person)> for InvitationView {
    fn from((invitation, inviter): (Invitation, Person)) -> Self {
        Self {
            id: invitation.id,
            state: invitation.state,
            email: invitation.email.map(|email| email.to_string()),
            name: Some(invitation.name.to_string()).filter(|name| !name.is_empty()),
            language: invitation.language,
            invited_by: InviterView {
                handle: inviter.handle.to_string(),
                display_name: inviter.display_name.to_string(),
            },
            created_at: invitation.created_at,
            reminded_at: invitation.reminded_at,
            expires_at: invitation.expires_at,
            ended_at: invitation.ended_at,
        }
    }
}

/// What came of a file.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationReport {
    /// Nothing was written: this is what would come of it.
    pub dry_run: bool,
    /// How many were invited.
    pub created: i64,
    /// The lines that were not carried out, and why. Nothing here tells whether an address has an account, or what it
    /// said to other networks.
    pub problems: Vec<InvitationProblem>,
}

/// A line of a file that was not carried out.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct InvitationProblem {
    /// Its number in the file, from 1.
    #[schema(example = 7)]
    pub line: i64,
    /// The address as it stands there.
    #[schema(example = "jan@example")]
    pub email: String,
    #[schema(example = "email")]
    pub code: String,
    /// A plain sentence, in the language of the request.
    pub sentence: String,
}

impl InvitationReport {
    pub fn of(report: Report, lang: Lang, dry_run: bool) -> Self {
        let problems = report.problems.into_iter().map(|problem| InvitationProblem {
            line: problem.line as i64,
            email: problem.email,
            code: problem.fault.code.to_owned(),
            sentence: lang.say_with(&format!("fault-{}", problem.fault.code), &problem.fault.args),
        });
        Self {
            dry_run,
            created: report.created as i64,
            problems: problems.collect(),
        }
    }
}

/// What an inviting `POST` made: one invitation, or as many as a file has good lines.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum InvitationsCreated {
    One(InvitationView),
    Many(InvitationReport),
}

/// Members by mail, in numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MailMembers {
    /// How many belong to the network. They are in its `memberCount`, too.
    #[schema(example = 38)]
    pub members: i64,
    /// How many of them chose to be seen by other members.
    #[schema(example = 5)]
    pub shown: i64,
    /// How many invitations wait for an answer.
    #[schema(example = 2)]
    pub waiting: i64,
}

impl From<Counts> for MailMembers {
    fn from(counts: Counts) -> Self {
        Self {
            members: counts.members,
            shown: counts.shown,
            waiting: counts.waiting,
        }
    }
}

kring_db::word_type! {
    /// Who somebody is here already: nobody, a member by mail, or somebody with an account.
    KnownAs { Nobody = "nobody", MailMember = "mail_member", Account = "account" }
}

/// An invitation, as its owner sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmailInvitation {
    pub state: InvitationState,
    pub network: NetworkRefView,
    /// What the network is about, as safe HTML.
    pub description_html: String,
    /// The language of the network.
    #[schema(example = "nl")]
    pub network_language: String,
    /// Who invites, by name.
    #[schema(example = "Ann de Boer")]
    pub invited_by: String,
    pub language: Lang,
    /// Who they are here already. Only for who is new there is a day and an hour to choose.
    pub known_as: KnownAs,
    pub expires_at: Time,
    /// Once they answered: what other networks had asked by then, and still waits. Only where the address is confirmed.
    pub others: Vec<OtherInvitation>,
}

/// Another invitation that waits for who answered one.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OtherInvitation {
    /// With which it is read and answered.
    #[schema(example = "06bq4m2k8w3xzZk3vJ0cB9yQmT5uW1nR8sXaL2dE6fGhI7jKoPq")]
    pub word: String,
    pub network: NetworkRefView,
    /// Who invites, by name.
    #[schema(example = "Bob Visser")]
    pub invited_by: String,
}

impl From<Other> for OtherInvitation {
    fn from(other: Other) -> Self {
        Self {
            word: other.word,
            network: NetworkRefView::from(&other.network),
            invited_by: other.inviter,
        }
    }
}

impl From<Opened> for EmailInvitation {
    fn from(opened: Opened) -> Self {
        Self {
            state: opened.invitation.state,
            network: NetworkRefView::from(&opened.network),
            description_html: opened.network.description_html,
            network_language: opened.network.language.to_string(),
            invited_by: opened.inviter,
            language: opened.invitation.language,
            known_as: match opened.known {
                Known::New => KnownAs::Nobody,
                Known::ByMail => KnownAs::MailMember,
                Known::Account => KnownAs::Account,
            },
            expires_at: opened.invitation.expires_at,
            others: opened.others.into_iter().map(OtherInvitation::from).collect(),
        }
    }
}

/// Yes to an invitation. What is left out is as usual: the language of the invitation, every week, Tuesday at nine, no
/// name, not shown.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmInvitation {
    #[serde(default)]
    #[schema(value_type = Lang, required = false)]
    language: Field<String>,
    /// `off` is no choice: then say no.
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^(daily|weekly|fortnightly)$", example = "weekly")]
    frequency: Field<String>,
    #[serde(default)]
    #[schema(value_type = Weekday, required = false)]
    weekday: Field<String>,
    #[serde(default)]
    #[schema(value_type = i64, required = false, minimum = 0, maximum = 23, example = 9)]
    hour: Field<i64>,
    /// A name of the IANA list.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 50, example = "Europe/Amsterdam")]
    time_zone: Field<String>,
    /// What you are called.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 80, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$")]
    display_name: Field<String>,
    /// May other members of this network see that you are one? It takes a name.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    shown: Field<bool>,
}

impl ConfirmInvitation {
    /// Takes one field of a form, where everything is text. Others than these are none of its fields.
    pub fn take(&mut self, name: &str, value: String) {
        match name {
            "language" => self.language = Field::Value(value),
            "frequency" => self.frequency = Field::Value(value),
            "weekday" => self.weekday = Field::Value(value),
            "hour" => self.hour = value.parse().map_or(Field::Wrong, Field::Value),
            "displayName" if !value.trim().is_empty() => self.display_name = Field::Value(value),
            "shown" => self.shown = Field::Value(value == "true"),
            _ => {}
        }
    }

    pub fn parse(self, config: &Config) -> Result<Confirmation> {
        let mut f = Fields::of_body();
        let usual = Wish::usual(config);
        let wish = Wish {
            frequency: f.may("frequency", self.frequency, often).unwrap_or(usual.frequency),
            weekday: f.may("weekday", self.weekday, word).unwrap_or(usual.weekday),
            hour: f.may("hour", self.hour, parse_hour).unwrap_or(usual.hour),
            time_zone: f.may("timeZone", self.time_zone, TimeZone::parse).unwrap_or(usual.time_zone),
        };
        let language = f.may("language", self.language, word);
        let name = f.may("displayName", self.display_name, DisplayName::parse);
        let shown = f.may("shown", self.shown, any).unwrap_or(false);
        f.finish(|| Some(Confirmation { language, wish, name, shown }))
    }
}

fn often(text: String) -> Result<Frequency, Fault> {
    match word(text)? {
        Frequency::Off => Err(Fault::new("not_allowed").with("allowed", "daily, weekly, fortnightly")),
        frequency => Ok(frequency),
    }
}

/// They are a member now.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ConfirmedInvitation {
    pub network: NetworkRefView,
    /// When the next digest is due, if there is anything to tell then; null while its reader wants none.
    #[schema(required)]
    pub next_digest_at: Option<Time>,
    /// What other networks asked before, and still waits for an answer.
    pub others: Vec<OtherInvitation>,
}

impl From<Confirmed> for ConfirmedInvitation {
    fn from(confirmed: Confirmed) -> Self {
        Self {
            network: NetworkRefView::from(&confirmed.network),
            next_digest_at: confirmed.next_at,
            others: confirmed.others.into_iter().map(OtherInvitation::from).collect(),
        }
    }
}

/// No to an invitation.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeclineInvitation {
    /// Nobody is to invite this address again.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    never_again: Field<bool>,
}

impl DeclineInvitation {
    pub fn parse(self) -> Result<bool> {
        let mut f = Fields::of_body();
        let never_again = f.may("neverAgain", self.never_again, any).unwrap_or(false);
        f.finish(|| Some(never_again))
    }
}

/// The word from a digest.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct DigestWord {
    /// The one in its links to choose when it comes and to stop it.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 200)]
    token: Field<String>,
}

impl DigestWord {
    pub fn parse(self) -> Result<String> {
        let mut f = Fields::of_body();
        let token = f.need("token", self.token, |text: String| line(&text, 1, 200));
        f.finish(|| token)
    }
}

/// What a member by mail says to become a full one.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompleteFullMembership {
    /// The word that came by mail.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 200)]
    token: Field<String>,
    /// How others address you: letters, digits and underscores. It never changes.
    #[serde(default)]
    #[schema(value_type = String, required, pattern = "^[a-z][a-z0-9_]{2,29}$", example = "jan")]
    handle: Field<String>,
    /// The name you are shown by.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 80, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$", example = "Jan de Groot")]
    display_name: Field<String>,
    /// Ten characters at least. Long is better than complicated.
    #[serde(default)]
    #[schema(value_type = String, required, format = "password", min_length = 10, max_length = 128, example = "een lange zin is prima")]
    password: Field<String>,
}

impl CompleteFullMembership {
    /// Takes one field of a form.
    pub fn take(&mut self, name: &str, value: String) {
        let field = match name {
            "handle" => &mut self.handle,
            "displayName" => &mut self.display_name,
            "password" => &mut self.password,
            _ => return,
        };
        *field = if value.is_empty() { Field::Absent } else { Field::Value(value) };
    }

    /// With the word from the address of a page.
    pub fn with_word(mut self, word: &str) -> Self {
        self.token = Field::Value(word.to_owned());
        self
    }

    pub fn parse(self) -> Result<(String, NewFullMember)> {
        let mut f = Fields::of_body();
        let token = f.need("token", self.token, |text: String| line(&text, 1, 200));
        let handle = f.need("handle", self.handle, Handle::parse);
        let display_name = f.need("displayName", self.display_name, DisplayName::parse);
        let password = f.need("password", self.password, Password::parse);
        f.finish(|| {
            Some((
                token?,
                NewFullMember {
                    handle: handle?,
                    display_name: display_name?,
                    password: password?,
                },
            ))
        })
    }
}

/// How far a full member is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FullMembership {
    /// May they sign in now? If not, an admin looks first; the digest comes meanwhile.
    pub can_sign_in: bool,
    /// A plain sentence, in the language of the request.
    pub detail: String,
}
