//! A body that is JSON, or a file of comma-separated values (RFC 4180).

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use serde::de::DeserializeOwned;

use super::extract::{Body, IdempotencyKey, idempotency_key, unreadable};
use crate::error::{Error, Result};

/// What was sent, by its content type.
pub enum JsonOrCsv<T> {
    Json(Body<T>),
    /// As it came in: what a spreadsheet calls CSV has many shapes, and its `charset` is seldom true.
    Csv {
        bytes: Bytes,
        once: IdempotencyKey,
    },
}

impl<T: DeserializeOwned + 'static> FromRequest for JsonOrCsv<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !req.content_type().eq_ignore_ascii_case("text/csv") {
            let json = Body::from_request(req, payload);
            return Box::pin(async move { json.await.map(Self::Json) });
        }
        let (key, place) = (idempotency_key(req), format!("{} {}", req.method(), req.path()));
        let bytes = Bytes::from_request(req, payload);
        Box::pin(async move {
            let bytes = bytes.await.map_err(unreadable)?;
            let once = IdempotencyKey::of(key?, &place, &bytes);
            Ok(Self::Csv { bytes, once })
        })
    }
}
