//! What handlers answer with.

use actix_web::body::BoxBody;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;

use super::paging::Page;

/// 200 with a body.
pub struct Seen<T>(pub T);

impl<T: Serialize> Responder for Seen<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Ok().json(self.0)
    }
}

/// 200 with a body and its ETag; 304 where the reader has that already (RFC 9110, 13.1.2).
pub struct Tagged<T> {
    pub etag: String,
    pub value: T,
}

impl<T: Serialize> Tagged<T> {
    /// 200 whatever the reader has: for answers that hold more than the ETag tells of.
    pub fn whole(self) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::ETAG, self.etag)).json(self.value)
    }
}

impl<T: Serialize> Responder for Tagged<T> {
    type Body = BoxBody;
    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let known = req.headers().get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
        let known = known
            .flat_map(|list| list.split(','))
            .any(|tag| tag.trim().trim_start_matches("W/") == self.etag || tag.trim() == "*");
        let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer.insert_header((header::ETAG, self.etag));
        if known { answer.finish() } else { answer.json(self.value) }
    }
}

/// 201 with a body, where to find it, and its ETag where it has one.
pub struct Created<T> {
    /// Path under `/v1`, with a leading `/`.
    pub location: String,
    pub etag: Option<String>,
    pub value: T,
}

impl<T: Serialize> Responder for Created<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut answer = HttpResponse::Created();
        answer.insert_header((header::LOCATION, format!("/v1{}", self.location)));
        if let Some(etag) = self.etag {
            answer.insert_header((header::ETAG, etag));
        }
        answer.json(self.value)
    }
}

/// 202: it will be done, and the answer says nothing about how it ends.
pub struct Accepted<T>(pub T);

impl<T: Serialize> Responder for Accepted<T> {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::Accepted().json(self.0)
    }
}

/// 204.
pub struct NoContent;

impl Responder for NoContent {
    type Body = BoxBody;
    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

impl<T: Serialize> Responder for Page<T> {
    type Body = BoxBody;
    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        if let Some(link) = self.next_cursor.as_deref().and_then(|cursor| next_link(req, cursor)) {
            answer.insert_header((header::LINK, link));
        }
        answer.json(self)
    }
}

/// The same request with another cursor, as a `Link` (RFC 8288).
fn next_link(req: &HttpRequest, cursor: &str) -> Option<HeaderValue> {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(
        url::form_urlencoded::parse(req.query_string().as_bytes()).filter(|(key, _)| key != "cursor"),
    );
    query.append_pair("cursor", cursor);
    HeaderValue::from_str(&format!("<{}?{}>; rel=\"next\"", req.path(), query.finish())).ok()
}
