//! `/v1/search`.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::*;
use super::view::SearchHitView;
use crate::app::App;
use crate::error::{Fault, Result};
use crate::index::EntryKind;
use crate::networks::Slug;
use crate::web::fields::includes;
use crate::web::{Caller, Fields, Page, Paging, Query};

pub fn configure(config: &mut ServiceConfig) {
    config.service(search);
}

/// What somebody looks for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Search {
    /// At most twelve words, all of which must be found: as they are, inflected, or as the beginning of a word, with
    /// or without accents. Words in quotation marks are found exactly as they are. Small words (*de*, *the*) are
    /// left out where there are others.
    #[param(value_type = String, required, min_length = 1, max_length = 200, example = "toegankelijke haltes")]
    query: Option<String>,
    /// Only these kinds, with commas between: `network`, `thread`, `reply`, `document`, `attachment`.
    #[param(
        pattern = "^(network|thread|reply|document|attachment)(,(network|thread|reply|document|attachment))*$",
        example = "thread,document"
    )]
    kind: Option<String>,
    /// Only in the network with this slug.
    #[param(pattern = "^[a-z][a-z0-9-]{2,49}$", example = "openbaar-vervoer")]
    network: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl Search {
    fn parse(self) -> Result<(Asked, Paging<Place>)> {
        let mut f = Fields::of_query();
        let query = f.need("query", self.query.into(), parse_query);
        let kinds = f.may("kind", self.kind.into(), kinds);
        let network = f.may("network", self.network.into(), Slug::parse);
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| {
            let kinds = kinds.unwrap_or_else(|| EntryKind::ALL.to_vec());
            Some((Asked { query: query?, kinds, network }, paging?))
        })
    }
}

fn kinds(text: String) -> Result<Vec<EntryKind>, Fault> {
    let known: Vec<&str> = EntryKind::ALL.iter().map(|kind| kind.as_str()).collect();
    let named = includes(&text, &known)?;
    Ok(EntryKind::ALL.iter().filter(|kind| named.contains(&kind.as_str())).copied().collect())
}

/// Search
///
/// Through networks, threads, replies, documents and the words of attached PDF and DOCX files, as far as you may read
/// them. What has all of the query in its
/// title comes first, then the rest, each newest first. What was just written is found at once; what
/// stands in a file, moments later.
///
/// Each text is searched in the language it is written in, and in Dutch and English, whatever language you read Kring
/// in: *toegankelijke* finds *toegankelijkheid*.
#[utoipa::path(tag = "search", params(Search), responses((status = 200, description = "A piece of what was found.", body = Page<SearchHitView>)))]
#[get("/search")]
async fn search(app: App, caller: Caller, query: Query<Search>) -> Result<Page<SearchHitView>> {
    let (asked, paging) = query.parse(Search::parse)?;
    let lang = caller.lang;
    app.read(&caller, move |conn, _, viewer| {
        let (page, networks) = actions::search(conn, viewer, &asked, &paging)?;
        let hits = page.items.into_iter();
        Ok(Page {
            items: hits.filter_map(|hit| SearchHitView::of(hit, &asked.query, &networks, lang)).collect(),
            next_cursor: page.next_cursor,
        })
    })
    .await
}
