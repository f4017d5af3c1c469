//! The instance's secrets: the key that signs access tokens, and the secret that derived words come from.
//!
//! Made at first start in `keys/` of the data folder, readable by its owner alone. Losing them signs everybody
//! out and breaks links in old mails; nothing else.

use std::path::Path;

use anyhow::Context as _;
use aws_lc_rs::hmac;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use kring_db::Time;
use serde::{Deserialize, Serialize};

use super::model::{AccountId, SessionId};
use crate::error::{Code, Error, Result};

/// Seconds an access token is good for.
pub const ACCESS_SECONDS: i64 = 15 * 60;

/// What an access token says (RFC 7519). Whether the session still lives is looked up with every request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    pub sub: AccountId,
    pub sid: SessionId,
    pub iat: i64,
    pub exp: i64,
}

/// See the module.
pub struct Keys {
    id: String,
    public: Vec<u8>,
    signing: EncodingKey,
    verifying: DecodingKey,
    derive: hmac::Key,
    /// Tokens whose signature was good: checking one again costs more than everything else in a request.
    checked: moka::sync::Cache<String, Claims>,
}

impl Keys {
    /// Opens the keys in `data`, or makes them.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        let folder = data.join("keys");
        crate::app::make_private_folder(&folder)?;
        let pkcs8 = read_or_make(&folder.join("access-token.ed25519.pkcs8"), || {
            let made = Ed25519KeyPair::generate_pkcs8(&aws_lc_rs::rand::SystemRandom::new());
            made.map(|key| key.as_ref().to_vec()).map_err(|_| anyhow::anyhow!("no key could be made"))
        })?;
        let secret =
            read_or_make(&folder.join("derivation.secret"), || Ok(crate::clock::secret().into_bytes()))?;
        let pair = Ed25519KeyPair::from_pkcs8(&pkcs8)
            .map_err(|cause| anyhow::anyhow!("{}: {cause}", folder.display()))?;
        let public = pair.public_key().as_ref().to_vec();
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &public);
        Ok(Self {
            id: URL_SAFE_NO_PAD.encode(&digest.as_ref()[..9]),
            signing: EncodingKey::from_ed_der(&pkcs8),
            verifying: DecodingKey::from_ed_der(&public),
            public,
            derive: hmac::Key::new(hmac::HMAC_SHA256, &secret),
            checked: moka::sync::Cache::builder()
                .max_capacity(20_000)
                .time_to_live(std::time::Duration::from_secs(900))
                .build(),
        })
    }

    /// A signed access token for the session.
    pub fn sign(&self, account: AccountId, session: SessionId, now: Time) -> Result<String> {
        let iat = now.millis() / 1000;
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::EdDSA) };
        let claims = Claims { sub: account, sid: session, iat, exp: iat + ACCESS_SECONDS };
        jsonwebtoken::encode(&header, &claims, &self.signing).map_err(Error::internal)
    }

    /// What the token says, where this instance signed it and it has not expired.
    pub fn verify(&self, token: &str, now: Time) -> Result<Claims> {
        let claims = match self.checked.get(token) {
            Some(claims) => claims,
            None => {
                let mut rules = Validation::new(Algorithm::EdDSA);
                // Expiry goes by Kring's clock, below.
                rules.validate_exp = false;
                rules.required_spec_claims.clear();
                let claims = jsonwebtoken::decode::<Claims>(token, &self.verifying, &rules)
                    .map_err(|_| Code::TokenInvalid)?
                    .claims;
                self.checked.insert(token.to_owned(), claims.clone());
                claims
            }
        };
        if claims.exp <= now.millis() / 1000 {
            Err(Code::TokenExpired.into())
        } else {
            Ok(claims)
        }
    }

    /// The public key as a JSON Web Key Set (RFC 7517, RFC 8037).
    pub fn jwks(&self) -> serde_json::Value {
        serde_json::json!({ "keys": [{
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.id, "x": URL_SAFE_NO_PAD.encode(&self.public),
        }] })
    }

    /// A word that only this instance can make: 43 URL-safe letters that follow from `purpose` and `about`.
    pub fn derive(&self, purpose: &str, about: &str) -> String {
        let tag = hmac::sign(&self.derive, format!("{purpose}\0{about}").as_bytes());
        URL_SAFE_NO_PAD.encode(tag.as_ref())
    }

    /// Is `word` what [`Keys::derive`] makes of this? Takes the same time whatever differs.
    pub fn derived(&self, purpose: &str, about: &str, word: &str) -> bool {
        let Ok(tag) = URL_SAFE_NO_PAD.decode(word) else { return false };
        hmac::verify(&self.derive, format!("{purpose}\0{about}").as_bytes(), &tag).is_ok()
    }
}

fn read_or_make(path: &Path, make: impl FnOnce() -> anyhow::Result<Vec<u8>>) -> anyhow::Result<Vec<u8>> {
    let told = || format!("the key file {}", path.display());
    if !path.exists() {
        let bytes = make()?;
        // Whole or not at all, and never over another process's: written aside, then linked to its name.
        let aside = path.with_extension(format!("new-{}", std::process::id()));
        write_private(&aside, &bytes).with_context(told)?;
        let linked = std::fs::hard_link(&aside, path);
        std::fs::remove_file(&aside).with_context(told)?;
        if let Err(cause) = linked
            && cause.kind() != std::io::ErrorKind::AlreadyExists
        {
            return Err(cause).with_context(told);
        }
    }
    std::fs::read(path).with_context(told)
}

fn write_private(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_until_it_expires_and_only_here() {
        let (here, there) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let keys = Keys::open(here.path()).expect("keys");
        let now: Time = "2026-11-23T09:00:00Z".parse().expect("a time");
        let token = keys.sign(AccountId(1), SessionId(2), now).expect("signed");
        let again = Keys::open(here.path()).expect("the same keys");
        assert_eq!(again.verify(&token, now).expect("good").sid, SessionId(2));
        assert!(matches!(
            keys.verify(&token, now + chrono::Duration::minutes(15)),
            Err(Error::Rule(Code::TokenExpired))
        ));
        let other = Keys::open(there.path()).expect("keys");
        assert!(matches!(other.verify(&token, now), Err(Error::Rule(Code::TokenInvalid))));
    }

    #[cfg(unix)]
    #[test]
    fn key_files_are_their_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let here = tempfile::tempdir().expect("a folder");
        Keys::open(here.path()).expect("keys");
        for file in std::fs::read_dir(here.path().join("keys")).expect("listed") {
            let mode = file.expect("a file").metadata().expect("its data").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn derived_words_fit_only_what_they_were_made_for() {
        let here = tempfile::tempdir().expect("a folder");
        let keys = Keys::open(here.path()).expect("keys");
        let word = keys.derive("unsubscribe", "ann");
        assert_eq!(word.len(), 43);
        assert!(keys.derived("unsubscribe", "ann", &word));
        assert!(!keys.derived("unsubscribe", "bob", &word) && !keys.derived("digest", "ann", &word));
    }
}
