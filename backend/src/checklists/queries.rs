//! Rows of what was put aside.

use diesel::prelude::*;
use kring_db::schema::checklist_dismissals as dismissals;
use kring_db::{Conn, Time, Tx, each_dialect};

use super::model::Item;
use crate::accounts::PersonId;
use crate::error::Result;
use crate::networks::NetworkId;
use crate::networks::policy::MayCoordinate;

pub fn dismissed(conn: &mut Conn, _may: &MayCoordinate, network: NetworkId) -> Result<Vec<Item>> {
    Ok(dismissals::table
        .filter(dismissals::network_id.eq(network))
        .select(dismissals::item)
        .load(conn)?)
}

pub fn dismiss(
    tx: &mut Tx,
    _may: &MayCoordinate,
    network: NetworkId,
    item: Item,
    by: PersonId,
    now: Time,
) -> Result<()> {
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(dismissals::table)
            .values((
                dismissals::network_id.eq(network),
                dismissals::item.eq(item),
                dismissals::person_id.eq(by),
                dismissals::created_at.eq(now),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}

pub fn bring_back(tx: &mut Tx, _may: &MayCoordinate, network: NetworkId, item: Item) -> Result<()> {
    diesel::delete(dismissals::table.find((network, item))).execute(tx.conn())?;
    Ok(())
}
