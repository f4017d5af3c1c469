//! Rows of municipalities.

use diesel::prelude::*;
use kring_db::schema::{municipalities, municipality_successors};
use kring_db::{Conn, Tx, each_dialect};

use super::model::{Municipality, MunicipalityCode};
use crate::error::Result;

pub fn by_code(conn: &mut Conn, code: &MunicipalityCode) -> Result<Option<Municipality>> {
    Ok(municipalities::table.find(code).select(Municipality::as_select()).first(conn).optional()?)
}

/// Those of `codes` that there are.
pub fn by_codes(conn: &mut Conn, codes: &[MunicipalityCode]) -> Result<Vec<Municipality>> {
    Ok(municipalities::table
        .filter(municipalities::code.eq_any(codes))
        .select(Municipality::as_select())
        .load(conn)?)
}

/// Is there such a municipality, each of them?
pub fn exist(conn: &mut Conn, codes: &[MunicipalityCode]) -> Result<bool> {
    let known = by_codes(conn, codes)?;
    Ok(codes.iter().all(|code| known.iter().any(|m| m.code == *code)))
}

/// Those whose name has a word that begins with `folded`, by name and code; after the given name and code.
pub fn find(
    conn: &mut Conn,
    folded: Option<&str>,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<Vec<Municipality>> {
    let mut found = municipalities::table.into_boxed();
    if let Some(folded) = folded {
        // The caller folded the text to letters and spaces: it holds no wildcards.
        let (first, later) = (format!("{folded}%"), format!("% {folded}%"));
        found =
            found.filter(municipalities::folded_name.like(first).or(municipalities::folded_name.like(later)));
    }
    if let Some((name, code)) = after {
        let same = municipalities::folded_name.eq(name.clone()).and(municipalities::code.gt(code));
        found = found.filter(municipalities::folded_name.gt(name).or(same));
    }
    let ordered = found.order((municipalities::folded_name, municipalities::code)).limit(limit + 1);
    Ok(ordered.select(Municipality::as_select()).load(conn)?)
}

pub fn successors(conn: &mut Conn, code: &MunicipalityCode) -> Result<Vec<Municipality>> {
    let codes: Vec<MunicipalityCode> = municipality_successors::table
        .filter(municipality_successors::code.eq(code))
        .select(municipality_successors::successor)
        .load(conn)?;
    by_codes(conn, &codes)
}

pub fn count(conn: &mut Conn, country: &str) -> Result<i64> {
    Ok(municipalities::table.filter(municipalities::country.eq(country)).count().get_result(conn)?)
}

/// Adds or brings up to date.
pub fn upsert(tx: &mut Tx, municipality: &Municipality) -> Result<()> {
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(municipalities::table)
            .values(municipality)
            .on_conflict(municipalities::code)
            .do_update()
            .set(municipality)
            .execute(c)
    })?;
    Ok(())
}

pub fn add_successor(tx: &mut Tx, code: &MunicipalityCode, successor: &MunicipalityCode) -> Result<()> {
    each_dialect!(tx.conn(), |c| {
        diesel::insert_into(municipality_successors::table)
            .values((
                municipality_successors::code.eq(code),
                municipality_successors::successor.eq(successor),
            ))
            .on_conflict_do_nothing()
            .execute(c)
    })?;
    Ok(())
}
