//! Municipalities by name, beside what is about them.

use kring_db::Conn;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Result;
use crate::municipalities::{self, Municipality, MunicipalityCode};

/// A municipality by name.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = NamedMunicipality)]
pub struct NamedMunicipalityView {
    #[schema(example = "GM0344")]
    pub code: String,
    #[schema(example = "Utrecht")]
    pub name: String,
}

/// Names of municipalities, looked up at once for everything that is sent.
pub struct MunicipalityNames(Vec<Municipality>);

impl MunicipalityNames {
    pub fn of(conn: &mut Conn, mut codes: Vec<MunicipalityCode>) -> Result<Self> {
        codes.sort_unstable();
        codes.dedup();
        municipalities::by_codes(conn, &codes).map(Self)
    }

    /// These municipalities by name.
    pub fn views(&self, codes: Vec<MunicipalityCode>) -> Vec<NamedMunicipalityView> {
        let name = |code: &MunicipalityCode| {
            let known = self.0.iter().find(|municipality| municipality.code == *code);
            known.map_or_else(|| code.to_string(), |municipality| municipality.display_name.clone())
        };
        codes
            .into_iter()
            .map(|code| NamedMunicipalityView { name: name(&code), code: code.to_string() })
            .collect()
    }
}
