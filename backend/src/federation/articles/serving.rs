//! Documents as others read them: one by its address, and all of a network, page by page, for who keeps a copy.

use kring_db::{Conn, Tx};
use serde_json::{Value, json};

use super::making;
use crate::app::{App, Context};
use crate::config::Config;
use crate::copies::{self, SignedCopy};
use crate::documents::{self, Document, DocumentId, Revision, RevisionId};
use crate::error::{Error, NOT_FOUND, Result};
use crate::federation::addresses::Local;
use crate::federation::asker::Asker;
use crate::federation::objects::{self, Object};
use crate::federation::{serving, written};
use crate::networks::{self, Network, Slug};

/// Most activities of one page.
const AT_ONCE: i64 = 20;

/// From so many bytes on a page ends: whoever asks takes 1 MB.
const LARGE: usize = 600_000;

/// A document, as it was signed last; what is left of one that was taken away.
pub async fn object(app: &App, id: DocumentId, asker: Asker) -> Result<Object> {
    let config = app.config.clone();
    let network = app.db.read(move |conn| readable(conn, &config, id, &asker)).await?;
    let Some(network) = network else {
        return Ok(objects::tombstone(&Local::Document(id).address(&app.config)));
    };
    // Looked at first: on SQLite a transaction for nothing would keep others' writes waiting.
    match app.db.read(move |conn| kept_now(conn, id)).await? {
        Some(object) => Ok(object),
        None => app.write_for_anyone(move |tx, cx| newest(tx, cx, &network, id)).await,
    }
}

/// A document as it is now, where it is kept as it was signed.
fn kept_now(conn: &mut Conn, id: DocumentId) -> Result<Option<Object>> {
    let document = documents::any_document(conn, id)?.ok_or(NOT_FOUND)?;
    let kept = copies::of_document(conn, id.0)?.filter(|kept| kept.revision == document.revision);
    kept.map(|kept| whole(&kept)).transpose()
}

fn whole(kept: &SignedCopy) -> Result<Object> {
    match kept.object()? {
        Value::Object(object) => Ok(object),
        _ => Err(Error::internal("what is kept of a document is no object")),
    }
}

/// The network of a document that was begun on this instance and that others may read; `None` where it was taken away.
fn readable(conn: &mut Conn, config: &Config, id: DocumentId, asker: &Asker) -> Result<Option<Network>> {
    let of = Local::Document(id);
    // What was begun elsewhere is asked for there.
    if written::address(conn, config, &of)? != of.address(config) {
        return Err(NOT_FOUND);
    }
    let removed = documents::removed(conn, id)?;
    let of_network = match &removed {
        Some(removed) => Some(removed.network_id),
        None => documents::network_of(conn, id)?,
    };
    let network = of_network.ok_or(NOT_FOUND)?;
    let eyes = asker.eyes(conn, network)?;
    let (network, ..) = networks::reading(conn, &eyes, network)?;
    asker.may_know(conn, &network)?;
    Ok(removed.is_none().then_some(network))
}

fn newest(tx: &mut Tx, cx: &Context, network: &Network, id: DocumentId) -> Result<Object> {
    let document = documents::any_document(tx, id)?.ok_or(NOT_FOUND)?;
    let revision = documents::any_revision(tx, id, document.revision)?.ok_or(NOT_FOUND)?;
    making::brought(tx, cx, (network, &document), &revision)?;
    whole(&copies::of_document(tx, id.0)?.ok_or(NOT_FOUND)?)
}

/// The documents of a network: how many revisions, or those after one, oldest first, each as it was told.
pub async fn documents(app: &App, slug: Slug, after: Option<RevisionId>, asker: Asker) -> Result<Object> {
    let of = Local::Network(slug.clone()).part(&app.config, "documents");
    let network = app
        .db
        .read(move |conn| serving::readable(conn, &slug, &asker).map(|(network, _)| network))
        .await?;
    let Some(after) = after else {
        let count = app.db.read(move |conn| documents::count_revisions(conn, network.id)).await?;
        return Ok(objects::paged(&of, count, &format!("{of}?after={}", RevisionId(0))));
    };
    let (told, next, keys) = app.write_for_anyone(move |tx, cx| piece(tx, cx, &network, after)).await?;
    let next = next.map(|next| format!("{of}?after={next}"));
    let mut page = objects::page(&format!("{of}?after={after}"), &of, told, next);
    // The keys of those who wrote it, also of who is gone.
    page.insert("assertionMethod".to_owned(), Value::Array(keys));
    Ok(page)
}

type Piece = (Vec<Value>, Option<RevisionId>, Vec<Value>);

fn piece(tx: &mut Tx, cx: &Context, network: &Network, after: RevisionId) -> Result<Piece> {
    let found = documents::revisions_of_network(tx, network.id, after, AT_ONCE + 1)?;
    let (mut told, mut size, mut actors) = (Vec::new(), 0, Vec::new());
    let mut reached = None;
    for revision in &found {
        if reached.is_some() && (size > LARGE || told.len() >= AT_ONCE as usize) {
            break;
        }
        for kept in as_told(tx, cx, network, revision)? {
            size += kept.activity.len();
            told.push(kept.activity()?);
            actors.push(kept.actor);
        }
        reached = Some(revision.id);
    }
    let more = reached.is_some() && reached != found.last().map(|last| last.id);
    actors.sort_unstable();
    actors.dedup();
    let keys = copies::keys_of(tx, &actors)?.into_iter().map(|key| {
        json!({ "id": key.key_id, "type": "Multikey", "controller": key.actor, "publicKeyMultibase": key.public_key })
    });
    Ok((told, reached.filter(|_| more), keys.collect()))
}

/// A revision as it was told, then what was changed beside its words.
fn as_told(tx: &mut Tx, cx: &Context, network: &Network, revision: &Revision) -> Result<Vec<SignedCopy>> {
    let document: Document = documents::any_document(tx, revision.document_id)?.ok_or(NOT_FOUND)?;
    making::brought(tx, cx, (network, &document), revision)?;
    copies::all_of(tx, copies::Subject::document(document.id.0, revision.number))
}
