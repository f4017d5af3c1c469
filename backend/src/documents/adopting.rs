//! Adopting and taking over, with the files that come along: these are copied before anything is written down, without
//! a transaction in anybody's hands. Copies that are not needed after all are removed again.

use super::actions;
use super::model::*;
use super::view::{DocumentPage, changed_page, created_page};
use crate::app::App;
use crate::attachments::AttachmentId;
use crate::attachments::copying::{self, Copied};
use crate::drafts::Reference;
use crate::error::{Error, Result};
use crate::jobs::idempotency::Answer;
use crate::web::{Caller, Created, IdempotencyKey, IfMatch, Saved, Tagged};

/// Adopts a document. It runs to its end whether or not somebody waits for the answer, so that a connection that breaks
/// leaves no file without a row.
pub async fn adopt(
    app: App,
    caller: Caller,
    once: IdempotencyKey,
    id: DocumentId,
    wish: NewAdoption,
) -> Result<Answer<DocumentPage>> {
    let lang = caller.lang;
    let adopting = tokio::spawn(async move {
        let asked = wish.clone();
        let adopting =
            app.read(&caller, move |conn, _, viewer| actions::prepare(conn, viewer, id, &asked)).await;
        // Sent twice, it was done: the answer of then is known by its key.
        let (revision, copies) = match adopting {
            Ok(adopting) => (adopting.revision, copying::copy(&app, adopting.files).await?),
            Err(Error::There(..)) if once.0.is_some() => (1, Vec::new()),
            Err(fault) => return Err(fault),
        };
        let kept = copies.clone();
        let answer = app
            .create(&caller, once, move |tx, cx, who| {
                let place = actions::adopt(tx, cx, who, id, &wish, (revision, &kept))?;
                let document = &place.row.0;
                let (location, etag) = (format!("/documents/{}", document.id), Some(document.etag()));
                Ok(Created { location, etag, value: created_page(tx, &place, lang)? })
            })
            .await;
        if !matches!(answer, Ok(Answer::First(_))) {
            copying::remove(&app, &copies).await;
        }
        answer
    });
    adopting.await.map_err(Error::internal)?
}

/// Takes sections of the source over, in the same way. Where somebody was first, what was written for them is kept.
pub async fn take_over(
    app: App,
    caller: Caller,
    id: DocumentId,
    known: IfMatch,
    (wish, draft): (TakeOver, Option<Reference>),
) -> Result<Tagged<DocumentPage>> {
    let taking = tokio::spawn(async move {
        let number = wish.revision;
        let files = app
            .read(&caller, move |conn, _, viewer| actions::prepare_take_over(conn, viewer, id, number))
            .await?;
        let copies = copying::copy(&app, files).await?;
        let made = copies.clone();
        let outcome = app
            .write(&caller, move |tx, cx, who| {
                actions::take(tx, cx, who, id, (&known, &made), &wish, draft)?
                    .map(|place| Ok(Tagged { etag: place.row.0.etag(), value: changed_page(tx, &place)? }))
            })
            .await;
        let done = match &outcome {
            Ok(Saved::Done(tagged)) => Some(tagged),
            _ => None,
        };
        copying::remove(&app, &unused(&copies, done)).await;
        outcome?.or_tell(&app).await
    });
    taking.await.map_err(Error::internal)?
}

/// Copies that belong to nothing in the document as it is now.
fn unused(copies: &[Copied], outcome: Option<&Tagged<DocumentPage>>) -> Vec<Copied> {
    let its = outcome.and_then(|tagged| tagged.value.attachments.as_ref());
    let kept: Vec<AttachmentId> = its.into_iter().flatten().map(|file| file.id).collect();
    copies.iter().filter(|copied| !kept.contains(&copied.id)).cloned().collect()
}
