//! From a file that came in to one that is kept: looked at, cleaned, stored, and only then written down.
//!
//! Invariant: no row without its whole file. A file whose row could not be written is removed again: by whoever kept it
//! or, where they died, a day later.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};

use sha2::{Digest as _, Sha256};

use super::actions;
use super::images::{self, Dimensions};
use super::media::{HEAD, MediaType};
use super::model::*;
use super::view::AttachmentView;
use crate::app::App;
use crate::error::{Error, Fault, FieldError, Result};
use crate::jobs::announced;
use crate::jobs::idempotency::Answer;
use crate::storage::blocking;
use crate::web::extract::hex;
use crate::web::multipart::ReceivedFile;
use crate::web::respond::etag_of;
use crate::web::{Caller, Created, IdempotencyKey};

/// A file that is kept, and what is known about it.
#[derive(Clone, Debug)]
pub struct Stored {
    pub id: AttachmentId,
    pub file_name: FileName,
    pub media_type: MediaType,
    pub size: i64,
    pub sha256: String,
    pub dimensions: Option<Dimensions>,
}

/// Keeps the file and writes it down. Who sent it need not wait for the answer: it runs to its end either way, so
/// that a connection that breaks leaves no file without a row.
pub async fn keep(
    app: App,
    caller: Caller,
    once: IdempotencyKey,
    new: NewAttachment,
    file: ReceivedFile,
) -> Result<Answer<AttachmentView>> {
    let keeping = tokio::spawn(async move {
        let slug = new.network.clone();
        app.read(&caller, move |conn, _, viewer| actions::place(conn, viewer.signed_in()?, &slug))
            .await?;
        let stored = store(&app, &new, file.name, file.content).await?;
        let id = stored.id;
        let answer = app
            .create(&caller, once, move |tx, cx, who| {
                let shown = actions::create(tx, cx, who, &new, &stored)?;
                let (location, version) = (format!("/attachments/{id}"), shown.0.version);
                let value = AttachmentView::from(shown);
                Ok(Created { location, etag: Some(etag_of(version, &value)), value })
            })
            .await;
        if !matches!(answer, Ok(Answer::First(_))) {
            discard(&app, id).await;
        }
        answer
    });
    keeping.await.map_err(Error::internal)?
}

/// Looks at a file, cleans it and keeps it, before it is written down. Where that fails, [`discard`] it.
pub async fn store(app: &App, new: &NewAttachment, name: Option<String>, content: File) -> Result<Stored> {
    let (stored, content) = prepare(app, new, name, content).await?;
    announced::announce(app, vec![key(stored.id)]).await?;
    app.storage.put(&key(stored.id), content).await?;
    Ok(stored)
}

/// Removes a file that was not written down.
pub async fn discard(app: &App, id: AttachmentId) {
    if let Err(cause) = app.storage.delete(&key(id)).await {
        tracing::warn!(%cause, attachment = %id, "a file that nothing refers to could not be removed");
    }
}

/// Looks at the file and cleans it.
async fn prepare(
    app: &App,
    new: &NewAttachment,
    name: Option<String>,
    content: File,
) -> Result<(Stored, File)> {
    let id = app.context().id();
    let (stored, content) = examine(app, id, name.as_deref(), content).await?;
    if stored.media_type.image().is_some() {
        described(new)?;
    }
    Ok((stored, content))
}

/// Looks at a file: what it is its bytes say. Photos lose what they tell about place and maker; one that was looked at
/// before comes out as it is.
pub async fn examine(
    app: &App,
    id: AttachmentId,
    name: Option<&str>,
    content: File,
) -> Result<(Stored, File)> {
    let (head, mut content) = blocking(move || look(content)).await?;
    let media_type = MediaType::sniff(&head).map_err(|fault| fault.at("/file"))?;
    let mut dimensions = None;
    if let Some(kind) = media_type.image() {
        let folder = app.waiting_room();
        let cleaned = tokio::task::spawn_blocking(move || {
            let mut clean = tempfile::tempfile_in(folder)?;
            images::clean(kind, &mut content, &mut clean).map(|size| (size, clean))
        });
        let (size, clean) = cleaned.await.map_err(Error::internal)?.map_err(|cause| match cause.kind() {
            io::ErrorKind::InvalidData => Fault::new("damaged_image").at("/file"),
            _ => Error::Unavailable(cause.into()),
        })?;
        (dimensions, content) = (Some(size), clean);
    }
    let (sha256, size, content) = blocking(move || measure(content)).await?;
    let file_name = FileName::cleaned(name, media_type);
    Ok((Stored { id, file_name, media_type, size, sha256, dimensions }, content))
}

/// An image says what can be seen on it, or that this does not matter, or asks somebody to say it.
fn described(new: &NewAttachment) -> Result<()> {
    if new.alt.is_some() || new.decorative || new.wanted {
        return Ok(());
    }
    let fault = |pointer: &str| FieldError {
        pointer: pointer.into(),
        fault: Fault::new("needs_description"),
    };
    Err(Error::Invalid(["/alt", "/decorative", "/descriptionWanted"].map(fault).into()))
}

fn look(mut content: File) -> io::Result<(Vec<u8>, File)> {
    let mut head = Vec::with_capacity(HEAD);
    content.rewind()?;
    (&content).take(HEAD as u64).read_to_end(&mut head)?;
    Ok((head, content))
}

/// Checksum and size of the whole file, which then stands at its beginning.
fn measure(mut content: File) -> io::Result<(String, i64, File)> {
    content.seek(SeekFrom::Start(0))?;
    let (mut digest, mut size, mut buffer) = (Sha256::new(), 0, vec![0; 64 * 1024]);
    loop {
        let count = content.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        digest.update(&buffer[..count]);
        size += count as i64;
    }
    content.rewind()?;
    Ok((hex(&digest.finalize()), size, content))
}
