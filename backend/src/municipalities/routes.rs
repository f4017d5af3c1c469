//! `/v1/municipalities`.

use actix_web::get;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::MunicipalityCode;
use super::view::{MunicipalityDetailsView, MunicipalityView};
use crate::app::App;
use crate::error::{Fault, Result};
use crate::web::fields::line;
use crate::web::{Caller, Fields, Page, Paging, Path, Query, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config.service(list_municipalities).service(get_municipality);
}

/// Which municipalities are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListMunicipalities {
    /// The beginning of a word of the name, with or without accents.
    #[param(max_length = 80, example = "utr")]
    query: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListMunicipalities {
    fn parse(self) -> Result<(Option<String>, Paging<NameCursor>)> {
        let mut f = Fields::of_query();
        let text = f.may("query", self.query.into(), |text: String| line(&text, 0, 80));
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| Some((text, paging?)))
    }
}

/// Where a list by name goes on.
struct NameCursor(String, String);

impl std::str::FromStr for NameCursor {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        let (code, name) = text.split_once('.').ok_or_else(|| Fault::new("cursor"))?;
        Ok(Self(name.to_owned(), code.to_owned()))
    }
}

/// Find municipalities
///
/// By the beginning of a word of their name, in alphabetical order. Source of the Dutch ones: CBS, CC BY 4.0.
#[utoipa::path(tag = "municipalities", params(ListMunicipalities), responses((status = 200, description = "A piece of the list.", body = Page<MunicipalityView>)))]
#[get("/municipalities")]
async fn list_municipalities(
    app: App,
    caller: Caller,
    query: Query<ListMunicipalities>,
) -> Result<Page<MunicipalityView>> {
    let (text, paging) = query.parse(ListMunicipalities::parse)?;
    app.read(&caller, move |conn, _, _| {
        let after = paging.after.map(|NameCursor(name, code)| (name, code));
        let found = actions::find(conn, text.as_deref(), after, paging.limit)?;
        Ok(Page::cut(
            found,
            paging.limit,
            |last| format!("{}.{}", last.code, last.folded_name),
            MunicipalityView::from,
        ))
    })
    .await
}

/// Read a municipality
///
/// One that merged says when, and what it became part of.
#[utoipa::path(tag = "municipalities", responses((status = 200, description = "The municipality.", body = MunicipalityDetailsView)))]
#[get("/municipalities/{code}")]
async fn get_municipality(
    app: App,
    caller: Caller,
    Path(code): Path<MunicipalityCode>,
) -> Result<Seen<MunicipalityDetailsView>> {
    app.read(&caller, move |conn, _, _| {
        let (municipality, successors) = actions::read(conn, &code)?;
        Ok(Seen(MunicipalityDetailsView {
            municipality: municipality.into(),
            successors: successors.into_iter().map(Into::into).collect(),
        }))
    })
    .await
}
