//! Variants: the same in easy words, or in another language.

use kring_db::{Conn, Tx};

use super::documents::{Telling, write};
use super::{InNetwork, enter_again, find};
use crate::accounts::{SignedIn, Viewer};
use crate::app::Context;
use crate::documents::model::*;
use crate::documents::{policy, queries};
use crate::error::{Code, Error, Fault, NOT_FOUND, Result};
use crate::networks::MayContribute;

/// Writes a variant of a document: a document of the same network, about the same, under the same licence.
pub fn create_variant(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    new: &NewVariant,
) -> Result<InNetwork> {
    let viewer = Viewer::SignedIn(who.clone());
    let place = find(tx, &viewer, id)?;
    let may = policy::may_create(&place.standing())?;
    let source = &place.row.0;
    let language = new.text.language.clone().unwrap_or_else(|| source.language.clone());
    let variant = Variant {
        document_id: cx.id(),
        source_id: id,
        kind: new.kind,
        language: language.clone(),
        revision: said(source, new.revision)?,
    };
    check(tx, source, &variant, None)?;
    let document = NewDocument {
        kind: source.kind,
        text: DocumentText { language: Some(language), ..new.text.clone() },
        subjects: source.subjects(),
        licence: source.licence,
        attachments: new.attachments.clone(),
    };
    let place = (&place.network, Some(variant.kind));
    let document = write(tx, cx, &may, place, &document, Telling::Mentioned)?;
    insert(tx, &may, &Variant { document_id: document, ..variant })?;
    find(tx, &viewer, document)
}

/// A variant for the demo.
pub fn create_variant_for_demo(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: DocumentId,
    new: &NewVariant,
) -> Result<DocumentId> {
    create_variant(tx, cx, who, id, new).map(|place| place.row.0.id)
}

/// Which revision of its source a variant says: the current one where nothing was said.
fn said(source: &Document, revision: Option<i64>) -> Result<i64> {
    match revision {
        None => Ok(source.revision),
        Some(number) if number <= source.revision => Ok(number),
        Some(_) => Err(Fault::new("unknown_revision").at("/revision")),
    }
}

/// May there be this variant of the source? `own` is the document that is to be it, where that is there already.
fn check(conn: &mut Conn, source: &Document, variant: &Variant, own: Option<DocumentId>) -> Result<()> {
    if !queries::variant_of(conn, &[source.id])?.is_empty() {
        return Err(Code::VariantOfVariant.into());
    }
    if variant.kind == VariantKind::Translation && variant.language == source.language {
        return Err(Fault::new("same_language").at("/language"));
    }
    let there = queries::variant_like(conn, source.id, variant.kind, &variant.language)?;
    match there.filter(|there| Some(*there) != own) {
        Some(there) => Err(taken(there)),
        None => Ok(()),
    }
}

fn taken(there: DocumentId) -> Error {
    Error::There(Code::VariantTaken, format!("/documents/{there}"))
}

fn insert(tx: &mut Tx, may: &MayContribute, variant: &Variant) -> Result<()> {
    if queries::insert_variant(tx, may, variant)? {
        return Ok(());
    }
    let there = queries::variant_like(tx, variant.source_id, variant.kind, &variant.language)?;
    Err(there.map_or(NOT_FOUND, taken))
}

/// Changes of what a document is a variant, or that it is one. Tells whether that changed anything.
pub(super) fn change_variant(
    tx: &mut Tx,
    may: &MayContribute,
    document: &Document,
    change: Option<&VariantChange>,
) -> Result<bool> {
    let before = queries::variant_of(tx, &[document.id])?.pop();
    match (before, change) {
        (None, None) => Ok(false),
        (Some(_), None) => queries::forget_variant(tx, may, document.id).map(|()| true),
        (None, Some(change)) => become_variant(tx, may, document, change).map(|()| true),
        (Some((before, source)), Some(change)) => {
            let after = Variant {
                revision: match change.revision {
                    Some(number) => said(&source, Some(number))
                        .map_err(|_| Fault::new("unknown_revision").at("/variant/revision"))?,
                    None => before.revision,
                },
                ..before.clone()
            };
            queries::set_variant(tx, may, &after)?;
            Ok(after.revision != before.revision)
        }
    }
}

/// What a document of a network elsewhere is a variant of, as its home tells it: of nothing, or of this.
pub(super) fn relate(
    tx: &mut Tx,
    may: &MayContribute,
    document: &Document,
    told: Option<&VariantChange>,
) -> Result<()> {
    let before = queries::variant_of(tx, &[document.id])?.pop();
    match (before, told) {
        (None, None) => return Ok(()),
        (Some((before, source)), Some(told))
            if told.document == Some(before.source_id) && told.kind == Some(before.kind) =>
        {
            // It may say one that is not here yet.
            let revision = told.revision.map_or(before.revision, |number| number.min(source.revision));
            return queries::set_variant(tx, may, &Variant { revision, ..before });
        }
        (before, told) => {
            if before.is_some() {
                queries::forget_variant(tx, may, document.id)?;
            }
            if let Some(told) = told {
                let source = told.document.map(|id| queries::any_document(tx, id)).transpose()?.flatten();
                let known = source.map(|source| source.revision);
                let revision = told.revision.zip(known).map(|(told, known)| told.min(known));
                become_variant(tx, may, document, &VariantChange { revision, ..told.clone() })?;
            }
        }
    }
    enter_again(tx, document, told.and_then(|told| told.kind))
}

/// A document that is there becomes a variant of another of its network.
fn become_variant(
    tx: &mut Tx,
    may: &MayContribute,
    document: &Document,
    change: &VariantChange,
) -> Result<()> {
    let (Some(id), Some(kind)) = (change.document, change.kind) else {
        return Err(Fault::new("not_a_variant").at("/variant"));
    };
    let unknown = || Fault::new("unknown_document").at("/variant/document");
    let source = queries::document(tx, id, None)?.ok_or_else(unknown)?.0;
    if source.network_id != document.network_id || source.id == document.id {
        return Err(unknown());
    }
    if !queries::variants_of(tx, &[document.id])?.is_empty() {
        return Err(Code::VariantOfVariant.into());
    }
    let variant = Variant {
        document_id: document.id,
        source_id: id,
        kind,
        language: document.language.clone(),
        revision: said(&source, change.revision)?,
    };
    check(tx, &source, &variant, Some(document.id))?;
    insert(tx, may, &variant)
}

/// A variant whose words are in another language now is the variant in that language.
pub(super) fn follow_language(
    tx: &mut Tx,
    may: &MayContribute,
    document: &Document,
    (before, source): VariantRow,
) -> Result<()> {
    if before.language != document.language {
        let after = Variant { language: document.language.clone(), ..before };
        check(tx, &source, &after, Some(document.id))?;
        queries::set_variant(tx, may, &after)?;
    }
    Ok(())
}

/// The variants of a document: easy to read first, in its own language first.
pub fn list_variants(
    conn: &mut Conn,
    viewer: &Viewer,
    id: DocumentId,
) -> Result<(InNetwork, Vec<VariantRow>)> {
    let place = find(conn, viewer, id)?;
    let rows = queries::variants_of(conn, &[id])?;
    Ok((place, rows))
}
