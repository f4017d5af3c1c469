//! `/sitemap.xml` and its parts, `/robots.txt`, and the Atom feeds: for programs that look for what is new. They tell what
//! everyone may read, whoever asks.

use kring_db::Conn;
use utoipa_actix_web::service_config::ServiceConfig;

use super::read;
use crate::accounts::Viewer;
use crate::app::App;
use crate::error::Result;
use crate::municipalities::MunicipalityCode;
use crate::networks::Slug;
use crate::pages::sitemap::{self, Part};
use crate::pages::{Reader, feeds};
use crate::web::html::Asked;
use crate::web::{Path, Whole};

pub fn configure(config: &mut ServiceConfig) {
    config
        .route("/robots.txt", read().to(robots))
        .route("/sitemap.xml", read().to(index))
        .route("/sitemap-{part}.xml", read().to(part))
        .route("/networks/{slug}/feed.atom", read().to(network))
        .route("/municipalities/{code}/feed.atom", read().to(municipality));
}

async fn robots(app: App) -> String {
    sitemap::robots(&app.config)
}

/// Makes a file for nobody in particular.
async fn tell<F>(app: &App, asked: Asked, file: F) -> Result<Whole>
where
    F: FnOnce(&mut Conn, &Reader<'_>) -> Result<Whole> + Send + 'static,
{
    let cx = app.context();
    app.db
        .read(move |conn| {
            let reader = Reader {
                viewer: Viewer::Anonymous,
                asked: &asked,
                config: cx.config(),
            };
            file(conn, &reader)
        })
        .await
}

async fn index(app: App, asked: Asked) -> Result<Whole> {
    tell(&app, asked, sitemap::index).await
}

async fn part(app: App, asked: Asked, Path(part): Path<Part>) -> Result<Whole> {
    tell(&app, asked, move |conn, reader| sitemap::part(conn, reader, part)).await
}

async fn network(app: App, asked: Asked, Path(slug): Path<Slug>) -> Result<Whole> {
    tell(&app, asked, move |conn, reader| feeds::network(conn, reader, &slug)).await
}

async fn municipality(app: App, asked: Asked, Path(code): Path<MunicipalityCode>) -> Result<Whole> {
    tell(&app, asked, move |conn, reader| feeds::municipality(conn, reader, &code)).await
}
