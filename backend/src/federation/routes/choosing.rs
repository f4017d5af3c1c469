//! `/v1/federation` and `/v1/peer-rules`: what admins decide about other instances.

use actix_web::{delete, get, put};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::error::Result;
use crate::federation::actions;
use crate::federation::view::*;
use crate::peers::{self, Host};
use crate::web::fields::yes;
use crate::web::{Body, Caller, Fields, NoContent, Page, Paging, Path, Query, Seen};

pub fn configure(config: &mut ServiceConfig) {
    config
        .service(get_federation)
        .service(set_federation)
        .service(list_peer_rules)
        .service(set_peer_rule)
        .service(delete_peer_rule);
    super::erasures::configure(config);
}

/// Read with whom this instance exchanges
///
/// How far this instance is open to others. Each network, thread and document says in `goesTo` what that comes to.
#[utoipa::path(tag = "federation", security(()), responses((status = 200, description = "The choice.", body = FederationView)))]
#[get("/federation")]
async fn get_federation(app: App, caller: Caller) -> Result<Seen<FederationView>> {
    app.read(&caller, |conn, _, _| Ok(Seen(FederationView { reach: peers::choice(conn)? }))).await
}

/// Choose with whom this instance exchanges
///
/// For administrators. Nothing leaves before this is chosen, and then only from networks that chose it too. Made
/// narrower, nothing more goes to those left out, and they are asked to delete what they have: `GET /erasures` tells of
/// whom that was asked and who confirmed.
#[utoipa::path(tag = "federation", request_body = SetFederation, responses((status = 200, description = "The choice.", body = FederationView)))]
#[put("/federation")]
async fn set_federation(app: App, caller: Caller, body: Body<SetFederation>) -> Result<Seen<FederationView>> {
    let reach = body.parse(SetFederation::parse)?;
    app.write(&caller, move |tx, cx, who| {
        Ok(Seen(FederationView { reach: actions::choose(tx, cx, who, reach)? }))
    })
    .await
}

/// A piece of the list.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListPeerRules {
    /// How many items at most.
    #[param(value_type = Option<i64>, minimum = 1, maximum = 100, default = 20)]
    limit: Option<String>,
    /// The `nextCursor` of the piece before. Not meant to be read or made up.
    #[param(max_length = 300)]
    cursor: Option<String>,
}

impl ListPeerRules {
    fn parse(self) -> Result<Paging<Host>> {
        let mut f = Fields::of_query();
        let paging = Paging::take(&mut f, self.limit, self.cursor);
        f.finish(|| paging)
    }
}

/// List instances that are allowed or blocked
///
/// For administrators. By name of the instance, each with the reason, so that the next administrator knows why.
#[utoipa::path(tag = "federation", params(ListPeerRules), responses((status = 200, description = "A piece of the list.", body = Page<PeerRuleView>)))]
#[get("/peer-rules")]
async fn list_peer_rules(
    app: App,
    caller: Caller,
    query: Query<ListPeerRules>,
) -> Result<Page<PeerRuleView>> {
    let paging = query.parse(ListPeerRules::parse)?;
    app.read(&caller, move |conn, _, viewer| {
        let mut found = actions::rules(conn, viewer)?;
        found.retain(|rule| paging.after.as_ref().is_none_or(|after| rule.host > *after));
        Ok(Page::cut(found, paging.limit, |last| last.host.to_string(), Into::into))
    })
    .await
}

/// Whether to change anything.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct DecideOnPeer {
    /// True changes nothing: the answer says what would be cut.
    #[param(value_type = Option<bool>)]
    #[serde(rename = "dryRun")]
    dry_run: Option<String>,
}

impl DecideOnPeer {
    fn parse(self) -> Result<bool> {
        let mut f = Fields::of_query();
        let dry_run = f.may("dryRun", self.dry_run.into(), yes);
        f.finish(|| Some(dry_run.unwrap_or(false)))
    }
}

/// Allow or block an instance
///
/// For administrators. With `dryRun` the answer says what would be cut, and nothing changes. Who is left out is asked to
/// delete what they have.
#[utoipa::path(tag = "federation", params(DecideOnPeer), request_body = SetPeerRule, responses((status = 200, description = "What was decided.", body = PeerRuleDecisionView)))]
#[put("/peer-rules/{host}")]
async fn set_peer_rule(
    app: App,
    caller: Caller,
    Path(host): Path<Host>,
    query: Query<DecideOnPeer>,
    body: Body<SetPeerRule>,
) -> Result<Seen<PeerRuleDecisionView>> {
    let dry_run = query.parse(DecideOnPeer::parse)?;
    let (rule, reason) = body.parse(SetPeerRule::parse)?;
    app.write(&caller, move |tx, cx, who| {
        let decided = actions::decide(tx, cx, who, (&host, rule, &reason), dry_run)?;
        Ok(Seen(PeerRuleDecisionView::of(decided, dry_run)))
    })
    .await
}

/// Take back what was decided about an instance
///
/// For administrators. The instance counts again as any other that nobody decided about.
#[utoipa::path(tag = "federation", responses((status = 204, description = "Nothing is decided about it any more.")))]
#[delete("/peer-rules/{host}")]
async fn delete_peer_rule(app: App, caller: Caller, Path(host): Path<Host>) -> Result<NoContent> {
    app.write(&caller, move |tx, cx, who| actions::forget(tx, cx, who, &host)).await?;
    Ok(NoContent)
}
