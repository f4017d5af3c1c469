//! What handlers answer with.

use actix_web::body::BoxBody;
use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, Responder};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

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

/// Does the reader have what is tagged so already (RFC 9110, 13.1.2)?
pub(super) fn has(req: &HttpRequest, tag: &str) -> bool {
    let known = req.headers().get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
    known
        .flat_map(|list| list.split(','))
        .any(|known| known.trim().trim_start_matches("W/") == tag || known.trim() == "*")
}

/// The ETag of what is sent as it is.
pub(super) fn tag_of(body: &str) -> String {
    format!("\"{}\"", &super::extract::hex(&Sha256::digest(body))[..32])
}

/// The ETag of a thing at `version` as this very answer shows it: whoever read it may change that version, and what
/// others did around it (a reaction, a new name) makes another ETag.
pub fn etag_of<T: Serialize>(version: i64, value: &T) -> String {
    // Serde fails only on maps whose keys are not text, which no answer has.
    let shown = serde_json::to_vec(value).unwrap_or_default();
    format!("\"{version}.{}\"", &super::extract::hex(&Sha256::digest(shown))[..16])
}

impl<T: Serialize> Tagged<T> {
    /// Tagged by its version and everything the answer shows.
    pub fn exact(version: i64, value: T) -> Self {
        Self { etag: etag_of(version, &value), value }
    }

    /// 200 whatever the reader has: for answers that hold more than the ETag tells of.
    pub fn whole(self) -> HttpResponse {
        HttpResponse::Ok().insert_header((header::ETAG, self.etag)).json(self.value)
    }
}

impl<T: Serialize> Responder for Tagged<T> {
    type Body = BoxBody;
    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        // A change is answered whole.
        let known = has(req, &self.etag) && req.method().is_safe();
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
        let next = self.next_cursor.as_deref().map(|cursor| ("next", "cursor", cursor.to_owned()));
        Linked { links: next.into_iter().collect(), value: self }.respond_to(req)
    }
}

/// 200 with a body and where to go from it.
pub struct Linked<T> {
    /// What each link is (`next`, `prev`), and the parameter with its value that leads there.
    pub links: Vec<(&'static str, &'static str, String)>,
    pub value: T,
}

impl<T: Serialize> Responder for Linked<T> {
    type Body = BoxBody;
    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let mut answer = HttpResponse::Ok();
        for (relation, parameter, value) in &self.links {
            if let Some(link) = link(req, relation, parameter, value) {
                answer.append_header((header::LINK, link));
            }
        }
        answer.json(self.value)
    }
}

/// The parameters that say where in a list to go on: a link has one of them.
const PLACES: [&str; 3] = ["cursor", "before", "around"];

/// The same request at another place of the list, as a `Link` (RFC 8288).
fn link(req: &HttpRequest, relation: &str, parameter: &str, value: &str) -> Option<HeaderValue> {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(
        url::form_urlencoded::parse(req.query_string().as_bytes())
            .filter(|(key, _)| !PLACES.contains(&key.as_ref())),
    );
    query.append_pair(parameter, value);
    HeaderValue::from_str(&format!("<{}?{}>; rel=\"{relation}\"", req.path(), query.finish())).ok()
}
