//! Networks and memberships on the wire.

mod authors;
mod away;
mod exchange;
mod homes;
mod members;
mod municipalities;
mod saved;

pub use authors::AuthorView;
pub use away::away;
pub use homes::{Homes, NetworkHomeView};
pub use members::{ChangeMembership, ChoosePerson, CoordinatorChoice, CreateMembership, MembershipView};
pub use municipalities::{MunicipalityNames, NamedMunicipalityView};
pub use saved::SavedNetwork;

use kring_db::{Conn, JsonText, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::*;
use crate::accounts::LanguageTag;
use crate::error::{Fault, Result};
use crate::municipalities::MunicipalityCode;
use crate::peers::{Copies, GoesTo, Host, Instance, Reach};
use crate::text::lang::Lang;
use crate::text::summary::PlainSummary;
use crate::web::fields::{any, each, word};
use crate::web::{Field, Fields};
use exchange::chosen;

/// A proposal for a network. It works at once, for everyone who joins.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CreateNetwork {
    /// The network's address. It never changes.
    #[serde(default)]
    #[schema(value_type = String, required, pattern = "^[a-z][a-z0-9-]{2,49}$", example = "openbaar-vervoer")]
    slug: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 3, max_length = 100, pattern = r"^[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]+[^\s\x00-\x1F\x7F-\x9F]$", example = "Toegankelijk openbaar vervoer")]
    name: Field<String>,
    /// Markdown: what it is about and for whom.
    #[serde(default)]
    #[schema(value_type = String, required, min_length = 1, max_length = 5000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Voor iedereen die wil dat haltes en bussen voor iedereen werken.")]
    description: Field<String>,
    /// What it says in a few plain sentences, for who reads slowly or wants to know whether to read on. Plain text, in
    /// the same language.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Iedereen moet met de bus kunnen. Hier praten we over hoe dat kan.")]
    plain_summary: Field<String>,
    /// `public` where left out.
    #[serde(default)]
    #[schema(value_type = Visibility, required = false)]
    visibility: Field<String>,
    /// `open` where left out.
    #[serde(default)]
    #[schema(value_type = JoinPolicy, required = false)]
    join_policy: Field<String>,
    /// The language most of it is written in (BCP 47).
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Field<String>,
    /// `members` where left out.
    #[serde(default)]
    #[schema(value_type = EditedBy, required = false)]
    documents_edited_by: Field<String>,
    /// List it as looking for people.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    seeking_people: Field<bool>,
    /// You state that experts by experience lead this network. Everyone who sees the network sees that statement.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    led_by_experts: Field<bool>,
    /// List it as seeking help, with these themes; none of them: with whatever it is about.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 8, example = json!(["vervoer"]))]
    seeking_help: Field<Vec<String>>,
    /// With whom the network exchanges what is written in it, where other instances run ActivityPub: `none`, nothing
    /// leaves; `named`, with the instances in `federationInstances`; `open`, with every instance whose people follow it.
    /// `none` where left out. Not for hidden networks, and only as far as an admin opened this instance.
    #[serde(default)]
    #[schema(value_type = Reach, required = false)]
    federation: Field<String>,
    /// The instances to exchange with, for `named`.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 100, example = json!(["kring.utrecht.example"]))]
    federation_instances: Field<Vec<String>>,
    /// What instances that follow it keep, signed: its `documents`, or `everything`, threads and replies too.
    #[serde(default)]
    #[schema(value_type = Copies, required = false)]
    copies: Field<String>,
    /// Codes of municipalities.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 50, example = json!(["GM0344"]))]
    municipalities: Field<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 8, example = json!(["vervoer"]))]
    themes: Field<Vec<String>>,
    /// Articles of the UN Convention on the Rights of Persons with Disabilities.
    #[serde(default)]
    #[schema(value_type = Vec<i64>, required = false, max_items = 50, example = json!([9, 20]))]
    crpd_articles: Field<Vec<i64>>,
}

/// Reads a list of codes of municipalities.
pub fn codes(list: Vec<String>) -> Result<Vec<MunicipalityCode>, Fault> {
    each(list, 50, MunicipalityCode::parse).map(unique)
}

/// Reads a list of themes.
pub fn themes(list: Vec<String>) -> Result<Vec<Theme>, Fault> {
    each(list, 8, Theme::parse).map(unique)
}

/// Reads a list of articles of the CRPD.
pub fn articles(list: Vec<i64>) -> Result<Vec<i64>, Fault> {
    each(list, 50, parse_article).map(unique)
}

fn unique<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort_unstable();
    list.dedup();
    list
}

impl Subjects {
    /// Reads the three lists that say what something is about.
    pub fn take(
        f: &mut Fields,
        municipalities: Field<Vec<String>>,
        themes_: Field<Vec<String>>,
        crpd_articles: Field<Vec<i64>>,
    ) -> Self {
        Self {
            municipalities: f.may("municipalities", municipalities, codes).unwrap_or_default(),
            themes: f.may("themes", themes_, themes).unwrap_or_default(),
            crpd_articles: f.may("crpdArticles", crpd_articles, articles).unwrap_or_default(),
        }
    }
}

impl SubjectsChange {
    /// Reads the three lists of a merge patch: what is left out stays.
    pub fn take(
        f: &mut Fields,
        municipalities: Field<Vec<String>>,
        themes_: Field<Vec<String>>,
        crpd_articles: Field<Vec<i64>>,
    ) -> Self {
        Self {
            municipalities: f.keep("municipalities", municipalities, codes),
            themes: f.keep("themes", themes_, themes),
            crpd_articles: f.keep("crpdArticles", crpd_articles, articles),
        }
    }
}

impl CreateNetwork {
    /// `lang` is the language of the request, for those who name none.
    pub fn parse(self, lang: Lang) -> Result<NewNetwork> {
        let mut f = Fields::of_body();
        let slug = f.need("slug", self.slug, Slug::parse_new);
        let name = f.need("name", self.name, NetworkName::parse);
        let description = f.need("description", self.description, parse_description);
        let plain_summary = f.may("plainSummary", self.plain_summary, PlainSummary::parse);
        let visibility = f.may("visibility", self.visibility, word).unwrap_or(Visibility::Public);
        let join_policy = f.may("joinPolicy", self.join_policy, word).unwrap_or(JoinPolicy::Open);
        let language =
            f.may("language", self.language, LanguageTag::parse).unwrap_or_else(|| LanguageTag::of(lang));
        let documents_edited_by =
            f.may("documentsEditedBy", self.documents_edited_by, word).unwrap_or(EditedBy::Members);
        let seeking_people = f.may("seekingPeople", self.seeking_people, any).unwrap_or(false);
        let led_by_experts = f.may("ledByExperts", self.led_by_experts, any).unwrap_or(false);
        let seeking_help = f.may("seekingHelp", self.seeking_help, themes);
        let federation = chosen(&mut f, self.federation, self.federation_instances).unwrap_or_default();
        let copies = f.may("copies", self.copies, word).unwrap_or(Copies::Documents);
        let subjects = Subjects::take(&mut f, self.municipalities, self.themes, self.crpd_articles);
        f.finish(|| {
            Some(NewNetwork {
                federation,
                copies,
                slug: slug?,
                name: name?,
                description: description?,
                plain_summary,
                language,
                visibility,
                join_policy,
                documents_edited_by,
                seeking_people,
                led_by_experts,
                seeking_help,
                subjects,
            })
        })
    }
}

/// Changes to a network (merge patch: what is left out stays).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeNetwork {
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 3, max_length = 100, pattern = r"^[^\s\x00-\x1F\x7F-\x9F][^\x00-\x1F\x7F-\x9F]+[^\s\x00-\x1F\x7F-\x9F]$")]
    name: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 5000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$")]
    description: Field<String>,
    /// What it says in a few plain sentences, for who reads slowly or wants to know whether to read on. Plain text, in
    /// the same language. Null takes it away.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 1000, pattern = r"^[^\x00-\x08\x0B-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F][^\x00-\x08\x0B-\x1F\x7F-\x9F]*$", example = "Iedereen moet met de bus kunnen. Hier praten we over hoe dat kan.")]
    plain_summary: Field<String>,
    /// Opened to more people, nobody shows in it any more that they are an expert by experience: each chooses anew.
    #[serde(default)]
    #[schema(value_type = Visibility, required = false)]
    visibility: Field<String>,
    #[serde(default)]
    #[schema(value_type = JoinPolicy, required = false)]
    join_policy: Field<String>,
    #[serde(default)]
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
    language: Field<String>,
    #[serde(default)]
    #[schema(value_type = EditedBy, required = false)]
    documents_edited_by: Field<String>,
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    seeking_people: Field<bool>,
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    led_by_experts: Field<bool>,
    /// Themes it seeks help with; none of them: with whatever it is about. Null: it seeks no help any more.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, required = false, max_items = 8, example = json!(["vervoer"]))]
    seeking_help: Field<Vec<String>>,
    /// With whom the network exchanges what is written in it, where other instances run ActivityPub: `none`, nothing
    /// leaves; `named`, with the instances in `federationInstances`; `open`, with every instance whose people follow it.
    /// Not for hidden networks, and only as far as an admin opened this instance.
    #[serde(default)]
    #[schema(value_type = Reach, required = false)]
    federation: Field<String>,
    /// The instances to exchange with, all of them; goes with `federation: named`.
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 100, example = json!(["kring.utrecht.example"]))]
    federation_instances: Field<Vec<String>>,
    /// What instances that follow it keep, signed: its `documents`, or `everything`, threads and replies too.
    #[serde(default)]
    #[schema(value_type = Copies, required = false)]
    copies: Field<String>,
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 50)]
    municipalities: Field<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<String>, required = false, max_items = 8)]
    themes: Field<Vec<String>>,
    #[serde(default)]
    #[schema(value_type = Vec<i64>, required = false, max_items = 50)]
    crpd_articles: Field<Vec<i64>>,
    /// True closes the network: everything stays to be read. False opens it again.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    archived: Field<bool>,
    /// The draft that this came from, as its `version` says: it goes when this is published, unless it says something
    /// newer by then. A draft that says nothing else goes anyway.
    #[serde(default)]
    #[schema(value_type = String, required = false, max_length = 60, example = "01k9q3v8r0a7c.7")]
    draft: Field<String>,
}

impl ChangeNetwork {
    /// The changes, and the draft that they came from, which `draft` reads.
    pub fn parse<D>(
        self,
        draft: impl FnOnce(String) -> Result<D, Fault>,
    ) -> Result<(NetworkChange, Option<D>)> {
        let mut f = Fields::of_body();
        let change = NetworkChange {
            name: f.keep("name", self.name, NetworkName::parse),
            description: f.keep("description", self.description, parse_description),
            plain_summary: f.patch("plainSummary", self.plain_summary, PlainSummary::parse),
            language: f.keep("language", self.language, LanguageTag::parse),
            visibility: f.keep("visibility", self.visibility, word),
            join_policy: f.keep("joinPolicy", self.join_policy, word),
            documents_edited_by: f.keep("documentsEditedBy", self.documents_edited_by, word),
            seeking_people: f.keep("seekingPeople", self.seeking_people, any),
            led_by_experts: f.keep("ledByExperts", self.led_by_experts, any),
            seeking_help: f.patch("seekingHelp", self.seeking_help, themes),
            federation: chosen(&mut f, self.federation, self.federation_instances),
            copies: f.keep("copies", self.copies, word),
            subjects: SubjectsChange::take(&mut f, self.municipalities, self.themes, self.crpd_articles),
            archived: f.keep("archived", self.archived, any),
        };
        let draft = f.may("draft", self.draft, draft);
        f.finish(|| Some((change, draft)))
    }
}

/// A network, by name and address.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NetworkRef)]
pub struct NetworkRefView {
    #[schema(example = "openbaar-vervoer")]
    pub slug: String,
    #[schema(example = "Toegankelijk openbaar vervoer")]
    pub name: String,
}

impl From<&Network> for NetworkRefView {
    fn from(network: &Network) -> Self {
        Self {
            slug: network.slug.to_string(),
            name: network.name.to_string(),
        }
    }
}

/// A network.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Network)]
pub struct NetworkView {
    pub id: NetworkId,
    #[schema(example = "openbaar-vervoer")]
    pub slug: String,
    /// The instance where it lives: what is written in it goes there, and from there to its other members. Null for this
    /// one.
    #[schema(required, example = "kring.example")]
    pub host: Option<String>,
    /// Its page there; null for networks of this instance.
    #[schema(required, example = "https://kring.example/networks/openbaar-vervoer")]
    pub home_url: Option<String>,
    #[schema(example = "Toegankelijk openbaar vervoer")]
    pub name: String,
    /// What it says in a few plain sentences; null where nobody wrote any.
    #[schema(
        required,
        example = "Iedereen moet met de bus kunnen. Hier praten we over hoe dat kan."
    )]
    pub plain_summary: Option<String>,
    /// Markdown, as it was written.
    pub description: String,
    /// The same as safe HTML; headings begin at `h2`.
    pub description_html: String,
    pub language: String,
    pub visibility: Visibility,
    pub join_policy: JoinPolicy,
    pub documents_edited_by: EditedBy,
    pub state: NetworkState,
    pub seeking_people: bool,
    /// The founder states that experts by experience lead it.
    pub led_by_experts: bool,
    /// Themes it seeks help with; none of them: with whatever it is about. Null where it seeks no help.
    #[schema(required, example = json!(["vervoer"]))]
    pub seeking_help: Option<Vec<String>>,
    /// With whom it chose to exchange what is written in it.
    pub federation: Reach,
    /// The instances it named.
    #[schema(example = json!(["kring.utrecht.example"]))]
    pub federation_instances: Vec<String>,
    /// What instances that follow it keep of it, signed by who wrote it.
    pub copies: Copies,
    /// Where what is written in it goes: its own choice, as far as an admin opened this instance.
    pub goes_to: GoesTo,
    /// The other instance where it lives; null where that is this one.
    #[schema(required)]
    pub home: Option<NetworkHomeView>,
    /// Under which address it is continued on another instance, besides here: both keep what they have.
    #[schema(required, example = "openbaar-vervoer@kring.zwolle.example")]
    pub continued_as: Option<String>,
    /// Addresses that it had before it lived where it does now. They lead to it still.
    #[schema(example = json!(["openbaar-vervoer@kring.utrecht.example"]))]
    pub former_addresses: Vec<String>,
    pub municipalities: Vec<NamedMunicipalityView>,
    pub themes: Vec<String>,
    pub crpd_articles: Vec<i64>,
    pub member_count: i64,
    pub thread_count: i64,
    pub document_count: i64,
    /// Nobody coordinates it: members may choose somebody.
    pub without_coordinator: bool,
    pub created_at: Time,
    pub updated_at: Time,
    #[schema(required)]
    pub archived_at: Option<Time>,
}

/// Networks as they are sent; names of municipalities are looked up once for all.
pub fn network_views(conn: &mut Conn, networks: Vec<Network>) -> Result<Vec<NetworkView>> {
    let wanted = networks.iter().flat_map(|network| network.municipalities.list()).collect();
    let names = MunicipalityNames::of(conn, wanted)?;
    let instance = Instance::for_choices(conn, networks.iter().map(|network| &network.federation))?;
    let homes = Homes::of(conn, networks.iter())?;
    let view = |network: Network| {
        let goes_to = instance.goes_to(&network.federates());
        let (home, continued_as) = (homes.home(&network), homes.continued(&network));
        let former_addresses = homes.former(&network);
        NetworkView {
            id: network.id,
            without_coordinator: network.without_coordinator(),
            slug: network.slug.to_string(),
            host: network.slug.elsewhere(),
            home_url: network.home_url,
            name: network.name.to_string(),
            plain_summary: PlainSummary::told(network.plain_summary.as_ref()),
            description: network.description,
            description_html: network.description_html,
            language: network.language.to_string(),
            visibility: network.visibility,
            join_policy: network.join_policy,
            documents_edited_by: network.documents_edited_by,
            state: network.state,
            seeking_people: network.seeking_people,
            led_by_experts: network.led_by_experts,
            seeking_help: network.seeking_help.as_ref().map(JsonText::list),
            federation: network.federation.reach(),
            federation_instances: network.federation.hosts().iter().map(Host::to_string).collect(),
            copies: network.federation.copies(),
            goes_to,
            home,
            continued_as,
            former_addresses,
            municipalities: names.views(network.municipalities.list()),
            themes: network.themes.list(),
            crpd_articles: network.crpd_articles.list(),
            member_count: network.member_count,
            thread_count: network.thread_count,
            document_count: network.document_count,
            created_at: network.created_at,
            updated_at: network.updated_at,
            archived_at: network.archived_at,
        }
    };
    Ok(networks.into_iter().map(view).collect())
}
