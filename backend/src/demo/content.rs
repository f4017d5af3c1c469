//! What the demo tells: `backend/demo/`, compiled in, and its shape.
//!
//! Persons and networks are TOML, documents Markdown, one file a revision. Times are days before the start, so that
//! the demo is always about the last months. Nobody in it exists.

use anyhow::Context as _;
use serde::Deserialize;

use crate::documents::{DocumentKind, VariantKind};
use crate::networks::{Capacity, JoinPolicy, MemberRole, Visibility};

macro_rules! files {
    ($folder:literal, $ending:literal, $($name:literal),+ $(,)?) => {
        &[$((
            concat!($name, $ending),
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/demo/", $folder, "/", $name, $ending)),
        )),+]
    };
}

const HELP: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/demo/help.toml"));

const TEMPLATES: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/demo/templates.toml"));

/// The file of each template that the instance changed and its text.
pub const TEMPLATE_FILES: &[(&str, &str)] = files!("templates", ".md", "minutes.nl");

const PERSONS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/demo/persons.toml"));

/// Those of the second instance of `kring demo --federated`, and its one network.
const SECOND_PERSONS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/demo/second/persons.toml"));
const SECOND_NETWORKS: &[(&str, &str)] = files!("second", ".toml", "leiden-onbeperkt");

/// The file of each network and its text.
pub const NETWORKS: &[(&str, &str)] = files!(
    "networks",
    ".toml",
    "begrijpelijke-gemeente",
    "ervaring-in-dienst",
    "lokale-inclusie-agenda",
    "openbaar-vervoer",
    "spelen-sport-vrije-tijd",
    "thuis-wonen",
    "veilig-bij-nood",
);

/// The file of each revision of a document and its text.
pub const DOCUMENTS: &[(&str, &str)] = files!(
    "documents",
    ".md",
    "afspraken-twee-stoelen-1",
    "afspraken-twee-stoelen-2",
    "checklist-stembureau-1",
    "checklist-stembureau-2",
    "checklist-stembureau-3",
    "duidelijke-taal-tilburg-1",
    "duidelijke-taal-tilburg-2",
    "duidelijke-taal-tilburg-3",
    "inclusie-agenda-woerden-1",
    "inclusie-agenda-woerden-2",
    "inclusie-agenda-woerden-3",
    "inclusie-agenda-zwolle-1",
    "inclusie-agenda-zwolle-2",
    "inclusie-agenda-zwolle-3",
    "inclusie-agenda-zwolle-4",
    "keukentafelgesprek-voorbereiden-1",
    "keukentafelgesprek-voorbereiden-2",
    "keukentafelgesprek-voorbereiden-3",
    "plan-haltes-utrecht-1",
    "plan-haltes-utrecht-2",
    "plan-haltes-utrecht-3",
    "plan-haltes-utrecht-4",
    "plan-haltes-utrecht-makkelijk-1",
    "plan-haltes-zwolle-1",
    "prikkelarm-uur-1",
    "prikkelarm-uur-2",
    "samen-spelen-nijmegen-1",
    "samen-spelen-nijmegen-2",
    "samen-spelen-nijmegen-3",
    "thuis-voorbereid-1",
    "thuis-voorbereid-2",
    "thuis-wonen-leeuwarden-1",
    "thuis-wonen-leeuwarden-2",
    "thuis-wonen-leeuwarden-3",
    "toegankelijk-toilet-beschrijven-1",
    "toegankelijk-toilet-beschrijven-2",
    "tolk-regelen-1",
    "tolk-regelen-2",
    "vergoeding-ervaringsdeskundigen-1",
    "vergoeding-ervaringsdeskundigen-2",
    "vergoeding-ervaringsdeskundigen-3",
    "verslag-avond-pgb-1",
    "verslag-avond-pgb-2",
    "verslag-netwerkoverleg-agenda-1",
    "verslag-netwerkoverleg-agenda-2",
    "verslag-proefrit-chauffeurs-1",
    "verslag-proefrit-chauffeurs-2",
    "vragen-over-wmo-vervoer-1",
    "vragen-over-wmo-vervoer-2",
    "vragen-over-wmo-vervoer-3",
);

/// A document that came in as a file of Word: the file, the network, and who brought it.
pub const IMPORTED: (&[u8], &str, &str) = (
    include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/demo/imports/schouw-speelplekken.docx")),
    "spelen-sport-vrije-tijd",
    "chantal",
);

/// Everybody and everything in the demo.
#[derive(Debug)]
pub struct Content {
    pub persons: Vec<Person>,
    pub networks: Vec<Network>,
    pub offers: Vec<Offer>,
    pub templates: Vec<Template>,
}

/// Somebody offers help.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Offer {
    pub person: String,
    pub days_ago: f64,
    pub sentence: String,
    pub themes: Vec<String>,
    pub municipalities: Vec<String>,
}

/// The instance changes a template.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    pub id: String,
    pub by: String,
    pub days_ago: f64,
    pub name: String,
    pub summary: String,
    pub title: String,
    /// In `templates/`.
    pub file: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub handle: String,
    pub display_name: String,
    pub bio: String,
    pub municipality: String,
    pub languages: Vec<String>,
    pub expert_by_experience: bool,
    #[serde(default)]
    pub admin: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    pub slug: String,
    pub name: String,
    pub description: String,
    pub plain_summary: Option<String>,
    pub visibility: Visibility,
    pub join_policy: JoinPolicy,
    pub language: String,
    pub seeking_people: bool,
    /// Themes it seeks help with; it seeks none, where it does not say.
    pub seeking_help: Option<Vec<String>>,
    pub led_by_experts: bool,
    pub created_days_ago: f64,
    pub municipalities: Vec<String>,
    pub themes: Vec<String>,
    pub crpd_articles: Vec<i64>,
    /// The first one proposed it; while there are fewer than three it stays a proposal.
    #[serde(rename = "member")]
    pub members: Vec<Member>,
    /// Those who read by mail alone.
    #[serde(default, rename = "mail_member")]
    pub mail_members: Vec<MailMember>,
    /// Who was invited by mail today, and has not answered.
    #[serde(default, rename = "invited")]
    pub invited: Vec<Invited>,
    #[serde(rename = "thread")]
    pub threads: Vec<Thread>,
    #[serde(rename = "document")]
    pub documents: Vec<Document>,
    /// What it adopted of other networks.
    #[serde(default, rename = "adoption")]
    pub adoptions: Vec<Adoption>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub handle: String,
    pub role: MemberRole,
    pub joined_days_ago: f64,
    pub shows_experience: bool,
    pub capacity: Option<Capacity>,
    pub organisation: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailMember {
    pub email: String,
    /// With a name, others see them.
    pub name: Option<String>,
    pub joined_days_ago: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invited {
    pub email: String,
    pub name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thread {
    pub title: String,
    pub author: String,
    pub days_ago: f64,
    pub plain_summary: Option<String>,
    pub body: String,
    /// The network's, where it does not say.
    pub language: Option<String>,
    #[serde(default)]
    pub pinned: bool,
    #[serde(default, rename = "reply")]
    pub replies: Vec<Reply>,
    /// Who reacted how, as in a reply.
    #[serde(default)]
    pub thanks: Vec<String>,
    #[serde(default)]
    pub recognise: Vec<String>,
    #[serde(default)]
    pub more: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reply {
    /// Names it within its thread.
    pub id: String,
    pub parent: Option<String>,
    pub author: String,
    pub days_ago: f64,
    pub body: String,
    pub language: Option<String>,
    #[serde(default)]
    pub thanks: Vec<String>,
    #[serde(default)]
    pub recognise: Vec<String>,
    #[serde(default)]
    pub more: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub kind: DocumentKind,
    pub municipalities: Vec<String>,
    pub themes: Vec<String>,
    pub crpd_articles: Vec<i64>,
    /// As it was written and changed, oldest first.
    #[serde(rename = "revision")]
    pub revisions: Vec<Revision>,
    /// The same in easy words or in another language.
    #[serde(default, rename = "variant")]
    pub variants: Vec<Variant>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Variant {
    pub kind: VariantKind,
    pub title: String,
    pub author: String,
    pub days_ago: f64,
    /// The document's, where it does not say.
    pub language: Option<String>,
    /// In `documents/`.
    pub file: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adoption {
    /// The file of the first revision of the document that is adopted.
    pub of: String,
    pub municipality: String,
    pub author: String,
    pub days_ago: f64,
    /// What was made of it, oldest first.
    #[serde(default, rename = "revision")]
    pub revisions: Vec<Revision>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    pub title: String,
    pub author: String,
    pub days_ago: f64,
    pub plain_summary: Option<String>,
    /// In `documents/`.
    pub file: String,
}

impl Content {
    /// Reads what is compiled in.
    pub fn read() -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Help {
            offer: Vec<Offer>,
        }
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Templates {
            template: Vec<Template>,
        }
        let Help { offer: offers } = toml::from_str(HELP).context("help.toml")?;
        let Templates { template: templates } = toml::from_str(TEMPLATES).context("templates.toml")?;
        Ok(Self {
            persons: persons(PERSONS)?,
            networks: networks(NETWORKS)?,
            offers,
            templates,
        })
    }

    /// Reads what the second instance of two begins with: few people, and one network.
    pub fn read_second() -> anyhow::Result<Self> {
        Ok(Self {
            persons: persons(SECOND_PERSONS)?,
            networks: networks(SECOND_NETWORKS)?,
            offers: Vec::new(),
            templates: Vec::new(),
        })
    }
}

fn persons(text: &str) -> anyhow::Result<Vec<Person>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Persons {
        person: Vec<Person>,
    }
    let Persons { person } = toml::from_str(text).context("persons.toml")?;
    Ok(person)
}

fn networks(files: &[(&str, &str)]) -> anyhow::Result<Vec<Network>> {
    files.iter().map(|(file, text)| toml::from_str(text).context(file.to_string())).collect()
}

impl Template {
    /// Its text.
    pub fn body(&self) -> anyhow::Result<&'static str> {
        let found = TEMPLATE_FILES.iter().find(|(file, _)| *file == self.file);
        Ok(found.with_context(|| format!("the demo has no template {}", self.file))?.1)
    }
}

impl Revision {
    /// Its text.
    pub fn body(&self) -> anyhow::Result<&'static str> {
        text_of(&self.file)
    }
}

/// The text of a file in `documents/`.
pub fn text_of(file: &str) -> anyhow::Result<&'static str> {
    let found = DOCUMENTS.iter().find(|(known, _)| *known == file);
    Ok(found.with_context(|| format!("the demo has no document {file}"))?.1)
}

impl Network {
    /// How many documents it has, with what it adopted and those that say the same in another way.
    pub fn document_count(&self) -> usize {
        let variants: usize = self.documents.iter().map(|document| document.variants.len()).sum();
        self.documents.len() + variants + self.adoptions.len()
    }
}
