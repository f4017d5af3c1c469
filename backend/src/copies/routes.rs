//! `/v1/documents/{document}/proof`, and the same of threads and replies.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::verifying;
use super::view::ProofView;
use crate::app::App;
use crate::documents::DocumentId;
use crate::error::{Fault, Result};
use crate::threads::{ReplyId, ThreadId};
use crate::web::{Caller, Fields, Path, Query, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config.service(get_document_proof).service(get_thread_proof).service(get_reply_proof);
}

/// Which revision is meant.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProofOf {
    /// The number of the revision; the newest where left out.
    #[param(value_type = Option<i64>, minimum = 1, example = 1)]
    revision: Option<String>,
}

impl ProofOf {
    fn parse(self) -> Result<Option<i64>> {
        let mut f = Fields::of_query();
        let revision = f.may("revision", self.revision.into(), |text: String| {
            text.parse().map_err(|_| Fault::new("unknown_revision"))
        });
        f.finish(|| Some(revision))
    }
}

/// Prove who wrote a document
///
/// Is what stands here what its author signed? It is looked at anew each time, with what this instance keeps: also when
/// the network's home, and the address of the key, are gone. The answer has the object and the key, so that you can look
/// at it without believing this instance.
#[utoipa::path(tag = "documents", params(ProofOf), responses((status = 200, description = "What was found out.", body = ProofView)))]
#[get("/documents/{document}/proof")]
async fn get_document_proof(
    app: App,
    caller: Caller,
    Path(id): Path<DocumentId>,
    query: Query<ProofOf>,
) -> Result<Seen<ProofView>> {
    let (revision, lang) = (query.parse(ProofOf::parse)?, caller.lang);
    app.read(&caller, move |conn, cx, viewer| {
        let found = verifying::document(conn, cx.config(), viewer, id, revision)?;
        Ok(Seen(ProofView::of(found, lang)))
    })
    .await
}

/// Prove who wrote a thread
///
/// As of a document. Of threads signed copies are kept where the network chose so (`copies`).
#[utoipa::path(tag = "threads", responses((status = 200, description = "What was found out.", body = ProofView)))]
#[get("/threads/{thread}/proof")]
async fn get_thread_proof(app: App, caller: Caller, Path(id): Path<ThreadId>) -> Result<Seen<ProofView>> {
    let lang = caller.lang;
    app.read(&caller, move |conn, cx, viewer| {
        let found = verifying::thread(conn, cx.config(), viewer, id)?;
        Ok(Seen(ProofView::of(found, lang)))
    })
    .await
}

/// Prove who wrote a reply
///
/// As of a document. Of replies signed copies are kept where the network chose so (`copies`).
#[utoipa::path(tag = "threads", responses((status = 200, description = "What was found out.", body = ProofView)))]
#[get("/replies/{reply}/proof")]
async fn get_reply_proof(app: App, caller: Caller, Path(id): Path<ReplyId>) -> Result<Seen<ProofView>> {
    let lang = caller.lang;
    app.read(&caller, move |conn, cx, viewer| {
        let found = verifying::reply(conn, cx.config(), viewer, id)?;
        Ok(Seen(ProofView::of(found, lang)))
    })
    .await
}
