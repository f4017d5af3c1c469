//! Rows of what was chosen about other instances.

use diesel::prelude::*;
use kring_db::schema::{federation_settings, peer_rules};
use kring_db::{Conn, Time, Tx};

use super::model::{Host, PeerRule, Reach, Rule, RuleReason};
use crate::accounts::PersonId;
use crate::accounts::policy::IsAdmin;
use crate::error::Result;

/// The one row of the settings.
const ONLY: i64 = 1;

/// How far this instance exchanges anything: nowhere, until an admin chose.
pub fn choice(conn: &mut Conn) -> Result<Reach> {
    let chosen = federation_settings::table.find(ONLY).select(federation_settings::reach);
    Ok(chosen.first(conn).optional()?.unwrap_or(Reach::None))
}

/// Writes down what an admin chose.
pub fn put_choice(tx: &mut Tx, _may: &IsAdmin, reach: Reach, by: PersonId, now: Time) -> Result<()> {
    let columns = (
        federation_settings::reach.eq(reach),
        federation_settings::updated_at.eq(now),
        federation_settings::updated_by.eq(by),
    );
    let row = federation_settings::table.find(ONLY);
    if diesel::update(row).set(columns).execute(tx.conn())? == 0 {
        let new = (federation_settings::id.eq(ONLY), columns);
        diesel::insert_into(federation_settings::table).values(new).execute(tx.conn())?;
    }
    Ok(())
}

/// Every rule, by name of the instance.
pub fn rules(conn: &mut Conn) -> Result<Vec<PeerRule>> {
    Ok(peer_rules::table.order(peer_rules::host).select(PeerRule::as_select()).load(conn)?)
}

pub fn rule_of(conn: &mut Conn, host: &Host) -> Result<Option<PeerRule>> {
    Ok(peer_rules::table.find(host).select(PeerRule::as_select()).first(conn).optional()?)
}

/// Allows or blocks an instance, in place of what stood before; `true` where nothing did.
pub fn put_rule(
    tx: &mut Tx,
    _may: &IsAdmin,
    (host, rule, reason): (&Host, Rule, &RuleReason),
    by: PersonId,
    now: Time,
) -> Result<bool> {
    let columns = (
        peer_rules::rule.eq(rule),
        peer_rules::reason.eq(reason),
        peer_rules::created_at.eq(now),
        peer_rules::created_by.eq(by),
    );
    let new = diesel::update(peer_rules::table.find(host)).set(columns).execute(tx.conn())? == 0;
    if new {
        diesel::insert_into(peer_rules::table)
            .values((peer_rules::host.eq(host), columns))
            .execute(tx.conn())?;
    }
    Ok(new)
}

/// Takes a rule back; `false` where there was none.
pub fn remove_rule(tx: &mut Tx, _may: &IsAdmin, host: &Host) -> Result<bool> {
    Ok(diesel::delete(peer_rules::table.find(host)).execute(tx.conn())? == 1)
}
