//! What was deleted before it came here: a message may be overtaken by the one that takes it back.

use chrono::Duration;
use diesel::prelude::*;
use kring_activitypub::wire;
use kring_db::schema::taken_away;
use kring_db::{Time, Tx, each_dialect};
use url::Url;

use super::actors::Remote;
use crate::app::Context;
use crate::error::Result;

/// How long it is remembered: longer than an instance that was away takes to send what waits.
const KEPT: Duration = Duration::days(60);

/// Notes that something unknown was deleted: by its author, or by the network that it was written in (`home`).
pub fn put(tx: &mut Tx, cx: &Context, id: &Url, author: &Remote, home: Option<&Remote>) -> Result<()> {
    // Of others' things only a network says so, and for itself alone.
    if home.is_none() && wire::address(&author.uri).is_none_or(|author| !wire::same_host(&author, id)) {
        return Ok(());
    }
    let by = home.unwrap_or(author);
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(taken_away::table)
            .values((
                taken_away::uri.eq(id.as_str()),
                taken_away::said_by.eq(&by.uri),
                taken_away::created_at.eq(cx.now()),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}

/// Was this deleted already, by its author or by the network it is in?
pub fn stands(tx: &mut Tx, id: &Url, author: &str, home: Option<&Remote>) -> Result<bool> {
    let by: Vec<&str> = std::iter::once(author).chain(home.map(|home| home.uri.as_str())).collect();
    let row = taken_away::table.filter(taken_away::uri.eq(id.as_str()).and(taken_away::said_by.eq_any(by)));
    Ok(row.select(taken_away::uri).first::<String>(tx.conn()).optional()?.is_some())
}

/// Forgets what was long ago.
pub fn sweep(tx: &mut Tx, now: Time) -> Result<()> {
    let old = taken_away::table.filter(taken_away::created_at.lt(now - KEPT));
    diesel::delete(old).execute(tx.conn())?;
    Ok(())
}
