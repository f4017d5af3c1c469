//! `/`, `/networks/{slug}`, `/threads/{id}`, `/documents/{id}` and `/@{handle}`: for reading, by everyone or with the
//! word from a digest (`?key=`).

use kring_db::Conn;
use utoipa_actix_web::service_config::ServiceConfig;

use super::read;
use crate::accounts::{Handle, Viewer};
use crate::app::App;
use crate::digests;
use crate::documents::DocumentId;
use crate::error::Result;
use crate::networks::Slug;
use crate::pages::{Reader, documents, networks, persons, threads};
use crate::threads::ThreadId;
use crate::web::html::{Asked, Html};
use crate::web::{Path, Path2};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/", read().to(home))
        .route("/networks/{slug}", read().to(network))
        .route("/threads/{thread}", read().to(thread))
        .route("/documents/{document}", read().to(document))
        .route("/documents/{document}/revisions", read().to(revisions))
        .route("/documents/{document}/revisions/{number}", read().to(revision))
        .route("/@{handle}", read().to(person));
}

/// Makes a page for whoever reads.
async fn show<F>(app: &App, asked: Asked, page: F) -> Result<Html>
where
    F: FnOnce(&mut Conn, &Reader<'_>) -> Result<Html> + Send + 'static,
{
    let cx = app.context();
    app.db
        .read(move |conn| {
            // Nobody signs in here: the word from a digest is what lets a member read.
            let viewer = match &asked.key {
                Some(word) => digests::reader(conn, &cx, word)?.unwrap_or(Viewer::Anonymous),
                None => Viewer::Anonymous,
            };
            let reader = Reader { viewer, asked: &asked, config: cx.config() };
            page(conn, &reader)
        })
        .await
}

async fn home(app: App, asked: Asked) -> Result<Html> {
    show(&app, asked, networks::home).await
}

async fn network(app: App, asked: Asked, Path(slug): Path<Slug>) -> Result<Html> {
    show(&app, asked, move |conn, reader| networks::network(conn, reader, &slug)).await
}

async fn thread(app: App, asked: Asked, Path(id): Path<ThreadId>) -> Result<Html> {
    show(&app, asked, move |conn, reader| threads::thread(conn, reader, id)).await
}

async fn document(app: App, asked: Asked, Path(id): Path<DocumentId>) -> Result<Html> {
    show(&app, asked, move |conn, reader| documents::document(conn, reader, id, None)).await
}

async fn revisions(app: App, asked: Asked, Path(id): Path<DocumentId>) -> Result<Html> {
    show(&app, asked, move |conn, reader| documents::revisions(conn, reader, id)).await
}

async fn revision(app: App, asked: Asked, Path2(id, number): Path2<DocumentId, i64>) -> Result<Html> {
    show(&app, asked, move |conn, reader| documents::document(conn, reader, id, Some(number))).await
}

async fn person(app: App, asked: Asked, Path(handle): Path<Handle>) -> Result<Html> {
    show(&app, asked, move |conn, reader| persons::person(conn, reader, &handle)).await
}
