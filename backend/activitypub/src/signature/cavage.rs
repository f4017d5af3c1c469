//! draft-cavage-http-signatures-12, as the fediverse speaks it.

use std::time::SystemTime;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::digest::digest_fits;
use super::{Claim, LONGEST, Refusal, Request, Scheme, has_body, in_time, moment, not_over};
use crate::keys::{Algorithm, BadKey, PrivateKey};

/// The parameters of a `Signature` header.
#[derive(Debug, Default)]
struct Parameters {
    key_id: Option<String>,
    algorithm: Option<String>,
    headers: Option<String>,
    signature: Option<String>,
    created: Option<i64>,
    expires: Option<i64>,
}

pub(super) fn read(request: &Request<'_>, now: SystemTime) -> Result<Claim, Refusal> {
    let header = request.headers.only("signature").ok_or(Refusal::Unsigned)?;
    let parameters = parameters(header).ok_or(Refusal::Malformed("Signature"))?;
    let names: Vec<String> = match &parameters.headers {
        Some(names) => names.split_ascii_whitespace().map(str::to_ascii_lowercase).collect(),
        // What the draft signs where nothing is said; it covers too little for the rules.
        None => vec!["(created)".to_owned()],
    };
    keeps_the_rules(request, &parameters, &names, now)?;
    let missing = Refusal::Malformed("Signature");
    let signature = parameters.signature.as_deref().ok_or_else(|| missing.clone())?;
    Ok(Claim {
        key_id: parameters.key_id.clone().ok_or_else(|| missing.clone())?,
        scheme: Scheme::Cavage,
        algorithm: match parameters.algorithm.as_deref() {
            Some("rsa-sha256") => Some(Algorithm::Rsa),
            Some("ed25519") => Some(Algorithm::Ed25519),
            // hs2019, and what nobody says: the key decides, as the draft wants it.
            _ => None,
        },
        base: base(request, &parameters, &names)?,
        signature: STANDARD.decode(signature).map_err(|_| missing)?,
    })
}

fn keeps_the_rules(
    request: &Request<'_>,
    parameters: &Parameters,
    names: &[String],
    now: SystemTime,
) -> Result<(), Refusal> {
    let covers = |name: &str| names.iter().any(|it| it == name);
    for (name, what) in [("(request-target)", "the target"), ("host", "the host")] {
        if !covers(name) {
            return Err(Refusal::NotCovered(what));
        }
    }
    // `created` stands in the header whether or not it was signed: only where it was, it counts.
    match (parameters.created, covers("(created)"), covers("date")) {
        (Some(created), true, _) => in_time(moment(created)?, now)?,
        (_, _, true) => {
            let date = request.headers.only("date").ok_or(Refusal::Malformed("Date"))?;
            in_time(httpdate::parse_http_date(date).map_err(|_| Refusal::Malformed("Date"))?, now)?;
        }
        _ => return Err(Refusal::NotCovered("the moment")),
    }
    if covers("(expires)") {
        not_over(parameters.expires, now)?;
    }
    if has_body(request) && !covers("digest") {
        return Err(Refusal::NotCovered("the digest of the body"));
    }
    // Whoever signs a digest without a body, as some do with GET, signs that of nothing.
    if covers("digest") {
        let digest = request.headers.joined("digest").ok_or(Refusal::Malformed("Digest"))?;
        if !digest_fits(&digest, request.body) {
            return Err(Refusal::OtherBody);
        }
    }
    Ok(())
}

/// The text that is signed (draft 12, 2.3).
fn base(request: &Request<'_>, parameters: &Parameters, names: &[String]) -> Result<String, Refusal> {
    let mut lines = Vec::with_capacity(names.len());
    for name in names {
        let value = match name.as_str() {
            "(request-target)" => format!("{} {}", request.method.to_ascii_lowercase(), request.target()),
            "(created)" => parameters.created.ok_or(Refusal::Malformed("Signature"))?.to_string(),
            "(expires)" => parameters.expires.ok_or(Refusal::Malformed("Signature"))?.to_string(),
            name => request.headers.joined(name).ok_or(Refusal::Malformed("Signature"))?,
        };
        lines.push(format!("{name}: {value}"));
    }
    Ok(lines.join("\n"))
}

/// Reads `key="value", key=value, …`. A parameter that stands twice is refused: two readers might choose differently.
fn parameters(header: &str) -> Option<Parameters> {
    let mut found = Parameters::default();
    if header.len() > LONGEST {
        return None;
    }
    let mut rest = header.strip_prefix("Signature ").unwrap_or(header).trim();
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let (value, after) = match after.trim_start().strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_at(after.find(',').unwrap_or(after.len())),
        };
        let value = value.trim();
        let twice = match name.trim() {
            "keyId" => found.key_id.replace(value.to_owned()).is_some(),
            "algorithm" => found.algorithm.replace(value.to_ascii_lowercase()).is_some(),
            "headers" => found.headers.replace(value.to_owned()).is_some(),
            "signature" => found.signature.replace(value.to_owned()).is_some(),
            "created" => found.created.replace(value.parse().ok()?).is_some(),
            "expires" => found.expires.replace(value.parse().ok()?).is_some(),
            _ => false,
        };
        if twice {
            return None;
        }
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(after) => after.trim_start(),
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(found)
}

/// The headers of a signature over what `request` already carries. RSA is called `rsa-sha256`: older Mastodons and
/// Lemmy take that and `hs2019`, and some take nothing else.
pub(super) fn write(
    request: &Request<'_>,
    key: &PrivateKey,
    key_id: &str,
) -> Result<Vec<(&'static str, String)>, BadKey> {
    let names: Vec<String> = ["(request-target)", "host", "date", "digest"].map(str::to_owned).into();
    let base = base(request, &Parameters::default(), &names).map_err(|_| BadKey)?;
    let algorithm = match key.public().algorithm() {
        Algorithm::Rsa => "rsa-sha256",
        Algorithm::Ed25519 => "hs2019",
    };
    let signature = STANDARD.encode(key.sign(base.as_bytes())?);
    let names = names.join(" ");
    let header =
        format!(r#"keyId="{key_id}",algorithm="{algorithm}",headers="{names}",signature="{signature}""#);
    Ok(vec![("signature", header)])
}

/// The text and the signature of a request, whatever it covers: for the examples of the draft, which cover less than
/// the rules ask for.
#[cfg(test)]
pub(super) fn unruled(request: &Request<'_>) -> Option<(String, Vec<u8>)> {
    let parameters = parameters(request.headers.only("signature")?)?;
    let names: Vec<String> = parameters.headers.as_ref()?.split(' ').map(str::to_owned).collect();
    let signature = STANDARD.decode(parameters.signature.as_ref()?).ok()?;
    Some((base(request, &parameters, &names).ok()?, signature))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn parameters_are_read_as_peers_write_them() {
        let read =
            parameters(r#"keyId="https://a.example/u#main-key", algorithm=hs2019,created=1,signature="x=""#);
        let read = read.unwrap();
        assert_eq!(read.key_id.as_deref(), Some("https://a.example/u#main-key"));
        assert_eq!((read.created, read.signature.as_deref()), (Some(1), Some("x=")));
        for broken in [
            r#"keyId="a",keyId="b""#,
            r#"keyId="a"#,
            "keyId",
            r#"created="soon""#,
            r#"keyId="a" algorithm="b""#,
        ] {
            assert!(parameters(broken).is_none(), "{broken}");
        }
    }
}
