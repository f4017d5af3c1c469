//! `/`, `/networks/{slug}`, `/threads/{id}`, `/@{handle}`: for reading.

use kring_db::Conn;
use utoipa_actix_web::service_config::ServiceConfig;

use super::read;
use crate::accounts::{Handle, Viewer};
use crate::app::App;
use crate::digests;
use crate::error::Result;
use crate::networks::Slug;
use crate::pages::{Reader, networks, persons, threads};
use crate::threads::ThreadId;
use crate::web::Path;
use crate::web::html::{Asked, Html};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/", read().to(home))
        .route("/networks/{slug}", read().to(network))
        .route("/threads/{thread}", read().to(thread))
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

async fn person(app: App, asked: Asked, Path(handle): Path<Handle>) -> Result<Html> {
    show(&app, asked, move |conn, reader| persons::person(conn, reader, &handle)).await
}
