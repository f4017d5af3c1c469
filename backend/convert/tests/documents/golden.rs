//! What becomes of whole documents, to the letter.

use kring_convert::{Converted, words};

use crate::{converted, fixtures, markdown};

/// Everything about a document, to be read.
fn told(document: &Converted) -> String {
    let mut told = format!("title: {}\nlanguage: {:?}\n", document.title, document.language);
    for image in &document.images {
        told += &format!(
            "image: {} {:?} decorative={} {} bytes\n",
            image.name,
            image.alt,
            image.decorative,
            image.bytes.len()
        );
    }
    for loss in &document.losses {
        told += &format!("loss: {} {} {:?}\n", loss.kind.as_str(), loss.count, loss.places);
    }
    format!("{told}\n{}", markdown(document))
}

fn of_file(name: &str) -> String {
    told(&converted(name, std::fs::read(fixtures().join(name)).unwrap()).unwrap())
}

#[test]
fn a_document_by_word() {
    insta::assert_snapshot!(of_file("word.docx"));
}

#[test]
fn a_document_with_the_styles_of_a_dutch_word() {
    insta::assert_snapshot!(of_file("kop.docx"));
}

#[test]
fn a_document_by_libreoffice() {
    insta::assert_snapshot!(of_file("libreoffice.docx"));
}

#[test]
fn a_page() {
    let page = include_str!("../../../../tests/fixtures/documents/pagina.html");
    insta::assert_snapshot!(told(&converted("pagina.html", page).unwrap()));
}

#[test]
fn markdown_stays_as_it_was_written() {
    let text = include_str!("../../../../tests/fixtures/documents/tekst.md");
    insta::assert_snapshot!(told(&converted("tekst.md", text).unwrap()));
}

#[test]
fn the_words_of_pdf_and_docx_are_found() {
    for name in ["kop.pdf", "kop.docx"] {
        let file = std::fs::File::open(fixtures().join(name)).unwrap();
        let told = words(file, 200_000).unwrap();
        for line in ["Aanwezig waren Ann, Bob en Cem.", "We meten in maart."] {
            assert!(told.contains(line), "{name}: {told}");
        }
        let file = std::fs::File::open(fixtures().join(name)).unwrap();
        assert!(words(file, 10).unwrap().chars().count() <= 10);
    }
}
