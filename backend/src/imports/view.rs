//! Imports on the wire.

use kring_convert::Loss;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::*;
use crate::accounts::LanguageTag;
use crate::documents::{DocumentKind, DocumentPage, Title};
use crate::error::{Fault, Result};
use crate::networks::Slug;
use crate::text::lang::Lang;
use crate::web::Fields;
use crate::web::fields::word;
use crate::web::multipart::{Received, ReceivedFile};

/// A file that becomes a document: DOCX, HTML, Markdown, what pandoc reads where the server has it, or a ZIP of those.
#[derive(ToSchema)]
#[allow(dead_code)] // only described: it is read as it streams in
pub struct ImportDocument {
    /// The file, with its name.
    #[schema(value_type = String, format = Binary, min_length = 1, example = "inclusieagenda.docx")]
    file: String,
    /// What the document is for; `note` where left out.
    #[schema(value_type = DocumentKind, required = false)]
    kind: Option<String>,
    /// What it is called; where left out, what the file says, or its name. Not for a ZIP.
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, pattern = r"^[^\s\x00-\x1F\x7F-\x9F]([^\x00-\x1F\x7F-\x9F]*[^\s\x00-\x1F\x7F-\x9F])?$", example = "Lokale inclusieagenda")]
    title: Option<String>,
    /// The language it is written in (BCP 47); where left out, what the file says, or the network's.
    #[schema(value_type = String, required = false, pattern = "^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$", example = "nl")]
    language: Option<String>,
}

impl ImportDocument {
    /// Reads what was received: how the file is to become a document, and the file.
    pub fn parse(mut sent: Received, network: Slug, lang: Lang) -> Result<(Wish, ReceivedFile)> {
        let [kind, title, language] = ["kind", "title", "language"].map(|name| sent.text(name));
        let file = sent.file();
        let mut f: Fields = sent.fields();
        let kind = f.may("kind", kind, word).unwrap_or(DocumentKind::Note);
        let title = f.may("title", title, Title::parse);
        let language = f.may("language", language, LanguageTag::parse);
        let file = match file {
            None => f.fault("file", Fault::new("required")),
            Some(file) if file.size == 0 => f.fault("file", Fault::new("empty_file")),
            file => file,
        };
        f.finish(|| Some((Wish { network, kind, title, language, lang }, file?)))
    }
}

/// Something of a file that could not be taken over as it was.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportLoss)]
pub struct LossView {
    #[schema(example = "merged_cells")]
    pub code: String,
    /// In plain words, in the language of the request.
    #[schema(example = "Twee samengevoegde cellen zijn uit elkaar gehaald. Kijk of de tabel nog klopt.")]
    pub sentence: String,
    /// How often.
    pub count: usize,
    /// The headings under which it stood; the first five. Of `unused_images` in a ZIP: their names; the first hundred.
    #[serde(rename = "where")]
    #[schema(example = json!(["Planning"]))]
    pub places: Vec<String>,
    /// Of `other_languages`: which (BCP 47), the first named first; else empty.
    #[schema(example = json!(["en"]))]
    pub languages: Vec<String>,
}

impl LossView {
    pub fn of(loss: &Loss, lang: Lang) -> Self {
        let code = loss.kind.as_str();
        let name = |language: &String| lang.say_with("language-name", &[("language", language.clone())]);
        let languages: Vec<String> = loss.languages.iter().map(name).collect();
        let blanks = [("count", loss.count.to_string()), ("languages", languages.join(", "))];
        Self {
            code: code.to_owned(),
            sentence: lang.say_with(&format!("loss-{code}"), &blanks),
            count: loss.count,
            places: loss.places.clone(),
            languages: loss.languages.clone(),
        }
    }
}

/// A document that a file became, and what of the file it lacks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportedDocument)]
pub struct ImportedView {
    pub document: DocumentPage,
    /// What could not be taken over; empty where everything was.
    pub losses: Vec<LossView>,
}

impl ImportedView {
    pub fn of(document: DocumentPage, losses: &[Loss], lang: Lang) -> Self {
        let losses = losses.iter().map(|loss| LossView::of(loss, lang)).collect();
        Self { document, losses }
    }
}

/// What became of one file of a ZIP.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportedFile)]
pub struct FileReportView {
    /// Its name, with its folders.
    #[schema(example = "plannen/haltes.docx")]
    pub file: String,
    /// The document that it became; null where it did not.
    #[schema(required)]
    pub document: Option<FileDocumentView>,
    pub losses: Vec<LossView>,
    /// Why it became none; null where it did.
    #[schema(required)]
    pub problem: Option<FileProblemView>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportedFileDocument)]
pub struct FileDocumentView {
    #[schema(example = "01k9q3v8r0a7c")]
    pub id: String,
    pub title: String,
    #[schema(example = "/v1/documents/01k9q3v8r0a7c")]
    pub location: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImportedFileProblem)]
pub struct FileProblemView {
    #[schema(example = "import_password")]
    pub code: String,
    /// In plain words, in the language of the request.
    pub sentence: String,
}

impl FileReportView {
    pub fn of(report: FileReport, lang: Lang) -> Self {
        Self {
            file: report.file,
            document: report.document.map(|brought| FileDocumentView {
                id: brought.id.to_string(),
                title: brought.title,
                location: format!("/v1/documents/{}", brought.id),
            }),
            losses: report.losses.iter().map(|loss| LossView::of(loss, lang)).collect(),
            problem: report.problem.map(|(code, sentence)| FileProblemView { code, sentence }),
        }
    }
}
