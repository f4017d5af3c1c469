//! Bringing a document along, from the file to the first revision.

use std::fs::File;
use std::io::Write as _;

use kring_convert::{Converted, Image, Loss, LossKind, Outcome};
use kring_db::{Conn, Tx};

use super::model::*;
use super::refusals::refused;
use super::view::ImportedView;
use crate::accounts::{SignedIn, Viewer};
use crate::app::{App, Context};
use crate::attachments::{self, AttachmentId, Stored};
use crate::converter::{Reading, Waiting};
use crate::documents::{self, DocumentId};
use crate::error::{Error, Result};
use crate::jobs::asked::{AskedKind, JobView};
use crate::jobs::idempotency::Answer;
use crate::jobs::uploads;
use crate::networks::policy::Standing;
use crate::networks::{self, Network, Slug};
use crate::storage::blocking;
use crate::text::lang::Lang;
use crate::web::multipart::ReceivedFile;
use crate::web::{Caller, Created, IdempotencyKey};

/// The network that a document is for, where the person may write in it.
pub fn place(conn: &mut Conn, who: &SignedIn, slug: &Slug) -> Result<Network> {
    let (network, membership) = networks::seen(conn, &Viewer::SignedIn(who.clone()), slug)?;
    documents::policy::may_create(&Standing {
        network: &network,
        person: Some(who.person),
        membership: membership.as_ref(),
    })?;
    Ok(network)
}

/// What became of a file that was brought.
pub enum Brought {
    Document(Box<Answer<ImportedView>>),
    /// A folder: a worker reads its files.
    Job(Answer<JobView>),
}

/// Converts a file, and makes a document of it or, of a folder, a job. Who sent it need not wait for the answer: it
/// runs to its end either way.
pub async fn bring(
    app: App,
    caller: Caller,
    once: IdempotencyKey,
    wish: Wish,
    file: ReceivedFile,
) -> Result<Brought> {
    let work = tokio::spawn(async move {
        let slug = wish.network.clone();
        let network =
            app.read(&caller, move |conn, _, viewer| place(conn, viewer.signed_in()?, &slug)).await?;
        let reading = Reading {
            name: file.name.clone().unwrap_or_default(),
            inside: None,
            most: app.config.upload_limit,
            undescribed: undescribed(&app, &network),
        };
        let outcome = app.converter.convert(&file.content, &reading, Waiting::Request).await?;
        match outcome.map_err(|refusal| refused(refusal, app.converter.has_pandoc()))? {
            Outcome::Folder(_) => {
                let (network, request) = (wish.network.clone(), serde_json::to_value(&wish));
                let request = request.map_err(Error::internal)?;
                let may = move |tx: &mut Tx, _: &Context, who: &SignedIn| {
                    place(tx, who, &network)?;
                    Ok(request.clone())
                };
                let begun = uploads::begin(app, caller, once, AskedKind::DocumentImport, file, may);
                Ok(Brought::Job(begun.await?))
            }
            Outcome::Document(converted) => {
                let ready = prepare(&app, &wish, converted).await?;
                create(app, caller, once, wish, ready).await.map(|made| Brought::Document(Box::new(made)))
            }
        }
    });
    work.await.map_err(Error::internal)?
}

/// What stands in place of a description that an image lacks, in the language of its network.
pub fn undescribed(app: &App, network: &Network) -> String {
    let lang = Lang::of_tag(network.language.as_str()).unwrap_or(app.config.default_language);
    lang.say("import-undescribed")
}

/// Keeps the images of a document and puts its text together.
pub async fn prepare(app: &App, wish: &Wish, mut converted: Converted) -> Result<Ready> {
    let (mut kept, mut lost) = (Vec::new(), 0);
    for image in std::mem::take(&mut converted.images) {
        let stored = keep(app, wish, image).await;
        match stored {
            Ok(stored) => kept.push(Some(stored)),
            // Damaged, or of a kind that tells too much.
            Err(Error::Invalid(_)) => {
                lost += 1;
                kept.push(None);
            }
            Err(cause) => {
                discard(app, kept.into_iter().flatten().map(|(stored, _)| stored.id)).await;
                return Err(cause);
            }
        }
    }
    let ids: Vec<AttachmentId> = kept.iter().flatten().map(|(stored, _)| stored.id).collect();
    let losses = with_lost_images(std::mem::take(&mut converted.losses), lost);
    let ready = Ready::of(converted, wish, kept, losses);
    if ready.is_err() {
        discard(app, ids.into_iter()).await;
    }
    ready
}

fn with_lost_images(mut losses: Vec<Loss>, lost: usize) -> Vec<Loss> {
    let kind = LossKind::ImageKinds;
    match losses.iter_mut().find(|loss| loss.kind == kind) {
        Some(loss) => loss.count += lost,
        None if lost > 0 => losses.push(Loss::new(kind, lost)),
        None => {}
    }
    losses
}

async fn keep(app: &App, wish: &Wish, image: Image) -> Result<(Stored, Described)> {
    let folder = app.waiting_room();
    let bytes = image.bytes;
    let content: File = blocking(move || {
        std::fs::create_dir_all(&folder)?;
        let mut file = tempfile::tempfile_in(&folder)?;
        file.write_all(&bytes)?;
        Ok(file)
    })
    .await?;
    let described = Described { alt: image.alt, decorative: image.decorative };
    let new = attachments::described(&wish.network, described.alt.clone(), described.decorative);
    let stored = attachments::store(app, &new, Some(image.name), content).await?;
    Ok((stored, described))
}

/// Removes images of a document that is not written down.
pub async fn discard(app: &App, images: impl Iterator<Item = AttachmentId>) {
    for id in images {
        attachments::discard(app, id).await;
    }
}

async fn create(
    app: App,
    caller: Caller,
    once: IdempotencyKey,
    wish: Wish,
    ready: Ready,
) -> Result<Answer<ImportedView>> {
    let ids: Vec<AttachmentId> = ready.new.attachments.clone();
    let lang = caller.lang;
    let answer = app
        .create(&caller, once, move |tx, cx, who| {
            let id = write(tx, cx, who, &wish, &ready)?;
            let (etag, document) = documents::page_of(tx, who, id, lang)?;
            let value = ImportedView::of(document, &ready.losses, lang);
            Ok(Created {
                location: format!("/documents/{id}"),
                etag: Some(etag),
                value,
            })
        })
        .await;
    if !matches!(answer, Ok(Answer::First(_))) {
        discard(&app, ids.into_iter()).await;
    }
    answer
}

/// Writes a document and its images down.
pub fn write(tx: &mut Tx, cx: &Context, who: &SignedIn, wish: &Wish, ready: &Ready) -> Result<DocumentId> {
    for (stored, described) in &ready.images {
        let new = attachments::described(&wish.network, described.alt.clone(), described.decorative);
        attachments::write_down(tx, cx, who, &new, stored)?;
    }
    documents::bring_in(tx, cx, who, &wish.network, &ready.new)
}

/// A document of the demo that came in as a file, without images; at the moment of `cx`.
pub fn bring_for_demo(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    network: &Slug,
    kind: documents::DocumentKind,
    converted: Converted,
) -> Result<DocumentId> {
    let wish = Wish {
        network: network.clone(),
        kind,
        title: None,
        language: None,
        lang: Lang::Nl,
    };
    let kept = converted.images.iter().map(|_| None).collect();
    let ready = Ready::of(converted, &wish, kept, Vec::new())?;
    write(tx, cx, who, &wish, &ready)
}
