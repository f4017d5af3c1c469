//! Errors as `application/problem+json` (RFC 9457), in the language of the reader.

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use super::html;
use super::refused::{CurrentText, Refused};
use crate::error::{Code, Error};
use crate::text::differences::Comparison;
use crate::text::lang::Lang;

/// What went wrong and what to do about it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// `urn:kring:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The status in words.
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// A plain sentence that says what to do next, in Dutch or English by `Accept-Language`.
    pub detail: String,
    /// The same for machines; it does not change.
    pub code: String,
    /// Every field that cannot be used, where the fault lies in what was sent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<ProblemField>,
    /// Where the one is that is there already, as a path.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/documents/01k9q3v8r0a7c")]
    pub existing: Option<String>,
    /// The present ETag, where what was to be changed has changed meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current_etag: Option<String>,
    /// Where the text that was sent is kept as a draft, where a change of a text came too late.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/v1/drafts/document/01k9q3v8r0a7c")]
    pub draft: Option<String>,
    /// The text that stands there now, where a change of it came too late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub current: Option<CurrentText>,
    /// What differs, from `current` to what was sent: `insert` is only in yours, `delete` only in the current one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differences: Option<Comparison>,
}

/// One field that cannot be used.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// JSON pointer (RFC 6901) into the body, or `?name` for a query parameter.
    pub pointer: String,
    pub code: String,
    pub detail: String,
}

impl Problem {
    /// The problem in words of `lang`.
    pub fn of(error: &Error, lang: Lang) -> Self {
        let (status, code) = error.status_and_code();
        let (errors, detail_args) = match error {
            Error::Invalid(faults) => {
                let told = faults.iter().map(|e| ProblemField {
                    pointer: e.pointer.clone(),
                    code: e.fault.code.to_owned(),
                    detail: lang.say_with(&format!("fault-{}", e.fault.code), &e.fault.args),
                });
                (told.collect(), vec![("count", faults.len().to_string())])
            }
            Error::Refused(refused) => return Self::refused(refused, lang),
            Error::TooMany(seconds) => {
                let hours = seconds.div_ceil(3600);
                (Vec::new(), vec![("seconds", seconds.to_string()), ("hours", hours.to_string())])
            }
            _ => (Vec::new(), Vec::new()),
        };
        let key = match error {
            // Nobody counts hours in seconds.
            Error::TooMany(seconds) if *seconds > 3600 => "error-too_many_hours".to_owned(),
            _ => format!("error-{code}"),
        };
        Self {
            kind: format!("urn:kring:problem:{code}"),
            title: StatusCode::from_u16(status)
                .ok()
                .and_then(|s| s.canonical_reason())
                .unwrap_or("Error")
                .to_owned(),
            status,
            detail: lang.say_with(&key, &detail_args),
            code: code.to_owned(),
            errors,
            existing: if let Error::There(_, path) = error {
                Some(format!("/v1{path}"))
            } else {
                None
            },
            current_etag: if let Error::Stale(etag) = error { Some(etag.clone()) } else { None },
            draft: None,
            current: None,
            differences: None,
        }
    }

    /// A text that came too late.
    fn refused(refused: &Refused, lang: Lang) -> Self {
        Self {
            detail: lang.say(refused.sentence),
            draft: refused.draft.clone(),
            current: refused.current.clone(),
            differences: refused.differences.clone(),
            current_etag: refused.etag.clone(),
            ..Self::of(&Error::Stale(String::new()), lang)
        }
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status_and_code().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    // The language is not known here; `tell` below writes the body.
    fn error_response(&self) -> HttpResponse<BoxBody> {
        HttpResponse::new(self.status_code())
    }
}

/// Middleware: writes the body of every error in the reader's language, as a page for browsers, and logs what must be
/// known.
pub async fn tell(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let lang = super::extract::language(req.request());
    let response = next.call(req).await?.map_into_boxed_body();
    let Some(error) = response.response().error() else { return Ok(response) };
    let foreign;
    let error = match error.as_error::<Error>() {
        Some(error) => error,
        None => {
            foreign = translate(error, response.status());
            &foreign
        }
    };
    if let Error::Internal(cause) | Error::Unavailable(cause) = error {
        tracing::error!(cause = format!("{cause:#}"), path = response.request().path(), "a request failed");
    }
    let answer = if html::wanted(response.request()) {
        html::problem(error, &html::Asked::of(response.request()))
            .unwrap_or_else(|fault| respond(&fault, lang))
    } else {
        respond(error, lang)
    };
    let (request, _) = response.into_parts();
    Ok(ServiceResponse::new(request, answer))
}

/// An error as a whole answer.
pub fn respond(error: &Error, lang: Lang) -> HttpResponse {
    let mut answer = HttpResponse::build(error.status_code());
    answer.insert_header((header::CONTENT_TYPE, "application/problem+json"));
    answer.insert_header((header::CONTENT_LANGUAGE, lang.as_str()));
    if let Some(seconds) = retry_after(error) {
        answer.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    match error {
        Error::Rule(code) if code.status() == 401 => {
            answer.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
        }
        Error::Refused(refused) => {
            if let Some(etag) = &refused.etag {
                answer.insert_header((header::ETAG, etag.as_str()));
            }
        }
        Error::There(_, path) => {
            answer.insert_header((header::LOCATION, format!("/v1{path}")));
        }
        Error::Stale(etag) => {
            answer.insert_header((header::ETAG, etag.as_str()));
        }
        _ => {}
    }
    answer.body(serde_json::to_string(&Problem::of(error, lang)).unwrap_or_default())
}

/// How many seconds to wait before trying again, where that helps.
pub(super) fn retry_after(error: &Error) -> Option<u64> {
    match error {
        Error::TooMany(seconds) => Some(*seconds),
        Error::Unavailable(_) => Some(5),
        _ => None,
    }
}

/// actix's own errors, as Kring's.
fn translate(error: &actix_web::Error, status: StatusCode) -> Error {
    match status.as_u16() {
        404 => Code::NotFound.into(),
        405 => Code::MethodNotAllowed.into(),
        413 => Code::TooLarge.into(),
        415 => Code::UnsupportedMediaType.into(),
        400..=499 => Code::MalformedBody.into(),
        _ => Error::internal(error),
    }
}
