//! `/v1/networks/{network}/document-imports`.

use actix_web::{HttpRequest, HttpResponse, Responder, post};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Brought};
use super::view::*;
use crate::app::App;
use crate::error::Result;
use crate::jobs::asked::JobView;
use crate::networks::Slug;
use crate::web::multipart::Form;
use crate::web::problem::Problem;
use crate::web::{Caller, Path};

pub fn configure(config: &mut ServiceConfig) {
    config.service(import_document);
}

/// Bring a document along
///
/// For members. A DOCX, HTML or Markdown file (or whatever pandoc reads, where the server has it) becomes a document of
/// the network, with its headings, lists, tables, links and notes. Its images become attachments: one without a
/// description asks the network for it. `losses` says in plain words what could not be taken over, and where it stood.
///
/// A ZIP of such files, with the images they show beside them, answers 202 with a job: each file becomes a document, or
/// not, by itself. The job's `result` then has `location`, `documents` (how many were made) and `files`, each with
/// `file`, `document`, `losses` and `problem`; and `losses` of the ZIP itself: images that no document shows. A ZIP may
/// be larger than a file.
#[utoipa::path(tag = "documents", request_body(content = ImportDocument, content_type = "multipart/form-data"), responses(
    (status = 201, description = "Imported.", body = ImportedView, headers(("ETag" = String, description = "The document's revision."), ("Location" = String, description = "The document."))),
    (status = 202, description = "A ZIP: its files are being imported.", body = JobView, headers(("Location" = String, description = "The job."))),
    (status = 400, description = "The file cannot be taken; the fault at `/file` says why and what to do.", body = Problem, content_type = "application/problem+json"),
    (status = 503, description = "Too many documents are being converted; `Retry-After` says when to try again.", body = Problem, content_type = "application/problem+json"),
))]
#[post("/networks/{network}/document-imports")]
async fn import_document(app: App, caller: Caller, Path(slug): Path<Slug>, form: Form) -> Result<Brought> {
    // Before anything of the file is read.
    let network = slug.clone();
    app.read(&caller, move |conn, _, viewer| actions::place(conn, viewer.signed_in()?, &network).map(|_| ()))
        .await?;
    let most = app.config.archive_limit.max(app.config.upload_limit);
    let received = form.receive("file", &app.waiting_room(), most).await?;
    let once = received.once.clone();
    let (wish, file) = ImportDocument::parse(received, slug, caller.lang)?;
    actions::bring(app, caller, once, wish, file).await
}

impl Responder for Brought {
    type Body = actix_web::body::BoxBody;
    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        match self {
            Self::Document(answer) => answer.respond_to(req),
            Self::Job(answer) => answer.respond_to(req),
        }
    }
}
