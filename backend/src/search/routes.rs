//! `/v1/search`.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::*;
use super::resolved::{NotResolvedView, Resolved};
use super::view::{SearchHitView, SearchPage};
use crate::app::App;
use crate::error::{Error, Fault, Result};
use crate::index::EntryKind;
use crate::networks::Slug;
use crate::web::fields::{includes, yes};
use crate::web::respond::Linked;
use crate::web::{Caller, Fields, Paging, Query};

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
    #[param(
        pattern = r"^([a-z][a-z0-9-]{2,49}|[A-Za-z0-9_.-]{1,100}@[a-z0-9.-]{1,200}(:[0-9]{1,5})?)$",
        example = "openbaar-vervoer"
    )]
    network: Option<String>,
    /// True finds what is not known here yet, for members: with `@ann@kring.example` a person, with
    /// `haltes@kring.example` a network, with an address of the web either of them, a thread, a reply or a document. Their
    /// instance is asked, where an admin opened this one for it.
    #[param(value_type = Option<bool>)]
    resolve: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl Search {
    fn parse(self) -> Result<(Asked, Paging<Place>, Option<String>)> {
        let mut f = Fields::of_query();
        let address = self.query.clone();
        let resolve = f.may("resolve", self.resolve.into(), yes);
        let query = f.need("query", self.query.into(), parse_query);
        let kinds = f.may("kind", self.kind.into(), kinds);
        let network = f.may("network", self.network.into(), Slug::parse);
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| {
            let kinds = kinds.unwrap_or_else(|| EntryKind::ALL.to_vec());
            let address = address.filter(|_| resolve == Some(true));
            Some((Asked { query: query?, kinds, network }, paging?, address))
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
///
/// With `resolve=true`, for members, the query may be an address: `resolved` says what it leads to, on whichever
/// instance that lives.
#[utoipa::path(tag = "search", params(Search), responses((status = 200, description = "A piece of what was found.", body = SearchPage)))]
#[get("/search")]
async fn search(app: App, caller: Caller, query: Query<Search>) -> Result<Linked<SearchPage>> {
    let (asked, paging, address) = query.parse(Search::parse)?;
    let lang = caller.lang;
    let (resolved, not_resolved) = match address {
        Some(address) => resolve(&app, &caller, &address).await?,
        None => (None, None),
    };
    let found = app.read(&caller, move |conn, _, viewer| {
        let (page, networks) = actions::search(conn, viewer, &asked, &paging)?;
        let hits = page.items.into_iter();
        let items = hits.filter_map(|hit| SearchHitView::of(hit, &asked.query, &networks, lang)).collect();
        Ok(SearchPage { items, next_cursor: page.next_cursor, resolved, not_resolved })
    });
    let value = found.await?;
    let next = value.next_cursor.clone().map(|cursor| ("next", "cursor", cursor));
    Ok(Linked { links: next.into_iter().collect(), value })
}

/// What an address leads to, or why to nothing.
async fn resolve(
    app: &App,
    caller: &Caller,
    address: &str,
) -> Result<(Option<Resolved>, Option<NotResolvedView>)> {
    match app.find(caller, address).await {
        Ok(found) => Ok((Some(found), None)),
        Err(Error::Rule(code)) if code.status() != 401 => {
            Ok((None, Some(NotResolvedView::of(code, caller.lang))))
        }
        Err(other) => Err(other),
    }
}
