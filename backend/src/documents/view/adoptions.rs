//! Adoptions on the wire: under what a document may be used, where it comes from, and who adopted it.

use kring_db::{Conn, JsonText, Time};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::accounts::{LanguageTag, PersonId};
use crate::documents::actions;
use crate::documents::model::*;
use crate::documents::queries;
use crate::error::Result;
use crate::municipalities::MunicipalityCode;
use crate::networks::{AuthorPerson, MunicipalityNames, NamedMunicipalityView, NetworkRefView, Slug};
use crate::text::lang::Lang;
use crate::web::{Field, Fields};

/// So many of those who adopted a document are shown with it.
const FIRST: i64 = 5;

/// So many authors are named in a sentence; the others are counted.
const NAMED: usize = 20;

/// Where a document is wanted.
#[derive(Debug, Deserialize, ToSchema)]
pub struct AdoptDocument {
    /// The slug of the network that adopts it; you have to be a member.
    #[serde(default)]
    #[schema(value_type = String, required, pattern = "^[a-z][a-z0-9-]{2,49}$", example = "lokale-inclusie-agenda")]
    network: Field<String>,
    /// The code of the municipality that it is adopted for.
    #[serde(default)]
    #[schema(value_type = String, required, pattern = "^[A-Za-z0-9-]{1,24}$", example = "GM0193")]
    municipality: Field<String>,
}

impl AdoptDocument {
    pub fn parse(self) -> Result<NewAdoption> {
        let mut f = Fields::of_body();
        let network = f.need("network", self.network, Slug::parse);
        let municipality = f.need("municipality", self.municipality, MunicipalityCode::parse);
        f.finish(|| Some(NewAdoption { network: network?, municipality: municipality? }))
    }
}

/// Under what a document may be used by others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LicenceOfDocument)]
pub struct LicenceView {
    pub id: Licence,
    /// What people call it, in the language of the document.
    #[schema(example = "CC BY 4.0")]
    pub name: String,
    /// Where it can be read; null where nothing is allowed.
    #[schema(required, example = "https://creativecommons.org/licenses/by/4.0/")]
    pub url: Option<String>,
}

impl LicenceView {
    pub fn of(licence: Licence, language: &LanguageTag) -> Self {
        let lang = spoken(language);
        Self {
            id: licence,
            name: licence.name().map_or_else(|| lang.say("licence-all-rights-reserved"), str::to_owned),
            url: licence.url().map(str::to_owned),
        }
    }
}

/// The language that Kring speaks of a document in: its own, or English.
fn spoken(language: &LanguageTag) -> Lang {
    Lang::of_tag(language.as_str()).unwrap_or(Lang::En)
}

/// Where a document comes from. It stays, whatever becomes of the source and of the text.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Lineage)]
pub struct LineageView {
    /// What was adopted.
    pub source: SourceView,
    /// Where the source itself came from, the nearest first.
    pub origins: Vec<SourceView>,
    /// The licence under which it was adopted.
    pub licence: LicenceView,
    /// The municipality that it was adopted for.
    pub municipality: NamedMunicipalityView,
    pub adopted_at: Time,
    /// The source's revision that was last dealt with: taken over or turned down.
    pub seen_revision: i64,
    /// The credit in whole sentences, in the language of the document. It belongs to every revision, and no change of
    /// the text takes it away.
    #[schema(
        example = "Dit plan is overgenomen van ‘Plan: alle haltes in tien jaar’ (versie 3), geschreven in het netwerk Toegankelijk openbaar vervoer door Ann de Boer. Licentie: CC BY 4.0, https://creativecommons.org/licenses/by/4.0/."
    )]
    pub attribution: String,
}

/// A document that another was made from, as it was then.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = LineageSource)]
pub struct SourceView {
    /// Its id on its instance; of a network that lives elsewhere and is kept here too, that of the copy. Whether you may
    /// read it now is another matter.
    pub document: DocumentId,
    pub revision: i64,
    #[schema(example = "Plan: alle haltes in tien jaar")]
    pub title: String,
    pub network: NetworkRefView,
    /// The host of its instance; null where that is this one.
    #[schema(required, example = "kring.example.org")]
    pub instance: Option<String>,
    /// Is it, or a copy of it, on this instance?
    #[serde(skip)]
    pub here: bool,
    /// Who wrote it.
    pub authors: Vec<CreditView>,
}

/// Somebody who is credited. Who changes their name, or closes their account, is called here as everywhere.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Credit)]
pub struct CreditView {
    #[schema(example = "ann")]
    pub handle: String,
    #[schema(example = "Ann de Boer")]
    pub display_name: String,
    /// The account was closed; the credit stays.
    pub closed: bool,
}

/// Where some documents come from, looked up at once.
pub struct Lineages {
    adoptions: Vec<Adoption>,
    people: Vec<AuthorPerson>,
}

impl Lineages {
    pub fn of(conn: &mut Conn, ids: &[DocumentId]) -> Result<Self> {
        let mut adoptions = queries::adoptions_of(conn, ids)?;
        join_origins(conn, &mut adoptions)?;
        let mut wanted: Vec<PersonId> = Vec::new();
        for adoption in &adoptions {
            wanted.extend(adoption.authors());
            wanted.extend(adoption.origins().into_iter().flat_map(|origin| origin.authors));
        }
        wanted.sort_unstable();
        wanted.dedup();
        let people = match wanted.as_slice() {
            [] => Vec::new(),
            ids => queries::credited(conn, ids)?,
        };
        Ok(Self { adoptions, people })
    }

    pub fn municipalities(&self) -> impl Iterator<Item = MunicipalityCode> + '_ {
        self.adoptions.iter().map(|adoption| adoption.municipality.clone())
    }

    /// Where this document comes from.
    pub fn take(&mut self, document: &Document, names: &MunicipalityNames) -> Option<LineageView> {
        let place = self.adoptions.iter().position(|adoption| adoption.document_id == document.id)?;
        let adoption = self.adoptions.swap_remove(place);
        let source = self.source(adoption.as_origin());
        let origins: Vec<SourceView> =
            adoption.origins().into_iter().map(|origin| self.source(origin)).collect();
        Some(LineageView {
            attribution: self.credit(&adoption, document),
            source,
            origins,
            licence: LicenceView::of(adoption.licence, &document.language),
            municipality: names.views(vec![adoption.municipality]).pop()?,
            adopted_at: adoption.created_at,
            seen_revision: adoption.seen_revision,
        })
    }

    /// The credit as licences ask for it: what, by whom, from where, under which licence, and that it was changed
    /// (CC BY 4.0, 3(a)(1)). What was adopted from an adoption names where it began.
    fn credit(&self, adoption: &Adoption, document: &Document) -> String {
        let lang = spoken(&document.language);
        let about = |origin: Origin| {
            let source = self.source(origin);
            [
                ("title", source.title.clone()),
                ("revision", source.revision.to_string()),
                ("network", place(lang, &source)),
                ("authors", people(lang, &source.authors)),
            ]
        };
        let source = about(adoption.as_origin());
        let mut told = vec![lang.say_with(&format!("attribution-{}", document.kind), &source)];
        let first = adoption.origins().pop();
        told.extend(first.map(|first| lang.say_with("attribution-origin", &about(first))));
        let LicenceView { name, url, .. } = LicenceView::of(adoption.licence, &document.language);
        let args = [("licence", name), ("url", url.unwrap_or_default())];
        told.push(lang.say_with("attribution-licence", &args));
        if document.revision > 1 {
            told.push(lang.say("attribution-changed"));
        }
        told.join(" ")
    }

    fn source(&self, origin: Origin) -> SourceView {
        let person = |id: &PersonId| self.people.iter().find(|person| person.id == *id);
        let authors = origin.authors.iter().filter_map(person).map(|person| CreditView {
            handle: person.address(),
            display_name: person.display_name.to_string(),
            closed: person.closed_at.is_some(),
        });
        SourceView {
            document: origin.document,
            revision: origin.revision,
            title: origin.title.to_string(),
            network: NetworkRefView {
                slug: origin.network_slug.to_string(),
                name: origin.network_name,
            },
            here: origin.host.is_empty(),
            instance: [origin.host.as_str(), origin.network_slug.host()]
                .into_iter()
                .find(|host| !host.is_empty())
                .map(str::to_owned),
            authors: authors.collect(),
        }
    }
}

/// Of earlier steps, too, what came to this instance since is of it.
fn join_origins(conn: &mut Conn, adoptions: &mut [Adoption]) -> Result<()> {
    let elsewhere = |origin: &Origin| !origin.host.is_empty();
    let mut ids: Vec<DocumentId> = Vec::new();
    for adoption in adoptions.iter() {
        ids.extend(
            adoption.origins().iter().filter(|origin| elsewhere(origin)).map(|origin| origin.document),
        );
    }
    if ids.is_empty() {
        return Ok(());
    }
    let hosts = queries::first_hosts(conn, &ids)?;
    for adoption in adoptions {
        let mut origins = adoption.origins();
        for origin in origins.iter_mut().filter(|origin| elsewhere(origin)) {
            if hosts.iter().any(|(id, host)| *id == origin.document && *host == origin.host) {
                origin.host.clear();
            }
        }
        adoption.origins = JsonText::of(&origins);
    }
    Ok(())
}

/// The credit of a document to where it comes from; it goes wherever the text goes. None where it was not adopted.
pub fn attribution(conn: &mut Conn, document: &Document) -> Result<Option<String>> {
    let lineages = Lineages::of(conn, &[document.id])?;
    Ok(lineages.adoptions.first().map(|adoption| lineages.credit(adoption, document)))
}

/// The credit as it reads on every instance alike: it names the host of each network, this one (`here`) too.
pub fn attribution_anywhere(conn: &mut Conn, document: &Document, here: &str) -> Result<Option<String>> {
    let mut lineages = Lineages::of(conn, &[document.id])?;
    let Some(adoption) = lineages.adoptions.pop() else { return Ok(None) };
    let adoption = actions::told_anywhere(conn, adoption, here)?;
    Ok(Some(lineages.credit(&adoption, document)))
}

fn place(lang: Lang, source: &SourceView) -> String {
    match &source.instance {
        None => source.network.name.clone(),
        Some(host) => {
            let args = [("network", source.network.name.clone()), ("host", host.clone())];
            lang.say_with("attribution-place", &args)
        }
    }
}

/// "Ann de Boer", "Ann de Boer and Bob", "Ann de Boer, Bob and Chris".
fn people(lang: Lang, authors: &[CreditView]) -> String {
    let mut names: Vec<String> =
        authors.iter().take(NAMED).map(|author| author.display_name.clone()).collect();
    let more = authors.len() - names.len();
    if more > 0 {
        names.push(lang.say_with("attribution-more", &[("count", more.to_string())]));
    }
    match names.pop() {
        None => lang.say("attribution-somebody"),
        Some(last) if names.is_empty() => last,
        Some(last) => lang.say_with("attribution-and", &[("some", names.join(", ")), ("last", last)]),
    }
}

/// Who adopted a document.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Adoption)]
pub struct AdoptionView {
    /// The document that came of it.
    pub document: DocumentId,
    #[schema(example = "Plan: alle haltes in Zwolle")]
    pub title: String,
    pub language: String,
    pub network: NetworkRefView,
    pub municipality: NamedMunicipalityView,
    /// The revision that was adopted.
    pub source_revision: i64,
    pub adopted_at: Time,
}

/// Adoptions as they are sent; names of municipalities are looked up at once.
pub fn adoption_views(conn: &mut Conn, rows: Vec<AdoptionRow>) -> Result<Vec<AdoptionView>> {
    let codes = rows.iter().map(|(adoption, ..)| adoption.municipality.clone()).collect();
    let names = MunicipalityNames::of(conn, codes)?;
    let views = rows.into_iter().filter_map(|(adoption, document, network)| {
        Some(AdoptionView {
            document: document.id,
            title: document.title.to_string(),
            language: document.language.to_string(),
            network: NetworkRefView::from(&network),
            municipality: names.views(vec![adoption.municipality]).pop()?,
            source_revision: adoption.source_revision,
            adopted_at: adoption.created_at,
        })
    });
    Ok(views.collect())
}

/// Who adopted a document: how many in all, and the newest of them.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AdoptionsPart {
    pub count: i64,
    /// At most 5; `/documents/{document}/adoptions` has them all.
    pub items: Vec<AdoptionView>,
}

pub fn adoptions_part(
    conn: &mut Conn,
    viewer: Option<PersonId>,
    document: DocumentId,
) -> Result<AdoptionsPart> {
    let count = queries::adoption_counts(conn, viewer, &[document])?.pop().map_or(0, |(_, count)| count);
    let mut rows = match count {
        0 => Vec::new(),
        _ => queries::adopted_by(conn, viewer, document, None, FIRST)?,
    };
    rows.truncate(FIRST as usize);
    Ok(AdoptionsPart { count, items: adoption_views(conn, rows)? })
}
