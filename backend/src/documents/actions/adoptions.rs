//! Adopting: a document of one network becomes one of another, with credit.

use kring_db::{Conn, JsonText, Tx};

use super::documents::{Telling, write};
use super::{InNetwork, find};
use crate::accounts::{SignedIn, Viewer};
use crate::app::Context;
use crate::attachments::copying::{self, Copied};
use crate::attachments::{self, Attachment, Target};
use crate::documents::model::*;
use crate::documents::policy::{self, MayAdopt};
use crate::documents::queries;
use crate::error::{Code, Error, Fault, NOT_FOUND, Result};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::municipalities;
use crate::networks::policy::Standing;
use crate::networks::{self, Membership, Network, Subjects};

/// So many files come along at most; in a text that shows more, the others are shown from where they are.
const FILES: usize = 200;

/// What is to be adopted: the source as it was when it was asked for, and the files to copy before.
pub struct Adopting {
    pub revision: i64,
    pub files: Vec<Attachment>,
}

/// Looks whether a document can be adopted, and what has to be copied for it.
pub fn prepare(conn: &mut Conn, viewer: &Viewer, id: DocumentId, wish: &NewAdoption) -> Result<Adopting> {
    let who = viewer.signed_in()?;
    let source = find(conn, viewer, id)?;
    let (into, membership) = target(conn, who, wish)?;
    check(conn, who, &source, (&into, membership.as_ref()), wish)?;
    let revision = source.row.0.revision;
    let text = queries::long_text(conn, id, revision)?;
    let own = attachments::of(conn, &[Target::document(id.0)])?;
    let mut files: Vec<_> = own.into_iter().map(|(_, view)| view.id).collect();
    for shown in copying::shown_in(&text.body) {
        if !files.contains(&shown) {
            files.push(shown);
        }
    }
    files.truncate(FILES);
    Ok(Adopting {
        revision,
        files: copying::copyable(conn, &source.may_read, source.network.id, &files)?,
    })
}

/// The network that is to adopt, as the person stands to it. One that they may not know of is a fault of the request.
fn target(conn: &mut Conn, who: &SignedIn, wish: &NewAdoption) -> Result<(Network, Option<Membership>)> {
    networks::seen(conn, &Viewer::SignedIn(who.clone()), &wish.network).map_err(|error| match error {
        Error::Rule(Code::NotFound) => Fault::new("unknown_network").at("/network"),
        other => other,
    })
}

fn check(
    conn: &mut Conn,
    who: &SignedIn,
    source: &InNetwork,
    (into, membership): (&Network, Option<&Membership>),
    wish: &NewAdoption,
) -> Result<MayAdopt> {
    let at = Standing { network: into, person: Some(who.person), membership };
    let may = policy::may_adopt(&source.row.0, &source.network, &at)?;
    if !municipalities::exist(conn, std::slice::from_ref(&wish.municipality))? {
        return Err(Fault::new("unknown_municipality").at("/municipality"));
    }
    match queries::adopted_before(conn, source.row.0.id, into.id, &wish.municipality)? {
        Some(there) => Err(already(there)),
        None => Ok(may),
    }
}

fn already(there: DocumentId) -> Error {
    Error::There(Code::AlreadyAdopted, format!("/documents/{there}"))
}

/// Adopts revision `revision` of a document, with the copies that were made of its files.
pub fn adopt(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    wish: &NewAdoption,
    (revision, copies): (i64, &[Copied]),
) -> Result<InNetwork> {
    let viewer = Viewer::SignedIn(who.clone());
    let source = find(tx, &viewer, id)?;
    let (into, membership) = target(tx, who, wish)?;
    let may = check(tx, who, &source, (&into, membership.as_ref()), wish)?;
    let (of_then, ..) = queries::revision(tx, &source.may_read, id, revision)?.ok_or(NOT_FOUND)?;
    let text = queries::long_text(tx, id, revision)?;
    let copied = copies.iter().map(|copied| (copied.of.id, copied.id));
    let base = Base {
        title: of_then.title.clone(),
        body: copying::with_copies(&text.body, copied),
    };
    let new = adopted(&source.row.0, of_then, &base, wish)?;
    let document = write(tx, cx, may.contributing(), (&into, None), &new, Telling::Nobody)?;
    copying::keep_copies(tx, cx, may.contributing(), copies, Target::document(document.0))?;
    for copied in copies {
        queries::add_adopted_file(tx, may.contributing(), document, copied.of.id, copied.id)?;
    }
    let adoption = lineage(tx, cx, &may, &source, (document, &base.title, revision), wish)?;
    if !queries::insert_adoption(tx, &may, &adoption, &base)? {
        let there = queries::adopted_before(tx, id, into.id, &wish.municipality)?;
        return Err(there.map_or(NOT_FOUND, already));
    }
    // The source's network hears of it.
    let event = Event::new(EventKind::DocumentAdopted, document.0)
        .network(source.network.id.0)
        .actor(who.person.0)
        .payload(&serde_json::json!({ "source": id }));
    outbox::push(tx, cx, event)?;
    find(tx, &viewer, document)
}

/// The document that comes of a source: its words, its kind and what it is about, in another municipality.
fn adopted(source: &Document, of_then: Revision, base: &Base, wish: &NewAdoption) -> Result<NewDocument> {
    let Subjects { themes, crpd_articles, .. } = source.subjects();
    Ok(NewDocument {
        kind: source.kind,
        text: DocumentText {
            title: of_then.title,
            plain_summary: Some(of_then.plain_summary),
            body: Body::parse(base.body.clone()).map_err(|fault| fault.at("/document"))?,
            language: Some(of_then.language),
        },
        subjects: Subjects {
            municipalities: vec![wish.municipality.clone()],
            themes,
            crpd_articles,
        },
        licence: source.licence,
        attachments: Vec::new(),
    })
}

/// Where the new document comes from, told so that it holds when the source is gone.
fn lineage(
    tx: &mut Tx,
    cx: &Context,
    may: &MayAdopt,
    source: &InNetwork,
    (document, title, revision): (DocumentId, &Title, i64),
    wish: &NewAdoption,
) -> Result<Adoption> {
    let id = source.row.0.id;
    let before = queries::adoptions_of(tx, &[id])?.pop();
    let origins = before.map_or_else(Vec::new, |before| {
        let mut origins = vec![before.as_origin()];
        origins.extend(before.origins());
        origins
    });
    Ok(Adoption {
        document_id: document,
        network_id: may.contributing().network(),
        municipality: wish.municipality.clone(),
        adopted_by: may.contributing().person(),
        created_at: cx.now(),
        source_host: String::new(),
        source_id: id,
        source_revision: revision,
        source_title: title.clone(),
        source_network_slug: source.network.slug.clone(),
        source_network_name: source.network.name.to_string(),
        licence: source.row.0.licence,
        authors: JsonText::of(&queries::authors_until(tx, id, revision)?),
        origins: JsonText::of(&origins),
        seen_revision: revision,
    })
}

/// An adoption for the demo, of the source as it is now and without its files.
pub fn adopt_for_demo(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    wish: &NewAdoption,
) -> Result<DocumentId> {
    let revision = find(tx, &Viewer::SignedIn(who.clone()), id)?.row.0.revision;
    adopt(tx, cx, who, id, wish, (revision, &[])).map(|place| place.row.0.id)
}

/// Who adopted a document, as far as the viewer may see them, newest first.
pub fn list_adoptions(
    conn: &mut Conn,
    viewer: &Viewer,
    id: DocumentId,
    before: Option<DocumentId>,
    limit: i64,
) -> Result<Vec<AdoptionRow>> {
    find(conn, viewer, id)?;
    queries::adopted_by(conn, viewer.person(), id, before, limit)
}
