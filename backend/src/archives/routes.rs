//! `/v1/documents/{document}/export`, `/v1/networks/{network}/archives`, `/v1/archives`, `/v1/network-imports`, and the
//! schemas of archives.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::document::{self, Exported};
use super::model::ArchiveId;
use super::view::*;
use crate::app::App;
use crate::documents::DocumentId;
use crate::error::{Code, Error, NOT_FOUND, Result};
use crate::jobs::asked::{AskedKind, JobView};
use crate::jobs::idempotency::Answer;
use crate::jobs::uploads;
use crate::networks::Slug;
use crate::web::download::{self, FileToSend, Wanted};
use crate::web::multipart::Form;
use crate::web::problem::Problem;
use crate::web::{Caller, IdempotencyKey, Path, Query};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(export_document)
        .service(create_network_archive)
        .service(export_account)
        .service(get_archive_content)
        .service(import_network)
        .service(get_archive_schema);
}

/// A document in one file.
#[derive(ToSchema)]
#[schema(value_type = String, example = "---\ntitle: \"Plan voor toegankelijke haltes\"\n---\n\n## Visie\n")]
#[allow(dead_code)] // only described
struct ExportedDocument(String);

/// Take a document along
///
/// For whoever may read it: as it is now, with who wrote it, when, under which licence and where it comes from. Markdown
/// with that in front, or a page that stands by itself, which reads well without internet and prints well.
#[utoipa::path(tag = "archives",
    params(ExportQuery, ("If-None-Match" = Option<String>, Header, description = "The ETag you have: 304 if that is still right.", example = "\"3.0.md\"")),
    responses(
        (status = 200, description = "The document.", content((ExportedDocument = "text/markdown"), (ExportedDocument = "text/html")), headers(
            ("ETag" = String, description = "Of this revision in this format."),
            ("Content-Disposition" = String, description = "A name to save it under."),
        )),
    ))]
#[get("/documents/{document}/export")]
async fn export_document(
    app: App,
    caller: Caller,
    req: HttpRequest,
    Path(id): Path<DocumentId>,
    query: Query<ExportQuery>,
) -> Result<HttpResponse> {
    let Exported { text, media_type, file_name, etag } =
        document::export(&app, &caller, id, query.parse(ExportQuery::parse)?).await?;
    let known = req.headers().get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    if known.flat_map(|list| list.split(',')).any(|tag| tag.trim().trim_start_matches("W/") == etag) {
        return Ok(HttpResponse::NotModified().insert_header((header::ETAG, etag)).finish());
    }
    let mut answer = HttpResponse::Ok();
    answer
        .insert_header((header::ETAG, etag))
        .insert_header((header::CONTENT_TYPE, media_type))
        .insert_header((header::CONTENT_DISPOSITION, download::disposition(false, &file_name)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox",
        ));
    Ok(answer.body(text))
}

/// Take a network along
///
/// For members: an archive (ZIP) of everything in the network that they may read, to read without Kring and to bring into
/// another. For coordinators with the list of members. It holds no e-mail addresses, nothing that people say of
/// themselves, and not who reacted or read. The job's result has `location`, where it can be fetched for seven days,
/// with `fileName`, `size`, `sha256`, `expiresAt` and `counts`.
#[utoipa::path(tag = "archives", responses(
    (status = 202, description = "It is being made; look at the job.", body = JobView, headers(("Location" = String, description = "Where the job is."))),
))]
#[post("/networks/{network}/archives")]
async fn create_network_archive(
    app: App,
    caller: Caller,
    once: IdempotencyKey,
    Path(network): Path<Slug>,
) -> Result<Answer<JobView>> {
    app.begin(&caller, once, AskedKind::NetworkArchive, move |tx, cx, who| {
        actions::ask_archive(tx, cx, who, &network)
    })
    .await
}

/// Take along everything of your own
///
/// Your profile, memberships, conversations, replies, revisions, files, reactions, drafts, what you read, digests,
/// mails (not what they said), sessions and jobs, as an archive (ZIP) with a page to begin at: GDPR, articles 15 and 20.
/// Of others only the titles that your own words need. What its JSON looks like, the schema `account` says, which is in
/// it too. The job's result has `location`, where you alone can fetch it for seven days, with `fileName`, `size`,
/// `sha256`, `expiresAt` and `counts`.
#[utoipa::path(tag = "archives", responses(
    (status = 202, description = "It is being made; look at the job.", body = JobView, headers(("Location" = String, description = "Where the job is."))),
))]
#[post("/account/exports")]
async fn export_account(app: App, caller: Caller, once: IdempotencyKey) -> Result<Answer<JobView>> {
    app.begin(&caller, once, AskedKind::AccountExport, actions::ask_own).await
}

/// The bytes of an archive.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[allow(dead_code)] // only described
struct ArchiveContent(Vec<u8>);

/// Fetch an archive
///
/// For who asked for it, while they may read the network, and for its coordinators; one that lists the members is for
/// coordinators alone. Whole or in part (`Range`), for seven days.
#[utoipa::path(tag = "archives", security(("bearer" = [])),
    params(
        ("Range" = Option<String>, Header, description = "One range of bytes, as `bytes=0-1023`. Others are passed over."),
        ("If-Range" = Option<String>, Header, description = "The ETag you have a part of: another one gets the whole file."),
        ("If-None-Match" = Option<String>, Header, description = "The ETag you have: 304 if that is still right."),
    ),
    responses(
        (status = 200, description = "The whole archive.", body = ArchiveContent, content_type = "application/zip", headers(
            ("ETag" = String, description = "Of the content."),
            ("Accept-Ranges" = String, description = "`bytes`."),
            ("Content-Disposition" = String, description = "A name to save it under."),
        )),
        (status = 206, description = "The part you asked for.", body = ArchiveContent, content_type = "application/zip", headers(
            ("ETag" = String, description = "Of the whole content."),
            ("Content-Range" = String, description = "Which part of how much."),
        )),
        (status = 416, description = "There is no such part; `Content-Range` says how long the file is.", body = Problem, content_type = "application/problem+json"),
    ))]
#[get("/archives/{archive}/content")]
async fn get_archive_content(
    app: App,
    caller: Caller,
    Path(id): Path<ArchiveId>,
    wanted: Wanted,
) -> Result<HttpResponse> {
    let archive = app.read(&caller, move |conn, cx, viewer| actions::fetch(conn, cx, viewer, id)).await?;
    download::send(&app.storage, &wanted, &FileToSend::from(&archive)).await
}

/// Bring a network in
///
/// For administrators, because an archive can claim that anybody wrote anything. Everything in it comes with its author,
/// its date and its address; authors become persons without account, and nobody becomes a member by it. It is looked
/// through whole first; until the end nobody sees anything of it, and nobody is told of what is history. The job fails
/// with `already_here` where something of it is here already, with `slug_taken` where the address is, and with
/// `archive_other_people` where somebody registered here under a handle after the archive says that its holder wrote: see
/// `samePeople`. Its result has `network`, `location`, `counts`, and `from` and `madeAt` of the archive.
#[utoipa::path(tag = "archives", request_body(content = ImportNetwork, content_type = "multipart/form-data"),
    responses((status = 202, description = "It is being brought in; look at the job.", body = JobView, headers(("Location" = String, description = "Where the job is.")))))]
#[post("/network-imports")]
async fn import_network(app: App, caller: Caller, form: Form) -> Result<Answer<JobView>> {
    // Before anything of the file is read.
    app.read(&caller, |_, _, viewer| actions::may_import(viewer.signed_in()?).map(|_| ())).await?;
    let received = form.receive("file", &app.waiting_room(), app.config.archive_limit).await;
    let received = received.map_err(over_limit)?;
    let once = received.once.clone();
    let (request, file) = ImportNetwork::parse(received)?;
    uploads::begin(app, caller, once, AskedKind::NetworkImport, file, move |tx, _, who| {
        actions::ask_import(tx, who, &request)
    })
    .await
}

/// Nobody can make an archive smaller: what helps is another thing than with other files.
fn over_limit(error: Error) -> Error {
    match error {
        Error::Rule(Code::TooLarge) => Code::ImportTooLarge.into(),
        other => other,
    }
}

/// A JSON Schema (2020-12).
#[derive(ToSchema)]
#[schema(value_type = Object, example = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A conversation" }))]
#[allow(dead_code)] // only described
struct ArchiveSchema(serde_json::Value);

/// Read a schema of what stands in archives
///
/// JSON Schema 2020-12, as it lies in every archive. Of a network: `manifest`, `network`, `persons`, `members`, `thread`
/// and `document`. Of everything of your own: `account`, which has a definition for each file. Both share `common`. None
/// changes as long as the version in the manifest is 1.
#[utoipa::path(tag = "archives", params(("kind" = String, Path, description = "Of which kind of JSON.", example = "thread", pattern = "^[a-z]{1,20}$")),
    responses((status = 200, description = "The schema.", body = ArchiveSchema, content_type = "application/schema+json")))]
#[get("/archive-schemas/{kind}")]
async fn get_archive_schema(Path(kind): Path<String>) -> Result<HttpResponse> {
    let schema = kring_archive::schema::of(&kind).ok_or(NOT_FOUND)?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "application/schema+json"))
        .insert_header((header::CACHE_CONTROL, "public, max-age=86400"))
        .body(schema.text))
}
