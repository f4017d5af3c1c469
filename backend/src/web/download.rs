//! Files as answers: whole or in part (RFC 9110, 14), unless the reader has them, with headers that keep a file from
//! doing anything but being shown or saved.

use std::future::{Ready, ready};
use std::ops::Range;

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderName};
use actix_web::{FromRequest, HttpRequest, HttpResponse};

use crate::error::{Code, Error, Result};
use crate::storage::Storage;
use crate::text::lang::Lang;

/// A file to send.
#[derive(Debug)]
pub struct FileToSend {
    /// Where it is kept.
    pub key: String,
    /// Of its content, with its quotes.
    pub etag: String,
    pub size: u64,
    pub name: String,
    pub media_type: &'static str,
    /// May a browser show it, or only save it?
    pub inline: bool,
}

/// Which part of a file is wanted, and what the reader has already.
#[derive(Debug, Default)]
pub struct Wanted {
    range: Option<String>,
    if_range: Option<String>,
    if_none_match: Vec<String>,
    lang: Option<Lang>,
}

impl FromRequest for Wanted {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let headers = req.headers();
        let known = headers.get_all(header::IF_NONE_MATCH).filter_map(|value| value.to_str().ok());
        ready(Ok(Self {
            range: text(headers, header::RANGE),
            if_range: text(headers, header::IF_RANGE),
            if_none_match: known.flat_map(|list| list.split(',')).map(|tag| tag.trim().to_owned()).collect(),
            lang: Some(super::extract::language(req)),
        }))
    }
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(|value| value.trim().to_owned())
}

/// What is to be sent.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Nothing,
    Whole,
    Some(Range<u64>),
    Impossible,
}

impl Wanted {
    fn part(&self, etag: &str, size: u64) -> Part {
        // Weak comparison here, strong comparison for If-Range (RFC 9110, 13.1.2 and 13.1.5).
        if self.if_none_match.iter().any(|tag| tag == "*" || tag.trim_start_matches("W/") == etag) {
            return Part::Nothing;
        }
        let same = self.if_range.as_deref().is_none_or(|tag| tag == etag);
        match &self.range {
            Some(range) if same => parse(range, size),
            _ => Part::Whole,
        }
    }
}

/// One range of bytes. What is no such range, or several, may be ignored (RFC 9110, 14.2).
fn parse(range: &str, size: u64) -> Part {
    let Some((first, last)) = range.strip_prefix("bytes=").and_then(|spec| spec.split_once('-')) else {
        return Part::Whole;
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    // More digits than fit are more than any file has.
    let number = |text: &str| text.parse().unwrap_or(u64::MAX);
    match (first, last) {
        ("", last) if digits(last) => match number(last).min(size) {
            0 => Part::Impossible,
            length => Part::Some(size - length..size),
        },
        (first, "") if digits(first) => within(number(first)..size, size),
        (first, last) if digits(first) && digits(last) => {
            let (first, last) = (number(first), number(last));
            if last < first {
                return Part::Whole;
            }
            within(first..last.saturating_add(1).min(size), size)
        }
        _ => Part::Whole,
    }
}

fn within(range: Range<u64>, size: u64) -> Part {
    if range.start >= size { Part::Impossible } else { Part::Some(range) }
}

/// Answers with what is wanted of `file`.
pub async fn send(storage: &Storage, wanted: &Wanted, file: &FileToSend) -> Result<HttpResponse> {
    let (status, range) = match wanted.part(&file.etag, file.size) {
        Part::Nothing => {
            let mut answer = HttpResponse::NotModified();
            return Ok(answer.insert_header((header::ETAG, file.etag.as_str())).finish());
        }
        Part::Impossible => return Ok(impossible(wanted, file)),
        Part::Whole => (StatusCode::OK, 0..file.size),
        Part::Some(range) => (StatusCode::PARTIAL_CONTENT, range),
    };
    let mut answer = HttpResponse::build(status);
    answer
        .insert_header((header::ETAG, file.etag.as_str()))
        .insert_header((header::ACCEPT_RANGES, "bytes"))
        .insert_header((header::CONTENT_TYPE, file.media_type))
        .insert_header((header::CONTENT_DISPOSITION, disposition(file.inline, &file.name)))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::CONTENT_SECURITY_POLICY, policy(file.media_type)))
        // Who may read it today may not be a member tomorrow: kept by the reader alone, asked for again each time.
        .insert_header((header::CACHE_CONTROL, "private, no-cache"));
    if status == StatusCode::PARTIAL_CONTENT {
        let told = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size);
        answer.insert_header((header::CONTENT_RANGE, told));
    }
    let length = range.end - range.start;
    let pieces = storage.get(&file.key, range).await?;
    Ok(answer.no_chunking(length).streaming(pieces))
}

fn impossible(wanted: &Wanted, file: &FileToSend) -> HttpResponse {
    let lang = wanted.lang.unwrap_or(Lang::En);
    let mut answer = super::problem::respond(&Code::RangeNotSatisfiable.into(), lang);
    if let Ok(value) = header::HeaderValue::from_str(&format!("bytes */{}", file.size)) {
        answer.headers_mut().insert(header::CONTENT_RANGE, value);
    }
    answer
}

/// Nothing in a file may run, load or be framed. Browsers' PDF viewers do not start in a sandbox, and what a PDF holds
/// does not run as a page.
fn policy(media_type: &str) -> &'static str {
    if media_type == "application/pdf" {
        "default-src 'none'; frame-ancestors 'none'; object-src 'self'; style-src 'unsafe-inline'"
    } else {
        "default-src 'none'; frame-ancestors 'none'; sandbox"
    }
}

/// `Content-Disposition` (RFC 6266): a name in ASCII for old clients, the whole one by RFC 8187 beside it.
pub fn disposition(inline: bool, name: &str) -> String {
    use std::fmt::Write as _;
    let kind = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut told = format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            told.push(byte as char);
        } else {
            let _ = write!(told, "%{byte:02X}");
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read_as_rfc_9110_says() {
        for (range, part) in [
            ("bytes=0-0", Part::Some(0..1)),
            ("bytes=2-5", Part::Some(2..6)),
            ("bytes=2-500", Part::Some(2..10)),
            ("bytes=9-", Part::Some(9..10)),
            ("bytes=-3", Part::Some(7..10)),
            ("bytes=-300", Part::Some(0..10)),
            ("bytes=10-", Part::Impossible),
            ("bytes=10-11", Part::Impossible),
            ("bytes=-0", Part::Impossible),
            ("bytes=99999999999999999999-", Part::Impossible),
            ("bytes=5-2", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("bytes=-", Part::Whole),
            ("lines=1-2", Part::Whole),
        ] {
            assert_eq!(parse(range, 10), part, "{range}");
        }
    }

    #[test]
    fn a_changed_file_is_sent_whole() {
        let wanted = |range: &str, if_range: Option<&str>| Wanted {
            range: Some(range.into()),
            if_range: if_range.map(str::to_owned),
            ..Wanted::default()
        };
        assert_eq!(wanted("bytes=1-2", Some("\"a\"")).part("\"a\"", 9), Part::Some(1..3));
        assert_eq!(wanted("bytes=1-2", Some("\"b\"")).part("\"a\"", 9), Part::Whole);
        assert_eq!(wanted("bytes=1-2", Some("W/\"a\"")).part("\"a\"", 9), Part::Whole, "strong comparison");
    }

    #[test]
    fn a_name_cannot_break_out_of_its_header() {
        assert_eq!(
            disposition(false, "één \"plan\".pdf"),
            "attachment; filename=\"__n _plan_.pdf\"; filename*=UTF-8''%C3%A9%C3%A9n%20%22plan%22.pdf"
        );
    }
}
