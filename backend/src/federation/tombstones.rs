//! What people and networks of other instances took away: for telling on as they said it, and because a message may be
//! overtaken by the one that takes it back.

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

/// A `Delete` as it came.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub id: &'a Url,
    pub author: &'a Remote,
    /// The network elsewhere that told it on.
    pub home: Option<&'a Remote>,
    pub activity: &'a str,
}

/// Notes that something was deleted.
pub fn put(tx: &mut Tx, cx: &Context, told: Told<'_>) -> Result<()> {
    let by = told.home.unwrap_or(told.author);
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(taken_away::table)
            .values((
                taken_away::uri.eq(told.id.as_str()),
                taken_away::said_by.eq(&by.uri),
                taken_away::activity.eq(told.activity),
                taken_away::created_at.eq(cx.now()),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}

/// Notes that something was deleted that is not known here. Of others' things only a network says so, and for itself
/// alone.
pub fn put_early(tx: &mut Tx, cx: &Context, told: Told<'_>) -> Result<()> {
    let own = wire::address(&told.author.uri).is_some_and(|author| wire::same_host(&author, told.id));
    if told.home.is_some() || own { put(tx, cx, told) } else { Ok(()) }
}

/// The `Delete` with which somebody elsewhere took this away.
pub fn activity(tx: &mut Tx, id: &str, by: &str) -> Result<Option<String>> {
    Ok(taken_away::table.find((id, by)).select(taken_away::activity).first(tx.conn()).optional()?)
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
