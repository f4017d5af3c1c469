//! What people of other instances wrote: rows by its own id.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use kring_activitypub::wire;
use kring_db::schema::remote_objects;
use kring_db::{Conn, Time, Tx, word_type};
use serde_json::Value;

use super::addresses::Local;
use crate::config::Config;
use crate::documents::DocumentId;
use crate::error::Result;
use crate::networks::NetworkId;
use crate::threads::{self, ReplyId, ThreadId};

word_type! {
    /// What it became here.
    WrittenKind { Thread = "thread", Reply = "reply", Document = "document" }
}

/// Something that was written elsewhere, as it stands here.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = remote_objects)]
pub struct Written {
    pub uri: String,
    pub kind: WrittenKind,
    pub object_id: i64,
    pub updated_at: Time,
    pub activity: String,
}

pub fn by_uri(conn: &mut Conn, uri: &str) -> Result<Option<Written>> {
    Ok(remote_objects::table.find(uri).select(Written::as_select()).first(conn).optional()?)
}

/// Those of `uris` that are known here.
pub fn known_among(conn: &mut Conn, uris: &[String]) -> Result<HashSet<String>> {
    let known = remote_objects::table.filter(remote_objects::uri.eq_any(uris)).select(remote_objects::uri);
    Ok(known.load(conn)?.into_iter().collect())
}

/// What this thread or reply is where it was written; `None` of what was written here.
pub fn of(conn: &mut Conn, id: i64) -> Result<Option<Written>> {
    let row = remote_objects::table.filter(remote_objects::object_id.eq(id));
    Ok(row.select(Written::as_select()).first(conn).optional()?)
}

/// The network that a thread or reply is in.
pub fn network_of(conn: &mut Conn, written: &Written) -> Result<Option<NetworkId>> {
    let thread = match written.kind {
        WrittenKind::Thread => Some(ThreadId(written.object_id)),
        WrittenKind::Reply => threads::thread_of(conn, ReplyId(written.object_id))?,
        WrittenKind::Document => None,
    };
    Ok(thread.map(|thread| threads::network_of(conn, thread)).transpose()?.flatten())
}

/// Locks the row of what was written elsewhere, so that what follows sees what is kept beside it as it will stay.
pub fn lock(tx: &mut Tx, id: i64) -> Result<()> {
    diesel::update(remote_objects::table.filter(remote_objects::object_id.eq(id)))
        .set(remote_objects::updated_at.eq(remote_objects::updated_at))
        .execute(tx.conn())?;
    Ok(())
}

/// [`of`] many, looked up at once; those that were written here are missing.
pub fn of_many(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Written>> {
    let rows = remote_objects::table.filter(remote_objects::object_id.eq_any(ids));
    Ok(rows.select(Written::as_select()).load(conn)?)
}

/// Where a thread that was begun elsewhere is told with all that belongs to it, as whoever began it says: those who answer
/// say the same (FEP-7888).
pub fn context(conn: &mut Conn, thread: ThreadId) -> Result<Option<String>> {
    let Some(written) = of(conn, thread.0)? else { return Ok(None) };
    let told = serde_json::from_str::<Value>(&written.activity).ok();
    let context = told.as_ref().and_then(|told| told.get("object")?.get("context")).and_then(wire::id_of);
    Ok(context.map(String::from))
}

/// Those of these threads and replies that were written elsewhere and still say something.
pub fn said_elsewhere(conn: &mut Conn, ids: &[i64]) -> Result<HashSet<i64>> {
    let said = remote_objects::object_id.eq_any(ids).and(remote_objects::activity.ne(""));
    let found = remote_objects::table.filter(said).select(remote_objects::object_id);
    Ok(found.load(conn)?.into_iter().collect())
}

/// The id of a thread, reply or document for all: that of the instance that it was begun on.
pub fn address(conn: &mut Conn, config: &Config, local: &Local) -> Result<String> {
    let found = addresses(conn, config, std::slice::from_ref(local))?.pop();
    Ok(found.unwrap_or_else(|| local.address(config)))
}

/// The same of many, looked up at once.
pub fn addresses(conn: &mut Conn, config: &Config, posts: &[Local]) -> Result<Vec<String>> {
    let id = |local: &Local| match local {
        Local::Thread(ThreadId(id)) | Local::Reply(ReplyId(id)) | Local::Document(DocumentId(id)) => {
            Some(*id)
        }
        _ => None,
    };
    let ids: Vec<i64> = posts.iter().filter_map(id).collect();
    let elsewhere: Vec<(i64, String)> = remote_objects::table
        .filter(remote_objects::object_id.eq_any(ids))
        .select((remote_objects::object_id, remote_objects::uri))
        .load(conn)?;
    let elsewhere: HashMap<i64, String> = elsewhere.into_iter().collect();
    let address = |local: &Local| {
        let told = id(local).and_then(|id| elsewhere.get(&id).cloned());
        told.unwrap_or_else(|| local.address(config))
    };
    Ok(posts.iter().map(address).collect())
}

/// What it said goes, and where it was written stays: so nobody brings it again.
pub fn forget_text(tx: &mut Tx, uri: &str) -> Result<()> {
    diesel::update(remote_objects::table.find(uri))
        .set(remote_objects::activity.eq(""))
        .execute(tx.conn())?;
    Ok(())
}

pub fn put(tx: &mut Tx, written: &Written) -> Result<()> {
    let columns = (
        remote_objects::kind.eq(written.kind),
        remote_objects::object_id.eq(written.object_id),
        remote_objects::updated_at.eq(written.updated_at),
        remote_objects::activity.eq(&written.activity),
    );
    // Two messages that are taken at once must not make two things of one: who comes second finds it there, and begins
    // anew.
    let known = remote_objects::table
        .find(&written.uri)
        .filter(remote_objects::object_id.eq(written.object_id));
    if diesel::update(known).set(columns).execute(tx.conn())? == 0 {
        let new = (remote_objects::uri.eq(&written.uri), columns);
        diesel::insert_into(remote_objects::table).values(new).execute(tx.conn())?;
    }
    Ok(())
}
