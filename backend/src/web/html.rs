//! HTML pages: the frame around each, and how they are sent.
//!
//! Invariants: nothing that runs, no cookie, nothing loaded from elsewhere, and a Content-Security-Policy that would
//! stop it; one `h1`, landmarks, a skip link, a language; Dutch or English by `Accept-Language`, or by `?lang=` for who
//! chooses. A link from page to page keeps that choice and the reading word (`?key=`), for there is nothing else to
//! remember them by.

pub mod head;

use std::future::{Ready, ready};
use std::sync::LazyLock;

use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::{StatusCode, header};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder, Route, guard, web};
use askama::Template;
use chrono_tz::Tz;
use kring_db::Time;
use sha2::{Digest as _, Sha256};

use self::head::{CARD_PATH, Head};
use super::extract::{app, chosen_language, hex, language};
use super::respond::{has, tag_of};
use crate::error::{Code, Error, Result};
use crate::text::dates;
use crate::text::lang::Lang;

/// What every page looks like.
pub const STYLE: &str = include_str!("../../templates/pages/style.css");

/// The mark of Kring: people in a circle.
pub const ICON: &str = include_str!("../../templates/pages/icon.svg");

/// Where the style is. The name changes with what it holds, so that it may be kept for ever.
pub static STYLE_PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/{}.css", &hex(&Sha256::digest(STYLE))[..16]));

/// Nothing but the style and images of this instance; forms lead back to it.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What was asked for: where, and in which language.
#[derive(Clone, Debug)]
pub struct Asked {
    pub lang: Lang,
    /// The reading word that came with the address.
    pub key: Option<String>,
    instance: String,
    time_zone: Tz,
    /// May search engines list this instance?
    found: bool,
    /// Where the picture for shared pages is.
    card: String,
    /// What the query says.
    query: Vec<(String, String)>,
    /// The path and what its query says, `lang` left out.
    here: String,
    /// What links to other pages keep.
    kept: Vec<(&'static str, String)>,
}

impl FromRequest for Asked {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(req)))
    }
}

impl Asked {
    /// What `req` asks for.
    pub fn of(req: &HttpRequest) -> Self {
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(req.query_string().as_bytes()).into_owned().collect();
        let key = query.iter().find(|(name, _)| name == "key").map(|(_, word)| word.clone());
        let key_kept = key.clone().map(|word| ("key", word));
        let chosen_kept = chosen_language(req).map(|lang| ("lang", lang.as_str().to_owned()));
        let mut others = url::form_urlencoded::Serializer::new(String::new());
        others.extend_pairs(query.iter().filter(|(name, _)| name != "lang"));
        let config = app(req).ok().map(|app| &app.config);
        Self {
            lang: language(req),
            key,
            instance: config.map_or_else(|| "Kring".to_owned(), |config| config.instance_name.clone()),
            time_zone: config.map_or(Tz::UTC, |config| config.time_zone),
            found: config.is_some_and(|config| config.search_engines),
            card: config.map(|config| config.public(CARD_PATH)).unwrap_or_default(),
            query,
            here: with_query(req.path(), &others.finish()),
            kept: key_kept.into_iter().chain(chosen_kept).collect(),
        }
    }

    /// What the query says of `name`, where that can be read. Pages pass over what they do not know: others add to
    /// addresses that they share.
    pub fn get<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.query.iter().find(|(known, _)| known == name)?.1.parse().ok()
    }

    /// The frame of a page called `title`.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        Frame {
            asked: self.clone(),
            title: title.into(),
            description: String::new(),
            canonical: None,
            json: None,
            head: Head::default(),
            unlisted: false,
            private: self.key.is_some(),
        }
    }

    /// The address of another page of Kring, with what links keep. `path` may have a query and a fragment.
    pub fn to(&self, path: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.kept);
        with_query(path, &query.finish())
    }
}

/// `path?query#fragment` with more of a query.
fn with_query(path: &str, more: &str) -> String {
    if more.is_empty() {
        return path.to_owned();
    }
    let (path, fragment) = path.split_once('#').map_or((path, ""), |(path, fragment)| (path, fragment));
    let (joint, hash) =
        (if path.contains('?') { '&' } else { '?' }, if fragment.is_empty() { "" } else { "#" });
    format!("{path}{joint}{more}{hash}{fragment}")
}

/// What stands around a page; each template has one as `frame` and extends `pages/base.html`.
#[derive(Clone, Debug)]
pub struct Frame {
    asked: Asked,
    /// What the page is called; the instance's name follows it.
    pub title: String,
    /// For lists of search engines; empty where there is nothing to say.
    pub description: String,
    /// The address that counts, where the same can be read at several.
    pub canonical: Option<String>,
    /// Where the same is as JSON.
    pub json: Option<String>,
    /// What else its head tells machines.
    pub head: Head,
    /// Is it of no use to who has not come from another page, as an earlier version? Then no search engine lists it.
    pub unlisted: bool,
    /// Is it for one reader? Then nobody keeps it, and no search engine lists it.
    pub private: bool,
}

impl Frame {
    /// For one reader: not kept, not listed.
    pub fn private(mut self) -> Self {
        self.private = true;
        self
    }

    /// What lists of search engines say.
    pub fn described(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// The address that counts, and where the same is as JSON.
    pub fn standing_at(mut self, canonical: String, json: String) -> Self {
        (self.canonical, self.json) = (Some(canonical), Some(json));
        self
    }

    pub fn lang(&self) -> Lang {
        self.asked.lang
    }

    pub fn instance(&self) -> &str {
        &self.asked.instance
    }

    /// The sentence called `key`.
    pub fn say(&self, key: &str) -> String {
        self.lang().say(key)
    }

    /// The sentence called `key` with its one blank filled.
    pub fn say_with(&self, key: &str, name: &'static str, value: impl ToString) -> String {
        self.lang().say_with(key, &[(name, value.to_string())])
    }

    /// `24 november 2026`, where the instance is.
    pub fn day(&self, time: &Time) -> String {
        dates::day(self.lang(), time.utc().with_timezone(&self.asked.time_zone))
    }

    /// `24 november 2026 om 9.05 uur`, where the instance is.
    pub fn moment(&self, time: &Time) -> String {
        dates::moment(self.lang(), time.utc().with_timezone(&self.asked.time_zone))
    }

    /// See [`Asked::to`].
    pub fn to(&self, path: &str) -> String {
        self.asked.to(path)
    }

    /// The other language.
    pub fn other(&self) -> Lang {
        match self.lang() {
            Lang::Nl => Lang::En,
            Lang::En => Lang::Nl,
        }
    }

    /// This page in the other language.
    pub fn in_other(&self) -> String {
        with_query(&self.asked.here, &format!("lang={}", self.other()))
    }

    pub fn style(&self) -> &'static str {
        &STYLE_PATH
    }

    /// The language of a text, where it is not the page's: for a `lang` attribute (WCAG 3.1.2).
    pub fn foreign<'t>(&self, language: &'t str) -> Option<&'t str> {
        (!language.is_empty() && Lang::of_tag(language) != Some(self.lang())).then_some(language)
    }
}

/// For reading: GET, and HEAD for who only wants to know whether it is there.
pub fn read() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// A page ready to be sent.
#[derive(Debug)]
pub struct Html {
    status: StatusCode,
    lang: Lang,
    private: bool,
    unlisted: bool,
    framing: bool,
    body: String,
}

impl Html {
    /// The page that `template` makes; `frame` is the one it has.
    pub fn of(frame: &Frame, template: &impl Template) -> Result<Self> {
        Ok(Self {
            status: StatusCode::OK,
            lang: frame.lang(),
            private: frame.private,
            unlisted: frame.unlisted(),
            framing: false,
            body: template.render().map_err(Error::internal)?,
        })
    }

    /// The same with another status.
    pub fn status(mut self, status: u16) -> Self {
        self.status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        self
    }

    /// The same, holding a frame with something else of this instance.
    pub fn framing(mut self, framing: bool) -> Self {
        self.framing = framing;
        self
    }

    /// The page without a request: it is sent whole.
    pub fn whole(self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        answer
            .insert_header((header::CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((header::CONTENT_LANGUAGE, self.lang.as_str()))
            .insert_header((header::CONTENT_SECURITY_POLICY, POLICY));
        if self.framing {
            answer.insert_header((header::CONTENT_SECURITY_POLICY, format!("{POLICY}; frame-src 'self'")));
        }
        if self.private {
            // The address itself may be a secret.
            answer
                .insert_header((header::CACHE_CONTROL, "no-store"))
                .insert_header((header::REFERRER_POLICY, "no-referrer"));
        }
        if self.unlisted {
            answer.insert_header(("x-robots-tag", "noindex"));
        }
        answer.body(self.body)
    }
}

impl Responder for Html {
    type Body = BoxBody;

    fn respond_to(self, req: &HttpRequest) -> HttpResponse {
        if self.private || self.status != StatusCode::OK {
            return self.whole();
        }
        // Of the page as it is sent: it changes with every word of it. Caches ask each time, so that what somebody
        // takes away is gone at once.
        let tag = tag_of(&self.body);
        let mut answer = if has(req, &tag) {
            HttpResponse::NotModified().finish()
        } else {
            self.whole()
        };
        let headers = answer.headers_mut();
        if let Ok(tag) = header::HeaderValue::from_str(&tag) {
            headers.insert(header::ETAG, tag);
        }
        headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("public, no-cache"));
        answer
    }
}

/// A page that says something, and where to go on.
#[derive(Template)]
#[template(path = "pages/said.html")]
struct Said {
    frame: Frame,
    paragraphs: Vec<String>,
    link: Option<(String, String)>,
}

/// A page that says `text` (paragraphs with an empty line between them) under its title, and where to go on: the
/// words of the link, and where it leads.
pub fn said(frame: Frame, text: &str, link: Option<(String, String)>) -> Result<Html> {
    let page = Said { frame, paragraphs: paragraphs(text), link };
    Html::of(&page.frame, &page)
}

#[derive(Template)]
#[template(path = "pages/button.html")]
struct Button {
    frame: Frame,
    paragraphs: Vec<String>,
    label: String,
}

/// A page with one button. It posts to the page's own address; showing the page does nothing.
pub fn button(frame: Frame, text: &str, label: String) -> Result<Html> {
    let page = Button { frame, paragraphs: paragraphs(text), label };
    Html::of(&page.frame, &page)
}

/// Text with empty lines between its paragraphs.
pub fn paragraphs(text: &str) -> Vec<String> {
    text.split("\n\n").map(str::to_owned).collect()
}

/// Does a browser ask, for a person to read the answer?
pub fn wanted(req: &HttpRequest) -> bool {
    let accepted = req.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    !req.path().starts_with("/v1/") && accepted.contains("text/html")
}

/// An error as a page.
pub fn problem(error: &Error, asked: &Asked) -> Result<HttpResponse> {
    let (status, code) = error.status_and_code();
    let lang = asked.lang;
    let heading = lang.say(match status {
        404 => "page-problem-not-found",
        429 => "page-problem-too-many",
        400..=499 => "page-problem-not-like-this",
        _ => "page-problem-ours",
    });
    let detail = match error {
        Error::Rule(_) if status == 404 => lang.say("page-problem-not-found-text"),
        Error::Invalid(_) | Error::Rule(Code::MalformedBody) => lang.say("page-problem-not-like-this-text"),
        Error::TooMany(seconds) => lang.say_with("error-too_many", &[("seconds", seconds.to_string())]),
        _ => lang.say(&format!("error-{code}")),
    };
    let home = (lang.say("page-to-home"), asked.to("/"));
    let mut answer = said(asked.frame(heading).private(), &detail, Some(home))?.status(status).whole();
    if let Some(seconds) = super::problem::retry_after(error) {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_its_own_query_and_fragment() {
        assert_eq!(with_query("/threads/1", ""), "/threads/1");
        assert_eq!(
            with_query("/threads/1?around=2#reply-2", "lang=en"),
            "/threads/1?around=2&lang=en#reply-2"
        );
        assert_eq!(with_query("/#a", "key=b"), "/?key=b#a");
    }
}
