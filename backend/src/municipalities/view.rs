//! Municipalities as they are sent.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::Municipality;

/// A municipality.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Municipality)]
pub struct MunicipalityView {
    #[schema(example = "GM0344")]
    pub code: String,
    #[schema(example = "NL")]
    pub country: String,
    /// As people say it.
    #[schema(example = "Utrecht")]
    pub name: String,
    /// As the statistics office writes it: "Bergen (NH.)".
    #[schema(example = "Utrecht")]
    pub official_name: String,
    #[schema(example = "Utrecht")]
    pub province: String,
    /// ISO 3166-2.
    #[schema(example = "NL-UT")]
    pub province_code: String,
    /// The day it came to be, where known.
    #[schema(required)]
    pub valid_from: Option<NaiveDate>,
    /// The day it ended; null while it stands.
    #[schema(required)]
    pub valid_to: Option<NaiveDate>,
}

impl From<Municipality> for MunicipalityView {
    fn from(m: Municipality) -> Self {
        Self {
            code: m.code.to_string(),
            country: m.country,
            name: m.display_name,
            official_name: m.official_name,
            province: m.province,
            province_code: m.province_code,
            valid_from: m.valid_from,
            valid_to: m.valid_to,
        }
    }
}

/// A municipality and where to look when it merged.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MunicipalityDetails)]
pub struct MunicipalityDetailsView {
    #[serde(flatten)]
    pub municipality: MunicipalityView,
    /// What it became part of.
    pub successors: Vec<MunicipalityView>,
}
