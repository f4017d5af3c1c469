//! What handlers take: who calls, and what was sent.

use std::future::{Future, Ready, ready};
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use serde::Deserializer;
use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer, Visitor};
use sha2::{Digest as _, Sha256};

use crate::accounts::Claims;
use crate::app::App;
use crate::error::{Code, Error, Fault, FieldError, NOT_FOUND, Result};
use crate::text::lang::Lang;

/// Most bytes of a JSON body.
pub const BODY_LIMIT: usize = 1024 * 1024;

/// Who calls, as far as the token tells. [`App::read`] and [`App::write`] look the session up.
#[derive(Clone, Debug)]
pub struct Caller {
    pub claims: Option<Claims>,
    pub lang: Lang,
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(caller(req))
    }
}

fn caller(req: &HttpRequest) -> Result<Caller> {
    let lang = language(req);
    let Some(value) = req.headers().get(header::AUTHORIZATION) else {
        return Ok(Caller { claims: None, lang });
    };
    let value = value.to_str().map_err(|_| Code::TokenInvalid)?;
    let (scheme, token) = value.split_once(' ').ok_or(Code::TokenInvalid)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(Code::TokenInvalid.into());
    }
    let app = app(req)?;
    let claims = app.keys.verify(token.trim(), app.clock.now())?;
    Ok(Caller { claims: Some(claims), lang })
}

/// The language Kring answers in: the one a page was asked in, else the reader's, else the instance's.
pub fn language(req: &HttpRequest) -> Lang {
    let header = req.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen_language(req)
        .or_else(|| header.and_then(Lang::accepted))
        .unwrap_or_else(|| app(req).map_or(Lang::Nl, |app| app.config.default_language))
}

/// The language that the address of a page asks for (`?lang=en`). The API goes by the header alone.
pub(super) fn chosen_language(req: &HttpRequest) -> Option<Lang> {
    if req.path().starts_with("/v1/") {
        return None;
    }
    let mut query = url::form_urlencoded::parse(req.query_string().as_bytes());
    query.find(|(name, _)| name == "lang").and_then(|(_, lang)| Lang::of_tag(&lang))
}

pub(super) fn app(req: &HttpRequest) -> Result<&App> {
    req.app_data::<App>()
        .ok_or_else(|| Error::internal("the server was set up without its application"))
}

impl FromRequest for App {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(app(req).cloned())
    }
}

/// The reader's language alone, for those who need no caller.
impl FromRequest for Lang {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(language(req)))
    }
}

/// The address of the caller: the nearest one that is not a trusted proxy (`trusted_proxies`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClientIp(pub IpAddr);

impl FromRequest for ClientIp {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let peer = req.peer_addr().map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.ip());
        let forwarded = req.headers().get_all("x-forwarded-for");
        let hops: Vec<Option<IpAddr>> =
            forwarded.flat_map(|list| list.to_str().unwrap_or_default().split(',')).map(read_hop).collect();
        ready(app(req).map(|app| {
            Self(nearest_untrusted(peer, &hops, |ip| {
                app.config.trusted_proxies.iter().any(|net| net.contains(ip))
            }))
        }))
    }
}

/// An address of `X-Forwarded-For`, with or without its port.
fn read_hop(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let with_port = || text.parse::<SocketAddr>().ok().map(|socket| socket.ip());
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    text.parse().ok().or_else(with_port).or_else(bracketed)
}

fn nearest_untrusted(peer: IpAddr, hops: &[Option<IpAddr>], trusted: impl Fn(&IpAddr) -> bool) -> IpAddr {
    // An IPv4 address on a socket for both kinds is written as an IPv6 one.
    let mut nearest = peer.to_canonical();
    for hop in hops.iter().rev() {
        // What stands before a hop that cannot be read may be anybody's invention.
        let Some(hop) = hop.filter(|_| trusted(&nearest)) else { break };
        nearest = hop.to_canonical();
    }
    nearest
}

/// A JSON body, read leniently enough that its `parse` can name every fault, and strictly enough that
/// nothing unknown is passed over.
pub struct Body<T> {
    value: T,
    unknown: Vec<String>,
    /// The `Idempotency-Key` it came with.
    pub once: IdempotencyKey,
}

/// The optional `Idempotency-Key` of a creating POST, with a fingerprint of what was sent under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdempotencyKey(pub Option<(String, String)>);

impl IdempotencyKey {
    /// The key, with what was sent at `place` under it.
    pub(super) fn of(key: Option<String>, place: &str, bytes: &[u8]) -> Self {
        Self(key.map(|key| {
            let digest = Sha256::new().chain_update(place).chain_update([0]).chain_update(bytes).finalize();
            (key, hex(&digest))
        }))
    }
}

/// Of a request that has no body to speak of.
impl FromRequest for IdempotencyKey {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let place = format!("{} {}", req.method(), req.path());
        ready(idempotency_key(req).map(|key| Self::of(key, &place, &[])))
    }
}

impl<T> Body<T> {
    /// Reads the value with `parse`. Unknown members are faults beside whatever `parse` finds.
    pub fn parse<V>(self, parse: impl FnOnce(T) -> Result<V>) -> Result<V> {
        let unknown = self
            .unknown
            .into_iter()
            .map(|path| FieldError { pointer: path, fault: Fault::new("unknown_field") });
        with_faults(unknown.collect(), parse(self.value))
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let allowed = is_json(req.content_type());
        let key = idempotency_key(req);
        let place = format!("{} {}", req.method(), req.path());
        let bytes = Bytes::from_request(req, payload);
        Box::pin(async move {
            if !allowed {
                return Err(Code::UnsupportedMediaType.into());
            }
            let bytes = bytes.await.map_err(unreadable)?;
            let once = IdempotencyKey::of(key?, &place, &bytes);
            // An object, or serde would take a list as its members in the order of the struct.
            if bytes.trim_ascii_start().first() != Some(&b'{') {
                return Err(Code::MalformedBody.into());
            }
            let mut unknown = Vec::new();
            let mut json = serde_json::Deserializer::from_slice(&bytes);
            let value = serde_ignored::deserialize(&mut json, |path| unknown.push(pointer(&path)))
                .map_err(|_| Error::from(Code::MalformedBody))?;
            json.end().map_err(|_| Error::from(Code::MalformedBody))?;
            Ok(Self { value, unknown, once })
        })
    }
}

/// Bytes of a body that did not come in.
pub(super) fn unreadable(cause: actix_web::Error) -> Error {
    match cause.as_response_error().status_code().as_u16() {
        413 => Code::TooLarge.into(),
        _ => Code::MalformedBody.into(),
    }
}

/// The place of a member in a body as a JSON pointer (RFC 6901).
fn pointer(path: &serde_ignored::Path<'_>) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}/{index}", pointer(parent)),
        Path::Map { parent, key } => {
            format!("{}/{}", pointer(parent), key.replace('~', "~0").replace('/', "~1"))
        }
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => {
            pointer(parent)
        }
    }
}

fn is_json(content_type: &str) -> bool {
    matches!(content_type.to_ascii_lowercase().as_str(), "application/json" | "application/merge-patch+json")
}

pub(super) fn idempotency_key(req: &HttpRequest) -> Result<Option<String>> {
    let Some(value) = req.headers().get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=200).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(Fault::new("idempotency_key").at("idempotency-key")),
    }
}

/// Bytes as hexadecimal letters.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Query parameters, read leniently enough that their `parse` can name every fault; unknown and repeated ones and
/// those that are no text are faults beside what it finds.
pub struct Query<T> {
    value: T,
    faults: Vec<FieldError>,
}

impl<T> Query<T> {
    /// Reads the value with `parse`.
    pub fn parse<V>(self, parse: impl FnOnce(T) -> Result<V>) -> Result<V> {
        with_faults(self.faults, parse(self.value))
    }
}

/// The outcome of reading, with the faults found before. What could not be read is not told a second time as missing.
fn with_faults<V>(mut faults: Vec<FieldError>, outcome: Result<V>) -> Result<V> {
    match outcome {
        Ok(value) if faults.is_empty() => Ok(value),
        Ok(_) => Err(Error::Invalid(faults)),
        Err(Error::Invalid(mut found)) => {
            found.retain(|one| !faults.iter().any(|known| known.pointer == one.pointer));
            faults.extend(found);
            Err(Error::Invalid(faults))
        }
        Err(other) => Err(other),
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_query(req.query_string()))
    }
}

fn read_query<T: DeserializeOwned>(query: &str) -> Result<Query<T>> {
    let mut faults = Vec::new();
    let mut fault = |code, name: &str| {
        faults.push(FieldError { pointer: format!("?{name}"), fault: Fault::new(code) });
    };
    let mut pairs: Vec<(String, Given)> = Vec::new();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()).into_owned() {
        if pairs.iter().any(|(known, _)| *known == name) {
            fault("repeated", &name);
        } else if !is_utf8(query, &name, &value) {
            fault("not_utf8", &name);
        } else if value.chars().any(char::is_control) {
            fault("control_characters", &name);
        } else {
            pairs.push((name, Given(value)));
        }
    }
    let read = MapDeserializer::<_, serde::de::value::Error>::new(pairs.into_iter());
    let value = serde_ignored::deserialize(read, |path| fault("unknown_parameter", &path.to_string()));
    Ok(Query {
        value: value.map_err(|cause| Error::internal(cause.to_string()))?,
        faults,
    })
}

/// Reading puts U+FFFD where bytes are no UTF-8. Only who wrote that very character may have meant it.
fn is_utf8(query: &str, name: &str, value: &str) -> bool {
    let replaced = name.contains('\u{FFFD}') || value.contains('\u{FFFD}');
    !replaced || query.to_ascii_uppercase().contains("%EF%BF%BD")
}

/// The value of a parameter that was given: text, and for an `Option` something.
struct Given(String);

impl<'de> IntoDeserializer<'de> for Given {
    type Deserializer = Self;
    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Given {
    type Error = serde::de::value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Self::Error> {
        visitor.visit_string(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> std::result::Result<V::Value, Self::Error> {
        visitor.visit_some(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The one changing segment of a path. What cannot be read names nothing: 404.
pub struct Path<T>(pub T);

impl<T: FromStr> FromRequest for Path<T> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(segment(req, 0).map(Self))
    }
}

/// The two changing segments of a path.
pub struct Path2<A, B>(pub A, pub B);

impl<A: FromStr, B: FromStr> FromRequest for Path2<A, B> {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(segment(req, 0).and_then(|a| Ok(Self(a, segment(req, 1)?))))
    }
}

fn segment<T: FromStr>(req: &HttpRequest, place: usize) -> Result<T> {
    let (_, raw) = req.match_info().iter().nth(place).ok_or(NOT_FOUND)?;
    raw.parse().map_err(|_| NOT_FOUND)
}

/// The `If-Match` header (RFC 9110, 13.1.1): what the caller last saw of the thing to be changed.
pub struct IfMatch(Option<String>);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        // A tag that cannot be read is none of ours, but it was sent: it must not turn into "whatever is there".
        let sent = req.headers().get_all(header::IF_MATCH).map(|value| value.to_str().unwrap_or_default());
        let sent: Vec<&str> = sent.collect();
        ready(Ok(Self((!sent.is_empty()).then(|| sent.join(",")))))
    }
}

impl IfMatch {
    /// For callers that come by no request and saw nothing: the demo, imports.
    pub fn anything() -> Self {
        Self(None)
    }

    /// For callers that come by no request and saw this.
    pub fn exactly(etag: String) -> Self {
        Self(Some(etag))
    }

    /// Was the header sent?
    pub fn required(self) -> Result<Self> {
        if self.0.is_some() {
            Ok(self)
        } else {
            Err(Code::IfMatchRequired.into())
        }
    }

    /// What was sent, as it was sent.
    pub fn sent(&self) -> Option<&str> {
        self.0.as_deref()
    }

    /// Does the caller know version `current`? Where nothing was sent there is nothing to compare.
    pub fn check(&self, current: i64) -> Result<()> {
        match &self.0 {
            Some(list)
                if !list.split(',').any(|tag| tag.trim() == "*" || version_of(tag) == Some(current)) =>
            {
                Err(Error::Stale(format!("\"{current}\"")))
            }
            _ => Ok(()),
        }
    }

    /// Did the caller see exactly `current`, to the last count? Where nothing was sent there is nothing to compare.
    pub fn check_whole(&self, current: &str) -> Result<()> {
        // W/: proxies that compress mark every ETag as weak.
        let same = |tag: &str| tag == "*" || tag.trim_start_matches("W/") == current;
        match &self.0 {
            Some(list) if !list.split(',').map(str::trim).any(same) => Err(Error::Stale(current.to_owned())),
            _ => Ok(()),
        }
    }
}

/// The version in an ETag: `"7"` or `"7.12"`, where what follows the dot tells counts that nobody edits.
fn version_of(tag: &str) -> Option<i64> {
    tag.trim().trim_start_matches("W/").trim_matches('"').split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_is_the_nearest_hop_that_is_no_proxy() {
        let ip = |last: u8| IpAddr::from([10, 0, 0, last]);
        let client = IpAddr::from([203, 0, 113, 7]);
        let trusted = |hop: &IpAddr| matches!(hop, IpAddr::V4(v4) if v4.octets()[0] == 10);
        let [some, forged] = [Some(client), Some(IpAddr::from([1, 1, 1, 1]))];
        let told = |peer, hops: &[Option<IpAddr>]| nearest_untrusted(peer, hops, trusted);
        assert_eq!(told(client, &[Some(ip(1))]), client, "a stranger's header is not believed");
        assert_eq!(told(ip(1), &[some, Some(ip(2))]), client);
        assert_eq!(told(ip(1), &[forged, some]), client, "a forged first hop");
        assert_eq!(told(ip(1), &[forged, None]), ip(1), "nothing is believed beyond what cannot be read");
        let mapped = IpAddr::from(std::net::Ipv4Addr::new(10, 0, 0, 1).to_ipv6_mapped());
        assert_eq!(told(mapped, &[some]), client, "a proxy on a socket for IPv4 and IPv6");
    }

    #[test]
    fn a_hop_may_bring_its_port() {
        let v6: IpAddr = "2001:db8::1".parse().expect("an address");
        for (text, ip) in [
            (" 203.0.113.7", Some(IpAddr::from([203, 0, 113, 7]))),
            ("203.0.113.7:4711", Some(IpAddr::from([203, 0, 113, 7]))),
            ("2001:db8::1", Some(v6)),
            ("[2001:db8::1]:4711", Some(v6)),
            ("[2001:db8::1]", Some(v6)),
            ("unknown", None),
            ("", None),
        ] {
            assert_eq!(read_hop(text), ip, "{text}");
        }
    }
}
