//! Where a document comes from and what else says the same, for `pages/lineage.html`.

use crate::documents::{Document, DocumentView, VariantKind};
use crate::web::html::Frame;

/// What stands above and below a document's text.
pub struct Lineage {
    /// The document that this one says in another way.
    pub variant_of: Option<Way>,
    /// How far that moved on since, in a sentence.
    pub stale: Option<String>,
    pub variants: Vec<Way>,
    /// The credit to the document that this one was adopted from.
    pub attribution: Option<String>,
    /// That document as it is now, where it is here and the reader may see it.
    pub source: Option<Source>,
}

/// What a document was adopted from.
pub struct Source {
    pub link: String,
    pub language: String,
    pub title: String,
}

/// A link to the same in other words.
pub struct Way {
    pub label: String,
    pub link: String,
    /// The language of what the link leads to.
    pub language: String,
    pub title: String,
}

impl Lineage {
    pub fn of(frame: &Frame, view: DocumentView, source: Option<Document>) -> Self {
        let link = |id| frame.to(&format!("/documents/{id}"));
        let stale = view.variant_of.as_ref().filter(|of| of.stale);
        Self {
            stale: stale.map(|of| frame.say_with("page-variant-stale", "count", of.behind)),
            variant_of: view.variant_of.map(|of| Way {
                label: frame.say(&format!("page-variant-of-{}", of.kind)),
                link: link(of.document),
                language: of.language,
                title: of.title,
            }),
            variants: view
                .variants
                .into_iter()
                .map(|variant| Way {
                    label: label(frame, variant.kind, &variant.language),
                    link: link(variant.document),
                    language: variant.language,
                    title: variant.title,
                })
                .collect(),
            attribution: view.lineage.map(|lineage| lineage.attribution),
            source: source.map(|source| Source {
                link: link(source.id),
                language: source.language.to_string(),
                title: source.title.to_string(),
            }),
        }
    }
}

/// "Makkelijk lezen", "Vertaling (en)": in the language of the page, as whoever looks for it reads that.
fn label(frame: &Frame, kind: VariantKind, language: &str) -> String {
    let kind = frame.say(&format!("variant-{kind}"));
    match frame.foreign(language) {
        Some(language) => format!("{kind} ({language})"),
        None => kind,
    }
}
