//! The types of people, accounts and sessions.

use diesel::prelude::*;
use kring_db::schema::{accounts, persons, sessions};
use kring_db::{JsonText, Time, id_type, text_type, word_type};

use super::address::PersonAddress;
use crate::error::{Code, Fault, Result};
use crate::municipalities::MunicipalityCode;
use crate::text::lang::Lang;
use crate::web::fields::{line, lines};

id_type! {
    /// A row of `persons`.
    PersonId
}

impl PersonId {
    /// Nobody's: stands for who is not signed in. No row has it.
    pub const NOBODY: Self = Self(0);
}
id_type! {
    /// A row of `accounts`.
    AccountId
}
id_type! {
    /// A row of `sessions`.
    SessionId
}

text_type! {
    /// How a person is addressed: `ann` in `@ann`. Lower case; never changes, never used again.
    Handle
}

/// What a handle looks like, as a regular expression.
pub const HANDLE_PATTERN: &str = "^[a-z][a-z0-9_]{2,29}$";

/// Handles that would be taken for the instance itself.
const RESERVED: &[&str] = &[
    "admin",
    "administrator",
    "root",
    "kring",
    "instance",
    "system",
    "support",
    "postmaster",
    "abuse",
    "moderator",
];

impl Handle {
    /// Three to thirty letters, digits and underscores, a letter first. Capitals are made small.
    pub fn parse(text: String) -> Result<Self, Fault> {
        let handle: Self = text.parse()?;
        if RESERVED.contains(&handle.as_str()) {
            Err(Fault::new("reserved"))
        } else {
            Ok(handle)
        }
    }

    /// What somebody of another instance is called there. Other servers allow more than Kring does.
    pub(super) fn elsewhere(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What stands in the place of a handle, for who is known by their address alone. Nothing that is typed reads as
    /// this, so it finds nobody and is never taken.
    pub(super) fn none(of: PersonId) -> Self {
        Self(format!("~{of}"))
    }

    /// The handle, where there is one.
    pub fn given(&self) -> Option<&str> {
        (!self.0.starts_with('~')).then_some(self.0.as_str())
    }
}

/// Reads a handle that may exist already, as in an address or a mention.
impl std::str::FromStr for Handle {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        let handle = text.trim().trim_start_matches('@').to_ascii_lowercase();
        let fits = (3..=30).contains(&handle.len())
            && handle.starts_with(|c: char| c.is_ascii_lowercase())
            && handle.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if fits { Ok(Self(handle)) } else { Err(Fault::new("handle")) }
    }
}

text_type! {
    /// The name a person is shown by.
    DisplayName
}

impl DisplayName {
    pub fn parse(text: String) -> Result<Self, Fault> {
        line(&text, 1, 80).map(Self)
    }
}

text_type! {
    /// A few sentences about oneself.
    Bio
}

impl Bio {
    pub fn parse(text: String) -> Result<Self, Fault> {
        lines(&text, 0, 500).map(Self)
    }
}

text_type! {
    /// A language tag (BCP 47) such as `nl` or `en-GB`: of what people write.
    LanguageTag
}

/// What a language tag looks like, as a regular expression.
pub const LANGUAGE_PATTERN: &str = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$";

impl LanguageTag {
    /// Checks the shape and writes it as is usual: language in small letters, region in capitals.
    pub fn parse(text: String) -> Result<Self, Fault> {
        let mut parts = text.split('-');
        let language = parts.next().unwrap_or_default();
        let rest: Vec<&str> = parts.collect();
        let fits = (2..=3).contains(&language.len())
            && language.bytes().all(|b| b.is_ascii_alphabetic())
            && rest.len() <= 3
            && rest
                .iter()
                .all(|sub| (2..=8).contains(&sub.len()) && sub.bytes().all(|b| b.is_ascii_alphanumeric()));
        if !fits {
            return Err(Fault::new("language"));
        }
        let mut tag = language.to_ascii_lowercase();
        for sub in rest {
            tag.push('-');
            tag.push_str(&if sub.len() == 2 {
                sub.to_ascii_uppercase()
            } else {
                sub.to_ascii_lowercase()
            });
        }
        Ok(Self(tag))
    }

    /// The tag of one of Kring's own languages.
    pub fn of(lang: Lang) -> Self {
        Self(lang.as_str().to_owned())
    }
}

text_type! {
    /// An e-mail address, as its owner writes it, its domain in small letters.
    Email
}

impl Email {
    pub fn parse(text: String) -> Result<Self, Fault> {
        let text = line(&text, 1, 254)?;
        let (user, domain) = text.rsplit_once('@').ok_or_else(|| Fault::new("email"))?;
        // A dot in the domain: addresses of the same machine are nobody's on the internet.
        if !domain.contains('.') {
            return Err(Fault::new("email"));
        }
        let address = lettre::Address::new(user, domain.to_lowercase()).map_err(|_| Fault::new("email"))?;
        Ok(Self(address.to_string()))
    }

    /// What two spellings of the same mailbox share: most people do not know that capitals may differ.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// A password on its way to be hashed. Never shown, never stored.
#[derive(Clone)]
pub struct Password(String);

impl Password {
    /// Ten characters at least (long beats complicated: NIST SP 800-63B), 128 at most.
    pub fn parse(text: String) -> Result<Self, Fault> {
        let length = text.chars().count();
        if length < 10 {
            Err(Fault::new("password_short").with("min", 10))
        } else if length > 128 {
            Err(Fault::new("too_long").with("max", 128).with("length", length))
        } else if text.contains('\0') {
            Err(Fault::new("control_characters"))
        } else {
            Ok(Self(text))
        }
    }

    /// A password to be compared, not chosen: any length that is worth hashing.
    pub fn attempt(text: String) -> Result<Self, Fault> {
        if text.is_empty() {
            return Err(Fault::new("empty"));
        }
        if text.len() > 1024 {
            Err(Fault::new("too_long").with("max", 1024).with("length", text.len()))
        } else {
            Ok(Self(text))
        }
    }

    pub(super) fn reveal(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

word_type! {
    /// What an account may do to the instance.
    Role { Member = "member", Admin = "admin" }
}

word_type! {
    /// What a word that came by mail is good for.
    TokenPurpose { Verify = "verify", Reset = "reset", Change = "change", Full = "full" }
}

/// Somebody who acts.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = persons)]
pub struct Person {
    pub id: PersonId,
    /// See [`Handle::given`]: mail-only persons have none.
    pub handle: Handle,
    /// Empty for persons of this instance.
    pub host: String,
    /// Empty for mail-only persons who gave none.
    pub display_name: DisplayName,
    pub bio: Bio,
    pub municipality: Option<MunicipalityCode>,
    pub languages: JsonText,
    pub created_at: Time,
    pub closed_at: Option<Time>,
    /// Where people read of them; `None` for persons of this instance.
    pub home_url: Option<String>,
}

impl Person {
    /// How they are addressed.
    pub fn address(&self) -> PersonAddress {
        PersonAddress { handle: self.handle.clone(), host: self.host.clone() }
    }
}

/// The login of a person of this instance.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Account {
    pub id: AccountId,
    pub person_id: PersonId,
    pub email: Option<Email>,
    pub email_verified_at: Option<Time>,
    pub password_hash: String,
    pub language: Lang,
    pub role: Role,
    pub approved_at: Option<Time>,
    pub expert_by_experience: bool,
    pub created_at: Time,
    pub closed_at: Option<Time>,
    /// Since when they are a member by mail; kept when they become a full one.
    pub mail_member_since: Option<Time>,
}

impl Account {
    /// Is its owner known by a confirmed address alone? Nobody signs in to it.
    pub fn is_mail_only(&self) -> bool {
        self.mail_member_since.is_some() && self.password_hash.is_empty() && self.closed_at.is_none()
    }
}

/// One signed-in device.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = sessions)]
pub struct Session {
    pub id: SessionId,
    pub account_id: AccountId,
    pub device: String,
    pub created_at: Time,
    pub last_used_at: Time,
    pub expires_at: Time,
    pub ended_at: Option<Time>,
}

/// Who is looking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Viewer {
    Anonymous,
    SignedIn(SignedIn),
}

/// A person with a live session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub account: AccountId,
    pub person: PersonId,
    pub session: SessionId,
    pub handle: Handle,
    pub admin: bool,
}

impl Viewer {
    /// The person, or 401.
    pub fn signed_in(&self) -> Result<&SignedIn> {
        match self {
            Self::SignedIn(who) => Ok(who),
            Self::Anonymous => Err(Code::SignInRequired.into()),
        }
    }

    /// The person, where there is one.
    pub fn person(&self) -> Option<PersonId> {
        match self {
            Self::SignedIn(who) => Some(who.person),
            Self::Anonymous => None,
        }
    }

    /// Is this an admin of the instance?
    pub fn is_admin(&self) -> bool {
        matches!(self, Self::SignedIn(who) if who.admin)
    }
}

/// Somebody to whom mail can be sent: confirmed, not closed, and approved or a member by mail.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub person: PersonId,
    pub account: AccountId,
    pub handle: Handle,
    /// Empty where a member by mail gave none.
    pub name: DisplayName,
    pub email: Email,
    pub language: Lang,
    /// They cannot sign in: what they decide they decide by what stands in their mail.
    pub by_mail: bool,
}

impl Recipient {
    /// Are they known by their address alone? Who asked to be a full member and waits for an admin is more than that,
    /// and has a handle.
    pub fn is_mail_only(&self) -> bool {
        self.by_mail && self.handle.given().is_none()
    }
}

/// What a registration says.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub handle: Handle,
    pub display_name: DisplayName,
    pub email: Email,
    pub password: Password,
    pub language: Lang,
}

/// What a member by mail says to become a full one.
#[derive(Clone, Debug)]
pub struct NewFullMember {
    pub handle: Handle,
    pub display_name: DisplayName,
    pub password: Password,
}

/// What changes in a profile; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct ProfileChange {
    pub display_name: Option<DisplayName>,
    pub bio: Option<Bio>,
    pub municipality: Option<Option<MunicipalityCode>>,
    pub languages: Option<Vec<LanguageTag>>,
    pub language: Option<Lang>,
    pub expert_by_experience: Option<bool>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handles_are_short_plain_words() {
        for good in ["ann", "Ann_3", "@fatima"] {
            assert!(Handle::parse(good.into()).is_ok(), "{good}");
        }
        for bad in ["an", "3ann", "a-b-c", "añn", "", "a b", "admin"] {
            assert!(Handle::parse(bad.into()).is_err(), "{bad}");
        }
    }

    #[test]
    fn language_tags_are_written_as_usual() {
        assert_eq!(LanguageTag::parse("NL-be".into()).map(|t| t.to_string()), Ok("nl-BE".into()));
        for bad in ["", "n", "nederlands", "nl_BE", "nl-", "nl-a-b-c-d"] {
            assert!(LanguageTag::parse(bad.into()).is_err(), "{bad}");
        }
    }

    #[test]
    fn addresses_keep_their_spelling_and_share_a_key() {
        let address = Email::parse(" Ann@Example.ORG ".into()).expect("fine");
        assert_eq!((address.as_str(), address.key().as_str()), ("Ann@example.org", "ann@example.org"));
        for bad in [
            "",
            "ann",
            "ann@",
            "@example.org",
            "ann@localhost",
            "a b@example.org",
            "ann@example.org\r\nBcc: x@y.z",
        ] {
            assert!(Email::parse(bad.into()).is_err(), "{bad}");
        }
    }
}
