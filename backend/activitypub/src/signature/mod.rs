//! Signed requests: draft-cavage-http-signatures-12, which every peer takes, and RFC 9421, which some send and Mastodon
//! will soon ask for.
//!
//! Reading is in two steps, as the key has to be found between them: [`Claim::of`] reads who says they signed and holds
//! the signature against the rules, [`Claim::proves`] checks it with their key.
//!
//! The rules, for both kinds:
//!
//! - what was signed names the method, the target, the host and the moment, and the body's digest where there is one;
//! - the moment that counts is one that was *signed*, at most [`WINDOW`] from now;
//! - the host is the one the message was sent to, and the digest is that of the body.

mod cavage;
mod digest;
mod rfc9421;

use std::time::{Duration, SystemTime};

use url::Url;

use crate::keys::{Algorithm, PrivateKey, PublicKey};

/// How far the moment of a signature may be from now, either way.
pub const WINDOW: Duration = Duration::from_secs(60 * 60);

/// Longest header that is read, in bytes.
const LONGEST: usize = 8 * 1024;

/// Which of the two kinds a signature is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Cavage,
    Rfc9421,
}

/// The headers of a request: names in small letters, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub struct Headers(Vec<(String, String)>);

impl Headers {
    pub fn insert(&mut self, name: &str, value: impl Into<String>) {
        self.0.push((name.to_ascii_lowercase(), value.into()));
    }

    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Every value of a header, trimmed and joined as both kinds of signature want it; `None` without the header.
    pub fn joined(&self, name: &str) -> Option<String> {
        let values: Vec<&str> = self.iter().filter(|(it, _)| *it == name).map(|(_, v)| v.trim()).collect();
        (!values.is_empty()).then(|| values.join(", "))
    }

    /// The one value of a header; `None` where there is none or more than one, which nobody honest sends.
    fn only(&self, name: &str) -> Option<&str> {
        let mut values = self.iter().filter(|(it, _)| *it == name).map(|(_, value)| value.trim());
        let only = values.next()?;
        values.next().is_none().then_some(only)
    }
}

/// A request, as it was sent or is about to be.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// In capitals.
    pub method: &'a str,
    /// The whole address, as the sender knows it.
    pub url: &'a Url,
    pub headers: &'a Headers,
    pub body: &'a [u8],
}

impl Request<'_> {
    /// Path and query, as in the first line of a request.
    fn target(&self) -> String {
        match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        }
    }
}

/// The `Host` of an address: with the port, unless it is the scheme's own.
pub fn host(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (host, _) => host.unwrap_or_default().to_owned(),
    }
}

/// Why a signature is not taken. The words are for a log and for whoever builds the other side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is none.
    Unsigned,
    /// A header cannot be read.
    Malformed(&'static str),
    /// Something that must be signed is not.
    NotCovered(&'static str),
    /// The moment is too long ago or too far ahead, or the signature has run out.
    OutOfTime,
    /// The body is not the one that was signed.
    OtherBody,
    /// The request was signed for another host.
    OtherHost,
    /// The signature is not the key's.
    NotTheirs,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unsigned => f.write_str("the request is not signed"),
            Self::Malformed(what) => write!(f, "{what} cannot be read"),
            Self::NotCovered(what) => write!(f, "the signature does not cover {what}"),
            Self::OutOfTime => f.write_str("the signature is older or newer than an hour, or has run out"),
            Self::OtherBody => f.write_str("the digest is not that of the body"),
            Self::OtherHost => f.write_str("the request was signed for another host"),
            Self::NotTheirs => f.write_str("the signature is not that of the key"),
        }
    }
}

impl std::error::Error for Refusal {}

/// A signature that keeps the rules, but is not yet checked.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The address of the key.
    pub key_id: String,
    pub scheme: Scheme,
    /// What the sender says the key is; `None` leaves it to the key.
    algorithm: Option<Algorithm>,
    base: String,
    signature: Vec<u8>,
}

impl Claim {
    /// Reads the signature of a request and holds it against the rules. Where both kinds are there, RFC 9421 counts.
    pub fn of(request: &Request<'_>, now: SystemTime) -> Result<Self, Refusal> {
        if request.headers.joined("host").as_deref() != Some(&host(request.url)) {
            return Err(Refusal::OtherHost);
        }
        if request.headers.joined("signature-input").is_some() {
            return rfc9421::read(request, now);
        }
        cavage::read(request, now)
    }

    /// Is it the signature of this key?
    pub fn proves(&self, key: &PublicKey) -> Result<(), Refusal> {
        let other = self.algorithm.is_some_and(|it| it != key.algorithm());
        if other || !key.verifies(self.base.as_bytes(), &self.signature) {
            return Err(Refusal::NotTheirs);
        }
        Ok(())
    }
}

/// Does a request carry a body that has to be signed? One that is not empty, or belongs to a method that sends one.
fn has_body(request: &Request<'_>) -> bool {
    !request.body.is_empty() || request.method == "POST"
}

fn in_time(moment: SystemTime, now: SystemTime) -> Result<(), Refusal> {
    let apart = match now.duration_since(moment) {
        Ok(ago) => ago,
        Err(ahead) => ahead.duration(),
    };
    if apart > WINDOW { Err(Refusal::OutOfTime) } else { Ok(()) }
}

/// A moment from seconds since 1970.
fn moment(seconds: i64) -> Result<SystemTime, Refusal> {
    let seconds = u64::try_from(seconds).map_err(|_| Refusal::OutOfTime)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)).ok_or(Refusal::OutOfTime)
}

/// `expires` has no leeway: it says to the second when a signature ends.
fn not_over(expires: Option<i64>, now: SystemTime) -> Result<(), Refusal> {
    match expires {
        Some(expires) if moment(expires)? < now => Err(Refusal::OutOfTime),
        _ => Ok(()),
    }
}

/// Signs a request: gives the headers that go with it, those of the signature and those it covers.
pub fn sign(
    (method, url, body): (&str, &Url, &[u8]),
    (key, key_id): (&PrivateKey, &str),
    scheme: Scheme,
    now: SystemTime,
) -> Result<Headers, crate::keys::BadKey> {
    let mut headers = Headers::default();
    headers.insert("host", host(url));
    headers.insert("date", httpdate::fmt_http_date(now));
    let unsigned = Request { method, url, headers: &headers, body };
    match scheme {
        // Of nothing, too: Lemmy shows what is for members to no question without one.
        Scheme::Cavage => headers.insert("digest", digest::digest_header(body)),
        Scheme::Rfc9421 if has_body(&unsigned) => {
            headers.insert("content-digest", digest::content_digest_header(body));
        }
        Scheme::Rfc9421 => {}
    }
    let request = Request { method, url, headers: &headers, body };
    let signed = match scheme {
        Scheme::Cavage => cavage::write(&request, key, key_id)?,
        Scheme::Rfc9421 => rfc9421::write(&request, key, key_id, now)?,
    };
    for (name, value) in signed {
        headers.insert(name, value);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests;
