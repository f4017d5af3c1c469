//! Rows of what was asked, and of what digests told.

use diesel::prelude::*;
use kring_db::schema::{help_asks, help_told};
use kring_db::{Conn, Time, Tx, each_dialect};

use crate::accounts::PersonId;
use crate::error::Result;
use crate::help::model::*;
use crate::help::policy::MayAsk;
use crate::networks::NetworkId;

/// When a person asked owners of offers after `moment`.
pub fn asks_since(conn: &mut Conn, person: PersonId, moment: Time) -> Result<Vec<Time>> {
    let theirs =
        help_asks::table.filter(help_asks::asked_by.eq(person).and(help_asks::created_at.gt(moment)));
    Ok(theirs.select(help_asks::created_at).load(conn)?)
}

/// Notes that a network asks; `false` where it did so before.
pub fn insert_ask(tx: &mut Tx, may: &MayAsk, offer: HelpOfferId, message: &str, now: Time) -> Result<bool> {
    let noted = each_dialect!(tx.conn(), |c| {
        diesel::insert_into(help_asks::table)
            .values((
                help_asks::offer_id.eq(offer),
                help_asks::network_id.eq(may.network()),
                help_asks::asked_by.eq(may.person()),
                help_asks::message.eq(message),
                help_asks::created_at.eq(now),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(noted == 1)
}

/// What a network asked with an offer.
pub fn ask(conn: &mut Conn, offer: HelpOfferId, network: NetworkId) -> Result<Option<Ask>> {
    let its = help_asks::table.filter(help_asks::offer_id.eq(offer).and(help_asks::network_id.eq(network)));
    Ok(its.select(Ask::as_select()).first(conn).optional()?)
}

/// Who asked with these offers, newest first.
pub fn asked_of(conn: &mut Conn, offers: &[HelpOfferId], limit: i64) -> Result<Vec<Ask>> {
    let found = help_asks::table.filter(help_asks::offer_id.eq_any(offers));
    Ok(found
        .order((help_asks::created_at.desc(), help_asks::network_id.desc()))
        .limit(limit)
        .select(Ask::as_select())
        .load(conn)?)
}

/// Of which matches with these offers a person was told.
pub fn told(
    conn: &mut Conn,
    person: PersonId,
    offers: &[HelpOfferId],
) -> Result<Vec<(HelpOfferId, NetworkId)>> {
    let theirs =
        help_told::table.filter(help_told::person_id.eq(person).and(help_told::offer_id.eq_any(offers)));
    Ok(theirs.select((help_told::offer_id, help_told::network_id)).load(conn)?)
}

/// Notes that a person is told of a match.
pub fn mark_told(tx: &mut Tx, person: PersonId, offer: HelpOfferId, network: NetworkId) -> Result<()> {
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(help_told::table)
            .values((
                help_told::person_id.eq(person),
                help_told::offer_id.eq(offer),
                help_told::network_id.eq(network),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}
