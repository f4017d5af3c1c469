//! What an instance fell over, as rows: tried again some times, then parked for an admin to look at.

use diesel::prelude::*;
use kring_db::schema::parked_deliveries;
use kring_db::{Tx, id_type};

use crate::app::Context;
use crate::error::Result;
use crate::federation::outgoing::ActivityId;
use crate::peers::Host;

id_type! {
    /// A row of `parked_deliveries`.
    DeliveryId
}

/// After so many errors of its server an activity is parked there.
const TRIES: i64 = 5;

/// Notes that a server fell over an activity; `true` where it is parked now.
pub fn fell_over(tx: &mut Tx, cx: &Context, id: ActivityId, host: &Host, cause: &str) -> Result<bool> {
    let same = parked_deliveries::activity_id.eq(id).and(parked_deliveries::host.eq(host));
    let row = parked_deliveries::table.filter(same);
    let before: Option<i64> = row.select(parked_deliveries::attempts).first(tx.conn()).optional()?;
    let attempts = before.unwrap_or(0) + 1;
    let parked = attempts >= TRIES;
    let columns = (
        parked_deliveries::attempts.eq(attempts),
        parked_deliveries::last_error.eq(cause),
        parked_deliveries::parked_at.eq(parked.then_some(cx.now())),
    );
    if diesel::update(row).set(columns).execute(tx.conn())? == 0 {
        let key = (
            parked_deliveries::id.eq(cx.id::<DeliveryId>()),
            parked_deliveries::activity_id.eq(id),
            parked_deliveries::host.eq(host),
        );
        diesel::insert_into(parked_deliveries::table).values((key, columns)).execute(tx.conn())?;
    }
    Ok(parked)
}
