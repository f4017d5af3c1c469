//! The digest of a body, in both its headers: `Digest` (RFC 3230) and `Content-Digest` (RFC 9530).

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sfv::{BareItem, Dictionary, ListEntry, Parser};

/// The value of `Digest`.
pub fn digest_header(body: &[u8]) -> String {
    format!("SHA-256={}", STANDARD.encode(digest(&SHA256, body)))
}

/// The value of `Content-Digest`.
pub fn content_digest_header(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(digest(&SHA256, body)))
}

/// Does a `Digest` tell of this body? Every SHA-256 and SHA-512 in it must, and one of them must be there.
pub fn digest_fits(header: &str, body: &[u8]) -> bool {
    let mut known = false;
    for part in header.split(',') {
        let Some((name, value)) = part.trim().split_once('=') else { return false };
        let algorithm = match name.to_ascii_lowercase().as_str() {
            "sha-256" => &SHA256,
            "sha-512" => &SHA512,
            _ => continue,
        };
        if STANDARD.decode(value).ok().as_deref() != Some(digest(algorithm, body).as_ref()) {
            return false;
        }
        known = true;
    }
    known
}

/// Does a `Content-Digest` tell of this body? As above.
pub fn content_digest_fits(header: &str, body: &[u8]) -> bool {
    let Ok(found) = Parser::new(header).parse::<Dictionary>() else { return false };
    let mut known = false;
    for (name, value) in &found {
        let algorithm = match name.as_str() {
            "sha-256" => &SHA256,
            "sha-512" => &SHA512,
            _ => continue,
        };
        let ListEntry::Item(item) = value else { return false };
        let BareItem::ByteSequence(bytes) = &item.bare_item else { return false };
        if bytes.as_slice() != digest(algorithm, body).as_ref() {
            return false;
        }
        known = true;
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The values of draft-cavage-http-signatures-12, appendix C, and RFC 9530, appendix D.
    #[test]
    fn digests_are_those_of_the_examples() {
        let body = br#"{"hello": "world"}"#;
        assert_eq!(digest_header(body), "SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=");
        assert_eq!(content_digest_header(body), "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:");
        let both = "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:, \
                    sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:";
        assert!(content_digest_fits(both, body));
    }

    #[test]
    fn a_digest_of_something_else_or_of_nothing_known_fits_nothing() {
        let body = b"body";
        for header in [
            digest_header(b"other"),
            String::new(),
            "md5=AAAA".to_owned(),
            "SHA-256".to_owned(),
            // One that fits does not help one that does not.
            format!("{},{}", digest_header(body), digest_header(b"other")),
        ] {
            assert!(!digest_fits(&header, body), "{header}");
        }
        for header in [content_digest_header(b"other"), String::new(), "sha-256=1".to_owned(), "=".to_owned()]
        {
            assert!(!content_digest_fits(&header, body), "{header}");
        }
        assert!(
            digest_fits(&digest_header(body), body)
                && content_digest_fits(&content_digest_header(body), body)
        );
    }
}
