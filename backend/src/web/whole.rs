//! Files that Kring writes for programs that come back for them: feeds, maps of the site, the Markdown of a document.

use actix_web::body::BoxBody;
use actix_web::http::header::{self, HttpDate};
use actix_web::{HttpRequest, HttpResponse, Responder};
use kring_db::Time;

use super::respond::{has, tag_of};

/// A text that is sent whole, or not at all where the reader has it already: by its ETag (RFC 9110, 13.1.2), else by
/// the moment it changed (13.1.3). Caches ask each time, so that what somebody takes away is gone at once.
#[derive(Debug)]
pub struct Whole {
    media_type: &'static str,
    body: String,
    modified: Option<Time>,
    /// Is it for one reader? Then nobody keeps it.
    private: bool,
    unlisted: bool,
    headers: Vec<(&'static str, String)>,
}

impl Whole {
    pub fn new(media_type: &'static str, body: String) -> Self {
        Self {
            media_type,
            body,
            modified: None,
            private: false,
            unlisted: false,
            headers: Vec::new(),
        }
    }

    /// When what it tells changed last.
    pub fn modified(mut self, modified: Time) -> Self {
        self.modified = Some(modified);
        self
    }

    /// For one reader, where `private`: not kept, not listed.
    pub fn private(mut self, private: bool) -> Self {
        self.private = private;
        self
    }

    /// Search engines leave it out: it tells nothing that a page does not.
    pub fn unlisted(mut self) -> Self {
        self.unlisted = true;
        self
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn known(&self, req: &HttpRequest, tag: &str) -> bool {
        if req.headers().contains_key(header::IF_NONE_MATCH) {
            return has(req, tag);
        }
        let since = req.headers().get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
        let since = since.and_then(|value| value.parse::<HttpDate>().ok());
        // The header tells whole seconds.
        self.modified.zip(since).is_some_and(|(modified, since)| http_date(modified) <= since)
    }
}

fn http_date(time: Time) -> HttpDate {
    let seconds = u64::try_from(time.millis() / 1000).unwrap_or_default();
    (std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds)).into()
}

impl Responder for Whole {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        let tag = tag_of(&self.body);
        let known = !self.private && self.known(req, &tag);
        let mut answer = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        for (name, value) in self.headers {
            answer.insert_header((name, value));
        }
        if self.unlisted || self.private {
            answer.insert_header(("x-robots-tag", "noindex"));
        }
        if self.private {
            answer
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .insert_header((header::REFERRER_POLICY, "no-referrer"));
        } else {
            answer
                .insert_header((header::ETAG, tag))
                .insert_header((header::CACHE_CONTROL, "public, no-cache"));
            if let Some(modified) = self.modified {
                answer.insert_header((header::LAST_MODIFIED, http_date(modified).to_string()));
            }
        }
        if known {
            return answer.finish();
        }
        answer.content_type(self.media_type).body(self.body)
    }
}
