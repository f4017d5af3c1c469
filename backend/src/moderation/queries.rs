//! Rows of reports.

use diesel::prelude::*;
use kring_db::schema::{persons, reports};
use kring_db::{Conn, Time, Tx};

use super::model::*;
use super::policy::MayDecide;
use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::{AuthorPerson, NetworkId};

macro_rules! rows {
    () => {
        reports::table
            .left_join(persons::table.on(persons::id.nullable().eq(reports::reporter_id)))
            .select((Report::as_select(), Option::<AuthorPerson>::as_select()))
    };
}

pub fn report(conn: &mut Conn, id: ReportId) -> Result<Option<ReportRow>> {
    Ok(rows!().filter(reports::id.eq(id)).first(conn).optional()?)
}

/// Reports about what is in a network, newest first; one more than `limit`. `by`: those of one person alone.
pub fn listed(
    conn: &mut Conn,
    network: NetworkId,
    state: Option<ReportState>,
    by: Option<PersonId>,
    after: Option<ReportId>,
    limit: i64,
) -> Result<Vec<ReportRow>> {
    let mut found = rows!().filter(reports::network_id.eq(network)).into_boxed();
    if let Some(state) = state {
        found = found.filter(reports::state.eq(state));
    }
    if let Some(person) = by {
        found = found.filter(reports::reporter_id.eq(person));
    }
    if let Some(after) = after {
        found = found.filter(reports::id.lt(after));
    }
    Ok(found.order(reports::id.desc()).limit(limit + 1).load(conn)?)
}

/// How much a person reported since `moment`.
pub fn recent(conn: &mut Conn, person: PersonId, moment: Time) -> Result<i64> {
    let theirs = reports::table.filter(reports::reporter_id.eq(person).and(reports::created_at.gt(moment)));
    Ok(theirs.count().get_result(conn)?)
}

/// How much people of another instance reported since `moment`.
pub fn recent_of_instance(conn: &mut Conn, host: &str, moment: Time) -> Result<i64> {
    let theirs = reports::table.filter(reports::host.eq(host).and(reports::created_at.gt(moment)));
    Ok(theirs.count().get_result(conn)?)
}

/// Is there an open report of the same thing by the same?
pub fn open_report(conn: &mut Conn, by: &Reporter, of: Reported) -> Result<bool> {
    let same = reports::table
        .filter(reports::subject_id.eq(of.id()).and(reports::state.eq(ReportState::Open)))
        .filter(reports::host.eq(&by.host));
    let found = match by.person {
        Some(person) => same
            .filter(reports::reporter_id.eq(person))
            .select(reports::id)
            .first::<ReportId>(conn)
            .optional()?,
        None => same
            .filter(reports::reporter_id.is_null())
            .select(reports::id)
            .first::<ReportId>(conn)
            .optional()?,
    };
    Ok(found.is_some())
}

pub fn insert(tx: &mut Tx, report: &Report) -> Result<()> {
    diesel::insert_into(reports::table)
        .values((
            reports::id.eq(report.id),
            reports::network_id.eq(report.network_id),
            reports::subject_kind.eq(report.subject_kind),
            reports::subject_id.eq(report.subject_id),
            reports::reporter_id.eq(report.reporter_id),
            reports::host.eq(&report.host),
            reports::reason.eq(&report.reason),
            reports::state.eq(report.state),
            reports::created_at.eq(report.created_at),
            reports::version.eq(report.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Writes what was decided; the version rises.
pub fn update(tx: &mut Tx, _may: &MayDecide, report: &Report) -> Result<()> {
    diesel::update(reports::table.find(report.id))
        .set((
            reports::state.eq(report.state),
            reports::decision.eq(&report.decision),
            reports::decided_by.eq(report.decided_by),
            reports::decided_at.eq(report.decided_at),
            reports::version.eq(report.version),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a report as it is until the transaction ends.
pub fn lock(tx: &mut Tx, id: ReportId) -> Result<()> {
    diesel::update(reports::table.find(id))
        .set(reports::version.eq(reports::version))
        .execute(tx.conn())?;
    Ok(())
}
