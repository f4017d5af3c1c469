//! Copies of files, for a network that takes over what another wrote: its own, so that they outlive what they were
//! copied from.
//!
//! As with files that are sent, no row is there without its whole file: files are copied first and written down
//! afterwards, in the transaction of what they belong to. Copies that were not needed are removed again.

use kring_db::{Conn, Tx};

use super::actions::{ask, read_later};
use super::model::*;
use super::queries;
use crate::app::{App, Context};
use crate::error::Result;
use crate::jobs::announced;
use crate::networks::{MayContribute, MayRead, NetworkId};

/// A file that was copied, and what it is a copy of.
#[derive(Clone, Debug)]
pub struct Copied {
    pub id: AttachmentId,
    pub of: Attachment,
}

/// Those of `ids` that belong to something in `network`, which the caller may read: so that a text that names a file opens
/// none. What a text shows of other networks is not copied: it may be hidden from those who read the copy.
pub fn copyable(
    conn: &mut Conn,
    _may: &MayRead,
    network: NetworkId,
    ids: &[AttachmentId],
) -> Result<Vec<Attachment>> {
    let mut found = queries::by_ids(conn, ids)?;
    found.retain(|attachment| attachment.network_id == network && attachment.target_id.is_some());
    found.sort_unstable_by_key(|attachment| attachment.id);
    Ok(found)
}

/// Copies the files. One that is gone by now is left out; when another cannot be copied, none is.
pub async fn copy(app: &App, of: Vec<Attachment>) -> Result<Vec<Copied>> {
    let mut copies = Vec::with_capacity(of.len());
    let cx = app.context();
    let ids: Vec<AttachmentId> = of.iter().map(|_| cx.id()).collect();
    announced::announce(app, ids.iter().copied().map(key).collect()).await?;
    for (attachment, id) in of.into_iter().zip(ids) {
        match app.storage.copy(&key(attachment.id), &key(id)).await {
            Ok(true) => copies.push(Copied { id, of: attachment }),
            Ok(false) => {}
            Err(cause) => {
                remove(app, &copies).await;
                return Err(cause);
            }
        }
    }
    Ok(copies)
}

/// Removes copies that were not written down.
pub async fn remove(app: &App, copies: &[Copied]) {
    for copied in copies {
        if let Err(cause) = app.storage.delete(&key(copied.id)).await {
            tracing::warn!(%cause, attachment = %copied.id, "a file that nothing refers to could not be removed");
        }
    }
}

/// Writes copies down, belonging to `target`. Whose the files were, and what is said about them, stays: who takes
/// something over did not make it. What asks for a description asks it of this network.
pub fn keep_copies(
    tx: &mut Tx,
    cx: &Context,
    may: &MayContribute,
    copies: &[Copied],
    target: Target,
) -> Result<()> {
    for copied in copies {
        let attachment = Attachment {
            id: copied.id,
            network_id: may.network(),
            target_kind: Some(target.kind),
            target_id: Some(target.id),
            created_at: cx.now(),
            attached_at: Some(cx.now()),
            version: 1,
            ..copied.of.clone()
        };
        queries::insert_copy(tx, may, &attachment)?;
        if attachment.description_wanted {
            ask(tx, cx, may.person(), may.network(), attachment.id)?;
        }
        read_later(tx, cx, &attachment)?;
    }
    Ok(())
}

/// Before and behind the id in the address of a file.
const ADDRESS: (&str, &str) = ("/v1/attachments/", "/content");

/// The files that a text shows or links to, in their order, each once.
pub fn shown_in(markdown: &str) -> Vec<AttachmentId> {
    let mut found = Vec::new();
    for piece in markdown.split(ADDRESS.0).skip(1) {
        let id = piece.split_once(ADDRESS.1).and_then(|(id, _)| id.parse().ok());
        found.extend(id.filter(|id| !found.contains(id)));
    }
    found
}

/// The text with copies in place of what they are copies of.
pub fn with_copies(markdown: &str, copies: impl IntoIterator<Item = (AttachmentId, AttachmentId)>) -> String {
    let address = |id: AttachmentId| format!("{}{id}{}", ADDRESS.0, ADDRESS.1);
    copies
        .into_iter()
        .fold(markdown.to_owned(), |text, (of, copy)| text.replace(&address(of), &address(copy)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_a_text_are_found_and_replaced() {
        let (one, two, copy) = (AttachmentId(1 << 40), AttachmentId(2 << 40), AttachmentId(3 << 40));
        let text = format!(
            "![x](/v1/attachments/{one}/content) [y](/v1/attachments/{two}/content), /v1/attachments/{one}/content \
             and /v1/attachments/none/content"
        );
        assert_eq!(shown_in(&text), [one, two]);
        let replaced = with_copies(&text, [(one, copy)]);
        assert_eq!(shown_in(&replaced), [copy, two]);
        assert_eq!(replaced.matches(&copy.to_string()).count(), 2);
    }
}
