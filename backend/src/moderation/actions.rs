//! What is done with reports, one function a use.

use chrono::Duration;
use kring_db::{Conn, Tx};

use super::model::*;
use super::{policy, queries};
use crate::accounts::{SignedIn, Viewer};
use crate::app::Context;
use crate::documents;
use crate::error::{Code, Error, Fault, NOT_FOUND, Result};
use crate::jobs::outbox::{self, Event, EventKind};
use crate::networks::policy::Standing;
use crate::networks::{self, Membership, Network, NetworkId, Slug};
use crate::threads;
use crate::web::{IfMatch, Paging};

/// How long a report counts among those of today.
const DAY: Duration = Duration::hours(24);

/// Reports a thing in a network.
pub fn report(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    slug: &Slug,
    new: &NewReport,
) -> Result<(Network, ReportRow)> {
    let viewer = Viewer::SignedIn(who.clone());
    let (network, membership) = networks::seen(tx, &viewer, slug)?;
    let recent = queries::recent(tx, who.person, cx.now() - DAY)?;
    let may = policy::may_report(&standing(&network, membership.as_ref(), &viewer), recent)?;
    if network_of(tx, &viewer, new.reported)? != Some(may.network()) {
        return Err(Fault::new("unknown_reported").at("/id"));
    }
    let by = Reporter { person: Some(may.person()), host: String::new() };
    if queries::open_report(tx, &by, new.reported)? {
        return Err(Code::AlreadyReported.into());
    }
    let id = write(tx, cx, &network, &by, new)?;
    let row = queries::report(tx, id)?.ok_or(NOT_FOUND)?;
    Ok((network, row))
}

/// Somebody elsewhere reports a thing in a network of this instance. Twice is once.
pub fn reported_elsewhere(
    tx: &mut Tx,
    cx: &Context,
    by: &Reporter,
    network: &Network,
    reported: Reported,
    reason: &str,
) -> Result<()> {
    if queries::open_report(tx, by, reported)? {
        return Ok(());
    }
    let since = cx.now() - DAY;
    let much = match by.person {
        Some(person) => queries::recent(tx, person, since)? >= policy::DAILY,
        None => false,
    };
    // Nobody elsewhere fills the list of who moderates.
    if much || queries::recent_of_instance(tx, &by.host, since)? >= policy::DAILY_OF_INSTANCE {
        tracing::info!(host = by.host, "more reports came from an instance than are taken in a day");
        return Ok(());
    }
    let new = NewReport { reported, reason: Reason::elsewhere(reason) };
    write(tx, cx, network, by, &new).map(|_| ())
}

fn write(tx: &mut Tx, cx: &Context, network: &Network, by: &Reporter, new: &NewReport) -> Result<ReportId> {
    let report = Report {
        id: cx.id(),
        network_id: network.id,
        subject_kind: new.reported.kind(),
        subject_id: new.reported.id(),
        reporter_id: by.person,
        host: by.host.clone(),
        reason: new.reason.clone(),
        state: ReportState::Open,
        decision: None,
        decided_by: None,
        decided_at: None,
        created_at: cx.now(),
        version: 1,
    };
    queries::insert(tx, &report)?;
    let mut event = Event::new(EventKind::ReportMade, report.id.0).network(network.id.0);
    if let Some(person) = by.person {
        event = event.actor(person.0);
    }
    outbox::push(tx, cx, event)?;
    Ok(report.id)
}

/// The network that a thing is in, where the viewer may read it.
fn network_of(conn: &mut Conn, viewer: &Viewer, reported: Reported) -> Result<Option<NetworkId>> {
    let found = match reported {
        Reported::Thread(id) => threads::read(conn, viewer, id).map(|place| place.network.id),
        Reported::Reply(id) => threads::read_reply(conn, viewer, id).map(|(place, _)| place.network.id),
        Reported::Document(id) => documents::read(conn, viewer, id).map(|place| place.network.id),
    };
    match found {
        Ok(network) => Ok(Some(network)),
        Err(Error::Rule(_)) => Ok(None),
        Err(cause) => Err(cause),
    }
}

fn standing<'a>(network: &'a Network, membership: Option<&'a Membership>, viewer: &Viewer) -> Standing<'a> {
    Standing { network, person: viewer.person(), membership }
}

/// Reports about what is in a network, newest first: all of them for those who moderate, one's own for everybody.
pub fn list(
    conn: &mut Conn,
    viewer: &Viewer,
    slug: &Slug,
    filter: ReportFilter,
    paging: &Paging<ReportId>,
) -> Result<(Network, Vec<ReportRow>)> {
    let who = viewer.signed_in()?;
    let (network, membership) = networks::seen(conn, viewer, slug)?;
    if !filter.mine {
        policy::may_decide(&standing(&network, membership.as_ref(), viewer))?;
    }
    let by = filter.mine.then_some(who.person);
    let rows = queries::listed(conn, network.id, filter.state, by, paging.after, paging.limit)?;
    Ok((network, rows))
}

/// One report; 404 save for those who moderate and who made it.
pub fn read(conn: &mut Conn, viewer: &Viewer, id: ReportId) -> Result<(Network, ReportRow)> {
    viewer.signed_in()?;
    let (network, _, row) = find(conn, viewer, id)?;
    Ok((network, row))
}

fn find(conn: &mut Conn, viewer: &Viewer, id: ReportId) -> Result<(Network, Option<Membership>, ReportRow)> {
    let row = queries::report(conn, id)?.ok_or(NOT_FOUND)?;
    let (network, membership) = networks::standing_in(conn, row.0.network_id, viewer.person())?;
    policy::may_see(&standing(&network, membership.as_ref(), viewer), &row.0)?;
    Ok((network, membership, row))
}

/// Decides about a report, or opens it again.
pub fn decide(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    id: ReportId,
    known: &IfMatch,
    change: &ReportChange,
) -> Result<(Network, ReportRow)> {
    let viewer = Viewer::SignedIn(who.clone());
    queries::lock(tx, id)?;
    let (network, membership, (mut report, _)) = find(tx, &viewer, id)?;
    let may = policy::may_decide(&standing(&network, membership.as_ref(), &viewer))?;
    known.check(report.version)?;
    if let Some(decision) = &change.decision {
        report.decision.clone_from(decision);
    }
    if let Some(state) = change.state.filter(|state| *state != report.state) {
        report.state = state;
        let decided = state == ReportState::Resolved;
        report.decided_by = decided.then_some(who.person);
        report.decided_at = decided.then(|| cx.now());
    }
    report.version += 1;
    queries::update(tx, &may, &report)?;
    let row = queries::report(tx, id)?.ok_or(NOT_FOUND)?;
    Ok((network, row))
}

/// A report, for telling the home of its network.
pub fn reported(conn: &mut Conn, id: ReportId) -> Result<Option<Report>> {
    Ok(queries::report(conn, id)?.map(|(report, _)| report))
}
