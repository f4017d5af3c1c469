//! Accounts, sessions and people on the wire.

use kring_db::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::{Opened, Profile};
use super::keys::ACCESS_SECONDS;
use super::model::*;
use crate::error::Result;
use crate::municipalities::{MunicipalityCode, MunicipalityView};
use crate::text::lang::Lang;
use crate::web::fields::{any, each, line, word};
use crate::web::{Field, Fields};

/// A new account.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateAccount {
    /// How others address you: letters, digits and underscores. It never changes.
    #[schema(value_type = String, required, pattern = "^[a-z][a-z0-9_]{2,29}$", example = "ann")]
    #[serde(default)]
    handle: Field<String>,
    /// The name you are shown by.
    #[schema(value_type = String, required, min_length = 1, max_length = 80, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$", example = "Ann de Boer")]
    #[serde(default)]
    display_name: Field<String>,
    #[schema(value_type = String, required, format = "email", max_length = 254, example = "ann@example.org")]
    #[serde(default)]
    email: Field<String>,
    /// Ten characters at least. Long is better than complicated.
    #[schema(value_type = String, required, format = "password", min_length = 10, max_length = 128, example = "een lange zin is prima")]
    #[serde(default)]
    password: Field<String>,
    /// The language of your mails.
    #[schema(value_type = Lang, required = false)]
    #[serde(default)]
    language: Field<String>,
}

impl CreateAccount {
    /// `lang` is the language of the request, for those who choose none.
    pub fn parse(self, lang: Lang) -> Result<NewAccount> {
        let mut f = Fields::of_body();
        let handle = f.need("handle", self.handle, Handle::parse);
        let display_name = f.need("displayName", self.display_name, DisplayName::parse);
        let email = f.need("email", self.email, Email::parse);
        let password = f.need("password", self.password, Password::parse);
        let language = f.may("language", self.language, word).unwrap_or(lang);
        f.finish(|| {
            Some(NewAccount {
                handle: handle?,
                display_name: display_name?,
                email: email?,
                password: password?,
                language,
            })
        })
    }
}

/// What happens next.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NextStep {
    /// A plain sentence, in the language of the request.
    pub detail: String,
}

/// The word that came by mail.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct MailWord {
    #[schema(value_type = String, required, min_length = 1, max_length = 200)]
    #[serde(default)]
    token: Field<String>,
}

impl MailWord {
    pub fn parse(self) -> Result<String> {
        let mut f = Fields::of_body();
        let token = f.need("token", self.token, mail_word);
        f.finish(|| token)
    }
}

fn mail_word(text: String) -> Result<String, crate::error::Fault> {
    line(&text, 1, 200)
}

/// How far a confirmed account is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VerifiedEmail {
    /// May its owner sign in now? If not, an admin looks at the account first.
    pub can_sign_in: bool,
    /// A plain sentence, in the language of the request.
    pub detail: String,
}

/// An address.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct EmailOnly {
    #[schema(value_type = String, required, format = "email", max_length = 254, example = "ann@example.org")]
    #[serde(default)]
    email: Field<String>,
}

impl EmailOnly {
    pub fn parse(self) -> Result<Email> {
        let mut f = Fields::of_body();
        let email = f.need("email", self.email, Email::parse);
        f.finish(|| email)
    }
}

/// A new password and the word that allows it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CompleteReset {
    #[schema(value_type = String, required, min_length = 1, max_length = 200)]
    #[serde(default)]
    token: Field<String>,
    #[schema(value_type = String, required, format = "password", min_length = 10, max_length = 128)]
    #[serde(default)]
    new_password: Field<String>,
}

impl CompleteReset {
    pub fn parse(self) -> Result<(String, Password)> {
        let mut f = Fields::of_body();
        let token = f.need("token", self.token, mail_word);
        let password = f.need("newPassword", self.new_password, Password::parse);
        f.finish(|| Some((token?, password?)))
    }
}

/// A new password and the present one.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangePassword {
    #[schema(value_type = String, required, format = "password", min_length = 1, max_length = 1024)]
    #[serde(default)]
    current_password: Field<String>,
    #[schema(value_type = String, required, format = "password", min_length = 10, max_length = 128)]
    #[serde(default)]
    new_password: Field<String>,
}

impl ChangePassword {
    pub fn parse(self) -> Result<(Password, Password)> {
        let mut f = Fields::of_body();
        let current = f.need("currentPassword", self.current_password, Password::attempt);
        let new = f.need("newPassword", self.new_password, Password::parse);
        f.finish(|| Some((current?, new?)))
    }
}

/// A new address, and the password to show that it is you.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct ChangeEmail {
    #[schema(value_type = String, required, format = "email", max_length = 254)]
    #[serde(default)]
    email: Field<String>,
    #[schema(value_type = String, required, format = "password", min_length = 1, max_length = 1024)]
    #[serde(default)]
    password: Field<String>,
}

impl ChangeEmail {
    pub fn parse(self) -> Result<(Email, Password)> {
        let mut f = Fields::of_body();
        let email = f.need("email", self.email, Email::parse);
        let password = f.need("password", self.password, Password::attempt);
        f.finish(|| Some((email?, password?)))
    }
}

/// The password, to show that it is you.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct CloseAccount {
    #[schema(value_type = String, required, format = "password", min_length = 1, max_length = 1024)]
    #[serde(default)]
    password: Field<String>,
}

impl CloseAccount {
    pub fn parse(self) -> Result<Password> {
        let mut f = Fields::of_body();
        let password = f.need("password", self.password, Password::attempt);
        f.finish(|| password)
    }
}

/// Signing in.
#[derive(Debug, Default, Deserialize, ToSchema)]
pub struct CreateSession {
    /// Your handle or your e-mail address.
    #[schema(value_type = String, required, min_length = 1, max_length = 254, example = "anna")]
    #[serde(default)]
    login: Field<String>,
    #[schema(value_type = String, required, format = "password", min_length = 1, max_length = 1024)]
    #[serde(default)]
    password: Field<String>,
}

impl CreateSession {
    pub fn parse(self) -> Result<(String, Password)> {
        let mut f = Fields::of_body();
        let login = f.need("login", self.login, |text: String| line(&text, 1, 254));
        let password = f.need("password", self.password, Password::attempt);
        f.finish(|| Some((login?, password?)))
    }
}

/// Staying signed in.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefreshSession {
    #[schema(value_type = String, required, min_length = 1, max_length = 200)]
    #[serde(default)]
    refresh_token: Field<String>,
}

impl RefreshSession {
    pub fn parse(self) -> Result<String> {
        let mut f = Fields::of_body();
        let token = f.need("refreshToken", self.refresh_token, mail_word);
        f.finish(|| token)
    }
}

/// A session and its tokens.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SessionTokens {
    /// Send it as `Authorization: Bearer …`.
    pub access_token: String,
    /// Good once, for the next pair. Keep it where scripts of other sites cannot read it.
    pub refresh_token: String,
    /// Seconds until the access token expires.
    #[schema(example = 900)]
    pub expires_in: i64,
    pub session: SessionView,
}

impl From<Opened> for SessionTokens {
    fn from(opened: Opened) -> Self {
        let current = opened.session.id;
        Self {
            access_token: opened.access,
            refresh_token: opened.refresh,
            expires_in: ACCESS_SECONDS,
            session: SessionView::of(opened.session, current),
        }
    }
}

/// A signed-in device.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
pub struct SessionView {
    pub id: SessionId,
    /// What the device called itself.
    pub device: String,
    /// Is it the one you are asking from?
    pub current: bool,
    pub created_at: Time,
    pub last_used_at: Time,
    /// It ends then, unless it is used.
    pub expires_at: Time,
}

impl SessionView {
    pub fn of(session: Session, current: SessionId) -> Self {
        Self {
            current: session.id == current,
            id: session.id,
            device: session.device,
            created_at: session.created_at,
            last_used_at: session.last_used_at,
            expires_at: session.expires_at,
        }
    }
}

/// Somebody, as everyone may see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Person)]
pub struct PersonView {
    /// `ann`; `ann@kring.example` where they live on another instance.
    #[schema(example = "ann")]
    pub handle: String,
    /// The instance where they live; null for this one.
    #[schema(required, example = "kring.example")]
    pub host: Option<String>,
    /// Their page there; null for people of this instance.
    #[schema(required, example = "https://kring.example/@ann")]
    pub home_url: Option<String>,
    #[schema(example = "Ann de Boer")]
    pub display_name: String,
    pub bio: String,
    #[schema(required)]
    pub municipality: Option<MunicipalityView>,
    /// What they read and write (BCP 47).
    pub languages: Vec<String>,
    pub created_at: Time,
    /// The account was closed; what was written stays.
    pub closed: bool,
}

impl From<Profile> for PersonView {
    fn from(profile: Profile) -> Self {
        let person = profile.person;
        Self {
            handle: person.address().to_string(),
            host: (!person.host.is_empty()).then_some(person.host),
            home_url: person.home_url,
            display_name: person.display_name.to_string(),
            bio: person.bio.to_string(),
            municipality: profile.municipality.map(Into::into),
            languages: person.languages.list(),
            created_at: person.created_at,
            closed: person.closed_at.is_some(),
        }
    }
}

/// Your own account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Account)]
pub struct AccountView {
    #[serde(flatten)]
    pub person: PersonView,
    pub email: String,
    /// The language of your mails.
    pub language: Lang,
    /// Do you run this instance?
    pub role: Role,
    /// Private. A network shows it only where you choose so.
    pub expert_by_experience: bool,
}

impl AccountView {
    pub fn of(account: Account, profile: Profile) -> Self {
        Self {
            person: profile.into(),
            email: account.email.map(|email| email.to_string()).unwrap_or_default(),
            language: account.language,
            role: account.role,
            expert_by_experience: account.expert_by_experience,
        }
    }
}

/// Changes to your account (merge patch: what is left out stays).
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeAccount {
    #[schema(value_type = String, required = false, min_length = 1, max_length = 80, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$")]
    #[serde(default)]
    display_name: Field<String>,
    #[schema(value_type = String, required = false, max_length = 500, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*$")]
    #[serde(default)]
    bio: Field<String>,
    /// A municipality's code; null clears it.
    #[schema(value_type = Option<String>, required = false, pattern = "^[A-Za-z0-9-]{1,24}$", example = "GM0344")]
    #[serde(default)]
    municipality: Field<String>,
    /// What you read and write (BCP 47), at most ten.
    #[schema(value_type = Vec<String>, required = false, max_items = 10, example = json!(["nl", "en"]))]
    #[serde(default)]
    languages: Field<Vec<String>>,
    #[schema(value_type = Lang, required = false)]
    #[serde(default)]
    language: Field<String>,
    #[schema(value_type = bool, required = false)]
    #[serde(default)]
    expert_by_experience: Field<bool>,
}

impl ChangeAccount {
    pub fn parse(self) -> Result<ProfileChange> {
        let mut f = Fields::of_body();
        let change = ProfileChange {
            display_name: f.keep("displayName", self.display_name, DisplayName::parse),
            bio: f.keep("bio", self.bio, Bio::parse),
            municipality: f.patch("municipality", self.municipality, MunicipalityCode::parse),
            languages: f.keep("languages", self.languages, |list| each(list, 10, LanguageTag::parse)),
            language: f.keep("language", self.language, word),
            expert_by_experience: f.keep("expertByExperience", self.expert_by_experience, any),
        };
        f.finish(|| Some(change))
    }
}

/// An account that waits for an admin.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountApproval {
    pub handle: String,
    pub display_name: String,
    pub email: String,
    pub registered_at: Time,
}

impl From<(Account, Person)> for AccountApproval {
    fn from((account, person): (Account, Person)) -> Self {
        Self {
            handle: person.handle.to_string(),
            display_name: person.display_name.to_string(),
            email: account.email.map(|email| email.to_string()).unwrap_or_default(),
            registered_at: account.created_at,
        }
    }
}
