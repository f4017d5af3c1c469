//! Documents as others read them: one by its address, and all of a network, page by page, for who keeps a copy.

use kring_db::{Conn, Tx};
use serde_json::{Value, json};

use super::making;
use crate::accounts::{self, PersonId};
use crate::app::{App, Context};
use crate::config::Config;
use crate::copies::{self, SignedCopy, Subject};
use crate::documents::{self, DocumentId, Revision, RevisionId};
use crate::error::{Error, NOT_FOUND, Result};
use crate::federation::addresses::Local;
use crate::federation::asker::Asker;
use crate::federation::objects::{self, Object};
use crate::federation::{serving, written};
use crate::networks::{self, Network, NetworkId, Slug};

/// Most activities of one page.
const AT_ONCE: i64 = 20;

/// How many revisions' texts are read at once.
const TEXTS: usize = 5;

/// From so many bytes on a page ends: whoever asks takes 1 MB.
const LARGE: usize = 600_000;

/// So often what is not signed yet is: somebody may write while that is done.
const SIGNINGS: usize = 3;

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
    let piece = whole_piece(app, network, after).await?;
    let next = piece.next.map(|next| format!("{of}?after={next}"));
    let mut page = objects::page(&format!("{of}?after={after}"), &of, piece.told, next);
    // The keys of those who wrote it, also of who is gone.
    page.insert("assertionMethod".to_owned(), Value::Array(piece.keys));
    Ok(page)
}

/// Some revisions as they were told, in their order.
#[derive(Debug, Default)]
struct Piece {
    told: Vec<Value>,
    keys: Vec<Value>,
    next: Option<RevisionId>,
    /// Those that people of here wrote before anybody asked for them: not signed yet.
    unsigned: Vec<Revision>,
}

/// Reads a piece; only what was never signed is written, once, and then read again.
async fn whole_piece(app: &App, network: Network, after: RevisionId) -> Result<Piece> {
    let id = network.id;
    let mut piece = app.db.read(move |conn| piece(conn, id, after)).await?;
    for _ in 0..SIGNINGS {
        if piece.unsigned.is_empty() {
            break;
        }
        let (unsigned, network) = (piece.unsigned, network.clone());
        app.write_for_anyone(move |tx, cx| sign(tx, cx, &network, &unsigned)).await?;
        piece = app.db.read(move |conn| self::piece(conn, id, after)).await?;
    }
    Ok(piece)
}

fn sign(tx: &mut Tx, cx: &Context, network: &Network, revisions: &[Revision]) -> Result<()> {
    for revision in revisions {
        if let Some(document) = documents::any_document(tx, revision.document_id)? {
            making::brought(tx, cx, (network, &document), revision)?;
        }
    }
    Ok(())
}

fn piece(conn: &mut Conn, network: NetworkId, after: RevisionId) -> Result<Piece> {
    let found = documents::revisions_of_network(conn, network, after, AT_ONCE + 1)?;
    let authors: Vec<PersonId> = found.iter().map(|revision| revision.author_id).collect();
    let here = accounts::of_here(conn, &authors)?;
    let (mut piece, mut size, mut actors, mut reached) = (Piece::default(), 0, Vec::new(), None);
    // Long texts: no more of them are read than fit.
    let page = &found[..found.len().min(AT_ONCE as usize)];
    'page: for some in page.chunks(TEXTS) {
        let of = |revision: &Revision| Subject::document(revision.document_id.0, revision.number);
        let kept = copies::all_of_many(conn, &some.iter().map(of).collect::<Vec<_>>())?;
        for revision in some {
            if reached.is_some() && (size > LARGE || piece.told.len() >= AT_ONCE as usize) {
                break 'page;
            }
            let mut its = kept.iter().filter(|copy| copy.subject() == of(revision)).peekable();
            if its.peek().is_none() && here.contains(&revision.author_id) {
                piece.unsigned.push(revision.clone());
            }
            for copy in its {
                size += copy.activity.len();
                piece.told.push(copy.activity()?);
                actors.push(copy.actor.clone());
            }
            reached = Some(revision.id);
        }
    }
    piece.next = reached.filter(|reached| Some(*reached) != found.last().map(|last| last.id));
    piece.keys = keys_of(conn, actors)?;
    Ok(piece)
}

/// The keys that were seen of these people, as who copies what they wrote needs them.
pub fn keys_of(conn: &mut Conn, mut actors: Vec<String>) -> Result<Vec<Value>> {
    actors.sort_unstable();
    actors.dedup();
    let keys = copies::keys_of(conn, &actors)?.into_iter().map(|key| {
        json!({ "id": key.key_id, "type": "Multikey", "controller": key.actor, "publicKeyMultibase": key.public_key })
    });
    Ok(keys.collect())
}
