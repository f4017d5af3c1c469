//! What is done with municipalities: load a list, find one.

use anyhow::{Context as _, bail};
use chrono::NaiveDate;
use kring_db::{Conn, Tx};
use serde::Deserialize;

use super::model::{Municipality, MunicipalityCode, display_name};
use super::queries;
use crate::error::{NOT_FOUND, Result};
use crate::text::fold::fold;

/// The Dutch municipalities of 2026. Source: CBS, CC BY 4.0.
const DUTCH_2026: &str = include_str!("municipalities-nl-2026.csv");

/// Most municipalities that are looked through for a name.
const NAMESAKES: i64 = 200;

/// A line of a country's list. The last three columns may be left out.
#[derive(Debug, Deserialize)]
struct Line {
    country: String,
    code: String,
    name: String,
    province_code: String,
    province: String,
    #[serde(default)]
    valid_from: Option<NaiveDate>,
    #[serde(default)]
    valid_to: Option<NaiveDate>,
    /// Codes with spaces between them.
    #[serde(default)]
    successors: String,
}

/// Those whose name has a word that begins with `text`, by name; after the given folded name and code.
pub fn find(
    conn: &mut Conn,
    text: Option<&str>,
    after: Option<(String, String)>,
    limit: i64,
) -> Result<Vec<Municipality>> {
    let folded = text.map(fold).filter(|text| !text.is_empty());
    queries::find(conn, folded.as_deref(), after, limit)
}

/// Loads the list that comes with the program, once.
pub fn load_built_in(tx: &mut Tx) -> Result<()> {
    if queries::count(tx, "NL")? == 0 {
        import_csv(tx, DUTCH_2026.as_bytes())?;
    }
    Ok(())
}

/// Loads a list in the shape of the built-in one; what is there already is brought up to date. All or nothing.
pub fn import_csv(tx: &mut Tx, csv: &[u8]) -> Result<usize> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(csv);
    let mut successors = Vec::new();
    let mut count = 0;
    for (number, line) in reader.deserialize::<Line>().enumerate() {
        let place = || format!("line {} of the list", number + 2);
        let line = line.with_context(place)?;
        let municipality = read_line(&line).with_context(place)?;
        for successor in line.successors.split_whitespace() {
            let code = MunicipalityCode::of(&line.country, successor);
            successors.push((
                municipality.code.clone(),
                code.map_err(|_| anyhow::anyhow!("{}: successor {successor:?}", place()))?,
            ));
        }
        queries::upsert(tx, &municipality)?;
        count += 1;
    }
    for (code, successor) in successors {
        if queries::by_code(tx, &successor)?.is_none() {
            return Err(
                anyhow::anyhow!("{code} names {successor} as its successor, which is in no list").into()
            );
        }
        queries::add_successor(tx, &code, &successor)?;
    }
    Ok(count)
}

fn read_line(line: &Line) -> anyhow::Result<Municipality> {
    if line.name.is_empty() || line.country.len() != 2 {
        bail!("a municipality needs a name and a country of two letters");
    }
    Ok(Municipality {
        code: MunicipalityCode::of(&line.country, &line.code)
            .map_err(|_| anyhow::anyhow!("the code {:?}", line.code))?,
        country: line.country.clone(),
        official_name: line.name.clone(),
        display_name: display_name(&line.name).to_owned(),
        folded_name: fold(&line.name),
        province_code: line.province_code.clone(),
        province: line.province.clone(),
        valid_from: line.valid_from,
        valid_to: line.valid_to,
    })
}

/// One municipality and, where it merged, its successors.
pub fn read(conn: &mut Conn, code: &MunicipalityCode) -> Result<(Municipality, Vec<Municipality>)> {
    let municipality = queries::by_code(conn, code)?.ok_or(NOT_FOUND)?;
    let successors = queries::successors(conn, code)?;
    Ok((municipality, successors))
}

/// Those whom a word in an address can mean: the one with that code, in capitals or not; else those of that name, in
/// full (`bergen-nh`) or as people say it (`bergen`).
pub fn meant_by(conn: &mut Conn, word: &str) -> Result<Vec<Municipality>> {
    let codes = [word.to_owned(), word.to_uppercase()];
    for code in codes.into_iter().filter_map(|code| code.parse::<MunicipalityCode>().ok()) {
        if let Some(one) = queries::by_code(conn, &code)? {
            return Ok(vec![one]);
        }
    }
    let name = fold(word);
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let found = queries::find(conn, Some(&name), None, NAMESAKES)?;
    let named = |one: &Municipality| one.folded_name == name || fold(&one.display_name) == name;
    Ok(found.into_iter().filter(named).collect())
}
