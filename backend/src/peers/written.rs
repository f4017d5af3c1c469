//! Where what was written on other instances is at home.

use std::collections::HashMap;

use diesel::prelude::*;
use kring_db::Conn;
use kring_db::schema::remote_objects;

use crate::error::Result;

/// Of these, each by its id here, the addresses of those that were written elsewhere: looked up at once.
pub fn homes_of(conn: &mut Conn, written_elsewhere: &[i64]) -> Result<HashMap<i64, String>> {
    if written_elsewhere.is_empty() {
        return Ok(HashMap::new());
    }
    let found = remote_objects::table.filter(remote_objects::object_id.eq_any(written_elsewhere));
    let rows: Vec<(i64, String)> =
        found.select((remote_objects::object_id, remote_objects::uri)).load(conn)?;
    Ok(rows.into_iter().collect())
}
