//! `/v1/networks` and `/v1/networks/{network}/memberships`. A network's page, with what is in it, is an overview; so is
//! changing one, since drafts know of its text.

use actix_web::{delete, get, patch, post, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions;
use super::model::*;
use super::view::*;
use crate::accounts::PersonAddress;
use crate::app::App;
use crate::error::Result;
use crate::jobs::idempotency::Answer;
use crate::municipalities::MunicipalityCode;
use crate::text::fold::fold;
use crate::web::fields::{line, word, yes};
use crate::web::{Body, Caller, Created, Fields, NoContent, Page, Paging, Path, Path2, Query, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_networks)
        .service(create_network)
        .service(list_memberships)
        .service(create_membership)
        .service(get_membership)
        .service(change_membership)
        .service(end_membership)
        .service(choose_coordinator)
        .service(appoint_interim_coordinator);
}

/// Which networks are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
struct ListNetworks {
    /// Words of the name or description; each may be the beginning of one.
    #[param(max_length = 100, example = "vervoer")]
    query: Option<String>,
    /// About this municipality.
    #[param(pattern = "^[A-Za-z0-9-]{1,24}$", example = "GM0344")]
    municipality: Option<String>,
    /// About this theme. Capitals, accents and spaces do not matter.
    #[param(
        min_length = 2,
        max_length = 40,
        pattern = "^[a-z0-9][a-z0-9-]*[a-z0-9]$",
        example = "vervoer"
    )]
    theme: Option<String>,
    /// Only those you belong to.
    #[param(value_type = Option<bool>)]
    mine: Option<String>,
    /// Only those that look for people.
    #[param(value_type = Option<bool>)]
    seeking_people: Option<String>,
    /// Only those that seek help. A `theme` then is one they seek help with.
    #[param(value_type = Option<bool>)]
    seeking_help: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListNetworks {
    fn parse(self) -> Result<(NetworkFilter, Paging<NetworkId>)> {
        let mut f = Fields::of_query();
        let text = f.may("query", self.query.into(), |text: String| line(&text, 0, 100));
        let filter = NetworkFilter {
            text: text.map(|text| fold(&text)).filter(|text| !text.is_empty()),
            municipality: f.may("municipality", self.municipality.into(), MunicipalityCode::parse),
            theme: f.may("theme", self.theme.into(), Theme::parse),
            mine: f.may("mine", self.mine.into(), yes).unwrap_or(false),
            seeking_people: f.may("seekingPeople", self.seeking_people.into(), yes).unwrap_or(false),
            seeking_help: f.may("seekingHelp", self.seeking_help.into(), yes).unwrap_or(false),
        };
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| Some((filter, paging?)))
    }
}

/// List networks
///
/// Those you may know of, newest first; found by text, municipality, theme, and whether you belong to them.
#[utoipa::path(tag = "networks", params(ListNetworks), responses((status = 200, description = "A piece of the list.", body = Page<NetworkView>)))]
#[get("/networks")]
async fn list_networks(app: App, caller: Caller, query: Query<ListNetworks>) -> Result<Page<NetworkView>> {
    let (filter, paging) = query.parse(ListNetworks::parse)?;
    app.read(&caller, move |conn, _, viewer| {
        let found = actions::list(conn, viewer, &filter, paging.after, paging.limit)?;
        let page = Page::cut(found, paging.limit, |last| last.id.to_string(), |network| network);
        Ok(Page {
            items: network_views(conn, page.items)?,
            next_cursor: page.next_cursor,
        })
    })
    .await
}

/// Propose a network
///
/// It works in full at once for everyone who joins, and becomes active with three co-founders and a coordinator.
/// You coordinate it.
#[utoipa::path(tag = "networks", request_body = CreateNetwork, responses((status = 201, description = "Proposed.", body = SavedNetwork)))]
#[post("/networks")]
async fn create_network(app: App, caller: Caller, body: Body<CreateNetwork>) -> Result<Answer<SavedNetwork>> {
    let (once, lang) = (body.once.clone(), caller.lang);
    let new = body.parse(|sent| sent.parse(lang))?;
    app.create(&caller, once, move |tx, cx, who| {
        let network = actions::propose(tx, cx, who, &new)?;
        let location = format!("/networks/{}", network.slug);
        let (etag, value) = SavedNetwork::of(tx, network, lang)?;
        Ok(Created { location, etag: Some(etag), value })
    })
    .await
}

/// Which members are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListMemberships {
    /// `active` where left out; the others are for coordinators.
    #[param(value_type = Option<MemberState>)]
    state: Option<String>,
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl ListMemberships {
    fn parse(self) -> Result<(MemberState, Paging<MembershipId>)> {
        let mut f = Fields::of_query();
        let state = f.may("state", self.state.into(), word).unwrap_or(MemberState::Active);
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| Some((state, paging?)))
    }
}

/// List members
///
/// For members: belonging to a network can say much about a person. Requests to join (`state=requested`) are for
/// coordinators.
#[utoipa::path(tag = "memberships", params(ListMemberships), responses((status = 200, description = "A piece of the list, oldest first.", body = Page<MembershipView>)))]
#[get("/networks/{network}/memberships")]
async fn list_memberships(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    query: Query<ListMemberships>,
) -> Result<Page<MembershipView>> {
    let (state, paging) = query.parse(ListMemberships::parse)?;
    app.read(&caller, move |conn, _, viewer| {
        let found = actions::list_members(conn, viewer, &slug, state, paging.after, paging.limit)?;
        Ok(Page::cut(found, paging.limit, |(last, _)| last.id.to_string(), MembershipView::from))
    })
    .await
}

/// Join a network, or invite somebody
///
/// `{}` joins you, or asks to where a coordinator decides; who was invited joins at once. With `handle` you invite. A
/// network that lives elsewhere (`haltes@kring.example`) is asked there: you belong to it when its instance says so.
#[utoipa::path(tag = "memberships", request_body = CreateMembership, responses((status = 201, description = "How the person stands to the network now.", body = MembershipView)))]
#[post("/networks/{network}/memberships")]
async fn create_membership(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    body: Body<CreateMembership>,
) -> Result<Answer<MembershipView>> {
    let once = body.once.clone();
    let joining = body.parse(CreateMembership::parse)?;
    app.meet(&caller, &slug).await?;
    app.create(&caller, once, move |tx, cx, who| {
        let (membership, person) = actions::join(tx, cx, who, &slug, &joining)?;
        let location =
            format!("/networks/{slug}/memberships/{}", AuthorPerson::from(person.clone()).address());
        Ok(Created { location, etag: None, value: (membership, person).into() })
    })
    .await
}

/// Read a membership
///
/// Your own, or another member's.
#[utoipa::path(tag = "memberships", responses((status = 200, description = "How the person stands to the network.", body = MembershipView)))]
#[get("/networks/{network}/memberships/{handle}")]
async fn get_membership(
    app: App,
    caller: Caller,
    Path2(slug, handle): Path2<Slug, PersonAddress>,
) -> Result<Seen<MembershipView>> {
    app.read(&caller, move |conn, _, viewer| {
        Ok(Seen(actions::read_membership(conn, viewer, &slug, &handle)?.into()))
    })
    .await
}

/// Change a membership
///
/// What you show of yourself; or, as a coordinator, a role, or the answer to a request (`state`).
#[utoipa::path(tag = "memberships", request_body = ChangeMembership, responses((status = 200, description = "As it is now.", body = MembershipView)))]
#[patch("/networks/{network}/memberships/{handle}")]
async fn change_membership(
    app: App,
    caller: Caller,
    Path2(slug, handle): Path2<Slug, PersonAddress>,
    body: Body<ChangeMembership>,
) -> Result<Seen<MembershipView>> {
    let change = body.parse(ChangeMembership::parse)?;
    app.write(&caller, move |tx, cx, who| {
        Ok(Seen(actions::change_membership(tx, cx, who, &slug, &handle, &change)?.into()))
    })
    .await
}

/// Leave a network
///
/// Also declines an invitation and withdraws a request. A coordinator takes others out. The last coordinator makes
/// somebody else one first; where all others read by mail alone, the network goes on without, and who of them becomes a
/// full member can choose one.
#[utoipa::path(tag = "memberships", responses((status = 204, description = "Ended.")))]
#[delete("/networks/{network}/memberships/{handle}")]
async fn end_membership(
    app: App,
    caller: Caller,
    Path2(slug, handle): Path2<Slug, PersonAddress>,
) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| actions::end_membership(tx, cx, who, &slug, &handle))
        .await?;
    Ok(NoContent)
}

/// Choose a coordinator
///
/// For members of a network that has none, who were members when the last one went. Three of them decide, or half
/// where they are fewer than six.
#[utoipa::path(tag = "memberships", request_body = ChoosePerson, responses((status = 200, description = "Noted.", body = CoordinatorChoice)))]
#[put("/networks/{network}/coordinator-choice")]
async fn choose_coordinator(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    body: Body<ChoosePerson>,
) -> Result<Seen<CoordinatorChoice>> {
    let handle = body.parse(ChoosePerson::parse)?;
    let decided = app
        .write(&caller, move |tx, cx, who| actions::choose_coordinator(tx, cx, who, &slug, &handle))
        .await?;
    Ok(Seen(CoordinatorChoice { decided }))
}

/// Appoint an interim coordinator
///
/// For admins, where a network has no coordinator. It must be a member.
#[utoipa::path(tag = "admin", request_body = ChoosePerson, responses((status = 204, description = "Appointed.")))]
#[put("/networks/{network}/interim-coordinator")]
async fn appoint_interim_coordinator(
    app: App,
    caller: Caller,
    Path(slug): Path<Slug>,
    body: Body<ChoosePerson>,
) -> Result<NoContent> {
    let handle = body.parse(ChoosePerson::parse)?;
    app.write(&caller, move |tx, cx, who| actions::interim_coordinator(tx, cx, who, &slug, &handle))
        .await?;
    Ok(NoContent)
}
