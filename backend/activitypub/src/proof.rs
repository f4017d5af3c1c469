//! Integrity proofs on objects (FEP-8b32, cryptosuite `eddsa-jcs-2022` of W3C Data Integrity): the signature of an
//! author that travels with the object, so that a copy can be proved when its home and the address of its key are gone.
//!
//! A proof covers everything in the object but itself. JSON is made the same everywhere by RFC 8785 (JCS).

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Map, Value, json};

use crate::keys::{Algorithm, BadKey, PrivateKey, PublicKey, multibase};

/// The context that explains `proof` in JSON-LD.
pub const CONTEXT: &str = "https://w3id.org/security/data-integrity/v1";

/// Why a proof proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is none, or more than one.
    Missing,
    /// It is of a kind that is not known here, or cannot be read.
    Unknown,
    /// It is not the key's, or the object was changed.
    NotTheirs,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Missing => "the object has no integrity proof",
            Self::Unknown => "the integrity proof is not of the kind eddsa-jcs-2022",
            Self::NotTheirs => "the integrity proof is not that of the key, or the object was changed",
        })
    }
}

impl std::error::Error for Refusal {}

/// A proof that can be read, but is not yet checked.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The address of the key, `verificationMethod`.
    pub key_id: String,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Claim {
    /// Reads the proof of an object.
    pub fn of(object: &Value) -> Result<Self, Refusal> {
        let object = object.as_object().ok_or(Refusal::Missing)?;
        let proof = match object.get("proof") {
            Some(Value::Object(proof)) => proof,
            Some(Value::Array(proofs)) => match proofs.as_slice() {
                [Value::Object(proof)] => proof,
                _ => return Err(Refusal::Missing),
            },
            _ => return Err(Refusal::Missing),
        };
        let text = |name: &str| proof.get(name).and_then(Value::as_str);
        let known = text("type") == Some("DataIntegrityProof")
            && text("cryptosuite") == Some("eddsa-jcs-2022")
            && text("proofPurpose") == Some("assertionMethod");
        if !known {
            return Err(Refusal::Unknown);
        }
        let signature = text("proofValue").and_then(multibase).ok_or(Refusal::Unknown)?;
        let mut bare = object.clone();
        bare.remove("proof");
        let mut options = proof.clone();
        options.remove("proofValue");
        // A proof may carry the context it was made under: the object's must begin with it, and it is what was signed.
        if let Some(context) = options.get("@context") {
            if !begins_with(bare.get("@context"), context) {
                return Err(Refusal::NotTheirs);
            }
            bare.insert("@context".to_owned(), context.clone());
        }
        Ok(Self {
            key_id: text("verificationMethod").ok_or(Refusal::Unknown)?.to_owned(),
            message: message(&options, &bare).ok_or(Refusal::Unknown)?,
            signature,
        })
    }

    /// Is it the proof of this key? RSA proves nothing: the kind of proof is one of Ed25519.
    pub fn proves(&self, key: &PublicKey) -> Result<(), Refusal> {
        match key.algorithm() {
            Algorithm::Ed25519 if key.verifies(&self.message, &self.signature) => Ok(()),
            _ => Err(Refusal::NotTheirs),
        }
    }
}

/// Puts a proof on an object, in place of one that it has. `created` is written as RFC 3339 wants it.
pub fn put(
    object: &mut Map<String, Value>,
    key: &PrivateKey,
    key_id: &str,
    created: &str,
) -> Result<(), BadKey> {
    object.remove("proof");
    let options = json!({
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "verificationMethod": key_id,
        "proofPurpose": "assertionMethod",
        "created": created,
    });
    let Value::Object(mut options) = options else { return Err(BadKey) };
    if let Some(context) = object.get("@context") {
        options.insert("@context".to_owned(), context.clone());
    }
    let signature = key.sign(&message(&options, object).ok_or(BadKey)?)?;
    options.insert("proofValue".to_owned(), format!("z{}", bs58::encode(signature).into_string()).into());
    object.insert("proof".to_owned(), Value::Object(options));
    Ok(())
}

/// What is signed: the hash of the proof without its value, then the hash of the object without its proof.
fn message(options: &Map<String, Value>, bare: &Map<String, Value>) -> Option<Vec<u8>> {
    let mut message = Vec::with_capacity(64);
    for part in [options, bare] {
        let canonical = serde_json_canonicalizer::to_vec(part).ok()?;
        message.extend_from_slice(digest(&SHA256, &canonical).as_ref());
    }
    Some(message)
}

/// Does the context of an object begin with that of its proof, in the same order?
fn begins_with(whole: Option<&Value>, beginning: &Value) -> bool {
    fn many(value: &Value) -> &[Value] {
        match value {
            Value::Array(values) => values,
            one => std::slice::from_ref(one),
        }
    }
    whole.is_some_and(|whole| many(whole).starts_with(many(beginning)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// The key of RFC 8037 and of the examples of W3C and FEP-8b32.
    const THEIRS: &str = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";

    /// The example of FEP-8b32 (CC0).
    fn note() -> Value {
        json!({
            "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"],
            "type": "Create",
            "actor": "https://server.example/users/alice",
            "object": { "type": "Note", "content": "Hello world" },
            "proof": {
                "type": "DataIntegrityProof",
                "cryptosuite": "eddsa-jcs-2022",
                "verificationMethod": "https://server.example/users/alice#ed25519-key",
                "proofPurpose": "assertionMethod",
                "proofValue": "z3sXaxjKs4M3BRicwWA9peyNPJvJqxtGsDmpt1jjoHCjgeUf71TRFz56osPSfDErszyLp5Ks1EhYSgpDaNM977Rg2",
                "created": "2023-02-24T23:36:38Z"
            }
        })
    }

    /// The example of W3C's Data Integrity EdDSA Cryptosuites 1.0, B.2.
    fn credential() -> Value {
        let context =
            json!(["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]);
        let key = "did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2";
        json!({
            "@context": context,
            "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
            "type": ["VerifiableCredential", "AlumniCredential"],
            "name": "Alumni Credential",
            "description": "A minimum viable example of an Alumni Credential.",
            "issuer": "https://vc.example/issuers/5678",
            "validFrom": "2023-01-01T00:00:00Z",
            "credentialSubject": { "id": "did:example:abcdefgh", "alumniOf": "The School of Examples" },
            "proof": {
                "type": "DataIntegrityProof",
                "cryptosuite": "eddsa-jcs-2022",
                "created": "2023-02-24T23:36:38Z",
                "verificationMethod": key,
                "proofPurpose": "assertionMethod",
                "@context": context,
                "proofValue": "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
            }
        })
    }

    #[test]
    fn the_examples_prove_and_anything_changed_does_not() {
        let key = PublicKey::from_multibase(THEIRS).unwrap();
        for example in [note(), credential()] {
            assert_eq!(Claim::of(&example).unwrap().proves(&key), Ok(()));
            let mut changed = example.clone();
            changed["type"] = json!("Delete");
            assert_eq!(Claim::of(&changed).unwrap().proves(&key), Err(Refusal::NotTheirs));
            let mut later = example.clone();
            later["proof"]["created"] = json!("2024-02-24T23:36:38Z");
            assert_eq!(Claim::of(&later).unwrap().proves(&key), Err(Refusal::NotTheirs));
        }
    }

    #[test]
    fn what_is_proved_here_proves_and_a_longer_context_may_follow() {
        let key = PrivateKey::from_pkcs8(&PrivateKey::generate(Algorithm::Ed25519).unwrap()).unwrap();
        let Value::Object(mut object) = note() else { unreachable!() };
        put(&mut object, &key, "https://a.example/@ann#proofs", "2026-11-26T00:00:00Z").unwrap();
        let mut object = Value::Object(object);
        let claim = Claim::of(&object).unwrap();
        assert_eq!(claim.key_id, "https://a.example/@ann#proofs");
        claim.proves(key.public()).unwrap();
        // Objects stand inside others, whose context may say more.
        object["@context"].as_array_mut().unwrap().push(json!("https://b.example/more"));
        Claim::of(&object).unwrap().proves(key.public()).unwrap();
        object["@context"] = json!("https://b.example/other");
        assert_eq!(Claim::of(&object).unwrap_err(), Refusal::NotTheirs);
    }

    #[test]
    fn what_has_no_proof_that_is_known_says_so() {
        let mut object = note();
        object["proof"]["cryptosuite"] = json!("eddsa-rdfc-2022");
        assert_eq!(Claim::of(&object).unwrap_err(), Refusal::Unknown);
        object["proof"] = json!([note()["proof"], note()["proof"]]);
        assert_eq!(Claim::of(&object).unwrap_err(), Refusal::Missing);
        object["proof"] = json!([note()["proof"]]);
        assert_eq!(Claim::of(&object).unwrap().proves(&PublicKey::from_multibase(THEIRS).unwrap()), Ok(()));
        assert_eq!(Claim::of(&json!("text")).unwrap_err(), Refusal::Missing);
    }
}
