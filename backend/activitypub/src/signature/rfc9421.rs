//! HTTP Message Signatures, RFC 9421, as far as requests between ActivityPub servers use them.
//!
//! The text that was signed is made again from the parameters *as they were sent*: their order is the sender's, and
//! what is not known here is part of it all the same (2.3).

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sfv::{BareItem, Dictionary, InnerList, ListEntry, ListSerializer, Parser};

use super::digest::content_digest_fits;
use super::{Claim, LONGEST, Refusal, Request, Scheme, has_body, host, in_time, moment, not_over};
use crate::keys::{Algorithm, BadKey, PrivateKey};

pub(super) const INPUT: Refusal = Refusal::Malformed("Signature-Input");

pub(super) fn read(request: &Request<'_>, now: SystemTime) -> Result<Claim, Refusal> {
    let (input, signature) = signed(request)?;
    let components = components(&input)?;
    keeps_the_rules(request, &input, &components, now)?;
    Ok(Claim {
        key_id: text(&input, "keyid")?.ok_or(INPUT)?,
        scheme: Scheme::Rfc9421,
        algorithm: match text(&input, "alg")?.as_deref() {
            None | Some("hs2019") => None,
            Some("rsa-v1_5-sha256" | "rsa-sha256") => Some(Algorithm::Rsa),
            Some("ed25519") => Some(Algorithm::Ed25519),
            Some(_) => return Err(Refusal::Malformed("alg: rsa-v1_5-sha256 and ed25519 are known; it")),
        },
        base: base(request, &components, &written(&input)?)?,
        signature,
    })
}

/// What was signed, and the signature. One a request: a second could be anybody's, put beside the first.
fn signed(request: &Request<'_>) -> Result<(InnerList, Vec<u8>), Refusal> {
    let inputs = dictionary(request, "signature-input").ok_or(INPUT)?;
    let signatures = dictionary(request, "signature").ok_or(Refusal::Malformed("Signature"))?;
    let mut inputs = inputs.into_iter();
    let (Some((label, ListEntry::InnerList(input))), None) = (inputs.next(), inputs.next()) else {
        return Err(INPUT);
    };
    let signature = match signatures.get(&label) {
        Some(ListEntry::Item(item)) => item.bare_item.as_byte_sequence(),
        _ => None,
    };
    Ok((input, signature.ok_or(Refusal::Malformed("Signature"))?.to_vec()))
}

fn dictionary(request: &Request<'_>, name: &str) -> Option<Dictionary> {
    let header = request.headers.joined(name).filter(|it| it.len() <= LONGEST)?;
    Parser::new(&header).parse().ok()
}

/// The names of what was signed. Components with parameters (`;sf`, `;key`, `;req`) are refused: no peer sends them,
/// and to read past a parameter would be to sign something else.
fn components(input: &InnerList) -> Result<Vec<String>, Refusal> {
    let mut found = Vec::with_capacity(input.items.len());
    for item in &input.items {
        let (Some(name), true) = (item.bare_item.as_string(), item.params.is_empty()) else {
            return Err(INPUT);
        };
        let name = name.as_str().to_owned();
        // A component stands once (2.5).
        if found.contains(&name) {
            return Err(INPUT);
        }
        found.push(name);
    }
    Ok(found)
}

fn keeps_the_rules(
    request: &Request<'_>,
    input: &InnerList,
    components: &[String],
    now: SystemTime,
) -> Result<(), Refusal> {
    let covers = |name: &str| components.iter().any(|it| it == name);
    if !covers("@method") {
        return Err(Refusal::NotCovered("the method"));
    }
    if !covers("@target-uri") {
        if !covers("@request-target")
            && !(covers("@path") && (covers("@query") || request.url.query().is_none()))
        {
            return Err(Refusal::NotCovered("the target"));
        }
        if !covers("@authority") && !covers("host") {
            return Err(Refusal::NotCovered("the host"));
        }
    }
    match number(input, "created")? {
        Some(created) => in_time(moment(created)?, now)?,
        None if covers("date") => {
            let date = request.headers.only("date").ok_or(Refusal::Malformed("Date"))?;
            in_time(httpdate::parse_http_date(date).map_err(|_| Refusal::Malformed("Date"))?, now)?;
        }
        None => return Err(Refusal::NotCovered("the moment")),
    }
    not_over(number(input, "expires")?, now)?;
    if has_body(request) && !covers("content-digest") {
        return Err(Refusal::NotCovered("the digest of the body"));
    }
    if covers("content-digest") {
        let digest = request.headers.joined("content-digest").ok_or(Refusal::Malformed("Content-Digest"))?;
        if !content_digest_fits(&digest, request.body) {
            return Err(Refusal::OtherBody);
        }
    }
    Ok(())
}

fn text(input: &InnerList, name: &str) -> Result<Option<String>, Refusal> {
    match input.params.get(name) {
        None => Ok(None),
        Some(BareItem::String(text)) => Ok(Some(text.as_str().to_owned())),
        Some(_) => Err(INPUT),
    }
}

fn number(input: &InnerList, name: &str) -> Result<Option<i64>, Refusal> {
    match input.params.get(name) {
        None => Ok(None),
        Some(BareItem::Integer(number)) => Ok(Some(i64::from(*number))),
        Some(_) => Err(INPUT),
    }
}

/// The inner list as structured fields write it: `("@method" …);created=…`.
fn written(input: &InnerList) -> Result<String, Refusal> {
    let mut list = ListSerializer::new();
    list.members([&ListEntry::InnerList(input.clone())]);
    list.finish().ok_or(INPUT)
}

/// The text that is signed (2.5).
fn base(request: &Request<'_>, components: &[String], parameters: &str) -> Result<String, Refusal> {
    let mut text = String::new();
    for name in components {
        let value = match name.as_str() {
            "@method" => request.method.to_owned(),
            "@target-uri" => target_uri(request),
            "@authority" => host(request.url),
            "@scheme" => request.url.scheme().to_owned(),
            "@request-target" => request.target(),
            "@path" => request.url.path().to_owned(),
            "@query" => format!("?{}", request.url.query().unwrap_or_default()),
            name if name.starts_with('@') => return Err(INPUT),
            name => request.headers.joined(name).ok_or(INPUT)?,
        };
        text.push_str(&format!("\"{name}\": {value}\n"));
    }
    text.push_str(&format!("\"@signature-params\": {parameters}"));
    Ok(text)
}

/// The address without what is never sent.
fn target_uri(request: &Request<'_>) -> String {
    let mut url = request.url.clone();
    url.set_fragment(None);
    url.into()
}

/// The text and the signature of a request, whatever it covers: for the examples of the RFC, which cover less than the
/// rules ask for.
#[cfg(test)]
pub(super) fn unruled(request: &Request<'_>) -> Result<(String, Vec<u8>), Refusal> {
    let (input, signature) = signed(request)?;
    Ok((base(request, &components(&input)?, &written(&input)?)?, signature))
}

/// The headers of a signature over what `request` already carries: what Mastodon asks for, and the date. `alg` is left
/// to the key (3.3.7 prefers it so).
pub(super) fn write(
    request: &Request<'_>,
    key: &PrivateKey,
    key_id: &str,
    now: SystemTime,
) -> Result<Vec<(&'static str, String)>, BadKey> {
    let mut components = vec!["@method".to_owned(), "@target-uri".to_owned()];
    components.extend(has_body(request).then(|| "content-digest".to_owned()));
    let created = now.duration_since(SystemTime::UNIX_EPOCH).map_err(|_| BadKey)?.as_secs();
    let names: Vec<String> = components.iter().map(|name| format!("\"{name}\"")).collect();
    let parameters = format!("({});created={created};keyid=\"{key_id}\"", names.join(" "));
    let base = base(request, &components, &parameters).map_err(|_| BadKey)?;
    let signature = key.sign(base.as_bytes())?;
    let signature = STANDARD.encode(signature);
    Ok(vec![
        ("signature-input", format!("sig1={parameters}")),
        ("signature", format!("sig1=:{signature}:")),
    ])
}
