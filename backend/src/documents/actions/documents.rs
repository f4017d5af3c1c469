//! Documents: brought in, listed, read, and what stands beside their text.

use kring_db::{Conn, JsonText, Tx};

use super::variants::change_variant;
use super::{InNetwork, enter, enter_again, find};
use crate::accounts::{self, SignedIn, Viewer};
use crate::app::Context;
use crate::attachments::{self, Target};
use crate::documents::model::*;
use crate::documents::{policy, queries};
use crate::drafts;
use crate::error::{Code, Error, Fault, NOT_FOUND, Result};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::networks::policy::{self as network_policy, MayContribute, Standing};
use crate::networks::{self, Network, Slug};
use crate::templates;
use crate::text::markdown;
use crate::web::{IfMatch, Paging};

/// How many characters of a text a list shows.
const EXCERPT: usize = 300;

/// Documents of a network, newest change first.
pub fn list(
    conn: &mut Conn,
    viewer: &Viewer,
    slug: &Slug,
    filter: &DocumentFilter,
    paging: &Paging<Place>,
) -> Result<(Network, Vec<DocumentRow>)> {
    let (network, membership) = networks::seen(conn, viewer, slug)?;
    let at = Standing {
        network: &network,
        person: viewer.person(),
        membership: membership.as_ref(),
    };
    let may = network_policy::may_read(&at)?;
    let rows = queries::listed(conn, &may, network.id, viewer.person(), filter, paging.after, paging.limit)?;
    Ok((network, rows))
}

/// Brings a document in: its first revision.
pub fn create(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    new: &NewDocument,
) -> Result<InNetwork> {
    let viewer = Viewer::SignedIn(who.clone());
    let (network, membership) = networks::seen(tx, &viewer, slug)?;
    let at = Standing {
        network: &network,
        person: Some(who.person),
        membership: membership.as_ref(),
    };
    let may = policy::may_create(&at)?;
    networks::known_municipalities(tx, &new.subjects)?;
    if !network.slug.host().is_empty() {
        // Its home may not take it: then it comes back.
        drafts::may_send(tx, who.person)?;
    }
    let id = write(tx, cx, &may, (&network, None), new, Telling::Mentioned)?;
    find(tx, &viewer, id)
}

/// The same, where a template may say what was left out: filled in for this network, once. Returns what was written,
/// too.
pub(super) fn begin(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    wish: &DocumentWish,
) -> Result<(InNetwork, DocumentText)> {
    let missing = || Error::internal("a document without text and template");
    let Some(template) = &wish.template else {
        let new = wish.whole().ok_or_else(missing)?;
        return Ok((create(tx, cx, who, slug, &new)?, new.text));
    };
    let (network, membership) = networks::seen(tx, &Viewer::SignedIn(who.clone()), slug)?;
    policy::may_create(&Standing {
        network: &network,
        person: Some(who.person),
        membership: membership.as_ref(),
    })?;
    let place = (&network, membership.as_ref());
    let start = templates::filled_document(tx, cx, who, template, place, &wish.subjects.municipalities)?;
    let new = wish.filled(start)?.whole().ok_or_else(missing)?;
    let place = create(tx, cx, who, slug, &new)?;
    templates::note_use(tx, cx, template, network.id, place.row.0.id.0)?;
    Ok((place, new.text))
}

/// A document of the demo, at the moment of `cx`.
pub fn create_for_demo(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    new: &NewDocument,
) -> Result<DocumentId> {
    bring_in(tx, cx, who, slug, new)
}

/// A document that came in as a file.
pub fn bring_in(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    new: &NewDocument,
) -> Result<DocumentId> {
    create(tx, cx, who, slug, new).map(|place| place.row.0.id)
}

/// Who hears that a text mentions them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    Mentioned,
    /// Others wrote it, elsewhere: whoever it mentions was told then.
    Nobody,
    /// It happened long ago, elsewhere: nobody hears of it as if it happened now.
    Nothing,
}

/// Writes a new document down, with its first revision. What is to be a `variant` is written down as one by the caller.
pub(super) fn write(
    tx: &mut Tx,
    cx: &Context,
    may: &MayContribute,
    (network, variant): (&Network, Option<VariantKind>),
    new: &NewDocument,
    telling: Telling,
) -> Result<DocumentId> {
    begin_at(tx, cx, may, (network, variant), new, telling, 1)
}

/// The same, where the first revision that is known has this number.
pub(super) fn begin_at(
    tx: &mut Tx,
    cx: &Context,
    may: &MayContribute,
    (network, variant): (&Network, Option<VariantKind>),
    new: &NewDocument,
    telling: Telling,
    number: i64,
) -> Result<DocumentId> {
    let (municipalities, themes, crpd_articles) = networks::subject_texts(&new.subjects);
    let document = Document {
        id: cx.id(),
        network_id: network.id,
        kind: new.kind,
        title: new.text.title.clone(),
        plain_summary: new.text.plain_summary.clone().flatten(),
        excerpt: excerpt(&new.text.body.markdown),
        language: new.text.language.clone().unwrap_or_else(|| network.language.clone()),
        municipalities,
        themes,
        crpd_articles,
        revision: number,
        version: 0,
        created_by: may.person(),
        created_at: cx.now(),
        changed_by: may.person(),
        changed_at: cx.now(),
        licence: new.licence,
    };
    let body = &new.text.body;
    let (mut rendered, _) = accounts::with_mentions(tx, cx, &body.markdown, &body.rendered)?;
    if telling != Telling::Mentioned {
        rendered.mentions.clear();
    }
    let text = LongText { body: body.markdown.clone(), body_html: rendered.html };
    queries::insert_document(tx, may, &document)?;
    queries::insert_revision(tx, may, &current_revision(cx, &document, None), &text)?;
    queries::set_tags(tx, may, document.id, &new.subjects)?;
    queries::mark_read(tx, may.person(), document.id, number, cx.now())?;
    networks::add_documents(tx, network.id, 1)?;
    attachments::attach(tx, cx, may, &new.attachments, Target::document(document.id.0))?;
    enter(tx, &document, variant, &text.body)?;
    if telling != Telling::Nothing {
        let event = Event::new(EventKind::DocumentCreated, document.id.0)
            .network(network.id.0)
            .actor(may.person().0)
            .payload(&serde_json::json!({ "revision": number, "mentions": rendered.mentions }));
        outbox::push(tx, cx, event)?;
    }
    Ok(document.id)
}

/// How a text begins, as lists show it: its first sentences, for a heading run into them reads as nonsense. Of a text
/// that has none, whatever it begins with.
pub(super) fn excerpt(body: &str) -> String {
    let lead = markdown::lead(body, EXCERPT);
    if lead.is_empty() { markdown::excerpt(body, EXCERPT) } else { lead }
}

/// The revision that `document` says is its current one.
pub(super) fn current_revision(cx: &Context, document: &Document, restored_from: Option<i64>) -> Revision {
    Revision {
        id: cx.id(),
        document_id: document.id,
        number: document.revision,
        title: document.title.clone(),
        plain_summary: document.plain_summary.clone(),
        language: document.language.clone(),
        author_id: document.changed_by,
        restored_from,
        created_at: document.changed_at,
    }
}

/// A document, in its network.
pub fn read(conn: &mut Conn, viewer: &Viewer, id: DocumentId) -> Result<InNetwork> {
    find(conn, viewer, id)
}

/// Changes what stands beside the text. It makes no revision; what changes nothing leaves the ETag as it is.
pub fn change(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    known: &IfMatch,
    change: &DocumentChange,
) -> Result<InNetwork> {
    let viewer = Viewer::SignedIn(who.clone());
    let may = policy::may_edit(&find(tx, &viewer, id)?.standing())?;
    queries::lock(tx, &may, id)?;
    let place = find(tx, &viewer, id)?;
    let before = &place.row.0;
    known.check_whole(&before.etag())?;
    let subjects = before.subjects().changed(&change.subjects);
    networks::known_municipalities(tx, &subjects)?;
    let mut after = before.clone();
    after.kind = change.kind.unwrap_or(before.kind);
    after.licence = change.licence.unwrap_or(before.licence);
    (after.municipalities, after.themes, after.crpd_articles) = networks::subject_texts(&subjects);
    if after.licence != before.licence && keeps_licence(tx, id)? {
        return Err(Code::LicenceOfSource.into());
    }
    let variant = match &change.variant {
        Some(variant) => change_variant(tx, may.contributing(), before, variant.as_ref())?,
        None => false,
    };
    let files = adds_files(tx, id, change)?;
    let labels = |document: &Document| -> (DocumentKind, Licence, [JsonText; 3]) {
        let lists = [&document.municipalities, &document.themes, &document.crpd_articles];
        (document.kind, document.licence, lists.map(Clone::clone))
    };
    if files || variant || labels(&after) != labels(before) {
        after.version += 1;
        queries::set_labels(tx, &may, &after)?;
        queries::set_tags(tx, may.contributing(), id, &subjects)?;
        attachments::attach(tx, cx, may.contributing(), &change.attachments, Target::document(id.0))?;
        let event = Event::new(EventKind::DocumentLabelled, id.0)
            .network(place.network.id.0)
            .actor(who.person.0)
            .payload(&serde_json::json!({ "revision": after.revision, "labels": after.version }));
        outbox::push(tx, cx, event)?;
    }
    if variant {
        let now = queries::variant_of(tx, &[id])?.pop();
        enter_again(tx, &after, now.map(|(variant, _)| variant.kind))?;
    }
    find(tx, &viewer, id)
}

/// What was adopted stays under the licence that its source gave, unless that asked for nothing.
fn keeps_licence(tx: &mut Tx, id: DocumentId) -> Result<bool> {
    let adoption = queries::adoptions_of(tx, &[id])?.pop();
    Ok(adoption.is_some_and(|adoption| adoption.licence != Licence::Cc0))
}

/// Is there a file among those of the change that the document does not have yet?
fn adds_files(tx: &mut Tx, id: DocumentId, change: &DocumentChange) -> Result<bool> {
    let its = attachments::of(tx, &[Target::document(id.0)])?;
    Ok(change.attachments.iter().any(|file| !its.iter().any(|(_, view)| view.id == *file)))
}

/// Notes that the caller has read a document, up to `revision` or, without one, up to now. Returns which revision
/// they have read now, and the current one.
pub fn mark_read(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    revision: Option<i64>,
) -> Result<(i64, i64)> {
    let place = find(tx, &Viewer::SignedIn(who.clone()), id)?;
    let current = place.row.0.revision;
    let wanted = revision.unwrap_or(current);
    if wanted > current {
        return Err(Fault::new("unknown_revision").at("/revision"));
    }
    queries::mark_read(tx, who.person, id, wanted, cx.now())?;
    let read = queries::document(tx, id, Some(who.person))?.ok_or(NOT_FOUND)?.3;
    Ok((read.unwrap_or(wanted), current))
}
