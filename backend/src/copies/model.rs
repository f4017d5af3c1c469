//! The types of copies.

use diesel::prelude::*;
use kring_activitypub::keys::PublicKey;
use kring_activitypub::proof::Claim;
use kring_db::schema::{author_keys, signed_copies};
use kring_db::{Time, id_type, word_type};
use serde_json::Value;

use crate::documents::DocumentId;
use crate::error::{Error, Result};
use crate::threads::{ReplyId, ThreadId};

id_type! {
    /// A row of `signed_copies`.
    CopyId
}

word_type! {
    /// What a copy is of.
    CopyKind { Document = "document", Thread = "thread", Reply = "reply" }
}

/// What a copy is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    pub kind: CopyKind,
    pub id: i64,
    /// Of a document, which revision; 0 of others.
    pub revision: i64,
}

impl Subject {
    pub fn document(id: i64, revision: i64) -> Self {
        Self { kind: CopyKind::Document, id, revision }
    }

    /// A thread or reply.
    pub fn post(kind: CopyKind, id: i64) -> Self {
        Self { kind, id, revision: 0 }
    }

    /// Where it is at this instance, with a leading `/`.
    pub fn path(&self) -> String {
        match self.kind {
            CopyKind::Document => format!("/documents/{}", DocumentId(self.id)),
            CopyKind::Thread => format!("/threads/{}", ThreadId(self.id)),
            CopyKind::Reply => format!("/replies/{}", ReplyId(self.id)),
        }
    }
}

/// Something as it was signed.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = signed_copies)]
pub struct SignedCopy {
    pub id: CopyId,
    pub kind: CopyKind,
    pub subject_id: i64,
    pub revision: i64,
    pub labels: i64,
    pub actor: String,
    pub activity: String,
    pub kept_at: Time,
}

impl SignedCopy {
    pub fn subject(&self) -> Subject {
        Subject {
            kind: self.kind,
            id: self.subject_id,
            revision: self.revision,
        }
    }

    /// The activity that it came in.
    pub fn activity(&self) -> Result<Value> {
        serde_json::from_str(&self.activity).map_err(Error::internal)
    }

    /// What was signed.
    pub fn object(&self) -> Result<Value> {
        let mut activity = self.activity()?;
        Ok(activity.get_mut("object").map(Value::take).unwrap_or_default())
    }
}

/// A key with which somebody proves what they write.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = author_keys)]
pub struct SeenKey {
    pub actor: String,
    pub public_key: String,
    pub key_id: String,
    pub seen_at: Time,
    /// The instance that told of it, where its owner's own could not be asked.
    pub told_by: Option<String>,
}

word_type! {
    /// Whether a copy is what its author signed: `proves`, it is. `unsigned`: nothing that was signed is kept of it, as of
    /// what never left or came from servers that sign nothing. `unknown-key`: the key was never seen here. `altered`: what
    /// was signed is not what is kept. `differs`: what was signed is kept, and something else is shown.
    Verdict {
        Proves = "proves",
        NotSigned = "unsigned",
        KeyUnknown = "unknown-key",
        Altered = "altered",
        Differs = "differs",
    }
}

/// Is an object what this author signed, by one of these keys of theirs? Gives the key that proves it.
pub fn judge<'k>(object: &Value, author: &str, keys: &'k [SeenKey]) -> Result<&'k SeenKey, Verdict> {
    if object.get("proof").is_none() {
        return Err(Verdict::NotSigned);
    }
    let Ok(claim) = Claim::of(object) else { return Err(Verdict::Altered) };
    if object.get("attributedTo").and_then(Value::as_str) != Some(author) {
        return Err(Verdict::Altered);
    }
    let named: Vec<&SeenKey> = keys.iter().filter(|key| key.key_id == claim.key_id).collect();
    if named.is_empty() {
        return Err(Verdict::KeyUnknown);
    }
    let proves = |key: &&&SeenKey| {
        PublicKey::from_multibase(&key.public_key).is_ok_and(|public| claim.proves(&public).is_ok())
    };
    named.iter().find(proves).copied().ok_or(Verdict::Altered)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use kring_activitypub::keys::{Algorithm, PrivateKey};
    use kring_activitypub::proof;
    use serde_json::json;

    use super::*;

    fn key(private: &PrivateKey) -> SeenKey {
        SeenKey {
            actor: "https://a.example/@ann".into(),
            public_key: private.public().to_multibase().unwrap(),
            key_id: "https://a.example/@ann#proof-key".into(),
            seen_at: "2026-11-26T09:00:00Z".parse().unwrap(),
            told_by: None,
        }
    }

    #[test]
    fn a_copy_proves_by_an_older_key_and_by_nobody_elses() {
        let made = || PrivateKey::from_pkcs8(&PrivateKey::generate(Algorithm::Ed25519).unwrap()).unwrap();
        let (old, new) = (made(), made());
        let mut object = json!({ "id": "https://a.example/documents/1", "attributedTo": "https://a.example/@ann", "version": 1 });
        let author = "https://a.example/@ann";
        assert_eq!(judge(&object, author, &[key(&old)]).unwrap_err(), Verdict::NotSigned);
        let map = object.as_object_mut().unwrap();
        proof::put(map, &old, "https://a.example/@ann#proof-key", "2026-11-26T09:00:00Z").unwrap();
        let keys = [key(&new), key(&old)];
        assert_eq!(judge(&object, author, &keys).unwrap().public_key, keys[1].public_key);
        assert_eq!(judge(&object, author, &keys[..1]).unwrap_err(), Verdict::Altered);
        assert_eq!(judge(&object, author, &[]).unwrap_err(), Verdict::KeyUnknown);
        assert_eq!(judge(&object, "https://a.example/@bob", &keys).unwrap_err(), Verdict::Altered);
        object["version"] = json!(2);
        assert_eq!(judge(&object, author, &keys).unwrap_err(), Verdict::Altered);
    }
}
