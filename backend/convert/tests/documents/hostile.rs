//! Files that were made to do harm, or are not what they seem: refused in plain words, without much work.

use std::io::{Cursor, Write as _};
use std::time::{Duration, Instant};

use kring_convert::{Inside, Outcome, Refusal, convert, convert_inside, wire, words};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::{converted, fixtures, markdown, options};

/// A ZIP of these files.
pub fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let packed = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, packed).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

const RELS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

/// A DOCX whose body is this, with further files.
pub fn docx(body: &str, more: &[(&str, &[u8])]) -> Vec<u8> {
    let document = format!(
        r#"<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><w:body>{body}</w:body></w:document>"#
    );
    let mut files: Vec<(&str, &[u8])> =
        vec![("_rels/.rels", RELS.as_bytes()), ("word/document.xml", document.as_bytes())];
    files.extend_from_slice(more);
    zipped(&files)
}

const PARAGRAPH: &str = "<w:p><w:r><w:t>Tekst</w:t></w:r></w:p>";

#[track_caller]
fn refused(name: &str, bytes: impl Into<Vec<u8>>, refusal: Refusal) {
    let began = Instant::now();
    assert_eq!(converted(name, bytes).map(|document| markdown(&document)), Err(refusal), "{name}");
    assert!(began.elapsed() < Duration::from_secs(20), "{name} took {:?}", began.elapsed());
}

#[test]
fn what_is_no_document_is_told_apart() {
    refused("leeg.docx", "", Refusal::Empty);
    refused("leeg.md", "\n \n", Refusal::Empty);
    refused("leeg.html", "<p> </p><script>alert(1)</script>", Refusal::Empty);
    refused("half.docx", &docx(PARAGRAPH, &[])[..200], Refusal::Damaged);
    refused("plan.pdf", "%PDF-1.7\n", Refusal::Pdf);
    refused("foto.jpg", *b"\xFF\xD8\xFF\0", Refusal::UnknownKind);
    refused(
        "blad.xlsx",
        zipped(&[("[Content_Types].xml", b"<x/>"), ("xl/workbook.xml", b"<x/>")]),
        Refusal::UnknownKind,
    );
    refused("oud.doc", std::fs::read(fixtures().join("libreoffice.doc")).unwrap(), Refusal::OldWord);
    let mut locked = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    refused("geheim.docx", locked, Refusal::Password);
    refused("tekst.odt", std::fs::read(fixtures().join("libreoffice.odt")).unwrap(), Refusal::NeedsPandoc);
    refused("tekst.docx", zipped(&[("word/document.xml", b"<w:document>")]), Refusal::Damaged);
}

#[test]
fn entities_are_not_read() {
    let bomb = r#"<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>"#;
    let outside = r#"<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>"#;
    for xml in [bomb, outside] {
        let file = zipped(&[("_rels/.rels", RELS.as_bytes()), ("word/document.xml", xml.as_bytes())]);
        refused("plan.docx", file, Refusal::Entities);
    }
}

#[test]
fn what_grows_beyond_measure_is_not_unpacked() {
    let zeros = vec![b' '; 40 * 1024 * 1024];
    refused("bom.docx", docx(PARAGRAPH, &[("word/styles.xml", &zeros)]), Refusal::ZipBomb);
    refused("bom.zip", zipped(&[("plan.md", &zeros)]), Refusal::ZipBomb);
    // One that lies about its size: what comes out is counted.
    let mut liar = zipped(&[("plan.md", &zeros)]);
    let size = (zeros.len() as u32).to_le_bytes();
    while let Some(at) = liar.windows(4).position(|window| window == size) {
        liar[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let told = convert_inside(Cursor::new(liar), "plan.md", &options("liar.zip"));
    assert!(matches!(told, Err(Refusal::ZipBomb | Refusal::Damaged | Refusal::TooLarge)), "{told:?}");
    let names: Vec<String> = (0..5_001).map(|number| format!("{number}.md")).collect();
    let many: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    refused("veel.zip", zipped(&many), Refusal::TooManyFiles);
    refused("veel.zip", zipped(&many[..501]), Refusal::TooManyFiles);
}

#[test]
fn nothing_lies_outside_of_its_folder() {
    for name in ["../plan.md", "/etc/plan.md", "a/../../plan.md", "C:\\plan.md", "..\\plan.md"] {
        refused("map.zip", zipped(&[(name, b"# Plan")]), Refusal::PathOutside);
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.add_symlink("plan.md", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    refused("map.zip", zip.finish().unwrap().into_inner(), Refusal::PathOutside);
}

#[test]
fn things_in_things_in_things_are_refused() {
    let deep = format!(
        "{}{PARAGRAPH}{}",
        "<w:sdt><w:sdtContent>".repeat(200),
        "</w:sdtContent></w:sdt>".repeat(200)
    );
    refused("diep.docx", docx(&deep, &[]), Refusal::TooDeep);
    let endless = "<w:p>".repeat(1_000_000);
    let told = converted("diep.docx", docx(&endless, &[])).map(|_| ());
    assert!(matches!(told, Err(Refusal::TooDeep | Refusal::Damaged)), "{told:?}");
    let tables =
        format!("{}{PARAGRAPH}{}", "<w:tbl><w:tr><w:tc>".repeat(45), "</w:tc></w:tr></w:tbl>".repeat(45));
    refused("diep.docx", docx(&tables, &[]), Refusal::TooDeep);
    refused("diep.html", format!("{}tekst", "<div>".repeat(100_000)), Refusal::TooDeep);
    refused("diep.html", format!("{}tekst", "<ul><li>".repeat(50_000)), Refusal::TooDeep);
}

#[test]
fn ten_thousand_images_are_too_many() {
    let image = std::fs::read(fixtures().join("halte.png")).unwrap();
    let links: String = (0..10_000)
        .map(|n| format!(r#"<Relationship Id="i{n}" Type="x/image" Target="media/{n}.png"/>"#))
        .collect();
    let links = format!("<Relationships>{links}</Relationships>");
    let shown: String = (0..10_000)
        .map(|n| format!(r#"<w:p><w:r><w:drawing><a:blip r:embed="i{n}"/></w:drawing></w:r></w:p>"#))
        .collect();
    let names: Vec<String> = (0..10_000).map(|n| format!("word/media/{n}.png")).collect();
    let mut files: Vec<(&str, &[u8])> = vec![("word/_rels/document.xml.rels", links.as_bytes())];
    files.extend(names.iter().take(301).map(|name| (name.as_str(), image.as_slice())));
    refused("fotos.docx", docx(&shown, &files), Refusal::TooManyImages);
    files.extend(names.iter().skip(301).map(|name| (name.as_str(), image.as_slice())));
    refused("fotos.docx", docx(&shown, &files), Refusal::TooManyImages);
    let data = "data:image/gif;base64,R0lGODlhAQABAAAAACw=";
    refused("fotos.html", format!("<img src=\"{data}\">").repeat(10_000), Refusal::TooManyImages);
    refused("fotos.md", format!("![]({data})\n").repeat(10_000), Refusal::TooManyImages);
}

#[test]
fn what_brings_macros_along_is_refused_by_what_is_in_it_not_by_its_name() {
    let code: &[u8] = b"\xD0\xCF\x11\xE0";
    refused("plan.docm", docx(PARAGRAPH, &[("word/vbaProject.bin", code)]), Refusal::Macros);
    refused("plan.docx", docx(PARAGRAPH, &[("word/deep/VBAPROJECT.BIN", code)]), Refusal::Macros);
    let links = br#"<Relationships><Relationship Id="r1" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="other.bin"/></Relationships>"#;
    let renamed: [(&str, &[u8]); 2] = [("word/_rels/document.xml.rels", links), ("word/other.bin", code)];
    refused("plan.docx", docx(PARAGRAPH, &renamed), Refusal::Macros);
    // Its name says that it might have some, and it has none.
    assert_eq!(markdown(&converted("plan.docm", docx(PARAGRAPH, &[])).unwrap()), "Tekst\n");

    let odt = |more: &[(&str, &[u8])]| {
        let kind: (&str, &[u8]) = ("mimetype", b"application/vnd.oasis.opendocument.text");
        zipped(&[&[kind, ("content.xml", b"<x/>")], more].concat())
    };
    for name in ["Basic/Standard/Module1.xml", "Scripts/python/macro.py"] {
        refused("plan.odt", odt(&[("Basic/script-lc.xml", b"<x/>"), (name, b"<x/>")]), Refusal::Macros);
    }
    let empty: [(&str, &[u8]); 2] =
        [("Basic/script-lc.xml", b"<x/>"), ("Basic/Standard/script-lb.xml", b"<x/>")];
    refused("plan.odt", odt(&empty), Refusal::NeedsPandoc);
}

#[test]
fn a_folder_is_listed_and_each_file_read_by_itself() {
    let image = std::fs::read(fixtures().join("halte.png")).unwrap();
    let word = std::fs::read(fixtures().join("kop.docx")).unwrap();
    let inner = zipped(&[("a.md", b"# A")]);
    let folder = zipped(&[
        ("plannen/kop.docx", &word),
        (
            "plannen/halte.md",
            b"# Halte\n\n![De halte](../img/halte%20een.png) ![weg](weg.png) ![uit](../../x.png)\n",
        ),
        ("img/halte een.png", &image),
        ("plannen/kapot.docx", b"PK\x03\x04 nee"),
        ("plannen/meer.zip", &inner),
        ("lijst.csv", b"a,b"),
        ("__MACOSX/._plan.md", b"x"),
        ("plannen/.verborgen.md", b"x"),
    ]);
    let Ok(Outcome::Folder(inside)) = convert(Cursor::new(&folder), &options("map.zip")) else {
        panic!("a folder")
    };
    let file = |name: &str, document| Inside { name: name.into(), document };
    assert_eq!(inside.images, ["img/halte een.png"]);
    assert_eq!(
        inside.files,
        [
            file("lijst.csv", false),
            file("plannen/halte.md", true),
            file("plannen/kapot.docx", true),
            file("plannen/kop.docx", true),
            file("plannen/meer.zip", false),
        ]
    );
    let read = |name: &str| convert_inside(Cursor::new(&folder), name, &options("map.zip"));
    let halte = read("plannen/halte.md").unwrap();
    assert_eq!(halte.title, "Halte");
    assert_eq!(markdown(&halte), "![De halte](image:0) *\\[weg]* *\\[uit]*\n");
    assert_eq!(halte.images[0].bytes, image);
    assert_eq!(read("plannen/kop.docx").unwrap().title, "Verslag van de avond");
    assert_eq!(read("plannen/kapot.docx"), Err(Refusal::Damaged));
    assert_eq!(read("plannen/meer.zip"), Err(Refusal::NestedArchive));
    refused("foto.zip", zipped(&[("foto.png", &image)]), Refusal::NoDocuments);
}

#[test]
fn words_of_what_cannot_be_read_are_refused_too() {
    assert_eq!(words(Cursor::new(b"%PDF-1.7 nee"), 100), Err(Refusal::Damaged));
    assert_eq!(words(Cursor::new(b"PK\x03\x04 nee"), 100), Err(Refusal::Damaged));
}

#[test]
fn what_is_told_is_heard_and_what_is_cut_off_is_not() {
    let outcome =
        convert(Cursor::new(std::fs::read(fixtures().join("word.docx")).unwrap()), &options("word.docx"));
    let mut told = Vec::new();
    wire::tell(outcome.clone(), &mut told).unwrap();
    assert_eq!(wire::hear(told.as_slice()).unwrap(), outcome);
    assert!(wire::hear(&told[..told.len() - 1]).is_err());
    assert!(wire::hear(&told[..100]).is_err());
    assert!(wire::hear(&b""[..]).is_err());
}
