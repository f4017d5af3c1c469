//! The page of a municipality: which networks and documents are about it; and the list of those with something to show.
//!
//! Its address is its code, which never changes. Its name leads there, for who writes an address by hand.

use std::collections::BTreeMap;

use askama::Template;
use kring_db::{Conn, Time};

use super::describing::{self, with};
use super::documents::Listed;
use super::networks::ListedNetwork;
use super::{Above, Linked, Reader, feeds, municipality_links};
use crate::documents::{self, About, AdoptionRow, DocumentId, DocumentRow, Place};
use crate::error::{NOT_FOUND, Result};
use crate::municipalities::{self, Municipality, MunicipalityCode};
use crate::networks::{self, network_views};
use crate::web::html::head::HeadLink;
use crate::web::html::{Frame, Html};
use crate::web::{Page, links};

/// Documents of each kind on one page.
const DOCUMENTS: i64 = 20;

/// Most networks on the page of a municipality.
const NETWORKS: i64 = 100;

/// What is at an address under `/municipalities/`.
pub enum Found {
    Page(Html),
    /// It is to be read at another address.
    At(String),
}

#[derive(Template)]
#[template(path = "pages/municipality.html")]
struct MunicipalityPage {
    frame: Frame,
    municipality: Municipality,
    /// What it became part of, where it merged.
    successors: Vec<Linked>,
    /// Is it the beginning of every list?
    first: bool,
    networks: Vec<ListedNetwork>,
    adoptions: Vec<Adopted>,
    more_adoptions: Option<String>,
    plans: Vec<Listed>,
    more_plans: Option<String>,
    documents: Vec<Listed>,
    more_documents: Option<String>,
    feed: String,
}

impl MunicipalityPage {
    fn empty(&self) -> bool {
        let written = self.plans.len() + self.documents.len() + self.adoptions.len();
        self.first && self.networks.is_empty() && written == 0
    }
}

/// What was adopted for the municipality.
struct Adopted {
    document: Linked,
    language: String,
    /// The network whose it is now, and the one it comes from.
    network: Above,
    source: String,
    at: Time,
}

impl Adopted {
    fn of(frame: &Frame, (adoption, document, network): AdoptionRow) -> Self {
        Self {
            document: Linked {
                name: document.title.to_string(),
                link: frame.to(&format!("/documents/{}", document.id)),
            },
            language: document.language.to_string(),
            network: Above::network(frame, &network),
            source: adoption.source_network_name,
            at: adoption.created_at,
        }
    }
}

/// A municipality by its code; by its name, where that is to be read; or a choice between those of that name.
pub fn municipality(conn: &mut Conn, reader: &Reader<'_>, named: &str) -> Result<Found> {
    let mut meant = municipalities::meant_by(conn, named)?;
    match meant.len() {
        0 => Err(NOT_FOUND),
        1 => {
            let code = meant.remove(0).code;
            if code.as_str() == named {
                page(conn, reader, &code).map(Found::Page)
            } else {
                Ok(Found::At(reader.asked.to(&format!("/municipalities/{code}"))))
            }
        }
        _ => choice(reader, meant).map(Found::Page),
    }
}

fn page(conn: &mut Conn, reader: &Reader<'_>, code: &MunicipalityCode) -> Result<Html> {
    let asked = reader.asked;
    let viewer = reader.viewer.person();
    let (municipality, successors) = municipalities::read(conn, code)?;
    let (plans_after, documents_after): (Option<Place>, Option<Place>) =
        (asked.get("plans"), asked.get("documents"));
    let adopted_before: Option<DocumentId> = asked.get("adoptions");
    let first = plans_after.is_none() && documents_after.is_none() && adopted_before.is_none();
    let mut listed = |about: About, wanted: bool, after: Option<Place>| -> Result<Page<DocumentRow>> {
        let rows = match wanted {
            true => documents::about_municipality(conn, viewer, code, about, after, DOCUMENTS)?,
            false => Vec::new(),
        };
        let cursor = |(last, ..): &DocumentRow| Place::of(last).to_string();
        Ok(Page::cut(rows, DOCUMENTS, cursor, |row| row))
    };
    let plans = listed(About::Plans, first || plans_after.is_some(), plans_after)?;
    let documents = listed(About::Others, first || documents_after.is_some(), documents_after)?;
    let adoptions = match first || adopted_before.is_some() {
        true => documents::adoptions_in(conn, viewer, code, adopted_before, DOCUMENTS)?,
        false => Vec::new(),
    };
    let cursor = |(last, ..): &AdoptionRow| last.document_id.to_string();
    let adoptions = Page::cut(adoptions, DOCUMENTS, cursor, |row| row);
    let networks = match first {
        true => networks::about_municipality(conn, viewer, code, NETWORKS)?,
        false => Vec::new(),
    };
    let networks = network_views(conn, networks)?;
    let frame = frame(reader, &municipality);
    let more = |list: &str, cursor: String| frame.to(&format!("/municipalities/{code}?{list}={cursor}"));
    let mut page = MunicipalityPage {
        successors: municipality_links(&frame, &named(&successors)),
        first,
        networks: networks.into_iter().map(|network| ListedNetwork::of(&frame, network)).collect(),
        more_adoptions: adoptions.next_cursor.map(|cursor| more("adoptions", cursor)),
        adoptions: adoptions.items.into_iter().map(|row| Adopted::of(&frame, row)).collect(),
        more_plans: plans.next_cursor.map(|cursor| more("plans", cursor)),
        plans: plans.items.into_iter().map(|row| Listed::of(&frame, row)).collect(),
        more_documents: documents.next_cursor.map(|cursor| more("documents", cursor)),
        documents: documents.items.into_iter().map(|row| Listed::of(&frame, row)).collect(),
        feed: frame.to(&feeds::of_municipality(code)),
        municipality,
        frame,
    };
    page.frame.unlisted = page.empty();
    Html::of(&page.frame, &page)
}

fn named(municipalities: &[Municipality]) -> Vec<(String, String)> {
    municipalities.iter().map(|one| (one.code.to_string(), one.display_name.clone())).collect()
}

fn frame(reader: &Reader<'_>, municipality: &Municipality) -> Frame {
    let (lang, code, name) = (reader.asked.lang, &municipality.code, &municipality.display_name);
    let about = lang.say_with("page-municipality-lead", &[("name", name.clone())]);
    let address = links::municipality(reader.config, code);
    let province = serde_json::json!({ "@type": "AdministrativeArea", "name": municipality.province });
    let place = with(
        describing::municipality(reader, code.as_str(), name),
        serde_json::json!({ "containedInPlace": province }),
    );
    let told = describing::collection(reader, &address, name, lang.as_str());
    let told = with(told, serde_json::json!({ "description": about, "about": place }));
    let feed = reader.config.public(&feeds::of_municipality(code));
    let title = lang.say_with("page-feed-title", &[("title", name.clone())]);
    reader
        .asked
        .frame(lang.say_with("page-municipality-title", &[("name", name.clone())]))
        .described(about)
        .standing_at(address, reader.config.public(&format!("/v1/municipalities/{code}")))
        .linked(HeadLink::alternate("application/atom+xml", feed, title))
        .being(told)
}

/// A municipality in the list.
struct ListedMunicipality {
    name: String,
    link: String,
    networks: i64,
    documents: i64,
}

/// The municipalities of a province.
struct Province {
    name: String,
    municipalities: Vec<ListedMunicipality>,
}

#[derive(Template)]
#[template(path = "pages/municipalities.html")]
struct MunicipalitiesPage {
    frame: Frame,
    provinces: Vec<Province>,
}

/// How much there is about a municipality, and when some of it changed last.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    pub networks: i64,
    pub documents: i64,
    pub changed: Option<Time>,
}

/// Municipalities with something that the reader may see; there are as many as a country has.
pub fn told(conn: &mut Conn, reader: &Reader<'_>) -> Result<BTreeMap<MunicipalityCode, Told>> {
    let viewer = reader.viewer.person();
    let mut all: BTreeMap<MunicipalityCode, Told> = BTreeMap::new();
    for (code, count, changed) in networks::municipalities_of_networks(conn, viewer)? {
        let told = all.entry(code).or_default();
        (told.networks, told.changed) = (count, told.changed.max(changed));
    }
    for (code, count, changed) in documents::municipalities_of_documents(conn, viewer)? {
        let told = all.entry(code).or_default();
        (told.documents, told.changed) = (count, told.changed.max(changed));
    }
    Ok(all)
}

/// Every municipality with something to show, by province and name.
pub fn municipalities(conn: &mut Conn, reader: &Reader<'_>) -> Result<Html> {
    let told = told(conn, reader)?;
    let codes: Vec<MunicipalityCode> = told.keys().cloned().collect();
    let mut known = municipalities::by_codes(conn, &codes)?;
    known.sort_by(|one, other| {
        (&one.country, &one.province, &one.folded_name).cmp(&(
            &other.country,
            &other.province,
            &other.folded_name,
        ))
    });
    let config = reader.config;
    let lead = reader.asked.lang.say("page-municipalities-lead");
    let frame = reader
        .asked
        .frame(reader.asked.lang.say("page-municipalities-title"))
        .described(lead)
        .standing_at(links::municipalities(config), config.public("/v1/municipalities"));
    let mut provinces: Vec<Province> = Vec::new();
    for one in known {
        let about = told.get(&one.code).copied().unwrap_or_default();
        let listed = ListedMunicipality {
            link: frame.to(&format!("/municipalities/{}", one.code)),
            name: one.display_name,
            networks: about.networks,
            documents: about.documents,
        };
        match provinces.last_mut().filter(|last| last.name == one.province) {
            Some(province) => province.municipalities.push(listed),
            None => provinces.push(Province { name: one.province, municipalities: vec![listed] }),
        }
    }
    let page = MunicipalitiesPage { provinces, frame };
    Html::of(&page.frame, &page)
}

#[derive(Template)]
#[template(path = "pages/municipality-choice.html")]
struct ChoicePage {
    frame: Frame,
    municipalities: Vec<(Linked, String)>,
}

/// Several municipalities have the name that was asked for.
fn choice(reader: &Reader<'_>, meant: Vec<Municipality>) -> Result<Html> {
    let mut frame = reader.asked.frame(reader.asked.lang.say("page-municipality-choice"));
    frame.unlisted = true;
    let listed = municipality_links(&frame, &named(&meant));
    let page = ChoicePage {
        municipalities: listed.into_iter().zip(meant.into_iter().map(|one| one.province)).collect(),
        frame,
    };
    Html::of(&page.frame, &page)
}
