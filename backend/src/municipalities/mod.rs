//! Municipalities, of any country. The Dutch ones of 2026 come with the program (source: CBS, CC BY 4.0).
//!
//! Invariant: a municipality is never deleted. One that merged keeps its code, the day it ended and its
//! successors, so that what was written about it stays findable.

mod actions;
mod model;
mod queries;
pub mod routes;
mod view;

pub use actions::{import_csv, load_built_in, meant_by, read};
pub use model::{CODE_PATTERN, Municipality, MunicipalityCode};
pub use queries::{by_codes, exist};
pub use view::MunicipalityView;
