//! What is done with templates, one function a use.

use kring_db::{Conn, Tx};

use super::built_in;
use super::filling::Known;
use super::model::*;
use super::policy::{self, MayArrange};
use super::queries;
use crate::accounts::{self, LanguageTag, PersonId, SignedIn, Viewer};
use crate::app::Context;
use crate::error::{Code, Error, Fault, NOT_FOUND, Result};
use crate::municipalities::{self, MunicipalityCode};
use crate::networks::{self, MemberRole, Membership, Network, NetworkId, Slug};
use crate::text::lang::Lang;
use crate::web::IfMatch;

/// What stands in a row, or what came with Kring.
fn merged(id: &TemplateId, came: Option<&Content>, row: Option<Row>) -> Result<Option<Template>> {
    let (written, hidden, version, updated_at) = match row {
        Some(row) => (row.content, row.hidden, row.version, Some(row.updated_at)),
        None => (None, false, 0, None),
    };
    let written: Option<Content> =
        written.map(|content| content.read().map_err(Error::internal)).transpose()?;
    let (built_in, changed) = (came.is_some(), came.is_some() && written.is_some());
    let content = written.or_else(|| came.cloned());
    Ok(content.map(|content| Template {
        id: id.clone(),
        content,
        built_in,
        changed,
        hidden,
        version,
        updated_at,
    }))
}

fn find(conn: &mut Conn, id: &TemplateId) -> Result<Option<Template>> {
    let row = queries::row(conn, id)?;
    merged(id, built_in::find(id), row)
}

/// All that the viewer may see, by name of the key and language.
pub fn list(conn: &mut Conn, viewer: &Viewer, filter: &TemplateFilter) -> Result<Vec<Template>> {
    let mut rows = queries::rows(conn)?;
    let mut found = Vec::new();
    for (id, content) in built_in::all() {
        let place = rows.iter().position(|row| row.key == id.key && row.language == id.language);
        found.extend(merged(id, Some(content), place.map(|place| rows.swap_remove(place)))?);
    }
    for row in rows {
        let id = TemplateId { key: row.key.clone(), language: row.language.clone() };
        found.extend(merged(&id, None, Some(row))?);
    }
    found.retain(|template| {
        policy::may_see(template, viewer)
            && filter.kind.is_none_or(|kind| template.kind() == kind)
            && filter.language.as_ref().is_none_or(|language| template.id.language == *language)
    });
    found.sort_by(|one, other| one.id.cmp(&other.id));
    Ok(found)
}

/// What a template is to be filled in for.
#[derive(Clone, Debug, Default)]
pub struct For {
    pub network: Option<Slug>,
    /// For a network that is not there yet.
    pub name: Option<String>,
    pub municipality: Option<MunicipalityCode>,
}

/// One template; filled in where it is said for what.
pub fn read(
    conn: &mut Conn,
    cx: &Context,
    viewer: &Viewer,
    id: &TemplateId,
    wanted: &For,
) -> Result<Template> {
    let template = find(conn, id)?.filter(|found| policy::may_see(found, viewer)).ok_or(NOT_FOUND)?;
    let documents = seen_documents(conn, viewer, &template)?;
    let known = known_for(conn, cx, viewer, lang_of(cx, id), wanted)?;
    let mut content = match known {
        Some(known) => known.content(template.content),
        None => template.content,
    };
    if let What::Network(network) = &mut content.what {
        network.documents.retain(|id| documents.contains(id));
    }
    Ok(Template { content, ..template })
}

/// Of the documents that a network begins with, the templates that the viewer may see.
fn seen_documents(conn: &mut Conn, viewer: &Viewer, template: &Template) -> Result<Vec<TemplateId>> {
    match &template.content.what {
        What::Document(_) => Ok(Vec::new()),
        What::Network(network) if network.documents.is_empty() => Ok(Vec::new()),
        What::Network(_) => {
            let documents = TemplateFilter { kind: Some(TemplateKind::Document), language: None };
            Ok(list(conn, viewer, &documents)?.into_iter().map(|found| found.id).collect())
        }
    }
}

/// Kring's own words in a template: in its language where Kring speaks that, else in the instance's.
fn lang_of(cx: &Context, id: &TemplateId) -> Lang {
    Lang::of_tag(id.language.as_str()).unwrap_or(cx.config().default_language)
}

fn known_for(
    conn: &mut Conn,
    cx: &Context,
    viewer: &Viewer,
    lang: Lang,
    wanted: &For,
) -> Result<Option<Known>> {
    if let Some(slug) = &wanted.network {
        let (network, membership) = networks::seen(conn, viewer, slug).map_err(|error| match error {
            Error::Rule(Code::NotFound) => Fault::new("unknown_network").at("?network"),
            other => other,
        })?;
        let municipalities = match &wanted.municipality {
            Some(code) => vec![code.clone()],
            None => network.municipalities.list(),
        };
        let coordinator = coordinator(conn, membership.as_ref())?;
        return in_network(conn, cx, lang, &network, &municipalities, coordinator).map(Some);
    }
    if wanted.name.is_none() && wanted.municipality.is_none() {
        return Ok(None);
    }
    let codes: Vec<MunicipalityCode> = wanted.municipality.iter().cloned().collect();
    let coordinator = match viewer.person() {
        // Whoever proposes a network coordinates it.
        Some(person) => Some(name_of(conn, person)?),
        None => None,
    };
    Ok(Some(Known {
        lang,
        network: wanted.name.clone(),
        municipalities: names(conn, &codes)?,
        date: cx.now(),
        zone: cx.config().time_zone,
        coordinator,
        instance: cx.config().instance_name.clone(),
    }))
}

fn in_network(
    conn: &mut Conn,
    cx: &Context,
    lang: Lang,
    network: &Network,
    municipalities: &[MunicipalityCode],
    coordinator: Option<String>,
) -> Result<Known> {
    Ok(Known {
        lang,
        network: Some(network.name.to_string()),
        municipalities: names(conn, municipalities)?,
        date: cx.now(),
        zone: cx.config().time_zone,
        coordinator,
        instance: cx.config().instance_name.clone(),
    })
}

/// The name of whoever uses a template, where they coordinate the network.
fn coordinator(conn: &mut Conn, membership: Option<&Membership>) -> Result<Option<String>> {
    let own = membership.filter(|own| own.role == MemberRole::Coordinator);
    own.map(|own| name_of(conn, own.person_id)).transpose()
}

fn name_of(conn: &mut Conn, person: PersonId) -> Result<String> {
    Ok(accounts::person_by_id(conn, person)?.display_name.to_string())
}

/// Names of municipalities, as in the alphabet.
fn names(conn: &mut Conn, codes: &[MunicipalityCode]) -> Result<Vec<String>> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    let mut known = municipalities::by_codes(conn, codes)?;
    known.sort_by(|one, other| one.folded_name.cmp(&other.folded_name));
    Ok(known.into_iter().map(|place| place.display_name).collect())
}

/// How a document begins, with everything filled in.
#[derive(Clone, Debug)]
pub struct Filled {
    pub id: TemplateId,
    pub kind: DocumentKind,
    pub title: String,
    pub body: String,
    pub crpd_articles: Vec<i64>,
}

/// A template for a document of this network, about `municipalities` or else those of the network, filled in for `who`.
/// A fault at `/template` where there is none that they may see.
pub fn filled_document(
    conn: &mut Conn,
    cx: &Context,
    who: &SignedIn,
    id: &TemplateId,
    (network, membership): (&Network, Option<&Membership>),
    municipalities: &[MunicipalityCode],
) -> Result<Filled> {
    let viewer = Viewer::SignedIn(who.clone());
    let template = find(conn, id)?.filter(|found| policy::may_see(found, &viewer));
    let template = template.ok_or_else(|| Fault::new("unknown_template").at("/template"))?;
    let about = match municipalities {
        [] => network.municipalities.list(),
        named => named.to_vec(),
    };
    let coordinator = coordinator(conn, membership)?;
    let known = in_network(conn, cx, lang_of(cx, id), network, &about, coordinator)?;
    let content = known.content(template.content);
    match content.what {
        What::Network(_) => Err(Fault::new("other_template").at("/template")),
        What::Document(document) => Ok(Filled {
            id: id.clone(),
            kind: document.kind,
            title: document.title,
            body: document.body,
            crpd_articles: content.crpd_articles,
        }),
    }
}

/// Notes as which template a document of a network began.
pub fn note_use(tx: &mut Tx, cx: &Context, id: &TemplateId, network: NetworkId, document: i64) -> Result<()> {
    queries::insert_use(tx, id, network, document, cx.now())
}

/// Of these keys the templates that everyone may use, in a language of Kring's: the key and the id.
pub fn offered<'k>(conn: &mut Conn, keys: &[&'k str], lang: Lang) -> Result<Vec<(&'k str, String)>> {
    let filter = TemplateFilter { kind: None, language: Some(LanguageTag::of(lang)) };
    let found = list(conn, &Viewer::Anonymous, &filter)?;
    let there = |key: &&&str| found.iter().any(|template| template.id.key == ***key);
    Ok(keys.iter().filter(there).map(|key| (*key, format!("{key}.{lang}"))).collect())
}

/// Makes a template of the instance's own.
pub fn create(tx: &mut Tx, cx: &Context, who: &SignedIn, new: &NewTemplate) -> Result<Template> {
    let may = policy::may_arrange(who)?;
    if find(tx, &new.id)?.is_some() {
        return Err(Code::TemplateExists.into());
    }
    policy::may_add(&may, queries::rows(tx)?.len())?;
    let template = Template {
        id: new.id.clone(),
        content: new.content.clone(),
        built_in: false,
        changed: false,
        hidden: false,
        version: 1,
        updated_at: Some(cx.now()),
    };
    write(tx, cx, &may, who, template)
}

/// Changes what a template says, hides it or shows it again.
pub fn change(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: &TemplateId,
    known: &IfMatch,
    change: &Change,
) -> Result<Template> {
    let may = policy::may_arrange(who)?;
    queries::lock(tx, id)?;
    let mut template = find(tx, id)?.ok_or(NOT_FOUND)?;
    known.check(template.version)?;
    template.content = change
        .applied(template.content)
        .map_err(|field| Fault::new("not_for_kind").at(format!("/{field}")))?;
    template.changed |= template.built_in && change.of_content();
    template.hidden = change.hidden.unwrap_or(template.hidden);
    template.version += 1;
    template.updated_at = Some(cx.now());
    write(tx, cx, &may, who, template)
}

/// A template of the demo, changed at the moment of `cx`.
pub fn change_for_demo(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: &TemplateId,
    new: &Change,
) -> Result<()> {
    change(tx, cx, who, id, &IfMatch::anything(), new).map(|_| ())
}

fn write(
    tx: &mut Tx,
    cx: &Context,
    may: &MayArrange,
    who: &SignedIn,
    template: Template,
) -> Result<Template> {
    if let What::Network(network) = &template.content.what {
        for (item, id) in network.documents.iter().enumerate() {
            if find(tx, id)?.is_none_or(|found| found.kind() != TemplateKind::Document) {
                return Err(Fault::new("unknown_template").at(format!("/documents/{item}")));
            }
        }
    }
    let own = (!template.built_in || template.changed).then_some(&template.content);
    queries::save(tx, may, &template, own, who.person, cx.now())?;
    Ok(template)
}

/// Takes a template of the instance's own away; brings one that came with Kring back as it came. That stays a row, so
/// that its versions go on counting.
pub fn remove(tx: &mut Tx, cx: &Context, who: &SignedIn, id: &TemplateId, known: &IfMatch) -> Result<()> {
    let may = policy::may_arrange(who)?;
    queries::lock(tx, id)?;
    let template = find(tx, id)?.ok_or(NOT_FOUND)?;
    policy::may_remove(&may, &template)?;
    known.check(template.version)?;
    if !template.built_in {
        return queries::remove(tx, &may, id);
    }
    let back = Template { hidden: false, version: template.version + 1, ..template };
    queries::save(tx, &may, &back, None, who.person, cx.now())
}
