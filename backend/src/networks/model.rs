//! The types of networks and memberships.

use diesel::prelude::*;
use kring_db::schema::{memberships, networks};
use kring_db::{JsonText, Time, id_type, text_type, word_type};

use crate::accounts::{DisplayName, Handle, LanguageTag, PersonAddress, PersonId};
use crate::error::Fault;
use crate::municipalities::MunicipalityCode;
use crate::peers::{Choice, Copies, Host};
use crate::text::summary::PlainSummary;
use crate::web::fields::{line, lines};

id_type! {
    /// A row of `networks`.
    NetworkId
}
id_type! {
    /// A row of `memberships`.
    MembershipId
}

text_type! {
    /// A network's address: `openbaar-vervoer`, or `openbaar-vervoer@kring.example` where it lives on another instance.
    /// Never changes, never used again.
    Slug
}

/// What a slug looks like, as a regular expression.
pub const SLUG_PATTERN: &str = "^[a-z][a-z0-9-]{2,49}$";

/// The same, with networks of other instances.
pub const ADDRESS_PATTERN: &str =
    r"^([a-z][a-z0-9-]{2,49}|[A-Za-z0-9_.-]{1,100}@[a-z0-9.-]{1,200}(:[0-9]{1,5})?)$";

impl Slug {
    /// Three to fifty small letters, digits and hyphens, a letter first; or the address of a network elsewhere.
    pub fn parse(text: String) -> Result<Self, Fault> {
        text.parse()
    }

    /// The slug of a network that is to be of this instance.
    pub fn parse_new(text: String) -> Result<Self, Fault> {
        text.parse().and_then(|slug: Self| {
            if slug.host().is_empty() {
                Ok(slug)
            } else {
                Err(Fault::new("slug"))
            }
        })
    }

    /// The instance where the network lives; empty for this one.
    pub fn host(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, host)| host)
    }

    /// The same; `None` for this one.
    pub fn elsewhere(&self) -> Option<String> {
        Some(self.host()).filter(|host| !host.is_empty()).map(str::to_owned)
    }

    /// What it is called there.
    pub fn name(&self) -> &str {
        self.0.split('@').next().unwrap_or_default()
    }
}

/// A network's name where it lives elsewhere: other servers allow more than Kring does.
fn is_name_elsewhere(name: &str) -> bool {
    (1..=100).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

impl std::str::FromStr for Slug {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        if let Some((name, host)) = text.split_once('@') {
            let host = Host::parse(host.to_owned()).map_err(|_| Fault::new("slug"))?;
            return match is_name_elsewhere(name) {
                true => Ok(Self(format!("{name}@{host}"))),
                false => Err(Fault::new("slug")),
            };
        }
        let fits = (3..=50).contains(&text.len())
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits { Ok(Self(text.to_owned())) } else { Err(Fault::new("slug")) }
    }
}

text_type! {
    /// What a network is called.
    NetworkName
}

impl NetworkName {
    pub fn parse(text: String) -> Result<Self, Fault> {
        line(&text, 3, 100).map(Self)
    }
}

text_type! {
    /// A keyword: `openbaar-vervoer`. Small letters, so that two spellings are one theme.
    Theme
}

/// What a theme looks like, as a regular expression.
pub const THEME_PATTERN: &str = "^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])$";

impl Theme {
    /// Capitals and accents are folded, spaces become hyphens.
    pub fn parse(text: String) -> Result<Self, Fault> {
        let theme = crate::text::fold::fold(&text).replace(' ', "-");
        let fits =
            (2..=40).contains(&theme.len()) && theme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if fits { Ok(Self(theme)) } else { Err(Fault::new("theme")) }
    }
}

/// An article of the CRPD: 1 to 50.
pub fn parse_article(number: i64) -> Result<i64, Fault> {
    if (1..=50).contains(&number) {
        Ok(number)
    } else {
        Err(Fault::new("article"))
    }
}

word_type! {
    /// Who sees a network: everyone, everyone but not what is in it, or members alone.
    Visibility { Public = "public", Members = "members", Hidden = "hidden" }
}
word_type! {
    /// How one joins: at once, by asking, or when invited.
    JoinPolicy { Open = "open", Request = "request", Invitation = "invitation" }
}
word_type! {
    /// How far a network is.
    NetworkState { Proposed = "proposed", Active = "active", Archived = "archived" }
}
word_type! {
    /// Who may change documents.
    EditedBy { Members = "members", Coordinators = "coordinators" }
}
word_type! {
    /// What a member does in a network. Facilitators moderate; coordinators also run it.
    MemberRole { Member = "member", Facilitator = "facilitator", Coordinator = "coordinator" }
}
word_type! {
    /// How a person stands to a network.
    MemberState {
        Active = "active",
        Requested = "requested",
        Invited = "invited",
        Refused = "refused",
        Left = "left",
        Removed = "removed",
    }
}
word_type! {
    /// In which capacity somebody takes part, if they like to say so.
    Capacity {
        Official = "official",
        Organisation = "organisation",
        Relative = "relative",
        Professional = "professional",
        Volunteer = "volunteer",
    }
}

impl MemberState {
    /// Is there something to end: a membership, a request, an invitation?
    pub fn open(self) -> bool {
        matches!(self, Self::Active | Self::Requested | Self::Invited)
    }
}

/// A network.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = networks)]
pub struct Network {
    pub id: NetworkId,
    pub slug: Slug,
    pub name: NetworkName,
    pub plain_summary: Option<PlainSummary>,
    pub description: String,
    pub description_html: String,
    pub language: LanguageTag,
    pub visibility: Visibility,
    pub join_policy: JoinPolicy,
    pub documents_edited_by: EditedBy,
    pub state: NetworkState,
    pub seeking_people: bool,
    pub led_by_experts: bool,
    pub municipalities: JsonText,
    pub themes: JsonText,
    pub crpd_articles: JsonText,
    pub member_count: i64,
    pub coordinator_count: i64,
    pub founder_count: i64,
    pub thread_count: i64,
    pub document_count: i64,
    pub created_by: PersonId,
    pub created_at: Time,
    pub updated_at: Time,
    pub archived_at: Option<Time>,
    /// Since when nobody coordinates it.
    pub without_coordinator_since: Option<Time>,
    pub version: i64,
    /// Themes it seeks help with; none: with whatever it is about. `None`: it seeks no help.
    pub seeking_help: Option<JsonText>,
    /// With whom it chose to exchange what is written in it, and what those keep.
    pub federation: Choice,
    /// Where people read it; `None` for networks of this instance.
    pub home_url: Option<String>,
}

impl Network {
    /// With whom it exchanges what is written in it, as far as that is its own to say. A hidden one stays at home.
    pub fn federates(&self) -> Choice {
        match self.visibility {
            Visibility::Hidden => Choice::none(),
            Visibility::Public | Visibility::Members => self.federation.clone(),
        }
    }

    /// Does nobody coordinate it? Of one that lives elsewhere its home knows.
    pub fn without_coordinator(&self) -> bool {
        self.coordinator_count == 0 && self.slug.host().is_empty()
    }

    /// What instances that follow it keep of it, signed.
    pub fn copies(&self) -> Copies {
        self.federation.copies()
    }

    /// With which themes it seeks help, as it says itself.
    pub fn help_wanted(&self) -> Option<Vec<Theme>> {
        self.seeking_help.as_ref().map(JsonText::list)
    }

    /// The same for finding who fits: where it names no themes, those it is about. None at all: with anything.
    pub fn help_themes(&self) -> Option<Vec<Theme>> {
        self.help_wanted().map(|named| if named.is_empty() { self.themes.list() } else { named })
    }
}

/// The kind of the tags that say which help a network seeks.
pub const HELP_TAG: &str = "help";

/// How one person stands to one network.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = memberships)]
pub struct Membership {
    pub id: MembershipId,
    pub network_id: NetworkId,
    pub person_id: PersonId,
    pub role: MemberRole,
    pub state: MemberState,
    pub founder: bool,
    pub capacity: Option<Capacity>,
    pub organisation: Option<String>,
    pub shows_experience: bool,
    pub message: String,
    pub invited_by: Option<PersonId>,
    pub joined_at: Option<Time>,
    pub created_at: Time,
    pub updated_at: Time,
    /// Of who reads by mail alone: do other members see them? By their own choice.
    pub shown: bool,
}

/// Of a person, what stands beside what they wrote.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = kring_db::schema::persons)]
pub struct AuthorPerson {
    pub id: PersonId,
    pub handle: Handle,
    /// Empty for persons of this instance.
    pub host: String,
    pub display_name: DisplayName,
    pub closed_at: Option<Time>,
    /// Where people read of them; `None` for persons of this instance.
    pub home_url: Option<String>,
}

impl From<crate::accounts::Person> for AuthorPerson {
    fn from(person: crate::accounts::Person) -> Self {
        Self {
            id: person.id,
            handle: person.handle,
            host: person.host,
            display_name: person.display_name,
            closed_at: person.closed_at,
            home_url: person.home_url,
        }
    }
}

impl AuthorPerson {
    /// How they are addressed here: `ann`, or `ann@kring.example` where another instance knows who that is.
    pub fn address(&self) -> String {
        match self.host.as_str() {
            "" => self.handle.to_string(),
            host => format!("{}@{host}", self.handle),
        }
    }
}

/// Of a membership, what stands beside what its owner wrote.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = memberships)]
pub struct AuthorRole {
    pub role: MemberRole,
    pub state: MemberState,
    pub capacity: Option<Capacity>,
    pub organisation: Option<String>,
    pub shows_experience: bool,
}

/// Somebody who belongs to a network, or belonged to it where it came from.
#[derive(Clone, Debug, Queryable)]
pub struct Credit {
    pub person: AuthorPerson,
    pub role: MemberRole,
    pub co_founder: bool,
    pub joined_at: Option<Time>,
}

/// What a network is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subjects {
    pub municipalities: Vec<MunicipalityCode>,
    pub themes: Vec<Theme>,
    pub crpd_articles: Vec<i64>,
}

impl Subjects {
    /// As rows keep them: lists of municipalities, themes and articles.
    pub fn read(municipalities: &JsonText, themes: &JsonText, crpd_articles: &JsonText) -> Self {
        Self {
            municipalities: municipalities.list(),
            themes: themes.list(),
            crpd_articles: crpd_articles.list(),
        }
    }

    /// The same with what a change says instead.
    pub fn changed(mut self, change: &SubjectsChange) -> Self {
        if let Some(municipalities) = &change.municipalities {
            self.municipalities.clone_from(municipalities);
        }
        if let Some(themes) = &change.themes {
            self.themes.clone_from(themes);
        }
        if let Some(crpd_articles) = &change.crpd_articles {
            self.crpd_articles.clone_from(crpd_articles);
        }
        self
    }

    /// What lists filter by: a kind of tag and its value.
    pub fn tags(&self) -> impl Iterator<Item = (&'static str, String)> {
        let municipalities = self.municipalities.iter().map(|code| ("municipality", code.to_string()));
        let themes = self.themes.iter().map(|theme| ("theme", theme.to_string()));
        let articles = self.crpd_articles.iter().map(|article| ("article", article.to_string()));
        municipalities.chain(themes).chain(articles)
    }
}

/// Changes to what something is about; `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubjectsChange {
    pub municipalities: Option<Vec<MunicipalityCode>>,
    pub themes: Option<Vec<Theme>>,
    pub crpd_articles: Option<Vec<i64>>,
}

/// A proposal.
#[derive(Clone, Debug)]
pub struct NewNetwork {
    pub slug: Slug,
    pub name: NetworkName,
    pub description: String,
    pub plain_summary: Option<PlainSummary>,
    pub language: LanguageTag,
    pub visibility: Visibility,
    pub join_policy: JoinPolicy,
    pub documents_edited_by: EditedBy,
    pub seeking_people: bool,
    pub led_by_experts: bool,
    /// As in [`Network::seeking_help`].
    pub seeking_help: Option<Vec<Theme>>,
    pub federation: Choice,
    pub copies: Copies,
    pub subjects: Subjects,
}

/// Changes to a network; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct NetworkChange {
    pub name: Option<NetworkName>,
    pub description: Option<String>,
    pub plain_summary: Option<Option<PlainSummary>>,
    pub language: Option<LanguageTag>,
    pub visibility: Option<Visibility>,
    pub join_policy: Option<JoinPolicy>,
    pub documents_edited_by: Option<EditedBy>,
    pub seeking_people: Option<bool>,
    pub led_by_experts: Option<bool>,
    pub seeking_help: Option<Option<Vec<Theme>>>,
    pub federation: Option<Choice>,
    pub copies: Option<Copies>,
    pub subjects: SubjectsChange,
    pub archived: Option<bool>,
}

impl NetworkChange {
    /// Does it change what the network says of itself, and not its settings alone?
    pub fn writes(&self) -> bool {
        self.name.is_some() || self.description.is_some() || self.plain_summary.is_some()
    }

    /// Does it change what other instances know of the network?
    pub fn is_told(&self) -> bool {
        let settings = (self.visibility, self.join_policy, self.documents_edited_by, self.copies);
        self.writes()
            || self.language.is_some()
            || settings != (None, None, None, None)
            || self.subjects != SubjectsChange::default()
    }
}

/// What `POST …/memberships` asks: to join oneself, or to invite somebody.
#[derive(Clone, Debug)]
pub enum Joining {
    Myself { message: String, showing: Showing },
    Invite { handle: PersonAddress, role: MemberRole },
}

/// What a member shows of themselves in a network; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct Showing {
    pub capacity: Option<Option<Capacity>>,
    pub organisation: Option<Option<String>>,
    pub experience: Option<bool>,
}

/// Changes to a membership; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct MembershipChange {
    pub role: Option<MemberRole>,
    /// The answer to a request: `active` or `refused`.
    pub decision: Option<MemberState>,
    pub showing: Showing,
}

/// Which networks are wanted.
#[derive(Clone, Debug, Default)]
pub struct NetworkFilter {
    /// Folded words that must all begin a word of the name or description.
    pub text: Option<String>,
    pub municipality: Option<MunicipalityCode>,
    pub theme: Option<Theme>,
    pub mine: bool,
    pub seeking_people: bool,
    /// Those that seek help; where a theme is named, too, with that.
    pub seeking_help: bool,
}

/// Checks the description of a network: Markdown.
pub fn parse_description(text: String) -> Result<String, Fault> {
    lines(&text, 1, 5_000)
}

/// Checks the name of an organisation.
pub fn parse_organisation(text: String) -> Result<String, Fault> {
    line(&text, 1, 120)
}

/// Checks the message that goes with a request to join.
pub fn parse_message(text: String) -> Result<String, Fault> {
    lines(&text, 0, 1_000)
}
