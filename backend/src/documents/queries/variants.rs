//! Rows of variants.

use diesel::prelude::*;
use kring_db::schema::{document_variants, documents};
use kring_db::{Conn, Tx, each_dialect};

use crate::accounts::LanguageTag;
use crate::documents::model::*;
use crate::error::Result;
use crate::networks::policy::MayContribute;

/// Of what these documents are variants, with the sources; those that are none are missing. In no order.
pub fn variant_of(conn: &mut Conn, ids: &[DocumentId]) -> Result<Vec<VariantRow>> {
    let its = document_variants::table
        .inner_join(documents::table.on(documents::id.eq(document_variants::source_id)))
        .filter(document_variants::document_id.eq_any(ids));
    Ok(its.select((Variant::as_select(), Document::as_select())).load(conn)?)
}

/// The variants of these documents, with their own documents, in no order. They are in the network of their source:
/// whoever reads that reads them.
pub fn variants_of(conn: &mut Conn, sources: &[DocumentId]) -> Result<Vec<VariantRow>> {
    let its = document_variants::table
        .inner_join(documents::table.on(documents::id.eq(document_variants::document_id)))
        .filter(document_variants::source_id.eq_any(sources));
    Ok(its.select((Variant::as_select(), Document::as_select())).load(conn)?)
}

/// The variant of this kind in this language, where there is one.
pub fn variant_like(
    conn: &mut Conn,
    source: DocumentId,
    kind: VariantKind,
    language: &LanguageTag,
) -> Result<Option<DocumentId>> {
    let same = document_variants::table
        .filter(document_variants::source_id.eq(source))
        .filter(document_variants::kind.eq(kind).and(document_variants::language.eq(language)));
    Ok(same.select(document_variants::document_id).first(conn).optional()?)
}

/// Makes a document a variant; false where another was faster.
pub fn insert_variant(tx: &mut Tx, _may: &MayContribute, variant: &Variant) -> Result<bool> {
    let row = (
        document_variants::document_id.eq(variant.document_id),
        document_variants::source_id.eq(variant.source_id),
        document_variants::kind.eq(variant.kind),
        document_variants::language.eq(&variant.language),
        document_variants::revision.eq(variant.revision),
    );
    let written = each_dialect!(tx.conn(), |c| diesel::insert_into(document_variants::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(c))?;
    Ok(written == 1)
}

/// Writes down which revision a variant says, and in which language.
pub fn set_variant(tx: &mut Tx, _may: &MayContribute, variant: &Variant) -> Result<()> {
    diesel::update(document_variants::table.find(variant.document_id))
        .set((
            document_variants::revision.eq(variant.revision),
            document_variants::language.eq(&variant.language),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The document stands by itself from now on.
pub fn forget_variant(tx: &mut Tx, _may: &MayContribute, id: DocumentId) -> Result<()> {
    diesel::delete(document_variants::table.find(id)).execute(tx.conn())?;
    Ok(())
}
