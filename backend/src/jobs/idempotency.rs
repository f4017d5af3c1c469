//! First answers of creating requests, kept for 24 hours under the caller's `Idempotency-Key`.

use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, Responder};
use chrono::Duration;
use diesel::prelude::*;
use kring_db::schema::idempotency_keys as keys;
use kring_db::{JsonText, Time, Tx};
use serde::{Deserialize, Serialize};

use crate::accounts::{AccountId, SignedIn};
use crate::app::Context;
use crate::error::{Code, Error, Result};
use crate::web::{Created, IdempotencyKey};

/// How long an answer is kept.
const KEPT: Duration = Duration::hours(24);

/// An answer, new or given before.
pub enum Answer<T> {
    /// 201.
    First(Created<T>),
    /// 202: what is told of is being made.
    Accepted(Created<T>),
    Again(Stored),
}

/// An answer as it was given.
#[derive(Debug)]
pub struct Stored {
    status: i64,
    headers: Headers,
    body: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct Headers {
    location: String,
    etag: Option<String>,
}

impl<T: Serialize> Responder for Answer<T> {
    type Body = BoxBody;
    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        match self {
            Self::First(created) => created.respond_to(req),
            Self::Accepted(begun) => {
                let mut answer = begun.respond_to(req);
                *answer.status_mut() = StatusCode::ACCEPTED;
                answer
            }
            Self::Again(stored) => {
                let mut answer = HttpResponse::build(
                    StatusCode::from_u16(stored.status as u16).unwrap_or(StatusCode::CREATED),
                );
                answer.insert_header((header::LOCATION, stored.headers.location));
                if let Some(etag) = stored.headers.etag {
                    answer.insert_header((header::ETAG, etag));
                }
                answer
                    .insert_header(("idempotency-replayed", "true"))
                    .content_type("application/json")
                    .body(stored.body)
            }
        }
    }
}

/// As what the first answer is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Created,
    Accepted,
}

/// Does `f`, or gives the answer again that it gave before under the same key.
pub fn once<T: Serialize>(
    tx: &mut Tx,
    cx: &Context,
    who: &SignedIn,
    once: &IdempotencyKey,
    kept: Kept,
    f: &mut dyn FnMut(&mut Tx, &Context, &SignedIn) -> Result<Created<T>>,
) -> Result<Answer<T>> {
    let (status, first): (StatusCode, fn(Created<T>) -> Answer<T>) = match kept {
        Kept::Created => (StatusCode::CREATED, Answer::First),
        Kept::Accepted => (StatusCode::ACCEPTED, Answer::Accepted),
    };
    let Some((key, fingerprint)) = &once.0 else { return f(tx, cx, who).map(first) };
    match known(tx, who.account, key, fingerprint, cx.now())? {
        Some(again) => Ok(Answer::Again(again)),
        None => {
            let created = f(tx, cx, who)?;
            remember(tx, who.account, key, fingerprint, cx.now(), status, &created)?;
            Ok(first(created))
        }
    }
}

/// The answer given before under this key. The same key for another request is a mistake worth telling.
fn known(tx: &mut Tx, account: AccountId, key: &str, fingerprint: &str, now: Time) -> Result<Option<Stored>> {
    let row: Option<(String, i64, JsonText, String, Time)> = keys::table
        .find((account, key))
        .select((keys::fingerprint, keys::status, keys::headers, keys::body, keys::created_at))
        .first(tx.conn())
        .optional()?;
    let Some((sent, status, headers, body, created_at)) = row else { return Ok(None) };
    if now - created_at >= KEPT {
        diesel::delete(keys::table.find((account, key))).execute(tx.conn())?;
        return Ok(None);
    }
    if sent != fingerprint {
        return Err(Code::KeyReused.into());
    }
    Ok(Some(Stored {
        status,
        headers: headers.read().map_err(Error::internal)?,
        body,
    }))
}

/// Keeps the first answer, in the transaction of what it tells of.
fn remember<T: Serialize>(
    tx: &mut Tx,
    account: AccountId,
    key: &str,
    fingerprint: &str,
    now: Time,
    status: StatusCode,
    created: &Created<T>,
) -> Result<()> {
    let headers = Headers {
        location: format!("/v1{}", created.location),
        etag: created.etag.clone(),
    };
    diesel::insert_into(keys::table)
        .values((
            keys::account_id.eq(account),
            keys::key.eq(key),
            keys::fingerprint.eq(fingerprint),
            keys::status.eq(i64::from(status.as_u16())),
            keys::headers.eq(JsonText::of(&headers)),
            keys::body.eq(serde_json::to_string(&created.value).map_err(Error::internal)?),
            keys::created_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Forgets what was answered to an account that is being closed.
pub fn forget(tx: &mut Tx, account: AccountId) -> Result<()> {
    diesel::delete(keys::table.filter(keys::account_id.eq(account))).execute(tx.conn())?;
    Ok(())
}

/// Forgets answers that are old enough.
pub fn sweep(tx: &mut Tx, now: Time) -> Result<usize> {
    Ok(diesel::delete(keys::table.filter(keys::created_at.lt(now - KEPT))).execute(tx.conn())?)
}
