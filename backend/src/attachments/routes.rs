//! `/v1/attachments`.

use actix_web::{HttpResponse, delete, get, patch, post};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::model::AttachmentId;
use super::view::*;
use super::{actions, jobs, upload};
use crate::app::App;
use crate::error::Result;
use crate::jobs::idempotency::Answer;
use crate::web::download::{self, FileToSend, Wanted};
use crate::web::multipart::Form;
use crate::web::problem::Problem;
use crate::web::{Body, Caller, IfMatch, NoContent, Path, Tagged};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(upload_attachment)
        .service(get_attachment)
        .service(change_attachment)
        .service(delete_attachment)
        .service(get_attachment_content);
}

/// Upload a file
///
/// For members. Then name its id in `attachments` of a thread, reply or document; until then only you see it, and
/// after a day it is removed. No more than fifty at a time. What it is, its content decides. Photos lose what they tell about place and maker.
/// An image needs `alt`, `decorative` or `descriptionWanted`.
#[utoipa::path(tag = "attachments", request_body(content = UploadAttachment, content_type = "multipart/form-data"), responses(
    (status = 201, description = "Kept.", body = AttachmentView, headers(("ETag" = String, description = "Its version."))),
    (status = 404, description = "There is no such network, or you may not see it.", body = Problem, content_type = "application/problem+json"),
))]
#[post("/attachments")]
async fn upload_attachment(app: App, caller: Caller, form: Form) -> Result<Answer<AttachmentView>> {
    // Before anything of the file is read.
    app.read(&caller, |_, _, viewer| viewer.signed_in().map(|_| ())).await?;
    let received = form.receive("file", &app.waiting_room(), app.config.upload_limit).await?;
    let once = received.once.clone();
    let (new, file) = UploadAttachment::parse(received)?;
    upload::keep(app, caller, once, new, file).await
}

/// Read about an attachment
///
/// Not the file itself: that is at `…/content`.
#[utoipa::path(tag = "attachments", responses((status = 200, description = "The attachment.", body = AttachmentView, headers(("ETag" = String, description = "Its version.")))))]
#[get("/attachments/{attachment}")]
async fn get_attachment(
    app: App,
    caller: Caller,
    Path(id): Path<AttachmentId>,
) -> Result<Tagged<AttachmentView>> {
    app.read(&caller, move |conn, _, viewer| {
        let shown = actions::read(conn, viewer, id)?;
        Ok(Tagged::exact(shown.0.version, shown.into()))
    })
    .await
}

/// Describe an attachment
///
/// Every member may: whoever uploaded it may be blind. Its name is for its uploader and moderators. With `alt` the
/// network is not asked for a description any more.
#[utoipa::path(tag = "attachments", request_body = ChangeAttachment, params(("If-Match" = Option<String>, Header, description = "The ETag you read.")),
    responses((status = 200, description = "As it is now.", body = AttachmentView, headers(("ETag" = String, description = "Its version.")))))]
#[patch("/attachments/{attachment}")]
async fn change_attachment(
    app: App,
    caller: Caller,
    Path(id): Path<AttachmentId>,
    known: IfMatch,
    body: Body<ChangeAttachment>,
) -> Result<Tagged<AttachmentView>> {
    let change = body.parse(ChangeAttachment::parse)?;
    app.write(&caller, move |tx, cx, who| {
        let shown = actions::change(tx, cx, who, id, &known, &change)?;
        Ok(Tagged::exact(shown.0.version, shown.into()))
    })
    .await
}

/// Delete an attachment
///
/// For its uploader and moderators. The file goes at once and cannot be brought back.
#[utoipa::path(tag = "attachments", responses((status = 204, description = "Gone.")))]
#[delete("/attachments/{attachment}")]
async fn delete_attachment(app: App, caller: Caller, Path(id): Path<AttachmentId>) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| actions::remove(tx, cx, who, id)).await?;
    if let Err(cause) = jobs::remove_file(&app, id).await {
        tracing::warn!(%cause, attachment = %id, "its file could not be removed now; the sweep tries again");
    }
    Ok(NoContent)
}

/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code)] // only described
struct FileContent(Vec<u8>);

/// Read the file of an attachment
///
/// Whole or in part (`Range`). Its type is one that the content has, and `Content-Disposition` says whether a browser
/// may show it. It is asked for again each time, by its ETag.
#[utoipa::path(tag = "attachments",
    params(
        ("Range" = Option<String>, Header, description = "One range of bytes, as `bytes=0-1023`. Others are passed over."),
        ("If-Range" = Option<String>, Header, description = "The ETag you have a part of: another one gets the whole file."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag you have: 304 if that is still right."),
    ),
    responses(
        (status = 200, description = "The whole file.", content((FileContent = "application/octet-stream"), (FileContent = "*/*")), headers(
            ("ETag" = String, description = "Of the content."),
            ("Accept-Ranges" = String, description = "`bytes`."),
            ("Content-Disposition" = String, description = "Shown or saved, and under which name."),
        )),
        (status = 206, description = "The part you asked for.", content((FileContent = "application/octet-stream"), (FileContent = "*/*")), headers(
            ("ETag" = String, description = "Of the whole content."),
            ("Content-Range" = String, description = "Which part of how much."),
        )),
        (status = 416, description = "There is no such part; `Content-Range` says how long the file is.", body = Problem, content_type = "application/problem+json"),
    ))]
#[get("/attachments/{attachment}/content")]
async fn get_attachment_content(
    app: App,
    caller: Caller,
    Path(id): Path<AttachmentId>,
    wanted: Wanted,
) -> Result<HttpResponse> {
    let (attachment, ..) = app.read(&caller, move |conn, _, viewer| actions::read(conn, viewer, id)).await?;
    download::send(&app.storage, &wanted, &FileToSend::from(&attachment)).await
}
