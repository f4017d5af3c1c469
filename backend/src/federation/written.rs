//! What people of other instances wrote: rows by its own id.

use diesel::prelude::*;
use kring_db::schema::remote_objects;
use kring_db::{Conn, Time, Tx, word_type};

use super::addresses::Local;
use crate::config::Config;
use crate::error::Result;
use crate::threads::{ReplyId, ThreadId};

word_type! {
    /// What it became here.
    WrittenKind { Thread = "thread", Reply = "reply" }
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

/// What this thread or reply is where it was written; `None` of what was written here.
pub fn of(conn: &mut Conn, id: i64) -> Result<Option<Written>> {
    let row = remote_objects::table.filter(remote_objects::object_id.eq(id));
    Ok(row.select(Written::as_select()).first(conn).optional()?)
}

/// The id of a thread or reply for all: its own instance's.
pub fn address(conn: &mut Conn, config: &Config, local: &Local) -> Result<String> {
    let id = match local {
        Local::Thread(ThreadId(id)) | Local::Reply(ReplyId(id)) => *id,
        other => return Ok(other.address(config)),
    };
    Ok(of(conn, id)?.map_or_else(|| local.address(config), |written| written.uri))
}

pub fn put(tx: &mut Tx, written: &Written) -> Result<()> {
    let columns = (
        remote_objects::kind.eq(written.kind),
        remote_objects::object_id.eq(written.object_id),
        remote_objects::updated_at.eq(written.updated_at),
        remote_objects::activity.eq(&written.activity),
    );
    if diesel::update(remote_objects::table.find(&written.uri)).set(columns).execute(tx.conn())? == 0 {
        let new = (remote_objects::uri.eq(&written.uri), columns);
        diesel::insert_into(remote_objects::table).values(new).execute(tx.conn())?;
    }
    Ok(())
}
