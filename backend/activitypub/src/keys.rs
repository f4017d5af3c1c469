//! Keys of actors: RSA for signing requests, which every peer takes, and Ed25519 for proofs on objects and for peers
//! that take it.
//!
//! On the wire a public key is PEM (`publicKey.publicKeyPem`) or a Multikey (FEP-521a). What is kept is DER.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeySize, PublicEncryptingKey};
use aws_lc_rs::signature::{
    ED25519, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair,
    UnparsedPublicKey,
};

/// What stands before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410, 4).
const ED25519_SPKI: [u8; 12] = [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// What stands before the 32 bytes of an Ed25519 key in a Multikey: `ed25519-pub` of the multicodec table.
const ED25519_MULTICODEC: [u8; 2] = [0xed, 0x01];

/// Longest key that is looked at, in bytes of text: RSA of 8192 bits is some 1 500.
const LONGEST: usize = 4096;

/// How a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rsa,
    Ed25519,
}

/// A key that cannot be read, or is too weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BadKey;

/// What checks a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicKey {
    algorithm: Algorithm,
    /// A SubjectPublicKeyInfo for RSA, the 32 bytes themselves for Ed25519.
    bytes: Vec<u8>,
}

impl PublicKey {
    /// From `publicKeyPem`: a SubjectPublicKeyInfo of RSA with 2048 to 8192 bits, or of Ed25519.
    pub fn from_pem(text: &str) -> Result<Self, BadKey> {
        if text.len() > LONGEST {
            return Err(BadKey);
        }
        let found = pem::parse(text).map_err(|_| BadKey)?;
        if found.tag() != "PUBLIC KEY" {
            return Err(BadKey);
        }
        let bytes = found.into_contents();
        match bytes.strip_prefix(&ED25519_SPKI) {
            Some(key) => Self::ed25519(key),
            None => Self::rsa(bytes),
        }
    }

    /// From `publicKeyMultibase` (FEP-521a): Ed25519 only, in base58btc or base64url.
    pub fn from_multibase(text: &str) -> Result<Self, BadKey> {
        if text.len() > LONGEST {
            return Err(BadKey);
        }
        let bytes = multibase(text).ok_or(BadKey)?;
        Self::ed25519(bytes.strip_prefix(&ED25519_MULTICODEC).ok_or(BadKey)?)
    }

    fn ed25519(key: &[u8]) -> Result<Self, BadKey> {
        if key.len() != 32 {
            return Err(BadKey);
        }
        Ok(Self { algorithm: Algorithm::Ed25519, bytes: key.to_vec() })
    }

    /// Weak keys are told from good ones here, not at the first signature.
    fn rsa(bytes: Vec<u8>) -> Result<Self, BadKey> {
        let bits = PublicEncryptingKey::from_der(&bytes).map_err(|_| BadKey)?.key_size_bits();
        if !(2048..=8192).contains(&bits) {
            return Err(BadKey);
        }
        Ok(Self { algorithm: Algorithm::Rsa, bytes })
    }

    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Did the owner of this key sign `message`?
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self.algorithm {
            Algorithm::Rsa => {
                UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.bytes).verify(message, signature)
            }
            Algorithm::Ed25519 => UnparsedPublicKey::new(&ED25519, &self.bytes).verify(message, signature),
        }
        .is_ok()
    }

    /// As `publicKeyPem` wants it.
    pub fn to_pem(&self) -> String {
        let der = match self.algorithm {
            Algorithm::Rsa => self.bytes.clone(),
            Algorithm::Ed25519 => [&ED25519_SPKI, self.bytes.as_slice()].concat(),
        };
        let config = pem::EncodeConfig::new().set_line_ending(pem::LineEnding::LF);
        pem::encode_config(&pem::Pem::new("PUBLIC KEY", der), config)
    }

    /// As `publicKeyMultibase` wants it (FEP-521a); `None` for RSA, which goes as PEM.
    pub fn to_multibase(&self) -> Option<String> {
        let bytes = match self.algorithm {
            Algorithm::Rsa => return None,
            Algorithm::Ed25519 => [&ED25519_MULTICODEC, self.bytes.as_slice()].concat(),
        };
        Some(format!("z{}", bs58::encode(bytes).into_string()))
    }
}

/// The bytes of a multibase text: base58btc (`z`) or base64url without padding (`u`), the two that are in use.
pub(crate) fn multibase(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    if let Some(rest) = text.strip_prefix('z') {
        return bs58::decode(rest).into_vec().ok();
    }
    base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text.strip_prefix('u')?).ok()
}

/// What signs. Its bytes are printed nowhere.
pub struct PrivateKey {
    pair: Pair,
    public: PublicKey,
}

enum Pair {
    Rsa(Box<RsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivateKey").field("algorithm", &self.public.algorithm).finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// A new key, as PKCS#8 (DER). RSA has 2048 bits, which takes some tenths of a second to find.
    pub fn generate(algorithm: Algorithm) -> Result<Vec<u8>, BadKey> {
        match algorithm {
            Algorithm::Rsa => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| BadKey)?;
                let der: Pkcs8V1Der = pair.as_der().map_err(|_| BadKey)?;
                Ok(der.as_ref().to_vec())
            }
            Algorithm::Ed25519 => {
                let der = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| BadKey)?;
                Ok(der.as_ref().to_vec())
            }
        }
    }

    /// From what [`generate`](Self::generate) gave.
    pub fn from_pkcs8(der: &[u8]) -> Result<Self, BadKey> {
        if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
            let public = PublicKey::ed25519(pair.public_key().as_ref())?;
            return Ok(Self { pair: Pair::Ed25519(Box::new(pair)), public });
        }
        let pair = RsaKeyPair::from_pkcs8(der).map_err(|_| BadKey)?;
        let spki: PublicKeyX509Der<'_> = pair.public_key().as_der().map_err(|_| BadKey)?;
        let public = PublicKey::rsa(spki.as_ref().to_vec())?;
        Ok(Self { pair: Pair::Rsa(Box::new(pair)), public })
    }

    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, BadKey> {
        match &self.pair {
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature)
                    .map_err(|_| BadKey)?;
                Ok(signature)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn a_key_survives_its_wire_and_tells_its_own_signature_from_another() {
        for algorithm in [Algorithm::Rsa, Algorithm::Ed25519] {
            let key = PrivateKey::from_pkcs8(&PrivateKey::generate(algorithm).unwrap()).unwrap();
            let other = PrivateKey::from_pkcs8(&PrivateKey::generate(algorithm).unwrap()).unwrap();
            let signature = key.sign(b"a message").unwrap();
            let public = PublicKey::from_pem(&key.public().to_pem()).unwrap();
            assert_eq!((&public, public.algorithm()), (key.public(), algorithm));
            assert!(public.verifies(b"a message", &signature));
            assert!(!public.verifies(b"another", &signature));
            assert!(!other.public().verifies(b"a message", &signature));
            if let Some(text) = public.to_multibase() {
                assert_eq!(PublicKey::from_multibase(&text).unwrap(), public);
            }
        }
    }

    /// RFC 8032, 7.1 has this key; its Multikey is the one of FEP-521a, its other spelling that of FEP-fe34's examples.
    #[test]
    fn a_multikey_is_read_in_both_spellings() {
        let known = PublicKey::from_multibase("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2").unwrap();
        let again = PublicKey::from_multibase("u7QGwDY2Tjn93PVFWWq02piP1NE9_XRlg-c8-jhJiDqKBDw");
        assert!(again.is_ok());
        assert_eq!(known.to_multibase().as_deref(), Some("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"));
    }

    #[test]
    fn what_is_no_key_or_a_weak_one_is_refused() {
        // RSA of 1024 bits: the key of the draft's own examples.
        let weak = "-----BEGIN PUBLIC KEY-----\n\
            MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDCFENGw33yGihy92pDjZQhl0C3\n\
            6rPJj+CvfSC8+q28hxA161QFNUd13wuCTUcq0Qd2qsBe/2hFyc2DCJJg0h1L78+6\n\
            Z4UMR7EOcpfdUE9Hf3m/hs+FUR45uBJeDK1HSFHD8bHKD6kv8FPGfJTotc+2xjJw\n\
            oYi+1hqp1fIekaxsyQIDAQAB\n-----END PUBLIC KEY-----\n";
        for text in [weak, "", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"] {
            assert_eq!(PublicKey::from_pem(text), Err(BadKey));
        }
        for text in ["", "z", "zz", "u", "m7QGwDY2Tjn93PVFWWq02piP1NE9", "z6MkrJVnaZke"] {
            assert_eq!(PublicKey::from_multibase(text), Err(BadKey));
        }
    }
}
