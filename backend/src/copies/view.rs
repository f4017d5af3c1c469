//! Proofs on the wire.

use kring_db::Time;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, SchemaType, Type};

use super::model::{CopyKind, SeenKey, Verdict};
use super::verifying::Finding;
use crate::networks::AuthorView;
use crate::text::lang::Lang;

/// Whether something is what its author signed, looked at just now, with what is kept here and without asking anybody.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Proof)]
pub struct ProofView {
    pub verdict: Verdict,
    /// The same in a sentence.
    #[schema(
        example = "Ann de Boer wrote this at kring.example. The words here are the ones that Ann de Boer signed."
    )]
    pub sentence: String,
    /// The instance where its network is at home.
    #[schema(example = "kring.example")]
    pub home: String,
    /// Of a document, which revision this is about; null of threads and replies.
    #[schema(required, example = 3)]
    pub revision: Option<i64>,
    pub author: AuthorView,
    /// The address of who signed it; null where nothing that was signed is kept.
    #[schema(required, example = "https://kring.example/@ann")]
    pub signed_by: Option<String>,
    /// When, as they say.
    #[schema(required)]
    pub signed_at: Option<Time>,
    /// The key that proves it; null where none does.
    #[schema(required)]
    pub key: Option<ProofKeyView>,
    /// Since when it is kept here.
    #[schema(required)]
    pub kept_at: Option<Time>,
    /// The object as it was signed (FEP-8b32): whoever has it and the key can prove it without this instance.
    #[schema(required, schema_with = signed_object)]
    pub object: Option<Value>,
}

/// What stands there, by ActivityStreams and whoever signed it.
fn signed_object() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter([Type::Object, Type::Null]))
        .description(Some("The object as it was signed (FEP-8b32): whoever has it and the key can prove it without this instance."))
        .examples([json!({
            "id": "https://kring.example/documents/38g7mb0c0sv3w", "type": "Article", "version": 3,
            "attributedTo": "https://kring.example/@ann", "proof": { "cryptosuite": "eddsa-jcs-2022" },
        })])
        .into()
}

/// A key that proves what somebody wrote.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProofKey)]
pub struct ProofKeyView {
    /// Its address.
    #[schema(example = "https://kring.example/@ann#proof-key")]
    pub id: String,
    /// The key itself, as a Multikey (FEP-521a).
    #[schema(example = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")]
    pub public_key: String,
    /// When this instance saw it first.
    pub first_seen_at: Time,
    /// The instance that told of it, because the author's own could not be asked any more: how true the proof is hangs on
    /// that one. Null of a key that was seen of its owner.
    #[schema(required, example = "kring.example")]
    pub told_by: Option<String>,
}

impl From<SeenKey> for ProofKeyView {
    fn from(key: SeenKey) -> Self {
        Self {
            id: key.key_id,
            public_key: key.public_key,
            first_seen_at: key.seen_at,
            told_by: key.told_by,
        }
    }
}

impl ProofView {
    pub fn of(finding: Finding, lang: Lang) -> Self {
        let sentence = finding.sentence(lang);
        let (person, role) = finding.author;
        let mut view = Self {
            sentence,
            verdict: finding.verdict,
            home: finding.home,
            revision: (finding.subject.kind == CopyKind::Document).then_some(finding.subject.revision),
            author: AuthorView::of(person, role),
            signed_by: None,
            signed_at: None,
            key: None,
            kept_at: None,
            object: None,
        };
        if let Some(kept) = finding.kept {
            view.signed_by = Some(kept.copy.actor);
            view.signed_at = kept.signed_at;
            view.key = kept.key.map(Into::into);
            view.kept_at = Some(kept.copy.kept_at);
            view.object = Some(kept.object);
        }
        view
    }
}

impl Finding {
    /// Who wrote it where, and whether it is what they signed, in plain words.
    pub fn sentence(&self, lang: Lang) -> String {
        let author = AuthorView::of(self.author.0.clone(), self.author.1.clone()).display_name;
        let told_by = self.kept.as_ref().and_then(|kept| kept.key.as_ref()?.told_by.clone());
        let key = match self.verdict {
            Verdict::Proves if told_by.is_some() => "proof-proves-by-telling",
            Verdict::Proves => "proof-proves",
            Verdict::NotSigned => "proof-not-signed",
            Verdict::KeyUnknown => "proof-key-unknown",
            Verdict::Altered => "proof-altered",
            Verdict::Differs => "proof-differs",
        };
        let facts =
            [("author", author), ("home", self.home.clone()), ("teller", told_by.unwrap_or_default())];
        lang.say_with(key, &facts)
    }
}
