//! `/`, `/networks/{slug}`, `/threads/{id}`, `/documents/{id}`, `/municipalities/{code}` and `/@{handle}`: for reading,
//! by everyone or, in the networks that a digest tells of, with the word from it (`?key=`).

use actix_web::http::header;
use actix_web::{Either, HttpResponse};
use kring_db::Conn;
use utoipa_actix_web::service_config::ServiceConfig;

use super::read;
use crate::accounts::{PersonAddress, Viewer};
use crate::app::{App, Context};
use crate::digests;
use crate::documents::DocumentId;
use crate::error::Result;
use crate::networks::{NetworkId, Slug};
use crate::pages::municipalities::Found;
use crate::pages::{Reader, documents, municipalities, networks, persons, threads};
use crate::threads::ThreadId;
use crate::web::html::{Asked, Html};
use crate::web::{Path, Path2, Whole};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/", read().to(home))
        .route("/networks/{slug}", read().to(network))
        .route("/threads/{thread}", read().to(thread))
        .route("/documents/{document}.md", read().to(source))
        .route("/documents/{document}", read().to(document))
        .route("/documents/{document}/revisions", read().to(revisions))
        .route("/documents/{document}/revisions/{number}", read().to(revision))
        .route("/municipalities", read().to(municipalities))
        .route("/municipalities/{named}", read().to(municipality))
        .route("/@{handle}", read().to(person));
}

/// What a page shows.
enum Shown {
    /// What is in no network.
    Everyone,
    Network(Slug),
    Thread(ThreadId),
    Document(DocumentId),
}

impl Shown {
    /// The network that it is in, as far as `viewer` may know of it.
    fn network(&self, conn: &mut Conn, viewer: &Viewer) -> Result<Option<NetworkId>> {
        Ok(match self {
            Self::Everyone => None,
            Self::Network(slug) => Some(crate::networks::seen(conn, viewer, slug)?.0.id),
            Self::Thread(id) => Some(crate::threads::read(conn, viewer, *id)?.network.id),
            Self::Document(id) => Some(crate::documents::read(conn, viewer, *id)?.network.id),
        })
    }
}

/// Makes a page for whoever reads.
async fn show<T, F>(app: &App, asked: Asked, shown: Shown, page: F) -> Result<T>
where
    T: Send + 'static,
    F: FnOnce(&mut Conn, &Reader<'_>) -> Result<T> + Send + 'static,
{
    let cx = app.context();
    app.db
        .read(move |conn| {
            let viewer = viewer(conn, &cx, &asked, &shown)?;
            let reader = Reader { viewer, asked: &asked, config: cx.config() };
            page(conn, &reader)
        })
        .await
}

/// Nobody signs in here: the word from a digest is what lets a member read, where the digest tells of that network.
fn viewer(conn: &mut Conn, cx: &Context, asked: &Asked, shown: &Shown) -> Result<Viewer> {
    let Some(word) = &asked.key else { return Ok(Viewer::Anonymous) };
    let Some(holder) = digests::holder(conn, cx, word)? else { return Ok(Viewer::Anonymous) };
    let network = shown.network(conn, &holder.owner)?;
    Ok(holder.within(network))
}

async fn home(app: App, asked: Asked) -> Result<Html> {
    show(&app, asked, Shown::Everyone, networks::home).await
}

async fn network(app: App, asked: Asked, Path(slug): Path<Slug>) -> Result<Html> {
    let shown = Shown::Network(slug.clone());
    show(&app, asked, shown, move |conn, reader| networks::network(conn, reader, &slug)).await
}

async fn thread(app: App, asked: Asked, Path(id): Path<ThreadId>) -> Result<Html> {
    show(&app, asked, Shown::Thread(id), move |conn, reader| threads::thread(conn, reader, id)).await
}

async fn document(app: App, asked: Asked, Path(id): Path<DocumentId>) -> Result<Html> {
    let page = move |conn: &mut Conn, reader: &Reader<'_>| documents::document(conn, reader, id, None);
    show(&app, asked, Shown::Document(id), page).await
}

async fn source(app: App, asked: Asked, Path(id): Path<DocumentId>) -> Result<Whole> {
    show(&app, asked, Shown::Document(id), move |conn, reader| documents::source(conn, reader, id)).await
}

async fn revisions(app: App, asked: Asked, Path(id): Path<DocumentId>) -> Result<Html> {
    show(&app, asked, Shown::Document(id), move |conn, reader| documents::revisions(conn, reader, id)).await
}

async fn revision(app: App, asked: Asked, Path2(id, number): Path2<DocumentId, i64>) -> Result<Html> {
    let page =
        move |conn: &mut Conn, reader: &Reader<'_>| documents::document(conn, reader, id, Some(number));
    show(&app, asked, Shown::Document(id), page).await
}

async fn municipalities(app: App, asked: Asked) -> Result<Html> {
    show(&app, asked, Shown::Everyone, municipalities::municipalities).await
}

async fn municipality(
    app: App,
    asked: Asked,
    Path(named): Path<String>,
) -> Result<Either<Html, HttpResponse>> {
    let page = move |conn: &mut Conn, reader: &Reader<'_>| municipalities::municipality(conn, reader, &named);
    Ok(match show(&app, asked, Shown::Everyone, page).await? {
        Found::Page(page) => Either::Left(page),
        Found::At(address) => {
            Either::Right(HttpResponse::Found().insert_header((header::LOCATION, address)).finish())
        }
    })
}

async fn person(app: App, asked: Asked, Path(address): Path<PersonAddress>) -> Result<Html> {
    let cx = app.context();
    let page = move |conn: &mut Conn, reader: &Reader<'_>| persons::person(conn, &cx, reader, &address);
    show(&app, asked, Shown::Everyone, page).await
}
