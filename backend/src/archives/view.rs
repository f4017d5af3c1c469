//! Archives on the wire.

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::actions::ImportRequest;
use super::document::ExportFormat;
use crate::error::{Fault, Result};
use crate::networks::Slug;
use crate::web::fields::{word, yes};
use crate::web::multipart::{Received, ReceivedFile};
use crate::web::{Field, Fields};

/// As what to export.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ExportQuery {
    /// `markdown` where left out: Markdown with what is known of it in front (YAML). `html`: a page that stands by
    /// itself, its images in it.
    #[serde(default)]
    #[param(inline, value_type = Option<ExportFormat>, required = false, example = "html")]
    format: Option<String>,
}

impl ExportQuery {
    pub fn parse(self) -> Result<ExportFormat> {
        let mut f = Fields::of_query();
        let format = f.may("format", Field::from(self.format), word);
        f.finish(|| Some(format.unwrap_or(ExportFormat::Markdown)))
    }
}

/// An archive, as a form with a file.
#[derive(ToSchema)]
#[schema(as = ImportNetwork, rename_all = "camelCase")]
#[allow(dead_code)] // only described
pub struct ImportNetwork {
    /// An archive that a Kring made (`application/zip`).
    #[schema(value_type = String, format = Binary, example = "kring-openbaar-vervoer-2026-11-23.zip")]
    file: Vec<u8>,
    /// The network's address here; the one it had, where left out.
    #[schema(value_type = String, required = false, pattern = "^[a-z][a-z0-9-]{2,49}$", example = "openbaar-vervoer")]
    slug: String,
    /// You coordinate it from now on, so that somebody can let the others in.
    #[schema(value_type = bool, required = false, example = true)]
    coordinate: bool,
    /// Those who have the handles here are the people whom the archive credits, also who registered after they wrote it
    /// there. Ask them first: they get the words.
    #[schema(value_type = bool, required = false, example = false)]
    same_people: bool,
}

impl ImportNetwork {
    /// What was sent.
    pub fn parse(mut received: Received) -> Result<(ImportRequest, ReceivedFile)> {
        let (slug, coordinate) = (received.text("slug"), received.text("coordinate"));
        let same_people = received.text("samePeople");
        let file = received.file();
        let mut f = received.fields();
        let slug = f.may("slug", slug, Slug::parse_new);
        let coordinate = f.may("coordinate", coordinate, yes).unwrap_or(false);
        let same_people = f.may("samePeople", same_people, yes).unwrap_or(false);
        if file.is_none() {
            f.fault::<()>("file", Fault::new("required"));
        }
        f.finish(|| Some((ImportRequest { slug, coordinate, same_people }, file?)))
    }
}
