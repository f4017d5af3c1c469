//! HTTP: the server, what requests are read with and answers are made of. Nothing here knows a domain's rules.

pub mod advice;
pub mod download;
pub mod extract;
pub mod fields;
pub mod html;
mod json_or_csv;
pub mod limits;
pub mod links;
pub mod multipart;
pub mod openapi;
pub mod paging;
pub mod problem;
pub mod refused;
pub mod respond;
pub mod server;
pub mod system;
pub mod viewer;
pub mod whole;

pub use advice::AdviceView;
pub use extract::{Body, Caller, IdempotencyKey, IfMatch, Path, Path2, Query};
pub use fields::{Field, Fields};
pub use json_or_csv::JsonOrCsv;
pub use paging::{Page, Paging};
pub use refused::{CurrentText, Refused, Saved, Words};
pub use respond::{Accepted, Created, NoContent, Seen, Tagged};
pub use viewer::{DeniedView, ViewerView, reason};
pub use whole::Whole;
