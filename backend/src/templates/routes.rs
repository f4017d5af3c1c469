//! `/v1/templates`.

use actix_web::{delete, get, patch, post};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, For};
use super::model::*;
use super::view::*;
use crate::accounts::LanguageTag;
use crate::app::App;
use crate::error::Result;
use crate::jobs::idempotency::Answer;
use crate::municipalities::MunicipalityCode;
use crate::networks::Slug;
use crate::web::fields::{line, word};
use crate::web::respond::etag_of;
use crate::web::{Body, Caller, Created, Fields, IfMatch, NoContent, Page, Paging, Path, Query, Tagged};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_templates)
        .service(create_template)
        .service(get_template)
        .service(change_template)
        .service(delete_template);
}

/// Which templates are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListTemplates {
    /// For networks, or for documents.
    #[param(value_type = Option<TemplateKind>, inline)]
    kind: Option<String>,
    /// Written in this language (BCP 47).
    #[param(pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListTemplates {
    fn parse(self) -> Result<(TemplateFilter, Paging<TemplateId>)> {
        let mut f = Fields::of_query();
        let filter = TemplateFilter {
            kind: f.may("kind", self.kind.into(), word),
            language: f.may("language", self.language.into(), LanguageTag::parse),
        };
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| Some((filter, paging?)))
    }
}

/// List templates
///
/// What networks and documents can begin as, in the order of their keys: what came with Kring, and what this instance
/// changed or added. Administrators also see those that are hidden.
#[utoipa::path(tag = "templates", params(ListTemplates), responses((status = 200, description = "A piece of the list.", body = Page<TemplateView>)))]
#[get("/templates")]
async fn list_templates(app: App, caller: Caller, query: Query<ListTemplates>) -> Result<Page<TemplateView>> {
    let (filter, paging) = query.parse(ListTemplates::parse)?;
    app.read(&caller, move |conn, _, viewer| {
        let mut found = actions::list(conn, viewer, &filter)?;
        found.retain(|template| paging.after.as_ref().is_none_or(|after| template.id > *after));
        Ok(Page::cut(found, paging.limit, |last| last.id.to_string(), |template| (&template).into()))
    })
    .await
}

/// Create a template
///
/// For administrators. To change one that came with Kring, change that.
#[utoipa::path(tag = "templates", request_body = CreateTemplate, responses((status = 201, description = "Created.", body = TemplatePage, headers(("ETag" = String, description = "Its version.")))))]
#[post("/templates")]
async fn create_template(
    app: App,
    caller: Caller,
    body: Body<CreateTemplate>,
) -> Result<Answer<TemplatePage>> {
    let (once, lang) = (body.once.clone(), caller.lang);
    let new = body.parse(|sent| sent.parse(lang))?;
    app.create(&caller, once, move |tx, cx, who| {
        let template = actions::create(tx, cx, who, &new)?;
        let value = TemplatePage::from(&template);
        let etag = Some(etag_of(template.version, &value));
        Ok(Created { location: format!("/templates/{}", template.id), etag, value })
    })
    .await
}

/// What a template is to be filled in for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ReadTemplate {
    /// The slug of the network it is for.
    #[param(
        pattern = r"^([a-z][a-z0-9-]{2,49}|[A-Za-z0-9_.-]{1,100}@[a-z0-9.-]{1,200}(:[0-9]{1,5})?)$",
        example = "openbaar-vervoer"
    )]
    network: Option<String>,
    /// What the network will be called, where it is not there yet.
    #[param(min_length = 1, max_length = 100, example = "Met de pont over")]
    name: Option<String>,
    /// The municipality it is for; those of the network where left out.
    #[param(pattern = "^[A-Za-z0-9-]{1,24}$", example = "GM0344")]
    municipality: Option<String>,
}

impl ReadTemplate {
    fn parse(self) -> Result<For> {
        let mut f = Fields::of_query();
        let wanted = For {
            network: f.may("network", self.network.into(), Slug::parse),
            name: f.may("name", self.name.into(), |text: String| line(&text, 1, 100)),
            municipality: f.may("municipality", self.municipality.into(), MunicipalityCode::parse),
        };
        f.finish(|| Some(wanted))
    }
}

/// Read a template
///
/// As it was written, or, where you say for which network, name or municipality, with what Kring knows filled in. What
/// people write themselves stands in brackets: `[vul in: …]`, `[fill in: …]`. To begin a document as a template says,
/// name it as `template` when you create the document. To begin a network: propose it with this description and these
/// themes; then read the template again for that network, start the conversations you like and create the documents.
#[utoipa::path(tag = "templates", params(ReadTemplate), responses((status = 200, description = "The template.", body = TemplatePage, headers(("ETag" = String, description = "Its version.")))))]
#[get("/templates/{template}")]
async fn get_template(
    app: App,
    caller: Caller,
    Path(id): Path<TemplateId>,
    query: Query<ReadTemplate>,
) -> Result<Tagged<TemplatePage>> {
    let wanted = query.parse(ReadTemplate::parse)?;
    app.read(&caller, move |conn, cx, viewer| {
        let template = actions::read(conn, cx, viewer, &id, &wanted)?;
        Ok(Tagged::exact(template.version, TemplatePage::from(&template)))
    })
    .await
}

/// Change a template
///
/// For administrators: also one that came with Kring, which can be brought back. Texts that began as it are not
/// touched. With `hidden` nobody else sees it.
#[utoipa::path(tag = "templates", request_body = ChangeTemplate, params(("If-Match" = String, Header, description = "The ETag you read.")),
    responses((status = 200, description = "As it is now.", body = TemplatePage, headers(("ETag" = String, description = "Its version.")))))]
#[patch("/templates/{template}")]
async fn change_template(
    app: App,
    caller: Caller,
    Path(id): Path<TemplateId>,
    known: IfMatch,
    body: Body<ChangeTemplate>,
) -> Result<Tagged<TemplatePage>> {
    let known = known.required()?;
    let change = body.parse(ChangeTemplate::parse)?;
    app.write(&caller, move |tx, cx, who| {
        let template = actions::change(tx, cx, who, &id, &known, &change)?;
        Ok(Tagged::exact(template.version, TemplatePage::from(&template)))
    })
    .await
}

/// Delete a template, or bring it back
///
/// For administrators. One of your own goes; one that came with Kring is shown again as it came.
#[utoipa::path(tag = "templates", params(("If-Match" = String, Header, description = "The ETag you read.")), responses((status = 204, description = "It is gone, or as it came with Kring.")))]
#[delete("/templates/{template}")]
async fn delete_template(
    app: App,
    caller: Caller,
    Path(id): Path<TemplateId>,
    known: IfMatch,
) -> Result<NoContent> {
    let known = known.required()?;
    app.write(&caller, move |tx, cx, who| actions::remove(tx, cx, who, &id, &known)).await?;
    Ok(NoContent)
}
