//! The types of municipalities.

use chrono::NaiveDate;
use diesel::prelude::*;
use kring_db::schema::municipalities;
use kring_db::text_type;

use crate::error::Fault;

text_type! {
    /// `GM0344` for Utrecht; for lists whose codes are mere numbers, country and code: `BE-11001`.
    MunicipalityCode
}

/// What a code looks like, as a regular expression.
pub const CODE_PATTERN: &str = "^[A-Za-z0-9-]{1,24}$";

impl MunicipalityCode {
    /// The shape only; whether there is such a municipality is looked up.
    pub fn parse(text: String) -> Result<Self, Fault> {
        text.parse()
    }

    /// The code of a row of a country's list.
    pub fn of(country: &str, code: &str) -> Result<Self, Fault> {
        if code.starts_with(|c: char| c.is_ascii_alphabetic()) {
            code.parse()
        } else {
            format!("{country}-{code}").parse()
        }
    }
}

impl std::str::FromStr for MunicipalityCode {
    type Err = Fault;
    fn from_str(text: &str) -> Result<Self, Fault> {
        let fits =
            (1..=24).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if fits {
            Ok(Self(text.to_owned()))
        } else {
            Err(Fault::new("municipality_code"))
        }
    }
}

/// One municipality.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = municipalities, treat_none_as_null = true)]
pub struct Municipality {
    pub code: MunicipalityCode,
    pub country: String,
    /// As the statistics office writes it: "Bergen (NH.)".
    pub official_name: String,
    /// As people say it: "Bergen"; the province tells two of them apart.
    pub display_name: String,
    pub folded_name: String,
    pub province_code: String,
    pub province: String,
    pub valid_from: Option<NaiveDate>,
    pub valid_to: Option<NaiveDate>,
}

/// "Bergen (NH.)" is "Bergen" to those who live there.
pub fn display_name(official: &str) -> &str {
    match official.split_once(" (") {
        Some((name, rest)) if rest.ends_with(')') => name,
        _ => official,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_of_the_statistics_office_is_not_part_of_the_name() {
        assert_eq!(display_name("Bergen (NH.)"), "Bergen");
        assert_eq!(display_name("'s-Gravenhage"), "'s-Gravenhage");
    }

    #[test]
    fn numbers_get_their_country_in_front() {
        assert_eq!(MunicipalityCode::of("BE", "11001").map(|c| c.to_string()), Ok("BE-11001".into()));
        assert_eq!(MunicipalityCode::of("NL", "GM0344").map(|c| c.to_string()), Ok("GM0344".into()));
    }
}
