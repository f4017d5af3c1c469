//! Why a file is not taken, as a fault that says what to do.

use kring_convert::{PANDOC_FORMATS, Refusal};

use crate::error::{Code, Error, Fault};

/// What is read without pandoc.
const FORMATS: &str = "docx, html, md, txt, zip";

/// The whole error for a file that is not taken.
pub fn refused(refusal: Refusal, has_pandoc: bool) -> Error {
    let code = match refusal {
        Refusal::TooLarge => return Code::TooLarge.into(),
        Refusal::Empty => Fault::new("import_empty"),
        Refusal::UnknownKind => Fault::new("import_unknown_kind").with("formats", formats(has_pandoc)),
        Refusal::Pdf => Fault::new("import_pdf"),
        Refusal::OldWord => Fault::new("import_old_word"),
        Refusal::NeedsPandoc => Fault::new("import_needs_pandoc").with("formats", FORMATS),
        Refusal::Damaged => Fault::new("import_damaged"),
        Refusal::Password => Fault::new("import_password"),
        Refusal::ZipBomb => Fault::new("import_zip_bomb"),
        Refusal::TooManyFiles => Fault::new("import_too_many_files"),
        Refusal::PathOutside => Fault::new("import_path_outside"),
        Refusal::Entities => Fault::new("import_entities"),
        Refusal::Macros => Fault::new("import_macros"),
        Refusal::TooDeep => Fault::new("import_too_deep"),
        Refusal::TooManyImages => Fault::new("import_too_many_images"),
        Refusal::NestedArchive => Fault::new("import_nested_archive"),
        Refusal::NoDocuments => Fault::new("import_no_documents").with("formats", formats(has_pandoc)),
        Refusal::TooDemanding => Fault::new("import_too_demanding"),
    };
    code.at("/file")
}

fn formats(has_pandoc: bool) -> String {
    if !has_pandoc {
        return FORMATS.to_owned();
    }
    let others: Vec<&str> = PANDOC_FORMATS.iter().map(|(ending, _)| *ending).collect();
    format!("{FORMATS}, {}", others.join(", "))
}
